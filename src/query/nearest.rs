//! Finds the name that a mistyped one was meant to be, for error messages.

use crate::text::fold::fold_key;

/// The known name nearest to what was typed: same folded, or begun by it, or at most one slip in
/// three letters away (two in all). `None` when nothing is near. Of equally near names the first.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed: Vec<char> = fold_key(typed).chars().collect();
    if typed.is_empty() {
        return None;
    }
    let allowed = (typed.len() / 3).clamp(1, 2);
    known
        .into_iter()
        .filter_map(|name| {
            let folded: Vec<char> = fold_key(name).chars().collect();
            let begun = typed.len() >= 3 && folded.starts_with(&typed);
            let slips = if begun { 1 } else { slips(&typed, &folded) };
            (slips <= allowed && slips < folded.len()).then_some((slips, name))
        })
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, name)| name)
}

/// How many letters were added, left out, changed, or swapped with their neighbour.
fn slips(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut current = vec![i];
        for j in 1..=b.len() {
            let changed = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = changed.min(last[j] + 1).min(current[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before_last[j - 2] + 1);
            }
            current.push(best);
        }
        before_last = last;
        last = current;
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_forgiven_but_not_guessed() {
        let known = ["collectivite", "etat", "sante", "eau-dechets", "ddos", "fuite"];
        let check = |typed: &str, expected: Option<&str>| assert_eq!(nearest(typed, known), expected, "{typed}");
        check("colectivite", Some("collectivite"));
        check("Collectivités", Some("collectivite"));
        check("snate", Some("sante"));
        check("eau dechet", Some("eau-dechets"));
        check("eau", Some("eau-dechets"));
        check("dos", Some("ddos"));
        check("fuites", Some("fuite"));
        check("banque", None);
        check("e", None);
        check("", None);
    }
}
