//! The French words of the outputs for people: short labels that fit a column, dates, and the
//! sentences that say what was searched and what stands behind the answer.

use jiff::Timestamp;

use super::plain::clean;
use crate::model::answer::{Answer, DateOf, View};
use crate::model::coverage::Coverage;
use crate::model::label::{AttackType, Level, Sector, Status};
use crate::model::paris;

/// How many victims a row names before it only counts them.
const VICTIMS_NAMED: usize = 3;

/// What was found, what was searched, what was left out, and what stands behind the answer: one
/// sentence a line. An empty answer says how many feeds and articles were searched since when, so
/// that zero means zero.
pub fn summary(answer: &Answer) -> Vec<String> {
    let mut lines = vec![format!("{} : {}.", found(answer), clean(&answer.asked))];
    lines.extend(left_out(answer));
    lines.push(behind(&answer.coverage));
    if let (Some(asked), Some(watching)) = (answer.filter.since, answer.coverage.since)
        && paris::day(asked) < paris::day(watching)
    {
        lines.push(format!(
            "Attention : vigie ne veille que depuis le {} ; des jours d'avant, elle ne connaît que ce que la presse a \
             publié depuis ou ce qui a été importé.",
            day(watching)
        ));
    }
    lines
}

fn found(answer: &Answer) -> String {
    let shown = answer.incidents.len() as u64;
    match (answer.found, shown) {
        (0, _) => "Aucun incident trouvé".to_owned(),
        (found, shown) if shown < found => format!(
            "{}, {shown} montré{}",
            counted(found, "incident trouvé", "incidents trouvés"),
            if shown > 1 { "s" } else { "" }
        ),
        (found, _) => counted(found, "incident trouvé", "incidents trouvés"),
    }
}

fn left_out(answer: &Answer) -> Option<String> {
    let mut reasons = Vec::new();
    if answer.unknown_country > 0 {
        reasons.push(format!(
            "{} dont le pays n'est pas connu (--country all)",
            answer.unknown_country
        ));
    }
    if answer.recalled > 0 {
        reasons.push(format!(
            "{} que seuls des procès ou des bilans rappellent (--recalled)",
            answer.recalled
        ));
    }
    (!reasons.is_empty()).then(|| format!("Non comptés : {}.", reasons.join(" ; ")))
}

/// What stands behind an answer, in a sentence.
fn behind(coverage: &Coverage) -> String {
    if coverage.feeds == 0 && coverage.articles == 0 {
        return "La base est vide : aucun flux n'a encore été relevé (lancer `vigie collect`).".to_owned();
    }
    let feeds = match coverage.feeds {
        0 => "aucun flux relevé".to_owned(),
        feeds => format!(
            "{}, dont {} à leur dernier relevé",
            counted(feeds, "flux suivi", "flux suivis"),
            match coverage.feeds_answering {
                0 => "aucun n'a répondu".to_owned(),
                1 => "1 a répondu".to_owned(),
                answering => format!("{answering} ont répondu"),
            }
        ),
    };
    let mut sentence = format!(
        "Derrière cette réponse : {feeds} ; {} et {} en base",
        counted(coverage.articles, "article", "articles"),
        counted(coverage.incidents, "incident", "incidents")
    );
    if let Some(since) = coverage.since {
        sentence.push_str(&format!(" depuis le {}", day(since)));
    }
    match coverage.last_success {
        Some(last) => sentence.push_str(&format!(" ; dernier relevé réussi le {}.", moment(last))),
        None => sentence.push_str(" ; aucun relevé réussi."),
    }
    sentence
}

fn counted(count: u64, one: &str, several: &str) -> String {
    format!("{count} {}", if count < 2 { one } else { several })
}

/// A day, in Paris: "25/11/2026".
pub fn day(at: Timestamp) -> String {
    paris::zoned(at).strftime("%d/%m/%Y").to_string()
}

/// A moment, in Paris: "25/11/2026 à 14:02".
pub fn moment(at: Timestamp) -> String {
    paris::zoned(at).strftime("%d/%m/%Y à %H:%M").to_string()
}

/// Explains the mark of `view_date`.
pub const DATE_LEGEND: &str = "≤ : au plus tard ce jour, celui du premier article.";

/// A view's day: "05/11/2023", or "≤ 06/11/2023" when only the first article's is known.
pub fn view_date(view: &View) -> String {
    let day = view.date.strftime("%d/%m/%Y");
    match view.date_of {
        DateOf::Event => day.to_string(),
        DateOf::FirstPublished => format!("≤ {day}"),
    }
}

/// The victims' names, cleaned: the first ones, then how many more.
pub fn view_victims(view: &View) -> String {
    if view.victims.is_empty() {
        return "victime non nommée".to_owned();
    }
    let mut names: Vec<String> = view
        .victims
        .iter()
        .take(VICTIMS_NAMED)
        .map(|victim| clean(&victim.name))
        .collect();
    let more = view.victims.len().saturating_sub(VICTIMS_NAMED);
    if more > 0 {
        names.push(counted(more as u64, "autre", "autres"));
    }
    names.join(", ")
}

/// The main victim's sector, with its level for a local body; "?" when unknown.
pub fn view_sector(view: &View) -> String {
    match (view.sector, view.level) {
        (Some(Sector::LocalGovernment), Some(level)) => short_level(level).to_owned(),
        (Some(sector), _) => short_sector(sector).to_owned(),
        (None, _) => "?".to_owned(),
    }
}

/// The attack types in short.
pub fn view_attacks(view: &View) -> String {
    let names: Vec<&str> = view.attacks.iter().map(|attack| short_attack(*attack)).collect();
    if names.is_empty() {
        "?".to_owned()
    } else {
        names.join(", ")
    }
}

/// A sector in a word or two.
pub const fn short_sector(sector: Sector) -> &'static str {
    match sector {
        Sector::LocalGovernment => "Collectivité",
        Sector::State => "État",
        Sector::Rescue => "Secours",
        Sector::Defence => "Défense",
        Sector::Health => "Santé",
        Sector::Education => "Éducation",
        Sector::Research => "Recherche",
        Sector::Energy => "Énergie",
        Sector::WaterWaste => "Eau, déchets",
        Sector::Transport => "Transport",
        Sector::Digital => "Numérique",
        Sector::Finance => "Finance",
        Sector::Industry => "Industrie",
        Sector::ConstructionHousing => "BTP, logement",
        Sector::Food => "Agroalimentaire",
        Sector::Retail => "Commerce",
        Sector::Services => "Services",
        Sector::MediaCulture => "Médias, culture",
        Sector::SportTourism => "Sport, tourisme",
        Sector::Associations => "Associations",
        Sector::Citizens => "Particuliers",
        Sector::Several => "Plusieurs",
        Sector::Unknown => "?",
    }
}

/// A level in a word or two. It always speaks of a local body, so the sector need not be said.
pub const fn short_level(level: Level) -> &'static str {
    match level {
        Level::Commune => "Commune",
        Level::Intercommunality => "Intercommunalité",
        Level::Departement => "Département",
        Level::Region => "Région",
        Level::Syndicate => "Syndicat local",
        Level::SocialAction => "CCAS",
        Level::FireService => "SDIS",
        Level::PublicHousing => "Office HLM",
        Level::Other => "Collectivité",
    }
}

/// An attack type in a word or two.
pub const fn short_attack(attack: AttackType) -> &'static str {
    match attack {
        AttackType::Ransomware => "rançongiciel",
        AttackType::Ddos => "déni de service",
        AttackType::DataLeak => "fuite de données",
        AttackType::Exposure => "exposition",
        AttackType::Account => "compte compromis",
        AttackType::Phishing => "hameçonnage",
        AttackType::Fraud => "fraude",
        AttackType::Defacement => "défiguration",
        AttackType::Intrusion => "intrusion",
        AttackType::Exploitation => "vulnérabilité exploitée",
        AttackType::Malware => "logiciel malveillant",
        AttackType::Sabotage => "sabotage",
        AttackType::Espionage => "espionnage",
        AttackType::Insider => "malveillance interne",
        AttackType::Outage => "panne",
        AttackType::Undetermined => "indéterminé",
    }
}

/// A status in a word.
pub const fn short_status(status: Status) -> &'static str {
    match status {
        Status::Reported => "signalé",
        Status::Confirmed => "confirmé",
        Status::Claimed => "revendiqué",
        Status::Denied => "démenti",
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples::{few_answers, nothing_found};
    use super::*;

    #[test]
    fn summaries_say_what_stands_behind() {
        let check = |name: &str, change: fn(&mut Answer), expected: &[&str]| {
            let mut answer = nothing_found();
            change(&mut answer);
            assert_eq!(summary(&answer), expected, "{name}");
        };
        let behind = "Derrière cette réponse : 61 flux suivis, dont 58 ont répondu à leur dernier relevé ; 12345 articles \
                      et 230 incidents en base depuis le 03/10/2026 ; dernier relevé réussi le 25/11/2026 à 14:02.";
        check(
            "nothing found",
            |_| {},
            &["Aucun incident trouvé : incidents en France, secteur sante.", behind],
        );
        check(
            "empty base",
            |answer| answer.coverage = Coverage::default(),
            &[
                "Aucun incident trouvé : incidents en France, secteur sante.",
                "La base est vide : aucun flux n'a encore été relevé (lancer `vigie collect`).",
            ],
        );
        check(
            "imported only",
            |answer| {
                answer.coverage = Coverage {
                    articles: 1,
                    incidents: 1,
                    ..Coverage::default()
                };
            },
            &[
                "Aucun incident trouvé : incidents en France, secteur sante.",
                "Derrière cette réponse : aucun flux relevé ; 1 article et 1 incident en base ; aucun relevé réussi.",
            ],
        );
        check(
            "older than the watch, and left out",
            |answer| {
                answer.filter.since = Some("2026-09-30T22:00:00Z".parse().unwrap());
                answer.unknown_country = 2;
                answer.recalled = 1;
            },
            &[
                "Aucun incident trouvé : incidents en France, secteur sante.",
                "Non comptés : 2 dont le pays n'est pas connu (--country all) ; 1 que seuls des procès ou des bilans \
                 rappellent (--recalled).",
                behind,
                "Attention : vigie ne veille que depuis le 03/10/2026 ; des jours d'avant, elle ne connaît que ce que la \
                 presse a publié depuis ou ce qui a été importé.",
            ],
        );
        check(
            "no feed answers",
            |answer| answer.coverage.feeds_answering = 0,
            &[
                "Aucun incident trouvé : incidents en France, secteur sante.",
                &behind.replace("58 ont répondu", "aucun n'a répondu"),
            ],
        );
        let mut answer = few_answers();
        assert!(
            summary(&answer)[0].starts_with("3 incidents trouvés : "),
            "{:?}",
            summary(&answer)
        );
        answer.incidents.truncate(1);
        assert!(summary(&answer)[0].starts_with("3 incidents trouvés, 1 montré : "));
        answer.found = 1;
        assert!(summary(&answer)[0].starts_with("1 incident trouvé : "));
    }

    #[test]
    fn short_labels_fit_a_column() {
        let longest = |names: Vec<&str>| names.iter().map(|name| name.chars().count()).max();
        assert_eq!(
            longest(Sector::ALL.iter().map(|sector| short_sector(*sector)).collect()),
            Some(15)
        );
        assert_eq!(
            longest(Level::ALL.iter().map(|level| short_level(*level)).collect()),
            Some(16)
        );
        assert_eq!(
            longest(Status::ALL.iter().map(|status| short_status(*status)).collect()),
            Some(10)
        );
    }
}
