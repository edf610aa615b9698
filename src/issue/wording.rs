//! How papers word dates, hours and sexes.

use serde::Serialize;

use crate::domain::PartialDate;
use crate::domain::date_in_words::{WordStyle, words};

/// The parts of a date as a paper prints them; empty where they are not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct DateParts {
    pub day: String,
    pub month: String,
    pub year: String,
}

impl From<PartialDate> for DateParts {
    /// Days and the months January and February with two figures, so that none can be put before them
    /// (Nghị định 30/2020/NĐ-CP, annex I).
    fn from(date: PartialDate) -> Self {
        let month = |month: i8| if month < 3 { format!("{month:02}") } else { month.to_string() };
        Self {
            day: date.day().map(|day| format!("{day:02}")).unwrap_or_default(),
            month: date.month().map(month).unwrap_or_default(),
            year: date.year().to_string(),
        }
    }
}

/// `12/08/1956`, `08/1956` or `1956`.
pub(super) fn figures(date: PartialDate) -> String {
    let parts = [date.day(), date.month()].into_iter().flatten().map(|part| format!("{part:02}"));
    parts.chain([date.year().to_string()]).collect::<Vec<_>>().join("/")
}

/// The date written out, as northern clerks write it.
pub(super) fn written_out(date: PartialDate) -> String {
    words(date, WordStyle { starts_with_day: date.day().is_some(), ..WordStyle::default() })
}

/// An hour as the form prints it: its parts where they are known, else as it stands in the book.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct TimeParts {
    pub hour: String,
    pub minute: String,
    pub written: String,
}

impl TimeParts {
    /// Understands `15 giờ 45 phút`, `20h10`, `19 giờ` and `3:45`; anything else stays as written.
    pub fn new(text: &str) -> Self {
        let written = || Self { written: text.to_owned(), ..Self::default() };
        let lower = text.to_lowercase();
        let plain = lower.replace("giờ", " ").replace("phút", " ").replace(['h', ':', 'g'], " ");
        let numbers: Vec<&str> = plain.split_whitespace().collect();
        let below = |text: &str, limit: u8| text.parse::<u8>().is_ok_and(|number| number < limit);
        match numbers.as_slice() {
            [hour] if below(hour, 25) => Self { hour: (*hour).to_owned(), ..Self::default() },
            [hour, minute] if below(hour, 25) && below(minute, 60) => {
                Self { hour: (*hour).to_owned(), minute: (*minute).to_owned(), ..Self::default() }
            }
            [] => Self::default(),
            _ => written(),
        }
    }
}

/// The word for a sex; nothing where it is not known.
pub(super) fn sex(value: &str) -> &'static str {
    match value {
        "male" => "Nam",
        "female" => "Nữ",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::{DateParts, TimeParts, figures, written_out};

    #[test]
    fn dates_are_printed_as_far_as_they_are_known() {
        let cases = [
            ("1956-08-02", "02/08/1956", "Ngày hai tháng tám năm một nghìn chín trăm năm mươi sáu"),
            ("1956-04", "04/1956", "Tháng tư năm một nghìn chín trăm năm mươi sáu"),
            ("2005", "2005", "Năm hai nghìn không trăm linh năm"),
        ];
        for (date, in_figures, in_words) in cases {
            let date = date.parse().unwrap();
            assert_eq!((figures(date).as_str(), written_out(date).as_str()), (in_figures, in_words));
        }
        let parts = DateParts::from("1956-02-03".parse::<crate::domain::PartialDate>().unwrap());
        assert_eq!((parts.day.as_str(), parts.month.as_str(), parts.year.as_str()), ("03", "02", "1956"));
    }

    #[test]
    fn hours_are_parted_and_what_is_none_stays_as_written() {
        let cases = [
            ("15 giờ 45 phút", ("15", "45", "")),
            ("20h10", ("20", "10", "")),
            ("19 giờ", ("19", "", "")),
            ("3:45", ("3", "45", "")),
            ("lúc nửa đêm", ("", "", "lúc nửa đêm")),
            ("31 giờ", ("", "", "31 giờ")),
            ("", ("", "", "")),
        ];
        for (text, (hour, minute, written)) in cases {
            let parts = TimeParts::new(text);
            assert_eq!(
                (parts.hour.as_str(), parts.minute.as_str(), parts.written.as_str()),
                (hour, minute, written),
                "{text}"
            );
        }
    }
}
