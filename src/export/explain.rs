//! Why one article was read as it was, for a terminal and as JSON: the text in order with every word
//! that counted, then the votes, the decision and what was refused.

use serde::Serialize;

use super::marking::{Note, Piece, named, pieces};
use super::plain::{clean, clean_piece, escape_json};
use super::wording::{
    conclusions, decision, fact, features, kind_title, label_title, reason, refusal, short_assertion, short_zone,
    signed,
};
use super::{Colors, Screen};
use crate::model::analysis::{Analysis, Assertion, Zone};
use crate::model::explanation::{Explained, KindVote, Mark};

/// The name of the JSON format.
pub const SCHEMA: &str = "vigie.classify/1";
/// Columns that the zones' names take.
const MARGIN: usize = 10;
/// How narrow a text may become.
const NARROWEST: usize = 40;
/// Kinds less likely than this are not listed.
const LEAST_PROBABILITY: f32 = 0.005;
/// How many kinds are listed at most.
const KINDS_LISTED: usize = 6;

/// The article that is explained.
#[derive(Debug, Clone, Copy)]
pub struct Headline<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its address.
    pub url: &'a str,
}

/// The explanation for people.
pub fn text(headline: Headline<'_>, explained: &Explained, screen: Screen) -> String {
    let style = Style(screen.colors);
    let explanation = &explained.explanation;
    let title = clean(headline.title);
    let marks = named(&explanation.marks, &explained.analysis);
    let mut lines = Vec::new();
    if !title.is_empty() {
        lines.push(style.bold(&title));
    }
    for (name, value) in conclusions(&explained.analysis) {
        lines.push(format!("  {name:<10} {value}"));
    }
    lines.push(String::new());
    lines.push(style.bold("Texte"));
    for (passage, pieces) in explanation.passages.iter().zip(pieces(&explanation.passages, &marks)) {
        lines.extend(passage_lines(passage.zone, &pieces, style, screen.width));
    }
    lines.push(String::new());
    lines.push(style.bold("Pourquoi"));
    lines.extend(
        decision(&explanation.decision)
            .into_iter()
            .map(|line| format!("  {line}")),
    );
    lines.extend(kind_lines(&explanation.kinds));
    if !explained.analysis.facts.is_empty() {
        lines.push(String::new());
        lines.push(style.bold("Faits"));
        lines.extend(explained.analysis.facts.iter().map(|told| {
            let aside = if told.is_own() { "" } else { ", d'un autre cas" };
            format!(
                "  {} (« {} », {}{aside})",
                fact(told),
                clean(&told.words),
                short_zone(told.zone)
            )
        }));
    }
    if !explanation.refused.is_empty() {
        lines.push(String::new());
        lines.push(style.bold("Écarté"));
        lines.extend(
            explanation
                .refused
                .iter()
                .map(|refused| format!("  {}", refusal(refused))),
        );
    }
    lines.push(String::new());
    lines.join("\n")
}

/// The conclusion alone, as indented JSON.
pub fn conclusion(headline: Headline<'_>, analysis: &Analysis) -> String {
    document(headline, analysis)
}

/// The explanation as indented JSON: the conclusion, and `explanation`.
pub fn json(headline: Headline<'_>, explained: &Explained) -> String {
    document(headline, explained)
}

fn document(headline: Headline<'_>, says: &impl Serialize) -> String {
    #[derive(Serialize)]
    struct Document<'a, T: Serialize> {
        schema: &'static str,
        title: &'a str,
        url: &'a str,
        #[serde(flatten)]
        says: &'a T,
    }
    let document = Document {
        schema: SCHEMA,
        title: headline.title,
        url: headline.url,
        says,
    };
    let json = serde_json::to_string_pretty(&document).expect("the document has only string keys");
    format!("{}\n", escape_json(&json))
}

/// A passage with its zone in the margin, and its notes below.
fn passage_lines(zone: Zone, pieces: &[Piece<'_>], style: Style, width: Option<u16>) -> Vec<String> {
    let columns = width.map(|width| usize::from(width).saturating_sub(MARGIN + 2).max(NARROWEST));
    let mut lines: Vec<String> = wrapped(&words_of(pieces, style.0), columns, style, is_aside(zone))
        .into_iter()
        .enumerate()
        .map(|(index, line)| {
            let name = if index == 0 { short_zone(zone) } else { "" };
            format!("  {name:<MARGIN$}{line}")
        })
        .collect();
    if zone == Zone::Teaser && !lines.is_empty() {
        lines.push(format!("  {:<MARGIN$}  (renvoi : ne compte pas)", ""));
    }
    if zone == Zone::Background && !lines.is_empty() {
        lines.push(format!(
            "  {:<MARGIN$}  (rappel d'autres cas : ne compte presque pas)",
            ""
        ));
    }
    let notes = pieces.iter().filter_map(|piece| piece.note.as_ref());
    lines.extend(
        notes
            .flat_map(note_lines)
            .map(|line| format!("  {:<MARGIN$}  {line}", "")),
    );
    lines
}

const fn is_aside(zone: Zone) -> bool {
    matches!(zone, Zone::Background | Zone::Teaser)
}

/// « ² type Rançongiciel, affirmé, +8.0 »: a line for each thing that the words speak for.
fn note_lines(note: &Note<'_>) -> Vec<String> {
    let several = note.marks.iter().any(|mark| mark.words != note.marks[0].words);
    let number = superscript(note.number);
    let indent = number.chars().count();
    note.marks
        .iter()
        .enumerate()
        .map(|(index, mark)| {
            let number = if index == 0 { number.as_str() } else { "" };
            format!("{number:<indent$} {}", mark_words(mark, several))
        })
        .collect()
}

fn mark_words(mark: &Mark, several: bool) -> String {
    let mut said = label_title(&mark.label);
    if several {
        said.push_str(&format!(" « {} »", clean(&mark.words)));
    }
    said.push_str(&format!(", {}", short_assertion(mark.assertion)));
    if let Some(weight) = signed(mark.weight) {
        said.push_str(&format!(", {weight}"));
    }
    if let Some(adds) = mark.incident.and_then(signed) {
        said.push_str(&format!(", incident {adds}"));
    }
    if let Some(why) = mark.refused {
        said.push_str(&format!(", écarté : {}", reason(why)));
    }
    said
}

fn kind_lines(kinds: &[KindVote]) -> Vec<String> {
    kinds
        .iter()
        .filter(|kind| kind.probability >= LEAST_PROBABILITY)
        .take(KINDS_LISTED)
        .flat_map(|kind| {
            let weighed = features(&kind.features);
            let weighed = (!weighed.is_empty()).then(|| format!("        {weighed}"));
            let title = format!("  {:.2}  {}", kind.probability, kind_title(&kind.kind));
            std::iter::once(title).chain(weighed)
        })
        .collect()
}

/// A word of the text with what stands right after it: the unit that wrapping keeps whole.
struct Word {
    text: String,
    /// How wide it is on the screen.
    width: usize,
    /// How it is said, when it counted.
    said: Option<Said>,
    /// Whether a space follows.
    space: bool,
}

/// How marked words are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    As(Assertion),
    Refused,
}

/// The words of a passage; marked ones get their note's number, and brackets where there is no colour.
fn words_of(pieces: &[Piece<'_>], colors: Colors) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for piece in pieces {
        let text = clean_piece(piece.text);
        let said = piece
            .note
            .as_ref()
            .map(|note| note.said().map_or(Said::Refused, Said::As));
        let text = match &piece.note {
            Some(note) if colors == Colors::Ansi => format!("{text}{}", superscript(note.number)),
            Some(note) => format!("[{text}]{}", superscript(note.number)),
            None => text,
        };
        for part in text.split_inclusive(' ') {
            let word = part.trim_end_matches(' ');
            words.push(Word {
                text: word.to_owned(),
                width: word.chars().count(),
                said,
                space: part.ends_with(' '),
            });
        }
    }
    words
}

/// The words in lines of at most so many columns.
fn wrapped(words: &[Word], columns: Option<usize>, style: Style, is_aside: bool) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for (index, word) in words.iter().enumerate() {
        // Words without a space between them stay on one line.
        let starts_unit = index == 0 || words[index - 1].space;
        let is_full = |columns: usize| used + unit_width(&words[index..]) > columns;
        if starts_unit && used > 0 && columns.is_some_and(is_full) {
            let full = lines.len() - 1;
            let trimmed = lines[full].trim_end().len();
            lines[full].truncate(trimmed);
            lines.push(String::new());
            used = 0;
        }
        let line = lines.last_mut().expect("there is a line from the start");
        line.push_str(&style.word(word, is_aside));
        used += word.width;
        if word.space && used > 0 {
            line.push(' ');
            used += 1;
        }
    }
    lines
}

/// The width of the words up to the first space.
fn unit_width(words: &[Word]) -> usize {
    let count = words.iter().take_while(|word| !word.space).count() + 1;
    words.iter().take(count).map(|word| word.width).sum()
}

/// Colours, or none.
#[derive(Clone, Copy)]
struct Style(Colors);

impl Style {
    fn paint(self, code: &str, text: &str) -> String {
        match self.0 {
            Colors::Ansi if !text.is_empty() => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            _ => text.to_owned(),
        }
    }

    fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// Affirmed bold, claimed yellow, hypothetical cyan, denied red; what was refused underlined, and
    /// the words of other cases dim.
    fn word(self, word: &Word, is_aside: bool) -> String {
        let code = match word.said {
            Some(Said::As(Assertion::Affirmed)) => "1;32",
            Some(Said::As(Assertion::Claimed)) => "1;33",
            Some(Said::As(Assertion::Hypothetical)) => "36",
            Some(Said::As(Assertion::Denied)) => "31",
            Some(Said::Refused) if is_aside => "2;4",
            Some(Said::Refused) => "4",
            None if is_aside => "2",
            None => return word.text.clone(),
        };
        self.paint(code, &word.text)
    }
}

/// 12 as « ¹² ».
fn superscript(number: usize) -> String {
    number
        .to_string()
        .chars()
        .map(|digit| match digit {
            '0' => '⁰',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            '4' => '⁴',
            '5' => '⁵',
            '6' => '⁶',
            '7' => '⁷',
            '8' => '⁸',
            _ => '⁹',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::examples::explained;
    use super::*;

    const HEADLINE: Headline<'_> = Headline {
        title: "La mairie de Bondy piratée",
        url: "https://presse.example/bondy",
    };

    #[test]
    fn whole_text() {
        let expected = r#"La mairie de Bondy piratée
  Nature     Récit d'un incident
  Langue     français
  Victimes   Mairie de Bondy (0.90)
  Types      Vol ou fuite de données
  Statut     Confirmé par la victime ou une autorité

Texte
  titre     La [mairie de Bondy]¹ [piratée]²
              ¹ victime Mairie de Bondy, affirmé, +4.0
              ² type Intrusion, accès non autorisé, affirmé, +6.4, incident +0.8
                type « Cyberattaque » sans précision, affirmé, +4.8
  chapeau   Aucune [fuite de données]³, dit-elle aux 4 000 agents.
              ³ type Vol ou fuite de données, nié, +6.5, écarté : le texte le nie
  renvoi    À lire aussi : [rançongiciel]⁴ à Lille
              (renvoi : ne compte pas)
              ⁴ type Rançongiciel, affirmé, écarté : renvoi à un autre article, ou mots du site

Pourquoi
  Raconte un incident : probabilité 0.93, seuil 0.40.
  Ce qui a le plus pesé : « piraté* » (type Intrusion, accès non autorisé, titre) +0.8 ; texte court -0.1.
  0.93  Récit d'un incident
        titre : une attaque est dite +1.9 ; victime trouvée -0.2
  0.07  Enquête, arrestation, procès (en général)
        constante +0.4

Faits
  4 000 personnes (« 4 000 agents », chapeau)

Écarté
  type Vol ou fuite de données (« fuite de données ») : le texte le nie
  victime Anssi : cité, sans que le texte dise qu'il a été touché : autorité ou enquêteur -1.7
  type Rançongiciel : sous le seuil (score 1.2, seuil 3.0)
"#;
        let text = text(HEADLINE, &explained(), Screen::default());
        assert_eq!(text.replace('\u{202f}', " "), expected);
    }

    #[test]
    fn no_title_no_line() {
        let untitled = Headline { title: " ", url: "" };
        let text = text(untitled, &explained(), Screen::default());
        assert!(text.starts_with("  Nature "), "{text}");
    }

    #[test]
    fn narrow_screens_and_colours() {
        let screen = |width, colors| Screen { width, colors };
        let narrow = text(HEADLINE, &explained(), screen(Some(52), Colors::Never));
        assert!(
            narrow.contains("\n  chapeau   Aucune [fuite de données]³, dit-elle aux\n            4 000 agents.\n"),
            "{narrow}"
        );
        let colored = text(HEADLINE, &explained(), screen(None, Colors::Ansi));
        assert!(colored.contains("\u{1b}[1;32mpiratée²\u{1b}[0m"), "{colored}");
        assert!(
            colored.contains("\u{1b}[2mlire\u{1b}[0m"),
            "other cases are dim: {colored}"
        );
        assert!(
            !colored.contains("[mairie"),
            "colours stand for the brackets: {colored}"
        );
        let plain = text(HEADLINE, &explained(), Screen::default());
        assert!(!plain.contains('\u{1b}'), "{plain:?}");
    }

    #[test]
    fn text_that_acts_is_tamed() {
        let mut hostile = explained();
        hostile.explanation.passages[0].text.push_str("\u{1b}[2J\u{202e}");
        let headline = Headline {
            title: "a\u{1b}[31m",
            url: "",
        };
        for out in [text(headline, &hostile, Screen::default()), json(headline, &hostile)] {
            assert!(!out.contains(['\u{1b}', '\u{202e}']), "{out:?}");
        }
    }

    #[test]
    fn json_has_the_same_content() {
        let parsed: serde_json::Value = serde_json::from_str(&json(HEADLINE, &explained())).unwrap();
        assert_eq!(parsed["schema"], "vigie.classify/1");
        assert_eq!(parsed["kind"], "incident");
        let explanation = &parsed["explanation"];
        assert_eq!(explanation["passages"][2]["zone"], "teaser");
        assert_eq!(explanation["marks"][3]["refused"], "denied");
        assert_eq!(explanation["kinds"][0]["features"][0]["feature"], "title-attack");
        assert_eq!(explanation["decision"]["tells_incident"], true);
        assert_eq!(explanation["refused"][1]["reason"], "not-hit");
    }
}
