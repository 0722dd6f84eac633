//! A registry for an engine that seals its index: what tells who somebody is, and what can be asked of it.

use fhir::definitions::ResourceType;
use search::{NoCodeSets, Registry, SearchContext};
use store::commit::Tenant;
use store::contract::Extract;
use store::query::{Filter, Test};
use store::secrecy::Secrecy;

const CONTEXT: SearchContext<'static> = SearchContext {
    tenant: Tenant(1),
    base_url: "",
    default_count: 20,
    max_count: 100,
    lenient: false,
    now: 0,
    code_sets: &NoCodeSets,
    seal: &search::page::Checked,
};

fn kind(name: &str) -> ResourceType {
    ResourceType::parse(name).expect("a type")
}

fn sealed() -> std::sync::Arc<Registry> {
    Registry::standard().with_sealed_index(true)
}

/// What a parameter has, without what all references have.
fn whole(of: &str) -> Vec<String> {
    let registry = sealed();
    let secrets = registry.secrets();
    let is_whole = |parameter: &&search::Parameter| secrets.of(parameter.param) == Secrecy::Whole;
    registry.parameters(kind(of)).filter(is_whole).map(|parameter| parameter.code.to_string()).collect()
}

#[test]
fn what_names_a_person_is_sealed() {
    let of_patient = [
        "_like",
        "_sounds",
        "address",
        "address-city",
        "address-country",
        "address-postalcode",
        "address-state",
        "birthdate",
        "death-date",
        "email",
        "family",
        "given",
        "identifier",
        "name",
        "phone",
        "phonetic",
        "telecom",
    ];
    assert_eq!(whole("Patient"), of_patient);
    assert_eq!(whole("Observation"), ["identifier"]);
    assert_eq!(whole("AuditEvent"), ["address", "agent-name", "altid", "entity-name"]);
    assert_eq!(whole("Account"), ["identifier", "name"]);
    assert!(whole("Device").contains(&"udi-carrier".to_owned()));
    let registry = sealed();
    let subject = registry.get(kind("Observation"), "subject").expect("a parameter");
    assert_eq!(registry.secrets().of(subject.param), Secrecy::Tokens, "the identifier of whom it is about");
    assert_eq!(Registry::standard().secrets().of(subject.param), Secrecy::Clear);
}

#[test]
fn every_identifier_and_address_of_every_type_is_sealed() {
    for of in ResourceType::all() {
        let found = whole(of.name());
        for code in ["identifier", "address", "telecom", "phone", "email"] {
            let parameter = Registry::standard();
            let is_there = parameter.get(of, code).is_some_and(|parameter| parameter.kind.code() != "uri");
            // Where an endpoint is, and where a thing is kept, is told by a uri.
            assert_eq!(found.iter().any(|sealed| sealed == code), is_there, "{}?{code}", of.name());
        }
    }
}

fn parse(of: &str, query: &str, lenient: bool) -> Result<search::Search, Vec<(u16, String)>> {
    let params = search::url::query_pairs(query).expect("a query");
    let parsed = search::parse(&sealed(), &SearchContext { lenient, ..CONTEXT }, kind(of), &params);
    parsed.map_err(|issues| issues.iter().map(|issue| (issue.number, issue.diagnostics.to_string())).collect())
}

#[test]
fn equality_is_asked_as_ever() {
    let asked = [
        "identifier=urn:mrn|1",
        "identifier=1",
        "identifier=urn:mrn|",
        "identifier:of-type=urn:t|MR|1",
        "identifier:not=1",
        "name:exact=Smith",
        "name:missing=true",
        "birthdate=1980-05-04",
        "birthdate=eq1980-05-04",
        "phone=555",
        "_sounds=meier",
        "_id=a",
        "gender=female",
        "_lastUpdated=gt2020",
        "_filter=family eq \"smith\"",
        "general-practitioner:identifier=urn:x|1",
        "_sort=_id",
        "_has:Observation:subject:code=a",
    ];
    for query in asked {
        let query = query.replace(' ', "%20").replace('"', "%22").replace('|', "%7C");
        assert!(parse("Patient", &query, false).is_ok(), "{query}: {:?}", parse("Patient", &query, false).err());
    }
    assert!(parse("Observation", "subject:Patient.name:exact=Smith&code=a&date=gt2020", false).is_ok());
}

#[test]
fn what_needs_an_order_or_a_part_is_refused_by_name() {
    let refused = [
        ("Patient", "name=Pet", "name", 356),
        ("Patient", "family=Pet", "family", 356),
        ("Patient", "birthdate=gt1980-05-04", "birthdate", 356),
        ("Patient", "birthdate=1980", "birthdate", 356),
        ("Patient", "birthdate=1980-05-04T10:00:00Z", "birthdate", 356),
        ("Patient", "name:contains=et", "name", 303),
        ("Patient", "identifier:text=mrn", "identifier", 303),
        ("Patient", "_like=smith", "_like", 301),
        ("Patient", "_sort=family", "family", 323),
        ("Patient", "_sort=-birthdate", "birthdate", 323),
        ("Patient", "_filter=family sw \"sm\"", "family", 356),
        ("Patient", "_filter=birthdate lt 1980-01-01", "birthdate", 356),
        ("Observation", "subject:Patient.name=Pet", "name", 356),
        ("Patient", "_content=peter", "_content", 301),
    ];
    for (of, query, name, number) in refused {
        let query = query.replace(' ', "%20").replace('"', "%22");
        let issues = parse(of, &query, false).expect_err(&query);
        assert!(issues.iter().any(|(found, _)| *found == number), "{query}: {issues:?}");
        assert!(issues.iter().all(|(_, rule)| rule.contains(name) && !rule.contains("Pet")), "{query}: {issues:?}");
    }
}

/// `Prefer: handling=lenient` compares whole values, and says so; a condition is never taken otherwise than it says.
#[test]
fn a_lenient_search_compares_whole_values_and_says_so() {
    let search = parse("Patient", "name=Pet%C3%A9r", true).expect("a lenient search");
    let [told] = &search.ignored[..] else { panic!("{:?}", search.ignored) };
    assert!(told.number == 356 && told.diagnostics.contains("`name`"));
    let Filter::Match(_, Test::Folded(text)) = &search.query.subjects[0].filter else { panic!("{:?}", search.query.subjects) };
    assert_eq!(&**text, "peter");
    assert!(
        parse("Patient", "name:contains=et", true).is_ok_and(|search| search.ignored.len() == 1)
            || parse("Patient", "name:contains=et", true).is_err()
    );
    let context = SearchContext { lenient: true, ..CONTEXT };
    let condition = search::parse_filter(&sealed(), &context, kind("Patient"), &[("name".to_owned(), "Peter".to_owned())]);
    assert!(condition.expect_err("a condition")[0].number == 356);
}

#[test]
fn words_are_not_indexed_beside_it() {
    let registry = Registry::standard().with_words(true).with_sealed_index(true);
    assert!(!registry.indexes_words());
    let text =
        br#"{"resourceType":"Patient","id":"a","name":[{"family":"Smith"}],"identifier":[{"type":{"text":"Smith's number"},"value":"1"}]}"#;
    let (entries, _) = Extract::extract(&*registry, kind("Patient"), text);
    let of = |code: &str| store::entry::Param::of("Patient", code);
    assert!(entries.iter().all(|entry| entry.param != of("_like") && entry.param != of("identifier:text")), "{entries:?}");
    assert!(entries.iter().any(|entry| entry.param == of("_sounds")));
    assert_ne!(registry.fingerprint(), Registry::standard().fingerprint());
}
