//! How a speech ends: whole, cut off by somebody, or dying away.

use serde::Serialize;

/// How a run of words ends, as its last marks tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Ending {
    /// With a mark that ends a sentence or a part of one, or with none.
    #[default]
    Whole,
    /// With a dash: somebody or something comes between.
    Cut,
    /// With an ellipsis: the voice dies away.
    Trailing,
}

/// How `text` ends.
pub fn ending(text: &str) -> Ending {
    let text = text.trim_end_matches(|last: char| {
        last.is_whitespace() || matches!(last, '"' | '”' | '’' | '\'' | '»' | '_' | '*')
    });
    if text.ends_with(['—', '–', '―']) || text.ends_with("--") || text.ends_with(" -") {
        Ending::Cut
    } else if text.ends_with('…') || text.ends_with("...") || text.ends_with(". . .") {
        Ending::Trailing
    } else {
        Ending::Whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_mark_tells() {
        for cut in ["I only—", "But --", "No –”", "Wait - "] {
            assert_eq!(ending(cut), Ending::Cut, "{cut}");
        }
        for trailing in ["I wonder…", "If only...", "Well . . ."] {
            assert_eq!(ending(trailing), Ending::Trailing, "{trailing}");
        }
        for whole in ["Yes.", "Well-", "No, no—never!", "", "I was... somewhere."] {
            assert_eq!(ending(whole), Ending::Whole, "{whole}");
        }
    }
}
