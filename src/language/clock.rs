//! Times of day in words.

use super::{
    figures::{Beside, value},
    number::cardinal,
};

/// `6:45`, `6:45pm`, `6pm`.
pub(super) fn time(figure: &str, beside: Beside<'_>) -> Option<String> {
    let lower = figure.to_lowercase().replace('.', "");
    let half = [("am", " A.M."), ("pm", " P.M.")]
        .into_iter()
        .find(|(ending, _)| lower.ends_with(ending));
    let (clock, half) = match half {
        Some((_, name)) => (
            &figure[..figure.find(|letter: char| letter.is_alphabetic())?],
            name,
        ),
        None => (figure, ""),
    };
    let Some((hours, minutes)) = clock.split_once(':') else {
        let hours = value(clock).filter(|hours| *hours <= 24 && !half.is_empty())?;
        return Some(format!("{}{half}", cardinal(hours)));
    };
    if minutes.len() != 2 || hours.len() > 2 {
        return None;
    }
    let (hours, minutes) = (
        value(hours)?,
        value(minutes).filter(|minutes| *minutes < 60)?,
    );
    let named = !half.is_empty()
        || beside.after.is_some_and(|after| {
            matches!(after.to_lowercase().as_str(), "am" | "pm" | "a.m" | "p.m")
        });
    let minutes = match minutes {
        0 if named => String::new(),
        0 => " o'clock".to_owned(),
        1..10 => format!(" oh {}", cardinal(minutes)),
        _ => format!(" {}", cardinal(minutes)),
    };
    Some(format!("{}{minutes}{half}", cardinal(hours)))
}
