//! Code systems that may be redistributed, as they are published.

use fhir::Value;

use super::{answered, expanded, parameter};
use crate::process::Server;

#[test]
fn published_systems_are_loaded_and_answer() {
    let sources: Vec<_> =
        ["icd-10-cm", "snomed-gps", "cvx", "loinc-subset"].iter().filter_map(|name| published::data(&format!("codes/{name}"))).collect();
    if sources.len() < 4 {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let paths: Vec<&str> = sources.iter().filter_map(|path| path.to_str()).collect();
    let loaded = answered(folder.path(), &[&["terminology", "load"], paths.as_slice()].concat());
    for one in &loaded {
        println!("{}", fhir::json::to_string(one));
    }
    assert_eq!(loaded.len(), 4);
    let server = Server::start(folder.path(), &[]);
    let display = |system: &str, code: &str| {
        let answer = server.get(&format!("/fhir/CodeSystem/$lookup?system={system}&code={code}")).json();
        parameter(&answer, "display").and_then(Value::as_str).map(str::to_owned)
    };
    assert_eq!(display("http://hl7.org/fhir/sid/cvx", "08").as_deref(), Some("Hep B, adolescent or pediatric"));
    assert!(display("http://hl7.org/fhir/sid/icd-10-cm", "E11.9").is_some_and(|text| text.starts_with("Type 2 diabetes mellitus")));
    assert!(display("http://snomed.info/sct", "22298006").is_some());
    assert!(display("http://loinc.org", "100007-4").is_some());

    let below = expanded(&server, "url=http%3A%2F%2Fhl7.org%2Ffhir%2Fsid%2Ficd-10-cm%3Ffhir_vs%3Disa%2FE11.3&count=1000");
    assert!(below.len() > 50 && below.iter().all(|code| code.starts_with("E11.3")), "{below:?}");
    let found = server.get("/fhir/CodeSystem?url=http://snomed.info/sct&content-mode=fragment").json();
    let resource = found.list("entry").next().and_then(|entry| entry.get("resource")).cloned().expect("the resource");
    assert_eq!(resource.text("name"), Some("SNOMEDCTGlobalPatientSet"));
    assert!(resource.text("copyright").is_some_and(|notice| notice.contains("SNOMED International")));
    let statement = server.get("/fhir/metadata?mode=terminology").json();
    for one in &loaded {
        let told = statement.list("codeSystem").find(|system| system.text("uri") == one.text("system")).expect("it is told of");
        let versions: Vec<_> = told.list("version").filter_map(|version| version.text("code")).collect();
        assert_eq!(versions, one.text("version").filter(|version| !version.is_empty()).into_iter().collect::<Vec<_>>());
    }
}
