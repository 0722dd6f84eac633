//! The canonical form, by the examples of the recommendations. (npm's `xml-crypto` signs the same way: `tests/clients/outside`.)

use saml::xml::{Document, Place, parse};

fn first(document: &Document) -> Place {
    document.children(document.root()).next().expect("a child")
}

fn of_first(text: &str, inclusive: &[&str]) -> String {
    let document = parse(text.as_bytes()).expect("XML");
    document.canonical(first(&document), None, inclusive)
}

#[test]
fn namespaces_are_written_where_they_are_used() {
    // Exclusive XML Canonicalization 1.0, section 2.2: the same element in two places.
    let expected =
        "<n1:elem2 xmlns:n1=\"http://example.net\" xml:lang=\"en\">\n  <n3:stuff xmlns:n3=\"ftp://example.org\"></n3:stuff>\n</n1:elem2>";
    for around in [
        "<n0:pdu xmlns:n0='http://a.example'>",
        "<n2:pdu xmlns:n1='http://example.com' xmlns:n2='http://foo.example' xml:lang='fr' xml:space='retain'>",
    ] {
        let inner = "<n1:elem2 xmlns:n1=\"http://example.net\" xml:lang=\"en\">\n  <n3:stuff xmlns:n3=\"ftp://example.org\"/>\n</n1:elem2>";
        let end = &around[1..7];
        assert_eq!(of_first(&format!("{around}{inner}</{end}>"), &[]), expected);
    }
    assert_eq!(
        of_first("<a xmlns:x='u:x' xmlns:y='u:y'><x:b><x:c y:d=''/></x:b></a>", &[]),
        "<x:b xmlns:x=\"u:x\"><x:c xmlns:y=\"u:y\" y:d=\"\"></x:c></x:b>"
    );
    assert_eq!(of_first("<a xmlns='u:a'><b xmlns=''><c xmlns='u:a'/></b></a>", &[]), "<b><c xmlns=\"u:a\"></c></b>");
    assert_eq!(of_first("<a><b xmlns='u:b'><c xmlns=''/></b></a>", &[]), "<b xmlns=\"u:b\"><c xmlns=\"\"></c></b>");
}

#[test]
fn prefixes_that_are_listed_are_written_although_nobody_uses_them() {
    let text = "<a xmlns:xs='u:xs' xmlns='u:a' xmlns:z='u:z'><b type='xs:string'><c/></b></a>";
    assert_eq!(of_first(text, &["xs", "gone"]), "<b xmlns=\"u:a\" xmlns:xs=\"u:xs\" type=\"xs:string\"><c></c></b>");
    assert_eq!(of_first(text, &[]), "<b xmlns=\"u:a\" type=\"xs:string\"><c></c></b>");
}

#[test]
fn attributes_have_an_order_and_letters_a_spelling() {
    // Canonical XML 1.0, sections 3.3 and 3.4, in the exclusive form.
    let sorted =
        of_first("<r xmlns:a='http://www.w3.org' xmlns:b='http://www.ietf.org'><e b:attr='1' a:attr='2' z='3' attr='4'/></r>", &[]);
    assert_eq!(
        sorted,
        "<e xmlns:a=\"http://www.w3.org\" xmlns:b=\"http://www.ietf.org\" attr=\"4\" z=\"3\" b:attr=\"1\" a:attr=\"2\"></e>"
    );
    let spelled =
        of_first("<r><e a='&lt;&amp;&quot;&apos;&#9;&#xA;&#13; \t\n'>&lt;&gt;&amp;\"'&#13;\r\n<![CDATA[<&>]]>&#x20AC;</e></r>", &[]);
    assert_eq!(spelled, "<e a=\"&lt;&amp;&quot;'&#x9;&#xA;&#xD;   \">&lt;&gt;&amp;\"'&#xD;\n&lt;&amp;&gt;€</e>");
}

#[test]
fn what_is_left_out_is_left_out_with_all_in_it() {
    let document = parse(b"<r><e>a<x><y/></x>b</e></r>").expect("XML");
    let element = first(&document);
    let inner = document.children(element).next().expect("a child");
    assert_eq!(document.canonical(element, Some(inner), &[]), "<e>ab</e>");
}
