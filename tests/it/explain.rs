//! `vigie classify --explain`: why an article was read so, for people, as a page, for programs; the facts
//! that it tells; and articles in other languages.

use scraper::{Html, Selector};
use serde_json::{Value, json};

use crate::outlet::{Story, attack, quiet};
use crate::world::World;

/// A town hall hit, with figures, a denial, another case and a teaser.
fn told() -> Story {
    let mut story = attack("Bondy", 6);
    story.paragraphs.extend([
        "Les noms, les adresses postales et les numéros de sécurité sociale de plus de 4 500 agents ont été volés, soit \
         120 Go de fichiers. Aucune donnée bancaire n'a été compromise, précise la ville."
            .to_owned(),
        "En 2022, la ville de Caen avait été victime d'une cyberattaque, qui avait exposé les données de 9 000 usagers."
            .to_owned(),
        "À lire aussi : <b>fuite de données</b> chez un opérateur & 3 millions de clients concernés".to_owned(),
    ]);
    story
}

fn text_of(story: &Story) -> String {
    format!("{}\n\n{}\n", story.title, story.paragraphs.join("\n"))
}

const EXPLAIN: [&str; 4] = ["classify", "--published", "2023-11-06", "--explain"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&EXPLAIN[..], more].concat()
}

#[test]
fn every_word_that_counted_and_what_was_refused() {
    let world = World::new();
    let said = world.vigie_with(&EXPLAIN, text_of(&told())).ok().stdout;
    let lines: Vec<&str> = said.lines().collect();
    // The title, with its words in brackets and their notes.
    let title = lines
        .iter()
        .find(|line| line.trim_start().starts_with("titre "))
        .unwrap();
    assert!(title.contains("[") && title.contains("¹"), "{title}");
    assert!(said.contains("type Rançongiciel"), "{said}");
    // The whole text is there, in order, with the zones named.
    let zones: Vec<&str> = lines
        .iter()
        .skip_while(|line| **line != "Texte")
        .take_while(|line| **line != "Pourquoi")
        .filter_map(|line| {
            line.strip_prefix("  ")?
                .split(' ')
                .next()
                .filter(|word| !word.is_empty())
        })
        .collect();
    assert_eq!(zones.first(), Some(&"titre"));
    assert!(
        zones.contains(&"contexte") && zones.last() == Some(&"renvoi"),
        "{zones:?}"
    );
    let part = |name: &str| -> String {
        let from = lines
            .iter()
            .position(|line| *line == name)
            .unwrap_or_else(|| panic!("no {name}: {said}"));
        let part = lines[from + 1..].iter().take_while(|line| !line.is_empty());
        part.copied().collect::<Vec<_>>().join("\n")
    };
    assert!(part("Pourquoi").contains("Raconte un incident : probabilité"), "{said}");
    let facts = part("Faits").replace('\u{202f}', " ");
    for fact in [
        "4 500 personnes (au moins) (« plus de 4 500 agents »",
        "120 Go",
        "rançon refusée",
        "Coordonnées bancaires, IBAN, nié",
        "Numéros de sécurité sociale",
        "9 000 personnes (« 9 000 usagers », contexte, d'un autre cas)",
    ] {
        assert!(facts.contains(fact), "{fact}: {facts}");
    }
    assert!(!facts.contains("3 000 000"), "nothing of a teaser: {facts}");
    let refused = part("Écarté");
    assert!(refused.contains("le texte le nie"), "{refused}");
    assert!(refused.contains("renvoi à un autre article"), "{refused}");
    assert!(refused.contains("victime Ville de Caen"), "{refused}");
}

#[test]
fn an_article_that_tells_none_says_why() {
    let world = World::new();
    let said = world.vigie_with(&EXPLAIN, text_of(&quiet("Gien", 6))).ok().stdout;
    assert!(said.contains("Ne raconte pas d'incident : probabilité"), "{said}");
    assert!(
        said.contains("Exclu quelles que soient les voix : rien dans le texte"),
        "{said}"
    );
    let empty = world.vigie_with(&EXPLAIN, "").ok().stdout;
    assert!(empty.contains("Ne raconte pas d'incident"), "{empty}");
}

#[test]
fn colours_only_where_they_are_wanted() {
    let world = World::new();
    let text = text_of(&told());
    let plain = world.vigie_with(&EXPLAIN, text.clone()).ok().stdout;
    assert!(!plain.contains('\u{1b}'), "no terminal, no colour");
    let always = world.vigie_with(&with(&["--color", "always"]), text).ok().stdout;
    assert!(
        always.contains("\u{1b}[1;32m") && always.contains("\u{1b}[2m"),
        "{always}"
    );
    // Without the colours and brackets both have the same words.
    let mut bare = always;
    for code in ["0", "1", "2", "4", "31", "36", "1;32", "1;33", "2;4"] {
        bare = bare.replace(&format!("\u{1b}[{code}m"), "");
    }
    assert_eq!(bare, plain.replace(['[', ']'], ""));
}

#[test]
fn a_page_that_needs_nothing_else() {
    let world = World::new();
    let mut story = told();
    story.title.push_str(" <script>alert('x')</script>");
    let html = world
        .vigie_with(&with(&["--format", "html"]), text_of(&story))
        .ok()
        .stdout;
    let page = Html::parse_document(&html);
    assert_eq!(page.errors, Vec::<String>::new());
    let texts = |selector: &str| -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        page.select(&selector).map(|element| element.text().collect()).collect()
    };
    assert_eq!(texts("h1"), [story.title.clone()]);
    assert!(
        texts("script, img, link, iframe, [src], [onload], b").is_empty(),
        "{html}"
    );
    let marks = texts("section mark");
    assert!(
        marks
            .iter()
            .any(|mark| mark.starts_with("cyberattaque") || mark.contains("victime d'une cyberattaque"))
    );
    assert_eq!(texts("tbody tr[id]").len(), marks.len(), "a note for each mark");
    assert!(!texts("section mark.denied").is_empty());
    assert!(!texts("section.aside mark.refused").is_empty());
    // All words of the text are there, in order.
    let shown = texts("section p").join(" ");
    let mut rest = shown.as_str();
    for word in [
        "Bondy",
        "cyberattaque",
        "chiffrés",
        "gendarmerie",
        "agents",
        "Caen",
        "opérateur",
    ] {
        let at = rest.find(word).unwrap_or_else(|| panic!("{word} after {rest}"));
        rest = &rest[at..];
    }
}

#[test]
fn programs_get_the_same() {
    let world = World::new();
    let text = text_of(&told());
    let explained = world.vigie_with(&with(&["--format", "json"]), text.clone()).ok().json();
    let plain = world
        .vigie_with(&["classify", "--published", "2023-11-06"], text)
        .ok()
        .json();
    let mut without = explained.clone();
    let explanation = without.as_object_mut().unwrap().remove("explanation").unwrap();
    assert_eq!(without, plain, "the conclusion is the same");
    let passages = explanation["passages"].as_array().unwrap();
    for mark in explanation["marks"].as_array().unwrap() {
        let start = mark["start"].as_u64().unwrap();
        let words = mark["words"].as_str().unwrap();
        let inside = passages.iter().any(|passage| {
            let offset = start
                .checked_sub(passage["start"].as_u64().unwrap())
                .map(|at| at as usize);
            let text = passage["text"].as_str().unwrap();
            offset.and_then(|at| text.get(at..at + words.len())) == Some(words)
        });
        assert!(inside, "{mark}");
    }
    let persons: Vec<&Value> = plain["facts"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|fact| fact["kind"] == "personnes")
        .collect();
    assert_eq!(persons[0]["value"], 4500);
    assert_eq!(persons[0]["bound"], "au-moins");
    assert_eq!(persons[1]["zone"], "background");
}

#[test]
fn formats_that_only_explain() {
    let world = World::new();
    for format in ["text", "html"] {
        world
            .vigie_with(&["classify", "--format", format], "x")
            .code(2)
            .says("--explain");
    }
    world.vigie_with(&with(&["--format", "xml"]), "x").code(2);
}

#[test]
fn show_has_the_facts_of_the_incident_and_not_those_of_others() {
    let world = World::new();
    let gazette = world.outlet("gazette");
    let mut later = told();
    later.slug = "bondy-suite".to_owned();
    later.day = 8;
    gazette.publish(&[told(), later]);
    world.collect().ok();
    let said = world.vigie(&["show", "bondy"]).ok().stdout.replace('\u{202f}', " ");
    assert!(
        said.contains("4 500 personnes (au moins) (« plus de 4 500 agents ») [1] [2]"),
        "{said}"
    );
    assert!(!said.contains("9 000 personnes"), "{said}");
    let json = world.vigie(&["show", "bondy", "--format", "json"]).ok().json();
    assert_eq!(json["facts"][0]["value"], 4500);
    assert_eq!(json["facts"][0]["articles"], json!([1, 2]));
}

#[test]
fn foreign_articles_are_kept_marked_and_in_no_figure() {
    let world = World::new();
    let english = json!({
        "id": "en", "url": "https://press.example/en", "outlet": "The Gazette", "published": "2023-11-07",
        "title": "Town hall of Bondy hit by ransomware",
        "text": "The town hall of Bondy has been hit by ransomware and its servers were encrypted during the night, the \
                 mayor said in a statement. The cyberattack has shut down the online services of the town.",
        "feed_language": "fr",
    });
    let story = attack("Quimper", 6);
    let french = json!({
        "id": "fr", "url": "https://presse.example/fr", "outlet": "La Gazette", "published": "2023-11-06",
        "title": story.title, "text": story.paragraphs.join("\n"), "feed_language": "en",
    });
    world.write("articles.ndjson", format!("{english}\n{french}\n"));
    let said = world
        .vigie(&["replay", "articles.ndjson", "--store", "vigie-data"])
        .ok()
        .lines();
    assert_eq!(said[0]["language"], "en");
    assert_eq!(said[0]["incident"], Value::Null);
    assert_eq!(said[1]["language"], "fr", "the words outvote the declaration");
    assert!(said[1]["incident"].is_string(), "{}", said[1]);
    let answer = world
        .vigie(&["query", "--country", "all", "--format", "json"])
        .ok()
        .json();
    assert_eq!(answer["found"], 1);
    assert_eq!(answer["coverage"]["articles"], 2);
    assert_eq!(answer["coverage"]["foreign_articles"], 1);
    world
        .vigie(&["query", "--country", "all"])
        .ok()
        .prints("1 article et 1 incident en base (hors 1 article en langue étrangère)");
}
