//! Sums of money in words.

use super::{
    figures::{Beside, Reading, amount, grouped, value},
    number::cardinal,
};

/// `£3.50`, `$2 million`, `50p`.
pub(super) fn money(figure: &str, beside: Beside<'_>) -> Option<Reading> {
    let (unit, part, sum) = match figure.chars().next()? {
        '£' => ("pound", "pence", figure.strip_prefix('£')?),
        '$' => ("dollar", "cents", figure.strip_prefix('$')?),
        '€' => ("euro", "cents", figure.strip_prefix('€')?),
        _ => {
            let small = figure.strip_suffix('p').map(|sum| (sum, "pence"));
            let (sum, name) =
                small.or_else(|| figure.strip_suffix('¢').map(|sum| (sum, "cents")))?;
            let words = format!("{} {name}", cardinal(value(sum)?));
            return Some(Reading {
                words,
                with_next: false,
            });
        }
    };
    let scale = beside
        .after
        .filter(|after| matches!(*after, "million" | "billion" | "thousand" | "trillion"));
    if let Some(scale) = scale {
        let words = format!("{} {scale} {unit}s", amount(sum)?);
        return Some(Reading {
            words,
            with_next: true,
        });
    }
    let (whole, rest) = match sum.split_once('.') {
        Some((whole, rest)) if rest.len() == 2 => (whole, value(rest)?),
        Some(_) => return None,
        None => (sum, 0),
    };
    let whole = if whole.is_empty() { 0 } else { grouped(whole)? };
    let ending = if whole == 1 { "" } else { "s" };
    let small = match (part, rest) {
        ("cents", 1) => "cent",
        ("pence", 1) => "penny",
        _ => part,
    };
    let words = match (whole, rest) {
        (_, 0) => format!("{} {unit}{ending}", cardinal(whole)),
        (0, _) => format!("{} {small}", cardinal(rest)),
        _ => format!(
            "{} {unit}{ending} and {} {small}",
            cardinal(whole),
            cardinal(rest)
        ),
    };
    Some(Reading {
        words,
        with_next: false,
    })
}
