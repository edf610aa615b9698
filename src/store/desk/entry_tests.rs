//! What is done to entries and boxes holds, can be taken back, and outlives every later reading and weighing.

use super::{Desk, EntryChange, NewEntry, PageId, Signed, Stale};
use crate::domain::{DraftField, DraftRecord, FieldStatus, FieldType, FormId, Kind, Rectangle, Role, Scan};
use crate::store::Store;
use crate::store::search::Query;
use crate::store::testing::{birth, children, field, moment, read, said_on_record, scan, store};

const PAGE: PageId = PageId { scan: 1, half: 0 };
const FIRST: i64 = 4097;

/// The birth of `child` in the row that begins at `top`.
fn row(scan: &Scan, entry: u32, top: i32, child: &str) -> DraftRecord {
    let mut record = birth(scan, entry, child);
    for (field, left) in record.fields.iter_mut().zip((0..).step_by(100)) {
        field.place = Rectangle::new(left, top, left + 90, top + 40);
    }
    record
}

/// A page with the rows of Lê Khôi and Lê Bình, and the archivist 1.
fn desk() -> (tempfile::TempDir, Desk, Scan) {
    let (folder, mut store) = store();
    let scan = scan("a-1/1.jpg", 1);
    store.register_scans(std::slice::from_ref(&scan)).unwrap();
    store.commit(&read(&scan, two(&scan)), moment()).unwrap();
    drop(store);
    let mut desk = Store::open_desk(folder.path()).unwrap();
    let transaction = desk.begin(moment()).unwrap();
    transaction.add_account("an", "An", &[Role::Archive], "test").unwrap();
    transaction.commit().unwrap();
    (folder, desk, scan)
}

fn two(scan: &Scan) -> Vec<DraftRecord> {
    vec![row(scan, 1, 0, "Lê Khôi"), row(scan, 2, 100, "Lê Bình")]
}

fn signed(id: &str) -> Signed {
    Signed { id: id.to_owned(), account: 1, person: "an".to_owned(), remark: "vì thế".to_owned() }
}

/// Does something in a transaction of its own.
fn at_desk<T>(desk: &mut Desk, work: impl FnOnce(&super::DeskTransaction<'_>) -> T) -> T {
    let transaction = desk.begin(moment()).unwrap();
    let result = work(&transaction);
    transaction.commit().unwrap();
    result
}

fn undo(desk: &mut Desk, id: &str, undone: &str) -> Result<i64, Stale> {
    at_desk(desk, |desk| desk.undo_event(&signed(id), undone).unwrap())
}

fn settle(desk: &mut Desk, entry: i64, name: &str, value: &str) {
    let answer = said_on_record(entry, name, value);
    at_desk(desk, |desk| desk.answer(&answer).unwrap().unwrap());
}

/// Reads the page again, as a batch beside the desk would, and weighs its book with every field accepted.
fn read_again(folder: &tempfile::TempDir, scan: &Scan, records: Vec<DraftRecord>) {
    let mut batch = Store::create_or_open(folder.path()).unwrap();
    batch.commit(&read(scan, records), moment()).unwrap();
    let mut book = batch.records_of_book("a-1").unwrap();
    for field in book.records.iter_mut().flat_map(|record| &mut record.fields) {
        (field.status, field.reasons) = (FieldStatus::Accepted, Vec::new());
    }
    batch.keep_weighed("a-1", &book, moment()).unwrap();
}

fn names(desk: &Desk) -> Vec<String> {
    children(desk).into_iter().map(|(_, _, name)| name).collect()
}

fn found(desk: &Desk, text: &str) -> usize {
    desk.search(&Query { text: text.to_owned(), ..Query::default() }).unwrap().hits.len()
}

fn tasks(desk: &Desk, entry: i64) -> i64 {
    let sql = "SELECT count(*) FROM queue WHERE entry = ?1";
    desk.connection.query_row(sql, [entry], |row| row.get(0)).unwrap()
}

fn name_of(desk: &Desk, entry: i64) -> DraftField {
    let view = desk.entry_view(entry).unwrap().unwrap();
    view.field(&"child.name".into()).unwrap().field.clone()
}

/// Lê Ân, read in a box that a person drew.
fn drawn() -> DraftField {
    let mut read = field("child.name", FieldType::PersonName, "Lê Ân");
    (read.place, read.ink) = (Rectangle::new(205, 5, 295, 45), Some(Rectangle::new(210, 8, 280, 40)));
    read
}

#[test]
fn a_box_stays_where_a_person_drew_it_and_its_reading_goes_to_people() {
    let (folder, mut desk, scan) = desk();
    let before = name_of(&desk, FIRST);
    for _ in 0..2 {
        at_desk(&mut desk, |desk| desk.move_box(&signed("m"), FIRST, &drawn()).unwrap().unwrap());
    }
    read_again(&folder, &scan, two(&scan));
    let now = name_of(&desk, FIRST);
    assert_eq!((now.value.as_str(), now.place, now.status), ("Lê Ân", drawn().place, FieldStatus::Review));
    assert_eq!((found(&desk, "Lê Ân"), tasks(&desk, FIRST)), (1, 1), "the other fields were accepted");
    let events = desk.entry_events(FIRST).unwrap();
    assert_eq!((events.len(), events[0].who.as_str(), events[0].can_be_undone), (1, "an", true));
    assert_eq!(undo(&mut desk, "u", "m"), Ok(FIRST));
    assert_eq!(name_of(&desk, FIRST), before);
    assert_eq!(undo(&mut desk, "u2", "m"), Err(Stale::Overtaken));
    let sql = "SELECT group_concat(who || ' ' || value, '; ' ORDER BY id) FROM field_history
        WHERE field = 'child.name' AND entry = 4097 AND applied = 1";
    let history: String = desk.connection.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(history, "machine Lê Khôi; machine Lê Ân; an Lê Khôi");
    assert!(desk.connection.execute("UPDATE entry_events SET remark = ''", []).is_err());
    assert!(desk.connection.execute("DELETE FROM entry_events", []).is_err());
}

#[test]
fn a_settled_value_stays_when_its_box_is_moved_and_what_was_said_since_keeps_the_box() {
    let (_folder, mut desk, _) = desk();
    settle(&mut desk, FIRST, "child.name", "Lê Ơn");
    at_desk(&mut desk, |desk| desk.move_box(&signed("m"), FIRST, &drawn()).unwrap().unwrap());
    let now = name_of(&desk, FIRST);
    assert_eq!((now.value.as_str(), now.place, now.raw.as_str()), ("Lê Ơn", drawn().place, "Lê Ân"));
    assert_eq!(now.status, FieldStatus::Verified);
    settle(&mut desk, FIRST, "entry.number", "7");
    assert!(desk.entry_events(FIRST).unwrap()[0].can_be_undone, "another field says nothing of this one");
    settle(&mut desk, FIRST, "child.name", "Lê Ân");
    assert_eq!(undo(&mut desk, "u", "m"), Err(Stale::Overtaken));
    at_desk(&mut desk, |desk| desk.undo("w", "4097 child.name Lê Ân", (1, "an")).unwrap().unwrap());
    assert_eq!(undo(&mut desk, "u", "m"), Ok(FIRST), "what was taken back counts for nothing");
    let gone = at_desk(&mut desk, |desk| desk.move_box(&signed("n"), 99, &drawn()).unwrap());
    assert_eq!(gone, Err(Stale::Gone));
}

fn third_row() -> NewEntry {
    let place = Rectangle::new(0, 200, 400, 240);
    let mut fields: Vec<DraftField> =
        [("entry.number", FieldType::Number), ("registration.date", FieldType::Date)]
            .map(|(name, field_type)| DraftField::unread(name.into(), field_type, place))
            .into();
    fields.push(DraftField { place, ..field("child.name", FieldType::PersonName, "Lê Cúc") });
    let form = FormId::new("birth-2006");
    NewEntry { page: PAGE, kind: Kind::Birth, form, fields, number: Some("47".to_owned()) }
}

#[test]
fn a_missed_entry_is_added_and_not_doubled_when_it_is_found_later() {
    let (folder, mut desk, scan) = desk();
    let entry = at_desk(&mut desk, |desk| desk.add_entry(&signed("a"), &third_row()).unwrap());
    assert_eq!(at_desk(&mut desk, |desk| desk.add_entry(&signed("a"), &third_row()).unwrap()), entry);
    assert_eq!(names(&desk), ["Lê Khôi", "Lê Bình", "Lê Cúc"]);
    assert_eq!((found(&desk, "Lê Cúc"), tasks(&desk, entry)), (1, 2), "the number is settled already");
    // A later version finds it, between the others.
    let mut records = two(&scan);
    records.insert(1, row(&scan, 3, 195, "Lê Cúc"));
    records.push(row(&scan, 4, 300, "Lê Dung"));
    for (record, number) in records.iter_mut().zip(1..) {
        record.entry = number;
    }
    read_again(&folder, &scan, records);
    assert_eq!(names(&desk), ["Lê Khôi", "Lê Bình", "Lê Cúc", "Lê Dung"]);
    let view = desk.entry_view(entry).unwrap().unwrap();
    assert_eq!(view.fields.len(), 3, "a reading adds no field to what a person drew");
    assert_eq!(view.field(&"entry.number".into()).unwrap().field.value, "47");
    read_again(&folder, &scan, Vec::new());
    assert_eq!(names(&desk), ["Lê Cúc"], "and takes none of it away");
    assert_eq!(undo(&mut desk, "u", "a"), Ok(entry));
    assert!(names(&desk).is_empty());
    assert_eq!((found(&desk, "Lê Cúc"), tasks(&desk, entry)), (0, 0));
    assert!(desk.field_events(entry, &"child.name".into()).unwrap().len() > 1, "its history stays");
    let withdrawn = desk.withdrawn_entries(PAGE).unwrap();
    assert_eq!(withdrawn.iter().map(|entry| entry.id).collect::<Vec<_>>(), [entry]);
}

#[test]
fn a_withdrawn_entry_counts_nowhere_and_no_reading_brings_it_back() {
    let (folder, mut desk, scan) = desk();
    settle(&mut desk, FIRST, "child.name", "Lê Ơn");
    let kept = desk.entry_view(FIRST).unwrap().unwrap().fields;
    at_desk(&mut desk, |desk| desk.withdraw_entry(&signed("w"), FIRST).unwrap().unwrap());
    let again = at_desk(&mut desk, |desk| desk.withdraw_entry(&signed("w2"), FIRST).unwrap());
    assert_eq!(again, Err(Stale::Gone));
    read_again(&folder, &scan, two(&scan));
    // It is not found any more, so the second is the first now.
    read_again(&folder, &scan, vec![row(&scan, 1, 100, "Lê Bình")]);
    assert_eq!(children(&desk), [("a-1/1.jpg".to_owned(), 2, "Lê Bình".to_owned())]);
    assert_eq!((found(&desk, "Lê Ơn"), tasks(&desk, FIRST)), (0, 0));
    assert!(desk.entry_view(FIRST).unwrap().is_none());
    assert_eq!(desk.page_view(PAGE).unwrap().unwrap().entries, [FIRST + 1]);
    let contents = desk.book_contents("a-1").unwrap();
    assert_eq!(contents.pages.iter().map(|page| page.records.len()).sum::<usize>(), 1);
    assert_eq!(desk.status().unwrap().fields.verified, 0);
    let stale = at_desk(&mut desk, |desk| desk.undo("x", "4097 child.name Lê Ơn", (1, "an")).unwrap());
    assert_eq!(stale, Err(Stale::Gone));
    let withdrawn = &desk.withdrawn_entries(PAGE).unwrap()[0];
    assert_eq!((withdrawn.who.as_str(), withdrawn.why.as_str()), ("an", "vì thế"));
    at_desk(&mut desk, |desk| desk.bring_back_entry(&signed("b"), FIRST).unwrap().unwrap());
    assert_eq!(desk.entry_view(FIRST).unwrap().unwrap().fields, kept);
    assert_eq!(found(&desk, "Lê Ơn"), 1);
    let events = desk.entry_events(FIRST).unwrap();
    let what: Vec<_> = events.iter().map(|event| (event.what, event.can_be_undone)).collect();
    assert_eq!(what, [(EntryChange::Withdrawn, false), (EntryChange::BroughtBack, true)]);
    assert_eq!(undo(&mut desk, "u", "b"), Ok(FIRST));
    assert!(desk.entry_view(FIRST).unwrap().is_none());
}

#[test]
fn another_form_keeps_what_both_have_and_can_be_taken_back() {
    let (folder, mut desk, scan) = desk();
    settle(&mut desk, FIRST, "entry.number", "7");
    let before = desk.entry_view(FIRST).unwrap().unwrap();
    let place = Rectangle::new(0, 0, 400, 40);
    let fields = [
        ("entry.number", FieldType::Number),
        ("deceased.name", FieldType::PersonName),
        ("registration.date", FieldType::Date),
    ]
    .map(|(name, field_type)| DraftField::unread(name.into(), field_type, place));
    let form = FormId::new("death-2006");
    at_desk(&mut desk, |desk| {
        desk.correct_form(&signed("f"), FIRST, (Kind::Death, &form), &fields).unwrap().unwrap();
    });
    read_again(&folder, &scan, two(&scan));
    let view = desk.entry_view(FIRST).unwrap().unwrap();
    assert_eq!((view.kind, &view.form), (Kind::Death, &form));
    let shown: Vec<_> =
        view.fields.iter().map(|field| (field.field.name.as_str(), field.field.value.as_str())).collect();
    assert_eq!(shown, [("entry.number", "7"), ("deceased.name", ""), ("registration.date", "1975-03-02")]);
    assert_eq!(view.fields[0].settled_by.as_deref(), Some("an"));
    assert_eq!((found(&desk, "Lê Khôi"), found(&desk, "Lê Bình")), (0, 1));
    assert_eq!(undo(&mut desk, "u", "f"), Ok(FIRST));
    let back = desk.entry_view(FIRST).unwrap().unwrap();
    assert_eq!((back.kind, &back.form, back.fields), (Kind::Birth, &before.form, before.fields));
    assert_eq!(found(&desk, "Lê Khôi"), 1);
}
