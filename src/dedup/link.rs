//! Which incident an article belongs to. Candidates share a key (the same victim, or a rare word
//! of its name); each is scored by what agrees and what does not; the best one that reaches the
//! threshold takes the article, otherwise the article opens an incident of its own. Every decision
//! keeps its reasons, in French: people read them in `vigie show`.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::model::analysis::{Analysis, EventDates, Victim};
use crate::model::article::Article;
use crate::model::id::IncidentId;
use crate::model::incident::{Incident, Standing};
use crate::model::label::{ArticleKind, AttackType, Sector};
use crate::model::paris;
use crate::text::fold::{fold_key, slug};

/// An article joins when the balance of reasons reaches this. Chosen on the development press of
/// 2025-09 to 2026-01 so that no pair is joined wrongly for lack of any reason but the victim's
/// name after two months.
const JOIN_THRESHOLD: f32 = 1.0;
/// How many days of silence weigh one point between news and what only recalls them.
const RECALL_DAYS: f32 = 200.0;
/// Words of names that tell nobody apart: they are no keys.
const COMMON_NAME_WORDS: &[&str] = &[
    "ville",
    "mairie",
    "commune",
    "departement",
    "region",
    "conseil",
    "departemental",
    "regional",
    "communaute",
    "communes",
    "agglomeration",
    "metropole",
    "syndicat",
    "centre",
    "hospitalier",
    "hopital",
    "clinique",
    "groupe",
    "societe",
    "entreprise",
    "federation",
    "francaise",
    "francais",
    "france",
    "national",
    "nationale",
    "service",
    "services",
    "direction",
    "generale",
    "ministere",
    "agence",
    "association",
    "universite",
    "lycee",
    "college",
    "ecole",
    "lycees",
    "banque",
    "caisse",
    "office",
    "public",
    "publique",
    "saint",
    "sainte",
    "grand",
    "grande",
    "pays",
    "sites",
    "site",
    "clients",
    "plusieurs",
    "international",
    "internationale",
    "europeenne",
    "europeens",
    "systeme",
    "plateforme",
];

/// The keys under which an incident with these victims is found again.
pub fn keys(victims: &[Victim], titles: &[&str]) -> Vec<String> {
    let mut keys = BTreeSet::new();
    for victim in victims {
        keys.insert(format!("victim {}", victim.key));
        for word in name_words(&victim.name) {
            keys.insert(format!("word {word}"));
        }
    }
    if victims.is_empty() {
        for title in titles {
            keys.extend(name_words(title).into_iter().map(|word| format!("word {word}")));
        }
        keys.extend(titles.iter().map(|title| format!("title {}", slug(title))));
    }
    keys.into_iter().collect()
}

/// Where an article goes.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Into this incident, for these reasons.
    Join(IncidentId, Vec<String>),
    /// Into a new incident.
    Open,
}

/// Chooses among the candidates. Deterministic: of equal scores the lowest id wins.
pub fn decide(article: &Article, analysis: &Analysis, candidates: &[Incident]) -> Decision {
    let mut best: Option<(f32, &Incident, Vec<String>)> = None;
    for incident in candidates {
        let Some((score, reasons)) = compare(article, analysis, incident) else {
            continue;
        };
        let better = best.as_ref().is_none_or(|(best_score, best_incident, _)| {
            score > *best_score || (score == *best_score && incident.id < best_incident.id)
        });
        if score >= JOIN_THRESHOLD && better {
            best = Some((score, incident, reasons));
        }
    }
    best.map_or(Decision::Open, |(_, incident, reasons)| {
        Decision::Join(incident.id.clone(), reasons)
    })
}

/// The id of an incident that this article opens: its victim and month, or, without a victim, the
/// month and the article. `taken` says whether another incident has the id already.
pub fn new_id(article: &Article, analysis: &Analysis, mut taken: impl FnMut(&IncidentId) -> bool) -> IncidentId {
    let day = analysis
        .event
        .map_or_else(|| paris::day(article.published), |event| event.from);
    let month = format!("{:04}-{:02}", day.year(), day.month());
    let mark = &article.id.as_str()[..article.id.as_str().len().min(6)];
    let name = analysis
        .main_victim()
        .map(|victim| slug(&victim.name))
        .filter(|name| !name.is_empty());
    let Some(name) = name else {
        return IncidentId(format!("victime-inconnue-{month}-{mark}"));
    };
    let plain = IncidentId(format!("{name}-{month}"));
    if !taken(&plain) {
        return plain;
    }
    // A recap may open several, even for two bodies of one name.
    let mut marked = IncidentId(format!("{name}-{month}-{mark}"));
    let mut number = 2;
    while taken(&marked) {
        marked = IncidentId(format!("{name}-{month}-{mark}-{number}"));
        number += 1;
    }
    marked
}

/// When an incident's own articles were published, first and last: recaps that come to speak of it later
/// do not make it last. Where there are only recaps, theirs.
fn span(incident: &Incident) -> (Timestamp, Timestamp) {
    let own = || {
        let own = incident
            .articles
            .iter()
            .filter(|article| article.kind != ArticleKind::Retrospective);
        own.map(|article| article.published)
    };
    match (own().min(), own().max()) {
        (Some(first), Some(last)) => (first, last),
        _ => (incident.first_published, incident.last_published),
    }
}

/// The balance of reasons for and against, and the reasons; `None` when nothing relates the two.
fn compare(article: &Article, analysis: &Analysis, incident: &Incident) -> Option<(f32, Vec<String>)> {
    let mut reasons = Vec::new();
    let mut score = 0.0;
    let mut add = |weight: f32, reason: String| {
        score += weight;
        reasons.push(format!("{reason} ({weight:+.1})"));
    };
    let (weight, reason) = victim_agreement(&analysis.victims, incident, &article.title)?;
    add(weight, reason);

    let gap_days = gap_days(article.published, incident);
    let is_before_recaps = incident.standing == Standing::Recalled && article.published < incident.first_published;
    let patience_days = if is_before_recaps {
        RECALL_DAYS
    } else {
        patience_days(analysis.kind, incident)
    };
    add(
        -(gap_days / patience_days),
        format!("{gap_days:.0} jours entre les articles"),
    );

    match (analysis.event, incident.event) {
        (Some(a), Some(b)) => match days_apart(a, b) {
            0 => add(1.0, "même jour d'attaque".to_owned()),
            apart @ 1..=2 => add(0.0, format!("attaques à {apart} jours l'une de l'autre")),
            apart @ 3..=9 => add(-1.2, format!("attaques à {apart} jours l'une de l'autre")),
            apart => add(-2.2, format!("attaques à {apart} jours l'une de l'autre")),
        },
        (Some(event), None) => {
            let last = paris::day(span(incident).1);
            let later_days = event.from.duration_since(last).as_hours() / 24;
            if later_days > 0 {
                let weight = if later_days > 7 { -2.2 } else { -1.2 };
                add(
                    weight,
                    "attaque postérieure à tous les articles de l'incident".to_owned(),
                );
            }
        }
        _ => {}
    }
    let (weight, reason) = type_agreement(&analysis.attacks, &incident.attacks);
    if weight != 0.0 {
        add(weight, reason.to_owned());
    }
    if let (Some(a), Some(b)) = (&analysis.actor, &incident.actor) {
        if fold_key(a) == fold_key(b) {
            add(1.0, format!("même auteur {b}"));
        } else {
            add(-0.7, "auteurs différents".to_owned());
        }
    }
    if analysis.recurrence
        && gap_from_first_days(article.published, incident) > 2.0
        && analysis.kind == ArticleKind::Incident
    {
        add(-1.2, "racontée comme une nouvelle attaque".to_owned());
    }
    Some((score, reasons))
}

/// How far the victims agree: the same body, a name within the other, or the same headline when
/// nobody is named.
fn victim_agreement(victims: &[Victim], incident: &Incident, title: &str) -> Option<(f32, String)> {
    let Some(theirs) = incident.victims.first() else {
        let same_title = incident.articles.iter().any(|other| slug(&other.title) == slug(title));
        return (same_title && victims.is_empty()).then(|| (2.0, "même titre".to_owned()));
    };
    let Some(main) = victims.first() else {
        let theirs_words = name_words(&theirs.name);
        let named = !theirs_words.is_empty() && theirs_words.is_subset(&name_words(title));
        return named.then(|| (1.6, format!("le titre nomme {}", theirs.name)));
    };
    if main.key == theirs.key {
        return Some((2.5, format!("même victime {}", main.name)));
    }
    if incident.victims.iter().any(|victim| victim.key == main.key) {
        return Some((2.0, format!("{} parmi les victimes", main.name)));
    }
    if victims.iter().any(|victim| victim.key == theirs.key) {
        return Some((1.6, format!("{} parmi les victimes nommées", theirs.name)));
    }
    if are_kin(main, theirs) {
        return Some((1.7, format!("{} et {} vont ensemble", main.name, theirs.name)));
    }
    if both_listed(main, theirs) {
        return None;
    }
    let (a, b) = (name_words(&main.name), name_words(&theirs.name));
    let shared = a.intersection(&b).count();
    let smaller = a.len().min(b.len());
    (smaller > 0 && shared == smaller).then(|| (1.8, format!("les noms {} et {} concordent", main.name, theirs.name)))
}

/// Bodies that share their computers, so that the press names now one, now the other: a town and its
/// intercommunality, a région and its lycées, two names of one hospital's town.
fn are_kin(a: &Victim, b: &Victim) -> bool {
    const KIN: [(&str, &str); 4] = [
        ("commune", "epci"),
        ("region", "lycee"),
        ("region", "lycees"),
        ("hopital", "hopital"),
    ];
    let kind = |victim: &Victim| {
        victim
            .key
            .as_str()
            .split_once(':')
            .map_or(String::new(), |(kind, _)| kind.to_owned())
    };
    let (kind_a, kind_b) = (kind(a), kind(b));
    let paired = KIN
        .iter()
        .any(|(one, other)| (kind_a == *one && kind_b == *other) || (kind_a == *other && kind_b == *one));
    let same = |code: fn(&Victim) -> Option<&String>| code(a).is_some() && code(a) == code(b);
    let same_commune = same(|victim| victim.place.commune.as_ref());
    let same_departement = same(|victim| victim.place.departement.as_ref());
    let same_region = same(|victim| victim.place.region.as_ref());
    let shares_name = name_words(&a.name).intersection(&name_words(&b.name)).next().is_some();
    match (kind_a.as_str(), kind_b.as_str()) {
        ("hopital", "hopital") => same_commune,
        _ if paired && (kind_a == "region" || kind_b == "region") => same_region,
        _ => paired && same_departement && (shares_name || same_commune),
    }
}

/// Two bodies that the gazetteers tell apart are different bodies, whatever their names share.
fn both_listed(a: &Victim, b: &Victim) -> bool {
    let listed = |victim: &Victim| !victim.key.as_str().starts_with("nom:");
    listed(a) && listed(b)
}

/// How many days of silence weigh one point: news of a body fade in weeks, trials and recaps come
/// after months, and gangs claim attacks on local bodies weeks after the press.
fn patience_days(kind: ArticleKind, incident: &Incident) -> f32 {
    let is_local = incident.victims.first().is_some_and(|victim| {
        matches!(
            victim.sector,
            Some(Sector::LocalGovernment | Sector::Health | Sector::Education)
        )
    });
    match (kind, is_local) {
        (ArticleKind::Justice | ArticleKind::Retrospective, _) => RECALL_DAYS,
        (ArticleKind::FollowUp | ArticleKind::Claim, true) => 90.0,
        (ArticleKind::FollowUp | ArticleKind::Claim, false) => 45.0,
        (_, true) => 45.0,
        (_, false) => 20.0,
    }
}

/// Whether the types can be one incident: a leak may follow a ransom, an undetermined attack may
/// become anything, a denial of service does not turn into a leak.
fn type_agreement(a: &[AttackType], b: &[AttackType]) -> (f32, &'static str) {
    let specific = |types: &[AttackType]| -> BTreeSet<AttackType> {
        types
            .iter()
            .copied()
            .filter(|attack| *attack != AttackType::Undetermined)
            .collect()
    };
    let (a, b) = (specific(a), specific(b));
    if a.is_empty() || b.is_empty() {
        return (0.0, "");
    }
    if a.intersection(&b).next().is_some() {
        return (0.7, "même type d'attaque");
    }
    let only = |types: &BTreeSet<AttackType>, attack: AttackType| types.len() == 1 && types.contains(&attack);
    if only(&a, AttackType::Ddos) || only(&b, AttackType::Ddos) {
        return (-1.8, "un déni de service n'est pas une autre attaque");
    }
    if only(&a, AttackType::Outage) || only(&b, AttackType::Outage) {
        return (-1.0, "une panne n'est pas une attaque");
    }
    (-0.2, "types d'attaque différents")
}

fn gap_days(published: Timestamp, incident: &Incident) -> f32 {
    let (first, last) = span(incident);
    let seconds = if published < first {
        first.as_second() - published.as_second()
    } else {
        (published.as_second() - last.as_second()).max(0)
    };
    seconds as f32 / 86_400.0
}

fn gap_from_first_days(published: Timestamp, incident: &Incident) -> f32 {
    (published.as_second() - span(incident).0.as_second()).abs() as f32 / 86_400.0
}

/// Days between two ranges; 0 when they touch or overlap.
fn days_apart(a: EventDates, b: EventDates) -> i64 {
    let gap = if a.to < b.from {
        b.from.duration_since(a.to)
    } else {
        a.from.duration_since(b.to)
    };
    (gap.as_hours() / 24).max(0)
}

/// The words of a name that tell it apart.
fn name_words(name: &str) -> BTreeSet<String> {
    slug(name)
        .split('-')
        .filter(|word| word.len() >= 3 && !COMMON_NAME_WORDS.contains(word))
        .filter(|word| !["des", "les", "aux", "sur", "pour", "par", "and", "the", "dans", "est"].contains(word))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedup::incident::fold;
    use crate::model::analysis::Place;
    use crate::model::article::TextSource;
    use crate::model::id::ArticleId;
    use crate::model::incident::ArticleRef;
    use crate::model::label::Status;

    /// What a row says of an article: day of publication, victim's key and name, types, kind, days of the
    /// attack, actor, whether it is told as a repeat.
    struct Told {
        day: &'static str,
        victim: Option<(&'static str, &'static str)>,
        attacks: &'static [AttackType],
        kind: ArticleKind,
        event: Option<(&'static str, &'static str)>,
        actor: Option<&'static str>,
        recurrence: bool,
        title: &'static str,
    }

    const FIRST: Told = Told {
        day: "2023-11-06",
        victim: Some(("departement:45", "Département du Loiret")),
        attacks: &[AttackType::Undetermined],
        kind: ArticleKind::Incident,
        event: Some(("2023-11-04", "2023-11-05")),
        actor: None,
        recurrence: false,
        title: "Le Département coupe ses services",
    };

    fn date(text: &str) -> jiff::civil::Date {
        text.parse().unwrap()
    }

    fn read(told: &Told) -> (Article, Analysis) {
        let victims = told.victim.map(|(key, name)| Victim {
            name: name.to_owned(),
            key: key.into(),
            sector: Some(Sector::LocalGovernment),
            level: None,
            place: Place {
                departement: Some("45".to_owned()),
                region: Some("24".to_owned()),
                ..Place::default()
            },
            country: Some("FR".to_owned()),
            siren: None,
            confidence: 0.9,
        });
        let article = Article {
            id: ArticleId::of_url(&format!("{}{}", told.day, told.title)),
            url: String::new(),
            outlet: "Outlet".to_owned(),
            feed: None,
            entry: None,
            title: told.title.to_owned(),
            standfirst: None,
            text: String::new(),
            published: paris::noon_of(date(told.day)),
            published_day_known: true,
            received: paris::noon_of(date(told.day)),
            declared_language: None,
            outlet_departements: Vec::new(),
            source: TextSource::Import,
        };
        let analysis = Analysis {
            language: "fr".to_owned(),
            kind: told.kind,
            tells_incident: true,
            incident_probability: 0.9,
            attacks: told.attacks.to_vec(),
            victims: victims.into_iter().collect(),
            country: None,
            place: Default::default(),
            status: Some(Status::Confirmed),
            actor: told.actor.map(str::to_owned),
            event: told.event.map(|(from, to)| EventDates {
                from: date(from),
                to: date(to),
            }),
            recurrence: told.recurrence,
            sector: None,
            facts: Vec::new(),
            recalled: Vec::new(),
            provider: None,
            evidence: Vec::new(),
        };
        (article, analysis)
    }

    fn incident_of(told: &Told) -> Incident {
        let (article, says) = read(told);
        let reference = ArticleRef {
            id: article.id.clone(),
            outlet: article.outlet.clone(),
            url: article.url.clone(),
            title: article.title.clone(),
            published: article.published,
            kind: says.kind,
            says: says.clone(),
            joined: Vec::new(),
            part: None,
            imprint: Default::default(),
            founded: Vec::new(),
        };
        fold(new_id(&article, &says, |_| false), vec![reference])
    }

    #[track_caller]
    fn check(first: &Told, then: &Told, joins: bool) {
        let incident = incident_of(first);
        let (article, analysis) = read(then);
        let keys = keys(&analysis.victims, &[&article.title]);
        let incident_keys = super::keys(&incident.victims, &[first.title]);
        let is_candidate = keys.iter().any(|key| incident_keys.contains(key));
        let decision = if is_candidate {
            decide(&article, &analysis, &[incident])
        } else {
            Decision::Open
        };
        assert_eq!(
            matches!(decision, Decision::Join(..)),
            joins,
            "{}: {decision:?}",
            then.title
        );
    }

    #[test]
    fn one_incident_in_several_articles() {
        use AttackType::{DataLeak, Ransomware};
        let loiret = FIRST.victim;
        check(
            &FIRST,
            &Told {
                day: "2023-11-08",
                event: None,
                kind: ArticleKind::FollowUp,
                title: "Reprise",
                ..FIRST
            },
            true,
        );
        let claim = Told {
            day: "2023-11-15",
            attacks: &[Ransomware, DataLeak],
            kind: ArticleKind::Claim,
            event: None,
            actor: Some("LockBit"),
            title: "LockBit revendique",
            ..FIRST
        };
        check(&FIRST, &claim, true);
        check(&claim, &FIRST, true);
        let recap = Told {
            day: "2023-12-12",
            kind: ArticleKind::FollowUp,
            title: "Un mois après",
            ..claim
        };
        check(&FIRST, &Told { event: None, ..recap }, true);
        let unnamed = Told {
            victim: None,
            event: None,
            title: "Ce que l'on sait de l'attaque du Loiret",
            ..FIRST
        };
        check(
            &FIRST,
            &Told {
                day: "2023-11-07",
                ..unnamed
            },
            true,
        );
        let trial = Told {
            day: "2024-05-20",
            kind: ArticleKind::Justice,
            event: None,
            title: "Procès",
            victim: loiret,
            ..FIRST
        };
        check(&FIRST, &trial, true);
    }

    #[test]
    fn other_victims_and_other_attacks_stay_apart() {
        use AttackType::{DataLeak, Ddos};
        let other = Told {
            victim: Some(("departement:49", "Département de Maine-et-Loire")),
            title: "Autre",
            ..FIRST
        };
        check(&FIRST, &other, false);
        let hospital = Told {
            victim: Some(("hopital:450000088", "CHU d'Orléans")),
            title: "CHU",
            ..FIRST
        };
        check(&FIRST, &hospital, false);
        let years_later = Told {
            day: "2025-11-06",
            event: None,
            title: "Deux ans plus tard",
            ..FIRST
        };
        check(&FIRST, &years_later, false);
        let later_attack = Told {
            day: "2023-12-20",
            event: Some(("2023-12-19", "2023-12-19")),
            recurrence: true,
            title: "Nouvelle cyberattaque",
            ..FIRST
        };
        check(&FIRST, &later_attack, false);
        let ddos = Told {
            attacks: &[Ddos],
            ..FIRST
        };
        let leak = Told {
            day: "2023-11-20",
            attacks: &[DataLeak],
            event: Some(("2023-11-18", "2023-11-18")),
            title: "Fuite",
            ..FIRST
        };
        check(&ddos, &leak, false);
    }

    #[test]
    fn ids_tell_victim_and_month_and_never_collide() {
        let (article, analysis) = read(&FIRST);
        assert_eq!(
            new_id(&article, &analysis, |_| false).as_str(),
            "departement-du-loiret-2023-11"
        );
        let second = new_id(&article, &analysis, |id| id.as_str() == "departement-du-loiret-2023-11");
        assert!(
            second.as_str().starts_with("departement-du-loiret-2023-11-") && second.as_str().len() == 36,
            "{second}"
        );
        let (article, analysis) = read(&Told { victim: None, ..FIRST });
        assert!(
            new_id(&article, &analysis, |_| false)
                .as_str()
                .starts_with("victime-inconnue-2023-11-")
        );
    }
}
