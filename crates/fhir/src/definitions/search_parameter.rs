//! Search parameters.

/// A search parameter (<http://hl7.org/fhir/R4/searchparameter.html>).
#[derive(Debug)]
pub struct SearchParameter {
    /// Its canonical address.
    pub url: &'static str,
    /// Its name in a query: `birthdate`.
    pub code: &'static str,
    /// How its values are compared.
    pub kind: SearchParameterType,
    /// The names of the resource types it stands for; `Resource` and `DomainResource` stand for all that specialize them.
    pub bases: Vec<&'static str>,
    /// For a reference: the names of the resource types it may point to.
    pub targets: Vec<&'static str>,
    /// The FHIRPath that finds the values, for all bases; `None` for `_text`, `_content` and `_query`.
    pub expression: Option<&'static str>,
    /// The parts of a composite, in order; empty for others.
    pub components: Vec<Component>,
}

/// A part of a composite search parameter.
#[derive(Debug)]
pub struct Component {
    /// The canonical address of the search parameter that says how the part is compared.
    pub definition: &'static str,
    /// The FHIRPath that finds the part's values, from what the composite's expression finds.
    pub expression: &'static str,
}

/// How the values of a search parameter are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the code of the same name")]
pub enum SearchParameterType {
    Number,
    Date,
    String,
    Token,
    Reference,
    Composite,
    Quantity,
    Uri,
    Special,
}

impl SearchParameterType {
    /// The type of this code: `token`.
    pub fn parse(code: &str) -> Option<Self> {
        Some(match code {
            "number" => Self::Number,
            "date" => Self::Date,
            "string" => Self::String,
            "token" => Self::Token,
            "reference" => Self::Reference,
            "composite" => Self::Composite,
            "quantity" => Self::Quantity,
            "uri" => Self::Uri,
            "special" => Self::Special,
            _ => return None,
        })
    }

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Date => "date",
            Self::String => "string",
            Self::Token => "token",
            Self::Reference => "reference",
            Self::Composite => "composite",
            Self::Quantity => "quantity",
            Self::Uri => "uri",
            Self::Special => "special",
        }
    }
}

impl SearchParameter {
    /// Reads a line of the table.
    pub(super) fn read(line: &'static str) -> Option<Self> {
        let mut columns = line.split('\t');
        let (url, code) = (columns.next()?, columns.next()?);
        let kind = SearchParameterType::parse(columns.next()?)?;
        let bases = columns.next()?.split(' ').collect();
        let targets = columns.next().unwrap_or_default().split_terminator(' ').collect();
        let expression = columns.next().filter(|expression| !expression.is_empty());
        let mut components = Vec::new();
        while let Some(definition) = columns.next() {
            components.push(Component { definition, expression: columns.next()? });
        }
        Some(Self { url, code, kind, bases, targets, expression, components })
    }
}
