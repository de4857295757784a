//! What a text speaks of: places, bodies, organisations, actors, each with its words. Names are
//! taken longest first over all lists at once, so that « Orange Cyberdefense » is never Orange,
//! nor « CHU de Rennes » the town. Homonyms are settled by the départements that the text names.

use std::collections::HashSet;
use std::ops::Range;

use super::gazetteer::{Cue, Domain, Entry, Gazetteer, Named, host_of};
use super::resolve::Resolver;
use super::tokens::{Gap, Token, tokens};
use crate::model::analysis::{Place, Zone};
use crate::model::label::{Level, Sector};
use crate::text::document::Document;
use crate::text::fold::slug;

/// The words of a document and everything found in them.
pub(super) struct Reading<'a> {
    pub document: &'a Document,
    pub gazetteer: &'a Gazetteer,
    pub tokens: Vec<Token>,
    pub mentions: Vec<Mention>,
    /// Départements that the text names, by code.
    pub departements: Vec<String>,
    /// For each token, the mention that starts there, and the one that ends before it.
    starting: Vec<Option<usize>>,
    ending: Vec<Option<usize>>,
    /// Words seen without a capital, and words seen with one that no sentence's start explains.
    small: HashSet<u64>,
    named: HashSet<u64>,
}

/// One mention.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mention {
    /// Its words.
    pub tokens: Range<usize>,
    /// Its sentence.
    pub sentence: usize,
    /// What it names.
    pub what: What,
}

/// What a mention names.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    /// A body that could be a victim.
    Body(Body),
    /// « la mairie », « l'hôpital »: the cue of this index, for the body of the article's place.
    Head(u16),
    /// A département, région or territory as a place.
    Area(Area),
    /// An attacker of this index; `careful` when its name is also an ordinary word.
    Actor { index: u16, careful: bool },
    /// A country, its people or one of its cities.
    Country(u16),
    /// A word that tells a sector.
    SectorWord(Sector),
    /// Somebody who never is the victim.
    Bystander,
}

/// Which area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Area {
    /// The département of this index.
    Departement(u16),
    /// The région of this index.
    Region(u16),
    /// The town of this index, by its people: « lillois ».
    Town(u32),
    /// Any other.
    Other,
}

/// A body that could be a victim.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Body {
    pub key: String,
    pub name: String,
    pub sector: Option<Sector>,
    pub level: Option<Level>,
    pub place: Place,
    pub country: Option<String>,
    pub source: Source,
    /// For helpers: 1 only when the syntax is explicit, 2 by syntax.
    pub helper: u8,
}

/// How a body was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// An institution's words with a place: « mairie de Bondy ».
    Cue,
    /// A name of a list.
    Listed,
    /// A name of a list that is also an ordinary word: Orange, Free.
    ListedCareful,
    /// A town's name alone.
    Town,
    /// Capitalised words that no list has.
    Open,
}

/// Words of a host name that are read.
const DOMAIN_WORDS: usize = 8;
/// Words that may stand between an institution and its place.
const LINKS: &[&str] = &["de", "du", "des", "d", "la", "le", "les", "l", "en", "a", "au", "aux"];
impl<'a> Reading<'a> {
    /// Reads a document. `outlet_departements` and the address of the article settle homonyms that
    /// the text leaves open.
    pub fn new(
        document: &'a Document,
        gazetteer: &'a Gazetteer,
        outlet_departements: &[String],
        url: &str,
    ) -> Reading<'a> {
        let mut reading = Reading {
            document,
            gazetteer,
            tokens: tokens(document),
            mentions: Vec::new(),
            departements: Vec::new(),
            starting: Vec::new(),
            ending: Vec::new(),
            small: HashSet::new(),
            named: HashSet::new(),
        };
        for index in 0..reading.tokens.len() {
            let token = &reading.tokens[index];
            if !token.capital {
                reading.small.insert(token.hash);
            } else if !reading.is_sentence_start(index) {
                reading.named.insert(token.hash);
            }
        }
        let found = reading.scan();
        reading.departements = reading.named_departements(&found);
        let outlet = if outlet_departements.is_empty() {
            gazetteer.outlet_departements(url).unwrap_or_default()
        } else {
            outlet_departements
        };
        let names_france = found.iter().any(|found| {
            matches!(reading.zone_of(found), Zone::Title | Zone::Lead)
                && found.entries.iter().any(|entry| match entry.named {
                    Named::Country(index) | Named::Demonym(index) => {
                        gazetteer.countries[usize::from(index)].code == "FR"
                    }
                    _ => false,
                })
        });
        let abroad = foreign_outlet(url).is_some() && reading.departements.is_empty() && !names_france;
        let resolver = Resolver {
            reading: &reading,
            outlet,
            abroad,
        };
        let mut mentions: Vec<Mention> = found.iter().filter_map(|found| resolver.mention(found)).collect();
        mentions.extend(reading.open_names(&mentions));
        mentions.sort_by_key(|mention| mention.tokens.start);
        reading.starting = vec![None; reading.tokens.len() + 1];
        reading.ending = vec![None; reading.tokens.len() + 1];
        for (index, mention) in mentions.iter().enumerate() {
            reading.starting[mention.tokens.start] = Some(index);
            reading.ending[mention.tokens.end] = Some(index);
        }
        reading.mentions = mentions;
        reading
    }

    /// A token's folded word; empty beyond either end of the text.
    pub fn word(&self, index: usize) -> &str {
        self.tokens
            .get(index)
            .map_or("", |token| &self.document.folded.text[token.folded.clone()])
    }

    /// The words before `index` in its sentence, nearest first.
    pub fn before(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        let sentence = self.tokens.get(index).map(|token| token.sentence);
        (0..index)
            .rev()
            .take_while(move |&other| Some(self.tokens[other].sentence) == sentence)
    }

    /// The words from `index` on that are still in `sentence`.
    pub fn from(&self, index: usize, sentence: usize) -> impl Iterator<Item = usize> + '_ {
        (index..self.tokens.len()).take_while(move |&other| self.tokens[other].sentence == sentence)
    }

    /// The original words of a token range.
    pub fn written(&self, range: &Range<usize>) -> &str {
        let start = self.tokens[range.start].original.start;
        let end = self.tokens[range.end - 1].original.end;
        &self.document.text[start..end]
    }

    /// Where a mention stands.
    pub fn zone(&self, mention: &Mention) -> Zone {
        self.document.sentences[mention.sentence].zone
    }

    pub fn is_sentence_start(&self, index: usize) -> bool {
        index == 0 || self.tokens[index - 1].sentence != self.tokens[index].sentence || self.tokens[index].after_colon
    }

    /// Cuts the text into the longest known names, left to right.
    fn scan(&self) -> Vec<Found> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let cued = self.cue_at(at);
            let named = self.names_at(at, |entry| !matches!(entry.named, Named::Cue(_)));
            let cued_length = cued.as_ref().map_or(0, |found| found.tokens.len());
            let found_here = match named {
                Some((count, entries)) if count > cued_length || (count == cued_length && self.is_body(&entries)) => {
                    Some(Found {
                        tokens: at..at + count,
                        cue: None,
                        entries,
                        name: None,
                        code: None,
                        in_place: false,
                    })
                }
                _ => cued,
            };
            let found_here = match self.domain_at(at) {
                Some(found)
                    if found_here
                        .as_ref()
                        .is_none_or(|other| other.tokens.end < found.tokens.end) =>
                {
                    Some(found)
                }
                _ => found_here,
            };
            // « du Syndicat des eaux » is not of Le Syndicat (88).
            let is_contraction = matches!(self.word(at), "du" | "des" | "au" | "aux");
            let found_here = found_here.filter(|found| {
                !is_contraction
                    || found.cue.is_some()
                    || self
                        .cue_at(at + 1)
                        .is_none_or(|cued| cued.tokens.end <= found.tokens.end)
            });
            at = match &found_here {
                Some(found) if self.word(at) == "ministere" => self.ministry_end(found.tokens.end),
                Some(found) => found.tokens.end,
                None => at + 1,
            };
            found.extend(found_here);
        }
        found
    }

    /// The end of a ministry's full title: « des Sports, de la Jeunesse et de la Vie associative ».
    fn ministry_end(&self, end: usize) -> usize {
        let mut reached = end;
        let mut at = end;
        while at < reached + 4
            && self
                .tokens
                .get(at)
                .is_some_and(|token| token.sentence == self.tokens[end - 1].sentence)
        {
            let word = self.word(at);
            let between = &self.document.text[self.tokens[at - 1].original.end..self.tokens[at].original.start];
            if !between.chars().all(|c| matches!(c, ' ' | '\u{a0}' | ',' | '\'' | '’')) {
                break;
            }
            if self.tokens[at].capital && at > reached {
                reached = at + 1;
            } else if !LINKS.contains(&word) && word != "et" {
                break;
            }
            at += 1;
        }
        reached
    }

    /// An Internet address of a public body: « mairie-bondy.fr ».
    fn domain_at(&self, at: usize) -> Option<Found> {
        let mut end = at + 1;
        while end - at < DOMAIN_WORDS
            && self.tokens.get(end).is_some_and(|token| {
                token.sentence == self.tokens[at].sentence
                    && matches!(
                        &self.document.text[self.tokens[end - 1].original.end..token.original.start],
                        "." | "-"
                    )
            })
        {
            end += 1;
        }
        if end - at < 2 {
            return None;
        }
        let host = self.written(&(at..end)).to_lowercase();
        let named = match self.gazetteer.domain(&host)? {
            Domain::Commune(index) => Named::Commune(index),
            Domain::Intercommunality(index) => Named::Intercommunality(index),
            Domain::Departement(index) => Named::Departement(index),
        };
        let kind = match named {
            Named::Commune(_) => "commune",
            Named::Departement(_) => "departement",
            _ => "epci",
        };
        let cue = self.gazetteer.cues.iter().position(|cue| cue.kind == kind)?;
        Some(Found {
            tokens: at..end,
            cue: Some(cue as u16),
            entries: vec![Entry {
                named,
                careful: false,
                lower: true,
            }],
            name: None,
            code: None,
            in_place: false,
        })
    }

    fn is_body(&self, entries: &[Entry]) -> bool {
        entries.iter().any(|entry| {
            matches!(
                entry.named,
                Named::Organisation(_) | Named::Hospital(_) | Named::Intercommunality(_)
            )
        })
    }

    /// The longest name at a token whose capitals are right.
    pub fn names_at(&self, at: usize, wanted: impl Fn(&Entry) -> bool) -> Option<(usize, Vec<Entry>)> {
        let sentence = self.tokens.get(at)?.sentence;
        let run = (at..self.tokens.len())
            .take_while(|&index| {
                self.tokens[index].sentence == sentence && (index == at || self.tokens[index].gap != Gap::Break)
            })
            .map(|index| self.tokens[index].hash);
        self.gazetteer
            .longest(run, |entry, count| wanted(entry) && self.capitals_fit(at, count, entry))
    }

    fn capitals_fit(&self, at: usize, count: usize, entry: &Entry) -> bool {
        let may_be_lower = entry.lower
            && matches!(
                entry.named,
                Named::Organisation(_)
                    | Named::Service(_)
                    | Named::Intercommunality(_)
                    | Named::Helper(_)
                    | Named::Demonym(_)
                    | Named::Cue(_)
                    | Named::SectorWord(_)
                    | Named::DepartementAdjective(_)
                    | Named::RegionAdjective(_)
                    | Named::TownAdjective(_)
            );
        if may_be_lower {
            return true;
        }
        let first = (at..at + count)
            .find(|&index| !LINKS.contains(&self.word(index)))
            .unwrap_or(at);
        let is_capital = self.tokens[first].capital;
        // Sigles of three letters or less are words when they are not in capitals.
        let is_short = count == 1 && self.word(at).len() <= 3;
        is_capital
            && (!is_short || self.tokens[at].upper || matches!(entry.named, Named::Commune(_) | Named::Departement(_)))
    }

    /// An institution's words with what they bear on: « mairie de Bondy », « SDIS 45 ».
    fn cue_at(&self, at: usize) -> Option<Found> {
        if let Some(found) = self.glued_number(at) {
            return Some(found);
        }
        let (count, entries) = self.names_at(at, |entry| matches!(entry.named, Named::Cue(_)))?;
        let Named::Cue(index) = entries[0].named else {
            return None;
        };
        let cue = &self.gazetteer.cues[usize::from(index)];
        let after = at + count;
        // « ch », « cd », « port » are institutions only as written: « CH de Dax ».
        if self.word(at).len() <= 3 && count == 1 && !self.tokens[at].upper && !matches!(self.word(at), "chu") {
            return None;
        }
        // « la Ville rose », « la Ville lumière »: a town's nickname.
        if self.word(at) == "ville"
            && matches!(
                self.word(after),
                "rose" | "lumiere" | "eternelle" | "blanche" | "sainte"
            )
        {
            return None;
        }
        let sentence = self.tokens[at].sentence;
        let found = |end: usize, entries: Vec<Entry>, name: Option<String>, code: Option<String>| Found {
            tokens: at..end,
            cue: Some(index),
            entries,
            name,
            code,
            in_place: self.is_locative(at, cue),
        };
        if cue.takes.contains('d')
            && let Some(code) = self.departement_number(after)
        {
            return Some(found(after + 1, Vec::new(), None, Some(code)));
        }
        for skip in 0..=3 {
            let place = after + skip;
            if self
                .tokens
                .get(place)
                .is_none_or(|token| token.sentence != sentence || token.gap == Gap::Break)
            {
                break;
            }
            // « syndicat des eaux de la Vanne et du Tholon »: rivers, not towns.
            let is_of_rivers = cue.kind == "syndicat" && matches!(self.word(place - 1), "la" | "l");
            if let Some((length, entries)) = self.names_at(place, |entry| {
                takes(cue, entry)
                    && !(is_of_rivers && matches!(entry.named, Named::Commune(_) | Named::FormerCommune(_)))
            }) {
                return Some(found(place + length, entries, None, None));
            }
            let is_area = self
                .names_at(place, |entry| {
                    matches!(entry.named, Named::Departement(_) | Named::Region(_))
                })
                .is_some();
            // « une maison de retraite des Deux-Sèvres » names none.
            if is_area {
                return cue.alone.then(|| found(after, Vec::new(), None, None));
            }
            if !LINKS.contains(&self.word(place)) {
                // « le bailleur social 1001 Vies Habitat »: the name that a list has counts.
                if cue.takes.contains('n')
                    && let Some((length, entries)) = self.names_at(place, |entry| {
                        matches!(entry.named, Named::Organisation(_)) && !entry.careful
                    })
                {
                    return Some(Found {
                        tokens: place..place + length,
                        cue: None,
                        entries,
                        name: None,
                        code: None,
                        in_place: false,
                    });
                }
                if cue.takes.contains('n')
                    && let Some(end) = self.capitalised_run(place)
                {
                    let end = match cue.kind.as_str() {
                        "ehpad" => self.with_complement(end),
                        "syndicat" => self.with_second_name(end),
                        _ => end,
                    };
                    let name = self.written(&(after..end)).to_owned();
                    return Some(found(end, Vec::new(), Some(name), None));
                }
                break;
            }
        }
        if cue.takes.contains('x')
            && let Some(end) = self.complement(after, sentence)
        {
            let name = self.written(&(after..end)).to_owned();
            return Some(found(end, Vec::new(), Some(name), None));
        }
        let previous = if at > 0 && self.tokens[at].gap != Gap::Break {
            self.word(at - 1)
        } else {
            ""
        };
        let is_definite = matches!(
            previous,
            "la" | "le" | "l" | "du" | "au" | "cette" | "cet" | "ce" | "sa" | "son" | "notre" | "les" | "et"
        ) || (matches!(previous, "des" | "deux" | "trois" | "quatre" | "cinq" | "plusieurs")
            && self.word(at).ends_with(['s', 'x']))
            || self.is_sentence_start(at);
        (cue.alone && is_definite).then(|| found(after, Vec::new(), None, None))
    }

    /// « SDIS45 », « CD45 », « CDG 45 » in one word.
    fn glued_number(&self, at: usize) -> Option<Found> {
        let word = self.word(at);
        let digits = word.find(|c: char| c.is_ascii_digit())?;
        let (head, code) = word.split_at(digits);
        if !matches!(head, "sdis" | "cd" | "cdg" | "sde" | "mdph") {
            return None;
        }
        let code = code.to_uppercase();
        self.gazetteer.departement(&code)?;
        let index = self.gazetteer.cues.iter().position(|cue| {
            cue.kind
                == match head {
                    "cd" => "departement",
                    "sde" => "syndicat",
                    head => head,
                }
        })?;
        Some(Found {
            tokens: at..at + 1,
            cue: Some(index as u16),
            entries: Vec::new(),
            name: None,
            code: Some(code),
            in_place: false,
        })
    }

    /// A département's number at a token: 45, 2A, 974.
    pub fn departement_number(&self, at: usize) -> Option<String> {
        let word = self.word(at).to_uppercase();
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let looks_right = matches!(word.len(), 2 | 3) && digits + 1 >= word.len() && digits > 0;
        (looks_right && self.gazetteer.departement(&word).is_some()).then_some(word)
    }

    /// « dans la ville de », « en région »: where, not who.
    fn is_locative(&self, at: usize, cue: &Cue) -> bool {
        if !matches!(cue.kind.as_str(), "commune" | "departement" | "region" | "epci") {
            return false;
        }
        let mut before = self.before(at);
        let previous = before.next().map_or("", |index| self.word(index));
        let second = before.next().map_or("", |index| self.word(index));
        matches!(previous, "en" | "dans")
            || (matches!(second, "dans")
                && matches!(
                    previous,
                    "la" | "le" | "l" | "les" | "cette" | "ce" | "cet" | "une" | "un"
                ))
    }

    /// The end of a run of capitalised words that begins here: « Jean Moulin », « Gers Numérique ».
    fn capitalised_run(&self, at: usize) -> Option<usize> {
        if !self.tokens.get(at)?.capital {
            return None;
        }
        let is_number = self.word(at).bytes().all(|b| b.is_ascii_digit());
        let next_is_name = self.tokens.get(at + 1).is_some_and(|next| {
            next.capital && next.gap == Gap::Soft && !self.word(at + 1).bytes().all(|b| b.is_ascii_digit())
        });
        // « 1001 Vies Habitat » is a name, « 32 000 » is not.
        if is_number && (!next_is_name || self.word(at).len() < 3) {
            return None;
        }
        let mut end = at + 1;
        while end < self.tokens.len() && end - at < 7 {
            let token = &self.tokens[end];
            if token.gap != Gap::Soft || token.sentence != self.tokens[at].sentence {
                break;
            }
            let is_link = matches!(
                self.word(end),
                "de" | "du" | "des" | "d" | "la" | "l" | "en" | "sur" | "les"
            );
            let name_follows = (1..=2).any(|ahead| {
                self.tokens.get(end + ahead).is_some_and(|next| {
                    next.capital
                        && next.gap == Gap::Soft
                        && next.sentence == token.sentence
                        && (ahead == 1 || LINKS.contains(&self.word(end + 1)))
                })
            });
            if !(token.capital || is_link && name_follows) {
                break;
            }
            end += 1;
        }
        Some(end)
    }

    /// « Résidence du parc »: a house's name goes on in small letters up to a comma.
    fn with_complement(&self, end: usize) -> usize {
        let is_link = matches!(self.word(end), "du" | "de" | "des" | "d");
        let is_soft = |at: usize| self.tokens.get(at).is_some_and(|token| token.gap == Gap::Soft);
        let is_closed = self.tokens.get(end + 2).is_none_or(|token| token.gap == Gap::Break);
        if is_link && is_soft(end) && is_soft(end + 1) && is_closed {
            end + 2
        } else {
            end
        }
    }

    /// « (de la Vanne) et du Tholon ».
    fn with_second_name(&self, end: usize) -> usize {
        let is_soft = |at: usize| self.tokens.get(at).is_some_and(|token| token.gap == Gap::Soft);
        if self.word(end) != "et" || !is_soft(end) {
            return end;
        }
        let name = (end + 1..end + 4).find(|&at| !LINKS.contains(&self.word(at)));
        name.filter(|&at| is_soft(at))
            .and_then(|at| self.capitalised_run(at))
            .unwrap_or(end)
    }

    /// « de tir », « de l'Éducation nationale »: the complement of « fédération », « ministère ».
    fn complement(&self, at: usize, sentence: usize) -> Option<usize> {
        let mut end = at;
        while end - at < 3 && self.soft(end, sentence) && LINKS.contains(&self.word(end)) {
            end += 1;
        }
        if end == at || !self.soft(end, sentence) {
            return None;
        }
        Some(end + 1)
    }

    /// Whether the word stands somewhere without its capital: then it is a common one.
    fn is_also_written_small(&self, at: usize) -> bool {
        self.small.contains(&self.tokens[at].hash)
    }

    /// Whether the word stands somewhere with a capital that no sentence's start explains.
    pub fn is_name_elsewhere(&self, at: usize) -> bool {
        self.named.contains(&self.tokens[at].hash)
    }

    /// The mention whose first word this is.
    pub fn starting_at(&self, index: usize) -> Option<&Mention> {
        self.starting
            .get(index)
            .copied()
            .flatten()
            .map(|mention| &self.mentions[mention])
    }

    /// The mention whose last word stands just before this one.
    pub fn ending_before(&self, index: usize) -> Option<&Mention> {
        self.ending
            .get(index)
            .copied()
            .flatten()
            .map(|mention| &self.mentions[mention])
    }

    fn soft(&self, at: usize, sentence: usize) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| token.sentence == sentence && token.gap != Gap::Break)
    }

    /// Départements named in the text, by name, number in brackets or adjective; teasers are not read.
    fn named_departements(&self, found: &[Found]) -> Vec<String> {
        let mut codes: Vec<String> = Vec::new();
        let mut add = |code: &str| {
            if !codes.iter().any(|known| known == code) {
                codes.push(code.to_owned());
            }
        };
        for found in found {
            if self.zone_of(found) == Zone::Teaser {
                continue;
            }
            if let Some(code) = &found.code {
                add(code);
            }
            let has_town = found
                .entries
                .iter()
                .any(|entry| matches!(entry.named, Named::Commune(_)));
            for entry in &found.entries {
                match entry.named {
                    Named::Departement(index) => {
                        let departement = &self.gazetteer.departements[usize::from(index)];
                        // « Vienne » alone is the town; « la Vienne » the département.
                        if !has_town || self.has_article(found.tokens.start) {
                            add(&departement.code);
                        }
                    }
                    Named::DepartementAdjective(index) => add(&self.gazetteer.departements[usize::from(index)].code),
                    _ => {}
                }
            }
        }
        for (index, token) in self.tokens.iter().enumerate() {
            if token.bracketed
                && self.document.sentences[token.sentence].zone != Zone::Teaser
                && let Some(code) = self.departement_number(index)
                && self.document.text[token.original.end..].starts_with([')', ',', ']'])
            {
                add(&code);
            }
        }
        codes
    }

    pub fn has_article(&self, at: usize) -> bool {
        at > 0 && matches!(self.word(at - 1), "la" | "le" | "l" | "les" | "du" | "des" | "en")
    }

    pub fn zone_of(&self, found: &Found) -> Zone {
        self.document.sentences[self.tokens[found.tokens.start].sentence].zone
    }

    /// Capitalised words that nothing explains yet.
    fn open_names(&self, known: &[Mention]) -> Vec<Mention> {
        let mut taken = vec![false; self.tokens.len()];
        for mention in known {
            // « le CCAS » is no further name; « l'Hôpital Machin » may go on.
            let is_sigle = self.tokens[mention.tokens.start].upper;
            if !matches!(mention.what, What::SectorWord(_) | What::Head(_)) || (is_sigle && mention.tokens.len() == 1) {
                taken[mention.tokens.clone()].fill(true);
            }
        }
        let mut names = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            if taken[at] || !self.tokens[at].capital {
                at += 1;
                continue;
            }
            let mut end = self.capitalised_run(at).unwrap_or(at + 1);
            if let Some(cut) = (at..end).find(|&index| taken[index]) {
                end = cut;
            }
            let mut start = at;
            at = end;
            // A capital at the head of a sentence does not make a name of an ordinary word.
            while start < end
                && (LINKS.contains(&self.word(start))
                    || (self.gazetteer.is_common_word(self.tokens[start].hash)
                        && (self.is_sentence_start(start) || end - start == 1 || start > 0)))
            {
                start += 1;
            }
            while end > start
                && (LINKS.contains(&self.word(end - 1)) || self.word(end - 1).bytes().all(|b| b.is_ascii_digit()))
            {
                end -= 1;
            }
            if start >= end || !self.tokens[start].capital || self.written(&(start..end)).chars().count() < 3 {
                continue;
            }
            let is_person = end - start >= 2 && self.gazetteer.is_first_name(self.tokens[start].hash);
            if is_person || self.word(start).bytes().all(|b| b.is_ascii_digit()) && end - start == 1 {
                continue;
            }
            if self.is_sentence_start(start) && end - start == 1 && self.is_also_written_small(start) {
                continue;
            }
            let name = self.written(&(start..end)).to_owned();
            names.push(Mention {
                tokens: start..end,
                sentence: self.tokens[start].sentence,
                what: What::Body(Body {
                    key: format!("nom:{}", slug(&name)),
                    name,
                    sector: None,
                    level: None,
                    place: Place::default(),
                    country: None,
                    source: Source::Open,
                    helper: 0,
                }),
            });
        }
        names
    }
}

/// The country of an outlet outside France, by its address.
pub(super) fn foreign_outlet(url: &str) -> Option<&'static str> {
    let host = host_of(url);
    let suffix = host.rsplit('.').next()?;
    Some(match suffix {
        "be" => "BE",
        "ch" => "CH",
        "ca" | "quebec" => "CA",
        "lu" => "LU",
        "ma" => "MA",
        "sn" => "SN",
        "ci" => "CI",
        "tn" => "TN",
        "dz" => "DZ",
        "cm" => "CM",
        "mg" => "MG",
        "lb" => "LB",
        "mc" => "MC",
        "bf" => "BF",
        "ml" => "ML",
        "ga" => "GA",
        "ht" => "HT",
        _ => return None,
    })
}

/// One name as it was cut out of the text, before it is settled what it stands for.
pub(super) struct Found {
    pub tokens: Range<usize>,
    pub cue: Option<u16>,
    pub entries: Vec<Entry>,
    /// A name that no list has, after a cue.
    pub name: Option<String>,
    /// A département's number after a cue.
    pub code: Option<String>,
    /// After « dans », « en »: where, not who.
    pub in_place: bool,
}

/// The area among what a name may stand for.
pub(super) fn area_of(entries: &[Entry], gazetteer: &Gazetteer, code: Option<&str>) -> Area {
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

fn takes(cue: &Cue, entry: &Entry) -> bool {
    let letter = match entry.named {
        Named::Commune(_) | Named::FormerCommune(_) | Named::ForeignCity(_) => 'c',
        Named::Departement(_) | Named::DepartementAdjective(_) => 'd',
        Named::Region(_) | Named::RegionAdjective(_) => 'r',
        Named::Demonym(_) => 'p',
        Named::Intercommunality(_) => 'e',
        Named::Academy(_) => 'a',
        _ => return false,
    };
    cue.takes.contains(letter)
}
