//! Where speech begins and ends, in every style of marks that stories use.

use crate::story::Span;

/// Words between quotation marks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Quote {
    /// The words, without the marks.
    pub(super) span: Span,
    /// Index of its paragraph.
    pub(super) paragraph: usize,
    /// Whether it goes on with a speech that the paragraph before left open.
    pub(super) continues: bool,
}

/// The marks a story uses for speech.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Style {
    Double,
    Single,
    /// «…» or, where it is true, »…«
    Guillemets {
        inward: bool,
    },
    Dash,
}

/// All quotations of the paragraphs at `paragraphs`, in order.
pub(super) fn find(source: &str, paragraphs: &[Span]) -> Vec<Quote> {
    let style = style(source, paragraphs);
    let mut quotes = Vec::new();
    let mut open = false;
    for (index, paragraph) in paragraphs.iter().enumerate() {
        let text = paragraph.of(source);
        let (spans, left_open) = match style {
            Style::Double => double(text),
            Style::Single => single(text),
            Style::Guillemets { inward } => guillemets(text, inward),
            Style::Dash => super::dashes::find(text),
        };
        for (at, (start, end)) in spans.into_iter().enumerate() {
            let lead = text[..start].trim_end_matches(is_mark).trim();
            let span = trimmed(
                source,
                Span {
                    start: paragraph.start + start,
                    end: paragraph.start + end,
                },
            );
            if span.start < span.end {
                quotes.push(Quote {
                    span,
                    paragraph: index,
                    continues: open && at == 0 && lead.is_empty(),
                });
            }
        }
        open = left_open;
    }
    quotes
}

fn is_mark(c: char) -> bool {
    matches!(
        c,
        '"' | '“' | '”' | '„' | '«' | '»' | '‘' | '’' | '\'' | '‚'
    )
}

fn trimmed(source: &str, span: Span) -> Span {
    let text = span.of(source);
    let start = span.start + text.len() - text.trim_start().len();
    Span {
        start,
        end: start + text.trim().len(),
    }
}

/// The style of most of the marks; single marks count only where a word begins.
fn style(source: &str, paragraphs: &[Span]) -> Style {
    let (mut double, mut single, mut french, mut german, mut dash) =
        (0_usize, 0_usize, 0_usize, 0_usize, 0_usize);
    for paragraph in paragraphs {
        let text = paragraph.of(source);
        let mut previous = ' ';
        let mut characters = text.chars().peekable();
        dash += usize::from(super::dashes::opens(text));
        while let Some(c) = characters.next() {
            let next = characters.peek().copied().unwrap_or(' ');
            match c {
                '"' | '“' | '„' => double += 1,
                '‘' if next.is_alphanumeric() => single += 1,
                '\'' if !previous.is_alphanumeric() && next.is_uppercase() => single += 1,
                '«' if next.is_alphanumeric()
                    || next.is_whitespace() && !previous.is_alphanumeric() =>
                {
                    french += 1;
                }
                '»' if next.is_alphanumeric() && !previous.is_alphanumeric() => german += 1,
                _ => {}
            }
            previous = c;
        }
    }
    let guillemets = french.max(german);
    if guillemets > double && guillemets >= single {
        Style::Guillemets {
            inward: german > french,
        }
    } else if single > double && single >= 2 {
        Style::Single
    } else if dash >= 3 && dash > double {
        Style::Dash
    } else {
        Style::Double
    }
}

/// Spans of the words inside the marks, and whether the last of them is left open.
type Found = (Vec<(usize, usize)>, bool);

/// A mark that can open or close, with what stands round it.
struct Mark {
    at: usize,
    character: char,
    /// Something to say follows directly, and nothing stands directly before.
    like_opening: bool,
    /// Something said stands directly before, and nothing follows directly.
    like_closing: bool,
}

fn double(text: &str) -> Found {
    let marks = marks(text, |c| matches!(c, '"' | '“' | '”' | '„'));
    let straight = marks.iter().filter(|mark| mark.character == '"').count();
    let by_turns = straight == marks.len() && alternates(&marks);
    let only_closing = marks.iter().all(|mark| mark.character == '”');
    let mut found = Vec::new();
    let mut open: Option<&Mark> = None;
    for mark in &marks {
        let opens = match (mark.character, open) {
            ('„' | '“', None) => true,
            ('“', Some(opened)) if opened.character == '„' => false,
            ('”', None) if only_closing && mark.like_opening => true,
            ('„' | '“', Some(_)) | ('”', None) => continue,
            ('”', Some(_)) => false,
            (_, None) if by_turns || !mark.like_closing => true,
            (_, None) => continue,
            (_, Some(opened)) if !by_turns && mark.like_opening && !mark.like_closing => {
                // A second opening mark: the closing one before it was forgotten.
                let end = forgotten_end(text, opened.at + opened.character.len_utf8(), mark.at);
                found.push((opened.at + opened.character.len_utf8(), end));
                true
            }
            (_, Some(_)) => false,
        };
        if opens {
            open = Some(mark);
        } else if let Some(opened) = open.take() {
            found.push((opened.at + opened.character.len_utf8(), mark.at));
        }
    }
    finish(text, found, open)
}

/// Whether opening and closing marks take turns as their surroundings say, the last perhaps left open.
fn alternates(marks: &[Mark]) -> bool {
    let fits = |(i, mark): (usize, &Mark)| {
        if i % 2 == 0 {
            !mark.like_closing
        } else {
            !mark.like_opening
        }
    };
    marks.len().is_multiple_of(2) || marks.iter().enumerate().all(fits)
}

/// Where a speech that begins at `start` ends, if its closing mark was forgotten before `limit`.
fn forgotten_end(text: &str, start: usize, limit: usize) -> usize {
    let sentence = text[start..limit]
        .find([',', '.', '!', '?'])
        .map(|at| start + at + 1);
    sentence.unwrap_or(limit)
}

fn finish(text: &str, mut found: Vec<(usize, usize)>, open: Option<&Mark>) -> Found {
    if let Some(opened) = open {
        let start = opened.at + opened.character.len_utf8();
        if start < text.len() {
            found.push((start, text.len()));
        }
    }
    (found, open.is_some())
}

fn marks(text: &str, is: impl Fn(char) -> bool) -> Vec<Mark> {
    let mut found = Vec::new();
    let mut previous = ' ';
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if is(character) {
            let next = characters.peek().map_or(' ', |(_, next)| *next);
            let free_before = previous.is_whitespace()
                || matches!(previous, '-' | '—' | '–' | '(' | '[' | '_' | '*');
            let free_after = next.is_whitespace()
                || matches!(
                    next,
                    '-' | '—' | '–' | ')' | ']' | '_' | '*' | ',' | '.' | ';'
                );
            found.push(Mark {
                at,
                character,
                like_opening: free_before && !free_after,
                like_closing: free_after && !free_before,
            });
        }
        previous = character;
    }
    found
}

fn guillemets(text: &str, inward: bool) -> Found {
    let (opening, closing) = if inward { ('»', '«') } else { ('«', '»') };
    let mut found = Vec::new();
    let marks = marks(text, |c| c == opening || c == closing);
    let mut open = None;
    for mark in &marks {
        if mark.character == opening {
            open = open.or(Some(mark));
        } else if let Some(opened) = open.take() {
            found.push((opened.at + opened.character.len_utf8(), mark.at));
        }
    }
    finish(text, found, open)
}

/// Words that lose their first letter in speech; the mark before them is an apostrophe.
const ELISIONS: &str = "tis twas twere twill twould twasn't tisn't em im er is e ow ave ere ead ome ouse alf and ands \
    ope ard ot orse ell ello undred appy appen bout cause cept cos course fore gainst long mid mong most nother nough \
    neath nuff onest ospital round spect stead til till un ud ung fraid im-self er-self arf eart eaven ed eld elp igh";

/// An apostrophe or single quotation mark, judged by what stands directly round it.
#[derive(Clone, Copy, PartialEq)]
enum Single {
    Opening,
    Closing,
    /// Closing if no surer closing mark follows before the next opening one.
    PerhapsClosing,
    Apostrophe,
}

fn single(text: &str) -> Found {
    let judged = judge_single(text);
    let mut found = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for (i, (at, character, kind)) in judged.iter().enumerate() {
        let after = at + character.len_utf8();
        match (kind, open) {
            (Single::Opening, None) => open = Some((after, *character)),
            (Single::Closing, Some((start, _))) => {
                found.push((start, *at));
                open = None;
            }
            (Single::PerhapsClosing, Some((start, _))) if !closes_later(&judged[i + 1..]) => {
                found.push((start, *at));
                open = None;
            }
            _ => {}
        }
    }
    if let Some((start, _)) = open.filter(|(start, _)| *start < text.len()) {
        found.push((start, text.len()));
    }
    (found, open.is_some())
}

/// Whether a sure closing mark comes before the next opening one.
fn closes_later(rest: &[(usize, char, Single)]) -> bool {
    let next = rest
        .iter()
        .take(60)
        .find(|(_, _, kind)| matches!(kind, Single::Opening | Single::Closing));
    next.is_some_and(|(_, _, kind)| *kind == Single::Closing)
}

fn judge_single(text: &str) -> Vec<(usize, char, Single)> {
    let mut judged = Vec::new();
    let mut previous = ' ';
    let mut before_space = ' ';
    for (at, character) in text.char_indices() {
        if matches!(character, '\'' | '‘' | '’') {
            let rest = &text[at + character.len_utf8()..];
            let kind = judge_one(character, previous, before_space, rest, &text[..at]);
            judged.push((at, character, kind));
        }
        if !character.is_whitespace() {
            before_space = character;
        }
        previous = character;
    }
    judged
}

fn judge_one(mark: char, previous: char, before_space: char, rest: &str, before: &str) -> Single {
    let next = rest.chars().next().unwrap_or(' ');
    let says_something = next.is_alphanumeric()
        || matches!(next, '"' | '“' | '—' | '-' | '.' | '…' | '\'' | '’' | '_');
    if mark == '‘' {
        return Single::Opening;
    }
    if mark == '\''
        && !previous.is_alphanumeric()
        && says_something
        && !matches!(previous, '.' | ',' | '!' | '?' | '…')
    {
        let word: String = rest
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '\'')
            .collect();
        let elided = ELISIONS.split_whitespace().any(|elision| elision == word);
        let at_speech = before.trim().is_empty()
            || matches!(before_space, ',' | ':' | '—' | '-' | '.' | '!' | '?');
        return if elided && !at_speech {
            Single::Apostrophe
        } else {
            Single::Opening
        };
    }
    if next.is_alphanumeric() || previous.is_whitespace() {
        return Single::Apostrophe;
    }
    if !previous.is_alphanumeric() {
        return Single::Closing;
    }
    Single::PerhapsClosing
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<&str> {
        let paragraphs: Vec<Span> = text
            .split("\n\n")
            .map(|part| {
                let start = part.as_ptr() as usize - text.as_ptr() as usize;
                Span {
                    start,
                    end: start + part.len(),
                }
            })
            .collect();
        find(text, &paragraphs)
            .iter()
            .map(|quote| quote.span.of(text))
            .collect()
    }

    #[test]
    fn every_style_of_marks_is_read() {
        assert_eq!(said("\"Go,\" said Ida. \"Now.\""), ["Go,", "Now."]);
        assert_eq!(said("“Go,” said Ida. “Now.”"), ["Go,", "Now."]);
        assert_eq!(said("„Geh“, sagte Ida. „Jetzt.“"), ["Geh", "Jetzt."]);
        assert_eq!(said("»Geh«, sagte Ida. »Jetzt.«"), ["Geh", "Jetzt."]);
        assert_eq!(said("« Va », dit Ida. « Vite. »"), ["Va", "Vite."]);
        assert_eq!(
            said("‘Go,’ said Ida. ‘Don’t wait.’"),
            ["Go,", "Don’t wait."]
        );
    }

    #[test]
    fn elisions_do_not_end_a_speech_in_single_marks() {
        let text = "'I saw 'em goin' down to th' boats' sheds,' said Ida. 'Did you?'";
        assert_eq!(
            said(text),
            ["I saw 'em goin' down to th' boats' sheds,", "Did you?"]
        );
    }

    #[test]
    fn an_open_speech_runs_to_the_end_of_its_paragraph_and_goes_on_in_the_next() {
        let text = "\"One.\n\n\"Two.\"\n\n\"Three";
        let spans: Vec<Span> = [(0, 5), (7, 13), (15, 21)]
            .iter()
            .map(|(start, end)| Span {
                start: *start,
                end: *end,
            })
            .collect();
        let quotes = find(text, &spans);
        let continues: Vec<bool> = quotes.iter().map(|quote| quote.continues).collect();
        assert_eq!(continues, [false, true, false]);
        assert_eq!(quotes[2].span.of(text), "Three");
    }

    #[test]
    fn a_stray_mark_does_not_turn_narration_into_speech() {
        assert_eq!(
            said("He left.\" Then \"Stop,\" she said. It rained."),
            ["Stop,"]
        );
    }
}
