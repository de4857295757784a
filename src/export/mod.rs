//! Answers as text, for people and for programs. One file per format, and no format knows
//! another; `wording` holds the French words and `plain` the cleaning that several share. The same
//! answer always gives the same bytes.

pub mod csv;
pub mod explain;
pub mod json;
pub mod marking;
pub mod md;
pub mod ndjson;
pub mod page;
pub mod plain;
mod rows;
pub mod show;
pub mod table;
pub mod wording;

use crate::model::answer::Answer;

/// A format of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    Table,
    /// One JSON object.
    Json,
    /// One JSON object a line, one line an incident.
    Ndjson,
    /// For spreadsheets.
    Csv,
    /// For documents and tickets.
    Markdown,
}

/// The screen that a text is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Screen {
    /// Columns; none for no limit (a file, a pipe).
    pub width: Option<u16>,
    /// Whether colours are wanted.
    pub colors: Colors,
}

/// Whether a text carries colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colors {
    /// None: no escape sequence at all.
    #[default]
    Never,
    /// ANSI colours.
    Ansi,
}

/// The answer in this format, ending with a line end (an NDJSON without incidents is empty).
pub fn render(answer: &Answer, format: Format, screen: Screen) -> String {
    match format {
        Format::Table => table::text(answer, screen),
        Format::Json => json::text(answer),
        Format::Ndjson => ndjson::text(answer),
        Format::Csv => csv::text(answer),
        Format::Markdown => md::text(answer),
    }
}

#[cfg(test)]
mod examples;
