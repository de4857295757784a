//! `vigie replay`: articles of a file, one conclusion a line, in the order of the input.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};

use crate::outlet::{Story, attack, quiet};
use crate::world::{Done, World};

fn line(id: &str, story: &Story) -> String {
    let published = format!("2023-11-{:02}T08:00:00+01:00", story.day);
    json!({
        "id": id,
        "url": format!("https://presse.example/{id}"),
        "outlet": "La Gazette",
        "published": published,
        "title": story.title,
        "text": story.paragraphs.join("\n"),
    })
    .to_string()
}

/// Two articles on Bondy, one on Quimper, one on nothing; not in the order of publication.
fn articles() -> Vec<String> {
    vec![
        line("suite", &attack("Bondy", 9)),
        line("marche", &quiet("Gien", 7)),
        line("quimper", &attack("Quimper", 8)),
        line("premier", &attack("Bondy", 6)),
    ]
}

fn replay(world: &World, lines: &[String]) -> Done {
    world.write("articles.ndjson", lines.join("\n"));
    world.vigie(&["replay", "articles.ndjson"])
}

fn ids(done: &Done) -> Vec<String> {
    done.lines()
        .iter()
        .map(|line| line["id"].as_str().expect("an id").to_owned())
        .collect()
}

/// Which articles are told as one incident, by its id.
fn incidents(done: &Done) -> BTreeMap<String, BTreeSet<String>> {
    let mut incidents: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in done.lines() {
        if let Some(incident) = line["incident"].as_str() {
            let id = line["id"].as_str().expect("an id").to_owned();
            incidents.entry(incident.to_owned()).or_default().insert(id);
        }
    }
    incidents
}

#[test]
fn a_line_out_for_each_line_in() {
    let world = World::new();
    let done = replay(&world, &articles()).ok();
    assert_eq!(ids(&done), ["suite", "marche", "quimper", "premier"]);
    let lines = done.lines();
    let fields = [
        "id",
        "kind",
        "incident",
        "sector",
        "level",
        "attacks",
        "victim",
        "departement",
        "country",
        "status",
        "actor",
        "event_date",
        "language",
        "evidence",
    ];
    for line in &lines {
        for field in fields {
            assert!(line.get(field).is_some(), "no {field} in {line}");
        }
    }
    assert_eq!(lines[0]["incident"], lines[3]["incident"], "both tell of Bondy");
    assert_ne!(lines[0]["incident"], lines[2]["incident"]);
    assert_eq!(lines[1]["incident"], Value::Null);
    assert_eq!(lines[0]["departement"], "93");
    assert_eq!(lines[0]["sector"], "collectivite");
    assert!(!world.path("vigie-data").exists(), "the store is thrown away");
}

#[test]
fn the_order_of_the_input_does_not_matter() {
    let world = World::new();
    let mut articles = articles();
    let expected = incidents(&replay(&world, &articles).ok());
    assert_eq!(expected.len(), 2, "{expected:?}");
    for _ in 1..articles.len() {
        articles.rotate_left(1);
        assert_eq!(incidents(&replay(&world, &articles).ok()), expected);
    }
    articles.swap(0, 2);
    assert_eq!(incidents(&replay(&world, &articles).ok()), expected);
}

#[test]
fn bad_lines_are_named_and_left_out() {
    let world = World::new();
    let mut lines = articles();
    lines.insert(1, "{\"id\": \"coupé".to_owned());
    lines.insert(2, String::new());
    lines.insert(3, "{\"title\": \"sans nom\", \"published\": \"2023\"}".to_owned());
    lines.insert(4, "{\"id\": \"x\", \"published\": \"hier\"}".to_owned());
    lines.push("[1, 2]".to_owned());
    let done = replay(&world, &lines)
        .code(1)
        .says("articles.ndjson:2: ")
        .says("articles.ndjson:4: ")
        .says("articles.ndjson:5: `published` is \"hier\"")
        .says("articles.ndjson:9: ");
    assert!(
        !done.stderr.contains("articles.ndjson:3: "),
        "a blank line is none: {done}"
    );
    assert_eq!(ids(&done), ["suite", "marche", "quimper", "premier"]);
}

#[test]
fn odd_files() {
    let world = World::new();
    let done = replay(&world, &[]).ok();
    assert_eq!(done.stdout, "");
    replay(&world, &["[]".to_owned(), "{}".to_owned()])
        .code(2)
        .says("none of its 2 lines is an article");
    world
        .vigie(&["replay", "nulle-part.ndjson"])
        .code(2)
        .says("nulle-part.ndjson");
    world
        .vigie_with(&["replay", "-"], articles().join("\n"))
        .ok()
        .prints("\"quimper\"");
    // Windows line ends.
    world.write("articles.ndjson", articles().join("\r\n"));
    assert_eq!(world.vigie(&["replay", "articles.ndjson"]).ok().lines().len(), 4);
    // No text at all, and a day for a date.
    let bare = replay(&world, &["{\"id\": \"nu\", \"published\": \"2023-11-06\"}".to_owned()]).ok();
    assert_eq!(bare.lines()[0]["incident"], Value::Null);
    // One article twice is a line twice.
    let twice = [articles()[0].clone(), articles()[0].clone()];
    assert_eq!(ids(&replay(&world, &twice).ok()), ["suite", "suite"]);
}

#[test]
fn a_line_of_ten_megabytes_is_read() {
    let world = World::new();
    let mut long = attack("Bondy", 6);
    let paragraph = "Le conseil municipal a voté le budget de la cantine et des écoles. ".repeat(20);
    long.paragraphs.extend(std::iter::repeat_n(paragraph, 750));
    // Most of it in a field that nobody reads, as a build without optimisation is slow over words.
    let other = format!(", \"autre\": \"{}\"}}", "x".repeat(9_000_000));
    let long = line("long", &long).trim_end_matches('}').to_owned() + &other;
    let lines = [long, line("quimper", &attack("Quimper", 8))];
    assert!(lines[0].len() > 10_000_000);
    let done = replay(&world, &lines).ok();
    assert_eq!(ids(&done), ["long", "quimper"]);
    assert!(done.lines()[1]["incident"].is_string());
}

#[test]
fn bytes_that_are_not_utf_8_are_no_end() {
    let world = World::new();
    let mut bytes = line("latin-1", &attack("Bondy", 6)).replace('é', "#").into_bytes();
    for byte in &mut bytes {
        if *byte == b'#' {
            *byte = 0xe9;
        }
    }
    bytes.push(b'\n');
    bytes.extend_from_slice(b"\xff\xfe\x00\n");
    bytes.extend_from_slice(line("quimper", &attack("Quimper", 8)).as_bytes());
    world.write("articles.ndjson", bytes);
    let done = world
        .vigie(&["replay", "articles.ndjson"])
        .code(1)
        .says("articles.ndjson:2: ");
    assert_eq!(ids(&done), ["latin-1", "quimper"]);
}

#[test]
fn a_named_store_is_imported_into_once() {
    let world = World::new();
    world.write("articles.ndjson", articles().join("\n"));
    let import = ["replay", "articles.ndjson", "--store", "vigie-data"];
    let first = world.vigie(&import).ok();
    let before = world.everything();
    assert_eq!(before["coverage"]["articles"], 4);
    assert_eq!(before["found"], 2);
    let archive = fs::read(world.archive_file()).unwrap();
    let second = world.vigie(&import).ok();
    assert_eq!(second.stdout, first.stdout);
    assert_eq!(world.everything(), before);
    assert!(
        fs::read(world.archive_file()).unwrap() == archive,
        "the archive has grown"
    );
    world.vigie(&["rebuild"]).ok();
    assert_eq!(world.everything(), before);
    // The variable of the other commands is not taken for a wish to import.
    let mut command = world.command(&["replay", "articles.ndjson"]);
    assert!(
        command
            .env("VIGIE_STORE", world.path("autre"))
            .output()
            .unwrap()
            .status
            .success()
    );
    assert!(!world.path("autre").exists());
}

/// News on Bondy and Gien, and a recap that names both and two towns that no news reported.
fn with_recap() -> [String; 3] {
    let recap = Story {
        slug: "recap".to_owned(),
        title: "Cyberattaques : les 4 incidents majeurs de la semaine".to_owned(),
        day: 17,
        paragraphs: vec![
            "Comme chaque vendredi, notre récapitulatif des faits marquants de la semaine.".to_owned(),
            "La mairie de Bondy a été victime d'une fuite de données, revendiquée par un pirate.".to_owned(),
            "La mairie de Gien a subi une cyberattaque, et ses agents travaillent sur papier.".to_owned(),
            "Le site de la ville de Quimper a été rendu inaccessible par une attaque en déni de service.".to_owned(),
            "La mairie de Dole a été victime d'un rançongiciel.".to_owned(),
        ],
        url: None,
    };
    [
        line("bondy", &attack("Bondy", 6)),
        line("gien", &attack("Gien", 15)),
        line("recap", &recap),
    ]
}

#[test]
fn a_recap_mentions_what_is_known_and_recalls_the_rest() {
    // What is said of an incident, whatever the article says that opened it.
    let told = |world: &World| -> Vec<String> {
        let incidents = world.everything();
        let incidents = incidents["incidents"].as_array().expect("a list").iter();
        let mut told: Vec<String> = incidents
            .map(|incident| {
                let victims = incident["victims"].as_array().expect("victims");
                assert_eq!(victims.len(), 1, "{incident}");
                format!(
                    "{} {} {} {} {}",
                    victims[0]["name"].as_str().expect("a name"),
                    incident["attacks"],
                    incident["status"].as_str().expect("a status"),
                    incident["standing"].as_str().expect("a standing"),
                    incident["articles"].as_array().expect("articles").len(),
                )
            })
            .collect();
        told.sort();
        told
    };
    let expected = [
        "Ville de Bondy [\"rancongiciel\"] confirme reported 2",
        "Ville de Dole [\"rancongiciel\"] signale recalled 1",
        "Ville de Gien [\"rancongiciel\"] confirme reported 2",
        "Ville de Quimper [\"ddos\"] signale recalled 1",
    ];
    let [bondy, gien, recap] = with_recap();
    for order in [
        [&bondy, &gien, &recap],
        [&recap, &gien, &bondy],
        [&gien, &recap, &bondy],
    ] {
        let world = World::new();
        for article in order {
            world.write("un.ndjson", article);
            world.vigie(&["replay", "un.ndjson", "--store", "vigie-data"]).ok();
        }
        assert_eq!(told(&world), expected);
        // The news alone are asked for, unless what is only recalled is too.
        let query = ["query", "--country", "all", "--format", "json"];
        assert_eq!(world.vigie(&query).ok().json()["found"], 2);
        world.vigie(&["rebuild"]).ok();
        assert_eq!(told(&world), expected);
    }
}

#[test]
fn show_tells_that_an_incident_is_only_mentioned() {
    let world = World::new();
    world.write("articles.ndjson", with_recap().join("\n"));
    let done = world
        .vigie(&["replay", "articles.ndjson", "--store", "vigie-data"])
        .ok();
    assert_eq!(
        done.lines()[2]["incident"],
        "ville-de-bondy-2023-11",
        "the main one: {done}"
    );
    world
        .vigie(&["show", "ville-de-quimper-2023-11"])
        .ok()
        .prints("La Gazette · Récapitulatif")
        .prints("récapitulatif : cité parmi 4 incidents")
        .prints("connu seulement par des procès ou des bilans");
    // Each incident shows the words about its own victim.
    let gien = world
        .vigie(&["show", "ville-de-gien-2023-11", "--format", "json"])
        .ok()
        .json();
    let of_recap = &gien["readings"][1];
    let words: Vec<&str> = of_recap["evidence"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|piece| piece["words"].as_str().expect("words"))
        .collect();
    assert_eq!(words, ["mairie de Gien", "cyberattaque"], "{of_recap}");
}
