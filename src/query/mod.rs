//! The question and its answer: what was typed becomes a `Filter`, a filter is held against
//! incidents, and each one found becomes the one `View` that every output shares. Pure: the
//! incidents, the names of places, the texts and the present moment are handed in.

pub mod describe;
pub mod find;
pub mod given;
pub mod nearest;
pub mod parse;
pub mod place;
pub mod relations;
pub mod select;
pub mod view;
pub mod when;

#[cfg(test)]
mod examples;
