//! The archive is the truth: a base that is lost, damaged or behind is made anew from it.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::outlet::{attack, quiet};
use crate::world::World;

/// Two passes, so that the archive has two batches, the second one with Quimper only.
fn two_passes(world: &World) {
    world.outlet("gazette").publish(&[attack("Bondy", 6), quiet("Gien", 7)]);
    world.collect().ok();
    world.outlet("courrier").publish(&[attack("Quimper", 8)]);
    world.vigie(&["collect", "--only", "courrier"]).ok();
}

fn towns(answer: &Value) -> Vec<&str> {
    let mut towns: Vec<&str> = answer["incidents"]
        .as_array()
        .expect("incidents")
        .iter()
        .filter_map(|incident| incident["victims"][0]["commune_name"].as_str())
        .collect();
    towns.sort_unstable();
    towns
}

#[test]
fn rebuild_gives_the_same_answers() {
    let world = World::new();
    two_passes(&world);
    let before = world.everything();
    assert_eq!(towns(&before), ["Bondy", "Quimper"]);
    let said = "rebuilt from 2 batches: 3 articles, 2 incidents";
    world.vigie(&["rebuild"]).ok().says(said);
    assert_eq!(world.everything(), before);
    world.vigie(&["rebuild"]).ok().says(said);
    assert_eq!(world.everything(), before);
    // The feeds' states are there as well: nothing is due, nothing is new.
    world.vigie(&["collect"]).ok().says("0 feeds asked of 2");
    world.collect().ok().says("2 not modified, 0 failed; 0 new entries");
}

#[test]
fn a_rebuild_without_an_archive_makes_nothing() {
    let world = World::new();
    world.vigie(&["rebuild"]).code(3).says("vigie-data").says("archive");
    assert!(!world.path("vigie-data").exists());
}

#[test]
fn a_deleted_base_comes_back_by_itself() {
    let world = World::new();
    two_passes(&world);
    let before = world.everything();
    fs::remove_dir_all(world.path("vigie-data/base")).unwrap();
    assert_eq!(world.everything(), before);
    fs::remove_dir_all(world.path("vigie-data/base")).unwrap();
    let done = world
        .collect()
        .ok()
        .says("0 new entries")
        .says("2 batches taken in (3 articles)");
    assert!(done.feed_line("gazette").ends_with(" not modified"), "{done}");
    assert_eq!(towns(&world.everything()), ["Bondy", "Quimper"]);
    // Alone, the archive is enough to move to another machine.
    fs::create_dir(world.path("ailleurs")).unwrap();
    copy_folder(&world.path("vigie-data/archive"), &world.path("ailleurs/archive"));
    assert_eq!(towns(&world.everything_in("ailleurs")), ["Bondy", "Quimper"]);
}

#[test]
fn a_torn_end_of_the_archive_is_mended_and_said() {
    for cut_bytes in [1, 40] {
        let world = World::new();
        two_passes(&world);
        let file = world.archive_file();
        let whole = fs::read(&file).unwrap();
        fs::write(&file, &whole[..whole.len() - cut_bytes]).unwrap();
        // Queries need no mending.
        assert_eq!(towns(&world.everything()), ["Bondy", "Quimper"]);
        let done = world.collect().ok().says("note: ").says("torn batch").says("moved to");
        assert!(
            done.stderr.contains(&*file.file_name().unwrap().to_string_lossy()),
            "{done}"
        );
        assert_eq!(towns(&world.everything()), ["Bondy", "Quimper"]);
        // The second batch's words are gone from the archive; the first one's are all there.
        // The base has the only copy: it is not thrown away unasked.
        world.vigie(&["rebuild"]).code(3).says("part of the archive is lost");
        assert_eq!(towns(&world.everything()), ["Bondy", "Quimper"]);
        world.vigie(&["rebuild", "--force"]).ok();
        let answer = world.everything();
        assert!(towns(&answer).contains(&"Bondy"), "{answer:#}");
        // What was lost is fetched anew, as the feed still has it.
        let done = world.collect().ok();
        assert!(!done.stderr.contains("note: "), "{done}");
        assert_eq!(towns(&world.everything()), ["Bondy", "Quimper"]);
        assert_eq!(world.articles(), 3);
    }
}

#[test]
fn damage_inside_the_archive_costs_only_its_batch() {
    for (is_last, left, lost) in [(false, "Quimper", 0), (true, "Bondy", 1)] {
        let world = World::new();
        world.outlet("gazette").publish(&[attack("Bondy", 6), quiet("Gien", 7)]);
        world.collect().ok();
        let file = world.archive_file();
        let first_bytes = fs::metadata(&file).unwrap().len() as usize;
        world.outlet("courrier").publish(&[attack("Quimper", 8)]);
        world.vigie(&["collect", "--only", "courrier"]).ok();
        let mut bytes = fs::read(&file).unwrap();
        let start = if is_last { first_bytes } else { 0 };
        bytes[start + 200] ^= 0xff;
        fs::write(&file, &bytes).unwrap();
        assert_eq!(towns(&world.everything()), ["Bondy", "Quimper"], "the base is whole");
        // An answer that would be short is none.
        fs::remove_dir_all(world.path("vigie-data/base")).unwrap();
        let place = format!("damaged at byte {start} ");
        world.vigie(&["query"]).code(3).says(&place).says("vigie rebuild");
        world
            .vigie(&["rebuild"])
            .code(1)
            .says(&place)
            .says("rebuilt from 1 batches");
        assert_eq!(towns(&world.everything()), [left]);
        // The feed whose batch is gone is as good as new.
        world.collect().ok().says(&format!("{} new articles", 2 - lost));
        assert_eq!(towns(&world.everything()), ["Bondy", "Quimper"]);
    }
}

#[test]
fn a_damaged_base_is_3_and_rebuild_repairs_it() {
    let world = World::new();
    two_passes(&world);
    let before = world.everything();
    let base = world.path("vigie-data/base/db");
    let length = fs::metadata(&base).unwrap().len() as usize;
    for garbage in [vec![0x5a; length], b"pas une base".to_vec()] {
        fs::write(&base, garbage).unwrap();
        world.vigie(&["query"]).code(3).says("vigie rebuild");
        world.collect().code(3).says("vigie rebuild");
        world.vigie(&["rebuild"]).ok().says("3 articles, 2 incidents");
        assert_eq!(world.everything(), before);
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
