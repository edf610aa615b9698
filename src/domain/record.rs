//! What was worked out of an entry, field by field, with everything that speaks for and against it.

use serde::{Deserialize, Serialize};

use super::{
    Alternative, Confidence, EngineVersion, FieldName, FieldStatus, FieldType, FormId, Kind, Rectangle,
    ScanName,
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
    /// What was read, as read.
    pub raw: String,
    /// How likely `value` is right.
    pub confidence: Confidence,
    /// Where it stands.
    pub status: FieldStatus,
    /// The ink, in pixels of the scan; none when blank.
    pub ink: Option<Rectangle>,
    /// The place of the field, ink or not, in pixels of the scan.
    pub place: Rectangle,
    /// Other texts the engine held possible, best first.
    pub alternatives: Vec<Alternative>,
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
    /// Its fields, in the order of the form.
    pub fields: Vec<DraftField>,
    /// The rules it breaks.
    pub rules: Vec<FiredRule>,
}

impl DraftRecord {
    /// The field called `name`, when the form has it.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&DraftField> {
        self.fields.iter().find(|field| field.name.as_str() == name)
    }
}
