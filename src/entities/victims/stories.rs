//! The stories of a recap: each of the bodies that it says were hit, with the sentences and statements
//! that are about it alone.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::candidates::{Candidate, candidates};
use super::features::Feature;
use super::syntax::tokens_of;
use super::{MOST_VICTIMS, SECOND_CHANCE, evidence, victim};
use crate::entities::bodies::Source;
use crate::entities::home::Home;
use crate::entities::mention::What;
use crate::entities::reading::Reading;
use crate::entities::tokens::Gap;
use crate::entities::{Story, actors};
use crate::model::analysis::{Statement, Zone};

/// A body of a recap needs this chance, as a further victim does. It is named once among many, so that
/// little speaks for it but its own sentence.
const STORY_CHANCE: f32 = SECOND_CHANCE;
/// The same for names that no list has and no institution's words introduce.
const OPEN_CHANCE: f32 = 0.35;

/// The stories, in the order of the text. `main` is the key of the article's main victim: where no sentence
/// has it in a victim's place, those that name it beside an attack are its own.
pub(in crate::entities) fn stories(
    reading: &Reading<'_>,
    statements: &[Statement],
    main: Option<&str>,
    published_year: i16,
    url: &str,
) -> Vec<Story> {
    // A recap takes place nowhere in particular: « la mairie » is that of the story, not of the article.
    let home = Home::default();
    let weights = &reading.gazetteer.victim_weights;
    let stated = stated_sentences(statements);
    let mut told: Vec<(f32, Candidate)> = candidates(reading, statements, &home, published_year, url)
        .into_iter()
        .map(|mut candidate| {
            let is_main = main == Some(candidate.body.key.as_str());
            if is_main && candidate.governed.is_empty() && candidate.announced.is_empty() {
                let beside = candidate.spots.iter().map(|(sentence, _)| *sentence);
                candidate.announced = beside.filter(|sentence| stated.contains(sentence)).collect();
            }
            candidate
        })
        .filter(|candidate| has_own_sentence(candidate, &stated))
        .map(|candidate| (candidate.features.as_in_lead().chance(weights), candidate))
        .filter(|(chance, candidate)| {
            let is_open = candidate.body.source == Source::Open;
            *chance >= if is_open { OPEN_CHANCE } else { STORY_CHANCE }
        })
        .collect();
    told.sort_by_key(|(_, candidate)| candidate.first);
    told.truncate(MOST_VICTIMS);
    let owners = owners(reading, &told);
    let by_sentence = by_sentence(statements);
    let breaks = Breaks::of(reading);
    // All in the sentences that are a body's own, and the nearest in each that it shares.
    let about = |candidate: &Candidate, sentence: usize| -> Vec<usize> {
        let here = by_sentence.get(&sentence).map_or(&[][..], Vec::as_slice);
        if owners[sentence].len() == 1 {
            return here.to_vec();
        }
        let apart = |index: &&usize| {
            let tokens = tokens_of(reading, &statements[**index]);
            breaks.apart(candidate, sentence, &tokens)
        };
        let Some(&nearest) = here.iter().min_by_key(apart) else {
            return Vec::new();
        };
        // « une attaque » and « attaque en déni de service » are the same words.
        let overlaps = |&index: &usize| {
            statements[index].start < statements[nearest].end && statements[nearest].start < statements[index].end
        };
        here.iter().copied().filter(overlaps).collect()
    };
    told.iter()
        .enumerate()
        .map(|(index, (chance, candidate))| {
            let sentences: BTreeSet<usize> = (0..owners.len())
                .filter(|&sentence| owners[sentence].contains(&index))
                .collect();
            let victim = victim(reading, candidate, &home, *chance, url);
            let keys = [victim.key.0.clone()];
            Story {
                evidence: evidence(reading, candidate, &victim),
                actor: actors::actor(reading, &keys, |sentence| sentences.contains(&sentence)).map(|(name, _)| name),
                statements: sentences
                    .iter()
                    .flat_map(|&sentence| about(candidate, sentence))
                    .collect(),
                sentences,
                victim,
            }
        })
        .collect()
}

/// How many words a comma, or any other break, stands for.
const BREAK_WORDS: usize = 8;

/// How many breaks stand before each word, itself included.
struct Breaks(Vec<usize>);

impl Breaks {
    fn of(reading: &Reading<'_>) -> Breaks {
        let mut count = 0;
        let counted = reading.tokens.iter().map(|token| {
            count += usize::from(token.gap == Gap::Break);
            count
        });
        Breaks(counted.collect())
    }

    /// How far a body stands from some words of a sentence, in words.
    fn apart(&self, candidate: &Candidate, sentence: usize, tokens: &Range<usize>) -> usize {
        let between = |spot: &Range<usize>| {
            let (left, right) = if spot.start < tokens.start {
                (spot, tokens)
            } else {
                (tokens, spot)
            };
            let (from, to) = (left.end.saturating_sub(1), right.start);
            let breaks = match (self.0.get(from), self.0.get(to)) {
                (Some(before), Some(after)) => after.saturating_sub(*before),
                _ => 0,
            };
            to.saturating_sub(from) + BREAK_WORDS * breaks
        };
        let here = candidate.spots.iter().filter(|(other, _)| *other == sentence);
        here.map(|(_, spot)| between(spot)).min().unwrap_or(usize::MAX)
    }
}

/// The sentences of the recap's own text in which an attack is affirmed or claimed.
fn stated_sentences(statements: &[Statement]) -> BTreeSet<usize> {
    statements
        .iter()
        .filter(|statement| statement.assertion.counts())
        .filter(|statement| !matches!(statement.zone, Zone::Background | Zone::Teaser))
        .map(|statement| statement.sentence)
        .collect()
}

/// Whether a sentence that states an attack has this body, surely somebody's name, in a victim's place, or
/// announcing it.
fn has_own_sentence(candidate: &Candidate, stated: &BTreeSet<usize>) -> bool {
    let is_sure = candidate.body.source != Source::Open || candidate.features.get(Feature::SurelyNamed) > 0.0;
    is_sure
        && candidate.is_named
        && candidate.features.get(Feature::Country) == 0.0
        && [&candidate.governed, &candidate.announced]
            .iter()
            .any(|sentences| !sentences.is_disjoint(stated))
}

/// For each sentence the stories it belongs to: those of the bodies that it says were hit, or, where it
/// names nobody, that of the one body of the sentence before it in the paragraph.
fn owners(reading: &Reading<'_>, told: &[(f32, Candidate)]) -> Vec<Vec<usize>> {
    let sentences = &reading.document.sentences;
    let mut owners: Vec<Vec<usize>> = vec![Vec::new(); sentences.len()];
    for (story, (_, candidate)) in told.iter().enumerate() {
        for &sentence in candidate.governed.union(&candidate.announced) {
            owners[sentence].push(story);
        }
    }
    let names_somebody: BTreeSet<usize> = reading
        .mentions
        .iter()
        .filter(|mention| matches!(mention.what, What::Body(_)))
        .map(|mention| mention.sentence)
        .collect();
    for sentence in 1..sentences.len() {
        let goes_on = owners[sentence].is_empty()
            && owners[sentence - 1].len() == 1
            && sentences[sentence].line == sentences[sentence - 1].line
            && sentences[sentence].zone != Zone::Teaser
            && !names_somebody.contains(&sentence);
        if goes_on {
            owners[sentence] = owners[sentence - 1].clone();
        }
    }
    owners
}

/// The statements that count, by sentence.
fn by_sentence(statements: &[Statement]) -> BTreeMap<usize, Vec<usize>> {
    let mut by_sentence: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, statement) in statements.iter().enumerate() {
        if statement.assertion.counts() {
            by_sentence.entry(statement.sentence).or_default().push(index);
        }
    }
    by_sentence
}

#[cfg(test)]
mod tests {
    use crate::entities::tests::stories_of;

    /// A recap, and for each of its stories the victim's key, the words of its statements, and the actor.
    struct Recap {
        title: &'static str,
        text: &'static str,
        stories: &'static [(&'static str, &'static [&'static str], &'static str)],
    }

    #[track_caller]
    fn check(recap: &Recap) {
        let (document, statements, stories) = stories_of(recap.title, recap.text);
        let seen: Vec<(&str, Vec<&str>, &str)> = stories
            .iter()
            .map(|story| {
                let words = story.statements.iter().map(|&index| {
                    let statement = &statements[index];
                    &document.text[statement.start..statement.end]
                });
                let actor = story.actor.as_deref().unwrap_or("");
                (story.victim.key.as_str(), words.collect(), actor)
            })
            .collect();
        let expected: Vec<(&str, Vec<&str>, &str)> = recap
            .stories
            .iter()
            .map(|(key, words, actor)| (*key, words.to_vec(), *actor))
            .collect();
        assert_eq!(seen, expected, "{}", recap.text);
    }

    #[test]
    fn each_story_has_its_own_sentences() {
        check(&Recap {
            title: "Cyberattaques : les 4 incidents majeurs de la semaine",
            text: "Notre récapitulatif du vendredi.\n\
                   La mairie de Bondy a été victime d'un rançongiciel. Une fuite de données est à craindre.\n\
                   Le centre hospitalier de Gien a confirmé une fuite de données. Un vol de données de plus.\n\
                   La société Krimovia a été frappée par un rançongiciel. L'attaque est signée LockBit.\n\
                   L'Anssi rappelle les bons gestes contre le piratage.",
            stories: &[
                ("commune:93010", &["rançongiciel"], ""),
                ("hopital:450000096", &["fuite de données", "vol de données"], ""),
                ("nom:krimovia", &["rançongiciel", "L'attaque", "LockBit"], "LockBit"),
            ],
        });
        // Each story of a year's review, however far down, and in whatever year.
        let filler = "Les attaques se suivent et se ressemblent, et personne ne semble à l'abri cette année encore. ";
        let text: &'static str = Box::leak(
            format!(
                "{}\nEn mars 2022, la mairie de Lille a subi une cyberattaque.\n\
                 En mai 2022, le Département du Loiret a été victime d'un rançongiciel.",
                filler.repeat(8)
            )
            .into_boxed_str(),
        );
        check(&Recap {
            title: "Rétrospective : les cyberattaques qui ont marqué l'année",
            text,
            stories: &[
                ("commune:59350", &["cyberattaque"], ""),
                ("departement:45", &["rançongiciel"], ""),
            ],
        });
    }

    #[test]
    fn bodies_that_share_a_sentence_are_told_apart() {
        check(&Recap {
            title: "Les fuites de la semaine",
            text: "Free, Boulanger et Cultura ont été victimes de fuites de données.",
            stories: &[
                ("org:free", &["fuites de données"], ""),
                ("org:boulanger", &["fuites de données"], ""),
                ("org:cultura", &["fuites de données"], ""),
            ],
        });
        check(&Recap {
            title: "Les attaques de la semaine",
            text: "La mairie de Dole a subi un rançongiciel, la région Normandie a été victime d'un vol de données.",
            stories: &[
                ("commune:39198", &["rançongiciel"], ""),
                ("region:28", &["vol de données"], ""),
            ],
        });
        check(&Recap {
            title: "Les attaques de la semaine",
            text: "Les sites de la ville de Quimper et de la ville de Lorient ont été visés par une attaque en déni de service.",
            stories: &[
                ("commune:29232", &["une attaque", "attaque en déni de service"], ""),
                ("commune:56121", &["une attaque", "attaque en déni de service"], ""),
            ],
        });
    }

    #[test]
    fn those_that_are_only_cited_have_no_story() {
        check(&Recap {
            title: "Les attaques de la semaine",
            text: "Microsoft et Google publient des correctifs après les piratages.\n\
                   Comme la mairie de Lille en 2022, victime d'un rançongiciel, celle de Sens se relève.\n\
                   Selon Orange Cyberdefense, une attaque pourrait viser le ministère de l'Intérieur.\n\
                   Les services de la ville sont restés paralysés trois semaines après un rançongiciel.",
            stories: &[],
        });
    }
}
