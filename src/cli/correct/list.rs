//! `vigie corrections`: what analysts decided.

use std::fmt::Write as _;

use serde::Serialize;

use super::super::args::{CorrectionsArgs, ReportFormat};
use super::super::{ALL_WELL, Failure, Surroundings, print};
use super::read;
use crate::config::corrections::{Decision, What};

/// The name of the JSON format.
const SCHEMA: &str = "vigie.corrections/1";

/// Checks the file, and prints its decisions, each with its line.
pub fn run(surroundings: &Surroundings, args: &CorrectionsArgs) -> Result<u8, Failure> {
    let path = surroundings.global.corrections_file();
    let file = read(&path, &surroundings.reader())?;
    let mut text = String::new();
    match args.format {
        ReportFormat::Json => {
            let listing = Listing {
                schema: SCHEMA,
                file: path.display().to_string(),
                decisions: file.decisions.iter().map(Listed::of).collect(),
            };
            text = serde_json::to_string(&listing).map_err(Failure::work)?;
            text.push('\n');
        }
        ReportFormat::Text => {
            for decision in &file.decisions {
                let listed = Listed::of(decision);
                let _ = writeln!(text, "{}:{}  {}", path.display(), decision.line, listed.line());
            }
            let count = file.decisions.len();
            let _ = match count {
                0 => writeln!(text, "{}: nothing was decided", path.display()),
                1 => writeln!(text, "1 decision"),
                _ => writeln!(text, "{count} decisions"),
            };
        }
    }
    print(&text)?;
    Ok(ALL_WELL)
}

#[derive(Serialize)]
struct Listing<'a> {
    schema: &'static str,
    file: String,
    decisions: Vec<Listed<'a>>,
}

/// A decision, as JSON.
#[derive(Serialize)]
struct Listed<'a> {
    line: usize,
    decision: &'static str,
    incidents: &'a [String],
    /// The articles by which it knows its incidents; of a split, those that leave.
    articles: Vec<String>,
    /// Of a split: the articles that are left.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    from: Vec<String>,
    /// Of a relabel: label and value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    set: Vec<(&'static str, String)>,
    by: &'a str,
    on: Option<jiff::civil::Date>,
    reason: &'a str,
}

impl Listed<'_> {
    fn of(decision: &Decision) -> Listed<'_> {
        let texts = |anchors: &[_]| anchors.iter().map(ToString::to_string).collect();
        let anchors = decision.what.anchors();
        let (articles, from) = match &decision.what {
            What::Split(apart, rest) => (texts(apart), texts(rest)),
            _ => (texts(&anchors), Vec::new()),
        };
        let set = match &decision.what {
            What::Relabel(_, labels) => labels.iter().map(|given| (given.field(), given.value())).collect(),
            _ => Vec::new(),
        };
        Listed {
            line: decision.line,
            decision: decision.what.name(),
            incidents: &decision.incidents,
            articles,
            from,
            set,
            by: &decision.by,
            on: decision.on,
            reason: &decision.reason,
        }
    }

    /// For people: "merge a + b (aline, 2024-06-03: the same server)".
    fn line(&self) -> String {
        let names = if self.incidents.is_empty() {
            self.articles.join(" + ")
        } else {
            self.incidents.join(" + ")
        };
        let set: String = self
            .set
            .iter()
            .map(|(field, value)| format!(" {field}={value}"))
            .collect();
        let leaves = match self.decision {
            "split" => format!(" without {}", self.articles.join(", ")),
            _ => String::new(),
        };
        let on = self.on.map(|on| on.to_string()).unwrap_or_default();
        let who: Vec<&str> = [self.by, on.as_str()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect();
        let signature = match (who.join(", "), self.reason) {
            (who, "") if who.is_empty() => String::new(),
            (who, "") => format!(" ({who})"),
            (who, reason) if who.is_empty() => format!(" ({reason})"),
            (who, reason) => format!(" ({who}: {reason})"),
        };
        format!("{:<8} {names}{leaves}{set}{signature}", self.decision)
    }
}
