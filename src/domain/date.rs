//! Dates of which only a part may be known.

use serde::{Deserialize, Serialize};

/// A date of the Gregorian calendar: a year, a month of a year, or a day. Written `1956`,
/// `1956-08` or `1956-08-12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartialDate {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

/// The parts offered name no date of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no date: write 1956, 1956-08 or 1956-08-12")]
pub struct NotADate(pub String);

impl PartialDate {
    /// A year (1..=9999).
    #[must_use]
    pub fn from_year(year: i16) -> Option<Self> {
        (1..=9999).contains(&year).then_some(Self { year, month: None, day: None })
    }

    /// A month (1..=12) of a year.
    #[must_use]
    pub fn from_month(year: i16, month: i8) -> Option<Self> {
        let date = Self::from_year(year)?;
        (1..=12).contains(&month).then_some(Self { month: Some(month), ..date })
    }

    /// A day that the calendar has.
    #[must_use]
    pub fn from_day(year: i16, month: i8, day: i8) -> Option<Self> {
        let date = Self::from_month(year, month)?;
        jiff::civil::Date::new(year, month, day).ok()?;
        Some(Self { day: Some(day), ..date })
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month, when known.
    #[must_use]
    pub fn month(self) -> Option<i8> {
        self.month
    }

    /// The day of the month, when known.
    #[must_use]
    pub fn day(self) -> Option<i8> {
        self.day
    }

    /// The first day it can mean.
    #[must_use]
    pub fn earliest(self) -> jiff::civil::Date {
        jiff::civil::Date::constant(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    /// The last day it can mean.
    #[must_use]
    pub fn latest(self) -> jiff::civil::Date {
        if self.day.is_some() {
            return self.earliest();
        }
        jiff::civil::Date::constant(self.year, self.month.unwrap_or(12), 1).last_of_month()
    }
}

impl std::fmt::Display for PartialDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

impl std::str::FromStr for PartialDate {
    type Err = NotADate;
    fn from_str(text: &str) -> Result<Self, NotADate> {
        let mut parts = text.split('-');
        let mut next = |length: usize| match parts.next() {
            None => Ok(None),
            Some(part) if part.len() == length => part.parse::<i16>().map(Some).map_err(|_| ()),
            Some(_) => Err(()),
        };
        let read = || -> Result<Option<Self>, ()> {
            let (year, month, day) = (next(4)?, next(2)?, next(2)?);
            Ok(match (year, month, day) {
                (Some(y), None, _) => Self::from_year(y),
                (Some(y), Some(m), None) => Self::from_month(y, m as i8),
                (Some(y), Some(m), Some(d)) => Self::from_day(y, m as i8, d as i8),
                (None, ..) => None,
            })
        };
        let mut read = read;
        match read() {
            Ok(Some(date)) if date.to_string() == text => Ok(date),
            _ => Err(NotADate(text.to_owned())),
        }
    }
}

impl TryFrom<String> for PartialDate {
    type Error = NotADate;
    fn try_from(text: String) -> Result<Self, NotADate> {
        text.parse()
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> Self {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::PartialDate;

    #[test]
    fn written_and_read_back() {
        for text in ["1956", "1956-08", "1956-08-12", "2000-02-29"] {
            assert_eq!(text.parse::<PartialDate>().map(|d| d.to_string()).as_deref(), Ok(text));
        }
        for wrong in ["", "56", "1956-8", "1956-13", "1957-02-29", "1956-08-12-01", "abcd"] {
            assert!(wrong.parse::<PartialDate>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_part_of_a_date_spans_days() {
        let month = PartialDate::from_month(1956, 2).unwrap();
        assert_eq!(month.earliest().to_string(), "1956-02-01");
        assert_eq!(month.latest().to_string(), "1956-02-29");
    }
}
