//! `vigie query`: its formats, its mistakes, and what it says when it finds nothing.

use std::io::Read;
use std::process::Stdio;

use serde_json::Value;

use crate::killed;
use crate::outlet::{TOWNS, attack, quiet};
use crate::world::World;

fn world() -> World {
    let world = World::new();
    world
        .outlet("gazette")
        .publish(&[attack("Bondy", 6), attack("Quimper", 8), quiet("Gien", 7)]);
    world.collect().ok();
    world
}

#[test]
fn formats() {
    let world = world();
    let json = world.vigie(&["query", "--format", "json"]).ok().json();
    assert_eq!(json["schema"], "vigie.query/1");
    assert_eq!(json["found"], 2);
    assert_eq!(json["coverage"]["articles"], 3);
    let incidents = json["incidents"].as_array().unwrap();
    let lines = world.vigie(&["query", "--format", "ndjson"]).ok().lines();
    assert_eq!(&lines, incidents, "the same incidents, one a line");
    let csv = world.vigie(&["query", "--format", "csv"]).ok().stdout;
    assert_eq!(csv.lines().count(), 3);
    assert!(csv.starts_with("id,date,date_of,victim,"), "{csv}");
    let md = world.vigie(&["query", "--format", "md"]).ok().stdout;
    assert!(md.starts_with("| Date | Victime |"), "{md}");
    assert_eq!(md.lines().filter(|line| line.contains("Quimper")).count(), 1, "{md}");
    let table = world.vigie(&["query"]).ok();
    assert!(
        table.stdout.contains("Bondy") && table.stdout.contains("2 incidents trouvés"),
        "{table}"
    );
    assert!(
        !table.stdout.contains('\u{1b}'),
        "no colours where there is no terminal: {table}"
    );
    // Words for people go beside what is for programs.
    for format in ["json", "ndjson", "csv"] {
        world
            .vigie(&["query", "--format", format])
            .ok()
            .says("2 incidents trouvés");
    }
    // The same question gives the same bytes.
    for format in ["json", "ndjson", "csv", "md", "table"] {
        let ask = || world.vigie(&["query", "--format", format]).ok().stdout;
        assert_eq!(ask(), ask(), "{format}");
    }
}

#[test]
fn filters_narrow_down() {
    let world = world();
    let found = |args: &[&str]| {
        let args = [&["query", "--format", "json"], args].concat();
        world.vigie(&args).ok().json()["found"].as_u64().unwrap()
    };
    for (args, expected) in [
        (&["--sector", "collectivite"][..], 2),
        (&["--sector", "sante"], 0),
        (&["--departement", "93"], 1),
        (&["--departement", "finistère"], 1),
        (&["--region", "bretagne"], 1),
        (&["--commune", "quimper"], 1),
        (&["--departement", "29", "93"], 2),
        (&["--departement", "29", "--region", "11"], 0),
        (&["--attack", "RANÇONGICIEL"], 2),
        (&["--victim", "bondy"], 1),
        (&["--text", "etat", "civil"], 2),
        (&["--text", "patinoire"], 0),
        (&["--since", "2023-11-07"], 1),
        (&["--until", "2023-11-07"], 1),
        (&["--since", "novembre", "2023"], 2),
        (&["--since", "30d"], 0),
        (&["--country", "DE"], 0),
    ] {
        assert_eq!(found(args), expected, "{args:?}");
    }
    let limited = world.vigie(&["query", "--limit", "1", "--format", "json"]).ok().json();
    assert_eq!(
        (&limited["found"], limited["incidents"].as_array().unwrap().len()),
        (&2.into(), 1)
    );
}

#[test]
fn mistakes_are_2_and_propose_what_is_near() {
    let world = world();
    for (args, words) in [
        (&["--sector", "santee"][..], "sante"),
        (&["--attack", "rancogiciel"], "rancongiciel"),
        (&["--departement", "Loirett"], "Loiret"),
        (&["--level", "comune"], "commune"),
        (&["--status", "confirmé-ish"], "confirme"),
        (&["--since", "avant-hier matin"], "30d"),
        (&["--sort", "datte"], "date"),
        (&["--country", "France entière"], "country"),
    ] {
        let args = [&["query"], args].concat();
        let done = world.vigie(&args).code(2).says(words);
        assert_eq!(done.stdout, "", "{args:?}");
    }
}

#[test]
fn an_empty_answer_says_what_stands_behind_it() {
    let world = world();
    let done = world.vigie(&["query", "--sector", "sante", "--since", "30d"]).ok();
    for words in [
        "Aucun incident trouvé",
        "sante",
        "1 flux suivi",
        "3 articles",
        "2 incidents en base depuis le",
    ] {
        assert!(
            done.stdout.to_lowercase().contains(&words.to_lowercase()),
            "no `{words}` in {done}"
        );
    }
    let json = world
        .vigie(&["query", "--sector", "sante", "--format", "json"])
        .ok()
        .json();
    assert_eq!(json["incidents"], Value::Array(Vec::new()));
    assert_eq!(json["coverage"]["feeds"], 1);
    let csv = world
        .vigie(&["query", "--sector", "sante", "--format", "csv"])
        .ok()
        .stdout;
    assert_eq!(csv.lines().count(), 1, "the header stays");
    assert_eq!(
        world
            .vigie(&["query", "--sector", "sante", "--format", "ndjson"])
            .ok()
            .stdout,
        ""
    );
}

#[test]
fn queries_are_answered_all_along_a_pass() {
    let world = World::new();
    killed::press(&world);
    let articles = || world.vigie(&["query", "--format", "json"]).ok().json()["coverage"]["articles"].as_u64();
    let first = world.outlet("premier");
    first.publish(&[attack("Bondy", 6)]);
    world.vigie(&["collect", "--only", "premier"]).ok();
    let mut pass = world.start(&["collect"]);
    let mut counts = vec![articles()];
    while pass.is_running() {
        counts.push(articles());
    }
    pass.wait().ok();
    counts.push(articles());
    assert_eq!(counts.last(), Some(&Some(181)));
    assert!(counts.is_sorted(), "{counts:?}");
}

#[test]
fn show_names_one() {
    let world = world();
    let shown = world.vigie(&["show", "bondy", "--format", "json"]).ok().json();
    let id = shown["incident"]["id"]
        .as_str()
        .or(shown["id"].as_str())
        .expect("an id")
        .to_owned();
    world.vigie(&["show", &id]).ok().prints("Bondy").prints("rançongiciel");
    world.vigie(&["show", "ville"]).code(2).says("several");
    world.vigie(&["show", "loiret"]).code(2).says("no incident `loiret`");
}

/// `vigie query | head -1`, and `vigie query 2>&1 | head -1`.
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let world = World::new();
    let stories: Vec<_> = TOWNS.iter().map(|town| attack(town, 6)).collect();
    world.outlet("gazette").publish(&stories);
    world.collect().ok();
    for args in [
        &["query", "--format", "json"][..],
        &["query", "--format", "table"],
        &["show", "bondy"],
        &["feeds", "list"],
        &["collect", "--force"],
        &["collect", "--force", "--report", "json"],
        &["demo"],
        &["rebuild"],
    ] {
        // The reader is gone before the first word.
        let mut child = world
            .command(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        drop(child.stderr.take());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{args:?}");
    }
    // It reads a little first.
    let mut child = world
        .command(&["query", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 10]).unwrap();
    drop(stdout);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
