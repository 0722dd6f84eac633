//! Calls to copy, with the address of this very server.

use maud::{Markup, html};

/// What to try first, in this order.
pub(super) fn first_calls(base_url: &str) -> Markup {
    let put = r#"{"resourceType":"Patient","id":"anna","name":[{"family":"Muster","given":["Anna"]}],"birthDate":"1980-02-29"}"#;
    let calls = [
        ("Count the patients.", format!("curl '{base_url}/Patient?_summary=count'")),
        (
            "Write one, under an id of your choice.",
            format!("curl -X PUT {base_url}/Patient/anna \\\n  -H 'Content-Type: application/fhir+json' \\\n  -d '{put}'"),
        ),
        ("Find her by the beginning of her name, indented for people.", format!("curl '{base_url}/Patient?name=must&_pretty=true'")),
        (
            "Change her only if nobody else has: the version comes from ETag.",
            format!(
                "curl -X PUT {base_url}/Patient/anna -H 'If-Match: W/\"1\"' \\\n  -H 'Content-Type: application/fhir+json' \\\n  -d '{}'",
                r#"{"resourceType":"Patient","id":"anna","active":true}"#
            ),
        ),
    ];
    html! {
        ol.calls { @for (what, call) in calls { li { p { (what) } pre tabindex="0" { code { (call) } } } } }
    }
}

/// What a refusal looks like.
pub(super) fn refusal(base_url: &str) -> Markup {
    let outcome = r#"{
  "resourceType": "OperationOutcome",
  "issue": [{
    "severity": "error",
    "code": "structure",
    "details": {"coding": [{"system": "urn:ward:error", "code": "WARD-0103"}]},
    "diagnostics": "Patient has no element of this name: did you mean \"birthDate\"?",
    "expression": ["Patient.brithDate"]
  }]
}"#;
    html! {
        p { "Whatever is refused is answered with an OperationOutcome. Each issue names the place as a FHIRPath, the rule and the remedy, and has a code that never changes its meaning: " a href="/developer/errors" { "the list of all codes" } "." }
        pre tabindex="0" { code { "curl -X POST " (base_url) "/Patient -H 'Content-Type: application/fhir+json' \\\n  -d '{\"resourceType\":\"Patient\",\"brithDate\":\"1980-02-29\"}'" } }
        pre tabindex="0" { code { (outcome) } }
        p { "Nothing is silently ignored: an unknown search parameter is refused, unless " code { "Prefer: handling=lenient" } " asks to pass over it; then the answer says what was passed over." }
    }
}
