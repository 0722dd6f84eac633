//! The items of questionnaires and responses.

use fhir::Value;

/// The kinds of item: <http://hl7.org/fhir/R4/valueset-item-type.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Group,
    Display,
    /// The abstract type of all questions, which no item should have.
    Question,
    Boolean,
    Decimal,
    Integer,
    Date,
    DateTime,
    Time,
    String,
    Text,
    Url,
    Choice,
    OpenChoice,
    Attachment,
    Reference,
    Quantity,
}

impl Kind {
    pub(super) fn parse(code: &str) -> Option<Self> {
        Some(match code {
            "group" => Self::Group,
            "display" => Self::Display,
            "question" => Self::Question,
            "boolean" => Self::Boolean,
            "decimal" => Self::Decimal,
            "integer" => Self::Integer,
            "date" => Self::Date,
            "dateTime" => Self::DateTime,
            "time" => Self::Time,
            "string" => Self::String,
            "text" => Self::Text,
            "url" => Self::Url,
            "choice" => Self::Choice,
            "open-choice" => Self::OpenChoice,
            "attachment" => Self::Attachment,
            "reference" => Self::Reference,
            "quantity" => Self::Quantity,
            _ => return None,
        })
    }

    /// The endings of `value[x]` that its answers may have.
    pub(super) fn values(self) -> &'static [&'static str] {
        match self {
            Self::Group | Self::Display | Self::Question => &[],
            Self::Boolean => &["Boolean"],
            Self::Decimal => &["Decimal"],
            Self::Integer => &["Integer"],
            Self::Date => &["Date"],
            Self::DateTime => &["DateTime"],
            Self::Time => &["Time"],
            Self::String | Self::Text => &["String"],
            Self::Url => &["Uri"],
            Self::Choice | Self::OpenChoice => &["Coding", "String", "Integer", "Date", "Time", "Reference"],
            Self::Attachment => &["Attachment"],
            Self::Reference => &["Reference"],
            Self::Quantity => &["Quantity"],
        }
    }

    /// Whether answers belong to it.
    pub(super) fn is_question(self) -> bool {
        !matches!(self, Self::Group | Self::Display | Self::Question)
    }
}

/// An item of a Questionnaire.
#[derive(Clone, Copy)]
pub(super) struct Item<'a>(pub(super) &'a Value);

impl<'a> Item<'a> {
    pub(super) fn link_id(self) -> Option<&'a str> {
        self.0.text("linkId")
    }

    pub(super) fn kind(self) -> Option<Kind> {
        Kind::parse(self.0.text("type")?)
    }

    pub(super) fn is(self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool) == Some(true)
    }

    pub(super) fn items(self) -> impl Iterator<Item = Item<'a>> {
        self.0.list("item").map(Item)
    }

    /// The values of its extensions with this address: of those with a `value[x]`.
    pub(super) fn extensions(self, url: &'static str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        extensions(self.0, url)
    }
}

/// The values of the extensions with this address of anything.
pub(super) fn extensions<'a>(value: &'a Value, url: &'static str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    value.list("extension").filter(move |extension| extension.text("url") == Some(url)).filter_map(choice_value)
}

/// The `value[x]` of an answer, an option or an extension: the ending of its name, and what it is.
pub(super) fn choice_value(of: &Value) -> Option<(&str, &Value)> {
    choice(of, "value")
}

/// The choice `stem[x]`.
pub(super) fn choice<'a>(of: &'a Value, stem: &str) -> Option<(&'a str, &'a Value)> {
    let found = of
        .as_object()?
        .iter()
        .find(|(name, _)| name.strip_prefix(stem).is_some_and(|ending| ending.starts_with(|first: char| first.is_ascii_uppercase())));
    found.map(|(name, value)| (&name[stem.len()..], value))
}
