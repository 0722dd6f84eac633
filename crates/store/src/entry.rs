//! The index entries of a resource: what a search can ask of it, extracted once when it is written.

use fhir::definitions::ResourceType;
use fhir::primitive::Decimal;

/// A search parameter of a resource type, by the hash of `Type.code` (`Observation.code`). [`Param::of`] makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Param(pub u32);

impl Param {
    /// The parameter `code` of `kind`. Tables of parameters check that no two have the same hash.
    pub fn of(kind: &str, code: &str) -> Self {
        Self(xxhash_rust::xxh3::xxh3_64(format!("{kind}.{code}").as_bytes()) as u32)
    }

    /// The parameter under which a resource of the type lists those that it contains.
    pub fn contained(kind: ResourceType) -> Self {
        Self::of(kind.name(), "_contained")
    }
}

/// One value of one parameter of a resource.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Entry {
    /// Of which parameter.
    pub param: Param,
    /// The value.
    pub value: EntryValue,
}

/// A value as searches compare it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntryValue {
    /// A code, identifier, boolean.
    Token(Token),
    /// A text.
    String(Text),
    /// A moment, a day, a period: from its first to its last millisecond. An open start is [`i64::MIN`], an open end [`i64::MAX`].
    Date(Span),
    /// A number: itself at both ends, whatever its precision; a `Range` from its low to its high end.
    Number(Range),
    /// A number with a unit.
    Quantity(Quantity),
    /// A reference to a resource of this server: `Patient/123`.
    Local(Local),
    /// A reference that leads elsewhere, a canonical or a uri: as it stands, without a canonical's version.
    Uri(Uri),
    /// One combination of the components of a composite parameter.
    Composite(Vec<EntryValue>),
    /// A place on Earth (WGS 84), in units of a ten-millionth of a degree.
    Point {
        /// The latitude: from -900,000,000 to 900,000,000.
        lat: i32,
        /// The longitude: from -1,800,000,000 to 1,800,000,000.
        lon: i32,
    },
    /// A contained resource, with its own entries. It stands under [`Param::contained`] of the resource around it.
    Contained {
        /// Its type.
        kind: ResourceType,
        /// Its id, without `#`.
        id: Box<str>,
        /// Its entries.
        entries: Vec<Entry>,
    },
}

/// A code in a system.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token {
    /// The code, identifier value or boolean, folded as the parameter asks. Empty where only the system is known.
    pub code: Box<str>,
    /// The system; empty where there is none.
    pub system: Box<str>,
}

/// A text in its two forms.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text {
    /// Without case, accents, width and superfluous space.
    pub folded: Box<str>,
    /// As it was written.
    pub exact: Box<str>,
}

/// An interval of time, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first millisecond.
    pub first: i64,
    /// The last millisecond.
    pub last: i64,
}

/// An interval of numbers, from `low` to `high`; `None` for an open side.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Range {
    /// The lowest number.
    pub low: Option<Decimal>,
    /// The highest number.
    pub high: Option<Decimal>,
}

/// A number with a unit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Quantity {
    /// The number, itself at both ends; with a comparator (`<5`) open on one side.
    pub range: Range,
    /// The system of the unit; empty where there is none.
    pub system: Box<str>,
    /// The code of the unit, or its text where there is no code; empty where there is neither.
    pub unit: Box<str>,
}

/// A reference to a resource of this server, or to one that stands inside the same resource.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Local {
    /// `Patient/123`: without a version. `Patient/#p` for a contained resource, `Patient/#` for the one around it.
    pub target: Box<str>,
}

/// A uri.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Uri {
    /// The uri, without `|version`.
    pub uri: Box<str>,
    /// The version after `|` of a canonical; empty where there is none.
    pub version: Box<str>,
}
