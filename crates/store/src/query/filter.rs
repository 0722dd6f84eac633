//! Which resources are asked for.

use fhir::definitions::ResourceType;
use fhir::primitive::Decimal;

use super::TokenSet;
use crate::entry::{Param, Span, Text};

/// Which resources are asked for. [`crate::matches::passes`] says what each filter means.
///
/// A filter is about one resource at a time, except where it says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Filter {
    /// All of these are true; all resources when it is empty.
    All(Vec<Filter>),
    /// One of these is true; no resource when it is empty.
    Any(Vec<Filter>),
    /// This is not true.
    Not(Box<Filter>),
    /// The resource has one of these logical ids.
    Id(Vec<Box<str>>),
    /// `meta.lastUpdated` compares so.
    LastUpdated(Compare, Span),
    /// An entry of the parameter passes the test.
    Match(Param, Test),
    /// There is an entry of the parameter.
    Present(Param),
    /// A reference of the parameter leads to a resource of one of these types for which the filter is true: a chained parameter.
    Chain(Param, Vec<(ResourceType, Filter)>),
    /// A resource of the type, for which the filter is true, refers to this one by the parameter: `_has`.
    Has(ResourceType, Param, Box<Filter>),
    /// The resource contains one of the type for which the filter is true: its entries are those of [`EntryValue::Contained`], its id is that
    /// without `#`. Nothing refers to a contained resource from outside, so that `_has` in the filter is never true.
    ///
    /// [`EntryValue::Contained`]: crate::entry::EntryValue::Contained
    Contained(ResourceType, Box<Filter>),
}

impl Filter {
    /// All resources.
    pub fn everything() -> Self {
        Filter::All(Vec::new())
    }
}

/// How an entry is compared with what is asked for. An entry of another type than the test's passes none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Test {
    /// A token: `code` in any system when `system` is `None`, in none when it is empty; any code of the system when `code` is `None`.
    Token {
        /// The system.
        system: Option<Box<str>>,
        /// The code, folded as the parameter asks.
        code: Option<Box<str>>,
    },
    /// A token that is one of these: `:in`, and `:above` and `:below` of codes. The codes are folded as the parameter asks.
    AmongTokens(TokenSet),
    /// A text whose folded form begins with this.
    StartsWith(Box<str>),
    /// A text whose folded form has this in it.
    Contains(Box<str>),
    /// A text whose folded form ends with this.
    EndsWith(Box<str>),
    /// A text whose folded form is this.
    Folded(Box<str>),
    /// A text that is exactly the `exact` one; `folded` is its folded form, by which it is found.
    Exactly(Text),
    /// A text whose folded form is this alike at least: [`crate::matches::similarity`], from 0 to 1000.
    Like {
        /// The folded text.
        text: Box<str>,
        /// How alike.
        least: u16,
    },
    /// A date that compares so (<http://hl7.org/fhir/R4/search.html#prefix>).
    Date(Compare, Span),
    /// A number that compares so.
    Number(Compare, NumberRange),
    /// A quantity that compares so and has this unit: `system` as for a token; `unit` is the code or text, any when `None`.
    Quantity {
        /// How.
        compare: Compare,
        /// With what.
        range: NumberRange,
        /// The system of the unit.
        system: Option<Box<str>>,
        /// The unit.
        unit: Option<Box<str>>,
    },
    /// A reference to this resource of this server: `Patient/123`.
    Local(Box<str>),
    /// A uri, canonical or outside reference; with a version only that one when it is `Some`.
    Uri {
        /// The uri.
        uri: Box<str>,
        /// The version.
        version: Option<Box<str>>,
    },
    /// A canonical of this uri whose version is this one or one below it: begins with it, up to a `.`.
    UriOfVersion {
        /// The uri.
        uri: Box<str>,
        /// The version.
        below: Box<str>,
    },
    /// A uri that is this one or lies below it: begins with it, up to a `/`.
    UriBelow(Box<str>),
    /// A uri that is this one or lies above it: this one lies below it.
    UriAbove(Box<str>),
    /// A composite whose components pass these tests, each its own.
    Composite(Vec<Test>),
    /// A value that does not pass this test, of the type that it is about.
    Other(Box<Test>),
    /// A point on Earth that is no further away than this: [`crate::matches::distance_mm`].
    Near {
        /// The latitude, as in [`EntryValue::Point`](crate::entry::EntryValue::Point).
        lat: i32,
        /// The longitude.
        lon: i32,
        /// How far at most, in millimetres.
        distance_mm: u64,
    },
}

/// The number asked for, and the range that its precision stands for: `100` is 99.5 to 100.5.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NumberRange {
    /// The number.
    pub value: Decimal,
    /// The lowest number that it may stand for.
    pub low: Decimal,
    /// The number below which all that it may stand for lie.
    pub high: Decimal,
}

/// A prefix of FHIR search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compare {
    /// `eq`: what is asked for contains the entry.
    Equal,
    /// `ne`: it does not.
    NotEqual,
    /// `gt`: part of the entry lies above.
    Greater,
    /// `lt`: part of the entry lies below.
    Less,
    /// `ge`: `gt` or `eq`.
    GreaterOrEqual,
    /// `le`: `lt` or `eq`.
    LessOrEqual,
    /// `sa`: the entry begins after.
    StartsAfter,
    /// `eb`: the entry ends before.
    EndsBefore,
    /// `ap`: the two overlap (whoever parses widens what is asked for).
    Approximately,
}
