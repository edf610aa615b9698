//! A page as picture and text: what stands where on its picture.

use super::{Confidence, DraftField, DraftRecord, FieldType, Projection, Rectangle};

/// A line of writing on the picture of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct TextLine {
    /// What is written: the value where a person settled it or it stands as written, else what was read.
    pub text: String,
    /// Where, in pixels of the picture.
    pub area: Rectangle,
    /// How likely it is right.
    pub confidence: Confidence,
}

/// The picture of a page with its entries, each a block of lines.
#[derive(Debug, Clone, PartialEq)]
pub struct TextPage {
    /// The file name of the picture.
    pub picture: String,
    /// Pixels of a row of the picture.
    pub width: u32,
    /// Rows of the picture.
    pub height: u32,
    /// The entries, top to bottom.
    pub entries: Vec<Vec<TextLine>>,
}

impl TextPage {
    /// The page with this picture, of `size` (width, height), and the records that stand on it; `to_scan` leads from the
    /// picture to the scan.
    #[must_use]
    pub fn new<'a>(
        picture: &str,
        (width, height): (u32, u32),
        to_scan: &Projection,
        records: impl IntoIterator<Item = &'a DraftRecord>,
    ) -> Self {
        let to_picture = to_scan.inverse();
        let lines = |record: &DraftRecord| {
            let fields = record.fields.iter().filter_map(|field| {
                let text = if is_as_written(field) { &field.value } else { &field.raw };
                let area = to_picture.bounds(field.ink?).within(width, height);
                let line = TextLine { text: text.clone(), area, confidence: field.confidence };
                (!text.is_empty() && !area.is_empty()).then_some(line)
            });
            fields.collect()
        };
        let entries = records.into_iter().map(lines).collect();
        Self { picture: picture.to_owned(), width, height, entries }
    }
}

/// Whether the value of a field is what stands on the paper: a person settled it and it is of no type whose values are
/// normalised, or nothing else is known.
fn is_as_written(field: &DraftField) -> bool {
    use FieldType::{Date, DateWords, Number, Sex};
    let normalised = matches!(field.field_type, Date | DateWords | Number | Sex);
    field.raw.is_empty() || (field.settled && !normalised)
}

#[cfg(test)]
mod tests {
    use super::TextPage;
    use crate::domain::{
        Confidence, DraftField, DraftRecord, FieldType, FormId, Kind, Projection, Rectangle, ScanName,
    };

    #[test]
    fn lines_stand_where_their_ink_is_on_the_picture() {
        let field = |name: &str, field_type, (value, raw): (&str, &str), ink| DraftField {
            value: value.to_owned(),
            raw: raw.to_owned(),
            ink,
            settled: true,
            ..DraftField::unread(name.into(), field_type, Rectangle::new(0, 0, 9, 9))
        };
        let ink = Some(Rectangle::new(20, 40, 60, 80));
        let record = DraftRecord {
            scan: ScanName("a-1/1.jpg".to_owned()),
            entry: 1,
            kind: Kind::Birth,
            form: FormId::new("birth-2006"),
            form_match: Confidence::FULL,
            fields: vec![
                field("child.name", FieldType::PersonName, ("Lê Ẩn", "Lê An"), ink),
                field("child.birth_date", FieldType::Date, ("1978-10-05", "5/10/78"), ink),
                field("notes", FieldType::Text, ("", ""), None),
            ],
            rules: Vec::new(),
        };
        let page = TextPage::new("1.jpg", (100, 100), &Projection::scaling(2.0, 2.0), [&record]);
        let lines: Vec<_> = page.entries[0].iter().map(|line| (line.text.as_str(), line.area)).collect();
        let area = Rectangle::new(10, 20, 30, 40);
        assert_eq!(lines, [("Lê Ẩn", area), ("5/10/78", area)]);
    }
}
