//! The columns of the Ministry's import sheets and their code lists, read once from `models/lists`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::form_of;
use crate::domain::lists::rows;
use crate::domain::text::fold;
use crate::domain::{FieldName, Kind, catalogue};

/// A column of the sheet of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Column {
    /// The sheet: KS, KH, KT (others are in the list too).
    form: String,
    /// Its name, misnamed ones as they are.
    #[serde(rename = "column")]
    pub name: String,
    /// What it holds, in Vietnamese.
    #[serde(rename = "label_vi")]
    pub label: String,
    /// Its list of codes, if it has one.
    pub code_list: String,
    /// Its type, in words.
    #[serde(rename = "type")]
    pub holds: String,
}

/// A code and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Code {
    pub list: String,
    pub code: Option<u32>,
    pub text: String,
}

static COLUMNS: LazyLock<Vec<Column>> =
    LazyLock::new(|| rows(include_str!("../../../models/lists/hotich158_columns.csv")));

static CODES: LazyLock<Vec<Code>> =
    LazyLock::new(|| rows(include_str!("../../../models/lists/hotich158_codes.csv")));

/// The columns of the sheet of `kind`, in their order: 70 for births, 44 for marriages, 48 for deaths.
pub fn columns(kind: Kind) -> impl Iterator<Item = &'static Column> {
    COLUMNS.iter().filter(move |column| column.form == form_of(kind))
}

/// Every code there is.
pub(super) fn codes() -> &'static [Code] {
    &CODES
}

/// The code of `text` in `list`: that of the longest wording which holds the text or is held by it, accents and
/// case aside.
pub(super) fn code(list: &str, text: &str) -> Option<u32> {
    let wanted = fold(text);
    let fits = |code: &&Code| {
        let wording = fold(&code.text);
        code.list == list && !wanted.is_empty() && (wording.contains(&wanted) || wanted.contains(&wording))
    };
    CODES.iter().filter(fits).min_by_key(|code| code.text.len().abs_diff(text.len()))?.code
}

/// The field whose value goes into the column called `name`; none when no field does.
pub(super) fn field(kind: Kind, name: &str) -> Option<&'static FieldName> {
    let mut entries = catalogue::entries().iter();
    entries.find(|entry| entry.kind == kind && entry.hotich158_column == name).map(|entry| &entry.field)
}

#[cfg(test)]
mod tests {
    use super::{CODES, COLUMNS, code, columns};
    use crate::domain::{Kind, catalogue};

    #[test]
    fn the_sheets_have_their_columns() {
        let counts = Kind::ALL.map(|kind| columns(kind).count());
        assert_eq!(counts, [70, 44, 48]);
        let birth: Vec<_> = columns(Kind::Birth).map(|column| column.name.as_str()).collect();
        assert_eq!((birth[0], birth[1], birth[69]), ("STT", "so", "qgNuocNgoaiDaDangKy"));
        assert_eq!(birth[34], "nksHanCheNangLucHanhViNgayCanCuHuyTuyenBo", "misnamed, and kept so");
        let lines = |list: &str| list.lines().filter(|line| !line.starts_with('#')).count() - 1;
        assert_eq!(COLUMNS.len(), lines(include_str!("../../../models/lists/hotich158_columns.csv")));
        assert_eq!(CODES.len(), lines(include_str!("../../../models/lists/hotich158_codes.csv")));
    }

    #[test]
    fn every_field_with_a_column_has_one_in_its_sheet() {
        for entry in catalogue::entries().iter().filter(|entry| !entry.hotich158_column.is_empty()) {
            assert!(
                columns(entry.kind).any(|column| column.name == entry.hotich158_column),
                "{}: {}",
                entry.kind,
                entry.hotich158_column
            );
        }
    }

    #[test]
    fn codes_are_found_by_their_wording() {
        for (list, text, wanted) in [
            ("loaiDangKy(KS)", "Quá hạn", Some(4)),
            ("loaiDangKy(KS)", "đăng ký đúng hạn", Some(1)),
            ("loaiDangKy(KH)", "Đăng ký lần đầu", Some(1)),
            ("loaiDangKy(KT)", "Đăng ký lại", Some(2)),
            ("loaiDangKy(KS)", "", None),
            ("loaiDangKy(KS)", "việc khác", None),
        ] {
            assert_eq!(code(list, text), wanted, "{text}");
        }
    }
}
