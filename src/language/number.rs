//! Numbers in words.

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = [
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];
const SCALES: [(u64, &str); 4] = [
    (1_000_000_000_000, "trillion"),
    (1_000_000_000, "billion"),
    (1_000_000, "million"),
    (1_000, "thousand"),
];

/// A number in words: `105` is `one hundred and five`.
pub(super) fn cardinal(number: u64) -> String {
    if let Some((scale, name)) = SCALES.iter().find(|(scale, _)| number >= *scale) {
        let (whole, rest) = (cardinal(number / scale), number % scale);
        return match rest {
            0 => format!("{whole} {name}"),
            1..100 => format!("{whole} {name} and {}", cardinal(rest)),
            _ => format!("{whole} {name} {}", cardinal(rest)),
        };
    }
    match number {
        0..20 => SMALL[number as usize].to_owned(),
        20..100 if number.is_multiple_of(10) => TENS[number as usize / 10].to_owned(),
        20..100 => format!("{}-{}", TENS[number as usize / 10], cardinal(number % 10)),
        _ if number.is_multiple_of(100) => format!("{} hundred", cardinal(number / 100)),
        _ => format!(
            "{} hundred and {}",
            cardinal(number / 100),
            cardinal(number % 100)
        ),
    }
}

/// The place in a row: `21` is `twenty-first`.
pub(super) fn ordinal(number: u64) -> String {
    let words = cardinal(number);
    let cut = words.rfind([' ', '-']).map_or(0, |place| place + 1);
    let (front, last) = words.split_at(cut);
    let last = match last {
        "one" => "first".to_owned(),
        "two" => "second".to_owned(),
        "three" => "third".to_owned(),
        "five" => "fifth".to_owned(),
        "eight" => "eighth".to_owned(),
        "nine" => "ninth".to_owned(),
        "twelve" => "twelfth".to_owned(),
        tens if tens.ends_with('y') => format!("{}ieth", &tens[..tens.len() - 1]),
        other => format!("{other}th"),
    };
    format!("{front}{last}")
}

/// A year as it is said: `1916` is `nineteen sixteen`, `1905` `nineteen oh five`, `2001` `two thousand and one`.
pub(super) fn year(year: u64) -> String {
    match (year / 100, year % 100) {
        (10..100, 0) if !year.is_multiple_of(1000) => format!("{} hundred", cardinal(year / 100)),
        (century @ 10..100, rest @ 1..10) if !century.is_multiple_of(10) => {
            format!("{} oh {}", cardinal(century), cardinal(rest))
        }
        (century @ 10..100, rest @ 10..) => format!("{} {}", cardinal(century), cardinal(rest)),
        _ => cardinal(year),
    }
}

/// More than one: `sixty` is `sixties`, `hundred` `hundreds`.
pub(super) fn plural(words: &str) -> String {
    match words.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if words.ends_with('x') => format!("{words}es"),
        None => format!("{words}s"),
    }
}

/// Digits one after the other, 0 as `oh`: as telephone numbers are said.
pub(super) fn one_by_one(digits: &str) -> String {
    let names = digits.chars().filter_map(|digit| digit.to_digit(10));
    let names: Vec<&str> = names
        .map(|digit| {
            if digit == 0 {
                "oh"
            } else {
                SMALL[digit as usize]
            }
        })
        .collect();
    names.join(" ")
}

/// A run of ASCII digits in words: as one number if it is one, else (after a leading 0, or beyond fifteen digits)
/// digit by digit.
pub fn digits(digits: &str) -> String {
    let single = digits.len() == 1;
    match digits.parse() {
        Ok(number) if digits.len() <= 15 && (single || !digits.starts_with('0')) => {
            cardinal(number)
        }
        _ => one_by_one(digits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_in_words() {
        for (number, words) in [
            (0, "zero"),
            (21, "twenty-one"),
            (105, "one hundred and five"),
            (1_001, "one thousand and one"),
            (45_300, "forty-five thousand three hundred"),
            (2_000_000, "two million"),
        ] {
            assert_eq!(cardinal(number), words);
        }
    }

    #[test]
    fn ordinals_change_the_last_word_only() {
        for (number, words) in [
            (1, "first"),
            (12, "twelfth"),
            (20, "twentieth"),
            (143, "one hundred and forty-third"),
        ] {
            assert_eq!(ordinal(number), words);
        }
    }

    #[test]
    fn years_are_said_in_pairs() {
        for (number, words) in [
            (1066, "ten sixty-six"),
            (1792, "seventeen ninety-two"),
            (1900, "nineteen hundred"),
            (1905, "nineteen oh five"),
            (2000, "two thousand"),
            (2007, "two thousand and seven"),
            (2024, "twenty twenty-four"),
        ] {
            assert_eq!(year(number), words);
        }
    }

    #[test]
    fn a_leading_zero_is_said() {
        assert_eq!(digits("007"), "oh oh seven");
        assert_eq!(digits("0"), "zero");
        assert_eq!(digits(&"9".repeat(40)).split(' ').count(), 40);
    }
}
