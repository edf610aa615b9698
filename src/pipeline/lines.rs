//! The lines of writing of a scan as pictures, cut the way they are when the scan is read.

use std::collections::BTreeMap;

use image::GrayImage;

use super::{Models, PipelineError, find_forms};
use crate::assemble::Filled;
use crate::domain::{BookCover, Engines, FieldName, FieldReading, PageContent, Rectangle, Scan};
use crate::{ingest, read, straighten};

/// One line of writing.
#[derive(Debug, Clone)]
pub struct CutLine {
    /// The fields one of which it belongs to; nearly always one.
    pub fields: Vec<FieldName>,
    /// Its ink, in pixels of the scan.
    pub ink: Rectangle,
    /// What it reads.
    pub text: String,
    /// What the recogniser is shown of it: dark ink on white.
    pub picture: GrayImage,
}

/// The lines of every entry of a scan, by the number of the entry as [`super::read_scan`] counts.
///
/// # Errors
/// When the file cannot be used or an engine fails.
pub fn cut_lines(
    scan: &Scan,
    cover: &BookCover,
    models: &Models,
    engines: &mut Engines<'_>,
) -> Result<BTreeMap<u32, Vec<CutLine>>, PipelineError> {
    let upright = straighten::straighten(&ingest::load(scan, &models.limits)?);
    let mut cut = BTreeMap::new();
    for located in find_forms(upright, &models.forms, cover, engines.print)? {
        let PageContent::Form { entries, .. } = &located.content else { continue };
        for entry in entries {
            let (readings, pictures): (Vec<FieldReading>, Vec<Vec<GrayImage>>) =
                read::cut_entry(&located.page, entry, engines.hand)?.into_iter().unzip();
            if Filled::of(&readings) != Filled::Yes {
                continue;
            }
            let lines = readings.iter().zip(pictures).flat_map(|(reading, pictures)| {
                reading.lines.iter().zip(pictures).map(|(line, picture)| CutLine {
                    fields: reading.fields.clone(),
                    ink: located.page.to_scan.bounds(line.ink),
                    text: line.reading.text.clone(),
                    picture,
                })
            });
            cut.insert(cut.len() as u32 + 1, lines.collect());
        }
    }
    Ok(cut)
}
