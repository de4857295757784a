//! A recap names several incidents: its main one keeps what its own sentences say, and each of the
//! others stands beside it with its own victim, types and status.

use std::collections::BTreeSet;

use crate::classify::reading::Reading;
use crate::classify::story;
use crate::entities::Story;
use crate::model::analysis::{Analysis, Evidence, Recalled, Statement, Zone};
use crate::text::document::Document;

/// Tells the stories of a recap apart in its analysis. Nothing changes where only one body is told to
/// be hit.
pub fn tell_apart(analysis: &mut Analysis, stories: Vec<Story>, document: &Document, reading: &Reading) {
    let Some(main) = analysis.main_victim().map(|main| main.key.clone()) else {
        return;
    };
    let (own, others): (Vec<Story>, Vec<Story>) = stories.into_iter().partition(|story| story.victim.key == main);
    if others.is_empty() {
        return;
    }
    if let Some(own) = own.first() {
        keep_own(analysis, own, document, reading);
    }
    analysis.victims.truncate(1);
    analysis.recalled = others
        .into_iter()
        .map(|story| recalled(story, document, reading))
        .collect();
}

/// The statements about a story.
fn statements<'r>(story: &Story, reading: &'r Reading) -> Vec<&'r Statement> {
    story
        .statements
        .iter()
        .map(|&index| &reading.statements[index])
        .collect()
}

fn recalled(story: Story, document: &Document, reading: &Reading) -> Recalled {
    let statements = statements(&story, reading);
    let attacks = story::attacks(&statements);
    let status = story::status(&statements, &reading.cues, &story.sentences);
    let mut evidence: Vec<Evidence> = statements
        .iter()
        .filter(|statement| attacks.contains(&statement.attack))
        .map(|statement| Evidence {
            label: format!("attack:{}", statement.attack),
            words: document.text[statement.start..statement.end].to_owned(),
            zone: statement.zone,
            assertion: statement.assertion,
            weight: statement.weight,
            start: statement.start,
        })
        .collect();
    evidence.push(story.evidence);
    evidence.sort_by(|a, b| a.start.cmp(&b.start).then_with(|| a.label.cmp(&b.label)));
    Recalled {
        victim: story.victim,
        attacks,
        status,
        actor: story.actor,
        evidence,
    }
}

/// Leaves the analysis what the main story's own sentences say; what the headline says stays too,
/// but for the types: it speaks of all stories.
fn keep_own(analysis: &mut Analysis, own: &Story, document: &Document, reading: &Reading) {
    let statements = statements(own, reading);
    analysis.attacks = story::attacks(&statements);
    analysis.status = Some(story::status(&statements, &reading.cues, &own.sentences));
    let own_starts: BTreeSet<usize> = statements.iter().map(|statement| statement.start).collect();
    let is_own = |piece: &Evidence| {
        let after = document
            .sentences
            .partition_point(|sentence| sentence.range.start <= piece.start);
        piece.zone == Zone::Title || own.sentences.contains(&after.saturating_sub(1))
    };
    analysis.evidence.retain(|piece| match piece.label.split_once(':') {
        Some(("attack", _)) => !piece.assertion.counts() || own_starts.contains(&piece.start),
        Some(("victim", key)) => key == own.victim.key.as_str(),
        Some(("actor" | "event" | "status", _)) => is_own(piece),
        _ => true,
    });
    let is_told = |kind: &str| analysis.evidence.iter().any(|piece| piece.label.starts_with(kind));
    if !is_told("actor:") {
        analysis.actor.clone_from(&own.actor);
    }
    if !is_told("event:") {
        analysis.event = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::label::{ArticleKind, AttackType, Status};
    use crate::pipeline::analyse::Reader;
    use crate::pipeline::replay::read_line;

    /// The main incident and the further ones that a recap tells: victim, types, status, actor.
    fn told(title: &str, text: &str) -> Vec<String> {
        let reader = Reader::load(None).expect("embedded models are right");
        let line = serde_json::json!({"id": "recap", "published": "2023-11-10", "title": title, "text": text});
        let (_, article) = read_line(&line.to_string(), jiff::Timestamp::UNIX_EPOCH).expect("a line");
        let prepared = reader.prepare(&article);
        // As the votes would have it, whatever they weigh: everything told is of the main incident.
        let mut analysis = Analysis {
            kind: ArticleKind::Retrospective,
            tells_incident: true,
            attacks: vec![AttackType::DataLeak, AttackType::Ransomware],
            victims: prepared.entities.victims.clone(),
            status: Some(Status::Confirmed),
            actor: prepared.entities.actor.clone(),
            event: prepared.entities.event,
            evidence: prepared.entities.evidence.clone(),
            ..Analysis::unread()
        };
        tell_apart(
            &mut analysis,
            reader.stories(&article, &prepared),
            &prepared.document,
            &prepared.reading,
        );
        let line = |says: &Analysis| {
            let victims: Vec<&str> = says.victims.iter().map(|victim| victim.key.as_str()).collect();
            let attacks: Vec<&str> = says.attacks.iter().map(|attack| attack.id()).collect();
            let words: Vec<&str> = says.evidence.iter().map(|piece| piece.words.as_str()).collect();
            format!(
                "{} {} {} {} {}",
                victims.join("+"),
                attacks.join("+"),
                says.status.map_or("", |status| status.id()),
                says.actor.as_deref().unwrap_or("-"),
                words.join("|")
            )
        };
        let further = analysis.recalled.iter().map(|recalled| analysis.of_recalled(recalled));
        std::iter::once(analysis.clone())
            .chain(further)
            .map(|says| line(&says))
            .collect()
    }

    #[test]
    fn each_incident_has_its_own_victim_types_and_status() {
        assert_eq!(
            told(
                "Cyberattaques : les incidents majeurs de la semaine",
                "La mairie de Bondy a été victime d'une cyberattaque, ses agents travaillent sur papier.\n\
                 Le centre hospitalier de Gien a confirmé une fuite de données.\n\
                 Le groupe LockBit revendique le vol de données de la région Normandie.\n\
                 L'Anssi rappelle les bons gestes.",
            ),
            [
                "commune:93010 indetermine signale - mairie de Bondy|mairie de Bondy",
                "hopital:450000096 fuite confirme - centre hospitalier de Gien|fuite de données",
                "region:28 fuite+rancongiciel revendique LockBit LockBit|vol de données|région Normandie",
            ]
        );
        // The main one is told without a victim's words.
        assert_eq!(
            told(
                "Bourges, Dax : les cyberattaques de la semaine",
                "La communauté d'agglomération de Bourges a coupé ses serveurs après une cyberattaque.\n\
                 L'hôpital de Dax a été victime d'un rançongiciel.",
            )
            .iter()
            .map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>(),
            ["epci:241800507 indetermine", "hopital:400780193 rancongiciel"]
        );
        // Victims of one sentence are those of three incidents.
        assert_eq!(
            told(
                "Les fuites de la semaine",
                "Free, Boulanger et Cultura ont été victimes de fuites de données.",
            )
            .len(),
            3
        );
        // A recap of one body's case is read as any other article.
        assert_eq!(
            told(
                "Retour sur l'année",
                "La mairie de Bondy a été victime d'une cyberattaque.",
            ),
            ["commune:93010 fuite+rancongiciel confirme - mairie de Bondy|mairie de Bondy"]
        );
    }
}
