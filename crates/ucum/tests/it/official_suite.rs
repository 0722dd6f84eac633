//! UCUM's functional tests, all of them.

use std::collections::BTreeMap;

use published::KnownFailures;
use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};
use ucum::{Amount, Unit};

type Case = BTreeMap<String, String>;

/// The cases with the name of the section that they are in.
fn cases(text: &str) -> Vec<(String, Case)> {
    let mut reader = Reader::from_str(text);
    let (mut section, mut cases) = (String::new(), Vec::new());
    loop {
        match reader.read_event().expect("the suite is XML") {
            Event::Start(start) => section = start.name().as_ref().to_owned(),
            Event::Empty(start) if start.name().as_ref() == "case" => {
                let attributes = start.attributes().map(|attribute| attribute.expect("an attribute"));
                let case = attributes.map(|attribute| {
                    let name = attribute.key.as_ref().to_owned();
                    (name, attribute.normalized_value(XmlVersion::Implicit1_0).expect("text").into_owned())
                });
                cases.push((section.clone(), case.collect()));
            }
            Event::Eof => return cases,
            _ => {}
        }
    }
}

fn or_one(code: &str) -> &str {
    if code.is_empty() { "1" } else { code }
}

fn same(found: &Amount, wanted: &str) -> Result<(), String> {
    let wanted_number = ucum::Number::parse(wanted).ok_or("the outcome is no number")?;
    let found = found.to_string();
    match ucum::Number::parse(&found) {
        Some(number) if number == wanted_number => Ok(()),
        _ => Err(format!("{found} and not {wanted}")),
    }
}

fn judge(section: &str, case: &Case) -> Result<(), String> {
    let of = |name: &str| case.get(name).map_or("", String::as_str);
    let say = |error: ucum::Error| error.to_string();
    match section {
        "validation" => match (Unit::parse(of("unit")), of("valid") == "true") {
            (Ok(_), true) | (Err(_), false) => Ok(()),
            (Ok(_), false) => Err("is taken for valid".to_owned()),
            (Err(error), true) => Err(error.to_string()),
        },
        "displayNameGeneration" => {
            let name = if of("unit").is_empty() { "(unity)".to_owned() } else { Unit::parse(of("unit")).map_err(say)?.name() };
            if name == of("display") { Ok(()) } else { Err(format!("{name} and not {}", of("display"))) }
        }
        "conversion" => {
            let amount = Amount::parse(of("value"), of("srcUnit")).map_err(say)?;
            same(&amount.convert(&Unit::parse(of("dstUnit")).map_err(say)?).map_err(say)?, of("outcome"))
        }
        _ => {
            let amount = |value: &str, unit: &str| Amount::parse(of(value), or_one(of(unit))).map_err(say);
            let (left, right) = (amount("v1", "u1")?, amount("v2", "u2")?);
            let result = if section == "division" { left.over(&right) } else { left.times(&right) };
            same(&result.map_err(say)?.convert(&Unit::parse(or_one(of("uRes"))).map_err(say)?).map_err(say)?, of("vRes"))
        }
    }
}

#[test]
fn every_case_of_the_suite() {
    let Some(path) = published::data("suites/ucum/UcumFunctionalTests.xml") else { return };
    let mut known = KnownFailures::read("");
    for (section, case) in cases(&std::fs::read_to_string(path).expect("the suite can be read")) {
        let name =
            format!("{section} {} {}", case["id"], case.get("unit").or(case.get("srcUnit")).or(case.get("u1")).map_or("", String::as_str));
        known.report(&name, judge(&section, &case));
    }
    known.finish("suites/ucum");
}
