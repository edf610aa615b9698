//! The embedded lists of the field, and how their rows are read.

use serde::de::DeserializeOwned;

/// The rows of an embedded CSV list: a header line, `#` lines left out. The lists are part of the
/// program and tests hold that every row of theirs is understood; a row that were not is left out.
pub(crate) fn rows<T: DeserializeOwned>(list: &str) -> Vec<T> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(list.as_bytes());
    reader.deserialize().filter_map(Result::ok).collect()
}

/// The variants of a row, which stand in one column with `|` between them.
pub(crate) fn variants(column: &str) -> impl Iterator<Item = &str> {
    column.split('|').map(str::trim).filter(|variant| !variant.is_empty())
}
