//! What an extract says, worked out of a verified record.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::wording::{self, DateParts, TimeParts};
use super::{IssueError, Job, Paper, ProofCode};
use crate::domain::{
    ContentHash, FieldName, FieldType, PartialDate, RecordName, VerifiedRecord, VerifiedValue, catalogue,
};

/// What an extract says of a field that nobody can read.
const ILLEGIBLE: &str = "(không đọc được)";

/// The name under which layouts find the picture of the entry.
const PICTURE: &str = "entry.jpg";

/// The office that issues, as its papers name it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Office {
    /// The office above it, in the first line, such as `thành phố Hà Nội`.
    pub superior: String,
    /// Its name, such as `Ủy ban nhân dân phường Vĩnh Tuy`.
    pub name: String,
    /// The place in front of the date, such as `Vĩnh Tuy`.
    pub place: String,
    /// Who signs when nobody else is named.
    pub signer: Signer,
    /// The fee for one copy, in đồng.
    pub fee: u32,
}

/// Who signs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Signer {
    /// Family name, middle name, given name.
    pub name: String,
    /// The office held, such as `Chủ tịch`.
    pub title: String,
}

/// An extract: a paper, the record it is made of, and who issues it on which day.
#[derive(Debug, Clone, PartialEq)]
pub struct Extract {
    paper: Paper,
    record: RecordName,
    said: Said,
    date: Date,
}

/// What a layout gets to print.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Said {
    form: Head,
    office: OfficeLines,
    signer: Signer,
    date: DateParts,
    number: String,
    registered_at: String,
    fields: BTreeMap<String, String>,
    dates: BTreeMap<String, DateParts>,
    words: BTreeMap<String, String>,
    times: BTreeMap<String, TimeParts>,
    specimen: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Head {
    name: String,
    follows: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct OfficeLines {
    superior: String,
    name: String,
    place: String,
}

impl Extract {
    /// The extract `paper` of `record`. `registered_at` is the office that kept the book, for records that do
    /// not say where they were registered.
    ///
    /// # Errors
    /// [`IssueError::OtherKind`] when the paper is made of other entries, [`IssueError::NotInForce`] when it may
    /// not be issued on `date`.
    pub fn new(
        paper: &Paper,
        record: &VerifiedRecord,
        (office, signer): (&Office, &Signer),
        registered_at: &str,
        date: Date,
    ) -> Result<Self, IssueError> {
        if let Some(kind) = paper.kind.filter(|kind| *kind != record.kind()) {
            let paper = paper.name.clone();
            return Err(IssueError::OtherKind { paper, paper_kind: kind, record: record.kind() });
        }
        if !paper.in_force(date) {
            return Err(IssueError::NotInForce { paper: paper.name.clone(), date });
        }
        let mut said = Said {
            form: Head { name: paper.name.clone(), follows: paper.follows.clone() },
            office: office.into(),
            signer: signer.clone(),
            date: PartialDate::from_day(date.year(), date.month(), date.day())
                .map(DateParts::from)
                .unwrap_or_default(),
            number: String::new(),
            registered_at: registered_at.to_owned(),
            fields: BTreeMap::new(),
            dates: BTreeMap::new(),
            words: BTreeMap::new(),
            times: BTreeMap::new(),
            specimen: false,
        };
        paper.fields.iter().for_each(|field| said.say(record, field));
        if let Some(place) = said.fields.get("registration.place").filter(|place| !place.is_empty()) {
            said.registered_at.clone_from(place);
        }
        Ok(Self { paper: paper.clone(), record: record.name().clone(), said, date })
    }

    /// Marks it as no paper of an office.
    #[must_use]
    pub fn into_specimen(mut self) -> Self {
        self.said.specimen = true;
        self
    }

    /// The paper.
    #[must_use]
    pub fn paper(&self) -> &Paper {
        &self.paper
    }

    /// The day it is of.
    #[must_use]
    pub fn date(&self) -> Date {
        self.date
    }

    /// The code of the copy with this number: the number, the record and the hash of everything the copy says.
    #[must_use]
    pub fn code(&self, number: u32) -> ProofCode {
        let mut hash = Sha256::new();
        hash.update(serde_json::to_vec(&self.numbered(number)).unwrap_or_default());
        ProofCode {
            symbol: self.paper.symbol.clone(),
            year: self.date.year(),
            number,
            record: self.record.clone(),
            hash: ContentHash(hash.finalize().into()),
        }
    }

    /// What the press is given for the copy with this number; with the picture of the entry (a JPEG) a proof
    /// page follows, with the picture and the code.
    ///
    /// # Errors
    /// [`IssueError::Layout`] when the data cannot be handed on.
    pub fn job(&self, number: u32, entry: Option<Vec<u8>>) -> Result<Job, IssueError> {
        let code = self.code(number);
        let identity = format!("{} {}", code.number_text(), self.record);
        let mut job = Job::new(&self.paper.id, &self.numbered(number), &identity, self.date)?;
        if let (Some(picture), Some(data)) = (entry, job.data.as_object_mut()) {
            let proof = serde_json::json!({
                "picture": PICTURE,
                "record": self.record.to_string(),
                "number": code.number_text(),
                "code": code.to_string(),
                "modules": code.modules(),
            });
            data.insert("proof".to_owned(), proof);
            job.files.push((PICTURE.to_owned(), picture));
        }
        Ok(job)
    }

    fn numbered(&self, number: u32) -> Said {
        let number = if number == 0 { "........".to_owned() } else { format!("{number:02}") };
        Said { number: format!("{number}/{}", self.paper.symbol), ..self.said.clone() }
    }
}

impl From<&Office> for OfficeLines {
    fn from(office: &Office) -> Self {
        let Office { superior, name, place, .. } = office.clone();
        Self { superior, name, place }
    }
}

impl Said {
    /// Puts down what `record` says of `field`, in the ways layouts may want it.
    fn say(&mut self, record: &VerifiedRecord, field: &FieldName) {
        let name = field.to_string();
        let value = match record.value(field) {
            VerifiedValue::Value(value) => value.as_str(),
            VerifiedValue::Blank => "",
            VerifiedValue::Illegible => {
                self.fields.insert(name, ILLEGIBLE.to_owned());
                return;
            }
        };
        let date = value.parse::<PartialDate>().ok();
        let text = match (catalogue::field_type(record.kind(), field), date) {
            (FieldType::Date, Some(date)) => {
                self.dates.insert(name.clone(), date.into());
                self.words.insert(name.clone(), wording::written_out(date));
                wording::figures(date)
            }
            (FieldType::DateWords, Some(date)) => wording::written_out(date),
            (FieldType::Sex, _) => wording::sex(value).to_owned(),
            (FieldType::Time, _) => {
                self.times.insert(name.clone(), TimeParts::new(value));
                value.to_owned()
            }
            _ => crate::domain::text::clean(value),
        };
        self.fields.insert(name, text);
    }
}
