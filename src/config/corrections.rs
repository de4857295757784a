//! `corrections.toml`: what analysts decided, one table a decision, in a file that people read, edit and keep under
//! version control. Read with every mistake shown at its line; written only by adding a table at the end, so that
//! comments, order and whatever else a person wrote there stay.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::Date;
use serde::Deserialize;
use tempfile::NamedTempFile;
use toml::Spanned;
use toml::value::Datetime;
use url::Url;

use super::ConfigError;
use super::mistake::{Mistake, render, syntax_mistake};
use crate::dedup::relabel::is_of;
use crate::dedup::url::canonical;
use crate::model::correction::{Anchor, Correction, Corrections, Given, KnownAs, Label};
use crate::model::id::{ArticleId, VictimKey};
use crate::model::incident::Incident;
use crate::query::given::{self, Atlas};

/// How often a held lock is tried again.
const POLL: Duration = Duration::from_millis(50);

/// What a new file begins with.
const HEADING: &str = "\
# What analysts decided, whatever the models say: one table a decision. Written by vigie merge, split, forbid, relabel and
# forget; obeyed by every later run, rebuild and replay. Keep it under version control. To take a decision back, take its
# table out: the next command puts the incidents as they were. An article is known by its id, so `incidents` is only
# for people to read.
";

/// A `corrections.toml`, read and understood.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CorrectionsFile {
    /// The decisions, in the file's order.
    pub decisions: Vec<Decision>,
}

/// One decision: a table of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Where its table begins, from 1; 0 for one that is not in the file.
    pub line: usize,
    /// What was decided.
    pub what: What,
    /// The ids that the incidents had, for people.
    pub incidents: Vec<String>,
    /// Who decided; empty when the file does not tell.
    pub by: String,
    /// When.
    pub on: Option<Date>,
    /// Why; empty when the file does not tell.
    pub reason: String,
}

impl Decision {
    /// The ids that its incidents had, each with the article by which it knows them; of a split nobody can tell which of
    /// the two keeps it.
    fn names(&self) -> Vec<KnownAs> {
        let anchors = match self.what {
            What::Split(..) | What::Forget(_) => Vec::new(),
            _ => self.what.anchors(),
        };
        let named = anchors.into_iter().zip(&self.incidents);
        named
            .map(|(anchor, id)| KnownAs {
                anchor,
                id: id.as_str().into(),
            })
            .collect()
    }
}

/// What was decided.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// These are one incident.
    Merge(Anchor, Anchor),
    /// These are never one.
    Forbid(Anchor, Anchor),
    /// The first articles are an incident of their own, apart from the second ones.
    Split(Vec<Anchor>, Vec<Anchor>),
    /// The incident has these labels; at least one.
    Relabel(Anchor, Vec<Given>),
    /// The article is erased.
    Forget(ArticleId),
}

impl What {
    /// The name of its table, and of the command that writes it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Merge(..) => "merge",
            Self::Forbid(..) => "forbid",
            Self::Split(..) => "split",
            Self::Relabel(..) => "relabel",
            Self::Forget(..) => "forget",
        }
    }

    /// The articles by which it knows its incidents.
    pub fn anchors(&self) -> Vec<Anchor> {
        match self {
            Self::Merge(one, other) | Self::Forbid(one, other) => vec![one.clone(), other.clone()],
            Self::Split(apart, rest) => [apart.as_slice(), rest].concat(),
            Self::Relabel(anchor, _) => vec![anchor.clone()],
            Self::Forget(article) => vec![Anchor {
                article: article.clone(),
                part: None,
            }],
        }
    }

    /// The pairs of articles that it keeps in different incidents.
    fn apart(&self) -> Vec<(&Anchor, &Anchor)> {
        match self {
            Self::Forbid(one, other) => vec![(one, other)],
            Self::Split(apart, rest) => apart
                .iter()
                .flat_map(|one| rest.iter().map(move |other| (one, other)))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The pairs of articles that it keeps in one incident.
    fn together(&self) -> Vec<(&Anchor, &Anchor)> {
        match self {
            Self::Merge(one, other) => vec![(one, other)],
            Self::Split(apart, _) => apart.windows(2).map(|pair| (&pair[0], &pair[1])).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether both say the same, whoever said it.
    fn says_the_same(&self, other: &What) -> bool {
        let sorted = |anchors: &[Anchor]| {
            let mut anchors = anchors.to_vec();
            anchors.sort();
            anchors
        };
        match (self, other) {
            (Self::Merge(a, b), Self::Merge(c, d)) | (Self::Forbid(a, b), Self::Forbid(c, d)) => {
                (a, b) == (c, d) || (a, b) == (d, c)
            }
            (Self::Split(a, b), Self::Split(c, d)) => sorted(a) == sorted(c) && sorted(b) == sorted(d),
            (Self::Relabel(a, b), Self::Relabel(c, d)) => {
                a == c && b.len() == d.len() && b.iter().all(|given| d.contains(given))
            }
            (one, other) => one == other,
        }
    }
}

impl CorrectionsFile {
    /// What the pipeline obeys.
    pub fn corrections(&self) -> Corrections {
        let mut entries = Vec::new();
        for decision in &self.decisions {
            match decision.what.clone() {
                What::Merge(one, other) => entries.push(Correction::Merge(one, other)),
                What::Forbid(one, other) => entries.push(Correction::Forbid(one, other)),
                What::Split(apart, rest) => entries.push(Correction::Split(apart, rest)),
                What::Forget(article) => entries.push(Correction::Forget(article)),
                What::Relabel(anchor, labels) => entries.extend(labels.into_iter().map(|given| {
                    let label = Label {
                        given,
                        by: decision.by.clone(),
                        on: decision.on,
                    };
                    Correction::Relabel(anchor.clone(), label)
                })),
            }
        }
        Corrections {
            entries,
            names: self.decisions.iter().flat_map(Decision::names).collect(),
        }
    }

    /// The decision that keeps these two incidents apart.
    pub fn keeping_apart(&self, one: &Incident, other: &Incident) -> Option<&Decision> {
        self.decisions.iter().find(|decision| {
            decision
                .what
                .apart()
                .into_iter()
                .any(|pair| is_between(pair, one, other))
        })
    }

    /// The decision that keeps these two incidents together.
    pub fn keeping_together(&self, one: &Incident, other: &Incident) -> Option<&Decision> {
        self.decisions.iter().find(|decision| {
            decision
                .what
                .together()
                .into_iter()
                .any(|pair| is_between(pair, one, other))
        })
    }

    /// The decision that keeps one of the first articles together with one of the second.
    pub fn binding(&self, apart: &[Anchor], rest: &[Anchor]) -> Option<&Decision> {
        let is_bound = |(one, other): (&Anchor, &Anchor)| {
            apart.contains(one) && rest.contains(other) || apart.contains(other) && rest.contains(one)
        };
        self.decisions
            .iter()
            .find(|decision| decision.what.together().into_iter().any(is_bound))
    }

    /// A decision that says the same already. A label counts only when no later one overrules it.
    fn same(&self, what: &What) -> Option<&Decision> {
        let position = self
            .decisions
            .iter()
            .rposition(|known| known.what.says_the_same(what))?;
        if let What::Relabel(anchor, labels) = what {
            let overruled = self.decisions[position + 1..].iter().any(|later| match &later.what {
                What::Relabel(other, others) => {
                    other == anchor
                        && others
                            .iter()
                            .any(|one| labels.iter().any(|typed| typed.field() == one.field()))
                }
                _ => false,
            });
            if overruled {
                return None;
            }
        }
        Some(&self.decisions[position])
    }
}

fn is_between((a, b): (&Anchor, &Anchor), one: &Incident, other: &Incident) -> bool {
    is_of(a, one) && is_of(b, other) || is_of(a, other) && is_of(b, one)
}

/// Reads the file. One that does not exist holds no decisions. Errs when it cannot be read or has any mistake.
pub fn read(path: &Path, atlas: Atlas) -> Result<CorrectionsFile, ConfigError> {
    parse(&text_of(path)?, path, atlas)
}

fn text_of(path: &Path) -> Result<String, ConfigError> {
    match fs::read_to_string(path) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(|cause| ConfigError::Io {
            path: path.to_owned(),
            cause,
        }),
    }
}

/// The same from the text; `path` only names it in errors.
pub fn parse(text: &str, path: &Path, atlas: Atlas) -> Result<CorrectionsFile, ConfigError> {
    let understood = toml::from_str::<TypedFile>(text)
        .map_err(|error| vec![syntax_mistake(&error, text, NEEDS)])
        .and_then(|typed| understand(typed, text, atlas));
    understood.map_err(|mistakes| ConfigError::Invalid {
        path: path.to_owned(),
        mistakes: mistakes.len(),
        report: render(&mistakes, text, path),
    })
}

const NEEDS: &str = "[[merge]] and [[forbid]] need articles = [two of them], [[split]] needs articles and from, [[relabel]] needs \
                     article and set, [[forget]] needs article: `vigie merge` and the others write them";

/// The file as typed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedFile {
    #[serde(default)]
    merge: Vec<Spanned<TypedPair>>,
    #[serde(default)]
    forbid: Vec<Spanned<TypedPair>>,
    #[serde(default)]
    split: Vec<Spanned<TypedSplit>>,
    #[serde(default)]
    relabel: Vec<Spanned<TypedRelabel>>,
    #[serde(default)]
    forget: Vec<Spanned<TypedForget>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedPair {
    #[serde(default)]
    incidents: Vec<String>,
    articles: Spanned<Vec<Spanned<String>>>,
    by: Option<String>,
    on: Option<Spanned<Datetime>>,
    reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedSplit {
    incident: Option<String>,
    articles: Spanned<Vec<Spanned<String>>>,
    from: Spanned<Vec<Spanned<String>>>,
    by: Option<String>,
    on: Option<Spanned<Datetime>>,
    reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedRelabel {
    incident: Option<String>,
    article: Spanned<String>,
    set: Spanned<toml::map::Map<String, toml::Value>>,
    by: Option<String>,
    on: Option<Spanned<Datetime>>,
    reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedForget {
    article: Spanned<String>,
    by: Option<String>,
    on: Option<Spanned<Datetime>>,
    reason: Option<String>,
}

/// A decision with the place of its table, until all are in order.
struct Placed {
    span: Range<usize>,
    decision: Decision,
}

/// What all tables have.
struct Signature {
    by: Option<String>,
    on: Option<Spanned<Datetime>>,
    reason: Option<String>,
}

/// Understanding under way.
struct Understanding<'a> {
    text: &'a str,
    atlas: Atlas<'a>,
    placed: Vec<Placed>,
    mistakes: Vec<Mistake>,
}

fn understand(typed: TypedFile, text: &str, atlas: Atlas) -> Result<CorrectionsFile, Vec<Mistake>> {
    let mut all = Understanding {
        text,
        atlas,
        placed: Vec::new(),
        mistakes: Vec::new(),
    };
    let pairs = typed.merge.into_iter().map(|pair| (pair, true));
    for (pair, is_merge) in pairs.chain(typed.forbid.into_iter().map(|pair| (pair, false))) {
        all.pair(pair, is_merge);
    }
    for split in typed.split {
        all.split(split);
    }
    for relabel in typed.relabel {
        all.relabel(relabel);
    }
    for forget in typed.forget {
        let (span, typed) = (forget.span(), forget.into_inner());
        if let Some(anchor) = all.anchor(&typed.article) {
            let signature = Signature {
                by: typed.by,
                on: typed.on,
                reason: typed.reason,
            };
            all.place(span, What::Forget(anchor.article), Vec::new(), signature);
        }
    }
    all.placed.sort_by_key(|placed| placed.span.start);
    let contradictions = contradictions(&all.placed);
    all.mistakes.extend(contradictions);
    if all.mistakes.is_empty() {
        let decisions = all.placed.into_iter().map(|placed| placed.decision).collect();
        Ok(CorrectionsFile { decisions })
    } else {
        all.mistakes.sort_by_key(|mistake| mistake.span.start);
        Err(all.mistakes)
    }
}

impl Understanding<'_> {
    fn place(&mut self, span: Range<usize>, what: What, incidents: Vec<String>, signature: Signature) {
        let on = signature.on.and_then(|typed| {
            let date = date_of(typed.get_ref());
            if date.is_none() {
                let help = "write it like on = 2024-06-03";
                self.mistakes
                    .push(Mistake::new(typed.span(), "this is no day", "a day is expected", help));
            }
            date
        });
        let line = 1 + self.text[..span.start].bytes().filter(|byte| *byte == b'\n').count();
        self.placed.push(Placed {
            span,
            decision: Decision {
                line,
                what,
                incidents,
                by: signature.by.unwrap_or_default(),
                on,
                reason: signature.reason.unwrap_or_default(),
            },
        });
    }

    fn pair(&mut self, pair: Spanned<TypedPair>, is_merge: bool) {
        let (span, typed) = (pair.span(), pair.into_inner());
        let place = typed.articles.span();
        let articles = self.anchors(&typed.articles);
        let signature = Signature {
            by: typed.by,
            on: typed.on,
            reason: typed.reason,
        };
        match articles.as_deref() {
            None => {}
            Some([one, other]) if one == other => self.mistakes.push(Mistake::new(
                place,
                "both articles are the same",
                "one of each incident is expected",
                "give an article of either incident, or take the table out",
            )),
            Some([one, other]) => {
                let (one, other) = (one.clone(), other.clone());
                let what = if is_merge {
                    What::Merge(one, other)
                } else {
                    What::Forbid(one, other)
                };
                self.place(span, what, typed.incidents, signature);
            }
            Some(_) => self.mistakes.push(Mistake::new(
                place,
                "two articles are expected, one of each incident",
                "not two",
                "of three incidents that are one, write two [[merge]] tables",
            )),
        }
    }

    fn split(&mut self, split: Spanned<TypedSplit>) {
        let (span, typed) = (split.span(), split.into_inner());
        let (Some(apart), Some(rest)) = (self.anchors(&typed.articles), self.anchors(&typed.from)) else {
            return;
        };
        for (list, place) in [(&apart, typed.articles.span()), (&rest, typed.from.span())] {
            if list.is_empty() {
                let help = "articles = those that leave, from = those that they leave";
                self.mistakes
                    .push(Mistake::new(place, "no article is named", "nothing here", help));
                return;
            }
        }
        if let Some(both) = apart.iter().find(|anchor| rest.contains(anchor)) {
            let title = format!("article {both} is on both sides");
            let help = "take it out of one of the two lists";
            self.mistakes
                .push(Mistake::new(typed.from.span(), title, "again here", help));
            return;
        }
        let signature = Signature {
            by: typed.by,
            on: typed.on,
            reason: typed.reason,
        };
        self.place(
            span,
            What::Split(apart, rest),
            typed.incident.into_iter().collect(),
            signature,
        );
    }

    fn relabel(&mut self, relabel: Spanned<TypedRelabel>) {
        let (span, typed) = (relabel.span(), relabel.into_inner());
        let place = typed.set.span();
        let mut labels = Vec::new();
        for (field, value) in typed.set.get_ref() {
            let toml::Value::String(value) = value else {
                let title = format!("`{field}` is no text");
                let help = format!("write it in quotes: {field} = \"{value}\"");
                self.mistakes
                    .push(Mistake::new(place.clone(), title, "in this table", help));
                continue;
            };
            match given::parse(field, value, self.atlas) {
                Ok(given) => labels.push(given),
                Err(error) => {
                    let title = error.to_string();
                    let help = "`vigie relabel --help` lists the labels and their values";
                    self.mistakes
                        .push(Mistake::new(place.clone(), title, "in this table", help));
                }
            }
        }
        if typed.set.get_ref().is_empty() {
            let help = "such as set = { sector = \"sante\" }";
            self.mistakes
                .push(Mistake::new(place, "no label is given", "nothing here", help));
        }
        let Some(anchor) = self.anchor(&typed.article) else {
            return;
        };
        let signature = Signature {
            by: typed.by,
            on: typed.on,
            reason: typed.reason,
        };
        self.place(
            span,
            What::Relabel(anchor, labels),
            typed.incident.into_iter().collect(),
            signature,
        );
    }

    /// None when one of them is no article.
    fn anchors(&mut self, typed: &Spanned<Vec<Spanned<String>>>) -> Option<Vec<Anchor>> {
        let read: Vec<Option<Anchor>> = typed.get_ref().iter().map(|typed| self.anchor(typed)).collect();
        read.into_iter().collect()
    }

    fn anchor(&mut self, typed: &Spanned<String>) -> Option<Anchor> {
        let anchor = anchor_of(typed.get_ref());
        if anchor.is_none() {
            let title = format!("`{}` is no article", typed.get_ref());
            let help = "give the id that `vigie show` prints beside it, sixteen letters and digits, or its address";
            self.mistakes
                .push(Mistake::new(typed.span(), title, "an id or an address", help));
        }
        anchor
    }
}

fn date_of(typed: &Datetime) -> Option<Date> {
    let date = typed.date?;
    Date::new(
        i16::try_from(date.year).ok()?,
        i8::try_from(date.month).ok()?,
        i8::try_from(date.day).ok()?,
    )
    .ok()
}

/// An article as it stands in the file: its id, or its address, and behind a space the victim of a recap's part.
fn anchor_of(typed: &str) -> Option<Anchor> {
    let (article, part) = match typed.trim().split_once(' ') {
        Some((article, part)) => (article, Some(VictimKey(part.trim().to_owned()))),
        None => (typed.trim(), None),
    };
    Some(Anchor {
        article: article_of(article)?,
        part,
    })
}

/// The article that an id or an address names.
pub fn article_of(typed: &str) -> Option<ArticleId> {
    if is_article_id(typed) {
        return Some(typed.into());
    }
    let url = Url::parse(typed)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some(ArticleId::of_url(canonical(&url).as_str()))
}

/// Whether this is written as an article's id.
pub fn is_article_id(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Pairs that some decisions keep together and others apart, each shown at the later table.
fn contradictions(placed: &[Placed]) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for (at, keeps_apart) in placed.iter().enumerate() {
        for (one, other) in keeps_apart.decision.what.apart() {
            let Some(binder) = bound_by(placed, one, other) else {
                continue;
            };
            let (first, second) = (at.min(binder), at.max(binder));
            let title = format!(
                "this [[{}]] contradicts the [[{}]] of line {}",
                placed[second].decision.what.name(),
                placed[first].decision.what.name(),
                placed[first].decision.line
            );
            let help = "take one of the two tables out";
            let mut mistake = Mistake::new(placed[second].span.clone(), title, "they cannot both hold", help);
            mistake.other = Some((placed[first].span.clone(), "decided here"));
            mistakes.push(mistake);
            break;
        }
    }
    mistakes
}

/// The decision by which these two came to be in one incident, together with those before it.
fn bound_by(placed: &[Placed], one: &Anchor, other: &Anchor) -> Option<usize> {
    let mut group = vec![one];
    for (at, placed_at) in placed.iter().enumerate() {
        if placed_at.decision.what.together().is_empty() {
            continue;
        }
        // All that the decisions up to here bind to the first.
        loop {
            let before = group.len();
            for (a, b) in placed[..=at].iter().flat_map(|placed| placed.decision.what.together()) {
                match (group.contains(&a), group.contains(&b)) {
                    (true, false) => group.push(b),
                    (false, true) => group.push(a),
                    _ => {}
                }
            }
            if group.len() == before {
                break;
            }
        }
        if group.contains(&other) {
            return Some(at);
        }
    }
    None
}

/// What became of a decision that was to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// It stands in the file, from this line on.
    At(usize),
    /// It stood there already, from this line on; nothing was written.
    Already(usize),
}

/// Adds a decision at the end of the file, which is made when absent. The file is replaced as a whole, and durable when
/// this returns; two commands at once wait for each other. A decision that is there already is not written again, one
/// that contradicts another is refused with the lines of both; then nothing is written.
pub fn append(path: &Path, decision: &Decision, atlas: Atlas, wait: Duration) -> Result<Written, ConfigError> {
    let failed = |cause| ConfigError::Io {
        path: path.to_owned(),
        cause,
    };
    // The file itself may be a link into another folder.
    let file = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let held = lock(&folder, wait).map_err(failed)?;
    let Some(held) = held else {
        return Err(ConfigError::Busy {
            path: path.to_owned(),
            waited_seconds: wait.as_secs(),
        });
    };
    let text = text_of(&file)?;
    let known = parse(&text, path, atlas)?;
    if let Some(same) = known.same(&decision.what) {
        return Ok(Written::Already(same.line));
    }
    let text = with_table(&text, decision);
    let line = parse(&text, path, atlas)?.decisions.last().map_or(0, |last| last.line);
    replace(&file, &folder, &text, &held).map_err(failed)?;
    Ok(Written::At(line))
}

/// Takes the folder's lock, freed when dropped; none when others kept it all along.
fn lock(folder: &Path, wait: Duration) -> io::Result<Option<File>> {
    let opened = File::open(folder)?;
    let polls = wait.as_millis() / POLL.as_millis();
    for poll in 0..=polls {
        match opened.try_lock() {
            Ok(()) => return Ok(Some(opened)),
            Err(TryLockError::WouldBlock) if poll < polls => std::thread::sleep(POLL),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(cause)) => return Err(cause),
        }
    }
    Ok(None)
}

fn replace(file: &Path, folder: &Path, text: &str, opened_folder: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut new = NamedTempFile::new_in(folder)?;
    new.write_all(text.as_bytes())?;
    let permissions = match fs::metadata(file) {
        Ok(known) => known.permissions(),
        Err(_) => fs::Permissions::from_mode(0o644),
    };
    fs::set_permissions(new.path(), permissions)?;
    new.as_file().sync_all()?;
    new.persist(file).map_err(|error| error.error)?;
    opened_folder.sync_all()
}

/// The text with a table more.
fn with_table(text: &str, decision: &Decision) -> String {
    let before = if text.trim().is_empty() { HEADING } else { text };
    let gap = if before.ends_with('\n') { "\n" } else { "\n\n" };
    format!("{before}{gap}{}", table(decision))
}

/// A decision as it is written.
pub fn table(decision: &Decision) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let list = |texts: Vec<String>| {
        let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
        format!("[{}]", texts.join(", "))
    };
    let ids = |anchors: &[Anchor]| list(anchors.iter().map(ToString::to_string).collect());
    let mut lines = vec![format!("[[{}]]", decision.what.name())];
    match (&decision.what, decision.incidents.as_slice()) {
        // Of what is erased nothing may be left here: an incident's id has its victim's name.
        (_, []) | (What::Forget(_), _) => {}
        (What::Merge(..) | What::Forbid(..), incidents) => {
            lines.push(format!("incidents = {}", list(incidents.to_vec())));
        }
        (_, [incident, ..]) => lines.push(format!("incident = {}", quoted(incident))),
    }
    match &decision.what {
        What::Merge(one, other) | What::Forbid(one, other) => {
            lines.push(format!("articles = {}", ids(&[one.clone(), other.clone()])));
        }
        What::Split(apart, rest) => {
            lines.push(format!("articles = {}", ids(apart)));
            lines.push(format!("from = {}", ids(rest)));
        }
        What::Relabel(anchor, labels) => {
            lines.push(format!("article = {}", quoted(&anchor.to_string())));
            let set: Vec<String> = labels
                .iter()
                .map(|given| format!("{} = {}", given.field(), quoted(&given.value())))
                .collect();
            lines.push(format!("set = {{ {} }}", set.join(", ")));
        }
        What::Forget(article) => lines.push(format!("article = {}", quoted(article.as_str()))),
    }
    if !decision.by.is_empty() {
        lines.push(format!("by = {}", quoted(&decision.by)));
    }
    lines.extend(decision.on.map(|on| format!("on = {on}")));
    if !decision.reason.is_empty() {
        lines.push(format!("reason = {}", quoted(&decision.reason)));
    }
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::analysis::Place;
    use crate::model::label::{AttackType, Sector};
    use crate::query::place::Places;

    const A: &str = "aaaaaaaaaaaaaaaa";
    const B: &str = "bbbbbbbbbbbbbbbb";
    const C: &str = "cccccccccccccccc";

    fn with_atlas<T>(work: impl FnOnce(Atlas) -> T) -> T {
        let places = Places::new([("45", "Loiret", "24")], [("24", "Centre-Val de Loire")]);
        let commune = |code: &str| {
            (code == "45234").then(|| Place {
                commune: Some(code.to_owned()),
                ..Place::default()
            })
        };
        work(Atlas {
            places: &places,
            commune: &commune,
            named: &|_| Vec::new(),
        })
    }

    fn read_text(text: &str) -> Result<CorrectionsFile, String> {
        with_atlas(|atlas| parse(text, Path::new("corrections.toml"), atlas)).map_err(|error| error.to_string())
    }

    fn anchor(article: &str) -> Anchor {
        anchor_of(article).expect("an article")
    }

    fn decision(what: What) -> Decision {
        Decision {
            line: 0,
            what,
            incidents: vec!["ville-de-x-2024-05".to_owned(), "mairie-x-2024-06".to_owned()],
            by: "aline".to_owned(),
            on: Some("2024-06-03".parse().unwrap()),
            reason: "même \"attaque\"".to_owned(),
        }
    }

    fn add(path: &Path, what: What) -> Result<Written, String> {
        with_atlas(|atlas| append(path, &decision(what), atlas, Duration::ZERO)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_whole_file_in_its_order() {
        let file = read_text(&format!(
            "# à nous\n[[forget]]\narticle = \"{A}\"\n\n[[merge]]\nincidents = [\"x\", \"y\"]\narticles = [\"{B}\", \
             \"{C} commune:45234\"]\nby = \"aline\"\non = 2024-06-03\nreason = \"r\"\n[[relabel]]\nincident = \"x\"\narticle = \
             \"{B}\"\nset = {{ sector = \"Santé\", attacks = \"ddos,fuite\", commune = \"45234\" }}\n[[split]]\narticles = [\"{A}\"]\n\
             from = [\"https://presse.example/a?utm_source=x\"]\n[[forbid]]\narticles = [\"{A}\", \"{B}\"]\n"
        ))
        .unwrap_or_else(|report| panic!("{report}"));
        let lines: Vec<(usize, &str)> = file
            .decisions
            .iter()
            .map(|decision| (decision.line, decision.what.name()))
            .collect();
        assert_eq!(
            lines,
            [
                (2, "forget"),
                (5, "merge"),
                (11, "relabel"),
                (15, "split"),
                (18, "forbid")
            ]
        );
        let merge = &file.decisions[1];
        assert_eq!((merge.by.as_str(), merge.reason.as_str()), ("aline", "r"));
        assert_eq!(merge.on, Some("2024-06-03".parse().unwrap()));
        let part = anchor(&format!("{C} commune:45234"));
        assert_eq!(part.part, Some("commune:45234".into()));
        assert_eq!(merge.what, What::Merge(anchor(B), part));
        let entries = file.corrections().entries;
        assert_eq!(entries.len(), 7, "a label is an entry: {entries:?}");
        assert_eq!(file.corrections().forgotten(), [A.into()].into());
        let url = Url::parse("https://presse.example/a").unwrap();
        assert!(
            matches!(&entries[5], Correction::Split(_, rest) if rest[0].article == ArticleId::of_url(canonical(&url).as_str()))
        );
    }

    #[test]
    fn mistakes_show_line_words_and_remedy() {
        let check = |text: &str, expected: &[&str]| {
            let report = read_text(text).expect_err(text);
            for part in expected {
                assert!(report.contains(part), "`{part}` is not in:\n{report}");
            }
        };
        check("[[merge]\n", &["corrections.toml:1:"]);
        check("[[merges]]\n", &["unknown field `merges`", "did you mean `merge`?"]);
        check(
            "[[merge]]\n",
            &["missing field `articles`", "[[merge]] and [[forbid]] need"],
        );
        check(
            &format!("[[forget]]\narticle = \"{A}\"\nreasom = \"x\"\n"),
            &[
                "unknown field `reasom`",
                "corrections.toml:3:1",
                "did you mean `reason`?",
            ],
        );
        check(
            "[[forget]]\narticle = \"abc\"\n",
            &["`abc` is no article", "corrections.toml:2:11", "`vigie show` prints"],
        );
        check(
            &format!("[[merge]]\narticles = [\"{A}\"]\n"),
            &["two articles are expected", "corrections.toml:2:12"],
        );
        check(
            &format!("[[forbid]]\narticles = [\"{A}\", \"{A}\"]\n"),
            &["both articles are the same"],
        );
        check(
            &format!("[[split]]\narticles = [\"{A}\"]\nfrom = []\n"),
            &["no article is named", "corrections.toml:3:8"],
        );
        check(
            &format!("[[split]]\narticles = [\"{A}\"]\nfrom = [\"{A}\"]\n"),
            &["is on both sides"],
        );
        let relabel = |set: &str| format!("[[relabel]]\narticle = \"{A}\"\nset = {set}\n");
        check(&relabel("{}"), &["no label is given"]);
        check(
            &relabel("{ sector = \"santee\" }"),
            &["no such sector", "did you mean `sante`?", "corrections.toml:3:7"],
        );
        check(
            &relabel("{ secteur = \"sante\" }"),
            &["no such label", "did you mean `sector`?"],
        );
        check(
            &relabel("{ event = 2024-05-03 }"),
            &["`event` is no text", "event = \"2024-05-03\""],
        );
        check(&relabel("{ commune = \"45000\" }"), &["no such commune"]);
        check(
            &format!("[[forget]]\narticle = \"{A}\"\non = 12:00:00\n"),
            &["this is no day", "2024-06-03"],
        );
    }

    #[test]
    fn decisions_that_contradict_each_other_are_shown_together() {
        let pair = |table: &str, one: &str, other: &str| format!("[[{table}]]\narticles = [\"{one}\", \"{other}\"]\n");
        let report = read_text(&(pair("forbid", A, B) + &pair("merge", B, A))).expect_err("a contradiction");
        for words in [
            "corrections.toml:3:",
            "contradicts the [[forbid]] of line 1",
            "decided here",
            "take one of the two",
        ] {
            assert!(report.contains(words), "{report}");
        }
        // Over a third as well.
        let chain = pair("merge", A, B) + &pair("forbid", A, C) + &pair("merge", C, B);
        let report = read_text(&chain).expect_err("a contradiction");
        assert!(
            report.contains("this [[merge]] contradicts the [[forbid]] of line 3"),
            "{report}"
        );
        let split = format!("[[split]]\narticles = [\"{A}\"]\nfrom = [\"{B}\"]\n");
        let report = read_text(&(pair("merge", A, B) + &split)).expect_err("a contradiction");
        assert!(
            report.contains("this [[split]] contradicts the [[merge]] of line 1"),
            "{report}"
        );
        read_text(&(pair("merge", A, B) + &pair("forbid", B, C))).expect("no contradiction");
    }

    #[test]
    fn what_is_written_is_read_again_and_the_rest_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("corrections.toml");
        assert_eq!(
            with_atlas(|atlas| read(&path, atlas)).unwrap(),
            CorrectionsFile::default()
        );
        let all = [
            What::Merge(anchor(A), anchor(&format!("{B} nom:x"))),
            What::Forbid(anchor(A), anchor(C)),
            What::Split(vec![anchor("dddddddddddddddd")], vec![anchor(A), anchor(B)]),
            What::Relabel(
                anchor(A),
                vec![
                    Given::Sector(Sector::Health),
                    Given::Attacks(vec![AttackType::Ddos, AttackType::DataLeak]),
                    Given::Victim("l'\"Institut\" \\ Été".to_owned()),
                ],
            ),
            What::Forget(C.into()),
        ];
        for (what, count) in all.iter().zip(1..) {
            let Ok(Written::At(line)) = add(&path, what.clone()) else {
                panic!("{what:?} was not written")
            };
            let file = with_atlas(|atlas| read(&path, atlas)).unwrap();
            assert_eq!(file.decisions.len(), count);
            let last = &file.decisions[count - 1];
            assert_eq!(last.line, line);
            assert!(last.what.says_the_same(what), "{:?}", last.what);
            assert_eq!((last.by.as_str(), last.reason.as_str()), ("aline", "même \"attaque\""));
            // A person adds a comment, and forgets the line's end.
            let text = fs::read_to_string(&path).unwrap();
            fs::write(&path, format!("{text}# vu le {count}")).unwrap();
        }
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("# What analysts decided"), "{text}");
        assert_eq!(text.matches("# vu le ").count(), 5, "{text}");
        for what in all {
            assert!(matches!(add(&path, what), Ok(Written::Already(_))));
        }
        assert!(matches!(
            add(&path, What::Merge(anchor(&format!("{B} nom:x")), anchor(A))),
            Ok(Written::Already(_))
        ));
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(names.len(), 1, "nothing else is left behind: {names:?}");
    }

    #[test]
    fn a_contradiction_is_refused_and_a_label_may_change_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("corrections.toml");
        add(&path, What::Forbid(anchor(A), anchor(B))).unwrap();
        let before = fs::read(&path).unwrap();
        let refused = add(&path, What::Merge(anchor(B), anchor(A))).expect_err("a contradiction");
        assert!(refused.contains("contradicts the [[forbid]] of line 6"), "{refused}");
        assert_eq!(fs::read(&path).unwrap(), before);
        let sector = |sector| What::Relabel(anchor(A), vec![Given::Sector(sector)]);
        for (given, is_new) in [
            (Sector::Health, true),
            (Sector::Health, false),
            (Sector::State, true),
            (Sector::Health, true),
        ] {
            let written = add(&path, sector(given)).unwrap();
            assert_eq!(matches!(written, Written::At(_)), is_new, "{given}");
        }
    }

    #[test]
    fn commands_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("corrections.toml");
        std::thread::scope(|scope| {
            for writer in 0..8u64 {
                let path = &path;
                scope.spawn(move || {
                    for number in 0..10u64 {
                        let what = What::Forget(ArticleId(format!("{:016x}", writer * 100 + number)));
                        let decided = decision(what);
                        let written = with_atlas(|atlas| append(path, &decided, atlas, Duration::from_secs(60)));
                        assert!(matches!(written, Ok(Written::At(_))), "{written:?}");
                    }
                });
            }
        });
        assert_eq!(with_atlas(|atlas| read(&path, atlas)).unwrap().decisions.len(), 80);
        // Whoever cannot wait is told.
        let held = File::open(folder.path()).unwrap();
        held.lock().unwrap();
        let busy = add(&path, What::Forget(A.into())).expect_err("it is held");
        assert!(busy.contains("being written by another command"), "{busy}");
    }
}
