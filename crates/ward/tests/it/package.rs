//! `ward package`.

mod enforced;
mod guides;
mod registry;

use std::path::Path;

use fhir::Value;

use crate::process::{Server, run, run_well};

/// Writes a package as a folder: a value set with this title, a search parameter, and perhaps more files. The manifest has these dependencies.
fn package(folder: &Path, version: &str, title: &str, needs: &str) -> String {
    let at = folder.join(format!("guide-{version}-{title}"));
    let inside = at.join("package");
    std::fs::create_dir_all(inside.join("example")).expect("made");
    let write = |name: &str, text: String| std::fs::write(inside.join(name), text).expect("written");
    write(
        "package.json",
        format!(
            r#"{{"name":"test.guide","version":"{version}","fhirVersions":["4.0.1"],"canonical":"http://example.org/guide","title":"A test","dependencies":{{"hl7.fhir.r4.core":"4.0.1"{needs}}}}}"#
        ),
    );
    write(
        "ValueSet-colours.json",
        format!(
            r#"{{"resourceType":"ValueSet","id":"colours","url":"http://example.org/guide/ValueSet/colours","version":"{version}","title":"{title}","status":"active"}}"#
        ),
    );
    write(
        "SearchParameter-shade.json",
        format!(
            r#"{{"resourceType":"SearchParameter","id":"shade","url":"http://example.org/guide/SearchParameter/shade","version":"{version}","name":"Shade","status":"active","description":"x","code":"shade","base":["Patient"],"type":"token","expression":"Patient.extension.where(url='http://example.org/shade').value"}}"#
        ),
    );
    write("Broken.json", r#"{"resourceType":"ValueSet","id":"broken","url":"http://example.org/broken"}"#.to_owned());
    write("example/Patient-a.json", r#"{"resourceType":"Patient","id":"a"}"#.to_owned());
    at.to_string_lossy().into_owned()
}

fn first(text: &str) -> Value {
    let all = fhir::json::parse(text.as_bytes()).expect("JSON");
    all.each().next().expect("one").clone()
}

fn count(value: &Value, name: &str) -> u64 {
    value.get(name).and_then(Value::as_number).and_then(|count| count.parse().ok()).expect("a count")
}

#[test]
fn a_package_is_added_listed_and_removed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let one = package(folder.path(), "1.0.0", "red", "");
    let added = first(&run_well(folder.path(), &["package", "add", &one, "--json"]));
    assert_eq!((added.text("package"), count(&added, "written")), (Some("test.guide@1.0.0"), 3), "{added:?}");
    let left_out = added.list("left_out").next().expect("what is broken");
    assert_eq!(left_out.text("file"), Some("package/Broken.json"));
    assert!(
        left_out
            .list("reasons")
            .next()
            .and_then(Value::as_str)
            .is_some_and(|reason| reason.contains("ValueSet: the required element \"status\""))
    );

    let again = first(&run_well(folder.path(), &["package", "add", &one, "--json"]));
    assert_eq!((count(&again, "written"), count(&again, "unchanged")), (0, 3));

    let two = package(folder.path(), "2.0.0", "blue", "");
    run_well(folder.path(), &["package", "add", &two]);
    assert_eq!(run_well(folder.path(), &["package", "list"]), "test.guide@1.0.0  A test\ntest.guide@2.0.0  A test\n");
    let listed = fhir::json::parse(run_well(folder.path(), &["package", "list", "--json"]).as_bytes()).expect("JSON");
    assert_eq!(listed.each().filter_map(|one| one.text("version")).collect::<Vec<_>>(), ["1.0.0", "2.0.0"]);

    let server = Server::start(folder.path(), &[]);
    let titles = |server: &Server| {
        let found = server.get("/fhir/ValueSet?url=http://example.org/guide/ValueSet/colours&_sort=version").json();
        let titles = found.list("entry").filter_map(|entry| entry.get("resource")?.text("title").map(str::to_owned));
        titles.collect::<Vec<_>>()
    };
    assert_eq!(titles(&server), ["red", "blue"]);
    assert_eq!(server.get("/fhir/ValueSet/colours").json().text("title"), Some("red"));
    assert_eq!(server.get("/fhir/ValueSet/colours-2.0.0").json().text("title"), Some("blue"));
    // The search parameter that both bring is in force.
    assert_eq!(server.get("/fhir/Patient?shade=x").status, 200);
    assert_eq!(server.stop(), Some(0));

    run_well(folder.path(), &["package", "remove", "test.guide@1.0.0"]);
    let again = first(&run_well(folder.path(), &["package", "add", &two, "--json"]));
    assert_eq!((count(&again, "written"), count(&again, "unchanged")), (0, 3), "it stays where it is");
    run_well(folder.path(), &["package", "remove", "test.guide"]);
    assert_eq!(run_well(folder.path(), &["package", "list"]), "");
    let server = Server::start(folder.path(), &[]);
    assert_eq!(titles(&server), Vec::<String>::new());
    assert_eq!(server.get("/fhir/Patient?shade=x").status, 400);
}

#[test]
fn a_running_server_has_it_at_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let one = package(folder.path(), "1.0.0", "red", "");
    let server = Server::start(folder.path(), &[]);
    // Its data directory is the server's alone.
    let refused = run(folder.path(), &["package", "add", &one]);
    assert_eq!(refused.status.code(), Some(4), "{}", String::from_utf8_lossy(&refused.stderr));
    let url = format!("http://{}/fhir", server.address);
    let guides = |server: &Server| {
        let statement = server.get("/fhir/metadata").json();
        statement.list("implementationGuide").filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(guides(&server), Vec::<String>::new());
    for written in [3, 0] {
        let added = first(&run_well(folder.path(), &["package", "add", &one, "--url", &url, "--json"]));
        assert_eq!((count(&added, "written"), added.list("left_out").count()), (written, 1), "{added:?}");
    }
    assert_eq!(guides(&server), ["http://example.org/guide/ImplementationGuide/test.guide|1.0.0"]);
    assert_eq!(server.get("/fhir/Patient?shade=x").status, 200);
    assert_eq!(server.get("/fhir/Patient/a").status, 404, "examples are not asked for");
    run_well(folder.path(), &["package", "add", &one, "--examples", "--url", &url]);
    assert_eq!(server.get("/fhir/Patient/a").status, 200);
    assert_eq!(run_well(folder.path(), &["package", "list", "--url", &url]), "test.guide@1.0.0  A test\n");
    run_well(folder.path(), &["package", "remove", "test.guide", "--url", &url]);
    assert_eq!(guides(&server), Vec::<String>::new());
    assert_eq!(server.get("/fhir/Patient/a").status, 410);
    let missing = run(folder.path(), &["package", "remove", "test.guide", "--url", &url]);
    assert_eq!(missing.status.code(), Some(1));
}

#[test]
fn what_is_missing_is_told_and_what_is_none_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let one = package(folder.path(), "1.0.0", "red", r#","hl7.terminology.r4":"5.3.0","other":"current""#);
    let output = run(folder.path(), &["package", "add", &one]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("test.guide@1.0.0 needs hl7.terminology.r4@5.3.0, which is not there"), "{told}");
    assert!(told.contains("\"current\" names another package"), "{told}");

    let fails = |arguments: &[&str], code: i32, says: &str| {
        let output = run(folder.path(), arguments);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
        assert!(told.contains(says), "{arguments:?}: {told}");
    };
    std::fs::write(folder.path().join("a.tgz"), b"no archive").expect("written");
    fails(&["package", "add", "a.tgz"], 1, "WARD-1280");
    fails(&["package", "add", "nothing.tgz"], 2, "hl7.fhir.us.core@6.1.0");
    fails(&["package", "add", "hl7.fhir.us.core@current"], 2, "names another package");
    fails(&["package", "add", "hl7.fhir.us.core@6.1.0"], 1, "package_registry");
    fails(&["package", "add", &one, &one], 4, "given twice");
    fails(&["package", "remove", "nothing"], 1, "ward package list");
    let five = folder.path().join("five");
    std::fs::create_dir(&five).expect("made");
    std::fs::write(five.join("package.json"), r#"{"name":"a.r5","version":"1.0.0","fhirVersions":["5.0.0"]}"#).expect("written");
    fails(&["package", "add", "five"], 1, "WARD-1285");
}
