//! Searches as clerks type them.

use proptest::prelude::*;

use super::{Closeness, Query};
use crate::domain::{Book, BookCover, Confidence, DraftRecord, FieldType, FormId, Kind, Scan};
use crate::store::testing::{birth, field, moment, read, scan, store};
use crate::store::{Store, StoreWriter};

/// A store with these children, one a scan, in this order.
fn children(names: &[&str]) -> (tempfile::TempDir, StoreWriter) {
    let records = |scan: &Scan, name: &str| vec![birth(scan, 1, name)];
    filled(names.iter().map(|name| move |scan: &Scan| records(scan, name)))
}

/// A store with what `records` makes of one scan after the other.
fn filled<F>(records: impl Iterator<Item = F>) -> (tempfile::TempDir, StoreWriter)
where
    F: Fn(&Scan) -> Vec<DraftRecord>,
{
    let (folder, mut store) = store();
    for (number, records) in (1_u8..).zip(records) {
        let scan = scan(&format!("a-1/{number:03}.jpg"), number);
        store.register_scans(std::slice::from_ref(&scan)).unwrap();
        store.commit(&read(&scan, records(&scan)), moment()).unwrap();
    }
    (folder, store)
}

/// What `text` finds: the child's name of every hit, and how close it is.
fn found(store: &Store, query: Query) -> Vec<(String, Closeness)> {
    let found = store.search(&query).unwrap();
    let name = |hit: super::Hit| {
        let fields = hit.fields.iter().find(|field| field.name.as_str() == "child.name");
        (fields.map(|field| field.value.clone()).unwrap_or_default(), hit.closeness)
    };
    found.hits.into_iter().map(name).collect()
}

fn names(store: &Store, query: Query) -> Vec<String> {
    found(store, query).into_iter().map(|(name, _)| name).collect()
}

fn text(text: &str) -> Query {
    Query { text: text.to_owned(), ..Query::default() }
}

#[test]
fn accents_case_bars_and_the_place_of_the_tone_do_not_matter() {
    let (_folder, store) = children(&["Đặng Thị Hoà", "Trần Văn Bảy"]);
    for typed in ["dang thi hoa", "ĐẶNG THỊ HÒA", "Đặng Thị Hoà", "hòa đang", "  dang-thi  ", "dặng"]
    {
        assert_eq!(names(&store, text(typed)), ["Đặng Thị Hoà"], "{typed}");
    }
    let exact = found(&store, text("đặng thị hòa"));
    assert_eq!(exact, [("Đặng Thị Hoà".to_owned(), Closeness::Exact)]);
}

#[test]
fn hits_with_the_accents_typed_come_first() {
    let (_folder, store) = children(&["Nguyễn Thị Hoa", "Nguyễn Thị Hòa", "Nguyên Thị Hóa"]);
    assert_eq!(
        found(&store, text("Nguyễn Thị Hòa")),
        [
            ("Nguyễn Thị Hòa".to_owned(), Closeness::Exact),
            ("Nguyễn Thị Hoa".to_owned(), Closeness::Folded),
            ("Nguyên Thị Hóa".to_owned(), Closeness::Folded),
        ]
    );
    assert_eq!(
        found(&store, text("nguyen thi hóa"))[0],
        ("Nguyên Thị Hóa".to_owned(), Closeness::AccentsKept)
    );
    assert_eq!(names(&store, text("nguyen thi hoa")).len(), 3);
}

#[test]
fn words_come_in_any_order_and_the_last_may_be_begun() {
    let (_folder, store) = children(&["Lê Văn Nghiêm", "Lê Văn Nga", "Lê Văn Ngân"]);
    assert_eq!(names(&store, text("nghiêm lê")), ["Lê Văn Nghiêm"]);
    assert_eq!(names(&store, text("le van n")).len(), 3);
    assert_eq!(found(&store, text("le van ngh"))[0], ("Lê Văn Nghiêm".to_owned(), Closeness::Begun));
    assert_eq!(names(&store, text("le van nghie")), ["Lê Văn Nghiêm"]);
    assert_eq!(
        found(&store, text("le van nga")),
        [("Lê Văn Nga".to_owned(), Closeness::Folded), ("Lê Văn Ngân".to_owned(), Closeness::Begun),]
    );
}

#[test]
fn one_wrong_letter_is_forgiven_when_little_is_found() {
    let (_folder, store) = children(&["Nguyễn Văn Khiêm"]);
    for typed in
        ["nguyem van khiem", "nguyn van khiem", "nguyeen van khiem", "nugyen van khiem", "nguyen van khim"]
    {
        let hits = found(&store, text(typed));
        assert_eq!(hits, [("Nguyễn Văn Khiêm".to_owned(), Closeness::OneWrongLetter)], "{typed}");
    }
    let two = found(&store, text("nguyem vam khiem"));
    assert_eq!(two, [("Nguyễn Văn Khiêm".to_owned(), Closeness::WrongLetters)]);
    for typed in ["nguxxn van khiem", "tran van khiem", "nguyen van hung"] {
        assert!(found(&store, text(typed)).is_empty(), "{typed}");
    }
}

#[test]
fn one_wrong_letter_is_forgiven_in_short_names() {
    let (_folder, store) = children(&["Lê Vũ", "Đỗ Lý", "Hồ Ý"]);
    for (typed, wanted) in [
        ("le vo", "Lê Vũ"),
        ("lo vu", "Lê Vũ"),
        ("l vu", "Lê Vũ"),
        ("el vu", "Lê Vũ"),
        ("do li", "Đỗ Lý"),
        ("d ly", "Đỗ Lý"),
        ("ho u", "Hồ Ý"),
    ] {
        assert!(names(&store, text(typed)).contains(&wanted.to_owned()), "{typed}");
    }
}

#[test]
fn wrong_letters_are_not_looked_for_when_enough_fits() {
    let (_folder, store) = children(&["Lê An", "Lê An", "Lê An", "Lê An", "Lê An", "Lê Ân", "Lê Am"]);
    assert_eq!(names(&store, text("le an")), ["Lê An", "Lê An", "Lê An", "Lê An", "Lê An", "Lê Ân"]);
}

#[test]
fn words_are_counted_by_the_names_that_have_them_now() {
    let (_folder, mut store) = children(&["Lê An", "Lê Lê Bé"]);
    let rows = |store: &Store, word| super::near::rows_with(&store.connection, word).unwrap();
    assert_eq!([rows(&store, "le"), rows(&store, "be"), rows(&store, "x")], [Some(2), Some(1), None]);
    let scan = scan("a-1/002.jpg", 2);
    store.commit(&read(&scan, vec![birth(&scan, 1, "Lê Cúc")]), moment()).unwrap();
    assert_eq!([rows(&store, "le"), rows(&store, "be"), rows(&store, "cuc")], [Some(2), Some(0), Some(1)]);
}

/// A marriage in the second book, a death and a birth.
fn mixed() -> (tempfile::TempDir, StoreWriter) {
    let (folder, mut store) = store();
    let cover = BookCover { volume: Some("01/1983".to_owned()), year: Some(1983), ..BookCover::default() };
    store.register_books(&[Book { name: "b-10".to_owned(), cover }]).unwrap();
    let scans = [scan("a-1/1.jpg", 1), scan("a-1/2.jpg", 2), scan("b-10/1.jpg", 3)];
    store.register_scans(&scans).unwrap();
    let record = |scan: &Scan, kind, fields| DraftRecord {
        scan: scan.name.clone(),
        entry: 1,
        kind,
        form: FormId::new("some-form"),
        form_match: Confidence::FULL,
        fields,
        rules: Vec::new(),
    };
    let birth = vec![
        field("entry.number", FieldType::Number, "85"),
        field("registration.date", FieldType::Date, "1975-03-02"),
        field("child.name", FieldType::PersonName, "Lê Thị An"),
        field("child.birth_date", FieldType::Date, "1956"),
        field("mother.name", FieldType::PersonName, "Trần Thị Bé"),
        field("mother.residence", FieldType::Place, "xã Hòa An, huyện Phú Hòa"),
    ];
    let death = vec![
        field("entry.number", FieldType::Number, "007"),
        field("deceased.name", FieldType::PersonName, "Trần Thị Bé"),
        field("death.date", FieldType::Date, "1991-05"),
        field("death.place", FieldType::Place, "phường Mỹ Long"),
        field("declarant.name", FieldType::PersonName, "Lê Thị An"),
    ];
    let marriage = vec![
        field("husband.name", FieldType::PersonName, "Lê Văn An"),
        field("wife.name", FieldType::PersonName, "Trần Thị Bé"),
        field("wife.residence", FieldType::Place, "xã Mỹ Hòa"),
    ];
    for (scan, record) in scans.iter().zip([
        record(&scans[0], Kind::Birth, birth),
        record(&scans[1], Kind::Death, death),
        record(&scans[2], Kind::Marriage, marriage),
    ]) {
        store.commit(&read(scan, vec![record]), moment()).unwrap();
    }
    (folder, store)
}

/// The scans `query` finds.
fn scans(store: &Store, query: Query) -> Vec<String> {
    store.search(&query).unwrap().hits.into_iter().map(|hit| hit.scan.0).collect()
}

#[test]
fn filters_narrow_down() {
    let (_folder, store) = mixed();
    let be = || text("tran thi be");
    assert_eq!(scans(&store, be()), ["a-1/1.jpg", "a-1/2.jpg", "b-10/1.jpg"]);
    let one = |query, scan: &str| assert_eq!(scans(&store, query), [scan]);
    one(Query { kind: Some(Kind::Death), ..be() }, "a-1/2.jpg");
    one(Query { role: Some("mother".to_owned()), ..be() }, "a-1/1.jpg");
    one(Query { role: Some("Wife".to_owned()), ..be() }, "b-10/1.jpg");
    one(Query { number: Some("7".to_owned()), ..be() }, "a-1/2.jpg");
    one(Query { number: Some("085".to_owned()), ..be() }, "a-1/1.jpg");
    one(Query { book: Some("b-10".to_owned()), ..be() }, "b-10/1.jpg");
    one(Query { book: Some("01/1983".to_owned()), ..be() }, "b-10/1.jpg");
    one(Query { place: Some("phu hòa".to_owned()), ..be() }, "a-1/1.jpg");
    one(Query { place: Some("my hoa".to_owned()), ..be() }, "b-10/1.jpg");
    one(Query { place: Some("my log".to_owned()), ..be() }, "a-1/2.jpg");
    for (years, scan) in [
        ((1975, 1975), "a-1/1.jpg"),
        ((1950, 1959), "a-1/1.jpg"),
        ((1989, 1999), "a-1/2.jpg"),
        ((1983, 1983), "b-10/1.jpg"),
    ] {
        one(Query { years: Some(years), ..be() }, scan);
    }
    assert_eq!(scans(&store, Query { years: Some((1900, 2026)), ..be() }).len(), 3);
    for nothing in [
        Query { years: Some((1980, 1970)), ..be() },
        Query { years: Some((i16::MIN, 0)), ..be() },
        Query { book: Some("no such book".to_owned()), ..be() },
        Query { number: Some("-".to_owned()), ..be() },
        Query { role: Some("no such role".to_owned()), ..be() },
        Query { kind: Some(Kind::Birth), role: Some("deceased".to_owned()), ..be() },
    ] {
        assert!(scans(&store, nothing.clone()).is_empty(), "{nothing:?}");
    }
}

#[test]
fn filters_find_without_words() {
    let (_folder, store) = mixed();
    assert_eq!(scans(&store, Query::default()).len(), 3);
    assert_eq!(scans(&store, Query { number: Some("85".to_owned()), ..Query::default() }), ["a-1/1.jpg"]);
    assert_eq!(scans(&store, Query { place: Some("hoa".to_owned()), ..Query::default() }).len(), 2);
    let found = store.search(&Query { limit: 2, ..Query::default() }).unwrap();
    assert_eq!((found.hits.len(), found.more), (2, true));
    let found = store.search(&Query { limit: 3, ..Query::default() }).unwrap();
    assert_eq!((found.hits.len(), found.more), (3, false));
}

#[test]
fn places_are_found_too_and_a_hit_says_what_fits() {
    let (_folder, store) = mixed();
    let found = store.search(&text("hoà an")).unwrap();
    let matched: Vec<_> = found.hits[0].matched.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(matched, ["mother.residence"]);
    assert_eq!(found.hits[0].matched[0].status, crate::domain::FieldStatus::Review);
    assert_eq!(found.hits[0].fields.len(), 6);
    assert!(scans(&store, text("???")).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_that_is_typed_fails(
        typed in prop_oneof![
            ".{0,60}",
            "[\"'*()^:+\\- ]{0,12}(NEAR|AND|OR|NOT|folded :|le|an|🙂|đỗ){1,3}[\"'*()^:+\\-, ]{0,12}",
            "([a-z]{1,3} ){300}",
        ],
        place in proptest::option::of(".{0,20}"),
        number in proptest::option::of(".{0,6}"),
        book in proptest::option::of(".{0,6}"),
        role in proptest::option::of(".{0,6}"),
        years in proptest::option::of((any::<i16>(), any::<i16>())),
        limit in 0_usize..4,
    ) {
        thread_local!(static STORE: (tempfile::TempDir, StoreWriter) = mixed());
        let query = Query { text: typed, years, number, book, place, role, limit, ..Query::default() };
        let found = STORE.with(|(_, store)| store.search(&query)).unwrap();
        prop_assert!(found.hits.len() <= limit);
    }
}

/// A birth of `child`, a girl, whose name may also be read as `other`.
fn girl(scan: &Scan, child: &str, other: &str) -> DraftRecord {
    let mut record = birth(scan, 1, child);
    let other =
        crate::domain::Candidate { value: other.to_owned(), ..record.fields[2].candidates[0].clone() };
    record.fields[2].candidates.push(other);
    record.fields.push(field("child.sex", FieldType::Sex, "female"));
    record.fields.push(field("child.birth_date", FieldType::Date, "1956-08-12"));
    record.fields.push(field("mother.name", FieldType::PersonName, "Trần Thị Đào"));
    record
}

fn one_girl() -> (tempfile::TempDir, StoreWriter) {
    filled([|scan: &Scan| vec![girl(scan, "Lê Thị Am", "Lê Thị Uẩn")]].into_iter())
}

#[test]
fn another_reading_is_found_as_such_until_a_person_settles_the_field() {
    let (_folder, mut store) = one_girl();
    let hit = |store: &Store, typed: &str| store.search(&text(typed)).unwrap().hits.pop();
    assert_eq!(hit(&store, "le thi am").unwrap().closeness, Closeness::Folded);
    let other = hit(&store, "lê uẩn").unwrap();
    assert_eq!((other.closeness, other.unsettled), (Closeness::OtherReading, 6));
    assert_eq!(other.matched[0].other_reading.as_deref(), Some("Lê Thị Uẩn"));
    assert_eq!(other.matched[0].value, "Lê Thị Am");
    let scan = scan("a-1/001.jpg", 1);
    let field = "child.name".into();
    let address = crate::store::FieldAddress { hash: scan.hash, page: 0, entry: 1, field };
    let verdict = crate::store::Verdict::Value("Lê Thị Am".to_owned());
    store.verify(&address, &verdict, "lan", moment()).unwrap();
    assert_eq!(hit(&store, "lê uẩn"), None);
    assert_eq!(hit(&store, "le am").unwrap().unsettled, 5);
}

#[test]
fn dates_sexes_and_offices_are_filters() {
    let (_folder, store) = one_girl();
    let count = |typed: &str, sex: Option<&str>| {
        let query = Query { sex: sex.map(str::to_owned), ..super::understood(typed) };
        store.search(&query).unwrap().hits.len()
    };
    for (typed, sex, hits) in [
        ("sinh 12/8/1956", None, 1),
        ("sinh 13/8/1956 le am", None, 0),
        ("le am sinh 1956", None, 1),
        ("le am 1956", None, 1),
        ("le am 1975", None, 1),
        ("le am 2/3/1975", None, 1),
        ("le am mat 1956", None, 0),
        ("me dao 1956", None, 1),
        ("bo dao", None, 0),
        ("am", Some("female"), 1),
        ("am", Some("male"), 0),
        ("dao", Some("female"), 1),
        ("sinh 1956", Some("female"), 1),
        ("so 1/1975", None, 1),
        ("so 2/1975", None, 0),
        ("le am hoa an", None, 1),
    ] {
        assert_eq!(count(typed, sex), hits, "{typed} {sex:?}");
    }
    let nowhere = Query { office: Some("xã Hòa An".to_owned()), ..text("le am") };
    assert!(store.search(&nowhere).unwrap().hits.is_empty());
}

#[test]
fn an_index_made_anew_finds_the_same() {
    let (_folder, store) = children(&["Lê Văn Nghiêm", "Lê Văn Nga"]);
    let before = (found(&store, text("le nghiem")), found(&store, text("le ngi")));
    super::index::rebuild(&store.connection).unwrap();
    assert_eq!((found(&store, text("le nghiem")), found(&store, text("le ngi"))), before);
    assert_eq!(before.0.len(), 1);
}
