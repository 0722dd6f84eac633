//! Which XHTML a narrative may have (<http://hl7.org/fhir/R4/narrative.html>, invariants txt-1 and txt-2).

mod address;
mod allowed;

use crate::codes;
use crate::outcome::{Issue, IssueCode};
use crate::position::line_and_column;
use crate::xml::XHTML_NAMESPACE;
use crate::xml::markup::{Attribute, Markup, Piece, Tag, is_space};

/// How deep a narrative's elements may be nested.
const MAX_DEPTH: usize = 128;
/// How many problems of one narrative are reported.
const MAX_ISSUES: usize = 20;

/// All that is wrong with the XHTML of a `Narrative.div`, up to 20 issues, each about the element at `expression` and
/// with the line within the narrative; nothing when it is as FHIR allows.
///
/// It must be one well-formed `div` in XHTML's namespace, without DOCTYPE, processing instructions and HTML's own
/// entities (`&nbsp;`), with no elements and attributes but the simple ones of txt-1: no scripts, forms, frames, objects
/// or event handlers. Addresses must not run code, images may be data, styles must not load anything. It must say
/// something, text or an image (txt-2). All issues are errors.
pub fn check(div: &str, expression: &str) -> Vec<Issue> {
    let text = div.trim_matches(is_space);
    let mut checker = Checker { text, expression, issues: Vec::new(), says_something: false };
    let read = checker.read();
    if let Err(fault) = read {
        let message = format!("the narrative must be well-formed XHTML: {}", fault.message(text.as_bytes()));
        checker.issues.push(Issue::error(codes::NARRATIVE_MALFORMED, IssueCode::Structure, expression, message));
    } else if !checker.says_something {
        let message = "the narrative is empty: write text into the div, or leave 'text' out";
        checker.issues.push(Issue::error(codes::NARRATIVE_EMPTY, IssueCode::Invariant, expression, message));
    }
    checker.issues
}

/// The same as texts for people: see [`check`].
pub fn problems(div: &str) -> Vec<String> {
    check(div, "").into_iter().map(|issue| issue.diagnostics).collect()
}

struct Checker<'a> {
    text: &'a str,
    expression: &'a str,
    issues: Vec<Issue>,
    says_something: bool,
}

impl Checker<'_> {
    fn read(&mut self) -> Result<(), crate::xml::Fault> {
        let mut markup = Markup::fragment(self.text, MAX_DEPTH)?;
        while let Some(piece) = markup.next()? {
            let span = markup.span();
            match piece {
                Piece::Start(tag) => self.tag(&tag, markup.nesting() == 1, span.start),
                Piece::Text { is_blank: false } => self.says_something |= has_letters(&self.text[span]),
                Piece::Comment if markup.nesting() == 0 => {
                    self.problem(codes::NARRATIVE_MALFORMED, span.start, "a comment must stand inside of the div".to_owned());
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn tag(&mut self, tag: &Tag<'_>, is_root: bool, offset: usize) {
        if tag.namespace != XHTML_NAMESPACE {
            let message = format!("<{}> must be in the namespace {XHTML_NAMESPACE}: declare it in the div with xmlns", shown(tag.name));
            self.problem(codes::NARRATIVE_MALFORMED, offset, message);
        }
        if is_root && tag.name != "div" {
            let message = format!("the narrative must be a <div>, not a <{}>", shown(tag.name));
            self.problem(codes::NARRATIVE_MALFORMED, offset, message);
        } else if !allowed::is_element(tag.name) {
            let message = format!("<{}> is not allowed in a narrative: only text, tables, lists, links and images are", shown(tag.name));
            self.problem(codes::NARRATIVE_ELEMENT, offset, message);
        }
        for attribute in &tag.attributes {
            self.attribute(tag, attribute, offset);
        }
        let is_image = tag.name == "img" && tag.attributes.iter().any(|attribute| attribute.name == "src");
        self.says_something |= is_image;
    }

    fn attribute(&mut self, tag: &Tag<'_>, attribute: &Attribute<'_>, offset: usize) {
        let is_allowed = match attribute.prefix {
            "" => allowed::is_attribute(attribute.name),
            "xml" => matches!(attribute.name, "lang" | "space" | "id"),
            _ => false,
        };
        if !is_allowed {
            let message = format!("the attribute '{}' is not allowed in a narrative: leave it out", shown(attribute.name));
            self.problem(codes::NARRATIVE_ATTRIBUTE, offset, message);
            return;
        }
        let fault = match attribute.name {
            "src" => address::image_fault(&attribute.value),
            "href" | "cite" | "longdesc" => address::link_fault(&attribute.value),
            "style" => address::style_fault(&attribute.value),
            _ => None,
        };
        if let Some(fault) = fault {
            let message = format!("{} of <{}>: {fault}", attribute.name, shown(tag.name));
            self.problem(codes::NARRATIVE_ADDRESS, offset, message);
        }
    }

    fn problem(&mut self, number: u16, offset: usize, message: String) {
        if self.issues.len() < MAX_ISSUES {
            let (line, _) = line_and_column(self.text.as_bytes(), offset);
            let code = if number == codes::NARRATIVE_ADDRESS { IssueCode::Security } else { IssueCode::Invariant };
            self.issues.push(Issue::error(number, code, self.expression, format!("{message} (line {line} of the narrative)")));
        }
    }
}

/// Whether a text that is more than white space is so also when its references are resolved: `&#32;` is a space.
fn has_letters(text: &str) -> bool {
    let spaces = ["&#32;", "&#x20;", "&#9;", "&#x9;", "&#10;", "&#xA;", "&#xa;", "&#13;", "&#xD;", "&#xd;"];
    let is_cdata = text.starts_with("<![CDATA[");
    is_cdata || !spaces.iter().fold(text.to_owned(), |text, space| text.replace(space, " ")).chars().all(is_space)
}

/// A name of markup for a message: what is not short and plain is not repeated.
fn shown(name: &str) -> &str {
    if name.len() <= 20 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') { name } else { "…" }
}
