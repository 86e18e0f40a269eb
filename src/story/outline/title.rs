//! The title page: title, author and the labels round them.

use super::{Part, Role};
use crate::story::{
    Meta, front,
    heading::{self, Heading},
};

/// Finds title and author above the first paragraph, and skips the labels there.
pub(super) fn title_page(source: &str, parts: &mut [Part]) -> Meta {
    let mut meta = Meta {
        language: "en".to_owned(),
        ..Meta::default()
    };
    let first_heading = parts
        .iter()
        .position(|part| part.role == Role::Heading)
        .unwrap_or(parts.len());
    book_heading(source, parts, first_heading, &mut meta);
    let mut titled = !meta.title.is_empty();
    let mut expects_author = false;
    for at in 0..parts.len() {
        let text = parts[at].text(source);
        fields(text, &mut meta);
        match &parts[at].role {
            Role::Skipped(_) | Role::Break => continue,
            Role::Title => {
                titled = true;
                continue;
            }
            Role::Text => {}
            _ => break,
        }
        if let Some(reason) = front::reason(text) {
            parts[at].role = Role::Skipped(reason.to_owned());
        } else if expects_author && heading::is_title(text) {
            meta.author = Some(text.to_owned());
            parts[at].role = Role::Title;
            expects_author = false;
        } else if titled && heading::bare(text).eq_ignore_ascii_case("by") {
            parts[at].role = Role::Title;
            expects_author = true;
        } else if let Some(author) = front::byline(text).filter(|_| titled) {
            meta.author = Some(author.to_owned());
            parts[at].role = Role::Title;
        } else if !titled && is_book_title(source, parts, at, first_heading) {
            titled = true;
            parts[at].role = Role::Title;
            title_lines(text, &mut meta);
        } else {
            break;
        }
    }
    meta
}

/// A lone `# Title` at the top names the book, not a chapter.
fn book_heading(source: &str, parts: &mut [Part], first: usize, meta: &mut Meta) {
    let Some(title) = parts
        .get(first)
        .and_then(|part| heading::hashed(part.text(source)))
    else {
        return;
    };
    let level = |part: &Part| {
        part.text(source)
            .bytes()
            .take_while(|byte| *byte == b'#')
            .count()
    };
    let top = level(&parts[first]);
    let others = parts[first + 1..]
        .iter()
        .filter(|part| part.role == Role::Heading);
    let at_top = parts[..first].iter().all(|part| !part.is_story());
    if at_top
        && heading::classify(title).is_none_or(|kind| kind == Heading::Capitals)
        && others.clone().all(|part| level(part) != top)
    {
        title.clone_into(&mut meta.title);
        parts[first].role = Role::Title;
    }
}

fn fields(text: &str, meta: &mut Meta) {
    if front::reason(text).is_none() {
        return;
    }
    if let Some(title) = front::field(text, "title").filter(|_| meta.title.is_empty()) {
        title.clone_into(&mut meta.title);
    }
    if let (None, Some(author)) = (&meta.author, front::field(text, "author")) {
        meta.author = Some(author.to_owned());
    }
}

fn is_book_title(source: &str, parts: &[Part], at: usize, first_heading: usize) -> bool {
    let text = parts[at].text(source);
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    let credited = lines
        .next()
        .is_some_and(|line| front::byline(line).is_some());
    if !heading::is_title(first) || (parts[at].chunk.lines > 1 && !credited) {
        return false;
    }
    let next = parts[at + 1..]
        .iter()
        .find(|part| part.is_story() && part.role != Role::Break);
    let near = first_heading < parts.len() && first_heading <= at + 6;
    credited
        || near
        || next.is_some_and(|next| {
            let text = next.text(source);
            front::byline(text).is_some()
                || text.eq_ignore_ascii_case("by")
                || text.chars().count() > 80
        })
}

fn title_lines(text: &str, meta: &mut Meta) {
    let mut lines = text.lines();
    if meta.title.is_empty() {
        lines
            .next()
            .map(heading::bare)
            .unwrap_or_default()
            .clone_into(&mut meta.title);
    }
    if let Some(author) = lines.next().and_then(front::byline) {
        meta.author = Some(author.to_owned());
    }
}
