//! The gold articles, read by the shipped models: no figure may fall below its floor.

use std::path::Path;

use crate::world::World;

fn shipped(file: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file).display().to_string()
}

#[test]
fn no_figure_falls_below_its_floor() {
    let world = World::new();
    for part in ["dev", "held-out"] {
        world
            .vigie(&[
                "eval",
                &shipped("data/gold/gold.jsonl"),
                "--part",
                part,
                "--floors",
                &shipped("data/gold/floors.toml"),
            ])
            .ok();
    }
}

#[test]
fn a_figure_below_its_floor_is_1_and_named_and_floors_only_rise() {
    let world = World::new();
    let article = r#"{"id":"a","url":"https://exemple.fr/a","outlet":"Exemple","published":"2026-01-01","title":"La mairie de Lille victime d'une cyberattaque","text":"La ville de Lille a porté plainte.","kind":"incident","incidents":[{"key":"lille","victim":"Ville de Lille","sector":"collectivite","level":"commune","attacks":["indetermine"],"dept":"59","country":"FR","status":"confirme","actor":null,"event":null}]}"#;
    world.write("un.jsonl", article);
    let floors = "[all]\n\"detection F1\" = 0.500\n\"day accuracy\" = 0.500\n";
    let file = world.write("planchers.toml", floors);
    let eval = ["eval", "un.jsonl", "--floors", "planchers.toml"];
    world
        .vigie(&eval)
        .code(1)
        .says("day accuracy is NaN, below its floor of 0.500");
    world.write("planchers.toml", floors.replace("\"day accuracy\" = 0.500\n", ""));
    world.vigie(&[&eval[..], &["--lift"]].concat()).ok();
    let lifted = std::fs::read_to_string(file).unwrap();
    assert!(lifted.contains("\"detection F1\" = 1.000"), "{lifted}");
    world.write("planchers.toml", "[all]\n\"F1\" = 0.5\n");
    world
        .vigie(&eval)
        .code(2)
        .says("planchers.toml:2: no figure is called \"F1\"");
}
