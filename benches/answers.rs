//! What an answer takes: a server with half a million fields queued, twenty people answering at once over HTTP
//! on loopback; at last while books are weighed again beside them. `HOTICH_BENCH_FIELDS` and `HOTICH_BENCH_SECONDS`
//! change the size and the length.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)] // A bench that cannot go on shall stop.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Value, json};

use hotich::domain::outcome::{PageFinding, PageRead, ScanOutcome, ScanResult};
use hotich::domain::{
    Book, BookCover, Candidate, Confidence, ContentHash, DraftField, DraftRecord, FieldType, Fit, FormId,
    Kind, Rectangle, Role, Scan, ScanName,
};
use hotich::store::Store;
use hotich::web::hash_password;

const PEOPLE: usize = 20;
const PASSWORD: &str = "a password of the bench";
/// Names of the fields of an entry, all in doubt.
const FIELDS: [(&str, FieldType, &str); 10] = [
    ("entry.number", FieldType::Number, "1"),
    ("registration.date", FieldType::Date, "1975-03-02"),
    ("child.name", FieldType::PersonName, "Nguyễn Thị Hoa"),
    ("child.birth_date", FieldType::Date, "1975-02-20"),
    ("child.birth_place", FieldType::Place, "xã Hòa An, huyện Phú Hòa"),
    ("father.name", FieldType::PersonName, "Nguyễn Văn An"),
    ("father.residence", FieldType::Place, "xã Hòa An"),
    ("mother.name", FieldType::PersonName, "Lê Thị Bình"),
    ("mother.residence", FieldType::Place, "xã Hòa An"),
    ("declarant.name", FieldType::PersonName, "Nguyễn Văn An"),
];

fn main() {
    let number =
        |name: &str, usual: usize| std::env::var(name).ok().map_or(usual, |text| text.parse().unwrap());
    let fields = number("HOTICH_BENCH_FIELDS", 500_000);
    let seconds = number("HOTICH_BENCH_SECONDS", 30) as u64;
    let folder = tempfile::tempdir().unwrap();
    let start = Instant::now();
    fill(folder.path(), fields / FIELDS.len());
    println!("{fields} fields queued in {:.0} s", start.elapsed().as_secs_f64());
    // A day: nothing is weighed; a second: everything, for nobody answers in one book that often.
    for (weigh_after, pauses) in [("86400", &[1000, 0][..]), ("1", &[1000])] {
        let mut server = Command::new(env!("CARGO_BIN_EXE_hotich"))
            .args(["serve", "--weigh-after", weigh_after, "--listen", "127.0.0.1:0", "--store"])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().trim_start_matches("http://").to_owned();
        let before = weighed(folder.path());
        for pause in pauses {
            measure(&address, seconds, Duration::from_millis(*pause), weigh_after);
        }
        println!("  values changed by weighing meanwhile: {}", weighed(folder.path()) - before);
        server.kill().unwrap();
        server.wait().unwrap();
    }
}

/// How many values the weighing of books has changed so far.
fn weighed(folder: &Path) -> i64 {
    let store = rusqlite::Connection::open(folder.join("hotich.sqlite")).unwrap();
    let sql = "SELECT count(*) FROM field_history WHERE who = 'machine' AND run IS NULL";
    store.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Everybody answers for so many seconds, with a pause after each answer; `round` tells their windows from others'.
fn measure(address: &str, seconds: u64, pause: Duration, round: &'static str) {
    let until = Instant::now() + Duration::from_secs(seconds);
    let people: Vec<_> = (0..PEOPLE)
        .map(|person| {
            let address = address.to_owned();
            std::thread::spawn(move || work(&address, (person, round), until, pause))
        })
        .collect();
    let (mut answers, mut tasks) = (Vec::new(), Vec::new());
    for person in people {
        let (answered, handed_out) = person.join().unwrap();
        answers.extend(answered);
        tasks.extend(handed_out);
    }
    println!(
        "{PEOPLE} people, {} ms between answers, {seconds} s, books weighed after {round} s:",
        pause.as_millis()
    );
    tell("  an answer, until it is on the disk", &mut answers);
    tell("  five tasks handed out", &mut tasks);
}

fn tell(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    println!(
        "{what}: {} of them, median {:.1} ms, 95 % within {:.1} ms, 99 % within {:.1} ms, all within {:.1} ms",
        times.len(),
        at(0.5),
        at(0.95),
        at(0.99),
        at(1.0)
    );
}

/// One person at work; how long each answer and each handing out took.
fn work(
    address: &str,
    (person, round): (usize, &str),
    until: Instant,
    pause: Duration,
) -> (Vec<Duration>, Vec<Duration>) {
    let mut connection = Connection::open(address);
    let name = format!("person{person}");
    let (_, cookie) = connection.post(
        "/sign-in",
        "application/x-www-form-urlencoded",
        "",
        &format!("name={name}&password={}", PASSWORD.replace(' ', "+")),
    );
    let cookie = cookie.unwrap();
    let lease = format!("{name}-{round}-{}", pause.as_millis());
    let (mut answers, mut tasks, mut number) = (Vec::new(), Vec::new(), 0);
    while Instant::now() < until {
        let start = Instant::now();
        let body = json!({ "lease": lease, "count": 5 }).to_string();
        let (text, _) = connection.post("/api/tasks", "application/json", &cookie, &body);
        tasks.push(start.elapsed());
        let handed_out: Value = serde_json::from_str(&text).unwrap();
        for task in handed_out["tasks"].as_array().unwrap() {
            number += 1;
            let body = json!({ "id": format!("{lease}-{number}"), "lease": lease, "entry": task["entry"],
                "field": task["field"], "action": "confirmed", "verdict": "value", "text": task["best"]["shown"],
                "seconds": 1.0 });
            let start = Instant::now();
            let (text, _) = connection.post("/api/answers", "application/json", &cookie, &body.to_string());
            answers.push(start.elapsed());
            assert!(text.contains("settled"), "{text}");
            std::thread::sleep(pause);
        }
    }
    (answers, tasks)
}

/// A connection that is kept open.
struct Connection {
    stream: BufReader<TcpStream>,
    host: String,
}

impl Connection {
    fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream: BufReader::new(stream), host: address.to_owned() }
    }

    /// Posts; the body of the answer, and the cookie when one is set.
    fn post(&mut self, path: &str, content: &str, cookie: &str, body: &str) -> (String, Option<String>) {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: {content}\r\nCookie: {cookie}\r\n\
             Sec-Fetch-Site: same-origin\r\nContent-Length: {}\r\n\r\n{body}",
            self.host,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        let (mut length, mut set) = (0, None);
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).unwrap();
            if line == "\r\n" {
                break;
            }
            let (name, value) = line.split_once(':').unwrap_or((&line, ""));
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().unwrap(),
                "set-cookie" => set = value.trim().split(';').next().map(str::to_owned),
                _ => {}
            }
        }
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes).unwrap();
        (String::from_utf8(bytes).unwrap(), set)
    }
}

/// A store with so many entries, and accounts for everybody.
fn fill(folder: &Path, entries: usize) {
    const ENTRIES_A_SCAN: usize = 20;
    let mut store = Store::create_or_open(folder).unwrap();
    let books: Vec<String> = (0..50).map(|book| format!("book-{book}")).collect();
    let known: Vec<Book> =
        books.iter().map(|name| Book { name: name.clone(), cover: BookCover::default() }).collect();
    store.register_books(&known).unwrap();
    store.begin_run("bench", Timestamp::now()).unwrap();
    let scans: Vec<Scan> = (0..entries / ENTRIES_A_SCAN).map(|number| scan(number, &books)).collect();
    store.register_scans(&scans).unwrap();
    for together in scans.chunks(100) {
        let outcomes: Vec<ScanOutcome> = together.iter().map(|scan| outcome(scan, ENTRIES_A_SCAN)).collect();
        store.commit_all(&outcomes, Timestamp::now()).unwrap();
    }
    drop(store);
    let mut desk = Store::open_desk(folder).unwrap();
    let hash = hash_password(PASSWORD).unwrap();
    let transaction = desk.begin(Timestamp::now()).unwrap();
    for person in 0..PEOPLE {
        let id = transaction
            .add_account(&format!("person{person}"), "", &[Role::Verifier, Role::Administrator], "bench")
            .unwrap();
        transaction.set_password(id, &hash, "bench").unwrap();
    }
    transaction.commit().unwrap();
}

fn scan(number: usize, books: &[String]) -> Scan {
    let book = books[number % books.len()].clone();
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&(number as u64).to_le_bytes());
    let name = format!("{book}/{number}.jpg");
    Scan {
        path: name.clone().into(),
        name: ScanName(name),
        hash: ContentHash(hash),
        page: 0,
        page_count: 1,
        book,
    }
}

fn outcome(scan: &Scan, entries: usize) -> ScanOutcome {
    let records = (1..=entries as u32).map(|entry| record(scan, entry)).collect();
    let finding = PageFinding::Records {
        form: FormId::new("birth-2006"),
        kind: Kind::Birth,
        match_score: 0.9,
        records,
    };
    let to_scan = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    let page = PageRead { finding, skew: None, problems: Vec::new(), to_scan, image: Vec::new() };
    ScanOutcome { scan: scan.clone(), result: ScanResult::Read(vec![page]), timings: Vec::new() }
}

fn record(scan: &Scan, entry: u32) -> DraftRecord {
    let field = |(place, (name, field_type, value)): (usize, &(&str, FieldType, &str))| {
        // Doubts of all sizes, so that the queue has an order.
        let doubt =
            (u64::from(entry) * 7919 + place as u64 * 104_729 + u64::from(scan.hash.0[0]) * 31) % 1000;
        let confidence = Confidence::clamped(doubt as f64 / 1000.0);
        let value = if *name == "entry.number" { entry.to_string() } else { (*value).to_owned() };
        let candidate = Candidate {
            value: value.clone(),
            text: value.clone(),
            confidence,
            fit: Fit::Free,
            seconded: hotich::domain::Seconded::Unknown,
        };
        DraftField {
            raw: value.clone(),
            value,
            confidence,
            ink: Some(Rectangle::new(1, 2, 3, 4)),
            candidates: vec![candidate],
            ..DraftField::unread((*name).into(), *field_type, Rectangle::new(0, 0, 9, 9))
        }
    };
    DraftRecord {
        scan: scan.name.clone(),
        entry,
        kind: Kind::Birth,
        form: FormId::new("birth-2006"),
        form_match: Confidence::clamped(0.9),
        fields: FIELDS.iter().enumerate().map(field).collect(),
        rules: Vec::new(),
    }
}
