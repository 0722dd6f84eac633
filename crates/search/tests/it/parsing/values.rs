//! The values of criteria.

use fhir::primitive::{Decimal, Temporal};
use search::{Registry, SearchContext};
use store::entry::{Span, Text};
use store::query::{Compare, Filter, NumberRange, Test};

use super::{CONTEXT, NOW, filter, kind, matches, param, parse_with};

fn token(system: Option<&str>, code: Option<&str>) -> Test {
    Test::Token { system: system.map(Into::into), code: code.map(Into::into) }
}

fn uri(uri: &str, version: Option<&str>) -> Test {
    Test::Uri { uri: uri.into(), version: version.map(Into::into) }
}

fn range(value: &str, low: &str, high: &str) -> NumberRange {
    let decimal = |text| Decimal::parse(text).expect("a decimal");
    NumberRange { value: decimal(value), low: decimal(low), high: decimal(high) }
}

fn span(first: &str, last: &str) -> Span {
    let parsed = |text| Temporal::parse(text).expect("a date");
    Span { first: parsed(first).first_ms(), last: parsed(last).last_ms() }
}

#[test]
fn no_criteria_ask_for_everything() {
    assert_eq!(filter("Patient"), Filter::everything());
}

#[test]
fn repeated_parameters_are_and_and_commas_are_or() {
    let name = |text: &str| matches("Patient.name", Test::StartsWith(text.into()));
    assert_eq!(filter("Patient?name=a&name=b"), Filter::All(vec![name("a"), name("b")]));
    assert_eq!(filter("Patient?name=a,b"), Filter::Any(vec![name("a"), name("b")]));
    assert_eq!(filter(r"Patient?name=a\,b"), name("a,b"));
    assert_eq!(filter(r"Patient?name=a\\,b"), Filter::Any(vec![name(r"a\"), name("b")]));
}

#[test]
fn tokens() {
    let code = |test| matches("Condition.code", test);
    assert_eq!(filter("Condition?code=ABC"), code(token(None, Some("abc"))));
    assert_eq!(filter("Condition?code=http://X|ABC"), code(token(Some("http://X"), Some("abc"))));
    assert_eq!(filter("Condition?code=|ABC"), code(token(Some(""), Some("abc"))));
    assert_eq!(filter("Condition?code=http://X|"), code(token(Some("http://X"), None)));
    assert_eq!(filter(r"Condition?code=a\|b"), code(token(None, Some("a|b"))));
    assert_eq!(filter("Condition?code:not=a"), Filter::Not(Box::new(code(token(None, Some("a"))))));
    let either = Filter::Any(vec![code(token(None, Some("a"))), code(token(None, Some("b")))]);
    assert_eq!(filter("Condition?code:not=a,b"), Filter::Not(Box::new(either)));
    assert_eq!(filter("Patient?gender=Male"), matches("Patient.gender", token(None, Some("Male"))), "codes mind case");
    assert_eq!(filter("Patient?_tag=A|B"), matches("Patient._tag", token(Some("A"), Some("b"))));
}

#[test]
fn missing() {
    assert_eq!(filter("Patient?birthdate:missing=false"), Filter::Present(param("Patient.birthdate")));
    assert_eq!(filter("Patient?birthdate:missing=true"), Filter::Not(Box::new(Filter::Present(param("Patient.birthdate")))));
    assert_eq!(filter("Patient?_id:missing=false"), Filter::everything());
}

#[test]
fn ids() {
    assert_eq!(filter("Patient?_id=a,b"), Filter::Id(vec!["a".into(), "b".into()]));
    assert_eq!(filter("Patient?_id:not=a"), Filter::Not(Box::new(Filter::Id(vec!["a".into()]))));
}

#[test]
fn texts() {
    assert_eq!(filter("Patient?family=MÜLLER"), matches("Patient.family", Test::StartsWith("muller".into())));
    assert_eq!(filter("Patient?family:contains=ÜL"), matches("Patient.family", Test::Contains("ul".into())));
    assert_eq!(
        filter("Patient?family:exact=MÜ"),
        matches("Patient.family", Test::Exactly(Text { folded: "mu".into(), exact: "MÜ".into() }))
    );
}

#[test]
fn dates_have_the_width_of_their_precision() {
    let date = |compare, first, last| matches("Patient.birthdate", Test::Date(compare, span(first, last)));
    assert_eq!(filter("Patient?birthdate=2020"), date(Compare::Equal, "2020-01-01", "2020-12-31"));
    assert_eq!(filter("Patient?birthdate=ne2020-02"), date(Compare::NotEqual, "2020-02-01", "2020-02-29"));
    assert_eq!(filter("Patient?birthdate=ge2020-02-03"), date(Compare::GreaterOrEqual, "2020-02-03", "2020-02-03"));
    let zoned = date(Compare::Less, "2020-02-03T09:15:00Z", "2020-02-03T09:15:59Z");
    assert_eq!(filter("Patient?birthdate=lt2020-02-03T10:15%2B01:00"), zoned);
    assert_eq!(filter("Patient?birthdate=lt2020-02-03T10:15+01:00"), zoned, "a + that was not encoded");
    for (prefix, compare) in [
        ("eq", Compare::Equal),
        ("gt", Compare::Greater),
        ("le", Compare::LessOrEqual),
        ("sa", Compare::StartsAfter),
        ("eb", Compare::EndsBefore),
    ] {
        assert_eq!(filter(&format!("Patient?birthdate={prefix}2020-02-03")), date(compare, "2020-02-03", "2020-02-03"));
    }
    assert_eq!(filter("Patient?_lastUpdated=gt2020"), Filter::LastUpdated(Compare::Greater, span("2020", "2020")));
}

#[test]
fn about_a_date_widens_with_its_distance() {
    let ten_days = 864_000_000;
    let Filter::Match(_, Test::Date(Compare::Approximately, found)) = filter("Observation?date=ap2025-09-23") else { panic!("a date") };
    let day = span("2025-09-23", "2025-09-23");
    assert_eq!(NOW - day.first, 10 * ten_days);
    assert_eq!((found.first, found.last), (day.first - ten_days, day.last + ten_days));
}

#[test]
fn numbers_have_the_width_of_their_digits() {
    let number = |compare, range| matches("RiskAssessment.probability", Test::Number(compare, range));
    for (text, low, high) in [
        ("100", "99.5", "100.5"),
        ("100.00", "99.995", "100.005"),
        ("1e2", "95", "105"),
        ("-0.5", "-0.55", "-0.45"),
        ("0", "-0.5", "0.5"),
        ("5.40", "5.395", "5.405"),
        ("1.5e-3", "0.00145", "0.00155"),
    ] {
        assert_eq!(filter(&format!("RiskAssessment?probability={text}")), number(Compare::Equal, range(text, low, high)), "{text}");
    }
    assert_eq!(filter("RiskAssessment?probability=gt0.8"), number(Compare::Greater, range("0.8", "0.75", "0.85")));
    assert_eq!(filter("RiskAssessment?probability=ap-50"), number(Compare::Approximately, range("-50", "-55", "-45")));
    assert_eq!(filter("RiskAssessment?probability=ap1"), number(Compare::Approximately, range("1", "0.5", "1.5")));
}

#[test]
fn quantities() {
    let quantity = |compare, system: Option<&str>, unit: Option<&str>| {
        let (system, unit) = (system.map(Into::into), unit.map(Into::into));
        matches("Observation.value-quantity", Test::Quantity { compare, range: range("5.4", "5.35", "5.45"), system, unit })
    };
    assert_eq!(filter("Observation?value-quantity=5.4"), quantity(Compare::Equal, None, None));
    assert_eq!(filter("Observation?value-quantity=5.4||mg"), quantity(Compare::Equal, None, Some("mg")));
    assert_eq!(filter("Observation?value-quantity=5.4|urn:u|mg"), quantity(Compare::Equal, Some("urn:u"), Some("mg")));
    // In base units of UCUM, as written and as converted.
    let (system, unit) = (Some("http://unitsofmeasure.org".into()), Some("g".into()));
    let grams = Test::Quantity { compare: Compare::LessOrEqual, range: range("0.0054", "0.00535", "0.00545"), system, unit };
    let both = ["Observation.value-quantity:ucum", "Observation.value-quantity"].map(|parameter| matches(parameter, grams.clone()));
    assert_eq!(filter("Observation?value-quantity=le5.4|http://unitsofmeasure.org|mg"), Filter::Any(both.to_vec()));
}

#[test]
fn uris() {
    let url = |test| matches("ValueSet.url", test);
    assert_eq!(filter("ValueSet?url=http://x/A"), url(uri("http://x/A", None)));
    assert_eq!(filter("ValueSet?url=http://x/A|1.0"), url(uri("http://x/A", Some("1.0"))));
    assert_eq!(filter("ValueSet?url:below=http://x"), url(Test::UriBelow("http://x".into())));
    assert_eq!(filter("ValueSet?url:above=http://x"), url(Test::UriAbove("http://x".into())));
    assert_eq!(filter("Patient?_profile=http://x|2"), matches("Patient._profile", uri("http://x", Some("2"))));
}

#[test]
fn references_in_all_their_forms() {
    let subject = |test| matches("Observation.subject", test);
    let local = |target: &str| subject(Test::Local(target.into()));
    assert_eq!(filter("Observation?subject=Patient/1"), local("Patient/1"));
    assert_eq!(filter("Observation?subject:Patient=1"), local("Patient/1"));
    assert_eq!(filter("Observation?subject:Patient=Patient/1"), local("Patient/1"));
    let as_written = subject(uri("https://ward.test/fhir/Patient/1", None));
    assert_eq!(filter("Observation?subject=https://ward.test/fhir/Patient/1"), Filter::Any(vec![local("Patient/1"), as_written]));
    assert_eq!(filter("Observation?subject=https://ward.test/fhirs/Patient/1"), subject(uri("https://ward.test/fhirs/Patient/1", None)));
    assert_eq!(filter("Observation?subject=http://other/Patient/1"), subject(uri("http://other/Patient/1", None)));
    assert_eq!(filter("Observation?subject=urn:uuid:1-2"), subject(uri("urn:uuid:1-2", None)));
    assert_eq!(filter("Observation?subject=Patient/1/_history/2"), subject(uri("Patient/1/_history/2", None)));
    let expanded = ["Device/1", "Group/1", "Location/1", "Patient/1"].map(local).to_vec();
    assert_eq!(filter("Observation?subject=1"), Filter::Any(expanded));
    assert_eq!(filter("Observation?patient=1"), matches("Observation.patient", Test::Local("Patient/1".into())));
    assert_eq!(filter("Observation?subject:identifier=http://X|ABC"), subject(token(Some("http://X"), Some("abc"))));
    let canonical = matches("PlanDefinition.depends-on", uri("http://x", Some("1")));
    assert_eq!(filter("PlanDefinition?depends-on=http://x|1"), canonical);
}

#[test]
fn every_base_of_the_server_is_its_own() {
    let registry = Registry::with_bases(["https://second.test/fhir/"]);
    let pairs = search::url::query_pairs("subject=https://second.test/fhir/Patient/1").expect("pairs");
    let found = search::parse(&registry, &CONTEXT, kind("Observation"), &pairs).expect("understood");
    assert_eq!(found.query.subjects[0].filter, matches("Observation.subject", Test::Local("Patient/1".into())));
    let without = SearchContext { base_url: "", ..CONTEXT };
    assert!(parse_with(&without, "Observation?subject=/Patient/1").is_err());
}

#[test]
fn composites_combine_their_parts() {
    let found = filter(r"Observation?code-value-quantity=http://loinc.org|8480-6$gt5.4||mm[Hg],a$5.4");
    let quantity = |compare, unit: Option<&str>| Test::Quantity {
        compare,
        range: range("5.4", "5.35", "5.45"),
        system: None,
        unit: unit.map(Into::into),
    };
    let composite = |parts| matches("Observation.code-value-quantity", Test::Composite(parts));
    let first = composite(vec![token(Some("http://loinc.org"), Some("8480-6")), quantity(Compare::Greater, Some("mm[Hg]"))]);
    let second = composite(vec![token(None, Some("a")), quantity(Compare::Equal, None)]);
    assert_eq!(found, Filter::Any(vec![first, second]));
    let text = filter(r"Observation?code-value-string=a$Fünf\$");
    assert_eq!(
        text,
        matches("Observation.code-value-string", Test::Composite(vec![token(None, Some("a")), Test::StartsWith("funf$".into())]))
    );
}

#[test]
fn canonicals_have_versions_below_them() {
    let of = |below: &str| Test::UriOfVersion { uri: "http://x.org/q".into(), below: below.into() };
    assert_eq!(
        filter("QuestionnaireResponse?questionnaire:below=http://x.org/q|1.0"),
        matches("QuestionnaireResponse.questionnaire", of("1.0"))
    );
    let any = Test::Uri { uri: "http://x.org/q".into(), version: None };
    assert_eq!(filter("QuestionnaireResponse?questionnaire:below=http://x.org/q"), matches("QuestionnaireResponse.questionnaire", any));
    assert_eq!(filter("Patient?_profile:below=http://x.org/q|2"), matches("Patient._profile", of("2")));
    // Above a version there is none; a parameter that leads to resources has their hierarchy alone.
    for (query, number) in [
        ("QuestionnaireResponse?questionnaire:above=http://x.org/q|1", 303),
        ("Patient?_profile:above=http://x.org/q|2", 333),
        ("Condition?subject:below=http://x.org/q|1", 303),
    ] {
        assert_eq!(super::numbers(query), [number], "{query}");
    }
}
