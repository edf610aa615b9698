//! Small files of every format, made for the tests.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use image::codecs::jpeg::{JpegEncoder, PixelDensity};
use image::{DynamicImage, ExtendedColorType, GrayImage, ImageEncoder, ImageFormat, Luma, RgbImage};
use tempfile::TempDir;

use super::{FoundFile, IngestError, Limits, load, open};
use crate::domain::{Scan, ScanImage};

/// Columns and rows of the picture.
pub(super) const SIZE: (u32, u32) = (64, 48);

/// [`picture`] as CCITT Group 4 data in which the paper is coded as black, made with libtiff 4.5.0.
pub(super) const GROUP_4: [u8; 32] = [
    0x26, 0xA0, 0x78, 0x6F, 0xFF, 0xFC, 0x8B, 0x57, 0xFF, 0xFF, 0xFF, 0xE3, 0xFE, 0x41, 0xB2, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x1F, 0xE0, 0x02, 0x00, 0x20,
];

/// White paper with a dark block at the upper left and a dark stroke at the lower right.
pub(super) fn picture() -> GrayImage {
    GrayImage::from_fn(SIZE.0, SIZE.1, |x, y| {
        let block = (8..24).contains(&x) && (8..16).contains(&y);
        let stroke = (40..44).contains(&x) && (20..44).contains(&y);
        Luma([if block || stroke { 0 } else { 255 }])
    })
}

/// The picture in colour: red where [`picture`] is dark.
pub(super) fn colour_picture() -> RgbImage {
    RgbImage::from_fn(SIZE.0, SIZE.1, |x, y| match picture().get_pixel(x, y).0 {
        [0] => [200, 0, 0].into(),
        _ => [255; 3].into(),
    })
}

/// Whether `image` shows [`picture`] as `block` and `paper` say: a pixel of the dark block, of the
/// stroke, and two of the paper.
pub(super) fn shows_picture(image: &DynamicImage) -> bool {
    let grey = image.to_luma8();
    let dark = |x, y| grey.get_pixel(x, y).0[0] < 90;
    grey.dimensions() == SIZE && dark(16, 12) && dark(42, 30) && !dark(4, 4) && !dark(55, 12)
}

/// The picture as JPEG, at 300 dpi.
pub(super) fn jpeg(image: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    encoder.set_pixel_density(PixelDensity::dpi(300));
    encoder.encode(image.as_bytes(), SIZE.0, SIZE.1, image.color().into()).unwrap();
    bytes
}

/// The picture as JPEG with EXIF data that says `orientation` and 200 dpi, and no JFIF resolution.
pub(super) fn turned_jpeg(orientation: u16) -> Vec<u8> {
    let mut exif = b"MM\0*\0\0\0\x08\0\x03".to_vec();
    exif.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1]);
    exif.extend([orientation.to_be_bytes(), [0; 2]].concat());
    for tag in [0x1A, 0x1B] {
        exif.extend([0x01, tag, 0, 5, 0, 0, 0, 1, 0, 0, 0, 50]);
    }
    exif.extend([0; 4]);
    exif.extend([0, 0, 0, 200, 0, 0, 0, 1]);
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    encoder.set_exif_metadata(exif).unwrap();
    encoder.write_image(&picture(), SIZE.0, SIZE.1, ExtendedColorType::L8).unwrap();
    bytes
}

/// `image` as PNG.
pub(super) fn png(image: &DynamicImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes
}

/// Puts a chunk after the header of a PNG file; its checksum is right.
pub(super) fn with_chunk(png: &[u8], kind: [u8; 4], body: &[u8]) -> Vec<u8> {
    const AFTER_HEADER: usize = 33;
    let typed = [&kind[..], body].concat();
    let checksum = !typed.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| sum >> 1 ^ (0xEDB8_8320 & 0_u32.wrapping_sub(sum & 1)))
    });
    let length = (body.len() as u32).to_be_bytes();
    [&png[..AFTER_HEADER], &length, &typed, &checksum.to_be_bytes(), &png[AFTER_HEADER..]].concat()
}

/// One page of a TIFF file: its one strip and the tags that differ from page to page.
pub(super) struct TiffPage {
    pub(super) strip: Vec<u8>,
    /// Tag and value, both as 16-bit numbers; compression, photometric interpretation, bits, ...
    pub(super) tags: Vec<(u16, u16)>,
}

impl TiffPage {
    /// A page of the size of [`picture`].
    pub(super) fn new(strip: Vec<u8>, compression: u16, photometric: u16, bits: u16) -> Self {
        Self { strip, tags: vec![(258, bits), (259, compression), (262, photometric)] }
    }

    pub(super) fn with(mut self, tag: u16, value: u16) -> Self {
        self.tags.push((tag, value));
        self
    }
}

/// A little-endian TIFF file of `pages`, at 200 dpi.
pub(super) fn tiff(pages: &[TiffPage]) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    for (number, page) in pages.iter().enumerate() {
        let short = |tag: u16, value: u16| (tag, 3_u16, u32::from(value));
        let mut entries: Vec<_> = page.tags.iter().map(|(tag, value)| short(*tag, *value)).collect();
        let start = bytes.len() as u32;
        let after = start + 2 + 12 * (page.tags.len() as u32 + 7) + 4;
        entries.extend([short(256, SIZE.0 as u16), short(257, SIZE.1 as u16), short(278, SIZE.1 as u16)]);
        entries.extend([(282, 5, after), (283, 5, after)]);
        entries.extend([(273, 4, after + 8), (279, 4, page.strip.len() as u32)]);
        entries.sort_unstable();
        bytes.extend((entries.len() as u16).to_le_bytes());
        for (tag, kind, value) in entries {
            bytes.extend([tag.to_le_bytes(), kind.to_le_bytes(), [1, 0], [0, 0]].concat());
            bytes.extend(value.to_le_bytes());
        }
        let next = after + 8 + page.strip.len() as u32;
        let is_last = number + 1 == pages.len();
        bytes.extend(if is_last { 0 } else { next }.to_le_bytes());
        bytes.extend([200_u32.to_le_bytes(), 1_u32.to_le_bytes()].concat());
        bytes.extend(&page.strip);
    }
    bytes
}

/// A folder of its own with one file in it.
pub(super) struct OneFile {
    _folder: TempDir,
    pub(super) file: FoundFile,
}

impl OneFile {
    pub(super) fn new(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("001");
        fs::write(&path, bytes).unwrap();
        let file = FoundFile { path, name: "book/001".into(), book: "book".into() };
        Self { _folder: folder, file }
    }

    pub(super) fn open(&self) -> Result<Vec<Scan>, IngestError> {
        open(&self.file, &Limits::default())
    }
}

/// Opens and loads every page of a file of these `bytes`.
pub(super) fn load_pages(bytes: &[u8]) -> Result<Vec<ScanImage>, IngestError> {
    let file = OneFile::new(bytes);
    file.open()?.iter().map(|scan| load(scan, &Limits::default())).collect()
}

/// The only page of a file of these `bytes`.
pub(super) fn load_page(bytes: &[u8]) -> Result<ScanImage, IngestError> {
    let mut pages = load_pages(bytes)?;
    assert_eq!(pages.len(), 1);
    Ok(pages.remove(0))
}

/// Writes `bytes` to `path`, with the folders above it.
pub(super) fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// A PDF page: what is painted, and the keys of its dictionary that differ from page to page.
pub(super) struct PdfPage {
    /// The content stream.
    pub(super) content: String,
    /// Other keys, such as `/Rotate 90`.
    pub(super) keys: &'static str,
}

impl PdfPage {
    /// A page that paints picture `name` so that it covers `SIZE` in points.
    pub(super) fn of_picture(name: &str) -> Self {
        Self { content: format!("q {} 0 0 {} 0 0 cm /{name} Do Q", SIZE.0, SIZE.1), keys: "" }
    }

    pub(super) fn with(self, keys: &'static str) -> Self {
        Self { keys, ..self }
    }
}

/// A PDF file of `pages`; all of them may paint `pictures`, each a name, the keys of its dictionary
/// and its data.
pub(super) fn pdf(pages: &[PdfPage], pictures: &[(&str, &str, Vec<u8>)]) -> Vec<u8> {
    let first_picture = 3 + 2 * pages.len();
    let named =
        pictures.iter().enumerate().map(|(at, (name, ..))| format!("/{name} {} 0 R ", first_picture + at));
    let kids = (0..pages.len()).map(|at| format!("{} 0 R ", 3 + 2 * at)).collect::<String>();
    let (count, named) = (pages.len(), named.collect::<String>());
    let tree = format!(
        "<< /Type /Pages /Kids [{kids}] /Count {count} /MediaBox [0 0 {} {}] /Resources << /XObject << {named}>> >> >>",
        SIZE.0, SIZE.1
    );
    let mut objects = vec![b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(), tree.into_bytes()];
    for (at, page) in pages.iter().enumerate() {
        let contents = 4 + 2 * at;
        let keys = page.keys;
        objects.push(format!("<< /Type /Page /Parent 2 0 R /Contents {contents} 0 R {keys} >>").into_bytes());
        objects.push(stream("", page.content.as_bytes()));
    }
    objects.extend(pictures.iter().map(|(_, keys, data)| stream(keys, data)));
    assemble_pdf(&objects, "/Root 1 0 R")
}

/// The keys of a picture of [`SIZE`].
pub(super) fn picture_keys(more: &str) -> String {
    format!("/Type /XObject /Subtype /Image /Width {} /Height {} {more}", SIZE.0, SIZE.1)
}

fn stream(keys: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<< {keys} /Length {} >>\nstream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}

/// Numbers `objects` from 1 and adds what a PDF file begins and ends with.
pub(super) fn assemble_pdf(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.5\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (at, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", bytes.len());
        bytes.extend([format!("{} 0 obj\n", at + 1).as_bytes(), object, b"\nendobj\n"].concat());
    }
    let end =
        format!("trailer << /Size {} {trailer} >>\nstartxref\n{}\n%%EOF\n", objects.len() + 1, bytes.len());
    [&bytes, table.as_bytes(), end.as_bytes()].concat()
}
