//! Authorship: versions and times set by clients, entries in the audit trail, Provenances and signatures in the name of others.

use crate::attacks::house::{House, Prepared};

const EVENT: &str = r#"{"resourceType":"AuditEvent","id":"forged","type":{"system":"http://terminology.hl7.org/CodeSystem/audit-event-type","code":"rest"},"recorded":"2020-01-01T00:00:00Z","outcome":"0","agent":[{"who":{"reference":"Practitioner/doc"},"requestor":true}],"source":{"observer":{"display":"ward"}}}"#;

fn observation(more: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","status":"final","category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}}]}}],"code":{{"text":"pulse"}},"subject":{{"reference":"Patient/ann"}}{more}}}"#
    )
}

/// A token of the physician, for all that a physician may do.
fn physician() -> (House, String) {
    let prepared = Prepared::new().usual_people();
    let app = prepared.app("user/*.cruds");
    let house = prepared.open(&[]);
    let (token, _) = house.tokens(&mut house.signed_in("doc"), &app, "user/*.cruds");
    (house, token)
}

#[test]
fn versions_and_times_are_the_servers() {
    let house = House::usual();
    let all = house.token(&[]);
    let planted = observation(r#","id":"mine","meta":{"versionId":"777","lastUpdated":"2001-01-01T00:00:00Z"}"#);
    let made = house.with(&all, "POST", "/fhir/Observation", &[], planted.as_bytes());
    assert_eq!(made.status, 201, "{}", String::from_utf8_lossy(&made.body));
    let id = made.json().text("id").expect("an id").to_owned();
    assert_ne!(id, "mine", "a new resource gets its id from the server");
    let put = house.with(&all, "PUT", "/fhir/Observation/of-ann", &[], planted.replace("mine", "of-ann").as_bytes());
    for answer in [made, put] {
        let meta = answer.json();
        let meta = meta.get("meta").expect("meta");
        assert!(meta.text("versionId").is_some_and(|version| version != "777"));
        assert!(meta.text("lastUpdated").is_some_and(|at| !at.starts_with("2001")));
    }
    // By a patch, in a bundle, and with headers.
    let patch =
        br#"[{"op":"add","path":"/meta/versionId","value":"777"},{"op":"add","path":"/meta/lastUpdated","value":"2001-01-01T00:00:00Z"}]"#;
    house.with(&all, "PATCH", "/fhir/Observation/of-ann", &[("Content-Type", "application/json-patch+json")], patch);
    let entry = format!(
        r#"{{"resourceType":"Bundle","type":"transaction","entry":[{{"resource":{},"request":{{"method":"PUT","url":"Observation/of-bob"}}}}]}}"#,
        planted.replace("mine", "of-bob")
    );
    house.with(&all, "POST", "/fhir", &[("Last-Modified", "Mon, 01 Jan 2001 00:00:00 GMT"), ("ETag", "W/\"777\"")], entry.as_bytes());
    let history = house.get(&all, "/fhir/Observation/_history?_count=100");
    let text = String::from_utf8_lossy(&history.body);
    // Whole values: an id or an instant of the server's own may have the same digits in it.
    assert!(["\"777\"", "\"777\\", "2001-01-01"].iter().all(|planted| !text.contains(planted)), "{text}");
}

#[test]
fn nobody_writes_into_the_audit_trail() {
    let (house, doc) = physician();
    let (all, ann) = (house.token(&[]), house.token(&["--patient", "ann"]));
    house.get(&all, "/fhir/Patient/ann");
    let events = house.get(&all, "/fhir/AuditEvent?_elements=id&_count=1").json();
    let known = events.list("entry").next().and_then(|entry| entry.get("resource")?.text("id")).unwrap_or("none").to_owned();
    let entry = |method: &str, url: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"transaction","entry":[{{"resource":{EVENT},"request":{{"method":"{method}","url":"{url}"}}}}]}}"#
        )
    };
    for token in [&all, &doc, &ann] {
        let patch = br#"[{"op":"replace","path":"/outcome","value":"4"}]"#;
        for (method, path, kind, body) in [
            ("POST", "/fhir/AuditEvent".to_owned(), "application/fhir+json", EVENT.to_owned()),
            ("PUT", "/fhir/AuditEvent/forged".to_owned(), "application/fhir+json", EVENT.to_owned()),
            ("PUT", format!("/fhir/AuditEvent/{known}"), "application/fhir+json", EVENT.replace("forged", &known)),
            ("PUT", "/fhir/AuditEvent?_id=forged".to_owned(), "application/fhir+json", EVENT.to_owned()),
            ("PATCH", format!("/fhir/AuditEvent/{known}"), "application/json-patch+json", String::from_utf8_lossy(patch).into_owned()),
            ("DELETE", format!("/fhir/AuditEvent/{known}"), "application/fhir+json", String::new()),
            ("DELETE", format!("/fhir/AuditEvent?_id={known}"), "application/fhir+json", String::new()),
            ("POST", "/fhir".to_owned(), "application/fhir+json", entry("POST", "AuditEvent")),
            ("POST", "/fhir".to_owned(), "application/fhir+json", entry("PUT", "AuditEvent/forged")),
            (
                "POST",
                format!("/fhir/AuditEvent/{known}/$meta-add"),
                "application/fhir+json",
                r#"{"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{"tag":[{"code":"x"}]}}]}"#.to_owned(),
            ),
            ("POST", format!("/fhir/AuditEvent/{known}/$expunge"), "application/fhir+json", r#"{"resourceType":"Parameters"}"#.to_owned()),
        ] {
            let status = house.with(token, method, &path, &[("Content-Type", kind)], body.as_bytes()).status;
            assert!([400, 403, 404, 405].contains(&status), "{method} {path}: {status}");
        }
    }
    // By a condition that nothing fits.
    let none = house.with(&all, "POST", "/fhir/AuditEvent", &[("If-None-Exist", "_id=nothing")], EVENT.as_bytes());
    assert_eq!(none.status, 403);
}

#[test]
fn nobody_signs_for_another() {
    let (house, doc) = physician();
    let (all, ann) = (house.token(&[]), house.token(&["--patient", "ann"]));
    let other = br#"{"resourceType":"Practitioner","id":"other"}"#;
    assert_eq!(house.with(&all, "PUT", "/fhir/Practitioner/other", &[], other).status, 201);
    let provenance = |who: &str, target: &str| {
        format!(
            r#"{{"resourceType":"Provenance",{target}"recorded":"2026-01-01T00:00:00Z","agent":[{{"who":{{"reference":"{who}"}}}}],"signature":[{{"type":[{{"system":"urn:iso-astm:E1762-95:2013","code":"1.2.840.10065.1.12.1.1"}}],"when":"2026-01-01T00:00:00Z","who":{{"reference":"{who}"}},"data":"AAAA"}}]}}"#
        )
    };
    let target = r#""target":[{"reference":"Observation/of-ann"}],"#;
    let beside = |token: &str, who: &str| {
        let header = provenance(who, "");
        let body = observation(r#","performer":[{"reference":"Patient/ann"}]"#);
        house.with(token, "POST", "/fhir/Observation", &[("X-Provenance", header.as_str())], body.as_bytes()).status
    };
    // Patients sign nothing, by no way.
    for who in ["Practitioner/doc", "Patient/bob", "Organization/ward", "Patient/ann"] {
        assert_eq!(house.with(&ann, "POST", "/fhir/Provenance", &[], provenance(who, target).as_bytes()).status, 403, "{who}");
        assert_eq!(beside(&ann, who), 403, "{who}");
    }
    for performer in ["Practitioner/doc", "Organization/ward", "Patient/bob"] {
        for more in [
            format!(r#","performer":[{{"reference":"{performer}"}}]"#),
            format!(r#","performer":[{{"reference":"Patient/ann"}},{{"reference":"{performer}"}}]"#),
        ] {
            let status = house.with(&ann, "POST", "/fhir/Observation", &[], observation(&more).as_bytes()).status;
            // A patient who is not hers to see is one that is not there.
            assert!(status == 403 || (performer == "Patient/bob" && status == 422), "{more}: {status}");
        }
    }
    for performer in [
        r#"{"reference":"http://elsewhere.example/fhir/Practitioner/doc"}"#,
        r#"{"identifier":{"system":"urn:staff","value":"doc"},"display":"Dr Doc"}"#,
        r#"{"display":"Dr Doc"}"#,
        r##"{"reference":"#doc"}"##,
        r#"{"reference":"Patient/ann","display":"Dr Doc"}"#,
        r#"{"reference":"Patient/ann","identifier":{"system":"urn:staff","value":"doc"}}"#,
    ] {
        let inside = r#","contained":[{"resourceType":"Practitioner","id":"doc"}]"#;
        let body = observation(&format!(
            r#","performer":[{{"reference":"Patient/ann"}},{performer}]{}"#,
            if performer.contains('#') { inside } else { "" }
        ));
        let status = house.with(&ann, "POST", "/fhir/Observation", &[], body.as_bytes()).status;
        assert_eq!(status, 403, "{performer}");
        let answers = format!(
            r#"{{"resourceType":"QuestionnaireResponse","status":"completed","subject":{{"reference":"Patient/ann"}},"author":{{"reference":"Patient/ann"}},"source":{performer}{}}}"#,
            if performer.contains('#') { inside } else { "" }
        );
        assert_eq!(house.with(&ann, "POST", "/fhir/QuestionnaireResponse", &[], answers.as_bytes()).status, 403, "{performer}");
    }
    let own = observation(r#","performer":[{"reference":"Patient/ann","type":"Patient"}]"#);
    assert_eq!(house.with(&ann, "POST", "/fhir/Observation", &[], own.as_bytes()).status, 201);
    // A physician signs as themselves.
    for who in ["Practitioner/other", "Patient/ann", "Organization/ward"] {
        assert_eq!(house.with(&doc, "POST", "/fhir/Provenance", &[], provenance(who, target).as_bytes()).status, 403, "{who}");
        assert_eq!(beside(&doc, who), 403, "{who}");
    }
    // A signature is more than a client's word.
    let signed = provenance("Practitioner/doc", target);
    assert_eq!(house.with(&doc, "POST", "/fhir/Provenance", &[], signed.as_bytes()).status, 403);
    let plain = format!("{}}}", signed.split(r#","signature""#).next().unwrap_or_default());
    assert_eq!(house.with(&doc, "POST", "/fhir/Provenance", &[], plain.as_bytes()).status, 201);
    let found = house.get(&all, "/fhir/Provenance?agent=Practitioner/other,Patient/ann,Organization/ward");
    assert_eq!(found.json().list("entry").count(), 0);
}
