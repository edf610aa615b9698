//! Finds and runs the training code, which is Python.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::super::arguments::Adapt;
use super::super::exit::Failure;

/// The program of the training code.
const PROGRAM: &str = "adapt.py";
/// Where the training code lies in a checkout or beside an installed program.
const PLACE: &str = "models/handwriting/train";
/// Asks a Python for the packages that adapting needs.
const PACKAGES: &str = "import cv2, freetype, fontTools, numpy, onnx, onnxruntime, skimage, torch, uharfbuzz";

/// How often it is looked whether the training has ended or shall be stopped.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// The training code and the Python to run it with.
#[derive(Debug, PartialEq)]
pub struct Training {
    folder: PathBuf,
    python: PathBuf,
}

impl Training {
    /// The training code in `folder`, else beside the program, above it or here; and the Python
    /// `python`, else that of the code's own environment, else `python3`.
    pub fn find(folder: Option<&Path>, python: Option<&Path>) -> Result<Self, Failure> {
        let folder = match folder {
            Some(folder) => Some(folder.to_owned()).filter(|folder| folder.join(PROGRAM).is_file()),
            None => beside_program(),
        };
        let folder = folder.ok_or_else(|| {
            Failure::Nothing(format!(
                "the training code is missing: name its folder ({PLACE} of the source, with {PROGRAM} in it) \
                 by --training"
            ))
        })?;
        let own = folder.join(".venv/bin/python");
        let python = match python {
            Some(python) => python.to_owned(),
            None if own.is_file() => own,
            None => "python3".into(),
        };
        Ok(Self { folder, python })
    }

    /// Says what to install when the Python or its packages are missing.
    pub fn check(&self) -> Result<(), Failure> {
        let output = Command::new(&self.python).args(["-c", PACKAGES]).stdin(Stdio::null()).output();
        let output = output.map_err(|error| self.unstarted(&error))?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().last().unwrap_or("it stopped without a word");
        Err(Failure::Nothing(format!(
            "{} lacks what training needs ({said}): {}",
            self.python.display(),
            self.cure()
        )))
    }

    fn unstarted(&self, error: &io::Error) -> Failure {
        Failure::Nothing(format!(
            "adapting needs Python, and {} cannot be started ({error}): {}",
            self.python.display(),
            self.cure()
        ))
    }

    /// What to install, in words.
    fn cure(&self) -> String {
        let folder = self.folder.display();
        format!(
            "install Python 3.11 or newer and run `python3 -m venv {folder}/.venv && {folder}/.venv/bin/pip \
             install -r {folder}/requirements.txt`, or name another Python by --python"
        )
    }

    /// Trains on `lines`, from the weights in `base`; gives the last line of what it says, the report.
    /// None when `stop` was raised meanwhile.
    pub fn run(
        &self,
        lines: &Path,
        base: &Path,
        arguments: &Adapt,
        stop: &AtomicBool,
    ) -> Result<Option<String>, Failure> {
        let mut command = Command::new(&self.python);
        command.arg(self.folder.join(PROGRAM)).arg("--lines").arg(lines).arg("--weights").arg(base);
        command.arg("--to").arg(&arguments.to).arg("--json");
        for folder in &arguments.regression {
            command.arg("--regression").arg(folder);
        }
        command.env("PYTHONDONTWRITEBYTECODE", "1").stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|error| self.unstarted(&error))?;
        let output = child.stdout.take();
        let listener = std::thread::spawn(move || output.map(io::read_to_string).transpose());
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if stop.load(Ordering::Relaxed) {
                let _ = child.kill(); // It may have ended by itself.
            }
            std::thread::sleep(LOOK_EVERY);
        };
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        if !matches!(status.code(), Some(0 | 3)) {
            let how = status.code().map_or("was stopped".to_owned(), |code| format!("ended with {code}"));
            return Err(Failure::Nothing(format!("the training code {how}: its message stands above")));
        }
        let said = listener.join().ok().and_then(Result::ok).flatten().unwrap_or_default();
        Ok(Some(said.lines().last().unwrap_or_default().to_owned()))
    }
}

/// The training code beside the program or in a folder above it, else in the current folder or above
/// it (a checkout).
fn beside_program() -> Option<PathBuf> {
    let program = std::env::current_exe().unwrap_or_default();
    let current = std::env::current_dir().unwrap_or_default();
    let found = program.ancestors().skip(1).chain(current.ancestors()).map(|folder| folder.join(PLACE));
    found.into_iter().find(|folder| folder.join(PROGRAM).is_file())
}
