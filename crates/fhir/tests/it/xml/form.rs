//! How XML says what JSON says (<http://hl7.org/fhir/R4/xml.html>), in both directions.

use fhir::xml;

use super::{patient, tree};

/// The JSON and the content of the Patient element say the same.
#[track_caller]
fn same(json: &str, content: &str) {
    let value = tree(json);
    let mut written = String::new();
    xml::write(&value, &mut written).expect("the tree can be written");
    assert_eq!(written, patient(content));
    assert_eq!(xml::parse(written.as_bytes()).expect("the text can be read"), value);
}

#[test]
fn primitives() {
    same(r#"{"resourceType":"Patient","active":true,"birthDate":"1974-12"}"#, r#"<active value="true"/><birthDate value="1974-12"/>"#);
    same(r#"{"resourceType":"Patient","multipleBirthInteger":2}"#, r#"<multipleBirthInteger value="2"/>"#);
}

#[test]
fn id_of_a_resource_is_an_element_and_id_of_an_element_is_an_attribute() {
    same(
        r#"{"resourceType":"Patient","id":"a","name":[{"id":"n","family":"Chalmers"}]}"#,
        r#"<id value="a"/><name id="n"><family value="Chalmers"/></name>"#,
    );
}

#[test]
fn extensions_of_primitives() {
    same(
        r#"{"resourceType":"Patient","birthDate":"1974","_birthDate":{"id":"b","extension":[{"url":"http://x","valueBoolean":false}]}}"#,
        r#"<birthDate id="b" value="1974"><extension url="http://x"><valueBoolean value="false"/></extension></birthDate>"#,
    );
    same(
        r#"{"resourceType":"Patient","_birthDate":{"extension":[{"url":"http://x","valueCode":"unknown"}]}}"#,
        r#"<birthDate><extension url="http://x"><valueCode value="unknown"/></extension></birthDate>"#,
    );
}

#[test]
fn arrays_of_primitives_are_aligned_with_null() {
    same(
        r#"{"resourceType":"Patient","name":[{"given":["Anna",null,"Maria"],"_given":[null,{"id":"g"},{"id":"h"}]}]}"#,
        r#"<name><given value="Anna"/><given id="g"/><given id="h" value="Maria"/></name>"#,
    );
    same(r#"{"resourceType":"Patient","name":[{"_given":[{"id":"g"}]}]}"#, r#"<name><given id="g"/></name>"#);
}

#[test]
fn resources_inside_of_resources() {
    same(
        r##"{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"Acme"}],"managingOrganization":{"reference":"#o"}}"##,
        r##"<contained><Organization><id value="o"/><name value="Acme"/></Organization></contained><managingOrganization><reference value="#o"/></managingOrganization>"##,
    );
    let bundle =
        tree(r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Binary","contentType":"a/b"}}]}"#);
    let text = xml::to_string(&bundle).expect("the Bundle can be written");
    assert!(
        text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Bundle xmlns=\"http://hl7.org/fhir\"><type value=\"collection\"/>")
    );
    assert!(text.contains("<entry><resource><Binary><contentType value=\"a/b\"/></Binary></resource></entry>"));
    assert_eq!(xml::parse(text.as_bytes()).expect("the Bundle can be read"), bundle);
}

#[test]
fn parameters_hold_values_and_resources() {
    let parameters = tree(
        r#"{"resourceType":"Parameters","parameter":[{"name":"a","valueDecimal":1.50},{"name":"b","part":[{"name":"c","resource":{"resourceType":"Basic","code":{"text":"t"}}}]}]}"#,
    );
    let text = xml::to_string(&parameters).expect("Parameters can be written");
    assert!(text.contains("<valueDecimal value=\"1.50\"/>"));
    assert_eq!(xml::parse(text.as_bytes()).expect("Parameters can be read"), parameters);
}

#[test]
fn values_keep_every_character() {
    let value = tree(r#"{"resourceType":"Patient","name":[{"text":" a\t<b>&\"'\r\n\u00a0€😀 "}]}"#);
    let text = xml::to_string(&value).expect("the text can be written");
    assert!(text.contains("value=\" a&#9;&lt;b>&amp;&quot;'&#13;&#10;\u{a0}€😀 \""), "{text}");
    assert_eq!(xml::parse(text.as_bytes()).expect("the text can be read"), value);
}

#[test]
fn white_space_in_an_attribute_is_a_space_and_references_are_resolved() {
    let value = xml::parse(patient("<name><text value='a\r\nb\tc&#x20;&lt;&#10;'/></name>").as_bytes()).expect("the text can be read");
    assert_eq!(value.list("name").next().and_then(|name| name.text("text")), Some("a b c <\n"));
}

#[test]
fn elements_are_written_in_the_order_of_the_definition() {
    let value = tree(r#"{"birthDate":"1974","name":[{"given":["A"],"family":"B"}],"resourceType":"Patient","id":"x"}"#);
    let mut text = String::new();
    xml::write(&value, &mut text).expect("the tree can be written");
    assert_eq!(text, patient(r#"<id value="x"/><name><family value="B"/><given value="A"/></name><birthDate value="1974"/>"#));
}

#[test]
fn prefixes_comments_white_space_and_schema_locations_change_nothing() {
    let text = "\u{FEFF}<?xml version='1.0' encoding='utf-8' standalone='yes'?>\n<!-- before -->\n<f:Patient xmlns:f=\"http://hl7.org/fhir\" \
        xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"http://hl7.org/fhir patient.xsd\">\n  \
        <f:active value=\"true\" ></f:active ><!-- inside -->\n</f:Patient>\n<!-- after -->";
    assert_eq!(xml::parse(text.as_bytes()).expect("the text can be read"), tree(r#"{"resourceType":"Patient","active":true}"#));
}

#[test]
fn narrative_is_kept_as_it_is_written() {
    same(
        r#"{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\" lang='en'>a &lt; b &#169; <!-- c --><br /><![CDATA[<]]></div>"}}"#,
        r#"<text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml" lang='en'>a &lt; b &#169; <!-- c --><br /><![CDATA[<]]></div></text>"#,
    );
}

#[test]
fn narrative_with_prefixes_or_inherited_namespace_becomes_one_that_stands_alone() {
    let expected = "<div xmlns=\"http://www.w3.org/1999/xhtml\" class=\"c\">a<b>b</b><br/></div>";
    let prefixed = "<text><status value=\"generated\"/><h:div class=\"c\">a<h:b>b</h:b><h:br/></h:div></text>";
    let text = patient(prefixed).replace("<Patient ", "<Patient xmlns:h=\"http://www.w3.org/1999/xhtml\" ");
    let value = xml::parse(text.as_bytes()).expect("the prefixed text can be read");
    assert_eq!(value.get("text").and_then(|text| text.text("div")), Some(expected));

    let inherited = "<f:Patient xmlns:f=\"http://hl7.org/fhir\" xmlns=\"http://www.w3.org/1999/xhtml\"><f:text>\
        <f:status value=\"generated\"/><div class=\"c\">a<b>b</b><br/></div></f:text></f:Patient>";
    let value = xml::parse(inherited.as_bytes()).expect("the text with the inherited namespace can be read");
    assert_eq!(value.get("text").and_then(|text| text.text("div")), Some(expected));
}

#[test]
fn values_that_are_not_of_their_type_are_left_to_the_check() {
    let text = patient(r#"<active value="yes"/><birthDate value="soon"/><multipleBirthInteger value="01"/>"#);
    let value = xml::parse(text.as_bytes()).expect("the text can be read");
    assert_eq!(value, tree(r#"{"resourceType":"Patient","active":"yes","birthDate":"soon","multipleBirthInteger":"01"}"#));
}
