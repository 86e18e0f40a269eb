//! Changes the published int8 Kokoro file in memory so that rten computes it rightly.
//!
//! rten 0.27 runs the file as published wrongly or not at all, for three reasons:
//!
//! 1. the contrib operator `FusedMatMul` (one node, its first input transposed) is unknown to it: a `Transpose` and
//!    a `MatMul` take its place;
//! 2. the generator's `Div` divides 0 by 0 where its Fourier transform yields exact zeros, and the NaN spreads
//!    through `Atan`: `IsNaN` and `Where` turn it into 0;
//! 3. `ConvInteger` pads with 0 where ONNX asks for the zero point (76 nodes; clipped sound, wrong timing):
//!    explicit `Pad` nodes do it.
//!
//! Nothing else is touched: all other bytes are copied as they are. The result is a valid ONNX file that means the
//! same to other runtimes.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    onnx::{
        GRAPH_INITIALIZER, GRAPH_NODE, MODEL_GRAPH, Node, TYPE_F32, TYPE_I64, encode, ints, tensor,
    },
    protobuf::{Damaged, fields, put_bytes},
};
use crate::{Error, Result};

/// The constant that takes the place of NaN.
const ZERO: &str = "zero_f_fix";

/// How many nodes of each kind were repaired.
#[derive(Debug, Default, PartialEq, Eq)]
struct Repairs {
    fused: usize,
    division: usize,
    padded: usize,
}

/// What the one known file needs.
const EXPECTED: Repairs = Repairs {
    fused: 1,
    division: 1,
    padded: 76,
};

/// The published model, repaired. Anything but that model is refused.
pub(super) fn repaired(model: &[u8]) -> Result<Vec<u8>> {
    let mut repairs = Repairs::default();
    let out = repair_model(model, &mut repairs).map_err(|Damaged| {
        Error::invalid(
            "the voice model is not a whole ONNX file",
            "install the voice pack again: `fullcast voices install`",
        )
    })?;
    if repairs == EXPECTED {
        return Ok(out);
    }
    Err(Error::invalid(
        format!(
            "the voice model is not `kokoro-v1.0.int8.onnx`: wanted {EXPECTED:?} to repair, found {repairs:?}"
        ),
        "install the voice pack again: `fullcast voices install`",
    ))
}

fn repair_model(model: &[u8], repairs: &mut Repairs) -> Result<Vec<u8>, Damaged> {
    let mut out = Vec::with_capacity(model.len() + (1 << 16));
    for field in fields(model) {
        let field = field?;
        match field.bytes() {
            Some(graph) if field.number == MODEL_GRAPH => {
                put_bytes(&mut out, MODEL_GRAPH, &repair_graph(graph, repairs)?);
            }
            _ => out.extend_from_slice(field.whole),
        }
    }
    Ok(out)
}

fn repair_graph(graph: &[u8], repairs: &mut Repairs) -> Result<Vec<u8>, Damaged> {
    let mut out = Vec::with_capacity(graph.len() + (1 << 16));
    let mut pads = Pads::default();
    for field in fields(graph) {
        let field = field?;
        let node = match field.bytes() {
            Some(bytes) if field.number == GRAPH_NODE => Node::read(bytes)?,
            _ => {
                out.extend_from_slice(field.whole);
                continue;
            }
        };
        match node.repair(&mut pads, repairs)? {
            None => out.extend_from_slice(field.whole),
            Some(nodes) => {
                for node in nodes {
                    put_bytes(&mut out, GRAPH_NODE, &node);
                }
            }
        }
    }
    let zero = tensor(ZERO, TYPE_F32, &[], &0f32.to_le_bytes());
    put_bytes(&mut out, GRAPH_INITIALIZER, &zero);
    for amounts in &pads.amounts {
        put_bytes(&mut out, GRAPH_INITIALIZER, &amounts_tensor(amounts));
    }
    Ok(out)
}

/// The padding added so far: equal padding of one value is done once.
#[derive(Default)]
struct Pads {
    /// Every list of amounts in use, each to become a constant.
    amounts: BTreeSet<Vec<u64>>,
    /// The padded value's name, by the value's name and the amounts.
    done: BTreeMap<(String, Vec<u64>), String>,
}

impl Node<'_> {
    /// The encoded nodes that take its place; `None` leaves it as it is.
    fn repair(
        &self,
        pads: &mut Pads,
        repairs: &mut Repairs,
    ) -> Result<Option<Vec<Vec<u8>>>, Damaged> {
        let (inputs, outputs) = (self.inputs.as_slice(), self.outputs.as_slice());
        match (self.operator, inputs, outputs) {
            ("FusedMatMul", &[first, second], &[output]) => {
                repairs.fused += 1;
                Ok(Some(self.unfuse(first, second, output)))
            }
            ("Div", &[dividend, divisor], &[output]) if self.name.ends_with("/generator/Div") => {
                repairs.division += 1;
                Ok(Some(self.guard(dividend, divisor, output)))
            }
            ("ConvInteger", &[input, _, zero_point, ..], _) => {
                let (amounts, rest) = self.padding()?;
                if amounts.iter().all(|&amount| amount == 0) {
                    return Ok(None);
                }
                repairs.padded += 1;
                let pad = (input, zero_point, repairs.padded);
                Ok(Some(self.pad(pad, &amounts, &rest, pads)))
            }
            _ => Ok(None),
        }
    }

    /// `FusedMatMul` with `transA` as two nodes.
    fn unfuse(&self, first: &str, second: &str, output: &str) -> Vec<Vec<u8>> {
        let turned = format!("{first}_tA");
        let name = format!("{}_T", self.name);
        let permutation = ints("perm", &[0, 2, 1]);
        vec![
            encode("Transpose", &name, &[first], &[&turned], &[&permutation]),
            encode("MatMul", self.name, &[&turned, second], &[output], &[]),
        ]
    }

    /// A `Div` whose NaN becomes 0.
    fn guard(&self, dividend: &str, divisor: &str, output: &str) -> Vec<Vec<u8>> {
        let (raw, flag) = (format!("{output}_raw"), format!("{output}_isnan"));
        let (test, choice) = (
            format!("{}_isnan", self.name),
            format!("{}_where", self.name),
        );
        vec![
            encode("Div", self.name, &[dividend, divisor], &[&raw], &[]),
            encode("IsNaN", &test, &[&raw], &[&flag], &[]),
            encode("Where", &choice, &[&flag, ZERO, &raw], &[output], &[]),
        ]
    }

    /// A `ConvInteger` without padding of its own, after a `Pad` unless its input was padded so before.
    fn pad(
        &self,
        (input, zero_point, count): (&str, &str, usize),
        amounts: &[u64],
        attributes: &[&[u8]],
        pads: &mut Pads,
    ) -> Vec<Vec<u8>> {
        let (before, after) = amounts.split_at(amounts.len() / 2);
        let amounts = [&[0, 0], before, &[0, 0], after].concat();
        let mut nodes = Vec::new();
        let key = (input.to_owned(), amounts);
        if !pads.done.contains_key(&key) {
            let (padded, name) = (format!("{input}_pad{count}"), format!("ExplicitPad{count}"));
            let constant = amounts_name(&key.1);
            let inputs = [input, &constant, zero_point];
            nodes.push(encode("Pad", &name, &inputs, &[&padded], &[]));
            pads.amounts.insert(key.1.clone());
            pads.done.insert(key.clone(), padded);
        }
        let mut inputs = self.inputs.clone();
        inputs[0] = &pads.done[&key];
        nodes.push(encode(
            self.operator,
            self.name,
            &inputs,
            &self.outputs,
            attributes,
        ));
        nodes
    }
}

fn amounts_name(amounts: &[u64]) -> String {
    let amounts: Vec<String> = amounts.iter().map(u64::to_string).collect();
    format!("rten_pads_{}", amounts.join("_"))
}

fn amounts_tensor(amounts: &[u64]) -> Vec<u8> {
    let raw: Vec<u8> = amounts
        .iter()
        .flat_map(|amount| amount.to_le_bytes())
        .collect();
    tensor(
        &amounts_name(amounts),
        TYPE_I64,
        &[amounts.len() as u64],
        &raw,
    )
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;
    use crate::speech::kokoro::protobuf::put_varint;
    use crate::{
        event::Silent,
        folders,
        voice::{self, Pack},
    };

    fn graph(nodes: &[Vec<u8>]) -> Vec<u8> {
        let mut graph = Vec::new();
        for node in nodes {
            put_bytes(&mut graph, GRAPH_NODE, node);
        }
        let mut model = Vec::new();
        put_varint(&mut model, 1, 8);
        put_bytes(&mut model, MODEL_GRAPH, &graph);
        model
    }

    fn operators(model: &[u8]) -> Vec<String> {
        let graph = fields(model)
            .map(|field| field.unwrap())
            .find(|field| field.number == MODEL_GRAPH)
            .unwrap();
        fields(graph.bytes().unwrap())
            .map(|field| field.unwrap())
            .filter(|field| field.number == GRAPH_NODE)
            .map(|field| {
                Node::read(field.bytes().unwrap())
                    .unwrap()
                    .operator
                    .to_owned()
            })
            .collect()
    }

    fn convolution(name: &str) -> Vec<u8> {
        let pads = ints("pads", &[2, 3]);
        encode(
            "ConvInteger",
            name,
            &["x", "w", "zx", "zw"],
            &[name],
            &[&pads],
        )
    }

    #[test]
    fn one_padding_serves_two_convolutions_of_one_value() {
        let model = graph(&[convolution("a"), convolution("b")]);
        let mut repairs = Repairs::default();
        let out = repair_model(&model, &mut repairs).unwrap();
        assert_eq!(operators(&out), ["Pad", "ConvInteger", "ConvInteger"]);
        assert_eq!(repairs.padded, 2);
    }

    #[test]
    fn a_division_by_zero_is_guarded_only_in_the_generator() {
        let division = |name| encode("Div", name, &["a", "b"], &["c"], &[]);
        let model = graph(&[division("/decoder/generator/Div"), division("/encoder/Div")]);
        let out = repair_model(&model, &mut Repairs::default()).unwrap();
        assert_eq!(operators(&out), ["Div", "IsNaN", "Where", "Div"]);
    }

    #[test]
    fn the_fused_product_becomes_two_nodes() {
        let fused = encode("FusedMatMul", "f", &["a", "b"], &["c"], &[]);
        let out = repair_model(&graph(&[fused]), &mut Repairs::default()).unwrap();
        assert_eq!(operators(&out), ["Transpose", "MatMul"]);
    }

    #[test]
    fn the_published_model_becomes_the_one_that_was_measured() {
        let home = folders::data_folder().unwrap();
        let pack = voice::install(Pack::kokoro(), &home, None, &Silent).unwrap();
        let repaired = repaired(&pack.read("kokoro-v1.0.int8.onnx").unwrap()).unwrap();
        // The ONNX checker accepts these bytes, and ONNX Runtime loads them.
        let measured = "d94dd7db69c1af7a8cb5a5edd8ae4bc6f2ba26859ca70de500873806519a7b09";
        let digest = Sha256::digest(&repaired);
        let join = |hex: String, byte: &u8| hex + &format!("{byte:02x}");
        let hex = digest.iter().fold(String::new(), join);
        assert_eq!(hex, measured);
    }

    #[test]
    fn another_model_is_refused_with_what_was_found() {
        let error = repaired(&graph(&[convolution("a")])).unwrap_err();
        assert!(error.to_string().contains("padded: 1"), "{error}");
    }

    #[test]
    fn a_file_that_is_no_model_is_refused() {
        assert!(repaired(b"<html>not found</html>").is_err());
        assert!(repaired(b"").is_err());
    }
}
