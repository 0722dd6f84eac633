//! What comes back beside sets of concepts, and laws that hold for any edition.

use ecl::{Answer, Field, Found, Limits, evaluate, parse};

use crate::synthetic::Synthetic;
use crate::synthetic_making::{id_of, make};

fn ask(edition: &Synthetic, text: &str) -> Answer {
    let constraint = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    evaluate(&constraint, edition, Limits::default()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn laws() {
    for seed in 0..8 {
        let edition = make(seed);
        let (a, b) = (id_of(1), id_of(9));
        let laws = [
            (format!("<< {a}"), format!("{a} OR < {a}")),
            (format!(">>! {b}"), format!("{b} OR >! {b}")),
            (format!("< {a} AND < {b}"), format!("< {a} MINUS (< {a} MINUS < {b})")),
            (format!("*: {a} = *"), format!("*: [1..*] {a} = *")),
            (format!("* MINUS (*: {a} = {b})"), format!("*: [0..0] {a} = {b}")),
            (format!("*: R {a} = {b}"), format!("({b} . {a}) {{{{ C active = true }}}}")),
            (format!("*: {{ R {a} = {b} }}"), format!("*: R {a} = {b}")),
            (format!("*: {{ R {a} = *, R * = {b} }}"), format!("*: {{ R {a} = {b} }}")),
            (format!("!!> (<< {a})"), format!("{a}")),
            ("* {{ C active = * }}".to_owned(), "* OR (* {{ C active = false }})".to_owned()),
            ("* {{ D term = \"heart\" }}".to_owned(), "* {{ D term = wild:\"*heart*\" }} AND * {{ D term = \"HÉART\" }}".to_owned()),
        ];
        for (left, right) in laws {
            assert_eq!(ask(&edition, &left).found, ask(&edition, &right).found, "{left} and {right}, seed {seed}");
        }
    }
}

#[test]
fn rows_with_their_fields() {
    let edition = make(3);
    let Found::Rows(rows) = ask(&edition, &format!("^ [mapTarget, mapGroup] {} {{{{ M mapTarget = \"J45\" }}}}", id_of(6))).found else {
        panic!("rows are asked for")
    };
    let wanted = edition
        .made(6)
        .rows
        .iter()
        .filter(|row| row.active && matches!(row.fields[0].1, crate::synthetic::MadeField::Text("J45.9")))
        .count();
    assert_eq!((rows.len(), wanted > 0), (wanted, true));
    for row in &rows {
        assert_eq!(row[0], ("mapTarget".into(), Field::Text("J45.9".into())));
        assert_eq!(&*row[1].0, "mapGroup");
    }
    let Found::Rows(rows) = ask(&edition, &format!("^ [*] {}", id_of(6))).found else { panic!("rows are asked for") };
    let names: Vec<&str> = rows[0].iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["active", "moduleId", "effectiveTime", "referencedComponentId", "mapTarget", "mapGroup", "mapValue"]);
}

#[test]
fn what_the_edition_does_not_know_is_named() {
    let answer = ask(&make(4), "999999999 OR LOINC#1-8 OR * {{ D dialect = xx-yy }} OR < 999999999");
    assert_eq!(answer.unknown, ["999999999", "LOINC#1-8", "xx-yy"]);
    assert_eq!(answer.found, Found::Concepts(Default::default()));
}
