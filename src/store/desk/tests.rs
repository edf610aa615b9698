//! What the desk promises: one task for one person, no answer lost or counted twice, everything undone that may be.

use jiff::{SignedDuration, Timestamp};

use super::{
    Action, Answer, Answered, Desk, Group, Policy, Purpose, QueueFilter, Said, Stale, Ticket, Wanted,
};
use crate::domain::{FieldName, FieldStatus, Mark, Role};
use crate::store::testing::{birth, moment, read, scan, store};
use crate::store::{Store, Verdict};

/// A store with three births, all fields in review, and the verifiers 1, 2 and 3 (an, binh, chi).
fn desk() -> (tempfile::TempDir, Desk) {
    let (folder, mut store) = store();
    let scan = scan("a-1/1.jpg", 1);
    store.register_scans(std::slice::from_ref(&scan)).unwrap();
    let records = ["Lê An", "Lê Bình", "Lê Chi"].iter().zip(1..).map(|(name, n)| birth(&scan, n, name));
    store.commit(&read(&scan, records.collect()), moment()).unwrap();
    drop(store);
    let mut desk = Store::open_desk(folder.path()).unwrap();
    let transaction = desk.begin(moment()).unwrap();
    for name in ["an", "binh", "chi"] {
        transaction.add_account(name, name, &[Role::Verifier], "test").unwrap();
    }
    transaction.commit().unwrap();
    (folder, desk)
}

fn wanted(account: i64, lease: &str, count: usize) -> Wanted {
    Wanted { account, lease: lease.to_owned(), count, ..Wanted::default() }
}

fn lease(desk: &mut Desk, wanted: &Wanted, after: i64) -> Vec<Ticket> {
    let transaction = desk.begin(later(after)).unwrap();
    let tickets = transaction.lease(wanted).unwrap();
    transaction.commit().unwrap();
    tickets
}

fn later(seconds: i64) -> Timestamp {
    moment() + SignedDuration::from_secs(seconds)
}

fn answer(account: i64, lease: &str, ticket: &Ticket, said: Said) -> Answer {
    Answer {
        id: format!("{account}-{}-{}-{}", ticket.entry, ticket.field, ticket.purpose as u8),
        account,
        person: ["an", "binh", "chi"][account as usize - 1].to_owned(),
        lease: Some(lease.to_owned()),
        entry: ticket.entry,
        field: ticket.field.clone(),
        action: Action::Typed,
        said,
        marks: Vec::new(),
        remark: String::new(),
        seconds: Some(2.5),
        shown: None,
    }
}

fn value(text: &str) -> Said {
    Said::Verdict(Verdict::Value(text.to_owned()))
}

fn give(desk: &mut Desk, answer: &Answer, after: i64) -> Result<Answered, Stale> {
    let transaction = desk.begin(later(after)).unwrap();
    let answered = transaction.answer(answer).unwrap();
    transaction.commit().unwrap();
    answered
}

fn field(desk: &Desk, ticket: &Ticket) -> (String, FieldStatus) {
    let view = desk.entry_view(ticket.entry).unwrap().unwrap();
    let field = &view.field(&ticket.field).unwrap().field;
    (field.value.clone(), field.status)
}

fn only(name: &str) -> QueueFilter {
    QueueFilter { field: Some(FieldName::from(name)), ..QueueFilter::default() }
}

#[test]
fn no_two_windows_hold_one_task_until_the_lease_runs_out() {
    let (_folder, mut desk) = desk();
    let first = lease(&mut desk, &wanted(1, "one", 5), 0);
    let second = lease(&mut desk, &wanted(2, "two", 100), 1);
    assert_eq!((first.len(), second.len()), (5, 7));
    assert!(first.iter().all(|ticket| !second.contains(ticket)));
    assert_eq!(lease(&mut desk, &wanted(1, "one", 5), 2), first, "what is held is given again");
    assert!(lease(&mut desk, &wanted(1, "another window", 5), 2).is_empty());
    // Only the first shows a sign of life.
    let transaction = desk.begin(later(100)).unwrap();
    assert_eq!(transaction.renew(1, "one").unwrap(), 5);
    assert_eq!(transaction.renew(2, "one").unwrap(), 0);
    transaction.commit().unwrap();
    let third = lease(&mut desk, &wanted(3, "three", 100), 200);
    assert_eq!(third.len(), 7);
    let late = give(&mut desk, &answer(2, "two", &second[0], value("x")), 201);
    assert_eq!(late, Err(Stale::Held));
    let worths: Vec<f64> = second.iter().map(|ticket| ticket.worth).collect();
    assert!(worths.is_sorted_by(|a, b| a >= b));
}

#[test]
fn an_answer_counts_once_however_often_it_is_sent() {
    let (folder, mut desk) = desk();
    let ticket = lease(&mut desk, &wanted(1, "one", 1), 0).remove(0);
    let given = answer(1, "one", &ticket, value("  Lê  Ân "));
    for _ in 0..3 {
        assert_eq!(give(&mut desk, &given, 1), Ok(Answered::Settled));
    }
    drop(desk);
    let desk = Store::open_desk(folder.path()).unwrap();
    assert_eq!(field(&desk, &ticket), ("Lê Ân".to_owned(), FieldStatus::Verified));
    let events = desk.field_events(ticket.entry, &ticket.field).unwrap();
    assert_eq!(events.iter().filter(|event| event.who == "an").count(), 1);
    assert!(desk.connection.execute("UPDATE answers SET value = ''", []).is_err());
    assert!(desk.connection.execute("DELETE FROM answers", []).is_err());
}

#[test]
fn a_stale_answer_is_refused_with_what_changed() {
    let (_folder, mut desk) = desk();
    let ticket = lease(&mut desk, &wanted(1, "one", 1), 0).remove(0);
    let again = lease(&mut desk, &wanted(2, "two", 100), 500)
        .into_iter()
        .find(|other| other.field == ticket.field && other.entry == ticket.entry)
        .unwrap();
    assert_eq!(give(&mut desk, &answer(2, "two", &again, value("Lê Bình")), 501), Ok(Answered::Settled));
    let refused = give(&mut desk, &answer(1, "one", &ticket, value("Lê Ban")), 502).unwrap_err();
    let Stale::Settled { by, value: now, .. } = refused else { panic!("{refused:?}") };
    assert_eq!((by.as_str(), now.as_str()), ("binh", "Lê Bình"));
    // Where the whole entry is shown, what was shown must still be there.
    let mut on_record = answer(1, "", &ticket, value("Lê Ban"));
    (on_record.id, on_record.lease, on_record.shown) = ("r1".to_owned(), None, Some("Lê An".to_owned()));
    assert_eq!(give(&mut desk, &on_record, 503), Err(Stale::Changed { value: "Lê Bình".to_owned() }));
    on_record.shown = Some("Lê Bình".to_owned());
    assert_eq!(give(&mut desk, &on_record, 504), Ok(Answered::Settled));
    let gone = Ticket { entry: 99, ..ticket };
    assert_eq!(give(&mut desk, &answer(1, "one", &gone, value("x")), 505), Err(Stale::Gone));
}

#[test]
fn two_key_blind_and_a_third_settles_what_differs() {
    let (_folder, mut desk) = desk();
    let transaction = desk.begin(moment()).unwrap();
    transaction.set_policy(&Policy { double_keying: true, ..Policy::default() }).unwrap();
    transaction.commit().unwrap();
    let of = |account, lease: &str| Wanted { filter: only("child.name"), ..wanted(account, lease, 3) };
    let first = lease(&mut desk, &of(1, "one"), 0);
    assert_eq!(give(&mut desk, &answer(1, "one", &first[0], value("Lê An")), 1), Ok(Answered::Keyed));
    assert_eq!(give(&mut desk, &answer(1, "one", &first[1], value("Lê Bình")), 1), Ok(Answered::Keyed));
    assert_eq!(field(&desk, &first[0]).1, FieldStatus::Review);
    let rest = lease(&mut desk, &of(1, "one"), 2);
    assert!(rest.iter().all(|ticket| *ticket == first[2]), "nobody keys a field twice");
    let second = lease(&mut desk, &of(2, "two"), 2);
    assert!(second.iter().all(|ticket| ticket.purpose == Purpose::Second));
    assert_eq!(give(&mut desk, &answer(2, "two", &second[0], value("Lê An")), 3), Ok(Answered::Settled));
    assert_eq!(give(&mut desk, &answer(2, "two", &second[1], value("Lê Bính")), 3), Ok(Answered::Differs));
    let view = desk.entry_view(first[0].entry).unwrap().unwrap();
    assert_eq!(view.field(&first[0].field).unwrap().settled_by.as_deref(), Some("an + binh"));
    assert!(lease(&mut desk, &of(2, "two"), 4).is_empty() || rest.is_empty());
    let third = lease(&mut desk, &of(3, "three"), 400);
    let third = third.iter().find(|ticket| ticket.purpose == Purpose::Third).unwrap();
    let keyed = desk.keyings(third.entry, &third.field).unwrap();
    assert_eq!(keyed.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>(), ["Lê Bình", "Lê Bính"]);
    assert_eq!(give(&mut desk, &answer(3, "three", third, value("Lê Bình")), 401), Ok(Answered::Settled));
    assert_eq!(field(&desk, third), ("Lê Bình".to_owned(), FieldStatus::Verified));
    assert!(desk.keyings(third.entry, &third.field).unwrap().is_empty());
}

#[test]
fn an_answer_is_taken_back_and_becomes_a_task_again() {
    let (_folder, mut desk) = desk();
    let ticket = lease(&mut desk, &wanted(1, "one", 1), 0).remove(0);
    let before = field(&desk, &ticket);
    let mut given = answer(1, "one", &ticket, Said::Verdict(Verdict::Illegible));
    given.marks = vec![Mark::Struck];
    give(&mut desk, &given, 1).unwrap();
    assert_eq!(field(&desk, &ticket).1, FieldStatus::Illegible);
    let undo = |desk: &mut Desk, id: &str, by| {
        let transaction = desk.begin(later(2)).unwrap();
        let undone = transaction.undo(id, &given.id, by).unwrap();
        transaction.commit().unwrap();
        undone
    };
    assert_eq!(undo(&mut desk, "u0", (2, "binh")), Err(Stale::Gone), "nobody undoes for another");
    for _ in 0..2 {
        assert_eq!(undo(&mut desk, "u1", (1, "an")), Ok((ticket.entry, ticket.field.clone())));
    }
    assert_eq!(field(&desk, &ticket), before);
    assert!(lease(&mut desk, &wanted(2, "two", 100), 3).contains(&ticket));
    assert!(matches!(undo(&mut desk, "u2", (1, "an")), Err(Stale::Settled { .. })));
}

#[test]
fn a_colleague_who_is_asked_sees_the_remark_and_the_asker_not_the_task() {
    let (_folder, mut desk) = desk();
    let ticket = lease(&mut desk, &wanted(1, "one", 1), 0).remove(0);
    let mut asked = answer(1, "one", &ticket, Said::AskColleague);
    asked.remark = "Bính?".to_owned();
    assert_eq!(give(&mut desk, &asked, 1), Ok(Answered::Passed));
    assert!(!lease(&mut desk, &wanted(1, "one", 100), 2).contains(&ticket));
    assert_eq!(desk.asked(ticket.entry, &ticket.field).unwrap(), ["Bính?"]);
    assert!(lease(&mut desk, &wanted(2, "two", 100), 600).contains(&ticket));
}

#[test]
fn what_was_read_alike_is_handed_out_together() {
    let (_folder, mut desk) = desk();
    assert!(desk.groups(None, 10).unwrap().is_empty(), "three are no group");
    let book = "a-1".to_owned();
    let group = Group { book, field: "registration.date".into(), value: "1975-03-02".to_owned(), count: 3 };
    let transaction = desk.begin(moment()).unwrap();
    assert_eq!(transaction.lease_group(&group, (1, "one"), 2).unwrap().len(), 2);
    assert_eq!(transaction.lease_group(&group, (2, "two"), 40).unwrap().len(), 1);
    transaction.commit().unwrap();
}

#[test]
fn what_is_confirmed_among_many_is_looked_at_again_by_another() {
    let (_folder, mut desk) = desk();
    let drawn: Vec<Ticket> = lease(&mut desk, &wanted(1, "one", 100), 0)
        .into_iter()
        .filter(|ticket| super::queue::is_looked_at_again(ticket.entry, &ticket.field))
        .collect();
    for ticket in &drawn {
        let given = Answer { action: Action::Grouped, ..answer(1, "one", ticket, value("Lê Ơ")) };
        assert_eq!(give(&mut desk, &given, 1), Ok(Answered::Settled));
    }
    let again = |tickets: Vec<Ticket>| tickets.into_iter().filter(|t| t.purpose == Purpose::Audit).count();
    assert_eq!(again(lease(&mut desk, &wanted(1, "one", 100), 300)), 0);
    let held = lease(&mut desk, &wanted(2, "two", 100), 600);
    for ticket in held.iter().filter(|ticket| ticket.purpose == Purpose::Audit) {
        assert_eq!(give(&mut desk, &answer(2, "two", ticket, value("Lê Ô")), 601), Ok(Answered::Settled));
    }
    assert_eq!(again(held), drawn.len());
    assert_eq!(desk.group_misses().unwrap(), (drawn.len() as u64, drawn.len() as u64));
}

#[test]
fn the_desk_works_while_a_batch_holds_the_store() {
    let (folder, mut desk) = desk();
    let mut batch = Store::create_or_open(folder.path()).unwrap();
    let ticket = lease(&mut desk, &wanted(1, "one", 1), 0).remove(0);
    give(&mut desk, &answer(1, "one", &ticket, value("Lê Ân")), 1).unwrap();
    let page = scan("a-1/1.jpg", 1);
    batch.commit(&read(&page, vec![birth(&page, 1, "Lê Om")]), moment()).unwrap();
    assert_eq!(field(&desk, &ticket), ("Lê Ân".to_owned(), FieldStatus::Verified));
}

#[test]
fn sessions_end_and_closed_accounts_have_none() {
    let (_folder, mut desk) = desk();
    let transaction = desk.begin(moment()).unwrap();
    transaction.begin_session(1, b"secret").unwrap();
    transaction.invite(2, b"link").unwrap();
    transaction.commit().unwrap();
    let now = moment().as_millisecond();
    assert_eq!(desk.session(b"secret", now).unwrap().unwrap().name, "an");
    assert_eq!(desk.session(b"another", now).unwrap(), None);
    assert_eq!(desk.session(b"secret", now + 11 * 3_600_000).unwrap(), None);
    assert_eq!(desk.invitation(b"link", now).unwrap().unwrap().name, "binh");
    let mut account = desk.account("an").unwrap().unwrap();
    account.active = false;
    let transaction = desk.begin(moment()).unwrap();
    transaction.change_account(&account, "chief").unwrap();
    transaction.set_password(2, "hash", "binh").unwrap();
    assert!(transaction.add_account("an", "An", &[], "chief").is_err());
    transaction.commit().unwrap();
    assert_eq!(desk.session(b"secret", now).unwrap(), None);
    assert_eq!(desk.invitation(b"link", now).unwrap(), None);
    assert_eq!(desk.password_hash("binh").unwrap().as_deref(), Some("hash"));
    assert_eq!(desk.password_hash("an").unwrap(), None);
}

#[test]
fn a_part_that_fails_leaves_the_others_whole() {
    let (_folder, mut desk) = desk();
    let transaction = desk.begin(moment()).unwrap();
    transaction.part(|part| part.add_account("dung", "Dung", &[], "test")).unwrap();
    let failed = transaction.part(|part| {
        part.add_account("em", "Em", &[], "test")?;
        part.add_account("an", "An", &[], "test")
    });
    assert!(failed.is_err());
    transaction.commit().unwrap();
    let names: Vec<String> = desk.accounts().unwrap().into_iter().map(|account| account.name).collect();
    assert_eq!(names, ["an", "binh", "chi", "dung"]);
}
