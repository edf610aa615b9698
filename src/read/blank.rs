//! Whether a region holds writing.

use super::components::Component;
use super::window::Tone;
use crate::domain::Confidence;

/// A stroke this long, in millimetres, can be writing: a "1" is 2 mm tall at least, a dash 1.2 mm
/// wide, while specks and the dots of leaders stay below 0.8 mm.
const STROKE_MILLIMETRES: f64 = 1.2;
/// A stroke must be this much darker than the paper, in grey levels, to be writing beyond doubt;
/// what shines through from the back is lighter.
const STROKE_DEPTH: f64 = 45.0;

/// How sure it is that `pieces`, the ink left of a region, are no writing. `millimetre` is one in
/// pixels.
pub(super) fn blank(pieces: &[Component], tone: Tone, millimetre: f64) -> Confidence {
    let evidence = pieces.iter().map(|piece| {
        let length = f64::from(piece.extent()) / millimetre / STROKE_MILLIMETRES;
        let depth = (tone.paper - f64::from(piece.darkest)) / STROKE_DEPTH;
        rise(length) * rise(depth)
    });
    Confidence::clamped(1.0 - evidence.fold(0.0, f64::max))
}

/// From 0 at half the usual measure to 1 at one and a half.
fn rise(measure: f64) -> f64 {
    (measure - 0.5).clamp(0.0, 1.0)
}
