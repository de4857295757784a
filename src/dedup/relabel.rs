//! What analysts say of an incident stands above what its articles say.

use crate::model::analysis::{EventDates, Place, Victim};
use crate::model::correction::{Anchor, Corrections, Given, Label};
use crate::model::id::{ArticleId, VictimKey};
use crate::model::incident::{Change, Country, Decided, Incident};
use crate::model::paris;
use crate::text::fold::slug;

/// Gives an incident, as it was just folded from its articles, the labels that analysts gave it: those known by one of
/// its articles, in the order of the file, so that of two for one label the last stands. Each that changes something is
/// noted in the history. A level needs a named victim, and is passed over where there is none. The ids that analysts knew
/// it by lead to it.
pub fn relabel(incident: &mut Incident, corrections: &Corrections) {
    incident.decided = Decided::default();
    for known in &corrections.names {
        let leads_here = known.id == incident.id || incident.former_ids.contains(&known.id);
        if !leads_here && is_of(&known.anchor, incident) {
            incident.former_ids.push(known.id.clone());
        }
    }
    let mut labels: Vec<(&Anchor, &Label)> = corrections
        .labels()
        .filter(|(anchor, _)| is_of(anchor, incident))
        .collect();
    // A victim's other labels are of the victim that is named last.
    labels.sort_by_key(|(_, label)| !matches!(label.given, Given::Victim(_)));
    for (anchor, label) in labels {
        let before = value_of(incident, &label.given);
        give(incident, &label.given);
        let after = value_of(incident, &label.given);
        if before != after {
            incident.history.push(Change {
                at: label.on.map_or(incident.last_published, paris::noon_of),
                article: anchor.article.clone(),
                field: label.given.field().to_owned(),
                from: before,
                to: after,
                by: Some(label.by.clone()),
            });
        }
    }
}

/// Whether the incident is known by this article.
pub fn is_of(anchor: &Anchor, incident: &Incident) -> bool {
    incident
        .articles
        .iter()
        .any(|article| article.id == anchor.article && article.part == anchor.part)
}

fn give(incident: &mut Incident, given: &Given) {
    let victim = incident.victims.first_mut();
    match (given, victim) {
        (Given::Victim(name), Some(victim)) if victim.name == *name => {}
        (Given::Victim(name), Some(victim)) => {
            victim.name.clone_from(name);
            victim.key = key_of_name(name);
            victim.siren = None;
        }
        (Given::Victim(name), None) => {
            let victim = named(name, incident);
            incident.victims.push(victim);
        }
        (Given::Sector(sector), Some(victim)) => victim.sector = Some(*sector),
        (Given::Sector(sector), None) => incident.decided.sector = Some(*sector),
        (Given::Level(level), Some(victim)) => victim.level = Some(*level),
        (Given::Level(_), None) => {}
        (Given::Country(country), Some(victim)) => victim.country.clone_from(country),
        (Given::Country(country), None) => {
            incident.decided.country = Some(country.clone().map_or(Country::Unknown, Country::Code));
        }
        (Given::Place(place), Some(victim)) => victim.place.clone_from(place),
        (Given::Place(place), None) => incident.decided.place = Some(place.clone()),
        (Given::Attacks(attacks), _) => incident.attacks.clone_from(attacks),
        (Given::Status(status), _) => incident.status = *status,
        (Given::Actor(actor), _) => incident.actor.clone_from(actor),
        (Given::Event(event), _) => incident.event = *event,
        (Given::Incident(is_one), _) => incident.decided.dismissed = !is_one,
    }
}

/// A victim of which an analyst says the name; the rest is what the story tells.
fn named(name: &str, incident: &Incident) -> Victim {
    Victim {
        name: name.to_owned(),
        key: key_of_name(name),
        sector: incident.sector(),
        level: None,
        place: incident.place().cloned().unwrap_or_default(),
        country: incident.country().map(str::to_owned),
        siren: None,
        confidence: 1.0,
    }
}

fn key_of_name(name: &str) -> VictimKey {
    VictimKey(format!("nom:{}", slug(name)))
}

/// What the incident says where the label would speak: ids, as in the history of articles.
fn value_of(incident: &Incident, given: &Given) -> String {
    let main = incident.victims.first();
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    match given {
        Given::Victim(_) => text(main.map(|victim| victim.name.as_str())),
        Given::Sector(_) => text(incident.sector().map(|sector| sector.id())),
        Given::Level(_) => text(main.and_then(|victim| victim.level).map(|level| level.id())),
        Given::Attacks(_) => {
            let ids: Vec<&str> = incident.attacks.iter().map(|attack| attack.id()).collect();
            ids.join(", ")
        }
        Given::Status(_) => incident.status.to_string(),
        Given::Actor(_) => text(incident.actor.as_deref()),
        Given::Country(_) => text(incident.country()),
        Given::Place(_) => incident.place().map(place_text).unwrap_or_default(),
        Given::Event(_) => incident.event.map(event_text).unwrap_or_default(),
        Given::Incident(_) => if incident.decided.dismissed { "no" } else { "yes" }.to_owned(),
    }
}

fn place_text(place: &Place) -> String {
    match (&place.commune, &place.commune_name, &place.departement) {
        (Some(code), Some(name), _) => format!("{name} ({code})"),
        (Some(code), None, _) => code.clone(),
        (None, _, Some(departement)) => departement.clone(),
        (None, _, None) => place.region.clone().unwrap_or_default(),
    }
}

fn event_text(event: EventDates) -> String {
    if event.from == event.to {
        event.from.to_string()
    } else {
        format!("{}/{}", event.from, event.to)
    }
}

/// By which article an incident is best known: one that a correction knows it by already, else the first that is no
/// mention in a recap. None for an incident without articles.
pub fn anchor_of(incident: &Incident, corrections: &Corrections) -> Option<Anchor> {
    let used: Vec<&ArticleId> = corrections.entries.iter().flat_map(|entry| entry.articles()).collect();
    let known = incident
        .articles
        .iter()
        .find(|article| article.part.is_none() && used.contains(&&article.id));
    let told = incident.articles.iter().find(|article| article.part.is_none());
    let article = known.or(told).or(incident.articles.first())?;
    Some(Anchor {
        article: article.id.clone(),
        part: article.part.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::incident::fold;
    use super::*;
    use crate::model::analysis::Analysis;
    use crate::model::correction::{Correction, KnownAs};
    use crate::model::incident::ArticleRef;
    use crate::model::label::{ArticleKind, AttackType, Level, Sector, Status};

    /// Two articles on one attack on a département.
    fn loiret() -> Incident {
        let article = |id: &str, day: i8| ArticleRef {
            id: id.into(),
            outlet: "La Gazette".to_owned(),
            url: String::new(),
            title: String::new(),
            published: paris::noon_of(jiff::civil::date(2023, 11, day)),
            kind: ArticleKind::Incident,
            says: Analysis {
                victims: vec![Victim {
                    name: "Département du Loiret".to_owned(),
                    key: "departement:45".into(),
                    sector: Some(Sector::LocalGovernment),
                    level: Some(Level::Departement),
                    place: Place::default(),
                    country: Some("FR".to_owned()),
                    siren: None,
                    confidence: 0.9,
                }],
                attacks: vec![AttackType::Ransomware],
                status: Some(Status::Confirmed),
                actor: Some("LockBit".to_owned()),
                event: Some(EventDates {
                    from: jiff::civil::date(2023, 11, 4),
                    to: jiff::civil::date(2023, 11, 5),
                }),
                ..Analysis::unread()
            },
            joined: Vec::new(),
            part: None,
            imprint: Default::default(),
            founded: Vec::new(),
        };
        fold(
            "departement-du-loiret-2023-11".into(),
            vec![article("a1", 6), article("a2", 15)],
        )
    }

    fn says(article: &str, given: Given) -> Correction {
        let anchor = Anchor {
            article: article.into(),
            part: None,
        };
        let label = Label {
            given,
            by: "aline".to_owned(),
            on: Some("2024-06-03".parse().unwrap()),
        };
        Correction::Relabel(anchor, label)
    }

    fn relabelled(mut incident: Incident, entries: Vec<Correction>) -> Incident {
        let corrections = Corrections {
            entries,
            ..Corrections::default()
        };
        relabel(&mut incident, &corrections);
        incident
    }

    #[test]
    fn labels_stand_above_the_articles_and_are_noted() {
        let before = loiret();
        let entries = vec![
            says("a1", Given::Sector(Sector::State)),
            says("a2", Given::Sector(Sector::Health)),
            says("a1", Given::Level(Level::Other)),
            says("a1", Given::Attacks(vec![AttackType::Ddos])),
            says("a1", Given::Status(Status::Denied)),
            says("a1", Given::Actor(None)),
            says("a1", Given::Country(Some("BE".to_owned()))),
            says("a1", Given::Event(None)),
            says("b9", Given::Sector(Sector::Food)),
        ];
        let after = relabelled(before.clone(), entries.clone());
        assert_eq!((after.sector(), after.country()), (Some(Sector::Health), Some("BE")));
        assert_eq!(after.victims[0].level, Some(Level::Other));
        assert_eq!(
            (after.attacks.as_slice(), after.status),
            (&[AttackType::Ddos][..], Status::Denied)
        );
        assert_eq!((&after.actor, after.event), (&None, None));
        let notes: Vec<String> = after.history[before.history.len()..]
            .iter()
            .map(|change| {
                format!(
                    "{} {} {}>{} {}",
                    change.at,
                    change.field,
                    change.from,
                    change.to,
                    change.by.as_ref().unwrap()
                )
            })
            .collect();
        assert_eq!(notes[0], "2024-06-03T10:00:00Z sector collectivite>etat aline");
        assert_eq!(notes[1], "2024-06-03T10:00:00Z sector etat>sante aline");
        assert!(notes.iter().any(|note| note.contains("actor LockBit> ")), "{notes:?}");
        // What says nothing new is not noted.
        let again = relabelled(after.clone(), entries[1..].to_vec());
        assert_eq!(again.history, after.history);
        assert_eq!(relabelled(before.clone(), Vec::new()), before);
    }

    #[test]
    fn another_victim_has_another_identity_and_the_labels_that_follow_are_its_own() {
        let place = Place {
            commune: Some("29232".to_owned()),
            ..Place::default()
        };
        let entries = vec![
            says("a1", Given::Place(place.clone())),
            says("a1", Given::Victim("Ville de Quimper".to_owned())),
        ];
        let after = relabelled(loiret(), entries);
        let main = &after.victims[0];
        assert_eq!(
            (main.name.as_str(), main.key.as_str()),
            ("Ville de Quimper", "nom:ville-de-quimper")
        );
        assert_eq!(main.place, place);
    }

    #[test]
    fn a_story_without_a_victim_takes_labels_too() {
        let mut nobody = loiret();
        nobody.victims.clear();
        let place = Place {
            departement: Some("29".to_owned()),
            ..Place::default()
        };
        let entries = vec![
            says("a1", Given::Sector(Sector::Health)),
            says("a1", Given::Country(Some("FR".to_owned()))),
            says("a1", Given::Place(place.clone())),
            says("a1", Given::Level(Level::Commune)),
        ];
        let after = relabelled(nobody.clone(), entries);
        assert_eq!((after.sector(), after.country()), (Some(Sector::Health), Some("FR")));
        assert_eq!(after.place(), Some(&place));
        let unknown = relabelled(nobody, vec![says("a1", Given::Country(None))]);
        assert_eq!(unknown.country(), None);
    }

    #[test]
    fn what_is_no_incident_is_marked_until_somebody_says_it_is_one() {
        let no = says("a1", Given::Incident(false));
        let yes = says("a2", Given::Incident(true));
        assert!(relabelled(loiret(), vec![no.clone()]).decided.dismissed);
        let back = relabelled(loiret(), vec![no, yes]);
        assert!(!back.decided.dismissed);
        assert_eq!(relabelled(back, Vec::new()).decided, Decided::default());
    }

    #[test]
    fn the_ids_that_analysts_knew_lead_on() {
        let mut incident = loiret();
        let known_as = |article: &str, id: &str| KnownAs {
            anchor: Anchor {
                article: article.into(),
                part: None,
            },
            id: id.into(),
        };
        let corrections = Corrections {
            names: vec![
                known_as("a1", "departement-du-loiret-2023-11"),
                known_as("a2", "loiret-2023-11"),
                known_as("a1", "loiret-2023-11"),
                known_as("b9", "ailleurs-2023-11"),
            ],
            ..Corrections::default()
        };
        relabel(&mut incident, &corrections);
        assert_eq!(incident.former_ids, ["loiret-2023-11".into()]);
    }

    #[test]
    fn an_incident_is_known_by_the_article_that_a_correction_already_has() {
        let incident = loiret();
        let anchor = |entries: Vec<Correction>| {
            let corrections = Corrections {
                entries,
                ..Corrections::default()
            };
            anchor_of(&incident, &corrections).unwrap().to_string()
        };
        assert_eq!(anchor(Vec::new()), "a1");
        assert_eq!(anchor(vec![says("a2", Given::Actor(None))]), "a2");
    }
}
