//! The synthetic hospital that is measured with, and what to ask of it.

use fhir::Value;

/// The day on which the hospital is seen.
const TODAY: (i32, u8, u8) = (2026, 1, 31);

/// A hospital with so many patients, as a stream.
pub fn stream(patients: u32) -> seed::Hospital {
    seed::Hospital::new(seed::Plan { patients, seed: 7, today: TODAY })
}

/// The resources of a type.
pub fn of_type<'a>(resources: &'a [Value], kind: &'a str) -> impl Iterator<Item = &'a Value> {
    resources.iter().filter(move |resource| resource.resource_type() == Some(kind))
}

/// The id of a resource of the hospital: it has one.
pub fn id(resource: &Value) -> &str {
    resource.text("id").unwrap_or_default()
}

/// The text of a resource without its id, as a client sends it to have it created.
pub fn without_id(resource: &Value) -> String {
    let mut resource = resource.clone();
    if let Some(members) = resource.as_object_mut() {
        members.remove("id");
    }
    fhir::json::to_string(&resource)
}

/// System and code of the first coding of `code`, as a search wants them: `http://loinc.org|8867-4`, escaped.
pub fn code(resource: &Value) -> Option<String> {
    let coding = resource.get("code")?.list("coding").next()?;
    Some(format!("{}%7C{}", coding.text("system")?, coding.text("code")?))
}

/// The id of the patient whom `subject` names.
pub fn patient(resource: &Value) -> Option<&str> {
    resource.get("subject")?.text("reference")?.strip_prefix("Patient/")
}
