//! Records of another patient: taken over, given away or referred to, by every way to write; and learned of by asking.

use crate::attacks::house::{House, Prepared};
use crate::http::Answer;

/// An answer to questions, about and by somebody.
fn answers(id: &str, about: &str, by: &str) -> String {
    let id = if id.is_empty() { String::new() } else { format!(r#""id":"{id}","#) };
    format!(
        r#"{{"resourceType":"QuestionnaireResponse",{id}"status":"completed","subject":{{"reference":"{about}"}},"author":{{"reference":"{by}"}}}}"#
    )
}

fn bundle(kind: &str, method: &str, url: &str, resource: Option<&str>, more: &str) -> String {
    let resource = resource.map(|text| format!(r#""resource":{text},"#)).unwrap_or_default();
    format!(r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{{{resource}"request":{{"method":"{method}","url":"{url}"{more}}}}}]}}"#)
}

/// What is in the record of a patient, but for what the audit trail tells of it.
fn record(house: &House, all: &str, patient: &str) -> Vec<String> {
    let answer = house.get(all, &format!("/fhir/Patient/{patient}/*?_count=1000")).json();
    let resources = answer.list("entry").filter_map(|entry| entry.get("resource"));
    let mut found: Vec<String> =
        resources.filter(|resource| resource.resource_type() != Some("AuditEvent")).map(fhir::json::to_string).collect();
    found.sort();
    found
}

/// Whether every entry of an answer was refused.
fn is_refused(answer: &Answer) -> bool {
    let is_error = |status: &str| status.starts_with('4');
    match answer.status {
        200 => answer
            .json()
            .list("entry")
            .all(|entry| entry.get("response").and_then(|response| response.text("status")).is_some_and(is_error)),
        status => (400..500).contains(&status),
    }
}

#[test]
fn nobody_writes_into_the_record_of_another() {
    nobody_writes(&House::usual());
}

#[test]
fn nobody_writes_into_it_where_references_are_not_looked_up() {
    nobody_writes(&Prepared::new().open(&["references=allow"]));
}

/// What is tried: what it is, the method, the path, the kind of body, and the body.
type Attempt = (&'static str, &'static str, String, (&'static str, &'static str), String);

const JSON: (&str, &str) = ("Content-Type", "application/fhir+json");
const JSON_PATCH: (&str, &str) = ("Content-Type", "application/json-patch+json");
const RESOURCES: &str = "/fhir/QuestionnaireResponse";
const OWN: &str = "/fhir/QuestionnaireResponse/by-ann";
const OTHERS: &str = "/fhir/QuestionnaireResponse/by-bob";

fn patch(path: &str, value: &str) -> String {
    format!(r#"[{{"op":"replace","path":"{path}","value":{value}}}]"#)
}

/// Her own becomes another's.
fn given_away(origin: &str) -> Vec<Attempt> {
    let absolute = format!("{origin}/fhir/Patient/bob");
    let mut attempts: Vec<Attempt> = Vec::new();
    for about in ["Patient/bob", absolute.as_str(), "Patient/bob/_history/1", "./Patient/bob", "Patient/bob#", "Patient/Bob"] {
        attempts.push(("PUT own, about another", "PUT", OWN.into(), JSON, answers("by-ann", about, "Patient/ann")));
        attempts.push(("POST about another", "POST", RESOURCES.into(), JSON, answers("", about, "Patient/ann")));
        attempts.push(("PATCH own", "PATCH", OWN.into(), JSON_PATCH, patch("/subject/reference", &format!("\"{about}\""))));
        for kind in ["transaction", "batch"] {
            let put = bundle(kind, "PUT", "QuestionnaireResponse/by-ann", Some(&answers("by-ann", about, "Patient/ann")), "");
            attempts.push(("in a bundle", "POST", "/fhir".into(), JSON, put));
            let post = bundle(kind, "POST", "QuestionnaireResponse", Some(&answers("", about, "Patient/ann")), "");
            attempts.push(("in a bundle, new", "POST", "/fhir".into(), JSON, post));
        }
    }
    attempts
}

/// Another's becomes her own, or goes.
fn taken_over() -> Vec<Attempt> {
    let mut attempts: Vec<Attempt> = Vec::new();
    let hers = answers("by-bob", "Patient/ann", "Patient/ann");
    attempts.push(("PUT another's", "PUT", OTHERS.into(), JSON, hers.clone()));
    attempts.push(("PUT of another id", "PUT", OWN.into(), JSON, hers.clone()));
    attempts.push(("PATCH another's", "PATCH", OTHERS.into(), JSON_PATCH, patch("/subject/reference", "\"Patient/ann\"")));
    attempts.push(("PATCH the id", "PATCH", OWN.into(), JSON_PATCH, patch("/id", "\"by-bob\"")));
    attempts.push(("PUT by a search", "PUT", format!("{RESOURCES}?patient=Patient/bob"), JSON, hers.clone()));
    attempts.push(("PATCH by a search", "PATCH", format!("{RESOURCES}?patient=Patient/bob"), JSON_PATCH, patch("/status", "\"stopped\"")));
    attempts.push(("DELETE", "DELETE", OTHERS.into(), JSON, String::new()));
    attempts.push(("DELETE by a search", "DELETE", format!("{RESOURCES}?patient=Patient/bob"), JSON, String::new()));
    attempts.push(("DELETE her own", "DELETE", OWN.into(), JSON, String::new()));
    for kind in ["transaction", "batch"] {
        attempts.push(("in a bundle", "POST", "/fhir".into(), JSON, bundle(kind, "PUT", "QuestionnaireResponse/by-bob", Some(&hers), "")));
        attempts.push((
            "in a bundle",
            "POST",
            "/fhir".into(),
            JSON,
            bundle(kind, "PUT", "QuestionnaireResponse?_id=by-bob", Some(&hers), ""),
        ));
        attempts.push(("in a bundle", "POST", "/fhir".into(), JSON, bundle(kind, "DELETE", "QuestionnaireResponse/by-bob", None, "")));
        let about = answers("", "Patient?identifier=urn:mrn|mrn-bob", "Patient/ann");
        attempts.push((
            "by a conditional reference",
            "POST",
            "/fhir".into(),
            JSON,
            bundle(kind, "POST", "QuestionnaireResponse", Some(&about), ""),
        ));
    }
    attempts
}

/// As somebody else, and about several at once.
fn for_others() -> Vec<Attempt> {
    let mut attempts: Vec<Attempt> = Vec::new();
    attempts.push(("by another", "POST", RESOURCES.into(), JSON, answers("", "Patient/ann", "Patient/bob")));
    attempts.push(("by a physician", "POST", RESOURCES.into(), JSON, answers("", "Patient/ann", "Practitioner/doc")));
    attempts.push(("of another wholly", "POST", RESOURCES.into(), JSON, answers("", "Patient/bob", "Patient/bob")));
    let both = r#"{"resourceType":"Appointment","status":"proposed","participant":[{"actor":{"reference":"Patient/ann"},"status":"accepted"},{"actor":{"reference":"Patient/bob"},"status":"accepted"}]}"#;
    attempts.push(("an appointment of both", "POST", "/fhir/Appointment".into(), JSON, both.into()));
    let consent = r#"{"resourceType":"Consent","status":"active","scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},"category":[{"text":"c"}],"patient":{"reference":"Patient/bob"},"performer":[{"reference":"Patient/ann"}],"policyRule":{"text":"p"}}"#;
    attempts.push(("a consent of another", "POST", "/fhir/Consent".into(), JSON, consent.into()));
    attempts.push((
        "a consent of both",
        "POST",
        "/fhir/Consent".into(),
        JSON,
        consent
            .replace(r#""patient":{"reference":"Patient/bob"}"#, r#""patient":{"reference":"Patient/ann"}"#)
            .replace(r#"[{"reference":"Patient/ann"}]"#, r#"[{"reference":"Patient/ann"},{"reference":"Patient/bob"}]"#),
    ));
    let message = r#"{"resourceType":"Communication","status":"completed","subject":{"reference":"Patient/bob"},"sender":{"reference":"Patient/ann"}}"#;
    attempts.push(("a message in another's chart", "POST", "/fhir/Communication".into(), JSON, message.into()));
    attempts.push((
        "herself",
        "PUT",
        "/fhir/Patient/ann".into(),
        JSON,
        r#"{"resourceType":"Patient","id":"ann","name":[{"family":"Other"}]}"#.into(),
    ));
    attempts.push(("another patient", "PUT", "/fhir/Patient/bob".into(), JSON, r#"{"resourceType":"Patient","id":"bob"}"#.into()));
    attempts.push((
        "merged with another",
        "POST",
        "/fhir/Patient".into(),
        JSON,
        r#"{"resourceType":"Patient","link":[{"other":{"reference":"Patient/bob"},"type":"replaces"}]}"#.into(),
    ));
    attempts
}

fn nobody_writes(house: &House) {
    let (all, ann) = (house.token(&[]), house.token(&["--patient", "ann"]));
    let before = (record(house, &all, "ann"), record(house, &all, "bob"));
    assert!(before.0.len() >= 3 && before.1.len() >= 3, "{before:?}");
    let attempts = [given_away(&house.origin()), taken_over(), for_others()].concat();
    let mut taken = Vec::new();
    for (what, method, path, kind, body) in &attempts {
        let answer = house.with(&ann, method, path, &[*kind], body.as_bytes());
        if !is_refused(&answer) {
            taken.push(format!("{what}: {method} {path} {body}: {} {}", answer.status, String::from_utf8_lossy(&answer.body)));
        }
    }
    assert!(taken.is_empty(), "{}", taken.join("\n"));
    assert_eq!((record(house, &all, "ann"), record(house, &all, "bob")), before, "nothing was changed");
    let fine = house.with(&ann, "PUT", OWN, &[JSON], answers("by-ann", "Patient/ann", "Patient/ann").as_bytes());
    assert_eq!(fine.status, 200, "what is hers she may change: {}", String::from_utf8_lossy(&fine.body));
}

#[test]
fn nobody_learns_by_a_condition_what_is_there() {
    let house = House::usual();
    let ann = house.token(&["--patient", "ann"]);
    let post = |condition: &str| {
        let answer = house.with(
            &ann,
            "POST",
            "/fhir/QuestionnaireResponse",
            &[("If-None-Exist", condition)],
            answers("", "Patient/ann", "Patient/ann").as_bytes(),
        );
        answer.status
    };
    // What is hidden is as what is not there.
    for (hidden, absent) in [
        ("_id=by-bob", "_id=by-nobody"),
        ("patient=Patient/bob", "patient=Patient/nobody"),
        ("patient.identifier=urn:mrn|mrn-bob", "patient.identifier=urn:mrn|mrn-none"),
        ("author=Patient/bob", "author=Patient/nobody"),
    ] {
        assert_eq!(post(hidden), post(absent), "{hidden}");
        let ask = |method: &str, query: &str, headers: &[(&str, &str)], body: &str| {
            let answer = house.with(&ann, method, &format!("/fhir/QuestionnaireResponse?{query}"), headers, body.as_bytes());
            let same = String::from_utf8_lossy(&answer.body).replace("nobody", "bob").replace("mrn-none", "mrn-bob");
            (answer.status, if answer.status < 300 { String::new() } else { same })
        };
        let patch = r#"[{"op":"replace","path":"/status","value":"stopped"}]"#;
        let kind = [("Content-Type", "application/json-patch+json")];
        assert_eq!(ask("PATCH", hidden, &kind, patch), ask("PATCH", absent, &kind, patch), "{hidden}");
        assert_eq!(ask("DELETE", hidden, &[], ""), ask("DELETE", absent, &[], ""), "{hidden}");
    }
    // Likewise with versions that are expected.
    let other = |id: &str, header: (&str, &str)| {
        let answer = house.with(&ann, "GET", &format!("/fhir/Observation/{id}"), &[header], b"");
        (answer.status, String::from_utf8_lossy(&answer.body).replace("nobody", "of-bob"), answer.header("etag").to_owned())
    };
    for header in [
        ("If-None-Match", "W/\"1\""),
        ("If-None-Match", "*"),
        ("If-Modified-Since", "Sun, 01 Jan 2090 00:00:00 GMT"),
        ("If-Match", "W/\"1\""),
        ("Accept", "application/fhir+json"),
    ] {
        assert_eq!(other("of-bob", header), other("nobody", header), "{header:?}");
        assert_eq!(other("of-bob", header).0, 404, "{header:?}");
    }
    let put = |id: &str, header: (&str, &str)| {
        let body = answers(id, "Patient/ann", "Patient/ann");
        let answer = house.with(&ann, "PUT", &format!("/fhir/QuestionnaireResponse/{id}"), &[header], body.as_bytes());
        (answer.status, String::from_utf8_lossy(&answer.body).replace("by-none", "by-bob"))
    };
    for header in [("If-Match", "W/\"1\""), ("If-Match", "W/\"9\""), ("If-None-Match", "*"), ("X", "y")] {
        assert_eq!(put("by-bob", header), put("by-none", header), "{header:?}");
    }
}
