//! What was worked out of an entry, field by field, with everything that speaks for and against it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{
    Confidence, EngineVersion, FieldName, FieldStatus, FieldType, FormId, Kind, Mark, RecordName, Rectangle,
    ScanName, text,
};

/// How grave a broken rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A hint; raises or lowers confidence only.
    Info,
    /// A person must look.
    Query,
    /// Nothing is issued or handed over before a person has settled it.
    Block,
}

/// A rule of `models/lists/validation_rules.csv` that an entry breaks. It asks "is the
/// transcription right?"; it never changes a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiredRule {
    /// Its id, such as `V017`.
    pub rule: String,
    /// How grave it is.
    pub severity: Severity,
    /// The fields it compares.
    pub fields: Vec<FieldName>,
    /// What is odd, in words; holds no value of the record.
    pub message: String,
}

/// How a text fits the type of its field.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fit {
    /// It parses; 1 when nothing had to be made good.
    Parsed(f64),
    /// It is a word of the field's list.
    Listed,
    /// It was none, and became the only word of the list that is one slip away.
    Mended,
    /// It is no word of the list.
    Unlisted,
    /// Free writing: a name, a place, a text.
    Free,
    /// A mark that says "as above".
    Ditto,
    /// It does not parse.
    Unread,
}

/// One value a field may have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The normalised value, as [`DraftField::value`] has it.
    pub value: String,
    /// The text it was made of, as the engine read it.
    pub text: String,
    /// How likely the engine held this text.
    pub confidence: Confidence,
    /// How the text fits the type of the field.
    pub fit: Fit,
    /// Whether a second engine reads the same.
    #[serde(default, rename = "second", skip_serializing_if = "Seconded::is_unknown")]
    pub seconded: Seconded,
}

impl Candidate {
    /// Whether one of the candidates of a field was read on a page whose writing a second engine seems to read as well,
    /// or there is none that says otherwise.
    #[must_use]
    pub fn seem_plain(candidates: &[Self]) -> bool {
        candidates.is_empty() || candidates.iter().any(|candidate| !candidate.seconded.is_unknown())
    }
}

/// Whether a second engine reads what a first one has read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seconded {
    /// There is none that reads such writing.
    #[default]
    Unknown,
    /// It reads the writing of the page, and was not asked.
    Unasked,
    /// It reads something else.
    Differs,
    /// It reads the same.
    Agrees,
}

impl Seconded {
    /// Whether there is no second engine for the writing.
    fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }
}

/// So many of the words that a second engine is asked about it reads alike in a book of plain writing, and that much
/// is taken for granted, in words, where it was asked about few. (Made books: at least 0.36 in print and typescript,
/// at most 0.37 in all but the clearest hands.)
const READ_ALIKE: f64 = 0.4;
const TAKEN_FOR_GRANTED: (f64, f64) = (2.0, 4.0);

/// Whether the writing of a book is plain: print, a typewriter, or a hand so clear that a second engine reads it as
/// well.
#[must_use]
pub fn is_plain(records: &[DraftRecord]) -> bool {
    let fields = records.iter().flat_map(|record| &record.fields);
    let asked = fields.filter_map(|field| field.candidates.first()).map(|own| own.seconded);
    let (alike, all) = asked.fold(TAKEN_FOR_GRANTED, |(alike, all), seconded| match seconded {
        Seconded::Agrees => (alike + 1.0, all + 1.0),
        Seconded::Differs => (alike, all + 1.0),
        Seconded::Unknown | Seconded::Unasked => (alike, all),
    });
    alike >= READ_ALIKE * all
}

/// Why a person must look at a field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The value is less likely right than the limit on errors asks for.
    NotSure,
    /// Too few verified values of its stratum are known to accept any.
    TooFewVerified,
    /// Nothing was read, and it is not sure that nothing is written.
    BlankNotSure,
    /// A rule asks; its id.
    Rule(String),
    /// Its number or date does not run on with those of the neighbouring entries.
    OutOfSequence,
    /// The book says nearly the same many times.
    UnlikeTheBook,
    /// Something in it is struck through.
    Struck,
    /// It stands elsewhere than in the other entries of the book.
    Astray,
    /// An entry about the same event or person says something else.
    UnlikeLinked,
    /// A spreadsheet into which the entry was keyed says something else.
    UnlikeKeyed,
    /// The name of someone the entry is about is blank.
    NobodyRegistered,
    /// Nothing was read for the number of an entry of its page, so that its rows may have been cut wrongly.
    PageUnsound,
    /// An audit has broken the bound of its stratum.
    BoundBroken,
}

/// One field of a draft record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DraftField {
    /// Which field.
    pub name: FieldName,
    /// What kind of value it holds.
    pub field_type: FieldType,
    /// The normalised value: dates as ISO, sex as male, female or unknown, everything else as
    /// written; NFC. Empty when blank, unread or not parsable (then `raw` holds what was read).
    pub value: String,
    /// What was read, as read; what is struck through in double brackets
    /// (see [`as_struck`](super::text::as_struck)).
    pub raw: String,
    /// How likely `value` is right.
    pub confidence: Confidence,
    /// Where it stands.
    pub status: FieldStatus,
    /// The ink, in pixels of the scan; none when blank.
    pub ink: Option<Rectangle>,
    /// The place of the field, ink or not, in pixels of the scan.
    pub place: Rectangle,
    /// How sure it is that nothing is written there: 1 on clean paper, 0 on clear writing.
    pub blank: Confidence,
    /// The values it may have: the one that the reading alone speaks for, then the others, likeliest
    /// first; none when nothing was read.
    pub candidates: Vec<Candidate>,
    /// Why a person must look; none unless the status is review.
    pub reasons: Vec<Reason>,
    /// Whether a person has settled it; then no reading and no evidence moves it.
    #[serde(default)]
    pub settled: bool,
    /// What the person found beside the value.
    #[serde(default)]
    pub marks: Vec<Mark>,
    /// Who read it; none when there was nothing to read.
    pub engine: Option<EngineVersion>,
}

/// One entry as read by the machine, before any person has seen it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DraftRecord {
    /// The scan it stands on.
    pub scan: ScanName,
    /// Which entry of the scan, from 1, top to bottom.
    pub entry: u32,
    /// What it registers.
    pub kind: Kind,
    /// The form it stands on.
    pub form: FormId,
    /// How well the page fits the form.
    pub form_match: Confidence,
    /// Its fields, in the order of the form.
    pub fields: Vec<DraftField>,
    /// The rules it breaks.
    pub rules: Vec<FiredRule>,
}

impl DraftField {
    /// What was read, but for what is struck through.
    #[must_use]
    pub fn standing(&self) -> Cow<'_, str> {
        text::without_struck(&self.raw)
    }

    /// The field called `name` at `place`, of which nothing has been read yet.
    #[must_use]
    pub fn unread(name: FieldName, field_type: FieldType, place: Rectangle) -> Self {
        Self {
            name,
            field_type,
            value: String::new(),
            raw: String::new(),
            confidence: Confidence::NONE,
            status: FieldStatus::Review,
            ink: None,
            place,
            blank: Confidence::NONE,
            candidates: Vec::new(),
            reasons: Vec::new(),
            settled: false,
            marks: Vec::new(),
            engine: None,
        }
    }
}

impl DraftRecord {
    /// What it is called.
    #[must_use]
    pub fn record_name(&self) -> RecordName {
        RecordName { scan: self.scan.clone(), entry: self.entry }
    }

    /// The field called `name`, when the form has it.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&DraftField> {
        self.fields.iter().find(|field| field.name.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::{Candidate, DraftField, DraftRecord, Fit, Seconded, is_plain};
    use crate::domain::{Confidence, FieldType, FormId, Kind, Rectangle, ScanName};

    /// A book of one entry with a field for each of these.
    fn book(seconded: &[(Seconded, usize)]) -> [DraftRecord; 1] {
        let field = |seconded: Seconded| DraftField {
            candidates: vec![Candidate {
                value: "An".to_owned(),
                text: "An".to_owned(),
                confidence: Confidence::clamped(0.9),
                fit: Fit::Free,
                seconded,
            }],
            ..DraftField::unread("child.name".into(), FieldType::PersonName, Rectangle::new(0, 0, 9, 9))
        };
        let fields = seconded.iter().flat_map(|(one, times)| std::iter::repeat_n(*one, *times)).map(field);
        [DraftRecord {
            scan: ScanName("a/1.jpg".to_owned()),
            entry: 1,
            kind: Kind::Birth,
            form: FormId::new("birth-1961"),
            form_match: Confidence::clamped(0.9),
            fields: fields.collect(),
            rules: Vec::new(),
        }]
    }

    #[test]
    fn a_book_is_plain_where_two_engines_often_read_alike() {
        use Seconded::{Agrees, Differs, Unasked, Unknown};
        for (seconded, plain) in [
            (&[(Agrees, 30_usize), (Differs, 5), (Unasked, 60)] as &[_], true),
            (&[(Agrees, 9), (Differs, 12)], true),
            (&[(Agrees, 12), (Differs, 30)], false),
            (&[(Differs, 4), (Unasked, 9)], false),
            (&[(Unasked, 9)], true),
            (&[(Unknown, 9), (Unasked, 2), (Differs, 3)], false),
        ] {
            assert_eq!(is_plain(&book(seconded)), plain, "{seconded:?}");
        }
    }
}
