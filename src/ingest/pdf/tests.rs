//! PDF files as scanners, copiers and office software write them.

use image::DynamicImage;

use super::super::samples::{
    GROUP_4, OneFile, PdfPage, SIZE, assemble_pdf, colour_picture, jpeg, load_page, load_pages, pdf, picture,
    picture_keys, shows_picture,
};
use super::*;
use crate::ingest::open;

/// The keys and data of a picture of each kind that scanners embed.
fn embedded() -> [(String, Vec<u8>); 4] {
    let fax = "/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 64 /Rows 48 /BlackIs1 true >>";
    [
        (picture_keys("/ColorSpace /DeviceGray /BitsPerComponent 8"), picture().into_raw()),
        (picture_keys("/ColorSpace /DeviceRGB /BitsPerComponent 8"), colour_picture().into_raw()),
        (
            picture_keys("/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode"),
            jpeg(&picture().into()),
        ),
        (picture_keys(&format!("/ColorSpace /DeviceGray /BitsPerComponent 1 {fax}")), GROUP_4.to_vec()),
    ]
}

fn one_page(page: PdfPage, keys: &str, data: Vec<u8>) -> Vec<u8> {
    pdf(&[page], &[("Im", keys, data)])
}

fn grey() -> (String, Vec<u8>) {
    let [grey, ..] = embedded();
    grey
}

fn red_jpeg() -> (String, Vec<u8>) {
    let keys = picture_keys("/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode");
    (keys, jpeg(&colour_picture().into()))
}

#[test]
fn a_page_that_is_one_picture_gives_its_own_pixels() {
    for (keys, data) in embedded() {
        let page = load_page(&one_page(PdfPage::of_picture("Im"), &keys, data)).unwrap();
        assert!(shows_picture(&page.pixels), "{keys}");
        assert_eq!(page.dots_per_inch, Some(72.0));
    }
    let (keys, data) = grey();
    let page = load_page(&one_page(PdfPage::of_picture("Im"), &keys, data)).unwrap();
    assert_eq!(page.pixels, DynamicImage::ImageLuma8(picture()));
}

#[test]
fn the_resolution_is_that_of_the_picture_on_its_page() {
    let (keys, data) = grey();
    let small = PdfPage { content: "32 0 0 24 0 0 cm /Im Do".into(), keys: "/MediaBox [0 0 32 24]" };
    let page = load_page(&one_page(small, &keys, data)).unwrap();
    assert_eq!(page.dots_per_inch, Some(144.0));
    assert_eq!(page.pixels, DynamicImage::ImageLuma8(picture()));
}

#[test]
fn turned_and_mirrored_pages_come_out_as_they_are_shown() {
    let (keys, data) = grey();
    let turned = |rotate| load_page(&one_page(PdfPage::of_picture("Im").with(rotate), &keys, data.clone()));
    let upright = DynamicImage::ImageLuma8(picture());
    assert_eq!(turned("/Rotate 90").unwrap().pixels, upright.rotate90());
    assert_eq!(turned("/Rotate 180").unwrap().pixels, upright.rotate180());
    assert_eq!(turned("/Rotate 270").unwrap().pixels, upright.rotate270());
    assert_eq!(turned("/Rotate -90").unwrap().pixels, upright.rotate270());
    // The picture lies on its side and the page is turned: together they stand upright.
    let lying =
        PdfPage { content: "0 64 -48 0 48 0 cm /Im Do".into(), keys: "/MediaBox [0 0 48 64] /Rotate 90" };
    assert_eq!(load_page(&one_page(lying, &keys, data.clone())).unwrap().pixels, upright);
    let mirrored = PdfPage { content: "-64 0 0 48 64 0 cm /Im Do".into(), keys: "" };
    assert_eq!(load_page(&one_page(mirrored, &keys, data)).unwrap().pixels, upright.fliph());
}

#[test]
fn a_stencil_in_black_is_a_picture() {
    let keys = picture_keys(
        "/ImageMask true /BitsPerComponent 1 /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 64 /Rows 48 /BlackIs1 true >>",
    );
    let page = load_page(&one_page(PdfPage::of_picture("Im"), &keys, GROUP_4.to_vec())).unwrap();
    assert!(shows_picture(&page.pixels));
}

#[test]
fn invisible_text_and_white_paper_do_not_matter() {
    let (keys, data) = grey();
    let content = "1 g 0 0 64 48 re f q 64 0 0 48 0 0 cm /Im Do Q BT 3 Tr /F 12 Tf (sinh) Tj ET";
    let page = PdfPage { content: content.into(), keys: "" };
    let page = load_page(&one_page(page, &keys, data)).unwrap();
    assert_eq!(page.pixels, DynamicImage::ImageLuma8(picture()));
}

#[test]
fn several_pictures_on_a_page_are_painted_together() {
    let raw = picture().into_raw();
    let half = raw.len() / 2;
    let keys = "/Subtype /Image /Width 64 /Height 24 /ColorSpace /DeviceGray /BitsPerComponent 8";
    let content = "q 32 0 0 12 0 12 cm /Upper Do Q q 32 0 0 12 0 0 cm /Lower Do Q";
    let bytes = pdf(
        &[PdfPage { content: content.into(), keys: "/MediaBox [0 0 32 24]" }],
        &[("Upper", keys, raw[..half].to_vec()), ("Lower", keys, raw[half..].to_vec())],
    );
    let page = load_page(&bytes).unwrap();
    assert!(matches!(page.pixels, DynamicImage::ImageLuma8(_)));
    assert!(shows_picture(&page.pixels));
    assert_eq!(page.dots_per_inch.map(f64::round), Some(144.0));
}

#[test]
fn a_stroke_beside_the_picture_is_painted_too() {
    let (keys, data) = red_jpeg();
    let content = "q 32 0 0 24 0 0 cm /Im Do Q 0 0 1 rg 26 1 4 4 re f";
    let page = PdfPage { content: content.into(), keys: "/MediaBox [0 0 32 24]" };
    let pixels = load_page(&one_page(page, &keys, data)).unwrap().pixels;
    assert!(shows_picture(&pixels));
    assert_eq!(pixels.to_rgb8().get_pixel(56, 42).0, [0, 0, 255]);
}

#[test]
fn a_cropped_picture_shows_only_what_the_page_shows() {
    let (keys, data) = grey();
    let page = PdfPage::of_picture("Im").with("/CropBox [0 24 32 48]");
    let pixels = load_page(&one_page(page, &keys, data)).unwrap().pixels;
    // 32 x 24 points at the lowest resolution that is sensible, 100 dpi.
    assert_eq!((pixels.width(), pixels.height()), (44, 33));
    assert!(pixels.to_luma8().get_pixel(22, 17).0[0] < 50);
}

#[test]
fn pages_are_counted_and_told_apart() {
    let (keys, data) = grey();
    let empty = PdfPage { content: "0 0 0 rg 5 5 20 20 re f".into(), keys: "" };
    let bytes = pdf(&[PdfPage::of_picture("Im"), empty], &[("Im", &keys, data)]);
    let file = OneFile::new(&bytes);
    let scans = file.open().unwrap();
    assert!(crate::ingest::load(&scans[0], &Limits::default()).is_ok());
    let error = crate::ingest::load(&scans[1], &Limits::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "book/001#page=2: the PDF page holds no scanned picture; give the scans themselves"
    );
}

#[test]
fn ten_thousand_pages_are_refused() {
    let pages: Vec<_> = (0..10_000).map(|_| PdfPage { content: String::new(), keys: "" }).collect();
    let error = OneFile::new(&pdf(&pages, &[])).open().unwrap_err();
    assert_eq!(
        error.to_string(),
        "book/001: has 10000 pages, more than the 5000 allowed; split it into smaller files"
    );
}

#[test]
fn an_encrypted_file_asks_for_the_password_to_be_removed() {
    let lock = "/Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O (00000000000000000000000000000000) /U (00000000000000000000000000000000)";
    let objects =
        [b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(), b"<< /Type /Pages /Kids [] /Count 0 >>".to_vec()];
    let bytes = assemble_pdf(&objects, &format!("/Root 1 0 R /ID [(a) (a)] /Encrypt << {lock} >>"));
    let error = OneFile::new(&bytes).open().unwrap_err();
    assert_eq!(error.to_string(), "book/001: is encrypted; remove the password and try again");
}

#[test]
fn a_picture_cut_short_is_an_error() {
    for (keys, data) in embedded() {
        let bytes = one_page(PdfPage::of_picture("Im"), &keys, data[..data.len() / 2].to_vec());
        let error = load_pages(&bytes).expect_err(&keys);
        assert!(matches!(error, IngestError::Damaged { .. }), "{keys}: {error}");
    }
}

#[test]
fn a_file_cut_short_anywhere_is_an_error() {
    let (keys, data) = red_jpeg();
    let whole = one_page(PdfPage::of_picture("Im"), &keys, data);
    // The last byte is a line feed.
    for length in (9..whole.len() - 1).rev().step_by(7) {
        let file = OneFile::new(&whole[..length]);
        assert!(matches!(file.open(), Err(IngestError::Damaged { .. })), "{length}");
    }
}

#[test]
fn too_many_pixels_are_refused_before_they_are_decoded() {
    let keys = "/Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceGray /BitsPerComponent 8";
    let error = load_page(&one_page(PdfPage::of_picture("Im"), keys, vec![0; 10])).unwrap_err();
    assert!(matches!(error, IngestError::TooManyPixels { width: 60_000, .. }), "{error}");
    let few = Limits { pixels: 1_000, ..Limits::default() };
    let (keys, data) = grey();
    let file = OneFile::new(&one_page(PdfPage::of_picture("Im"), &keys, data));
    let scan = open(&file.file, &few).unwrap().remove(0);
    assert!(matches!(crate::ingest::load(&scan, &few), Err(IngestError::TooManyPixels { .. })));
    assert!(SIZE.0 * SIZE.1 > 1_000);
}
