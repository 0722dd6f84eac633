//! The reader: strict, and bounded.

use saml::xml::parse;

#[test]
fn what_is_no_well_formed_xml_is_refused() {
    for text in [
        "",
        " ",
        "a",
        "<a>",
        "</a>",
        "<a></b>",
        "<a/><b/>",
        "<a/>x",
        "x<a/>",
        "<a b></a>",
        "<a b=c/>",
        "<a b='c\"/>",
        "<a b='<'/>",
        "<a b='1' b='2'/>",
        "<a xmlns:x='u' xmlns:y='u' x:b='1' y:b='2'/>",
        "<x:a/>",
        "<a x:b=''/>",
        "<a xmlns:x=''/>",
        "<a xmlns:xml='u'/>",
        "<a xmlns:xmlns='u'/>",
        "<a xmlns:x='http://www.w3.org/XML/1998/namespace'/>",
        "<a xmlns:x='u' xmlns:x='u'/>",
        "<a b='1'c='2'/>",
        "<1/>",
        "<a:b:c xmlns:a='u'/>",
        "<:a/>",
        "<a:/>",
        "<a>&</a>",
        "<a>&amp</a>",
        "<a>&x;</a>",
        "<a>&#0;</a>",
        "<a>&#xD800;</a>",
        "<a>&#x110000;</a>",
        "<a>&#x;</a>",
        "<a>&#+1;</a>",
        "<a>]]></a>",
        "<a>\u{1}</a>",
        "<a><![CDATA[x</a>",
        "<![CDATA[x]]><a/>",
        "<a><!-- -- --></a>",
        "<a><!-- x --->",
        "<!DOCTYPE a><a/>",
        "<a><!ENTITY x 'y'></a>",
        "<?x?><a/>",
        "<a><?x y?></a>",
        " <?xml version='1.0'?><a/>",
        "<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
        "<é/>",
    ] {
        assert!(parse(text.as_bytes()).is_err(), "{text}");
    }
    assert!(parse(b"<a>\xff</a>").is_err());
    for text in [
        "<a/>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a/>\n",
        "\u{feff}<a/>",
        "<!-- x --><a b = 'c'  ></a ><!-- y -->",
        "<a>é&#233;</a>",
    ] {
        assert!(parse(text.as_bytes()).is_ok(), "{text}");
    }
}

#[test]
fn what_is_too_much_is_refused() {
    let deep = |levels: usize| format!("{}{}", "<a>".repeat(levels), "</a>".repeat(levels));
    assert!(parse(deep(50).as_bytes()).is_ok());
    assert!(parse(deep(51).as_bytes()).is_err());
    assert!(parse(format!("<a>{}</a>", "<b/>".repeat(19_999)).as_bytes()).is_ok());
    assert!(parse(format!("<a>{}</a>", "<b/>".repeat(20_000)).as_bytes()).is_err());
    let attributes = |count: usize| (0..count).map(|number| format!(" a{number}=''")).collect::<String>();
    assert!(parse(format!("<a{}/>", attributes(100)).as_bytes()).is_ok());
    assert!(parse(format!("<a{}/>", attributes(101)).as_bytes()).is_err());
    assert!(parse(format!("<a>{}</a>", " ".repeat(1 << 20)).as_bytes()).is_err());
}

#[test]
fn a_broken_document_never_stops_the_reader() {
    let text = "<?xml version='1.0'?><a xmlns:x='u' x:b='&#65;'><!-- c --><x:d><![CDATA[e]]>&lt;</x:d></a>".as_bytes();
    for at in 0..text.len() {
        let _ = parse(&text[..at]).map(drop);
        for byte in [b'<', b'>', b'&', b'"', b'\'', b':', b'!', 0xc3, b' '] {
            let mut broken = text.to_vec();
            broken[at] = byte;
            let _ = parse(&broken).map(|document| document.canonical(document.root(), None, &[]));
        }
    }
}
