//! Measures the weighing of invented books: time for one book, time and memory for many.
//!
//! `cargo bench --bench weigh` weighs one book of 150 births, then 20,000 (`HOTICH_BENCH_RECORDS` says
//! otherwise) in books of 150, as many at a time as `hotich weigh` takes. Every field has the candidates a
//! reader gives it; reading them from a store and writing them back is left out. `RAYON_NUM_THREADS` says on
//! how many threads.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "the figures are the output of a bench")]

use std::time::Instant;

use hotich::domain::{
    BookCover, Candidate, Confidence, DraftField, DraftRecord, FieldStatus, FieldType, Fit, FormId, Kind,
    LinkedValues, Rectangle, ScanName,
};
use hotich::pipeline;
use hotich::trust::{AuditsByStratum, Calibration, Contract, Lines};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// Entries of a book, and on a page.
const ENTRIES: usize = 150;
const ON_A_PAGE: usize = 5;
/// Books weighed at a time by `hotich weigh`.
const AT_A_TIME: usize = 16;

fn main() {
    let calibration = Calibration::shipped().unwrap();
    let lines = Lines::draw(&calibration, &Contract::default(), &AuditsByStratum::new());
    let weigh = |seed: u64| {
        let mut records = book(seed);
        pipeline::weigh_book(&mut records, &cover(), &LinkedValues::default(), (&calibration, &lines));
        let fields = || records.iter().flat_map(|record| &record.fields);
        (fields().count(), fields().filter(|field| field.status == FieldStatus::Accepted).count())
    };
    weigh(0); // The lists are read once.
    let begin = Instant::now();
    let (fields, accepted) = weigh(1);
    let seconds = begin.elapsed().as_secs_f64();
    println!("one book of {ENTRIES} entries ({fields} fields, {accepted} accepted): {seconds:.3} s");

    let wanted = std::env::var("HOTICH_BENCH_RECORDS").ok().and_then(|text| text.parse().ok());
    let books = wanted.unwrap_or(20_000_usize).div_ceil(ENTRIES);
    let begin = Instant::now();
    let mut accepted = 0;
    for first in (0..books).step_by(AT_A_TIME) {
        let some = (first..books.min(first + AT_A_TIME)).into_par_iter();
        accepted += some.map(|seed| weigh(seed as u64).1).sum::<usize>();
    }
    let seconds = begin.elapsed().as_secs_f64();
    let records = books * ENTRIES;
    println!("{records} entries: {seconds:.1} s, {accepted} fields accepted, peak memory {}", peak());
}

fn cover() -> BookCover {
    let office = "xã Gio Mỹ, huyện Gio Linh, tỉnh Quảng Trị".to_owned();
    BookCover { year: Some(2009), office: Some(office), ..BookCover::default() }
}

/// Numbers drawn by lot, the same every time (Knuth's linear congruential generator, MMIX).
struct Lot(u64);

impl Lot {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    fn name(&mut self) -> String {
        let family = self.of(&["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Võ", "Đặng", "Bùi", "Hồ", "Ngô"]);
        let middle = self.of(&["Văn", "Thị", "Hữu", "Minh", "Thanh", "Xuân", "Quốc", "Ngọc"]);
        let given =
            self.of(&["An", "Bình", "Cường", "Dũng", "Hà", "Hương", "Lan", "Mai", "Nam", "Phúc", "Thủy"]);
        format!("{family} {middle} {given}")
    }

    fn place(&mut self) -> String {
        let street = self.of(&["Lê Lợi", "Hùng Vương", "Trần Phú", "Nguyễn Trãi", "Cửa Việt"]);
        let number = self.below(300);
        format!("{number} {street}, xã Gio Mỹ, huyện Gio Linh, tỉnh Quảng Trị")
    }
}

/// A field that reads `value`, and five times something a letter or a mark off.
fn field(lot: &mut Lot, name: &str, field_type: FieldType, value: String) -> DraftField {
    let mut texts = vec![value.clone()];
    for _ in 0..5 {
        let mut letters: Vec<char> = value.chars().collect();
        let at = lot.below(letters.len());
        letters[at] = ['a', 'á', 'ạ', 'o', 'ô', '1', '7', 'u'][lot.below(8)];
        texts.push(letters.into_iter().collect());
    }
    let candidate = |(place, text): (usize, String)| Candidate {
        value: text.clone(),
        text,
        confidence: Confidence::clamped(if place == 0 { 0.9 } else { 0.02 }),
        fit: Fit::Free,
        seconded: hotich::domain::Seconded::Unknown,
    };
    DraftField {
        value,
        candidates: texts.into_iter().enumerate().map(candidate).collect(),
        ..DraftField::unread(name.into(), field_type, Rectangle::new(0, 0, 100, 40))
    }
}

/// A book of births that run on.
fn book(seed: u64) -> Vec<DraftRecord> {
    let mut lot = Lot(seed);
    (0..ENTRIES).map(|place| record(&mut lot, seed, place)).collect()
}

fn record(lot: &mut Lot, seed: u64, place: usize) -> DraftRecord {
    let date = format!("2009-{:02}-{:02}", 1 + place / 13, 1 + place % 13 * 2);
    let family = lot.name();
    let mut fields = vec![
        field(lot, "entry.number", FieldType::Number, (place + 1).to_string()),
        field(lot, "registration.date", FieldType::Date, date.clone()),
        field(lot, "child.birth_date", FieldType::Date, date.clone()),
        field(lot, "child.birth_date_words", FieldType::DateWords, date),
        field(lot, "child.sex", FieldType::Sex, "male".to_owned()),
        field(lot, "signer.title", FieldType::Choice, "Chủ tịch".to_owned()),
    ];
    for name in ["child.name", "mother.name", "signer.name"] {
        let value = lot.name();
        fields.push(field(lot, name, FieldType::PersonName, value));
    }
    for name in ["father.name", "declarant.name"] {
        fields.push(field(lot, name, FieldType::PersonName, family.clone()));
    }
    for name in ["child.birth_place", "father.residence", "mother.residence"] {
        let value = lot.place();
        fields.push(field(lot, name, FieldType::Place, value));
    }
    for name in ["child.ethnicity", "father.ethnicity", "mother.ethnicity"] {
        fields.push(field(lot, name, FieldType::Ethnicity, "Kinh".to_owned()));
    }
    for name in ["father.birth_year", "mother.birth_year"] {
        let year = 1970 + lot.below(20);
        fields.push(field(lot, name, FieldType::Date, year.to_string()));
    }
    DraftRecord {
        scan: ScanName(format!("{seed}/{}.jpg", place / ON_A_PAGE)),
        entry: (place % ON_A_PAGE) as u32 + 1,
        kind: Kind::Birth,
        form: FormId::new("birth-2006"),
        form_match: Confidence::clamped(0.9),
        fields,
        rules: Vec::new(),
    }
}
/// The most memory this process has had, as the system says (Linux).
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.and_then(|line| line.split_once(':'))
        .map_or("unknown".to_owned(), |(_, text)| text.trim().to_owned())
}
