//! Reads a question in two steps: what was typed (`RawFilter`, texts as the command line gives
//! them), then what it means (`Filter`). A value that means nothing is an error that names the
//! option, the value, the nearest valid one and all that are valid.

use jiff::Timestamp;

use super::nearest::nearest;
use super::place::{Area, Places};
use super::when::{Edge, WhenProblem, moment};
use crate::model::filter::{Count, Country, Filter, Sort, Window, Word};
use crate::model::label::{AttackType, Level, Sector, Status};
use crate::text::fold::{fold, fold_key};

/// A question as it was typed. Values in lists may hold several, separated by commas.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RawFilter {
    /// `--sector`.
    pub sectors: Vec<String>,
    /// `--level`.
    pub levels: Vec<String>,
    /// `--attack`.
    pub attacks: Vec<String>,
    /// `--departement`.
    pub departements: Vec<String>,
    /// `--region`.
    pub regions: Vec<String>,
    /// `--commune`.
    pub communes: Vec<String>,
    /// `--status`.
    pub statuses: Vec<String>,
    /// `--country`; none means France.
    pub countries: Vec<String>,
    /// `--actor`.
    pub actor: Option<String>,
    /// `--victim`.
    pub victim: Option<String>,
    /// `--text`.
    pub text: Option<String>,
    /// `--since`.
    pub since: Option<String>,
    /// `--until`.
    pub until: Option<String>,
    /// `--sort`.
    pub sort: Option<String>,
    /// `--active`: bound the dates of articles instead of the incident's.
    pub active: bool,
    /// `--recalled`: show also what only trials and recaps recall.
    pub recalled: bool,
    /// `--count`.
    pub count: Option<String>,
    /// `--limit`.
    pub limit: Option<u64>,
}

/// A typed value that means nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// It is not in the option's list.
    #[error("{option} `{given}`: no such {what}{}; known: {known}", did_you_mean(.nearest.as_deref()))]
    Unknown {
        /// The option: "--sector".
        option: &'static str,
        /// What its values are: "sector".
        what: &'static str,
        /// What was typed.
        given: String,
        /// What was probably meant.
        nearest: Option<String>,
        /// All valid values.
        known: String,
    },
    /// It names no moment.
    #[error("{option} `{given}`: {problem}")]
    When {
        /// The option: "--since".
        option: &'static str,
        /// What was typed.
        given: String,
        /// Why.
        problem: WhenProblem,
    },
    /// It is understood, but cannot be searched.
    #[error("{option} `{given}`: {problem}")]
    Unusable {
        /// The option.
        option: &'static str,
        /// What was typed.
        given: String,
        /// Why, and what to type instead.
        problem: &'static str,
    },
}

fn did_you_mean(nearest: Option<&str>) -> String {
    match nearest {
        Some(name) => format!("; did you mean `{name}`?"),
        None => String::new(),
    }
}

/// What the typed question means at `now`. Errs at the first value that means nothing.
pub fn parse(raw: &RawFilter, places: &Places, now: Timestamp) -> Result<Filter, FilterError> {
    let sectors = labels(
        "--sector",
        "sector",
        &raw.sectors,
        Sector::ALL,
        Sector::id,
        SECTOR_ALIASES,
    )?;
    let levels = labels("--level", "level", &raw.levels, Level::ALL, Level::id, LEVEL_ALIASES)?;
    let attacks = labels(
        "--attack",
        "attack type",
        &raw.attacks,
        AttackType::ALL,
        AttackType::id,
        ATTACK_ALIASES,
    )?;
    let statuses = labels("--status", "status", &raw.statuses, Status::ALL, Status::id, &[])?;
    let departements = areas(
        "--departement",
        "département",
        &raw.departements,
        &places.departements,
        |typed| places.departement(typed),
    )?;
    let regions = areas("--region", "région", &raw.regions, &places.regions, |typed| {
        places.region(typed)
    })?;
    let communes = each(&raw.communes).map(commune).collect::<Result<_, _>>()?;
    let (since, until) = window(raw, now)?;
    Ok(Filter {
        sectors,
        levels,
        attacks,
        departements,
        regions,
        communes,
        statuses,
        actor: raw.actor.as_deref().map(actor).transpose()?,
        victim: match &raw.victim {
            Some(typed) => words("--victim", typed)?.into_iter().map(|word| word.folded).collect(),
            None => Vec::new(),
        },
        words: match &raw.text {
            Some(typed) => words("--text", typed)?,
            None => Vec::new(),
        },
        since,
        until,
        window: if raw.active { Window::Articles } else { Window::Incident },
        countries: countries(&raw.countries)?,
        recalled: raw.recalled,
        sort: match &raw.sort {
            Some(typed) => sort(typed)?,
            None => Sort::Date,
        },
        count: match &raw.count {
            Some(typed) => count(typed)?,
            None => Count::Incidents,
        },
        limit: raw.limit,
    })
}

/// What people say for a sector, folded; the ids stay the truth.
pub(super) const SECTOR_ALIASES: &[(&str, Sector)] = &[
    ("collectivites", Sector::LocalGovernment),
    ("collectivite territoriale", Sector::LocalGovernment),
    ("collectivites territoriales", Sector::LocalGovernment),
    ("local government", Sector::LocalGovernment),
    ("eau", Sector::WaterWaste),
    ("dechets", Sector::WaterWaste),
    ("hopital", Sector::Health),
    ("hopitaux", Sector::Health),
    ("health", Sector::Health),
    ("ecole", Sector::Education),
    ("enseignement", Sector::Education),
    ("banque", Sector::Finance),
    ("assurance", Sector::Finance),
    ("telecom", Sector::Digital),
    ("telecoms", Sector::Digital),
    ("btp", Sector::ConstructionHousing),
    ("logement", Sector::ConstructionHousing),
    ("bailleur", Sector::ConstructionHousing),
    ("medias", Sector::MediaCulture),
    ("culture", Sector::MediaCulture),
    ("sport", Sector::SportTourism),
    ("tourisme", Sector::SportTourism),
    ("association", Sector::Associations),
];

/// What people say for a level, folded.
pub(super) const LEVEL_ALIASES: &[(&str, Level)] = &[
    ("communes", Level::Commune),
    ("mairie", Level::Commune),
    ("ville", Level::Commune),
    ("agglo", Level::Intercommunality),
    ("agglomeration", Level::Intercommunality),
    ("metropole", Level::Intercommunality),
    ("intercommunalite", Level::Intercommunality),
    ("conseil departemental", Level::Departement),
    ("conseil regional", Level::Region),
    ("pompiers", Level::FireService),
];

/// What people say for an attack type, folded.
pub(super) const ATTACK_ALIASES: &[(&str, AttackType)] = &[
    ("ransomware", AttackType::Ransomware),
    ("rancongiciels", AttackType::Ransomware),
    ("deni de service", AttackType::Ddos),
    ("dos", AttackType::Ddos),
    ("fuite de donnees", AttackType::DataLeak),
    ("vol de donnees", AttackType::DataLeak),
    ("leak", AttackType::DataLeak),
    ("phishing", AttackType::Phishing),
    ("defacement", AttackType::Defacement),
    ("malware", AttackType::Malware),
    ("infostealer", AttackType::Malware),
];

/// The values of a list option, one by one: typed apart or with commas.
fn each(typed: &[String]) -> impl Iterator<Item = &str> {
    typed.iter().flat_map(|value| value.split(',')).map(str::trim)
}

pub(super) fn labels<L: Copy + PartialEq>(
    option: &'static str,
    what: &'static str,
    typed: &[String],
    all: &[L],
    id: impl Fn(L) -> &'static str,
    aliases: &[(&str, L)],
) -> Result<Vec<L>, FilterError> {
    let mut found = Vec::new();
    for value in each(typed) {
        let folded = fold_key(value);
        let label = all
            .iter()
            .copied()
            .find(|label| fold_key(id(*label)) == folded)
            .or_else(|| {
                aliases
                    .iter()
                    .find(|(alias, _)| *alias == folded)
                    .map(|(_, label)| *label)
            })
            .ok_or_else(|| FilterError::Unknown {
                option,
                what,
                given: value.to_owned(),
                nearest: nearest(value, all.iter().map(|label| id(*label)))
                    .or_else(|| {
                        let alias = nearest(value, aliases.iter().map(|(alias, _)| *alias))?;
                        aliases
                            .iter()
                            .find(|(known, _)| *known == alias)
                            .map(|(_, label)| id(*label))
                    })
                    .map(str::to_owned),
                known: all.iter().map(|label| id(*label)).collect::<Vec<_>>().join(", "),
            })?;
        push_new(&mut found, label);
    }
    Ok(found)
}

fn areas<'a>(
    option: &'static str,
    what: &'static str,
    typed: &[String],
    all: &'a [Area],
    find: impl Fn(&str) -> Option<&'a Area>,
) -> Result<Vec<String>, FilterError> {
    let mut found = Vec::new();
    for value in each(typed) {
        let area = find(value).ok_or_else(|| FilterError::Unknown {
            option,
            what,
            given: value.to_owned(),
            nearest: nearest(value, all.iter().map(|area| area.name.as_str())).map(str::to_owned),
            known: all
                .iter()
                .map(|area| format!("{} {}", area.code, area.name))
                .collect::<Vec<_>>()
                .join(", "),
        })?;
        push_new(&mut found, area.code.clone());
    }
    Ok(found)
}

fn push_new<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if !list.contains(&value) {
        list.push(value);
    }
}

fn commune(typed: &str) -> Result<String, FilterError> {
    let problem = |problem| FilterError::Unusable {
        option: "--commune",
        given: typed.to_owned(),
        problem,
    };
    let name = commune_name(typed);
    if name.is_empty() {
        return Err(problem("give an INSEE code or a name"));
    }
    if is_insee_code(typed) {
        // No commune bears the number 000, and the postal codes of big towns end so.
        return if typed.ends_with("000") {
            Err(problem("this is a postal code; give the INSEE code or the name"))
        } else {
            Ok(typed.to_ascii_uppercase())
        };
    }
    Ok(name)
}

/// Whether a text is written as the INSEE code of a commune: "45234", "2A004".
pub(super) fn is_insee_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 5
        && bytes[0].is_ascii_digit()
        && matches!(bytes[1], b'0'..=b'9' | b'A' | b'B' | b'a' | b'b')
        && bytes[2..].iter().all(u8::is_ascii_digit)
}

/// A commune's name as it is compared: folded, "St" opened.
pub(super) fn commune_name(name: &str) -> String {
    let folded = fold_key(name);
    let words: Vec<&str> = folded
        .split(' ')
        .map(|word| match word {
            "st" | "st." => "saint",
            "ste" | "ste." => "sainte",
            word => word,
        })
        .collect();
    words.join(" ")
}

fn actor(typed: &str) -> Result<String, FilterError> {
    let squeezed = squeeze(typed);
    if squeezed.is_empty() {
        return Err(FilterError::Unusable {
            option: "--actor",
            given: typed.to_owned(),
            problem: "give a name, such as lockbit",
        });
    }
    Ok(squeezed)
}

/// An actor's name as it is compared: folded, letters and digits only.
pub(super) fn squeeze(name: &str) -> String {
    fold(name).text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn words(option: &'static str, typed: &str) -> Result<Vec<Word>, FilterError> {
    let mut words = Vec::new();
    for piece in typed.split_whitespace() {
        let prefix = piece.ends_with('*');
        let folded = fold(piece).text;
        let mut parts = folded
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .peekable();
        while let Some(part) = parts.next() {
            // In `saint-ét*` only the last word is a beginning.
            let word = Word {
                folded: part.to_owned(),
                prefix: prefix && parts.peek().is_none(),
            };
            push_new(&mut words, word);
        }
    }
    if words.is_empty() {
        return Err(FilterError::Unusable {
            option,
            given: typed.to_owned(),
            problem: "there is no word in it",
        });
    }
    Ok(words)
}

fn window(raw: &RawFilter, now: Timestamp) -> Result<(Option<Timestamp>, Option<Timestamp>), FilterError> {
    let read = |option, typed: &Option<String>, edge| {
        let Some(typed) = typed else { return Ok(None) };
        moment(typed, now, edge).map(Some).map_err(|problem| FilterError::When {
            option,
            given: typed.clone(),
            problem,
        })
    };
    let since = read("--since", &raw.since, Edge::Since)?;
    let until = read("--until", &raw.until, Edge::Until)?;
    if since.is_some_and(|since| since > now) {
        return Err(FilterError::Unusable {
            option: "--since",
            given: raw.since.clone().unwrap_or_default(),
            problem: "this is in the future",
        });
    }
    if let (Some(since), Some(until)) = (since, until)
        && since >= until
    {
        return Err(FilterError::Unusable {
            option: "--until",
            given: raw.until.clone().unwrap_or_default(),
            problem: "this is before --since",
        });
    }
    Ok((since, until))
}

fn countries(typed: &[String]) -> Result<Vec<Country>, FilterError> {
    if typed.is_empty() {
        return Ok(vec![Country::Code("FR".to_owned())]);
    }
    let mut found = Vec::new();
    let mut all = false;
    for value in each(typed) {
        match fold_key(value).as_str() {
            "all" | "tous" | "toutes" => all = true,
            "inconnu" | "unknown" => push_new(&mut found, Country::Unknown),
            "france" => push_new(&mut found, Country::Code("FR".to_owned())),
            code if code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase()) => {
                push_new(&mut found, Country::Code(code.to_ascii_uppercase()));
            }
            _ => {
                return Err(FilterError::Unusable {
                    option: "--country",
                    given: value.to_owned(),
                    problem: "give a two-letter code (FR, BE, CH), `all`, or `inconnu` for the incidents whose country \
                              is not known",
                });
            }
        }
    }
    Ok(if all { Vec::new() } else { found })
}

fn sort(typed: &str) -> Result<Sort, FilterError> {
    let known = Sort::ALL;
    known
        .iter()
        .find(|(name, _)| *name == fold_key(typed))
        .map(|(_, sort)| *sort)
        .ok_or_else(|| FilterError::Unknown {
            option: "--sort",
            what: "order",
            given: typed.to_owned(),
            nearest: nearest(typed, known.iter().map(|(name, _)| *name)).map(str::to_owned),
            known: known.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "),
        })
}

fn count(typed: &str) -> Result<Count, FilterError> {
    let known = Count::ALL;
    let found = known.iter().find(|(name, _)| *name == fold_key(typed));
    found.map(|(_, count)| *count).ok_or_else(|| FilterError::Unknown {
        option: "--count",
        what: "thing counted",
        given: typed.to_owned(),
        nearest: nearest(typed, known.iter().map(|(name, _)| *name)).map(str::to_owned),
        known: known.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "),
    })
}

#[cfg(test)]
mod tests {
    use super::super::place::tests::few_places;
    use super::*;
    use crate::query::examples::type_option;

    /// 25 November 2026, 14:30 in Paris.
    const NOW: &str = "2026-11-25T13:30:00Z";

    /// Options as typed: "--sector sante --since 30d".
    fn typed(line: &[(&str, &str)]) -> Result<Filter, FilterError> {
        let mut raw = RawFilter::default();
        for (option, value) in line {
            type_option(&mut raw, option, (*value).to_owned());
        }
        parse(&raw, &few_places(), NOW.parse().unwrap())
    }

    #[test]
    fn nothing_typed_asks_for_france() {
        let filter = typed(&[]).unwrap();
        let expected = Filter {
            countries: vec![Country::Code("FR".to_owned())],
            recalled: false,
            ..Filter::everything()
        };
        assert_eq!(filter, expected);
    }

    #[test]
    fn what_typed_values_mean() {
        let check = |option: &str, value: &str, expected: &str| {
            let filter = typed(&[(option, value)]).unwrap();
            let json = serde_json::to_string(&filter).unwrap();
            assert_eq!(
                serde_json::from_str::<Filter>(&json).unwrap(),
                filter,
                "{option} {value}"
            );
            let filter = serde_json::to_value(filter).unwrap();
            let field = match option {
                "--sector" => "sectors",
                "--level" => "levels",
                "--attack" => "attacks",
                "--departement" => "departements",
                "--region" => "regions",
                "--commune" => "communes",
                "--status" => "statuses",
                "--country" => "countries",
                "--text" => "words",
                other => other.trim_start_matches("--"),
            };
            assert_eq!(filter[field].to_string(), expected, "{option} {value}");
        };
        check("--sector", "sante", r#"["sante"]"#);
        check("--sector", "Santé", r#"["sante"]"#);
        check("--sector", "hôpital", r#"["sante"]"#);
        check("--sector", "collectivité", r#"["collectivite"]"#);
        check("--sector", "sante, education,sante", r#"["sante","education"]"#);
        check("--sector", "eau dechets", r#"["eau-dechets"]"#);
        check("--level", "agglo", r#"["epci"]"#);
        check("--level", "commune", r#"["commune"]"#);
        check("--attack", "ransomware,Fuite", r#"["rancongiciel","fuite"]"#);
        check("--departement", "loiret", r#"["45"]"#);
        check("--departement", "2a,45", r#"["2A","45"]"#);
        check("--region", "Centre-Val de Loire", r#"["24"]"#);
        check("--region", "bretagne", r#"["53"]"#);
        check("--commune", "45234", r#"["45234"]"#);
        check("--commune", "2a004", r#"["2A004"]"#);
        check("--commune", "Orléans", r#"["orleans"]"#);
        check("--commune", "St-Étienne", r#"["saint etienne"]"#);
        check("--status", "confirmé", r#"["confirme"]"#);
        check("--country", "all", "[]");
        check("--country", "be,FR", r#"["BE","FR"]"#);
        check("--country", "inconnu", r#"["unknown"]"#);
        check("--actor", "LockBit 3.0", r#""lockbit30""#);
        check("--victim", "Loiret, Département", r#"["loiret","departement"]"#);
        check(
            "--text",
            "Saint-Ét* Hôpital",
            r#"[{"folded":"saint","prefix":false},{"folded":"et","prefix":true},{"folded":"hopital","prefix":false}]"#,
        );
        check("--since", "hier", r#""2026-11-23T23:00:00Z""#);
        check("--until", "hier", r#""2026-11-24T23:00:00Z""#);
        check("--sort", "sources", r#""sources""#);
    }

    #[test]
    fn what_means_nothing_says_so() {
        let check = |line: &[(&str, &str)], expected: &str| {
            let said = typed(line).unwrap_err().to_string();
            assert!(said.starts_with(expected), "{line:?}: {said}");
        };
        check(
            &[("--sector", "colectivité")],
            "--sector `colectivité`: no such sector; did you mean `collectivite`?; known: collectivite, etat, secours",
        );
        check(
            &[("--sector", "sante,zzz")],
            "--sector `zzz`: no such sector; known: collectivite",
        );
        check(&[("--sector", "")], "--sector ``: no such sector; known");
        check(
            &[("--level", "departemant")],
            "--level `departemant`: no such level; did you mean `departement`?",
        );
        check(
            &[("--attack", "ramsomware")],
            "--attack `ramsomware`: no such attack type; did you mean `rancongiciel`?; known: rancongiciel, ddos",
        );
        check(
            &[("--attack", "ddoss")],
            "--attack `ddoss`: no such attack type; did you mean `ddos`?",
        );
        check(
            &[("--status", "confirmer")],
            "--status `confirmer`: no such status; did you mean `confirme`?",
        );
        check(
            &[("--departement", "Loirret")],
            "--departement `Loirret`: no such département; did you mean `Loiret`?; known: 01 Ain, 13 Bouches-du-Rhône",
        );
        check(
            &[("--departement", "99")],
            "--departement `99`: no such département; known: 01 Ain",
        );
        check(
            &[("--region", "bretange")],
            "--region `bretange`: no such région; did you mean `Bretagne`?",
        );
        check(&[("--commune", "45000")], "--commune `45000`: this is a postal code");
        check(&[("--commune", " ")], "--commune ``: give an INSEE code or a name");
        check(
            &[("--country", "Francie")],
            "--country `Francie`: give a two-letter code",
        );
        check(&[("--actor", "?")], "--actor `?`: give a name");
        check(&[("--text", " - ")], "--text ` - `: there is no word in it");
        check(&[("--victim", "")], "--victim ``: there is no word in it");
        check(
            &[("--sort", "dates")],
            "--sort `dates`: no such order; did you mean `date`?; known: date, first",
        );
        check(&[("--since", "30")], "--since `30`: 30 what?");
        check(&[("--since", "2027")], "--since `2027`: this is in the future");
        check(
            &[("--since", "hier"), ("--until", "2025")],
            "--until `2025`: this is before --since",
        );
    }
}
