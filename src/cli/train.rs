//! `vigie train`: learns the weights of the keyword models from labelled articles.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use super::args::{FoldsBy, TrainArgs};
use super::files::replace_all;
use super::labelled::{Item, is_in_part, read_items};
use super::quality::{class_lines, interval_lines, print_errors, score};
use super::{ALL_WELL, Failure, Surroundings, print, say};
use crate::classify::features::names;
use crate::classify::lexicon::{Lexicon, ModelFile};
use crate::classify::reading::Position;
use crate::classify::votes::{self, Votes};
use crate::dedup::pair::{self, LinkModel};
use crate::dedup::{imprint, imprint::Frequencies};
use crate::entities::gazetteer::Gazetteer;
use crate::evaluate::figures::{Outcome, outcome, rates};
use crate::evaluate::grouping::{b_cubed, pairwise};
use crate::evaluate::intervals::intervals;
use crate::evaluate::labelled::{Labelled, Said};
use crate::pipeline::analyse::{Reader, ReaderError};
use crate::pipeline::replay;
use crate::pipeline::suggest::suggest;
use crate::pipeline::train::links;
use crate::pipeline::train::{Fit, Folds, Judged, Trainee, Unlearned, Wishes};
use crate::pipeline::train::{fit, fit_victims, judge, prepare, too_few};

/// How many parts cross-validation by incident has.
const INCIDENT_FOLDS: usize = 10;
/// How many changed weights are told.
const MOST_CHANGES: usize = 40;
/// The file that is written.
const VOTES: &str = "votes.toml";
const KEYWORDS: &str = "keywords";
/// The other one.
const VICTIM_WEIGHTS: &str = "victim_weights.tsv";
const GAZETTEER: &str = "gazetteer";

/// One file of labelled articles, prepared, with what is measured of it.
struct Prepared {
    file: String,
    trainees: Vec<Trainee>,
    is_measured: Vec<bool>,
}

/// Trains, measures, or proposes phrases.
pub fn run(surroundings: &Surroundings, args: &TrainArgs) -> Result<u8, Failure> {
    let mut reader = Reader::load(surroundings.global.data.as_deref())?;
    let unlisted = Gazetteer::without_companies().map_err(ReaderError::from)?;
    let mut digest = blake3::Hasher::new();
    let mut files = Vec::new();
    for file in &args.files {
        let items = read_items(file, surroundings.now)?;
        if let Some(item) = items.iter().find(|item| item.article.published == surroundings.now) {
            return Err(Failure::usage(anyhow::anyhow!(
                "{}: {} has no `published`: the same articles must give the same weights tomorrow",
                file.display(),
                item.name
            )));
        }
        digest_items(&mut digest, &items);
        files.push(prepared(&reader, &unlisted, file, items, args));
    }
    let wishes = Wishes {
        precision: args.precision,
        victim_precision: args.victim_precision,
    };
    if args.suggest {
        return propose(&reader, &files);
    }
    if let Some(what) = too_few(&all(&files)) {
        return Err(Failure::usage(anyhow::anyhow!("{what}")));
    }
    if let Some(by) = args.cross_validate {
        let folds = match by {
            FoldsBy::Incident => Folds::Incident(INCIDENT_FOLDS),
            FoldsBy::Month => Folds::Month,
        };
        return cross_validate(&mut reader, &files, folds, &wishes, args);
    }
    let digest = digest.finalize().to_hex();
    let (frequencies, links) = learned_links(&mut reader, &files, &wishes, digest.as_str())?;
    let victim_weights = fit_victims(&all(&files)).map_err(Failure::work)?;
    reader.set_victim_weights(&victim_weights);
    for trainee in files.iter_mut().flat_map(|file| &mut file.trainees) {
        *trainee = trainee.read_again(&reader);
    }
    let Fit { votes, shortfalls } = fit(&reader, &all(&files), &wishes, digest.as_str()).map_err(Failure::work)?;
    shortfalls.iter().for_each(say);
    let lexicon = &reader.models().phrases.lexicon;
    print(&changes(&reader.models().votes, &votes, lexicon))?;
    print(&link_changes(&reader, frequencies.as_ref(), links.as_ref()))?;
    if args.dry_run {
        return Ok(ALL_WELL);
    }
    let text = votes::write(&votes, lexicon);
    let written = ModelFile {
        path: args.out.join(KEYWORDS).join(VOTES),
        text: text.clone(),
    };
    votes::read(&written, lexicon).map_err(Failure::work)?;
    let keywords = args.out.join(KEYWORDS);
    let mut files = vec![
        (keywords.join(VOTES), text),
        (
            args.out.join(GAZETTEER).join(VICTIM_WEIGHTS),
            victim_lines(&victim_weights),
        ),
    ];
    files.extend(links.map(|links| (keywords.join(pair::FILE), links.write())));
    files.extend(frequencies.map(|frequencies| (keywords.join(imprint::FILE), frequencies.write())));
    replace_all(
        &files,
        &format!("--out names a folder like `data`, with {KEYWORDS}/ and {GAZETTEER}/"),
    )?;
    for (file, _) in &files {
        print(&format!("written: {}\n", file.display()))?;
    }
    Ok(ALL_WELL)
}

fn prepared(reader: &Reader, unlisted: &Gazetteer, file: &Path, items: Vec<Item>, args: &TrainArgs) -> Prepared {
    let is_measured = items.iter().map(|item| is_in_part(item, &args.part)).collect();
    let articles = items.into_iter().map(|item| (item.article, item.label)).collect();
    Prepared {
        file: file.display().to_string(),
        trainees: prepare(reader, unlisted, articles),
        is_measured,
    }
}

/// How often words are used and how articles are compared, learned from these files; none of either where they are too few
/// to tell.
fn learned_links(
    reader: &mut Reader,
    files: &[Prepared],
    wishes: &Wishes,
    corpus: &str,
) -> Result<(Option<Frequencies>, Option<LinkModel>), Failure> {
    let trainees = all(files);
    let frequencies = links::frequencies(&trainees);
    if !links::can_be_learned(&trainees) {
        return Ok((frequencies, None));
    }
    let judged = match judge(reader, &trainees, Folds::Calibration, wishes) {
        Ok(judged) => judged,
        Err(Unlearned::TooFew(_)) => return Ok((frequencies, None)),
        Err(error) => return Err(Failure::work(error)),
    };
    let entries = links::entries(&judged, frequencies.as_ref().unwrap_or(reader.frequencies()));
    let model = links::fit(&entries, corpus).map_err(Failure::work)?;
    Ok((frequencies, model))
}

/// What the comparison of articles changes, the largest first.
fn link_changes(reader: &Reader, frequencies: Option<&Frequencies>, links: Option<&LinkModel>) -> String {
    let mut text = String::new();
    match frequencies {
        Some(new) => {
            let old = reader.frequencies();
            let _ = writeln!(text, "{}: {} words (were: {})", imprint::FILE, new.len(), old.len());
        }
        None => {
            let _ = writeln!(text, "{} stays: too few articles of a press stream", imprint::FILE);
        }
    }
    let Some(new) = links else {
        let _ = writeln!(text, "{} stays: too few articles on one incident", pair::FILE);
        return text;
    };
    if let Some(fitted) = &new.fitted {
        let _ = writeln!(
            text,
            "{}: fitted to {} pairs of articles, {} on one incident",
            pair::FILE,
            fitted.pairs,
            fitted.same
        );
    }
    let both = reader.links().weights().iter().zip(new.weights()).zip(pair::names());
    let mut changed: Vec<((f32, f32), &str)> = both
        .map(|((old, new), name)| ((*old, *new), name))
        .filter(|((old, new), _)| (old - new).abs() >= 0.005)
        .collect();
    changed.sort_by(|((a, b), _), ((c, d), _)| (c - d).abs().total_cmp(&(a - b).abs()));
    for ((old, new), name) in changed {
        let _ = writeln!(text, "  {old:>6.2} -> {new:>6.2}  {name}");
    }
    text
}

/// What the weights depend on beside the models: ids, texts, dates, outlets and labels, in order.
fn digest_items(digest: &mut blake3::Hasher, items: &[Item]) {
    for item in items {
        let article = &item.article;
        let published = article.published.to_string();
        let label = format!("{:?}", item.label);
        for part in [
            &item.name,
            &article.title,
            &article.text,
            &article.url,
            &article.outlet,
            &published,
            &label,
        ] {
            digest.update(part.as_bytes());
            digest.update(&[0]);
        }
    }
}

/// The file of victim weights; its first line names the columns.
fn victim_lines(weights: &[(&str, f32)]) -> String {
    let mut text = "feature\tweight\n".to_owned();
    for (name, weight) in weights {
        let _ = writeln!(text, "{name}\t{weight:.3}");
    }
    text
}

/// What the new weights change, the largest first.
fn changes(old: &Votes, new: &Votes, lexicon: &Lexicon) -> String {
    let mut text = String::new();
    if let Some(fitted) = &new.fitted {
        let _ = writeln!(
            text,
            "fitted to {} articles, {} with an incident; corpus {}",
            fitted.articles, fitted.incident_articles, fitted.corpus
        );
    }
    let cuts = |votes: &Votes| {
        let cuts = votes.cuts;
        format!("incident {:.3}, victim {:.3}", cuts.incident, cuts.victim)
    };
    let _ = writeln!(text, "cuts: {} (were: {})", cuts(new), cuts(old));
    let heads = old.kinds.len() + old.types.len() + old.statuses.len();
    let new_heads = new.kinds.len() + new.types.len() + new.statuses.len();
    let _ = writeln!(text, "votes: {new_heads} labels (were: {heads})");
    let width = old.incident.0.len().max(new.incident.0.len());
    let at = |votes: &Votes, column: usize| votes.incident.0.get(column).copied().unwrap_or(0.0);
    let mut changed: Vec<(f32, usize)> = (0..width)
        .map(|column| (at(new, column) - at(old, column), column))
        .filter(|(change, _)| change.abs() >= 0.005)
        .collect();
    let _ = writeln!(text, "changed weights of [incident]: {}", changed.len());
    changed.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()).then(a.1.cmp(&b.1)));
    for (_, column) in changed.iter().take(MOST_CHANGES) {
        let _ = writeln!(
            text,
            "  {:>6.2} -> {:>6.2}  {}",
            at(old, *column),
            at(new, *column),
            column_name(*column, lexicon)
        );
    }
    text
}

/// What a column stands for, in words.
fn column_name(column: usize, lexicon: &Lexicon) -> String {
    let named = names().len();
    if let Some(name) = names().get(column) {
        return name.clone();
    }
    let index = (column - named) / Position::ALL.len();
    let position = Position::ALL[(column - named) % Position::ALL.len()];
    let phrase = &lexicon.phrases()[index];
    format!(
        "\"{}\" in {} ({})",
        phrase.written,
        position.name(),
        lexicon.labels()[phrase.label]
    )
}

fn propose(reader: &Reader, files: &[Prepared]) -> Result<u8, Failure> {
    let searched: Vec<&Trainee> = files.iter().flat_map(measured).collect();
    let mut text = format!(
        "# {} articles searched. Put what is right into a file of data/keywords, then run `vigie train`.\n",
        searched.len()
    );
    for proposal in suggest(reader, &searched) {
        let _ = writeln!(
            text,
            "\n# speaks for {}: z, incidents (or articles without one) with the label, the same without",
            proposal.label
        );
        for found in proposal.phrases {
            let _ = writeln!(
                text,
                "\"{}\" = 1 # {:.1}, {}, {}",
                found.words, found.z, found.here, found.there
            );
        }
    }
    print(&text)?;
    Ok(ALL_WELL)
}

fn measured(file: &Prepared) -> impl Iterator<Item = &Trainee> {
    let both = file.trainees.iter().zip(&file.is_measured);
    both.filter(|(_, is_measured)| **is_measured)
        .map(|(trainee, _)| trainee)
}

fn all(files: &[Prepared]) -> Vec<&Trainee> {
    files.iter().flat_map(|file| &file.trainees).collect()
}

/// Judges each article by votes that were fitted without it, and without any article on its incidents.
fn cross_validate(
    reader: &mut Reader,
    files: &[Prepared],
    folds: Folds,
    wishes: &Wishes,
    shown: &TrainArgs,
) -> Result<u8, Failure> {
    let judged = judge(reader, &all(files), folds, wishes).map_err(|error| match error {
        Unlearned::TooFew(_) => Failure::usage(anyhow::Error::new(error)),
        Unlearned::NotFitted(_) => Failure::work(error),
    })?;
    // By place in memory: ids may be the same in two files.
    let by_trainee: BTreeMap<*const Trainee, &Judged> =
        judged.iter().map(|it| (std::ptr::from_ref(it.trainee), it)).collect();
    let trainees = all(files);
    let counted = links::frequencies(&trainees);
    let entries = links::entries(&judged, counted.as_ref().unwrap_or(reader.frequencies()));
    let file_of = |entry: &links::Entry| {
        let is_of = |file: &Prepared| file.trainees.iter().any(|own| std::ptr::eq(own, entry.trainee));
        files.iter().position(is_of).unwrap_or_default()
    };
    let streams: Vec<usize> = entries.iter().map(file_of).collect();
    let grouping = links::validate(&entries, &streams).map_err(Failure::work)?;
    let places: BTreeMap<*const Trainee, usize> = entries
        .iter()
        .map(|entry| std::ptr::from_ref(entry.trainee))
        .zip(0..)
        .collect();
    let baselines = if shown.classes {
        links::baselines(&entries, &streams)
    } else {
        Vec::new()
    };
    let named = |groups: &[usize], entry: usize| entries[groups[entry]].trainee.label.id.clone();
    for file in files {
        let (trainees, said): (Vec<&Trainee>, Vec<Said>) = measured(file)
            .filter_map(|trainee| {
                let place = std::ptr::from_ref(trainee);
                let analysis = &by_trainee.get(&place)?.analysis;
                let mut said = replay::said(&trainee.label.id, analysis, None);
                let group = grouping.as_ref().zip(places.get(&place));
                let group = group.map(|(grouping, entry)| named(&grouping.groups, *entry));
                said.incident = analysis
                    .tells_incident
                    .then(|| group.unwrap_or_else(|| trainee.label.id.clone()));
                Some((trainee, said))
            })
            .unzip();
        if said.is_empty() {
            continue;
        }
        let outcomes: Vec<Outcome> = trainees
            .iter()
            .zip(&said)
            .map(|(it, said)| outcome(&it.label, said))
            .collect();
        let incidents: Vec<&str> = trainees.iter().map(|trainee| trainee.group()).collect();
        print(&format!(
            "{}: {} articles, each judged by votes fitted without its incident\n{}",
            file.file,
            outcomes.len(),
            interval_lines(&intervals(&outcomes, &incidents))
        ))?;
        let labels: Vec<Labelled> = trainees.iter().map(|trainee| trainee.label.clone()).collect();
        let own: Vec<Option<usize>> = trainees
            .iter()
            .map(|trainee| places.get(&std::ptr::from_ref::<Trainee>(trainee)).copied())
            .collect();
        if grouping.is_some() {
            print(&merging_lines(&labels, &said))?;
        }
        if shown.classes {
            let regrouped = |groups: &Vec<usize>| -> Vec<(String, String)> {
                let group = |entry: &Option<usize>| entry.map(|entry| named(groups, entry));
                french_items(&labels, &own.iter().map(group).collect::<Vec<_>>())
            };
            for (name, ways) in &baselines {
                print(&baseline_line(name, ways.iter().map(regrouped)))?;
            }
            print(&class_lines(&rates(outcomes.iter())))?;
        }
        if shown.errors {
            let titles: Vec<&str> = trainees.iter().map(|trainee| trainee.article.title.as_str()).collect();
            let compared = |one: usize, other: usize| {
                let pair = own[one]
                    .zip(own[other])
                    .map(|(one, other)| (one.min(other), one.max(other)));
                let grouping = grouping.as_ref().zip(pair);
                grouping.is_some_and(|(grouping, pair)| grouping.compared.contains(&pair))
            };
            print_errors(&labels, &said, &titles, &compared)?;
        }
    }
    Ok(ALL_WELL)
}

/// How well the articles of a file are grouped: all of those with an incident, of which a missed one stands alone; and
/// those that were found.
fn merging_lines(labels: &[Labelled], said: &[Said]) -> String {
    let mut text = String::new();
    for (name, french_only, found_only) in [
        ("merging, French", true, false),
        ("merging, French, found", true, true),
        ("merging, all", false, false),
        ("merging, all, found", false, true),
    ] {
        let items: Vec<(String, String)> = labels
            .iter()
            .zip(said)
            .filter_map(|(label, said)| {
                let main = label.incidents.first()?;
                let counts = (!french_only || main.country == "FR") && (!found_only || said.incident.is_some());
                let group = said.incident.clone().unwrap_or_else(|| format!("alone {}", said.id));
                counts.then(|| (main.key.clone(), group))
            })
            .collect();
        text.push_str(&merging_line(name, &items));
    }
    text
}

fn merging_line(name: &str, items: &[(String, String)]) -> String {
    format!(
        "  {name:<26} {:>4} articles  B-cubed {}  pairwise {}\n",
        items.len(),
        score(b_cubed(items)),
        score(pairwise(items))
    )
}

/// The articles on French incidents that were found: incident and group.
fn french_items(labels: &[Labelled], groups: &[Option<String>]) -> Vec<(String, String)> {
    let both = labels.iter().zip(groups);
    both.filter_map(|(label, group)| {
        let main = label.incidents.first().filter(|main| main.country == "FR")?;
        Some((main.key.clone(), group.clone()?))
    })
    .collect()
}

/// A simpler way to group, at its best.
fn baseline_line(name: &str, ways: impl Iterator<Item = Vec<(String, String)>>) -> String {
    let best = ways.max_by(|a, b| b_cubed(a).f1.total_cmp(&b_cubed(b).f1));
    best.map_or_else(String::new, |items| merging_line(&format!("  {name}"), &items))
}
