//! The parts of an ONNX file that the repairs read and write. Field numbers are those of `onnx.proto`.

use super::protobuf::{Damaged, Field, Value, fields, packed, put_bytes, put_varint};

/// Field of `ModelProto` that holds the graph.
pub(super) const MODEL_GRAPH: u64 = 7;
/// Fields of `GraphProto`.
pub(super) const GRAPH_NODE: u64 = 1;
pub(super) const GRAPH_INITIALIZER: u64 = 5;
/// Fields of `NodeProto`.
const NODE_INPUT: u64 = 1;
const NODE_OUTPUT: u64 = 2;
const NODE_NAME: u64 = 3;
const NODE_OPERATOR: u64 = 4;
const NODE_ATTRIBUTE: u64 = 5;
/// Fields of `AttributeProto`, and the type of a list of integers.
const ATTRIBUTE_NAME: u64 = 1;
const ATTRIBUTE_INTS: u64 = 8;
const ATTRIBUTE_TYPE: u64 = 20;
const TYPE_INTS: u64 = 7;
/// Fields of `TensorProto`, and its element types.
const TENSOR_DIMENSION: u64 = 1;
const TENSOR_TYPE: u64 = 2;
const TENSOR_NAME: u64 = 8;
const TENSOR_RAW: u64 = 9;
pub(super) const TYPE_F32: u64 = 1;
pub(super) const TYPE_I64: u64 = 7;

/// A node of the graph, as far as the repairs look at it.
#[derive(Default)]
pub(super) struct Node<'a> {
    pub(super) name: &'a str,
    pub(super) operator: &'a str,
    pub(super) inputs: Vec<&'a str>,
    pub(super) outputs: Vec<&'a str>,
    pub(super) attributes: Vec<&'a [u8]>,
}

impl<'a> Node<'a> {
    /// Reads an encoded node.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Damaged> {
        let mut node = Self::default();
        for field in fields(bytes) {
            let field = field?;
            let text = || field.text().ok_or(Damaged);
            match field.number {
                NODE_INPUT => node.inputs.push(text()?),
                NODE_OUTPUT => node.outputs.push(text()?),
                NODE_NAME => node.name = text()?,
                NODE_OPERATOR => node.operator = text()?,
                NODE_ATTRIBUTE => node.attributes.push(field.bytes().ok_or(Damaged)?),
                _ => {}
            }
        }
        Ok(node)
    }

    /// Its `pads` attribute, and all other attributes.
    pub(super) fn padding(&self) -> Result<(Vec<u64>, Vec<&'a [u8]>), Damaged> {
        let (mut amounts, mut rest) = (Vec::new(), Vec::new());
        for &attribute in &self.attributes {
            let parts: Vec<Field<'_>> = fields(attribute).collect::<Result<_, _>>()?;
            let is_pads =
                |part: &Field<'_>| part.number == ATTRIBUTE_NAME && part.text() == Some("pads");
            if !parts.iter().any(is_pads) {
                rest.push(attribute);
                continue;
            }
            for part in parts.iter().filter(|part| part.number == ATTRIBUTE_INTS) {
                match part.value {
                    Value::Varint(amount) => amounts.push(amount),
                    Value::Bytes(list) => amounts.extend(packed(list)?),
                    Value::Fixed => return Err(Damaged),
                }
            }
        }
        Ok((amounts, rest))
    }
}

/// An encoded node.
pub(super) fn encode(
    operator: &str,
    name: &str,
    inputs: &[&str],
    outputs: &[&str],
    attributes: &[&[u8]],
) -> Vec<u8> {
    let mut node = Vec::new();
    for input in inputs {
        put_bytes(&mut node, NODE_INPUT, input.as_bytes());
    }
    for output in outputs {
        put_bytes(&mut node, NODE_OUTPUT, output.as_bytes());
    }
    put_bytes(&mut node, NODE_NAME, name.as_bytes());
    put_bytes(&mut node, NODE_OPERATOR, operator.as_bytes());
    for attribute in attributes {
        put_bytes(&mut node, NODE_ATTRIBUTE, attribute);
    }
    node
}

/// An encoded attribute that holds a list of integers.
pub(super) fn ints(name: &str, values: &[u64]) -> Vec<u8> {
    let mut attribute = Vec::new();
    put_bytes(&mut attribute, ATTRIBUTE_NAME, name.as_bytes());
    for &value in values {
        put_varint(&mut attribute, ATTRIBUTE_INTS, value);
    }
    put_varint(&mut attribute, ATTRIBUTE_TYPE, TYPE_INTS);
    attribute
}

/// An encoded constant.
pub(super) fn tensor(name: &str, element: u64, dimensions: &[u64], raw: &[u8]) -> Vec<u8> {
    let mut tensor = Vec::new();
    for &dimension in dimensions {
        put_varint(&mut tensor, TENSOR_DIMENSION, dimension);
    }
    put_varint(&mut tensor, TENSOR_TYPE, element);
    put_bytes(&mut tensor, TENSOR_NAME, name.as_bytes());
    put_bytes(&mut tensor, TENSOR_RAW, raw);
    tensor
}
