//! Two tenants with the same ids and the same requests never see each other, in whatever way they come in.
//!
//! Two servers differ in what the first tenant has: nothing, or much, under the same ids. Each request is sent to the tenant `north` of both, and the answers
//! are the same to the byte: nothing of the first is in them, neither content nor count, and no cache has mixed the two up. Before each request, the first
//! tenant is asked the same.

use interaction::table::{Interaction, routes};

use super::world::{HOST, World};
use crate::server::Reply;

/// What stands in everything that the first tenant has, and in nothing else.
const CANARY: &str = "canaryoffirst";

/// What a tenant has, with a word in it.
fn resources(word: &str) -> Vec<(&'static str, String)> {
    let patient = |id: &str, more: &str| {
        format!(
            r#"{{"resourceType":"Patient","id":"{id}","active":true,"name":[{{"family":"{word}","given":["{id}"]}}],"birthDate":"1980-01-01"{more}}}"#
        )
    };
    let identifier = r#","identifier":[{"system":"urn:s","value":"1"}],"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">WORD</div>"}"#;
    vec![
        ("Patient/p1", patient("p1", &identifier.replace("WORD", word))),
        ("Patient/p2", patient("p2", r#","link":[{"other":{"reference":"Patient/p1"},"type":"seealso"}]"#)),
        (
            "Observation/o1",
            format!(
                r#"{{"resourceType":"Observation","id":"o1","status":"final","category":[{{"coding":[{{"code":"laboratory"}}]}}],
                "code":{{"coding":[{{"system":"urn:c","code":"1"}}],"text":"{word}"}},"subject":{{"reference":"Patient/p1"}},
                "effectiveDateTime":"2026-01-01","valueString":"{word}"}}"#
            ),
        ),
        (
            "Binary/b1",
            r#"{"resourceType":"Binary","id":"b1","contentType":"text/plain","data":"Y2FuYXJ5b2ZmaXJzdA=="}"#
                .replace("Y2FuYXJ5b2ZmaXJzdA==", if word == CANARY { "Y2FuYXJ5b2ZmaXJzdA==" } else { "bm9ydGg=" }),
        ),
        (
            "ValueSet/v1",
            format!(
                r#"{{"resourceType":"ValueSet","id":"v1","url":"http://v.test/v1","status":"active","title":"{word}",
                "compose":{{"include":[{{"system":"urn:c","concept":[{{"code":"1","display":"{word}"}}]}}]}}}}"#
            ),
        ),
        (
            "CodeSystem/c1",
            format!(
                r#"{{"resourceType":"CodeSystem","id":"c1","url":"http://c.test/c1","status":"active","content":"complete","title":"{word}",
                "concept":[{{"code":"a","display":"{word}"}}]}}"#
            ),
        ),
        (
            "ImplementationGuide/g1",
            format!(
                r#"{{"resourceType":"ImplementationGuide","id":"g1","url":"http://g.test/{word}","name":"G","status":"active","packageId":"g",
                "fhirVersion":["4.0.1"],"version":"1"}}"#
            ),
        ),
        (
            "List/l1",
            format!(
                r#"{{"resourceType":"List","id":"l1","status":"current","mode":"working","title":"{word}","entry":[{{"item":{{"reference":"Patient/p1"}}}}]}}"#
            ),
        ),
    ]
}

/// What the first tenant has beside: so that counts would tell.
fn more() -> Vec<(String, String)> {
    let observation = |number: u32| {
        let body = format!(
            r#"{{"resourceType":"Observation","id":"more{number}","status":"final","code":{{"coding":[{{"system":"urn:c","code":"1"}}],"text":"{CANARY}"}},
            "subject":{{"reference":"Patient/p1"}},"effectiveDateTime":"2026-01-02"}}"#
        );
        (format!("Observation/more{number}"), body)
    };
    (0..5).map(observation).collect()
}

async fn world(with_first: bool) -> World {
    let world = World::open().await;
    // Twice, so that there is a past.
    for _ in 0..2 {
        if with_first {
            for (path, body) in resources(CANARY) {
                let done = world.put(HOST, &format!("/fhir/{path}"), &body).await;
                assert!(done.status.is_success(), "{}", done.text());
            }
            for (path, body) in more() {
                assert!(world.put(HOST, &format!("/fhir/{path}"), &body).await.status.is_success());
            }
        }
        for (path, body) in resources("north") {
            let done = world.put(HOST, &format!("/t/north/fhir/{path}"), &body).await;
            assert!(done.status.is_success(), "{}", done.text());
        }
    }
    world
}

/// A request below the FHIR endpoint.
struct Asked {
    method: &'static str,
    path: String,
    kind: &'static str,
    body: String,
}

/// Every route there is, filled in, and what its parameters can reach.
fn requests() -> Vec<Asked> {
    let asked = |method, path: &str, body: &str| {
        let kind = if path.ends_with("/_search") { "application/x-www-form-urlencoded" } else { "application/fhir+json" };
        Asked { method, path: path.to_owned(), kind, body: body.to_owned() }
    };
    let searches = [
        "/Patient",
        "/Patient?family=canaryoffirst",
        "/Patient?family=north",
        "/Patient?_content=canaryoffirst",
        "/Patient?_text=canaryoffirst",
        "/Patient?_id=p1,p2,more1&_total=accurate",
        "/Patient?identifier=urn:s%7C1",
        "/Patient?_has:Observation:patient:code=1",
        "/Patient?_sort=-birthdate&_count=1",
        "/Patient?_summary=count",
        "/Patient?_revinclude=Observation:subject&_revinclude=List:item",
        "/Patient?_lastUpdated=gt2020&_elements=name",
        "/Observation?code=1&_total=accurate",
        "/Observation?subject.family=canaryoffirst",
        "/Observation?subject:Patient.name=north",
        "/Observation?code:in=ValueSet/v1",
        "/Observation?code:in=http://v.test/v1",
        "/Observation?_include=Observation:subject&_include:iterate=Patient:link",
        "/Observation?value-string=canaryoffirst",
        "/Observation?_list=l1",
        "/Observation?_asOf=2026-11-21T08:00:00Z",
        "?_type=Patient,Observation&_count=50",
        "/Patient/p1/Observation",
        "/Patient/p1/*",
        "/Patient/p1/$everything",
        "/Patient/$everything",
        "/Observation/$lastn?subject=Patient/p1&code=1",
        "/ValueSet/$expand?url=http://v.test/v1",
        "/ValueSet/v1/$expand",
        "/CodeSystem/$lookup?system=http://c.test/c1&code=a",
        "/CodeSystem?title=canaryoffirst",
        "/ImplementationGuide?_summary=count",
        "/metadata",
        "/metadata?mode=terminology",
        "/_history",
        "/Patient/_history?_count=3",
        "/Patient/p1/_history",
        "/$graphql?query={PatientList{id%20name{family}}}",
        "/Patient/p1/$graphql?query={name{family}}",
        "/Observation/$stats?subject=Patient/p1&code=urn:c%7C1&statistic=count",
    ];
    let mut all: Vec<Asked> = searches.iter().map(|path| asked("GET", path, "")).collect();
    for row in routes() {
        for (kind, id, member) in
            [("Patient", "p1", "Observation"), ("Observation", "o1", "Patient"), ("ValueSet", "v1", "Patient"), ("Binary", "b1", "Patient")]
        {
            let path = row.path.replace("{type}", kind).replace("{id}", id).replace("{vid}", "1").replace("{member}", member);
            let own =
                resources("north").into_iter().find(|(key, _)| *key == format!("{kind}/{id}")).map_or(String::new(), |(_, body)| body);
            let body = match row.interaction {
                Interaction::Process => {
                    r#"{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient?_count=5"}},
                    {"request":{"method":"GET","url":"Observation/more1"}},{"request":{"method":"GET","url":"_history"}}]}"#
                        .to_owned()
                }
                Interaction::Create | Interaction::Update | Interaction::ConditionalUpdate => own,
                Interaction::Patch | Interaction::ConditionalPatch => r#"[{"op":"add","path":"/language","value":"en"}]"#.to_owned(),
                Interaction::Operation => r#"{"resourceType":"Parameters"}"#.to_owned(),
                Interaction::GraphQlPost => r#"{"query":"{PatientList{id name{family}}}"}"#.to_owned(),
                _ => String::new(),
            };
            let mut request = asked(row.method, &path, &body);
            match row.interaction {
                Interaction::Patch | Interaction::ConditionalPatch => request.kind = "application/json-patch+json",
                Interaction::GraphQlPost => request.kind = "application/json",
                _ => {}
            }
            if all.iter().all(|known| (known.method, &known.path) != (request.method, &request.path)) {
                all.push(request);
            }
        }
    }
    // Reads first: after the others there is less to see. The erasing last.
    all.sort_by_key(|asked| match asked.method {
        "GET" => 0,
        "DELETE" => 2,
        _ if asked.path.contains("$expunge") || asked.path.contains("$purge") => 3,
        _ => 1,
    });
    all
}

async fn send(world: &World, base: &str, asked: &Asked) -> Reply {
    world.ask(HOST, (asked.method, &format!("{base}{}", asked.path)), &[("content-type", asked.kind)], &asked.body).await
}

/// An answer without what differs by itself: the tokens of pages name places in the store, sealed, and the times of a process.
fn comparable(reply: &Reply) -> (u16, Vec<(String, String)>, String) {
    let mut headers: Vec<(String, String)> = reply
        .headers
        .iter()
        .filter(|(name, _)| !["x-request-id", "date", "link"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    headers.sort();
    let text = reply.text();
    let mut parts = text.split("_page=");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(['"', '&']).unwrap_or(part.len());
        shown += "_page=…";
        shown += &part[end..];
    }
    (reply.status.as_u16(), headers, shown)
}

#[tokio::test]
async fn the_same_requests_are_answered_as_if_the_other_were_not_there() {
    let (full, empty) = (world(true).await, world(false).await);
    let (mut done, mut shown) = (0, 0);
    for asked in requests() {
        // The other asks the same, just before: what is kept of it would be found. Only reads: it keeps what it has.
        if asked.method == "GET" {
            let own = send(&full, "/fhir", &asked).await;
            // In the same number, so that both servers make the same ids.
            send(&empty, "/fhir", &asked).await;
            shown += u32::from(own.text().contains(CANARY));
        }
        let (with, without) = (send(&full, "/t/north/fhir", &asked).await, send(&empty, "/t/north/fhir", &asked).await);
        assert!(!with.text().contains(CANARY) || asked.path.contains(CANARY), "{} {}: {}", asked.method, asked.path, with.text());
        assert_eq!(comparable(&with), comparable(&without), "{} {}", asked.method, asked.path);
        done += 1;
    }
    assert!(done > 250, "{done} requests");
    assert!(shown > 40, "the other sees its own in {shown} answers: else the comparison proves nothing");
    // Nothing that was written in the one has changed the other.
    for (path, body) in resources(CANARY) {
        let kept = full.get(HOST, &format!("/fhir/{path}")).await.json();
        let version = kept.get("meta").and_then(|meta| meta.text("versionId").map(str::to_owned));
        assert_eq!(version.as_deref(), Some("2"), "{path}: {body}");
    }
    assert_eq!(
        full.get(HOST, "/fhir/Observation?_summary=count")
            .await
            .json()
            .get("total")
            .and_then(|total| total.as_number().map(str::to_owned))
            .as_deref(),
        Some("6")
    );
}

#[tokio::test]
async fn only_the_first_defines_search_parameters() {
    let world = world(true).await;
    let parameter = |status: &str| {
        format!(
            r#"{{"resourceType":"SearchParameter","id":"nick","url":"http://s.test/nick","name":"nick","status":"{status}","description":"d",
            "code":"nick","base":["Patient"],"type":"string","expression":"Patient.name.given"}}"#
        )
    };
    let refused = world.put(HOST, "/t/north/fhir/SearchParameter/nick", &parameter("active")).await;
    let (place, _) = refused.refused(422, "business-rule", "WARD-0475");
    assert_eq!(place, "SearchParameter.status");
    assert_eq!(world.put(HOST, "/t/north/fhir/SearchParameter/nick", &parameter("draft")).await.status, 201);
    assert_eq!(world.get(HOST, "/t/north/fhir/Patient?nick=p1").await.status, 400);
    assert_eq!(world.put(HOST, "/fhir/SearchParameter/nick", &parameter("active")).await.status, 201);
    assert_eq!(world.get(HOST, "/fhir/Patient?nick=p1").await.entries(), ["Patient/p1"]);
    let north = world.get(HOST, "/t/north/fhir/Patient?nick=p1").await;
    assert_eq!(north.entries(), ["Patient/p1"], "it is in force for the whole server");
    assert!(!north.text().contains(CANARY));
}
