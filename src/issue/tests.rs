//! Papers printed and read back with the tools an office has: pdftotext and qpdf.

#![cfg(feature = "typst")]

use std::io::Write;
use std::process::{Command, Stdio};

use super::specimen::{example_of, specimen};
use super::{Papers, Press, Typeface};
use crate::domain::Kind;

const DAY: jiff::civil::Date = jiff::civil::Date::constant(2026, 11, 22);

fn printed(paper: &str) -> Vec<u8> {
    let papers = Papers::load(None).unwrap();
    let press = Press::start(Typeface::find().unwrap()).unwrap();
    let extract = example_of(papers.find(paper).unwrap(), DAY).unwrap();
    press.print(&papers, &extract.job(7, None).unwrap()).unwrap()
}

/// The text of `pdf` as it copies out, line by line.
fn text(pdf: &[u8]) -> String {
    text_in(pdf, "-layout")
}

/// The text of `pdf` in an order that pdftotext knows.
fn text_in(pdf: &[u8], order: &str) -> String {
    let mut child = Command::new("pdftotext")
        .args([order, "-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext (poppler-utils) is needed");
    child.stdin.take().unwrap().write_all(pdf).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// Whether the words of `wanted` stand in `text` one after the other, however lines were broken.
fn says(text: &str, wanted: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    plain(text).contains(&plain(wanted))
}

#[test]
fn an_extract_of_a_birth_reads_back_line_by_line() {
    let text = text(&printed("birth-extract"));
    for line in [
        "TỈNH NGHỆ AN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "ỦY BAN NHÂN DÂN XÃ VĨNH LỘC",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 07/TLKS-BS",
        "Vĩnh Lộc, ngày 22 tháng 11 năm 2026",
        "TRÍCH LỤC KHAI SINH",
        "(BẢN SAO)",
        "Họ, chữ đệm, tên: NGUYỄN THỊ PHƯỢNG",
        "Ngày, tháng, năm sinh: 05/10/1978",
        "ghi bằng chữ: Ngày năm tháng mười năm một nghìn chín trăm bảy mươi tám",
        "Giới tính: Nữ",
        "Dân tộc: Kinh",
        "Quốc tịch: Việt Nam",
        "Nơi sinh: Trạm y tế xã Vĩnh Lộc, huyện Can Lộc, tỉnh Nghệ Tĩnh",
        "Họ, chữ đệm, tên người mẹ: Trần Thị Quỳnh Như",
        "Năm sinh: 1955",
        "Họ, chữ đệm, tên người cha: Nguyễn Đức Thưởng",
        "Đăng ký khai sinh tại: UBND xã Vĩnh Lộc, huyện Can Lộc, tỉnh Nghệ Tĩnh",
        "Số: 46, ngày 21 tháng 10 năm 1978",
        "NGƯỜI KÝ TRÍCH LỤC",
        "(Ký, ghi rõ họ, chữ đệm, tên, chức vụ và đóng dấu)",
        "Phó Chủ tịch",
        "Đặng Thị Hằng",
    ] {
        assert!(says(&text, line), "{line} is missing in\n{text}");
    }
    let blank = text.lines().find(|line| line.contains("Số định danh cá nhân:")).unwrap();
    assert!(blank.contains("....."), "what the book does not say stays a dotted line: {blank}");
    let composed: String = unicode_normalization::UnicodeNormalization::nfc(text.as_str()).collect();
    assert_eq!(text, composed);
}

#[test]
fn extracts_of_marriages_and_deaths_and_certificates_of_birth_read_back() {
    let cases: [(&str, &[&str]); 3] = [
        (
            "marriage-extract",
            &[
                "Số: 07/TLKH-BS",
                "TRÍCH LỤC KẾT HÔN",
                "Họ, chữ đệm, tên vợ: Đỗ Thị Ngọc Ẩn",
                "Ngày, tháng, năm sinh: 14/02/1957",
                "Giấy tờ tùy thân: Giấy chứng minh nhân dân số 180000017, Công an Nghệ Tĩnh cấp ngày 02/03/1978",
                "Họ, chữ đệm, tên chồng: Vũ Hữu Lượng",
                "Ngày, tháng, năm sinh: 12/1954",
                "Đăng ký kết hôn tại: UBND xã Vĩnh Lộc",
            ],
        ),
        (
            "death-extract",
            &[
                "Số: 07/TLKT-BS",
                "TRÍCH LỤC KHAI TỬ",
                "Họ, chữ đệm, tên: Lê Bằng Phẫu",
                "Ngày, tháng, năm sinh: 1903",
                "Giới tính: Nam",
                "Nơi cư trú cuối cùng: Xóm Trung Nghĩa",
                "Đã chết vào lúc 3 giờ 45 phút, ngày 19 tháng 10 năm 1978",
                "Nơi chết: Tại nhà, xóm Trung Nghĩa, xã Vĩnh Lộc",
                "Đã được đăng ký khai tử tại: UBND xã Vĩnh Lộc",
            ],
        ),
        (
            "birth-certificate-copy",
            &[
                "Số: 46",
                "GIẤY KHAI SINH",
                "(BẢN SAO)",
                "Họ, chữ đệm, tên người đi khai sinh: Nguyễn Đức Thưởng",
                "Ngày, tháng, năm đăng ký: 21/10/1978",
                "Ủy viên thư ký",
                "Phan Bá Quýnh",
                "Đặng Thị Hằng",
            ],
        ),
    ];
    for (paper, lines) in cases {
        let text = text(&printed(paper));
        for line in lines {
            assert!(says(&text, line), "{paper}: {line} is missing in\n{text}");
        }
    }
}

/// A line of a form as `models/lists/extract_forms.csv` has it.
#[derive(serde::Deserialize)]
struct FormLine {
    form: String,
    order: u32,
    line_vi: String,
    status: String,
}

impl FormLine {
    /// What is printed of it whatever is filled in, piece by piece.
    fn printed(&self) -> Vec<String> {
        let line = self.line_vi.trim_start_matches("[top right] ").trim_start_matches("[back] ");
        let line = line.split(": số, ngày").next().unwrap().replace("(mẹ)", "").replace("(cha)", "");
        let pieces = line.split("...").flat_map(|part| part.split(['|', '/']));
        let pieces = pieces.map(|piece| piece.trim().trim_matches(',').trim().to_owned());
        pieces.filter(|piece| !piece.is_empty()).collect()
    }
}

#[test]
fn every_line_of_every_form_stands_in_its_place() {
    let lines: Vec<FormLine> =
        crate::domain::lists::rows(include_str!("../../models/lists/extract_forms.csv"));
    for (paper, count) in [
        ("birth-extract", 24),
        ("marriage-extract", 22),
        ("death-extract", 22),
        ("birth-certificate-copy", 23),
    ] {
        let name = Papers::load(None).unwrap().find(paper).unwrap().name.clone();
        let lines: Vec<_> = lines.iter().filter(|line| line.form == name).collect();
        assert_eq!(lines.len(), count, "{name}");
        let text = text_in(&printed(paper), "-raw").split_whitespace().collect::<Vec<_>>().join(" ");
        let mut rest = text.as_str();
        // The first line of most is the name of the office.
        for line in lines.iter().filter(|line| !line.line_vi.starts_with("[top left]")) {
            for piece in line.printed() {
                // Reconstructed lines may be set in capitals.
                let heading = piece.to_uppercase();
                let place = rest.find(&piece).map(|place| place + piece.len());
                let place = place.or_else(|| {
                    let found = rest.find(&heading).filter(|_| line.status.starts_with('R'));
                    found.map(|place| place + heading.len())
                });
                let place =
                    place.unwrap_or_else(|| panic!("{name}, line {}: \"{piece}\" in\n{rest}", line.order));
                rest = &rest[place..];
            }
        }
    }
}

#[test]
fn papers_are_pdf_a_2b_and_the_same_bytes_every_time() {
    for kind in Kind::ALL {
        let paper = format!("{kind}-extract");
        let pdf = printed(&paper);
        assert_eq!(pdf, printed(&paper), "{paper}");
        let raw = String::from_utf8_lossy(&pdf);
        assert!(raw.contains("<pdfaid:part>2</pdfaid:part>"), "{paper}");
        assert!(raw.contains("<pdfaid:conformance>B</pdfaid:conformance>"), "{paper}");
        let plain = unpacked(&pdf);
        assert!(plain.contains("/GTS_PDFA1"), "{paper} has no output intent");
        assert!(!plain.contains("/Encrypt"), "{paper}");
        let fonts = plain.matches("/Type /FontDescriptor").count();
        let embedded = plain.matches("/FontFile2").count() + plain.matches("/FontFile3").count();
        assert!(fonts >= 2 && embedded == fonts, "{paper}: {embedded} of {fonts} typefaces are embedded");
        assert!(plain.contains("LiberationSerif"), "{paper}");
        assert!(plain.contains("/ToUnicode"), "{paper}");
        assert_eq!(plain.matches("/Type /Page\n").count(), 1, "{paper} fits on one sheet");
    }
}

/// The objects of `pdf` in the open, as qpdf writes them; it also checks the file.
fn unpacked(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("a.pdf"), folder.path().join("b.pdf"));
    std::fs::write(&from, pdf).unwrap();
    let status = Command::new("qpdf")
        .args(["--qdf", "--object-streams=disable"])
        .args([&from, &to])
        .status()
        .expect("qpdf is needed");
    assert!(status.success(), "qpdf finds the file broken");
    String::from_utf8_lossy(&std::fs::read(to).unwrap()).into_owned()
}

#[test]
fn a_proof_page_shows_the_entry_and_the_code() {
    let papers = Papers::load(None).unwrap();
    let press = Press::start(Typeface::find().unwrap()).unwrap();
    let extract = example_of(papers.find("death-extract").unwrap(), DAY).unwrap();
    let picture = image::RgbImage::from_pixel(60, 40, image::Rgb([200, 190, 170]));
    let mut jpeg = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    let pdf = press.print(&papers, &extract.job(7, Some(jpeg.into_inner())).unwrap()).unwrap();
    let text = text(&pdf);
    let code = extract.code(7);
    assert!(says(&text, "TRANG ĐỐI CHIẾU") && says(&text, "Bản sao số 07/2026/TLKT-BS"), "{text}");
    assert!(says(&text, &code.digest()), "{text}");
    assert_ne!(extract.code(8).digest(), code.digest(), "the number is part of what is vouched for");
    assert!(unpacked(&pdf).contains("/DCTDecode"), "the picture is kept as it is");
}

#[test]
fn an_example_is_marked_as_one() {
    let papers = Papers::load(None).unwrap();
    let paper = papers.find("birth-extract").unwrap();
    let marked = |extract: super::Extract| extract.job(1, None).unwrap().data["specimen"].clone();
    assert_eq!(marked(specimen(paper, DAY).unwrap()), true);
    assert_eq!(marked(example_of(paper, DAY).unwrap()), false);
}

#[test]
fn a_layout_that_is_wrong_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("death-extract.typ"), "#import \"frame.typ\": *\n\n#nothing\n")
        .unwrap();
    let papers = Papers::load(Some(folder.path())).unwrap();
    let press = Press::start(Typeface::find().unwrap()).unwrap();
    let extract = example_of(papers.find("death-extract").unwrap(), DAY).unwrap();
    let error = press.print(&papers, &extract.job(1, None).unwrap()).unwrap_err().to_string();
    assert!(error.contains("death-extract.typ: line 3: unknown variable: nothing"), "{error}");
}

#[test]
fn a_layout_cannot_reach_files_of_the_machine() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("death-extract.typ"), "#read(\"/etc/hostname\")").unwrap();
    let papers = Papers::load(Some(folder.path())).unwrap();
    let press = Press::start(Typeface::find().unwrap()).unwrap();
    let extract = example_of(papers.find("death-extract").unwrap(), DAY).unwrap();
    let error = press.print(&papers, &extract.job(1, None).unwrap()).unwrap_err().to_string();
    assert!(error.contains("file not found"), "{error}");
}

#[test]
fn a_searchable_book_has_its_text_under_its_pictures() {
    use crate::domain::text_page::{TextLine, TextPage};
    let papers = Papers::load(None).unwrap();
    let press = Press::start(Typeface::find().unwrap()).unwrap();
    let picture = image::RgbImage::from_pixel(400, 600, image::Rgb([240, 235, 220]));
    let mut jpeg = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    let page = |name: &str, text: &str| {
        let line = TextLine {
            text: text.to_owned(),
            area: crate::domain::Rectangle::new(40, 60, 240, 84),
            confidence: crate::domain::Confidence::FULL,
        };
        let page = TextPage { picture: name.to_owned(), width: 400, height: 600, entries: vec![vec![line]] };
        (page, jpeg.get_ref().clone())
    };
    let pages = vec![page("1.jpg", "Nguyễn Thị Phượng"), page("2.jpg", "xã Vĩnh Lộc")];
    let pdf = press.print(&papers, &super::searchable_book_job("ks-1978", pages, DAY).unwrap()).unwrap();
    let text = text(&pdf);
    let sheets: Vec<&str> = text.split('\u{c}').collect();
    assert!(says(sheets[0], "Nguyễn Thị Phượng") && says(sheets[1], "xã Vĩnh Lộc"), "{text}");
    assert_eq!(sheets.len(), 3, "two sheets");
}

#[test]
fn the_log_is_printed_with_its_seven_columns() {
    let papers = Papers::load(None).unwrap();
    let press = Press::start(Typeface::find().unwrap()).unwrap();
    let log: Vec<_> = (1..=40).map(super::log::tests::copy).collect();
    let office =
        super::Office { name: "Ủy ban nhân dân xã Vĩnh Lộc".to_owned(), ..Default::default() };
    let pdf = press.print(&papers, &super::log_job(&log, Some(2026), &office, DAY).unwrap()).unwrap();
    let text = text(&pdf);
    for wanted in [
        "SỔ CẤP BẢN SAO TRÍCH LỤC HỘ TỊCH",
        "Năm 2026",
        "STT",
        "(7)",
        "01/2026/TLKS-BS",
        "Tổng cộng: 40 lần cấp",
    ] {
        assert!(says(&text, wanted), "{wanted} is missing in\n{text}");
    }
    assert!(text.matches("Ghi chú").count() > 1, "the head is repeated on every sheet");
}
