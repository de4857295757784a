//! `vigie train`: weights from labelled articles, written so that the program reads them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::world::World;

/// Labelled articles of our own: towns attacked in several ways, and as many that only look like it.
fn labelled() -> String {
    let towns = ["Lille", "Bondy", "Orléans", "Rouen", "Angers", "Dole", "Brest", "Caen"];
    let mut lines = String::new();
    for (number, town) in towns.iter().cycle().take(32).enumerate() {
        let day = number % 27 + 1;
        let month = number % 3 + 1;
        let incident = format!(
            r#"{{"id":"i{number}","url":"https://exemple.fr/i{number}","outlet":"Exemple","published":"2026-0{month}-{day:02}","title":"La mairie de {town} victime d'une cyberattaque","text":"Un rançongiciel a paralysé les serveurs de la ville de {town}, qui a porté plainte. Article {number}.","kind":"incident","incidents":[{{"key":"ville-{number}","victim":"Ville de {town}","sector":"collectivite","level":"commune","attacks":["rancongiciel"],"dept":null,"country":"FR","status":"confirme","actor":null,"event":null}}]}}"#
        );
        let advice = format!(
            r#"{{"id":"c{number}","url":"https://exemple.fr/c{number}","outlet":"Exemple","published":"2026-0{month}-{day:02}","title":"Cyberattaques : nos conseils aux mairies","text":"Voici comment protéger les serveurs de votre commune contre un rançongiciel, numéro {number}, à {town}.","kind":"conseil","incidents":[]}}"#
        );
        let _ = writeln!(lines, "{incident}\n{advice}");
    }
    lines
}

/// Copies the shipped models into the world, for their weights to be replaced.
fn own_models(world: &World) {
    for folder in ["keywords", "gazetteer"] {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(folder);
        for entry in fs::read_dir(shipped).expect("shipped models") {
            let entry = entry.expect("a file");
            let name = format!("donnees/{folder}/{}", entry.file_name().to_string_lossy());
            world.write(&name, fs::read(entry.path()).expect("its text"));
        }
    }
}

#[test]
fn what_is_learned_is_written_the_same_each_time_and_read_back() {
    let world = World::new();
    world.write("articles.jsonl", labelled());
    own_models(&world);
    let votes = world.path("donnees/keywords/votes.toml");
    let shipped = fs::read_to_string(&votes).unwrap();
    let dry = world
        .vigie(&["train", "articles.jsonl", "--out", "donnees", "--dry-run"])
        .ok();
    assert!(
        dry.stdout.contains("fitted to 64 articles, 32 with an incident"),
        "{}",
        dry.stdout
    );
    assert_eq!(fs::read_to_string(&votes).unwrap(), shipped, "a dry run writes nothing");

    let train = &["train", "articles.jsonl", "--out", "donnees"];
    let told = world.vigie(train).ok();
    let first = fs::read_to_string(&votes).unwrap();
    assert!(first.contains("articles = 64\nincident_articles = 32\n"), "{first}");
    assert!(
        told.stdout.contains("written: donnees/keywords/votes.toml"),
        "{}",
        told.stdout
    );
    world.vigie(train).ok();
    assert_eq!(
        fs::read_to_string(&votes).unwrap(),
        first,
        "the same articles give the same weights"
    );

    let classify = &["classify", "--data", "donnees", "--title"];
    let incident = world.vigie_with(
        &[&classify[..], &["La mairie de Nevers victime d'une cyberattaque"]].concat(),
        "Un rançongiciel a paralysé les serveurs de la ville de Nevers, qui a porté plainte.",
    );
    let advice = world.vigie_with(
        &[&classify[..], &["Cyberattaques : nos conseils aux mairies"]].concat(),
        "Voici comment protéger les serveurs de votre commune contre un rançongiciel.",
    );
    assert!(incident.ok().stdout.contains("\"tells_incident\": true"));
    assert!(advice.ok().stdout.contains("\"tells_incident\": false"));
}

#[test]
fn cross_validation_gives_figures_with_intervals_and_writes_nothing() {
    let world = World::new();
    world.write("articles.jsonl", labelled());
    own_models(&world);
    let votes = world.path("donnees/keywords/votes.toml");
    let shipped = fs::read_to_string(&votes).unwrap();
    for by in ["incident", "month"] {
        let told = world
            .vigie(&["train", "articles.jsonl", "--out", "donnees", "--cross-validate", by])
            .ok();
        let line = told.stdout.lines().find(|line| line.contains("detection F1"));
        let figure: f64 = line
            .and_then(|line| line.split_whitespace().nth(2)?.parse().ok())
            .expect("a figure");
        assert!(figure > 0.9, "{}", told.stdout);
        assert!(
            told.stdout
                .contains(" articles, each judged by votes fitted without its incident")
        );
    }
    assert_eq!(fs::read_to_string(&votes).unwrap(), shipped);
    let some = world
        .vigie(&[
            "train",
            "articles.jsonl",
            "--cross-validate",
            "incident",
            "--from",
            "2026-03-01",
        ])
        .ok();
    assert!(some.stdout.contains("articles.jsonl: 20 articles"), "{}", some.stdout);
}

#[test]
fn proposals_are_phrases_that_the_models_can_read() {
    let world = World::new();
    let unknown = labelled().replace(
        "qui a porté plainte",
        "dont les imprimantes crachent des messages fleuris",
    );
    world.write("articles.jsonl", unknown);
    own_models(&world);
    let told = world.vigie(&["train", "articles.jsonl", "--suggest"]).ok();
    assert!(told.stdout.contains("\"crachent\" = 1 # "), "{}", told.stdout);
    world.write(
        "donnees/keywords/words.toml",
        format!("[word]\n{}", first_proposals(&told.stdout)),
    );
    world.vigie_with(&["classify", "--data", "donnees"], "x").ok();
}

/// The lines up to the second label: no phrase is there twice.
fn first_proposals(text: &str) -> String {
    let proposals = text.split("\n# speaks for ").nth(1).expect("a label");
    let lines = proposals.lines().skip(1);
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn bad_labels_and_a_folder_without_models_are_2_with_the_place() {
    let world = World::new();
    world.write("articles.jsonl", labelled().replace("\"conseil\"", "\"conseils\""));
    world
        .vigie(&["train", "articles.jsonl", "--dry-run"])
        .code(2)
        .says("articles.jsonl:2:")
        .says("conseils");
    world.write("articles.jsonl", labelled());
    world
        .vigie(&["train", "articles.jsonl", "--out", "nulle-part"])
        .code(2)
        .says("nulle-part/keywords/votes.toml");
    world.vigie(&["train", "absent.jsonl"]).code(2).says("absent.jsonl");
}
