//! Measures linking over an invented office: time, memory, and how many of the links are right and found.
//!
//! `cargo bench --bench link` invents 100,000 entries (`HOTICH_BENCH_RECORDS` says otherwise), always with
//! the same seed. `RAYON_NUM_THREADS` says on how many threads.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "the figures are the output of a bench")]

#[path = "../tests/population/mod.rs"]
mod population;

use std::time::Instant;

fn main() {
    let wanted = std::env::var("HOTICH_BENCH_RECORDS").ok().and_then(|text| text.parse().ok());
    let office = population::office(wanted.unwrap_or(100_000), 7);
    println!("{} entries, {} true links, memory {}", office.events.len(), office.truth.len(), peak());
    for least in [0.5, 0.8, 0.95] {
        let begin = Instant::now();
        let found = hotich::link::find(&office.events, hotich::link::Search { least });
        let seconds = begin.elapsed().as_secs_f64();
        println!("least score {least}: {seconds:.1} s, {} candidates, peak memory {}", found.len(), peak());
        let found: Vec<_> = found.iter().map(|found| (found.kind, found.first, found.second)).collect();
        for (kind, precision, recall, count) in population::measure(&office, &found) {
            println!("  {:12} {count:7} found, precision {precision:.4}, recall {recall:.4}", kind.as_str());
        }
    }
}

/// The most memory this process has had, as the system says (Linux).
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.and_then(|line| line.split_once(':'))
        .map_or("unknown".to_owned(), |(_, text)| text.trim().to_owned())
}
