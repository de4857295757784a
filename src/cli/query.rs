//! `vigie query`: which incidents are known?

use super::args::{QueryArgs, QueryFormat};
use super::{ALL_WELL, Failure, Surroundings, ask, print, say};
use crate::export::{render, wording};
use crate::pipeline::ask::{Question, Reply, places};
use crate::query::parse::parse;

/// Asks, and prints the answer to stdout; for programs' formats the words for people go to stderr.
pub fn run(surroundings: &Surroundings, args: &QueryArgs) -> Result<u8, Failure> {
    let reader = surroundings.reader();
    let filter = parse(&args.raw_filter(), &places(reader.get()?), surroundings.now).map_err(Failure::usage)?;
    let question = Question::Query {
        filter: Box::new(filter),
    };
    let Reply::Answer { answer } = ask::ask(surroundings, &args.read, "query", &reader, &question)? else {
        return Err(Failure::work(anyhow::anyhow!(
            "the running watch answered something else; is it another version?"
        )));
    };
    print(&render(&answer, args.format.into(), surroundings.screen.stdout))?;
    if matches!(args.format, QueryFormat::Json | QueryFormat::Ndjson | QueryFormat::Csv) {
        for line in wording::summary(&answer) {
            say(line);
        }
    }
    Ok(ALL_WELL)
}
