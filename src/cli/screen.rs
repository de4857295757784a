//! The terminal: whether stdout and stderr are one, how wide, and whether colours are wanted.

use std::io::IsTerminal;

use super::args::ColorChoice;
use crate::export::{Colors, Screen};

/// What was found at the start.
#[derive(Debug, Clone, Copy)]
pub struct Screens {
    /// For answers.
    pub stdout: Screen,
    /// Whether a progress bar may be drawn.
    pub progress_bar: bool,
}

impl Screens {
    /// Looks at the terminal and at `NO_COLOR`.
    pub fn look(choice: ColorChoice) -> Screens {
        let is_terminal = std::io::stdout().is_terminal();
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colors = match choice {
            ColorChoice::Always => Colors::Ansi,
            ColorChoice::Auto if is_terminal && !no_color => Colors::Ansi,
            ColorChoice::Auto | ColorChoice::Never => Colors::Never,
        };
        let width = is_terminal.then(|| comfy_table::Table::new().width()).flatten();
        Screens {
            stdout: Screen { width, colors },
            progress_bar: std::io::stderr().is_terminal() && choice != ColorChoice::Never,
        }
    }
}
