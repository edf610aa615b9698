//! TIFF files of every packing, made byte by byte.

use std::io::Cursor;

use image::DynamicImage;
use tiff::encoder::{Compression, DeflateLevel, TiffEncoder, colortype};

use super::super::samples::{
    GROUP_4, OneFile, SIZE, TiffPage, colour_picture, jpeg, load_page, load_pages, picture, shows_picture,
    tiff,
};
use super::*;

const NONE: u16 = 1;
const HUFFMAN: u16 = 2;
const FAX_3: u16 = 3;
const FAX_4: u16 = 4;
const JPEG: u16 = 7;
const WHITE_IS_ZERO: u16 = 0;
const BLACK_IS_ZERO: u16 = 1;
const YCBCR: u16 = 6;
const FILL_ORDER: u16 = 266;

#[test]
fn every_packing_is_read() {
    let packings = [
        Compression::Uncompressed,
        Compression::Lzw,
        Compression::Deflate(DeflateLevel::Balanced),
        Compression::Packbits,
    ];
    for packing in packings {
        let mut bytes = Cursor::new(Vec::new());
        let mut encoder = TiffEncoder::new(&mut bytes).unwrap().with_compression(packing);
        encoder.write_image::<colortype::Gray8>(SIZE.0, SIZE.1, &picture()).unwrap();
        encoder.write_image::<colortype::RGB8>(SIZE.0, SIZE.1, &colour_picture()).unwrap();
        let deep: Vec<u16> = picture().iter().map(|grey| u16::from(*grey) * 257).collect();
        encoder.write_image::<colortype::Gray16>(SIZE.0, SIZE.1, &deep).unwrap();
        let pages = load_pages(bytes.get_ref()).unwrap();
        assert!(pages.len() == 3 && pages.iter().all(|page| shows_picture(&page.pixels)));
        assert!(matches!(pages[1].pixels, DynamicImage::ImageRgb8(_)));
    }
}

/// One bit a pixel, set where there is ink.
fn bits() -> Vec<u8> {
    let pixels: Vec<u8> = picture().into_raw();
    pixels
        .chunks(8)
        .map(|eight| eight.iter().fold(0, |byte, grey| byte << 1 | u8::from(*grey == 0)))
        .collect()
}

#[test]
fn one_bit_a_pixel_in_both_senses() {
    let ink_is_one = TiffPage::new(bits(), NONE, WHITE_IS_ZERO, 1);
    let page = load_page(&tiff(&[ink_is_one])).unwrap();
    assert!(matches!(page.pixels, DynamicImage::ImageLuma8(_)) && shows_picture(&page.pixels));
    assert_eq!(page.dots_per_inch, Some(200.0));
    let paper_is_one = bits().iter().map(|byte| !byte).collect();
    let page = load_page(&tiff(&[TiffPage::new(paper_is_one, NONE, BLACK_IS_ZERO, 1)])).unwrap();
    assert!(shows_picture(&page.pixels));
}

#[test]
fn fax_group_4_is_read_in_both_senses() {
    let page = |photometric| tiff(&[TiffPage::new(GROUP_4.to_vec(), FAX_4, photometric, 1)]);
    let mut negative = load_page(&page(WHITE_IS_ZERO)).unwrap().pixels;
    negative.invert();
    assert!(shows_picture(&negative));
    let positive = load_page(&page(BLACK_IS_ZERO)).unwrap().pixels;
    assert_eq!(positive, DynamicImage::ImageLuma8(picture()));
}

#[test]
fn jpeg_inside_is_read() {
    let grey = TiffPage::new(jpeg(&picture().into()), JPEG, BLACK_IS_ZERO, 8);
    let colour = TiffPage::new(jpeg(&colour_picture().into()), JPEG, YCBCR, 8).with(277, 3);
    let pages = load_pages(&tiff(&[grey, colour])).unwrap();
    assert!(pages.iter().all(|page| shows_picture(&page.pixels)));
    let red = pages[1].pixels.to_rgb8().get_pixel(16, 12).0;
    assert!(red[0] > 180 && red[1] < 30 && red[2] < 30, "{red:?}");
}

#[test]
fn thumbnails_are_no_pages_and_turned_pages_are_turned() {
    let page = || TiffPage::new(picture().into_raw(), NONE, BLACK_IS_ZERO, 8);
    let bytes = tiff(&[page(), page().with(254, 1), page().with(274, 8)]);
    let names: Vec<_> = OneFile::new(&bytes).open().unwrap().into_iter().map(|scan| scan.name.0).collect();
    assert_eq!(names, ["book/001#page=1", "book/001#page=2"]);
    let turned = load_pages(&bytes).unwrap().remove(1).pixels;
    assert!(shows_picture(&turned.rotate90()));
}

/// [`picture`] in the codes of ITU-T T.4, tables 2 and 3, each row closed by `close`.
fn group_3(close: impl Fn(&mut String)) -> Vec<u8> {
    let mut bits = String::new();
    for y in 0..SIZE.1 {
        bits += match y {
            8..16 => "10011 0000010111 00101001",
            20..44 => "00101001 011 0001000",
            _ => "11011 00110101",
        };
        bits.retain(|bit| bit != ' ');
        close(&mut bits);
    }
    let byte = |bits: &[u8]| bits.iter().fold(0, |byte, bit| byte << 1 | (bit - b'0'));
    bits.into_bytes().chunks(8).map(|eight| byte(eight) << (8 - eight.len())).collect()
}

#[test]
fn fax_group_3_is_read_with_and_without_line_ends() {
    let with_ends = group_3(|bits| *bits += "000000000001");
    let aligned = group_3(|bits| {
        while bits.len() % 8 != 0 {
            *bits += "0"
        }
    });
    for page in
        [TiffPage::new(with_ends, FAX_3, WHITE_IS_ZERO, 1), TiffPage::new(aligned, HUFFMAN, WHITE_IS_ZERO, 1)]
    {
        let pixels = load_page(&tiff(&[page])).unwrap().pixels;
        assert_eq!(pixels, DynamicImage::ImageLuma8(picture()));
    }
}

#[test]
fn fax_with_the_lowest_bit_first_is_read() {
    let turned = GROUP_4.iter().map(|byte| byte.reverse_bits()).collect();
    let page = TiffPage::new(turned, FAX_4, BLACK_IS_ZERO, 1).with(FILL_ORDER, 2);
    assert_eq!(load_page(&tiff(&[page])).unwrap().pixels, DynamicImage::ImageLuma8(picture()));
}

#[test]
fn fax_cut_short_is_an_error() {
    let with_ends = group_3(|bits| *bits += "000000000001");
    for (data, compression) in [(with_ends, FAX_3), (GROUP_4.to_vec(), FAX_4)] {
        let half = data[..data.len() / 2].to_vec();
        let error = load_page(&tiff(&[TiffPage::new(half, compression, WHITE_IS_ZERO, 1)])).unwrap_err();
        assert!(matches!(error, IngestError::Damaged { .. }), "{error}");
    }
}

#[test]
fn what_cannot_be_read_says_so() {
    const OLD_JPEG: u16 = 6;
    let error = load_page(&tiff(&[TiffPage::new(vec![0; 40], OLD_JPEG, YCBCR, 8).with(277, 3)])).unwrap_err();
    assert!(matches!(error, IngestError::Unsupported { .. }), "{error}");
}

#[test]
fn a_file_cut_short_anywhere_is_an_error() {
    let pages = || [TiffPage::new(GROUP_4.to_vec(), FAX_4, BLACK_IS_ZERO, 1)];
    let whole = tiff(&pages());
    for length in 4..whole.len() {
        let error = load_pages(&whole[..length]).expect_err("cut short");
        assert!(matches!(error, IngestError::Damaged { .. }), "{length}: {error}");
    }
}

#[test]
fn a_circle_of_pages_ends() {
    let mut bytes = tiff(&[TiffPage::new(picture().into_raw(), NONE, BLACK_IS_ZERO, 8)]);
    let next = 8 + 2 + 12 * 10;
    bytes[next] = 8;
    assert!(matches!(OneFile::new(&bytes).open(), Err(IngestError::Damaged { .. })));
}
