//! The tabular list: chapters hold blocks, blocks hold categories, and codes hold codes.
//!
//! A category may define seventh characters, for itself and everything below that does not define its own. A code at the end of the tree then
//! stands for one code for each of them, filled up to six characters with `X`.

mod exception;

use std::collections::HashSet;
use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::super::Load;
use crate::source::LineCounter;
use crate::{Failure, NewDesignation};

use exception::Exception;

/// Elements stand in elements at most so deep.
const MAX_DEPTH: usize = 64;

/// Reads the list; the codes that it has go into `known`.
pub(super) fn read(load: &mut Load<'_>, reader: &mut dyn BufRead, file: &str, known: &mut HashSet<String>) -> Result<(), Failure> {
    let billable = super::declare_billable(load)?;
    let mut xml = Reader::from_reader(LineCounter::new(reader));
    let mut list = List { load, known, billable, file, open: Vec::new(), elements: Vec::new(), text: String::new(), character: None };
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let handled = match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(start)) => list.start(&start),
            Ok(Event::End(_)) => list.end(),
            Ok(Event::Text(text)) => {
                list.text.push_str(&text.xml10_content());
                Ok(())
            }
            Ok(Event::GeneralRef(reference)) => list.reference(&reference),
            Ok(Event::DocType(_)) => Err(Wrong::Rule("a document type is not read".into())),
            Ok(Event::Eof) if list.elements.is_empty() => return Ok(()),
            Ok(Event::Eof) => Err(Wrong::Rule("the file ends before its elements do".into())),
            Ok(_) => Ok(()),
            Err(error) => Err(Wrong::Rule(error.to_string())),
        };
        handled.map_err(|wrong| match wrong {
            Wrong::Rule(rule) => Failure::malformed(file, xml.get_ref().lines(), rule),
            Wrong::Failure(failure) => failure,
        })?;
    }
}

/// What goes wrong: a rule of the format, to which the line is added, or something else.
enum Wrong {
    Rule(String),
    Failure(Failure),
}

impl From<Failure> for Wrong {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// A chapter, block or code whose element has not ended.
#[derive(Default)]
struct Open {
    code: String,
    description: String,
    names: Vec<String>,
    /// The seventh characters that it defines, with their meaning.
    seventh: Vec<(String, String)>,
    /// Seventh characters that some codes below do not have.
    exceptions: Vec<Exception>,
    has_codes: bool,
    is_code: bool,
}

struct List<'a, 'b> {
    load: &'a mut Load<'b>,
    known: &'a mut HashSet<String>,
    billable: usize,
    file: &'a str,
    open: Vec<Open>,
    elements: Vec<String>,
    text: String,
    character: Option<String>,
}

impl List<'_, '_> {
    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), Wrong> {
        let name = start.name().as_ref().to_owned();
        self.text.clear();
        match name.as_str() {
            "chapter" => self.open.push(Open::default()),
            "section" => self.open.push(Open { code: attribute(start, "id")?, ..Open::default() }),
            "diag" => {
                if let Some(above) = self.open.last_mut() {
                    above.has_codes = true;
                }
                self.open.push(Open { is_code: true, ..Open::default() });
            }
            "extension" => self.character = Some(attribute(start, "char")?),
            _ => {}
        }
        self.elements.push(name);
        if self.elements.len() > MAX_DEPTH {
            return Err(Wrong::Rule(format!("elements stand in elements at most {MAX_DEPTH} deep")));
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Wrong> {
        let name = self.elements.pop().unwrap_or_default();
        let text = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.text.clear();
        let inside = self.elements.last().map_or("", String::as_str);
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        match (inside, name.as_str()) {
            ("chapter" | "diag", "name") => open.code = text,
            ("chapter" | "section" | "diag", "desc") => open.description = text,
            ("inclusionTerm", "note") => open.names.push(text),
            ("sevenChrNote" | "notes", "note") => open.exceptions.extend(Exception::parse(&text)),
            ("sevenChrDef", "extension") => open.seventh.push((self.character.take().unwrap_or_default(), text)),
            (_, "chapter" | "section" | "diag") => self.close()?,
            _ => {}
        }
        Ok(())
    }

    /// Tells the facts of the innermost chapter, block or code.
    fn close(&mut self) -> Result<(), Wrong> {
        let Some(done) = self.open.pop() else { return Ok(()) };
        self.load.count(self.file);
        if done.code.is_empty() {
            return Err(Wrong::Rule("a chapter or code has a <name> before it ends".into()));
        }
        // A block of one category only has the category's code: it is the category.
        if !done.is_code && done.code.len() == 3 && !self.open.is_empty() {
            return Ok(());
        }
        let writer = &mut *self.load.writer;
        writer.concept(&done.code)?;
        writer.designation(&done.code, &NewDesignation::display(&done.description))?;
        for name in &done.names {
            writer.designation(&done.code, &NewDesignation::other(name, None))?;
        }
        if let Some(above) = self.open.iter().rev().find(|above| above.is_code || above.code.len() != 3) {
            writer.parent(&done.code, &above.code)?;
        }
        if !done.is_code {
            writer.not_selectable(&done.code)?;
        }
        self.known.insert(done.code.clone());
        let seventh = [&done].into_iter().chain(self.open.iter().rev()).map(|open| &open.seventh).find(|seventh| !seventh.is_empty());
        let is_end = done.is_code && !done.has_codes;
        let stands_for = if is_end && done.code.len() < 8 { seventh.map_or(&[][..], Vec::as_slice) } else { &[] };
        if done.is_code {
            writer.value(&done.code, self.billable, if is_end && stands_for.is_empty() { "true" } else { "false" })?;
        }
        for (character, meaning) in stands_for {
            // Six characters and the point.
            let code = format!("{:X<7}{character}", if done.code.len() == 3 { format!("{}.", done.code) } else { done.code.clone() });
            if [&done].into_iter().chain(&self.open).flat_map(|open| &open.exceptions).any(|exception| exception.is_about(&code)) {
                continue;
            }
            writer.concept(&code)?;
            writer.designation(&code, &NewDesignation::display(&format!("{}, {meaning}", done.description)))?;
            for name in &done.names {
                writer.designation(&code, &NewDesignation::other(&format!("{name}, {meaning}"), None))?;
            }
            writer.parent(&code, &done.code)?;
            writer.value(&code, self.billable, "true")?;
            self.known.insert(code);
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), Wrong> {
        let character = match reference.xml10_content().as_ref() {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => reference.resolve_char_ref().map_err(|error| Wrong::Rule(error.to_string()))?,
        };
        self.text.push(character.ok_or_else(|| Wrong::Rule("only XML's own five entities are known".into()))?);
        Ok(())
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Result<String, Wrong> {
    let missing = || Wrong::Rule(format!("the element has no attribute {name}"));
    let found = start.attributes().filter_map(Result::ok).find(|attribute| attribute.key.as_ref() == name);
    found.map(|attribute| attribute.value.to_string()).ok_or_else(missing)
}
