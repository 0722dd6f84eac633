//! What the reader refuses, with its number and place.

use fhir::{codes, xml};

use super::{patient, refused};

#[track_caller]
fn refuses(text: &str, number: u16, place: &str) {
    assert_eq!(refused(text), [(number, place.to_owned())], "{text}");
}

#[test]
fn unknown_elements_and_attributes() {
    refuses(&patient("<nmae/>"), codes::XML_UNKNOWN_ELEMENT, "Patient");
    refuses(&patient("<name><given value=\"a\" use=\"b\"/></name>"), codes::XML_UNKNOWN_ATTRIBUTE, "Patient.name[0].given[0]");
    refuses(&patient("<name value=\"a\"><text value=\"b\"/></name>"), codes::XML_UNKNOWN_ATTRIBUTE, "Patient.name[0]");
    refuses("<Patient xmlns=\"http://hl7.org/fhir\" id=\"a\"/>", codes::XML_UNKNOWN_ATTRIBUTE, "Patient");
    refuses(&patient("<extension><url value=\"a\"/></extension>"), codes::XML_UNKNOWN_ELEMENT, "Patient.extension[0]");
    refuses(&patient("<valueString value=\"a\"/>"), codes::XML_UNKNOWN_ELEMENT, "Patient");
    refuses(&patient("<active value=\"true\"><value value=\"true\"/></active>"), codes::XML_UNKNOWN_ELEMENT, "Patient.active");
    refuses(&patient("<multipleBirth value=\"true\"/>"), codes::XML_UNKNOWN_ELEMENT, "Patient");
}

#[test]
fn text_where_none_is_allowed() {
    refuses(&patient("text"), codes::XML_TEXT, "Patient");
    refuses(&patient("<active value=\"true\">x</active>"), codes::XML_TEXT, "Patient.active");
    refuses(&patient("<name><![CDATA[x]]><text value=\"b\"/></name>"), codes::XML_TEXT, "Patient.name[0]");
    refuses(&patient("<name>&#32;<text value=\"b\"/></name>"), codes::XML_TEXT, "Patient.name[0]");
}

#[test]
fn wrong_namespaces() {
    refuses("<Patient/>", codes::XML_NAMESPACE, "Patient");
    refuses("<Patient><active value=\"true\"/><name><text value=\"a\"/></name></Patient>", codes::XML_NAMESPACE, "Patient");
    refuses("<Patient xmlns=\"urn:hl7-org:v3\"/>", codes::XML_NAMESPACE, "Patient");
    refuses(&patient("<active xmlns=\"urn:x\" value=\"true\"/>"), codes::XML_NAMESPACE, "Patient.active");
    refuses(&patient("<text><status value=\"empty\"/><div>a</div></text>"), codes::XML_NAMESPACE, "Patient.text.div");
    let nested = "<text><status value=\"empty\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">a<b xmlns=\"\">b</b></div></text>";
    refuses(&patient(nested), codes::XML_NAMESPACE, "Patient.text.div");
}

#[test]
fn order_and_repeats() {
    refuses(&patient("<birthDate value=\"1974\"/><active value=\"true\"/>"), codes::XML_ORDER, "Patient");
    refuses(&patient("<active value=\"true\"/><active value=\"true\"/>"), codes::XML_REPEATED, "Patient");
    refuses(&patient("<deceasedBoolean value=\"true\"/><deceasedDateTime value=\"1974\"/>"), codes::XML_REPEATED, "Patient");
    let interleaved = "<name><text value=\"a\"/></name><gender value=\"male\"/><name><text value=\"b\"/></name>";
    refuses(&patient(interleaved), codes::XML_ORDER, "Patient");
}

#[test]
fn empty_elements() {
    refuses(&patient("<active/>"), codes::XML_EMPTY, "Patient.active");
    refuses(&patient("<name><given value=\"a\"/><given/></name>"), codes::XML_EMPTY, "Patient.name[0].given[1]");
    refuses(&patient("<name></name>"), codes::XML_EMPTY, "Patient.name[0]");
}

#[test]
fn something_else_than_a_resource() {
    refuses("<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><id/></ClinicalDocument>", codes::XML_NO_RESOURCE, "");
    refuses("<HumanName xmlns=\"http://hl7.org/fhir\"/>", codes::XML_NO_RESOURCE, "");
    refuses(&patient("<contained/>"), codes::XML_NO_RESOURCE, "Patient.contained[0]");
    refuses(&patient("<contained><Basic/><Basic/></contained>"), codes::XML_NO_RESOURCE, "Patient.contained[0]");
    refuses(&patient("<contained><DomainResource/></contained>"), codes::XML_NO_RESOURCE, "Patient.contained[0]");
}

#[test]
fn all_problems_are_reported_at_once_with_their_lines() {
    let text = patient("\n<nmae/>\n<active value=\"true\" x=\"y\"/>\nz\n<birthDate/>");
    let issues = xml::parse(text.as_bytes()).expect_err("the text has four problems");
    let numbers: Vec<u16> = issues.iter().map(|issue| issue.number).collect();
    assert_eq!(numbers, [codes::XML_UNKNOWN_ELEMENT, codes::XML_UNKNOWN_ATTRIBUTE, codes::XML_TEXT, codes::XML_EMPTY]);
    for (issue, line) in issues.iter().zip(["(line 2)", "(line 3)", "(line 3)", "(line 5)"]) {
        assert!(issue.diagnostics.ends_with(line), "{issue}");
    }
    let many = refused(&patient(&"<nmae/>".repeat(1000)));
    assert_eq!((many.len(), many.last().map(|(number, _)| *number)), (101, Some(codes::MORE_ISSUES)));
}
