//! Paints a PDF page that is more than one upright picture, at the resolution of its pictures.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro::hayro_interpret::{InterpreterSettings, InterpreterWarning};
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::Pixmap;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use image::{DynamicImage, GrayImage, RgbImage};

use super::pdf_picture::POINTS;
use super::pdf_survey::Survey;
use super::resolution::{Unit, dots_per_inch};
use super::{IngestError, Limits, pdf};
use crate::domain::ScanImage;

/// The resolutions a page is painted at, in dots per inch: below the lower one no writing can be
/// read, above the upper one nothing is won.
const SENSIBLE: (f64, f64) = (100.0, 600.0);

/// The longest side a page can be painted with, in pixels.
const LONGEST_SIDE: f64 = u16::MAX as f64;

/// The pixels of `page`.
pub(super) fn paint(
    page: &Page<'_>,
    survey: &Survey,
    name: &str,
    limits: &Limits,
) -> Result<ScanImage, IngestError> {
    let scale = scale(page, survey, limits);
    let has_failed = Arc::new(AtomicBool::new(false));
    let pixmap = painted(page, scale, noting_failure(&has_failed));
    if has_failed.load(Ordering::Relaxed) {
        return Err(IngestError::damaged(name, "one of its pictures cannot be decoded"));
    }
    limits.check_page(name, pixmap.width().into(), pixmap.height().into())?;
    let pixels = to_image(&pixmap).ok_or_else(|| IngestError::damaged(name, "it has no size"))?;
    Ok(ScanImage { pixels, dots_per_inch: dots_per_inch(scale * POINTS, scale * POINTS, Unit::Inch) })
}

/// Pixels per point: the resolution of the finest of the large pictures, within what is sensible
/// and allowed.
fn scale(page: &Page<'_>, survey: &Survey, limits: &Limits) -> f64 {
    let (width, height) = pdf::size(page);
    let largest = survey.pictures.iter().map(|picture| picture.covers()).fold(0.0, f64::max);
    let large = survey.pictures.iter().filter(|picture| picture.covers() >= largest / 2.0);
    let finest = large.map(|picture| {
        let (across, down) = picture.pixels_per_point();
        across.max(down)
    });
    let wanted = finest.filter(|scale| scale.is_finite()).fold(0.0, f64::max);
    let allowed = (limits.pixels as f64 / (width * height)).sqrt().min(LONGEST_SIDE / width.max(height));
    wanted.clamp(SENSIBLE.0 / POINTS, SENSIBLE.1 / POINTS).min(allowed)
}

fn noting_failure(has_failed: &Arc<AtomicBool>) -> InterpreterSettings {
    let has_failed = Arc::clone(has_failed);
    let warning_sink = Arc::new(move |warning| {
        if matches!(warning, InterpreterWarning::ImageDecodeFailure) {
            has_failed.store(true, Ordering::Relaxed);
        }
    });
    InterpreterSettings { warning_sink, ..InterpreterSettings::default() }
}

fn painted(page: &Page<'_>, scale: f64, settings: InterpreterSettings) -> Pixmap {
    let (width, height) = pdf::size(page);
    // The painter cuts off the fraction of a pixel; a page of 841.89 points must not lose a row.
    let exact = |points: f64| ((points * scale).round().max(1.0) + 0.01) / points;
    let pixmap =
        PixmapSettings { x_scale: exact(width) as f32, y_scale: exact(height) as f32, bg_color: WHITE };
    render(page, &RenderCache::new(), &settings, &RenderSettings::default(), &pixmap)
}

/// The painted page, grey when it has no colour.
fn to_image(pixmap: &Pixmap) -> Option<DynamicImage> {
    let (width, height) = (pixmap.width().into(), pixmap.height().into());
    let pixels = pixmap.data_as_u8_slice().as_chunks::<4>().0;
    if pixels.iter().all(|[red, green, blue, _]| red == green && green == blue) {
        let grey = pixels.iter().map(|pixel| pixel[0]).collect();
        GrayImage::from_raw(width, height, grey).map(DynamicImage::ImageLuma8)
    } else {
        let colour = pixels.iter().flat_map(|[red, green, blue, _]| [*red, *green, *blue]).collect();
        RgbImage::from_raw(width, height, colour).map(DynamicImage::ImageRgb8)
    }
}
