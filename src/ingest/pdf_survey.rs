//! Finds out what a PDF page is made of, without decoding any of it.

use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::hayro_syntax::object::Stream;
use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, Paint, SoftMask, interpret_page,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Rect, Shape};

use super::pdf_picture::orientation;
use super::resolution::SQUARE_TOLERANCE;
use super::{jpeg, pdf};

/// How much of a picture's side may lie outside of the page or a clip for it to count as whole.
const CROP_TOLERANCE: f64 = 0.02;

/// A picture as it stands on a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Picture {
    /// Columns, as declared.
    pub(super) width: u32,
    /// Rows, as declared.
    pub(super) height: u32,
    /// From pixels of the picture to points of the page as it is shown, from its upper left corner.
    pub(super) to_page: Affine,
    /// What of the page was open to be painted on.
    clip: Rect,
    /// Whether the data ends before the picture does.
    pub(super) is_cut_short: bool,
    /// Whether it can be shown as it is: not see-through, not a stencil for a colour.
    is_plain: bool,
}

impl Picture {
    /// The part of the page it covers, in points.
    fn area(&self) -> Rect {
        let pixels = Rect::new(0.0, 0.0, f64::from(self.width), f64::from(self.height));
        self.to_page.transform_rect_bbox(pixels)
    }

    /// Pixels per point along its rows and its columns.
    pub(super) fn pixels_per_point(&self) -> (f64, f64) {
        let [a, b, c, d, ..] = self.to_page.as_coeffs();
        (1.0 / a.hypot(b), 1.0 / c.hypot(d))
    }

    /// How much of the page it covers, in square points.
    pub(super) fn covers(&self) -> f64 {
        self.area().area()
    }

    /// Whether it stands upright with square pixels.
    fn is_straight(&self) -> bool {
        let (across, down) = self.pixels_per_point();
        orientation(self.to_page).is_some() && (across - down).abs() <= SQUARE_TOLERANCE * across.max(down)
    }

    /// Whether (nearly) all of it can be seen on a page of this size.
    fn is_whole(&self, page: Rect) -> bool {
        let (area, open) = (self.area(), self.clip.intersect(page));
        let (across, down) = (area.width() * CROP_TOLERANCE, area.height() * CROP_TOLERANCE);
        open.inflate(across, down).contains_rect(area)
    }
}

/// What a page is made of.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Its pictures, in the order they are painted.
    pub(super) pictures: Vec<Picture>,
    /// Whether anything else is to be seen on it, or a picture is see-through.
    has_more: bool,
    /// The clips in force, each as the part of the page it leaves open.
    clips: Vec<Rect>,
}

/// Looks at what `page` is made of.
pub(super) fn survey(page: &Page<'_>) -> Survey {
    let mut survey = Survey::default();
    interpret(page, &mut survey);
    survey
}

/// Lets `device` see what is painted on `page`, in points from the upper left corner of the page as
/// it is shown.
pub(super) fn interpret<'a>(page: &Page<'a>, device: &mut impl Device<'a>) {
    let (width, height) = pdf::size(page);
    let to_page = page.initial_transform(true).to_kurbo();
    let everything = Rect::new(0.0, 0.0, width, height);
    let cache = InterpreterCache::new();
    let mut context = Context::new(to_page, everything, &cache, page.xref(), InterpreterSettings::default());
    interpret_page(page, &mut context, device);
}

impl Survey {
    /// The picture that is all there is to be seen on `page`, when there is just one and it can be
    /// shown as it is.
    pub(super) fn only_picture(&self, page: &Page<'_>) -> Option<&Picture> {
        let (width, height) = pdf::size(page);
        match self.pictures.as_slice() {
            [picture] if !self.has_more && picture.is_plain => {
                let is_whole = picture.is_whole(Rect::new(0.0, 0.0, width, height));
                (is_whole && picture.is_straight()).then_some(picture)
            }
            _ => None,
        }
    }

    /// Notes something that is no picture. White under the first picture is only the paper.
    fn note(&mut self, paint: &Paint<'_>, mode: &DrawMode) {
        let is_paper = self.pictures.is_empty() && has_colour(paint, [255; 3]);
        self.has_more |= !is_paper && !matches!(mode, DrawMode::Invisible);
    }
}

impl<'a> Device<'a> for Survey {
    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let (stream, is_plain) = match &image {
            Image::Raster(raster) => (raster.stream(), !has_mask(raster.stream())),
            Image::Stencil(stencil) => (stencil.stream(), is_black(stencil)),
        };
        let everything = Rect::new(f64::MIN, f64::MIN, f64::MAX, f64::MAX);
        self.pictures.push(Picture {
            width: image.width(),
            height: image.height(),
            to_page: props.transform,
            clip: self.clips.iter().fold(everything, |open, clip| open.intersect(*clip)),
            is_cut_short: is_cut_short(stream),
            is_plain,
        });
        self.has_more |= props.soft_mask.is_some() || props.blend_mode != BlendMode::Normal;
    }

    fn draw_path(&mut self, _: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.note(&props.paint, mode);
    }

    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.note(&props.paint, mode);
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.clips.push(clip.path.bounding_box());
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, blend: BlendMode) {
        self.has_more |= opacity < 1.0 || mask.is_some() || blend != BlendMode::Normal;
    }

    fn pop_transparency_group(&mut self) {}
}

/// Whether a picture is a JPEG that ends too early; the interpreter would fill it up with grey.
fn is_cut_short(stream: &Stream<'_>) -> bool {
    let data = stream.raw_data();
    data.starts_with(b"\xFF\xD8\xFF") && !jpeg::has_end(&data)
}

/// Whether parts of a picture are see-through.
fn has_mask(stream: &Stream<'_>) -> bool {
    [b"SMask".as_slice(), b"SMaskInData", b"Mask"].iter().any(|key| stream.dict().contains_key(*key))
}

/// Whether a stencil is painted in black.
fn is_black(stencil: &hayro::hayro_interpret::StencilImage<'_, '_>) -> bool {
    let mut black = false;
    stencil.with_stencil(|_, paint| black = has_colour(paint, [0; 3]), Some((1, 1)));
    black
}

/// Whether `paint` is this red, green and blue and lets nothing through.
fn has_colour(paint: &Paint<'_>, [red, green, blue]: [u8; 3]) -> bool {
    matches!(paint, Paint::Color(colour) if colour.to_rgba().to_rgba8() == [red, green, blue, 255])
}
