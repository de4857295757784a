//! `vigie eval`: quality figures against labelled articles.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::args::{EvalArgs, ReportFormat};
use super::labelled::{is_in_part, read_items};
use super::quality::{class_lines, figure, interval_lines, print_errors, score};
use super::replay::throwaway_dir;
use super::{ALL_WELL, Failure, SOME_FAILED, Surroundings, floors, print, say};
use crate::evaluate::figures::{Accuracy, Figures, Outcome, figures, outcome};
use crate::evaluate::intervals::intervals;
use crate::evaluate::labelled::{Labelled, Said};
use crate::model::article::Article;
use crate::pipeline::base::Access;
use crate::pipeline::replay;

/// The figures of one file, with what was measured.
#[derive(Serialize)]
struct FileFigures<'a> {
    file: String,
    part: &'static str,
    #[serde(flatten)]
    figures: &'a Figures,
}

/// Measures each file by itself.
pub fn run(surroundings: &Surroundings, args: &EvalArgs) -> Result<u8, Failure> {
    let reader = surroundings.reader();
    reader.get()?;
    if args.format == ReportFormat::Json && (args.intervals || args.errors) {
        return Err(Failure::usage(anyhow::anyhow!(
            "--intervals and --errors are for people: they do not go with --format json"
        )));
    }
    let mut code = ALL_WELL;
    for file in &args.files {
        let mut items = read_items(file, surroundings.now)?;
        items.retain(|item| is_in_part(item, &args.part));
        if items.is_empty() {
            say(format!("{}: no article in this part", file.display()));
        }
        let mut articles: Vec<(String, Article)> = items
            .iter()
            .map(|item| (item.name.clone(), item.article.clone()))
            .collect();
        replay::tell_apart(&mut articles);
        let dir = throwaway_dir()?;
        let access = Access {
            dir: dir.path().to_owned(),
            role: "eval",
            wait: Duration::from_secs(1),
        };
        let said = replay::run(&articles, &access, &reader, surroundings.now)?;
        let labels: Vec<Labelled> = items.iter().map(|item| item.label.clone()).collect();
        let figures = figures(&labels, &said);
        match args.format {
            ReportFormat::Json => {
                let whole = FileFigures {
                    file: file.display().to_string(),
                    part: args.part.part.name(),
                    figures: &figures,
                };
                let mut json = serde_json::to_string(&whole).map_err(Failure::work)?;
                json.push('\n');
                print(&json)?;
            }
            ReportFormat::Text => print(&text(file, args, &figures))?,
        }
        if let Some(file) = &args.floors {
            for fallen in floors::check(file, args.part.part.name(), &figures.rates, args.lift)? {
                code = SOME_FAILED;
                say(fallen);
            }
        }
        if args.intervals {
            print(&intervals_of(&labels, &said))?;
        }
        if args.errors {
            let titles: Vec<&str> = items.iter().map(|item| item.article.title.as_str()).collect();
            // The base does not tell who was compared with whom.
            print_errors(&labels, &said, &titles, &|_, _| true)?;
        }
    }
    Ok(code)
}

fn text(file: &Path, args: &EvalArgs, figures: &Figures) -> String {
    let mut text = String::new();
    let accuracy = |it: Accuracy| {
        format!(
            "{} of {}, {} when it answers",
            figure(it.accuracy),
            it.known,
            figure(it.precision)
        )
    };
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "  {name:<34} {value}");
    };
    let rates = &figures.rates;
    line(
        "articles",
        format!("{}, {} with an incident", rates.articles, rates.incident_articles),
    );
    line("incident detection", score(rates.detection));
    line("local-government retrieval", score(rates.local_government));
    line("sector of the main victim", accuracy(rates.sector));
    line("attack types, micro", score(rates.attacks_micro));
    line(
        "attack types, macro (5 or more)",
        format!("F1 {}", figure(rates.attacks_macro_f1)),
    );
    line("victim name", accuracy(rates.victim));
    line("département", accuracy(rates.departement));
    line("country", accuracy(rates.country));
    line("status", accuracy(rates.status));
    line("actor", accuracy(rates.actor));
    line("day of the attack", accuracy(rates.event));
    line("article kind (13)", accuracy(rates.kind));
    line("merging, B-cubed", score(figures.b_cubed));
    line("merging, pairwise", score(figures.pairwise));
    line("merging, French, B-cubed", score(figures.b_cubed_french));
    line("merging, French, pairwise", score(figures.pairwise_french));
    if args.classes {
        text.push_str(&class_lines(rates));
    }
    format!("{} ({})\n{text}", file.display(), args.part.part.name())
}

fn intervals_of(labels: &[Labelled], said: &[Said]) -> String {
    let outcomes: Vec<Outcome> = labels
        .iter()
        .zip(said)
        .map(|(label, said)| outcome(label, said))
        .collect();
    let groups: Vec<&str> = labels
        .iter()
        .map(|label| {
            label
                .incidents
                .first()
                .map_or(label.id.as_str(), |main| main.key.as_str())
        })
        .collect();
    interval_lines(&intervals(&outcomes, &groups))
}
