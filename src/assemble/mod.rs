//! Readings to a draft record: parse, normalise, check. Cannot fail.

pub mod catalogue;
pub mod date_words;
pub mod dates;
mod letters;
mod lists;
