//! `hotich export --format bag`: a book for long-term keeping, as a bag with its pictures, their text as ALTO and as one
//! searchable PDF/A, its records and its certificate.

use std::fs;
use std::io::{self, Write};

use jiff::Zoned;

use super::arguments::Export;
use super::exit::{Failure, Outcome};
use crate::certify;
use crate::counter::Counter;
use crate::domain::ExportedRecord;
use crate::domain::text_page::TextPage;
use crate::export::{Bag, Format, alto, write};
use crate::issue::{PictureSize, cut, searchable_book_job};
use crate::store::{ArchivedPage, Store};

/// Writes the bag of a book into the folder of the output.
pub fn archive(store: &Store, arguments: &Export) -> Result<Outcome, Failure> {
    let book = arguments.book.as_deref();
    let book = book.ok_or_else(|| Failure::Usage("say which book with --book ID".to_owned()))?;
    let folder = arguments.output.as_deref();
    let folder =
        folder.ok_or_else(|| Failure::Usage("say which folder the bag is with -o DIR".to_owned()))?;
    let pages = store.pages_to_archive(book).map_err(Failure::nothing)?;
    let mut bag = Bag::create(folder).map_err(Failure::nothing)?;
    let mut sheets = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let picture = picture(store, page)?;
        let text = text_page(page, &picture)?;
        bag.add(&format!("pages/{}", page.image), &picture).map_err(Failure::nothing)?;
        let xml = alto(&text, index + 1).map_err(Failure::nothing)?;
        bag.add(&format!("alto/{:04}.xml", index + 1), &xml).map_err(Failure::nothing)?;
        let small = cut(&picture, None, PictureSize::HANDED_OVER).map_err(Failure::nothing)?;
        sheets.push((text, small));
    }
    let counter = Counter::open(Some(store.folder()), None).map_err(Failure::nothing)?;
    let job = searchable_book_job(book, sheets, Zoned::now().date()).map_err(Failure::nothing)?;
    let pdf = counter.press().print(counter.papers(), &job).map_err(Failure::nothing)?;
    bag.add("book.pdf", &pdf).map_err(Failure::nothing)?;
    bag.add("records.jsonl", &records(&pages)?).map_err(Failure::nothing)?;
    let contents = store.book_contents(book).map_err(Failure::nothing)?;
    let certificate = serde_json::to_vec_pretty(&certify::certify(&contents)).map_err(Failure::nothing)?;
    bag.add("certificate.json", &certificate).map_err(Failure::nothing)?;
    let about = [
        ("Bagging-Date", Zoned::now().date().to_string()),
        ("Bag-Software-Agent", format!("hotich {}", env!("CARGO_PKG_VERSION"))),
        ("External-Identifier", book.to_owned()),
        ("Source-Organization", contents.book.cover.office.unwrap_or_default()),
    ];
    let files = bag.finish(&about).map_err(Failure::nothing)?;
    writeln!(io::stderr(), "{} pages in {files} files written to {}", pages.len(), folder.display())?;
    Ok(Outcome::Done)
}

fn picture(store: &Store, page: &ArchivedPage) -> Result<Vec<u8>, Failure> {
    let path = store.page_image(&page.image);
    fs::read(&path).map_err(|error| Failure::Nothing(format!("{}: {error}", path.display())))
}

fn text_page(page: &ArchivedPage, picture: &[u8]) -> Result<TextPage, Failure> {
    let reader = image::ImageReader::with_format(io::Cursor::new(picture), image::ImageFormat::Jpeg);
    let wrong = |error| Failure::Nothing(format!("{}: {error}", page.image));
    let size = reader.into_dimensions().map_err(wrong)?;
    Ok(TextPage::new(&page.image, size, &page.to_scan, &page.records))
}

/// The records of the pages as JSON lines.
fn records(pages: &[ArchivedPage]) -> Result<Vec<u8>, Failure> {
    let records = pages.iter().flat_map(|page| page.records.iter().map(|record| (record, page.skew)));
    let records = records.map(|(record, skew)| Ok::<_, io::Error>(ExportedRecord::from_draft(record, skew)));
    let mut lines = Vec::new();
    write(Format::JsonLines, records, &mut lines).map_err(Failure::nothing)?;
    Ok(lines)
}
