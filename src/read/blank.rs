//! Whether a region holds writing.

use super::components::Component;
use super::scale::Scale;
use super::window::Tone;
use crate::domain::Confidence;

/// A stroke this long, in millimetres, can be writing: a "1" is 2 mm tall at least, a dash 1.2 mm
/// wide, while specks and the dots of leaders stay below 0.8 mm.
const STROKE_MILLIMETRES: f64 = 1.2;

/// How sure it is that `pieces`, the ink left of a region, are no writing.
pub(super) fn blank(pieces: &[Component], tone: Tone, scale: Scale) -> Confidence {
    let evidence = pieces.iter().map(|piece| {
        let length = f64::from(piece.extent()) / scale.millimetre / STROKE_MILLIMETRES;
        let depth = (tone.paper - f64::from(piece.darkest)) / scale.faintest_stroke();
        (length - 0.5).clamp(0.0, 1.0) * (2.0 * (depth - 1.0)).clamp(0.0, 1.0)
    });
    Confidence::clamped(1.0 - evidence.fold(0.0, f64::max))
}
