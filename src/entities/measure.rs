//! Quality of the victim, place, country, sector, actor and date on labelled articles, when they
//! are at hand: `VIGIE_LABELLED=folder cargo test --lib measure_victims -- --ignored --nocapture`
//! (files `gold.jsonl`, `press-dev.jsonl`). `VIGIE_SHOW=1` prints the misses of the part whose name
//! has `VIGIE_SHOW_PART`; what is sealed is not read. `VIGIE_DUMP=file` writes every candidate with its
//! features, for the fit of `data/gazetteer/victim_weights.tsv`; `VIGIE_UNLISTED=1` measures without
//! the lists of organisations too.

use std::collections::BTreeMap;
use std::io::Write;

use jiff::Timestamp;
use serde_json::Value;

use super::gazetteer::{Gazetteer, host_of};
use super::{CandidateFeatures, Context, Entities, candidates, read};
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

/// The part of a labelled file that an article is in; none for what is sealed. The gold is cut by
/// incident, the press by month.
fn part(file: &str, article: &Value) -> Option<&'static str> {
    let key = article["incidents"][0]["key"]
        .as_str()
        .or_else(|| article["id"].as_str())
        .unwrap_or("");
    let date = article["published"].as_str().unwrap_or("");
    if file == "gold.jsonl" {
        return blake3::hash(key.as_bytes()).as_bytes()[0]
            .is_multiple_of(2)
            .then_some("gold, development half");
    }
    match date {
        _ if date < "2026-02-01" => Some("press before 2026-02"),
        _ if date < "2026-04-01" => Some("press of 2026-02 and 2026-03"),
        _ => None,
    }
}

/// One line for the fit of the weights: the candidates with their features, and which is the victim.
fn dumped(article: &Value, part: &str, lists: &str, candidates: &[CandidateFeatures]) -> Value {
    let names: Vec<&str> = article["incidents"].as_array().map_or_else(Vec::new, |list| {
        list.iter().filter_map(|incident| incident["victim"].as_str()).collect()
    });
    let list: Vec<Value> = candidates
        .iter()
        .map(|candidate| {
            let features: BTreeMap<&str, f32> = candidate.features.iter().copied().collect();
            serde_json::json!({
                "name": candidate.name,
                "key": candidate.key,
                "main": names.first().is_some_and(|name| same_name(name, &candidate.name)),
                "any": names.iter().any(|name| same_name(name, &candidate.name)),
                "features": features,
            })
        })
        .collect();
    serde_json::json!({
        "id": article["id"], "part": part, "lists": lists, "title": article["title"], "victims": names,
        "key": article["incidents"][0]["key"], "candidates": list,
    })
}

#[test]
#[ignore = "needs labelled articles; prints figures"]
fn measure_victims() {
    let Some(folder) = std::env::var_os("VIGIE_LABELLED").map(std::path::PathBuf::from) else {
        println!("skipped: VIGIE_LABELLED names no folder");
        return;
    };
    let mut dump = std::env::var_os("VIGIE_DUMP").map(|file| std::fs::File::create(file).expect("a file to write"));
    let mut lists = vec![("all lists", Gazetteer::embedded())];
    if dump.is_some() || std::env::var_os("VIGIE_UNLISTED").is_some() {
        lists.push((
            "organisations unlisted",
            Gazetteer::without_companies().expect("lists are right"),
        ));
    }
    let shown = std::env::var("VIGIE_SHOW_PART").unwrap_or_else(|_| "before 2026-02".to_owned());
    for file in ["gold.jsonl", "press-dev.jsonl"] {
        let Ok(text) = std::fs::read_to_string(folder.join(file)) else {
            println!("skipped: no {file}");
            continue;
        };
        for (name, gazetteer) in &lists {
            let mut parts: BTreeMap<&str, Figures> = BTreeMap::new();
            for line in text.lines() {
                let article: Value = serde_json::from_str(line).expect("a labelled article");
                let Some(part) = part(file, &article) else {
                    continue;
                };
                let is_incident = article["incidents"].as_array().is_some_and(|list| !list.is_empty());
                let date = article["published"].as_str().unwrap_or("");
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
                let figures = parts.entry(part).or_default();
                let entities = read(&document, &statements, &context, gazetteer);
                let candidates = candidates(&document, &statements, &context, gazetteer);
                if let Some(dump) = &mut dump {
                    writeln!(dump, "{}", dumped(&article, part, name, &candidates)).expect("a file to write");
                }
                if !is_incident {
                    // What the kind of the article must hold back; the classifier's part.
                    figures.add("no victim where none", entities.victims.is_empty());
                    continue;
                }
                let expected = article["incidents"][0]["victim"].as_str().unwrap_or("");
                let is_candidate = candidates.iter().any(|candidate| same_name(expected, &candidate.name));
                figures.add("victim is a candidate", is_candidate);
                judge(figures, &entities, &article, part.contains(&shown));
            }
            for (part, figures) in parts {
                figures.print(&format!("{part}, {name}"));
            }
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
