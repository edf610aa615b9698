//! Computes the contrast of the colours of the stylesheet (WCAG 2.1, success criteria 1.4.3 and 1.4.11).

use std::collections::BTreeMap;

const STYLE: &str = include_str!("hotich.css");
const CLERKS: &str = include_str!("clerk.css");

/// Colours that text is written in.
const WRITING: [&str; 6] = ["ink", "muted", "accent", "good", "calm", "warn"];
/// Colours that text stands on.
const GROUNDS: [&str; 5] = ["paper", "soft", "field", "notice", "lit"];
/// Colours of edges of controls and of charts.
const EDGES: [&str; 4] = ["line", "settled", "accepted", "todo"];
/// Colours that nobody need tell from another: behind pictures, between rows, over pictures.
const SILENT: [&str; 6] = ["desk", "rule", "veil", "glow", "haze", "shade"];

/// The named colours of the stylesheet.
fn colours() -> BTreeMap<&'static str, &'static str> {
    let root = STYLE.split(":root {").nth(1).unwrap().split('}').next().unwrap();
    let names = root.split("--").skip(1).map(|rest| rest.split_once(':').unwrap());
    names.map(|(name, rest)| (name, rest.split(';').next().unwrap().trim())).collect()
}

/// Red, green and blue, 0..=1.
fn channels(colour: &str) -> [f64; 3] {
    let digits = colour.strip_prefix('#').unwrap();
    let wide = digits.len() >= 6;
    let channel = |n: usize| {
        let digits = if wide { digits[2 * n..2 * n + 2].to_owned() } else { digits[n..=n].repeat(2) };
        f64::from(u8::from_str_radix(&digits, 16).unwrap()) / 255.0
    };
    [channel(0), channel(1), channel(2)]
}

/// The relative luminance of a colour as WCAG 2.1 defines it.
fn luminance(colour: &str) -> f64 {
    let linear = |c: f64| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
    let [red, green, blue] = channels(colour).map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// What of `front` stands out less than `least` to 1 from a ground.
fn too_faint(front: &[&str], grounds: &[&str], least: f64) -> Vec<String> {
    let colours = colours();
    let pairs = front.iter().flat_map(|front| grounds.iter().map(move |ground| (*front, *ground)));
    let pairs = pairs.map(|(front, ground)| (front, ground, contrast(colours[front], colours[ground])));
    pairs
        .filter(|(.., contrast)| *contrast < least)
        .map(|(front, ground, contrast)| format!("{front} on {ground}: {contrast:.2}"))
        .collect()
}

#[test]
fn contrast_is_that_of_the_recommendation() {
    assert!((contrast("#000", "#ffffff") - 21.0).abs() < 1e-9);
    assert!((contrast("#777777", "#fff") - 4.48).abs() < 0.005);
}

#[test]
fn all_writing_can_be_read_on_all_it_stands_on() {
    assert_eq!(too_faint(&WRITING, &GROUNDS, 4.5), [""; 0]);
    // Buttons and their keys are written in the colour of fields on calm and ink.
    assert_eq!(too_faint(&["field"], &["calm", "ink"], 4.5), [""; 0]);
}

#[test]
fn edges_of_controls_and_charts_can_be_seen() {
    assert_eq!(too_faint(&EDGES, &["paper", "soft", "field", "notice"], 3.0), [""; 0]);
    // What shows where the keyboard is.
    assert_eq!(too_faint(&["calm"], &["desk"], 3.0), [""; 0]);
}

#[test]
fn every_colour_has_a_name_and_every_name_a_place_here() {
    let known: Vec<&str> = [&WRITING[..], &GROUNDS, &EDGES, &SILENT].concat();
    let unknown: Vec<_> = colours().into_keys().filter(|name| !known.contains(name)).collect();
    assert_eq!(unknown, [""; 0]);
    let rules = STYLE.split(":root {").nth(1).unwrap().split_once('}').unwrap().1;
    let parts = [rules, CLERKS].into_iter().flat_map(|style| style.split(['{', '}', ';', ' ']));
    let is_colour = |part: &&str| {
        part.strip_prefix('#')
            .is_some_and(|rest| rest.len() >= 3 && rest.chars().all(|c| c.is_ascii_hexdigit()))
    };
    let bare: Vec<&str> =
        parts.filter(is_colour).filter(|part| !colours().values().any(|known| known == part)).collect();
    assert_eq!(bare, [""; 0], "a colour without a name");
}
