//! HL7's cases for constraints. Each has expressions that meet the constraint or do not; they are read too, as compositional grammar.

use ecl::expression::Expression;
use ecl::parse;
use published::KnownFailures;
use quick_xml::Reader;
use quick_xml::events::Event;

/// The texts of the elements of a name.
fn texts(xml: &str, names: &[&str]) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    // The first group of the file is closed twice.
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let (mut texts, mut inside) = (Vec::new(), false);
    loop {
        match reader.read_event().expect("the suite is XML") {
            Event::Start(start) => {
                inside = names.iter().any(|name| start.name().as_ref() == *name);
                texts.extend(inside.then(String::new));
            }
            Event::Text(text) if inside => texts.last_mut().expect("one").push_str(&text),
            Event::GeneralRef(reference) if inside => texts.last_mut().expect("one").push_str(match &*reference {
                "lt" => "<",
                "gt" => ">",
                "amp" => "&",
                "quot" => "\"",
                other => panic!("{other:?}"),
            }),
            Event::End(_) => inside = false,
            Event::Eof => return texts,
            _ => {}
        }
    }
}

fn xml() -> Option<String> {
    Some(std::fs::read_to_string(published::data("suites/ecl/ecl-tests.xml")?).expect("the suite can be read"))
}

#[test]
fn every_constraint_is_read() {
    let Some(xml) = xml() else { return };
    let mut known = KnownFailures::read("");
    for text in texts(&xml, &["expression"]) {
        let verdict = parse(&text).map_err(|error| error.to_string()).and_then(|constraint| {
            let again = parse(&constraint.to_string()).map_err(|error| format!("written as {constraint}: {error}"))?;
            if again == constraint { Ok(()) } else { Err(format!("written as {constraint}, which is another")) }
        });
        known.report(&text, verdict);
    }
    known.finish("suites/ecl, constraints");
}

#[test]
fn every_expression_is_read() {
    let Some(xml) = xml() else { return };
    let mut known = KnownFailures::read(include_str!("known_failures/expressions.txt"));
    let mut seen = std::collections::BTreeSet::new();
    for text in texts(&xml, &["included", "excluded"]) {
        let text = text.trim();
        if seen.insert(text.to_owned()) {
            known.report(text, Expression::parse(text).map(drop).map_err(|error| error.to_string()));
        }
    }
    known.finish("suites/ecl, expressions");
}
