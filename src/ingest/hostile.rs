//! Whatever bytes come, there is a picture or an error: files of every format, spoilt at random.

use std::sync::LazyLock;

use image::DynamicImage;
use proptest::prelude::*;
use proptest::sample::Index;

use super::samples::{
    GROUP_4, OneFile, PdfPage, TiffPage, colour_picture, jpeg, pdf, picture, picture_keys, png, tiff,
    turned_jpeg,
};
use super::{Limits, load, open};

/// Small enough that nothing large is ever decoded.
const LIMITS: Limits = Limits { file_bytes: 1 << 20, pixels: 100_000, pages: 20 };

/// A small file of every kind, made once.
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(files);

fn files() -> Vec<Vec<u8>> {
    let fax = "/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 64 /Rows 48 >> /BitsPerComponent 1";
    let grey = picture_keys("/ColorSpace /DeviceGray /BitsPerComponent 8");
    let pictures = [
        ("Im", &*grey, picture().into_raw()),
        ("Fax", &picture_keys(fax), GROUP_4.to_vec()),
        ("Dct", &picture_keys("/Filter /DCTDecode"), jpeg(&colour_picture().into())),
    ];
    let pages = ["Im", "Fax", "Dct"].map(PdfPage::of_picture);
    let both = PdfPage { content: "9 0 0 9 0 0 cm /Im Do /Dct Do".into(), keys: "/Rotate 90" };
    let tiff_jpeg = TiffPage::new(jpeg(&colour_picture().into()), 7, 6, 8).with(277, 3);
    let tiff_fax = |compression| TiffPage::new(GROUP_4.to_vec(), compression, 1, 1);
    vec![
        jpeg(&picture().into()),
        turned_jpeg(6),
        png(&colour_picture().into()),
        png(&DynamicImage::from(picture()).to_luma_alpha16().into()),
        tiff(&[tiff_fax(4), tiff_jpeg, tiff_fax(3), TiffPage::new(picture().into_raw(), 1, 0, 8)]),
        pdf(&pages, &pictures),
        pdf(&[both], &pictures),
    ]
}

proptest! {
    #[test]
    fn spoilt_files_give_a_picture_or_an_error(
        mut bytes in proptest::sample::select(&**FILES),
        spoilt in proptest::collection::vec((any::<Index>(), any::<u8>()), 0..12),
        (at, inserted) in (any::<Index>(), proptest::collection::vec(any::<u8>(), 0..4)),
        length in proptest::option::of(any::<Index>()),
    ) {
        for (at, byte) in spoilt {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let at = at.index(bytes.len());
        bytes.splice(at..at, inserted);
        if let Some(length) = length {
            bytes.truncate(length.index(bytes.len()));
        }
        let file = OneFile::new(&bytes);
        for scan in open(&file.file, &LIMITS).unwrap_or_default() {
            if let Ok(page) = load(&scan, &LIMITS) {
                prop_assert!(matches!(page.pixels, DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_)));
                prop_assert!(page.pixels.width() > 0 && page.pixels.height() > 0);
            }
        }
    }

    #[test]
    fn any_bytes_behind_a_signature_give_an_error(
        signature in proptest::sample::select(vec![
            &b"\xFF\xD8\xFF"[..], b"\x89PNG\r\n\x1A\n", b"II*\0", b"MM\0+", b"%PDF-1.4\n",
        ]),
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
    ) {
        let file = OneFile::new(&[signature, &bytes].concat());
        for scan in open(&file.file, &LIMITS).unwrap_or_default() {
            prop_assert!(load(&scan, &LIMITS).is_err());
        }
    }
}
