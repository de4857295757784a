//! One incident whole: its labels, its dated history, every article with outlet and link and why
//! it was joined, and the words that decided each label. For people in French, for programs as
//! JSON (`vigie.incident/1`).

use std::collections::BTreeMap;

use serde::Serialize;

use super::plain::{clean, escape_json};
use super::wording::{
    day, label_title, moment, part_of, short_assertion, short_attack, short_status, short_zone, view_attacks,
    view_date, view_victims, whole_name,
};
use super::{Colors, Screen};
use crate::model::analysis::{Analysis, Assertion, Evidence};
use crate::model::answer::{Ensemble, Part, View, ViewVictim};
use crate::model::fact::Told;
use crate::model::id::ArticleId;
use crate::model::incident::{ArticleRef, Change, Incident, Standing};
use crate::model::label::{AttackType, Level, Sector, Status};

/// The name of the JSON format.
pub const SCHEMA: &str = "vigie.incident/1";

/// The name of the JSON format of a wave.
pub const ENSEMBLE_SCHEMA: &str = "vigie.ensemble/1";

/// How many words are listed for one label; the JSON has them all.
const WORDS_LISTED: usize = 8;

/// The incident for people. `view` is its view: the two must be of the same incident.
pub fn text(incident: &Incident, view: &View, screen: Screen) -> String {
    let mut lines = vec![heading(
        &format!("{} : {}", view_victims(view), view_attacks(view)),
        screen,
    )];
    lines.extend(facts(view));
    if incident.decided.dismissed {
        lines.push(
            "               écarté par un analyste : ce n'est pas un incident, aucune réponse n'en tient compte"
                .to_owned(),
        );
    }
    lines.push(String::new());
    if !view.parts.is_empty() {
        lines.push(heading("Clients touchés", screen));
        lines.extend(view.parts.iter().map(part_line));
        lines.push(String::new());
    }
    lines.push(heading("Historique", screen));
    lines.extend(history(&incident.history, &incident.articles));
    lines.push(String::new());
    lines.push(heading("Articles", screen));
    for (index, article) in incident.articles.iter().enumerate() {
        lines.extend(article_lines(index + 1, article));
    }
    lines.push(String::new());
    let told = told_facts(&incident.articles);
    if !told.is_empty() {
        lines.push(heading("Faits", screen));
        lines.extend(told.iter().map(told_line));
        lines.push(String::new());
    }
    lines.push(heading("Mots qui ont décidé", screen));
    lines.extend(deciding_words(&incident.articles));
    lines.push(String::new());
    lines.join("\n")
}

fn part_line(part: &Part) -> String {
    let day = part.date.strftime("%d/%m/%Y");
    format!("  {day}  {} ({})", clean(&part.victim), clean(part.id.as_str()))
}

/// A wave, or a supplier's clients, for people: what it is, then each incident.
pub fn ensemble(whole: &Ensemble, incidents: &[View], screen: Screen) -> String {
    let days = match (whole.from.strftime("%d/%m/%Y"), whole.to.strftime("%d/%m/%Y")) {
        (from, _) if whole.from == whole.to => format!("le {from}"),
        (from, to) => format!("du {from} au {to}"),
    };
    let mut lines = vec![
        heading(
            &format!(
                "{} : {} incidents",
                whole_name(whole.whole, &whole.name),
                incidents.len()
            ),
            screen,
        ),
        format!("  {:<12} {}", "Identifiant", clean(whole.id.as_str())),
        format!("  {:<12} {days}", "Date"),
        String::new(),
        heading("Incidents", screen),
    ];
    lines.extend(incidents.iter().map(|view| {
        let what = format!("{} : {}", view_victims(view), view_attacks(view));
        format!("  {}  {what} ({})", view_date(view), clean(view.id.as_str()))
    }));
    lines.push(String::new());
    lines.join("\n")
}

/// The same as indented JSON (`vigie.ensemble/1`), with the view of each incident.
pub fn ensemble_json(whole: &Ensemble, incidents: &[View]) -> String {
    let document = EnsembleDocument {
        schema: ENSEMBLE_SCHEMA,
        ensemble: whole,
        incidents,
    };
    let json = serde_json::to_string_pretty(&document).expect("the document has only string keys");
    format!("{}\n", escape_json(&json))
}

#[derive(Serialize)]
struct EnsembleDocument<'a> {
    schema: &'static str,
    ensemble: &'a Ensemble,
    incidents: &'a [View],
}

/// The incident as indented JSON: its view, and for each article what was read in it.
pub fn json(incident: &Incident, view: &View) -> String {
    let document = Document {
        schema: SCHEMA,
        incident: view,
        dismissed: incident.decided.dismissed,
        facts: told_facts(&incident.articles),
        readings: incident
            .articles
            .iter()
            .map(|article| Reading {
                article: &article.id,
                outlet: &article.outlet,
                url: &article.url,
                joined: &article.joined,
                says: &article.says,
            })
            .collect(),
    };
    let json = serde_json::to_string_pretty(&document).expect("the document has only string keys");
    format!("{}\n", escape_json(&json))
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    incident: &'a View,
    /// Whether an analyst said that it is no incident.
    #[serde(skip_serializing_if = "is_false")]
    dismissed: bool,
    facts: Vec<ToldFact<'a>>,
    readings: Vec<Reading<'a>>,
}

fn is_false(value: &bool) -> bool {
    !*value
}

#[derive(Serialize)]
struct Reading<'a> {
    article: &'a ArticleId,
    outlet: &'a str,
    url: &'a str,
    joined: &'a [String],
    #[serde(flatten)]
    says: &'a Analysis,
}

/// A fact of the incident, with the articles that tell it.
#[derive(Serialize)]
struct ToldFact<'a> {
    #[serde(flatten)]
    told: &'a Told,
    assertion: Assertion,
    /// The words of the first that tells it.
    words: &'a str,
    /// Numbers of the articles, from 1, in the order of `readings`.
    articles: Vec<usize>,
}

/// The facts of the incident's own story over all its articles, each once: those that most articles
/// tell first.
fn told_facts(articles: &[ArticleRef]) -> Vec<ToldFact<'_>> {
    let mut told: Vec<ToldFact<'_>> = Vec::new();
    for (index, article) in articles.iter().enumerate() {
        for fact in article.says.facts.iter().filter(|fact| fact.is_own()) {
            let known = told
                .iter_mut()
                .find(|known| *known.told == fact.told && known.assertion == fact.assertion);
            match known {
                Some(known) if known.articles.last() == Some(&(index + 1)) => {}
                Some(known) => known.articles.push(index + 1),
                None => told.push(ToldFact {
                    told: &fact.told,
                    assertion: fact.assertion,
                    words: &fact.words,
                    articles: vec![index + 1],
                }),
            }
        }
    }
    told.sort_by_key(|fact| (fact.told.rank(), std::cmp::Reverse(fact.articles.len())));
    told
}

fn told_line(fact: &ToldFact<'_>) -> String {
    let said = match fact.assertion {
        Assertion::Affirmed => String::new(),
        other => format!(", {}", short_assertion(other)),
    };
    let articles: Vec<String> = fact.articles.iter().map(|number| format!("[{number}]")).collect();
    format!(
        "  {}{said} (« {} ») {}",
        clean(&fact.told.french()),
        clean(fact.words),
        articles.join(" ")
    )
}

fn heading(text: &str, screen: Screen) -> String {
    match screen.colors {
        Colors::Ansi => format!("\u{1b}[1m{text}\u{1b}[0m"),
        Colors::Never => text.to_owned(),
    }
}

fn facts(view: &View) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fact = |name: &str, value: String| {
        // Padded by characters: `{:<12}` counts them so.
        lines.push(format!("  {name:<12} {value}"));
    };
    fact("Identifiant", clean(view.id.as_str()));
    for (index, victim) in view.victims.iter().enumerate() {
        fact(if index == 0 { "Victime" } else { "" }, victim_line(victim));
    }
    fact("Lieu", view.place.as_deref().map_or("inconnu".to_owned(), clean));
    fact(
        "Date",
        match (view.event_from, view.event_to) {
            (Some(from), Some(to)) if from == to => format!("le {}", from.strftime("%d/%m/%Y")),
            (Some(from), Some(to)) => format!(
                "entre le {} et le {}",
                from.strftime("%d/%m/%Y"),
                to.strftime("%d/%m/%Y")
            ),
            _ => format!(
                "au plus tard le {}, jour du premier article",
                view.date.strftime("%d/%m/%Y")
            ),
        },
    );
    let attacks: Vec<&str> = view.attacks.iter().map(|attack| attack.french()).collect();
    fact(
        "Types",
        if attacks.is_empty() {
            "inconnus".to_owned()
        } else {
            attacks.join(" ; ")
        },
    );
    fact("Statut", view.status.french().to_owned());
    fact("Auteur", view.actor.as_deref().map_or("inconnu".to_owned(), clean));
    if let Some(provider) = &view.provider {
        fact(
            "Prestataire",
            format!("{}, par qui la victime a été touchée", clean(&provider.name)),
        );
    }
    if let Some(part) = &view.part_of {
        fact("Ensemble", format!("{} ({})", part_of(part), clean(part.id.as_str())));
    }
    let plural = |count: usize| if count > 1 { "s" } else { "" };
    let sources = usize::try_from(view.sources).unwrap_or(usize::MAX);
    fact(
        "Sources",
        format!(
            "{} article{} de {} publication{}, du {} au {}",
            view.articles.len(),
            plural(view.articles.len()),
            sources,
            plural(sources),
            day(view.first_published),
            day(view.last_published)
        ),
    );
    if view.standing == Standing::Recalled {
        fact("", "connu seulement par des procès ou des bilans".to_owned());
    }
    lines
}

fn victim_line(victim: &ViewVictim) -> String {
    let mut notes = vec![victim.sector.map_or("secteur inconnu", Sector::french).to_owned()];
    notes.extend(victim.level.map(|level| level.french().to_owned()));
    notes.extend(victim.commune_name.as_deref().map(clean));
    notes.extend(
        victim
            .departement
            .as_deref()
            .map(|code| format!("département {}", clean(code))),
    );
    notes.extend(victim.siren.as_deref().map(|siren| format!("SIREN {}", clean(siren))));
    match victim.country.as_deref() {
        Some("FR") => {}
        Some(code) => notes.push(clean(code)),
        None => notes.push("pays inconnu".to_owned()),
    }
    format!("{} ({})", clean(&victim.name), notes.join(", "))
}

fn history(changes: &[Change], articles: &[ArticleRef]) -> Vec<String> {
    if changes.is_empty() {
        return vec!["  rien n'a changé depuis le premier article".to_owned()];
    }
    changes
        .iter()
        .map(|change| {
            let source = articles
                .iter()
                .position(|article| article.id == change.article)
                .map(|index| format!("  [{}] {}", index + 1, clean(&articles[index].outlet)))
                .unwrap_or_default();
            let source = match change.by.as_deref() {
                Some("") => "  corrigé par un analyste".to_owned(),
                Some(analyst) => format!("  corrigé par {}", clean(analyst)),
                None => source,
            };
            let what = match change.field.as_str() {
                "victim" => "victime",
                "sector" => "secteur",
                "level" => "échelon",
                "country" => "pays",
                "departement" => "département",
                "opened" => "ouverture",
                "attacks" => "types",
                "status" => "statut",
                "actor" => "auteur",
                "event" => "date des faits",
                "victims" => "victimes",
                other => other,
            };
            let step = match (change.from.is_empty(), change.to.is_empty()) {
                (true, true) => String::new(),
                (true, false) => format!(" : {}", value(change, &change.to)),
                (false, true) => format!(" : {} → rien", value(change, &change.from)),
                (false, false) => format!(" : {} → {}", value(change, &change.from), value(change, &change.to)),
            };
            format!("  {}  {}{step}{source}", moment(change.at), clean(what))
        })
        .collect()
}

/// A value of the history, with the ids of labels said in words.
fn value(change: &Change, value: &str) -> String {
    let said: Vec<String> = value
        .split(',')
        .map(str::trim)
        .map(|part| match change.field.as_str() {
            "attacks" => {
                AttackType::from_id(part).map_or_else(|_| clean(part), |attack| short_attack(attack).to_owned())
            }
            "sector" => Sector::from_id(part).map_or_else(|_| clean(part), |sector| sector.french().to_owned()),
            "level" => Level::from_id(part).map_or_else(|_| clean(part), |level| level.french().to_owned()),
            "incident" => if part == "no" { "non" } else { "oui" }.to_owned(),
            "status" => Status::from_id(part).map_or_else(|_| clean(part), |status| short_status(status).to_owned()),
            _ => clean(part),
        })
        .collect();
    said.join(", ")
}

fn article_lines(number: usize, article: &ArticleRef) -> Vec<String> {
    let mut lines = vec![
        format!(
            "  [{number}] {} · {} · {} · {}",
            moment(article.published),
            clean(&article.outlet),
            article.kind.french(),
            clean(article.id.as_str())
        ),
        format!("      {}", clean(&article.title)),
        format!("      {}", clean(&article.url)),
    ];
    if !article.joined.is_empty() {
        let reasons: Vec<String> = article.joined.iter().map(|reason| clean(reason)).collect();
        lines.push(format!("      rattaché : {}", reasons.join(" ; ")));
    }
    lines
}

/// The evidence of all articles by label: those that weigh most first, each with its article. What
/// was denied, feared or possible decided nothing: it stands apart, after the rest.
fn deciding_words(articles: &[ArticleRef]) -> Vec<String> {
    let mut decided: BTreeMap<&str, Vec<(usize, &Evidence)>> = BTreeMap::new();
    let mut set_aside: BTreeMap<&str, Vec<(usize, &Evidence)>> = BTreeMap::new();
    for (index, article) in articles.iter().enumerate() {
        for evidence in &article.says.evidence {
            let list = if evidence.assertion.counts() {
                &mut decided
            } else {
                &mut set_aside
            };
            list.entry(&evidence.label).or_default().push((index + 1, evidence));
        }
    }
    let mut lines = words_by_label(decided, "");
    lines.extend(words_by_label(set_aside, "écarté : "));
    if lines.is_empty() {
        vec!["  aucun".to_owned()]
    } else {
        lines
    }
}

fn words_by_label(by_label: BTreeMap<&str, Vec<(usize, &Evidence)>>, before: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for (label, mut found) in by_label {
        found.sort_by(|(a_article, a), (b_article, b)| {
            let heavier_first = b.weight.abs().total_cmp(&a.weight.abs());
            heavier_first.then((a_article, a.start, &a.words).cmp(&(b_article, b.start, &b.words)))
        });
        lines.push(format!("  {before}{}", label_title(label)));
        for (article, evidence) in found.iter().take(WORDS_LISTED) {
            lines.push(format!(
                "      « {} » ({}, {}, {:+.1}) [{article}]",
                clean(&evidence.words),
                short_zone(evidence.zone),
                short_assertion(evidence.assertion),
                evidence.weight
            ));
        }
        if found.len() > WORDS_LISTED {
            lines.push(format!(
                "      et {} de plus (--format json)",
                found.len() - WORDS_LISTED
            ));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::examples::{loiret, loiret_view};
    use super::*;

    #[test]
    fn whole_text() {
        let expected = r#"Département du Loiret, SDIS 45 : rançongiciel, fuite de données
  Identifiant  departement-du-loiret-2023-11
  Victime      Département du Loiret (Collectivités territoriales et établissements locaux, Département, Orléans, département 45)
               SDIS 45 (Collectivités territoriales et établissements locaux, Service départemental d'incendie et de secours, département 45)
  Lieu         Loiret (45)
  Date         entre le 04/11/2023 et le 05/11/2023
  Types        Rançongiciel ; Vol ou fuite de données
  Statut       Confirmé par la victime ou une autorité
  Auteur       LockBit
  Sources      2 articles de 2 publications, du 06/11/2023 au 15/11/2023

Historique
  06/11/2023 à 08:12  ouverture : Département du Loiret  [1] ICI Orléans
  15/11/2023 à 10:00  types : indéterminé → rançongiciel, fuite de données  [2] Le Lanceur

Articles
  [1] 06/11/2023 à 08:12 · ICI Orléans · Récit d'un incident · a1
      Le Département du Loiret coupé du réseau
      https://presse.example/a1
  [2] 15/11/2023 à 10:00 · Le Lanceur · Revendication par un attaquant · a2
      LockBit revendique l'attaque du Loiret
      https://presse.example/a2
      rattaché : même victime ; 9 jours après

Faits
  33 000 000 personnes (« 33 millions d'assurés ») [1] [2]
  rançon demandée, nié (« aucune rançon ») [2]

Mots qui ont décidé
  type Vol ou fuite de données
      « dit avoir volé » (corps, revendiqué, +2.5) [2]
  type « Cyberattaque » sans précision
      « cyberattaque » (titre, affirmé, +2.0) [1]
  type Rançongiciel
      « fichiers[2J chiffrés » (chapeau, affirmé, +3.0) [2]
  nature Revendication par un attaquant
      « revendique » (titre, affirmé, +3.0) [2]
  victime departement:45
      « Département du Loiret » (titre, affirmé, +4.0) [1]
  écarté : type Vol ou fuite de données
      « aucun signal de fuite » (corps, nié, +1.5) [1]
"#;
        let text = text(&loiret(), &loiret_view(), Screen::default());
        assert_eq!(text.replace('\u{202f}', " "), expected);
    }

    #[test]
    fn what_an_analyst_corrected_says_so() {
        let mut incident = loiret();
        incident.decided.dismissed = true;
        let correction = |field: &str, from: &str, to: &str, by: &str| Change {
            field: field.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
            by: Some(by.to_owned()),
            ..incident.history[0].clone()
        };
        let corrections = vec![
            correction("sector", "collectivite", "sante", "aline"),
            correction("level", "departement", "", ""),
            correction("incident", "yes", "no", "aline"),
        ];
        incident.history.extend(corrections);
        let text = text(&incident, &loiret_view(), Screen::default());
        for words in [
            "écarté par un analyste : ce n'est pas un incident",
            "secteur : Collectivités territoriales et établissements locaux → Santé, médico-social, pharmacie  corrigé par aline",
            "échelon : Département → rien  corrigé par un analyste",
            "incident : oui → non  corrigé par aline",
        ] {
            assert!(text.contains(words), "no `{words}` in\n{text}");
        }
    }

    #[test]
    fn json_has_the_view_and_each_reading() {
        let json = json(&loiret(), &loiret_view());
        let parsed: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(parsed["schema"], "vigie.incident/1");
        assert_eq!(parsed["incident"]["status"], "confirme");
        assert_eq!(parsed["facts"][0]["value"], 33_000_000);
        assert_eq!(parsed["facts"][0]["articles"], serde_json::json!([1, 2]));
        assert_eq!(parsed["facts"].as_array().unwrap().len(), 2, "none of other cases");
        assert_eq!(parsed["readings"][1]["facts"][0]["kind"], "personnes");
        assert_eq!(parsed["readings"][1]["joined"][0], "même victime");
        assert_eq!(parsed["readings"][1]["evidence"][1]["assertion"], "claimed");
        assert!(!json.contains('\u{1b}'));
    }

    #[test]
    fn many_words_are_cut_short() {
        let mut incident = loiret();
        let word = incident.articles[0].says.evidence[0].clone();
        incident.articles[0].says.evidence = vec![word; WORDS_LISTED + 3];
        incident.articles[1].says.evidence.clear();
        let lines = deciding_words(&incident.articles);
        assert_eq!(lines.len(), 1 + WORDS_LISTED + 1);
        assert_eq!(lines.last().unwrap().trim(), "et 3 de plus (--format json)");
    }
}
