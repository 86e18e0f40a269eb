//! Takes the generator's weights out of the ONNX file, and refuses a file that is not as expected.

use std::collections::HashMap;

use super::{
    super::protobuf::{Damaged, Value, fields, packed},
    conv::{Conv, Weights},
    dense::Dense,
    kernel::LANES,
    resblock::{Layer, Resblock},
};
use crate::{Error, Result};

/// Field of `ModelProto` that holds the graph, and fields of `GraphProto`, `NodeProto` and `TensorProto`.
const MODEL_GRAPH: u64 = 7;
const GRAPH_NODE: u64 = 1;
const GRAPH_INITIALIZER: u64 = 5;
const NODE_INPUT: u64 = 1;
const NODE_NAME: u64 = 3;
const TENSOR_DIMENSION: u64 = 1;
const TENSOR_FLOATS: u64 = 4;
const TENSOR_INTEGERS: u64 = 5;
const TENSOR_NAME: u64 = 8;
const TENSOR_RAW: u64 = 9;

/// A constant of the file.
#[derive(Default)]
struct Tensor<'a> {
    dimensions: Vec<u64>,
    bytes: Vec<u8>,
    raw: Option<&'a [u8]>,
}

impl<'a> Tensor<'a> {
    fn read(message: &'a [u8]) -> Result<(&'a str, Self), Damaged> {
        let (mut name, mut tensor) = ("", Self::default());
        for field in fields(message) {
            let field = field?;
            match (field.number, &field.value) {
                (TENSOR_DIMENSION, &Value::Varint(dimension)) => tensor.dimensions.push(dimension),
                (TENSOR_DIMENSION, Value::Bytes(list)) => tensor.dimensions.extend(packed(list)?),
                (TENSOR_NAME, _) => name = field.text().ok_or(Damaged)?,
                (TENSOR_RAW, &Value::Bytes(raw)) => tensor.raw = Some(raw),
                (TENSOR_FLOATS, Value::Bytes(floats)) => tensor.bytes.extend_from_slice(floats),
                // Bytes are stored as integers here; none is above 255.
                (TENSOR_INTEGERS, &Value::Varint(integer)) => tensor.bytes.push(integer as u8),
                (TENSOR_INTEGERS, Value::Bytes(list)) => {
                    tensor
                        .bytes
                        .extend(packed(list)?.into_iter().map(|integer| integer as u8));
                }
                _ => {}
            }
        }
        Ok((name, tensor))
    }

    fn bytes(&self) -> &[u8] {
        self.raw.unwrap_or(&self.bytes)
    }
}

/// The nodes' inputs and the constants of a model file, by name.
pub(super) struct Graph<'a> {
    inputs: HashMap<&'a str, Vec<&'a str>>,
    constants: HashMap<&'a str, Tensor<'a>>,
}

impl<'a> Graph<'a> {
    /// Reads the table of nodes and constants; weights are not copied.
    pub(super) fn read(model: &'a [u8]) -> Result<Self> {
        Self::parse(model).map_err(|Damaged| refused("it is not a whole ONNX file"))
    }

    fn parse(model: &'a [u8]) -> Result<Self, Damaged> {
        let mut graph = Self {
            inputs: HashMap::new(),
            constants: HashMap::new(),
        };
        for field in fields(model) {
            let field = field?;
            let Some(bytes) = field.bytes().filter(|_| field.number == MODEL_GRAPH) else {
                continue;
            };
            for field in fields(bytes) {
                let field = field?;
                match (field.number, field.bytes()) {
                    (GRAPH_NODE, Some(bytes)) => graph.node(bytes)?,
                    (GRAPH_INITIALIZER, Some(bytes)) => {
                        let (name, tensor) = Tensor::read(bytes)?;
                        graph.constants.insert(name, tensor);
                    }
                    _ => {}
                }
            }
        }
        Ok(graph)
    }

    fn node(&mut self, message: &'a [u8]) -> Result<(), Damaged> {
        let (mut name, mut inputs) = ("", Vec::new());
        for field in fields(message) {
            let field = field?;
            match field.number {
                NODE_INPUT => inputs.push(field.text().ok_or(Damaged)?),
                NODE_NAME => name = field.text().ok_or(Damaged)?,
                _ => {}
            }
        }
        self.inputs.insert(name, inputs);
        Ok(())
    }

    /// Name of input `index` of the node called `node`.
    fn input(&self, node: &str, index: usize) -> Result<&'a str> {
        let inputs = self.inputs.get(node).and_then(|inputs| inputs.get(index));
        inputs
            .copied()
            .ok_or_else(|| refused(&format!("it has no `{node}` with {} inputs", index + 1)))
    }

    /// The bytes of a constant whose dimensions, those of 1 left out, must be `shape`, each element of `size` bytes.
    fn constant(&self, name: &str, shape: &[usize], size: usize) -> Result<&[u8]> {
        let tensor = self
            .constants
            .get(name)
            .ok_or_else(|| refused(&format!("it has no `{name}`")))?;
        let found = tensor
            .dimensions
            .iter()
            .filter(|&&d| d != 1)
            .map(|&d| usize::try_from(d).unwrap_or(usize::MAX));
        let bytes = tensor.bytes();
        if !found.eq(shape.iter().copied().filter(|&d| d != 1))
            || bytes.len() != shape.iter().product::<usize>() * size
        {
            let found = &tensor.dimensions;
            return Err(refused(&format!(
                "`{name}` has the shape {found:?}, wanted {shape:?}"
            )));
        }
        Ok(bytes)
    }

    /// A constant of 32-bit floats.
    pub(super) fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let (words, _) = self.constant(name, shape, 4)?.as_chunks::<4>();
        let floats: Vec<f32> = words.iter().map(|&word| f32::from_le_bytes(word)).collect();
        if floats.iter().all(|value| value.is_finite()) {
            return Ok(floats);
        }
        Err(refused(&format!(
            "`{name}` holds a number that is not finite"
        )))
    }

    /// The residual block called `name`.
    pub(super) fn resblock(&self, name: &str, channels: usize, taps: usize) -> Result<Resblock> {
        let mut layers = Vec::new();
        for (step, dilation) in [1, 3, 5].into_iter().enumerate() {
            for (kind, dilation) in [(1, dilation), (2, 1)] {
                layers.push(self.layer(name, (kind, step), (channels, taps, dilation))?);
            }
        }
        let layers = layers
            .try_into()
            .unwrap_or_else(|_| unreachable!("three times two layers"));
        Ok(Resblock { layers })
    }

    /// The transposed convolution that makes time finer by `stride` before `stage`, its taps twice the stride: row i
    /// of its result holds the `stride` outputs that input rows i − 1 and i take part in.
    pub(super) fn upsampling(
        &self,
        stage: usize,
        channels: usize,
        outputs: usize,
        stride: usize,
    ) -> Result<Dense> {
        let node = format!("/decoder/decoder/generator/ups.{stage}/ConvTranspose");
        let taps = 2 * stride;
        let weights = self.floats(self.input(&node, 1)?, &[channels, outputs, taps])?;
        let bias = self
            .floats(self.input(&node, 2)?, &[outputs])?
            .repeat(stride);
        Ok(Dense::new((channels, 2), bias, |output, group, channel| {
            let tap = output / outputs + (1 - group) * stride;
            weights[(channel * outputs + output % outputs) * taps + tap]
        }))
    }

    /// The last convolution; its outputs are filled up with zeros to a multiple of [`LANES`].
    pub(super) fn last(&self, channels: usize, outputs: usize, taps: usize) -> Result<Dense> {
        let node = "/decoder/decoder/generator/conv_post/Conv";
        let weights = self.floats(self.input(node, 1)?, &[outputs, channels, taps])?;
        let mut bias = self.floats(self.input(node, 2)?, &[outputs])?;
        bias.resize(outputs.next_multiple_of(LANES), 0.0);
        Ok(Dense::new(
            (channels, taps),
            bias,
            |output, group, channel| {
                weights
                    .get((output * channels + channel) * taps + group)
                    .copied()
                    .unwrap_or(0.0)
            },
        ))
    }

    fn layer(
        &self,
        block: &str,
        (kind, step): (usize, usize),
        (channels, taps, dilation): (usize, usize, usize),
    ) -> Result<Layer> {
        let node = format!("/decoder/decoder/generator/{block}/convs{kind}.{step}/Conv_quant");
        let prefix = format!("decoder.decoder.generator.{block}");
        let conv = format!("{prefix}.convs{kind}.{step}");
        let zero = self.constant(self.input(&node, 3)?, &[], 1)?[0];
        let scale = self.floats(self.input(&format!("{conv}.bias_scale_node"), 1)?, &[])?[0];
        let weights = Weights {
            levels: self.constant(self.input(&node, 1)?, &[channels, channels, taps], 1)?,
            zero,
            scale,
            bias: self.floats(&format!("{conv}.bias"), &[channels])?,
            channels,
            taps,
            dilation,
        };
        let alpha = self.floats(&format!("{prefix}.alpha{kind}.{step}"), &[channels])?;
        if alpha.contains(&0.0) {
            return Err(refused(&format!(
                "`{prefix}.alpha{kind}.{step}` holds a zero"
            )));
        }
        Ok(Layer {
            conv: Conv::new(&weights),
            alpha,
        })
    }
}

fn refused(reason: &str) -> Error {
    Error::invalid(
        format!("the voice model is not the one that this program computes: {reason}"),
        "install the voice pack again: `fullcast voices install`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speech::kokoro::protobuf::{put_bytes, put_varint};

    fn model(name: &str, dimensions: &[u64], raw: &[u8]) -> Vec<u8> {
        let (mut tensor, mut graph, mut model) = (Vec::new(), Vec::new(), Vec::new());
        for &dimension in dimensions {
            put_varint(&mut tensor, TENSOR_DIMENSION, dimension);
        }
        put_bytes(&mut tensor, TENSOR_NAME, name.as_bytes());
        put_bytes(&mut tensor, TENSOR_RAW, raw);
        put_bytes(&mut graph, GRAPH_INITIALIZER, &tensor);
        put_bytes(&mut model, MODEL_GRAPH, &graph);
        model
    }

    #[test]
    fn constants_are_read_with_their_shape_checked() {
        let model = model("bias", &[1, 2, 1], &[0, 0, 128, 63, 0, 0, 0, 192]);
        let graph = Graph::read(&model).unwrap();
        assert_eq!(graph.floats("bias", &[2]).unwrap(), [1.0, -2.0]);
        let error = graph.floats("bias", &[3]).unwrap_err().to_string();
        assert!(
            error.contains("`bias` has the shape [1, 2, 1], wanted [3]"),
            "{error}"
        );
        assert!(
            graph
                .floats("weight", &[2])
                .unwrap_err()
                .to_string()
                .contains("`weight`")
        );
    }

    #[test]
    fn numbers_cut_off_or_not_finite_are_refused() {
        let short = model("bias", &[2], &[0; 7]);
        assert!(Graph::read(&short).unwrap().floats("bias", &[2]).is_err());
        let infinite = model("bias", &[1], &f32::INFINITY.to_le_bytes());
        assert!(Graph::read(&infinite).unwrap().floats("bias", &[]).is_err());
    }

    #[test]
    fn another_model_is_refused_by_the_first_thing_missing() {
        let model = model("bias", &[], &[]);
        let graph = Graph::read(&model).unwrap();
        let error = graph
            .resblock("resblocks.0", 256, 3)
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains("resblocks.0/convs1.0/Conv_quant"), "{error}");
        assert!(Graph::read(b"<html>").is_err());
    }
}
