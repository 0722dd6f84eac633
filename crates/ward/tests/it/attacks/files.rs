//! Files: the Binary of a document that is hidden, by its address, its versions and its history

use crate::attacks::house::Prepared;

const SCOPE: &str = "user/*.cruds";

const DOCUMENT: &str = r#"{"resourceType":"DocumentReference","id":"note","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"V"}]},"status":"current","subject":{"reference":"Patient/bob"},"content":[{"attachment":{"contentType":"text/plain","url":"Binary/file"}}]}"#;
const FILE: &str = r#"{"resourceType":"Binary","id":"file","contentType":"text/plain","securityContext":{"reference":"DocumentReference/note"},"data":"ZmlsZXNlY3JldA=="}"#;

#[test]
fn a_file_is_hidden_with_what_it_stands_under() {
    let prepared = Prepared::new().usual_people();
    let app = prepared.app(SCOPE);
    let house = prepared.open(&[]);
    let all = house.token(&[]);
    for (path, body) in [("/fhir/DocumentReference/note", DOCUMENT), ("/fhir/Binary/file", FILE)] {
        assert_eq!(house.with(&all, "PUT", path, &[], body.as_bytes()).status, 201, "{path}");
    }
    let doc = house.tokens(&mut house.signed_in("doc"), &app, SCOPE).0;
    let batch = r#"{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Binary/file"}}]}"#;
    let is_told = |answer: &crate::http::Answer| {
        let text = String::from_utf8_lossy(&answer.body);
        text.contains("filesecret") || text.contains("ZmlsZXNlY3JldA")
    };
    let paths = ["", "/_history", "/_history/1", "?_format=json", "?_elements=data"];
    let answers = |token: &str| {
        let mut answers: Vec<_> = paths.iter().map(|path| house.get(token, &format!("/fhir/Binary/file{path}"))).collect();
        answers.push(house.with(token, "POST", "/fhir", &[], batch.as_bytes()));
        answers
    };
    assert!(answers(&doc).iter().all(|answer| !is_told(answer)), "very restricted, and the glass is whole");
    assert!(answers(&all).iter().all(is_told), "it was there to be found");
    let open = DOCUMENT.replace("\"code\":\"V\"", "\"code\":\"N\"");
    assert_eq!(house.with(&all, "PUT", "/fhir/DocumentReference/note", &[], open.as_bytes()).status, 200);
    assert!(answers(&doc).iter().all(is_told), "what it stands under is open now");
}
