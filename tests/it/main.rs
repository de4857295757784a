//! The tests from outside: the real binary, a real store, and a small web of our own on loopback.
//! One crate, so that it is linked once.

mod classify;
mod codes;
mod collect;
mod corrections;
mod data;
mod demo;
mod ensembles;
mod explain;
mod failing;
mod gold;
mod killed;
mod outlet;
mod query;
mod rebuild;
mod replay;
mod stopped;
mod train;
mod watch;
mod web;
mod world;
