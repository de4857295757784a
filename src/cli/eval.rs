//! `vigie eval`: quality figures against labelled articles.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;

use serde::Serialize;

use super::args::{EvalArgs, EvalPart, ReportFormat};
use super::replay::{for_each_line, throwaway_dir};
use super::{ALL_WELL, Failure, Surroundings, print};
use crate::evaluate::errors::errors;
use crate::evaluate::figures::{Accuracy, Figures, figures};
use crate::evaluate::labelled::{Labelled, Said};
use crate::evaluate::score::Score;
use crate::model::article::Article;
use crate::model::paris;
use crate::pipeline::base::Access;
use crate::pipeline::replay;

/// One labelled article: what goes in, what should come out.
struct Item {
    name: String,
    article: Article,
    label: Labelled,
}

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
    for file in &args.files {
        let items = read_items(file, args, surroundings.now)?;
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
                    part: args.part.name(),
                    figures: &figures,
                };
                let mut json = serde_json::to_string(&whole).map_err(Failure::work)?;
                json.push('\n');
                print(&json)?;
            }
            ReportFormat::Text => print(&text(file, args, &figures))?,
        }
        if args.errors {
            let titles: Vec<&str> = items.iter().map(|item| item.article.title.as_str()).collect();
            print_errors(&labels, &said, &titles)?;
        }
    }
    Ok(ALL_WELL)
}

fn read_items(file: &Path, args: &EvalArgs, now: Timestamp) -> Result<Vec<Item>, Failure> {
    let mut items = Vec::new();
    let mut mistake = None;
    for_each_line(file, |number, line| {
        if mistake.is_some() {
            return;
        }
        let read = replay::read_line(line, now).map_err(|error| error.to_string());
        let label = serde_json::from_str::<Labelled>(line).map_err(|error| format!("labels: {error}"));
        match (read, label) {
            (Ok((name, article)), Ok(label)) => items.push(Item { name, article, label }),
            (Err(error), _) | (_, Err(error)) => mistake = Some((number, error)),
        }
    })?;
    if let Some((number, error)) = mistake {
        return Err(Failure::usage(anyhow::anyhow!("{}:{number}: {error}", file.display())));
    }
    items.retain(|item| in_part(item, args));
    Ok(items)
}

/// Whether an article belongs to what is measured. The halves are cut by incident: the first byte
/// of the BLAKE3 of the main incident's key, or of the article's name where it tells none.
fn in_part(item: &Item, args: &EvalArgs) -> bool {
    let key = item
        .label
        .incidents
        .first()
        .map_or(item.name.as_str(), |incident| incident.key.as_str());
    let is_even = blake3::hash(key.as_bytes()).as_bytes()[0].is_multiple_of(2);
    let day = paris::day(item.article.published);
    let in_half = match args.part {
        EvalPart::All => true,
        EvalPart::Dev => is_even,
        EvalPart::HeldOut => !is_even,
    };
    in_half && args.from.is_none_or(|from| day >= from) && args.before.is_none_or(|before| day < before)
}

fn text(file: &Path, args: &EvalArgs, figures: &Figures) -> String {
    let mut text = String::new();
    // A figure that nothing stands behind is a dash, not a perfect score.
    let figure = |value: f64| {
        if value.is_nan() {
            "  -  ".to_owned()
        } else {
            format!("{value:.3}")
        }
    };
    let score = |score: Score| {
        format!(
            "P {}  R {}  F1 {}",
            figure(score.precision),
            figure(score.recall),
            figure(score.f1)
        )
    };
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
    line(
        "articles",
        format!("{}, {} with an incident", figures.articles, figures.incident_articles),
    );
    line("incident detection", score(figures.detection));
    line("local-government retrieval", score(figures.local_government));
    line("sector of the main victim", accuracy(figures.sector));
    line("attack types, micro", score(figures.attacks_micro));
    line(
        "attack types, macro (5 or more)",
        format!("F1 {:.3}", figures.attacks_macro_f1),
    );
    line("victim name", accuracy(figures.victim));
    line("département", accuracy(figures.departement));
    line("country", accuracy(figures.country));
    line("status", accuracy(figures.status));
    line("actor", accuracy(figures.actor));
    line("day of the attack", accuracy(figures.event));
    line("article kind (13)", accuracy(figures.kind));
    line("merging, B-cubed", score(figures.b_cubed));
    line("merging, pairwise", score(figures.pairwise));
    line("merging, French, B-cubed", score(figures.b_cubed_french));
    line("merging, French, pairwise", score(figures.pairwise_french));
    for (attack, value) in &figures.attacks_by_type {
        line(&format!("  {attack}"), score(*value));
    }
    format!("{} ({})\n{text}", file.display(), args.part.name())
}

fn print_errors(labels: &[Labelled], said: &[Said], titles: &[&str]) -> Result<(), Failure> {
    let mut text = String::new();
    for (cause, lines) in errors(labels, said, titles) {
        let _ = writeln!(text, "{cause}: {}", lines.len());
        for line in lines {
            let _ = writeln!(text, "  {line}");
        }
    }
    print(&text)
}
