//! A record as it is handed on: one JSON object a line.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{
    Confidence, DraftField, DraftRecord, FieldName, FieldStatus, FormId, Kind, Rectangle, ScanName, SkewAngle,
};

/// One field of a record as it is handed on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExportedField {
    /// The normalised value: dates as ISO, sex as male, female or unknown, everything else as
    /// written; empty when blank, unread or not parsable.
    pub value: String,
    /// What was read, as read.
    pub raw: String,
    /// How likely `value` is right.
    pub confidence: Confidence,
    /// Where it stands.
    pub status: FieldStatus,
    /// The ink, in pixels of the scan; none (`null`) when there is none.
    #[serde(rename = "box")]
    pub ink: Option<Rectangle>,
}

/// One record as it is handed on; `serde_json` writes it as one line of the JSON-lines export.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExportedRecord {
    /// The scan it stands on.
    pub scan: ScanName,
    /// Which entry of the scan, from 1, top to bottom.
    pub entry: u32,
    /// What it registers.
    pub kind: Kind,
    /// The form it stands on.
    pub form: FormId,
    /// The skew of the scan in degrees; none (`null`) when it was not sure enough to say.
    pub skew_deg: Option<SkewAngle>,
    /// Its fields, in the order of the form.
    pub fields: IndexMap<FieldName, ExportedField>,
}

impl ExportedRecord {
    /// The draft `record` of a scan with this `skew`, as it is handed on.
    #[must_use]
    pub fn from_draft(record: &DraftRecord, skew: Option<SkewAngle>) -> Self {
        Self {
            scan: record.scan.clone(),
            entry: record.entry,
            kind: record.kind,
            form: record.form.clone(),
            skew_deg: skew,
            fields: record.fields.iter().map(|field| (field.name.clone(), field.into())).collect(),
        }
    }
}

impl From<&DraftField> for ExportedField {
    fn from(field: &DraftField) -> Self {
        Self {
            value: field.value.clone(),
            raw: field.raw.clone(),
            confidence: field.confidence,
            status: field.status,
            ink: field.ink,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ExportedRecord;

    #[test]
    fn a_line_is_written_as_it_was_read() {
        let line = concat!(
            r#"{"scan":"ks-1/001.jpg","entry":1,"kind":"birth","form":"birth-2006","skew_deg":null,"fields":{"#,
            r#""entry.number":{"value":"85","raw":"85.","confidence":0.5,"status":"accepted","box":[1,2,3,4]},"#,
            r#""child.name":{"value":"","raw":"","confidence":1.0,"status":"blank","box":null}}}"#,
        );
        let record: ExportedRecord = serde_json::from_str(line).unwrap();
        assert_eq!(record.fields.get_index(0).map(|(name, _)| name.as_str()), Some("entry.number"));
        assert_eq!(serde_json::to_string(&record).unwrap(), line);
    }
}
