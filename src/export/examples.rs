//! A few answers, and one whole incident, for the tests of this folder.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::model::analysis::{Analysis, Assertion, EventDates, Evidence, Place, Victim, Zone};
use crate::model::answer::{Answer, DateOf, View, ViewArticle, ViewVictim};
use crate::model::coverage::Coverage;
use crate::model::explanation::{
    Decision, Explained, Explanation, FeatureVote, KindVote, Mark, Passage, Reason, Refused,
};
use crate::model::fact::{Fact, Told};
use crate::model::filter::{Country, Filter};
use crate::model::id::VictimKey;
use crate::model::incident::{ArticleRef, Change, Incident, Standing};
use crate::model::label::{ArticleKind, AttackType, Counted, Level, RansomStance, Sector, Status};

/// An empty answer on 61 feeds.
pub fn nothing_found() -> Answer {
    Answer {
        filter: Filter {
            sectors: vec![Sector::Health],
            countries: vec![Country::Code("FR".to_owned())],
            recalled: false,
            ..Filter::everything()
        },
        asked: "incidents en France, secteur sante".to_owned(),
        coverage: Coverage {
            feeds: 61,
            feeds_answering: 58,
            articles: 12345,
            foreign_articles: 0,
            incidents: 230,
            since: Some(at("2026-10-03T08:00:00Z")),
            last_success: Some(at("2026-11-25T13:02:00Z")),
        },
        found: 0,
        unknown_country: 0,
        recalled: 0,
        incidents: Vec::new(),
        found_ensembles: 0,
        ensembles: Vec::new(),
    }
}

/// Three incidents: a town without event date, a département with two victims, and a claim whose
/// every text is hostile.
pub fn few_answers() -> Answer {
    let mut answer = nothing_found();
    answer.found = 3;
    answer.found_ensembles = 3;
    answer.filter.sectors.clear();
    answer.asked = "incidents en France".to_owned();
    answer.incidents = vec![dinard(), loiret_view(), hostile()];
    answer
}

/// One incident.
pub fn only(view: View) -> Answer {
    let mut answer = nothing_found();
    answer.found = 1;
    answer.found_ensembles = 1;
    answer.incidents = vec![view];
    answer
}

fn dinard() -> View {
    let mut view = loiret_view();
    view.id = "mairie-de-dinard-2026-11".into();
    view.date = day("2026-11-24");
    view.date_of = DateOf::FirstPublished;
    view.victims = vec![ViewVictim {
        name: "Mairie de Dinard".to_owned(),
        key: "commune:35093".to_owned(),
        sector: Some(Sector::LocalGovernment),
        level: Some(Level::Commune),
        commune: Some("35093".to_owned()),
        commune_name: Some("Dinard".to_owned()),
        departement: Some("35".to_owned()),
        region: Some("53".to_owned()),
        country: Some("FR".to_owned()),
        siren: None,
    }];
    view.level = Some(Level::Commune);
    view.attacks = vec![AttackType::Ddos];
    view.status = Status::Reported;
    view.actor = None;
    view.event_from = None;
    view.event_to = None;
    view.departement = Some("35".to_owned());
    view.region = Some("53".to_owned());
    view.place = Some("Dinard (35)".to_owned());
    view.first_published = at("2026-11-24T08:00:00Z");
    view.last_published = view.first_published;
    view.sources = 1;
    view.articles = vec![article(
        "b1",
        "Le Lanceur",
        "Dinard : le site de la mairie hors ligne",
        "2026-11-24T08:00:00Z",
    )];
    view.history = Vec::new();
    view
}

/// The Loiret of 2023, as a view.
pub fn loiret_view() -> View {
    View {
        id: "departement-du-loiret-2023-11".into(),
        date: day("2023-11-05"),
        date_of: DateOf::Event,
        victims: vec![
            ViewVictim {
                name: "Département du Loiret".to_owned(),
                key: "departement:45".to_owned(),
                sector: Some(Sector::LocalGovernment),
                level: Some(Level::Departement),
                commune: Some("45234".to_owned()),
                commune_name: Some("Orléans".to_owned()),
                departement: Some("45".to_owned()),
                region: Some("24".to_owned()),
                country: Some("FR".to_owned()),
                siren: None,
            },
            ViewVictim {
                name: "SDIS 45".to_owned(),
                key: "sdis:45".to_owned(),
                sector: Some(Sector::LocalGovernment),
                level: Some(Level::FireService),
                commune: None,
                commune_name: None,
                departement: Some("45".to_owned()),
                region: Some("24".to_owned()),
                country: Some("FR".to_owned()),
                siren: None,
            },
        ],
        sector: Some(Sector::LocalGovernment),
        level: Some(Level::Departement),
        attacks: vec![AttackType::Ransomware, AttackType::DataLeak],
        status: Status::Confirmed,
        actor: Some("LockBit".to_owned()),
        event_from: Some(day("2023-11-04")),
        event_to: Some(day("2023-11-05")),
        country: Some("FR".to_owned()),
        departement: Some("45".to_owned()),
        region: Some("24".to_owned()),
        place: Some("Loiret (45)".to_owned()),
        first_published: at("2023-11-06T07:12:00Z"),
        last_published: at("2023-11-15T09:00:00Z"),
        standing: Standing::Reported,
        sources: 2,
        articles: vec![
            article(
                "a1",
                "ICI Orléans",
                "Le Département du Loiret coupé du réseau",
                "2023-11-06T07:12:00Z",
            ),
            article(
                "a2",
                "Le Lanceur",
                "LockBit revendique l'attaque du Loiret",
                "2023-11-15T09:00:00Z",
            ),
        ],
        history: vec![
            Change {
                at: at("2023-11-06T07:12:00Z"),
                article: "a1".into(),
                field: "opened".to_owned(),
                from: String::new(),
                to: "Département du Loiret".to_owned(),
                by: None,
            },
            Change {
                at: at("2023-11-15T09:00:00Z"),
                article: "a2".into(),
                field: "attacks".to_owned(),
                from: "indetermine".to_owned(),
                to: "rancongiciel, fuite".to_owned(),
                by: None,
            },
        ],
        provider: None,
        part_of: None,
        parts: Vec::new(),
    }
}

/// A claim whose every text tries something: formulas, pipes, HTML, escapes, direction marks.
pub fn hostile() -> View {
    let mut view = dinard();
    view.id = "hostile-2026-10".into();
    view.victims = vec![ViewVictim {
        name: "=HYPERLINK(\"x\")|<b>\u{1b}[31m\u{202e}*A*".to_owned(),
        key: "nom:hostile".to_owned(),
        sector: None,
        level: None,
        commune: None,
        commune_name: Some("\t@Ville\nd'en bas".to_owned()),
        departement: None,
        region: None,
        country: None,
        siren: None,
    }];
    view.sector = None;
    view.level = None;
    view.attacks = Vec::new();
    view.status = Status::Claimed;
    view.actor = Some("+1\u{9b}2".to_owned());
    view.country = None;
    view.departement = None;
    view.region = None;
    view.place = None;
    view.articles = vec![article("c1", "-Outlet", "Titre", "2026-10-24T08:00:00Z")];
    view.articles[0].url = "https://presse.example/a)|(b c".to_owned();
    view
}

/// The Loiret of 2023, whole.
pub fn loiret() -> Incident {
    let view = loiret_view();
    let victims: Vec<Victim> = view
        .victims
        .iter()
        .map(|victim| Victim {
            name: victim.name.clone(),
            key: victim.key.as_str().into(),
            sector: victim.sector,
            level: victim.level,
            place: Place {
                commune: victim.commune.clone(),
                commune_name: victim.commune_name.clone(),
                departement: victim.departement.clone(),
                region: victim.region.clone(),
            },
            country: victim.country.clone(),
            siren: victim.siren.clone(),
            confidence: 0.9,
        })
        .collect();
    let evidence = |label: &str, words: &str, zone, assertion, weight| Evidence {
        label: label.to_owned(),
        words: words.to_owned(),
        zone,
        assertion,
        weight,
        start: 0,
    };
    let evidence_of = [
        vec![
            evidence(
                "attack:indetermine",
                "cyberattaque",
                Zone::Title,
                Assertion::Affirmed,
                2.0,
            ),
            evidence(
                "attack:fuite",
                "aucun signal de fuite",
                Zone::Body,
                Assertion::Denied,
                1.5,
            ),
            evidence(
                "victim:departement:45",
                "Département du Loiret",
                Zone::Title,
                Assertion::Affirmed,
                4.0,
            ),
        ],
        vec![
            evidence(
                "attack:rancongiciel",
                "fichiers\u{1b}[2J chiffrés",
                Zone::Lead,
                Assertion::Affirmed,
                3.0,
            ),
            evidence("attack:fuite", "dit avoir volé", Zone::Body, Assertion::Claimed, 2.5),
            evidence(
                "kind:revendication",
                "revendique",
                Zone::Title,
                Assertion::Affirmed,
                3.0,
            ),
        ],
    ];
    let kinds = [ArticleKind::Incident, ArticleKind::Claim];
    let joined = [vec![], vec!["même victime".to_owned(), "9 jours après".to_owned()]];
    Incident {
        id: view.id.clone(),
        attacks: view.attacks.clone(),
        status: view.status,
        actor: view.actor.clone(),
        event: Some(EventDates {
            from: day("2023-11-04"),
            to: day("2023-11-05"),
        }),
        first_published: view.first_published,
        last_published: view.last_published,
        standing: view.standing,
        articles: view
            .articles
            .iter()
            .zip(kinds)
            .zip(evidence_of)
            .zip(joined)
            .map(|(((article, kind), evidence), joined)| ArticleRef {
                id: article.id.clone(),
                outlet: article.outlet.clone(),
                url: article.url.clone(),
                title: article.title.clone(),
                published: article.published,
                kind,
                says: Analysis {
                    language: "fr".to_owned(),
                    kind,
                    tells_incident: true,
                    incident_probability: 0.9,
                    attacks: Vec::new(),
                    victims: Vec::new(),
                    country: None,
                    sector: None,
                    place: Default::default(),
                    status: None,
                    actor: None,
                    event: None,
                    recurrence: false,
                    facts: facts_of(article),
                    recalled: Vec::new(),
                    provider: None,
                    evidence,
                },
                joined,
                part: None,
                imprint: Default::default(),
                founded: Vec::new(),
            })
            .collect(),
        history: view.history,
        former_ids: Vec::new(),
        decided: Default::default(),
        victims,
    }
}

/// The first article tells of another case too, the second that no ransom was asked.
fn facts_of(article: &ViewArticle) -> Vec<Fact> {
    let fact = |told, words: &str, zone, assertion| Fact {
        told,
        words: words.to_owned(),
        zone,
        assertion,
        start: 0,
    };
    let persons = |value| Told::Persons {
        value: Some(value),
        unit: Counted::Persons,
        bound: None,
    };
    let hit = fact(
        persons(33_000_000),
        "33 millions d'assurés",
        Zone::Lead,
        Assertion::Affirmed,
    );
    let other = if article.id.as_str() == "a1" {
        fact(persons(4000), "4 000 agents", Zone::Background, Assertion::Affirmed)
    } else {
        let no_ransom = Told::Ransom {
            value: None,
            unit: None,
            bound: None,
            stance: RansomStance::Asked,
        };
        fact(no_ransom, "aucune rançon", Zone::Body, Assertion::Denied)
    };
    vec![hit, other]
}

/// A small article, explained: a town hall hit, a leak denied, a teaser.
pub fn explained() -> Explained {
    let says = loiret().articles[0].says.clone();
    let passage = |zone, start, text: &str| Passage {
        zone,
        start,
        text: text.to_owned(),
    };
    let mark = |label: &str, words: &str, zone, start, weight| Mark {
        label: label.to_owned(),
        words: words.to_owned(),
        zone,
        assertion: Assertion::Affirmed,
        weight,
        incident: None,
        refused: None,
        start,
    };
    let feature = |feature: &str, adds| FeatureVote {
        feature: feature.to_owned(),
        label: None,
        position: None,
        adds,
    };
    let refused = |what: &str, words: Option<&str>, reason| Refused {
        words: words.map(str::to_owned),
        ..Refused::new(what.to_owned(), reason)
    };
    Explained {
        analysis: Analysis {
            attacks: vec![AttackType::DataLeak],
            status: Some(Status::Confirmed),
            victims: vec![Victim {
                name: "Mairie de Bondy".to_owned(),
                key: VictimKey("commune:93010".to_owned()),
                sector: None,
                level: None,
                place: Place::default(),
                country: None,
                siren: None,
                confidence: 0.9,
            }],
            facts: vec![Fact {
                told: Told::Persons {
                    value: Some(4000),
                    unit: Counted::Persons,
                    bound: None,
                },
                words: "4 000 agents".to_owned(),
                zone: Zone::Lead,
                assertion: Assertion::Affirmed,
                start: 70,
            }],
            ..says
        },
        explanation: Explanation {
            passages: vec![
                passage(Zone::Title, 0, "La mairie de Bondy piratée"),
                passage(Zone::Lead, 28, "Aucune fuite de données, dit-elle aux 4 000 agents."),
                passage(Zone::Teaser, 90, "À lire aussi : rançongiciel à Lille"),
            ],
            marks: vec![
                mark("victim:commune:93010", "mairie de Bondy", Zone::Title, 3, 4.0),
                Mark {
                    incident: Some(0.8),
                    ..mark("attack:intrusion", "piratée", Zone::Title, 19, 6.4)
                },
                mark("attack:indetermine", "piratée", Zone::Title, 19, 4.8),
                Mark {
                    assertion: Assertion::Denied,
                    refused: Some(Reason::Denied),
                    ..mark("attack:fuite", "fuite de données", Zone::Lead, 35, 6.5)
                },
                Mark {
                    refused: Some(Reason::Teaser),
                    ..mark("attack:rancongiciel", "rançongiciel", Zone::Teaser, 106, 0.0)
                },
            ],
            kinds: vec![
                KindVote {
                    kind: "incident".to_owned(),
                    tells_incident: true,
                    probability: 0.93,
                    features: vec![feature("title-attack", 1.9), feature("victim", -0.2)],
                },
                KindVote {
                    kind: "justice-general".to_owned(),
                    tells_incident: false,
                    probability: 0.07,
                    features: vec![feature("bias", 0.4)],
                },
            ],
            decision: Decision {
                tells_incident: true,
                probability: 0.93,
                threshold: 0.4,
                is_unnamed: false,
                veto: None,
                features: vec![
                    FeatureVote {
                        label: Some("attack:intrusion".to_owned()),
                        position: Some("title"),
                        ..feature("piraté*", 0.8)
                    },
                    feature("short", -0.1),
                ],
            },
            refused: vec![
                refused("attack:fuite", Some("fuite de données"), Reason::Denied),
                Refused {
                    features: vec![feature("helper-strict", -1.7)],
                    ..refused("victim:Anssi", None, Reason::NotHit)
                },
                Refused {
                    score: Some(1.2),
                    threshold: Some(3.0),
                    ..refused("attack:rancongiciel", None, Reason::BelowThreshold)
                },
            ],
        },
    }
}

fn article(id: &str, outlet: &str, title: &str, published: &str) -> ViewArticle {
    ViewArticle {
        id: id.into(),
        outlet: outlet.to_owned(),
        title: title.to_owned(),
        url: format!("https://presse.example/{id}"),
        published: at(published),
        kind: ArticleKind::Incident,
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}
