//! XML Patch, beyond the suite.

use fhir::xml::tree;
use fhir::{Value, json};
use patch::Patch;
use patch::xml_patch::XmlPatch;

const DOCUMENT: &str =
    r#"<doc xmlns="http://hl7.org/fhir"><foo id="1"><use value="home"/>one</foo><foo id="2"><use value="work"/>two</foo> <bar/></doc>"#;

/// The document after these operations, or the number of the first issue.
fn apply(operations: &str) -> Result<String, u16> {
    let mut document = tree::parse(DOCUMENT.as_bytes()).expect("XML");
    let text = format!(r#"<diff xmlns="http://hl7.org/fhir">{operations}</diff>"#);
    let patch = XmlPatch::parse(text.as_bytes()).map_err(|issues| issues[0].number)?;
    patch.apply(&mut document).map_err(|issue| issue.number)?;
    Ok(tree::to_string(&document).expect("it can be written"))
}

/// The operations, and what is after them instead of what was.
#[track_caller]
fn becomes(operations: &str, before: &str, after: &str) {
    assert!(DOCUMENT.contains(before), "{before}");
    assert_eq!(apply(operations), Ok(DOCUMENT.replacen(before, after, 1)), "{operations}");
}

#[test]
fn selects_by_every_kind_of_condition() {
    for selector in [
        "f:doc/f:foo[2]",
        "/f:doc/f:foo[2]",
        "doc/foo[2]",
        "*/f:foo[last()]",
        "*/*[2]",
        "f:doc/f:foo[position()=2]",
        "f:doc/f:foo[@id='2']",
        "f:doc/f:foo[@id=\"2\"]",
        "f:doc/f:foo[f:use/@value='work']",
        "f:doc/f:foo[f:use[1]/@value='work']",
        "f:doc/f:foo[.='two']",
        "f:doc/f:foo[text()='two']",
        "f:doc/f:foo[@id][2]",
        "f:doc/f:foo[@id and f:use/@value='work']",
        "f:doc/f:foo[f:use][@id='2'][1]",
        " f:doc / f:foo [ @id = '2' ] ",
    ] {
        let done = apply(&format!(r#"<remove sel="{}"/>"#, selector.replace('"', "&quot;")));
        if selector.contains("use[1]") {
            assert_eq!(done, Err(903), "conditions within conditions are refused");
        } else {
            assert_eq!(done, Ok(DOCUMENT.replace(r#"<foo id="2"><use value="work"/>two</foo>"#, "")), "{selector}");
        }
    }
}

#[test]
fn puts_nodes_in_every_position() {
    becomes(r#"<add sel="f:doc/f:bar"><new/></add>"#, "<bar/>", "<bar><new/></bar>");
    becomes(r#"<add sel="f:doc/f:foo[1]" pos="prepend"><new/></add>"#, r#"<foo id="1">"#, r#"<foo id="1"><new/>"#);
    becomes(r#"<add sel="f:doc/f:bar" pos="before"><new/>!</add>"#, "<bar/>", "<new/>!<bar/>");
    becomes(r#"<add sel="f:doc/f:bar" pos="after"><new/></add>"#, "<bar/>", "<bar/><new/>");
    becomes(r#"<add sel="f:doc/f:foo[1]/text()" pos="after"><new/></add>"#, "one", "one<new/>");
    becomes(r#"<add sel="f:doc/f:bar" type="@id">3</add>"#, "<bar/>", r#"<bar id="3"/>"#);
    becomes(r#"<add sel="f:doc/f:bar" type="@xml:lang">de</add>"#, "<bar/>", r#"<bar xml:lang="de"/>"#);
}

#[test]
fn replaces_each_by_its_own_kind() {
    becomes(r#"<replace sel="f:doc/f:bar"> <new/> </replace>"#, "<bar/>", "<new/>");
    becomes(r#"<replace sel="f:doc/f:foo[1]/@id">9 &amp; more</replace>"#, r#"id="1""#, r#"id="9 &amp; more""#);
    becomes(r#"<replace sel="f:doc/f:foo[1]/text()">three &lt; four</replace>"#, "one", "three &lt; four");
    for wrong in [
        r#"<replace sel="f:doc/f:bar">text</replace>"#,
        r#"<replace sel="f:doc/f:bar"><a/><b/></replace>"#,
        r#"<replace sel="f:doc/f:foo[1]/@id"><a/></replace>"#,
        r#"<replace sel="f:doc/f:foo[1]/text()"><a/></replace>"#,
        r#"<replace sel="f:doc">text</replace>"#,
    ] {
        assert_eq!(apply(wrong), Err(912), "{wrong}");
    }
}

#[test]
fn removes_white_space_that_is_named() {
    becomes(r#"<remove sel="f:doc/f:bar" ws="before"/>"#, " <bar/>", "");
    becomes(r#"<remove sel="f:doc/f:foo[2]" ws="both"/>"#, r#"<foo id="2"><use value="work"/>two</foo> "#, "");
    becomes(r#"<remove sel="f:doc/f:bar" ws="after"/>"#, "<bar/>", "");
}

#[test]
fn knows_comments_instructions_and_namespaces() {
    let mut document = tree::parse(br#"<doc xmlns:p="urn:a"><?test one?><!-- c --><?other?>text</doc>"#).expect("XML");
    let patch = r#"<diff><replace sel="doc/processing-instruction('test')"><?test two?></replace><remove sel="doc/processing-instruction('other')"/>
        <replace sel="doc/comment()[1]"><!-- d --></replace><replace sel="doc/namespace::p">urn:b</replace>
        <add sel="doc" type="namespace::q">urn:q</add><remove sel="doc/namespace::q"/></diff>"#;
    XmlPatch::parse(patch.as_bytes()).expect("a patch").apply(&mut document).expect("it is done");
    let mut expected = tree::parse(br#"<doc xmlns:p="urn:b"><?test two?><!-- d -->text</doc>"#).expect("XML");
    expected.join_texts();
    assert_eq!(document, expected);
}

#[test]
fn refuses_what_cannot_be_done() {
    for (operation, number) in [
        (r#"<remove sel="f:doc/f:none"/>"#, 905),
        (r#"<remove sel="h:doc/h:foo[1]"/>"#, 905),
        (r#"<remove sel="f:doc/f:foo[3]"/>"#, 905),
        (r#"<remove sel="f:doc/@none"/>"#, 905),
        (r#"<remove sel="f:doc/f:foo"/>"#, 906),
        (r#"<remove sel="f:doc"/>"#, 912),
        (r#"<add sel="f:doc" pos="before"><a/></add>"#, 912),
        (r#"<add sel="f:doc/f:foo[1]/text()"><a/></add>"#, 912),
        (r#"<add sel="f:doc/f:foo[1]/@id">x</add>"#, 912),
        (r#"<add sel="f:doc/f:foo[1]" type="@id">x</add>"#, 909),
        (r#"<add sel="f:doc"/>"#, 902),
        (r#"<add sel="f:doc" pos="inside"><a/></add>"#, 902),
        (r#"<add sel="f:doc" type="id">x</add>"#, 902),
        (r#"<add sel="f:doc" type="@a b">x</add>"#, 902),
        (r#"<add sel="f:doc" type="@p:b">x</add>"#, 902),
        (r#"<add sel="f:doc" type="@id"><a/></add>"#, 902),
        (r#"<remove sel="f:doc/f:bar" ws="around"/>"#, 902),
        (r#"<remove/>"#, 902),
        (r#"<move sel="f:doc"/>"#, 901),
        (r#"<remove xmlns="urn:other" sel="f:doc"/>"#, 901),
        (r#"<remove sel="f:doc//f:foo"/>"#, 903),
        (r#"<remove sel="p:doc"/>"#, 903),
        (r#"<remove sel="f:doc/f:foo[0]"/>"#, 903),
        (r#"<remove sel="f:doc/f:foo[1"/>"#, 903),
        (r#"<remove sel="@id"/>"#, 903),
        (r#"<remove sel="f:doc/f:foo[@id='1]"/>"#, 903),
        ("", 900),
        ("text", 900),
    ] {
        assert_eq!(apply(operation), Err(number), "{operation}");
    }
    assert_eq!(XmlPatch::parse(b"<!DOCTYPE diff><diff/>").expect_err("it is refused")[0].number, 201);
}

#[test]
fn shows_no_text_that_a_selector_compares_with() {
    let patch = XmlPatch::parse(br#"<diff><remove sel="f:doc/f:foo[@id='secret']"/></diff>"#).expect("a patch");
    let issue = patch.apply(&mut tree::parse(DOCUMENT.as_bytes()).expect("XML")).expect_err("nothing is there");
    assert!(!issue.diagnostics.contains("secret") && issue.diagnostics.contains("f:doc/f:foo[@id='…']"), "{}", issue.diagnostics);
}

fn patient() -> Value {
    let text = r#"{"resourceType":"Patient","id":"p","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>A &amp; <b>B</b></p></div>"},
        "name":[{"family":"F","given":["A","B"]}],"multipleBirthInteger":2,"birthDate":"1970-01-01","_birthDate":{"extension":[{"url":"http://x.test","valueString":"<&>"}]}}"#;
    json::parse(text.as_bytes()).expect("JSON")
}

fn on_patient(operations: &str) -> Result<Value, Vec<u16>> {
    let patch = Patch::xml(format!("<diff>{operations}</diff>").as_bytes()).expect("a patch");
    patch.apply(&patient()).map_err(|issues| issues.iter().map(|issue| issue.number).collect())
}

#[test]
fn changes_the_xml_of_a_resource_and_nothing_else() {
    let changed = on_patient(r#"<replace sel="f:Patient/f:name/f:given[2]/@value">C</replace>"#).expect("it is done");
    let expected = json::to_string(&patient()).replace(r#"["A","B"]"#, r#"["A","C"]"#);
    let members = |value: &Value| value.as_object().expect("an object").iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>();
    let expected = json::parse(expected.as_bytes()).expect("JSON");
    for name in members(&expected) {
        assert_eq!(changed.get(&name), expected.get(&name), "{name}");
    }
    assert_eq!(members(&changed).len(), members(&expected).len());
    let emptied =
        on_patient(r#"<remove sel="f:Patient/f:name/f:given[2]"/><remove sel="*/f:name/f:given"/><remove sel="*/f:name/f:family"/>"#);
    assert_eq!(emptied.expect("it is done").get("name"), None);
    let told =
        on_patient(r#"<add sel="f:Patient/f:text/h:div/h:p"><i xmlns="http://www.w3.org/1999/xhtml">!</i></add>"#).expect("it is done");
    let div = told.get("text").and_then(|text| text.text("div")).expect("a div");
    assert_eq!(div, r#"<div xmlns="http://www.w3.org/1999/xhtml"><p>A &amp; <b>B</b><i>!</i></p></div>"#);
}

#[test]
fn refuses_what_is_no_longer_a_resource() {
    let add = r#"<add sel="f:Patient"><nose xmlns="http://hl7.org/fhir" value="big"/></add>"#;
    assert_eq!(on_patient(add), Err(vec![205]));
    let add = r#"<add sel="f:Patient">text</add>"#;
    assert_eq!(on_patient(add), Err(vec![207]));
}

#[test]
fn puts_elements_into_the_order_of_the_definition() {
    let operations = r#"<add sel="f:Patient"><active xmlns="http://hl7.org/fhir" value="true"/><!-- in any order --><name xmlns="http://hl7.org/fhir"><given value="D"/><family value="G"/></name></add>"#;
    let changed = on_patient(operations).expect("it is done");
    assert_eq!(changed.get("active"), Some(&Value::Bool(true)));
    assert_eq!(changed.list("name").map(|name| name.text("family")).collect::<Vec<_>>(), [Some("F"), Some("G")]);
    let contained = r#"<add sel="f:Patient"><contained xmlns="http://hl7.org/fhir"><Patient><gender value="male"/><id value="c"/></Patient></contained></add>"#;
    let changed = on_patient(contained).expect("it is done");
    assert_eq!(changed.list("contained").next().and_then(|contained| contained.text("id")), Some("c"));
}

#[test]
fn bounds_what_it_takes() {
    let many = r#"<remove sel="f:doc/f:bar"/>"#.repeat(1001);
    assert_eq!(apply(&many), Err(904));
    assert_eq!(apply(&format!(r#"<remove sel="f:doc{}"/>"#, "/f:a".repeat(70))), Err(903));
    assert_eq!(apply(&format!(r#"<remove sel="f:doc[@id='{}']"/>"#, "a".repeat(5000))), Err(904));
    let text = format!("<doc xmlns='http://hl7.org/fhir'><a>{}</a><b>y</b></doc>", "x".repeat(1 << 20));
    let looking = |times: usize| {
        let operations = r#"<add sel="f:doc/*[.='y']" pos="after"><c/></add>"#.repeat(times);
        let patch = XmlPatch::parse(format!("<diff>{operations}</diff>").as_bytes()).expect("a patch");
        patch.apply(&mut tree::parse(text.as_bytes()).expect("XML")).map_err(|issue| issue.number)
    };
    assert_eq!((looking(40), looking(60)), (Ok(()), Err(904)), "each compares a megabyte");
    let deep = format!("{}{}", "<a>".repeat(120), "</a>".repeat(120));
    let deeper = format!(r#"<add sel="f:doc/f:bar">{deep}</add><add sel="f:doc/f:bar{}">{deep}</add>"#, "/f:a".repeat(30));
    assert_eq!(apply(&deeper), Err(904));
}
