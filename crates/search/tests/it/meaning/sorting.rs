//! Orders and pages.

use store::Store;
use store::query::Page;

use super::{CONTEXT, HOSPITAL, Hospital, now};

#[test]
fn orders_go_by_any_parameters() {
    let hospital = Hospital::of(HOSPITAL);
    for (query, ids) in [
        ("Patient?_sort=birthdate", "karl anna eva nn"),
        ("Patient?_sort=-birthdate", "eva anna karl nn"),
        ("Patient?_sort=gender,-given", "eva anna karl nn"),
        ("Patient?_sort=_id", "anna eva karl nn"),
        ("Patient?_sort=-_id", "nn karl eva anna"),
        ("Patient?_sort=identifier,_id", "eva anna karl nn"),
        ("Patient?_sort=organization,_id", "anna eva karl nn"),
    ] {
        assert_eq!(hospital.in_order(query).join(" "), ids, "{query}");
    }
    let both = hospital.in_order("?_type=Patient,Organization&_sort=name,_id");
    assert_eq!(both, ["Patient/anna", "Patient/eva", "Patient/karl", "Organization/w1", "Patient/nn"]);
}

#[test]
fn pages_lead_forth_and_back() {
    let hospital = Hospital::of(HOSPITAL);
    let first = hospital.parse("Patient?_sort=_id&_count=2");
    let answer = now(hospital.store.search(&first.query)).expect("an answer");
    let next = answer.next.expect("a second page");
    let turn = |params: Vec<(String, String)>| {
        let search = hospital.parse(&format!("Patient?{}", search::url::query_string(&params)));
        let answer = now(hospital.store.search(&search.query)).expect("an answer");
        let ids: Vec<String> = answer.matches.iter().map(|version| version.key.id.to_string()).collect();
        (search, answer, ids)
    };
    let (second, answer, ids) = turn(first.next_params(&next, CONTEXT.seal));
    assert_eq!(ids, ["karl", "nn"]);
    let prev = answer.prev.expect("a page before");
    assert_eq!(turn(second.prev_params(&prev, CONTEXT.seal)).2, ["anna", "eva"]);
    assert_eq!(turn(second.first_params()).2, ["anna", "eva"]);
    assert_eq!(hospital.parse("Patient?_count=2").query.page, Page::First);
}
