//! Who was hit, where, by whom, when: from the words around the attack statements, with the lists
//! of `data/gazetteer`. Where the words do not decide, nothing is given: a false victim costs more
//! than a missed one.

mod actors;
mod bodies;
pub mod dates;
mod event;
pub mod gazetteer;
mod home;
mod index;
#[cfg(test)]
mod measure;
mod mention;
mod mentions;
mod names;
mod provider;
mod reading;
mod resolve;
mod roles;
mod siren;
mod tokens;
mod victims;
mod whereabouts;

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::model::analysis::{Assertion, EventDates, Evidence, Place, Statement, Victim};
use crate::model::label::Sector;
use crate::text::document::Document;
use gazetteer::Gazetteer;

/// What is known of an article beside its text.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// When it was published: relative dates are counted from here.
    pub published: Timestamp,
    /// Départements that its outlet covers; empty when unknown.
    pub outlet_departements: &'a [String],
    /// Its address: tells a regional or foreign outlet.
    pub url: &'a str,
}

/// A body that the text names and that is no victim, with what speaks against it.
#[derive(Debug, Clone, PartialEq)]
pub struct Cited {
    /// Its name.
    pub name: String,
    /// The chance, 0 to 1, that it was hit.
    pub chance: f32,
    /// The chance that it would have needed; a further victim needs the main one's words, too.
    pub needed: f32,
    /// What speaks against it by the names of `victim_weights.tsv`, heaviest first, with what each adds.
    pub against: Vec<(&'static str, f32)>,
}

/// Below this chance nobody is the victim.
pub const LEAST_CHANCE: f32 = 0.2;

/// Who, where, by whom, when.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Entities {
    /// Who was hit, main victim first; empty when the words do not say.
    pub victims: Vec<Victim>,
    /// Other bodies that the text names: helpers, comparisons, past cases.
    pub cited: Vec<Cited>,
    /// The supplier through whom the main victim was hit, where the text says so.
    pub provider: Option<Victim>,
    /// Who did it, as claimed or stated.
    pub actor: Option<String>,
    /// When it happened.
    pub event: Option<EventDates>,
    /// Country of the main victim, or of the story when no victim is named.
    pub country: Option<String>,
    /// Where it is, in France.
    pub place: Place,
    /// The sector that the story's words tell, whoever was hit.
    pub sector: Option<Sector>,
    /// The words that decided, with offsets in the document's text.
    pub evidence: Vec<Evidence>,
}

/// One of the cases that a recap tells: a body that is hit in sentences of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// Who was hit.
    pub victim: Victim,
    /// The words that make it the one hit.
    pub evidence: Evidence,
    /// Who did it, by its own sentences.
    pub actor: Option<String>,
    /// Its sentences: those that say that it was hit, and what follows on them in the paragraph.
    pub sentences: BTreeSet<usize>,
    /// The statements about it, by their places in the list that was given.
    pub statements: Vec<usize>,
}

/// The bodies that a recap tells to be hit, in the order of the text. Pure; makes sense for recaps only:
/// other articles tell of one incident, and cite the others. `main` is the key of the main victim.
pub fn stories(
    document: &Document,
    statements: &[Statement],
    main: Option<&str>,
    context: &Context<'_>,
    gazetteer: &Gazetteer,
) -> Vec<Story> {
    let reading = mentions::read(document, gazetteer, context.outlet_departements, context.url);
    let published = context.published.to_zoned_datetime(dates::paris()).date();
    victims::stories::stories(&reading, statements, main, published.year(), context.url)
}

/// Reads an article whose attack statements are known. Pure; nothing is found in an empty text.
/// Statements that are denied or hypothetical make no victim.
pub fn read(document: &Document, statements: &[Statement], context: &Context<'_>, gazetteer: &Gazetteer) -> Entities {
    let reading = mentions::read(document, gazetteer, context.outlet_departements, context.url);
    let published = context.published.to_zoned_datetime(dates::paris()).date();
    let verdict = victims::victims(&reading, statements, published.year(), context.url);
    let keys: Vec<String> = verdict.victims.iter().map(|victim| victim.key.0.clone()).collect();
    let mut evidence = verdict.evidence;
    let actor = actors::actor(&reading, &keys, |_| true).map(|(name, mention)| {
        evidence.push(Evidence {
            label: format!("actor:{name}"),
            words: reading.written(&mention.tokens).to_owned(),
            zone: reading.zone(&mention),
            assertion: Assertion::Claimed,
            weight: 1.0,
            start: reading.tokens[mention.tokens.start].original.start,
        });
        name
    });
    let event = event::event(document, &reading.tokens, statements, published).map(|(dates, sentence, range)| {
        evidence.push(Evidence {
            label: format!("event:{}/{}", dates.from, dates.to),
            words: document.text[range.clone()].to_owned(),
            zone: document.sentences[sentence].zone,
            assertion: Assertion::Affirmed,
            weight: 1.0,
            start: range.start,
        });
        dates
    });
    let main = verdict.victims.first();
    let country = match main {
        Some(main) => main.country.clone(),
        None => whereabouts::country_of_story(&reading, context.url),
    };
    let place = match main {
        Some(main) => Some(main.place.clone()),
        None if country.as_deref() == Some("FR") => whereabouts::place_of_unnamed(&reading),
        None => None,
    };
    let key = main.map(|main| main.key.as_str());
    evidence.extend(
        country
            .as_deref()
            .and_then(|code| country_evidence(&reading, code, key)),
    );
    Entities {
        country,
        place: place.unwrap_or_default(),
        sector: victims::sector::sector_of_story(&reading),
        victims: verdict.victims,
        cited: verdict.cited,
        provider: verdict.provider,
        actor,
        event,
        evidence,
    }
}

/// The words that tell the country; none where only the outlet or a list tells it.
fn country_evidence(reading: &reading::Reading<'_>, code: &str, victim: Option<&str>) -> Option<Evidence> {
    let mention = whereabouts::words_of_country(reading, code, victim)?;
    Some(Evidence {
        label: format!("country:{code}"),
        words: reading.written(&mention.tokens).to_owned(),
        zone: reading.zone(mention),
        assertion: Assertion::Affirmed,
        weight: 1.0,
        start: reading.tokens[mention.tokens.start].original.start,
    })
}

/// A body that could be the one hit, with the figures about it: what `data/gazetteer/victim_weights.tsv`
/// weighs.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateFeatures {
    /// Its name.
    pub name: String,
    /// Its key.
    pub key: String,
    /// Its figures that are not zero, by name.
    pub features: Vec<(&'static str, f32)>,
}

/// The names of all figures about candidates, the constant first.
pub fn candidate_features() -> impl Iterator<Item = &'static str> {
    let named = victims::features::FEATURES.iter().map(|(name, _)| *name);
    std::iter::once("bias").chain(named)
}

/// Every candidate of an article with its figures. Pure; in the order of their keys.
pub fn candidates(
    document: &Document,
    statements: &[Statement],
    context: &Context<'_>,
    gazetteer: &Gazetteer,
) -> Vec<CandidateFeatures> {
    let reading = mentions::read(document, gazetteer, context.outlet_departements, context.url);
    let published = context.published.to_zoned_datetime(dates::paris()).date();
    let home = home::Home::of(&reading);
    victims::candidates::candidates(&reading, statements, &home, published.year(), context.url)
        .into_iter()
        .filter(|candidate| candidate.is_named)
        .map(|candidate| CandidateFeatures {
            features: candidate.features.named().collect(),
            name: candidate.body.name,
            key: candidate.body.key,
        })
        .collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    struct Case {
        title: &'static str,
        text: &'static str,
        /// Keys of the victims, main first.
        victims: &'static [&'static str],
    }

    /// The lists, loaded once for all rows.
    fn embedded() -> &'static Gazetteer {
        static GAZETTEER: std::sync::OnceLock<Gazetteer> = std::sync::OnceLock::new();
        GAZETTEER.get_or_init(Gazetteer::embedded)
    }

    pub(in crate::entities) fn read_case(title: &str, text: &str, outlet: &[String], url: &str) -> Entities {
        let mut document = Document::new(title, None, text);
        let statements = measure::real_statements(&mut document);
        let context = Context {
            published: "2023-11-08T12:00:00Z".parse().expect("a time"),
            outlet_departements: outlet,
            url,
        };
        read(&document, &statements, &context, embedded())
    }

    /// A recap with its statements and stories.
    pub(super) fn stories_of(title: &str, text: &str) -> (Document, Vec<Statement>, Vec<Story>) {
        let mut document = Document::new(title, None, text);
        let statements = measure::real_statements(&mut document);
        let context = Context {
            published: "2023-11-10T12:00:00Z".parse().expect("a time"),
            outlet_departements: &[],
            url: "",
        };
        let found = stories(&document, &statements, None, &context, embedded());
        (document, statements, found)
    }

    fn check(case: Case) {
        let entities = read_case(case.title, case.text, &[], "");
        let keys: Vec<&str> = entities.victims.iter().map(|victim| victim.key.as_str()).collect();
        assert_eq!(keys, case.victims, "{} / {}", case.title, case.text);
    }

    #[test]
    fn victims_by_their_key() {
        let check = |title, text, victims| check(Case { title, text, victims });
        // One town, several spellings, one key.
        check("La ville de Lille victime d'une cyberattaque", "", &["commune:59350"]);
        check("Cyberattaque contre la mairie de Lille", "", &["commune:59350"]);
        check(
            "Lille : la mairie piratée",
            "Les services municipaux sont à l'arrêt.",
            &["commune:59350"],
        );
        check(
            "Le Havre victime d'un rançongiciel",
            "La mairie du Havre a été attaquée lundi.",
            &["commune:76351"],
        );
        check(
            "Les Mureaux : la mairie victime d'une cyberattaque",
            "",
            &["commune:78440"],
        );
        check(
            "La mairie de St-Étienne visée par une cyberattaque",
            "",
            &["commune:42218"],
        );
        // Other bodies.
        check(
            "Le conseil départemental du Loiret paralysé par une cyberattaque",
            "",
            &["departement:45"],
        );
        check(
            "Loiret : le Département victime d'une cyberattaque",
            "",
            &["departement:45"],
        );
        check("Le SDIS 45 victime d'une cyberattaque", "", &["sdis:45"]);
        check("La région Normandie piratée", "", &["region:28"]);
        check("Le CHU de Rouen victime d'un rançongiciel", "", &["hopital:760780239"]);
        check(
            "Le ministère de l'Intérieur visé par une cyberattaque",
            "",
            &["etat:ministere-de-l-interieur"],
        );
        check(
            "Fuite de données à la Fédération française de volley-ball",
            "",
            &["org:federation-francaise-de-volley"],
        );
        check("Free victime d'une fuite de données", "", &["org:free"]);
        check("Fuite de données chez Mondial Relay", "", &["org:mondial-relay"]);
        // Names that no list has.
        check(
            "L'éditeur Zorblax victime d'un rançongiciel",
            "Zorblax a porté plainte.",
            &["nom:zorblax"],
        );
        check(
            "Fuite de données chez Krimovia",
            "La société l'a confirmé.",
            &["nom:krimovia"],
        );
        // Helpers, investigators, comparisons are no victims.
        check(
            "La mairie de Bondy victime d'une cyberattaque",
            "L'Anssi et Orange Cyberdefense aident la ville. Le parquet de Paris est saisi. Comme Lille en 2022, Bondy a tout éteint.",
            &["commune:93010"],
        );
        check("Cyberattaque : les conseils de l'Anssi", "", &[]);
        check("Rien de nouveau", "Il fait beau à Lille.", &[]);
        check("", "", &[]);
    }

    #[test]
    fn places_persons_products_and_outlets_are_no_victims() {
        let check = |title: &str, text: &str, url: &str, victims: &[&str]| {
            let entities = read_case(title, text, &[], url);
            let keys: Vec<&str> = entities.victims.iter().map(|victim| victim.key.as_str()).collect();
            assert_eq!(keys, victims, "{title} / {text}");
        };
        // A town where something only took place.
        check(
            "À Brest, un hackeur éthique montre comment il pirate une serrure",
            "La démonstration de piratage a eu lieu à Brest samedi.",
            "",
            &[],
        );
        check(
            "Gien : un rançongiciel met la Tôlerie Vasseneix à l'arrêt",
            "L'entreprise a porté plainte.",
            "",
            &["nom:tolerie-vasseneix"],
        );
        check(
            "Un pirate jugé à Dijon après une attaque au rançongiciel",
            "Il a été arrêté à Lyon.",
            "",
            &[],
        );
        check(
            "Caen au ralenti après le piratage",
            "Les agents travaillent sur papier.",
            "",
            &["commune:14118"],
        );
        // « du Syndicat » is not of Le Syndicat (88); its rivers are no towns.
        check(
            "Un rançongiciel paralyse les bureaux du Syndicat des eaux de la Brenne et du Suzon",
            "Le syndicat a coupé ses serveurs.",
            "",
            &["nom:syndicat-des-eaux-de-la-brenne-et-du-suzon"],
        );
        // Common words at a headline's head, persons, products.
        check(
            "Enlèvement d'un homme, une rançon réclamée",
            "Enlèvement confirmé.",
            "",
            &[],
        );
        check("Une PME victime d'un rançongiciel", "La PME a tout perdu.", "", &[]);
        check("Restez prudents : une cyberattaque a visé des hôtels", "", "", &[]);
        check("Le général Trovaz : « nous subissons des cyberattaques »", "", "", &[]);
        check("Une cyberattaque vise Windows et Android", "", "", &[]);
        // The outlet and other media.
        check(
            "Une cyberattaque paralyse une usine, selon Le Grand Fil",
            "Le Grand Fil a révélé l'attaque. La cyberattaque touche Le Grand Fil de la semaine.",
            "https://www.legrandfil.fr/x",
            &[],
        );
        check(
            "Cyberattaque : ce que l'on sait, sur BFMTV",
            "BFMTV fait le point.",
            "",
            &[],
        );
        // Other cases are recalled.
        check(
            "La mairie de Dole victime d'une cyberattaque",
            "Quelques jours seulement après la cyberattaque ayant visé la mairie de Vesoul, celle de Dole est touchée.\n\
             Une attaque telle que celle qui a touché la ville de Gray.",
            "",
            &["commune:39198"],
        );
        check(
            "Prévenir les attaques",
            "Les gendarmes rappellent les bons gestes contre le piratage.",
            "",
            &[],
        );
    }

    #[test]
    fn further_victims_share_the_statement() {
        let check = |title, text, victims| check(Case { title, text, victims });
        check(
            "Les sites internet de Quimper, Lorient et Saint-Nazaire visés par une attaque en déni de service",
            "",
            &["commune:29232", "commune:56121", "commune:44184"],
        );
        check(
            "Loiret : le Département victime d'une cyberattaque",
            "Le Service départemental d'incendie et de secours (SDIS 45), dont le réseau est partagé avec la collectivité, \
             est lui aussi touché.",
            &["departement:45", "sdis:45"],
        );
        check(
            "Le Département du Loiret victime d'un rançongiciel",
            "Le Département a tout coupé.\nÀ la Ville de Sens, frappée par un autre rançongiciel, on se remet.",
            &["departement:45"],
        );
        check(
            "Fougères : une boîte mail du CCAS piratée",
            "La Ville, elle, n'a pas été touchée par la cyberattaque.",
            &["ccas:35115"],
        );
        check(
            "Les sites internet de Quimper et Lorient rendus inaccessibles par des pirates",
            "",
            &["commune:29232", "commune:56121"],
        );
        // The headline's own school is what « le lycée » means.
        check(
            "La cité scolaire Jean-Lurçat fermée par une cyberattaque",
            "Le lycée a été victime d'une cyberattaque lundi.",
            &["nom:cite-scolaire-jean-lurcat"],
        );
        // Names after an introduction, asides stepped over.
        check(
            "Un directeur du bailleur social 1001 Vies Habitat raconte la cyberattaque qui l'a visé",
            "1001 Vies Habitat a été victime d'un rançongiciel.",
            &["org:1001-vies-habitat"],
        );
        check(
            "Une maison de retraite piratée",
            "L'Ehpad de la Résidence du lac, à Montgeard, a été victime d'une cyberattaque.",
            &["nom:ehpad-de-la-residence-du-lac-31380"],
        );
        check(
            "Des pirates s'en prennent aux données confidentielles du ministère de l'Intérieur",
            "",
            &["etat:ministere-de-l-interieur"],
        );
    }

    #[test]
    fn places_and_homonyms() {
        let place = |title: &str, text: &str, outlet: &[&str], url: &str| {
            let outlet: Vec<String> = outlet.iter().map(|code| (*code).to_owned()).collect();
            let entities = read_case(title, text, &outlet, url);
            let victim = entities.victims.first().cloned();
            victim.map(|victim| {
                format!(
                    "{} {} {}",
                    victim.place.departement.unwrap_or_default(),
                    victim.place.region.unwrap_or_default(),
                    victim.country.unwrap_or_default()
                )
            })
        };
        let title = "La mairie de Saint-Denis victime d'une cyberattaque";
        assert_eq!(
            place(title, "", &[], "").as_deref(),
            Some("  FR"),
            "no code rather than a wrong one"
        );
        assert_eq!(
            place(title, "À La Réunion (974), tout est éteint.", &[], "").as_deref(),
            Some("974 04 FR")
        );
        assert_eq!(place(title, "", &["93"], "").as_deref(), Some("93 11 FR"));
        assert_eq!(
            place(title, "", &[], "https://www.zinfos974.com/x").as_deref(),
            Some("974 04 FR")
        );
        // Other signs of where: the number people use, a dateline, the outlet, another country.
        let check = |title: &str, text: &str, outlet: &[&str], expected: &str| {
            assert_eq!(
                place(title, text, outlet, "").as_deref(),
                Some(expected),
                "{title} / {text}"
            );
        };
        check(title, "Les lycées du 93 sont touchés aussi.", &[], "93 11 FR");
        check(title, "À Saint-Denis, dans le 93, on se remet.", &[], "93 11 FR");
        check(title, "Une hausse du 93 % des attaques.", &[], "  FR");
        check("Sarthe : la mairie de La Suze piratée", "", &[], "72 52 FR");
        check(
            "La mairie de Fontenay piratée",
            "Le Val-de-Marne aide la ville.",
            &[],
            "94 11 FR",
        );
        check("La mairie de Villefranche piratée", "", &["69"], "69 84 FR");
        check(
            "Tarn : l'éditeur Zorblax victime d'un rançongiciel",
            "",
            &[],
            "81 76 FR",
        );
        check(
            "L'éditeur Zorblax victime d'un rançongiciel",
            "Le Tarn compte mille entreprises.",
            &[],
            "  FR",
        );
        check(
            "Le lycée Anne-Zorblax victime d'une cyberattaque",
            "",
            &["45"],
            "45 24 FR",
        );
        check(
            "États-Unis : la ville de Saint Paul victime d'une cyberattaque",
            "",
            &[],
            "  US",
        );
        check(
            "La mairie de Saint-Paul victime d'une cyberattaque",
            "",
            &["974"],
            "974 04 FR",
        );
        assert_eq!(
            place("La mairie d'Orléans piratée", "", &[], "").as_deref(),
            Some("45 24 FR")
        );
        assert_eq!(
            place("Jaguar Land Rover victime d'une cyberattaque", "", &[], "").as_deref(),
            Some("  GB")
        );
        assert_eq!(
            place(
                "Gien : un rançongiciel met la Tôlerie Vasseneix à l'arrêt",
                "La Tôlerie Vasseneix a porté plainte.",
                &[],
                "",
            )
            .as_deref(),
            Some("45 24 FR")
        );
        assert_eq!(
            place(
                "Touraine : des pirates s'en prennent au conseil départemental",
                "",
                &[],
                ""
            )
            .as_deref(),
            Some("37 24 FR")
        );
        assert_eq!(
            place("Le fabricant suisse Trimovex victime d'un rançongiciel", "", &[], "").as_deref(),
            Some("  CH")
        );
    }

    #[test]
    fn local_bodies_by_key_and_level() {
        let check = |title: &str, text: &str, expected: &str| {
            let entities = read_case(title, text, &[], "");
            let main = entities.victims.first();
            let seen = main.map(|main| {
                let level = main.level.map_or("", |level| level.id());
                format!(
                    "{} {level} {}",
                    main.key,
                    main.place.departement.as_deref().unwrap_or("")
                )
            });
            assert_eq!(seen.unwrap_or_default(), expected, "{title} / {text}");
        };
        let hit = |body: &str| format!("{body} victime d'une cyberattaque");
        let check = |body: &str, text: &str, expected: &str| check(&hit(body), text, expected);
        // Contracted articles.
        check("La mairie du Havre", "", "commune:76351 commune 76");
        check("La ville des Ulis", "", "commune:91692 commune 91");
        check("La mairie de L'Haÿ-les-Roses", "", "commune:94038 commune 94");
        check("La mairie d'Angers", "", "commune:49007 commune 49");
        check("Le CCAS des Mureaux", "", "ccas:78440 ccas 78");
        check("La commune de La Rochelle", "", "commune:17300 commune 17");
        // Intercommunalities, by name, alias, town.
        check("La Métropole européenne de Lille", "", "epci:200093201 epci 59");
        check("L'agglomération d'Orléans", "", "epci:244500468 epci 45");
        check("Saint-Quentin-en-Yvelines Agglomération", "", "epci:200058782 epci 78");
        // Départements and régions by name, number, adjective.
        check("Le Département du Loiret", "", "departement:45 departement 45");
        check("Le conseil départemental de l'Ain", "", "departement:01 departement 01");
        check("Le CD 93", "", "departement:93 departement 93");
        check(
            "Le conseil départemental loirétain",
            "",
            "departement:45 departement 45",
        );
        check("La Région Hauts-de-France", "", "region:32 region 59");
        check("Le SDIS de l'Ardèche", "", "sdis:07 sdis 07");
        check("Les pompiers du Var", "", "sdis:83 sdis 83");
        // Syndicates, with what they are for.
        check("Le syndicat des eaux de l'Ariège", "", "syndicat:09 syndicat 09");
        check(
            "Le syndicat mixte départemental de l'eau et de l'assainissement de l'Ariège",
            "",
            "nom:syndicat-mixte-departemental-de-l-eau-et-de-l-assainissement-de-l-ariege syndicat 09",
        );
        check("Le Smitom de Nord-Zorblax", "", "nom:smitom-de-nord-zorblax syndicat ");
        // Abroad.
        check(
            "Rolle : la municipalité",
            "La municipalité a tout coupé.",
            "nom:ville-de-rolle commune ",
        );
        // Ambiguous names need a cue.
        check("La mairie de Sens", "", "commune:89387 commune 89");
        check("Le bon sens", "", "");
    }

    #[test]
    fn countries() {
        let check = |title: &str, text: &str, url: &str, expected: &str, words: &str| {
            let entities = read_case(title, text, &[], url);
            assert_eq!(
                entities.country.as_deref().unwrap_or(""),
                expected,
                "{title} / {text} / {url}"
            );
            let evidence = entities
                .evidence
                .iter()
                .find(|piece| piece.label.starts_with("country:"));
            assert_eq!(
                evidence.map_or("", |piece| piece.words.as_str()),
                words,
                "{title} / {text} / {url}"
            );
        };
        let (french, world) = ("https://www.exemple.fr/a", "https://www.rfi.fr/a");
        let hit = "Krimovia victime d'une cyberattaque";
        // The outlet alone.
        check(hit, "La société a porté plainte.", french, "FR", "");
        check(hit, "La société a porté plainte.", world, "", "");
        check(hit, "La société a porté plainte.", "https://www.exemple.sn/a", "SN", "");
        check(hit, "La société a porté plainte.", "", "", "");
        // Words beside the victim, wherever it is named.
        check(
            "Le fabricant suisse Krimovia victime d'un rançongiciel",
            "",
            french,
            "CH",
            "suisse",
        );
        check(
            hit,
            "La société sud-coréenne Krimovia a tout coupé.",
            french,
            "KR",
            "sud-coréenne",
        );
        check(hit, "Krimovia, à Montréal, a tout coupé.", french, "CA", "Montréal");
        check(
            hit,
            "Le siège de Krimovia se trouve dans le Massachusetts.",
            french,
            "US",
            "Massachusetts",
        );
        // The story's country.
        check(
            "Espagne : Krimovia victime d'une cyberattaque",
            "En Espagne, rien ne va plus.",
            french,
            "ES",
            "Espagne",
        );
        check(
            "Les données de dix millions de patients piratées au Royaume-Uni",
            "",
            french,
            "GB",
            "Royaume-Uni",
        );
        check(
            "Les données de dix millions de patients piratées en France",
            "",
            world,
            "FR",
            "France",
        );
        check(
            "Une cyberattaque touche une usine du Loiret",
            "Krimovia a tout coupé.",
            "",
            "FR",
            "Loiret",
        );
        // Attackers, vendors, Europe tell nothing.
        check(hit, "Des pirates américains revendiquent l'attaque.", french, "FR", "");
        check(hit, "Le groupe pro-russe s'en vante.", french, "FR", "");
        check(hit, "L'Europe s'inquiète.", french, "FR", "");
        check(
            "Un protocole crypto piraté : Krimovia perd des millions",
            "Krimovia victime d'une cyberattaque.",
            french,
            "",
            "",
        );
        // A ministry is ours unless the story is elsewhere.
        check(
            "Le ministère des Transports visé par une cyberattaque",
            "",
            french,
            "FR",
            "",
        );
        check(
            "Italie : le ministère des Transports visé par une cyberattaque",
            "En Italie, les sites ne répondent plus.",
            french,
            "IT",
            "Italie",
        );
        check(
            "Jaguar Land Rover victime d'une cyberattaque",
            "Les usines sont à l'arrêt.",
            french,
            "GB",
            "",
        );
    }

    #[test]
    fn a_departement_with_its_fire_service_and_an_attacker() {
        let entities = read_case(
            "Loiret : le Département victime d'une cyberattaque, les pompiers touchés",
            "Dans la nuit de samedi à dimanche, les serveurs du Département du Loiret ont été attaqués.\n\
             Le SDIS 45, qui partage ses serveurs, a été touché par la cyberattaque.\n\
             Le groupe LockBit revendique l'attaque.\nLa ville de Chartres n'a pas été touchée.",
            &[],
            "",
        );
        let keys: Vec<&str> = entities.victims.iter().map(|victim| victim.key.as_str()).collect();
        assert_eq!(keys, ["departement:45", "sdis:45"]);
        assert_eq!(entities.actor.as_deref(), Some("LockBit"));
        assert_eq!(
            entities.event.map(|event| event.from.to_string()).as_deref(),
            Some("2023-11-04")
        );
        assert!(
            entities
                .evidence
                .iter()
                .any(|evidence| evidence.label == "victim:departement:45")
        );
        assert_eq!(entities.victims[0].name, "Département du Loiret");
    }

    /// How often words and mentions are looked at in `count` pieces, the number of each written
    /// in letters at « X », a town at « T ».
    fn looks(title: &str, piece: &str, count: usize, gazetteer: &Gazetteer) -> usize {
        let text: String = (0..count)
            .map(|number| {
                let letters: String = format!("{number:04}")
                    .bytes()
                    .map(|digit| char::from(digit + 49))
                    .collect();
                let town = &gazetteer.communes[number * 7].name;
                piece.replace('X', &format!("Zor{letters}")).replace('T', town)
            })
            .collect();
        let mut document = Document::new(&title.replace("...", &text), None, &text);
        let statements = measure::real_statements(&mut document);
        let reading = mentions::read(&document, gazetteer, &[], "");
        victims::stories::stories(&reading, &statements, None, 2023, "");
        let verdict = victims::victims(&reading, &statements, 2023, "");
        let keys: Vec<String> = verdict.victims.iter().map(|victim| victim.key.0.clone()).collect();
        actors::actor(&reading, &keys, |_| true);
        reading.looks.get()
    }

    #[test]
    fn twice_the_text_is_twice_the_work() {
        let gazetteer = Gazetteer::embedded();
        let check = |title: &str, piece: &str| {
            let (half, whole) = (
                looks(title, piece, 200, &gazetteer),
                looks(title, piece, 400, &gazetteer),
            );
            assert!(whole < half * 9 / 4, "{title} / {piece}: {half}, then {whole}");
        };
        // Many bodies under a headline that names an area, or speaks of patients.
        check(
            "La Normandie paralysée",
            "La mairie de T et X Conseil, victimes d'une cyberattaque.\n",
        );
        check("Des patients privés de soins après une cyberattaque", "T est visé.\n");
        // One sentence without an end, in the body and in the headline.
        check("Une cyberattaque", "X, à T, ");
        check("Une cyberattaque revendiquée", "par le groupe X ");
        check("Une cyberattaque contre ...", "le lycée X, à T, ");
        // Homonyms that headline and lead settle, an entity named again and again.
        check("Une cyberattaque contre ...", "UBS et X ");
        check("Une cyberattaque contre Lille", "La mairie de Lille est visée. ");
    }
}
