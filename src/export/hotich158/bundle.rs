//! The ZIP with a PDF an entry.

use std::io::{Seek, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::export::ExportError;

/// Writes a ZIP of `pictures`, each a name with a PDF; they are stored as they are, for a PDF is packed already. The same
/// pictures give the same bytes.
///
/// # Errors
/// When a picture cannot be had or `out` cannot be written.
pub fn write_pictures<E>(
    pictures: impl Iterator<Item = Result<(String, Vec<u8>), E>>,
    out: impl Write + Seek,
) -> Result<usize, ExportError>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    let wrong = |error: zip::result::ZipError| ExportError::Sheet(error.to_string());
    let mut zip = ZipWriter::new(out);
    let mut written = 0;
    for picture in pictures {
        let (name, pdf) = picture.map_err(|error| ExportError::Records(error.into()))?;
        zip.start_file(name, options).map_err(wrong)?;
        zip.write_all(&pdf)?;
        written += 1;
    }
    zip.finish().map_err(wrong)?.flush()?;
    Ok(written)
}
