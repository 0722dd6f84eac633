//! Elements that somebody may not see are not there: two databases that differ only in these give them the same answers, in every way in.

use std::sync::Arc;

use access::{ACTS, Fields, Grant, Verdict};
use conformance::engines::Engines;
use conformance::hidden::requests::{Request, Via};
use conformance::hidden::{Actor, pages};
use fhir::definitions::ResourceType;
use fhir::{Value, array, json, object};

/// What is hidden.
const HIDDEN: [(&str, &[&str]); 2] =
    [("Patient", &["birthDate", "telecom", "name.given"]), ("Observation", &["value", "note", "effective"])];

/// Somebody who may do everything, but does not see that.
fn grant() -> Arc<Grant> {
    let Ok(principal) = Arc::try_unwrap(Actor::everything()).map(|grant| grant.principal) else { panic!("it is shared by nobody") };
    let all = ResourceType::all().flat_map(|kind| ACTS.map(|act| (kind, act)));
    let grant = all.fold(Grant::nothing(principal), |grant, (kind, act)| grant.with(kind, act, Verdict::Allowed));
    let hide = |grant: Grant, (name, paths): (&str, &[&str])| {
        let hidden = paths.iter().map(|path| (*path).into()).collect();
        grant.with_fields(ResourceType::parse(name).expect("a type"), Fields { hidden, ..Fields::default() })
    };
    Arc::new(HIDDEN.into_iter().fold(grant, hide))
}

fn put(resource: &str) -> Value {
    let resource = json::parse(resource.as_bytes()).expect("JSON");
    let url = format!("{}/{}", resource.resource_type().expect("a type"), resource.text("id").expect("an id"));
    object! { "resource": resource, "request": object! { "method": "PUT", "url": url } }
}

/// The database whose hidden elements are these: a birth date, a given name, a number, a day.
async fn database(values: &[(&str, &str, i64, &str)]) -> Engines {
    let engines = Engines::new();
    let mut entries = Vec::new();
    for (number, (birth, given, value, day)) in values.iter().enumerate() {
        entries.push(put(&format!(
            r#"{{"resourceType":"Patient","id":"p{number}","name":[{{"family":"Müller","given":["{given}"]}}],"gender":"female","birthDate":"{birth}","telecom":[{{"system":"phone","value":"{value}"}}]}}"#
        )));
        entries.push(put(&format!(
            r#"{{"resourceType":"Observation","id":"o{number}","status":"final","code":{{"coding":[{{"system":"http://loinc.org","code":"8867-4"}}]}},"subject":{{"reference":"Patient/p{number}"}},"effectiveDateTime":"{day}","valueQuantity":{{"value":{value},"unit":"/min"}},"note":[{{"text":"{given}"}}]}}"#
        )));
    }
    engines.transaction(entries).await;
    engines
}

/// Everything that is asked: first what reads, then what writes.
fn requests() -> Vec<Request> {
    let reading = [
        "Patient/p0",
        "Patient/p0/_history/1",
        "Patient/p0/_history",
        "Patient/_history",
        "_history",
        "Patient?gender=female",
        "Patient?family=müller&_sort=_id",
        "Patient?birthdate=1980-01-01",
        "Patient?birthdate=gt1970",
        "Patient?birthdate:missing=true",
        "Patient?_sort=birthdate",
        "Patient?_sort=-given,_id",
        "Patient?given=Ada",
        "Patient?name=Ada",
        "Patient?phone=60",
        "Patient?telecom=60",
        "Patient?_filter=birthdate%20gt%201970",
        "Patient?_filter=not(birthdate%20pr%20true)",
        "Patient?_elements=birthDate,gender",
        "Patient?_elements=id",
        "Patient?_summary=true",
        "Patient?_summary=count",
        "Patient?_content=Ada",
        "Patient?_text=Ada",
        "Observation?patient.birthdate=1980-01-01",
        "Observation?subject:Patient.given=Ada",
        "Patient?_has:Observation:patient:value-quantity=60",
        "Patient?_has:Observation:patient:date=2021",
        "Observation?value-quantity=gt50",
        "Observation?code-value-quantity=http://loinc.org|8867-4$60",
        "Observation?_sort=date",
        "Observation?_sort=-date&_count=1",
        "Observation?_count=1",
        "Observation?date=2021-01-01",
        "Observation?_include=Observation:patient",
        "Patient?_revinclude=Observation:patient",
        "Observation?_include=*",
        "Observation/$lastn?patient=Patient/p0",
        "Observation/$lastn?patient=Patient/p0&max=1",
        "Patient/p0/$everything",
        "Patient/p0/$everything?start=2021-01-01",
        "Patient/$everything?_count=2",
        "Patient/p0/Observation",
        "Patient/p0/$meta",
        "Observation/$stats?subject=Patient/p0&system=http://loinc.org&code=8867-4",
        "?_type=Patient,Observation",
    ];
    let graphql = [
        "{ PatientList { id birthDate name { family given } telecom { value } } }",
        "{ PatientList(birthdate: \"1980-01-01\") { id } }",
        "{ ObservationList(_sort: \"date\") { id valueQuantity { value } subject { resource { ... on Patient { birthDate } } } } }",
        "{ Patient(id: \"p0\") { birthDate ObservationList(_reference: patient) { note { text } } } }",
        "{ PatientList { name @include(if: true) { given @first } } }",
    ];
    let operation = |kind: &str, path: &str, value: Value| {
        let mut parts = vec![object! { "name": "type", "valueCode": kind }, object! { "name": "path", "valueString": path }];
        parts.push(value);
        object! { "resourceType": "Parameters", "parameter": array![object! { "name": "operation", "part": parts }] }
    };
    let write = |method: &'static str, url: &str, body: Option<Value>| Request { method, body, ..Request::get(url) };
    let german = || object! { "name": "value", "valueDate": "1999-09-09" };
    let shown =
        || json::parse(r#"{"resourceType":"Patient","id":"p0","name":[{"family":"Müller"}],"gender":"male"}"#.as_bytes()).expect("JSON");
    let writing = [
        write("PATCH", "Patient/p0", Some(operation("replace", "Patient.birthDate", german()))),
        write("PATCH", "Patient/p0", Some(operation("delete", "Patient.birthDate", object! { "name": "x", "valueString": "x" }))),
        write("PATCH", "Patient/p0", Some(operation("replace", "Patient.gender", object! { "name": "value", "valueCode": "other" }))),
        write(
            "PATCH",
            "Patient?birthdate=1980-01-01",
            Some(operation("replace", "Patient.gender", object! { "name": "value", "valueCode": "other" })),
        ),
        write(
            "PATCH",
            "Patient/p0",
            Some(operation("replace", "Patient.where(birthDate = @1980-01-01).gender", object! { "name": "value", "valueCode": "other" })),
        ),
        write("PUT", "Patient/p0", Some(shown())),
        write("PUT", "Patient?given=Ada", Some(shown())),
        write("DELETE", "Patient?birthdate=1980-01-01", None),
        write("DELETE", "Observation?value-quantity=60", None),
        Request { if_none_exist: Some("birthdate=1980-01-01".into()), ..write("POST", "Patient", Some(shown())) },
        write(
            "PUT",
            "Patient/p1",
            Some(json::parse(r#"{"resourceType":"Patient","id":"p1","birthDate":"1980-01-01"}"#.as_bytes()).expect("JSON")),
        ),
    ];
    let reading: Vec<Request> = reading.into_iter().map(Request::get).collect();
    let by_graphql = graphql.map(Request::graphql);
    let in_transactions: Vec<Request> = writing.iter().cloned().map(Request::in_a_transaction).collect();
    let again = reading.clone();
    reading.into_iter().chain(by_graphql).chain(writing).chain(in_transactions).chain(again).collect()
}

/// The answers of both databases on every engine, and how many requests were told apart.
async fn differences(grant: &Arc<Grant>) -> (usize, Vec<String>) {
    let one = database(&[
        ("1980-01-01", "Ada", 60, "2021-01-01"),
        ("1960-01-01", "Zoe", 90, "2019-01-01"),
        ("1970-01-01", "Eva", 70, "2020-01-01"),
    ])
    .await;
    let other = database(&[
        ("1950-05-05", "Ida", 95, "2011-01-01"),
        ("1999-01-01", "Uta", 40, "2022-02-02"),
        ("1955-01-01", "Mia", 55, "2016-01-01"),
    ])
    .await;
    let (all, mut differing) = (requests(), Vec::new());
    let count = all.len();
    for request in all {
        one.pause();
        other.pause();
        let mut answers: Vec<(String, Vec<String>)> = Vec::new();
        for (database, engines) in [("one", &one), ("other", &other)] {
            for (engine, context) in &engines.servers {
                answers.push((format!("{database}, {engine}"), pages(&context.clone().acting(grant.clone()), &request).await));
            }
        }
        let (first, rest) = answers.split_first().expect("an answer");
        if let Some(different) = rest.iter().find(|answer| answer.1 != first.1) {
            differing.push(format!(
                "{:?} {} {}\n{}: {:?}\n{}: {:?}",
                request.via, request.method, request.url, first.0, first.1, different.0, different.1
            ));
        }
    }
    (count, differing)
}

#[tokio::test]
async fn are_not_there_in_any_answer() {
    let (count, differing) = differences(&grant()).await;
    assert!(differing.is_empty(), "{} of {count} requests tell the databases apart:\n{}", differing.len(), differing.join("\n\n"));
    println!("{count} requests");
}

/// To somebody from whom nothing is hidden most of this differs: the proof looks where there is something to see.
#[tokio::test]
async fn are_there_for_whom_nothing_is_hidden() {
    let (count, differing) = differences(&Actor::everything()).await;
    assert!(differing.len() * 2 > count, "{} of {count} requests tell the databases apart", differing.len());
    assert!(differing.iter().any(|difference| difference.starts_with(&format!("{:?}", Via::GraphQl))));
}
