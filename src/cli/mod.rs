//! One file per command; the only floor that reads the clock, the environment and the terminal.

pub mod args;
pub mod demo;
