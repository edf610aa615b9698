//! Copies issued from the command line: by many clerks at once, killed in between, voided, reprinted, verified.

#![cfg(feature = "typst")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use hotich::domain::outcome::{PageFinding, PageRead, ScanOutcome, ScanResult};
use hotich::domain::{
    Book, BookCover, Confidence, ContentHash, DraftField, DraftRecord, FieldStatus, FieldType, FormId, Kind,
    Rectangle, Scan, ScanName,
};
use hotich::store::{FieldAddress, Store, Verdict};
use serde_json::Value;

use crate::office::{Office, code, text};

const SETTLED: [(&str, FieldType, &str); 8] = [
    ("entry.number", FieldType::Number, "46"),
    ("registration.date", FieldType::Date, "1978-10-21"),
    ("child.name", FieldType::PersonName, "Nguyễn Thị Phượng"),
    ("child.sex", FieldType::Sex, "female"),
    ("child.birth_date", FieldType::Date, "1978-10-05"),
    ("mother.name", FieldType::PersonName, "Trần Thị Như"),
    ("father.name", FieldType::PersonName, ""),
    ("notes", FieldType::Text, ""),
];

/// The record that is settled, and the one that is not.
pub const READY: &str = "ks-1978/001.jpg:1";
const NOT_READY: &str = "ks-1978/001.jpg:2";

fn moment() -> jiff::Timestamp {
    "2026-11-22T08:00:00Z".parse().unwrap()
}

fn scan() -> Scan {
    Scan {
        name: ScanName("ks-1978/001.jpg".to_owned()),
        path: "/scans/ks-1978/001.jpg".into(),
        hash: ContentHash([7; 32]),
        page: 0,
        page_count: 1,
        book: "ks-1978".to_owned(),
    }
}

fn draft(entry: u32) -> DraftRecord {
    let field = |(name, field_type, value): (&str, FieldType, &str)| {
        let place = Rectangle::new(10, 100 * entry as i32, 90, 100 * entry as i32 + 80);
        let unread = DraftField::unread(name.into(), field_type, place);
        let value = if name == "entry.number" { (45 + entry).to_string() } else { value.to_owned() };
        DraftField { value, status: FieldStatus::Review, ..unread }
    };
    DraftRecord {
        scan: scan().name,
        entry,
        kind: Kind::Birth,
        form: FormId::new("birth-2006"),
        form_match: Confidence::FULL,
        fields: SETTLED.map(field).into(),
        rules: Vec::new(),
    }
}

/// An office whose store holds one page with two births, the first of them settled by people.
pub fn settled_office() -> Office {
    let office = Office::new();
    let mut store = Store::create_or_open(&office.store()).unwrap();
    let cover = BookCover {
        kind: Some(Kind::Birth),
        year: Some(1978),
        volume: Some("1".to_owned()),
        office: Some("xã Vĩnh Lộc, huyện Can Lộc, tỉnh Nghệ Tĩnh".to_owned()),
        ..BookCover::default()
    };
    store.register_books(&[Book { name: "ks-1978".to_owned(), cover }]).unwrap();
    store.begin_run("test", moment()).unwrap();
    store.register_scans(&[scan()]).unwrap();
    store.commit(&outcome(), moment()).unwrap();
    for (field, _, value) in SETTLED {
        let address = FieldAddress { hash: scan().hash, page: 0, entry: 1, field: field.into() };
        let verdict = if value.is_empty() { Verdict::Blank } else { Verdict::Value(value.to_owned()) };
        store.verify(&address, &verdict, "lan", moment()).unwrap();
    }
    drop(store);
    let name =
        ["office", "--name", "Ủy ban nhân dân xã Vĩnh Lộc", "--place", "Vĩnh Lộc", "--signer", "Lê Ẩn"];
    assert_eq!(code(&office.hotich(&name)), 0);
    office
}

fn outcome() -> ScanOutcome {
    let mut picture = std::io::Cursor::new(Vec::new());
    let page = image::RgbImage::from_pixel(100, 300, image::Rgb([230, 225, 210]));
    page.write_to(&mut picture, image::ImageFormat::Jpeg).unwrap();
    let finding = PageFinding::Records {
        form: FormId::new("birth-2006"),
        kind: Kind::Birth,
        match_score: 0.9,
        records: vec![draft(1), draft(2)],
    };
    let page = PageRead {
        finding,
        skew: None,
        problems: Vec::new(),
        to_scan: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        image: picture.into_inner(),
    };
    ScanOutcome { scan: scan(), result: ScanResult::Read(vec![page]), timings: Vec::new() }
}

/// `hotich issue` of the settled record to `file`.
fn issue(office: &Office, file: &Path, further: &[&str]) -> std::process::Output {
    let mut arguments = vec!["issue", READY, "--requester", "Lê Văn Bình", "-o", file.to_str().unwrap()];
    arguments.extend(further);
    office.hotich(&arguments)
}

pub fn log(office: &Office) -> Vec<Value> {
    let output = office.hotich(&["issue", "--log", "--format", "jsonl"]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_copy_is_issued_logged_verified_voided_and_printed_again() {
    let office = settled_office();
    let first = office.scans().join("first.pdf");
    let output = issue(&office, &first, &["--proof", "--relation", "cháu", "--fee", "8000", "--copies", "2"]);
    assert_eq!((code(&output), text(&output.stderr).as_str()), (0, ""));
    let number = text(&output.stdout).trim().to_owned();
    assert!(number.starts_with("01/") && number.ends_with("/TLKS-BS"), "{number}");
    let pdf = fs::read(&first).unwrap();
    assert!(pdf.starts_with(b"%PDF"));

    let copies = log(&office);
    assert_eq!(copies.len(), 1);
    for (name, value) in
        [("requester", "Lê Văn Bình"), ("relation", "cháu"), ("signer", "Lê Ẩn"), ("record", READY)]
    {
        assert_eq!(copies[0][name], value, "{name}");
    }
    assert_eq!((&copies[0]["copies"], &copies[0]["fee"]), (&2.into(), &8000.into()));

    let verify = |what: &str| code(&office.hotich(&["issue", "--verify", what]));
    assert_eq!(verify(first.to_str().unwrap()), 0);
    let digest = &copies[0]["content"].as_str().unwrap()[..32];
    assert_eq!(verify(&format!("HOTICH1 {number} {digest} {READY}")), 0);
    assert_eq!(verify(&format!("HOTICH1 {number} {digest} {NOT_READY}")), 2);
    assert_eq!(verify(&format!("HOTICH1 {number} {} {READY}", "0".repeat(32))), 2);
    let forged = office.scans().join("forged.pdf");
    fs::write(&forged, [&pdf[..], b"\n"].concat()).unwrap();
    assert_eq!(verify(forged.to_str().unwrap()), 2);

    let void = |reason: &str| office.hotich(&["issue", "--void", &number, "--reason", reason]);
    assert_eq!(code(&void(" ")), 2, "no reason, no voiding");
    assert_eq!(code(&void("the paper jammed")), 0);
    assert_eq!(code(&void("once more")), 2);
    assert_eq!(verify(first.to_str().unwrap()), 3);
    assert_eq!(log(&office)[0]["voided"]["reason"], "the paper jammed");

    let again = office.scans().join("again.pdf");
    let output = office.hotich(&["issue", "--reprint", &number, "-o", again.to_str().unwrap()]);
    assert_eq!(code(&output), 0);
    assert!(text(&output.stderr).contains("voided"));
    assert_eq!(fs::read(&again).unwrap(), pdf, "a reprint is the same bytes");

    let second = office.scans().join("second.pdf");
    assert!(
        text(&issue(&office, &second, &[]).stdout).starts_with("02/"),
        "a voided number is not used again"
    );
    assert_ne!(fs::read(&second).unwrap(), pdf);
}

#[test]
fn nothing_is_issued_that_people_have_not_settled_and_no_number_is_used_up() {
    let office = settled_office();
    let file = office.scans().join("none.pdf");
    let arguments =
        ["issue", NOT_READY, "--requester", "Lê Văn Bình", "-o", file.to_str().unwrap(), "--json"];
    let output = office.hotich(&arguments);
    assert_eq!(code(&output), 2);
    let missing: Value = serde_json::from_slice(&output.stdout).unwrap();
    let fields: Vec<_> = missing["missing"].as_array().unwrap().iter().map(|m| &m["field"]).collect();
    assert_eq!(fields, SETTLED.map(|(name, ..)| name));
    assert!(!file.exists());
    let said = text(&output.stderr);
    assert!(said.contains("child.name") && !said.contains("Phượng"), "{said}");
    let wrong: [(&[&str], i32); 4] = [
        (&["issue", READY, "-o", "x.pdf"], 1),
        (&["issue", "ks-1978/9.jpg:1", "--requester", "B", "-o", "x.pdf"], 1),
        (&["issue", READY, "--requester", "B", "--paper", "death-extract", "-o", "x.pdf"], 1),
        (&["issue", READY, "--requester", "B"], 1),
    ];
    for (arguments, wanted) in wrong {
        assert_eq!(code(&office.hotich(arguments)), wanted, "{arguments:?}");
    }
    assert!(log(&office).is_empty());
    assert!(text(&issue(&office, &file, &[]).stdout).starts_with("01/"));
}

#[test]
fn an_office_goes_on_from_the_number_of_its_paper_log() {
    let office = settled_office();
    let first = |number: &str| code(&office.hotich(&["office", "--first-number", number]));
    assert_eq!([first("TLKS-BS"), first("TLKS-BS=0"), first("=3")], [1, 1, 1]);
    assert_eq!([first("TLKS-BS=40"), first("TLKS-BS=57")], [0, 0], "until the first is issued");
    let file = office.scans().join("first.pdf");
    assert!(text(&issue(&office, &file, &[]).stdout).starts_with("57/"));
    assert!(text(&issue(&office, &file, &[]).stdout).starts_with("58/"));
    assert_eq!(first("TLKS-BS=99"), 2, "too late");
    assert_eq!(first("TLKT-BS=5"), 0);
}

#[test]
fn a_list_is_issued_line_by_line() {
    let office = settled_office();
    let list = office.put(
        "list.csv",
        format!(
            "record,requester,copies\n{READY},Lê Văn Bình,2\n{NOT_READY},Lê Văn Bình,\n{READY},Đỗ Thị Y,\n"
        )
        .as_bytes(),
    );
    let folder = office.scans().join("copies");
    let arguments =
        ["issue", "--batch", list.to_str().unwrap(), "-o", folder.to_str().unwrap(), "--fee", "8000"];
    let output = office.hotich(&arguments);
    assert_eq!(code(&output), 3, "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("line 3: 8 fields must be settled"), "{}", text(&output.stderr));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
    let fees: Vec<_> = log(&office).iter().map(|copy| copy["fee"].as_u64().unwrap()).collect();
    assert_eq!(fees, [16_000, 8_000]);
    for format in ["pdf", "xlsx"] {
        let file = office.scans().join(format!("log.{format}"));
        let arguments = ["issue", "--log", "--format", format, "-o", file.to_str().unwrap()];
        assert_eq!(code(&office.hotich(&arguments)), 0);
        let begins: &[u8] = if format == "pdf" { b"%PDF" } else { b"PK" };
        assert!(fs::read(file).unwrap().starts_with(begins));
    }
}

#[test]
fn a_book_is_handed_over_as_far_as_it_is_ready_and_certified_on_paper() {
    let office = settled_office();
    let folder = office.scans().join("bundle");
    let export = |further: &[&str]| {
        let mut arguments = vec!["export", "--format", "hotich158", "--book", "ks-1978"];
        arguments.extend(["-o", folder.to_str().unwrap()]);
        arguments.extend(further);
        let output = office.hotich(&arguments);
        (code(&output), text(&output.stdout))
    };
    let (ended, said) = export(&[]);
    assert_eq!(ended, 2, "{said}");
    let wanted = "ks-1978/001.jpg:2  child.name: people have yet to look at it  http://127.0.0.1:8158/records/4098#child.name";
    assert!(said.lines().any(|line| line == wanted), "{said}");
    assert!(!folder.exists());
    assert_eq!(export(&["--preflight"]).0, 3);
    let (ended, found) = export(&["--partial", "--json"]);
    assert_eq!(ended, 3);
    let found: Value = serde_json::from_str(&found).unwrap();
    assert_eq!((&found["entries"], &found["ready"]), (&2.into(), &1.into()));
    let link = found["obstacles"][0]["link"].as_str().unwrap();
    assert!(link.starts_with("http://127.0.0.1:8158/records/4098#"), "{link}");
    let zip = fs::read(folder.join("ks-1978.zip")).unwrap();
    assert!(String::from_utf8_lossy(&zip).contains("KS.1978.01.1978-10-21.46.pdf"));
    assert!(fs::read(folder.join("ks-1978.xlsx")).unwrap().starts_with(b"PK"));

    let bundle = folder.join("ks-1978.xlsx");
    let import = ["import", bundle.to_str().unwrap(), "--book", "ks-1978", "--json"];
    let output = office.hotich(&import);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let row: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(row["record"], READY);
    assert_eq!(row["fields"]["child.name"], "agrees");
    assert!(row["fields"].as_object().unwrap().values().all(|laid| laid != "differs"), "{row}");

    let bag = office.scans().join("bag");
    let output =
        office.hotich(&["export", "--format", "bag", "--book", "ks-1978", "-o", bag.to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    assert!(fs::read(bag.join("data/book.pdf")).unwrap().starts_with(b"%PDF"));
    let manifest = fs::read_to_string(bag.join("manifest-sha256.txt")).unwrap();
    for wanted in ["data/alto/0001.xml", "data/records.jsonl", "data/certificate.json", "data/pages/"] {
        assert!(manifest.contains(wanted), "{manifest}");
    }

    let certificate = folder.join("certificate.pdf");
    let arguments = ["book", "certify", "ks-1978", "--format", "pdf", "-o", certificate.to_str().unwrap()];
    assert_eq!(code(&office.hotich(&arguments)), 0, "the two numbers run on");
    assert!(fs::read(&certificate).unwrap().starts_with(b"%PDF"));
    assert_eq!(code(&office.hotich(&["book", "totals", "ks-1978", "--entries", "150"])), 0);
    assert_eq!(code(&office.hotich(&arguments)), 3, "148 numbers are unexplained");
}

#[test]
#[ignore = "needs zbarimg (apt install zbar-tools)"]
fn another_reader_reads_the_code_of_the_proof_page() {
    let office = settled_office();
    let file = office.scans().join("proof.pdf");
    assert_eq!(code(&issue(&office, &file, &["--proof"])), 0);
    let run = |program: &str, arguments: &[&str]| {
        let output = std::process::Command::new(program).args(arguments).output().unwrap();
        assert!(output.status.success(), "{program}: {}", text(&output.stderr));
        text(&output.stdout).trim().to_owned()
    };
    let picture = office.scans().join("proof");
    let arguments = ["-r", "150", "-png", "-singlefile", "-f", "2", "-l", "2"];
    run("pdftoppm", &[&arguments[..], &[file.to_str().unwrap(), picture.to_str().unwrap()]].concat());
    let picture = picture.with_extension("png");
    let read = run("zbarimg", &["-q", "--raw", picture.to_str().unwrap()]);
    assert!(read.starts_with("HOTICH1 01/") && read.ends_with(READY), "{read}");
    assert_eq!(code(&office.hotich(&["issue", "--verify", &read])), 0);
}

/// A spreadsheet with this head and one row.
fn spreadsheet(office: &Office, name: &str, cells: &[(&str, &str)]) -> String {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, (head, value)) in (0_u16..).zip(cells) {
        sheet.write_string(0, column, *head).unwrap();
        sheet.write_string(1, column, *value).unwrap();
    }
    office.put(name, &book.save_to_buffer().unwrap()).to_str().unwrap().to_owned()
}

#[test]
fn a_keyed_sheet_is_evidence_and_one_that_was_sent_back_becomes_tasks() {
    let office = settled_office();
    let number = |sql: &str| -> i64 {
        let connection = rusqlite::Connection::open(office.store().join("hotich.sqlite")).unwrap();
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let keyed = [("so", "47"), ("ngayDangKy", "21.10.1978"), ("nksHoTen", "Nguyễn Thị Phường")];
    let keyed = spreadsheet(&office, "keyed.xlsx", &keyed);
    let output = office.hotich(&["import", &keyed, "--book", "ks-1978", "--json"]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let row: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&row["record"], &row["fields"]["child.name"]), (&NOT_READY.into(), &"differs".into()));
    assert_eq!(number("SELECT count(*) FROM sheet_values"), 3);
    assert_eq!(
        number("SELECT count(*) FROM queue WHERE field = 'child.name' AND reason = 'unlike_keyed'"),
        1
    );
    assert_eq!(number("SELECT weighed FROM books"), 1, "and the book has been weighed with it");

    let rejected = [
        ("so", "46"),
        ("ngayDangKy", "21.10.1978"),
        ("nksHoTen", "Nguyễn Thị Phượng"),
        ("Lý do lỗi", "nksGioiTinh: không hợp lệ"),
    ];
    let rejected = spreadsheet(&office, "rejected.xlsx", &rejected);
    let output = office.hotich(&["import", &rejected, "--book", "ks-1978"]);
    assert_eq!(code(&output), 3, "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains(&format!("sent back, see {READY}")));
    assert_eq!(number("SELECT count(*) FROM queue WHERE field = 'child.sex' AND reason = 'sent_back'"), 1);
    assert_eq!(number("SELECT count(*) FROM queue WHERE reason = 'sent_back'"), 1);
    assert_eq!(number("SELECT count(*) FROM sheet_values"), 3, "what came back is no evidence");
}

#[test]
fn clerks_issue_at_once_and_numbers_have_no_gap_though_one_is_killed() {
    many_clerks(6, 12);
}

/// The office's day that must hold: 1,000 copies by eight clerks.
#[test]
#[ignore = "takes a minute"]
fn a_thousand_copies_by_eight_clerks_have_a_thousand_numbers() {
    many_clerks(8, 125);
}

/// `clerks` processes issue `each` copies at the same time while a batch holds the store's lock; one is killed
/// in the middle and begins again.
fn many_clerks(clerks: usize, each: usize) {
    let office = settled_office();
    let batch = Store::create_or_open(&office.store()).unwrap();
    let list = |lines: usize| {
        let line = format!("{READY},Lê Văn Bình\n").repeat(lines);
        office.put(&format!("list-{lines}.csv"), format!("record,requester\n{line}").as_bytes())
    };
    let start = |clerk: usize, list: &Path| {
        let folder = office.scans().join(format!("clerk-{clerk}"));
        std::process::Command::new(env!("CARGO_BIN_EXE_hotich"))
            .args(["issue", "--batch", list.to_str().unwrap(), "-o", folder.to_str().unwrap(), "--store"])
            .arg(office.store())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let all = list(each);
    let mut victim = start(0, &all);
    let others: Vec<Child> = (1..clerks).map(|clerk| start(clerk, &all)).collect();
    let mut lines = BufReader::new(victim.stdout.take().unwrap()).lines();
    let seen: Vec<String> = lines.by_ref().take(each / 3).map(Result::unwrap).collect();
    victim.kill().unwrap();
    victim.wait().unwrap();
    let mut told: Vec<String> = seen.into_iter().chain(lines.map_while(Result::ok)).collect();
    for child in others {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        told.extend(text(&output.stdout).lines().map(str::to_owned));
    }
    let missing = clerks * each - log(&office).len();
    assert!(missing > 0, "the clerk was killed in the middle");
    assert!(start(0, &list(missing)).wait().unwrap().success());
    drop(batch);

    let copies = log(&office);
    let numbers: Vec<u64> = copies.iter().map(|copy| copy["number"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=(clerks * each) as u64).collect::<Vec<_>>(), "consecutive, and none missing");
    told.sort();
    let before = told.len();
    told.dedup();
    assert_eq!(told.len(), before, "no number is told twice");
    let store = Store::open_read(&office.store()).unwrap();
    for copy in &copies {
        let number = format!("{}/{}/{}", copy["number"], copy["year"], copy["symbol"].as_str().unwrap());
        assert!(store.copy_document(&number.parse().unwrap()).unwrap().starts_with(b"%PDF"), "{number}");
    }
}
