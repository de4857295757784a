//! Mistakes in the data files of this step.

use std::path::PathBuf;

/// A mistake in a data file: where, and what would be right.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}:{line}: {what}", file.display())]
pub struct DataError {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}
