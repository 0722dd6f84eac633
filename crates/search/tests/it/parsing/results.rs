//! Parameters that say how to answer.

use fhir::Severity;
use search::parse::Summary;
use search::{Registry, SearchContext, page};
use store::query::{Direction, Include, Page, Place, Sort, SortBy};

use super::{CONTEXT, kind, param, parse, parse_with};

fn sort(query: &str) -> Vec<(SortBy, bool)> {
    let search = parse(query).unwrap_or_else(|issues| panic!("{query}: {issues:?}"));
    search.query.sort.into_iter().map(|Sort { by, descending }| (by, descending)).collect()
}

#[test]
fn sort_keys_keep_their_order() {
    assert_eq!(sort("Observation"), []);
    assert_eq!(sort("Observation?_sort=-date"), [], "the natural order streams");
    assert_eq!(sort("Observation?_sort=date"), [(SortBy::Date, false)]);
    assert_eq!(sort("Observation?_sort=-date,_id"), [(SortBy::Date, true), (SortBy::Id, false)]);
    assert_eq!(
        sort("Patient?_sort=family,-birthdate,-_lastUpdated"),
        [
            (SortBy::Params(vec![param("Patient.family")]), false),
            (SortBy::Params(vec![param("Patient.birthdate")]), true),
            (SortBy::LastUpdated, true),
        ]
    );
}

#[test]
fn counts_are_bounded() {
    let count = |query| parse(query).map(|search| (search.query.count, search.query.total)).expect(query);
    assert_eq!(count("Patient"), (20, false));
    assert_eq!(count("Patient?_count=7"), (7, false));
    assert_eq!(count("Patient?_count=1000000"), (100, false));
    assert_eq!(count("Patient?_count=0"), (0, true));
    assert_eq!(count("Patient?_summary=count"), (0, true));
    assert_eq!(count("Patient?_total=accurate"), (20, true));
    assert_eq!(count("Patient?_total=estimate&_count=3"), (3, true));
    assert_eq!(count("Patient?_total=none"), (20, false));
}

#[test]
fn the_self_link_has_what_was_applied() {
    let search = parse("Patient?name=a&_count=5000&_sort=-birthdate&_format=json&_pretty=true&_elements=name,active&_summary=false")
        .expect("understood");
    let names: Vec<_> = search.self_params.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let expected = "name=a _count=100 _sort=-birthdate _format=json _pretty=true _elements=name,active _summary=false";
    assert_eq!(names.join(" "), expected);
    assert_eq!((search.summary, search.pretty, search.format.as_deref()), (Summary::False, Some(true), Some("json")));
    assert_eq!(search.elements, ["name", "active"]);
}

#[test]
fn a_page_token_belongs_to_its_search() {
    let search = parse("Patient?name=a&_sort=family&_count=2").expect("understood");
    let place = Place { keys: vec![Some(b"abc".to_vec())], resource: 9 };
    let next = search.next_params(&place, &page::Checked);
    let token = &next.iter().find(|(name, _)| name == page::PARAMETER).expect("a token").1;
    let follow = |query: &str| parse(&format!("{query}&_page={token}"));
    let second = follow("Patient?name=a&_sort=family&_count=50").expect("another count is the same search");
    assert_eq!(second.query.page, Page::After(place.clone()));
    assert_eq!(second.next_params(&place, &page::Checked).iter().filter(|(name, _)| name == page::PARAMETER).count(), 1);
    for other in ["Patient?name=b&_sort=family", "Patient?name=a&_sort=-family", "Patient?name=a", "Practitioner?name=a&_sort=family"] {
        let issues = parse_with(&CONTEXT, &format!("{other}&_page={token}")).err();
        let issues = issues.unwrap_or_else(|| panic!("{other} took the token"));
        assert_eq!(issues.iter().map(|issue| issue.number).collect::<Vec<_>>(), [328], "{other}");
    }
    let tenant = SearchContext { tenant: store::commit::Tenant(2), ..CONTEXT };
    assert!(parse_with(&tenant, &format!("Patient?name=a&_sort=family&_page={token}")).is_err());
}

fn includes(query: &str) -> Vec<Include> {
    parse(query).unwrap_or_else(|issues| panic!("{query}: {issues:?}")).query.include
}

#[test]
fn includes_name_their_references() {
    let forward = |params: &[&str], target: Option<&str>, iterate| Include {
        direction: Direction::Forward,
        source: kind(params[0].split('.').next().expect("a type")),
        params: params.iter().map(|name| param(name)).collect(),
        target: target.map(kind),
        iterate,
    };
    assert_eq!(includes("Observation?_include=Observation:subject"), [forward(&["Observation.subject"], None, false)]);
    let patient = [forward(&["Observation.subject"], Some("Patient"), false)];
    assert_eq!(includes("Observation?_include=Observation:subject:Patient"), patient);
    let further = [forward(&["Patient.organization"], None, true)];
    assert_eq!(includes("Observation?_include:iterate=Patient:organization"), further);
    assert_eq!(includes("Observation?_include:recurse=Patient:organization"), further);
    let all = includes("Patient?_include=*");
    assert_eq!(all, includes("Patient?_include=Patient:*"));
    assert_eq!(all, [forward(&["Patient.general-practitioner", "Patient.link", "Patient.organization"], None, false)]);
    let reverse = includes("Patient?_revinclude=Observation:patient&_revinclude=Provenance:target:Patient");
    assert_eq!(reverse.len(), 2);
    assert_eq!((reverse[0].direction, reverse[0].source), (Direction::Reverse, kind("Observation")));
    assert_eq!((reverse[1].params.as_slice(), reverse[1].target), ([param("Provenance.target")].as_slice(), Some(kind("Patient"))));
    let any = includes("Patient?_revinclude=Observation:*");
    assert!(any[0].params.contains(&param("Observation.subject")) && !any[0].params.contains(&param("Observation.device")));
}

#[test]
fn a_lenient_search_passes_over_what_it_does_not_know() {
    let lenient = SearchContext { lenient: true, ..CONTEXT };
    let search = parse_with(&lenient, "Patient?nam=x&_text=y&_sort=age&name=z&_sort=family").expect("understood");
    assert_eq!(search.ignored.iter().map(|issue| issue.number).collect::<Vec<_>>(), [300, 301, 300]);
    assert!(search.ignored.iter().all(|issue| issue.severity == Severity::Warning));
    assert_eq!(search.self_params, [("name".to_owned(), "z".to_owned()), ("_sort".to_owned(), "family".to_owned())]);
    assert!(parse_with(&lenient, "Patient?birthdate=gestern").is_err(), "a bad value is refused all the same");
    assert!(parse_with(&lenient, "Patient?name:sounds=x").is_err(), "an unknown modifier is refused all the same");
}

#[test]
fn a_condition_has_criteria_only() {
    let condition = |query: &str| {
        let pairs = search::url::query_pairs(query).expect("pairs");
        let lenient = SearchContext { lenient: true, ..CONTEXT };
        search::parse_filter(&Registry::standard(), &lenient, kind("Patient"), &pairs)
            .map_err(|issues| issues.iter().map(|issue| issue.number).collect::<Vec<_>>())
    };
    assert_eq!(condition("identifier=a|1"), Ok(super::filter("Patient?identifier=a|1")));
    assert_eq!(condition("identifier=a|1&active=true"), Ok(super::filter("Patient?identifier=a|1&active=true")));
    assert_eq!(condition(""), Err(vec![331]));
    assert_eq!(condition("identifier=a|1&_count=1&_sort=name"), Err(vec![330, 330]));
    assert_eq!(condition("identfier=a|1"), Err(vec![300]), "even when lenient");
}
