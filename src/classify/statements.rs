//! The table of sentences `tests/data/statements.txt`: what each states, and how.

use std::collections::BTreeSet;

use super::model::Models;
use super::reading::read;
use crate::text::document::Document;

const TABLE: &str = include_str!("../../tests/data/statements.txt");

/// The attacks that a sentence states, as `type:assertion`.
fn stated(models: &Models, sentence: &str) -> BTreeSet<String> {
    let mut document = Document::new("", None, sentence);
    let reading = read(&mut document, &models.phrases);
    let statements = reading.statements.iter();
    statements
        .map(|statement| format!("{}:{:?}", statement.attack, statement.assertion).to_lowercase())
        .collect()
}

#[test]
fn every_sentence_states_what_the_table_says() {
    let models = Models::embedded().unwrap();
    let rows: Vec<&str> = TABLE
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    assert!(rows.len() >= 300, "{} sentences", rows.len());
    let mut wrong = Vec::new();
    for row in &rows {
        let (sentence, expected) = row.split_once(" | ").unwrap_or_else(|| panic!("no ` | ` in: {row}"));
        let expected: BTreeSet<String> = expected.split(' ').filter(|it| *it != "-").map(str::to_owned).collect();
        let found = stated(&models, sentence);
        if found != expected {
            wrong.push(format!("{sentence}\n    expected {expected:?}\n    found    {found:?}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} sentences:\n{}",
        wrong.len(),
        rows.len(),
        wrong.join("\n")
    );
}
