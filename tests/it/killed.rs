//! `kill -9` at any moment of a pass: what follows loses nothing and doubles nothing.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::outlet::{Story, TOWNS, attack, quiet};
use crate::world::World;

const KILLS: u32 = 20;

/// Outlets of very different sizes, so that they become whole at different moments, and a pass has
/// several commits. Every attack is told by two outlets or more.
pub fn press(world: &World) {
    let sizes = [
        ("gazette", 50),
        ("courrier", 52),
        ("fil", 8),
        ("echo", 54),
        ("tribune", 16),
    ];
    for (number, (id, size)) in sizes.into_iter().enumerate() {
        let outlet = world.outlet(id);
        let stories: Vec<Story> = (0..size)
            .map(|story| {
                let town = TOWNS[(story * 7 + number) % TOWNS.len()];
                let day = 1 + (story % 28) as u32;
                let mut told = if story % 3 == 0 {
                    attack(town, 6)
                } else {
                    quiet(town, day)
                };
                told.slug = format!("{}-{story}", told.slug);
                told
            })
            .collect();
        outlet.publish(&stories);
        outlet.slow_down(&stories, Duration::from_millis(3));
    }
}

/// What must be the same in the end: all but the moments of the passes.
fn essence(world: &World, store: &str) -> Value {
    let mut answer = world.everything_in(store);
    for moment in ["since", "last_success"] {
        answer["coverage"][moment].take();
    }
    let feeds = world
        .vigie(&["feeds", "list", "--format", "json", "--store", store])
        .ok()
        .json();
    let seen: Vec<&Value> = feeds
        .as_array()
        .unwrap()
        .iter()
        .map(|feed| &feed["state"]["entries_seen"])
        .collect();
    serde_json::json!({
        "coverage": answer["coverage"],
        "incidents": answer["incidents"],
        "entries seen": seen,
    })
}

#[test]
fn twenty_kills_lose_nothing_and_double_nothing() {
    let world = World::new();
    press(&world);
    let start = Instant::now();
    world.vigie(&["collect", "--store", "undisturbed"]).ok();
    let pass = start.elapsed();
    let expected = essence(&world, "undisturbed");
    assert_eq!(expected["coverage"]["articles"], 180);

    let mut kills_under_way = 0;
    let mut stores_with_a_part = 0;
    for kill in 0..KILLS {
        // Two kills a store: the second one meets what the first one left.
        let store = format!("killed-{}", kill / 2);
        let jitter = RandomState::new().hash_one(kill) % 1000;
        // Spread over the pass, in no order, so that early and late ones meet.
        let place = f64::from((kill * 7) % KILLS) + jitter as f64 / 1000.0;
        let moment = pass.mul_f64(place / f64::from(KILLS));
        let mut collect = world.start(&["collect", "--store", &store]);
        std::thread::sleep(moment);
        kills_under_way += u32::from(collect.kill());
        if kill % 2 == 0 {
            continue;
        }
        let archive = world.path(&store).join("archive/head.json");
        stores_with_a_part += u32::from(archive.exists());
        let done = world.vigie(&["collect", "--store", &store]).ok();
        assert_eq!(
            essence(&world, &store),
            expected,
            "killed after {moment:?}, then:\n{done}"
        );
        world
            .vigie(&["collect", "--force", "--store", &store])
            .ok()
            .says("0 new entries, 0 new articles");
    }
    assert!(
        kills_under_way >= KILLS / 2,
        "only {kills_under_way} were still running"
    );
    assert!(stores_with_a_part > 0, "no kill came between two commits");
}

#[test]
fn a_killed_rebuild_leaves_the_base_as_it_was() {
    let world = World::new();
    press(&world);
    world.collect().ok();
    let before = world.everything();
    let start = Instant::now();
    world.vigie(&["rebuild"]).ok();
    let whole = start.elapsed();
    for quarter in 1..=4 {
        let mut rebuild = world.start(&["rebuild"]);
        std::thread::sleep(whole.mul_f64(f64::from(quarter) / 4.0 - 0.05));
        rebuild.kill();
        assert_eq!(world.everything(), before, "killed at quarter {quarter}");
    }
    world.vigie(&["rebuild"]).ok().says("180 articles");
    assert_eq!(world.everything(), before);
}
