//! The rules of the Basic Audit Log Patterns, written down from their published pages (1.1.3), as profiles that a validator can apply.

use fhir::Value;

const PATTERNS: &str = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.";
const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const ENTITY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const OBJECT_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";

fn profile(id: &str, base: &str, elements: &[String]) -> Value {
    let text = format!(
        r#"{{"resourceType": "StructureDefinition", "url": "{PATTERNS}{id}", "type": "AuditEvent", "derivation": "constraint",
            "baseDefinition": "{base}", "differential": {{"element": [{}]}}}}"#,
        elements.join(",")
    );
    fhir::json::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn element(id: &str, rest: &str) -> String {
    let path: Vec<&str> = id.split('.').map(|step| step.split(':').next().unwrap()).collect();
    let slice = id.rsplit('.').next().unwrap().split_once(':').map(|(_, name)| format!(r#","sliceName":"{name}""#)).unwrap_or_default();
    let rest = if rest.is_empty() { String::new() } else { format!(",{rest}") };
    format!(r#"{{"id":"{id}","path":"{}"{slice}{rest}}}"#, path.join("."))
}

fn sliced(path: &str, on: &str, least: u32) -> String {
    element(path, &format!(r#""min":{least},"slicing":{{"rules":"open","discriminator":[{{"type":"pattern","path":"{on}"}}]}}"#))
}

fn pattern(path: &str, system: &str, code: &str) -> String {
    element(path, &format!(r#""min":1,"patternCodeableConcept":{{"coding":[{{"system":"{system}","code":"{code}"}}]}}"#))
}

fn pattern_coding(path: &str, system: &str, code: &str) -> String {
    element(path, &format!(r#""min":1,"patternCoding":{{"system":"{system}","code":"{code}"}}"#))
}

/// What is common to the five patterns of FHIR's interactions.
fn rest(id: &str, action: &str, codes: &[&str], client: (&str, &str), server: (&str, &str)) -> Value {
    let mut elements = vec![
        pattern_coding("AuditEvent.type", "http://terminology.hl7.org/CodeSystem/audit-event-type", "rest"),
        element("AuditEvent.subtype", r#""min":1,"slicing":{"rules":"open","discriminator":[{"type":"value","path":"$this"}]}"#),
    ];
    if let [code] = codes {
        elements.push(element(
            &format!("AuditEvent.subtype:{code}"),
            &format!(r#""min":1,"max":"1","patternCoding":{{"system":"http://hl7.org/fhir/restful-interaction","code":"{code}"}}"#),
        ));
    }
    elements.push(element("AuditEvent.action", &format!(r#""min":1,"patternCode":"{action}""#)));
    elements.push(element("AuditEvent.outcome", r#""min":1,"patternCode":"0""#));
    elements.push(sliced("AuditEvent.agent", "type", 2));
    for (name, (system, code)) in [("client", client), ("server", server)] {
        elements.push(element(&format!("AuditEvent.agent:{name}"), r#""min":1,"max":"1""#));
        elements.push(pattern(&format!("AuditEvent.agent:{name}.type"), system, code));
        elements.push(element(&format!("AuditEvent.agent:{name}.who"), r#""min":1"#));
        elements.push(element(&format!("AuditEvent.agent:{name}.media"), r#""max":"0""#));
        elements.push(element(&format!("AuditEvent.agent:{name}.network"), r#""min":1"#));
        if id == "Delete" {
            for absent in ["role", "altId", "name", "location", "policy", "purposeOfUse"] {
                elements.push(element(&format!("AuditEvent.agent:{name}.{absent}"), r#""max":"0""#));
            }
        }
    }
    let part = if matches!(id, "Read" | "Query") { "IRCP" } else { "AUT" };
    elements.push(element("AuditEvent.agent:user", r#""min":0,"max":"1""#));
    elements.push(pattern("AuditEvent.agent:user.type", "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", part));
    elements.push(element("AuditEvent.agent:user.who", r#""min":1"#));
    elements.push(element("AuditEvent.agent:user.requestor", r#""patternBoolean":true"#));
    let absent: &[&str] = if id == "Delete" { &["altId", "location", "policy", "media", "network"] } else { &["media", "network"] };
    elements.extend(absent.iter().map(|absent| element(&format!("AuditEvent.agent:user.{absent}"), r#""max":"0""#)));
    elements.push(sliced("AuditEvent.entity", "type", 1));
    elements.push(element("AuditEvent.entity:transaction", r#""min":0,"max":"1""#));
    let own = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType";
    elements.push(pattern_coding("AuditEvent.entity:transaction.type", own, "XrequestId"));
    elements.push(element("AuditEvent.entity:transaction.what", r#""min":1"#));
    let name = if id == "Query" { "query" } else { "data" };
    elements.push(element(&format!("AuditEvent.entity:{name}"), r#""min":1,"max":"1""#));
    elements.push(pattern_coding(&format!("AuditEvent.entity:{name}.type"), ENTITY_TYPE, "2"));
    if id == "Query" {
        elements.push(element("AuditEvent.entity:query.what", r#""max":"0""#));
        elements.push(pattern_coding("AuditEvent.entity:query.role", OBJECT_ROLE, "24"));
        elements.push(element("AuditEvent.entity:query.query", r#""min":1"#));
    } else {
        elements.push(element("AuditEvent.entity:data.what", r#""min":1"#));
        elements.push(pattern_coding("AuditEvent.entity:data.role", OBJECT_ROLE, "4"));
    }
    profile(id, "http://hl7.org/fhir/StructureDefinition/AuditEvent", &elements)
}

/// The variant for what touches a patient.
fn with_patient(of: &str) -> Value {
    let elements = [
        sliced("AuditEvent.entity", "type", 2),
        element("AuditEvent.entity:patient", r#""min":1,"max":"1""#),
        pattern_coding("AuditEvent.entity:patient.type", ENTITY_TYPE, "1"),
        pattern_coding("AuditEvent.entity:patient.role", OBJECT_ROLE, "1"),
        element(
            "AuditEvent.entity:patient.what",
            r#""min":1,"type":[{"code":"Reference","targetProfile":["http://hl7.org/fhir/StructureDefinition/Patient"]}]"#,
        ),
    ];
    profile(&format!("Patient{of}"), &format!("{PATTERNS}{of}"), &elements)
}

fn token_use() -> Value {
    let elements = [
        sliced("AuditEvent.agent", "type", 1),
        element("AuditEvent.agent:oUser", r#""min":1"#),
        pattern("AuditEvent.agent:oUser.type", "https://profiles.ihe.net/ITI/BALP/CodeSystem/UserAgentTypes", "UserOauthAgent"),
        element("AuditEvent.agent:oUser.requestor", r#""patternBoolean":true"#),
        element("AuditEvent.agent:oUser.policy", r#""min":1,"max":"1""#),
        element("AuditEvent.agent:oUser.media", r#""max":"0""#),
        element("AuditEvent.agent:oUser.network", r#""max":"0""#),
    ];
    profile("OAUTHaccessTokenUse.Minimal", "http://hl7.org/fhir/StructureDefinition/AuditEvent", &elements)
}

fn disclosure() -> Value {
    let mut elements = vec![
        pattern_coding("AuditEvent.type", DICOM, "110106"),
        element("AuditEvent.action", r#""min":1,"patternCode":"R""#),
        element("AuditEvent.outcome", r#""min":1"#),
        sliced("AuditEvent.agent", "type", 2),
    ];
    for (name, code) in [("source", "110153"), ("recipient", "110152")] {
        elements.push(element(&format!("AuditEvent.agent:{name}"), r#""min":1,"max":"1""#));
        elements.push(pattern(&format!("AuditEvent.agent:{name}.type"), DICOM, code));
        elements.push(element(&format!("AuditEvent.agent:{name}.who"), r#""min":1"#));
        elements.push(element(&format!("AuditEvent.agent:{name}.network"), r#""min":1"#));
    }
    let same = r#""constraint":[{"key":"val-audit-source","severity":"error","human":"The audit source is this agent too.","expression":"$this.who = %resource.source.observer"}]"#;
    elements.insert(5, element("AuditEvent.agent:source", &format!(r#""min":1,"max":"1",{same}"#)));
    elements.remove(4);
    elements.push(sliced("AuditEvent.entity", "type", 2));
    elements.push(element("AuditEvent.entity:patient", r#""min":1,"max":"1""#));
    elements.push(pattern_coding("AuditEvent.entity:patient.type", ENTITY_TYPE, "1"));
    profile("PrivacyDisclosure.Source", "http://hl7.org/fhir/StructureDefinition/AuditEvent", &elements)
}

/// All that events claim to follow.
pub fn profiles() -> Vec<Value> {
    let (source, destination) = ((DICOM, "110153"), (DICOM, "110152"));
    let custodian = ("http://terminology.hl7.org/CodeSystem/provenance-participant-type", "custodian");
    let mut all = vec![
        rest("Create", "C", &["create"], source, destination),
        rest("Read", "R", &["read", "vread"], destination, source),
        rest("Update", "U", &["update", "patch"], source, destination),
        rest("Delete", "D", &["delete"], (DICOM, "110150"), custodian),
        rest("Query", "E", &["search-type", "search-system"], source, destination),
        token_use(),
        disclosure(),
    ];
    all.extend(["Create", "Read", "Update", "Delete", "Query"].map(with_patient));
    all
}
