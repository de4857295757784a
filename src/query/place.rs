//! The names of départements and régions: to read what is typed and to label what is shown. The
//! caller fills them from the gazetteer, which `query` does not see.

use crate::text::fold::fold_key;

/// The départements and régions that exist.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    /// The départements.
    pub departements: Vec<Area>,
    /// The régions.
    pub regions: Vec<Area>,
}

/// One département or région.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Area {
    /// INSEE code: "45", "2A"; "24" for a région.
    pub code: String,
    /// Name: "Loiret", "Centre-Val de Loire".
    pub name: String,
    /// Code of the région that holds it; none for a région.
    pub region: Option<String>,
    /// Other names that people type: "PACA".
    pub aliases: Vec<String>,
}

impl Places {
    /// Tables from (code, name, code of the région) and (code, name), without other names.
    pub fn new<'a>(
        departements: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>,
        regions: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Places {
        let area = |code: &str, name: &str, region: Option<&str>| Area {
            code: code.to_owned(),
            name: name.to_owned(),
            region: region.map(str::to_owned),
            aliases: Vec::new(),
        };
        Places {
            departements: departements
                .into_iter()
                .map(|(code, name, region)| area(code, name, Some(region)))
                .collect(),
            regions: regions.into_iter().map(|(code, name)| area(code, name, None)).collect(),
        }
    }

    /// The département with this code or name, however typed: "45", "1", "2a", "loiret", "le
    /// Loiret", "Loiret (45)". `None` when there is none.
    pub fn departement(&self, typed: &str) -> Option<&Area> {
        find(&self.departements, typed)
    }

    /// The région with this code or name, however typed. `None` when there is none.
    pub fn region(&self, typed: &str) -> Option<&Area> {
        find(&self.regions, typed)
    }
}

fn find<'a>(areas: &'a [Area], typed: &str) -> Option<&'a Area> {
    let folded = fold_key(typed);
    let code = if folded.len() == 1 && folded.starts_with(|c: char| c.is_ascii_digit()) {
        format!("0{folded}")
    } else {
        folded.clone()
    };
    // A folded label loses its hyphens but keeps its parenthesis: "loiret (45)".
    let name = folded.split('(').next().unwrap_or_default().trim();
    let bare = without_article(name);
    let named = |area: &Area, wanted: &str| {
        let other_names = area.aliases.iter().map(String::as_str);
        std::iter::once(area.name.as_str())
            .chain(other_names)
            .any(|known| fold_key(known) == wanted)
    };
    areas
        .iter()
        .find(|area| area.code.eq_ignore_ascii_case(&code))
        .or_else(|| areas.iter().find(|area| fold_key(&area.name) == name))
        .or_else(|| areas.iter().find(|area| named(area, name) || named(area, bare)))
        .or_else(|| areas.iter().find(|area| without_article(&fold_key(&area.name)) == bare))
}

fn without_article(folded: &str) -> &str {
    ["le ", "la ", "les ", "l ", "region ", "departement "]
        .iter()
        .find_map(|article| folded.strip_prefix(article))
        .filter(|rest| !rest.is_empty())
        .unwrap_or(folded)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A small country.
    pub(in super::super) fn few_places() -> Places {
        let mut places = Places::new(
            [
                ("01", "Ain", "84"),
                ("13", "Bouches-du-Rhône", "93"),
                ("2A", "Corse-du-Sud", "94"),
                ("35", "Ille-et-Vilaine", "53"),
                ("45", "Loiret", "24"),
                ("974", "La Réunion", "04"),
            ],
            [
                ("04", "La Réunion"),
                ("24", "Centre-Val de Loire"),
                ("53", "Bretagne"),
                ("93", "Provence-Alpes-Côte d'Azur"),
            ],
        );
        places.regions[3].aliases = vec!["PACA".to_owned()];
        places
    }

    #[test]
    fn places_however_typed() {
        let places = few_places();
        let check = |typed: &str, departement: Option<&str>, region: Option<&str>| {
            assert_eq!(
                places.departement(typed).map(|area| area.code.as_str()),
                departement,
                "{typed}"
            );
            assert_eq!(places.region(typed).map(|area| area.code.as_str()), region, "{typed}");
        };
        check("45", Some("45"), None);
        check("Loiret", Some("45"), None);
        check("LOIRET", Some("45"), None);
        check("le Loiret", Some("45"), None);
        check("Loiret (45)", Some("45"), None);
        check("2a", Some("2A"), None);
        check("1", Some("01"), None);
        check("l'Ain", Some("01"), None);
        check("corse du sud", Some("2A"), None);
        check("bouches du rhone", Some("13"), None);
        check("Réunion", Some("974"), Some("04"));
        check("bretagne", None, Some("53"));
        check("région Bretagne", None, Some("53"));
        check("centre val de loire", None, Some("24"));
        check("24", None, Some("24"));
        check("paca", None, Some("93"));
        check("", None, None);
        check("Loir", None, None);
    }
}
