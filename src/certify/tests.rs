//! What a certificate says of invented books.

use proptest::prelude::*;

use super::samples::{birth, book, field, number_field, page};
use super::{Account, Certificate, Language, Mismatch, What, certify, write};
use crate::domain::{
    BookContents, BookPageFinding, FailureReason, FieldName, FieldStatus, FieldType, Kind, NotAForm,
    NumberAccount, NumberStatement, ScanName,
};

fn missing(certificate: &Certificate) -> Vec<u32> {
    certificate.missing().into_iter().map(|(_, number)| number).collect()
}

/// Gives the number of an entry another reading.
fn misread(
    contents: &mut BookContents,
    page: usize,
    entry: usize,
    reads: u32,
    status: FieldStatus,
    confidence: f64,
) {
    contents.pages[page].records[entry].fields[0] = number_field(reads, status, confidence, &[]);
}

fn unread(contents: &mut BookContents, page: usize, entry: usize) {
    contents.pages[page].records[entry].fields[0] =
        field("entry.number", FieldType::Number, "", FieldStatus::Illegible, 1.0);
}

fn whats(certificate: &Certificate) -> Vec<&What> {
    certificate.findings.iter().map(|finding| &finding.what).collect()
}

#[test]
fn a_whole_book_has_nothing_to_say() {
    for (year, entries) in [(1958, 12), (1978, 2), (2009, 1), (2018, 1)] {
        let certificate = certify(&book(year, 85, 8, entries));
        assert_eq!(certificate.findings, [], "{year}");
        assert_eq!(certificate.runs.len(), 1);
        assert_eq!(certificate.runs[0].numbers.len(), 8 * entries as usize);
        assert!(certificate.explained());
    }
}

#[test]
fn a_row_whose_number_is_unread_is_no_missing_number() {
    let mut contents = book(2009, 44, 6, 1);
    unread(&mut contents, 2, 0);
    let certificate = certify(&contents);
    assert_eq!(missing(&certificate), [] as [u32; 0]);
    assert!(certificate.explained());
    let rows: Vec<_> = certificate.runs[0]
        .numbers
        .iter()
        .filter(|number| number.account == Account::RowUnreadable)
        .collect();
    assert_eq!((rows.len(), rows[0].number), (1, 46));
    assert!(
        whats(&certificate)
            .iter()
            .any(|what| matches!(what, What::RowUnreadable { reads: None, would_be: 46, .. }))
    );
}

#[test]
fn a_row_misread_is_set_right_by_its_neighbours() {
    for reads in [45, 47, 86, 96, 406, 1, 1977] {
        let mut contents = book(2009, 44, 6, 1);
        misread(&mut contents, 2, 0, reads, FieldStatus::Accepted, 0.99);
        let certificate = certify(&contents);
        assert_eq!(missing(&certificate), [] as [u32; 0], "{reads}");
        assert!(certificate.explained(), "{reads}: {:?}", certificate.findings);
    }
}

#[test]
fn a_failed_page_in_a_gap_is_named() {
    let mut contents = book(1978, 1, 5, 3);
    contents.pages[2].finding = BookPageFinding::Failed(FailureReason::Crashed);
    contents.pages[2].records.clear();
    let certificate = certify(&contents);
    assert_eq!(missing(&certificate), [7, 8, 9]);
    assert!(
        certificate.runs[0].numbers.iter().filter(|number| number.account == Account::PageUnread).count()
            == 3
    );
    assert!(!certificate.explained());
}

#[test]
fn a_page_that_is_no_form_is_nothing_when_the_numbers_run_on() {
    let mut contents = book(1978, 1, 5, 3);
    for (place, reason) in [(0, NotAForm::Cover), (3, NotAForm::BlankPage), (4, NotAForm::UnknownForm)] {
        let other = super::samples::page(&format!("a-1/{place}-x.jpg"), Vec::new());
        contents
            .pages
            .insert(place, crate::domain::BookPage { finding: BookPageFinding::NotAForm(reason), ..other });
    }
    assert!(certify(&contents).explained());
    assert_eq!(certify(&contents).pages.other, 3);
}

#[test]
fn what_people_say_of_a_number_explains_it() {
    let mut contents = book(2009, 1, 9, 1);
    contents.pages.remove(4);
    let say = |account| NumberStatement {
        year: None,
        first: 5,
        last: 5,
        account,
        reason: "struck out".to_owned(),
        who: "lan".to_owned(),
        at: String::new(),
    };
    assert_eq!(missing(&certify(&contents)), [5]);
    contents.statements.push(say(NumberAccount::Voided));
    let certificate = certify(&contents);
    assert!(certificate.explained());
    assert_eq!(certificate.runs[0].numbers[4].account, Account::Voided);
    contents.statements.push(say(NumberAccount::Withdrawn));
    assert_eq!(missing(&certify(&contents)), [5]);
}

#[test]
fn a_note_can_void_an_entry() {
    let mut contents = book(2009, 1, 9, 1);
    let note = field("notes", FieldType::Text, "Đã huỷ, viết nhầm", FieldStatus::Review, 0.5);
    contents.pages[3].records[0].fields.push(note);
    let certificate = certify(&contents);
    assert_eq!(certificate.runs[0].numbers[3].account, Account::Voided);
    assert!(certificate.explained());
}

#[test]
fn a_page_pictured_twice_counts_once() {
    for entries in [1, 5] {
        let mut contents = book(1978, 1, 6, entries);
        let mut again = contents.pages[3].clone();
        again.scan = ScanName("a-1/004b.jpg".to_owned());
        contents.pages.insert(4, again);
        let certificate = certify(&contents);
        assert_eq!(missing(&certificate), [] as [u32; 0]);
        assert!(matches!(whats(&certificate)[..], [What::PageTwice { .. }]), "{:?}", certificate.findings);
    }
}

#[test]
fn one_number_on_two_entries_is_told() {
    let mut contents = book(1978, 1, 6, 5);
    let name = contents.pages[2].records[1].fields[2].clone();
    contents.pages[2].records[2].fields[0] = number_field(12, FieldStatus::Verified, 1.0, &[]);
    assert_eq!(name.name, FieldName::from("child.name"));
    let certificate = certify(&contents);
    assert_eq!(missing(&certificate), [13]);
    assert!(
        whats(&certificate)
            .iter()
            .any(|what| matches!(what, What::NumberTwice { number: 12, places } if places.len() == 2))
    );
}

#[test]
fn pages_in_the_wrong_order_lose_no_number() {
    for entries in [1, 2, 5] {
        let mut contents = book(1978, 1, 8, entries);
        contents.pages.swap(3, 4);
        for (position, page) in contents.pages.iter_mut().enumerate() {
            page.scan = ScanName(format!("a-1/{position:03}.jpg"));
        }
        let certificate = certify(&contents);
        assert_eq!(missing(&certificate), [] as [u32; 0], "{entries}");
        assert!(
            whats(&certificate).iter().any(|what| matches!(what, What::WrongOrder { .. })),
            "{entries} {certificate:?}"
        );
        assert!(certificate.explained());
    }
}

#[test]
fn a_page_of_another_kind_or_time_is_found() {
    let mut contents = book(1978, 1, 8, 4);
    let mut deaths = page("a-1/004d.jpg", vec![birth("a-1/004d.jpg", 1, 7, "1990-02-02")]);
    deaths.finding =
        BookPageFinding::Form { form: crate::domain::FormId::new("death-2006"), kind: Kind::Death };
    contents.pages.insert(4, deaths);
    let certificate = certify(&contents);
    let [What::WrongBook { because, .. }] = &whats(&certificate)[..] else {
        panic!("{:?}", certificate.findings)
    };
    assert!(because.contains(&Mismatch::Kind { book: Kind::Birth, page: Kind::Death }));

    let mut contents = book(1978, 1, 8, 4);
    let stray = (1..=4).map(|entry| birth("a-1/004d.jpg", entry, 300 + entry, "1999-02-02"));
    contents.pages.insert(4, page("a-1/004d.jpg", stray.collect()));
    let certificate = certify(&contents);
    assert!(matches!(whats(&certificate)[..], [What::WrongBook { .. }]), "{:?}", certificate.findings);
    assert_eq!(missing(&certificate), [] as [u32; 0]);
}

#[test]
fn two_years_in_one_book_are_two_runs() {
    let mut contents = book(2007, 40, 5, 1);
    let mut next = book(2008, 1, 5, 1);
    next.pages.iter_mut().for_each(|page| {
        page.scan.0.insert(4, '9');
        page.records.iter_mut().for_each(|record| record.scan = page.scan.clone());
    });
    contents.pages.append(&mut next.pages);
    contents.book.cover.last_number = Some(5);
    let certificate = certify(&contents);
    assert_eq!(
        certificate.runs.iter().map(|run| (run.year, run.first, run.last)).collect::<Vec<_>>(),
        [(Some(2007), 40, 44), (Some(2008), 1, 5)]
    );
    contents.pages.remove(5);
    assert_eq!(certify(&contents).missing(), [(Some(2008), 1)]);
}

#[test]
fn totals_that_do_not_come_out_are_told() {
    let mut contents = book(2009, 1, 9, 1);
    contents.book.cover.entries = Some(9);
    assert!(certify(&contents).explained());
    contents.book.cover.entries = Some(11);
    let certificate = certify(&contents);
    assert!(whats(&certificate).contains(&&What::EntriesDiffer { stated: 11, found: 9 }));
    assert!(!certificate.explained());
}

#[test]
fn a_total_says_where_the_book_ends() {
    let mut contents = book(2009, 1, 9, 1);
    contents.book.cover.last_number = None;
    contents.book.cover.entries = Some(9);
    contents.pages.pop();
    assert_eq!(missing(&certify(&contents)), [9]);
}

#[test]
fn names_of_scans_say_that_the_first_is_missing() {
    let mut contents = book(1959, 101, 5, 8);
    (contents.book.cover.first_number, contents.book.cover.last_number) = (None, None);
    assert!(certify(&contents).explained());
    contents.pages.remove(0);
    assert_eq!(missing(&certify(&contents)), (101..109).collect::<Vec<_>>());
}

#[test]
fn a_certificate_is_written_in_both_languages() {
    let mut contents = book(2009, 1, 9, 1);
    contents.pages.remove(4);
    let certificate = certify(&contents);
    for (language, wanted) in [
        (Language::English, "number 5 of 2009: page missing"),
        (Language::Vietnamese, "số 5 năm 2009: thiếu trang"),
    ] {
        let mut text = Vec::new();
        write(&certificate, language, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains(wanted), "{text}");
    }
    let json = serde_json::to_value(&certificate).unwrap();
    assert_eq!(json["findings"][0]["finding"], "missing");
}

#[test]
fn an_empty_book_and_one_without_numbers_do_not_trip_it() {
    let mut contents = book(2009, 1, 1, 1);
    contents.pages.clear();
    assert!(certify(&contents).runs.is_empty());
    let mut contents = book(2009, 1, 3, 1);
    (0..3).for_each(|page| unread(&mut contents, page, 0));
    assert_eq!(whats(&certify(&contents))[0], &What::NoNumbers);
}

/// Books of several eras: year, first number, pages, entries a page.
fn books() -> impl Strategy<Value = BookContents> {
    (1956_i16..2020, 1_u32..200, 3_u32..25, 1_u32..13)
        .prop_map(|(year, first, pages, entries)| book(year, first, pages, entries))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn taking_out_a_run_of_entries_names_exactly_that_run(contents in books(), from in 0.0_f64..1.0, length in 1_usize..30) {
        let mut contents = contents;
        let total: usize = contents.pages.iter().map(|page| page.records.len()).sum();
        let start = (from * total as f64) as usize;
        let end = (start + length).min(total);
        prop_assume!(total - (end - start) >= 2);
        let mut taken = Vec::new();
        let mut position = 0;
        for page in &mut contents.pages {
            page.records.retain(|record| {
                let out = (start..end).contains(&position);
                position += 1;
                if out {
                    taken.push(record.field("entry.number").unwrap().value.parse::<u32>().unwrap());
                }
                !out
            });
        }
        contents.pages.retain(|page| !page.records.is_empty());
        prop_assert_eq!(missing(&certify(&contents)), taken);
    }

    #[test]
    fn one_misread_number_never_makes_a_number_missing(
        contents in books(), page in any::<prop::sample::Index>(), entry in any::<prop::sample::Index>(),
        reads in 1_u32..2000, accepted in any::<bool>(), confidence in 0.1_f64..0.97,
    ) {
        let mut contents = contents;
        let page = page.index(contents.pages.len());
        let entry = entry.index(contents.pages[page].records.len());
        let status = if accepted { FieldStatus::Accepted } else { FieldStatus::Review };
        misread(&mut contents, page, entry, reads, status, confidence);
        prop_assert_eq!(missing(&certify(&contents)), Vec::<u32>::new());
    }

    #[test]
    fn no_book_trips_it(
        numbers in prop::collection::vec(prop::option::of(0_u32..60), 0..40), per_page in 1_usize..5,
        first in prop::option::of(0_u32..70), last in prop::option::of(0_u32..70), entries in prop::option::of(0_u32..70),
    ) {
        let mut contents = book(1978, 1, 0, 1);
        for (position, numbers) in numbers.chunks(per_page).enumerate() {
            let scan = format!("a-1/{position}.jpg");
            let mut records: Vec<_> = (1..).zip(numbers).map(|(entry, number)| birth(&scan, entry, number.unwrap_or(1), "1978-01-01")).collect();
            records.iter_mut().zip(numbers).filter(|(_, number)| number.is_none()).for_each(|(record, _)| { record.fields.remove(0); });
            contents.pages.push(page(&scan, records));
        }
        let cover = &mut contents.book.cover;
        (cover.first_number, cover.last_number, cover.entries) = (first, last, entries);
        let certificate = certify(&contents);
        let rows = certificate.runs.iter().flat_map(|run| &run.numbers).filter(|number| number.entry.is_some()).count();
        prop_assert!(rows <= numbers.len());
        write(&certificate, Language::Vietnamese, &mut Vec::new()).unwrap();
    }
}
