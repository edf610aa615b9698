//! An example of every extract, with invented data, to look at a layout by.

use jiff::civil::Date;

use super::{Extract, IssueError, Office, Paper, Signer};
use crate::domain::{
    Confidence, DraftField, DraftRecord, FieldName, FieldStatus, FieldType, FormId, Kind, Rectangle,
    ScanName, VerifiedRecord, catalogue,
};

/// The extract `paper` of an invented record, marked as an example. `date` is the day it is made as of; a layout for
/// a law that is not yet in force is shown as of its first day.
///
/// # Errors
/// As [`Extract::new`].
pub fn specimen(paper: &Paper, date: Date) -> Result<Extract, IssueError> {
    Ok(example_of(paper, date)?.into_specimen())
}

/// The same without the mark.
pub(super) fn example_of(paper: &Paper, date: Date) -> Result<Extract, IssueError> {
    let kind = paper.kind.unwrap_or(Kind::Birth);
    let record =
        VerifiedRecord::new(&invented(kind, &paper.fields), &paper.fields).map_err(IssueError::Unverified)?;
    let office = Office {
        superior: "tỉnh Nghệ An".to_owned(),
        name: "Ủy ban nhân dân xã Vĩnh Lộc".to_owned(),
        place: "Vĩnh Lộc".to_owned(),
        ..Office::default()
    };
    let signer = Signer { name: "Đặng Thị Hằng".to_owned(), title: "Phó Chủ tịch".to_owned() };
    let date = paper.valid_from.map_or(date, |from| date.max(from));
    let date = paper.valid_to.map_or(date, |to| date.min(to));
    let registered_at = "UBND xã Vĩnh Lộc, huyện Can Lộc, tỉnh Nghệ Tĩnh";
    Extract::new(paper, &record, (&office, &signer), registered_at, date)
}

/// A settled record of `kind` with something invented in each of the `fields`.
fn invented<'a>(kind: Kind, fields: impl IntoIterator<Item = &'a FieldName>) -> DraftRecord {
    let critical = catalogue::entries().iter().filter(|entry| entry.kind == kind && entry.critical);
    let mut names: Vec<FieldName> = critical.map(|entry| entry.field.clone()).collect();
    names.extend(fields.into_iter().cloned());
    names.sort();
    names.dedup();
    DraftRecord {
        scan: ScanName("vi-du/001.jpg".to_owned()),
        entry: 1,
        kind,
        form: FormId::new("specimen"),
        form_match: Confidence::FULL,
        fields: names.into_iter().map(|name| settled(kind, name)).collect(),
        rules: Vec::new(),
    }
}

fn settled(kind: Kind, name: FieldName) -> DraftField {
    let field_type = catalogue::field_type(kind, &name);
    let value = example(name.as_str(), field_type).to_owned();
    let status = if value.is_empty() { FieldStatus::Blank } else { FieldStatus::Verified };
    let unread = DraftField::unread(name, field_type, Rectangle::new(0, 0, 1, 1));
    DraftField { value, status, settled: true, ..unread }
}

/// An invented value for the field called `name`; the notes and the person's own number are left blank.
fn example(name: &str, field_type: FieldType) -> &'static str {
    match name {
        "child.name" => "Nguyễn Thị Phượng",
        "mother.name" => "Trần Thị Quỳnh Như",
        "father.name" => "Nguyễn Đức Thưởng",
        "wife.name" => "Đỗ Thị Ngọc Ẩn",
        "husband.name" => "Vũ Hữu Lượng",
        "deceased.name" => "Lê Bằng Phẫu",
        "declarant.name" => "Nguyễn Đức Thưởng",
        "signer.name" => "Phan Bá Quýnh",
        "signer.title" => "Ủy viên thư ký",
        "entry.number" => "46",
        "registration.date" => "1978-10-21",
        "registration.place" | "notes" | "child.id_number" | "deceased.id_number" | "death.notice" => "",
        "child.birth_date" => "1978-10-05",
        "death.date" => "1978-10-19",
        "deceased.birth_date" => "1903",
        "mother.birth_year" => "1955",
        "father.birth_year" => "1951",
        "wife.birth_date" => "1957-02-14",
        "husband.birth_date" => "1954-12",
        "child.sex" => "female",
        "deceased.sex" => "male",
        "child.birth_place" => "Trạm y tế xã Vĩnh Lộc, huyện Can Lộc, tỉnh Nghệ Tĩnh",
        "death.place" => "Tại nhà, xóm Trung Nghĩa, xã Vĩnh Lộc",
        "death.time" => "3 giờ 45 phút",
        "wife.document" => "Giấy chứng minh nhân dân số 180000017, Công an Nghệ Tĩnh cấp ngày 02/03/1978",
        _ => match field_type {
            FieldType::Ethnicity => "Kinh",
            FieldType::Nationality => "Việt Nam",
            FieldType::Place => "Xóm Trung Nghĩa, xã Vĩnh Lộc, huyện Can Lộc, tỉnh Nghệ Tĩnh",
            _ => "",
        },
    }
}
