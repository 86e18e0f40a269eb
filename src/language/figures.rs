//! Words with digits in them: times, sums of money, fractions, years, ordinals and plain numbers.

use super::{
    abbreviation, clock, money,
    number::{cardinal, digits, one_by_one, ordinal, plural, year},
};

/// What stands beside the figure, as far as it changes how it is read.
#[derive(Clone, Copy, Default)]
pub(super) struct Beside<'a> {
    /// The word before it.
    pub(super) before: Option<&'a str>,
    /// The word after it.
    pub(super) after: Option<&'a str>,
}

/// How a figure is read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// The words.
    pub(super) words: String,
    /// Whether they say the next word, too.
    pub(super) with_next: bool,
}

/// The words for `figure`; `None` if no rule knows it.
pub(super) fn spoken(figure: &str, beside: Beside<'_>) -> Option<Reading> {
    if !figure.contains(|letter: char| letter.is_ascii_digit() || "½¼¾".contains(letter)) {
        return None;
    }
    if let Some(reading) = money::money(figure, beside) {
        return Some(reading);
    }
    let words = clock::time(figure, beside)
        .or_else(|| decade(figure))
        .or_else(|| fraction(figure))
        .or_else(|| telephone(figure))
        .or_else(|| range(figure))
        .or_else(|| with_sign(figure))
        .or_else(|| with_ending(figure))
        .or_else(|| plain(figure, beside))?;
    Some(Reading {
        words,
        with_next: false,
    })
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit())
}

/// Digits as a number.
pub(super) fn value(text: &str) -> Option<u64> {
    (all_digits(text) && text.len() <= 15)
        .then(|| text.parse().ok())
        .flatten()
}

/// Digits with or without commas between thousands.
pub(super) fn grouped(text: &str) -> Option<u64> {
    let mut groups = text.split(',');
    let first = groups.next()?;
    let regular = groups
        .clone()
        .all(|group| group.len() == 3 && all_digits(group));
    let marked = groups.clone().next().is_some();
    if !regular || marked && first.len() > 3 {
        return None;
    }
    value(&text.replace(',', ""))
}

/// A number with or without decimals: `3.05` is `three point oh five`.
pub(super) fn amount(text: &str) -> Option<String> {
    match text.split_once('.') {
        None => Some(grouped(text).map_or_else(|| digits(text), cardinal))
            .filter(|_| grouped(text).is_some()),
        Some((whole, decimals)) if all_digits(decimals) => {
            let whole = if whole.is_empty() { 0 } else { grouped(whole)? };
            Some(format!(
                "{} point {}",
                cardinal(whole),
                one_by_one(decimals)
            ))
        }
        Some(_) => None,
    }
}

/// `'60s`, `1960s`, `1800s`.
fn decade(figure: &str) -> Option<String> {
    let figure = figure.trim_start_matches(['\'', '’', '‘']);
    let years = figure
        .strip_suffix('s')
        .map(|years| years.trim_end_matches(['\'', '’']))?;
    let number = value(years).filter(|number| number.is_multiple_of(10) && *number >= 20)?;
    match years.len() {
        2 => Some(plural(&cardinal(number))),
        4 => Some(plural(&year(number))),
        _ => None,
    }
}

/// `1/2`, `3½`.
fn fraction(figure: &str) -> Option<String> {
    let signs = [('½', "1/2"), ('¼', "1/4"), ('¾', "3/4")];
    for (sign, written) in signs {
        if let Some(whole) = figure.strip_suffix(sign) {
            let part = fraction(written)?;
            return if whole.is_empty() {
                Some(part)
            } else {
                Some(format!("{} and {part}", amount(whole)?))
            };
        }
    }
    let (upper, lower) = figure.split_once('/')?;
    let (upper, lower) = (value(upper)?, value(lower)?);
    if upper >= lower || lower > 10 && !matches!(lower, 16 | 32 | 100) {
        return Some(format!("{} {}", cardinal(upper), cardinal(lower)));
    }
    let part = match lower {
        2 => "half".to_owned(),
        4 => "quarter".to_owned(),
        _ => ordinal(lower),
    };
    Some(match upper {
        1 if lower == 2 => "a half".to_owned(),
        1 => format!("one {part}"),
        _ => format!("{} {part}s", cardinal(upper)),
    })
}

/// `555-0199`: digit by digit, a breath between the groups.
fn telephone(figure: &str) -> Option<String> {
    let groups: Vec<&str> = figure.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let known = matches!(lengths.as_slice(), [3, 4] | [3, 3, 4] | [1, 3, 3, 4]);
    if !known || !groups.iter().all(|group| all_digits(group)) {
        return None;
    }
    let groups: Vec<String> = groups.into_iter().map(one_by_one).collect();
    Some(groups.join(", "))
}

/// `10–12`, `1914-18`.
fn range(figure: &str) -> Option<String> {
    let (from, to) = figure.split_once(['-', '–'])?;
    let (first, last) = (value(from)?, value(to)?);
    let years = from.len() == 4 && matches!(to.len(), 2 | 4);
    if years {
        let last = if to.len() == 4 {
            year(last)
        } else {
            cardinal(last)
        };
        return Some(format!("{} to {last}", year(first)));
    }
    Some(format!("{} to {}", cardinal(first), cardinal(last)))
}

/// `50%`, `-5`, `30°`, `#7`.
fn with_sign(figure: &str) -> Option<String> {
    if let Some(number) = figure.strip_suffix('%') {
        return Some(format!("{} percent", signed(number)?));
    }
    if let Some(number) = figure.strip_prefix('#') {
        return Some(format!("number {}", amount(number)?));
    }
    for (ending, scale) in [("°C", " Celsius"), ("°F", " Fahrenheit"), ("°", "")] {
        if let Some(number) = figure.strip_suffix(ending) {
            return Some(format!("{} degrees{scale}", signed(number)?));
        }
    }
    figure
        .starts_with(['-', '−'])
        .then(|| signed(figure))
        .flatten()
}

fn signed(number: &str) -> Option<String> {
    match number.strip_prefix(['-', '−']) {
        Some(number) => Some(format!("minus {}", amount(number)?)),
        None => amount(number),
    }
}

/// `21st`, `20mph`.
fn with_ending(figure: &str) -> Option<String> {
    let letters = figure.find(|letter: char| letter.is_alphabetic())?;
    let (number, ending) = figure.split_at(letters);
    if matches!(ending, "st" | "nd" | "rd" | "th") {
        return grouped(number).map(ordinal);
    }
    Some(format!(
        "{} {}",
        amount(number)?,
        abbreviation::measure(ending)?
    ))
}

/// `1916`, `1,500`, `3.14`, `007`.
fn plain(figure: &str, beside: Beside<'_>) -> Option<String> {
    if let (Some(number), 4) = (value(figure), figure.len())
        && is_year(number, beside)
    {
        return Some(year(number));
    }
    if all_digits(figure) {
        return Some(digits(figure));
    }
    amount(figure)
}

/// Whether four digits are said as a year. Between 1100 and 1999 that is right for counts too (`fifteen hundred
/// men`), as long as they are round.
fn is_year(number: u64, beside: Beside<'_>) -> bool {
    let counts = beside.after.is_some_and(|after| {
        after.ends_with('s')
            && after.starts_with(char::is_lowercase)
            && !matches!(after, "was" | "is" | "as" | "this" | "has")
    });
    let dated = beside.before.is_some_and(|before| {
        matches!(
            before.to_lowercase().as_str(),
            "in" | "since"
                | "of"
                | "by"
                | "until"
                | "from"
                | "year"
                | "before"
                | "after"
                | "circa"
                | "spring"
                | "summer"
                | "autumn"
                | "winter"
                | "january"
                | "february"
                | "march"
                | "april"
                | "may"
                | "june"
                | "july"
                | "august"
                | "september"
                | "october"
                | "november"
                | "december"
                | "early"
                | "late"
        )
    });
    match number {
        1100..2000 if number.is_multiple_of(100) => true,
        1100..2100 => !counts || dated,
        1000..1100 => dated,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(figure: &str) -> String {
        beside(figure, None, None)
    }

    fn beside(figure: &str, before: Option<&str>, after: Option<&str>) -> String {
        spoken(figure, Beside { before, after }).unwrap().words
    }

    #[test]
    fn times_are_told() {
        assert_eq!(said("6:45"), "six forty-five");
        assert_eq!(said("6:05pm"), "six oh five P.M.");
        assert_eq!(said("12:00"), "twelve o'clock");
        assert_eq!(beside("9:00", None, Some("a.m")), "nine");
        assert_eq!(said("6pm"), "six P.M.");
    }

    #[test]
    fn money_is_counted() {
        assert_eq!(said("£1.50"), "one pound and fifty pence");
        assert_eq!(said("$1,250"), "one thousand two hundred and fifty dollars");
        assert_eq!(said("$0.01"), "one cent");
        let million = spoken(
            "$2.5",
            Beside {
                before: None,
                after: Some("million"),
            },
        )
        .unwrap();
        assert_eq!(
            (million.words.as_str(), million.with_next),
            ("two point five million dollars", true)
        );
    }

    #[test]
    fn years_decades_and_counts_are_told_apart() {
        assert_eq!(said("1916"), "nineteen sixteen");
        assert_eq!(said("’60s"), "sixties");
        assert_eq!(said("1920s"), "nineteen twenties");
        assert_eq!(said("1800s"), "eighteen hundreds");
        assert_eq!(
            beside("1984", None, Some("soldiers")),
            "one thousand nine hundred and eighty-four"
        );
        assert_eq!(said("1914-18"), "nineteen fourteen to eighteen");
    }

    #[test]
    fn fractions_ordinals_and_signs_are_said() {
        for (figure, words) in [
            ("1/2", "a half"),
            ("3/4", "three quarters"),
            ("3½", "three and a half"),
            ("9/11", "nine eleven"),
            ("21st", "twenty-first"),
            ("50%", "fifty percent"),
            ("-5", "minus five"),
            ("30°", "thirty degrees"),
            ("20mph", "twenty miles an hour"),
            ("555-0199", "five five five, oh one nine nine"),
            ("3.05", "three point oh five"),
            ("007", "oh oh seven"),
        ] {
            assert_eq!(said(figure), words);
        }
    }

    #[test]
    fn what_no_rule_knows_is_left() {
        assert_eq!(spoken("B2B", Beside::default()), None);
        assert_eq!(spoken("seven", Beside::default()), None);
    }
}
