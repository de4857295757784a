//! `vigie watch`: passes by itself, and answers on its socket.

use std::os::unix::net::UnixStream;

use crate::outlet::attack;
use crate::web::Reply;
use crate::world::{Running, World, until};

const SOCKET: &str = "vigie-data/vigie.sock";

/// A watch that answers on its socket.
fn watching(world: &World) -> Running {
    let watch = world.start(&["watch"]);
    until("the watch listens", || UnixStream::connect(world.path(SOCKET)).is_ok());
    watch
}

const BY_THE_WATCH: &str = "answered by the running watch";

#[test]
fn a_watch_makes_a_pass_and_answers() {
    let world = World::new();
    world.outlet("gazette").publish(&[attack("Bondy", 6)]);
    let watch = watching(&world);
    until("the pass is made", || world.vigie(&["query"]).stdout.contains("Bondy"));
    world.vigie(&["query", "-v"]).ok().says(BY_THE_WATCH).prints("Bondy");
    world
        .vigie(&["show", "bondy", "-v"])
        .ok()
        .says(BY_THE_WATCH)
        .prints("Bondy");
    world.vigie(&["show", "quimper"]).code(2).says("no incident `quimper`");
    watch.terminate();
    let done = watch.wait().ok();
    assert!(done.feed_line("gazette").ends_with(" 1 new of 1"), "{done}");
    assert!(!world.path(SOCKET).exists());
    // Without a watch the base itself is asked.
    let done = world.vigie(&["query", "-v"]).ok().prints("Bondy");
    assert!(!done.stderr.contains(BY_THE_WATCH), "{done}");
}

#[test]
fn a_watch_answers_while_a_pass_hangs_and_no_other_pass_starts() {
    let world = World::new();
    world.outlet("gazette").publish(&[attack("Bondy", 6)]);
    world.collect().ok();
    let lent = world.outlet("lent");
    lent.publish(&[attack("Gien", 6)]);
    lent.web.change("/feed", Reply::hanging);
    let watch = watching(&world);
    lent.web.wait_until_asked("/feed", 1);
    world.vigie(&["query", "-v"]).ok().says(BY_THE_WATCH).prints("Bondy");
    world.vigie(&["show", "bondy", "-v"]).ok().says(BY_THE_WATCH);
    let who = format!("vigie watch, pid {}, since ", watch.pid());
    world.collect().code(4).says("another pass is running").says(&who);
    lent.web.change("/feed", |reply| Reply { hangs: false, ..reply });
    lent.web.let_go();
    until("the pass is over", || world.vigie(&["query"]).stdout.contains("Gien"));
    // Between two passes a collect may run.
    until("the watch rests", || world.collect().code == Some(0));
    watch.terminate();
    watch.wait().ok();
}

#[test]
fn a_socket_left_by_a_killed_watch_is_no_hindrance() {
    let world = World::new();
    world.outlet("gazette").publish(&[attack("Bondy", 6)]);
    world.collect().ok();
    let mut watch = watching(&world);
    watch.kill();
    assert!(world.path(SOCKET).exists());
    world.vigie(&["query"]).ok().prints("Bondy");
    let watch = watching(&world);
    world.vigie(&["query", "-v"]).ok().says(BY_THE_WATCH).prints("Bondy");
    watch.terminate();
    watch.wait().ok();
    assert!(!world.path(SOCKET).exists());
}

#[test]
fn a_second_watch_is_told_of_the_first() {
    let world = World::new();
    world.outlet("gazette").publish(&[attack("Bondy", 6)]);
    let first = watching(&world);
    world
        .vigie(&["watch"])
        .code(4)
        .says("another watch answers on vigie-data/vigie.sock");
    world.vigie(&["query", "-v"]).ok().says(BY_THE_WATCH);
    first.terminate();
    first.wait().ok();
}

#[test]
fn a_socket_may_be_elsewhere() {
    let world = World::new();
    world.outlet("gazette").publish(&[attack("Bondy", 6)]);
    let watch = world.start(&["watch", "--socket", "ailleurs.sock"]);
    until("the watch listens", || {
        UnixStream::connect(world.path("ailleurs.sock")).is_ok()
    });
    let query = ["query", "-v", "--socket", "ailleurs.sock"];
    until("the pass is made", || world.vigie(&query).stdout.contains("Bondy"));
    world.vigie(&query).ok().says(BY_THE_WATCH);
    watch.terminate();
    watch.wait().ok();
    assert!(!world.path("ailleurs.sock").exists());
}

#[test]
fn a_file_that_is_no_socket_is_left_alone() {
    let world = World::new();
    world.outlet("gazette").publish(&[attack("Bondy", 6)]);
    world.write("notes.txt", "à garder");
    let done = world.vigie(&["watch", "--socket", "notes.txt"]);
    done.code(2).says("listening on notes.txt").says("it is no socket");
    assert_eq!(std::fs::read_to_string(world.path("notes.txt")).unwrap(), "à garder");
}
