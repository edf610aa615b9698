//! Reads and checks form files (TOML); every fault names its line and its cure.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize;
use toml::Spanned;

use super::forms::{Form, Layout, Section, Slot};
use crate::domain::{FieldName, FieldType, FormId, Kind, catalogue, text};

/// What is wrong with a form file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {fault}")]
pub struct FormError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there and how to mend it.
    pub fault: FormFault,
}

/// What can be wrong with a form file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormFault {
    /// Not TOML, or a key, a type or a word that the format does not have.
    #[error("{0}")]
    Syntax(String),
    /// The id is no file name in small letters.
    #[error("the id \"{0}\" must be of small letters, figures and hyphens, such as birth-2006")]
    Id(String),
    /// The years run backwards or are no years.
    #[error("the years {0} to {1} must be years in order, such as from = 2006, to = 2015")]
    Years(i16, i16),
    /// There is no slot.
    #[error("the form has no [[slot]]: add one for every printed label, in reading order")]
    NoSlots,
    /// A slot has no label.
    #[error("a slot without a label is never found: give labels = [\"...\"]")]
    NoLabel,
    /// A label without a letter or figure.
    #[error("the label \"{0}\" has no letter: write it as it is printed, or take it out")]
    EmptyLabel(String),
    /// The same label twice in one slot.
    #[error("the label \"{0}\" stands twice in this slot (accents and case do not count): take one out")]
    DuplicateLabel(String),
    /// No such field.
    #[error("there is no field \"{field}\" in a register of {kind}; {cure}")]
    UnknownField {
        /// The name in the file.
        field: String,
        /// What the form registers.
        kind: Kind,
        /// What to do.
        cure: String,
    },
    /// Two slots for one field.
    #[error("the field {field} has a slot on line {first} already: keep one of the two")]
    DuplicateField {
        /// The field.
        field: String,
        /// Where it stands first.
        first: usize,
    },
    /// A slot names a section that the form does not have.
    #[error("there is no [[section]] with the id \"{0}\": add it, or correct the name")]
    UnknownSection(String),
    /// Columns that do not answer to the fields of their slot.
    #[error("columns are for slots of a table: give one list of labels for each of its {0} fields")]
    Columns(usize),
    /// Side-by-side sections in a table, or only one.
    #[error("sections are for forms of slots that have two or more side by side: {0}")]
    Sections(&'static str),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: Spanned<String>,
    kind: Kind,
    from: Spanned<i16>,
    to: i16,
    layout: Layout,
    #[serde(default)]
    section: Vec<Spanned<FileSection>>,
    #[serde(default)]
    slot: Vec<Spanned<FileSlot>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSection {
    id: String,
    #[serde(default)]
    headings: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSlot {
    #[serde(default)]
    fields: Vec<Spanned<String>>,
    #[serde(default)]
    labels: Vec<Spanned<String>>,
    section: Option<Spanned<String>>,
    #[serde(default)]
    columns: Vec<Spanned<Vec<String>>>,
}

/// Reads a form file and checks it.
///
/// # Errors
/// Every fault of the file, in the order of its lines.
pub fn check(text: &str) -> Result<Form, Vec<FormError>> {
    let line_of = |at: usize| 1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count();
    let file: File = toml::from_str(text).map_err(|error| {
        let line = line_of(error.span().map_or(0, |span| span.start));
        vec![FormError { line, fault: FormFault::Syntax(error.message().to_owned()) }]
    })?;
    let mut checker = Checker { line_of: &line_of, faults: Vec::new(), places: BTreeMap::new() };
    let form = checker.form(&file);
    let mut faults = checker.faults;
    faults.sort_by_key(|fault| fault.line);
    if faults.is_empty() { Ok(form) } else { Err(faults) }
}

/// Gathers the faults while the form is put together.
struct Checker<'a> {
    line_of: &'a dyn Fn(usize) -> usize,
    faults: Vec<FormError>,
    /// The line on which each field stands first.
    places: BTreeMap<String, usize>,
}

impl Checker<'_> {
    fn fault(&mut self, at: usize, fault: FormFault) {
        self.faults.push(FormError { line: (self.line_of)(at), fault });
    }

    fn form(&mut self, file: &File) -> Form {
        self.head(file);
        let slots = file.slot.iter().map(|slot| self.slot(slot, file)).collect();
        let section = |s: &Spanned<FileSection>| Section {
            id: s.get_ref().id.clone(),
            headings: s.get_ref().headings.clone(),
        };
        Form {
            id: FormId::new(file.id.get_ref()),
            kind: file.kind,
            years: (*file.from.get_ref(), file.to),
            layout: file.layout,
            slots,
            sections: file.section.iter().map(section).collect(),
        }
    }

    fn head(&mut self, file: &File) {
        let id = file.id.get_ref();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if id.is_empty() || !id.chars().all(plain) {
            self.fault(file.id.span().start, FormFault::Id(id.clone()));
        }
        let from = *file.from.get_ref();
        if from > file.to || !(1800..=2200).contains(&from) || !(1800..=2200).contains(&file.to) {
            self.fault(file.from.span().start, FormFault::Years(from, file.to));
        }
        if file.slot.is_empty() {
            self.fault(0, FormFault::NoSlots);
        }
        if let Some(first) = file.section.first() {
            if file.layout == Layout::Table {
                self.fault(first.span().start, FormFault::Sections("take them out of this table"));
            } else if file.section.len() == 1 {
                self.fault(first.span().start, FormFault::Sections("add the other one"));
            }
        }
    }

    fn slot(&mut self, slot: &Spanned<FileSlot>, file: &File) -> Slot {
        let FileSlot { fields, labels, section, columns } = slot.get_ref();
        if labels.is_empty() {
            self.fault(slot.span().start, FormFault::NoLabel);
        }
        let folded = labels.iter().map(|label| text::fold(label.get_ref())).collect();
        self.labels(labels);
        let section = section.as_ref().and_then(|name| {
            let found = file.section.iter().position(|s| s.get_ref().id == *name.get_ref());
            if found.is_none() {
                self.fault(name.span().start, FormFault::UnknownSection(name.get_ref().clone()));
            }
            found
        });
        let found = fields.iter().filter_map(|field| self.field(field, file.kind));
        let (names, types) = found.unzip();
        let labels = labels.iter().map(|label| label.get_ref().clone()).collect();
        let columns = self.columns(columns, fields.len(), file);
        Slot { names, types, labels, folded, section, columns }
    }

    /// The folded wordings of the columns that some printings give each field of a slot.
    fn columns(&mut self, columns: &[Spanned<Vec<String>>], fields: usize, file: &File) -> Vec<Vec<String>> {
        if let Some(first) = columns.first() {
            let worded = columns.iter().all(|labels| !labels.get_ref().is_empty());
            if file.layout != Layout::Table || columns.len() != fields || !worded {
                self.fault(first.span().start, FormFault::Columns(fields));
                return Vec::new();
            }
        }
        columns
            .iter()
            .map(|labels| labels.get_ref().iter().map(|label| text::fold(label)).collect())
            .collect()
    }

    fn labels(&mut self, labels: &[Spanned<String>]) {
        let mut seen = BTreeSet::new();
        for label in labels {
            let folded = text::fold(label.get_ref());
            if folded.is_empty() {
                self.fault(label.span().start, FormFault::EmptyLabel(label.get_ref().clone()));
            } else if !seen.insert(folded) {
                self.fault(label.span().start, FormFault::DuplicateLabel(label.get_ref().clone()));
            }
        }
    }

    fn field(&mut self, field: &Spanned<String>, kind: Kind) -> Option<(FieldName, FieldType)> {
        let (name, at) = (field.get_ref(), field.span().start);
        if let Some(first) = self.places.get(name).copied() {
            self.fault(at, FormFault::DuplicateField { field: name.clone(), first });
        }
        self.places.entry(name.clone()).or_insert((self.line_of)(at));
        let known = fields_of(kind);
        match known.get(name.as_str()) {
            Some(kind_of_value) => Some((FieldName::new(name), *kind_of_value)),
            None => {
                let near = known
                    .keys()
                    .max_by(|a, b| strsim::jaro_winkler(a, name).total_cmp(&strsim::jaro_winkler(b, name)));
                let cure = match near {
                    Some(near) => format!("did you mean {near}? (record_fields.csv is the list)"),
                    None => "record_fields.csv is the list".to_owned(),
                };
                self.fault(at, FormFault::UnknownField { field: name.clone(), kind, cure });
                None
            }
        }
    }
}

/// The fields of a kind of register and their types, as listed in `record_fields.csv`.
fn fields_of(kind: Kind) -> &'static BTreeMap<String, FieldType> {
    static FIELDS: OnceLock<BTreeMap<Kind, BTreeMap<String, FieldType>>> = OnceLock::new();
    static NONE: BTreeMap<String, FieldType> = BTreeMap::new();
    let lists = FIELDS.get_or_init(|| {
        let mut fields: BTreeMap<Kind, BTreeMap<String, FieldType>> = BTreeMap::new();
        for entry in catalogue::entries() {
            fields.entry(entry.kind).or_default().insert(entry.field.as_str().to_owned(), entry.field_type);
        }
        fields
    });
    lists.get(&kind).unwrap_or(&NONE)
}

#[cfg(test)]
mod tests {
    use super::{FormFault, check};

    const GOOD: &str = r#"id = "birth-1"
kind = "birth"
from = 1950
to = 1960
layout = "slots"

[[slot]]
fields = ["entry.number"]
labels = ["Số", "Số thứ tự"]

[[slot]]
fields = ["father.name", "father.occupation"]
labels = ["Họ tên cha, nghề nghiệp"]
"#;

    fn faults(text: &str) -> Vec<(usize, FormFault)> {
        check(text).unwrap_err().into_iter().map(|e| (e.line, e.fault)).collect()
    }

    #[test]
    fn a_good_file_gives_its_form() {
        let form = check(GOOD).unwrap();
        assert_eq!(form.slots.len(), 2);
        assert_eq!(form.slots[1].names.len(), 2);
        assert_eq!(form.slots[0].folded, ["so", "so thu tu"]);
    }

    #[test]
    fn every_fault_names_its_line() {
        let text = GOOD.replace("entry.number", "entry.nomber").replace("\"Số thứ tự\"", "\"...\"");
        let found = faults(&text);
        assert!(
            matches!(&found[0], (8, FormFault::UnknownField { cure, .. }) if cure.contains("entry.number"))
        );
        assert_eq!(found[1], (9, FormFault::EmptyLabel("...".to_owned())));
    }

    #[test]
    fn the_same_field_twice_is_refused() {
        let text = GOOD.replace("father.occupation", "entry.number");
        let wanted = FormFault::DuplicateField { field: "entry.number".to_owned(), first: 8 };
        assert_eq!(faults(&text), [(12, wanted)]);
    }

    #[test]
    fn wrong_kind_years_and_missing_labels_are_refused() {
        assert!(matches!(faults(&GOOD.replace("\"birth\"", "\"baptism\""))[0], (2, FormFault::Syntax(_))));
        assert_eq!(faults(&GOOD.replace("1960", "1940")), [(3, FormFault::Years(1950, 1940))]);
        let bare = GOOD.replace("labels = [\"Số\", \"Số thứ tự\"]\n", "");
        assert_eq!(faults(&bare), [(7, FormFault::NoLabel)]);
        let twice = GOOD.replace("Số thứ tự", "SỐ");
        assert_eq!(faults(&twice), [(9, FormFault::DuplicateLabel("SỐ".to_owned()))]);
        assert!(!faults("kind = 3\n").is_empty());
    }
}
