//! Floors under quality figures: a change that makes the models worse fails, and a better figure lifts its
//! floor for good.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::Failure;
use super::files::replace_all;
use crate::evaluate::figures::Rates;
use crate::evaluate::intervals::FIGURES;

/// Part → figure → floor.
type Floors = BTreeMap<String, BTreeMap<String, f64>>;

/// The parts that figures are given for.
const PARTS: [&str; 3] = ["all", "dev", "held-out"];
/// What stands at the head of the file.
const HEAD: &str = "\
# What `vigie eval data/gold/gold.jsonl --part PART` must reach at least. Floors only rise: after a change for the
# better, `vigie eval data/gold/gold.jsonl --part PART --floors data/gold/floors.toml --lift`.
";

/// The figures of this part that fall below their floors, in words. With `lift`, floors that figures
/// exceed are raised in the file.
pub fn check(file: &Path, part: &str, rates: &Rates, lift: bool) -> Result<Vec<String>, Failure> {
    let place = file.display();
    let text = fs::read_to_string(file)
        .map_err(|error| Failure::usage(anyhow::Error::new(error).context(format!("reading {place}"))))?;
    let mut floors = read(&text).map_err(|what| Failure::usage(anyhow::anyhow!("{place}{what}")))?;
    let mut below = Vec::new();
    let mut is_lifted = false;
    let own = floors.get_mut(part).filter(|own| !own.is_empty());
    let own = own.ok_or_else(|| {
        Failure::usage(anyhow::anyhow!(
            "{place}: no floors for this part: a table [{part}] is expected"
        ))
    })?;
    for (name, floor) in own {
        let figure = figure(name, rates).unwrap_or(f64::NAN);
        // Cut as floors are written; what is no number reaches nothing.
        let reached = (figure * 1000.0 + 1e-6).floor() / 1000.0;
        if reached.is_nan() || reached < *floor {
            below.push(format!("{name} is {figure:.3}, below its floor of {floor:.3}"));
        } else if lift && reached > *floor {
            *floor = reached;
            is_lifted = true;
        }
    }
    if is_lifted {
        replace_all(&[(file.to_owned(), written(&floors))], "the floors could not be lifted")?;
    }
    Ok(below)
}

fn figure(name: &str, rates: &Rates) -> Option<f64> {
    let (_, figure) = FIGURES.into_iter().find(|(known, _)| *known == name)?;
    Some(figure(rates))
}

/// Reads the file; what is wrong is told after its name.
fn read(text: &str) -> Result<Floors, String> {
    let line_of = |offset: usize| text[..offset.min(text.len())].matches('\n').count() + 1;
    let floors: Floors = toml::from_str(text).map_err(|error| {
        let line = line_of(error.span().map_or(0, |span| span.start));
        format!(
            ":{line}: {}; expected a table for each part, as [held-out], with figures",
            error.message()
        )
    })?;
    let known: Vec<&str> = FIGURES.iter().map(|(name, _)| *name).collect();
    if let Some(part) = floors.keys().find(|part| !PARTS.contains(&part.as_str())) {
        let line = line_of(text.find(&format!("[{part}]")).unwrap_or(0));
        return Err(format!(
            ":{line}: no part is called [{part}]; known: {}",
            PARTS.join(", ")
        ));
    }
    for (name, floor) in floors.values().flatten() {
        let line = line_of(text.find(&format!("\"{name}\"")).unwrap_or(0));
        if !(0.0..=1.0).contains(floor) {
            return Err(format!(":{line}: \"{name}\" = {floor}: a floor lies between 0 and 1"));
        }
        if !known.contains(&name.as_str()) {
            return Err(format!(
                ":{line}: no figure is called \"{name}\"; known: {}",
                known.join(", ")
            ));
        }
    }
    Ok(floors)
}

fn written(floors: &Floors) -> String {
    let mut text = HEAD.to_owned();
    for (part, figures) in floors {
        let _ = write!(text, "\n[{part}]\n");
        for (name, floor) in figures {
            let _ = writeln!(text, "\"{name}\" = {floor:.3}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::figures::rates;

    #[test]
    fn floors_are_read_and_written_and_mistakes_have_a_line() {
        let text = "[dev]\n\"detection F1\" = 0.900\n";
        let floors = read(text).unwrap();
        assert_eq!(read(&written(&floors)).unwrap(), floors);
        let wrong = read("[dev]\n\"detection\" = 0.9\n").unwrap_err();
        assert!(
            wrong.starts_with(":2: no figure is called \"detection\"; known: detection precision"),
            "{wrong}"
        );
        assert!(read("x = 1").unwrap_err().starts_with(":1: "));
    }

    #[test]
    fn what_cannot_be_counted_reaches_no_floor() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("floors.toml");
        fs::write(&file, "[dev]\n\"victim accuracy\" = 0.1\n").unwrap();
        let none = rates(std::iter::empty());
        assert_eq!(check(&file, "dev", &none, true).unwrap().len(), 1);
        assert!(
            check(&file, "held-out", &none, true).is_err(),
            "a part without floors is a slip"
        );
        let wrong = "[dev]\n\"victim accuracy\" =";
        for text in [
            "[develop]\n".to_owned(),
            format!("{wrong} nan\n"),
            format!("{wrong} 1.5\n"),
            String::new(),
        ] {
            fs::write(&file, &text).unwrap();
            assert!(check(&file, "dev", &none, false).is_err(), "{text}");
        }
        assert!(check(&folder.path().join("absent"), "dev", &none, false).is_err());
    }
}
