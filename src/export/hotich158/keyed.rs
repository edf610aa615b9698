//! A row of a sheet that people keyed earlier, as values of fields.

use super::columns::field;
use crate::domain::{FieldName, FieldType, Kind, PartialDate, catalogue, text};

/// Heads of columns in which the Ministry's software says why it sent a row back, folded.
const REJECTIONS: [&str; 6] = ["loi", "ly do", "ly do loi", "ghi chu loi", "mo ta loi", "error"];

/// What a row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyedRow {
    /// The kind of register, by the columns it fills.
    pub kind: Kind,
    /// The number of the entry, without its year.
    pub number: String,
    /// The year of registration.
    pub year: Option<i16>,
    /// The values of fields, normalised as the machine's are; columns whose values are codes of the software or are worked
    /// out from others are left aside.
    pub values: Vec<(FieldName, String)>,
    /// Why the software sent the row back, if it did.
    pub rejected: Option<String>,
    /// The fields to look at then: those the reason names by column or label, all an extract is about when it names none.
    pub rejected_fields: Vec<FieldName>,
}

/// Understands a row; none when it fills no column that tells its kind, or has no number.
#[must_use]
pub fn keyed(row: &[(String, String)]) -> Option<KeyedRow> {
    let cell = |name: &str| row.iter().find(|(column, _)| column == name).map(|(_, value)| value.as_str());
    let kind = match (cell("nksHoTen"), cell("chongHoTen").or(cell("voHoTen")), cell("nktHoTen")) {
        (Some(_), ..) => Kind::Birth,
        (_, Some(_), _) => Kind::Marriage,
        (.., Some(_)) => Kind::Death,
        _ => return None,
    };
    let (number, year) = cell("so").map(|so| so.split_once('/').unwrap_or((so, "")))?;
    let registered = cell("ngayDangKy").and_then(date).map(PartialDate::year);
    let number = number.trim().trim_start_matches('0').to_owned();
    let values = row.iter().filter_map(|(column, value)| {
        let field = field(kind, column)?;
        Some((field.clone(), normal(kind, field, value)?))
    });
    let rejected = row.iter().find(|(column, _)| REJECTIONS.contains(&text::fold(column).as_str()));
    Some(KeyedRow {
        kind,
        year: registered.or_else(|| year.trim().parse().ok()),
        values: values.collect(),
        rejected_fields: rejected.map(|(_, why)| named(kind, why)).unwrap_or_default(),
        rejected: rejected.map(|(_, why)| why.clone()),
        number,
    })
    .filter(|row| !row.number.is_empty())
}

/// The fields that a reason names: by their column, or by a label of two words and more, for shorter ones stand in any
/// sentence.
fn named(kind: Kind, why: &str) -> Vec<FieldName> {
    let of_kind = || catalogue::entries().iter().filter(|entry| entry.kind == kind);
    let tokens: Vec<&str> = why.split(|c: char| !c.is_alphanumeric()).collect();
    let folded = format!(" {} ", text::fold(why));
    let is_named = |entry: &&catalogue::FieldEntry| {
        let column = &entry.hotich158_column;
        let label = text::fold(&entry.label);
        let by_column = !column.is_empty() && tokens.iter().any(|token| token.eq_ignore_ascii_case(column));
        by_column && column.len() > 2 || label.contains(' ') && folded.contains(&format!(" {label} "))
    };
    let named: Vec<FieldName> = of_kind().filter(is_named).map(|entry| entry.field.clone()).collect();
    match named.is_empty() {
        false => named,
        true => of_kind().filter(|entry| entry.critical).map(|entry| entry.field.clone()).collect(),
    }
}

/// A value as fields hold it; none where the sheet writes something else than the book does.
fn normal(kind: Kind, field: &FieldName, value: &str) -> Option<String> {
    match (field.as_str(), catalogue::field_type(kind, field)) {
        ("entry.number", _) => {
            Some(value.split('/').next().unwrap_or_default().trim().trim_start_matches('0').to_owned())
        }
        ("registration.book" | "registration.page" | "registration.type", _) | (_, FieldType::DateWords) => {
            None
        }
        (_, FieldType::Date) => date(value).map(|date| date.to_string()),
        (_, FieldType::Sex) => match value {
            "1" => Some("male".to_owned()),
            "2" => Some("female".to_owned()),
            "3" => Some("unknown".to_owned()),
            _ => None,
        },
        _ => Some(text::clean(value)),
    }
}

/// `21.10.1978` (also with strokes) or `1978`.
fn date(value: &str) -> Option<PartialDate> {
    let parts: Vec<&str> = value.split(['.', '/', '-']).map(str::trim).collect();
    match parts.as_slice() {
        [year] if year.len() == 4 => PartialDate::from_year(year.parse().ok()?),
        [day, month, year] if year.len() == 4 => {
            PartialDate::from_day(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::keyed;
    use crate::domain::Kind;

    fn row(cells: &[(&str, &str)]) -> Vec<(String, String)> {
        cells.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_row_becomes_values_of_fields() {
        let keyed = keyed(&row(&[
            ("STT", "1"),
            ("so", "046/1978"),
            ("quyenSo", "01/1978"),
            ("ngayDangKy", "21.10.1978"),
            ("nksHoTen", "Nguyễn  Thị Phượng"),
            ("nksGioiTinh", "2"),
            ("nksNgaySinh", "1978"),
            ("nksNgaySinhBangChu", "Năm một nghìn"),
            ("meLoaiCuTru", "0"),
            ("Lý do lỗi", "sai định dạng"),
        ]))
        .unwrap();
        assert_eq!((keyed.kind, keyed.number.as_str(), keyed.year), (Kind::Birth, "46", Some(1978)));
        assert_eq!(keyed.rejected.as_deref(), Some("sai định dạng"));
        let values: Vec<_> =
            keyed.values.iter().map(|(field, value)| (field.as_str(), value.as_str())).collect();
        let wanted = [
            ("entry.number", "46"),
            ("registration.date", "1978-10-21"),
            ("child.name", "Nguyễn Thị Phượng"),
            ("child.sex", "female"),
            ("child.birth_date", "1978"),
        ];
        assert_eq!(values, wanted);
    }

    #[test]
    fn a_row_that_was_sent_back_says_which_fields_to_look_at() {
        let fields = |why: &str| -> Vec<String> {
            let cells = [("so", "46"), ("nksHoTen", "Lê An"), ("Lý do lỗi", why)];
            keyed(&row(&cells)).unwrap().rejected_fields.iter().map(ToString::to_string).collect()
        };
        assert_eq!(fields("cột nksNgaySinh sai định dạng"), ["child.birth_date"]);
        assert_eq!(fields("Thiếu Nơi sinh; loaiDangKy"), ["registration.type", "child.birth_place"]);
        let all = fields("so sai");
        assert!(all.len() > 5 && all.contains(&"child.name".to_owned()), "{all:?}");
    }

    #[test]
    fn a_row_without_number_or_kind_is_none() {
        assert!(keyed(&row(&[("so", "46/1978")])).is_none());
        assert!(keyed(&row(&[("nksHoTen", "Lê An")])).is_none());
        let death = keyed(&row(&[("so", "5/1991"), ("nktHoTen", "Lê An")])).unwrap();
        assert_eq!((death.kind, death.year), (Kind::Death, Some(1991)));
    }
}
