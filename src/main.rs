//! The program: parses the command line, calls one function, prints the error, picks the exit code.

use std::process::ExitCode;

use clap::Parser;
use vigie::cli::args::Cli;

fn main() -> ExitCode {
    match vigie::cli::run(Cli::parse()) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            vigie::cli::say(format_args!("vigie: {:#}", failure.cause));
            ExitCode::from(failure.code)
        }
    }
}
