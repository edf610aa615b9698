//! The years that the dates of an entry can lie in, from the cover and the date of registration.

use crate::domain::{BookCover, FieldName};

use super::dates::YearWindow;

/// A book of before 2006 may have been used for up to this many years (validation rule V008).
pub(super) const YEARS_OF_A_BOOK: i16 = 15;
/// A parent is at least this many years older than the child (V020, V021).
const PARENT: i16 = 12;
/// A spouse is at least this old (the lowest age of any era, V033).
const SPOUSE: i16 = 15;

/// The years in which the date of registration can lie; none when the cover names none.
pub(super) fn of_registration(cover: &BookCover) -> Option<YearWindow> {
    cover.year.map(|year| YearWindow { earliest: year, latest: year.saturating_add(YEARS_OF_A_BOOK) })
}

/// The year of registration: as read when the cover allows it, otherwise the year of the cover.
pub(super) fn registration_year(cover: &BookCover, read: Option<i16>) -> Option<i16> {
    let Some(window) = of_registration(cover) else { return read };
    read.filter(|year| window.holds(*year)).or(Some(window.earliest))
}

/// The hundred years in which the date of `field` can lie, when the entry was made in `year`.
pub(super) fn of_field(field: &FieldName, year: i16) -> YearWindow {
    let latest = match field.as_str() {
        "father.birth_year" | "mother.birth_year" => year.saturating_sub(PARENT),
        "husband.birth_date" | "wife.birth_date" => year.saturating_sub(SPOUSE),
        _ => year,
    };
    YearWindow { earliest: latest.saturating_sub(99), latest }
}

/// The years in which the date of `field` nearly always lies, when the entry was made in `year`:
/// births and deaths are registered within weeks.
pub(super) fn usual_of_field(field: &FieldName, year: i16) -> Option<YearWindow> {
    let of_event = matches!(
        field.as_str(),
        "child.birth_date" | "child.birth_date_words" | "death.date" | "death.date_words"
    );
    of_event.then_some(YearWindow { earliest: year.saturating_sub(1), latest: year })
}
