//! The exit codes hotich promises, and the one line it says before it leaves with one.

use std::process::ExitCode;

/// How a command ended. The numbers are a promise to scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// 0: all done.
    Done,
    /// 2: nothing could be done.
    Nothing,
    /// 3: done in part; what failed was listed.
    Partly,
    /// 130: interrupted; what was done is kept.
    Interrupted,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Done => 0,
            Outcome::Nothing => 2,
            Outcome::Partly => 3,
            Outcome::Interrupted => 130,
        })
    }
}

/// 1: the command line was wrong.
pub const WRONG_USE: u8 = 1;

/// Why a command stopped: what failed and what to do, in one line.
#[derive(Debug)]
pub enum Failure {
    /// The command was used wrongly.
    Usage(String),
    /// The command could do nothing.
    Nothing(String),
    /// The command stopped half way; what was done is kept.
    Partly(String),
    /// Whoever read our output went away; there is nobody left to tell.
    OutputClosed,
}

impl Failure {
    /// The exit code that goes with it.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(WRONG_USE),
            Self::Nothing(_) => Outcome::Nothing.into(),
            Self::Partly(_) => Outcome::Partly.into(),
            Self::OutputClosed => Outcome::Done.into(),
        }
    }

    /// The line for people, if there is anybody to read it.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Usage(message) | Self::Nothing(message) | Self::Partly(message) => Some(message),
            Self::OutputClosed => None,
        }
    }

    /// The failure to do anything, told by `error`.
    pub fn nothing(error: impl std::fmt::Display) -> Self {
        Self::Nothing(error.to_string())
    }
}

impl From<std::io::Error> for Failure {
    /// What is left to fail with plain input and output errors is writing the answer.
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Self::OutputClosed,
            _ => Self::Nothing(format!("the output could not be written: {error}")),
        }
    }
}
