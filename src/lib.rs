//! vigie watches the French press and security feeds and answers: who in France was just hit by
//! a cyberattack, how, and where?
//!
//! The modules are floors; each imports only those below it (see `ARCHITECTURE.md`).

pub mod classify;
pub mod cli;
pub mod config;
pub mod dedup;
pub mod entities;
pub mod evaluate;
pub mod export;
pub mod extract;
pub mod feed;
pub mod fetch;
pub mod learn;
pub mod model;
pub mod pipeline;
pub mod query;
pub mod store;
pub mod text;
