//! Interrupted and killed: nothing lost, nothing twice.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use assert_cmd::cargo::CommandCargoExt;

use crate::office::Office;

const PAGES: [(&str, &str); 5] = [
    ("kt-2008/001.jpg", "tay/1.jpg"),
    ("ks-2018-in/003.tif", "tay/2.tif"),
    ("kt-2017/001.jpg", "tay/3.jpg"),
    ("ks-2009/005.jpg", "tay/4.jpg"),
    ("kh-2011/001.jpg", "tay/5.jpg"),
];

fn office() -> Office {
    let office = Office::new();
    for (page, name) in PAGES {
        office.take_sample(page, name);
    }
    office
}

fn start(office: &Office) -> Child {
    let mut command = Command::cargo_bin("hotich").unwrap();
    command.arg("digitize").arg(office.scans()).arg("--store").arg(office.store());
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn signal(child: &Child, name: &str) {
    Command::new("kill").args([format!("-{name}"), child.id().to_string()]).output().unwrap();
}

/// Kills the program again and again, `step` milliseconds later each time, until it gets through.
fn killed_every(step: u64) -> Vec<u8> {
    let office = office();
    for round in 1.. {
        let mut child = start(&office);
        std::thread::sleep(Duration::from_millis(step * round));
        let through = child.try_wait().unwrap();
        signal(&child, "KILL");
        child.wait().unwrap();
        if let Some(status) = through {
            assert!(status.success());
            break;
        }
    }
    office.export().0
}

#[test]
fn killed_at_any_moment_the_export_is_that_of_an_undisturbed_run() {
    let undisturbed = office();
    assert_eq!(undisturbed.digitize(&[]).0, 0);
    let (export, records) = undisturbed.export();
    assert_eq!(records.len(), PAGES.len());
    assert_eq!(killed_every(350), export);
}

#[test]
#[ignore = "takes minutes"]
fn killed_at_many_more_moments() {
    let undisturbed = office();
    assert_eq!(undisturbed.digitize(&[]).0, 0);
    let export = undisturbed.export().0;
    for step in [23, 41, 67, 97, 131, 190] {
        assert_eq!(killed_every(step), export, "{step} ms");
    }
}

/// Whether the process runs, and is not only waited for.
#[cfg(target_os = "linux")]
fn runs(process: &str) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"));
    status.is_ok_and(|status| !status.contains("State:\tZ"))
}

#[cfg(target_os = "linux")]
#[test]
fn a_worker_whose_batch_was_killed_ends() {
    use std::io::{BufRead, BufReader};

    let program = assert_cmd::cargo::cargo_bin("hotich");
    // Its stdin stays open: only the death of its parent can tell it.
    let script = format!("sleep 20 | '{}' worker > /dev/null & echo $!; wait", program.display());
    let mut shell = Command::new("sh").args(["-c", &script]).stdout(Stdio::piped()).spawn().unwrap();
    let mut worker = String::new();
    BufReader::new(shell.stdout.take().unwrap()).read_line(&mut worker).unwrap();
    std::thread::sleep(Duration::from_secs(2));
    assert!(runs(worker.trim()));
    signal(&shell, "KILL");
    shell.wait().unwrap();
    let gone = (0..80).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        !runs(worker.trim())
    });
    assert!(gone, "worker {worker} goes on");
}

#[test]
fn an_interrupt_finishes_the_pages_in_hand_and_the_next_run_goes_on() {
    let office = office();
    let mut child = start(&office);
    std::thread::sleep(Duration::from_millis(900));
    signal(&child, "INT");
    let status = child.wait().unwrap();
    assert!(matches!(status.code(), Some(130 | 0)), "{status}");
    let (exit, summary, _) = office.digitize(&[]);
    assert_eq!(exit, 0);
    let pages = summary["pages"].as_u64().unwrap() + summary["read_before"].as_u64().unwrap();
    assert_eq!(pages, PAGES.len() as u64);
    assert_eq!(office.export().1.len(), PAGES.len());
}
