//! From the tree to text.

use super::{Attribute, Element, Node};
use crate::xml::write::escape;

const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

/// The document with this root, without an XML declaration. Elements are written without prefixes, their namespaces declared where they
/// change. The error says which character XML cannot carry; `parse` hands on none.
pub fn to_string(root: &Element) -> Result<String, String> {
    let mut out = String::with_capacity(4096);
    element(root, "", &mut out)?;
    Ok(out)
}

// The depth is bounded by that of the reader.
fn element(element: &Element, outer_namespace: &str, out: &mut String) -> Result<(), String> {
    out.push('<');
    out.push_str(&element.name);
    if *element.namespace != *outer_namespace {
        out.push_str(" xmlns=\"");
        escape(&element.namespace, out)?;
        out.push('"');
    }
    for (index, attribute) in element.attributes.iter().enumerate() {
        write_attribute(index, attribute, out)?;
    }
    if element.children.is_empty() {
        out.push_str("/>");
        return Ok(());
    }
    out.push('>');
    for child in &element.children {
        match child {
            Node::Element(child) => self::element(child, &element.namespace, out)?,
            Node::Text(text) => write_text(text, out),
            Node::Comment(text) => out.extend(["<!--", text, "-->"]),
            Node::Instruction(text) => out.extend(["<?", text, "?>"]),
        }
    }
    out.extend(["</", &element.name, ">"]);
    Ok(())
}

fn write_attribute(index: usize, attribute: &Attribute, out: &mut String) -> Result<(), String> {
    out.push(' ');
    match &*attribute.namespace {
        "" => {}
        XML_NAMESPACE => out.push_str("xml:"),
        namespace => {
            // Any prefix does, as long as no other attribute of the tag has it.
            out.push_str(&format!("xmlns:n{index}=\""));
            escape(namespace, out)?;
            out.push_str(&format!("\" n{index}:"));
        }
    }
    out.extend([&attribute.name, "=\""]);
    escape(&attribute.value, out)?;
    out.push('"');
    Ok(())
}

fn write_text(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            other => out.push(other),
        }
    }
}
