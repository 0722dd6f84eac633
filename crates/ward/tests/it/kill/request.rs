//! The operations of the load: each as a request, with what it does to which resources.

use witness::{Dice, Effect};

/// The system of the identifiers that hold the marks.
pub(super) const SYSTEM: &str = "urn:ward:kill";

const JSON: &str = "application/fhir+json";

/// A request that is an operation.
pub(super) struct Request {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
    pub(super) effects: Vec<Effect>,
    /// Whether it is to be refused.
    pub(super) is_refused: bool,
}

/// A Patient with a mark, without an id when `id` is empty.
pub(super) fn patient(id: &str, mark: &str) -> String {
    let id = if id.is_empty() { String::new() } else { format!(r#""id":"{id}","#) };
    format!(r#"{{"resourceType":"Patient",{id}"identifier":[{{"system":"{SYSTEM}","value":"mark:{mark}"}}]}}"#)
}

/// An Observation with a mark, about somebody.
pub(super) fn observation(id: &str, mark: &str, subject: &str) -> String {
    let id = if id.is_empty() { String::new() } else { format!(r#""id":"{id}","#) };
    format!(
        r#"{{"resourceType":"Observation",{id}"status":"final","code":{{"text":"mark:{mark}"}},"subject":{{"reference":"{subject}"}}}}"#
    )
}

impl Request {
    /// The next operation of a writer: `own` are the Patients that are its own and there.
    pub(super) fn next(name: &str, id: &str, own: &[String], dice: &mut Dice) -> Self {
        let Some(key) = (!own.is_empty()).then(|| &own[dice.below(own.len() as u64) as usize]) else {
            return Self::put(id, name);
        };
        match dice.below(12) {
            0..=2 => Self::put(id, name),
            3..=4 => Self::put(key.trim_start_matches("Patient/"), name),
            5 => Self::delete(key),
            6 => Self::patch(key, name),
            7 => Self::create(name, None),
            8 => Self::create(name, Some(format!("identifier={SYSTEM}|mark:{name}"))),
            9 => Self {
                headers: vec![("If-Match", "W/\"999999\"".to_owned())],
                is_refused: true,
                ..Self::put(key.trim_start_matches("Patient/"), name)
            },
            _ => Self::transaction(name, id, key),
        }
    }

    fn put(id: &str, name: &str) -> Self {
        Self {
            method: "PUT",
            path: format!("/fhir/Patient/{id}"),
            headers: Vec::new(),
            body: patient(id, name),
            effects: vec![Effect::Written(format!("Patient/{id}"), name.to_owned())],
            is_refused: false,
        }
    }

    fn delete(key: &str) -> Self {
        let effects = vec![Effect::Deleted(key.to_owned())];
        Self { method: "DELETE", path: format!("/fhir/{key}"), headers: Vec::new(), body: String::new(), effects, is_refused: false }
    }

    fn patch(key: &str, name: &str) -> Self {
        let body = format!(r#"[{{"op":"replace","path":"/identifier/0/value","value":"mark:{name}"}}]"#);
        let headers = vec![("Content-Type", "application/json-patch+json".to_owned())];
        let effects = vec![Effect::Written(key.to_owned(), name.to_owned())];
        Self { method: "PATCH", path: format!("/fhir/{key}"), headers, body, effects, is_refused: false }
    }

    fn create(name: &str, if_none_exist: Option<String>) -> Self {
        let headers = if_none_exist.map(|criteria| ("If-None-Exist", criteria)).into_iter().collect();
        let effects = vec![Effect::Created(name.to_owned())];
        Self { method: "POST", path: "/fhir/Patient".to_owned(), headers, body: patient("", name), effects, is_refused: false }
    }

    /// A patient with two observations that refer to it, a resource whose id is chosen, and another that is updated or deleted.
    fn transaction(name: &str, id: &str, other: &str) -> Self {
        let uuid = "urn:uuid:0b5ae3f0-53a5-4bd1-9e77-6a5a4d1c0f11";
        let entry = |method: &str, url: &str, resource: String| {
            format!(r#"{{"resource":{resource},"request":{{"method":"{method}","url":"{url}"}}}}"#)
        };
        let mark = |number: u8| format!("{name}-{number}");
        let mut effects: Vec<Effect> = (0..3).map(|number| Effect::Created(mark(number))).collect();
        effects.push(Effect::Written(format!("Patient/{id}"), mark(3)));
        let mut entries = vec![
            format!(r#"{{"fullUrl":"{uuid}","resource":{},"request":{{"method":"POST","url":"Patient"}}}}"#, patient("", &mark(0))),
            entry("POST", "Observation", observation("", &mark(1), uuid)),
            entry("POST", "Observation", observation("", &mark(2), &format!("Patient/{id}"))),
            entry("PUT", &format!("Patient/{id}"), patient(id, &mark(3))),
        ];
        if name.len().is_multiple_of(2) {
            entries.push(format!(r#"{{"request":{{"method":"DELETE","url":"{other}"}}}}"#));
            effects.push(Effect::Deleted(other.to_owned()));
        } else {
            entries.push(entry("PUT", other, patient(other.trim_start_matches("Patient/"), &mark(4))));
            effects.push(Effect::Written(other.to_owned(), mark(4)));
        }
        let body = format!(r#"{{"resourceType":"Bundle","type":"transaction","entry":[{}]}}"#, entries.join(","));
        Self { method: "POST", path: "/fhir".to_owned(), headers: Vec::new(), body, effects, is_refused: false }
    }

    /// The headers as they are sent.
    pub(super) fn sent_headers(&self) -> Vec<(&str, &str)> {
        let given = self.headers.iter().map(|(name, value)| (*name, value.as_str()));
        let kind = (!self.headers.iter().any(|(name, _)| *name == "Content-Type")).then_some(("Content-Type", JSON));
        given.chain(kind).collect()
    }
}
