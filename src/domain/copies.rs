//! Copies that were issued: what the log "Sổ cấp bản sao trích lục hộ tịch" keeps of each.

use jiff::civil::Date;
use serde::Serialize;

use super::{ContentHash, DraftRecord, Projection, RecordName, Rectangle};

/// Pixels shown around an entry.
const ENTRY_MARGIN: i32 = 6;

/// The number of a copy. Written `12/2026/TLKS-BS`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyNumber {
    /// The numbers it is one of.
    pub series: NumberSeries,
    /// Which of them, from 1.
    pub number: u32,
}

/// Who asks for a copy, and what goes into the log with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyRequest {
    /// Who asks: family name, middle name, given name.
    pub requester: String,
    /// What they are to the person registered (`bản thân`, `con`, an agency's letter).
    pub relation: String,
    /// The identity paper they showed, at least its number.
    pub identity_paper: String,
    /// How many copies they get.
    pub copies: u32,
    /// What they paid for all of them, in đồng.
    pub fee: u32,
    /// Who signs.
    pub signer: String,
    /// The office the signer holds.
    pub signer_title: String,
    /// Whatever else is to be noted.
    pub note: String,
    /// The account that issues.
    pub issued_by: String,
    /// The day the copy is of.
    pub on: Date,
}

/// Numbers of one kind of paper in one year: they begin with 1 and have no gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberSeries {
    /// What stands behind the number, such as `TLKS-BS`.
    pub symbol: String,
    /// The year.
    pub year: i16,
}

/// What of a paper goes into the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedPaper {
    /// The name of its layout.
    pub id: String,
    /// What it is called in Vietnamese.
    pub name: String,
    /// The numbers it takes.
    pub series: NumberSeries,
}

/// A copy as the log has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssuedCopy {
    /// Its place in the log of its year, from 1.
    pub place: u32,
    /// What stands behind the number.
    pub symbol: String,
    /// The year.
    pub year: i16,
    /// Its number in that year.
    pub number: u32,
    /// The paper, by the name of its layout.
    pub paper: String,
    /// What the paper is called in Vietnamese.
    pub paper_name: String,
    /// The record it is an extract of.
    #[serde(serialize_with = "as_text")]
    pub record: RecordName,
    /// Who asked.
    pub requester: String,
    /// What they are to the person registered.
    pub relation: String,
    /// The identity paper they showed.
    pub identity_paper: String,
    /// How many copies.
    pub copies: u32,
    /// What was paid, in đồng.
    pub fee: u32,
    /// Who signed.
    pub signer: String,
    /// The office the signer holds.
    pub signer_title: String,
    /// Whatever else was noted.
    pub note: String,
    /// The account that issued it.
    pub issued_by: String,
    /// The day it is of.
    #[serde(serialize_with = "as_text")]
    pub on: Date,
    /// When it was issued (UTC).
    pub at: String,
    /// The hash of everything it says; part of its code.
    #[serde(serialize_with = "as_text")]
    pub content: ContentHash,
    /// SHA-256 of the document.
    #[serde(serialize_with = "as_text")]
    pub document: ContentHash,
    /// Why, by whom and when it was voided, if it was.
    pub voided: Option<Voided>,
}

/// That a copy was voided: a spoiled print. Its number is never given out again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Voided {
    /// Why.
    pub reason: String,
    /// The account that voided it.
    pub who: String,
    /// When (UTC).
    pub at: String,
}

/// A record as it stands at the moment a copy of it is made.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordToIssue {
    /// The number of the entry in its store.
    pub entry: i64,
    /// The record, with the rules it breaks.
    pub record: DraftRecord,
    /// The office that kept its book, as the cover says; empty when it does not.
    pub registered_at: String,
    /// The picture of its page; none when there is none.
    pub picture: Option<EntryPicture>,
}

/// Where the picture of an entry is.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryPicture {
    /// The file name of the picture of its page.
    pub image: String,
    /// From pixels of the picture to pixels of the scan.
    pub to_scan: Projection,
    /// Whether no other entry stands on the page.
    pub alone: bool,
}

impl EntryPicture {
    /// Where on the picture the ink of the entry `record` stands, with a margin; the whole picture (none) when it is
    /// alone there. What stands beside it belongs to other people: the places of fields reach into their rows.
    #[must_use]
    pub fn area(&self, record: &DraftRecord) -> Option<Rectangle> {
        let ink = record.fields.iter().filter_map(|field| field.ink).reduce(|all, ink| all.union(&ink));
        let places = record.fields.iter().map(|field| field.place).reduce(|all, place| all.union(&place));
        let area = ink.or(places).filter(|area| !self.alone && !area.is_empty())?;
        Some(self.to_scan.inverse().bounds(area).grown(ENTRY_MARGIN))
    }
}

/// A document that was made, before it is in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeCopy {
    /// The hash of everything it says.
    pub content: ContentHash,
    /// The document.
    pub pdf: Vec<u8>,
}

impl std::str::FromStr for CopyNumber {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.splitn(3, '/');
        let mut next = || parts.next().filter(|part| !part.is_empty());
        let parsed = || {
            let (number, year, symbol) = (next()?.parse().ok()?, next()?.parse().ok()?, next()?);
            Some(Self { number, series: NumberSeries { symbol: symbol.to_owned(), year } })
        };
        let mut parsed = parsed;
        parsed()
            .filter(|of| of.number > 0)
            .ok_or_else(|| format!("\"{text}\" is no number of a copy: write it as 12/2026/TLKS-BS"))
    }
}

impl NumberSeries {
    /// Number `number` of the series, as people write it: `12/2026/TLKS-BS`.
    #[must_use]
    pub fn number(&self, number: u32) -> String {
        format!("{number:02}/{}/{}", self.year, self.symbol)
    }
}

impl IssuedCopy {
    /// Its number as people write it: `12/2026/TLKS-BS`.
    #[must_use]
    pub fn number_text(&self) -> String {
        NumberSeries { symbol: self.symbol.clone(), year: self.year }.number(self.number)
    }
}

fn as_text<S: serde::Serializer>(value: &impl ToString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&value.to_string())
}

#[cfg(test)]
mod tests {
    use super::CopyNumber;

    #[test]
    fn the_number_of_a_copy_is_read_as_it_is_written() {
        let of: CopyNumber = "07/2026/TLKS-BS".parse().unwrap();
        assert_eq!((of.number, of.series.year, of.series.symbol.as_str()), (7, 2026, "TLKS-BS"));
        assert_eq!(of.series.number(of.number), "07/2026/TLKS-BS");
        for wrong in ["", "7", "7/2026", "0/2026/TLKS-BS", "7//TLKS-BS", "7/2026/", "x/2026/TLKS-BS"] {
            assert!(wrong.parse::<CopyNumber>().is_err(), "{wrong}");
        }
    }
}
