//! A small book handed over and read back cell by cell.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};

use super::{
    Cell, HandedOver, NamePattern, What, columns, is_own_sheet, preflight, read_sheet, row, sheet,
    write_pictures,
};
use crate::domain::{
    BookCover, Confidence, DraftField, DraftRecord, FieldStatus, FormId, Kind, Rectangle, ScanName, catalogue,
};

fn record(kind: Kind, entry: u32, values: &[(&str, &str)]) -> DraftRecord {
    let field = |(name, value): &(&str, &str)| {
        let field_type = catalogue::field_type(kind, &(*name).into());
        let unread = DraftField::unread((*name).into(), field_type, Rectangle::new(0, 0, 1, 1));
        let status = if value.is_empty() { FieldStatus::Blank } else { FieldStatus::Verified };
        DraftField { value: (*value).to_owned(), status, settled: true, ..unread }
    };
    DraftRecord {
        scan: ScanName("ks-1978/001.jpg".to_owned()),
        entry,
        kind,
        form: FormId::new("birth-2006"),
        form_match: Confidence::FULL,
        fields: values.iter().map(field).collect(),
        rules: Vec::new(),
    }
}

fn birth(entry: u32, number: &str) -> DraftRecord {
    let values = [
        ("entry.number", number),
        ("registration.date", "1978-10-21"),
        ("child.name", "Nguyễn Thị Phượng"),
        ("child.sex", "female"),
        ("child.birth_date", "1978-10-05"),
        ("child.birth_date_words", "1978-10-05"),
        ("child.ethnicity", "Kinh"),
        ("mother.name", "Trần Thị Như"),
        ("mother.birth_year", "1955"),
        ("father.name", ""),
        ("declarant.name", "Trần Thị Như"),
        ("declarant.document", "040055000001"),
    ];
    record(Kind::Birth, entry, &values)
}

fn cover() -> BookCover {
    BookCover {
        kind: Some(Kind::Birth),
        year: Some(1978),
        volume: Some("1".to_owned()),
        office: Some("xã Vĩnh Lộc, huyện Can Lộc, tỉnh Nghệ Tĩnh".to_owned()),
        ..BookCover::default()
    }
}

fn handed<'a>(record: &'a DraftRecord, cover: &'a BookCover) -> HandedOver<'a> {
    HandedOver { record, cover, page: 3, pictured: true }
}

#[test]
fn a_birth_fills_the_columns_of_the_sheet() {
    let (record, cover) = (birth(1, "46"), cover());
    let cells = row(&handed(&record, &cover), 9);
    let filled: Vec<(&str, Cell)> = columns(Kind::Birth)
        .map(|column| column.name.as_str())
        .zip(cells)
        .filter(|(_, cell)| !matches!(cell, Cell::Empty))
        .collect();
    let text = |text: &str| Cell::Text(text.to_owned());
    let wanted = [
        ("STT", Cell::Number(9)),
        ("so", text("46/1978")),
        ("quyenSo", text("01/1978")),
        ("trangSo", Cell::Number(3)),
        ("ngayDangKy", text("21.10.1978")),
        ("loaiDangKy", Cell::Number(6)),
        ("noiDangKy", text("xã Vĩnh Lộc, huyện Can Lộc, tỉnh Nghệ Tĩnh")),
        ("nksHoTen", text("Nguyễn Thị Phượng")),
        ("nksGioiTinh", Cell::Number(2)),
        ("nksNgaySinh", text("05.10.1978")),
        ("nksNgaySinhBangChu", text("Ngày năm tháng mười năm một nghìn chín trăm bảy mươi tám")),
        ("nksDanToc", text("Kinh")),
        ("nksLoaiKhaiSinh", Cell::Number(3)),
        ("meHoTen", text("Trần Thị Như")),
        ("meNgaySinh", text("1955")),
        ("meLoaiCuTru", Cell::Number(0)),
        ("meLoaiGiayToTuyThan", Cell::Number(0)),
        ("chaLoaiCuTru", Cell::Number(0)),
        ("chaLoaiGiayToTuyThan", Cell::Number(0)),
        ("nycHoTen", text("Trần Thị Như")),
        ("nycLoaiGiayToTuyThan", Cell::Number(4)),
        ("nycSoGiayToTuyThan", text("040055000001")),
    ];
    assert_eq!(filled, wanted);
}

#[test]
fn marriages_and_deaths_fill_theirs() {
    let marriage = record(
        Kind::Marriage,
        1,
        &[
            ("entry.number", "7"),
            ("registration.date", "1987-02-01"),
            ("husband.name", "Vũ Hữu Lượng"),
            ("wife.name", "Đỗ Thị Ẩn"),
            ("wife.document", "394992604"),
            ("registration.type", "Đăng ký lại"),
        ],
    );
    let death = record(
        Kind::Death,
        1,
        &[
            ("entry.number", "12"),
            ("registration.date", "2011-05-06"),
            ("deceased.name", "Lê Phẫu"),
            ("deceased.sex", "male"),
            ("deceased.birth_date", "1932-08"),
            ("death.date", "2011-05-04"),
            ("death.time", "3h45"),
        ],
    );
    let cover = cover();
    let value = |record: &DraftRecord, column: &str| {
        let place = columns(record.kind).position(|known| known.name == column).unwrap();
        row(&handed(record, &cover), 1)[place].clone()
    };
    let text = |text: &str| Cell::Text(text.to_owned());
    assert_eq!(value(&marriage, "chongHoTen"), text("Vũ Hữu Lượng"));
    assert_eq!(value(&marriage, "voSoGiayToTuyThan"), text("394992604"));
    assert_eq!(value(&marriage, "voLoaiGiayToTuyThan"), Cell::Number(1));
    assert_eq!(value(&marriage, "loaiDangKy"), Cell::Number(2));
    assert_eq!(value(&death, "nktNgaySinh"), text("1932"));
    assert_eq!(value(&death, "nktNgayChet"), text("04.05.2011"));
    assert_eq!(value(&death, "nktGioPhutChet"), text("3h45"));
    assert_eq!((row(&handed(&marriage, &cover), 1).len(), row(&handed(&death, &cover), 1).len()), (44, 48));
}

#[test]
fn the_sheet_reads_back_cell_by_cell() {
    let cover = cover();
    let records = [birth(1, "46"), birth(2, "47")];
    let entries: Vec<_> = records.iter().map(|record| handed(record, &cover)).collect();
    let bytes = sheet(Kind::Birth, &entries).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(&bytes[..])).unwrap();
    assert_eq!(book.sheet_names(), ["DL Import", "Ghi chu"]);
    let range = book.worksheet_range("DL Import").unwrap();
    assert_eq!((range.height(), range.width()), (3, 70));
    let head: Vec<String> = range.rows().next().unwrap().iter().map(Data::to_string).collect();
    assert_eq!(head, columns(Kind::Birth).map(|column| column.name.clone()).collect::<Vec<_>>());
    for (line, entry) in (1..).zip(&entries) {
        for (column, cell) in row(entry, line).iter().enumerate() {
            let read = &range[(line as usize, column)];
            match cell {
                Cell::Text(text) => assert_eq!(read, &Data::String(text.clone())),
                Cell::Number(number) => assert_eq!(read, &Data::Float(f64::from(*number))),
                Cell::Empty => assert_eq!(read, &Data::Empty),
            }
        }
    }
    let rows = read_sheet(&bytes).unwrap();
    assert_eq!(rows.len(), 2);
    assert!(rows[1].contains(&("so".to_owned(), "47/1978".to_owned())));
    assert!(rows[1].contains(&("trangSo".to_owned(), "3".to_owned())));
    assert!(read_sheet(b"no spreadsheet").is_err());
    assert!(is_own_sheet(&bytes) && !is_own_sheet(b"no spreadsheet"));
    let mut other = rust_xlsxwriter::Workbook::new();
    other.add_worksheet();
    assert!(!is_own_sheet(&other.save_to_buffer().unwrap()));
}

fn whats(records: &[DraftRecord], pattern: &NamePattern) -> (Vec<(Option<String>, What)>, Vec<usize>) {
    let cover = cover();
    let entries: Vec<_> = records.iter().map(|record| handed(record, &cover)).collect();
    let found = preflight(&entries, pattern);
    let obstacles = found.obstacles.into_iter();
    (obstacles.map(|o| (o.field.map(|field| field.to_string()), o.what)).collect(), found.ready)
}

#[test]
fn the_preflight_names_what_stands_in_the_way() {
    let usual = NamePattern::default();
    assert_eq!(whats(&[birth(1, "46"), birth(2, "47")], &usual), (vec![], vec![0, 1]));
    let field = |name: &str| Some(name.to_owned());

    let mut open = birth(1, "46");
    open.fields[2].status = FieldStatus::Review;
    assert_eq!(whats(&[open], &usual), (vec![(field("child.name"), What::Open)], vec![]));

    let (found, ready) = whats(&[birth(1, "46"), birth(2, "046"), birth(3, "")], &usual);
    assert!(ready.is_empty());
    assert_eq!(found.iter().filter(|(_, what)| *what == What::Twice).count(), 2);
    assert!(found.contains(&(field("entry.number"), What::Blank)));

    let mut months = birth(1, "46");
    months.fields[4].value = "1978-10".to_owned();
    assert_eq!(whats(&[months], &usual), (vec![(field("child.birth_date"), What::MonthCut)], vec![0]));

    let mut malformed = birth(1, "4б");
    malformed.fields[1].value = "1978".to_owned();
    let (found, _) = whats(&[malformed], &usual);
    assert_eq!(
        found,
        [(field("entry.number"), What::Malformed), (field("registration.date"), What::Malformed)]
    );
}

#[test]
fn names_follow_the_pattern_and_must_read_back() {
    let cover = cover();
    let record = birth(1, "5");
    let entry = handed(&record, &cover);
    let usual = NamePattern::default();
    assert_eq!(usual.name(&entry), ("KS.1978.01.1978-10-21.05.pdf".to_owned(), true));
    let own: NamePattern = "{date}_{number}.pdf".parse().unwrap();
    assert_eq!(own.name(&entry), ("1978-10-21_05.pdf".to_owned(), true));
    let dotted = BookCover { volume: Some("1.a".to_owned()), ..cover.clone() };
    assert!(
        !usual.name(&handed(&record, &dotted)).1,
        "a volume with a dot cannot be told from the pattern's"
    );
    for wrong in ["{number}.pdf", "{date}{page}{number}.pdf", "{date", "a/{date}.{number}.pdf"] {
        assert!(wrong.parse::<NamePattern>().is_err(), "{wrong}");
    }
}

#[test]
fn the_pictures_are_in_the_zip_under_their_names() {
    let pictures =
        || ["a.pdf", "b.pdf"].into_iter().map(|name| Ok::<_, String>((name.to_owned(), vec![7; 9])));
    let mut out = Cursor::new(Vec::new());
    assert_eq!(write_pictures(pictures(), &mut out).unwrap(), 2);
    let mut again = Cursor::new(Vec::new());
    write_pictures(pictures(), &mut again).unwrap();
    assert_eq!(out.get_ref(), again.get_ref());
    let mut zip = zip::ZipArchive::new(out).unwrap();
    let mut bytes = Vec::new();
    zip.by_name("b.pdf").unwrap().read_to_end(&mut bytes).unwrap();
    assert_eq!((zip.len(), bytes), (2, vec![7; 9]));
}
