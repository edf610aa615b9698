//! What a camera or scanner wrote beside the picture: which way is up, and the resolution.

use exif::{In, Reader, Tag, Value};
use image::metadata::Orientation;

use super::resolution::{Unit, dots_per_inch};

/// The part of the EXIF data that matters here.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Exif {
    /// How the stored picture is turned or mirrored.
    pub(super) orientation: Orientation,
    /// The resolution, when it is stated and believable.
    pub(super) dots_per_inch: Option<f64>,
}

impl Exif {
    /// What a picture without EXIF data has.
    const NONE: Self = Self { orientation: Orientation::NoTransforms, dots_per_inch: None };

    /// Reads EXIF data (a TIFF structure, without the `Exif\0\0` of JPEG). Damaged data counts as
    /// none: the picture itself may be whole.
    pub(super) fn parse(data: Option<&[u8]>) -> Self {
        let parsed = data.map(|data| Reader::new().continue_on_error(true).read_raw(data.to_vec()));
        let fields = match parsed {
            Some(Ok(fields)) => fields,
            Some(Err(error)) => match error.distill_partial_result(|_| ()) {
                Ok(fields) => fields,
                Err(_) => return Self::NONE,
            },
            None => return Self::NONE,
        };
        let number = |tag| fields.get_field(tag, In::PRIMARY).and_then(|field| field.value.get_uint(0));
        let orientation = number(Tag::Orientation).and_then(|code| Orientation::from_exif(code as u8));
        Self {
            orientation: orientation.unwrap_or(Orientation::NoTransforms),
            dots_per_inch: resolution(&fields, number(Tag::ResolutionUnit)),
        }
    }
}

fn resolution(fields: &exif::Exif, unit: Option<u32>) -> Option<f64> {
    // EXIF 2.32, 4.6.4: 2 is inches, also when nothing is said; 3 is centimetres.
    let unit = match unit {
        Some(3) => Unit::Centimetre,
        _ => Unit::Inch,
    };
    let figure = |tag| match &fields.get_field(tag, In::PRIMARY)?.value {
        Value::Rational(figures) => figures.first().map(exif::Rational::to_f64),
        _ => None,
    };
    dots_per_inch(figure(Tag::XResolution)?, figure(Tag::YResolution)?, unit)
}
