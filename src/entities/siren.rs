//! SIREN numbers of public bodies: nine digits, the last one a check digit. Most communes' follow
//! from their INSEE code; `sirens.tsv` has those that do not, and those of other bodies.

use super::gazetteer::Gazetteer;

/// Overseas communities whose communes have numbers of another kind.
const WITHOUT_RULE: &[&str] = &["975", "977", "978", "984", "986", "987", "988", "989"];

/// The SIREN of the body of this key; none when no list has it.
pub(super) fn siren(gazetteer: &Gazetteer, key: &str) -> Option<String> {
    if let Some(listed) = gazetteer.siren(key) {
        return Some(format!("{listed:09}"));
    }
    match key.split_once(':')? {
        ("epci", siren) => Some(siren.to_owned()),
        ("commune", code) => gazetteer.commune(code).and_then(|_| of_commune(code)),
        _ => None,
    }
}

/// 59350 → 215903501: « 21 », the département, the commune on four digits, the check digit.
fn of_commune(code: &str) -> Option<String> {
    if WITHOUT_RULE.iter().any(|other| code.starts_with(other)) {
        return None;
    }
    let (departement, commune) = (code.get(..2)?, code.get(2..)?);
    let body = match departement {
        "2A" | "2B" => format!("21200{commune}"),
        "97" => format!("21971{commune}"),
        departement => format!("21{departement}0{commune}"),
    };
    check_digit(&body).map(|digit| format!("{body}{digit}"))
}

/// The digit that makes the number right by Luhn's rule.
fn check_digit(body: &str) -> Option<u32> {
    let mut sum = 0;
    for (index, digit) in body.chars().rev().enumerate() {
        let digit = digit.to_digit(10)?;
        sum += match (index % 2 == 0, digit) {
            (true, 5..) => 2 * digit - 9,
            (true, _) => 2 * digit,
            (false, _) => digit,
        };
    }
    Some((10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sirens_by_key() {
        let gazetteer = Gazetteer::embedded();
        let check = |key: &str, expected: &str| {
            assert_eq!(siren(&gazetteer, key).unwrap_or_default(), expected, "{key}");
        };
        check("commune:59350", "215903501");
        check("commune:45234", "214502346");
        check("commune:2A004", "212000046");
        // By the list: a commune of 2016, one of La Réunion, a university.
        check("commune:01015", "200053668");
        check("commune:97411", "219740115");
        check("org:aix-marseille-universite", "130015332");
        check("epci:200093201", "200093201");
        // None rather than a wrong one.
        check("commune:98735", "");
        check("commune:99999", "");
        check("departement:45", "");
        check("nom:zorblax", "");
        check("", "");
    }
}
