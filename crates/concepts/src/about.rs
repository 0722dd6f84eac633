//! What a code system says of itself: its address and version, its properties, and the uses of its designations.

use crate::table::varint;

/// What kind of value a property has: `CodeSystem.property.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// The code of a concept of the same code system, or a code of a small closed list.
    Code,
    /// Text.
    String,
    /// A code with its system: see [`crate::Coding`].
    Coding,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A number as it is written.
    Decimal,
    /// A date, with or without a time.
    DateTime,
}

const VALUE_TYPES: [(ValueType, &str); 7] = [
    (ValueType::Code, "code"),
    (ValueType::String, "string"),
    (ValueType::Coding, "Coding"),
    (ValueType::Boolean, "boolean"),
    (ValueType::Integer, "integer"),
    (ValueType::Decimal, "decimal"),
    (ValueType::DateTime, "dateTime"),
];

impl ValueType {
    /// The name that FHIR has for it (<http://hl7.org/fhir/R4/valueset-concept-property-type.html>).
    pub fn name(self) -> &'static str {
        VALUE_TYPES[self as usize].1
    }

    /// The type of this name.
    pub fn named(name: &str) -> Option<Self> {
        VALUE_TYPES.iter().find(|(_, other)| *other == name).map(|(kind, _)| *kind)
    }
}

/// A property that concepts may have: `CodeSystem.property`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// Its code.
    pub code: Box<str>,
    /// Its address, or nothing.
    pub uri: Box<str>,
    /// The type of its values.
    pub kind: ValueType,
}

/// A code with its system. All parts may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coding {
    /// The address of the code system.
    pub system: Box<str>,
    /// The code.
    pub code: Box<str>,
    /// Its display.
    pub display: Box<str>,
}

impl Coding {
    /// A coding.
    pub fn new(system: &str, code: &str, display: &str) -> Self {
        Self { system: system.into(), code: code.into(), display: display.into() }
    }

    /// How it is written as the value of a property of type [`ValueType::Coding`]: system, code and display with tabs between them.
    pub fn to_text(&self) -> String {
        format!("{}\t{}\t{}", self.system, self.code, self.display)
    }

    /// Reads what [`Coding::to_text`] wrote; parts that are not there are empty.
    pub fn from_text(text: &str) -> Self {
        let mut parts = text.splitn(3, '\t');
        let mut next = || parts.next().unwrap_or_default();
        Self::new(next(), next(), next())
    }
}

/// Whether a table has all concepts of its code system: `CodeSystem.content`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Content {
    /// All of them.
    #[default]
    Complete,
    /// Some: that a code is not there does not say that it is wrong.
    Fragment,
}

/// What a code system says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Its canonical address.
    pub url: Box<str>,
    /// Its version, or nothing.
    pub version: Box<str>,
    /// Its title, or nothing.
    pub title: Box<str>,
    /// The language of displays that say none, or nothing.
    pub language: Box<str>,
    /// Who holds rights in it, and the notice that they ask for, or nothing.
    pub copyright: Box<str>,
    /// The canonical address of the value set of all its concepts, or nothing.
    pub value_set: Box<str>,
    /// What its hierarchy means: `is-a`, `grouped-by`, `part-of`, `classified-with`, or nothing.
    pub hierarchy_meaning: Box<str>,
    /// Whether all concepts are there.
    pub content: Content,
    /// Whether `a00` is another code than `A00`.
    pub case_sensitive: bool,
    /// Whether the code system has a grammar of expressions over its concepts.
    pub compositional: bool,
    /// The loader that made the table.
    pub loader: Box<str>,
    /// The properties, by which their values are sorted.
    pub properties: Vec<Property>,
    /// The languages of designations; the first one is none.
    pub languages: Vec<Box<str>>,
    /// The uses of designations; the first one is none.
    pub uses: Vec<Coding>,
}

impl About {
    /// A complete code system whose codes are case-sensitive.
    pub fn new(url: &str, version: &str, title: &str) -> Self {
        Self { url: url.into(), version: version.into(), title: title.into(), case_sensitive: true, ..Self::default() }
    }

    /// The property of this code.
    pub fn property(&self, code: &str) -> Option<usize> {
        self.properties.iter().position(|property| &*property.code == code)
    }

    /// The bytes of it in a file.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for text in self.texts() {
            varint::put_text(&mut bytes, text.as_bytes());
        }
        bytes.extend([self.content as u8, u8::from(self.case_sensitive), u8::from(self.compositional)]);
        varint::put(&mut bytes, self.properties.len() as u64);
        for property in &self.properties {
            varint::put_text(&mut bytes, property.code.as_bytes());
            varint::put_text(&mut bytes, property.uri.as_bytes());
            bytes.push(property.kind as u8);
        }
        varint::put(&mut bytes, self.languages.len() as u64);
        for language in &self.languages {
            varint::put_text(&mut bytes, language.as_bytes());
        }
        varint::put(&mut bytes, self.uses.len() as u64);
        for usage in &self.uses {
            varint::put_text(&mut bytes, usage.to_text().as_bytes());
        }
        bytes
    }

    fn texts(&self) -> [&str; 8] {
        [&self.url, &self.version, &self.title, &self.language, &self.copyright, &self.value_set, &self.hierarchy_meaning, &self.loader]
    }

    /// Reads what [`About::to_bytes`] wrote.
    pub(crate) fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let bytes = &mut bytes;
        let mut about = Self {
            url: text(bytes)?,
            version: text(bytes)?,
            title: text(bytes)?,
            language: text(bytes)?,
            copyright: text(bytes)?,
            value_set: text(bytes)?,
            hierarchy_meaning: text(bytes)?,
            loader: text(bytes)?,
            ..Self::default()
        };
        about.content = if byte(bytes)? == 0 { Content::Complete } else { Content::Fragment };
        about.case_sensitive = byte(bytes)? != 0;
        about.compositional = byte(bytes)? != 0;
        for _ in 0..varint::take(bytes)? {
            let (code, uri, kind) = (text(bytes)?, text(bytes)?, byte(bytes)?);
            about.properties.push(Property { code, uri, kind: VALUE_TYPES.get(usize::from(kind))?.0 });
        }
        for _ in 0..varint::take(bytes)? {
            about.languages.push(text(bytes)?);
        }
        for _ in 0..varint::take(bytes)? {
            about.uses.push(Coding::from_text(&text(bytes)?));
        }
        Some(about)
    }
}

fn byte(bytes: &mut &[u8]) -> Option<u8> {
    let (&first, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(first)
}

fn text(bytes: &mut &[u8]) -> Option<Box<str>> {
    std::str::from_utf8(varint::take_bytes(bytes)?).ok().map(Box::from)
}
