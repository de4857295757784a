//! The answer as CSV for spreadsheets: a header, then one line an incident. Lists are joined by
//! `; `. A text that a spreadsheet would run as a formula is given a leading apostrophe.

use super::plain::clean;
use crate::model::answer::{Answer, View};
use crate::model::incident::Standing;

/// The columns, in order.
const HEADER: [&str; 25] = [
    "id",
    "date",
    "date_of",
    "victim",
    "victims",
    "sector",
    "level",
    "attacks",
    "commune",
    "commune_name",
    "departement",
    "region",
    "country",
    "status",
    "actor",
    "event_from",
    "event_to",
    "first_published",
    "last_published",
    "standing",
    "sources",
    "first_url",
    "provider",
    "part_of",
    "parts",
];

/// The answer as CSV, UTF-8 without byte order mark, lines ended by `\r\n` as RFC 4180 has them.
pub fn text(answer: &Answer) -> String {
    let mut writer = ::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let in_memory = "writing rows of equal length to memory cannot fail";
    writer.write_record(HEADER).expect(in_memory);
    for view in &answer.incidents {
        writer
            .write_record(row(view).map(|cell| harmless(&cell)))
            .expect(in_memory);
    }
    let bytes = writer.into_inner().expect(in_memory);
    String::from_utf8(bytes).expect("all cells are UTF-8")
}

fn row(view: &View) -> [String; HEADER.len()] {
    let main = view.victims.first();
    let of_main = |value: Option<&String>| value.cloned().unwrap_or_default();
    let names: Vec<&str> = view.victims.iter().map(|victim| victim.name.as_str()).collect();
    let attacks: Vec<&str> = view.attacks.iter().map(|attack| attack.id()).collect();
    [
        view.id.to_string(),
        view.date.to_string(),
        view.date_of.id().to_owned(),
        names.first().map(|name| (*name).to_owned()).unwrap_or_default(),
        names.join("; "),
        view.sector.map(|sector| sector.id().to_owned()).unwrap_or_default(),
        view.level.map(|level| level.id().to_owned()).unwrap_or_default(),
        attacks.join("; "),
        of_main(main.and_then(|victim| victim.commune.as_ref())),
        of_main(main.and_then(|victim| victim.commune_name.as_ref())),
        of_main(view.departement.as_ref()),
        of_main(view.region.as_ref()),
        of_main(view.country.as_ref()),
        view.status.id().to_owned(),
        of_main(view.actor.as_ref()),
        view.event_from.map(|day| day.to_string()).unwrap_or_default(),
        view.event_to.map(|day| day.to_string()).unwrap_or_default(),
        view.first_published.to_string(),
        view.last_published.to_string(),
        match view.standing {
            Standing::Reported => "reported".to_owned(),
            Standing::Recalled => "recalled".to_owned(),
        },
        view.sources.to_string(),
        view.first_url().unwrap_or_default().to_owned(),
        of_main(view.provider.as_ref().map(|provider| &provider.name)),
        of_main(view.part_of.as_ref().map(|whole| &whole.id.0)),
        view.parts
            .iter()
            .map(|part| part.id.as_str())
            .collect::<Vec<_>>()
            .join("; "),
    ]
}

/// A cell that no spreadsheet runs: on one line, and not begun like a formula. The test is made
/// before cleaning too, because a leading tab or carriage return is cleaned away.
fn harmless(cell: &str) -> String {
    let cleaned = clean(cell);
    let formula = |text: &str| text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    if formula(cell) || formula(&cleaned) {
        format!("'{cleaned}")
    } else {
        cleaned
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples::{few_answers, nothing_found};
    use super::*;

    #[test]
    fn whole_output() {
        let expected = concat!(
            "id,date,date_of,victim,victims,sector,level,attacks,commune,commune_name,departement,region,country,status,",
            "actor,event_from,event_to,first_published,last_published,standing,sources,first_url,",
            "provider,part_of,parts\r\n",
            "mairie-de-dinard-2026-11,2026-11-24,first_published,Mairie de Dinard,Mairie de Dinard,collectivite,commune,",
            "ddos,35093,Dinard,35,53,FR,signale,,,,2026-11-24T08:00:00Z,2026-11-24T08:00:00Z,reported,1,",
            "https://presse.example/b1,,,\r\n",
            "departement-du-loiret-2023-11,2023-11-05,event,Département du Loiret,Département du Loiret; SDIS 45,",
            "collectivite,departement,rancongiciel; fuite,45234,Orléans,45,24,FR,confirme,LockBit,2023-11-04,2023-11-05,",
            "2023-11-06T07:12:00Z,2023-11-15T09:00:00Z,reported,2,https://presse.example/a1,,,\r\n",
            "hostile-2026-10,2026-11-24,first_published,\"'=HYPERLINK(\"\"x\"\")|<b>[31m*A*\",",
            "\"'=HYPERLINK(\"\"x\"\")|<b>[31m*A*\",,,,,'@Ville d'en bas,,,,revendique,'+12,,,2026-11-24T08:00:00Z,",
            "2026-11-24T08:00:00Z,reported,1,https://presse.example/a)|(b c,,,\r\n",
        );
        assert_eq!(text(&few_answers()), expected);
        assert_eq!(text(&nothing_found()).lines().count(), 1);
    }

    #[test]
    fn no_cell_is_run() {
        let check = |cell: &str, expected: &str| assert_eq!(harmless(cell), expected, "{cell:?}");
        check("Mairie", "Mairie");
        check("=1+1", "'=1+1");
        check("+33 1", "'+33 1");
        check("-1", "'-1");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\tx", "'x");
        check("\rx", "'x");
        check(" =1", "'=1");
        check("\u{200b}=1", "'=1");
        check("＝1", "'＝1");
        check("a=1", "a=1");
        check("", "");
    }
}
