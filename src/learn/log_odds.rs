//! Which words tell two piles of texts apart: log-odds ratio with an informative Dirichlet prior
//! (Monroe, Colaresi, Quinn 2008). The prior is how often the words stand in both piles together, so that
//! neither rare nor everyday words come first.

use std::collections::BTreeMap;

/// How strong the prior is, in words.
const PRIOR_WORDS: f64 = 500.0;

/// One word or phrase and how it stands in the two piles.
#[derive(Debug, Clone, PartialEq)]
pub struct Telling {
    /// The words.
    pub words: String,
    /// In how many texts of the first pile.
    pub here: usize,
    /// In how many texts of the other.
    pub there: usize,
    /// How many standard deviations the log-odds lie above none.
    pub z: f64,
}

/// The phrases that speak for the first pile, the most telling first. Both maps: phrase → in how
/// many texts.
pub fn telling(here: &BTreeMap<String, usize>, there: &BTreeMap<String, usize>) -> Vec<Telling> {
    let total = |pile: &BTreeMap<String, usize>| pile.values().sum::<usize>() as f64;
    let (all_here, all_there) = (total(here), total(there));
    let all = all_here + all_there;
    let mut found: Vec<Telling> = here
        .iter()
        .map(|(words, &count)| {
            let other = there.get(words).copied().unwrap_or(0);
            let prior = PRIOR_WORDS * (count + other) as f64 / all;
            let odds = |count: usize, total: f64| {
                let with = count as f64 + prior;
                (with / (total + PRIOR_WORDS - with)).ln()
            };
            let variance = 1.0 / (count as f64 + prior) + 1.0 / (other as f64 + prior);
            Telling {
                words: words.clone(),
                here: count,
                there: other,
                z: (odds(count, all_here) - odds(other, all_there)) / variance.sqrt(),
            }
        })
        .collect();
    found.sort_by(|a, b| b.z.total_cmp(&a.z).then_with(|| a.words.cmp(&b.words)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telling_words_come_before_rare_and_everyday_ones() {
        let pile = |words: &[(&str, usize)]| -> BTreeMap<String, usize> {
            words.iter().map(|(word, count)| ((*word).to_owned(), *count)).collect()
        };
        let here = pile(&[("victime", 40), ("le", 100), ("zorglub", 1), ("produit", 2)]);
        let there = pile(&[("victime", 5), ("le", 100), ("produit", 80)]);
        let order: Vec<String> = telling(&here, &there).into_iter().map(|it| it.words).collect();
        assert_eq!(order.first().map(String::as_str), Some("victime"));
        assert_eq!(order.last().map(String::as_str), Some("produit"));
        let all = telling(&here, &there);
        let z = |word: &str| all.iter().find(|it| it.words == word).map(|it| it.z).unwrap();
        assert!(
            z("victime") > 3.0 && z("zorglub") < 2.0 && z("produit") < -3.0,
            "{all:?}"
        );
    }
}
