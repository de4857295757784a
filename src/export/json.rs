//! The answer as one JSON object for programs, `vigie.query/1`: the question, what stands behind
//! the answer, and the incidents with all that a view holds. Unknown values are `null`; labels
//! stand as their ids; moments are UTC. Fields may be added under the same schema name, never
//! renamed or removed.

use serde::Serialize;

use super::plain::escape_json;
use crate::model::answer::{Answer, Ensemble, View};
use crate::model::coverage::Coverage;
use crate::model::filter::Filter;

/// The name of the format.
pub const SCHEMA: &str = "vigie.query/1";

/// The answer as indented JSON.
pub fn text(answer: &Answer) -> String {
    let document = Document {
        schema: SCHEMA,
        query: Query {
            asked: &answer.asked,
            filter: &answer.filter,
        },
        coverage: &answer.coverage,
        found: answer.found,
        found_ensembles: answer.found_ensembles,
        left_out: LeftOut {
            unknown_country: answer.unknown_country,
            recalled: answer.recalled,
        },
        ensembles: &answer.ensembles,
        incidents: &answer.incidents,
    };
    let json = serde_json::to_string_pretty(&document).expect("the document has only string keys");
    format!("{}\n", escape_json(&json))
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    query: Query<'a>,
    coverage: &'a Coverage,
    /// Before the limit.
    found: u64,
    /// The same with each wave, and each supplier with its clients, counted once.
    found_ensembles: u64,
    left_out: LeftOut,
    /// Those wholes, with all incidents known of each, and how many of them were found.
    ensembles: &'a [Ensemble],
    incidents: &'a [View],
}

#[derive(Serialize)]
struct Query<'a> {
    asked: &'a str,
    #[serde(flatten)]
    filter: &'a Filter,
}

#[derive(Serialize)]
struct LeftOut {
    unknown_country: u64,
    recalled: u64,
}

#[cfg(test)]
mod tests {
    use super::super::examples::{few_answers, hostile, loiret_view, nothing_found, only};
    use super::*;

    #[test]
    fn whole_output() {
        let expected = include_str!("examples/query.json");
        assert_eq!(text(&only(loiret_view())), expected);
    }

    #[test]
    fn hostile_text_is_kept_but_escaped() {
        let json = text(&only(hostile()));
        assert!(
            json.contains(r#""name": "=HYPERLINK(\"x\")|<b>\u001b[31m\u202e*A*""#),
            "{json}"
        );
        assert!(json.contains(r#""actor": "+1\u009b2""#));
        let parsed: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(parsed["incidents"][0]["victims"][0]["name"], hostile().victims[0].name);
    }

    #[test]
    fn an_answer_survives_the_socket() {
        for answer in [few_answers(), nothing_found()] {
            let sent = serde_json::to_string(&answer).unwrap();
            assert_eq!(serde_json::from_str::<Answer>(&sent).unwrap(), answer);
        }
    }
}
