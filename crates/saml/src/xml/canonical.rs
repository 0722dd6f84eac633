//! The canonical form of an element (Exclusive XML Canonicalization 1.0, without comments).

use std::collections::BTreeSet;

use super::{Document, Node, Place};

impl Document {
    /// The canonical form of an element, without `leaving_out` and all within it. The namespaces of `inclusive` prefixes (that of the default is empty) are treated as inclusive
    /// canonical form does.
    pub fn canonical(&self, place: Place, leaving_out: Option<Place>, inclusive: &[&str]) -> String {
        let mut out = String::new();
        Writer { document: self, leaving_out, inclusive, out: &mut out }.element(place, &mut Vec::new());
        out
    }
}

struct Writer<'a> {
    document: &'a Document,
    leaving_out: Option<Place>,
    inclusive: &'a [&'a str],
    out: &'a mut String,
}

impl<'a> Writer<'a> {
    /// Writes an element; `rendered` are the namespaces that were written around it, the innermost last.
    fn element(&mut self, place: Place, rendered: &mut Vec<(&'a str, &'a str)>) {
        let before = rendered.len();
        let document = self.document;
        let element = document.element(place);
        let name = |prefix: &str, local: &str| if prefix.is_empty() { local.to_owned() } else { format!("{prefix}:{local}") };
        let tag = name(&element.prefix, &element.local);
        self.out.push('<');
        self.out.push_str(&tag);
        for (prefix, namespace) in self.namespaces(place, rendered) {
            let attribute = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
            self.attribute(&attribute, namespace);
            rendered.push((prefix, namespace));
        }
        let mut attributes: Vec<_> = element.attributes.iter().collect();
        attributes.sort_by(|one, other| (&one.namespace, &one.local).cmp(&(&other.namespace, &other.local)));
        for attribute in attributes {
            self.attribute(&name(&attribute.prefix, &attribute.local), &attribute.value);
        }
        self.out.push('>');
        for node in &element.children {
            match node {
                Node::Element(child) if Some(*child) == self.leaving_out => {}
                Node::Element(child) => self.element(*child, rendered),
                Node::Text(text) => self.text(text),
            }
        }
        self.out.push_str("</");
        self.out.push_str(&tag);
        self.out.push('>');
        rendered.truncate(before);
    }

    /// The namespaces that are to be written at an element, in their order: those that it uses visibly, and the inclusive ones, unless they stand around it already.
    fn namespaces(&self, place: Place, rendered: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let element = self.document.element(place);
        let attributes = element.attributes.iter().map(|attribute| attribute.prefix.as_str()).filter(|prefix| !prefix.is_empty());
        let mut used: BTreeSet<&'a str> = attributes.chain([element.prefix.as_str()]).collect();
        used.extend(self.inclusive);
        // `xml` is never declared.
        used.remove("xml");
        let around = |prefix: &str| rendered.iter().rfind(|(known, _)| *known == prefix).map(|(_, namespace)| *namespace);
        let due = used.into_iter().filter_map(|prefix| {
            let namespace = self.document.namespace_of(Some(place), prefix)?;
            let known = around(prefix).or((prefix.is_empty()).then_some(""));
            (known != Some(namespace)).then_some((prefix, namespace))
        });
        due.collect()
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        for sign in value.chars() {
            match sign {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '"' => self.out.push_str("&quot;"),
                '\t' => self.out.push_str("&#x9;"),
                '\n' => self.out.push_str("&#xA;"),
                '\r' => self.out.push_str("&#xD;"),
                _ => self.out.push(sign),
            }
        }
        self.out.push('"');
    }

    fn text(&mut self, text: &str) {
        for sign in text.chars() {
            match sign {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '\r' => self.out.push_str("&#xD;"),
                _ => self.out.push(sign),
            }
        }
    }
}
