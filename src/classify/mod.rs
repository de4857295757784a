//! Reading an article: which attacks are stated and how, what kind of article it is, how far the
//! incident is established. Keyword models of `data/keywords/` decide, and say with which words.

mod anchors;
mod clause;
pub mod explain;
pub mod fact_words;
pub mod facts;
pub mod features;
mod found;
pub mod language;
pub mod lexicon;
pub mod model;
pub mod phrasebook;
pub mod reading;
mod scope;
#[cfg(test)]
mod statements;
pub mod story;
pub mod verdict;
pub mod vocabulary;
pub mod votes;
