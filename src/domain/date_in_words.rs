//! Dates written out in words, in the wordings clerks use.

use super::PartialDate;

/// The choices a writer of dates in words has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WordStyle {
    /// `ngàn` (South) for `nghìn` (North).
    pub southern_thousand: bool,
    /// `lẻ` (South) for `linh` (North).
    pub southern_zero: bool,
    /// `mồng` before the days 1 to 10.
    pub first_ten: bool,
    /// `tư` for `bốn` after tens.
    pub fourth: bool,
    /// `Ngày` at the beginning.
    pub starts_with_day: bool,
}

const UNITS: [&str; 10] = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];

/// `date` in words; what is not known of it is left out.
#[must_use]
pub fn words(date: PartialDate, style: WordStyle) -> String {
    let mut parts = Vec::new();
    if let Some(day) = date.day() {
        parts.extend(style.starts_with_day.then(|| "ngày".to_owned()));
        parts.extend((style.first_ten && day <= 10).then(|| "mồng".to_owned()));
        parts.push(below_hundred(i16::from(day), style));
    }
    if let Some(month) = date.month() {
        let name = if month == 4 { "tư".to_owned() } else { below_hundred(i16::from(month), style) };
        parts.push(format!("tháng {name}"));
    }
    parts.push(format!("năm {}", year_words(date.year(), style)));
    let text = parts.join(" ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A number of 1 to 99 in words.
fn below_hundred(number: i16, style: WordStyle) -> String {
    let (tens, unit) = (number / 10, number % 10);
    let unit_word = match (tens, unit) {
        (2.., 1) => "mốt",
        (1.., 5) => "lăm",
        (2.., 4) if style.fourth => "tư",
        _ => word(unit),
    };
    match (tens, unit) {
        (0, _) => word(unit).to_owned(),
        (1, 0) => "mười".to_owned(),
        (1, _) => format!("mười {unit_word}"),
        (_, 0) => format!("{} mươi", word(tens)),
        _ => format!("{} mươi {unit_word}", word(tens)),
    }
}

/// A year in words.
fn year_words(year: i16, style: WordStyle) -> String {
    let thousand = if style.southern_thousand { "ngàn" } else { "nghìn" };
    let zero = if style.southern_zero { "lẻ" } else { "linh" };
    let (thousands, hundreds, rest) = (year / 1000, year / 100 % 10, year % 100);
    let mut text = format!("{} {thousand}", word(thousands));
    if hundreds > 0 || rest > 0 {
        text += &format!(" {} trăm", word(hundreds));
    }
    match rest {
        0 => text,
        1..10 => text + &format!(" {zero} {}", word(rest)),
        _ => text + &format!(" {}", below_hundred(rest, style)),
    }
}

/// The word for a figure of 0 to 9.
pub(crate) fn word(figure: i16) -> &'static str {
    usize::try_from(figure).ok().and_then(|figure| UNITS.get(figure).copied()).unwrap_or_default()
}
