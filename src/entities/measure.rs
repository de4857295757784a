//! Quality of the victim, place, country, sector, actor and date on labelled articles, when they
//! are at hand: `VIGIE_LABELLED=folder cargo test --lib measure_victims -- --ignored --nocapture`
//! (files `gold.jsonl`, `press-dev.jsonl`). `VIGIE_SHOW=1` prints the misses of the tuning part;
//! the rest is counted only, so that its figures stay honest.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::gazetteer::{Gazetteer, host_of};
use super::{Context, Entities, read};
use crate::classify::model::Models;
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

fn normal(name: &str) -> String {
    let mut name = fold_key(name);
    if let Some(at) = name.find('(') {
        name.truncate(at);
    }
    let drop = [
        "ville",
        "mairie",
        "commune",
        "de",
        "du",
        "des",
        "d",
        "la",
        "le",
        "les",
        "l",
        "conseil",
        "departemental",
        "departement",
        "region",
        "et",
        "groupe",
        "societe",
        "centre",
        "hospitalier",
        "chu",
        "hopital",
        "ch",
        "communaute",
        "communes",
        "agglomeration",
        "metropole",
    ];
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !drop.contains(word))
        .collect::<Vec<_>>()
        .join(" ")
}

fn same_name(found: &str, expected: &str) -> bool {
    let (found_name, expected_name) = (normal(found), normal(expected));
    if found_name.is_empty() || expected_name.is_empty() {
        return fold_key(found) == fold_key(expected);
    }
    found_name == expected_name
        || format!(" {expected_name} ").contains(&format!(" {found_name} "))
        || format!(" {found_name} ").contains(&format!(" {expected_name} "))
        || fold_key(expected).contains(&fold_key(found))
        || found_name
            .split(' ')
            .all(|word| expected_name.split(' ').any(|other| other == word))
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

fn judge(figures: &mut Figures, entities: &Entities, article: &Value, show: bool) {
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
        if show && std::env::var_os("VIGIE_SHOW").is_some_and(|value| value == "extra") && !fits {
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
        if show
            && std::env::var_os("VIGIE_SHOW").is_some_and(|value| value == "dates")
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
        if show
            && std::env::var_os("VIGIE_SHOW").is_some_and(|value| value == "actors")
            && (actor.is_empty() != text("actor").is_empty() || !same_actor(&actor, &text("actor")))
        {
            println!("ACTOR {} | expected {} found {actor}", article["title"], text("actor"));
        }
    }
    if show && std::env::var_os("VIGIE_SHOW").is_some_and(|value| value == "1") && !right {
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
    if show
        && std::env::var_os("VIGIE_SHOW").is_some_and(|value| value == "labels")
        && right
        && (sector != text("sector")
            || country != text("country")
            || (text("sector") == "collectivite" && departement != text("dept")))
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

#[test]
#[ignore = "needs labelled articles; prints figures"]
fn measure_victims() {
    let Some(folder) = std::env::var_os("VIGIE_LABELLED").map(std::path::PathBuf::from) else {
        println!("skipped: VIGIE_LABELLED names no folder");
        return;
    };
    let gazetteer = Gazetteer::embedded();
    for file in ["gold.jsonl", "press-dev.jsonl"] {
        let Ok(text) = std::fs::read_to_string(folder.join(file)) else {
            println!("skipped: no {file}");
            continue;
        };
        let mut tuning = Figures::default();
        let mut rest = Figures::default();
        for line in text.lines() {
            let article: Value = serde_json::from_str(line).expect("a labelled article");
            let is_incident = article["incidents"].as_array().is_some_and(|list| !list.is_empty());
            let key = article["incidents"][0]["key"].as_str().unwrap_or("");
            let date = article["published"].as_str().unwrap_or("");
            let tune = if file == "gold.jsonl" {
                blake3::hash(key.as_bytes()).as_bytes()[0].is_multiple_of(2)
            } else {
                date < "2026-02-01"
            };
            let url = article["url"].as_str().unwrap_or("");
            let title = without_site(article["title"].as_str().unwrap_or(""), host_of(url));
            let title = without_site(title, article["outlet"].as_str().unwrap_or(""));
            let mut document = Document::new(title, None, article["text"].as_str().unwrap_or(""));
            let statements = real_statements(&mut document);
            let context = Context {
                published: published(date),
                outlet_departements: &[],
                url,
            };
            let entities = read(&document, &statements, &context, &gazetteer);
            if !is_incident {
                // What the kind of the article must hold back; the classifier's part.
                let figures = if tune { &mut tuning } else { &mut rest };
                figures.add("no victim where none", entities.victims.is_empty());
                continue;
            }
            judge(if tune { &mut tuning } else { &mut rest }, &entities, &article, tune);
        }
        tuning.print(&format!("{file}: tuning part"));
        if std::env::var_os("VIGIE_REST").is_some() {
            rest.print(&format!("{file}: the rest"));
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
