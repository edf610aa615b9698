//! Weighs books again once people have settled fields in them: what they taught reaches the rest of the queue.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::readers::Readers;
use super::writer::Writer;
use crate::store::{Store, StoreError};
use crate::weighing::reweigh;

/// How often to look for books.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Entries kept in one piece: an answer waits for one piece at most.
const AT_A_TIME: usize = 4;
/// Between two pieces, so that answers have the disk to themselves most of the time.
const BREATH: Duration = Duration::from_millis(5);

/// Weighs books that nobody has answered for `quiet`, as long as the server runs.
pub(super) async fn weigh_as_people_work(readers: Readers, writer: Writer, quiet: Duration) {
    loop {
        tokio::time::sleep(LOOK_EVERY.min(quiet)).await;
        if let Err(error) = weigh_due(&readers, &writer, quiet).await {
            tracing::warn!("a book could not be weighed again: {error}");
        }
    }
}

/// Weighs the books that are due; how many.
///
/// While a batch holds the store nothing is weighed: it weighs what it reads itself.
async fn weigh_due(readers: &Readers, writer: &Writer, quiet: Duration) -> Result<usize, StoreError> {
    let until = Timestamp::now() - SignedDuration::try_from(quiet).unwrap_or(SignedDuration::ZERO);
    let due = move |store: &Store| {
        if store.is_held_by_a_batch() { Ok(Vec::new()) } else { store.books_to_reweigh(until) }
    };
    let due = readers.read(due).await?;
    let mut weighed = 0;
    for book in due {
        weighed += usize::from(weigh(readers, writer, book).await?);
    }
    Ok(weighed)
}

/// Weighs one book; whether it could be finished. Where people go on meanwhile it is due again later.
async fn weigh(readers: &Readers, writer: &Writer, book: String) -> Result<bool, StoreError> {
    let name = book.clone();
    let weigh = move |store: &Store| {
        let stamp = store.book_stamp(&name)?;
        Ok((stamp, reweigh(store, &name)?))
    };
    let (stamp, changed) = readers.read(weigh).await?;
    let all = changed.len();
    let mut kept = 0;
    let mut left = changed.into_iter();
    loop {
        let piece: Vec<_> = left.by_ref().take(AT_A_TIME).collect();
        if piece.is_empty() {
            break;
        }
        let keep = move |desk: &crate::store::DeskTransaction<'_>| {
            if desk.is_held_by_a_batch() { Ok(None) } else { desk.keep_reweighed(&piece).map(Some) }
        };
        let Some(more) = writer.write(keep).await? else { return Ok(false) };
        kept += more;
        tokio::time::sleep(BREATH).await;
    }
    if kept < all {
        return Ok(false);
    }
    let note = move |desk: &crate::store::DeskTransaction<'_>| {
        if desk.is_held_by_a_batch() { Ok(false) } else { desk.note_reweighed(&book, stamp) }
    };
    writer.write(note).await
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::weigh_due;
    use crate::domain::{Candidate, Confidence, FieldName, Fit, Role, Seconded};
    use crate::store::desk::{Purpose, Ticket};
    use crate::store::testing::{birth, moment, read, said_on_record, scan, store};
    use crate::store::{Desk, Store};
    use crate::web::language::Language;
    use crate::web::presented::Presented;
    use crate::web::readers::Readers;
    use crate::web::writer::Writer;

    fn number(text: &str, confidence: f64) -> Candidate {
        let (value, text) = (text.to_owned(), text.to_owned());
        Candidate {
            value,
            text,
            confidence: Confidence::clamped(confidence),
            fit: Fit::Parsed(1.0),
            seconded: Seconded::Unknown,
        }
    }

    /// A book of five entries that begins with 10; all of its numbers were misread, the third has the right one
    /// as its second candidate.
    fn office() -> (tempfile::TempDir, Desk) {
        let (folder, mut store) = store();
        let scan = scan("a-1/1.jpg", 1);
        store.register_scans(std::slice::from_ref(&scan)).unwrap();
        let mut records: Vec<_> = (1..=5).map(|entry| birth(&scan, entry, "Lê An")).collect();
        for (record, read) in records.iter_mut().zip(["90", "61", "72", "43", "84"]) {
            record.fields[0].value = read.to_owned();
            record.fields[0].candidates = vec![number(read, 0.6)];
        }
        records[2].fields[0].candidates.push(number("12", 0.3));
        store.commit(&read(&scan, records), moment()).unwrap();
        drop(store);
        let mut desk = Store::open_desk(folder.path()).unwrap();
        let transaction = desk.begin(moment()).unwrap();
        transaction.add_account("an", "An", &[Role::Verifier], "test").unwrap();
        transaction.commit().unwrap();
        (folder, desk)
    }

    fn answer(desk: &mut Desk, entry: i64, value: &str) {
        let answer = said_on_record(entry, "entry.number", value);
        let transaction = desk.begin(jiff::Timestamp::now()).unwrap();
        transaction.answer(&answer).unwrap().unwrap();
        transaction.commit().unwrap();
    }

    #[test]
    fn what_people_settle_reaches_the_rest_of_the_book_without_a_command() {
        let (folder, mut desk) = office();
        let third = |desk: &Desk| {
            let view = desk.entry_view(4099).unwrap().unwrap();
            view.field(&"entry.number".into()).unwrap().field.value.clone()
        };
        let readers = Readers::new(folder.path().to_owned());
        let (writer, _thread) = Writer::start(Store::open_desk(folder.path()).unwrap());
        let weigh = |quiet: u64| {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
            runtime.block_on(weigh_due(&readers, &writer, Duration::from_secs(quiet))).unwrap()
        };
        assert_eq!(weigh(0), 0, "nobody has answered yet: the batch weighs what it reads");
        for (entry, value) in [(4097, "10"), (4098, "11"), (4100, "13"), (4101, "14")] {
            answer(&mut desk, entry, value);
        }
        assert_eq!((third(&desk).as_str(), weigh(3600)), ("72", 0), "they are still at it");
        let batch = Store::create_or_open(folder.path()).unwrap();
        assert_eq!(weigh(0), 0, "a batch weighs for itself");
        drop(batch);
        assert_eq!((weigh(0), third(&desk).as_str()), (1, "12"));
        let field = FieldName::from("entry.number");
        let ticket = Ticket { entry: 4099, field, purpose: Purpose::Review, worth: 0.0 };
        let task = Presented::of(&desk, Language::Vietnamese, &ticket).unwrap().unwrap();
        assert_eq!(task.best.unwrap().value, "12", "the task follows");
        assert_eq!(weigh(0), 0, "it is weighed");
    }

    #[test]
    fn what_is_answered_while_a_book_is_weighed_is_kept() {
        let (folder, mut desk) = office();
        answer(&mut desk, 4097, "10");
        let stamp = desk.book_stamp("a-1").unwrap();
        let weighed = crate::weighing::reweigh(&desk, "a-1").unwrap();
        assert!(weighed.len() > 3);
        answer(&mut desk, 4099, "7");
        let transaction = desk.begin(moment()).unwrap();
        assert_eq!(transaction.keep_reweighed(&weighed).unwrap(), weighed.len() - 1);
        assert!(!transaction.note_reweighed("a-1", stamp).unwrap(), "it is due again");
        transaction.commit().unwrap();
        let view = desk.entry_view(4099).unwrap().unwrap();
        assert_eq!(view.field(&"entry.number".into()).unwrap().field.value, "7");
        drop(folder);
    }
}
