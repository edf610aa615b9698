//! Measures the straighten stage: angle against truth, share it abstains on, time a page.
//!
//! `cargo bench --bench straighten -- FOLDER...`: a folder holds `truth.jsonl` (lines with `scan`,
//! `skew_deg`, `photo`) or `pages.tsv` (columns `image`, `baseline_angle_deg_clockwise`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use hotich::domain::ScanImage;
use hotich::straighten::straighten;

/// A picture, its true angle (none when unknown) and its group.
struct Sample {
    path: PathBuf,
    truth: Option<f64>,
    group: String,
}

fn main() {
    let folders: Vec<PathBuf> =
        std::env::args().skip(1).filter(|word| !word.starts_with("--")).map(PathBuf::from).collect();
    let samples: Vec<Sample> = folders.iter().flat_map(|folder| samples(folder)).collect();
    let mut groups: BTreeMap<String, Vec<(Option<f64>, Option<f64>, f64)>> = BTreeMap::new();
    for sample in &samples {
        let Ok(pixels) = image::open(&sample.path) else {
            println!("{}: cannot be opened", sample.path.display());
            continue;
        };
        let image = ScanImage { pixels, dots_per_inch: None };
        let start = Instant::now();
        let page = straighten(&image);
        let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
        let angle = page.skew.map(|skew| skew.0);
        println!(
            "{:<50} truth {:>7} found {:>7} {:>4}x{:<4} {milliseconds:>6.0} ms {:?}",
            sample
                .path
                .display()
                .to_string()
                .chars()
                .rev()
                .take(50)
                .collect::<Vec<_>>()
                .iter()
                .rev()
                .collect::<String>(),
            shown(sample.truth),
            shown(angle),
            page.ink.width(),
            page.ink.height(),
            page.problems,
        );
        if let Some(out) = std::env::var_os("STRAIGHTENED") {
            let name = sample.path.display().to_string().replace('/', "_");
            let _ = page.ink.save(Path::new(&out).join(format!("{name}.ink.png")));
            let _ = page.colour.save(Path::new(&out).join(format!("{name}.colour.jpg")));
        }
        groups.entry(sample.group.clone()).or_default().push((sample.truth, angle, milliseconds));
    }
    for (group, results) in groups {
        summarise(&group, &results);
    }
}

/// An angle for the table.
fn shown(angle: Option<f64>) -> String {
    angle.map_or_else(|| "-".to_owned(), |angle| format!("{angle:.3}"))
}

/// One line for a group of samples.
fn summarise(group: &str, results: &[(Option<f64>, Option<f64>, f64)]) {
    let errors: Vec<f64> = results
        .iter()
        .filter_map(|(truth, found, _)| Some((found.as_ref()? - truth.as_ref()?).abs()))
        .collect();
    let worse = results
        .iter()
        .filter(|(truth, found, _)| matches!((truth, found), (Some(t), Some(f)) if (f - t).abs() > t.abs() + 0.05))
        .count();
    let within = |limit: f64| errors.iter().filter(|error| **error <= limit).count();
    let total = results.len();
    println!(
        "{group}: {total} pages, {} abstained, within 0.1 deg {}, within 0.2 deg {}, worst {:.2}, made worse {worse}, mean {:.0} ms",
        results.iter().filter(|(_, found, _)| found.is_none()).count(),
        within(0.1),
        within(0.2),
        errors.iter().fold(0.0, |a: f64, b| a.max(*b)),
        results.iter().map(|(.., ms)| ms).sum::<f64>() / total.max(1) as f64,
    );
}

/// The pictures of a folder with what is known of them.
fn samples(folder: &Path) -> Vec<Sample> {
    if let Ok(text) = std::fs::read_to_string(folder.join("truth.jsonl")) {
        let mut seen = BTreeMap::new();
        for line in text.lines() {
            let Ok(entry) = serde_json::from_str::<serde_json::Value>(line) else { continue };
            let Some(scan) = entry["scan"].as_str() else { continue };
            let photo = entry["photo"].as_bool().unwrap_or(false);
            seen.insert(scan.to_owned(), (entry["skew_deg"].as_f64(), photo));
        }
        let sample = |(scan, (truth, photo)): (String, (Option<f64>, bool))| Sample {
            path: folder.join(scan),
            truth,
            group: if photo { "photos".to_owned() } else { "flatbed".to_owned() },
        };
        return seen.into_iter().map(sample).collect();
    }
    if let Ok(text) = std::fs::read_to_string(folder.join("pages.tsv")) {
        let rows = text.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
        let sample = |row: Vec<&str>| {
            Some(Sample {
                path: folder.join(row.get(1)?),
                truth: row.get(6)?.parse().ok(),
                group: "tables".to_owned(),
            })
        };
        return rows.filter_map(sample).collect();
    }
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
    let pictures = files.filter(|file| {
        let name = file.file_name().to_string_lossy().to_lowercase();
        [".jpg", ".png", ".tif"].iter().any(|end| name.ends_with(end))
    });
    let sample = |file: walkdir::DirEntry| Sample {
        path: file.into_path(),
        truth: None,
        group: folder.display().to_string(),
    };
    pictures.map(sample).collect()
}
