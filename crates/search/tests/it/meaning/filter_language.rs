//! `_filter`.

use search::url::query_string;

use super::{CONTEXT, HOSPITAL, Hospital, kind};

fn query(kind: &str, expression: &str) -> String {
    format!("{kind}?{}", query_string(&[("_filter".to_owned(), expression.to_owned())]))
}

#[test]
fn expressions_find_what_they_ask_for() {
    let hospital = Hospital::of(HOSPITAL);
    for (of, expression, ids) in [
        ("Patient", r#"name co "ulle""#, "anna karl"),
        ("Patient", r#"name sw "mul""#, "anna karl"),
        ("Patient", r#"name ew "ler""#, "anna karl"),
        ("Patient", r#"family eq "müller""#, "anna karl"),
        ("Patient", r#"family eq "mulle""#, ""),
        ("Patient", r#"family eq muller"#, "anna karl"),
        ("Patient", r#"given ne "eva""#, "anna karl"),
        ("Patient", "gender eq female", "anna eva"),
        ("Patient", "gender ne female", "karl"),
        ("Patient", "not (gender eq female)", "karl nn"),
        ("Patient", "gender pr false", "nn"),
        ("Patient", "gender pr true", "anna eva karl"),
        ("Patient", "birthdate ge 1990-05-15", "anna eva"),
        ("Patient", "birthdate po 1990", "anna"),
        ("Patient", "birthdate eb 1980", "karl"),
        ("Patient", r#"given eq "eva" or gender eq male and birthdate lt 1960"#, "eva karl"),
        ("Patient", r#"(given eq "eva" or gender eq male) and birthdate lt 1960"#, "karl"),
        ("Patient", "_id eq anna or _id eq nn", "anna nn"),
        ("Patient", "_id ne anna", "eva karl nn"),
        ("Patient", "identifier eq urn:mrn|A-1", "anna"),
        ("Patient", "identifier ne urn:mrn|A-1", "eva karl"),
        ("Observation", "subject re Patient/anna", "bp sugar"),
        ("Observation", "subject eq anna", "bp sugar"),
        ("Observation", "subject ne anna", "trace"),
        ("Observation", r#"subject.name co "mul""#, "bp sugar trace"),
        ("Observation", "subject:Patient.gender eq male", "trace"),
        ("Observation", "subject[gender eq female].birthdate gt 1980", "bp sugar"),
        ("Observation", r#"patient.organization.name sw "ward""#, "bp sugar"),
        ("Observation", "value-quantity gt 7", "sugar"),
        ("Observation", "value-quantity eq 7.2|http://unitsofmeasure.org|mmol/L", "sugar"),
        ("Observation", "component-code-value-quantity eq 8480-6$120", "bp"),
        ("Patient", "_has:Observation:patient:code eq 2339-0", "anna karl"),
        ("Patient", "_lastUpdated po 2020-01", "anna eva karl nn"),
        ("ValueSet", "url eq http://x.org/vs/a", "vs"),
    ] {
        assert_eq!(hospital.found(&query(of, expression)), ids, "{expression}");
    }
}

#[test]
fn faults_are_named() {
    let registry = search::Registry::standard();
    let deep = format!("{}gender eq male{}", "(".repeat(1000), ")".repeat(1000));
    for (of, expression, number) in [
        ("Patient", "", 337),
        ("Patient", "gender", 337),
        ("Patient", "gender eq", 337),
        ("Patient", "gender eq male gender eq male", 337),
        ("Patient", "gender eq male and", 337),
        ("Patient", "(gender eq male", 337),
        ("Patient", "gender eq male)", 337),
        ("Patient", r#"name eq "anna"#, 337),
        ("Patient", "not gender eq male", 337),
        ("Patient", "organization[name eq x] eq 1", 337),
        ("Patient", deep.as_str(), 337),
        ("Patient", "gender gt male", 338),
        ("Patient", "name po x", 338),
        ("Patient", "name is x", 338),
        ("Patient", "gender pr maybe", 338),
        ("Patient", "gender ss male", 309),
        ("Patient", "gender in urn:vs", 303),
        ("Patient", "gendr eq male", 300),
        ("Patient", "birthdate gt 2000-13", 306),
        ("Patient", "gender.name eq x", 314),
        ("Observation", "subject[gendr eq male].name eq x", 300),
    ] {
        let params = [("_filter".to_owned(), expression.to_owned())];
        let issues = search::parse(&registry, &CONTEXT, kind(of), &params).expect_err(expression);
        let numbers: Vec<u16> = issues.iter().map(|issue| issue.number).collect();
        assert_eq!(numbers, [number], "{expression:.60}: {issues:?}");
    }
}
