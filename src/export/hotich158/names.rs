//! The names of the pictures in the bundle, after a pattern an office can choose.

use std::str::FromStr;

use super::{HandedOver, form_of};

/// The pattern contractors use: `KS.2017.01.2017-02-03.05.pdf`.
const USUAL: &str = "{kind}.{year}.{book}.{date}.{number}.pdf";

/// What a pattern may hold.
const PARTS: [&str; 5] = ["kind", "year", "book", "date", "number"];

/// How pictures are named: text with `{kind}` (KS, KH, KT), `{year}` (the year the book was opened), `{book}` (its volume),
/// `{date}` (of registration, ISO) and `{number}` (of the entry) in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePattern(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Part(usize),
}

impl Default for NamePattern {
    fn default() -> Self {
        Self(pieces(USUAL).unwrap_or_default())
    }
}

impl FromStr for NamePattern {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let pieces = pieces(text)?;
        let names_entry = [3, 4].iter().all(|part| pieces.contains(&Piece::Part(*part)));
        if !names_entry || text.contains(['/', '\\']) {
            return Err("a pattern needs {date} and {number}, and no folders, such as ".to_owned() + USUAL);
        }
        Ok(Self(pieces))
    }
}

/// The pattern in pieces.
fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').ok_or("a { without its }")?;
        let part = PARTS.iter().position(|part| *part == name);
        let part = part.ok_or_else(|| format!("{{{name}}} is no part: there are {}", PARTS.join(", ")))?;
        pieces.push(Piece::Text(before.to_owned()));
        pieces.push(Piece::Part(part));
        rest = after;
    }
    pieces.push(Piece::Text(rest.to_owned()));
    pieces.retain(|piece| *piece != Piece::Text(String::new()));
    Ok(pieces)
}

impl NamePattern {
    /// The name of the entry's picture, and whether it reads back as what it was made of.
    #[must_use]
    pub fn name(&self, entry: &HandedOver<'_>) -> (String, bool) {
        let parts = parts(entry);
        let text = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Part(part) => parts[*part].clone(),
        };
        let name: String = self.0.iter().map(text).collect();
        let whole = self.parse(&name).is_some_and(|read| {
            self.0.iter().all(|piece| match piece {
                Piece::Part(part) => read[*part] == parts[*part] && !parts[*part].is_empty(),
                Piece::Text(_) => true,
            })
        });
        (name, whole)
    }

    /// What a name was made of, in the order of the parts; none when it does not fit the pattern.
    fn parse(&self, name: &str) -> Option<[String; 5]> {
        let mut parts: [String; 5] = Default::default();
        let mut rest = name;
        for (index, piece) in self.0.iter().enumerate() {
            match (piece, self.0.get(index + 1)) {
                (Piece::Text(text), _) => rest = rest.strip_prefix(text.as_str())?,
                (Piece::Part(part), Some(Piece::Text(next))) => {
                    let end = rest.find(next.as_str())?;
                    parts[*part] = rest[..end].to_owned();
                    rest = &rest[end..];
                }
                (Piece::Part(part), _) => parts[*part] = std::mem::take(&mut rest).to_owned(),
            }
        }
        rest.is_empty().then_some(parts)
    }
}

fn parts(entry: &HandedOver<'_>) -> [String; 5] {
    let volume = entry.volume();
    let (book, year) = volume.split_once('/').unwrap_or((volume.as_str(), ""));
    let number = entry.value("entry.number");
    let number = number.split_once('/').map_or(number, |(number, _)| number);
    [
        form_of(entry.record.kind).to_owned(),
        year.to_owned(),
        book.to_owned(),
        entry.value("registration.date").to_owned(),
        format!("{number:0>2}"),
    ]
}
