//! The papers: their heads and layouts, built in, and what an office lays in their place.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::IssueError;
use crate::domain::{FieldName, Kind};

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../models/extracts/", $name)))),*]
    };
}

/// The files that are built in.
const BUILT_IN: &[(&str, &str)] = &built_in![
    "birth-certificate-copy.toml",
    "birth-certificate-copy.typ",
    "birth-extract.toml",
    "birth-extract.typ",
    "book-certificate.toml",
    "book-certificate.typ",
    "death-extract.toml",
    "death-extract.typ",
    "entry-page.toml",
    "entry-page.typ",
    "frame.typ",
    "log.toml",
    "log.typ",
    "marriage-extract.toml",
    "marriage-extract.typ",
    "searchable-book.toml",
    "searchable-book.typ",
];

/// What a paper is: the head of its layout.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// What it is called on the command line: the name of its files.
    #[serde(skip)]
    pub id: String,
    /// What it is called in Vietnamese.
    pub name: String,
    /// The kind of entries it is made of; none when it is no extract.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// What stands behind the running number, such as `TLKS-BS`; each has numbers of its own.
    #[serde(default)]
    pub symbol: String,
    /// The decree it follows.
    #[serde(default)]
    pub follows: String,
    /// The first day it may be issued.
    #[serde(default, with = "jiff_date")]
    pub valid_from: Option<Date>,
    /// The last day it may be issued.
    #[serde(default, with = "jiff_date")]
    pub valid_to: Option<Date>,
    /// The fields it prints; only these are handed to the layout, and none of them may be in doubt.
    #[serde(default)]
    pub fields: BTreeSet<FieldName>,
}

impl Paper {
    /// Whether it may be issued on this day.
    #[must_use]
    pub fn in_force(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }
}

/// Days in heads are text, `2027-02-28`.
mod jiff_date {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn deserialize<'de, D: Deserializer<'de>>(text: D) -> Result<Option<Date>, D::Error> {
        let text = Option::<String>::deserialize(text)?;
        text.map(|text| text.parse().map_err(serde::de::Error::custom)).transpose()
    }

    pub fn serialize<S: Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
        day.map(|day| day.to_string()).serialize(serializer)
    }
}

/// Every paper there is, with the layouts.
#[derive(Debug, Clone)]
pub struct Papers {
    papers: Vec<Paper>,
    layouts: BTreeMap<String, String>,
    /// The file that a layout was read from, when it is not the one built in.
    own: BTreeMap<String, PathBuf>,
}

impl Papers {
    /// The papers that are built in, with those of `folder` (when it is there) in their place and beside them.
    ///
    /// # Errors
    /// [`IssueError::Layout`] when a head of the folder is wrong, [`IssueError::Io`] when one of its files
    /// cannot be read.
    pub fn load(folder: Option<&Path>) -> Result<Self, IssueError> {
        let mut files: BTreeMap<String, String> =
            BUILT_IN.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let mut own = BTreeMap::new();
        if let Some(folder) = folder {
            for path in files_of(folder)? {
                let io = |source| IssueError::Io { path: path.clone(), source };
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                files.insert(name.clone(), fs::read_to_string(&path).map_err(io)?);
                own.insert(name, path);
            }
        }
        let (heads, layouts): (BTreeMap<_, _>, _) =
            files.into_iter().partition(|(name, _)| name.ends_with(".toml"));
        let papers = heads.iter().map(|(name, text)| head(name, text, &own)).collect::<Result<_, _>>()?;
        Ok(Self { papers, layouts, own })
    }

    /// The paper called `id`.
    ///
    /// # Errors
    /// [`IssueError::UnknownPaper`].
    pub fn find(&self, id: &str) -> Result<&Paper, IssueError> {
        self.papers.iter().find(|paper| paper.id == id).ok_or_else(|| IssueError::UnknownPaper {
            name: id.to_owned(),
            known: self.papers.iter().map(|paper| paper.id.clone()).collect(),
        })
    }

    /// The extracts that can be made of entries of `kind` on this day, in the order of their names.
    pub fn extracts_of(&self, kind: Kind, day: Date) -> impl Iterator<Item = &Paper> {
        self.papers.iter().filter(move |paper| paper.kind == Some(kind) && paper.in_force(day))
    }

    /// The extract a citizen asks for when nothing else is said: `birth-extract`, `marriage-extract` or
    /// `death-extract`.
    ///
    /// # Errors
    /// [`IssueError::UnknownPaper`].
    pub fn usual(&self, kind: Kind) -> Result<&Paper, IssueError> {
        self.find(&format!("{kind}-extract"))
    }

    /// Every layout: its name and its text.
    pub fn layouts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.layouts.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// The text of the layout file called `name`.
    #[must_use]
    pub fn layout(&self, name: &str) -> Option<&str> {
        self.layouts.get(name).map(String::as_str)
    }

    /// Where the file called `name` was read from; only its name when it is built in.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.own.get(name).cloned().unwrap_or_else(|| PathBuf::from(name))
    }
}

fn head(name: &str, text: &str, own: &BTreeMap<String, PathBuf>) -> Result<Paper, IssueError> {
    let file = || own.get(name).cloned().unwrap_or_else(|| PathBuf::from(name));
    let paper: Paper = toml::from_str(text)
        .map_err(|error| IssueError::Layout { file: file(), message: error.to_string().trim().to_owned() })?;
    if paper.kind.is_some() && paper.symbol.is_empty() {
        let message = "an extract needs a `symbol`, such as \"TLKS-BS\": its numbers are given out by it";
        return Err(IssueError::Layout { file: file(), message: message.to_owned() });
    }
    Ok(Paper { id: name.trim_end_matches(".toml").to_owned(), ..paper })
}

/// The heads and layouts in `folder`, by name; none when it is not there.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>, IssueError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let io = |source| IssueError::Io { path: folder.to_owned(), source };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.extension().is_some_and(|ending| ending == "typ" || ending == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::{BUILT_IN, Papers};
    use crate::domain::{Kind, catalogue};
    use crate::issue::IssueError;

    #[test]
    fn every_paper_has_a_layout_and_prints_fields_of_its_kind() {
        let papers = Papers::load(None).unwrap();
        let heads = BUILT_IN.iter().filter(|(name, _)| name.ends_with(".toml")).count();
        assert_eq!(papers.papers.len(), heads);
        for paper in &papers.papers {
            assert!(papers.layout(&format!("{}.typ", paper.id)).is_some(), "{}", paper.id);
            let Some(kind) = paper.kind else { continue };
            assert!(!paper.follows.is_empty(), "{}", paper.id);
            for field in &paper.fields {
                let of_later_forms = ["deceased.id_number", "death.notice"].contains(&field.as_str());
                assert!(catalogue::find(kind, field).is_some() || of_later_forms, "{}: {field}", paper.id);
            }
        }
    }

    #[test]
    fn the_usual_extracts_end_with_the_law_they_follow() {
        let papers = Papers::load(None).unwrap();
        for kind in Kind::ALL {
            let paper = papers.usual(kind).unwrap();
            assert_eq!(paper.kind, Some(kind));
            assert!(paper.in_force("2027-02-28".parse().unwrap()));
            assert!(!paper.in_force("2027-03-01".parse().unwrap()));
        }
        assert_eq!(papers.extracts_of(Kind::Birth, "2026-11-22".parse().unwrap()).count(), 2);
        assert!(matches!(papers.find("letter").unwrap_err(), IssueError::UnknownPaper { .. }));
    }

    #[test]
    fn what_an_office_lays_in_their_place_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("death-extract.typ"), "own").unwrap();
        std::fs::write(folder.path().join("letter.toml"), "name = 'Thư'").unwrap();
        std::fs::write(folder.path().join("notes.txt"), "no paper").unwrap();
        let papers = Papers::load(Some(folder.path())).unwrap();
        assert_eq!(papers.layout("death-extract.typ"), Some("own"));
        assert_eq!(papers.find("letter").unwrap().name, "Thư");
        std::fs::write(folder.path().join("letter.toml"), "nam = 'Thư'").unwrap();
        let error = Papers::load(Some(folder.path())).unwrap_err();
        assert!(error.to_string().contains("letter.toml"), "{error}");
        std::fs::write(folder.path().join("letter.toml"), "name = 'Thư'\nkind = 'birth'").unwrap();
        let error = Papers::load(Some(folder.path())).unwrap_err();
        assert!(error.to_string().contains("symbol"), "{error}");
    }
}
