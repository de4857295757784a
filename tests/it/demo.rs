//! `vigie demo`: the first command of the README.

use crate::world::World;

#[test]
fn the_demonstration_runs_offline_and_keeps_nothing() {
    let world = World::new();
    let done = world.vigie(&["demo"]).ok();
    assert!(done.stdout.contains("Loiret"), "{done}");
    done.says("FAILED").says("vigie demo --store");
    assert!(!world.path("vigie-data").exists());
    assert_eq!(
        std::fs::read_dir(world.path(".")).unwrap().count(),
        0,
        "nothing is left behind"
    );
}

#[test]
fn a_kept_demonstration_can_be_asked() {
    let world = World::new();
    world
        .vigie(&["demo", "--store", "demo-data"])
        .ok()
        .says("vigie show loiret --store demo-data");
    world
        .vigie(&["show", "loiret", "--store", "demo-data"])
        .ok()
        .prints("Loiret")
        .prints("LockBit");
    let shown = world
        .vigie(&["show", "loiret", "--store", "demo-data", "--format", "json"])
        .ok()
        .json();
    assert!(shown.is_object());
    let before = world.everything_in("demo-data");
    assert!(before["found"].as_u64().unwrap() >= 10, "{before:#}");
    world
        .vigie(&[
            "query",
            "--store",
            "demo-data",
            "--sector",
            "collectivite",
            "--departement",
            "Loiret",
        ])
        .ok()
        .prints("Loiret");
    world.vigie(&["rebuild", "--store", "demo-data"]).ok();
    assert_eq!(world.everything_in("demo-data"), before);
    // The imaginary press is not mixed into a store that there is.
    world
        .vigie(&["demo", "--store", "demo-data"])
        .code(2)
        .says("demo-data is not empty");
    assert_eq!(world.everything_in("demo-data"), before);
}
