//! The weights with which features vote for labels, as `vigie train` learned them:
//! `data/keywords/votes.toml`, next to the phrases.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use serde::Deserialize;

use super::features::{Features, columns, named_column, named_columns, names, phrase_column};
use super::lexicon::{Lexicon, LexiconError, ModelFile};
use super::reading::Position;
use super::vocabulary::{Part, Vocabulary};
use crate::model::label::{ArticleKind, AttackType, Status};

/// The ending of a kind's name that stands for its articles without a concrete incident.
pub const GENERAL: &str = "-general";

/// Everything that was learned.
#[derive(Debug, Clone, PartialEq)]
pub struct Votes {
    /// From which articles; none when the weights were written by hand.
    pub fitted: Option<Fitted>,
    /// Where to cut.
    pub cuts: Cuts,
    /// Whether the article tells a concrete incident.
    pub incident: Weights,
    /// The same by all words of the article, whatever phrases they make.
    pub vocabulary: Vocabulary,
    /// Which kind it is: the highest score among those that tell an incident, or among the others.
    pub kinds: Vec<(KindVote, Weights)>,
    /// Attack types that had examples enough: the logistic function of its score is how likely a type is. The
    /// others stand by the weights of their phrases alone.
    pub types: BTreeMap<AttackType, Weights>,
    /// How far the incident is established: the highest score.
    pub statuses: BTreeMap<Status, Weights>,
}

/// The articles that weights were fitted to.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fitted {
    /// BLAKE3 of the labelled articles, so that a model can be traced to its corpus.
    pub corpus: String,
    /// How many.
    pub articles: usize,
    /// How many of them tell an incident.
    pub incident_articles: usize,
}

/// Calibration and thresholds.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cuts {
    /// What the score of the vocabulary counts beside that of the phrases and figures.
    pub vocabulary: f32,
    /// The probability of an incident is the logistic function of `slope × score + offset`, in an article
    /// that names who was hit.
    pub slope: f32,
    /// See `slope`.
    pub offset: f32,
    /// The same in an article where no victim is found.
    pub unnamed_slope: f32,
    /// See `unnamed_slope`.
    pub unnamed_offset: f32,
    /// From which probability on an article tells an incident.
    pub incident: f32,
    /// Below this confidence no victim is named.
    pub victim: f32,
}

/// A kind of article, told apart by whether it speaks of a concrete incident: a trial or a recap may
/// speak of none in particular.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KindVote {
    /// The kind.
    pub kind: ArticleKind,
    /// Whether it tells a concrete incident.
    pub tells: bool,
}

/// One weight a column; columns beyond the last one weigh nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Weights(pub Vec<f32>);

impl Cuts {
    /// Whether a victim of this confidence is named.
    pub fn names(&self, confidence: f32) -> bool {
        confidence >= self.victim
    }

    /// Slope and offset for an article whose main victim has this confidence.
    pub fn line(&self, confidence: f32) -> (f32, f32) {
        if self.names(confidence) {
            (self.slope, self.offset)
        } else {
            (self.unnamed_slope, self.unnamed_offset)
        }
    }
}

impl Weights {
    /// What the features add up to.
    pub fn score(&self, features: &Features) -> f32 {
        let all = features.0.iter();
        all.filter_map(|(column, value)| Some(self.0.get(*column as usize)? * value))
            .sum()
    }

    /// What a phrase in a position adds: there, and by being told at all.
    pub fn of_phrase(&self, phrase: usize, position: Position) -> f32 {
        let weight = |position| {
            self.0
                .get(phrase_column(phrase, position) as usize)
                .copied()
                .unwrap_or(0.0)
        };
        let told = if position.is_told() {
            weight(Position::Anywhere)
        } else {
            0.0
        };
        weight(position) + told
    }
}

impl KindVote {
    /// Its name in `votes.toml`: `incident`, `produit`, `justice`, `justice-general`.
    pub fn name(self) -> String {
        let is_general = self.kind.carries_incident() && !self.tells;
        format!("{}{}", self.kind, if is_general { GENERAL } else { "" })
    }

    fn from_name(name: &str) -> Result<KindVote, String> {
        let general = name.strip_suffix(GENERAL);
        let kind = ArticleKind::from_id(general.unwrap_or(name)).map_err(|error| error.to_string())?;
        Ok(KindVote {
            kind,
            tells: general.is_none() && kind.carries_incident(),
        })
    }
}

type Named = BTreeMap<String, f32>;
/// Label of a phrase → phrase → position → weight.
type OfPhrases = BTreeMap<String, BTreeMap<String, Named>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VotesFile {
    fitted: Option<Fitted>,
    cuts: Cuts,
    incident: Vote,
    vocabulary: WordWeights,
    kinds: BTreeMap<String, Vote>,
    #[serde(default)]
    types: BTreeMap<String, Vote>,
    #[serde(default)]
    statuses: BTreeMap<String, Vote>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordWeights {
    title: Named,
    text: Named,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vote {
    named: Named,
    #[serde(default)]
    phrases: OfPhrases,
}

/// Reads `votes.toml`. A table that is named after no label, or a vote after no feature, is an error
/// with its line. The weight of a phrase that the phrase files no longer have is dropped.
pub fn read(file: &ModelFile, lexicon: &Lexicon) -> Result<Votes, LexiconError> {
    let votes: VotesFile = toml::from_str(&file.text)
        .map_err(|error| file.mistake(error.span().map_or(0, |span| span.start), error.message().to_owned()))?;
    check_cuts(file, &votes.cuts)?;
    let known = known_phrases(lexicon);
    let incident = vote(file, "[incident.named]", &votes.incident, &known)?;
    let kinds = heads(file, "kinds", &votes.kinds, &known, KindVote::from_name)?;
    let types = heads(file, "types", &votes.types, &known, |name| {
        AttackType::from_id(name).map_err(|error| error.to_string())
    })?;
    let statuses = heads(file, "statuses", &votes.statuses, &known, |name| {
        Status::from_id(name).map_err(|error| error.to_string())
    })?;
    Ok(Votes {
        fitted: votes.fitted,
        cuts: votes.cuts,
        incident,
        vocabulary: vocabulary(file, votes.vocabulary)?,
        kinds,
        types: types.into_iter().collect(),
        statuses: statuses.into_iter().collect(),
    })
}

/// Probabilities lie between 0 and 1, and every number is one.
fn check_cuts(file: &ModelFile, cuts: &Cuts) -> Result<(), LexiconError> {
    let at = |name: &str| file.text.find(&format!("\n{name} =")).map_or(0, |newline| newline + 1);
    for (name, probability) in [("incident", cuts.incident), ("victim", cuts.victim)] {
        if !(0.0..=1.0).contains(&probability) {
            return Err(file.mistake(
                at(name),
                format!("{name} = {probability}: a probability from 0 to 1 is expected"),
            ));
        }
    }
    for (name, number) in [
        ("vocabulary", cuts.vocabulary),
        ("slope", cuts.slope),
        ("offset", cuts.offset),
        ("unnamed_slope", cuts.unnamed_slope),
        ("unnamed_offset", cuts.unnamed_offset),
    ] {
        if !number.is_finite() {
            return Err(file.mistake(at(name), format!("{name} = {number}: a number is expected")));
        }
    }
    Ok(())
}

/// A weight that is no number would silence every vote.
fn finite(weight: f32) -> Result<f32, String> {
    if weight.is_finite() {
        Ok(weight)
    } else {
        Err(format!("{weight} is no weight: a number is expected"))
    }
}

/// The words' weights, each a number.
fn vocabulary(file: &ModelFile, weights: WordWeights) -> Result<Vocabulary, LexiconError> {
    let parts = [(Part::Title, weights.title), (Part::Text, weights.text)];
    for (part, words) in &parts {
        for (word, weight) in words {
            finite(*weight).map_err(|what| {
                let at = file.text.find(&format!("[vocabulary.{}]", part.name())).unwrap_or(0);
                let line = format!("\n{} =", quoted(word));
                let here = file.text[at..].find(&line).map_or(at, |offset| at + offset + 1);
                file.mistake(here, format!("{word}: {what}"))
            })?;
        }
    }
    Ok(Vocabulary::new(BTreeMap::from(parts)))
}

/// The tables of one section, each named after a label.
fn heads<L>(
    file: &ModelFile,
    section: &str,
    tables: &BTreeMap<String, Vote>,
    phrases: &KnownPhrases<'_>,
    label: impl Fn(&str) -> Result<L, String>,
) -> Result<Vec<(L, Weights)>, LexiconError> {
    let mut heads = Vec::with_capacity(tables.len());
    for (name, weights) in tables {
        let heading = format!("[{section}.{name}.");
        let known = label(name).map_err(|what| file.mistake(file.text.find(&heading).unwrap_or(0), what))?;
        heads.push((known, vote(file, &heading, weights, phrases)?));
    }
    Ok(heads)
}

fn named_weights(file: &ModelFile, heading: &str, weights: &Named) -> Result<Weights, LexiconError> {
    let mut all = vec![0.0; named_columns()];
    for (name, weight) in weights {
        let Some(column) = named_column(name) else {
            let at = file.text.find(heading).unwrap_or(0);
            let here = file.text[at..].find(name.as_str()).map_or(at, |offset| at + offset);
            return Err(file.mistake(here, format!("unknown feature `{name}`")));
        };
        all[column as usize] = finite(*weight).map_err(|what| {
            let at = file.text.find(heading).unwrap_or(0);
            let here = file.text[at..].find(name.as_str()).map_or(at, |offset| at + offset);
            file.mistake(here, format!("{name}: {what}"))
        })?;
    }
    Ok(Weights(all))
}

/// Label and phrase → its index.
type KnownPhrases<'a> = HashMap<(&'a str, &'a str), usize>;

fn known_phrases(lexicon: &Lexicon) -> KnownPhrases<'_> {
    let numbered = lexicon.phrases().iter().enumerate();
    numbered
        .map(|(index, phrase)| {
            (
                (lexicon.labels()[phrase.label].as_str(), phrase.written.as_str()),
                index,
            )
        })
        .collect()
}

/// The weights of one vote in their columns.
fn vote(file: &ModelFile, heading: &str, vote: &Vote, known: &KnownPhrases<'_>) -> Result<Weights, LexiconError> {
    let mut weights = named_weights(file, heading, &vote.named)?;
    if vote.phrases.is_empty() {
        return Ok(weights);
    }
    weights.0.resize(columns(known.len()), 0.0);
    for (label, phrases) in &vote.phrases {
        for (written, positions) in phrases {
            for (name, weight) in positions {
                let position = position(name).ok_or_else(|| {
                    let at = file.text.find(&quoted(written)).unwrap_or(0);
                    let names: Vec<&str> = Position::ALL.iter().map(|position| position.name()).collect();
                    file.mistake(at, format!("unknown position `{name}`; known: {}", names.join(", ")))
                })?;
                if let Some(phrase) = known.get(&(label.as_str(), written.as_str())) {
                    weights.0[phrase_column(*phrase, position) as usize] = finite(*weight).map_err(|what| {
                        let at = file.text.find(&quoted(written)).unwrap_or(0);
                        file.mistake(at, format!("\"{written}\": {what}"))
                    })?;
                }
            }
        }
    }
    Ok(weights)
}

fn position(name: &str) -> Option<Position> {
    Position::ALL.into_iter().find(|position| position.name() == name)
}

/// What stands at the head of the file.
const HEAD: &str = "\
# Learned weights: written by `vigie train`, not by hand. The phrases are in the files beside this one.
#
# [incident]: whether an article tells a concrete incident. `named` weighs figures about the whole article
# (src/classify/features.rs), `phrases` each phrase by the part of the text it stands in (title, lead, thirds of
# the body, background) or by how it is stated there (claimed, hypothetical, denied).
# [vocabulary.*]: the same question put to every word of the headline and of the text; counted `vocabulary` times.
# [kinds.*], [types.*], [statuses.*]: one score each; `justice-general` and `retrospective-general` are the articles
# of these kinds that tell no concrete incident. A kind that is absent is never chosen.
";

/// The file that `read` reads: the same votes give the same bytes.
pub fn write(votes: &Votes, lexicon: &Lexicon) -> String {
    let mut text = HEAD.to_owned();
    let cuts = votes.cuts;
    if let Some(fitted) = &votes.fitted {
        let _ = write!(
            text,
            "\n[fitted]\ncorpus = \"{}\"\narticles = {}\nincident_articles = {}\n",
            fitted.corpus, fitted.articles, fitted.incident_articles
        );
    }
    let _ = write!(
        text,
        "\n# Calibration, and where to cut.\n[cuts]\nvocabulary = {:.3}\nslope = {:.3}\noffset = {:.3}\nunnamed_slope = {:.3}\nunnamed_offset = {:.3}\nincident = {:.3}\nvictim = {:.3}\n",
        cuts.vocabulary, cuts.slope, cuts.offset, cuts.unnamed_slope, cuts.unnamed_offset, cuts.incident, cuts.victim
    );
    write_vote(&mut text, "incident", &votes.incident, lexicon);
    for (part, words) in votes.vocabulary.weights() {
        let _ = write!(text, "\n[vocabulary.{}]\n", part.name());
        for (word, weight) in words {
            if let Some(weight) = printed(*weight) {
                let _ = writeln!(text, "{} = {weight}", quoted(word));
            }
        }
    }
    for (kind, weights) in &votes.kinds {
        write_vote(&mut text, &format!("kinds.{}", kind.name()), weights, lexicon);
    }
    for (attack, weights) in &votes.types {
        write_vote(&mut text, &format!("types.{attack}"), weights, lexicon);
    }
    for (status, weights) in &votes.statuses {
        write_vote(&mut text, &format!("statuses.{status}"), weights, lexicon);
    }
    text
}

fn write_vote(text: &mut String, name: &str, weights: &Weights, lexicon: &Lexicon) {
    let _ = write!(text, "\n[{name}.named]\n");
    write_named(text, weights);
    write_phrases(text, name, weights, lexicon);
}

fn write_named(text: &mut String, weights: &Weights) {
    for (name, weight) in names().iter().zip(&weights.0) {
        if let Some(weight) = printed(*weight) {
            let _ = writeln!(text, "{name} = {weight}");
        }
    }
}

fn write_phrases(text: &mut String, name: &str, weights: &Weights, lexicon: &Lexicon) {
    let mut label = None;
    for (index, phrase) in lexicon.phrases().iter().enumerate() {
        let positions: Vec<String> = Position::ALL
            .into_iter()
            .filter_map(|position| {
                let weight = weights.0.get(phrase_column(index, position) as usize)?;
                Some(format!("{} = {}", position.name(), printed(*weight)?))
            })
            .collect();
        if positions.is_empty() {
            continue;
        }
        if label != Some(phrase.label) {
            label = Some(phrase.label);
            let _ = write!(text, "\n[{name}.phrases.{}]\n", quoted(&lexicon.labels()[phrase.label]));
        }
        let _ = writeln!(text, "{} = {{ {} }}", quoted(&phrase.written), positions.join(", "));
    }
}

/// A key as TOML writes it, whatever an analyst put into a phrase.
fn quoted(key: &str) -> String {
    let mut quoted = String::with_capacity(key.len() + 2);
    quoted.push('"');
    for c in key.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A weight to two decimals; none when that is zero.
fn printed(weight: f32) -> Option<String> {
    let text = format!("{weight:.2}");
    (text.trim_start_matches('-') != "0.00").then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> Lexicon {
        let file = ModelFile {
            path: "words.toml".into(),
            text: "[word]\n\"fuite de données\" = 1\n\"le \\\"mot\\\" magique\" = 1\n'barre \\ oblique' = 1\n"
                .to_owned(),
        };
        Lexicon::compile(&[(&file, "word", &["word"])]).unwrap()
    }

    fn votes(wide: usize) -> Votes {
        let mut incident = vec![0.0; wide];
        incident[0] = -2.5;
        for (index, weight) in incident.iter_mut().enumerate().skip(named_columns()) {
            *weight = (index % 7) as f32 / 4.0;
        }
        let tells = KindVote {
            kind: ArticleKind::Justice,
            tells: true,
        };
        let general = KindVote { tells: false, ..tells };
        Votes {
            fitted: Some(Fitted {
                corpus: "abc".to_owned(),
                articles: 9,
                incident_articles: 4,
            }),
            cuts: Cuts {
                slope: 0.9,
                offset: -0.125,
                unnamed_slope: 0.5,
                unnamed_offset: -1.5,
                incident: 0.4,
                victim: 0.25,
                vocabulary: 1.5,
            },
            incident: Weights(incident),
            vocabulary: Vocabulary::new(BTreeMap::from([
                (
                    Part::Title,
                    BTreeMap::from([("panne".to_owned(), -1.25), ("42".to_owned(), 0.5)]),
                ),
                (Part::Text, BTreeMap::from([("mairie".to_owned(), 0.75)])),
            ])),
            kinds: vec![
                (tells, Weights(vec![1.0; named_columns()])),
                (general, Weights(vec![0.5; named_columns()])),
            ],
            types: BTreeMap::new(),
            statuses: BTreeMap::new(),
        }
    }

    #[test]
    fn what_is_written_reads_back_whatever_stands_in_a_phrase() {
        let lexicon = lexicon();
        let votes = votes(columns(lexicon.phrases().len()));
        let file = ModelFile {
            path: "votes.toml".into(),
            text: write(&votes, &lexicon),
        };
        assert_eq!(read(&file, &lexicon).unwrap(), votes, "{}", file.text);
        assert_eq!(write(&votes, &lexicon), file.text);
    }

    #[test]
    fn a_phrase_that_is_gone_weighs_nothing_and_mistakes_have_a_line() {
        let lexicon = lexicon();
        let text = write(&votes(columns(lexicon.phrases().len())), &lexicon);
        let check = |from: &str, to: &str, expected: &str| {
            assert!(text.contains(from), "{from} is not in {text}");
            let file = ModelFile {
                path: "votes.toml".into(),
                text: text.replacen(from, to, 1),
            };
            match read(&file, &lexicon) {
                Ok(_) => assert_eq!(expected, "", "{to} is read"),
                Err(error) => assert!(!expected.is_empty() && error.to_string().contains(expected), "{error}"),
            }
        };
        check("\"fuite de données\" =", "\"autre chose\" =", "");
        check(
            "incident = 0.400",
            "incident = 7",
            "incident = 7: a probability from 0 to 1",
        );
        check("slope = 0.900", "slope = nan", "slope = NaN: a number is expected");
        check("\"panne\" = -1.25", "\"panne\" = nan", "panne: NaN is no weight");
        check("[vocabulary.text]", "[vocabulary.corps]", "unknown field `corps`");
        check("bias = -2.50", "bias = inf", "bias: inf is no weight");
        check("title = ", "titel = ", "unknown position `titel`; known: title, lead");
    }
}
