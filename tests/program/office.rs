//! An office to test in: a folder of scans, a store, and the program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// A fresh folder with `scans/` and a store beside it; gone at the end of the test.
pub struct Office {
    folder: TempDir,
}

impl Office {
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("scans")).unwrap();
        Self { folder }
    }

    pub fn scans(&self) -> PathBuf {
        self.folder.path().join("scans")
    }

    pub fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    /// Copies a page of `samples/` (such as `kt-2008/001.jpg`) to `to` below the scans.
    pub fn take_sample(&self, page: &str, to: &str) {
        self.put(to, &fs::read(sample(page)).unwrap());
    }

    pub fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.scans().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// `hotich VERB ... --store STORE`.
    pub fn hotich(&self, arguments: &[&str]) -> Output {
        hotich(arguments).arg("--store").arg(self.store()).output().unwrap()
    }

    /// `hotich digitize SCANS --json` with the exit code and the summary.
    pub fn digitize(&self, further: &[&str]) -> (i32, Value, String) {
        let mut command = hotich(&["digitize", "--json"]);
        let output =
            command.args(further).arg(self.scans()).arg("--store").arg(self.store()).output().unwrap();
        let summary = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        (code(&output), summary, text(&output.stderr))
    }

    /// The export, as bytes and as one value a record.
    pub fn export(&self) -> (Vec<u8>, Vec<Value>) {
        let output = self.hotich(&["export", "--format", "jsonl"]);
        assert_eq!(code(&output), 0, "{}", text(&output.stderr));
        let records = text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (output.stdout, records)
    }
}

pub fn hotich(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("hotich").unwrap();
    command.args(arguments);
    command
}

pub fn sample(page: &str) -> PathBuf {
    samples().join(page)
}

pub fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
