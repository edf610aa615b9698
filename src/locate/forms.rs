//! Printed forms as data: what is printed on them, in which order, and which field stands where.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::domain::{FieldName, FieldType, FormId, Kind};

pub use super::form_file::{FormError, check};

/// How a form is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// Labels, each followed by a line to write on.
    Slots,
    /// A ruled table, one entry a row.
    Table,
}

/// One printed label and the fields written after (or below) it.
#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    /// The fields written here, top to bottom; none for print that is kept nowhere.
    pub names: Vec<FieldName>,
    /// The type of each of `names`.
    pub types: Vec<FieldType>,
    /// The wordings of the label, as printed.
    pub labels: Vec<String>,
    /// The same, folded for comparing.
    pub(super) folded: Vec<String>,
    /// Which section of the form it belongs to (index into `Form::sections`).
    pub section: Option<usize>,
    /// Where some printings give each of `names` a column of its own: the folded wordings of their
    /// labels; else empty.
    pub(super) columns: Vec<Vec<String>>,
}

/// A part of a form that stands beside another, such as the husband's half beside the wife's.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Its name within the form file.
    pub id: String,
    /// What is printed above it, when a heading is; decides which half is which.
    pub headings: Vec<String>,
}

/// One printed form.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// Its name, such as `birth-2006`.
    pub id: FormId,
    /// What it registers.
    pub kind: Kind,
    /// First and last year in which pages of it were begun.
    pub years: (i16, i16),
    /// How it is laid out.
    pub layout: Layout,
    /// Its labels in reading order (columns from left to right in a table).
    pub slots: Vec<Slot>,
    /// Its side-by-side parts, left to right; empty when there are none.
    pub sections: Vec<Section>,
}

impl Form {
    /// The printing that gives each field a column of its own, when there is one.
    fn parted(&self) -> Option<Self> {
        let part = |slot: &Slot, n: usize| Slot {
            names: slot.names[n..=n].to_vec(),
            types: slot.types[n..=n].to_vec(),
            labels: slot.labels.clone(),
            folded: slot.columns[n].clone(),
            section: slot.section,
            columns: Vec::new(),
        };
        let parts = |slot: &Slot| match slot.columns.len() {
            0 => vec![slot.clone()],
            count => (0..count).map(|n| part(slot, n)).collect(),
        };
        let slots: Vec<Slot> = self.slots.iter().flat_map(parts).collect();
        (slots.len() > self.slots.len()).then(|| Self { slots, ..self.clone() })
    }
}

/// Every form known to a run.
#[derive(Debug, Clone)]
pub struct FormSet {
    forms: Vec<Form>,
    /// The printings of tables that give fields columns of their own.
    parted: Vec<Form>,
}

/// A folder of forms could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum FormSetError {
    /// A file or the folder cannot be read.
    #[error("{path}: {source}: make the folder of forms readable or name another", path = .path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is no valid form.
    #[error("{path}: {first} (`hotich forms check` lists every fault)", path = .path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Its first fault.
        first: FormError,
    },
    /// The folder holds no form.
    #[error("{path} holds no form: put at least one .toml form there", path = .path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
}

macro_rules! shipped {
    ($($id:literal),* $(,)?) => {
        [$(($id, include_str!(concat!("../../models/forms/", $id, ".toml")))),*]
    };
}

/// The form files that are part of the program, older printings first.
const SHIPPED: [(&str, &str); 16] = shipped![
    "birth-table-1956",
    "birth-1961",
    "marriage-1976",
    "death-table-1976",
    "birth-2006",
    "marriage-2006",
    "death-2006",
    "birth-2010",
    "marriage-2010",
    "death-2010",
    "birth-2016",
    "marriage-2016",
    "death-2016",
    "birth-2020",
    "marriage-2020",
    "death-2020",
];

impl FormSet {
    /// The forms that come with the program.
    #[must_use]
    pub fn shipped() -> Self {
        // A shipped file that does not check is caught by a test.
        Self::new(SHIPPED.iter().filter_map(|(_, text)| check(text).ok()).collect())
    }

    /// The forms of the program with those of `folder` beside them, when there is one.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn shipped_with(folder: Option<&Path>) -> Result<Self, FormSetError> {
        let shipped = Self::shipped();
        let Some(folder) = folder else { return Ok(shipped) };
        let further = Self::load(folder)?;
        Ok(Self::new(shipped.forms().iter().chain(further.forms()).cloned().collect()))
    }

    /// The forms in the `.toml` files of a folder; none of the shipped ones.
    ///
    /// # Errors
    /// When the folder or a file cannot be read, a file is no valid form, or there is none.
    pub fn load(folder: &Path) -> Result<Self, FormSetError> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |source| FormSetError::Unreadable { path, source }
        };
        let mut forms = Vec::new();
        for file in std::fs::read_dir(folder).map_err(unreadable(folder))? {
            let path = file.map_err(unreadable(folder))?.path();
            if path.extension().is_none_or(|ending| ending != "toml") {
                continue;
            }
            let text = std::fs::read_to_string(&path).map_err(unreadable(&path))?;
            match check(&text) {
                Ok(form) => forms.push(form),
                Err(faults) => {
                    if let Some(first) = faults.into_iter().next() {
                        return Err(FormSetError::Invalid { path, first });
                    }
                }
            }
        }
        if forms.is_empty() {
            return Err(FormSetError::Empty { path: folder.to_owned() });
        }
        Ok(Self::new(forms))
    }

    /// These forms. Of two with one id the later counts.
    #[must_use]
    pub fn new(forms: Vec<Form>) -> Self {
        let by_id: BTreeMap<FormId, Form> = forms.into_iter().map(|f| (f.id.clone(), f)).collect();
        let mut forms: Vec<Form> = by_id.into_values().collect();
        forms.sort_by(|a, b| a.years.cmp(&b.years).then_with(|| a.id.cmp(&b.id)));
        let parted = forms.iter().filter_map(Form::parted).collect();
        Self { forms, parted }
    }

    /// The tables, in each of their printings.
    pub(super) fn tables(&self) -> impl Iterator<Item = &Form> {
        self.forms.iter().chain(&self.parted).filter(|form| form.layout == Layout::Table)
    }

    /// The forms, oldest first.
    #[must_use]
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }
}

#[cfg(test)]
mod tests {
    use super::{FormSet, SHIPPED, check};

    #[test]
    fn every_shipped_file_is_a_form_named_like_its_file() {
        for (id, text) in SHIPPED {
            let form = check(text).unwrap_or_else(|faults| panic!("{id}: {faults:#?}"));
            assert_eq!(form.id.as_str(), id);
        }
        assert_eq!(FormSet::shipped().forms().len(), SHIPPED.len());
    }

    #[test]
    fn forms_come_from_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        assert!(FormSet::load(folder.path()).is_err());
        std::fs::write(folder.path().join("a.toml"), SHIPPED[0].1).unwrap();
        assert_eq!(FormSet::load(folder.path()).unwrap().forms().len(), 1);
        std::fs::write(folder.path().join("b.toml"), "id = 3").unwrap();
        let message = FormSet::load(folder.path()).unwrap_err().to_string();
        assert!(message.contains("b.toml") && message.contains("line 1"), "{message}");
    }
}
