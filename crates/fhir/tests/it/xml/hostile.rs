//! Text that is broken, or made to break a reader: an error each time, never a panic.

use fhir::json::Limits;
use fhir::{codes, xml};

use super::{patient, refused};

#[track_caller]
fn refuses(text: &str, number: u16) {
    let issues = refused(text);
    assert_eq!(issues.last().map(|(number, _)| *number), Some(number), "{text:.200}");
}

#[test]
fn document_types_entities_and_processing_instructions() {
    let laughs = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;&lol;&lol;&lol;&lol;\">]>";
    refuses(&format!("{laughs}{}", patient("<active value=\"&lol2;\"/>")), codes::XML_FORBIDDEN_MARKUP);
    refuses(&format!("<!DOCTYPE Patient SYSTEM \"file:///etc/passwd\">{}", patient("")), codes::XML_FORBIDDEN_MARKUP);
    refuses(&patient("<active value=\"&xxe;\"/>"), codes::XML_FORBIDDEN_MARKUP);
    refuses(
        &patient("<text><status value=\"empty\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">&nbsp;</div></text>"),
        codes::XML_FORBIDDEN_MARKUP,
    );
    refuses(&patient("<?php echo 1 ?>"), codes::XML_FORBIDDEN_MARKUP);
    refuses(&format!("<?xml-stylesheet href=\"a\"?>{}", patient("")), codes::XML_FORBIDDEN_MARKUP);
    refuses(&format!("\n<?xml version=\"1.0\"?>{}", patient("")), codes::XML_FORBIDDEN_MARKUP);
}

#[test]
fn other_encodings() {
    refuses(&format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>{}", patient("")), codes::XML_ENCODING);
    refuses(&format!("<?xml version=\"1.1\"?>{}", patient("")), codes::XML_MALFORMED);
    let utf16: Vec<u8> = patient("").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(xml::parse(&utf16).is_err());
    let issues =
        xml::parse(b"<Patient xmlns=\"http://hl7.org/fhir\"><language value=\"\xE9\"/></Patient>").expect_err("Latin-1 is refused");
    assert_eq!(issues[0].number, codes::XML_ENCODING);
    assert!(issues[0].diagnostics.contains("line 1, column 55"), "{}", issues[0].diagnostics);
}

#[test]
fn markup_that_is_not_well_formed() {
    let broken = [
        "",
        " ",
        "Patient",
        "<",
        "<>",
        "</Patient>",
        "< Patient/>",
        "<1/>",
        "<!-- a",
        "<!-- a -- b --><A/>",
        "<!--->",
        "<![CDATA[x]]>",
        "<A></B>",
        "<A><B></A></B>",
        "<A/><B/>",
        "<A/>x",
        "x<A/>",
        "<A",
        "<A b>",
        "<A b=>",
        "<A b=c/>",
        "<A b=\"c/>",
        "<A b=\"<\"/>",
        "<A b=\"1\"c=\"2\"/>",
        "<A b=\"1\" b=\"2\"/>",
        "<A xmlns:x=\"u\" xmlns:y=\"u\" x:b=\"1\" y:b=\"2\"/>",
        "<x:A/>",
        "<A x:b=\"1\"/>",
        "<A xmlns:x=\"\"/>",
        "<A xmlns=\"a\" xmlns=\"b\"/>",
        "<A xmlns:xml=\"a\"/>",
        "<:A/>",
        "<a:b:c xmlns:a=\"u\"/>",
        "<A>&</A>",
        "<A>&amp</A>",
        "<A>&#0;</A>",
        "<A>&#xD800;</A>",
        "<A>&#xFFFFFFFFFF;</A>",
        "<A>&#;</A>",
        "<A>&#x;</A>",
        "<A>&#-1;</A>",
        "<A>]]></A>",
        "<A b=\"&\"/>",
        "<A>\u{1}</A>",
        "<A>\u{FFFF}</A>",
        "<A b=\"\u{FFFE}\"/>",
        "<?xml?><A/>",
        "<?xml version=\"1.0\"",
        "<A><![CDATA[x]]</A>",
        "<A/ >",
        "<A / b=\"c\">",
        "<A></A",
        "<A></ A>",
        "<A></A b=\"c\">",
    ];
    for text in broken {
        let numbers = refused(text);
        assert!(numbers.iter().any(|(number, _)| (200..=203).contains(number)), "{text}: {numbers:?}");
    }
}

#[test]
fn nesting_beyond_the_limit() {
    for open in ["<contained><Basic>", "<extension url=\"a\">", "<x>"] {
        refuses(&patient(&open.repeat(10_000)), codes::XML_LIMIT);
    }
    let narrative = format!("<text><div xmlns=\"http://www.w3.org/1999/xhtml\">{}", "<b>".repeat(100_000));
    refuses(&patient(&narrative), codes::XML_LIMIT);
}

#[test]
fn depth_is_that_of_the_json() {
    let nested = |levels: usize| {
        let (open, close) = ("<extension url=\"a\">".repeat(levels), "</extension>".repeat(levels));
        patient(&format!("{open}<valueCode value=\"b\"/>{close}"))
    };
    let limits = Limits { depth: 21, ..Limits::default() };
    let value = xml::parse_with(nested(10).as_bytes(), limits).expect("the resource, and ten arrays with an object each");
    let text = fhir::json::to_string(&value);
    assert!(fhir::json::parse_with(text.as_bytes(), limits).is_ok());
    assert!(fhir::json::parse_with(text.as_bytes(), Limits { depth: 20, ..limits }).is_err());
    assert!(xml::parse_with(nested(10).as_bytes(), Limits { depth: 20, ..limits }).is_err());
    assert!(xml::parse_with(nested(11).as_bytes(), limits).is_err());
}

#[test]
fn too_many_elements_attributes_and_namespaces() {
    let names = "<name><text value=\"a\"/></name>".repeat(10);
    assert!(xml::parse_with(patient(&names).as_bytes(), Limits { values: 20, ..Limits::default() }).is_ok());
    assert!(xml::parse_with(patient(&names).as_bytes(), Limits { values: 19, ..Limits::default() }).is_err());
    let attributes: String = (0..100_000).map(|number| format!(" a{number}=\"\"")).collect();
    refuses(&format!("<Patient{attributes}/>"), codes::XML_LIMIT);
    let namespaces: String = (0..40).map(|number| format!(" xmlns:a{number}=\"u\"")).collect();
    refuses(&format!("<Patient{namespaces}><b{namespaces}/></Patient>"), codes::XML_LIMIT);
}

#[test]
fn truncated_and_damaged_at_every_byte() {
    let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Patient xmlns=\"http://hl7.org/fhir\"><!-- é --><text><status value=\"generated\"/>\
        <div xmlns=\"http://www.w3.org/1999/xhtml\">a &lt; <b title='&#233;'>é</b><![CDATA[x]]></div></text>\
        <name id=\"n\"><given value=\"&amp;ä\"><extension url=\"u\"><valueDecimal value=\"1.0\"/></extension></given></name></Patient>";
    xml::parse(text.as_bytes()).expect("the whole text can be read");
    for end in 0..text.len() {
        assert!(xml::parse(&text.as_bytes()[..end]).is_err(), "cut at {end}");
    }
    for at in 0..text.len() {
        for byte in [b'<', b'>', b'"', b'&', b'/', b':', b' ', b'\0', 0x80, 0xFF] {
            let mut damaged = text.as_bytes().to_vec();
            damaged[at] = byte;
            let _ = xml::parse(&damaged);
            damaged.remove(at);
            let _ = xml::parse(&damaged);
        }
    }
}
