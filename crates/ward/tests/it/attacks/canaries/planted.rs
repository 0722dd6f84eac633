//! What is planted: words that stand for what patients' records and secrets have, and the requests that carry them.

pub const NAME: &str = "canaryfamily";
pub const MRN: &str = "canary-mrn-77310";
pub const ADDRESS: &str = "canarystreet-nine";
pub const NOTE: &str = "canary-note-of-a-visit";
pub const ATTACHMENT: &str = "canary-attached-letter";
pub const SEARCHED: &str = "canary-searched-value";
pub const WRONG_PASSWORD: &str = "canary-wrong-password";

/// All of them that are patients'.
pub const PATIENT_DATA: &[&str] = &[NAME, MRN, ADDRESS, NOTE, ATTACHMENT, SEARCHED];

/// The private number of a key that somebody registers by mistake.
pub const PRIVATE_NUMBER: &str = "canaryprivatenumber0123456789";
pub const PRIVATE_KEY: &str =
    r#"{"keys":[{"kty":"EC","crv":"P-384","kid":"k","x":"AAAA","y":"AAAA","d":"canaryprivatenumber0123456789"}]}"#;

/// A patient; with an id when there is one.
pub fn patient(id: &str) -> String {
    let id = if id.is_empty() { String::new() } else { format!(r#""id":"{id}","#) };
    format!(
        r#"{{"resourceType":"Patient",{id}"name":[{{"family":"{NAME}"}}],"identifier":[{{"system":"urn:mrn","value":"{MRN}"}}],"address":[{{"line":["{ADDRESS}"]}}]}}"#
    )
}

/// Lines of an import that are refused.
pub fn broken_lines() -> String {
    [
        format!(r#"{{"resourceType":"Patient","name":[{{"family":"{NAME}"}}"#),
        format!(r#"{{"resourceType":"Patient","nome":"{NAME}"}}"#),
        format!(r#"{{"resourceType":"Patient","gender":"{NAME}","birthDate":"{MRN}"}}"#),
        format!(r#"{{"resourceType":"Patient","active":"{NOTE}"}}"#),
        format!(r#"{{"resourceType":"Pacient","text":"{ADDRESS}"}}"#),
        format!("{NOTE} {NAME}"),
    ]
    .join("\n")
}

/// Accounts that are refused: a password that is weak, a hash that is none.
pub fn accounts() -> String {
    let account = |more: &str| format!(r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"cy",{more}}}"#);
    [
        account(&format!(r#""password":"$2y${WRONG_PASSWORD}""#)),
        account(&format!(r#""password":["{WRONG_PASSWORD}"],"active":"{WRONG_PASSWORD}""#)),
        format!(r#"{{"password":"{WRONG_PASSWORD}"}}"#),
        format!(r#"{{"password":"{WRONG_PASSWORD}""#),
    ]
    .join("\n")
}

/// Writes, well-formed and broken: method, path, kind of body, and the body.
pub fn writes() -> Vec<(&'static str, String, &'static str, String)> {
    const JSON: &str = "application/fhir+json";
    let whole = patient("canary");
    let bundle = |kind: &str, resource: &str, url: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{{"resource":{resource},"request":{{"method":"PUT","url":"{url}"}}}}]}}"#
        )
    };
    let data = fhir::primitive::base64::encode(ATTACHMENT.as_bytes(), fhir::primitive::base64::PLAIN);
    let document = format!(
        r#"{{"resourceType":"DocumentReference","id":"canary","status":"current","description":"{NOTE}","subject":{{"reference":"Patient/canary"}},"content":[{{"attachment":{{"contentType":"text/plain","title":"{NOTE}","data":"{data}"}}}}]}}"#
    );
    let xml = format!(r#"<Patient xmlns="http://hl7.org/fhir"><id value="canary"/><name><family value="{NAME}"/></name></Patient>"#);
    let query = |text: &str| fhir::json::to_string(&fhir::object! { "query": text });
    let path = "/fhir/Patient/canary".to_owned();
    vec![
        ("PUT", path.clone(), JSON, whole.clone()),
        ("PUT", path.clone(), "application/fhir+xml", xml.clone()),
        ("PUT", "/fhir/DocumentReference/canary".into(), JSON, document),
        ("PUT", "/fhir/Binary/canary".into(), "text/plain", ATTACHMENT.into()),
        ("PUT", path.clone(), JSON, whole.clone()),
        ("POST", "/fhir".into(), JSON, bundle("transaction", &whole, "Patient/canary")),
        ("POST", "/fhir".into(), JSON, bundle("batch", &whole, "Patient/canary")),
        ("POST", "/fhir".into(), JSON, bundle("batch", &whole, &format!("Patient?name={SEARCHED}"))),
        ("POST", "/fhir".into(), JSON, bundle("transaction", &whole, &format!("{NAME}/{MRN}"))),
        // Broken in one way or another.
        ("PUT", path.clone(), JSON, whole[..whole.len() - 1].to_owned()),
        ("PUT", path.clone(), JSON, whole.replace("\"family\"", &format!("\"{NAME}\""))),
        ("PUT", path.clone(), JSON, whole.replace("\"id\":\"canary\"", "\"id\":\"other\"")),
        ("PUT", path.clone(), JSON, whole.replace(r#""name":["#, &format!(r#""gender":"{NOTE}","birthDate":"{NOTE}","name":["#))),
        ("PUT", path.clone(), "application/fhir+xml", xml.replace("</name>", "")),
        ("PUT", path.clone(), "application/fhir+xml", xml.replace("<family", &format!("<{NAME}"))),
        ("PUT", path.clone(), "text/csv", whole.clone()),
        ("POST", format!("/fhir/{NAME}"), JSON, whole.clone()),
        ("PATCH", path.clone(), "application/json-patch+json", format!(r#"[{{"op":"test","path":"/name/0/family","value":"{NOTE}"}}]"#)),
        ("PATCH", path.clone(), "application/json-patch+json", format!(r#"[{{"op":"add","path":"/{NAME}","value":"{NOTE}"}}]"#)),
        ("PATCH", path, "application/json-patch+json", format!(r#"[{{"op":"replace","path":"/address/0/line/0","value":"{ADDRESS}"}}]"#)),
        ("POST", "/fhir/Patient/$validate".into(), JSON, whole.replace(r#""name":["#, &format!(r#""{NOTE}":"{NOTE}","name":["#))),
        (
            "POST",
            "/fhir/$graphql".into(),
            "application/json",
            query(&format!(r#"{{PatientList(name:"{SEARCHED}"){{id name{{family}}}}}}"#)),
        ),
        ("POST", "/fhir/$graphql".into(), "application/json", query(&format!("{{{NAME}(x:\"{SEARCHED}\")"))),
        ("POST", "/fhir/$graphql".into(), "application/graphql", format!(r#"query($a:{NAME}){{PatientList(name:"{SEARCHED}"){{id}}}}"#)),
    ]
}

/// Headers with what does not belong in them.
pub fn headers() -> Vec<(&'static str, String)> {
    vec![
        ("If-None-Exist", format!("identifier=urn:mrn|{MRN}&name={SEARCHED}")),
        ("If-None-Exist", format!("{NAME}={SEARCHED}")),
        ("Prefer", format!("return={NAME}")),
        ("Referer", format!("https://ehr.example/{NAME}?mrn={MRN}")),
        ("User-Agent", format!("{NAME} {MRN}")),
        ("Cookie", format!("{NAME}={MRN}")),
        ("X-Request-Id", format!("{NAME} {MRN}")),
        ("X-Provenance", format!(r#"{{"resourceType":"Provenance","{NAME}":"{NOTE}"}}"#)),
        ("X-Patient-Name", NAME.to_owned()),
        ("Accept", format!("text/{NAME}")),
        ("If-Match", format!("W/\"{NAME}\"")),
        ("Origin", format!("https://{NAME}.example")),
        ("X-Forwarded-For", NAME.to_owned()),
    ]
}

/// Searches with what they look for in their address, some of them wrong.
pub fn searches() -> Vec<String> {
    vec![
        format!("/fhir/Patient?name={NAME}&identifier=urn:mrn%7C{MRN}&address={SEARCHED}"),
        format!("/fhir/Patient?{NAME}={SEARCHED}"),
        format!("/fhir/Patient?birthdate={SEARCHED}"),
        format!("/fhir/Patient?name={NAME}&_sort={SEARCHED}"),
        format!("/fhir/Patient?name=%zz{SEARCHED}"),
        format!("/fhir/Patient?_filter=name%20eq%20{SEARCHED}"),
        format!("/fhir/Patient?name={NAME}&_count=1&_page={SEARCHED}"),
        format!("/fhir?_type=Patient&name={SEARCHED}"),
        format!("/fhir/Patient/{MRN}"),
        format!("/fhir/Patient/{NAME}%20{NOTE}"),
        format!("/fhir/{NAME}/{MRN}"),
        format!("/fhir/Patient/canary/_history/{NOTE}"),
        format!("/fhir/Patient/canary/${NAME}?x={SEARCHED}"),
        format!("/{NAME}/{MRN}?x={SEARCHED}"),
        format!("/fhir/$graphql?query=%7BPatientList(name:%22{SEARCHED}%22)%7Bid%7D%7D"),
        format!("/fhir/ValueSet/$expand?url=urn:x&filter={SEARCHED}"),
    ]
}
