//! Which XHTML a narrative may have.

use fhir::{Severity, Value, codes, json, narrative};

use crate::shared_data;

/// A narrative with this content.
fn div(content: &str) -> String {
    format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{content}</div>")
}

#[track_caller]
fn allows(text: &str) {
    assert_eq!(narrative::problems(text), Vec::<String>::new(), "{text}");
}

#[track_caller]
fn refuses(text: &str, number: u16) {
    let issues = narrative::check(text, "Patient.text.div");
    let numbers: Vec<u16> = issues.iter().map(|issue| issue.number).collect();
    assert_eq!(numbers, [number], "{text:.200}: {issues:?}");
    assert_eq!(issues[0].expression, "Patient.text.div");
}

#[test]
fn simple_text_is_allowed() {
    allows(&div("a"));
    allows(&format!("\n  {}\n", div("a")));
    allows("<div xmlns='http://www.w3.org/1999/xhtml' xml:lang='en' lang='en' id='x'><p style='color: red'>a<br/></p></div>");
    allows("<h:div xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:p>a</h:p></h:div>");
    allows(&div("<!-- a --><table class=\"grid\"><tr><td colspan=\"2\">&lt;&#160;<![CDATA[ & ]]></td></tr></table>"));
    allows(&div("<a href=\"#a\">a</a><a name=\"b\">b</a><a href=\"Patient/1?a=b:c\">c</a><a href=\"https://x.org/a\">d</a>"));
    allows(&div("<img src=\"data:image/png;base64,AA==\" alt=\"a\"/>"));
    allows(&div("<img src=\"#a\"/>"));
    allows(&div("<a href=\" https://x.org/a \">a</a>"));
    allows(&div("<span style=\"background: url(#a)\">a</span>"));
}

#[test]
fn elements_that_are_more_than_text_are_refused() {
    for name in [
        "script", "iframe", "object", "embed", "link", "form", "input", "button", "base", "meta", "style", "svg", "video", "body", "font",
        "P",
    ] {
        refuses(&div(&format!("a<{name}/>")), codes::NARRATIVE_ELEMENT);
    }
}

#[test]
fn attributes_that_run_something_are_refused() {
    for attribute in ["onclick", "onload", "ONCLICK", "action", "background", "srcdoc", "target", "data-x", "xml:base"] {
        refuses(&div(&format!("<p {attribute}=\"x\">a</p>")), codes::NARRATIVE_ATTRIBUTE);
    }
    refuses(&div("<p xmlns:x=\"u\" x:href=\"a\">a</p>"), codes::NARRATIVE_ATTRIBUTE);
}

#[test]
fn addresses_that_run_something_are_refused() {
    let addresses = [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java&#10;script:alert(1)",
        "java&#x9;script:a",
        "&#106;avascript:a",
        "vbscript:a",
        "data:text/html,a",
        "file:///etc/passwd",
        "blob:a",
        "\u{1680}javascript:a",
        "x:y",
    ];
    for address in addresses {
        refuses(&div(&format!("<a href=\"{address}\">a</a>")), codes::NARRATIVE_ADDRESS);
        refuses(&div(&format!("<img src=\"{address}\"/>")), codes::NARRATIVE_ADDRESS);
        refuses(&div(&format!("<q cite=\"{address}\">a</q>")), codes::NARRATIVE_ADDRESS);
    }
    refuses(&div("<a href=\"data:image/png;base64,AA==\">a</a>"), codes::NARRATIVE_ADDRESS);
    refuses(&div("<img src=\"data:text/html,a\"/>"), codes::NARRATIVE_ADDRESS);
}

#[test]
fn styles_that_load_something_are_refused() {
    let styles = [
        "background: url(http://x.org/a.png)",
        "background:URL( 'https://x' )",
        "width: expression(alert(1))",
        "a: java/**/script:b",
        "background: u\\72l(http://x)",
        "@import 'a'",
        "behavior: url(#a)",
        "-moz-binding: a",
        "background: url(&quot;//x&quot;)",
    ];
    for style in styles {
        refuses(&div(&format!("<p style=\"{style}\">a</p>")), codes::NARRATIVE_ADDRESS);
    }
}

#[test]
fn empty_narratives_are_refused() {
    for content in ["", " \n", "<p> </p>", "<!-- a -->", "&#32;&#x9;", "<br/>", "<img alt=\"a\"/>"] {
        refuses(&div(content), codes::NARRATIVE_EMPTY);
        assert_eq!(narrative::check(&div(content), "")[0].severity, Severity::Error);
    }
}

#[test]
fn other_forms_are_refused() {
    let malformed = [
        "",
        "a",
        "&lt;div/>",
        "<div",
        "<div xmlns=\"http://www.w3.org/1999/xhtml\">a",
        "<!DOCTYPE div><div xmlns=\"http://www.w3.org/1999/xhtml\">a</div>",
        "<?xml version=\"1.0\"?><div xmlns=\"http://www.w3.org/1999/xhtml\">a</div>",
        "<div>a</div>",
        "<div xmlns=\"http://hl7.org/fhir\">a</div>",
        "<p xmlns=\"http://www.w3.org/1999/xhtml\">a</p>",
    ];
    for text in malformed {
        refuses(text, codes::NARRATIVE_MALFORMED);
    }
    for content in ["&nbsp;", "&copy;", "a & b", "<p>a", "<b><i>a</b></i>", "<p a=b>a</p>", "a<?php ?>", "<p xmlns=\"\">a</p>", "<br>a"] {
        refuses(&div(content), codes::NARRATIVE_MALFORMED);
    }
    refuses(&format!("{}<!-- a -->", div("a")), codes::NARRATIVE_MALFORMED);
    refuses(&format!("{0}{0}", div("a")), codes::NARRATIVE_MALFORMED);
    refuses(&div(&"<b>".repeat(10_000)), codes::NARRATIVE_MALFORMED);
}

#[test]
fn problems_come_together_with_their_lines() {
    let problems = narrative::problems(&div("a\n<script>b</script>\n<p onclick='c'>d</p>"));
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].contains("<script>") && problems[0].ends_with("(line 2 of the narrative)"), "{problems:?}");
    assert!(problems[1].contains("'onclick'") && problems[1].ends_with("(line 3 of the narrative)"), "{problems:?}");
    assert_eq!(narrative::problems(&div(&"<x/>".repeat(1000))).len(), 21, "twenty, and that it says nothing");
}

#[test]
fn truncated_at_every_byte() {
    let whole = div("é<b title=\"&#233;\">a</b><!-- c --><![CDATA[d]]>&amp;");
    allows(&whole);
    for end in (0..whole.len()).filter(|&end| whole.is_char_boundary(end)) {
        assert!(!narrative::problems(&whole[..end]).is_empty(), "cut at {end}");
    }
}

#[test]
fn official_examples_and_synthea_are_allowed() {
    let Some(data) = shared_data::data() else { return };
    let mut documents = shared_data::official_examples(&data);
    for folder in ["r4-v3-collections", "r4-batch-children", "r4-json-xml-pairs", "r4-uscore-2021"] {
        let files = shared_data::files(&data.join("synthea").join(folder), ".json.gz");
        documents.extend(files.iter().take(5).flat_map(|file| shared_data::read_synthea(&data, file)));
    }
    let (mut count, mut wrong) = (0, Vec::new());
    for document in &documents {
        let value = json::parse(&document.text).unwrap_or_else(|error| panic!("{}: {error}", document.name));
        each_div(&value, &mut |div| {
            count += 1;
            // Two of HL7's examples have one without content (txt-2).
            let issues = narrative::check(div, "").into_iter().filter(|issue| issue.number != codes::NARRATIVE_EMPTY);
            wrong.extend(issues.map(|issue| format!("{}: {issue}", document.name)));
        });
    }
    println!("{count} narratives");
    assert!(count > 500 && wrong.is_empty(), "{wrong:#?}");
}

fn each_div(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| each_div(item, found)),
        Value::Object(object) => {
            for (name, member) in object.iter() {
                match member.as_str() {
                    Some(div) if **name == *"div" => found(div),
                    _ => each_div(member, found),
                }
            }
        }
        _ => {}
    }
}
