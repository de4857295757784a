//! Quality of the victim, place, country, sector, actor and date on labelled articles, when they
//! are at hand: `VIGIE_LABELLED=folder cargo test --lib measure_victims -- --ignored --nocapture`
//! (all files of the folder that are called `*.jsonl`). Measured is the half that `vigie eval` calls
//! `dev`, or with `VIGIE_PART` that half (`held-out`) or `all`; `VIGIE_BEFORE=2026-04-01` leaves out what
//! was published from that day on. `VIGIE_SHOW=1` prints the misses (`extra`, `dates`, `actors`,
//! `labels`: those of their kind); `VIGIE_UNLISTED=1` measures without the lists of organisations too.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;

use super::gazetteer::{Gazetteer, host_of};
use super::{Context, Entities, candidates, read};
use crate::classify::model::Models;
use crate::evaluate::figures::same_name;
use crate::model::analysis::Statement;
use crate::text::document::Document;
use crate::text::fold::fold_key;
use crate::text::headline::without_site;

/// The attack statements of a document, as the classifier of this program makes them; the
/// background and teaser sentences of the document are marked.
pub(super) fn real_statements(document: &mut Document) -> Vec<Statement> {
    // The models are compiled once for all tests.
    static MODELS: std::sync::OnceLock<Models> = std::sync::OnceLock::new();
    let models = MODELS.get_or_init(|| Models::embedded().expect("embedded models are right"));
    crate::classify::reading::read(document, &models.phrases).statements
}

#[derive(Default)]
struct Figures {
    counts: BTreeMap<&'static str, (u32, u32)>,
}

impl Figures {
    fn add(&mut self, what: &'static str, right: bool) {
        let (good, all) = self.counts.entry(what).or_default();
        *good += u32::from(right);
        *all += 1;
    }

    fn print(&self, title: &str) {
        println!("{title}");
        for (what, (good, all)) in &self.counts {
            println!(
                "  {what:28} {good:4}/{all:4} = {:.3}",
                f64::from(*good) / f64::from(*all)
            );
        }
    }
}

fn published(text: &str) -> Timestamp {
    let day = match text.len() {
        4 => format!("{text}-07-01"),
        7 => format!("{text}-15"),
        _ => text.to_owned(),
    };
    format!("{}T12:00:00Z", &day[..10]).parse().expect("a date")
}

/// Whether misses of this kind are printed.
fn shows(kind: &str) -> bool {
    std::env::var_os("VIGIE_SHOW").is_some_and(|value| value == kind)
}

fn judge(figures: &mut Figures, entities: &Entities, article: &Value) {
    let incident = &article["incidents"][0];
    let text = |field: &str| incident[field].as_str().unwrap_or("").to_owned();
    let main = entities.victims.first();
    let expected = text("victim");
    let name = main.map_or("", |victim| victim.name.as_str());
    let right = main.is_some() && same_name(name, &expected);
    figures.add("victim right (all)", right);
    if main.is_some() {
        figures.add("victim right (when given)", right);
    }
    let any = entities.victims.iter().any(|victim| {
        article["incidents"].as_array().is_some_and(|list| {
            list.iter()
                .any(|incident| same_name(&victim.name, incident["victim"].as_str().unwrap_or("")))
        })
    });
    figures.add("any victim right", any);
    for extra in entities.victims.iter().skip(1) {
        let fits = article["incidents"].as_array().is_some_and(|list| {
            list.iter()
                .any(|incident| same_name(&extra.name, incident["victim"].as_str().unwrap_or("")))
        });
        figures.add("further victims labelled", fits);
        if shows("extra") && !fits {
            println!(
                "EXTRA {} | {} | expected {} found {:?}",
                article["title"],
                extra.name,
                expected,
                entities
                    .victims
                    .iter()
                    .map(|victim| format!("{} {:.2}", victim.key, victim.confidence))
                    .collect::<Vec<_>>()
            );
        }
    }
    let sector = main.and_then(|victim| victim.sector).map_or("", |sector| sector.id());
    if !matches!(text("sector").as_str(), "inconnu" | "multi") {
        figures.add("sector right (all)", sector == text("sector"));
        if !sector.is_empty() {
            figures.add("sector right (when given)", sector == text("sector"));
        }
        if right {
            figures.add("sector right (victim right)", sector == text("sector"));
        }
    }
    let departement = main
        .and_then(|victim| victim.place.departement.clone())
        .unwrap_or_default();
    if text("sector") == "collectivite" && !text("dept").is_empty() {
        figures.add("departement (local, all)", departement == text("dept"));
        if right {
            figures.add("departement (local, right)", departement == text("dept"));
        }
    }
    let is_house = matches!(text("sector").as_str(), "collectivite" | "sante" | "education");
    if right && is_house && !text("dept").is_empty() {
        figures.add("departement (house, right)", departement == text("dept"));
    }
    if !departement.is_empty() && !text("dept").is_empty() {
        figures.add("departement (when given)", departement == text("dept"));
    }
    if text("country") != "XX" && main.is_some() {
        let country = main.and_then(|victim| victim.country.clone()).unwrap_or_default();
        figures.add("country (when given)", country == text("country"));
    }
    let actor = entities.actor.clone().unwrap_or_default();
    let same_actor = |a: &str, b: &str| {
        let (a, b) = (fold_key(a), fold_key(b));
        a.replace(' ', "").contains(&b.replace(' ', "")) || b.replace(' ', "").contains(&a.replace(' ', ""))
    };
    if !text("actor").is_empty() {
        figures.add("actor recall", !actor.is_empty() && same_actor(&actor, &text("actor")));
    }
    if !actor.is_empty() {
        figures.add(
            "actor precision",
            !text("actor").is_empty() && same_actor(&actor, &text("actor")),
        );
    }
    let is_day = article["published"].as_str().is_some_and(|text| text.len() >= 10);
    if is_day {
        let event = text("event");
        let within = entities.event.is_some_and(|dates| {
            event
                .parse::<jiff::civil::Date>()
                .is_ok_and(|day| dates.from <= day && day <= dates.to && (dates.to - dates.from).get_days() <= 3)
        });
        if !event.is_empty() {
            figures.add("event recall", within);
            if entities.event.is_some() {
                figures.add("event precision", within);
            }
        } else {
            figures.add("event absent when unlabelled", entities.event.is_none());
        }
        if shows("dates")
            && (if event.is_empty() {
                entities.event.is_some()
            } else {
                !within
            })
        {
            println!(
                "DATE {} | {} | expected {event} found {:?} {:?}",
                article["published"],
                article["title"],
                entities.event,
                entities
                    .evidence
                    .iter()
                    .filter(|e| e.label.starts_with("event"))
                    .map(|e| e.words.clone())
                    .collect::<Vec<_>>()
            );
        }
        if shows("actors") && (actor.is_empty() != text("actor").is_empty() || !same_actor(&actor, &text("actor"))) {
            println!("ACTOR {} | expected {} found {actor}", article["title"], text("actor"));
        }
    }
    if shows("1") && !right {
        let body: String = article["text"].as_str().unwrap_or("").chars().take(260).collect();
        println!(
            "MISS {} | {} | {} || expected {expected} [{}] found {:?}",
            article["url"]
                .as_str()
                .unwrap_or("")
                .chars()
                .take(40)
                .collect::<String>(),
            article["title"].as_str().unwrap_or(""),
            body.replace('\n', " // "),
            text("sector"),
            entities
                .victims
                .iter()
                .take(3)
                .map(|victim| format!("{} <{}> {:.2}", victim.name, victim.key, victim.confidence))
                .collect::<Vec<_>>()
        );
    }
    let country = main.and_then(|victim| victim.country.clone()).unwrap_or_default();
    if shows("labels")
        && right
        && (sector != text("sector") || country != text("country") || (is_house && departement != text("dept")))
    {
        println!(
            "LABEL {} | {} <{}> sector {sector}/{} dept {departement}/{} country {country}/{}",
            article["title"].as_str().unwrap_or(""),
            name,
            main.map_or("", |victim| victim.key.as_str()),
            text("sector"),
            text("dept"),
            text("country")
        );
    }
}

/// Whether an article is measured: of the part asked for, which is cut by incident, and published before the day
/// asked for.
fn is_measured(article: &Value, part: &str, before: Option<&str>) -> bool {
    let key = article["incidents"][0]["key"]
        .as_str()
        .or_else(|| article["id"].as_str())
        .unwrap_or("");
    let half = if blake3::hash(key.as_bytes()).as_bytes()[0].is_multiple_of(2) {
        "dev"
    } else {
        "held-out"
    };
    let published = article["published"].as_str().unwrap_or("");
    (part == "all" || part == half) && before.is_none_or(|before| published < before)
}

/// The labelled files of a folder, in order.
fn labelled_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("VIGIE_LABELLED names a folder");
    let files = entries.map(|entry| entry.expect("an entry of the folder").path());
    let mut files: Vec<PathBuf> = files
        .filter(|file| file.extension().is_some_and(|end| end == "jsonl"))
        .collect();
    files.sort();
    files
}

/// Adds what one article says to the figures.
fn measure(figures: &mut Figures, article: &Value, gazetteer: &Gazetteer) {
    let url = article["url"].as_str().unwrap_or("");
    let title = without_site(article["title"].as_str().unwrap_or(""), host_of(url));
    let title = without_site(title, article["outlet"].as_str().unwrap_or(""));
    let mut document = Document::new(title, None, article["text"].as_str().unwrap_or(""));
    let statements = real_statements(&mut document);
    let context = Context {
        published: published(article["published"].as_str().unwrap_or("")),
        outlet_departements: &[],
        url,
    };
    let entities = read(&document, &statements, &context, gazetteer);
    let Some(expected) = article["incidents"].get(0) else {
        // What the kind of the article must hold back; the classifier's part.
        figures.add("no victim where none", entities.victims.is_empty());
        return;
    };
    let expected = expected["victim"].as_str().unwrap_or("");
    let candidates = candidates(&document, &statements, &context, gazetteer);
    let is_candidate = candidates.iter().any(|candidate| same_name(expected, &candidate.name));
    figures.add("victim is a candidate", is_candidate);
    judge(figures, &entities, article);
}

#[test]
#[ignore = "needs labelled articles; prints figures"]
fn measure_victims() {
    let Some(folder) = std::env::var_os("VIGIE_LABELLED").map(PathBuf::from) else {
        println!("skipped: VIGIE_LABELLED names no folder");
        return;
    };
    let mut lists = vec![("all lists", Gazetteer::embedded())];
    if std::env::var_os("VIGIE_UNLISTED").is_some() {
        let unlisted = Gazetteer::without_companies().expect("lists are right");
        lists.push(("organisations unlisted", unlisted));
    }
    let part = std::env::var("VIGIE_PART").unwrap_or_else(|_| "dev".to_owned());
    assert!(
        matches!(part.as_str(), "dev" | "held-out" | "all"),
        "VIGIE_PART: dev, held-out or all"
    );
    let before = std::env::var("VIGIE_BEFORE").ok();
    for file in labelled_files(&folder) {
        let text = std::fs::read_to_string(&file).expect("a labelled file");
        let articles: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).expect("a labelled article"))
            .filter(|article| is_measured(article, &part, before.as_deref()))
            .collect();
        for (name, gazetteer) in &lists {
            let mut figures = Figures::default();
            for article in &articles {
                measure(&mut figures, article, gazetteer);
            }
            figures.print(&format!("{}, {part}, {name}", file.display()));
        }
    }
}

#[test]
#[ignore = "prints times"]
fn measure_speed() {
    let start = std::time::Instant::now();
    let gazetteer = Gazetteer::embedded();
    println!("gazetteer: {:?}", start.elapsed());
    let text = "La mairie de Lille a été victime d'une cyberattaque dans la nuit de mardi à mercredi. ".repeat(60);
    let mut document = Document::new("Lille : la mairie piratée", None, &text);
    let statements = real_statements(&mut document);
    let context = Context {
        published: published("2023-03-01"),
        outlet_departements: &[],
        url: "",
    };
    let start = std::time::Instant::now();
    for _ in 0..20 {
        read(&document, &statements, &context, &gazetteer);
    }
    println!("{} bytes: {:?}", document.text.len(), start.elapsed() / 20);
    // Hostile texts: no sentence ends, names only, dots only.
    for text in [
        "Lille Paris Zorblax piratee de la ".repeat(20_000),
        "a.".repeat(200_000),
        "de la mairie de ".repeat(30_000),
        "lundi cyberattaque ".repeat(20_000),
    ] {
        let mut document = Document::new("", None, &text);
        let statements = real_statements(&mut document);
        let start = std::time::Instant::now();
        read(&document, &statements, &context, &gazetteer);
        println!("{} hostile bytes: {:?}", document.text.len(), start.elapsed());
    }
}
