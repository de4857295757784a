//! What each name stands for: which of the homonyms, a town or a brand, a body or somebody's title.
//! Where neither the text nor the outlet tells, no code is given rather than a wrong one.

use std::collections::BTreeSet;

use super::bodies::{
    Body, Source, body_of_town, commune_body, departement_body, intercommunality_body, of, organisation_body,
    place_of_code, place_of_commune, place_of_departement, region_body,
};
use super::gazetteer::{Cue, Entry, Gazetteer, Named};
use super::mention::{Area, Mention, What};
use super::names::Found;
use super::reading::{LINKS, Reading};
use super::tokens::Gap;
use crate::model::analysis::{Place, Zone};
use crate::model::label::Sector;
use crate::text::fold::slug;

/// Words that make the next town's name part of somebody's title or of an address.
const ASIDES: &[&str] = &[
    "parquet",
    "procureur",
    "procureure",
    "tribunal",
    "gendarmerie",
    "police",
    "commissariat",
    "cour",
    "rue",
    "avenue",
    "boulevard",
    "place",
    "gare",
    "stade",
    "quai",
    "prefet",
    "prefete",
    "juge",
    "barreau",
    "depute",
    "deputee",
    "senateur",
    "senatrice",
    "professeur",
    "brigade",
    "section",
    "prison",
    "avocat",
    "traite",
    "pont",
    "tour",
    "bataille",
    "saint",
    "gendarmes",
    "policiers",
    "edition",
    "bourse",
];
/// How a town's full name goes on after the short one that people use.
const LONGER: &[&str] = &["-sur-", "-en-", "-lès-", "-les-", "-le-", "-la-", "-sous-"];
const PREPOSITIONS: &[&str] = &["a", "au", "aux", "de", "d", "du", "des", "pres", "vers", "contre"];

pub(super) struct Resolver<'r, 'a> {
    pub reading: &'r Reading<'a>,
    pub outlet: &'r [String],
    /// A foreign outlet whose text names no French département: its towns are not ours.
    pub abroad: bool,
    /// What headline and lead speak of.
    pub sectors: BTreeSet<Sector>,
}

impl Resolver<'_, '_> {
    /// What a name that was cut out of the text stands for; none for an ordinary word.
    pub fn mention(&self, found: &Found) -> Option<Mention> {
        let what = match found.cue {
            Some(index) => self.cued(found, index)?,
            None => self.named(found)?,
        };
        Some(Mention {
            tokens: found.tokens.clone(),
            sentence: self.reading.tokens[found.tokens.start].sentence,
            what,
        })
    }

    fn cued(&self, found: &Found, index: u16) -> Option<What> {
        let gazetteer = self.reading.gazetteer;
        let cue = &gazetteer.cues[usize::from(index)];
        if found.entries.is_empty() && found.name.is_none() && found.code.is_none() {
            return Some(What::Head(index));
        }
        if found.in_place && cue.kind != "commune" {
            return Some(What::Area(area_of(&found.entries, gazetteer, found.code.as_deref())));
        }
        let body = self.cued_body(found, cue)?;
        Some(What::Body(if found.in_place {
            Body {
                source: Source::Town,
                ..body
            }
        } else {
            body
        }))
    }

    fn cued_body(&self, found: &Found, cue: &Cue) -> Option<Body> {
        let gazetteer = self.reading.gazetteer;
        if let Some(code) = &found.code {
            return Some(departement_body(gazetteer, cue, gazetteer.departement_index(code)?));
        }
        if let Some(name) = &found.name {
            return Some(self.open_body(found, cue, name));
        }
        let intercommunality = found.entries.iter().find_map(|entry| match entry.named {
            Named::Intercommunality(index) => Some(index),
            _ => None,
        });
        if let Some(index) = intercommunality {
            return Some(intercommunality_body(gazetteer, index));
        }
        let departement = found.entries.iter().find_map(|entry| match entry.named {
            Named::Departement(index) | Named::DepartementAdjective(index) => Some(index),
            _ => None,
        });
        if let Some(index) = departement
            && cue.takes.contains('d')
        {
            return Some(departement_body(gazetteer, cue, index));
        }
        let region = found.entries.iter().find_map(|entry| match entry.named {
            Named::Region(index) | Named::RegionAdjective(index) => Some(index),
            _ => None,
        });
        if let Some(index) = region
            && cue.takes.contains('r')
        {
            return Some(region_body(gazetteer, cue, index));
        }
        let academy = found.entries.iter().find_map(|entry| match entry.named {
            Named::Academy(index) => Some(index),
            _ => None,
        });
        if let Some(index) = academy
            && cue.takes.contains('a')
        {
            let (name, departements) = &gazetteer.academies[usize::from(index)];
            return Some(Body {
                key: format!("rectorat:{}", slug(name)),
                name: format!("Académie {}", of(name)),
                sector: cue.sector,
                level: None,
                place: place_of_departement(gazetteer, departements.first().map_or("", String::as_str)),
                country: Some("FR".to_owned()),
                source: Source::Cue,
                helper: 0,
            });
        }
        let people = found.entries.iter().find_map(|entry| match entry.named {
            Named::Demonym(index) => Some(index),
            _ => None,
        });
        if let Some(index) = people {
            let adjective = self
                .reading
                .written(&(found.tokens.end - 1..found.tokens.end))
                .to_lowercase();
            let name = format!("{} {adjective}", cue.display);
            let code = gazetteer.countries[usize::from(index)].code.clone();
            return Some(Body {
                key: format!("nom:{}", slug(&name)),
                name,
                sector: cue.sector,
                level: None,
                place: Place::default(),
                country: Some(if code == "EU" { "XX".to_owned() } else { code }),
                source: Source::Cue,
                helper: 0,
            });
        }
        self.town_body(found, cue)
    }

    /// A body of a town: the town itself, its hospital, its intercommunality...
    fn town_body(&self, found: &Found, cue: &Cue) -> Option<Body> {
        let gazetteer = self.reading.gazetteer;
        let town_name = self.town_written(found);
        let is_foreign_city = found.entries.iter().find_map(|entry| match entry.named {
            Named::ForeignCity(index) => Some(index),
            _ => None,
        });
        match self.commune(found) {
            Some(commune) => Some(body_of_town(gazetteer, cue, commune)),
            None => {
                let country = is_foreign_city
                    .map(|index| gazetteer.countries[usize::from(index)].code.clone())
                    .or_else(|| self.bracketed_country(found.tokens.end))
                    .or_else(|| (!self.abroad).then(|| "FR".to_owned()));
                let name = format!("{} {}", cue.display, of(&town_name));
                Some(Body {
                    key: format!("nom:{}", slug(&name)),
                    name,
                    sector: cue.sector,
                    level: cue.level,
                    place: Place::default(),
                    country,
                    source: Source::Cue,
                    helper: 0,
                })
            }
        }
    }

    /// A body whose own name no list has: « lycée Jean Moulin de Béziers », « ville de Sanxenxo ».
    fn open_body(&self, found: &Found, cue: &Cue, complement: &str) -> Body {
        let gazetteer = self.reading.gazetteer;
        let name = format!("{} {complement}", cue.display);
        // Its town, when it follows: « de Béziers », « à Béziers », « (Hérault) ».
        let mut place = Place::default();
        for start in found.tokens.start..found.tokens.end + 3 {
            let Some((count, entries)) = self
                .reading
                .names_at(start, |entry| matches!(entry.named, Named::Commune(_)))
            else {
                continue;
            };
            let after_link = start > 0 && matches!(self.reading.word(start - 1), "de" | "a" | "d");
            let contracted = matches!(self.reading.word(start), "du" | "au" | "des" | "aux");
            if !(after_link || contracted) {
                continue;
            }
            let town = Found {
                tokens: start..start + count,
                cue: found.cue,
                entries,
                name: None,
                code: None,
                in_place: false,
            };
            if let Some(commune) = self.commune(&town) {
                place = place_of_commune(gazetteer, commune);
            }
        }
        if place == Place::default()
            && let Some(index) = self.departement_closing(found)
        {
            place = place_of_departement(gazetteer, &gazetteer.departements[usize::from(index)].code);
        }
        let is_french_kind = !matches!(
            cue.kind.as_str(),
            "commune" | "universite" | "aeroport" | "laboratoire" | "musee" | "hopital"
        );
        let country = self
            .bracketed_country(found.tokens.end)
            .or_else(|| self.country_within(&found.tokens))
            .or_else(|| (place.commune.is_some() || (is_french_kind && !self.abroad)).then(|| "FR".to_owned()));
        let key = match cue.kind.as_str() {
            "ministere" | "federation" => format!(
                "{}:{}",
                if cue.kind == "ministere" { "etat" } else { "nom" },
                slug(&name)
            ),
            _ => match &place.commune {
                Some(commune) if !name.contains(place.commune_name.as_deref().unwrap_or("\n")) => {
                    format!("nom:{}-{commune}", slug(&name))
                }
                _ => format!("nom:{}", slug(&name)),
            },
        };
        Body {
            key,
            name,
            sector: cue.sector,
            level: cue.level,
            place,
            country,
            source: Source::Cue,
            helper: 0,
        }
    }

    /// The département that a body's own name ends with: « syndicat mixte de l'eau de l'Ariège ».
    fn departement_closing(&self, found: &Found) -> Option<u16> {
        (found.tokens.start + 1..found.tokens.end).find_map(|start| {
            let (count, entries) = self
                .reading
                .names_at(start, |entry| matches!(entry.named, Named::Departement(_)))?;
            let closes = start + count == found.tokens.end && LINKS.contains(&self.reading.word(start - 1));
            entries.iter().find_map(|entry| match entry.named {
                Named::Departement(index) if closes => Some(index),
                _ => None,
            })
        })
    }

    /// « ministère belge de la Défense »: the country whose people some of the words name.
    fn country_within(&self, tokens: &std::ops::Range<usize>) -> Option<String> {
        tokens.clone().find_map(|at| {
            let (_, entries) = self
                .reading
                .names_at(at, |entry| matches!(entry.named, Named::Demonym(_)))?;
            match entries.first()?.named {
                Named::Demonym(index) => Some(self.reading.gazetteer.countries[usize::from(index)].code.clone()),
                _ => None,
            }
        })
    }

    fn named(&self, found: &Found) -> Option<What> {
        let gazetteer = self.reading.gazetteer;
        let mut towns = false;
        let mut area = false;
        let mut country = None;
        let mut helper = None;
        let mut actor = None;
        let mut sector = None;
        let mut body = None;
        for entry in &found.entries {
            match entry.named {
                Named::Organisation(index) => {
                    let organisation = &gazetteer.organisations[usize::from(index)];
                    // « Nicolas Maduro » is not the wine merchant.
                    let may_be_part = entry.careful || self.is_hyphenated(found);
                    if !(may_be_part && found.tokens.len() == 1 && self.is_part_of_a_name(found)) {
                        body = Some(organisation_body(gazetteer, organisation, entry.careful));
                    }
                }
                Named::Hospital(index) => {
                    if body.is_none() {
                        let same: Vec<u16> = found
                            .entries
                            .iter()
                            .filter_map(|entry| match entry.named {
                                Named::Hospital(index) => Some(index),
                                _ => None,
                            })
                            .collect();
                        body = self.hospital(index, &same);
                    }
                }
                Named::Intercommunality(index) => {
                    if (!entry.careful || found.tokens.len() >= 3) && body.is_none() {
                        body = Some(intercommunality_body(gazetteer, index));
                    }
                }
                Named::Service(index) => {
                    let service = &gazetteer.services[usize::from(index)];
                    let operator = gazetteer
                        .organisations
                        .iter()
                        .find(|organisation| organisation.key == service.key);
                    body = Some(match operator {
                        Some(organisation) => organisation_body(gazetteer, organisation, false),
                        None => Body {
                            key: service.key.clone(),
                            name: service.operator.clone(),
                            sector: Some(Sector::State),
                            level: None,
                            place: Place::default(),
                            country: Some("FR".to_owned()),
                            source: Source::Listed,
                            helper: 0,
                        },
                    });
                }
                // « UBS », where students are spoken of, is the university.
                Named::Foreign(index)
                    if body.as_ref().is_some_and(|body| {
                        let foreign = &gazetteer.foreign[usize::from(index)];
                        let is_other = body.sector != foreign.sector;
                        is_other && body.sector.is_some_and(|sector| self.sectors.contains(&sector))
                    }) => {}
                Named::Foreign(index) => {
                    let foreign = &gazetteer.foreign[usize::from(index)];
                    // « Volkswagen France » is the French one.
                    let is_french_branch = self.reading.word(found.tokens.end) == "france"
                        && self.reading.tokens[found.tokens.end].gap == Gap::Soft;
                    body = Some(Body {
                        key: format!("org:{}", slug(&foreign.name)),
                        name: foreign.name.clone(),
                        sector: foreign.sector,
                        level: None,
                        place: Place::default(),
                        country: Some(if is_french_branch {
                            "FR".to_owned()
                        } else {
                            foreign.country.clone()
                        }),
                        source: Source::Listed,
                        helper: 0,
                    });
                }
                Named::Helper(index) => helper = Some(index),
                Named::Actor(index) => actor = Some((index, entry.careful)),
                Named::Commune(_) | Named::FormerCommune(_) => towns = true,
                Named::Departement(_)
                | Named::DepartementAdjective(_)
                | Named::Region(_)
                | Named::RegionAdjective(_)
                | Named::TownAdjective(_)
                | Named::Territory(_)
                | Named::Academy(_) => area = true,
                Named::Country(index) | Named::Demonym(index) | Named::ForeignCity(index) => country = Some(index),
                Named::SectorWord(word) => sector = Some(word),
                Named::Cue(_) => {}
            }
        }
        if let Some(index) = helper {
            let helper = &gazetteer.helpers[usize::from(index)];
            if helper.can_be_victim == 0 {
                return Some(What::Bystander);
            }
            let mut body = body.unwrap_or_else(|| Body {
                key: format!("org:{}", slug(&helper.name)),
                name: helper.name.clone(),
                sector: helper.digital.then_some(Sector::Digital),
                level: None,
                place: Place::default(),
                country: None,
                source: Source::Listed,
                helper: 0,
            });
            body.helper = helper.can_be_victim;
            return Some(What::Body(body));
        }
        if let Some(body) = body
            && (!towns || body.source != Source::ListedCareful || !self.looks_like_town(found))
        {
            return Some(What::Body(body));
        }
        if let Some((index, careful)) = actor
            && !towns
        {
            return Some(What::Actor { index, careful });
        }
        if let Some(index) = country
            && (!towns || self.commune_is_named(found).is_none())
        {
            return Some(What::Country(index));
        }
        let article = self.reading.has_article(found.tokens.start);
        if area && (!towns || article) {
            return Some(What::Area(area_of(&found.entries, gazetteer, None)));
        }
        if towns {
            // A town's name that is no town here is no company's either.
            return match self.bare_town(found) {
                Some(town) => Some(town),
                None if area => Some(What::Area(area_of(&found.entries, gazetteer, None))),
                None => (!self.is_part_of_a_name(found)).then_some(What::Bystander),
            };
        }
        if let Some((index, careful)) = actor {
            return Some(What::Actor { index, careful });
        }
        sector.map(What::SectorWord)
    }

    /// Whether a town's preposition stands before a name that is also a brand: « à Orange ».
    fn looks_like_town(&self, found: &Found) -> bool {
        let start = found.tokens.start;
        start > 0
            && self.reading.word(start - 1) == "a"
            && (self.bracketed_departement(found.tokens.end).is_some()
                || found.entries.iter().any(|entry| match entry.named {
                    Named::Commune(index) => {
                        self.is_near(self.reading.gazetteer.communes[index as usize].departement())
                    }
                    _ => false,
                }))
    }

    /// Whether capitalised words go on before or after: « Bois & Matériaux », « Mathieu Michel ».
    fn is_part_of_a_name(&self, found: &Found) -> bool {
        let tokens = &self.reading.tokens;
        let (start, end) = (found.tokens.start, found.tokens.end);
        let goes_on = tokens
            .get(end)
            .is_some_and(|next| next.gap == Gap::Soft && next.capital);
        let went_on = start > 0 && tokens[start].gap == Gap::Soft && tokens[start - 1].capital;
        goes_on || went_on
    }

    /// Whether a hyphen ties the name to what stands before: « centre Jean-Leclerc ».
    fn is_hyphenated(&self, found: &Found) -> bool {
        let tokens = &self.reading.tokens;
        let start = found.tokens.start;
        start > 0 && &self.reading.document.text[tokens[start - 1].original.end..tokens[start].original.start] == "-"
    }

    fn is_near(&self, departement: &str) -> bool {
        self.reading.departements.iter().any(|code| code == departement)
            || self.outlet.iter().any(|code| code == departement)
    }

    fn hospital(&self, first: u16, same: &[u16]) -> Option<Body> {
        let gazetteer = self.reading.gazetteer;
        let near: Vec<u16> = same
            .iter()
            .copied()
            .filter(|&index| {
                gazetteer
                    .commune(&gazetteer.hospitals[usize::from(index)].commune)
                    .is_some_and(|commune| self.is_near(commune.departement()))
            })
            .collect();
        let index = match (same.len(), near.as_slice()) {
            (1, _) => first,
            (_, [only]) => *only,
            _ => {
                let hospital = &gazetteer.hospitals[usize::from(first)];
                return Some(Body {
                    key: format!("nom:{}", slug(&hospital.name)),
                    name: hospital.name.clone(),
                    sector: Some(Sector::Health),
                    level: None,
                    place: Place::default(),
                    country: Some("FR".to_owned()),
                    source: Source::Listed,
                    helper: 0,
                });
            }
        };
        let hospital = &gazetteer.hospitals[usize::from(index)];
        Some(Body {
            key: format!("hopital:{}", hospital.finess),
            name: hospital.name.clone(),
            sector: Some(Sector::Health),
            level: None,
            place: place_of_code(gazetteer, &hospital.commune),
            country: Some("FR".to_owned()),
            source: Source::Listed,
            helper: 0,
        })
    }

    /// A town's name without any cue: kept when its capitals and neighbours make it a place.
    fn bare_town(&self, found: &Found) -> Option<What> {
        let reading = self.reading;
        let range = &found.tokens;
        let commune = self.commune(found)?;
        let town = &reading.gazetteer.communes[commune as usize];
        let is_numbered = self.bracketed_departement(range.end).is_some();
        let starts = reading.is_sentence_start(range.start);
        let previous = if starts { "" } else { reading.word(range.start - 1) };
        let contracted = matches!(reading.word(range.start), "du" | "au" | "des" | "aux");
        let has_preposition = contracted || (!starts && PREPOSITIONS.contains(&previous));
        let second = if range.start >= 2 {
            reading.word(range.start - 2)
        } else {
            ""
        };
        if ASIDES.contains(&previous)
            || (has_preposition && ASIDES.contains(&second))
            || (contracted && ASIDES.contains(&previous))
        {
            return None;
        }
        let next = reading.tokens.get(range.end);
        let next_is_break =
            next.is_none_or(|token| token.gap != Gap::Soft || token.sentence != reading.tokens[range.start].sentence);
        let is_head = starts && next_is_break && reading.zone_at(found.tokens.start) == Zone::Title;
        let care = if range.len() > 1 && town.care == 2 {
            1
        } else {
            town.care
        };
        let allowed = match care {
            3 => is_numbered,
            2 => {
                is_numbered
                    || (has_preposition && (previous != "de" || town.population > 10_000))
                    || (is_head && town.population > 5_000)
                    || (town.population > 100_000)
            }
            _ => {
                is_numbered
                    || is_head
                    || has_preposition
                    || town.population >= 5_000
                    || (range.len() > 1 && town.population >= 1_000)
            }
        };
        if !allowed {
            return None;
        }
        let next_is_name = !next_is_break && next.is_some_and(|token| token.capital);
        let previous_is_name = !starts
            && reading.tokens[range.start].gap == Gap::Soft
            && reading.tokens[range.start - 1].capital
            && !PREPOSITIONS.contains(&previous);
        let after_first_name = !starts
            && reading.gazetteer.is_first_name(reading.tokens[range.start - 1].hash)
            && reading.tokens[range.start - 1].capital;
        if !is_numbered && range.len() == 1 && (next_is_name || previous_is_name) || after_first_name {
            return None;
        }
        if self.abroad || self.bracketed_country(range.end).is_some() {
            return None;
        }
        let mut body = commune_body(reading.gazetteer, commune);
        body.source = Source::Town;
        Some(What::Body(body))
    }

    /// The commune that a name stands for: by the département in brackets, in the text, of the
    /// outlet, else the only one or by far the largest. None rather than a wrong one.
    fn commune(&self, found: &Found) -> Option<u32> {
        let gazetteer = self.reading.gazetteer;
        let mut candidates: Vec<u32> = Vec::new();
        for entry in &found.entries {
            if let Named::Commune(index) = entry.named
                && !candidates.contains(&index)
            {
                candidates.push(index);
            }
        }
        if candidates.is_empty() {
            for entry in &found.entries {
                // A name that has gone is used near home only.
                if let Named::FormerCommune(index) = entry.named
                    && !candidates.contains(&index)
                    && self.is_near(gazetteer.communes[index as usize].departement())
                {
                    candidates.push(index);
                }
            }
        }
        let is_foreign_city = found
            .entries
            .iter()
            .any(|entry| matches!(entry.named, Named::ForeignCity(_)));
        let of = |index: u32| &gazetteer.communes[index as usize];
        let largest = |list: &[u32]| list.iter().copied().max_by_key(|&index| of(index).population);
        if let Some(code) = self.bracketed_departement(found.tokens.end) {
            let there: Vec<u32> = candidates
                .iter()
                .copied()
                .filter(|&index| of(index).departement() == code)
                .collect();
            if !there.is_empty() {
                return largest(&there);
            }
        }
        if self.bracketed_country(found.tokens.end).is_some() {
            return None;
        }
        if let Some(longer) = self.longer_name(found) {
            return Some(longer);
        }
        for codes in [&self.reading.departements[..], self.outlet] {
            let there: Vec<u32> = candidates
                .iter()
                .copied()
                .filter(|&index| codes.iter().any(|code| code == of(index).departement()))
                .collect();
            if !there.is_empty() {
                return largest(&there);
            }
        }
        if self.abroad || is_foreign_city {
            return None;
        }
        if let [only] = candidates.as_slice() {
            return Some(*only);
        }
        let first = largest(&candidates)?;
        let second = candidates
            .iter()
            .filter(|&&index| index != first)
            .map(|&index| of(index).population)
            .max()
            .unwrap_or(0);
        (of(first).population >= 5_000 && of(first).population >= 8 * second).then_some(first)
    }

    /// « La Suze » in an article that names the Sarthe: the one commune there whose name goes on
    /// (La Suze-sur-Sarthe), unless one there is called so.
    fn longer_name(&self, found: &Found) -> Option<u32> {
        let gazetteer = self.reading.gazetteer;
        let near = match (self.reading.departements.as_slice(), self.outlet) {
            ([only], _) | ([], [only]) => only,
            _ => return None,
        };
        let short = self.town_as_written(found);
        let named_there = found.entries.iter().any(|entry| match entry.named {
            Named::Commune(index) => gazetteer.communes[index as usize].departement() == near,
            _ => false,
        });
        if named_there || short.len() < 4 {
            return None;
        }
        // Spelled as in the list: many names are compared.
        let goes_on = |&index: &u32| {
            let rest = gazetteer.communes[index as usize].name.strip_prefix(short);
            rest.is_some_and(|rest| LONGER.iter().any(|link| rest.starts_with(link)))
        };
        let mut longer = gazetteer.communes_of(near).filter(goes_on);
        let first = longer.next()?;
        longer.next().is_none().then_some(first)
    }

    /// The town's name as the text has it, its article kept: « La Suze ».
    fn town_as_written(&self, found: &Found) -> &str {
        let tokens = &self.reading.tokens;
        let is_link = |index: usize| matches!(self.reading.word(index), "de" | "d" | "a" | "du" | "des" | "au" | "aux");
        let start = (found.tokens.start..found.tokens.end)
            .rev()
            .take_while(|&index| {
                !is_link(index)
                    && (tokens[index].capital || index + 1 == found.tokens.end || self.reading.word(index).len() <= 4)
            })
            .last()
            .unwrap_or(found.tokens.end - 1);
        self.reading.written(&(start..found.tokens.end))
    }

    fn commune_is_named(&self, found: &Found) -> Option<u32> {
        found.entries.iter().find_map(|entry| match entry.named {
            Named::Commune(index) if self.is_near(self.reading.gazetteer.communes[index as usize].departement()) => {
                Some(index)
            }
            _ => None,
        })
    }

    /// « (45) », « (Loiret) » right after a name.
    fn bracketed_departement(&self, at: usize) -> Option<String> {
        let token = self.reading.tokens.get(at)?;
        if !token.bracketed && (token.gap != Gap::Break || at == 0) {
            return None;
        }
        if token.bracketed
            && let Some(code) = self.reading.departement_number(at)
        {
            return Some(code);
        }
        let start = if matches!(self.reading.word(at), "dans" | "en") {
            at + 1
        } else {
            at
        };
        let start = if start > at && matches!(self.reading.word(start), "le" | "la" | "l" | "les") {
            start + 1
        } else {
            start
        };
        if start == at && !token.bracketed {
            return None;
        }
        let (_, entries) = self
            .reading
            .names_at(start, |entry| matches!(entry.named, Named::Departement(_)))?;
        entries.iter().find_map(|entry| match entry.named {
            Named::Departement(index) => Some(self.reading.gazetteer.departements[usize::from(index)].code.clone()),
            _ => None,
        })
    }

    /// « (Suisse) », « en Espagne » right after a name.
    fn bracketed_country(&self, at: usize) -> Option<String> {
        let token = self.reading.tokens.get(at)?;
        let start = if token.bracketed {
            at
        } else if matches!(self.reading.word(at), "en" | "au" | "aux") {
            at + 1
        } else {
            return None;
        };
        let (_, entries) = self
            .reading
            .names_at(start, |entry| matches!(entry.named, Named::Country(_)))?;
        entries
            .iter()
            .find_map(|entry| match entry.named {
                Named::Country(index) => Some(self.reading.gazetteer.countries[usize::from(index)].code.clone()),
                _ => None,
            })
            .filter(|code| code != "FR")
    }

    fn town_written(&self, found: &Found) -> String {
        let gazetteer = self.reading.gazetteer;
        let listed = found.entries.iter().find_map(|entry| match entry.named {
            Named::Commune(index) => Some(gazetteer.communes[index as usize].name.clone()),
            _ => None,
        });
        listed.unwrap_or_else(|| {
            let start = (found.tokens.start..found.tokens.end)
                .find(|&index| self.reading.tokens[index].capital && index > found.tokens.start)
                .unwrap_or(found.tokens.start);
            self.reading.written(&(start..found.tokens.end)).to_owned()
        })
    }
}

/// The sectors of which a word stands in headline or lead.
pub(super) fn sectors_spoken_of(reading: &Reading<'_>) -> BTreeSet<Sector> {
    (0..reading.tokens.len())
        .take_while(|&index| matches!(reading.zone_at(index), Zone::Title | Zone::Lead))
        .filter_map(|index| reading.names_at(index, |entry| matches!(entry.named, Named::SectorWord(_))))
        .flat_map(|(_, entries)| entries)
        .filter_map(|entry| match entry.named {
            Named::SectorWord(sector) => Some(sector),
            _ => None,
        })
        .collect()
}

/// The area among what a name may stand for.
fn area_of(entries: &[Entry], gazetteer: &Gazetteer, code: Option<&str>) -> Area {
    if let Some(index) = code.and_then(|code| gazetteer.departement_index(code)) {
        return Area::Departement(index);
    }
    entries
        .iter()
        .find_map(|entry| match entry.named {
            Named::Departement(index) | Named::DepartementAdjective(index) => Some(Area::Departement(index)),
            Named::Region(index) | Named::RegionAdjective(index) => Some(Area::Region(index)),
            Named::TownAdjective(index) => Some(Area::Town(index)),
            // « la Touraine » lies in one département, « la Beauce » in two.
            Named::Territory(index) => match gazetteer.territories[usize::from(index)].as_slice() {
                [only] => gazetteer.departement_index(only).map(Area::Departement),
                _ => None,
            },
            _ => None,
        })
        .unwrap_or(Area::Other)
}
