//! Invented books for the tests of certificates.

use crate::domain::{
    Book, BookContents, BookCover, BookPage, BookPageFinding, Candidate, Confidence, DraftField, DraftRecord,
    FieldName, FieldStatus, FieldType, Fit, FormId, Kind, Rectangle, ScanName, Seconded,
};

/// An entry number as read.
pub fn number_field(number: u32, status: FieldStatus, confidence: f64, others: &[(u32, f64)]) -> DraftField {
    let candidates = others.iter().map(|(number, confidence)| Candidate {
        value: number.to_string(),
        text: number.to_string(),
        confidence: Confidence::clamped(*confidence),
        fit: Fit::Parsed(1.0),
        seconded: Seconded::Unknown,
    });
    DraftField {
        candidates: candidates.collect(),
        ..field("entry.number", FieldType::Number, &number.to_string(), status, confidence)
    }
}

/// A field.
pub fn field(
    name: &str,
    field_type: FieldType,
    value: &str,
    status: FieldStatus,
    confidence: f64,
) -> DraftField {
    DraftField {
        value: value.to_owned(),
        raw: value.to_owned(),
        confidence: Confidence::clamped(confidence),
        status,
        ..DraftField::unread(FieldName::from(name), field_type, Rectangle::new(0, 0, 9, 9))
    }
}

/// A birth with an accepted number and date.
pub fn birth(scan: &str, entry: u32, number: u32, date: &str) -> DraftRecord {
    DraftRecord {
        scan: ScanName(scan.to_owned()),
        entry,
        kind: Kind::Birth,
        form: FormId::new("birth-2006"),
        form_match: Confidence::clamped(0.9),
        fields: vec![
            number_field(number, FieldStatus::Accepted, 0.998, &[]),
            field("registration.date", FieldType::Date, date, FieldStatus::Accepted, 0.99),
            field("child.name", FieldType::PersonName, &name(number), FieldStatus::Review, 0.8),
        ],
        rules: Vec::new(),
    }
}

/// A name no other number of a book has.
fn name(number: u32) -> String {
    let part = |n: u32| {
        ["An", "Bách", "Châu", "Dũng", "Giang", "Hiếu", "Khoa", "Lan", "Minh", "Oanh"][n as usize % 10]
    };
    format!("Nguyễn {} {} {}", part(number / 100), part(number / 10), part(number))
}

/// A page of a form.
pub fn page(scan: &str, records: Vec<DraftRecord>) -> BookPage {
    let finding = BookPageFinding::Form { form: FormId::new("birth-2006"), kind: Kind::Birth };
    BookPage { scan: ScanName(scan.to_owned()), finding, records }
}

/// A book of `year` with numbers `first` on, `entries` on each of `pages` pages.
pub fn book(year: i16, first: u32, pages: u32, entries: u32) -> BookContents {
    let page_of = |position: u32| {
        let scan = format!("a-1/{:03}.jpg", position + 1);
        let records = (0..entries).map(|entry| {
            let number = first + position * entries + entry;
            let day = 1 + position * 360 / pages.max(1);
            birth(&scan, entry + 1, number, &format!("{year}-{:02}-{:02}", 1 + day / 31, 1 + day % 28))
        });
        page(&scan, records.collect())
    };
    BookContents {
        book: Book {
            name: "a-1".to_owned(),
            cover: BookCover {
                kind: Some(Kind::Birth),
                year: Some(year),
                first_number: Some(first),
                last_number: Some(first + pages * entries - 1),
                ..BookCover::default()
            },
        },
        pages: (0..pages).map(page_of).collect(),
        same_content: Vec::new(),
        statements: Vec::new(),
    }
}
