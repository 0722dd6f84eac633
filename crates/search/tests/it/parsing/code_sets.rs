//! Value sets and hierarchies: which sets are asked for, and what is made of what comes back.

use std::sync::Mutex;

use search::{CodeSet, CodeSets, NoTokens, SearchContext, SetOf};
use store::entry::Token;
use store::query::{Filter, Test, TokenSet};

use super::{CONTEXT, matches, parse_with};

/// Takes down what it is asked, and has the same answer to everything.
#[derive(Debug)]
struct Fixed {
    answer: Result<Vec<(&'static str, &'static str)>, NoTokens>,
    asked: Mutex<Vec<CodeSet>>,
}

impl Fixed {
    fn new(answer: Result<Vec<(&'static str, &'static str)>, NoTokens>) -> Self {
        Self { answer, asked: Mutex::default() }
    }

    /// The filter of a query, and the sets that it asks for.
    fn ask(&self, query: &str) -> (Filter, Vec<CodeSet>) {
        let mut search =
            parse_with(&SearchContext { code_sets: self, ..CONTEXT }, query).unwrap_or_else(|issues| panic!("{query}: {issues:?}"));
        (search.query.subjects.remove(0).filter, std::mem::take(&mut self.asked.lock().expect("no panic")))
    }
}

impl CodeSets for Fixed {
    fn tokens(&self, asked: &CodeSet) -> Result<TokenSet, NoTokens> {
        self.asked.lock().expect("no panic").push(asked.clone());
        Ok(asked.tokens(self.answer.clone()?.into_iter().map(|(system, code)| (system.into(), code.into()))))
    }
}

fn value_set(id: Option<&str>, url: &str, version: Option<&str>) -> SetOf {
    SetOf::ValueSet { id: id.map(Box::from), url: url.into(), version: version.map(Box::from) }
}

#[test]
fn the_set_is_named_by_address_id_or_code() {
    let sets = Fixed::new(Ok(Vec::new()));
    let around = |below: bool, system: &str, code: &str| match below {
        true => SetOf::Below { system: system.into(), code: code.into() },
        false => SetOf::Above { system: system.into(), code: code.into() },
    };
    for (query, expected) in [
        ("Condition?code:in=http://x.org/vs/a", value_set(None, "http://x.org/vs/a", None)),
        ("Condition?code:in=http://x.org/vs/a|1.0", value_set(None, "http://x.org/vs/a", Some("1.0"))),
        (r"Condition?code:not-in=http://x.org/vs?a=1\,2\|3", value_set(None, "http://x.org/vs?a=1,2|3", None)),
        ("Condition?code:in=urn:oid:1.2", value_set(None, "urn:oid:1.2", None)),
        ("Condition?code:in=ValueSet/12", value_set(Some("12"), "ValueSet/12", None)),
        ("Condition?code:in=ValueSet/12|3", value_set(Some("12"), "ValueSet/12", Some("3"))),
        ("Condition?code:in=https://ward.test/fhir/ValueSet/12", value_set(Some("12"), "https://ward.test/fhir/ValueSet/12", None)),
        // An address on another base, of another type, or of an older version is none of a ValueSet here.
        ("Condition?code:in=http://x.org/fhir/ValueSet/12", value_set(None, "http://x.org/fhir/ValueSet/12", None)),
        ("Condition?code:in=https://ward.test/fhir/Patient/1", value_set(None, "https://ward.test/fhir/Patient/1", None)),
        ("Condition?code:below=http://x.org|a", around(true, "http://x.org", "a")),
        (r"Condition?code:above=http://x.org|a\|b", around(false, "http://x.org", "a|b")),
    ] {
        assert_eq!(sets.ask(query).1, [CodeSet { of: expected, folds_case: true }], "{query}");
    }
    // Codes of elements that mind case are asked for as they are.
    assert!(!sets.ask("Patient?gender:in=urn:vs").1[0].folds_case);
}

#[test]
fn the_codes_are_tokens_as_the_index_has_them() {
    let sets = Fixed::new(Ok(vec![("http://x.org", "Ab"), ("http://x.org", "ab"), ("http://y.org", "c")]));
    let set = |tokens: &[(&str, &str)]| {
        let token = |(system, code): &(&str, &str)| Token { code: (*code).into(), system: (*system).into() };
        Test::AmongTokens(tokens.iter().map(token).collect())
    };
    let (folded, exact) =
        ([("http://x.org", "ab"), ("http://y.org", "c")], [("http://x.org", "Ab"), ("http://x.org", "ab"), ("http://y.org", "c")]);
    let is_in = |parameter, tokens| matches(parameter, set(tokens));
    let one = |query: &str| sets.ask(query).0;
    assert_eq!(one("Condition?code:in=urn:a"), is_in("Condition.code", &folded));
    assert_eq!(one("Condition?code:below=urn:a|b"), is_in("Condition.code", &folded));
    assert_eq!(one("Patient?gender:in=urn:a"), is_in("Patient.gender", &exact));
    assert_eq!(one("Condition?code:not-in=urn:a"), Filter::Not(Box::new(is_in("Condition.code", &folded))));
    let two = Filter::Any(vec![is_in("Condition.code", &folded), is_in("Condition.code", &folded)]);
    assert_eq!(one("Condition?code:in=urn:a,urn:b"), two);
    assert_eq!(one("Condition?code:not-in=urn:a,urn:b"), Filter::Not(Box::new(two)));
    for (expression, expected) in [
        ("code in urn:a", is_in("Condition.code", &folded)),
        ("code ni urn:a", Filter::Not(Box::new(is_in("Condition.code", &folded)))),
        ("code sb urn:a|b", is_in("Condition.code", &folded)),
        ("code ss urn:a|b", is_in("Condition.code", &folded)),
    ] {
        assert_eq!(one(&format!("Condition?_filter={}", expression.replace(' ', "%20"))), expected, "{expression}");
    }
    let inner = sets.ask("Condition?subject:Patient.gender:in=urn:a").0;
    assert!(matches!(inner, Filter::Chain(_, ways) if ways[0].1 == is_in("Patient.gender", &exact)));
}

#[test]
fn what_nobody_can_tell_is_refused_with_the_reason() {
    for (why, number, says) in [
        (NoTokens::NoTerminology, 303, "terminology service"),
        (NoTokens::UnknownValueSet("urn:vs".into()), 351, "`urn:vs`"),
        (NoTokens::UnknownSystem("urn:cs".into()), 352, "`urn:cs`"),
        (NoTokens::UnknownCode, 353, "does not have"),
        (NoTokens::TooMany(7), 354, "more than 7"),
        (NoTokens::Unworkable("it turns in a circle".into()), 355, "it turns in a circle"),
    ] {
        let sets = Fixed::new(Err(why));
        // Nothing is passed over, however lenient: the search would find other things.
        let context = SearchContext { code_sets: &sets, lenient: true, ..CONTEXT };
        let issues = parse_with(&context, "Condition?code:in=urn:vs").map(drop).expect_err("nobody knows");
        assert_eq!(issues[0].number, number, "{issues:?}");
        let text = format!("{:?}", issues[0]);
        assert!(text.contains(says) && text.contains("`code:in`"), "{text}");
    }
}

#[test]
fn only_codes_of_systems_are_asked_about() {
    let sets = Fixed::new(Ok(Vec::new()));
    let numbers = |query: &str| {
        let found = parse_with(&SearchContext { code_sets: &sets, ..CONTEXT }, query);
        found.map(drop).map_err(|issues| issues.iter().map(|issue| issue.number).collect::<Vec<_>>())
    };
    for (query, number) in [
        ("Patient?identifier:in=urn:vs", 303),
        ("Patient?active:not-in=urn:vs", 303),
        ("Patient?email:below=a|b", 303),
        ("ValueSet?code:in=urn:vs", 303),
        ("Patient?_id:in=urn:vs", 302),
        ("Patient?birthdate:in=urn:vs", 302),
        ("Observation?code-value-concept:in=urn:vs", 302),
        ("Condition?code:in=", 304),
        ("Condition?code:in=vs", 333),
        ("Condition?code:in=Patient/1", 333),
        ("Condition?code:in=ValueSet/1/_history/2", 333),
        ("Condition?code:in=urn:vs|", 333),
        ("Condition?code:below=b", 309),
        ("Condition?code:below=|b", 309),
        ("Condition?code:above=a|", 309),
        ("Condition?code:above=a|b|c", 309),
        ("Patient?_filter=birthdate%20in%20urn:vs", 338),
        ("Patient?_filter=identifier%20sb%20a|b", 303),
    ] {
        assert_eq!(numbers(query), Err(vec![number]), "{query}");
    }
    for query in ["Condition?category:in=urn:vs", "Encounter?class:in=urn:vs", "Patient?_tag:below=a|b", "Observation?status:above=a|b"] {
        assert_eq!(numbers(query), Ok(()), "{query}");
    }
}
