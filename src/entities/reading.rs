//! The words of a document as the later steps read them: neighbours, capitals, the names that a
//! list has at a word, and, once they are settled, the mentions found in them.

use std::collections::HashSet;
use std::ops::Range;

use super::gazetteer::{Entry, Gazetteer, Named};
use super::index::Filter;
use super::mention::Mention;
use super::roles::{Roles, WordRole};
use super::tokens::{Gap, Token, tokens};
use crate::model::analysis::Zone;
use crate::text::document::Document;
use crate::text::hash::BuildPlain;

/// The words of a document and everything found in them.
pub(super) struct Reading<'a> {
    pub document: &'a Document,
    pub gazetteer: &'a Gazetteer,
    pub tokens: Vec<Token>,
    pub mentions: Vec<Mention>,
    /// Départements that the text names, by code.
    pub departements: Vec<String>,
    /// Départements that the outlet covers, by code.
    pub outlet_departements: &'a [String],
    /// For each token, the mention that starts there, and the one that ends before it.
    starting: Vec<Option<usize>>,
    ending: Vec<Option<usize>>,
    /// For each word, whether some name may begin with it.
    beginnings: Vec<bool>,
    /// What each word does around a name.
    roles: Vec<Roles>,
    /// Words seen without a capital, of those that may be seen with one too, and words seen with one that no
    /// sentence's start explains.
    small: HashSet<u64, BuildPlain>,
    named: HashSet<u64, BuildPlain>,
    /// How often a word or a mention was looked at: the tests count it, since time is not to be
    /// trusted.
    #[cfg(test)]
    pub looks: std::cell::Cell<usize>,
}

/// Words that may stand between an institution and its place.
pub(super) const LINKS: &[&str] = &["de", "du", "des", "d", "la", "le", "les", "l", "en", "a", "au", "aux"];

impl<'a> Reading<'a> {
    /// The words alone: no mention and no département is known yet.
    pub fn of_words(document: &'a Document, gazetteer: &'a Gazetteer) -> Reading<'a> {
        let mut reading = Reading {
            document,
            gazetteer,
            tokens: tokens(document),
            mentions: Vec::new(),
            departements: Vec::new(),
            outlet_departements: &[],
            starting: Vec::new(),
            ending: Vec::new(),
            beginnings: Vec::new(),
            roles: Vec::new(),
            small: HashSet::default(),
            named: HashSet::default(),
            #[cfg(test)]
            looks: std::cell::Cell::new(0),
        };
        let beginnings = reading.tokens.iter().map(|token| gazetteer.may_begin_name(token.hash));
        reading.beginnings = beginnings.collect();
        reading.roles = reading
            .tokens
            .iter()
            .map(|token| gazetteer.roles_of(token.hash))
            .collect();
        let capitals = reading.tokens.iter().filter(|token| token.capital);
        let capitals: Vec<u64> = capitals.map(|token| token.hash).collect();
        let capitals = Filter::of(capitals.into_iter());
        for index in 0..reading.tokens.len() {
            let token = &reading.tokens[index];
            if !token.capital {
                if capitals.may_have(token.hash) {
                    reading.small.insert(token.hash);
                }
            } else if !reading.is_sentence_start(index) {
                reading.named.insert(token.hash);
            }
        }
        reading
    }

    /// The same words with their mentions, in the order of the text.
    pub fn with_mentions(mut self, mut mentions: Vec<Mention>) -> Reading<'a> {
        mentions.sort_by_key(|mention| mention.tokens.start);
        self.starting = vec![None; self.tokens.len() + 1];
        self.ending = vec![None; self.tokens.len() + 1];
        for (index, mention) in mentions.iter().enumerate() {
            self.starting[mention.tokens.start] = Some(index);
            self.ending[mention.tokens.end] = Some(index);
        }
        self.mentions = mentions;
        self
    }

    /// A token's folded word; empty beyond either end of the text.
    pub fn word(&self, index: usize) -> &str {
        self.look();
        self.tokens
            .get(index)
            .map_or("", |token| &self.document.folded.text[token.folded.clone()])
    }

    /// Whether a token's word has this role; none has beyond either end of the text.
    pub fn is(&self, index: usize, role: WordRole) -> bool {
        self.look();
        self.roles.get(index).is_some_and(|roles| roles.has(role))
    }

    /// The words before `index` in its sentence, nearest first.
    pub fn before(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        let sentence = self.tokens.get(index).map(|token| token.sentence);
        (0..index)
            .rev()
            .inspect(|_| self.look())
            .take_while(move |&other| Some(self.tokens[other].sentence) == sentence)
    }

    /// The words from `index` on that are still in `sentence`.
    pub fn from(&self, index: usize, sentence: usize) -> impl Iterator<Item = usize> + '_ {
        (index..self.tokens.len())
            .inspect(|_| self.look())
            .take_while(move |&other| self.tokens[other].sentence == sentence)
    }

    /// Counts a look in tests; nothing elsewhere.
    fn look(&self) {
        #[cfg(test)]
        self.looks.set(self.looks.get() + 1);
    }

    /// The original words of a token range.
    pub fn written(&self, range: &Range<usize>) -> &str {
        let start = self.tokens[range.start].original.start;
        let end = self.tokens[range.end - 1].original.end;
        &self.document.text[start..end]
    }

    /// Where a mention stands.
    pub fn zone(&self, mention: &Mention) -> Zone {
        self.look();
        self.document.sentences[mention.sentence].zone
    }

    /// Where a word stands.
    pub fn zone_at(&self, index: usize) -> Zone {
        self.look();
        self.document.sentences[self.tokens[index].sentence].zone
    }

    /// Whether a capital here says nothing: at the head of a sentence, or after a colon.
    pub fn is_sentence_start(&self, index: usize) -> bool {
        index == 0 || self.tokens[index - 1].sentence != self.tokens[index].sentence || self.tokens[index].after_colon
    }

    /// Whether an article stands before: « la Vienne » is the département, « Vienne » the town.
    pub fn has_article(&self, at: usize) -> bool {
        at > 0 && matches!(self.word(at - 1), "la" | "le" | "l" | "les" | "du" | "des" | "en")
    }

    /// Whether some name of the lists may begin with this word; none does beyond the end of the text.
    pub fn may_begin_name(&self, at: usize) -> bool {
        self.beginnings.get(at).copied().unwrap_or(false)
    }

    /// The longest name at a token whose capitals are right.
    pub fn names_at(&self, at: usize, wanted: impl Fn(&Entry) -> bool) -> Option<(usize, Vec<Entry>)> {
        if !self.may_begin_name(at) {
            return None;
        }
        let sentence = self.tokens[at].sentence;
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

    /// A département's number at a token: 45, 2A, 974.
    pub fn departement_number(&self, at: usize) -> Option<String> {
        let word = self.word(at).to_uppercase();
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let looks_right = matches!(word.len(), 2 | 3) && digits + 1 >= word.len() && digits > 0;
        (looks_right && self.gazetteer.departement(&word).is_some()).then_some(word)
    }

    /// The end of a run of capitalised words that begins here: « Jean Moulin », « Gers Numérique ».
    pub fn capitalised_run(&self, at: usize) -> Option<usize> {
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

    /// Whether the word stands somewhere without its capital: then it is a common one.
    pub fn is_also_written_small(&self, at: usize) -> bool {
        !self.tokens[at].capital || self.small.contains(&self.tokens[at].hash)
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
}
