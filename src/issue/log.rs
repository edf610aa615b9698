//! The log "Sổ cấp bản sao trích lục hộ tịch" on paper and as a spreadsheet: the seven columns of
//! `models/lists/extract_forms.csv`. What its columns have no room for (number, relation, fee, a voided print)
//! stands in those where a clerk would write it.

use jiff::civil::Date;
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};
use serde::Serialize;

use super::{IssueError, Job, Office};
use crate::domain::IssuedCopy;

/// The columns of the log.
pub const COLUMNS: [&str; 7] = [
    "STT",
    "Ngày, tháng, năm cấp bản sao Trích lục",
    "Họ, chữ đệm, tên, giấy tờ tùy thân của người yêu cầu cấp bản sao Trích lục",
    "Loại bản sao Trích lục",
    "Họ, chữ đệm, tên, chức vụ của người ký cấp bản sao Trích lục",
    "Số lượng bản sao",
    "Ghi chú",
];

/// Their widths in the spreadsheet, in characters.
const WIDTHS: [f64; 7] = [6.0, 16.0, 44.0, 30.0, 34.0, 10.0, 44.0];

#[derive(Serialize)]
struct Said<'a> {
    form: Head,
    office: &'a Office,
    span: String,
    columns: [&'static str; 7],
    rows: Vec<[String; 7]>,
    total: String,
}

#[derive(Serialize)]
struct Head {
    name: &'static str,
}

/// What the press is given to print the log of `year` (of every year when there is none) as it stands on
/// `date`.
///
/// # Errors
/// [`IssueError::Layout`] when the data cannot be handed on.
pub fn log_job(
    log: &[IssuedCopy],
    year: Option<i16>,
    office: &Office,
    date: Date,
) -> Result<Job, IssueError> {
    let said = Said {
        form: Head { name: "Sổ cấp bản sao trích lục hộ tịch" },
        office,
        span: year.map(|year| format!("Năm {year}")).unwrap_or_default(),
        columns: COLUMNS,
        rows: log.iter().map(row).collect(),
        total: total(log),
    };
    let years = year.map(|year| year.to_string()).unwrap_or_default();
    Job::new("log", &said, &format!("log {years} {}", log.len()), date)
}

/// The log as XLSX: its seven columns under their names, dates as text.
///
/// # Errors
/// [`IssueError::Sheet`] when it cannot be made.
pub fn log_sheet(log: &[IssuedCopy]) -> Result<Vec<u8>, IssueError> {
    sheet(log).map_err(|error| IssueError::Sheet(error.to_string()))
}

fn sheet(log: &[IssuedCopy]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let cell = Format::new().set_border(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::Top);
    let head = cell.clone().set_bold().set_align(FormatAlign::Center);
    let sheet = workbook.add_worksheet();
    sheet.set_name("So cap ban sao")?;
    for (column, (name, width)) in (0_u16..).zip(COLUMNS.iter().zip(WIDTHS)) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, *name, &head)?;
    }
    for (line, copy) in (1_u32..).zip(log) {
        for (column, text) in (0_u16..).zip(row(copy)) {
            sheet.write_string_with_format(line, column, text, &cell)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    workbook.save_to_buffer()
}

/// The seven columns of a copy.
#[must_use]
pub fn row(copy: &IssuedCopy) -> [String; 7] {
    let requester = join([copy.requester.as_str(), copy.relation.as_str(), copy.identity_paper.as_str()]);
    [
        copy.place.to_string(),
        copy.on.strftime("%d/%m/%Y").to_string(),
        requester,
        format!("{}, số {}", copy.paper_name, copy.number_text()),
        join([copy.signer.as_str(), copy.signer_title.as_str()]),
        copy.copies.to_string(),
        remark(copy),
    ]
}

/// The last column: that it was voided and why, the fee, and what the clerk noted.
fn remark(copy: &IssuedCopy) -> String {
    let voided = copy.voided.as_ref().map(|voided| format!("HỦY: {}", voided.reason)).unwrap_or_default();
    let fee = if copy.fee > 0 { format!("lệ phí {} đồng", grouped(copy.fee)) } else { String::new() };
    join([voided.as_str(), copy.note.as_str(), fee.as_str()])
}

fn join<const N: usize>(parts: [&str; N]) -> String {
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("; ")
}

/// A number with a stop before every three digits.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let split = |i: usize| i > 0 && (digits.len() - i).is_multiple_of(3);
    digits
        .chars()
        .enumerate()
        .flat_map(|(i, digit)| split(i).then_some('.').into_iter().chain([digit]))
        .collect()
}

/// What the log comes to; voided prints are no copies.
fn total(log: &[IssuedCopy]) -> String {
    let good: Vec<_> = log.iter().filter(|copy| copy.voided.is_none()).collect();
    let (copies, fees) = good.iter().fold((0, 0), |(copies, fees), c| (copies + c.copies, fees + c.fee));
    let voided = log.len() - good.len();
    format!(
        "Tổng cộng: {} lần cấp, {copies} bản sao, {} đồng; {voided} bản in hỏng đã hủy.",
        good.len(),
        grouped(fees)
    )
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::{COLUMNS, grouped, log_sheet, row, total};
    use crate::domain::{ContentHash, IssuedCopy, Voided};

    /// Copy `number` of an invented log.
    pub fn copy(number: u32) -> IssuedCopy {
        IssuedCopy {
            place: number,
            symbol: "TLKS-BS".to_owned(),
            year: 2026,
            number,
            paper: "birth-extract".to_owned(),
            paper_name: "Trích lục khai sinh (bản sao)".to_owned(),
            record: "ks-1978/001.jpg:2".parse().unwrap(),
            requester: "Lê Văn Ẩn".to_owned(),
            relation: "bản thân".to_owned(),
            identity_paper: "CCCD 040078000001".to_owned(),
            copies: 2,
            fee: 16_000,
            signer: "Đặng Thị Hằng".to_owned(),
            signer_title: "Phó Chủ tịch".to_owned(),
            note: String::new(),
            issued_by: "lan".to_owned(),
            on: jiff::civil::date(2026, 11, 22),
            at: "2026-11-22T03:00:00Z".to_owned(),
            content: ContentHash([1; 32]),
            document: ContentHash([2; 32]),
            voided: None,
        }
    }

    #[test]
    fn a_copy_fills_the_seven_columns() {
        let mut spoiled = copy(7);
        let reason = "máy in kẹt giấy".to_owned();
        spoiled.voided =
            Some(Voided { reason, who: "lan".to_owned(), at: "2026-11-22T03:05:00Z".to_owned() });
        let wanted = [
            "7",
            "22/11/2026",
            "Lê Văn Ẩn; bản thân; CCCD 040078000001",
            "Trích lục khai sinh (bản sao), số 07/2026/TLKS-BS",
            "Đặng Thị Hằng; Phó Chủ tịch",
            "2",
            "HỦY: máy in kẹt giấy; lệ phí 16.000 đồng",
        ];
        assert_eq!(row(&spoiled), wanted);
        assert_eq!(
            total(&[copy(1), spoiled]),
            "Tổng cộng: 1 lần cấp, 2 bản sao, 16.000 đồng; 1 bản in hỏng đã hủy."
        );
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1.000", "1.234.567"]);
    }

    #[test]
    fn the_spreadsheet_reads_back_cell_by_cell() {
        let log = [copy(1), copy(2)];
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(log_sheet(&log).unwrap())).unwrap();
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        let read: Vec<Vec<String>> =
            sheet.rows().map(|row| row.iter().map(Data::to_string).collect()).collect();
        assert_eq!(read[0], COLUMNS);
        assert_eq!(read[1], row(&log[0]));
        assert_eq!(read[2], row(&log[1]));
        assert!(sheet.rows().flatten().all(|cell| matches!(cell, Data::String(_))), "all cells are text");
    }
}
