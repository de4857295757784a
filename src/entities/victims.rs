//! Which of the bodies that a text names was hit. Each mention is scored by the words around it
//! (« X victime de », « cyberattaque contre X »), by where it stands, and by repetition; helpers,
//! investigators and towns cited for comparison are held back.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::bodies::{Body, Source};
use super::gazetteer::host_of;
use super::home::Home;
use super::mention::{Area, Mention, What};
use super::reading::Reading;
use super::tokens::Gap;
use super::whereabouts;
use crate::model::analysis::{Assertion, Evidence, Place, Statement, Victim, Zone};
use crate::model::id::VictimKey;
use crate::model::label::Sector;
use crate::text::fold::slug;

/// Below this score nobody is named as the victim. Tuned on labelled press.
const MAIN_THRESHOLD: f32 = 2.4;
/// A second victim needs its own syntax, and this share of the main one's score.
const SECOND_SHARE: f32 = 0.6;
/// The same for a public body of the main one's département: a town and its agglomération, a
/// département and its fire service.
const KIN_SHARE: f32 = 0.45;
/// What a town's name loses that is only the place of something.
const PLACE_ONLY: f32 = 2.5;
/// What a body loses that no attack statement governs and that announces nothing.
const UNGOVERNED: f32 = 0.6;
/// The score of an area that the headline says was hit, for the body that the text names too.
const AREA_HIT: f32 = 3.0;
/// What a département's or région's body gains when its area stands at the headline's head.
const AREA_IN_TITLE: f32 = 1.5;
/// Most victims that one article may have: a wave of attacks, not a list of customers.
const MOST_VICTIMS: usize = 12;

/// Attack words of one sentence that are compared with a name; nobody writes more.
const ATTACKS_READ: usize = 64;
/// Bodies cited that are reported.
const MOST_CITED: usize = 50;
/// Asides after a name that are stepped over; nobody writes more.
const MOST_ASIDES: usize = 16;

/// The victims, main first, then the other bodies named, with the words that decided.
pub(super) struct Verdict {
    pub victims: Vec<Victim>,
    pub cited: Vec<Victim>,
    pub evidence: Vec<Evidence>,
}

/// A body with all its mentions.
struct Candidate {
    body: Body,
    /// Score of each mention, best first.
    scores: Vec<f32>,
    /// The sentences where a mention stands in a victim's place.
    governed: BTreeSet<usize>,
    /// Whether it is said to be hit besides another: « lui aussi touché ».
    also: bool,
    /// Whether it confirms, announces, files a complaint...
    announces: bool,
    /// Whether some mention is more than a town's name after « à ».
    is_named: bool,
    /// The best mention and its score.
    best: Mention,
    best_score: f32,
    first: usize,
}

/// Decides.
pub(super) fn victims(reading: &Reading<'_>, statements: &[Statement], published_year: i16, url: &str) -> Verdict {
    let attacks = attack_spans(reading, statements);
    let home = Home::of(reading);
    let suffix = title_suffix(reading);
    let other_years = sentences_of_other_years(reading, published_year);
    let roles = roles(reading, &attacks);
    let mut candidates: BTreeMap<String, Candidate> = BTreeMap::new();
    for (mention, role) in reading.mentions.iter().zip(&roles) {
        let zone = reading.zone(mention);
        if zone == Zone::Teaser {
            continue;
        }
        let body = match &mention.what {
            What::Body(body) => body.clone(),
            What::Head(cue) => match home.body(reading, *cue) {
                Some(body) if zone != Zone::Background => body,
                _ => continue,
            },
            _ => continue,
        };
        if suffix.contains(&mention.tokens.start) {
            continue;
        }
        let (mut score, by_syntax) = score(reading, mention, &body, *role, &attacks, &other_years);
        if matches!(mention.what, What::Head(_)) && home.in_title {
            score += if zone == Zone::Title { 0.5 } else { 1.5 };
        }
        if body.source == Source::Open && !is_surely_a_name(reading, mention, by_syntax) {
            continue;
        }
        // An outlet speaks of itself in every article.
        if body.source != Source::Cue && is_outlet(&body.name, url) && !(by_syntax && zone == Zone::Title) {
            continue;
        }
        if body.sector == Some(Sector::MediaCulture) && body.source != Source::Cue && !by_syntax {
            score -= 2.0;
        }
        let candidate = candidates.entry(body.key.clone()).or_insert_with(|| Candidate {
            body: body.clone(),
            scores: Vec::new(),
            governed: BTreeSet::new(),
            also: false,
            announces: false,
            is_named: false,
            best: mention.clone(),
            best_score: score,
            first: mention.tokens.start,
        });
        if score > candidate.best_score {
            candidate.best = mention.clone();
            candidate.best_score = score;
        }
        candidate.scores.push(score);
        candidate.is_named |= body.source != Source::Town
            || (by_syntax && (role.object || role.subject))
            || stands_for_itself(reading, mention, *role);
        candidate.announces |= body.helper == 0 && announces(reading, mention);
        if by_syntax {
            candidate.governed.insert(mention.sentence);
            candidate.also |= role.subject && is_said_also(reading, mention);
        }
        if candidate.body.source == Source::Town && body.source == Source::Cue {
            candidate.body = body;
        }
    }
    let mut candidates = join_unplaced(candidates);
    for (key, sentence) in areas_hit(reading, &attacks) {
        if let Some(candidate) = candidates.get_mut(&key) {
            candidate.scores.push(AREA_HIT);
            candidate.governed.insert(sentence);
        }
    }
    let areas_of_title = areas_of_title(reading);
    for candidate in candidates.values_mut() {
        if !areas_of_title.contains(&candidate.body.key) {
            continue;
        }
        candidate.scores.iter_mut().for_each(|score| *score += AREA_IN_TITLE);
        // « La Normandie paralysée », « les lycées aussi »: the Région first.
        if candidate.body.key.starts_with("lycee:") {
            candidate
                .scores
                .iter_mut()
                .for_each(|score| *score -= 2.0 * AREA_IN_TITLE);
        }
    }
    let title_sectors = title_sectors(reading);
    let is_about_hospitals = title_sectors.contains(&Sector::Health) && speaks_of_hospitals(reading);
    let named_hospitals: BTreeMap<String, String> = candidates
        .values()
        .filter(|candidate| candidate.body.sector == Some(Sector::Health))
        .map(|candidate| (candidate.body.key.clone(), candidate.body.name.clone()))
        .collect();
    let mut ranked: Vec<(f32, Candidate)> = candidates
        .into_values()
        .map(|mut candidate| {
            candidate.scores.sort_by(|a, b| b.total_cmp(a));
            let rest: f32 = candidate
                .scores
                .iter()
                .skip(1)
                .take(4)
                .map(|score| score.clamp(0.0, 3.0))
                .sum();
            let mut score = candidate.scores[0] + 0.25 * rest;
            // A town that no « mairie » makes a body, under a headline about patients or pupils:
            // its hospital or school is meant.
            if candidate.body.source == Source::Town && !title_sectors.is_empty() {
                match home.health_body(reading, &candidate.body) {
                    Some(mut hospital) if is_about_hospitals => {
                        if let Some(name) = named_hospitals.get(&hospital.key) {
                            hospital.name.clone_from(name);
                        }
                        candidate.body = hospital;
                        candidate.is_named = true;
                    }
                    _ => score -= 2.0,
                }
            }
            if !candidate.is_named {
                score -= PLACE_ONLY;
            }
            let is_loose = !matches!(candidate.body.source, Source::Cue | Source::Listed);
            if is_loose && candidate.governed.is_empty() && !candidate.announces {
                score -= UNGOVERNED;
            }
            (score, candidate)
        })
        .collect();
    ranked.sort_by(|(a, left), (b, right)| b.total_cmp(a).then(left.first.cmp(&right.first)));
    let mut verdict = Verdict {
        victims: Vec::new(),
        cited: Vec::new(),
        evidence: Vec::new(),
    };
    let best = ranked.first().map_or(0.0, |(score, _)| *score);
    let main_sentences = ranked
        .first()
        .map_or_else(BTreeSet::new, |(_, main)| main.governed.clone());
    for (rank, (score, candidate)) in ranked.into_iter().enumerate() {
        let hit = if rank == 0 {
            score >= MAIN_THRESHOLD
        } else {
            score >= MAIN_THRESHOLD
                && is_hit_with(&verdict.victims, &candidate, &main_sentences, score / best)
                && verdict.victims.len() < MOST_VICTIMS
                && !verdict.victims.is_empty()
                && candidate.body.source != Source::Open
        };
        if hit {
            let victim = victim(reading, &candidate, &home, score, url);
            let token = &reading.tokens[candidate.best.tokens.start];
            verdict.evidence.push(Evidence {
                label: format!("victim:{}", victim.key),
                words: reading.written(&candidate.best.tokens).to_owned(),
                zone: reading.zone(&candidate.best),
                assertion: Assertion::Affirmed,
                weight: score,
                start: token.original.start,
            });
            verdict.victims.push(victim);
        } else if candidate.body.source != Source::Open && verdict.cited.len() < MOST_CITED {
            verdict.cited.push(Victim {
                name: candidate.body.name.clone(),
                key: VictimKey(candidate.body.key.clone()),
                sector: candidate.body.sector,
                level: candidate.body.level,
                place: candidate.body.place.clone(),
                country: candidate.body.country.clone().filter(|code| code != "XX"),
                confidence: 0.0,
            });
        }
    }
    verdict
}

/// « Centre hospitalier Simone-Veil » without a place is the one hospital that the text places.
fn join_unplaced(mut candidates: BTreeMap<String, Candidate>) -> BTreeMap<String, Candidate> {
    let is_house =
        |body: &Body| body.source != Source::Town && matches!(body.sector, Some(Sector::Health | Sector::Education));
    let placed: Vec<(String, Option<Sector>)> = candidates
        .values()
        .filter(|candidate| is_house(&candidate.body) && candidate.body.place.commune.is_some())
        .map(|candidate| (candidate.body.key.clone(), candidate.body.sector))
        .collect();
    let unplaced: Vec<String> = candidates
        .values()
        .filter(|candidate| {
            let body = &candidate.body;
            is_house(body)
                && matches!(body.source, Source::Cue | Source::Listed)
                && body.key.starts_with("nom:")
                && body.place.departement.is_none()
        })
        .map(|candidate| candidate.body.key.clone())
        .collect();
    if let ([(target, sector)], [only]) = (placed.as_slice(), unplaced.as_slice())
        && candidates[only].body.sector == *sector
        && let Some(from) = candidates.remove(only)
        && let Some(to) = candidates.get_mut(target)
    {
        to.scores.extend(from.scores);
        to.governed.extend(from.governed);
        to.announces |= from.announces;
        to.is_named |= from.is_named;
    }
    candidates
}

/// « La Normandie, cinquième collectivité paralysée »: the keys of the bodies whose area is the
/// headline's subject, with the sentence.
fn areas_hit(reading: &Reading<'_>, attacks: &[Attack]) -> Vec<(String, usize)> {
    reading
        .mentions
        .iter()
        .filter(|mention| reading.zone(mention) == Zone::Title)
        .filter_map(|mention| {
            let key = match mention.what {
                What::Area(Area::Departement(index)) => {
                    format!(
                        "departement:{}",
                        reading.gazetteer.departements[usize::from(index)].code
                    )
                }
                What::Area(Area::Region(index)) => {
                    format!("region:{}", reading.gazetteer.regions[usize::from(index)].code)
                }
                _ => return None,
            };
            let is_dateline = reading
                .tokens
                .get(mention.tokens.end)
                .is_some_and(|next| next.after_colon);
            let is_subject = heads_title(reading, mention)
                && !is_dateline
                && is_subject(reading, mention, !attacks_of(attacks, mention.sentence).is_empty());
            is_subject.then_some((key, mention.sentence))
        })
        .collect()
}

/// « La Normandie, cinquième collectivité paralysée »: the keys of the bodies of the areas at the
/// headline's head.
fn areas_of_title(reading: &Reading<'_>) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for mention in &reading.mentions {
        let is_head = reading.zone(mention) == Zone::Title
            && heads_title(reading, mention)
            && !matches!(reading.word(mention.tokens.start.wrapping_sub(1)), "en" | "dans" | "au");
        if !is_head {
            continue;
        }
        match mention.what {
            What::Area(Area::Departement(index)) => {
                let code = &reading.gazetteer.departements[usize::from(index)].code;
                keys.insert(format!("departement:{code}"));
            }
            What::Area(Area::Region(index)) => {
                let code = &reading.gazetteer.regions[usize::from(index)].code;
                keys.insert(format!("region:{code}"));
                keys.insert(format!("lycee:{code}"));
            }
            _ => {}
        }
    }
    keys
}

/// Whether a further body was hit in the same attack: one statement governs both (« la ville et
/// l'agglomération », a list of towns), or it is kin of the main victim and « elle aussi » hit.
fn is_hit_with(victims: &[Victim], candidate: &Candidate, main_sentences: &BTreeSet<usize>, share: f32) -> bool {
    let body = &candidate.body;
    let is_kin = victims.first().is_some_and(|main| {
        main.sector == Some(Sector::LocalGovernment)
            && body.sector == Some(Sector::LocalGovernment)
            && main.place.departement.is_some()
            && main.place.departement == body.place.departement
    });
    // A département and its fire service share their machines.
    let is_fire_service = victims.first().is_some_and(|main| {
        let of = |key: &str, kind: &str| key.strip_prefix(kind).map(str::to_owned);
        let (main, other) = (main.key.as_str(), body.key.as_str());
        let departement = of(main, "departement:").or_else(|| of(main, "sdis:"));
        departement.is_some() && departement == of(other, "sdis:").or_else(|| of(other, "departement:"))
    });
    if is_kin && (candidate.also || (is_fire_service && !candidate.governed.is_empty())) {
        return true;
    }
    let is_governed = candidate
        .governed
        .iter()
        .any(|sentence| main_sentences.contains(sentence));
    is_governed && share >= if is_kin { KIN_SHARE } else { SECOND_SHARE }
}

/// « est lui aussi touché », « a également été visée ».
fn is_said_also(reading: &Reading<'_>, mention: &Mention) -> bool {
    reading
        .from(mention.tokens.end, mention.sentence)
        .take(24)
        .any(|index| match reading.word(index) {
            "aussi" => matches!(
                reading.word(index - 1),
                "lui" | "elle" | "eux" | "elles" | "est" | "sont" | "a" | "ont"
            ),
            "egalement" | "pareillement" => true,
            _ => false,
        })
}

/// Whether hospitals are spoken of anywhere: « patients » alone may be those of a surgery.
fn speaks_of_hospitals(reading: &Reading<'_>) -> bool {
    (0..reading.tokens.len()).any(|index| {
        let word = reading.word(index);
        word.starts_with("hopita") || word.starts_with("hospitali") || matches!(word, "chu" | "chru" | "urgences")
    })
}

/// The sectors that the headline's words tell, other than local government.
fn title_sectors(reading: &Reading<'_>) -> BTreeSet<Sector> {
    reading
        .mentions
        .iter()
        .filter(|mention| reading.zone(mention) == Zone::Title)
        .filter_map(|mention| match mention.what {
            What::SectorWord(sector) => Some(sector),
            What::Head(cue) => reading.gazetteer.cues[usize::from(cue)].sector,
            _ => None,
        })
        .filter(|sector| matches!(sector, Sector::Health | Sector::Education))
        .collect()
}

/// The words of an attack that counts.
struct Attack {
    tokens: Range<usize>,
    sentence: usize,
}

fn attack_spans(reading: &Reading<'_>, statements: &[Statement]) -> Vec<Attack> {
    let mut attacks: Vec<Attack> = statements
        .iter()
        .filter(|statement| statement.assertion.counts() && statement.zone != Zone::Teaser)
        .map(|statement| {
            let start = reading
                .tokens
                .partition_point(|token| token.original.end <= statement.start);
            let end = reading
                .tokens
                .partition_point(|token| token.original.start < statement.end);
            Attack {
                tokens: start..end.max(start),
                sentence: statement.sentence,
            }
        })
        .collect();
    attacks.sort_by_key(|attack| attack.sentence);
    attacks
}

const ATTACKING: &[&str] = &[
    "visant",
    "ciblant",
    "touchant",
    "frappant",
    "contre",
    "vise",
    "cible",
    "touche",
    "frappe",
    "paralyse",
    "affecte",
    "affectant",
    "perturbe",
    "visait",
    "visent",
    "touchent",
    "frappent",
    "paralysant",
    "pirate",
    "piratent",
    "hacke",
    "infiltre",
    "penetre",
    "encontre",
    "menace",
    "visee",
    "attaquent",
    "compromet",
    "secoue",
    "ebranle",
    "subie",
    "sanctionne",
    "frapper",
    "viser",
    "toucher",
    "pirater",
    "cibler",
    "attaquer",
    "hacker",
    "infiltrer",
    "paralyser",
    "compromettre",
    "met",
    "prive",
    "plonge",
    "contraint",
    "oblige",
    "bloque",
    "prend",
    "prennent",
    "prendre",
];
const PASSIVE: &[&str] = &[
    "vise",
    "visee",
    "vises",
    "visees",
    "touche",
    "touchee",
    "touches",
    "touchees",
    "pirate",
    "piratee",
    "concerne",
    "concernee",
    "concernes",
    "concernees",
    "pirates",
    "piratees",
    "cible",
    "ciblee",
    "cibles",
    "ciblees",
    "attaque",
    "attaquee",
    "attaques",
    "attaquees",
    "frappe",
    "frappee",
    "frappes",
    "frappees",
    "paralyse",
    "paralysee",
    "paralyses",
    "paralysees",
    "hacke",
    "hackee",
    "hackes",
    "hackees",
    "compromis",
    "compromise",
    "confronte",
    "confrontee",
    "confrontes",
    "confrontees",
    "perturbe",
    "perturbee",
    "impacte",
    "impactee",
    "impactes",
    "impactees",
    "infecte",
    "infectee",
    "affecte",
    "affectee",
    "chiffre",
    "bloque",
    "bloquee",
    "ranconne",
    "percee",
    "vole",
    "voles",
    "volees",
    "derobees",
    "exposees",
    "divulguees",
];
const PLAIN_PASSIVE: &[&str] = &[
    "victime",
    "victimes",
    "subi",
    "subit",
    "subissent",
    "subie",
    "subir",
    "proie",
    "essuie",
    "essuye",
    "objet",
    "face",
    "epingle",
    "deplore",
    "encaisse",
    "perd",
    "alerte",
    "devoile",
];
const ANNOUNCING: &[&str] = &[
    "confirme",
    "annonce",
    "reconnait",
    "revele",
    "informe",
    "dement",
    "alerte",
    "admet",
    "avertit",
    "previent",
    "minimise",
    "rassure",
    "notifie",
    "signale",
    "met",
    "porte",
    "depose",
    "refuse",
    "sort",
    "tente",
    "reprend",
    "retrouve",
    "remet",
    "peine",
    "deplore",
    "regrette",
    "evoque",
    "tourne",
    "fonctionne",
    "confirment",
    "appelle",
    "paie",
    "detaille",
    "affirme",
    "enquete",
    "reagit",
];
const ASSETS: &[&str] = &[
    "bureaux",
    "employes",
    "personnels",
    "residents",
    "informations",
    "fichiers",
    "donnees",
    "clients",
    "client",
    "site",
    "sites",
    "serveurs",
    "serveur",
    "systemes",
    "systeme",
    "reseau",
    "reseaux",
    "utilisateurs",
    "abonnes",
    "informatique",
    "informatiques",
    "comptes",
    "compte",
    "usagers",
    "patients",
    "fichier",
    "fichiers",
    "base",
    "bases",
    "agents",
    "services",
    "service",
    "victime",
    "cible",
    "messagerie",
    "logiciel",
    "plateforme",
    "application",
    "etudiants",
    "habitants",
    "salaries",
    "adherents",
    "licencies",
    "magasins",
    "usines",
    "eleves",
    "membres",
    "bilan",
    "piratage",
    "attaque",
    "agression",
    "assaut",
    "virus",
    "intrusion",
    "fuite",
    "sein",
    "informaticiens",
    "ordinateurs",
    "portail",
    "machines",
    "annuaire",
    "imprimantes",
    "ecrans",
    "postes",
];
const HOLDING_BACK: &[&str] = &[
    "selon",
    "apres",
    "comme",
    "instar",
    "outre",
    "aupres",
    "par",
    "aide",
    "notamment",
    "avant",
    "rappelle",
    "explique",
    "precise",
    "contrairement",
    "sauf",
    "hormis",
    "expert",
    "chercheur",
    "analyste",
    "avec",
    "via",
    "sur",
    "depuis",
    "pendant",
    "durant",
    "lors",
];
const ARTICLES: &[&str] = &[
    "la",
    "le",
    "les",
    "l",
    "un",
    "une",
    "de",
    "du",
    "des",
    "d",
    "a",
    "au",
    "aux",
    "chez",
    "sur",
    "dans",
    "en",
    "cette",
    "ce",
    "ses",
    "plusieurs",
];
/// Words that introduce a name without changing who it is: « le groupe X », « l'éditeur X ».
const INTRODUCTIONS: &[&str] = &[
    "societe",
    "groupe",
    "editeur",
    "enseigne",
    "entreprise",
    "plateforme",
    "operateur",
    "association",
    "federation",
    "hebergeur",
    "prestataire",
    "constructeur",
    "geant",
    "marque",
    "compagnie",
    "banque",
    "mutuelle",
    "assureur",
    "distributeur",
    "site",
    "application",
    "start",
    "up",
    "startup",
    "pme",
    "fournisseur",
    "bailleur",
    "club",
    "cabinet",
    "filiale",
    "conglomerat",
    "fabricant",
    "specialiste",
    "leader",
    "reseau",
    "service",
    "logiciel",
    "chaine",
    "hotel",
    "laboratoire",
    "fondation",
    "cooperative",
    "transporteur",
    "francais",
    "francaise",
    "americain",
    "americaine",
    "britannique",
    "sous",
    "traitant",
    "systeme",
    "infrastructure",
    "infrastructures",
];

/// The score of one mention, and whether it stands in a victim's place.
fn score(
    reading: &Reading<'_>,
    mention: &Mention,
    body: &Body,
    role: Role,
    attacks: &[Attack],
    other_years: &BTreeSet<usize>,
) -> (f32, bool) {
    let zone = reading.zone(mention);
    let in_sentence = attacks_of(attacks, mention.sentence);
    let mut score = 0.0;
    let mut by_syntax = false;
    if role.object {
        score += 3.0;
        by_syntax = true;
    }
    if role.subject {
        score += 3.0;
        by_syntax = true;
    }
    if !by_syntax && role.owner {
        score += 1.2;
        by_syntax |= !in_sentence.is_empty();
    }
    if body.helper == 0 && announces(reading, mention) && (!in_sentence.is_empty() || zone == Zone::Title) {
        score += 1.2;
    }
    if !in_sentence.is_empty() {
        score += 0.8;
    }
    let is_head = zone == Zone::Title && heads_title(reading, mention) && !is_locative(reading, mention);
    score += match zone {
        Zone::Title => 2.2,
        Zone::Lead => 1.0,
        Zone::Body => 0.3,
        Zone::Background => -2.0,
        Zone::Teaser => -9.0,
    };
    if is_head {
        score += 1.2;
    }
    score += match body.source {
        Source::Cue if zone == Zone::Title => 1.2,
        Source::Cue => 0.8,
        Source::Listed => 0.5,
        Source::ListedCareful => -0.3,
        Source::Town => 0.0,
        Source::Open => -0.4,
    };
    if body.helper > 0 {
        score -= if by_syntax || (is_head && body.helper == 2) {
            0.8
        } else {
            4.0
        };
        if body.helper == 1 {
            score -= 1.0;
        }
    }
    // « les lycées de la région »: the lycées are meant.
    if completes_another(reading, mention) {
        score -= 3.0;
        by_syntax = false;
    }
    let is_held_back = is_held_back(reading, mention)
        || is_likened_to(reading, mention)
        || (zone != Zone::Title && by_syntax && follows_another_case(reading, mention))
        || is_likened(reading, mention);
    if is_held_back {
        score -= 2.5;
    }
    if zone != Zone::Title && other_years.contains(&mention.sentence) {
        score -= 1.5;
    }
    (score, by_syntax && !is_held_back)
}

fn attacks_of(attacks: &[Attack], sentence: usize) -> Vec<&Attack> {
    let first = attacks.partition_point(|attack| attack.sentence < sentence);
    attacks[first..]
        .iter()
        .take_while(|attack| attack.sentence == sentence)
        .take(ATTACKS_READ)
        .collect()
}

/// The place of a mention in its sentence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Role {
    /// « cyberattaque contre X ».
    object: bool,
    /// « X victime de ».
    subject: bool,
    /// « les serveurs de X ».
    owner: bool,
}

/// The roles of all mentions. Members of a list share theirs: « les sites de X, Y et Z visés ».
fn roles(reading: &Reading<'_>, attacks: &[Attack]) -> Vec<Role> {
    let mut roles: Vec<Role> = reading
        .mentions
        .iter()
        .map(|mention| {
            if !matches!(mention.what, What::Body(_) | What::Head(_)) {
                return Role::default();
            }
            let in_sentence = attacks_of(attacks, mention.sentence);
            let is_locative = is_locative(reading, mention);
            Role {
                // « cyberattaque à Lille », but not « le pirate, jugé à Lille ».
                object: is_object(reading, mention, &in_sentence) && (!is_locative || stands_at(mention, &in_sentence)),
                subject: !is_locative && is_subject(reading, mention, !in_sentence.is_empty()),
                owner: owns_what_was_hit(reading, mention),
            }
        })
        .collect();
    for index in 1..roles.len() {
        let before = roles[index - 1];
        if (before.object || before.owner) && are_listed_together(reading, index - 1, index) {
            roles[index].object |= before.object;
            roles[index].owner |= before.owner;
        }
    }
    for index in (1..roles.len()).rev() {
        if roles[index].subject && are_listed_together(reading, index - 1, index) {
            roles[index - 1].subject = true;
        }
    }
    roles
}

/// Whether nothing but a preposition stands between an attack and the name.
fn stands_at(mention: &Mention, attacks: &[&Attack]) -> bool {
    attacks
        .iter()
        .any(|attack| attack.tokens.end <= mention.tokens.start && mention.tokens.start - attack.tokens.end <= 2)
}

/// « X et Y », « X, Y »: two bodies with nothing but links between them.
fn are_listed_together(reading: &Reading<'_>, left: usize, right: usize) -> bool {
    let (left, right) = (&reading.mentions[left], &reading.mentions[right]);
    let (start, end) = (left.tokens.end, right.tokens.start);
    let is_body = |mention: &Mention| match &mention.what {
        What::Body(body) => body.source != Source::Open && body.helper == 0,
        What::Head(_) => true,
        _ => false,
    };
    if left.sentence != right.sentence || !is_body(left) || !is_body(right) || end < start || end - start > 4 {
        return false;
    }
    let between = &reading.document.text[reading.tokens[start - 1].original.end..reading.tokens[end].original.start];
    let is_joined = between.contains(',') || (start..end).any(|index| reading.word(index) == "et");
    is_joined
        && !between.contains(['.', ':', ';', '(', ')'])
        && (start..end).all(|index| {
            matches!(
                reading.word(index),
                "et" | "la"
                    | "le"
                    | "l"
                    | "les"
                    | "de"
                    | "du"
                    | "des"
                    | "d"
                    | "ainsi"
                    | "que"
                    | "celle"
                    | "celui"
                    | "son"
                    | "sa"
            )
        })
}

/// « à Brest », « dans la ville de Lyon », « près de Dax »: where, not who.
fn is_locative(reading: &Reading<'_>, mention: &Mention) -> bool {
    if !matches!(&mention.what, What::Body(body) if body.source == Source::Town) {
        return false;
    }
    let start = mention.tokens.start;
    let is_place = |word: &str| matches!(word, "a" | "au" | "aux" | "dans" | "pres" | "vers" | "depuis" | "entre");
    if is_place(reading.word(start)) {
        return true;
    }
    let mut before = reading.before(start).map(|index| reading.word(index));
    let previous = before.next().unwrap_or("");
    is_place(previous) || (previous == "de" && is_place(before.next().unwrap_or("")))
}

/// Whether a name is the one of the site at this address.
fn is_outlet(name: &str, url: &str) -> bool {
    let letters = |text: &str| slug(text).replace('-', "");
    let name = letters(name);
    let site: String = host_of(url).split('.').map(letters).collect();
    name.len() >= 3 && site.contains(&name)
}

/// « Caen au ralenti après le piratage », « les services de La Rochelle » in a headline; not
/// « Gien : », which only tells where.
fn stands_for_itself(reading: &Reading<'_>, mention: &Mention, role: Role) -> bool {
    let is_dateline = reading
        .tokens
        .get(mention.tokens.end)
        .is_some_and(|next| next.after_colon);
    reading.zone(mention) == Zone::Title
        && !is_locative(reading, mention)
        && ((heads_title(reading, mention) && !is_dateline) || role.owner)
}

/// Whether capitalised words that no list has name somebody. At the head of a sentence a capital
/// proves nothing: there the word must be written so elsewhere, or be at once the subject.
fn is_surely_a_name(reading: &Reading<'_>, mention: &Mention, by_syntax: bool) -> bool {
    let start = mention.tokens.start;
    if is_person_or_place(reading, mention) {
        return false;
    }
    let in_title = reading.zone(mention) == Zone::Title && reading.is_name_elsewhere(start) && {
        heads_title(reading, mention) || announces(reading, mention)
    };
    if !reading.is_sentence_start(start) {
        return by_syntax || in_title;
    }
    let written = reading.written(&mention.tokens);
    let has_inner_capital = mention.tokens.len() == 1 && written.chars().skip(1).any(char::is_uppercase);
    // « DXS affirme avoir contenu l'incident ».
    if has_inner_capital && reading.zone(mention) == Zone::Title && announces(reading, mention) {
        return true;
    }
    if mention.tokens.len() > 1 || has_inner_capital || (reading.is_name_elsewhere(start) && !is_noun_of_act(written)) {
        return by_syntax || in_title;
    }
    let next = reading.word(mention.tokens.end);
    by_syntax
        && (matches!(next, "a" | "est" | "dit" | "s" | "se" | "ne" | "n")
            || PLAIN_PASSIVE.contains(&next)
            || ANNOUNCING.contains(&next)
            || (PASSIVE.contains(&next) && is_participle(reading, mention.tokens.end)))
}

/// « le général X », « basé dans le X », « 23h »: no organisation.
fn is_person_or_place(reading: &Reading<'_>, mention: &Mention) -> bool {
    let start = mention.tokens.start;
    let first = reading.word(start);
    if first.starts_with(|c: char| c.is_ascii_digit())
        && first.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('h')
    {
        return true;
    }
    let mut before = reading
        .before(start)
        .map(|index| reading.word(index))
        .skip_while(|word| matches!(*word, "le" | "la" | "l" | "les"));
    let previous = before.next().unwrap_or("");
    // « X, à Dax, »: an aside tells where.
    let is_aside = start > 0
        && reading.word(start - 1) == "a"
        && reading.tokens[start - 1].gap == Gap::Break
        && !reading.is_sentence_start(start - 1);
    is_aside
        || PERSONS.contains(&previous)
        || (matches!(previous, "a" | "au" | "dans" | "en" | "de")
            && before.next().is_some_and(|word| {
                matches!(
                    word,
                    "base"
                        | "basee"
                        | "bases"
                        | "basees"
                        | "situe"
                        | "situee"
                        | "implante"
                        | "implantee"
                        | "installe"
                        | "installee"
                        | "siege"
                        | "siegeant"
                        | "nord"
                        | "sud"
                        | "est"
                        | "ouest"
                )
            }))
}

/// Nouns of acts and states begin headlines: « Enlèvement », « Confirmation », « Rentabilité ».
fn is_noun_of_act(written: &str) -> bool {
    let lower = written.to_lowercase();
    lower.chars().count() >= 7
        && [
            "ment", "ments", "tion", "tions", "sion", "sions", "ité", "ités", "age", "ages", "isme", "ance", "ence",
        ]
        .iter()
        .any(|ending| lower.ends_with(ending))
}

/// Words before a person's name.
const PERSONS: &[&str] = &[
    "general",
    "colonel",
    "capitaine",
    "commandant",
    "adjudant",
    "lieutenant",
    "maire",
    "president",
    "presidente",
    "ministre",
    "depute",
    "deputee",
    "senateur",
    "senatrice",
    "directeur",
    "directrice",
    "docteur",
    "dr",
    "professeur",
    "me",
    "maitre",
    "madame",
    "monsieur",
    "m",
    "mme",
    "procureur",
    "procureure",
    "juge",
    "expert",
    "experte",
    "chercheur",
    "chercheuse",
    "journaliste",
    "porte",
    "parole",
    "pdg",
    "dg",
    "rssi",
    "fondateur",
    "cofondateur",
    "nomme",
    "prenomme",
    "surnomme",
    "alias",
    "pseudonyme",
    "pseudo",
    "elu",
    "elue",
];

/// « cyberattaque contre X », « fuite de données chez X », « les pirates visent X ».
fn is_object(reading: &Reading<'_>, mention: &Mention, attacks: &[&Attack]) -> bool {
    let mut steps = 0;
    let mut linked = starts_with_link(reading, mention.tokens.start);
    for index in reading.before(mention.tokens.start) {
        let word = reading.word(index);
        let next_gap = reading.tokens.get(index + 1).map_or(Gap::Break, |token| token.gap);
        if next_gap == Gap::Break && steps > 0 && !is_quote_only(reading, index) {
            // « Cyberattaque : X victime » is another pattern; a comma ends this one.
            return false;
        }
        if attacks.iter().any(|attack| attack.tokens.contains(&index)) {
            // Headlines leave the link out: « Fuite de données Krimovia ».
            return linked || (steps == 0 && is_telegraphic(reading, mention));
        }
        // « s'en prend à X », not « prend X ».
        if word.starts_with("pren") && reading.word(index.wrapping_sub(1)) != "en" {
            return false;
        }
        if ATTACKING.contains(&word) && (!is_participle(reading, index) || is_active(reading, index)) {
            return true;
        }
        if word == "par" || HOLDING_BACK.contains(&word) && word != "sur" {
            return false;
        }
        if ARTICLES.contains(&word) {
            linked |= !matches!(
                word,
                "la" | "le" | "les" | "l" | "un" | "une" | "cette" | "ce" | "ses" | "plusieurs"
            );
        } else if !(INTRODUCTIONS.contains(&word) || ASSETS.contains(&word) || is_adjective(word)) {
            steps += 2;
        }
        steps += 1;
        if steps > 6 {
            return false;
        }
    }
    false
}

fn is_telegraphic(reading: &Reading<'_>, mention: &Mention) -> bool {
    reading.zone(mention) == Zone::Title
        && reading.tokens[mention.tokens.start].gap == Gap::Soft
        && matches!(&mention.what, What::Body(body) if matches!(body.source, Source::Open | Source::Listed | Source::ListedCareful))
}

fn is_adjective(word: &str) -> bool {
    matches!(
        word,
        "informatique"
            | "informatiques"
            | "massive"
            | "massif"
            | "majeure"
            | "grande"
            | "ampleur"
            | "importante"
            | "geante"
            | "personnelles"
            | "bancaires"
            | "medicales"
            | "sensibles"
            | "qui"
            | "a"
            | "ont"
            | "ayant"
            | "vaste"
            | "nouvelle"
            | "nouveau"
            | "autre"
            | "numerique"
            | "plein"
            | "coeur"
            | "internet"
            | "web"
            | "officiel"
            | "officiels"
            | "enorme"
            | "mondiale"
            | "inedite"
    )
}

fn starts_with_link(reading: &Reading<'_>, at: usize) -> bool {
    matches!(reading.word(at), "du" | "au" | "des" | "aux")
}

fn is_quote_only(reading: &Reading<'_>, index: usize) -> bool {
    let (Some(left), Some(right)) = (reading.tokens.get(index), reading.tokens.get(index + 1)) else {
        return false;
    };
    left.original.end <= right.original.start
        && reading.document.text[left.original.end..right.original.start]
            .chars()
            .all(|c| c.is_whitespace() || matches!(c, '"' | '«' | '»' | '“' | '”'))
}

/// Whether the word as written ends in -é(e)(s): folding hides what tells « piraté » from « pirate ».
fn is_participle(reading: &Reading<'_>, index: usize) -> bool {
    let written = reading.written(&(index..index + 1)).to_lowercase();
    ["é", "ée", "és", "ées"].iter().any(|ending| written.ends_with(ending))
}

/// « a piraté X », « ont visé X »: a participle after « avoir » that is not « a été ».
fn is_active(reading: &Reading<'_>, index: usize) -> bool {
    let written = reading.written(&(index..index + 1)).to_lowercase();
    index > 0
        && written.ends_with('é')
        && matches!(
            reading.word(index - 1),
            "a" | "ont" | "avoir" | "aurait" | "auraient" | "ayant" | "avait" | "avaient"
        )
}

/// « X victime de », « X, visée par », « X a été piratée », « X subit ».
fn is_subject(reading: &Reading<'_>, mention: &Mention, has_attack: bool) -> bool {
    let mut steps = 0;
    let mut aside_until = 0;
    let mut asides = 0;
    for index in reading.from(mention.tokens.end, mention.sentence) {
        let word = reading.word(index);
        if index < aside_until {
            continue;
        }
        // « X, dont le réseau est partagé avec Y, est touché »: the aside is stepped over.
        if asides < MOST_ASIDES
            && reading.tokens[index].gap == Gap::Break
            && ASIDE_OPENERS.contains(&word)
            && let Some(end) = end_of_aside(reading, index, mention.sentence)
        {
            aside_until = end;
            asides += 1;
            continue;
        }
        let is_plain = PLAIN_PASSIVE.contains(&word);
        let is_marked = PASSIVE.contains(&word)
            && (is_participle(reading, index) || word.starts_with("compromis") || reading.tokens[index].upper);
        // « rendus inaccessibles par des pirates ».
        let is_made_unreachable = (word.starts_with("inaccessible") || word.starts_with("indisponible"))
            && index > 0
            && reading.word(index - 1).starts_with("rendu");
        if is_marked || is_made_unreachable || (is_plain && (has_attack || matches!(word, "victime" | "victimes"))) {
            let negated = reading.before(index).take(3).any(|before| {
                matches!(
                    reading.word(before),
                    "pas" | "jamais" | "ni" | "ne" | "n" | "aucun" | "aucune"
                )
            });
            return !negated;
        }
        let intervenes = reading.starting_at(index).is_some_and(|other| match &other.what {
            What::Body(body) => body.source != Source::Open,
            What::Head(_) => true,
            _ => false,
        });
        let coordinates = index > 0 && matches!(reading.word(index - 1), "et" | "l" | "la" | "le" | "de" | "d" | "les");
        if intervenes && !coordinates {
            return false;
        }
        steps += match word {
            "est" | "a" | "ete" | "ont" | "sont" | "se" | "dit" | "avoir" | "etre" | "aurait" | "serait" | "et"
            | "la" | "le" | "les" | "l" | "de" | "sa" | "son" | "une" | "un" | "d" => 1,
            "selon" | "explique" | "rappelle" | "ou" | "dont" | "apres" | "comme" => 6,
            _ => 2,
        };
        if steps > 10 {
            return false;
        }
    }
    false
}

/// Words that open an aside between commas after a name: « X, à Dax, », « X, l'éditeur de Y, ».
const ASIDE_OPENERS: &[&str] = &[
    "dont",
    "qui",
    "ou",
    "a",
    "au",
    "en",
    "pres",
    "base",
    "basee",
    "situe",
    "situee",
    "implante",
    "implantee",
    "l",
    "le",
    "la",
    "un",
    "une",
    "specialiste",
    "editeur",
    "filiale",
    "leader",
    "fournisseur",
    "dans",
];

/// Where the clause that begins here after a comma is closed by another one.
fn end_of_aside(reading: &Reading<'_>, start: usize, sentence: usize) -> Option<usize> {
    let comma = |index: usize| {
        let between =
            &reading.document.text[reading.tokens[index - 1].original.end..reading.tokens[index].original.start];
        between.trim_start_matches(')').trim_start().starts_with(',')
    };
    if start == 0 || !comma(start) {
        return None;
    }
    reading
        .from(start + 1, sentence)
        .take(20)
        .find(|&index| reading.tokens[index].gap == Gap::Break && comma(index))
}

/// « les serveurs de X », « données des clients de X ».
fn owns_what_was_hit(reading: &Reading<'_>, mention: &Mention) -> bool {
    let mut linked = starts_with_link(reading, mention.tokens.start);
    for (steps, index) in reading.before(mention.tokens.start).take(8).enumerate() {
        let word = reading.word(index);
        if ASSETS.contains(&word) {
            return linked;
        }
        if ARTICLES.contains(&word) {
            linked = true;
        } else if index > 0 && linked && ASSETS.contains(&reading.word(index - 1)) && qualifies(word) {
            return true;
        } else if !INTRODUCTIONS.contains(&word) || steps > 4 {
            return false;
        }
    }
    false
}

/// « confidentielles », « informatiques », « municipaux »: between what was hit and whose it is.
fn qualifies(word: &str) -> bool {
    is_adjective(word)
        || ["elles", "iques", "ique", "aux", "ales", "ives", "ees", "es"]
            .iter()
            .any(|ending| word.len() >= 6 && word.ends_with(ending))
}

fn announces(reading: &Reading<'_>, mention: &Mention) -> bool {
    reading
        .from(mention.tokens.end, mention.sentence)
        .take(4)
        .any(|index| ANNOUNCING.contains(&reading.word(index)))
}

/// Whether the headline begins with the mention: « X : ... », « X victime ».
pub(super) fn heads_title(reading: &Reading<'_>, mention: &Mention) -> bool {
    let first = reading.before(mention.tokens.start).take(2).count();
    first <= 1
        || reading.tokens[mention.tokens.start].after_colon
        || reading.tokens[mention.tokens.start - 1].after_colon
}

/// Whether the mention only completes the body named just before it.
fn completes_another(reading: &Reading<'_>, mention: &Mention) -> bool {
    let Some(previous) = reading.before(mention.tokens.start).take(4).find(|&index| {
        !matches!(
            reading.word(index),
            "de" | "du" | "des" | "d" | "la" | "le" | "l" | "les"
        )
    }) else {
        return false;
    };
    previous + 1 < mention.tokens.start
        && (previous + 1..=mention.tokens.start).all(|index| reading.tokens[index].gap != Gap::Break)
        && matches!(reading.word(previous + 1), "de" | "du" | "des" | "d")
        && reading
            .ending_before(previous + 1)
            .is_some_and(|other| match &other.what {
                What::Head(_) => true,
                What::Body(body) => body.source != Source::Open,
                _ => false,
            })
}

/// « selon X », « après X », « avec l'aide de X », « revendiquée par X ».
fn is_held_back(reading: &Reading<'_>, mention: &Mention) -> bool {
    for (steps, index) in reading.before(mention.tokens.start).enumerate().take(4) {
        let word = reading.word(index);
        if HOLDING_BACK.contains(&word) {
            // « piratage sur X », « attaque par rebond sur X ».
            return word != "sur" || steps > 1;
        }
        if !ARTICLES.contains(&word) && !INTRODUCTIONS.contains(&word) {
            return false;
        }
        if reading.tokens[index + 1].gap == Gap::Break {
            return false;
        }
    }
    false
}

/// « Après l'attaque contre X et le piratage de Y, ... »: cases before this one.
fn follows_another_case(reading: &Reading<'_>, mention: &Mention) -> bool {
    let start = reading
        .tokens
        .partition_point(|token| token.sentence < mention.sentence);
    // « Quelques semaines seulement après la cyberattaque contre X, ... ».
    let opens = matches!(reading.word(start), "apres" | "outre" | "comme")
        || (start..start + 6).any(|index| {
            reading.word(index) == "apres"
                && matches!(
                    reading.word(start),
                    "quelques" | "quelque" | "moins" | "un" | "une" | "deux" | "trois"
                )
                && !matches!(reading.word(start + 1), "mois" | "semaine")
        });
    let comma = reading
        .from(start, mention.sentence)
        .skip(1)
        .take(40)
        .find(|&index| reading.tokens[index].gap == Gap::Break)
        .unwrap_or(usize::MAX);
    opens && mention.tokens.start < comma
}

/// « telle que celle qui a touché X », « à l'image de X »: another case.
fn is_likened_to(reading: &Reading<'_>, mention: &Mention) -> bool {
    let before: Vec<usize> = reading.before(mention.tokens.start).take(10).collect();
    before.iter().any(|&index| {
        let (word, next) = (reading.word(index), reading.word(index + 1));
        (matches!(word, "tel" | "telle" | "telles" | "tels") && next == "que")
            || (matches!(word, "comme" | "que") && matches!(next, "celle" | "celui" | "celles" | "ceux"))
            || (word == "image" && next == "de" && reading.word(index.wrapping_sub(1)) == "l")
            || (word == "instar" && matches!(next, "de" | "du" | "d"))
    })
}

/// « l'Amazon coréen »: somebody else is meant.
fn is_likened(reading: &Reading<'_>, mention: &Mention) -> bool {
    let start = mention.tokens.start;
    start > 0
        && matches!(reading.word(start - 1), "l" | "le" | "la" | "un")
        && reading
            .starting_at(mention.tokens.end)
            .is_some_and(|other| matches!(other.what, What::Country(_)))
        && matches!(&mention.what, What::Body(body) if body.source == Source::Listed && mention.tokens.len() == 1)
}

/// The sentences that tell an earlier year: « ... en 2022 ».
fn sentences_of_other_years(reading: &Reading<'_>, published_year: i16) -> BTreeSet<usize> {
    (0..reading.tokens.len())
        .filter(|&index| {
            reading
                .word(index)
                .parse::<i16>()
                .is_ok_and(|year| (2005..published_year).contains(&year))
        })
        .map(|index| reading.tokens[index].sentence)
        .collect()
}

/// Where the site's name begins that many pages put after the headline: « ... - Le Parisien ».
fn title_suffix(reading: &Reading<'_>) -> Range<usize> {
    let end = reading
        .tokens
        .partition_point(|token| reading.document.sentences[token.sentence].line == 0);
    let dash = (1..end).rev().take(5).find(|&index| {
        let between =
            &reading.document.text[reading.tokens[index - 1].original.end..reading.tokens[index].original.start];
        between.contains(" - ") || between.contains(" – ") || between.contains(" | ")
    });
    dash.unwrap_or(end)..end
}

fn victim(reading: &Reading<'_>, candidate: &Candidate, home: &Home, score: f32, url: &str) -> Victim {
    let body = &candidate.body;
    let country = whereabouts::country(reading, body, &candidate.best, url);
    let sector = body.sector.or_else(|| sector_beside(reading, candidate));
    let place = if body.place == Place::default() && country.as_deref() == Some("FR") && body.helper == 0 {
        whereabouts::place_of_story(reading, home, body).unwrap_or_default()
    } else {
        body.place.clone()
    };
    Victim {
        name: body.name.clone(),
        key: VictimKey(body.key.clone()),
        sector,
        level: body.level,
        place,
        country,
        confidence: (1.0 - (-score / 3.5).exp()).clamp(0.0, 1.0),
    }
}

/// The sector that the words beside the victim's names tell.
fn sector_beside(reading: &Reading<'_>, candidate: &Candidate) -> Option<Sector> {
    let mut votes: BTreeMap<Sector, f32> = BTreeMap::new();
    for mention in &reading.mentions {
        let What::SectorWord(sector) = mention.what else {
            continue;
        };
        let zone = reading.zone(mention);
        if matches!(zone, Zone::Teaser | Zone::Background) {
            continue;
        }
        let mut weight: f32 = match zone {
            Zone::Title | Zone::Lead => 0.6,
            _ => 0.3,
        };
        if mention.sentence == candidate.best.sentence {
            let distance = if mention.tokens.end <= candidate.best.tokens.start {
                candidate.best.tokens.start - mention.tokens.end
            } else {
                mention.tokens.start.saturating_sub(candidate.best.tokens.end)
            };
            weight += match distance {
                0..=2 => 3.0,
                3..=5 => 1.0,
                _ => 0.3,
            };
        }
        *votes.entry(sector).or_default() += weight;
    }
    let (sector, weight) = votes.into_iter().max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    (weight >= 0.9).then_some(sector)
}
