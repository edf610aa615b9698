//! Links among a few invented entries.

use super::{Agreement, Candidate, EventReader, LinkKind, Search, find};
use crate::domain::{FieldStatus, Kind};

/// Entries as (number, book, kind, fields).
type Entry<'a> = (i64, u32, Kind, &'a [(&'a str, &'a str)]);

fn candidates(entries: &[Entry<'_>]) -> Vec<Candidate> {
    let mut reader = EventReader::default();
    for (entry, book, kind, fields) in entries {
        reader.begin(*entry, *book, *kind);
        fields.iter().for_each(|(name, value)| reader.field(name, value, FieldStatus::Review, 0.95));
    }
    find(&reader.finish(), Search::default())
}

const HOA: &[(&str, &str)] = &[
    ("entry.number", "12"),
    ("registration.date", "1975-03-05"),
    ("child.name", "Phan Thị Quỳnh Hoa"),
    ("child.sex", "female"),
    ("child.birth_date", "1975-03-02"),
    ("mother.name", "Tạ Thị Nguyệt"),
    ("mother.birth_year", "1950"),
    ("father.name", "Phan Đình Thực"),
    ("father.birth_year", "1947"),
];

#[test]
fn two_copies_of_an_entry_are_one_event_whatever_was_misread() {
    let mut copy = HOA.to_vec();
    copy[2].1 = "Phan Thi Quynh Hoa";
    copy[5].1 = "Tạ Thị Nguyệi";
    let found = candidates(&[(1, 1, Kind::Birth, HOA), (2, 2, Kind::Birth, &copy)]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].kind, found[0].first, found[0].second), (LinkKind::SameEvent, 1, 2));
    let agreement =
        |field: &str| found[0].reasons.iter().find(|reason| reason.field == field).unwrap().agreement;
    assert_eq!(agreement("child.name"), Agreement::AccentsOff);
    assert_eq!(agreement("mother.name"), Agreement::OneLetter);
    assert_eq!(agreement("father.name"), Agreement::Exact);
}

#[test]
fn a_person_is_found_from_birth_to_death() {
    let death: &[(&str, &str)] = &[
        ("registration.date", "1999-11-20"),
        ("deceased.name", "Phan Thị Quỳnh Hoa"),
        ("deceased.sex", "female"),
        ("deceased.birth_date", "1975-03-02"),
        ("death.date", "1999-11-18"),
    ];
    let found = candidates(&[(1, 1, Kind::Birth, HOA), (9, 4, Kind::Death, death)]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (found[0].kind, found[0].first_role, found[0].second_role),
        (LinkKind::SamePerson, "child", "deceased")
    );
    let mut too_early = death.to_vec();
    too_early[4].1 = "1969-11-18";
    assert!(candidates(&[(1, 1, Kind::Birth, HOA), (9, 4, Kind::Death, &too_early)]).is_empty());
}

#[test]
fn twins_and_brothers_are_no_second_registration() {
    let mut twin = HOA.to_vec();
    twin[0].1 = "13";
    twin[2].1 = "Phan Thị Quỳnh Hoan";
    let found = candidates(&[(1, 1, Kind::Birth, HOA), (2, 1, Kind::Birth, &twin)]);
    assert_eq!(found.iter().map(|link| link.kind).collect::<Vec<_>>(), [LinkKind::SameParents], "{found:?}");
    let mut brother = HOA.to_vec();
    (brother[1].1, brother[2].1, brother[4].1) = ("1979-01-02", "Phan Đình Tài", "1978-12-30");
    brother[3].1 = "male";
    let found = candidates(&[(1, 1, Kind::Birth, HOA), (2, 3, Kind::Birth, &brother)]);
    assert_eq!(found.iter().map(|link| link.kind).collect::<Vec<_>>(), [LinkKind::SameParents], "{found:?}");
}

#[test]
fn a_common_name_alone_links_nobody() {
    let person = |number: i64| -> Entry<'static> {
        (number, 1, Kind::Death, &[("deceased.name", "Nguyễn Thị Lan"), ("registration.date", "1980-01-02")])
    };
    let entries: Vec<_> = (1..40).map(person).collect();
    assert_eq!(candidates(&entries), []);
    assert_eq!(candidates(&[]), []);
}
