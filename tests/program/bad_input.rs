//! Bad input: one clear line each, the right exit code, every other page done.

use std::fs;

use crate::office::{Office, code, hotich, sample, text};

/// A PNG of one colour whose header says 60,000 x 60,000 pixels.
fn enormous_png() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR".to_vec();
    bytes.extend(60_000u32.to_be_bytes());
    bytes.extend(60_000u32.to_be_bytes());
    bytes.extend([8, 0, 0, 0, 0]);
    let checksum = crc32(&bytes[12..]);
    bytes.extend(checksum.to_be_bytes());
    let picture = b"IDAT\x78\x9c\x63\x00\x00\x00\x01\x00\x01";
    bytes.extend((picture.len() as u32 - 4).to_be_bytes());
    bytes.extend(picture);
    bytes.extend(crc32(picture).to_be_bytes());
    bytes.extend(b"\x00\x00\x00\x00IEND\xae\x42\x60\x82");
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, byte| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 },
        )
    })
}

fn one_pixel() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::GrayImage::new(1, 1).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A PDF whose pages hold no picture.
fn empty_pdf(pages: usize) -> Vec<u8> {
    let kids: String = (0..pages).map(|page| format!("{} 0 R ", page + 3)).collect();
    let mut objects = vec!["<</Type/Catalog/Pages 2 0 R>>".to_owned()];
    objects.push(format!("<</Type/Pages/Kids[{kids}]/Count {pages}>>"));
    objects.extend((0..pages).map(|_| "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>".to_owned()));
    pdf(&objects, "")
}

fn encrypted_pdf() -> Vec<u8> {
    let zeros = "0".repeat(64);
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>".to_owned(),
        format!("<</Filter/Standard/V 1/R 2/P -44/O<{zeros}>/U<{zeros}>>>"),
    ];
    pdf(&objects, "/Encrypt 4 0 R/ID[<00><00>]")
}

fn pdf(objects: &[String], trailer: &str) -> Vec<u8> {
    let mut text = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (i, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", text.len()));
        text.push_str(&format!("{} 0 obj\n{object}\nendobj\n", i + 1));
    }
    let start = text.len();
    let size = objects.len() + 1;
    text.push_str(&format!(
        "{table}trailer\n<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n"
    ));
    text.into_bytes()
}

#[test]
fn each_bad_file_is_told_in_one_line_and_every_other_page_is_done() {
    let office = Office::new();
    office.take_sample("ks-2018-in/003.tif", "book/1-good.tif");
    let good = fs::read(sample("kt-2008/001.jpg")).unwrap();
    let bad: &[(&str, Vec<u8>)] = &[
        ("empty.jpg", Vec::new()),
        ("truncated.jpg", good[..good.len() / 2].to_vec()),
        ("text.jpg", b"no picture at all\n".to_vec()),
        ("enormous.png", enormous_png()),
        ("no-picture.pdf", empty_pdf(1)),
        ("many-pages.pdf", empty_pdf(10_000)),
        ("encrypted.pdf", encrypted_pdf()),
        ("one-pixel.png", one_pixel()),
    ];
    for (name, bytes) in bad {
        office.put(&format!("book/{name}"), bytes);
    }

    let (exit, summary, stderr) = office.digitize(&[]);
    assert_eq!(exit, 3, "{stderr}");
    assert_eq!(summary["entries"], 1, "the good page is done");
    let failures = summary["failures"].as_array().unwrap();
    for (name, _) in bad {
        let scan = format!("scans/book/{name}");
        let of_file: Vec<_> =
            failures.iter().filter(|f| f["scan"].as_str().unwrap().starts_with(&scan)).collect();
        assert_eq!(of_file.len(), 1, "{name}: {failures:?}");
        let message = of_file[0]["message"].as_str().unwrap();
        assert!(message.contains(name) && !message.contains('\n'), "{message}");
    }
    assert_eq!(failures.len(), bad.len(), "{failures:?}");
    let enormous = failures.iter().find(|f| f["scan"] == "scans/book/enormous.png").unwrap();
    assert!(enormous["message"].as_str().unwrap().contains("60000"), "refused by its header: {enormous}");
    let list = fs::read_to_string(office.store().join("failed.jsonl")).unwrap();
    assert_eq!(list.lines().count(), bad.len());
    assert_eq!(office.export().1.len(), 1, "nothing half written, nothing invented");
}

#[test]
fn a_mended_file_is_read_by_retry() {
    let office = Office::new();
    office.put("book/1.jpg", b"");
    assert_eq!(office.digitize(&[]).0, 2, "nothing could be read");
    office.take_sample("kt-2008/001.jpg", "book/1.jpg");
    let output = office.hotich(&["retry", "--json"]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    assert_eq!(office.export().1.len(), 1);
    assert!(!office.store().join("failed.jsonl").exists());
}

#[test]
fn strange_names_are_names() {
    let office = Office::new();
    let long = format!("{}.jpg", "a".repeat(251));
    let names = ["sổ 1/trang \"một\" 'hai'.jpg", &format!("sổ 1/{long}"), "a b/c\td.jpg"];
    for (name, page) in names.iter().zip(["kt-2008/001.jpg", "kt-2017/001.jpg", "ks-2009/005.jpg"]) {
        office.take_sample(page, name);
    }
    let (exit, _, stderr) = office.digitize(&[]);
    assert_eq!(exit, 0, "{stderr}");
    let (_, records) = office.export();
    let scans: Vec<&str> = records.iter().map(|record| record["scan"].as_str().unwrap()).collect();
    for name in names {
        assert!(scans.contains(&format!("scans/{name}").as_str()), "{name}: {scans:?}");
    }
}

#[test]
fn the_same_page_twice_is_read_once() {
    let office = Office::new();
    office.take_sample("kt-2008/001.jpg", "a/1.jpg");
    office.take_sample("kt-2008/001.jpg", "a/2.jpg");
    let (exit, summary, _) = office.digitize(&[]);
    assert_eq!((exit, &summary["pages"]), (0, &1.into()));
    assert_eq!(summary["duplicates"].as_array().unwrap().len(), 1);
    assert_eq!(office.export().1.len(), 1);
}

#[test]
fn wrong_use_is_told_from_nothing_done() {
    assert_eq!(code(&hotich(&["digitize"]).output().unwrap()), 1);
    assert_eq!(code(&hotich(&["no-such-verb"]).output().unwrap()), 1);
    assert_eq!(code(&hotich(&["--version"]).output().unwrap()), 0);
    let office = Office::new();
    let (exit, _, stderr) = office.digitize(&[]);
    assert_eq!(exit, 2);
    assert!(stderr.contains("no scans found"), "{stderr}");
    let gone = hotich(&["digitize", "/no/such/folder", "--store"]).arg(office.store()).output().unwrap();
    assert_eq!(code(&gone), 2);
    assert!(text(&gone.stderr).contains("/no/such/folder"));
    assert_eq!(code(&office.hotich(&["status"])), 2, "there is no store");
}
