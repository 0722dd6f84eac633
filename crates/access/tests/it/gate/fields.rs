//! Hidden and read-only elements.

mod contained;

use std::sync::Arc;

use access::{Act, Fields, Grant, Verdict};
use fhir::json;
use search::Registry;
use store::Store;
use store::commit::{Commit, Expect};
use store::contract::ReadError;
use store::query::{HistoryQuery, Query, Scope};

use super::world::{TENANT, World, commit, everything, forbidden, found, key, kind, nothing, with_rule};

const PERSON: &str = r#"{"resourceType":"Patient","id":"p","meta":{"tag":[{"code":"vip"}]},"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">secret</div>"},"contained":[{"resourceType":"Patient","id":"in","birthDate":"1950-01-01","gender":"male"}],"name":[{"family":"Open","given":["secret"],"_given":[{"id":"secret"}]},{"given":["secret"]}],"birthDate":"1990-02-03","_birthDate":{"id":"secret"},"gender":"female","deceasedDateTime":"2020-01-01"}"#;

fn hiding(paths: &[&str]) -> Grant {
    let hidden = paths.iter().map(|path| (*path).into()).collect();
    everything().with_fields(kind("Patient"), Fields { hidden, read_only: Vec::new() })
}

fn read_only(paths: &[&str]) -> Grant {
    let read_only = paths.iter().map(|path| (*path).into()).collect();
    everything().with_fields(kind("Patient"), Fields { hidden: Vec::new(), read_only })
}

async fn text(store: &dyn Store, reference: &str) -> String {
    let version = store.read(TENANT, &key(reference)).await.expect("a read").expect("it is there");
    String::from_utf8(version.text().expect("a text").to_vec()).expect("UTF-8")
}

#[tokio::test]
async fn hidden_elements_are_in_no_text() {
    let world = World::empty();
    world.put(PERSON).await;
    world.put(r##"{"resourceType":"Observation","id":"o","contained":[{"resourceType":"Patient","id":"p","birthDate":"1990-02-03"}],"status":"final","code":{"text":"x"},"subject":{"reference":"#p"}}"##).await;
    let gate = world.gate(hiding(&["name.given", "birthDate", "deceased[x]"]));
    let seen = text(&gate, "Patient/p").await;
    for hidden in ["secret", "1990-02-03", "1950-01-01", "2020-01-01", "given", "birthDate", "deceased"] {
        assert!(!seen.contains(hidden), "{hidden} is in {seen}");
    }
    let resource = json::parse(seen.as_bytes()).expect("JSON");
    assert_eq!(resource.list("name").count(), 1, "a name of which nothing is left is gone");
    assert!(seen.contains("Open") && seen.contains("female") && seen.contains("vip"));
    assert!(seen.contains("SUBSETTED"));
    assert_eq!(resource.get("meta").and_then(|meta| meta.text("versionId")), Some("1"));
    assert!(!text(&gate, "Observation/o").await.contains("1990-02-03"), "what is contained is of its own type");
    let scope = Scope::Instance(key("Patient/p"));
    let history = HistoryQuery { tenant: TENANT, scope, since: None, until: None, before: None, most_bytes: None, count: 10 };
    let of_history = gate.history(&history).await.expect("a history").versions;
    let matches = gate.search(&world.query("Patient", "gender=female")).await.expect("a search").matches;
    let vread = gate.vread(TENANT, &key("Patient/p"), 1).await.expect("a read");
    let past = gate.at(i64::MAX).read(TENANT, &key("Patient/p")).await.expect("a read");
    for version in of_history.iter().chain(&matches).chain(&vread).chain(&past) {
        assert_eq!(version.text().expect("a text"), seen.as_bytes());
    }
    assert_eq!((of_history.len(), matches.len(), vread.is_some(), past.is_some()), (1, 1, true, true));
}

#[tokio::test]
async fn what_is_brought_along_has_no_hidden_elements_either() {
    let world = World::hospital().await;
    let gate = world.gate(hiding(&["name"]));
    let answer = gate.search(&world.query("Observation", "_include=Observation:subject")).await.expect("a search");
    assert_eq!(answer.included.len(), 2);
    for version in &answer.included {
        assert!(!String::from_utf8_lossy(version.text().expect("a text")).contains("Family"));
    }
}

#[tokio::test]
async fn who_follows_all_references_follows_those_that_are_not_hidden() {
    let world = World::hospital().await;
    let brought = async |hidden: &str| {
        let fields = Fields { hidden: vec![hidden.into()], read_only: Vec::new() };
        let gate = world.gate(everything().with_fields(kind("Observation"), fields));
        let answer = gate.search(&world.query("Observation", "_include=*")).await.expect("a search");
        answer.included.iter().filter(|version| version.key.kind == kind("Patient")).count()
    };
    assert_eq!((brought("performer").await, brought("subject").await), (2, 0));
    let fields = Fields { hidden: vec!["subject".into()], read_only: Vec::new() };
    let gate = world.gate(everything().with_fields(kind("Observation"), fields));
    let named = gate.search(&world.query("Observation", "_include=Observation:subject")).await;
    assert!(matches!(named, Err(ReadError::Forbidden(_))), "{named:?}");
}

#[tokio::test]
async fn nothing_is_found_ordered_or_followed_by_what_is_hidden() {
    let world = World::hospital().await;
    let gate = world.gate(hiding(&["name.given", "birthDate", "generalPractitioner"]));
    for (of, criteria) in [
        ("Patient", "given=Given1"),
        ("Patient", "name=Given1"),
        ("Patient", "name:contains=iven1"),
        ("Patient", "phonetic=Given1"),
        ("Patient", "birthdate=1981-01-01"),
        ("Patient", "birthdate:missing=true"),
        ("Patient", "_sort=birthdate"),
        ("Patient", "_sort=-given"),
        ("Patient", "general-practitioner=Practitioner/doc"),
        ("Patient", "general-practitioner.name=Doctor"),
        ("Patient", "_include=Patient:general-practitioner"),
        ("Patient", "_filter=birthdate eq 1981-01-01"),
        ("Observation", "subject:Patient.birthdate=1981-01-01"),
        ("Observation", "subject:Patient.given=Given1"),
        ("Practitioner", "_has:Patient:general-practitioner:gender=female"),
        ("Practitioner", "_has:Patient:general-practitioner:birthdate=1981-01-01"),
        ("Practitioner", "_revinclude=Patient:general-practitioner"),
    ] {
        let answer = gate.search(&world.query(of, criteria)).await;
        assert!(matches!(answer, Err(ReadError::Forbidden(_))), "{of}?{criteria}: {answer:?}");
    }
    for (of, criteria) in [
        ("Patient", "family=Family1"),
        ("Patient", "_id=1"),
        ("Patient", "_sort=family"),
        ("Observation", "subject:Patient.family=Family1"),
        ("Observation", "_include=Observation:subject"),
        ("Practitioner", "name=Doctor"),
    ] {
        assert!(gate.search(&world.query(of, criteria)).await.is_ok(), "{of}?{criteria}");
    }
}

#[tokio::test]
async fn a_refusal_names_the_parameter_and_a_rule_may_go_by_it() {
    let world = World::hospital().await;
    let gate = world.gate(hiding(&["birthDate"]));
    let Err(ReadError::Forbidden(why)) = gate.search(&world.query("Patient", "birthdate=1981")).await else { panic!("it is refused") };
    assert!(why.contains("`birthdate` of Patient"), "{why}");
    let rule = world.filter("Patient", "birthdate=1981-01-01");
    let hidden = Fields { hidden: vec!["birthDate".into()], read_only: Vec::new() };
    let gate = world.gate(with_rule(nothing(), "Patient", Act::Search, rule).with_fields(kind("Patient"), hidden));
    assert_eq!(found(&gate, world.query("Patient", "")).await.0, ["Patient/1"]);
}

#[tokio::test]
async fn the_natural_order_is_not_by_what_is_hidden() {
    let world = World::empty();
    for (id, date) in [("first", "2021-01-01"), ("second", "2020-01-01")] {
        world
            .put(&format!(
                r#"{{"resourceType":"Observation","id":"{id}","status":"final","code":{{"text":"x"}},"effectiveDateTime":"{date}"}}"#
            ))
            .await;
    }
    let order = async |store: &dyn Store| {
        let answer = store.search(&world.query("Observation", "")).await.expect("a search");
        answer.matches.iter().map(|version| version.key.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(order(&*world.store).await, ["first", "second"], "the newest first");
    let hidden = Fields { hidden: vec!["effective".into()], read_only: Vec::new() };
    let gate = world.gate(everything().with_fields(kind("Observation"), hidden));
    assert_eq!(order(&gate).await, ["second", "first"], "the one written last first");
    for asked in ["date=2021", "_sort=date", "_sort=code,date"] {
        assert!(matches!(gate.search(&world.query("Observation", asked)).await, Err(ReadError::Forbidden(_))), "{asked}");
    }
}

#[tokio::test]
async fn conditions_do_not_ask_by_what_is_hidden() {
    let world = World::hospital().await;
    let gate = world.gate(hiding(&["birthDate"]));
    let expect = vec![Expect::NoMatch(kind("Patient"), world.filter("Patient", "birthdate=1981-01-01"))];
    assert!(forbidden(gate.commit(Commit { expect, ..commit() }).await).contains("birthdate"));
}

#[tokio::test]
async fn who_writes_back_what_they_have_been_given_changes_nothing_of_what_they_have_not() {
    let world = World::empty();
    world.put(PERSON).await;
    let gate = world.gate(hiding(&["name.given", "birthDate", "deceased"]));
    let seen = text(&gate, "Patient/p").await;
    let stamp = seen.find("\"versionId\"").expect("a version")..seen.find("\"tag\"").expect("a tag");
    let back = format!("{}{}", &seen[..stamp.start], &seen[stamp.end..]).replace("female", "other");
    let put = vec![world.ready(&back)];
    gate.commit(Commit { put, ..commit() }).await.expect("it is written");
    let stored = text(&*world.store, "Patient/p").await;
    for kept in ["1990-02-03", "1950-01-01", "2020-01-01", "\"given\":[\"secret\"]", "_birthDate", "other", "vip"] {
        assert!(stored.contains(kept), "{kept} is not in {stored}");
    }
    assert!(!stored.contains("SUBSETTED"), "{stored}");
    assert_eq!(found(&*world.store, world.query("Patient", "birthdate=1990-02-03&gender=other")).await.1, Some(1), "and is found by it");
}

#[tokio::test]
async fn resources_inside_are_left_as_they_are() {
    let world = World::empty();
    let with = |inside: &str| format!(r#"{{"resourceType":"Basic","id":"b","contained":[{inside}],"code":{{"text":"x"}}}}"#);
    let secret = r#"{"resourceType":"Patient","id":"p","gender":"male","birthDate":"1950-01-01"}"#;
    world.put(&with(secret)).await;
    let gate = world.gate(hiding(&["birthDate"]));
    let open = r#"{"resourceType":"Patient","id":"p","gender":"male"}"#;
    for inside in [secret, open, r#"{"resourceType":"Patient","id":"p","birthDate":"1951-01-01"}"#] {
        let answer = gate.commit(Commit { put: vec![world.ready(&with(inside))], ..commit() }).await;
        assert!(forbidden(answer).contains("`Basic.contained`"), "{inside}");
    }
    let new = with(open).replace("\"b\"", "\"new\"");
    assert!(gate.commit(Commit { put: vec![world.ready(&new)], ..commit() }).await.is_ok());
}

#[tokio::test]
async fn hidden_elements_are_not_written() {
    let world = World::hospital().await;
    let gate = world.gate(hiding(&["birthDate", "name.given"]));
    for text in [
        r#"{"resourceType":"Patient","id":"1","birthDate":"1981-01-01"}"#,
        r#"{"resourceType":"Patient","id":"new","birthDate":"1981-01-01"}"#,
        r#"{"resourceType":"Patient","id":"1","name":[{"family":"Family1","given":["New"]}]}"#,
        r#"{"resourceType":"Patient","id":"1","name":[{"family":"Other"}]}"#,
        r#"{"resourceType":"Patient","id":"1"}"#,
    ] {
        let answer = gate.commit(Commit { put: vec![world.ready(text)], ..commit() }).await;
        assert!(forbidden(answer).contains("not yours to write"), "{text}");
    }
    assert!(text(&*world.store, "Patient/1").await.contains("Given1"));
}

#[tokio::test]
async fn read_only_elements_stay_as_they_are() {
    let world = World::hospital().await;
    let gate = world.gate(read_only(&["birthDate", "name.family"]));
    for (text, is_allowed) in [
        (r#"{"resourceType":"Patient","id":"1","name":[{"family":"Family1","given":["Other"]}],"birthDate":"1981-01-01"}"#, true),
        (r#"{"resourceType":"Patient","id":"1","name":[{"family":"Family1"}],"birthDate":"1999-01-01"}"#, false),
        (r#"{"resourceType":"Patient","id":"1","name":[{"family":"Family1"}]}"#, false),
        (r#"{"resourceType":"Patient","id":"1","name":[{"family":"Other"}],"birthDate":"1981-01-01"}"#, false),
        (r#"{"resourceType":"Patient","id":"1","name":[{"family":"Family1"},{"family":"More"}],"birthDate":"1981-01-01"}"#, false),
        (r#"{"resourceType":"Patient","id":"new","gender":"female"}"#, true),
        (r#"{"resourceType":"Patient","id":"newer","birthDate":"1981-01-01"}"#, false),
    ] {
        let answer = gate.commit(Commit { put: vec![world.ready(text)], ..commit() }).await;
        match is_allowed {
            true => assert!(answer.is_ok(), "{text}: {answer:?}"),
            false => assert!(forbidden(answer).contains("not yours to write"), "{text}"),
        }
    }
    assert!(text(&gate, "Patient/1").await.contains("1981-01-01"), "it is seen");
    assert!(!text(&gate, "Patient/1").await.contains("SUBSETTED"));
}

#[tokio::test]
async fn every_parameter_of_a_resource_is_refused_that_reads_what_is_hidden() {
    // Which parameters of a type read an element: a value in it changes what they find.
    let world = World::empty();
    for (path, expected) in [
        ("gender", vec!["gender"]),
        ("address.city", vec!["address", "address-city"]),
        ("identifier", vec!["identifier"]),
        ("deceased", vec!["death-date", "deceased"]),
        ("telecom", vec!["email", "phone", "telecom"]),
        ("name.given", vec!["given", "name", "phonetic"]),
    ] {
        let gate = world.gate(hiding(&[path]));
        let mut refused = Vec::new();
        for parameter in world.registry.parameters(kind("Patient")) {
            let missing = store::query::Filter::Present(parameter.param);
            let query = Query::new(TENANT, kind("Patient"), missing);
            if matches!(gate.search(&query).await, Err(ReadError::Forbidden(_))) {
                refused.push(parameter.code.to_string());
            }
        }
        refused.retain(|code| !code.starts_with('_'));
        assert_eq!(refused, expected, "{path}");
    }
    let allowed = Verdict::Allowed;
    let gate = world.gate(nothing().with(kind("Patient"), Act::Search, allowed));
    assert!(gate.search(&world.query("Patient", "gender=female")).await.is_ok());
}

#[tokio::test]
async fn a_parameter_of_the_hospitals_own_may_read_anything() {
    // An argument of a function is about the resource again: what such an expression reads is not seen from how it begins.
    let parameter = r#"{"resourceType":"SearchParameter","id":"nick","url":"http://ward.test/nick","name":"nick","status":"active","description":"d","code":"nick","base":["Patient"],"type":"string","expression":"Patient.name.text.combine(birthDate.toString())"}"#;
    let own = [("nick".into(), json::parse(parameter.as_bytes()).expect("JSON"))];
    let (registry, refused) = Registry::standard().with_definitions(&own);
    assert!(refused.is_empty(), "{refused:?}");
    let world = World { registry: Arc::new(registry), ..World::empty() };
    let person = r#"{"resourceType":"Patient","id":"p","birthDate":"1990-02-03"}"#;
    world.put(person).await;
    let query = || world.query("Patient", "nick=1990");
    assert_eq!(found(&*world.store, query()).await.0, ["Patient/p"], "that is what it reads");
    let gate = world.gate(hiding(&["birthDate"]));
    assert!(matches!(gate.search(&query()).await, Err(ReadError::Forbidden(_))));
}
