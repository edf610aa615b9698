//! What is handed on as XLSX, opened in LibreOffice.

#![cfg(feature = "typst")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use hotich::domain::outcome::{PageFinding, PageRead, ScanOutcome, ScanResult};
use hotich::domain::{
    Book, BookCover, Confidence, ContentHash, DraftField, DraftRecord, FieldType, FormId, Kind, Rectangle,
    Scan, ScanName, catalogue,
};
use hotich::store::{FieldAddress, Store, StoreWriter, Verdict};

use crate::office::{Office, code, text};

/// A book of one kind, and what must stand in its sheet.
struct Handed {
    book: &'static str,
    kind: Kind,
    /// The kind as the list of columns calls it.
    form: &'static str,
    cells: &'static [(&'static str, &'static str)],
}

const BOOKS: [Handed; 3] = [
    Handed {
        book: "ks-1978",
        kind: Kind::Birth,
        form: "KS",
        cells: &[
            ("STT", "1"),
            ("so", "7/1978"),
            ("ngayDangKy", "21.10.1978"),
            ("nksHoTen", "Đặng Thị Ngọc Ẩn"),
            ("nksNgaySinhBangChu", "Ngày hai mươi mốt tháng mười năm một nghìn chín trăm bảy mươi tám"),
        ],
    },
    Handed {
        book: "kh-1978",
        kind: Kind::Marriage,
        form: "KH",
        cells: &[("so", "7/1978"), ("chongHoTen", "Đặng Thị Ngọc Ẩn"), ("voSoGiayToTuyThan", "040078000001")],
    },
    Handed {
        book: "kt-1978",
        kind: Kind::Death,
        form: "KT",
        cells: &[("quyenSo", "01/1978"), ("nktNgayChet", "21.10.1978"), ("nktGioiTinh", "2")],
    },
];

fn moment() -> jiff::Timestamp {
    "2026-11-22T08:00:00Z".parse().unwrap()
}

/// An invented value of a type.
fn example(field_type: FieldType) -> &'static str {
    match field_type {
        FieldType::Number => "7",
        FieldType::Date | FieldType::DateWords => "1978-10-21",
        FieldType::PersonName => "Đặng Thị Ngọc Ẩn",
        FieldType::Sex => "female",
        FieldType::Ethnicity => "Kinh",
        FieldType::Nationality => "Việt Nam",
        FieldType::Place => "xã Vĩnh Lộc, \"xóm\" Trung Nghĩa; tỉnh Nghệ Tĩnh",
        FieldType::Document => "040078000001",
        _ => "",
    }
}

/// A book with one entry, every field of which people have settled.
fn settle(store: &mut StoreWriter, (place, name, kind): (u8, &str, Kind)) {
    let cover = BookCover {
        kind: Some(kind),
        year: Some(1978),
        volume: Some("1".to_owned()),
        office: Some("xã Vĩnh Lộc".to_owned()),
        ..BookCover::default()
    };
    store.register_books(&[Book { name: name.to_owned(), cover }]).unwrap();
    let scan = Scan {
        name: ScanName(format!("{name}/001.jpg")),
        path: format!("/scans/{name}/001.jpg").into(),
        hash: ContentHash([place; 32]),
        page: 0,
        page_count: 1,
        book: name.to_owned(),
    };
    store.register_scans(std::slice::from_ref(&scan)).unwrap();
    let fields: Vec<_> = catalogue::entries().iter().filter(|entry| entry.kind == kind).collect();
    let form = FormId::new("birth-2006");
    let record = DraftRecord {
        scan: scan.name.clone(),
        entry: 1,
        kind,
        form: form.clone(),
        form_match: Confidence::FULL,
        fields: fields
            .iter()
            .map(|entry| {
                let field_type = catalogue::field_type(kind, &entry.field);
                DraftField::unread(entry.field.clone(), field_type, Rectangle::new(10, 10, 90, 40))
            })
            .collect(),
        rules: Vec::new(),
    };
    let mut picture = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(100, 60, image::Rgb([230, 225, 210]))
        .write_to(&mut picture, image::ImageFormat::Jpeg)
        .unwrap();
    let page = PageRead {
        finding: PageFinding::Records { form, kind, match_score: 0.9, records: vec![record] },
        skew: None,
        problems: Vec::new(),
        to_scan: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        image: picture.into_inner(),
    };
    let outcome =
        ScanOutcome { scan: scan.clone(), result: ScanResult::Read(vec![page]), timings: Vec::new() };
    store.commit(&outcome, moment()).unwrap();
    for entry in fields {
        let address = FieldAddress { hash: scan.hash, page: 0, entry: 1, field: entry.field.clone() };
        let verdict = match example(catalogue::field_type(kind, &entry.field)) {
            "" => Verdict::Blank,
            value => Verdict::Value(value.to_owned()),
        };
        store.verify(&address, &verdict, "lan", moment()).unwrap();
    }
}

/// An office with a settled entry in a book of each kind.
fn settled_office() -> Office {
    let office = Office::new();
    let mut store = Store::create_or_open(&office.store()).unwrap();
    store.begin_run("test", moment()).unwrap();
    for (place, Handed { book, kind, .. }) in (1..).zip(BOOKS) {
        settle(&mut store, (place, book, kind));
    }
    drop(store);
    let named = ["office", "--name", "Ủy ban nhân dân xã Vĩnh Lộc", "--signer", "Lê Ẩn"];
    assert_eq!(code(&office.hotich(&named)), 0);
    office
}

/// What LibreOffice sees on the sheet `name` of an XLSX, row by row.
fn seen(folder: &Path, file: &str, name: &str) -> Vec<Vec<String>> {
    let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1";
    let output = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", folder.join("profile").display()))
        .args(["--headless", "--convert-to", filter, "--outdir"])
        .arg(folder)
        .arg(folder.join(format!("{file}.xlsx")))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let csv = fs::read(folder.join(format!("{file}-{name}.csv"))).unwrap();
    rows(&csv)
}

/// The rows of a CSV, lines that begin with `#` left out.
fn rows(csv: &[u8]) -> Vec<Vec<String>> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).comment(Some(b'#')).from_reader(csv);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// A list under `models/lists`, its head left out.
fn list(name: &str) -> Vec<Vec<String>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("models/lists").join(name);
    rows(&fs::read(path).unwrap()).split_off(1)
}

/// What the file itself holds on a sheet.
fn held(file: &Path, name: &str) -> Vec<Vec<String>> {
    use calamine::Reader;
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(file).unwrap();
    let range = book.worksheet_range(name).unwrap();
    range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

#[test]
#[ignore = "needs LibreOffice (apt install libreoffice-calc-nogui)"]
fn spreadsheets_open_in_libreoffice_as_the_lists_of_columns_have_them() {
    if Command::new("soffice").arg("--version").output().is_err() {
        eprintln!("skipped: there is no soffice here (apt install libreoffice-calc-nogui)");
        return;
    }
    let office = settled_office();
    let folder = office.scans();
    let columns = list("hotich158_columns.csv");
    for Handed { book, form, cells, .. } in BOOKS {
        let output = office.hotich(&[
            "export",
            "--format",
            "hotich158",
            "--book",
            book,
            "-o",
            folder.to_str().unwrap(),
        ]);
        assert_eq!(code(&output), 0, "{}{}", text(&output.stdout), text(&output.stderr));
        let sheet = seen(&folder, book, "DL Import");
        let names: Vec<&String> = columns.iter().filter(|row| row[0] == form).map(|row| &row[3]).collect();
        assert_eq!(sheet[0].iter().collect::<Vec<_>>(), names, "{book}");
        assert_eq!(sheet, held(&folder.join(format!("{book}.xlsx")), "DL Import"), "{book}");
        assert_eq!(sheet.len(), 2, "{book}");
        for (column, value) in cells {
            let place = names.iter().position(|name| name == column).unwrap();
            assert_eq!(sheet[1][place], *value, "{book}: {column}");
        }
        let codes: Vec<Vec<String>> =
            list("hotich158_codes.csv").into_iter().map(|row| row[..3].to_vec()).collect();
        assert_eq!(seen(&folder, book, "Ghi chu"), codes, "{book}");
    }
    for Handed { book, .. } in BOOKS {
        let copy = folder.join(format!("{book}.pdf"));
        let record = format!("{book}/001.jpg:1");
        let output = office.hotich(&[
            "issue",
            &record,
            "--requester",
            "Lê \"Ẩn\"; Bình",
            "-o",
            copy.to_str().unwrap(),
        ]);
        assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    }
    let log = folder.join("log.xlsx");
    let output = office.hotich(&["issue", "--log", "--format", "xlsx", "-o", log.to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let sheet = seen(&folder, "log", "So cap ban sao");
    let form = "Sổ cấp bản sao trích lục hộ tịch (log register)";
    let columns: Vec<_> = list("extract_forms.csv")
        .into_iter()
        .filter(|row| row[0] == form)
        .map(|row| row[2].clone())
        .collect();
    assert_eq!((sheet[0].clone(), sheet.len()), (columns, 4));
    assert_eq!(sheet, held(&log, "So cap ban sao"));
    for (row, number) in sheet[1..].iter().zip(["01/", "01/", "01/"]) {
        assert!(row[2] == "Lê \"Ẩn\"; Bình" && row[3].contains(&format!("số {number}")), "{row:?}");
    }
}
