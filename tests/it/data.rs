//! `--data DIR`: keywords and gazetteer of the user's, and the mistakes in them.

use std::fs;
use std::path::Path;

use crate::outlet::attack;
use crate::world::World;

/// Copies `data/keywords` into the world, to be edited there.
fn own_keywords(world: &World) {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/keywords");
    for entry in fs::read_dir(shipped).expect("data/keywords") {
        let entry = entry.expect("a file");
        let name = format!("donnees/keywords/{}", entry.file_name().to_string_lossy());
        world.write(&name, fs::read(entry.path()).expect("its text"));
    }
}

#[test]
fn a_copy_of_what_is_built_in_says_the_same() {
    let world = World::new();
    own_keywords(&world);
    let story = attack("Bondy", 6);
    let text = format!("{}\n\n{}\n", story.title, story.paragraphs.join("\n"));
    let args = ["classify", "--published", "2023-11-06"];
    let built_in = world.vigie_with(&args, text.clone()).ok();
    let own = world
        .vigie_with(&[&args[..], &["--data", "donnees"]].concat(), text)
        .ok();
    assert_eq!(own.stdout, built_in.stdout);
}

#[test]
fn a_mistake_is_2_with_file_and_line() {
    let world = World::new();
    world.outlet("gazette").publish(&[attack("Bondy", 6)]);
    own_keywords(&world);
    let path = world.path("donnees/keywords/attacks.toml");
    let shipped = fs::read_to_string(&path).unwrap();
    let line = shipped.lines().count() + 2;
    let wrong = format!("{shipped}\n[rancon-giciel]\nstrong = [\"chiffré par des pirates\"]\n");
    fs::write(&path, wrong).unwrap();
    let place = format!("attacks.toml:{line}");
    for args in [
        &["collect", "--data", "donnees"][..],
        &["classify", "--data", "donnees"],
        &["query", "--data", "donnees"],
        &["watch", "--data", "donnees"],
    ] {
        world.vigie(args).code(2).says(&place).says("rancon-giciel");
    }
    assert!(!world.path("vigie-data").exists(), "a mistake makes no store");
    fs::write(&path, "rancongiciel = [\n").unwrap();
    world
        .vigie(&["classify", "--data", "donnees"])
        .code(2)
        .says("attacks.toml:");
}

#[test]
fn a_folder_that_has_nothing_of_it_is_a_mistake() {
    let world = World::new();
    world
        .vigie_with(&["classify", "--data", "nulle-part"], "x")
        .code(2)
        .says("nulle-part");
    world.write("autre/lisez-moi.txt", "rien");
    world
        .vigie_with(&["classify", "--data", "autre"], "x")
        .code(2)
        .says("autre");
}
