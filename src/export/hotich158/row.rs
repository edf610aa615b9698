//! One entry as a row of the Ministry's sheet.

use super::columns::{code, columns, field};
use super::{HandedOver, form_of};
use crate::domain::date_in_words::{WordStyle, words};
use crate::domain::{FieldType, Kind, PartialDate, catalogue};

/// A cell: text, a number (codes and page numbers), or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A code or a page number.
    Number(u32),
    /// Nothing.
    Empty,
}

impl Cell {
    fn text(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

impl From<Option<u32>> for Cell {
    fn from(code: Option<u32>) -> Self {
        code.map_or(Self::Empty, Self::Number)
    }
}

/// The cells of the entry in the order of the columns; `line` counts the rows from 1.
#[must_use]
pub fn row(entry: &HandedOver<'_>, line: u32) -> Vec<Cell> {
    columns(entry.record.kind).map(|column| cell(entry, &column.name, line)).collect()
}

/// What goes into the column called `name`. What no field holds is worked out where it follows from what the entry
/// says; everything else stays empty.
fn cell(entry: &HandedOver<'_>, name: &str, line: u32) -> Cell {
    let kind = entry.record.kind;
    match name {
        "STT" => Cell::Number(line),
        "so" => Cell::text(&number(entry)),
        "quyenSo" => Cell::text(&entry.volume()),
        "trangSo" => page(entry),
        "noiDangKy" if entry.value("registration.place").is_empty() => {
            Cell::text(entry.cover.office.as_deref().unwrap_or_default())
        }
        "loaiDangKy" => registration_type(entry),
        "nksLoaiKhaiSinh" => Cell::Number(parents_known(entry)),
        "gbtLoai" => Cell::Number(0),
        name if name.ends_with("LoaiCuTru") => Cell::Number(0),
        name if name.ends_with("LoaiGiayToTuyThan") => {
            let paper = name.replace("LoaiGiayTo", "SoGiayTo");
            Cell::Number(paper_type(field(kind, &paper).map_or("", |field| entry.value(field.as_str()))))
        }
        name => field(kind, name).map_or(Cell::Empty, |field| value(entry, field.as_str())),
    }
}

/// The value of a field as the sheet wants it.
fn value(entry: &HandedOver<'_>, field: &str) -> Cell {
    let value = entry.value(field);
    let date = value.parse::<PartialDate>().ok();
    match (catalogue::field_type(entry.record.kind, &field.into()), date) {
        (FieldType::Date, Some(date)) => Cell::Text(figures(date)),
        (FieldType::DateWords, Some(date)) => {
            let style = WordStyle { starts_with_day: date.day().is_some(), ..WordStyle::default() };
            Cell::Text(words(date, style))
        }
        (FieldType::Sex, _) if !value.is_empty() => Cell::Number(match value {
            "male" => 1,
            "female" => 2,
            _ => 3,
        }),
        _ => Cell::text(value),
    }
}

/// `dd.mm.yyyy`; where the day is not known only the year, for the sheet has no way to write a month.
pub(super) fn figures(date: PartialDate) -> String {
    match (date.month(), date.day()) {
        (Some(month), Some(day)) => format!("{day:02}.{month:02}.{:04}", date.year()),
        _ => format!("{:04}", date.year()),
    }
}

/// `46/1978`: the number with the year of its registration.
fn number(entry: &HandedOver<'_>) -> String {
    let number = entry.value("entry.number");
    match entry.registered() {
        Some(date) if !number.is_empty() && !number.contains('/') => format!("{number}/{:04}", date.year()),
        _ => number.to_owned(),
    }
}

/// The page the entry says it stands on, else its place among the scans of the book.
fn page(entry: &HandedOver<'_>) -> Cell {
    Cell::Number(entry.value("registration.page").parse().unwrap_or(entry.page))
}

fn registration_type(entry: &HandedOver<'_>) -> Cell {
    let kind = entry.record.kind;
    let list = format!("loaiDangKy({})", form_of(kind));
    let unknown = match kind {
        Kind::Birth => Some(6),
        Kind::Death => Some(0),
        Kind::Marriage => None,
    };
    code(&list, entry.value("registration.type")).or(unknown).into()
}

/// `nksLoaiKhaiSinh`: which parents the entry names.
fn parents_known(entry: &HandedOver<'_>) -> u32 {
    match (entry.value("mother.name").is_empty(), entry.value("father.name").is_empty()) {
        (false, false) => 1,
        (true, false) => 2,
        (false, true) => 3,
        (true, true) => 4,
    }
}

/// `loaiGiayTo`: what kind of paper this is, by the length of its number: nine figures a Giấy chứng minh nhân dân,
/// twelve a Thẻ căn cước công dân, anything else another paper.
fn paper_type(paper: &str) -> u32 {
    let figures = paper.chars().filter(char::is_ascii_digit).count();
    match (paper.is_empty(), figures == paper.chars().count(), figures) {
        (true, ..) => 0,
        (_, true, 9) => 1,
        (_, true, 12) => 4,
        _ => 8,
    }
}
