//! XML as a tree.

use fhir::json::Limits;
use fhir::xml::tree::{Node, parse, parse_with, to_string};

#[test]
fn keeps_what_is_in_a_document() {
    let text = r#"<?xml version="1.0"?><!-- before --><p:doc xmlns:p="urn:a" xmlns="urn:b" id="1" p:id="2 &lt; 3" xml:lang="de"><a>one<![CDATA[ & two]]> &amp; three</a><!-- c --><?pi x?><b xmlns=""/></p:doc>"#;
    let root = parse(text.as_bytes()).expect("it is well-formed");
    assert_eq!((&*root.namespace, &*root.name, root.attribute("id")), ("urn:a", "doc", Some("1")));
    assert_eq!(
        root.attributes.iter().map(|attribute| (&*attribute.namespace, &*attribute.value)).collect::<Vec<_>>()[1],
        ("urn:a", "2 < 3")
    );
    assert_eq!(root.declared.len(), 2);
    let [Node::Element(first), Node::Comment(comment), Node::Instruction(instruction), Node::Element(last)] = &root.children[..] else {
        panic!("{root:?}");
    };
    assert_eq!((&*first.namespace, first.text().as_str(), first.children.len()), ("urn:b", "one & two & three", 1));
    assert_eq!((&**comment, &**instruction, &*last.namespace), (" c ", "pi x", ""));
}

#[test]
fn writes_what_reads_the_same() {
    for text in [
        "<a/>",
        "<a xmlns=\"urn:a\"><b xmlns=\"\">x</b><c>y</c></a>",
        "<p:a xmlns:p=\"urn:a\" p:x=\"&quot;1&quot;\" y=\"&#10;\"><p:b>&lt;&amp;&gt;&#13;</p:b></p:a>",
        "<a xml:space=\"preserve\"> <!-- - --> <?x y?></a>",
    ] {
        let root = parse(text.as_bytes()).expect("it is well-formed");
        let mut again = parse(to_string(&root).expect("it can be written").as_bytes()).expect("what was written is well-formed");
        let mut root = root;
        // Prefixes are written anew.
        for element in [&mut root, &mut again] {
            forget_declarations(element);
        }
        assert_eq!(root, again, "{text}");
    }
}

fn forget_declarations(element: &mut fhir::xml::tree::Element) {
    element.declared.clear();
    for child in &mut element.children {
        if let Node::Element(child) = child {
            forget_declarations(child);
        }
    }
}

#[test]
fn refuses_what_could_expand_or_go_too_far() {
    for (text, number) in [
        ("<!DOCTYPE a><a/>", 201),
        ("<a>&nbsp;</a>", 201),
        ("<a>&#0;</a>", 200),
        ("<a><b></a>", 200),
        ("<a/><b/>", 200),
        ("", 200),
        ("<a><?x</a>", 200),
        ("<p:a/>", 200),
        ("<?xml version=\"1.0\" encoding=\"latin1\"?><a/>", 203),
    ] {
        assert_eq!(parse(text.as_bytes()).expect_err(text).number, number, "{text}");
    }
    assert_eq!(parse(b"<a>\xFF</a>").expect_err("it is not UTF-8").number, 203);
    let deep = format!("{}{}", "<a>".repeat(129), "</a>".repeat(129));
    assert_eq!(parse(deep.as_bytes()).expect_err("it is too deep").number, 202);
    let limits = Limits { values: 10, ..Limits::default() };
    assert_eq!(parse_with(format!("<a>{}</a>", "<b/>".repeat(10)).as_bytes(), limits).expect_err("it is too large").number, 202);
}
