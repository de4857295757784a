//! The French words of the outputs for people: short labels that fit a column, dates, and the
//! sentences that say what was searched and what stands behind the answer.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::plain::clean;
use super::rows::ensemble_of;
use crate::model::analysis::{Analysis, Assertion, EventDates, Zone};
use crate::model::answer::{Answer, DateOf, Ensemble, PartOf, View, Whole};
use crate::model::coverage::Coverage;
use crate::model::explanation::{Decision, FeatureVote, Reason, Refused};
use crate::model::fact::Fact;
use crate::model::filter::Count;
use crate::model::label::{ArticleKind, AttackType, Level, Sector, Status};
use crate::model::paris;

/// How long a phrase is shown.
const PHRASE_CHARS: usize = 60;
/// How many waves and suppliers the summary names.
const WHOLES_NAMED: usize = 3;
/// How many victims a row names before it only counts them.
const VICTIMS_NAMED: usize = 3;

/// What was found, what was searched, what was left out, and what stands behind the answer: one
/// sentence a line. An empty answer says how many feeds and articles were searched since when, so
/// that zero means zero.
pub fn summary(answer: &Answer) -> Vec<String> {
    let mut lines = vec![format!("{} : {}.", found(answer), clean(&answer.asked))];
    lines.extend(counted_otherwise(answer));
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

/// The incidents counted as wholes, or the wholes as incidents; none where both are the same.
fn counted_otherwise(answer: &Answer) -> Option<String> {
    let wholes: Vec<&Ensemble> = answer.ensembles.iter().filter(|whole| whole.found > 1).collect();
    if wholes.is_empty() {
        return None;
    }
    let mut said: Vec<String> = wholes
        .iter()
        .take(WHOLES_NAMED)
        .map(|whole| counted_whole(whole))
        .collect();
    let more = wholes.len().saturating_sub(WHOLES_NAMED);
    if more > 0 {
        said.push(counted(more as u64, "autre", "autres"));
    }
    let alone = answer.found_ensembles.saturating_sub(wholes.len() as u64);
    if alone > 0 {
        said.push(counted(alone, "incident seul", "incidents seuls"));
    }
    let count = match answer.filter.count {
        Count::Incidents => counted(answer.found_ensembles, "ensemble", "ensembles"),
        Count::Ensembles => counted(answer.found, "incident", "incidents"),
    };
    Some(format!("Soit {count} : {}.", said.join(" ; ")))
}

fn counted_whole(whole: &Ensemble) -> String {
    let kind = match whole.whole {
        Whole::Wave => "1 vague",
        Whole::Supplier => "1 prestataire et ses clients",
    };
    format!("{kind} ({}), {} incidents", clean(&whole.name), whole.found)
}

/// A wave or a supplier by name: « Vague NoName057(16) ».
pub fn whole_name(whole: Whole, name: &str) -> String {
    match whole {
        Whole::Wave => format!("Vague {}", clean(name)),
        Whole::Supplier => format!("Clients de {}", clean(name)),
    }
}

/// What an incident is part of, or what is part of it; none where it stands alone.
pub fn view_relation(view: &View) -> Option<String> {
    let clients = view.parts.len() as u64;
    match (&view.part_of, &view.provider) {
        (Some(part), _) => Some(part_of(part)),
        (None, Some(provider)) => Some(format!("par son prestataire {}", clean(&provider.name))),
        (None, None) if clients > 0 => Some(format!("et {}", counted(clients, "client touché", "clients touchés"))),
        (None, None) => None,
    }
}

/// « dans la vague NoName057(16), 5 incidents », « par son prestataire Krimovia, 3 clients touchés ».
pub fn part_of(part: &PartOf) -> String {
    let name = clean(&part.name);
    match part.whole {
        Whole::Wave => format!("dans la vague {name}, {}", counted(part.count, "incident", "incidents")),
        Whole::Supplier => {
            let clients = counted(part.count, "client touché", "clients touchés");
            format!("par son prestataire {name}, {clients}")
        }
    }
}

/// How many rows of an answer count when a wave counts once.
fn shown_ensembles(answer: &Answer) -> u64 {
    let whole = |view: &View| ensemble_of(answer, view).map_or(&view.id, |whole| &whole.id).clone();
    let wholes: BTreeSet<_> = answer.incidents.iter().map(whole).collect();
    wholes.len() as u64
}

fn found(answer: &Answer) -> String {
    if answer.filter.count == Count::Ensembles && answer.found > 0 {
        let found = counted(answer.found_ensembles, "ensemble trouvé", "ensembles trouvés");
        return match shown_ensembles(answer) {
            shown if shown < answer.found_ensembles => {
                format!("{found}, {shown} montré{}", if shown > 1 { "s" } else { "" })
            }
            _ => found,
        };
    }
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
        counted(
            coverage.articles.saturating_sub(coverage.foreign_articles),
            "article",
            "articles"
        ),
        counted(coverage.incidents, "incident", "incidents")
    );
    if coverage.foreign_articles > 0 {
        sentence.push_str(&format!(
            " (hors {} en langue étrangère)",
            counted(coverage.foreign_articles, "article", "articles")
        ));
    }
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

/// "attack:rancongiciel" as "type Rançongiciel"; a label of another kind as it stands.
pub fn label_title(label: &str) -> String {
    let Some((list, id)) = label.split_once(':') else {
        return clean(label);
    };
    let french = match list {
        "attack" => AttackType::from_id(id)
            .map(|attack| format!("type {}", attack.french()))
            .ok(),
        "kind" => ArticleKind::from_id(id)
            .map(|kind| format!("nature {}", kind.french()))
            .ok(),
        "sector" => Sector::from_id(id)
            .map(|sector| format!("secteur {}", sector.french()))
            .ok(),
        "level" => Level::from_id(id)
            .map(|level| format!("niveau {}", level.french()))
            .ok(),
        "status" => Status::from_id(id)
            .map(|status| format!("statut {}", status.french()))
            .ok(),
        "victim" => Some(format!("victime {}", clean(id))),
        "provider" => Some(format!("prestataire {}", clean(id))),
        "country" => Some(format!("pays {}", clean(id))),
        "actor" => Some(format!("auteur {}", clean(id))),
        "event" => Some(format!("date des faits : {}", label_days(id))),
        "context" => Some(format!(
            "contexte {}",
            short_context(id).map_or_else(|| clean(id), str::to_owned)
        )),
        "word" => Some("mot appris".to_owned()),
        "fact" => Some(format!("fait {}", clean(id))),
        _ => None,
    };
    french.unwrap_or_else(|| clean(label))
}

/// « 2025-11-01/2025-11-02 » in French; anything else as it stands.
fn label_days(id: &str) -> String {
    let days = id.split_once('/').and_then(|(from, to)| {
        let (from, to) = (from.parse().ok()?, to.parse().ok()?);
        Some(EventDates { from, to })
    });
    days.map_or_else(|| clean(id), event_days)
}

/// « le 02/11/2025 », « du 01/11/2025 au 02/11/2025 ».
fn event_days(days: EventDates) -> String {
    let (from, to) = (days.from.strftime("%d/%m/%Y"), days.to.strftime("%d/%m/%Y"));
    if days.from == days.to {
        format!("le {from}")
    } else {
        format!("du {from} au {to}")
    }
}

/// What something adds: « +0.8 »; nothing when that rounds to zero.
pub fn signed(adds: f32) -> Option<String> {
    let said = format!("{adds:+.1}");
    (!matches!(said.as_str(), "+0.0" | "-0.0")).then_some(said)
}

/// A zone in a word.
pub const fn short_zone(zone: Zone) -> &'static str {
    match zone {
        Zone::Title => "titre",
        Zone::Lead => "chapeau",
        Zone::Body => "corps",
        Zone::Background => "contexte",
        Zone::Teaser => "renvoi",
    }
}

/// An assertion in a word.
pub const fn short_assertion(assertion: Assertion) -> &'static str {
    match assertion {
        Assertion::Affirmed => "affirmé",
        Assertion::Claimed => "revendiqué",
        Assertion::Hypothetical => "supposé",
        Assertion::Denied => "nié",
    }
}

/// A table of `context.toml` in words.
fn short_context(id: &str) -> Option<&'static str> {
    Some(match id {
        "denied-before" | "denied-after" | "denied-alone" => "négation",
        "hypothetical-before" | "hypothetical-after" | "hypothetical-beside" | "hypothetical-sentence" => "hypothèse",
        "claimed-sentence" | "claimed-beside" => "revendication",
        "conditional" => "conditionnel",
        "no-cue" => "fausse négation",
        "established" => "tenu pour acquis",
        "confirmed" => "confirmation",
        "denial" => "démenti",
        "background-start" | "background-sentence" => "rappel d'autres cas",
        "teaser-start" => "renvoi à un autre article",
        "recurrence" => "répétition",
        "off-topic" => "hors sujet",
        "exercise" => "exercice",
        "generic" => "attaques en général",
        "computers" => "informatique",
        "ruled-out" => "attaque écartée",
        "kidnapping" => "enlèvement",
        _ => return None,
    })
}

/// Why something is not kept.
pub const fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Denied => "le texte le nie",
        Reason::Hypothetical => "seulement craint, possible ou simulé",
        Reason::Background => "rappel d'un autre cas",
        Reason::Teaser => "renvoi à un autre article, ou mots du site",
        Reason::Elsewhere => "les mêmes mots, mais d'autre chose",
        Reason::Negated => "confirmation niée",
        Reason::BelowThreshold => "sous le seuil",
        Reason::Outvoted => "les voix du modèle sont contre",
        Reason::LessPrecise => "un type plus précis est retenu",
        Reason::NoIncident => "l'article ne raconte pas d'incident",
        Reason::TitleElsewhere => "le titre parle d'autre chose",
        Reason::NothingCyber => "rien dans le texte n'est clairement une attaque, ni ne parle d'informatique",
        Reason::NotTogether => "rien ne dit qu'il a été touché avec la victime principale",
        Reason::NotHit => "cité, sans que le texte dise qu'il a été touché",
    }
}

/// The kind of a vote: « Récit d'un incident », « Enquête, arrestation, procès (en général) ».
pub fn kind_title(name: &str) -> String {
    let (id, general) = match name.strip_suffix("-general") {
        Some(id) => (id, " (en général)"),
        None => (name, ""),
    };
    ArticleKind::from_id(id).map_or_else(|_| clean(name), |kind| format!("{}{general}", kind.french()))
}

/// What a feature adds, in words: « titre : type Rançongiciel +0.8 », « « rançon » (type Rançongiciel, titre) +0.3 »;
/// nothing when that rounds to zero.
fn feature(vote: &FeatureVote) -> Option<String> {
    let title = match (&vote.label, vote.position) {
        (Some(label), Some(position)) => {
            format!(
                "« {} » ({}, {})",
                short_phrase(&clean(&vote.feature)),
                label_title(label),
                position_title(position)
            )
        }
        _ => feature_title(&vote.feature),
    };
    Some(format!("{title} {}", signed(vote.adds)?))
}

/// The features that weighed most, in a line; empty when none is worth a word.
pub fn features(votes: &[FeatureVote]) -> String {
    let said: Vec<String> = votes.iter().filter_map(feature).collect();
    said.join(" ; ")
}

/// A phrase as it is written; of one that is long, its first forms: « mairie piratée, mairie attaquée, … ».
fn short_phrase(written: &str) -> String {
    if written.chars().count() <= PHRASE_CHARS {
        return written.to_owned();
    }
    let first = phrase_form(written, 0);
    let second = phrase_form(written, 1);
    let both = format!("{first}, {second}, …");
    if first != second && both.chars().count() <= PHRASE_CHARS {
        return both;
    }
    let start: String = first.chars().take(PHRASE_CHARS - 3).collect();
    if start.len() < first.len() || first == written {
        format!("{start}…")
    } else {
        format!("{start}, …")
    }
}

/// One form of a phrase: of each of its brackets the alternative with this number, else the first.
fn phrase_form(written: &str, number: usize) -> String {
    let mut form = String::new();
    let mut rest = written;
    while let Some((before, (alternatives, after))) = rest
        .split_once('(')
        .and_then(|(before, behind)| Some((before, behind.split_once(')')?)))
    {
        let first = alternatives.split('/').next().unwrap_or_default();
        form.push_str(before);
        form.push_str(alternatives.split('/').nth(number).unwrap_or(first));
        rest = after;
    }
    form.push_str(rest);
    form
}

fn position_title(position: &str) -> &str {
    match position {
        "title" => "titre",
        "text" => "texte",
        "lead" => "chapeau",
        "first" => "début",
        "middle" => "milieu",
        "last" => "fin",
        "background" => "contexte",
        "claimed" => "revendiqué",
        "hypothetical" => "supposé",
        "denied" => "nié",
        "anywhere" => "partout",
        other => other,
    }
}

/// A figure about the whole article in words; one that has no words by its name.
fn feature_title(name: &str) -> String {
    feature_words(name).unwrap_or_else(|| clean(name))
}

/// The French of a figure's name; none for a name that is none.
fn feature_words(name: &str) -> Option<String> {
    let whole = match name {
        "bias" => "constante",
        "title-attacks" => "nombre d'attaques dites dans le titre",
        "off-topic" => "hors sujet dans le titre ou le chapeau",
        "exercise" => "exercice",
        "denial" => "démenti",
        "recurrence" => "répétition dans le titre",
        "victim" => "victime trouvée",
        "victim-listed" => "victime connue des listes",
        "victim-in-title" => "victime dans le titre",
        "victim-is-public" => "victime publique",
        "victims" => "nombre de victimes",
        "actor" => "attaquant nommé",
        "event" => "jour des faits dit",
        "short" => "texte court",
        "victim-and-title-attack" => "victime, et attaque dans le titre",
        "victim-and-lead-attack" => "victime, et attaque dans le chapeau",
        "unnamed-title-attack" => "attaque dans le titre, sans victime",
        "title-question" => "titre en question",
        "helper-strict" => "autorité ou enquêteur",
        "helper" => "éditeur, prestataire ou canal",
        "held-back" => "cité après « selon », « après »...",
        "other-year" => "dans une phrase sur une autre année",
        "other-case" => "dans un autre cas, en comparaison",
        "only-in-background" => "seulement dans un rappel d'autres cas",
        "attacker" => "présenté comme l'attaquant",
        "by-it" => "« par » ce nom",
        "media" => "média",
        "outlet" => "nom de la publication",
        "person" => "nom de personne",
        "of-person" => "employeur de quelqu'un qui parle",
        "place-only" => "seulement un lieu",
        "town" => "nom de ville seul",
        "country" => "pays",
        "chez" => "après « chez »",
        "ordinary-word" => "mot de la langue",
        "only-at-start" => "seulement en début de phrase",
        "listed" => "nom d'une liste",
        "listed-careful" => "nom d'une liste qui est aussi un mot",
        "mentions" => "nombre de mentions",
        "sigle" => "sigle",
        "attack-beside-in-title" | "attack-beside-in-lead" | "attack-beside-in-body" => {
            "seulement à côté d'une attaque"
        }
        "computers" => "mots d'informatique",
        "object-in-title" => "« cyberattaque contre » ce nom, dans le titre",
        "object-in-lead" => "« cyberattaque contre » ce nom, dans le chapeau",
        "object-in-body" => "« cyberattaque contre » ce nom, dans le corps",
        "subject-in-title" => "ce nom « victime de », dans le titre",
        "subject-in-lead" => "ce nom « victime de », dans le chapeau",
        "subject-in-body" => "ce nom « victime de », dans le corps",
        "owner-in-title" => "« les serveurs de » ce nom, dans le titre",
        "owner-in-lead" => "« les serveurs de » ce nom, dans le chapeau",
        "owner-in-body" => "« les serveurs de » ce nom, dans le corps",
        "announces-in-title" => "ce nom « annonce », dans le titre",
        "announces-in-lead" => "ce nom « annonce », dans le chapeau",
        "announces-in-body" => "ce nom « annonce », dans le corps",
        "governed" => "phrases où il est à la place de la victime",
        "in-title" => "nommé dans le titre",
        "heads-title" => "en tête du titre",
        "in-lead" => "nommé dans le chapeau",
        "only-in-title" => "seul nommé dans le titre",
        "first" => "nommé en premier",
        "first-in-body" => "nommé en premier dans le corps",
        "in-address" => "nommé dans l'adresse de l'article",
        "besides" => "dit touché après un autre : « elle aussi »",
        "official-unhit" => "service de l'État jamais à la place de la victime",
        "official-beside" => "service de l'État à côté d'un autre nom dit touché",
        "first-governed" => "premier nommé de ceux à la place de la victime",
        "share" => "part des mentions",
        "most-named" => "nommé le plus souvent",
        "most-governed" => "le plus souvent à la place de la victime",
        "completes" => "complément d'un autre nom",
        "surely-named" => "nom certain",
        "introduced" => "présenté : « la société »",
        "described" => "décrit : « éditeur de »",
        "own-assets" => "« ses clients », « ses serveurs »",
        "says" => "prend la parole",
        "promotes" => "lance un produit ou accuse",
        "cue" => "mots d'une institution avec un lieu",
        "by-head" => "« la mairie » du lieu de l'article",
        "area-hit" => "son territoire est dit touché",
        "area-in-title" => "son territoire en tête du titre",
        "has-sector" => "secteur connu",
        "long-name" => "nom de plusieurs mots",
        "domain" => "nom de domaine",
        "beside-asset" => "juste après ce qui est touché",
        "hit-at-once" => "touché, dit par son propre verbe",
        _ => "",
    };
    if !whole.is_empty() {
        return Some(whole.to_owned());
    }
    for (prefix, zone) in [
        ("title-", "titre"),
        ("lead-", "chapeau"),
        ("body-", "corps"),
        ("background-", "contexte"),
        ("denied-", "nié ou supposé"),
    ] {
        if let Some(rest) = name.strip_prefix(prefix) {
            return Some(format!("{zone} : {}", feature_rest(rest)?));
        }
    }
    None
}

/// The French of what follows the zone in a figure's name.
fn feature_rest(rest: &str) -> Option<String> {
    if let Some(kind) = rest.strip_prefix("kind-") {
        let kind = ArticleKind::from_id(kind).ok()?;
        return Some(format!("mots de « {} »", kind.french()));
    }
    if let Some(attack) = rest.strip_prefix("type-") {
        let attack = AttackType::from_id(attack).ok()?;
        return Some(format!("type {}", attack.french()));
    }
    let words = match rest {
        "attack" => "une attaque est dite",
        "generic" => "attaques en général",
        "hypothetical" => "attaque supposée",
        "denied" => "attaque niée",
        "claimed" => "attaque revendiquée",
        "confirmed" => "mots de confirmation",
        "computers" => "mots d'informatique",
        _ => return None,
    };
    Some(words.to_owned())
}

/// The decision on an article, in sentences.
pub fn decision(decision: &Decision) -> Vec<String> {
    let mut lines = vec![format!(
        "{} : probabilité {:.2}, seuil {:.2}.",
        if decision.tells_incident {
            "Raconte un incident"
        } else {
            "Ne raconte pas d'incident"
        },
        decision.probability,
        decision.threshold
    )];
    if decision.is_unnamed {
        lines.push("Aucune victime n'est trouvée : la probabilité en tient compte.".to_owned());
    }
    if let Some(veto) = decision.veto {
        lines.push(format!("Exclu quelles que soient les voix : {}.", reason(veto)));
    }
    let weighed = features(&decision.features);
    if !weighed.is_empty() {
        lines.push(format!("Ce qui a le plus pesé : {weighed}."));
    }
    lines
}

/// What was not kept, in a line: « type Vol ou fuite de données (« fuite ») : le texte le nie ».
pub fn refusal(refused: &Refused) -> String {
    let words = refused
        .words
        .as_deref()
        .map_or(String::new(), |words| format!(" (« {} »)", clean(words)));
    let score = match (refused.score, refused.threshold) {
        (Some(score), Some(threshold)) => format!(" (score {score:.1}, seuil {threshold:.1})"),
        _ => String::new(),
    };
    let mut weighed = features(&refused.features);
    if !weighed.is_empty() {
        weighed.insert_str(0, " : ");
    }
    let what = label_title(&refused.what);
    format!("{what}{words} : {}{score}{weighed}", reason(refused.reason))
}

/// What was concluded, as names and values; nothing where nothing was.
pub fn conclusions(analysis: &Analysis) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("Nature", analysis.kind.french().to_owned()),
        ("Langue", language(&analysis.language)),
    ];
    let mut say = |name, values: Vec<String>| {
        if !values.is_empty() {
            lines.push((name, values.join(" ; ")));
        }
    };
    say(
        "Victimes",
        analysis
            .victims
            .iter()
            .map(|victim| format!("{} ({:.2})", clean(&victim.name), victim.confidence))
            .collect(),
    );
    say(
        "Types",
        analysis
            .attacks
            .iter()
            .map(|attack| attack.french().to_owned())
            .collect(),
    );
    say(
        "Statut",
        analysis
            .status
            .iter()
            .map(|status| status.french().to_owned())
            .collect(),
    );
    say("Auteur", analysis.actor.iter().map(|actor| clean(actor)).collect());
    say("Date", analysis.event.iter().map(|event| event_days(*event)).collect());
    lines
}

/// A language's code, and whether the article is therefore out of the French figures.
fn language(code: &str) -> String {
    match code {
        "fr" => "français".to_owned(),
        "und" => "indéterminée".to_owned(),
        other => format!("{} : hors des chiffres français", clean(other)),
    }
}

/// One fact in a line, with how it is said when that is not plain.
pub fn fact(fact: &Fact) -> String {
    let said = match fact.assertion {
        Assertion::Affirmed => String::new(),
        other => format!(", {}", short_assertion(other)),
    };
    format!("{}{said}", clean(&fact.told.french()))
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
            "articles in other languages",
            |answer| {
                answer.coverage = Coverage {
                    articles: 5,
                    foreign_articles: 2,
                    incidents: 1,
                    ..Coverage::default()
                };
            },
            &[
                "Aucun incident trouvé : incidents en France, secteur sante.",
                "Derrière cette réponse : aucun flux relevé ; 3 articles et 1 incident en base (hors 2 articles en langue \
                 étrangère) ; aucun relevé réussi.",
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

    #[test]
    fn every_context_and_figure_has_french_words() {
        let models = crate::classify::model::Models::embedded().unwrap();
        let labels = models.phrases.lexicon.labels().iter();
        let contexts: Vec<&str> = labels.filter_map(|label| label.strip_prefix("context:")).collect();
        assert!(contexts.len() > 20, "{contexts:?}");
        for context in contexts {
            assert!(short_context(context).is_some(), "{context}");
        }
        let of_articles = crate::classify::features::names().iter().map(String::as_str);
        for name in of_articles.chain(crate::entities::candidate_features()) {
            assert!(feature_words(name).is_some(), "{name}");
        }
        assert_eq!(feature_words("title-kind-nothing"), None);
        assert_eq!(feature_title("nothing"), "nothing");
    }

    #[test]
    fn days_phrases_and_weights() {
        assert_eq!(
            label_title("event:2025-11-02/2025-11-02"),
            "date des faits : le 02/11/2025"
        );
        assert_eq!(
            label_title("event:2025-11-01/2025-11-02"),
            "date des faits : du 01/11/2025 au 02/11/2025"
        );
        assert_eq!(label_title("event:demain"), "date des faits : demain");
        for (adds, expected) in [(0.84, Some("+0.8")), (-1.0, Some("-1.0")), (0.04, None), (-0.04, None)] {
            assert_eq!(signed(adds).as_deref(), expected, "{adds}");
        }
        for (written, expected) in [
            ("piraté*", "piraté*"),
            ("(mairie/ville) piratée", "(mairie/ville) piratée"),
            (
                "(mairie/ville/commune/collectivité/agglomération/région) (piratée/attaquée/visée)",
                "mairie piratée, ville attaquée, …",
            ),
            (
                "(la société de services/la société de conseil/la société de transport) est attaquée",
                "la société de services est attaquée, …",
            ),
        ] {
            assert_eq!(short_phrase(written), expected);
        }
        let long = "mot ".repeat(30);
        assert_eq!(short_phrase(&long).chars().count(), PHRASE_CHARS - 2);
    }
}
