//! The lists of `data/gazetteer`: places, bodies, organisations, helpers, actors, countries, and
//! the words that point to them. Loaded once, then one look-up finds everything that a sequence of
//! words may name.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::bodies;
use super::index::{Filter, Index};
use super::roles::{RoleWords, Roles};
use super::tokens::{chain, word_hash};
use super::victims::features::Weights;
use crate::model::analysis::Place;
use crate::model::label::{Level, Sector};
use crate::text::fold::{fold, fold_into, fold_key};
use crate::text::hash::BuildPlain;
use crate::text::words::words;

/// Every list, with one index over all names.
#[derive(Debug, Default)]
pub struct Gazetteer {
    pub(super) communes: Vec<Commune>,
    /// Their codes as numbers, in order: small enough to search without leaving the cache.
    commune_codes: Vec<u32>,
    pub(super) departements: Vec<Departement>,
    pub(super) regions: Vec<Region>,
    pub(super) intercommunalities: Vec<Intercommunality>,
    pub(super) hospitals: Vec<Hospital>,
    pub(super) organisations: Vec<Organisation>,
    pub(super) helpers: Vec<Helper>,
    pub(super) actors: Vec<Actor>,
    pub(super) countries: Vec<Country>,
    pub(super) foreign: Vec<Foreign>,
    pub(super) services: Vec<Service>,
    pub(super) cues: Vec<Cue>,
    pub(super) territories: Vec<Vec<String>>,
    pub(super) academies: Vec<(String, Vec<String>)>,
    names: Index<Entry>,
    /// The words that names begin with and go on from, one more word at a time.
    beginnings: Filter,
    /// The first words of cues.
    cue_words: Index<()>,
    domains: Vec<(u64, Domain)>,
    outlets: Vec<(String, Vec<String>)>,
    outlet_countries: Vec<(String, String)>,
    /// By the hash of a body's key.
    sirens: Vec<(u64, u32)>,
    first_names: HashSet<u64, BuildPlain>,
    common_words: HashSet<u64, BuildPlain>,
    ordinary_words: HashSet<u64, BuildPlain>,
    role_words: RoleWords,
    sectors_by_name_word: HashMap<u64, Sector, BuildPlain>,
    pub(super) victim_weights: Weights,
    departement_by_code: HashMap<String, u16>,
    intercommunality_by_siren: HashMap<u32, u16>,
    hospitals_by_commune: HashMap<String, Vec<u16>>,
    /// The name that is being loaded, folded.
    folded: String,
    /// The beginnings of the names loaded so far.
    loaded: Vec<u64>,
}

/// Why a list cannot be used. The message names file and line, so that it can be mended.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {what}", file.display(), if *line == 0 { String::new() } else { format!(", line {line}") })]
pub struct GazetteerError {
    /// The file.
    pub file: PathBuf,
    /// Its line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

/// What a name may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Commune(u32),
    FormerCommune(u32),
    Departement(u16),
    DepartementAdjective(u16),
    Region(u16),
    RegionAdjective(u16),
    TownAdjective(u32),
    Intercommunality(u16),
    Hospital(u16),
    Organisation(u16),
    Helper(u16),
    Actor(u16),
    Country(u16),
    Demonym(u16),
    ForeignCity(u16),
    Foreign(u16),
    Service(u16),
    Academy(u16),
    Territory(u16),
    Cue(u16),
    SectorWord(Sector),
}

/// One name in the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub named: Named,
    /// Needs support from the words around it.
    pub careful: bool,
    /// May be written without a capital.
    pub lower: bool,
}

#[derive(Debug)]
pub(super) struct Commune {
    pub code: String,
    pub name: String,
    pub article: u8,
    pub population: u32,
    /// Its intercommunality's SIREN; 0 for none.
    pub intercommunality: u32,
    /// 0 free to 3 never without a cue.
    pub care: u8,
}

impl Commune {
    /// Its département's code: the first two characters of the INSEE code, three overseas.
    pub fn departement(&self) -> &str {
        let length = if self.code.starts_with("97") || self.code.starts_with("98") {
            3
        } else {
            2
        };
        self.code.get(..length).unwrap_or(&self.code)
    }
}

#[derive(Debug)]
pub(super) struct Departement {
    pub name: String,
    pub aliases: Vec<String>,
    pub code: String,
    pub region: String,
    /// « du Loiret ».
    pub of: String,
}

#[derive(Debug)]
pub(super) struct Region {
    pub aliases: Vec<String>,
    pub code: String,
    pub name: String,
    /// « des Hauts-de-France ».
    pub of: String,
    pub seat: String,
}

#[derive(Debug)]
pub(super) struct Intercommunality {
    pub siren: String,
    pub name: String,
    pub short_name: String,
    pub departement: String,
    pub main_commune: String,
}

#[derive(Debug)]
pub(super) struct Hospital {
    pub name: String,
    pub kind: String,
    pub commune: String,
    pub finess: String,
}

#[derive(Debug)]
pub(super) struct Organisation {
    pub name: String,
    pub key: String,
    pub sector: Option<Sector>,
    pub level: Option<Level>,
    pub departement: String,
    pub commune: String,
}

#[derive(Debug)]
pub(super) struct Helper {
    pub name: String,
    /// 0 never, 1 only when the syntax is explicit, 2 by syntax.
    pub can_be_victim: u8,
    pub digital: bool,
}

#[derive(Debug)]
pub(super) struct Actor {
    pub name: String,
}

#[derive(Debug)]
pub(super) struct Country {
    pub code: String,
}

#[derive(Debug)]
pub(super) struct Foreign {
    pub name: String,
    pub country: String,
    pub sector: Option<Sector>,
}

#[derive(Debug)]
pub(super) struct Service {
    pub key: String,
    pub operator: String,
}

/// Words that say what kind of body the next name is: « mairie de ».
#[derive(Debug)]
pub(super) struct Cue {
    pub kind: String,
    pub display: String,
    pub sector: Option<Sector>,
    pub level: Option<Level>,
    /// Which names it takes: `c`ommune, `d`épartement, `r`égion, `e`pci, `a`cadémie, `n`ame, `x` complement.
    pub takes: String,
    /// Whether it can stand alone for the body of the place in the headline: « la mairie ».
    pub alone: bool,
}

/// Whose address an Internet domain is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Domain {
    Commune(u32),
    Intercommunality(u16),
    Departement(u16),
}

/// The files, in loading order, with the embedded text of each.
const FILES: &[(&str, &str)] = &[
    ("communes.tsv", include_str!("../../data/gazetteer/communes.tsv")),
    (
        "town_demonyms.tsv",
        include_str!("../../data/gazetteer/town_demonyms.tsv"),
    ),
    (
        "former_communes.tsv",
        include_str!("../../data/gazetteer/former_communes.tsv"),
    ),
    (
        "departements.tsv",
        include_str!("../../data/gazetteer/departements.tsv"),
    ),
    ("regions.tsv", include_str!("../../data/gazetteer/regions.tsv")),
    ("epci.tsv", include_str!("../../data/gazetteer/epci.tsv")),
    ("academies.tsv", include_str!("../../data/gazetteer/academies.tsv")),
    ("territories.tsv", include_str!("../../data/gazetteer/territories.tsv")),
    ("hospitals.tsv", include_str!("../../data/gazetteer/hospitals.tsv")),
    (
        "organisations.tsv",
        include_str!("../../data/gazetteer/organisations.tsv"),
    ),
    ("services.tsv", include_str!("../../data/gazetteer/services.tsv")),
    (
        "foreign_organisations.tsv",
        include_str!("../../data/gazetteer/foreign_organisations.tsv"),
    ),
    ("helpers.tsv", include_str!("../../data/gazetteer/helpers.tsv")),
    ("actors.tsv", include_str!("../../data/gazetteer/actors.tsv")),
    ("countries.tsv", include_str!("../../data/gazetteer/countries.tsv")),
    (
        "foreign_places.tsv",
        include_str!("../../data/gazetteer/foreign_places.tsv"),
    ),
    ("outlets.tsv", include_str!("../../data/gazetteer/outlets.tsv")),
    ("sirens.tsv", include_str!("../../data/gazetteer/sirens.tsv")),
    ("cues.tsv", include_str!("../../data/gazetteer/cues.tsv")),
    (
        "sector_words.tsv",
        include_str!("../../data/gazetteer/sector_words.tsv"),
    ),
    ("domains.tsv", include_str!("../../data/gazetteer/domains.tsv")),
    (
        "regional_press.tsv",
        include_str!("../../data/gazetteer/regional_press.tsv"),
    ),
    ("first_names.tsv", include_str!("../../data/gazetteer/first_names.tsv")),
    (
        "common_words.tsv",
        include_str!("../../data/gazetteer/common_words.tsv"),
    ),
    (
        "ordinary_words.tsv",
        include_str!("../../data/gazetteer/ordinary_words.tsv"),
    ),
    ("roles.tsv", include_str!("../../data/gazetteer/roles.tsv")),
    (
        "victim_weights.tsv",
        include_str!("../../data/gazetteer/victim_weights.tsv"),
    ),
];

impl Gazetteer {
    /// The départements: code, name, code of the région, other names.
    pub fn departement_names(&self) -> impl Iterator<Item = (&str, &str, &str, &[String])> {
        self.departements.iter().map(|it| {
            (
                it.code.as_str(),
                it.name.as_str(),
                it.region.as_str(),
                it.aliases.as_slice(),
            )
        })
    }

    /// The régions: code, name, other names.
    pub fn region_names(&self) -> impl Iterator<Item = (&str, &str, &[String])> {
        self.regions
            .iter()
            .map(|it| (it.code.as_str(), it.name.as_str(), it.aliases.as_slice()))
    }

    /// Replaces what a feature of candidates for victims weighs; false when none is called so.
    pub fn set_victim_weight(&mut self, name: &str, weight: f32) -> bool {
        self.victim_weights.set(name, weight).is_some()
    }

    /// The lists that vigie carries with it.
    pub fn embedded() -> Gazetteer {
        Gazetteer::with(&[]).unwrap_or_else(|error| panic!("embedded {error}"))
    }

    /// The lists that vigie carries, with these files in the place of those of the same name. A
    /// file that is none of the lists is an error: its names would silently count for nothing. So
    /// is a line that cannot be read, not a gap in the list.
    pub fn with(replacements: &[(PathBuf, String)]) -> Result<Gazetteer, GazetteerError> {
        let replaces = |file: &Path, name: &str| file.file_name().is_some_and(|own| own == name);
        if let Some((stranger, _)) = replacements
            .iter()
            .find(|(file, _)| !FILES.iter().any(|(name, _)| replaces(file, name)))
        {
            let known: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
            return Err(GazetteerError {
                file: stranger.clone(),
                line: 0,
                what: format!("is no list of the gazetteer; known: {}", known.join(", ")),
            });
        }
        let mut gazetteer = Gazetteer::with_room();
        for (name, embedded) in FILES {
            let (file, text) = replacements
                .iter()
                .find(|(file, _)| replaces(file, name))
                .map_or((Path::new(name), *embedded), |(file, text)| (file, text));
            gazetteer.load(name, text).map_err(|(line, what)| GazetteerError {
                file: file.to_owned(),
                line,
                what,
            })?;
        }
        gazetteer.finish();
        Ok(gazetteer)
    }

    /// The lists of the binary without companies and foreign bodies: so are read the articles from which
    /// it is learned to tell a victim that no list knows.
    pub fn without_companies() -> Result<Gazetteer, GazetteerError> {
        let text = |name: &str| {
            FILES
                .iter()
                .find(|(file, _)| *file == name)
                .map_or("", |(_, text)| *text)
        };
        let lines = |name: &str, keep: fn(&str) -> bool| -> (PathBuf, String) {
            let head = text(name).lines().take(1);
            let kept = head.chain(text(name).lines().skip(1).filter(|line| keep(line)));
            (name.into(), kept.map(|line| format!("{line}\n")).collect())
        };
        Gazetteer::with(&[
            lines("organisations.tsv", |line| !line.contains("\torg:")),
            lines("foreign_organisations.tsv", |_| false),
        ])
    }

    /// Empty, with room for the embedded lists: growing by doubling would cost a fifth of the load.
    fn with_room() -> Gazetteer {
        let mut gazetteer = Gazetteer::default();
        gazetteer.communes.reserve(35_000);
        gazetteer.commune_codes.reserve(35_000);
        gazetteer.names.reserve(70_000);
        gazetteer.loaded.reserve(100_000);
        gazetteer.domains.reserve(30_000);
        gazetteer
    }

    /// Whether some name may begin with the word of this hash; rarely true of one that begins none.
    pub(super) fn may_begin_name(&self, hash: u64) -> bool {
        let hash = chain(0, hash);
        self.beginnings.may_have(hash) || self.names.may_have(hash)
    }

    /// The longest name that these words begin with, and how many words it has; none when no name of any
    /// list begins so. `accept` may refuse entries (for want of a capital, say); then shorter names are tried.
    pub(super) fn longest(
        &self,
        hashes: impl Iterator<Item = u64>,
        mut accept: impl FnMut(&Entry, usize) -> bool,
    ) -> Option<(usize, Vec<Entry>)> {
        let mut hash = 0;
        let mut best = None;
        for (count, word) in (1..).zip(hashes) {
            hash = chain(hash, word);
            let mut named = self.names.of(hash).filter(|entry| accept(entry, count)).copied();
            if let Some(first) = named.next() {
                best = Some((count, std::iter::once(first).chain(named).collect()));
            }
            if !self.beginnings.may_have(hash) {
                break;
            }
        }
        best
    }

    /// Whether some cue begins with the word of this hash.
    pub(super) fn begins_cue(&self, hash: u64) -> bool {
        self.cue_words.of(hash).next().is_some()
    }

    /// Where the commune with this INSEE code is; `None` when there is none.
    pub fn place_of_commune(&self, code: &str) -> Option<Place> {
        self.commune_index(code)
            .map(|index| bodies::place_of_commune(self, index))
    }

    /// The INSEE codes of the communes of this name, however it is typed.
    pub fn communes_named(&self, name: &str) -> Vec<&str> {
        let wanted = fold_key(name);
        let named = self.communes.iter().filter(|commune| fold_key(&commune.name) == wanted);
        named.map(|commune| commune.code.as_str()).collect()
    }

    /// The commune with this INSEE code.
    pub(super) fn commune(&self, code: &str) -> Option<&Commune> {
        self.commune_index(code).map(|index| &self.communes[index as usize])
    }

    /// The index of the commune with this INSEE code.
    pub(super) fn commune_index(&self, code: &str) -> Option<u32> {
        let found = self.commune_codes.binary_search(&code_number(code)?);
        found.ok().map(|index| index as u32)
    }

    /// The communes of a département, in the order of their codes.
    pub(super) fn communes_of(&self, departement: &str) -> impl Iterator<Item = u32> {
        let start = self
            .communes
            .partition_point(|commune| commune.code.as_str() < departement);
        let count = self.communes[start..].partition_point(|commune| commune.code.starts_with(departement));
        start as u32..(start + count) as u32
    }

    /// The département with this code.
    pub(super) fn departement(&self, code: &str) -> Option<&Departement> {
        self.departement_by_code
            .get(code)
            .map(|&index| &self.departements[usize::from(index)])
    }

    /// The index of the département with this code.
    pub(super) fn departement_index(&self, code: &str) -> Option<u16> {
        self.departement_by_code.get(code).copied()
    }

    /// The index of the intercommunality with this SIREN.
    pub(super) fn intercommunality(&self, siren: u32) -> Option<u16> {
        self.intercommunality_by_siren.get(&siren).copied()
    }

    /// The hospitals and clinics of a commune.
    pub(super) fn hospitals_of(&self, commune: &str) -> impl Iterator<Item = &Hospital> {
        self.hospitals_by_commune
            .get(commune)
            .into_iter()
            .flatten()
            .map(|&index| &self.hospitals[usize::from(index)])
    }

    /// Whose Internet address a host is, labels stripped from the left until one is known.
    pub(super) fn domain(&self, host: &str) -> Option<Domain> {
        let mut rest = host;
        loop {
            let hash = word_hash(rest);
            if let Ok(index) = self.domains.binary_search_by_key(&hash, |(known, _)| *known) {
                return Some(self.domains[index].1);
            }
            rest = rest
                .split_once('.')
                .map(|(_, rest)| rest)
                .filter(|rest| rest.contains('.'))?;
        }
    }

    /// The départements that the outlet at this address covers, when it is a regional title that
    /// has a site of its own.
    pub(super) fn outlet_departements(&self, url: &str) -> Option<&[String]> {
        let host = host_of(url);
        let mut found = self.outlets.iter().filter(|(domain, _)| is_on(host, domain));
        let first = found.next()?;
        // Several titles on one site (actu.fr): the address alone does not tell which.
        if found.next().is_some() { None } else { Some(&first.1) }
    }

    /// The SIREN that the list has for the body of this key.
    pub(super) fn siren(&self, key: &str) -> Option<u32> {
        let hash = word_hash(key);
        let found = self.sirens.binary_search_by_key(&hash, |(known, _)| *known);
        found.ok().map(|index| self.sirens[index].1)
    }

    /// The country that an outlet writes in, by the most precise part of its address that the list
    /// knows; `XX` for one that writes about the whole world, none for an unknown one.
    pub(super) fn outlet_country(&self, url: &str) -> Option<&str> {
        let host = host_of(url);
        self.outlet_countries
            .iter()
            .filter(|(domain, _)| is_on(host, domain))
            .max_by_key(|(domain, _)| domain.len())
            .map(|(_, country)| country.as_str())
    }

    /// Whether this folded word is a first name.
    pub(super) fn is_first_name(&self, hash: u64) -> bool {
        self.first_names.contains(&hash)
    }

    /// Whether this folded word is an ordinary word, which a capital does not make a name.
    pub(super) fn is_common_word(&self, hash: u64) -> bool {
        self.common_words.contains(&hash)
    }

    /// Whether this folded word is one of the language: alone at the head of a sentence it names
    /// nobody.
    pub(super) fn is_ordinary_word(&self, hash: u64) -> bool {
        self.ordinary_words.contains(&hash) || self.common_words.contains(&hash)
    }

    /// The sector that this folded word tells as part of a body's name: « Airlines ».
    pub(super) fn sector_of_name_word(&self, hash: u64) -> Option<Sector> {
        self.sectors_by_name_word.get(&hash).copied()
    }

    /// What this folded word does around a name.
    pub(super) fn roles_of(&self, hash: u64) -> Roles {
        self.role_words.of(hash)
    }

    /// Reads one file. The error holds the line and what is wrong.
    fn load(&mut self, name: &str, text: &str) -> Result<(), (usize, String)> {
        let mut lines = text.lines().enumerate();
        let columns = lines
            .next()
            .ok_or_else(|| (1, "empty file".to_owned()))?
            .1
            .split('\t')
            .count();
        let mut cells: Vec<&str> = Vec::with_capacity(columns);
        for (index, line) in lines {
            cells.clear();
            cells.extend(line.split('\t'));
            if cells.len() != columns {
                return Err((index + 1, format!("{} columns, expected {columns}", cells.len())));
            }
            self.load_row(name, &cells).map_err(|what| (index + 1, what))?;
        }
        Ok(())
    }

    fn load_row(&mut self, file: &str, cells: &[&str]) -> Result<(), String> {
        let cell = |index: usize| {
            cells
                .get(index)
                .copied()
                .ok_or_else(|| format!("column {} is missing", index + 1))
        };
        let listed =
            |index: usize| cell(index).map(|list| list.split(';').map(str::trim).filter(|name| !name.is_empty()));
        match file {
            // Looked up by code: they must stand in order.
            "communes.tsv" if code_number(cells[0]).is_none() => {
                return Err(format!("`{}` is not an INSEE code", cells[0]));
            }
            "communes.tsv" if self.communes.last().is_some_and(|last| last.code.as_str() >= cells[0]) => {
                return Err(format!("commune `{}` is out of order", cells[0]));
            }
            "communes.tsv" => self.add_commune(Commune {
                code: cell(0)?.to_owned(),
                name: cell(1)?.to_owned(),
                article: number(cell(2)?)?,
                population: number(cell(3)?)?,
                intercommunality: if cell(4)?.is_empty() { 0 } else { number(cell(4)?)? },
                care: number(cell(5)?)?,
            }),
            "former_communes.tsv" => {
                let code = cell(2)?;
                let commune = self
                    .commune_index(code)
                    .ok_or_else(|| format!("unknown commune `{code}`"))?;
                self.name(cell(0)?, Named::FormerCommune(commune), true, false);
            }
            "town_demonyms.tsv" => {
                let code = cell(0)?;
                let commune = self
                    .commune_index(code)
                    .ok_or_else(|| format!("unknown commune `{code}`"))?;
                for form in inflected(cell(1)?) {
                    self.name(&form, Named::TownAdjective(commune), false, true);
                }
            }
            "departements.tsv" => {
                let index = self.departements.len() as u16;
                let name = cell(1)?;
                self.name(name, Named::Departement(index), false, false);
                for adjective in listed(6)? {
                    for form in inflected(adjective) {
                        self.name(&form, Named::DepartementAdjective(index), false, true);
                    }
                }
                for alias in listed(7)? {
                    self.name(alias, Named::Departement(index), false, false);
                }
                self.departement_by_code.insert(cell(0)?.to_owned(), index);
                let aliases = listed(7)?.map(str::to_owned).collect();
                self.departements.push(Departement {
                    name: name.to_owned(),
                    aliases,
                    code: cell(0)?.to_owned(),
                    region: cell(2)?.to_owned(),
                    of: cell(3)?.to_owned(),
                });
            }
            "regions.tsv" => {
                let index = self.regions.len() as u16;
                self.name(cell(1)?, Named::Region(index), false, false);
                for adjective in listed(5)? {
                    for form in inflected(adjective) {
                        self.name(&form, Named::RegionAdjective(index), false, true);
                    }
                }
                for alias in listed(6)? {
                    self.name(alias, Named::Region(index), false, false);
                }
                let aliases = listed(6)?.map(str::to_owned).collect();
                self.regions.push(Region {
                    aliases,
                    code: cell(0)?.to_owned(),
                    name: cell(1)?.to_owned(),
                    of: cell(2)?.to_owned(),
                    seat: cell(4)?.to_owned(),
                });
            }
            "epci.tsv" => {
                let index = self.intercommunalities.len() as u16;
                let (name, short) = (cell(2)?, cell(3)?);
                self.name(name, Named::Intercommunality(index), false, true);
                self.name(short, Named::Intercommunality(index), !names_itself(short), false);
                if !names_itself(short) && matches!(cell(1)?, "CA" | "CU" | "ME") {
                    for suffix in ["Agglo", "Agglomération", "Communauté", "Métropole"] {
                        self.name(
                            &format!("{short} {suffix}"),
                            Named::Intercommunality(index),
                            false,
                            false,
                        );
                    }
                }
                for alias in listed(7)? {
                    self.name(alias, Named::Intercommunality(index), !names_itself(alias), false);
                }
                self.intercommunality_by_siren.insert(number(cell(0)?)?, index);
                self.intercommunalities.push(Intercommunality {
                    siren: cell(0)?.to_owned(),
                    name: name.to_owned(),
                    short_name: short.to_owned(),
                    departement: cell(4)?.to_owned(),
                    main_commune: cell(5)?.to_owned(),
                });
            }
            "academies.tsv" => {
                let index = self.academies.len() as u16;
                self.name(cell(0)?, Named::Academy(index), false, false);
                let departements = cell(1)?.split(' ').map(str::to_owned).collect();
                self.academies.push((cell(0)?.to_owned(), departements));
            }
            "territories.tsv" => {
                let index = self.territories.len() as u16;
                self.name(cell(0)?, Named::Territory(index), false, false);
                self.territories.push(cell(1)?.split(' ').map(str::to_owned).collect());
            }
            "hospitals.tsv" => {
                let index = self.hospitals.len() as u16;
                let name = cell(0)?;
                self.name(name, Named::Hospital(index), false, false);
                if let Some(rest) = name.strip_prefix("CH ") {
                    self.name(
                        &format!("Centre hospitalier {rest}"),
                        Named::Hospital(index),
                        false,
                        false,
                    );
                }
                let commune = cell(2)?.to_owned();
                self.hospitals_by_commune
                    .entry(commune.clone())
                    .or_default()
                    .push(index);
                self.hospitals.push(Hospital {
                    name: name.to_owned(),
                    kind: cell(1)?.to_owned(),
                    commune,
                    finess: cell(3)?.to_owned(),
                });
            }
            "organisations.tsv" => {
                let index = self.organisations.len() as u16;
                let careful = cell(7)? == "1";
                self.name(cell(0)?, Named::Organisation(index), careful, false);
                let careful_aliases: Vec<&str> = listed(8)?.collect();
                for alias in listed(1)? {
                    let careful = careful || careful_aliases.contains(&alias);
                    self.name(alias, Named::Organisation(index), careful, false);
                }
                self.organisations.push(Organisation {
                    name: cell(0)?.to_owned(),
                    key: cell(2)?.to_owned(),
                    sector: label(cell(3)?)?,
                    level: label(cell(4)?)?,
                    departement: cell(5)?.to_owned(),
                    commune: cell(6)?.to_owned(),
                });
            }
            "services.tsv" => {
                let index = self.services.len() as u16;
                for name in listed(0)? {
                    self.name(name, Named::Service(index), false, false);
                }
                self.services.push(Service {
                    key: cell(1)?.to_owned(),
                    operator: cell(2)?.to_owned(),
                });
            }
            "foreign_organisations.tsv" => {
                for names in listed(2)? {
                    let index = self.foreign.len() as u16;
                    let mut spellings = names.split('=');
                    let first = spellings.next().unwrap_or(names);
                    for name in std::iter::once(first).chain(spellings) {
                        self.name(name, Named::Foreign(index), false, false);
                    }
                    self.foreign.push(Foreign {
                        name: first.to_owned(),
                        country: cell(0)?.to_owned(),
                        sector: label(cell(1)?)?,
                    });
                }
            }
            "helpers.tsv" => {
                // Rows of channels and media gather organisations of their own (Twitter under
                // Telegram): there each name stands for itself.
                for name in std::iter::once(cell(0)?).chain(listed(1)?) {
                    let index = self.helpers.len() as u16;
                    self.name(name, Named::Helper(index), false, false);
                    let keeps_own_name = matches!(
                        cell(2)?,
                        "canal" | "forum-criminel" | "media-cyber" | "media-pro" | "source"
                    );
                    self.helpers.push(Helper {
                        name: if keeps_own_name { name } else { cell(0)? }.to_owned(),
                        can_be_victim: number(cell(3)?)?,
                        digital: matches!(
                            cell(2)?,
                            "fournisseur"
                                | "editeur-cyber"
                                | "prestataire-cyber"
                                | "canal"
                                | "forum-criminel"
                                | "bug-bounty"
                        ),
                    });
                }
            }
            "actors.tsv" => {
                let index = self.actors.len() as u16;
                let careful = cell(3)? == "1";
                let careful_aliases: Vec<&str> = listed(4)?.collect();
                self.name(cell(0)?, Named::Actor(index), careful, false);
                for alias in listed(1)? {
                    self.name(
                        alias,
                        Named::Actor(index),
                        careful || careful_aliases.contains(&alias),
                        false,
                    );
                }
                self.actors.push(Actor {
                    name: cell(0)?.to_owned(),
                });
            }
            "countries.tsv" => {
                let index = self.countries.len() as u16;
                for name in listed(1)? {
                    self.name(name, Named::Country(index), false, false);
                }
                for adjective in listed(2)? {
                    self.name(adjective, Named::Demonym(index), false, true);
                }
                for city in listed(3)? {
                    self.name(city, Named::ForeignCity(index), false, false);
                }
                self.countries.push(Country {
                    code: cell(0)?.to_owned(),
                });
            }
            "foreign_places.tsv" => {
                let code = cell(1)?;
                let index = self
                    .countries
                    .iter()
                    .position(|country| country.code == code)
                    .ok_or_else(|| format!("`{code}` is no country of countries.tsv"))?;
                self.name(cell(0)?, Named::ForeignCity(index as u16), false, false);
            }
            "outlets.tsv" => self.outlet_countries.push((cell(0)?.to_owned(), cell(1)?.to_owned())),
            "sirens.tsv" => {
                let siren: u32 = number(cell(1)?)?;
                self.sirens.push((word_hash(cell(0)?), siren));
            }
            "cues.tsv" => {
                let index = self.cues.len() as u16;
                self.name(cell(0)?, Named::Cue(index), false, true);
                self.cues.push(Cue {
                    kind: cell(1)?.to_owned(),
                    display: cell(2)?.to_owned(),
                    sector: label(cell(3)?)?,
                    level: label(cell(4)?)?,
                    takes: cell(5)?.to_owned(),
                    alone: cell(6)? == "1",
                });
            }
            "sector_words.tsv" => {
                let sector: Sector = label(cell(0)?)?.ok_or("the sector is missing")?;
                for word in listed(1)? {
                    self.name(word, Named::SectorWord(sector), false, true);
                }
                for word in listed(2)? {
                    let hash = hashes(word).last().ok_or("an empty word")?;
                    self.sectors_by_name_word.insert(hash, sector);
                }
            }
            "domains.tsv" => {
                let code = cell(2)?;
                // Codes that no list has (merged bodies) lead nowhere and are passed over.
                let owner = match cell(1)? {
                    "commune" => self.commune_index(code).map(Domain::Commune),
                    "epci" => self.intercommunality(number(code)?).map(Domain::Intercommunality),
                    "departement" => self
                        .departement_by_code
                        .get(code)
                        .map(|&index| Domain::Departement(index)),
                    _ => None,
                };
                if let Some(owner) = owner {
                    self.domains.push((word_hash(cell(0)?), owner));
                }
            }
            "regional_press.tsv" => {
                let departements = cell(2)?.split(' ').map(str::to_owned).collect();
                self.outlets.push((cell(1)?.to_owned(), departements));
            }
            "first_names.tsv" => {
                self.first_names.extend(hashes(cell(0)?).last());
            }
            "common_words.tsv" => {
                self.common_words.extend(hashes(cell(0)?).last());
            }
            "ordinary_words.tsv" => {
                self.ordinary_words.extend(hashes(cell(0)?).last());
            }
            "victim_weights.tsv" => {
                self.victim_weights
                    .set(cell(0)?, number(cell(1)?)?)
                    .ok_or_else(|| format!("no feature is called `{}`", cells[0]))?;
            }
            "roles.tsv" => {
                for word in listed(2)? {
                    let hash = hashes(word).last().ok_or("an empty word")?;
                    self.role_words
                        .add(cell(0)?, hash)
                        .ok_or_else(|| format!("no role is called `{}`", cells[0]))?;
                }
            }
            _ => return Err(format!("no list is called {file}")),
        }
        Ok(())
    }

    /// A commune under its name, and with its article contracted: « du Havre », « aux Lilas ».
    fn add_commune(&mut self, commune: Commune) {
        let index = self.communes.len() as u32;
        let careful = commune.care >= 2;
        self.name(&commune.name, Named::Commune(index), careful, false);
        let (article, contracted): (&str, &[&str]) = match commune.article {
            2 => ("Le ", &["du ", "au "]),
            4 => ("Les ", &["des ", "aux "]),
            _ => ("", &[]),
        };
        if let Some(bare) = commune.name.strip_prefix(article) {
            for contraction in contracted {
                self.name(&format!("{contraction}{bare}"), Named::Commune(index), careful, false);
            }
        }
        self.commune_codes.extend(code_number(&commune.code));
        self.communes.push(commune);
    }

    fn name(&mut self, name: &str, named: Named, careful: bool, lower: bool) {
        fold_into(name, &mut self.folded);
        let mut hash = 0;
        let mut count = 0;
        let mut first = 0;
        for word in words(&self.folded) {
            let word = word_hash(&self.folded[word]);
            if count == 0 {
                first = word;
            } else {
                self.loaded.push(hash);
            }
            hash = chain(hash, word);
            count += 1;
        }
        if count == 0 {
            return;
        }
        if matches!(named, Named::Cue(_)) {
            self.cue_words.push(first, ());
        }
        let lower = lower || count >= 3 || name.starts_with(|c: char| c.is_lowercase());
        self.names.push(hash, Entry { named, careful, lower });
    }

    fn finish(&mut self) {
        self.names.finish();
        self.beginnings = Filter::of(std::mem::take(&mut self.loaded).into_iter());
        self.cue_words.finish();
        self.domains.sort_unstable_by_key(|(hash, _)| *hash);
        self.folded = String::new();
        self.sirens.sort_unstable_by_key(|(hash, _)| *hash);
    }
}

/// An INSEE code as a number, in the same order; none for what is no such code. The first two characters
/// may be letters in Corsica: « 2A004 ».
fn code_number(code: &str) -> Option<u32> {
    if code.len() != 5 {
        return None;
    }
    code.bytes().try_fold(0, |number, byte| {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A' + 10,
            _ => return None,
        };
        Some(number * 36 + u32::from(digit))
    })
}

/// The host of an address, without `www.`; the address itself when it has no scheme.
pub(super) fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or(rest);
    host.strip_prefix("www.").unwrap_or(host)
}

/// Whether a host is this domain or one under it.
fn is_on(host: &str, domain: &str) -> bool {
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

fn hashes(name: &str) -> impl Iterator<Item = u64> {
    let folded = fold(name).text;
    let list: Vec<u64> = words(&folded).map(|word| word_hash(&folded[word])).collect();
    list.into_iter()
}

/// Whether an intercommunality's short name says by itself that it is one.
fn names_itself(name: &str) -> bool {
    let lower = name.to_lowercase();
    [
        "agglo",
        "métropole",
        "communauté",
        "intercom",
        "grand ",
        "cap ",
        "eurométropole",
    ]
    .iter()
    .any(|mark| lower.contains(mark))
        || (name.len() >= 3
            && !name.contains(' ')
            && name.chars().skip(1).any(char::is_uppercase)
            && !name.contains('-'))
}

/// The regular forms of a French adjective: « loirétain, loirétaine, loirétains, loirétaines ».
fn inflected(adjective: &str) -> Vec<String> {
    let feminine = match adjective {
        a if a.ends_with("ien") || a.ends_with("éen") => format!("{a}ne"),
        a if a.ends_with("eau") => format!("{}elle", &a[..a.len() - 3]),
        a if a.ends_with('e') => a.to_owned(),
        a => format!("{a}e"),
    };
    let mut forms = vec![adjective.to_owned(), feminine.clone(), format!("{feminine}s")];
    if !adjective.ends_with(['s', 'x']) {
        forms.push(format!("{adjective}s"));
    }
    forms.sort();
    forms.dedup();
    forms
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|_| format!("`{text}` is not a number that fits here"))
}

fn label<T: std::str::FromStr>(id: &str) -> Result<Option<T>, String>
where
    T::Err: std::fmt::Display,
{
    if id.is_empty() {
        Ok(None)
    } else {
        id.parse().map(Some).map_err(|error: T::Err| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(gazetteer: &Gazetteer, name: &str) -> Vec<Named> {
        gazetteer
            .longest(hashes(name), |_, _| true)
            .map(|(_, entries)| entries.into_iter().map(|entry| entry.named).collect())
            .unwrap_or_default()
    }

    #[test]
    fn embedded_lists_load_and_answer() {
        let gazetteer = Gazetteer::embedded();
        let commune = |name: &str| {
            find(&gazetteer, name)
                .into_iter()
                .filter_map(|named| match named {
                    Named::Commune(index) => Some(gazetteer.communes[index as usize].code.clone()),
                    _ => None,
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(commune("du Havre"), ["76351"]);
        assert_eq!(commune("St-Étienne"), ["42218"]);
        assert_eq!(commune("aux Mureaux"), ["78440"]);
        assert_eq!(commune("Saint-Denis").len(), 4, "homonyms are all kept");
        assert!(
            find(&gazetteer, "Orange Cyberdefense")
                .iter()
                .all(|named| matches!(named, Named::Helper(_)))
        );
        assert_eq!(
            gazetteer.outlet_departements("https://www.larep.fr/x"),
            Some(&["45".to_owned()][..])
        );
        assert_eq!(gazetteer.outlet_departements("https://actu.fr/x"), None);
        let outlet = |url: &str| gazetteer.outlet_country(url).unwrap_or("").to_owned();
        assert_eq!(outlet("https://www.larep.fr/x"), "FR");
        assert_eq!(outlet("https://www.rfi.fr/fr/x"), "XX");
        assert_eq!(outlet("https://ici.exemple.ca/x"), "CA");
        assert_eq!(outlet("https://exemple.com/x"), "");
    }

    #[test]
    fn a_list_is_replaced_by_the_file_of_its_name() {
        let actors = "name\taliases\tkind\tcare\tcareful_aliases\nGrumelox\t\trancongiciel\t0\t\n".to_owned();
        let gazetteer = Gazetteer::with(&[(PathBuf::from("own/actors.tsv"), actors)]).unwrap();
        assert_eq!(find(&gazetteer, "Grumelox"), [Named::Actor(0)]);
        assert_eq!(gazetteer.actors.len(), 1, "the embedded list is gone");
        assert!(!find(&gazetteer, "Lille").is_empty(), "the other lists stay");
    }

    #[test]
    fn a_mistake_names_its_file_and_line() {
        let check = |name: &str, text: &str, line: usize, says: &str| {
            let error = Gazetteer::with(&[(Path::new("own").join(name), text.to_owned())]).unwrap_err();
            assert_eq!(error.line, line, "{error}");
            assert!(error.to_string().starts_with(says), "{error}");
        };
        let head = "cue\tkind\tdisplay\tsector\tlevel\ttakes\talone\n";
        check(
            "cues.tsv",
            &format!("{head}mairie\tcommune\tVille\tcolectivite\t\tc\t1\n"),
            2,
            "own/cues.tsv, line 2: unknown sector `colectivite`",
        );
        check(
            "cues.tsv",
            &format!("{head}mairie\tcommune\n"),
            2,
            "own/cues.tsv, line 2: 2 columns, expected 7",
        );
        check("cues.tsv", "", 1, "own/cues.tsv, line 1: empty file");
        check(
            "cue.tsv",
            head,
            0,
            "own/cue.tsv: is no list of the gazetteer; known: communes.tsv, ",
        );
    }
}
