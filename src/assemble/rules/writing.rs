//! Rules about how values are written: numbers, times, notes, marks.

use unicode_normalization::char::is_combining_mark;

use crate::domain::FieldStatus;

use super::{Broken, Check, Entry, when};
use crate::assemble::ditto::is_ditto;
use crate::assemble::letters::plain;

pub(super) const CHECKS: &[Check] = &[
    Check { rule: "V001", message: "the entry has no number that can be read", broken: entry_number },
    Check {
        rule: "V007",
        message: "the number of the book does not have the form number/year",
        broken: book_number,
    },
    Check { rule: "V026", message: "the time is none of the day", broken: time },
    Check { rule: "V049", message: "a mark stands without its letter", broken: stray_mark },
    Check {
        rule: "V050",
        message: "the name is not in capitals, as it is since July 2020",
        broken: capitals,
    },
    Check { rule: "V068", message: "the notes hold writing that could not be read", broken: unread_notes },
    Check { rule: "V079", message: "a mark refers to the entry above", broken: ditto },
];

fn entry_number(entry: &Entry<'_>) -> Broken {
    let Some(field) = entry.field("entry.number") else { return Vec::new() };
    let number = field.value.split('/').next().and_then(|number| number.parse::<u32>().ok());
    when(number.is_none_or(|number| number == 0), &["entry.number"])
}

fn book_number(entry: &Entry<'_>) -> Broken {
    let has_form = |book: &str| {
        book.split_once('/').is_some_and(|(number, year)| {
            number.parse::<u16>().is_ok() && year.len() == 4 && year.parse::<u16>().is_ok()
        })
    };
    when(entry.value("registration.book").is_some_and(|book| !has_form(book)), &["registration.book"])
}

fn time(entry: &Entry<'_>) -> Broken {
    when(entry.value("death.time").is_some_and(|time| !is_time(time)), &["death.time"])
}

/// Whether `text` is an hour, perhaps with minutes: `15 giờ 45 phút`, `20h10`, `7 giờ sáng`.
fn is_time(text: &str) -> bool {
    let text = plain(text);
    let numbers: Vec<Option<u8>> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|run| !run.is_empty())
        .map(|run| run.parse().ok())
        .collect();
    matches!(numbers.as_slice(), [Some(0..=23)] | [Some(0..=23), Some(0..=59)])
}

fn stray_mark(entry: &Entry<'_>) -> Broken {
    entry.each(|field| field.value.chars().any(is_combining_mark))
}

fn capitals(entry: &Entry<'_>) -> Broken {
    let odd =
        |name| when(entry.value(name).is_some_and(|value| value.chars().any(char::is_lowercase)), &[name]);
    [odd("child.name"), odd("deceased.name")].concat()
}

fn unread_notes(entry: &Entry<'_>) -> Broken {
    let odd = entry.field("notes").is_some_and(|notes| {
        notes.status != FieldStatus::Blank && notes.ink.is_some() && notes.value.is_empty()
    });
    when(odd, &["notes"])
}

fn ditto(entry: &Entry<'_>) -> Broken {
    entry.each(|field| is_ditto(&field.standing()))
}
