//! The bodies that could be the one hit, each with all its mentions and the figures about it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::areas::{areas_hit, areas_of_title, speaks_of_hospitals, title_sectors};
use super::features::{Feature, Features};
use super::naming::{is_like_person, is_noun_of_act, is_person_or_place, is_run_of_tags, is_surely_a_name};
use super::position::{
    completes_another, continues_ministry, follows_another_case, heads_title, is_area_alone, is_before_colon,
    is_held_back, is_hit_besides, is_in_path, is_likened, is_likened_to, is_outlet, is_said_also, path_of,
    sentences_of_other_years, site_of, stands_for_itself, title_suffix,
};
use super::syntax::{
    Attack, Role, announces, attack_spans, attacks_of, is_beside_asset, is_described, is_hit_at_once, is_introduced,
    is_locative, is_made_attacker, is_network_of_person, is_of_person, is_spared, owns_assets, promotes, roles, says,
    says_of_itself, stands_at,
};
use crate::entities::bodies::{Body, Source};
use crate::entities::home::{Home, body_abroad, city_abroad};
use crate::entities::mention::{Mention, What};
use crate::entities::reading::Reading;
use crate::model::analysis::{Place, Statement, Zone};
use crate::model::label::Sector;
use crate::text::fold::slug;

/// Mentions of a body beside which its sector is sought; nobody needs more.
const MOST_SPOTS: usize = 12;

/// A body with all its mentions.
pub(in crate::entities) struct Candidate {
    pub body: Body,
    /// The figures about it.
    pub features: Features,
    /// The sentences where a mention stands in a victim's place.
    pub governed: BTreeSet<usize>,
    /// The sentences where it announces an attack: « X confirme une fuite ».
    pub announced: BTreeSet<usize>,
    /// Whether it is said to be hit besides another: « lui aussi touché ».
    pub also: bool,
    /// Whether it is somebody who could be hit: not only a town after « à », nor a word of the
    /// language, nor a medium cited.
    pub is_named: bool,
    /// The mention that tells most.
    pub best: Mention,
    best_weight: f32,
    /// Its first mentions: sentence and words.
    pub(super) spots: Vec<(usize, Range<usize>)>,
    /// Its first word in the text.
    pub first: usize,
    /// Its first word below the headline.
    first_in_body: usize,
    mentions: usize,
    in_background: usize,
    at_start: usize,
    ordinary: usize,
    /// Its name as its first mention has it.
    as_written: String,
    /// Whether it says of itself what nobody else says of it: « X annonce être ».
    says_of_itself: bool,
    /// Mentions as a mere area: « les communes du département ».
    as_area: usize,
    /// Whether a headline begins with it as the one it speaks of: not « X : une attaque frappe Y ».
    opens_title: bool,
}

/// What the whole text says, for the judgement of each mention.
struct Scene<'r, 'a> {
    reading: &'r Reading<'a>,
    attacks: Vec<Attack>,
    home: &'r Home,
    other_years: BTreeSet<usize>,
    /// The letters of the outlet's site.
    site: String,
}

/// Every body that could be the one hit, in the order of their keys.
pub(in crate::entities) fn candidates(
    reading: &Reading<'_>,
    statements: &[Statement],
    home: &Home,
    published_year: i16,
    url: &str,
) -> Vec<Candidate> {
    let scene = Scene {
        reading,
        attacks: attack_spans(reading, statements),
        home,
        other_years: sentences_of_other_years(reading, published_year),
        site: site_of(url),
    };
    let suffix = title_suffix(reading);
    let roles = roles(reading, &scene.attacks);
    let mut found: BTreeMap<String, Candidate> = BTreeMap::new();
    for (mention, role) in reading.mentions.iter().zip(&roles) {
        let is_nowhere = suffix.contains(&mention.tokens.start);
        if is_nowhere || is_spared(reading, mention) || is_network_of_person(reading, mention) {
            continue;
        }
        let is_country = matches!(mention.what, What::Country(_));
        if is_country && !(role.object || (role.subject && is_hit_at_once(reading, mention))) {
            continue;
        }
        if let Some(body) = scene.body(mention) {
            scene.add(&mut found, mention, *role, &body);
        }
    }
    let mut found = join_unplaced(join_spellings(reading, found));
    note_areas(&scene, &mut found);
    let mut found = hospitals_meant(&scene, found);
    let path = path_of(url);
    for candidate in &mut found {
        candidate.is_named &= !candidate.is_nobody();
        let written = reading.written(&candidate.best.tokens);
        let is_person = candidate.features.get(Feature::Person) > 0.0;
        let is_in_address = !is_person && is_in_path(&candidate.body, written, &path);
        candidate.features.note(Feature::InAddress, is_in_address);
    }
    compare(&mut found);
    found
}

impl Scene<'_, '_> {
    /// The body that a mention stands for; none where it cannot be the one hit.
    fn body<'m>(&self, mention: &'m Mention) -> Option<Cow<'m, Body>> {
        let zone = self.reading.zone(mention);
        if zone == Zone::Teaser {
            return None;
        }
        match &mention.what {
            What::Body(body)
                if body.source == Source::Open
                    && (is_person_or_place(self.reading, mention)
                        || is_run_of_tags(self.reading, mention)
                        || continues_ministry(self.reading, mention)) =>
            {
                None
            }
            What::Body(body) => Some(Cow::Borrowed(body)),
            What::Country(index) => self
                .city_body_abroad(mention)
                .or_else(|| country_body(self.reading, mention, *index))
                .map(Cow::Owned),
            What::Head(cue) if zone != Zone::Background => self.home.body(self.reading, *cue).map(Cow::Owned),
            _ => None,
        }
    }

    /// « Cyberattaque de Rolle » in a headline: the administration of a city abroad.
    fn city_body_abroad(&self, mention: &Mention) -> Option<Body> {
        let reading = self.reading;
        let (city, country) = city_abroad(reading, mention)?;
        let cue = reading.gazetteer.cues.iter().find(|cue| cue.kind == "commune")?;
        let start = mention.tokens.start;
        let is_where = start > 0 && matches!(reading.word(start - 1), "a" | "au" | "aux" | "dans" | "en" | "depuis");
        // Cities have no article: « le Minnesota », « le Bundestag » are none.
        let is_city = reading.zone(mention) == Zone::Title
            && !is_where
            && !reading.has_article(start)
            && stands_at(mention, attacks_of(&self.attacks, mention.sentence));
        is_city.then(|| body_abroad(cue, &city, &country))
    }

    /// Adds a mention to the figures of its body.
    fn add(&self, found: &mut BTreeMap<String, Candidate>, mention: &Mention, role: Role, body: &Body) {
        let reading = self.reading;
        let zone = reading.zone(mention);
        let has_attack = !attacks_of(&self.attacks, mention.sentence).is_empty();
        let completes = completes_another(reading, mention);
        let is_governed = role.object || role.subject || (role.owner && has_attack);
        let is_held_back = is_held_back(reading, mention);
        let is_other_case = is_likened_to(reading, mention)
            || is_likened(reading, mention)
            || (zone != Zone::Title && is_governed && follows_another_case(reading, mention));
        let by_syntax = is_governed && !is_held_back && !is_other_case && !completes;
        // An outlet speaks of itself in every article.
        if body.source != Source::Cue && is_outlet(&body.name, &self.site) && !(by_syntax && zone == Zone::Title) {
            return;
        }
        let weight = weight_of(zone, role, by_syntax);
        let candidate = found
            .entry(body.key.clone())
            .or_insert_with(|| Candidate::new(body, mention, weight));
        candidate.mentions += 1;
        if candidate.as_written.is_empty() {
            candidate.as_written = reading.written(&mention.tokens).to_owned();
        }
        if candidate.spots.len() < MOST_SPOTS {
            candidate.spots.push((mention.sentence, mention.tokens.clone()));
        }
        candidate.in_background += usize::from(zone == Zone::Background);
        let start = mention.tokens.start;
        let proves_nothing = reading.is_sentence_start(start) && !reading.is_name_elsewhere(start);
        candidate.at_start += usize::from(proves_nothing);
        let is_ordinary = proves_nothing
            && mention.tokens.len() == 1
            && (reading.gazetteer.is_ordinary_word(reading.tokens[start].hash)
                || is_noun_of_act(reading.written(&mention.tokens)));
        candidate.ordinary += usize::from(is_ordinary);
        if zone != Zone::Title {
            candidate.first_in_body = candidate.first_in_body.min(start);
        }
        if weight > candidate.best_weight {
            candidate.best = mention.clone();
            candidate.best_weight = weight;
        }
        candidate.is_named |= body.source != Source::Town
            || (by_syntax && (role.object || role.subject))
            || stands_for_itself(reading, mention, role);
        if by_syntax {
            candidate.governed.insert(mention.sentence);
            candidate.also |= role.subject && is_said_also(reading, mention);
        }
        let is_announcing = announces(reading, mention);
        let is_area = is_area_alone(reading, mention) && !by_syntax && !is_announcing;
        candidate.as_area += usize::from(is_area);
        candidate.says_of_itself |= is_announcing && says_of_itself(reading, mention);
        if is_announcing && has_attack && !is_held_back && !is_other_case && !completes {
            candidate.announced.insert(mention.sentence);
        }
        let is_head = zone == Zone::Title && heads_title(reading, mention) && !is_locative(reading, mention);
        candidate.opens_title |= is_head && !is_before_colon(reading, mention);
        let features = &mut candidate.features;
        use Feature::*;
        features.note_in(
            [ObjectInTitle, ObjectInLead, ObjectInBody],
            zone,
            role.object && by_syntax,
        );
        features.note_in(
            [SubjectInTitle, SubjectInLead, SubjectInBody],
            zone,
            role.subject && by_syntax,
        );
        features.note_in([OwnerInTitle, OwnerInLead, OwnerInBody], zone, role.owner && !completes);
        features.note_in(
            [AnnouncesInTitle, AnnouncesInLead, AnnouncesInBody],
            zone,
            is_announcing,
        );
        features.note_in([AttackInTitle, AttackInLead, AttackInBody], zone, has_attack);
        features.note(InTitle, zone == Zone::Title);
        features.note(HeadsTitle, is_head);
        features.note(InLead, zone == Zone::Lead);
        features.add(HeldBack, f32::from(is_held_back));
        features.add(OtherCase, f32::from(is_other_case));
        features.add(
            OtherYear,
            f32::from(zone != Zone::Title && self.other_years.contains(&mention.sentence)),
        );
        features.add(Completes, f32::from(completes));
        features.note(
            SurelyNamed,
            body.source != Source::Open || is_surely_a_name(reading, mention, by_syntax),
        );
        features.note(Introduced, is_introduced(reading, mention));
        features.note(Described, is_described(reading, mention));
        features.note(Chez, start > 0 && reading.word(start - 1) == "chez");
        features.note(OwnAssets, owns_assets(reading, mention));
        features.note(Says, says(reading, mention));
        features.note(Promotes, promotes(reading, mention));
        features.note(OfPerson, is_of_person(reading, mention));
        features.note(Attacker, is_made_attacker(reading, mention));
        features.note(ByIt, start > 0 && reading.word(start - 1) == "par");
        features.note(ByHead, matches!(mention.what, What::Head(_)));
        features.note(
            Domain,
            mention.tokens.len() == 2 && reading.written(&mention.tokens).contains('.'),
        );
        features.note(
            Sigle,
            reading.tokens[mention.tokens.start].upper && mention.tokens.len() == 1,
        );
        features.note(LongName, mention.tokens.len() > 1);
        features.note(HelperStrict, body.helper == 1);
        features.note(Helper, body.helper == 2);
        features.note(
            Media,
            body.sector == Some(Sector::MediaCulture) && body.source != Source::Cue,
        );
        features.note(Person, body.source == Source::Open && is_like_person(reading, mention));
        features.note(BesideAsset, start > 0 && is_beside_asset(reading, mention));
        features.note(HitAtOnce, role.subject && by_syntax && is_hit_at_once(reading, mention));
        features.note(Country, body.key.starts_with("pays:"));
        features.note(Besides, by_syntax && role.subject && is_hit_besides(reading, mention));
        if candidate.body.source == Source::Town && body.source == Source::Cue {
            candidate.body = body.clone();
        }
    }
}

/// « le Danemark visé par »: a country as such, other than France and those that attack.
fn country_body(reading: &Reading<'_>, mention: &Mention, index: u16) -> Option<Body> {
    let code = &reading.gazetteer.countries[usize::from(index)].code;
    let start = mention.tokens.start;
    let is_name = reading.tokens[start].capital && reading.has_article(start) && reading.word(start - 1) != "en";
    (is_name && !matches!(code.as_str(), "FR" | "EU" | "RU" | "CN" | "KP" | "IR")).then(|| Body {
        key: format!("pays:{}", code.to_lowercase()),
        name: reading.written(&mention.tokens).to_owned(),
        sector: None,
        level: None,
        place: Place::default(),
        country: Some(code.clone()),
        source: Source::Open,
        helper: 0,
    })
}

/// How much a mention tells of its body.
fn weight_of(zone: Zone, role: Role, by_syntax: bool) -> f32 {
    let place = match zone {
        Zone::Title => 2.2,
        Zone::Lead => 1.0,
        Zone::Body => 0.3,
        Zone::Background => -2.0,
        Zone::Teaser => -9.0,
    };
    place
        + if by_syntax && (role.object || role.subject) {
            3.0
        } else {
            f32::from(by_syntax)
        }
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
        to.take(from);
    }
    candidates
}

impl Candidate {
    /// A body with its first mention, before anything is noted of that.
    fn new(body: &Body, mention: &Mention, weight: f32) -> Candidate {
        Candidate {
            body: body.clone(),
            features: Features::default(),
            governed: BTreeSet::new(),
            announced: BTreeSet::new(),
            also: false,
            is_named: false,
            best: mention.clone(),
            best_weight: weight,
            spots: Vec::new(),
            first: mention.tokens.start,
            first_in_body: usize::MAX,
            mentions: 0,
            in_background: 0,
            at_start: 0,
            ordinary: 0,
            as_written: String::new(),
            says_of_itself: false,
            as_area: 0,
            opens_title: false,
        }
    }

    /// A word of the language that only ever begins a sentence; an authority, a medium or a vendor
    /// that nothing says was hit.
    fn is_nobody(&self) -> bool {
        use Feature::*;
        let tells = |feature: Feature| self.features.get(feature) > 0.0;
        let is_word = self.body.source == Source::Open && self.ordinary == self.mentions;
        let is_hit = !self.governed.is_empty();
        let speaks = [
            AnnouncesInTitle,
            AnnouncesInLead,
            OwnerInTitle,
            OwnerInLead,
            OwnerInBody,
        ]
        .into_iter()
        .any(tells);
        // « Thales contre LockBit »: the headline begins with it, and speaks of an attack.
        let heads = self.opens_title && tells(AttackInTitle) && !tells(Promotes);
        let is_area = self.as_area == self.mentions;
        is_word
            || is_area
            || (self.body.helper == 1 && !is_hit)
            || (self.body.helper == 2 && !is_hit && !speaks && !heads)
    }

    /// How many words lie between a mention and some words of the same sentence; none in another.
    pub fn distance(&self, sentence: usize, tokens: &Range<usize>) -> Option<usize> {
        self.spots
            .iter()
            .filter(|(other, _)| *other == sentence)
            .map(|(_, spot)| {
                if tokens.end <= spot.start {
                    spot.start - tokens.end
                } else {
                    tokens.start.saturating_sub(spot.end)
                }
            })
            .min()
    }

    /// Takes in the mentions of another spelling of the same body.
    fn take(&mut self, other: Candidate) {
        self.features.join(&other.features);
        self.governed.extend(other.governed);
        self.announced.extend(other.announced);
        self.also |= other.also;
        self.is_named |= other.is_named;
        if other.best_weight > self.best_weight {
            self.best = other.best;
            self.best_weight = other.best_weight;
        }
        self.first = self.first.min(other.first);
        let room = MOST_SPOTS.saturating_sub(self.spots.len());
        self.spots.extend(other.spots.into_iter().take(room));
        self.mentions += other.mentions;
        self.in_background += other.in_background;
        self.first_in_body = self.first_in_body.min(other.first_in_body);
        self.at_start += other.at_start;
        self.ordinary += other.ordinary;
        self.says_of_itself |= other.says_of_itself;
        self.as_area += other.as_area;
        self.opens_title |= other.opens_title;
    }
}

/// Joins the spellings of one body: « Krimovia » and « Krimovia France », a name and its sigle in
/// brackets.
fn join_spellings(reading: &Reading<'_>, mut candidates: BTreeMap<String, Candidate>) -> BTreeMap<String, Candidate> {
    let mut same: BTreeMap<String, String> = BTreeMap::new();
    for mention in &reading.mentions {
        if let Some((sigle, body)) = sigle_of(reading, mention)
            && sigle != body
            && !same.contains_key(&body)
        {
            same.insert(sigle, body);
        }
    }
    for (longer, shorter) in longer_names(&candidates) {
        same.entry(longer).or_insert(shorter);
    }
    for (short, full) in houses_by_short_name(&candidates) {
        same.entry(short).or_insert(full);
    }
    for (family_name, full_name) in persons_by_family_name(&candidates) {
        same.entry(family_name).or_insert(full_name);
    }
    for (from, to) in same {
        if candidates.contains_key(&to)
            && let Some(from) = candidates.remove(&from)
            && let Some(to) = candidates.get_mut(&to)
        {
            to.take(from);
        }
    }
    candidates
}

/// « Fédération des pêcheurs du lac (FPL) »: the keys of the sigle and of the body.
fn sigle_of(reading: &Reading<'_>, mention: &Mention) -> Option<(String, String)> {
    let start = mention.tokens.start;
    let token = &reading.tokens[start];
    let What::Body(sigle) = &mention.what else {
        return None;
    };
    if sigle.source != Source::Open || mention.tokens.len() != 1 || !token.upper || !token.bracketed {
        return None;
    }
    let before = reading.ending_before(start)?;
    match &before.what {
        What::Body(body) if before.sentence == mention.sentence && body.helper == 0 => {
            Some((sigle.key.clone(), body.key.clone()))
        }
        _ => None,
    }
}

/// Pairs of bodies, the first named by the ends of the second's name, which is a hospital's or a school's: « centre
/// Trovaz » is the Centre Jeanne-Trovaz.
fn houses_by_short_name(candidates: &BTreeMap<String, Candidate>) -> Vec<(String, String)> {
    let ends = |name: &str| {
        let folded = slug(name);
        let words = folded.split('-').count();
        let (first, last) = (folded.split('-').next()?, folded.rsplit('-').next()?);
        Some(((first.to_owned(), last.to_owned()), words))
    };
    let houses: BTreeMap<(String, String), &str> = candidates
        .values()
        .filter(|candidate| matches!(candidate.body.sector, Some(Sector::Health | Sector::Education)))
        .filter_map(|candidate| {
            let (ends, words) = ends(&candidate.body.name)?;
            (words > 2).then_some((ends, candidate.body.key.as_str()))
        })
        .collect();
    candidates
        .values()
        .filter_map(|candidate| {
            let (ends, words) = ends(&candidate.as_written)?;
            let full = *houses.get(&ends).filter(|_| words == 2)?;
            (full != candidate.body.key).then(|| (candidate.body.key.clone(), full.to_owned()))
        })
        .collect()
}

/// Pairs of names that no list has, the first the end of the second, which is a person's: « Trovaz » is Jeanne
/// Trovaz, unless Paul Trovaz is named too.
fn persons_by_family_name(candidates: &BTreeMap<String, Candidate>) -> Vec<(String, String)> {
    let open = || {
        candidates
            .values()
            .filter(|candidate| candidate.body.source == Source::Open)
    };
    let mut bearers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for person in open().filter(|candidate| candidate.features.get(Feature::Person) > 0.0) {
        let family_name = person.body.name.rsplit(' ').next().unwrap_or("");
        let key = format!("nom:{}", slug(family_name));
        if key != person.body.key && candidates.contains_key(&key) {
            bearers.entry(key).or_default().push(person.body.key.clone());
        }
    }
    bearers
        .into_iter()
        .filter_map(|(family_name, persons)| match persons.as_slice() {
            [only] => Some((family_name, only.clone())),
            _ => None,
        })
        .collect()
}

/// Pairs of names that no list has, the second the beginning of the first: « Krimovia France » is
/// Krimovia, when that is named as often.
fn longer_names(candidates: &BTreeMap<String, Candidate>) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut shorter: Option<&Candidate> = None;
    for (key, candidate) in candidates.range("nom:".to_owned().."nom;".to_owned()) {
        if candidate.body.source != Source::Open {
            continue;
        }
        match shorter {
            Some(known) if key.starts_with(&format!("{}-", known.body.key)) => {
                if known.mentions >= candidate.mentions {
                    pairs.push((key.clone(), known.body.key.clone()));
                }
            }
            _ => shorter = Some(candidate),
        }
    }
    pairs
}

/// « La Normandie paralysée »: the Région is hit, its lycées only besides.
fn note_areas(scene: &Scene<'_, '_>, candidates: &mut BTreeMap<String, Candidate>) {
    for (key, sentence) in areas_hit(scene.reading, &scene.attacks) {
        if let Some(candidate) = candidates.get_mut(&key) {
            candidate.features.set(Feature::AreaHit, 1.0);
            candidate.governed.insert(sentence);
        }
    }
    for key in areas_of_title(scene.reading) {
        if let Some(candidate) = candidates.get_mut(&key) {
            let is_schools = candidate.body.key.starts_with("lycee:");
            candidate
                .features
                .set(Feature::AreaInTitle, if is_schools { -1.0 } else { 1.0 });
        }
    }
}

/// A town that no « mairie » makes a body, under a headline about patients: its hospital is meant.
fn hospitals_meant(scene: &Scene<'_, '_>, candidates: BTreeMap<String, Candidate>) -> Vec<Candidate> {
    let title_sectors = title_sectors(scene.reading);
    let is_about_hospitals = title_sectors.contains(&Sector::Health) && speaks_of_hospitals(scene.reading);
    let named_hospitals: BTreeMap<String, String> = candidates
        .values()
        .filter(|candidate| candidate.body.sector == Some(Sector::Health))
        .map(|candidate| (candidate.body.key.clone(), candidate.body.name.clone()))
        .collect();
    let mut list: Vec<Candidate> = candidates.into_values().collect();
    for candidate in &mut list {
        if candidate.body.source != Source::Town || title_sectors.is_empty() {
            continue;
        }
        match scene.home.health_body(scene.reading, &candidate.body) {
            Some(mut hospital) if is_about_hospitals => {
                if let Some(name) = named_hospitals.get(&hospital.key) {
                    hospital.name.clone_from(name);
                }
                candidate.body = hospital;
                candidate.is_named = true;
            }
            _ => candidate.is_named = false,
        }
    }
    list
}

/// The figures that compare a candidate with the others; towns where something only takes place
/// are no candidates.
fn compare(candidates: &mut [Candidate]) {
    use Feature::*;
    let mut candidates: Vec<&mut Candidate> = candidates.iter_mut().filter(|candidate| candidate.is_named).collect();
    let all: usize = candidates.iter().map(|candidate| candidate.mentions).sum();
    let most = candidates.iter().map(|candidate| candidate.mentions).max().unwrap_or(0);
    let most_governed = candidates
        .iter()
        .map(|candidate| candidate.governed.len())
        .max()
        .unwrap_or(0);
    let first = candidates.iter().map(|candidate| candidate.first).min();
    let first_in_body = candidates
        .iter()
        .map(|candidate| candidate.first_in_body)
        .min()
        .filter(|first| *first < usize::MAX);
    let is_official =
        |candidate: &Candidate| candidate.body.sector == Some(Sector::State) && candidate.body.helper == 0;
    let is_unhit = |candidate: &Candidate| candidate.governed.is_empty() && !candidate.says_of_itself;
    let first_governed = candidates
        .iter()
        .filter(|candidate| !candidate.governed.is_empty())
        .map(|candidate| candidate.first)
        .min();
    let others_are_hit = candidates.iter().any(|candidate| {
        let is_told = !candidate.governed.is_empty() || !candidate.announced.is_empty();
        candidate.body.helper == 0 && is_told && !(is_official(candidate) && is_unhit(candidate))
    });
    let in_title = candidates
        .iter()
        .filter(|candidate| candidate.features.get(InTitle) > 0.0 && candidate.body.helper == 0)
        .count();
    for candidate in &mut candidates {
        let mentions = candidate.mentions as f32;
        let governed = candidate.governed.len();
        let only_speaks = is_official(candidate) && is_unhit(candidate);
        let body = &candidate.body;
        let features = &mut candidate.features;
        for part in [HeldBack, OtherCase, OtherYear, Completes] {
            features.set(part, features.get(part) / mentions);
        }
        features.set(Governed, (1.0 + governed as f32).ln());
        features.set(Mentions, (1.0 + mentions).ln());
        features.set(Share, mentions / all as f32);
        features.note(MostNamed, candidate.mentions == most && most > 1);
        features.note(MostGoverned, governed == most_governed && governed > 0);
        features.note(First, Some(candidate.first) == first);
        features.note(OnlyInTitle, in_title == 1 && features.get(InTitle) > 0.0);
        features.note(OnlyInBackground, candidate.in_background == candidate.mentions);
        features.note(Cue, body.source == Source::Cue);
        features.note(Listed, body.source == Source::Listed);
        features.note(ListedCareful, body.source == Source::ListedCareful);
        features.note(Town, body.source == Source::Town);
        features.note(HasSector, body.sector.is_some());
        let is_open = body.source == Source::Open;
        features.note(OnlyAtStart, is_open && candidate.at_start == candidate.mentions);
        features.note(OfficialUnhit, only_speaks);
        features.note(OfficialBeside, only_speaks && others_are_hit);
        features.note(FirstGoverned, governed > 0 && Some(candidate.first) == first_governed);
        features.note(FirstInBody, Some(candidate.first_in_body) == first_in_body);
    }
}
