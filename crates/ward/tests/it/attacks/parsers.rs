//! Parsers that disagree: members twice, other character sets, entities of XML, numbers and depths beyond all reason.

use crate::attacks::house::House;

#[test]
fn no_body_is_read_in_two_ways() {
    let house = House::usual();
    let (all, ann) = (house.token(&[]), house.token(&["--patient", "ann"]));
    let own = r#"{"resourceType":"QuestionnaireResponse","status":"completed","author":{"reference":"Patient/ann"},"#;
    let mut attempts: Vec<(&str, &str, Vec<u8>)> = vec![
        (
            "a member twice",
            "application/fhir+json",
            format!(r#"{own}"subject":{{"reference":"Patient/ann"}},"subject":{{"reference":"Patient/bob"}}}}"#).into(),
        ),
        (
            "a member twice, deep",
            "application/fhir+json",
            format!(r#"{own}"subject":{{"reference":"Patient/ann","reference":"Patient/bob"}}}}"#).into(),
        ),
        (
            "a member twice, escaped",
            "application/fhir+json",
            format!(r#"{own}"subject":{{"reference":"Patient/ann","\u0072eference":"Patient/bob"}}}}"#).into(),
        ),
        (
            "the type twice",
            "application/fhir+json",
            br#"{"resourceType":"QuestionnaireResponse","resourceType":"Patient","status":"completed"}"#.to_vec(),
        ),
        ("two documents", "application/fhir+json", format!(r#"{own}"subject":{{"reference":"Patient/ann"}}}}{{}}"#).into()),
        ("a comment", "application/fhir+json", format!(r#"{own}/*x*/"subject":{{"reference":"Patient/ann"}}}}"#).into()),
        ("a comma too many", "application/fhir+json", format!(r#"{own}"subject":{{"reference":"Patient/ann"}},}}"#).into()),
        ("quotes of another kind", "application/fhir+json", format!("{own}'subject':{{}}}}").into()),
        ("a zero byte", "application/fhir+json", format!("{own}\"subject\":{{\"reference\":\"Patient/ann\0\"}}}}").into()),
        ("half a surrogate", "application/fhir+json", format!(r#"{own}"subject":{{"display":"\ud800"}}}}"#).into()),
        ("no UTF-8", "application/fhir+json", [own.as_bytes(), b"\"subject\":{\"display\":\"\xc0\xaf\"}}"].concat()),
        ("UTF-16", "application/fhir+json", utf16(&format!(r#"{own}"subject":{{"reference":"Patient/bob"}}}}"#))),
        (
            "another character set",
            "application/fhir+json; charset=utf-7",
            format!(r#"{own}"subject":{{"reference":"Patient/bob"}}}}"#).into(),
        ),
        ("not a number", "application/fhir+json", format!(r#"{own}"item":[{{"linkId":"1","answer":[{{"valueDecimal":NaN}}]}}]}}"#).into()),
        ("XML as JSON", "application/fhir+json", b"<QuestionnaireResponse xmlns='http://hl7.org/fhir'/>".to_vec()),
        ("JSON as XML", "application/fhir+xml", format!(r#"{own}"subject":{{}}}}"#).into()),
        ("a form", "application/x-www-form-urlencoded", format!(r#"{own}"subject":{{}}}}"#).into()),
        ("a text", "text/plain", format!(r#"{own}"subject":{{}}}}"#).into()),
        ("parts", "multipart/form-data; boundary=x", b"--x\r\n\r\n{}\r\n--x--".to_vec()),
        ("depth", "application/fhir+json", format!("{own}\"item\":{}{}}}", "[".repeat(20_000), "]".repeat(20_000)).into()),
    ];
    let entity = |declared: &str, used: &str| {
        format!(
            r#"<?xml version="1.0"?><!DOCTYPE x [{declared}]><QuestionnaireResponse xmlns="http://hl7.org/fhir"><status value="completed"/><subject><reference value="Patient/ann"/><display value="{used}"/></subject><author><reference value="Patient/ann"/></author></QuestionnaireResponse>"#
        )
    };
    for (what, declared, used) in [
        ("a file", r#"<!ENTITY x SYSTEM "file:///etc/passwd">"#, "&x;"),
        ("an address", r#"<!ENTITY x SYSTEM "http://127.0.0.1:1/x">"#, "&x;"),
        ("a public name", r#"<!ENTITY x PUBLIC "p" "file:///etc/passwd">"#, "&x;"),
        ("parameters", r#"<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;"#, "y"),
        ("laughs", r#"<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">"#, "&c;"),
        ("itself", r#"<!ENTITY x "&x;">"#, "&x;"),
        ("nothing", "", "y"),
    ] {
        attempts.push((what, "application/fhir+xml", entity(declared, used).into()));
    }
    let undeclared = entity("", "&x;").replace("<!DOCTYPE x []>", "");
    attempts.push(("an entity that nobody declared", "application/fhir+xml", undeclared.into()));
    let include = entity("", "y")
        .replace("<!DOCTYPE x []>", "")
        .replace("<status", r#"<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/><status"#);
    attempts.push(("XInclude", "application/fhir+xml", include.into()));
    let twice = entity("", "y")
        .replace("<!DOCTYPE x []>", "")
        .replace("</author>", r#"</author><subject><reference value="Patient/bob"/></subject>"#);
    attempts.push(("an element twice", "application/fhir+xml", twice.into()));
    let set = entity("", "y").replace("<!DOCTYPE x []>", "").replace(r#"version="1.0""#, r#"version="1.0" encoding="UTF-7""#);
    attempts.push(("an encoding of its own", "application/fhir+xml", set.into()));
    for (what, kind, body) in attempts {
        for (method, path) in [("POST", "/fhir/QuestionnaireResponse"), ("POST", "/fhir/QuestionnaireResponse/$validate")] {
            let answer = house.with(&all, method, path, &[("Content-Type", kind)], &body);
            let text = String::from_utf8_lossy(&answer.body);
            assert!(
                [400, 413, 415, 422].contains(&answer.status)
                    || path.ends_with("$validate") && answer.status == 200 && text.contains("\"error\""),
                "{what} {path}: {} {text}",
                answer.status
            );
            assert!(!text.contains("root:"), "{what}");
        }
    }
    assert_eq!(
        house.get(&all, "/fhir/QuestionnaireResponse?_summary=count").json().get("total").and_then(|total| total.as_number()),
        Some("2")
    );
    // A mark of the byte order is passed over or refused, and changes nothing.
    let marked = [b"\xef\xbb\xbf".as_slice(), own.as_bytes(), br#""subject":{"reference":"Patient/bob"}}"#].concat();
    assert!((400..500).contains(&house.with(&ann, "POST", "/fhir/QuestionnaireResponse", &[], &marked).status));
}

fn utf16(text: &str) -> Vec<u8> {
    [0xfffe_u16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect()
}

#[test]
fn no_query_of_a_graph_goes_beyond_its_bounds_or_rights() {
    let house = House::usual();
    let ann = house.token(&["--patient", "ann"]);
    let ask = |query: &str| {
        let body = fhir::json::to_string(&fhir::object! { "query": query });
        house.with(&ann, "POST", "/fhir/$graphql", &[("Content-Type", "application/json")], body.as_bytes())
    };
    let text = |query: &str| {
        let answer = ask(query);
        assert!(answer.status < 500, "{query}: {}", answer.status);
        String::from_utf8_lossy(&answer.body).into_owned()
    };
    assert!(text(r#"{Patient(id:"ann"){name{family}}}"#).contains("Ann"));
    for query in [
        r#"{Patient(id:"bob"){name{family}}}"#,
        r#"{a:Patient(id:"ann"){name{family}} b:Patient(id:"bob"){name{family}}}"#,
        "{PatientList{name{family}}}",
        r#"{PatientList(name:"Bobsecret"){id}}"#,
        "{ObservationList{code{coding{code}} subject{resource{...on Patient{name{family}}}}}}",
        r#"{Observation(id:"of-bob"){code{coding{code}}}}"#,
        "{ObservationConnection{edges{resource{code{coding{code}}}}}}",
        r#"{Practitioner(id:"doc"){ObservationList(_reference:performer){code{coding{code}}}}}"#,
        "{PatientList(_has:\"x\"){id}}",
        r#"{ObservationList(subject:"Patient/bob"){id}}"#,
        "query($id:ID!){Patient(id:$id){name{family}}}",
        "mutation{PatientDelete(id:\"bob\"){id}}",
        "{AuditEventList{id} BasicList{id code{text}}}",
    ] {
        let text = text(query);
        assert!(!text.contains("Bobsecret\"") && !text.contains("bobvalue") && !text.contains("of-bob\""), "{query}: {text}");
    }
    let deep = format!("{{PatientList{}{}}}", "{link{other{resource{...on Patient".repeat(60), "{id}".to_owned() + &"}}}}".repeat(60));
    let wide = format!("{{{}}}", (0..3000).map(|number| format!("a{number}:PatientList{{name{{family}}}}")).collect::<Vec<_>>().join(" "));
    let circular = "{...a} fragment a on Query{...b} fragment b on Query{...a}";
    let doubled = format!(
        "{{...f0}} {}",
        (0..40).map(|n| format!("fragment f{n} on Query{{...f{m} ...f{m}}}", m = n + 1)).collect::<Vec<_>>().join(" ")
            + "fragment f40 on Query{PatientList{id}}"
    );
    let directives = format!("{{PatientList{}{{id}}}}", "@skip(if:false)".repeat(20_000));
    for query in
        [deep.as_str(), &wide, circular, &doubled, &directives, &"{".repeat(100_000), "query A{PatientList{id}} query B{PatientList{id}}"]
    {
        let answer = ask(query);
        let text = String::from_utf8_lossy(&answer.body);
        assert!(
            text.contains("error") || text.contains("OperationOutcome") || answer.status >= 400,
            "{}: {}",
            &query[..60.min(query.len())],
            &text[..300.min(text.len())]
        );
        assert!(answer.status < 500, "{}", answer.status);
    }
    assert_eq!(house.get(&ann, "/health/live").status, 200);
}
