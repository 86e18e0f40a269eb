//! The little of protobuf's wire format that changing an ONNX file takes.
//!
//! Source: Protocol Buffers, "Encoding" (varints, wire types 0, 1, 2 and 5; groups are not supported).

/// The bytes are cut off or are no protobuf message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Damaged;

/// One field of a message.
pub(super) struct Field<'a> {
    /// Its number in the schema.
    pub(super) number: u64,
    /// What it holds.
    pub(super) value: Value<'a>,
    /// All of its bytes, key included, to be copied as they are.
    pub(super) whole: &'a [u8],
}

/// What a field holds.
pub(super) enum Value<'a> {
    /// An integer, a flag or an enum.
    Varint(u64),
    /// A string, some bytes, a packed list or a message.
    Bytes(&'a [u8]),
    /// Four or eight bytes, which nothing here needs.
    Fixed,
}

impl<'a> Field<'a> {
    /// Its bytes, if it holds bytes.
    pub(super) fn bytes(&self) -> Option<&'a [u8]> {
        match self.value {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Its bytes as text, if it holds valid UTF-8.
    pub(super) fn text(&self) -> Option<&'a str> {
        self.bytes().and_then(|bytes| str::from_utf8(bytes).ok())
    }
}

/// Walks through the fields of a message, in their order.
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

/// The fields of `message`.
pub(super) fn fields(message: &[u8]) -> Fields<'_> {
    Fields { rest: message }
}

impl<'a> Fields<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], Damaged> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(Damaged)?;
        self.rest = rest;
        Ok(taken)
    }

    fn varint(&mut self) -> Result<u64, Damaged> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Damaged)
    }

    fn field(&mut self) -> Result<Field<'a>, Damaged> {
        let start = self.rest;
        let key = self.varint()?;
        let value = match key & 7 {
            0 => Value::Varint(self.varint()?),
            1 => self.take(8).map(|_| Value::Fixed)?,
            2 => {
                let length = usize::try_from(self.varint()?).map_err(|_| Damaged)?;
                Value::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| Value::Fixed)?,
            _ => return Err(Damaged),
        };
        Ok(Field {
            number: key >> 3,
            value,
            whole: &start[..start.len() - self.rest.len()],
        })
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>, Damaged>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

/// The integers of a packed list.
pub(super) fn packed(list: &[u8]) -> Result<Vec<u64>, Damaged> {
    let mut fields = fields(list);
    let mut values = Vec::new();
    while !fields.rest.is_empty() {
        values.push(fields.varint()?);
    }
    Ok(values)
}

/// Appends a bare varint.
fn put_raw(out: &mut Vec<u8>, mut value: u64) {
    while value > 0x7f {
        out.push(value as u8 & 0x7f | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends an integer field.
pub(super) fn put_varint(out: &mut Vec<u8>, number: u64, value: u64) {
    put_raw(out, number << 3);
    put_raw(out, value);
}

/// Appends a field of bytes, text or an encoded message.
pub(super) fn put_bytes(out: &mut Vec<u8>, number: u64, bytes: &[u8]) {
    put_raw(out, number << 3 | 2);
    put_raw(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let mut message = Vec::new();
        put_varint(&mut message, 8, u64::MAX);
        put_bytes(&mut message, 1, "tokens".as_bytes());
        let read: Vec<_> = fields(&message).map(|field| field.unwrap()).collect();
        assert_eq!(read.len(), 2);
        assert!(matches!(read[0].value, Value::Varint(u64::MAX)));
        assert_eq!((read[0].number, read[1].number), (8, 1));
        assert_eq!(read[1].text(), Some("tokens"));
        assert_eq!([read[0].whole, read[1].whole].concat(), message);
    }

    #[test]
    fn a_message_cut_off_anywhere_is_damaged_and_ends() {
        let mut message = Vec::new();
        put_bytes(&mut message, 300, &[7; 200]);
        for end in 1..message.len() {
            let read: Vec<_> = fields(&message[..end]).collect();
            assert_eq!(read.len(), 1);
            assert!(read[0].is_err(), "{end}");
        }
    }

    #[test]
    fn a_varint_longer_than_ten_bytes_is_damaged() {
        assert_eq!(packed(&[0xff; 11]), Err(Damaged));
    }
}
