//! What stands round a story without belonging to it: labels, licences, credits.

/// Labels of lines about the story, with what they are.
const LABELS: &[(&str, &str)] = &[
    ("disclaimer", "a disclaimer"),
    ("disclaimers", "a disclaimer"),
    ("distribution", "a note on distribution"),
    ("archive", "a note on distribution"),
    ("archiving", "a note on distribution"),
    ("archived", "a note on distribution"),
    ("permission", "a note on distribution"),
    ("rating", "a rating"),
    ("rated", "a rating"),
    ("warning", "a warning"),
    ("warnings", "a warning"),
    ("content warning", "a warning"),
    ("trigger warning", "a warning"),
    ("spoiler", "a warning"),
    ("spoilers", "a warning"),
    ("author's note", "an author's note"),
    ("author's notes", "an author's note"),
    ("author note", "an author's note"),
    ("author notes", "an author's note"),
    ("a/n", "an author's note"),
    ("an", "an author's note"),
    ("note", "a note"),
    ("notes", "a note"),
    ("summary", "a summary"),
    ("synopsis", "a summary"),
    ("feedback", "a request for feedback"),
    ("reviews", "a request for feedback"),
    ("pairing", "a line about the story"),
    ("pairings", "a line about the story"),
    ("characters", "a line about the story"),
    ("fandom", "a line about the story"),
    ("fandoms", "a line about the story"),
    ("genre", "a line about the story"),
    ("category", "a line about the story"),
    ("timeline", "a line about the story"),
    ("series", "a line about the story"),
    ("sequel", "a line about the story"),
    ("setting", "a line about the story"),
    ("status", "a line about the story"),
    ("word count", "a line about the story"),
    ("words", "a line about the story"),
    ("keywords", "a line about the story"),
    ("tags", "a line about the story"),
    ("published", "a line about the story"),
    ("updated", "a line about the story"),
    ("posted", "a line about the story"),
    ("release date", "a line about the story"),
    ("language", "a line about the story"),
    ("character set encoding", "a line about the story"),
    ("title", "a line about the story"),
    ("author", "a line about the story"),
    ("email", "an address"),
    ("e-mail", "an address"),
    ("website", "an address"),
    ("url", "an address"),
    ("beta", "thanks"),
    ("betas", "thanks"),
    ("thanks", "thanks"),
    ("thanks to", "thanks"),
    ("acknowledgements", "thanks"),
    ("acknowledgments", "thanks"),
    ("credits", "thanks"),
    ("dedication", "a dedication"),
    ("copyright", "a copyright notice"),
    ("isbn", "a copyright notice"),
];

/// Openings of lines that need no colon.
const OPENINGS: &[(&str, &str)] = &[
    ("copyright ", "a copyright notice"),
    ("©", "a copyright notice"),
    ("(c) ", "a copyright notice"),
    ("all rights reserved", "a copyright notice"),
    ("produced by ", "credits of the edition"),
    ("transcribed by ", "credits of the edition"),
    ("transcribed from ", "credits of the edition"),
    ("this ebook is for the use of", "a licence"),
    ("the project gutenberg ebook", "a line about the edition"),
    ("project gutenberg", "a line about the edition"),
    ("[transcriber's note", "a note on the edition"),
    ("transcriber's note", "a note on the edition"),
];

/// Reasons that hold anywhere in a story, not only at its top.
const ANYWHERE: &[&str] = &["a disclaimer", "an author's note"];

/// Why a chunk that opens with a label is not story, if it is not.
pub(super) fn reason(text: &str) -> Option<&'static str> {
    let head: String = text
        .chars()
        .take(48)
        .collect::<String>()
        .to_lowercase()
        .replace('’', "'");
    let head = head.trim_start_matches(['*', '_', '(', '~', ' ']);
    if let Some((_, reason)) = OPENINGS
        .iter()
        .find(|(opening, _)| head.starts_with(opening))
    {
        return Some(reason);
    }
    let label = head
        .split(':')
        .next()
        .filter(|label| label.len() < head.len())?;
    let label = label.trim_matches(|c: char| c.is_whitespace() || c == '*' || c == '_');
    LABELS
        .iter()
        .find(|(known, _)| *known == label)
        .map(|(_, reason)| *reason)
}

/// Why a chunk in the midst of a story is not story, if it is not.
pub(super) fn reason_anywhere(text: &str) -> Option<&'static str> {
    reason(text).filter(|reason| ANYWHERE.contains(reason))
}

/// The value of a `Title:` or `Author:` line.
pub(super) fn field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.lines().find_map(|line| {
        let (label, value) = line.split_once(':')?;
        let value = value.trim();
        (label.trim().eq_ignore_ascii_case(name) && !value.is_empty()).then_some(value)
    })
}

/// The author in a line such as `by A. Writer`.
pub(super) fn byline(line: &str) -> Option<&str> {
    let line = super::heading::bare(line);
    let rest = ["by ", "By ", "BY ", "written by ", "Written by "]
        .iter()
        .find_map(|opening| line.strip_prefix(opening))?
        .trim();
    let words = rest.split_whitespace().count();
    let named = rest.starts_with(char::is_uppercase) && !rest.ends_with(['.', ',', '!', '?']);
    (named && (1..=6).contains(&words)).then_some(rest)
}

/// Where the text between a library's own header and licence stands: bytes of its start and end.
///
/// Marks as Project Gutenberg sets them: `*** START OF … ***`, `*** END OF … ***`.
pub(super) fn inner(source: &str) -> (usize, usize) {
    let find = |opening: &str| {
        ["*** ", "***"]
            .iter()
            .find_map(|stars| source.find(&format!("{stars}{opening} OF TH")))
    };
    let start = find("START").map_or(0, |at| at + line_length(&source[at..]));
    let end = find("END")
        .filter(|end| *end >= start)
        .unwrap_or(source.len());
    (start, end)
}

fn line_length(text: &str) -> usize {
    text.find('\n').map_or(text.len(), |end| end + 1)
}
