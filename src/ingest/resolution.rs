//! How many pixels an inch of paper has, as files state it.

use std::ops::RangeInclusive;

/// Figures outside this range are leftovers of software, not the setting of a scanner.
const BELIEVABLE: RangeInclusive<f64> = 50.0..=1200.0;

/// How far apart the figures across and down may be for pixels to count as square.
pub(super) const SQUARE_TOLERANCE: f64 = 0.02;

/// Centimetres in an inch.
const CENTIMETRES: f64 = 2.54;

/// A length that resolutions are stated by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Inch,
    Centimetre,
    Metre,
}

/// Dots per inch from figures across and down, to the hundredth; none when they cannot be believed.
pub(super) fn dots_per_inch(across: f64, down: f64, unit: Unit) -> Option<f64> {
    let factor = match unit {
        Unit::Inch => 1.0,
        Unit::Centimetre => CENTIMETRES,
        Unit::Metre => CENTIMETRES / 100.0,
    };
    let (across, down) = (across * factor, down * factor);
    let square = (across - down).abs() <= SQUARE_TOLERANCE * across.max(down);
    (BELIEVABLE.contains(&across) && square).then_some((across * 100.0).round() / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_believable_figures_count() {
        assert_eq!(dots_per_inch(300.0, 300.0, Unit::Inch), Some(300.0));
        let metric = dots_per_inch(118.11, 118.11, Unit::Centimetre).unwrap();
        assert!((metric - 300.0).abs() < 0.01);
        let png = dots_per_inch(7874.0, 7874.0, Unit::Metre).unwrap();
        assert!((png - 200.0).abs() < 0.01);
        assert_eq!(dots_per_inch(1.0, 1.0, Unit::Inch), None);
        assert_eq!(dots_per_inch(204.0, 98.0, Unit::Inch), None);
        assert_eq!(dots_per_inch(f64::NAN, f64::NAN, Unit::Inch), None);
        assert_eq!(dots_per_inch(2400.0, 2400.0, Unit::Inch), None);
    }
}
