//! The program `hotich`; everything it does is in the library.

fn main() -> std::process::ExitCode {
    hotich::cli::run(std::env::args_os())
}
