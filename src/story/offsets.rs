//! Byte offsets of a source as counts of Unicode code points.

use super::Span;

/// Turns byte ranges into code point ranges in logarithmic time.
pub struct CodePoints<'s> {
    source: &'s str,
    /// Code points before each multiple of [`STEP`] bytes.
    marks: Vec<usize>,
}

/// Bytes between two marks.
const STEP: usize = 256;

impl<'s> CodePoints<'s> {
    /// Counts `source` once.
    pub fn new(source: &'s str) -> Self {
        let mut marks = Vec::with_capacity(source.len() / STEP + 1);
        for (count, (byte, _)) in source.char_indices().enumerate() {
            while marks.len() * STEP <= byte {
                marks.push(count);
            }
        }
        Self { source, marks }
    }

    /// How many code points stand before byte `at`, which must lie on a character boundary.
    pub fn before(&self, at: usize) -> usize {
        let is_start = |byte: &&u8| (**byte & 0xC0) != 0x80;
        let mark = (at / STEP).min(self.marks.len().saturating_sub(1));
        let counted = self.marks.get(mark).copied().unwrap_or(0);
        counted
            + self.source.as_bytes()[mark * STEP..at]
                .iter()
                .filter(is_start)
                .count()
    }

    /// The range of code points that `span` covers, end exclusive.
    pub fn range(&self, span: Span) -> (usize, usize) {
        (self.before(span.start), self.before(span.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_points_are_counted_across_many_marks() {
        let source = "aé“😀\n".repeat(500);
        let points = CodePoints::new(&source);
        for (count, (byte, _)) in source.char_indices().enumerate() {
            assert_eq!(points.before(byte), count);
        }
        assert_eq!(points.before(source.len()), source.chars().count());
        assert_eq!(CodePoints::new("").before(0), 0);
    }
}
