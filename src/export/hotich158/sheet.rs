//! The spreadsheet of the bundle, and reading one back.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::{DocProperties, Format, Workbook, XlsxError};

use super::columns::{codes, columns};
use super::{Cell, HandedOver, row};
use crate::domain::Kind;
use crate::export::ExportError;

/// What the template calls its sheets.
const SHEETS: [&str; 2] = ["DL Import", "Ghi chu"];

/// Who our sheets say made them.
const AUTHOR: &str = "hotich";

/// Whether a spreadsheet is one of ours: what it says was taken from the records, and speaks for none of them.
#[must_use]
pub fn is_own_sheet(bytes: &[u8]) -> bool {
    let author = || {
        let mut book = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
        let mut properties = String::new();
        book.by_name("docProps/core.xml").ok()?.take(65_536).read_to_string(&mut properties).ok()?;
        Some(properties)
    };
    author().is_some_and(|properties| properties.contains(&format!("<dc:creator>{AUTHOR}</dc:creator>")))
}

/// The entries as the Ministry's import sheet: a head with the exact names of the columns, a row an entry, codes
/// and page numbers as numbers and everything else as text; on the second sheet what the codes mean.
///
/// # Errors
/// [`ExportError::Sheet`] when it cannot be made.
pub fn sheet(kind: Kind, entries: &[HandedOver<'_>]) -> Result<Vec<u8>, ExportError> {
    made(kind, entries).map_err(|error| ExportError::Sheet(error.to_string()))
}

fn made(kind: Kind, entries: &[HandedOver<'_>]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_author(AUTHOR));
    let text = Format::new().set_num_format("@");
    let data = workbook.add_worksheet().set_name(SHEETS[0])?;
    for (column, known) in (0_u16..).zip(columns(kind)) {
        data.write_string_with_format(0, column, &known.name, &Format::new().set_bold())?;
    }
    for (line, entry) in (1_u32..).zip(entries) {
        for (column, cell) in (0_u16..).zip(row(entry, line)) {
            match cell {
                Cell::Text(value) => data.write_string_with_format(line, column, value, &text)?,
                Cell::Number(value) => data.write_number(line, column, value)?,
                Cell::Empty => continue,
            };
        }
    }
    data.set_freeze_panes(1, 0)?;
    let notes = workbook.add_worksheet().set_name(SHEETS[1])?;
    for (line, code) in (0_u32..).zip(codes()) {
        notes.write_string(line, 0, &code.list)?;
        if let Some(number) = code.code {
            notes.write_number(line, 1, number)?;
        }
        notes.write_string(line, 2, &code.text)?;
    }
    workbook.save_to_buffer()
}

/// The rows of a sheet in this format: of each the columns by name, empty ones left out. Columns may stand in
/// another order or be missing; a head in one of the first five rows is looked for.
///
/// # Errors
/// [`ExportError::Sheet`] when it is no spreadsheet, or none of its sheets has a head with `so` and `ngayDangKy`.
pub fn read_sheet(bytes: &[u8]) -> Result<Vec<Vec<(String, String)>>, ExportError> {
    let wrong = |message: String| ExportError::Sheet(message);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| wrong(error.to_string()))?;
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).map_err(|error| wrong(error.to_string()))?;
        let rows: Vec<&[Data]> = range.rows().collect();
        let is_head = |row: &&[Data]| {
            ["so", "ngayDangKy"].iter().all(|wanted| row.iter().any(|cell| text(cell) == *wanted))
        };
        let Some(head) = rows.iter().take(5).position(is_head) else { continue };
        let names: Vec<String> = rows[head].iter().map(text).collect();
        let filled = rows[head + 1..].iter().map(|row| {
            let cells = names.iter().cloned().zip(row.iter().map(text));
            cells.filter(|(name, value)| !name.is_empty() && !value.is_empty()).collect::<Vec<_>>()
        });
        return Ok(filled.filter(|row| !row.is_empty()).collect());
    }
    Err(wrong("none of its sheets has a head with the columns so and ngayDangKy".to_owned()))
}

/// A cell as text; dates that a spreadsheet keeps as numbers become `dd.mm.yyyy`.
fn text(cell: &Data) -> String {
    if let (Data::DateTime(_) | Data::DateTimeIso(_), Some(date)) = (cell, day(cell)) {
        return date;
    }
    match cell {
        Data::Float(number) if number.fract() == 0.0 => format!("{number:.0}"),
        other => crate::domain::text::clean(&other.to_string()),
    }
}

fn day(cell: &Data) -> Option<String> {
    match cell {
        Data::DateTime(date) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            Some(format!("{day:02}.{month:02}.{year:04}"))
        }
        Data::DateTimeIso(text) => {
            let date: jiff::civil::Date = text.get(..10)?.parse().ok()?;
            Some(date.strftime("%d.%m.%Y").to_string())
        }
        _ => None,
    }
}
