//! Builds a store of invented records through the real insert path and measures how fast it is
//! searched.
//!
//! `cargo bench --bench search` makes 500,000 records (`HOTICH_BENCH_RECORDS` says otherwise) from
//! `models/lists/names.csv`, whose weights make some words far more frequent than others, always with
//! the same seed. A thousand scans are committed at a time ([`StoreWriter::commit_all`], the same code
//! as for one scan); nothing else is done in bulk. `HOTICH_BENCH_STORE` names a
//! folder: the store in it is measured, or where there is none, one is made there and kept.

#![allow(clippy::print_stdout, reason = "the figures are the output of a bench")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use hotich::domain::outcome::{PageFinding, PageRead, ScanOutcome, ScanResult};
use hotich::domain::text::fold;
use hotich::domain::{
    Book, BookCover, Confidence, ContentHash, DraftField, DraftRecord, EngineVersion, FieldName, FieldStatus,
    FieldType, FormId, Kind, Rectangle, Scan, ScanName,
};
use hotich::store::search::Query;
use hotich::store::{DATABASE_FILE, Store, StoreWriter};

const ENTRIES_PER_SCAN: u32 = 3;
const SCANS_PER_BOOK: u32 = 200;
const SCANS_PER_COMMIT: usize = 1000;
const QUERIES_PER_CLASS: usize = 300;

fn main() -> Result<(), Box<dyn Error>> {
    let wanted = std::env::var("HOTICH_BENCH_RECORDS").ok().and_then(|text| text.parse().ok());
    let wanted: u32 = wanted.unwrap_or(500_000);
    let names = Names::load()?;
    let temporary = tempfile::tempdir()?;
    let kept = std::env::var_os("HOTICH_BENCH_STORE");
    let folder = kept.as_deref().map_or(temporary.path(), Path::new);
    if folder.join(DATABASE_FILE).is_file() {
        return measure(&names, &Store::open_read(folder)?, wanted);
    }
    let begin = Instant::now();
    build(&names, wanted, folder)?;
    let seconds = begin.elapsed().as_secs_f64();
    let bytes = fs::metadata(folder.join(DATABASE_FILE))?.len();
    println!(
        "built {wanted} records in {seconds:.0} s: {:.0} records/s, {:.0} MB",
        f64::from(wanted) / seconds,
        bytes as f64 / 1e6
    );
    measure(&names, &Store::open_read(folder)?, wanted)
}

/// Numbers that only look random (Steele, Lea and Flood, "SplitMix", 2014): the same for one seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.roll() % end as u64) as usize
    }

    fn between(&mut self, first: i16, last: i16) -> i16 {
        first + self.below((last - first + 1) as usize) as i16
    }

    /// One of `words`, by their weights.
    fn pick<'a>(&mut self, words: &'a [(String, f64)]) -> &'a str {
        let total: f64 = words.iter().map(|(_, weight)| weight).sum();
        let mut at = (self.roll() >> 11) as f64 / (1_u64 << 53) as f64 * total;
        for (word, weight) in words {
            at -= weight;
            if at < 0.0 {
                return word;
            }
        }
        &words[0].0
    }
}

/// The syllables of `names.csv` by their kind, and places.
struct Names {
    by_kind: BTreeMap<String, Vec<(String, f64)>>,
    provinces: Vec<(String, f64)>,
}

impl Names {
    fn load() -> Result<Self, Box<dyn Error>> {
        let lists = concat!(env!("CARGO_MANIFEST_DIR"), "/models/lists");
        let mut by_kind: BTreeMap<String, Vec<(String, f64)>> = BTreeMap::new();
        for row in rows(&format!("{lists}/names.csv"))? {
            let weight = row["weight"].parse().unwrap_or(0.0_f64).max(0.01);
            by_kind.entry(row["kind"].clone()).or_default().push((row["syllable"].clone(), weight));
        }
        let provinces = rows(&format!("{lists}/provinces_63.csv"))?;
        let provinces = provinces.into_iter().map(|row| (row["name"].clone(), 1.0)).collect();
        Ok(Self { by_kind, provinces })
    }

    fn person(&self, dice: &mut Dice, female: bool) -> String {
        let family = dice.pick(&self.by_kind["family"]);
        let middle = match dice.below(10) {
            0..5 => (if female { "Thị" } else { "Văn" }).to_owned(),
            _ => dice.pick(&self.by_kind["middle"]).to_owned(),
        };
        format!("{family} {middle} {}", dice.pick(&self.by_kind["given"]))
    }

    fn place(&self, dice: &mut Dice) -> String {
        let given = &self.by_kind["given"];
        let (first, second) = (dice.pick(given), dice.pick(given));
        let (third, fourth) = (dice.pick(given), dice.pick(given));
        format!("xã {first} {second}, huyện {third} {fourth}, {}", dice.pick(&self.provinces))
    }
}

/// The rows of a list, by the names of its columns.
fn rows(path: &str) -> Result<Vec<BTreeMap<String, String>>, Box<dyn Error>> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).flexible(true).from_path(path)?;
    Ok(reader.deserialize().collect::<Result<_, _>>()?)
}

/// Fills the store in `folder` with `wanted` records.
fn build(names: &Names, wanted: u32, folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut store = Store::create_or_open(folder)?;
    let now = "2026-01-01T00:00:00Z".parse()?;
    store.begin_run("bench", now)?;
    let scans: Vec<_> = (0..wanted.div_ceil(ENTRIES_PER_SCAN)).map(scan).collect();
    let books = scans.chunk_by(|a, b| a.book == b.book).map(|scans| &scans[0].book);
    let book = |name: &String| Book { name: name.clone(), cover: BookCover::default() };
    store.register_books(&books.map(book).collect::<Vec<_>>())?;
    store.register_scans(&scans)?;
    for (chunk, scans) in scans.chunks(SCANS_PER_COMMIT).enumerate() {
        commit(&mut store, names, chunk, scans, now)?;
    }
    Ok(store.finish_run(now)?)
}

fn commit(
    store: &mut StoreWriter,
    names: &Names,
    chunk: usize,
    scans: &[Scan],
    now: jiff::Timestamp,
) -> Result<(), Box<dyn Error>> {
    let first = (chunk * SCANS_PER_COMMIT) as u32;
    let outcomes = (first..).zip(scans).map(|(number, scan)| outcome(names, number, scan));
    Ok(store.commit_all(&outcomes.collect::<Vec<_>>(), now)?)
}

fn scan(number: u32) -> Scan {
    let mut hash = [0; 32];
    hash[..4].copy_from_slice(&number.to_be_bytes());
    let book = format!("book-{}", number / SCANS_PER_BOOK);
    let name = format!("{book}/{:03}.jpg", number % SCANS_PER_BOOK);
    let path = format!("/scans/{name}").into();
    Scan { name: ScanName(name), path, hash: ContentHash(hash), page: 0, page_count: 1, book }
}

fn outcome(names: &Names, number: u32, scan: &Scan) -> ScanOutcome {
    let kind = Kind::ALL[(number / SCANS_PER_BOOK % 3) as usize];
    let records = (1..=ENTRIES_PER_SCAN).map(|entry| record(names, scan, number, entry)).collect();
    let form = FormId::new(format!("{kind}-bench"));
    let finding = PageFinding::Records { form, kind, match_score: 1.0, records };
    let page = PageRead {
        finding,
        skew: None,
        problems: Vec::new(),
        to_scan: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        image: Vec::new(),
    };
    ScanOutcome { scan: scan.clone(), result: ScanResult::Read(vec![page]), timings: Vec::new() }
}

/// The record that is entry `entry` of scan `number`: always the same for the same numbers.
fn record(names: &Names, scan: &Scan, number: u32, entry: u32) -> DraftRecord {
    let mut dice = Dice(u64::from(number) << 8 | u64::from(entry));
    let dice = &mut dice;
    let kind = Kind::ALL[(number / SCANS_PER_BOOK % 3) as usize];
    let year = 1950 + (number / SCANS_PER_BOOK % 74) as i16;
    let (name, place, date) = (FieldType::PersonName, FieldType::Place, FieldType::Date);
    let running = number % SCANS_PER_BOOK * ENTRIES_PER_SCAN + entry;
    let mut fields = vec![
        field("entry.number", FieldType::Number, running.to_string()),
        field("registration.date", date, format!("{year}-{:02}", dice.between(1, 12))),
    ];
    fields.extend(match kind {
        Kind::Birth => vec![
            field("child.name", name, names.person(dice, entry.is_multiple_of(2))),
            field("child.birth_date", date, (year - dice.between(0, 3)).to_string()),
            field("child.birth_place", place, names.place(dice)),
            field("mother.name", name, names.person(dice, true)),
            field("father.name", name, names.person(dice, false)),
            field("declarant.name", name, names.person(dice, false)),
        ],
        Kind::Marriage => vec![
            field("husband.name", name, names.person(dice, false)),
            field("husband.residence", place, names.place(dice)),
            field("wife.name", name, names.person(dice, true)),
            field("wife.residence", place, names.place(dice)),
            field("signer.name", name, names.person(dice, false)),
        ],
        Kind::Death => vec![
            field("deceased.name", name, names.person(dice, entry.is_multiple_of(2))),
            field("deceased.residence", place, names.place(dice)),
            field("death.date", date, year.to_string()),
            field("death.place", place, names.place(dice)),
            field("declarant.name", name, names.person(dice, false)),
        ],
    });
    let form = FormId::new(format!("{kind}-bench"));
    DraftRecord {
        scan: scan.name.clone(),
        entry,
        kind,
        form,
        form_match: Confidence::FULL,
        fields,
        rules: Vec::new(),
    }
}

fn field(name: &str, field_type: FieldType, value: String) -> DraftField {
    DraftField {
        name: FieldName::from(name),
        field_type,
        raw: value.clone(),
        value,
        confidence: Confidence::clamped(0.5),
        status: FieldStatus::Review,
        ink: Some(Rectangle::new(10, 20, 300, 60)),
        place: Rectangle::new(0, 10, 400, 70),
        blank: Confidence::NONE,
        candidates: Vec::new(),
        reasons: Vec::new(),
        settled: false,
        marks: Vec::new(),
        engine: Some(EngineVersion("bench".to_owned())),
    }
}

/// Kinds of query, each with how it is made of a record.
type Class = (&'static str, fn(&DraftRecord, &mut Dice) -> Query);

/// What clerks type, in shares that are equal.
const CLASSES: &[Class] = &[
    ("full name with accents", |record, _| text(principal(record))),
    ("full name without accents", |record, _| text(&fold(principal(record)))),
    ("family and given name", |record, _| text(&family_and_given(record))),
    ("family and middle name", |record, _| {
        text(
            &fold(principal(record)).rsplit_once(' ').map_or_else(String::new, |(first, _)| first.to_owned()),
        )
    }),
    ("last word begun", |record, dice| text(&begun(&fold(principal(record)), dice))),
    ("one wrong letter", |record, dice| text(&misspelt(&fold(principal(record)), dice))),
    ("name, kind and ten years", |record, _| Query {
        kind: Some(record.kind),
        years: Some((year(record) - 5, year(record) + 4)),
        ..text(&fold(principal(record)))
    }),
    ("family and given name, year", |record, _| Query {
        years: Some((year(record), year(record))),
        ..text(&family_and_given(record))
    }),
    ("one wrong letter, ten years", |record, dice| Query {
        years: Some((year(record) - 5, year(record) + 4)),
        ..text(&misspelt(&fold(principal(record)), dice))
    }),
    ("name, role and place", |record, _| Query {
        role: Some(principal_field(record).name.subject().to_owned()),
        place: Some(fold(value(record, FieldType::Place))),
        ..text(&family_and_given(record))
    }),
    ("place", |record, _| text(&fold(value(record, FieldType::Place)))),
    ("place, last word begun", |record, dice| text(&begun(&fold(value(record, FieldType::Place)), dice))),
    ("number and book", |record, _| Query {
        number: Some(record.fields[0].value.clone()),
        book: record.scan.0.split('/').next().map(str::to_owned),
        ..Query::default()
    }),
];

fn text(text: &str) -> Query {
    Query { text: text.to_owned(), ..Query::default() }
}

/// The first person of a record.
fn principal_field(record: &DraftRecord) -> &DraftField {
    let person = record.fields.iter().find(|field| field.field_type == FieldType::PersonName);
    person.unwrap_or(&record.fields[0])
}

fn principal(record: &DraftRecord) -> &str {
    &principal_field(record).value
}

fn value(record: &DraftRecord, field_type: FieldType) -> &str {
    let field = record.fields.iter().find(|field| field.field_type == field_type);
    field.map_or("", |field| field.value.as_str())
}

fn family_and_given(record: &DraftRecord) -> String {
    let folded = fold(principal(record));
    let words: Vec<_> = folded.split(' ').collect();
    format!("{} {}", words[0], words[words.len() - 1])
}

fn year(record: &DraftRecord) -> i16 {
    record.fields[1].value.get(..4).and_then(|year| year.parse().ok()).unwrap_or(2000)
}

/// `text` cut off within its last word.
fn begun(text: &str, dice: &mut Dice) -> String {
    let start = text.rfind(' ').map_or(0, |at| at + 1);
    let letters = 1 + dice.below((text.len() - start).max(1));
    text[..(start + letters).min(text.len())].to_owned()
}

/// `text` with one wrong letter: another, one missing, one too many, or two swapped.
fn misspelt(text: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let places: Vec<_> = (0..letters.len()).filter(|at| letters[*at] != ' ').collect();
    let at = places[dice.below(places.len())];
    match dice.below(4) {
        0 => letters[at] = 'x',
        1 => drop(letters.remove(at)),
        2 => letters.insert(at, 'h'),
        _ if at + 1 < letters.len() && letters[at + 1] != ' ' => letters.swap(at, at + 1),
        _ => letters[at] = 'w',
    }
    letters.into_iter().collect()
}

/// Asks every class of query and prints how long the answers took.
fn measure(names: &Names, store: &Store, wanted: u32) -> Result<(), Box<dyn Error>> {
    let mut all = Vec::new();
    println!("{:<30} {:>7} {:>30} {:>30}", "", "", "elapsed ms", "processor ms");
    let heads = format!("{:>10}{:>10}{:>10}", "p50", "p95", "p99");
    println!("{:<30} {:>7} {heads} {heads}", "query", "found");
    let mut dice = Dice(7);
    for (name, make) in CLASSES {
        let (mut times, mut found) = (Vec::new(), 0);
        for _ in 0..QUERIES_PER_CLASS {
            let number = dice.below(wanted.div_ceil(ENTRIES_PER_SCAN) as usize) as u32;
            let entry = 1 + dice.below(ENTRIES_PER_SCAN as usize) as u32;
            let scan = scan(number);
            let query = make(&record(names, &scan, number, entry), &mut dice);
            let begin = (Instant::now(), processor_time());
            let answer = store.search(&query)?;
            times.push((begin.0.elapsed(), processor_time().saturating_sub(begin.1)));
            found += usize::from(!answer.hits.is_empty());
        }
        print(name, found as f64 / QUERIES_PER_CLASS as f64, &times);
        all.extend(times);
    }
    print("all", 1.0, &all);
    Ok(())
}

/// What this thread has used of a processor, where the system says so (Linux): on a machine busy
/// with other work it shows what the search itself costs.
fn processor_time() -> Duration {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|text| text.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

fn print(name: &str, found: f64, times: &[(Duration, Duration)]) {
    let (mut elapsed, mut processor): (Vec<_>, Vec<_>) = times.iter().copied().unzip();
    let shares = |times: &mut Vec<Duration>| {
        times.sort();
        let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1e3;
        format!("{:>10.2}{:>10.2}{:>10.2}", at(0.5), at(0.95), at(0.99))
    };
    println!("{name:<30} {found:>7.3} {} {}", shares(&mut elapsed), shares(&mut processor));
}
