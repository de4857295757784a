//! What analysts decide: written into `corrections.toml` by commands, obeyed by every later run, rebuild and replay.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::outlet::{attack, quiet};
use crate::world::{Done, World};

/// Bondy, told by two outlets; Quimper; and a quiet story.
fn world() -> World {
    let world = World::new();
    world
        .outlet("gazette")
        .publish(&[attack("Bondy", 6), attack("Quimper", 8), quiet("Gien", 7)]);
    world.outlet("courrier").publish(&[attack("Bondy", 7)]);
    world.collect().ok();
    assert_eq!(sizes(&world), [("bondy".to_owned(), 2), ("quimper".to_owned(), 1)]);
    world
}

/// A command of an analyst's.
fn decide(world: &World, args: &[&str]) -> Done {
    world.vigie(&[args, &["--by", "aline"]].concat())
}

/// The incidents in answers: the town in their id, and how many articles they have.
fn sizes(world: &World) -> Vec<(String, usize)> {
    let answer = world.everything();
    let mut sizes: Vec<(String, usize)> = answer["incidents"]
        .as_array()
        .expect("incidents")
        .iter()
        .map(|incident| {
            let id = incident["id"].as_str().expect("an id");
            let town = if id.contains("bondy") { "bondy" } else { "quimper" };
            (
                town.to_owned(),
                incident["articles"].as_array().expect("articles").len(),
            )
        })
        .collect();
    sizes.sort();
    sizes
}

fn shown(world: &World, id: &str) -> Value {
    world.vigie(&["show", id, "--format", "json"]).ok().json()
}

fn id_of(world: &World, words: &str) -> String {
    shown(world, words)["incident"]["id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

fn article_of(world: &World, words: &str, index: usize) -> (String, String) {
    let article = shown(world, words)["incident"]["articles"][index].clone();
    let text = |field: &str| article[field].as_str().expect("a text").to_owned();
    (text("id"), text("url"))
}

fn file(world: &World) -> String {
    fs::read_to_string(world.path("corrections.toml")).unwrap_or_default()
}

/// The answer stays the same after each way of making the base again.
fn survives(world: &World) {
    let before = world.everything()["incidents"].clone();
    world.vigie(&["rebuild"]).ok();
    assert_eq!(world.everything()["incidents"], before, "after a rebuild");
    fs::remove_dir_all(world.path("vigie-data/base")).unwrap();
    assert_eq!(world.everything()["incidents"], before, "after the base was lost");
    world.collect().ok();
    assert_eq!(world.everything()["incidents"], before, "after a pass");
}

#[test]
fn two_incidents_become_one_and_two_again_when_it_is_taken_back() {
    let world = world();
    let (bondy, quimper) = (id_of(&world, "bondy"), id_of(&world, "quimper"));
    decide(&world, &["merge", "bondy", "quimper", "--reason", "même prestataire"])
        .ok()
        .says("[[merge]] written")
        .says("one incident now: ")
        .says("(3 articles)");
    let text = file(&world);
    for words in [&*bondy, &*quimper, "by = \"aline\"", "reason = \"même prestataire\""] {
        assert!(text.contains(words), "no `{words}` in {text}");
    }
    assert_eq!(sizes(&world).len(), 1);
    assert_eq!(id_of(&world, &bondy), id_of(&world, &quimper), "both ids lead to it");
    survives(&world);
    decide(&world, &["merge", &bondy, &quimper])
        .ok()
        .says("one incident already");
    assert_eq!(file(&world), text);
    // A person takes the table out of the file.
    world.write("corrections.toml", "# rien\n");
    assert_eq!(sizes(&world), [("bondy".to_owned(), 2), ("quimper".to_owned(), 1)]);
    assert_eq!((id_of(&world, &bondy), id_of(&world, &quimper)), (bondy, quimper));
}

#[test]
fn an_incident_is_split_and_stays_so() {
    let world = world();
    let (id, url) = article_of(&world, "bondy", 1);
    for article in ["2", &url, &id[..6]] {
        let done = decide(&world, &["split", "bondy", article, "--dry-run"]).ok();
        assert!(done.stderr.contains("[[split]]") && done.stderr.contains(&id), "{done}");
    }
    assert_eq!(file(&world), "");
    decide(&world, &["split", "bondy", &id])
        .ok()
        .says("two incidents now: ");
    let apart = [
        ("bondy".to_owned(), 1),
        ("bondy".to_owned(), 1),
        ("quimper".to_owned(), 1),
    ];
    assert_eq!(sizes(&world), apart);
    survives(&world);
    assert_eq!(sizes(&world), apart);
    let several = world.vigie(&["show", "bondy"]).code(2).says("several");
    let ids: Vec<&str> = several.stderr.trim().rsplit(": ").next().unwrap().split(", ").collect();
    decide(&world, &["merge", ids[0], ids[1]])
        .code(2)
        .says("the [[split]] at corrections.toml:")
        .says("Nothing was written");
}

#[test]
fn what_is_forbidden_is_not_merged_and_what_is_merged_not_forbidden() {
    let world = world();
    decide(&world, &["forbid", "bondy", "quimper", "--reason", "deux villes"])
        .ok()
        .says("stay two");
    let before = file(&world);
    decide(&world, &["merge", "quimper", "bondy"])
        .code(2)
        .says("the [[forbid]] at corrections.toml:6 (deux villes) says otherwise");
    assert_eq!(file(&world), before);
    decide(&world, &["forbid", "quimper", "bondy"])
        .ok()
        .says("says so already");
    decide(&world, &["forbid", "bondy", "bondy"])
        .code(2)
        .says("vigie split");
    // By hand too.
    let (one, _) = article_of(&world, "bondy", 0);
    let (other, _) = article_of(&world, "quimper", 0);
    world.write(
        "corrections.toml",
        format!("{before}\n[[merge]]\narticles = [\"{one}\", \"{other}\"]\n"),
    );
    world
        .vigie(&["query"])
        .code(2)
        .says("this [[merge]] contradicts the [[forbid]] of line 6");
}

#[test]
fn labels_are_given_shown_found_and_noted() {
    let world = world();
    decide(
        &world,
        &[
            "relabel",
            "bondy",
            "sector=santé",
            "attacks=ddos",
            "commune=29232",
            "status=revendique",
        ],
    )
    .ok()
    .says("sector: collectivite -> sante")
    .says("commune: Bondy (93010) -> Quimper (29232)");
    let found = |args: &[&str]| {
        let args = [&["query", "--format", "json"], args].concat();
        world.vigie(&args).ok().json()["found"].as_u64().expect("a number")
    };
    assert_eq!(
        found(&[
            "--sector",
            "sante",
            "--attack",
            "ddos",
            "--departement",
            "29",
            "--status",
            "revendique"
        ]),
        1
    );
    assert_eq!(found(&["--departement", "93"]), 0);
    world
        .vigie(&["show", "bondy"])
        .ok()
        .prints("secteur : Collectivités territoriales et établissements locaux → Santé")
        .prints("corrigé par aline");
    survives(&world);
    // A new article does not take it back, and the last word counts.
    world.outlet("veille").publish(&[attack("Bondy", 9)]);
    world.vigie(&["collect", "--only", "veille"]).ok();
    assert_eq!(shown(&world, "bondy")["incident"]["sector"], "sante");
    assert_eq!(
        shown(&world, "bondy")["incident"]["articles"].as_array().unwrap().len(),
        3
    );
    decide(&world, &["relabel", "bondy", "sector=energie"])
        .ok()
        .says("-> energie");
    assert_eq!(shown(&world, "bondy")["incident"]["sector"], "energie");
    world.write("corrections.toml", "");
    assert_eq!(shown(&world, "bondy")["incident"]["sector"], "collectivite");
}

#[test]
fn what_is_no_incident_leaves_all_answers_but_can_be_shown() {
    let world = world();
    decide(&world, &["relabel", "bondy", "incident=no", "--reason", "un exercice"])
        .ok()
        .says("is in no answer any more");
    assert_eq!(sizes(&world), [("quimper".to_owned(), 1)]);
    world.vigie(&["show", "bondy"]).ok().prints("écarté par un analyste");
    assert_eq!(shown(&world, "bondy")["dismissed"], true);
    survives(&world);
    decide(&world, &["relabel", "bondy", "incident=yes"]).ok();
    assert_eq!(sizes(&world).len(), 2);
}

/// All that can be read of a store's archive.
fn archived(world: &World) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(world.path("vigie-data/archive")).expect("an archive") {
        let path = entry.expect("an entry").path();
        let bytes = fs::read(&path).expect("a file");
        let text = if path.extension().is_some_and(|ending| ending == "zst") {
            zstd::decode_all(&*bytes).expect("whole frames")
        } else {
            bytes
        };
        all.push_str(&String::from_utf8_lossy(&text));
    }
    all
}

#[test]
fn a_forgotten_article_leaves_no_word_behind_and_does_not_come_back() {
    let world = World::new();
    let gazette = world.outlet("gazette");
    let (bondy, quimper) = (attack("Bondy", 6), attack("Quimper", 8));
    gazette.publish(&[bondy.clone(), quimper.clone()]);
    world.collect().ok();
    let url = gazette.page_url(&bondy);
    assert!(archived(&world).contains(&bondy.title) && archived(&world).contains(&url));
    decide(&world, &["forget", &url, "--reason", "demande du 3 juin"])
        .ok()
        .says("[[forget]] written")
        .says("erased from base and archive");
    for words in [&url, &bondy.title, &bondy.slug] {
        assert!(!archived(&world).contains(words.as_str()), "`{words}` is still there");
        assert!(
            !file(&world).contains(words.as_str()),
            "`{words}` is in corrections.toml"
        );
    }
    assert!(archived(&world).contains(&quimper.title));
    assert_eq!(sizes(&world), [("quimper".to_owned(), 1)]);
    world.vigie(&["show", "bondy"]).code(2).says("no incident");
    // The feed still has it, and so has another.
    world.outlet("courrier").publish(&[crate::outlet::Story {
        url: Some(url.clone()),
        ..bondy.clone()
    }]);
    let asked = gazette.page_asked(&bondy);
    gazette.publish(&[bondy.clone(), quimper.clone(), quiet("Gien", 9)]);
    world.collect().ok().says("1 new articles");
    assert_eq!(gazette.page_asked(&bondy), asked, "its page is not fetched again");
    assert_eq!(world.articles(), 2);
    world.vigie(&["rebuild"]).ok().says("2 articles, 1 incidents");
    // Nor by an import.
    let line = json!({"id": "import", "url": url, "published": "2023-11-06", "title": bondy.title, "text": bondy.paragraphs.join("\n")});
    world.write("import.ndjson", line.to_string());
    let done = world.vigie(&["replay", "import.ndjson", "--store", "vigie-data"]).ok();
    assert_eq!(done.lines()[0]["incident"], Value::Null);
    assert_eq!(world.articles(), 2);
    // Even where corrections.toml was lost.
    fs::remove_file(world.path("corrections.toml")).unwrap();
    world.collect().ok();
    assert_eq!(world.articles(), 2);
    assert!(!archived(&world).contains(&bondy.title));
}

#[test]
fn what_was_decided_by_a_forgotten_article_goes_on_by_another() {
    let world = world();
    decide(&world, &["relabel", "bondy", "sector=sante"]).ok();
    let (anchor, _) = article_of(&world, "bondy", 0);
    assert!(file(&world).contains(&anchor));
    decide(&world, &["forget", &anchor]).ok();
    assert_eq!(sizes(&world), [("bondy".to_owned(), 1), ("quimper".to_owned(), 1)]);
    assert_eq!(shown(&world, "bondy")["incident"]["sector"], "sante");
}

#[test]
fn erasing_waits_for_a_pass_under_way() {
    let world = World::new();
    let gazette = world.outlet("gazette");
    let bondy = attack("Bondy", 6);
    gazette.publish(std::slice::from_ref(&bondy));
    world.collect().ok();
    let slow = world.outlet("lent");
    let story = attack("Quimper", 8);
    slow.publish(std::slice::from_ref(&story));
    slow.slow_down(std::slice::from_ref(&story), std::time::Duration::from_secs(8));
    let pass = world.start(&["collect", "--force"]);
    crate::world::until("the pass fetches a page", || slow.page_asked(&story) > 0);
    decide(&world, &["forget", &gazette.page_url(&bondy)])
        .code(1)
        .says("stay in the archive until the pass");
    pass.wait().ok();
    assert!(archived(&world).contains(&bondy.title));
    world.vigie(&["query"]).ok();
    assert!(!archived(&world).contains(&bondy.title), "the next command finishes it");
    assert_eq!(world.articles(), 1);
}

#[test]
fn mistakes_are_2_and_say_what_is_near() {
    let world = world();
    for (args, words) in [
        (&["merge", "bondi", "quimper"][..], "no incident `bondi`"),
        (&["merge", "ville", "quimper"], "several"),
        (&["split", "bondy", "9"], "there is no article 9"),
        (&["split", "bondy", "zzzz"], "no article `zzzz`"),
        (&["split", "bondy", "1", "2"], "leave at least one"),
        (&["relabel", "bondy", "sector=santee"], "did you mean `sante`?"),
        (&["relabel", "bondy", "secteur=sante"], "did you mean `sector`?"),
        (&["relabel", "bondy", "sector"], "write LABEL=VALUE"),
        (&["relabel", "bondy", "commune=Orléans"], "45234"),
        (&["relabel", "bondy", "sector=sante", "sector=etat"], "given twice"),
        (&["forget", "abcd"], "no article `abcd`"),
    ] {
        decide(&world, args).code(2).says(words);
        assert_eq!(file(&world), "", "{args:?}");
    }
    world.write("corrections.toml", "[[merge]]\narticles = [\"x\"]\n");
    for args in [
        &["query"][..],
        &["collect"],
        &["rebuild"],
        &["corrections"],
        &["merge", "bondy", "quimper"],
    ] {
        world
            .vigie(args)
            .code(2)
            .says("`x` is no article")
            .says("corrections.toml:2:");
    }
    let empty = World::new();
    empty.vigie(&["merge", "a", "b"]).code(3).says("there is no store");
}

#[test]
fn the_decisions_are_listed() {
    let world = world();
    world.vigie(&["corrections"]).ok().prints("nothing was decided");
    decide(&world, &["relabel", "bondy", "sector=sante", "--reason", "un CCAS"]).ok();
    world
        .vigie(&["corrections"])
        .ok()
        .prints("corrections.toml:6  relabel")
        .prints("sector=sante (aline, ")
        .prints(": un CCAS)");
    let listed = world.vigie(&["corrections", "--format", "json"]).ok().json();
    assert_eq!(listed["schema"], "vigie.corrections/1");
    assert_eq!(listed["decisions"][0]["set"][0], json!(["sector", "sante"]));
    // Elsewhere, or without the file, what was decided last is not taken back.
    let elsewhere = world.path("ailleurs.toml");
    assert!(!Path::new(&elsewhere).exists());
    let done = world
        .vigie(&["query", "--sector", "sante", "--corrections", "ailleurs.toml"])
        .ok();
    assert!(done.stdout.contains("1 incident"), "{done}");
    done.says("ailleurs.toml is not there; the 1 decisions");
    decide(
        &world,
        &["relabel", "quimper", "sector=sante", "--corrections", "ailleurs.toml"],
    )
    .code(2)
    .says("which a new file would take back");
    assert!(!elsewhere.exists());
}

#[test]
fn a_running_watch_obeys_what_is_decided_meanwhile() {
    let world = world();
    let watch = world.start(&["watch"]);
    crate::world::until("the watch answers", || world.path("vigie-data/vigie.sock").exists());
    decide(&world, &["relabel", "bondy", "sector=sante"]).ok();
    let found = || {
        world
            .vigie(&["query", "--sector", "sante", "--format", "json"])
            .ok()
            .json()["found"]
            .clone()
    };
    assert_eq!(found(), 1);
    world.write("corrections.toml", "");
    assert_eq!(found(), 0, "what is taken back by hand too");
    watch.terminate();
    watch.wait().ok();
}
