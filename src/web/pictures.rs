//! Pictures of fields and pages, by their number, never by a path.

use std::collections::VecDeque;
use std::path::{Path as FilePath, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage, imageops};
use serde::Deserialize;

use super::error::WebError;
use super::state::Shared;
use crate::domain::{DraftField, FieldName, Rectangle};
use crate::store::Store;
use crate::store::desk::{PageId, PageView};

/// Decoded pages kept ready: the fields of a page are looked at one after the other.
const KEPT: usize = 6;
/// Quality of the crops.
const QUALITY: u8 = 85;

/// Cuts pictures out of the pages of a store.
#[derive(Debug)]
pub(super) struct Pictures {
    folder: PathBuf,
    decoded: Mutex<VecDeque<(String, Arc<RgbImage>)>>,
}

/// How much is seen around a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum View {
    /// The field with a little around it.
    #[default]
    Near,
    /// What was read, and hardly more: to lie beside its value.
    Close,
    /// The row of the page it stands in.
    Wide,
}

/// What is asked for beside the field.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    view: View,
}

impl Pictures {
    /// For the pages of the store in `folder`.
    pub fn new(folder: &FilePath) -> Self {
        Self { folder: folder.to_owned(), decoded: Mutex::default() }
    }

    /// The picture of a page, decoded.
    fn decoded(&self, store: &Store, name: &str) -> Result<Arc<RgbImage>, WebError> {
        let kept = || self.decoded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, page)) = kept().iter().find(|(known, _)| known == name) {
            return Ok(Arc::clone(page));
        }
        let path = store.page_image(name);
        let page =
            image::open(&path).map_err(|error| WebError::Picture(format!("{}: {error}", path.display())))?;
        let page = Arc::new(page.into_rgb8());
        let mut kept = kept();
        kept.push_front((name.to_owned(), Arc::clone(&page)));
        kept.truncate(KEPT);
        Ok(page)
    }

    /// The field as a JPEG: what lies around it is dimmed.
    fn field(
        &self,
        store: &Store,
        page: &PageView,
        field: &DraftField,
        view: View,
    ) -> Result<Vec<u8>, WebError> {
        let name = page.image.as_ref().ok_or(WebError::NotFound)?;
        let picture = self.decoded(store, name)?;
        let place = match (view, field.ink) {
            (View::Close, Some(ink)) => page.to_scan.inverse().bounds(ink),
            _ => page_box(page, field),
        };
        let place = place.within(picture.width(), picture.height());
        if place.is_empty() {
            return Err(WebError::NotFound);
        }
        let around = around(place, view).within(picture.width(), picture.height());
        let (left, top) = (around.left as u32, around.top as u32);
        let (width, height) = (around.width() as u32, around.height() as u32);
        let mut crop = imageops::crop_imm(&*picture, left, top, width, height).to_image();
        dim(&mut crop, place, around);
        encode(&crop)
    }

    /// Where the picture called `name` lies.
    fn path(&self, store: &Store, name: &str) -> PathBuf {
        debug_assert_eq!(store.folder(), self.folder);
        store.page_image(name)
    }
}

/// The box of a field on the picture of its page.
pub(super) fn page_box(page: &PageView, field: &DraftField) -> Rectangle {
    page.to_scan.inverse().bounds(on_scan(field))
}

/// What of the scan is shown as the field: its whole width, for part of the writing may have been missed, and the
/// height of its ink, for places reach into the lines above and below.
fn on_scan(field: &DraftField) -> Rectangle {
    let Some(ink) = field.ink else { return field.place };
    let margin = ink.height() / 4;
    let (left, right) = (ink.left.min(field.place.left), ink.right.max(field.place.right));
    Rectangle::new(left, ink.top - margin, right, ink.bottom + margin)
}

/// What is shown around a field.
fn around(place: Rectangle, view: View) -> Rectangle {
    let line = place.height().clamp(24, 80);
    let (across, along) = match view {
        View::Near => (line, 2 * line),
        View::Close => (line / 6, line / 3),
        View::Wide => (5 * line, 4000),
    };
    Rectangle::new(place.left - along, place.top - across, place.right + along, place.bottom + across)
}

/// Makes everything but `place` paler.
fn dim(crop: &mut RgbImage, place: Rectangle, around: Rectangle) {
    const MARGIN: i32 = 4;
    let clear = place.grown(MARGIN);
    for (x, y, Rgb(pixel)) in crop.enumerate_pixels_mut() {
        let (x, y) = (x as i32 + around.left, y as i32 + around.top);
        let inside = (clear.left..clear.right).contains(&x) && (clear.top..clear.bottom).contains(&y);
        if !inside {
            for channel in pixel {
                *channel = 140 + (u16::from(*channel) * 90 / 255) as u8;
            }
        }
    }
}

fn encode(picture: &RgbImage) -> Result<Vec<u8>, WebError> {
    let mut bytes = Vec::new();
    let result = JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(picture);
    result.map_err(|error| WebError::Picture(error.to_string()))?;
    Ok(bytes)
}

/// A JPEG that nobody keeps.
fn jpeg(bytes: Vec<u8>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "image/jpeg"), (CACHE_CONTROL, "no-store")], bytes)
}

/// The picture of a field.
pub(super) async fn field(
    State(shared): State<Shared>,
    Path((entry, field)): Path<(i64, String)>,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse, WebError> {
    let pictures = Arc::clone(&shared.pictures);
    let make = move |store: &Store| {
        let Some(view) = store.entry_view(entry)? else { return Ok(Err(WebError::NotFound)) };
        let Some(found) = view.field(&FieldName::new(field)) else { return Ok(Err(WebError::NotFound)) };
        Ok(pictures.field(store, &view.page, &found.field, asked.view))
    };
    Ok(jpeg(shared.readers.read(make).await??))
}

/// The picture of a page.
pub(super) async fn page(
    State(shared): State<Shared>,
    Path((scan, half)): Path<(i64, i64)>,
) -> Result<impl IntoResponse, WebError> {
    let pictures = Arc::clone(&shared.pictures);
    let find = move |store: &Store| {
        let page = store.page_view(PageId { scan, half })?;
        Ok(page.and_then(|page| page.image).map(|name| pictures.path(store, &name)))
    };
    let path = shared.readers.read(find).await?.ok_or(WebError::NotFound)?;
    let read = tokio::task::spawn_blocking(move || {
        std::fs::read(&path).map_err(|error| WebError::Picture(format!("{}: {error}", path.display())))
    });
    Ok(jpeg(read.await.unwrap_or(Err(WebError::NotFound))?))
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::{View, around, dim};
    use crate::domain::Rectangle;

    #[test]
    fn what_lies_around_a_field_is_dimmed_and_the_field_is_not() {
        let place = Rectangle::new(100, 100, 200, 130);
        let seen = around(place, View::Near).within(400, 400);
        let mut crop = RgbImage::from_pixel(seen.width() as u32, seen.height() as u32, Rgb([0, 0, 0]));
        dim(&mut crop, place, seen);
        let at = |x: i32, y: i32| crop.get_pixel((x - seen.left) as u32, (y - seen.top) as u32).0[0];
        assert_eq!((at(150, 115), at(150, 80), at(60, 115)), (0, 140, 140));
    }

    #[test]
    fn the_wide_view_takes_the_whole_row() {
        let close = around(Rectangle::new(100, 100, 200, 130), View::Close);
        assert_eq!(close, Rectangle::new(90, 95, 210, 135), "the line above is left out");
        let seen = around(Rectangle::new(100, 100, 200, 130), View::Wide).within(1276, 1800);
        assert_eq!((seen.left, seen.right), (0, 1276));
    }
}
