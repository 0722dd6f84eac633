//! What can be asked of each parameter: the one table by which queries are understood, and from which documentation follows.
//!
//! A cell is a parameter with a [`Feature`]; its answer is yes or a [`Refusal`]. The parser asks the same functions, so that what is told of
//! the server cannot differ from what it does.

use std::sync::Arc;

use fhir::definitions::ResourceType;
use store::query::Compare;

use super::{Origin, Parameter, ParameterKind, Registry};

/// A modifier of FHIR search (<http://hl7.org/fhir/R4/search.html#modifiers>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modifier {
    /// `:missing`: whether there is a value at all.
    Missing,
    /// `:exact`: the text as written.
    Exact,
    /// `:contains`: anywhere in the text.
    Contains,
    /// `:not`: resources that have none of the codes.
    Not,
    /// `:text`: the words beside a code or reference.
    Text,
    /// `:of-type`: an identifier by its type.
    OfType,
    /// `:identifier`: the identifier of what is referred to.
    Identifier,
    /// `:[type]`, as in `:Patient`: the type of what is referred to.
    Type,
    /// `:above`: this one or one above it.
    Above,
    /// `:below`: this one or one below it.
    Below,
    /// `:in`: a code of a value set.
    In,
    /// `:not-in`: no code of a value set.
    NotIn,
}

impl Modifier {
    /// All of them, in the order of R4's text.
    pub const ALL: [Modifier; 12] = [
        Modifier::Missing,
        Modifier::Exact,
        Modifier::Contains,
        Modifier::Not,
        Modifier::Text,
        Modifier::OfType,
        Modifier::Identifier,
        Modifier::Type,
        Modifier::Above,
        Modifier::Below,
        Modifier::In,
        Modifier::NotIn,
    ];

    /// How it is written after the colon; `[type]` stands for the name of a resource type.
    pub fn code(self) -> &'static str {
        match self {
            Modifier::Missing => "missing",
            Modifier::Exact => "exact",
            Modifier::Contains => "contains",
            Modifier::Not => "not",
            Modifier::Text => "text",
            Modifier::OfType => "of-type",
            Modifier::Identifier => "identifier",
            Modifier::Type => "[type]",
            Modifier::Above => "above",
            Modifier::Below => "below",
            Modifier::In => "in",
            Modifier::NotIn => "not-in",
        }
    }

    /// The modifier that is written so. What begins with a capital is taken for the name of a type.
    pub fn parse(code: &str) -> Option<Self> {
        if code.starts_with(|first: char| first.is_ascii_uppercase()) {
            return Some(Modifier::Type);
        }
        Self::ALL.into_iter().find(|modifier| *modifier != Modifier::Type && modifier.code() == code)
    }

    /// Those that FHIR defines for a kind of parameter. Which of them a parameter takes, [`Registry::answers`] says.
    pub fn of(kind: ParameterKind) -> impl Iterator<Item = Self> {
        let goes = move |modifier: &Modifier| MODIFIERS.iter().any(|(of, known, _)| *of == kind && known == modifier);
        Self::ALL.into_iter().filter(move |modifier| *modifier == Modifier::Missing || goes(modifier))
    }
}

/// The prefixes of values (<http://hl7.org/fhir/R4/search.html#prefix>).
pub const PREFIXES: [(&str, Compare); 9] = [
    ("eq", Compare::Equal),
    ("ne", Compare::NotEqual),
    ("gt", Compare::Greater),
    ("lt", Compare::Less),
    ("ge", Compare::GreaterOrEqual),
    ("le", Compare::LessOrEqual),
    ("sa", Compare::StartsAfter),
    ("eb", Compare::EndsBefore),
    ("ap", Compare::Approximately),
];

/// Something that can be asked of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// A value, without modifier and prefix.
    Value,
    /// A modifier.
    Modifier(Modifier),
    /// A prefix before a value, by its letters.
    Prefix(&'static str),
    /// `_sort` by it.
    Sort,
    /// A chain through it: `subject.name`.
    Chain,
    /// `_include` and `_revinclude` of what it refers to.
    Include,
}

/// Why something is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// FHIR does not define it for this kind of parameter, or its elements cannot have it.
    Undefined,
    /// It asks for codes, and its values are identifiers or truths, or codes whose system nothing says.
    NoSystem,
    /// It asks for a hierarchy, and what is referred to has none.
    NoHierarchy,
    /// It asks for the words of resources, which this server does not index.
    NoWords,
    /// It asks for more than equality of what the index has as keyed hashes.
    Sealed,
    /// It names a query that somebody defined, and nobody has.
    NoNamedQueries,
}

impl Refusal {
    /// The reason in words, as the end of a sentence.
    pub fn reason(self) -> &'static str {
        match self {
            Refusal::Undefined => "FHIR does not define it there",
            Refusal::NoSystem => {
                "its values are of no code system: they are identifiers or truths, or codes whose system FHIR does not say"
            }
            Refusal::NoHierarchy => "what it refers to has no hierarchy: no type of its targets is part of others of its type",
            Refusal::NoWords => "this server does not index the words of resources; its setting `index_words` switches that on",
            Refusal::Sealed => {
                "this server's index has keyed hashes of its values (its setting `seal_index`), of which equality alone can be asked"
            }
            Refusal::NoNamedQueries => "this server has no named queries",
        }
    }
}

/// A cell of the table.
#[derive(Clone, Copy, Debug)]
pub struct Support<'r> {
    /// Of which parameter.
    pub parameter: &'r Parameter,
    /// What is asked.
    pub feature: Feature,
    /// Whether it is answered, or why not.
    pub answer: Result<(), Refusal>,
}

/// When a modifier goes with a parameter.
#[derive(Clone, Copy)]
enum Rule {
    Always,
    /// Where its elements may be of one of these types.
    Elements(&'static [&'static str]),
    /// Where what it refers to has a hierarchy.
    Hierarchy,
    /// Where values are codes of a system.
    Systems,
}

/// Kind of parameter, modifier, rule: what is not here is not FHIR's. `:missing` goes with all.
const MODIFIERS: [(ParameterKind, Modifier, Rule); 16] = [
    (ParameterKind::String, Modifier::Exact, Rule::Always),
    (ParameterKind::String, Modifier::Contains, Rule::Always),
    (ParameterKind::Token, Modifier::Not, Rule::Always),
    (ParameterKind::Token, Modifier::Text, Rule::Elements(&["Coding", "CodeableConcept", "Identifier"])),
    (ParameterKind::Token, Modifier::OfType, Rule::Elements(&["Identifier"])),
    (ParameterKind::Token, Modifier::Above, Rule::Systems),
    (ParameterKind::Token, Modifier::Below, Rule::Systems),
    (ParameterKind::Token, Modifier::In, Rule::Systems),
    (ParameterKind::Token, Modifier::NotIn, Rule::Systems),
    (ParameterKind::Reference, Modifier::Text, Rule::Elements(&["Reference"])),
    (ParameterKind::Reference, Modifier::Identifier, Rule::Elements(&["Reference"])),
    (ParameterKind::Reference, Modifier::Type, Rule::Always),
    (ParameterKind::Reference, Modifier::Above, Rule::Hierarchy),
    (ParameterKind::Reference, Modifier::Below, Rule::Hierarchy),
    (ParameterKind::Uri, Modifier::Above, Rule::Always),
    (ParameterKind::Uri, Modifier::Below, Rule::Always),
];

impl Registry {
    /// Every parameter of a type with every feature, in the order of the parameters: modifiers, then prefixes, then the rest.
    pub fn supported(&self, kind: ResourceType) -> Vec<Support<'_>> {
        let features = || {
            let modifiers = Modifier::ALL.into_iter().map(Feature::Modifier);
            let prefixes = PREFIXES.into_iter().map(|(code, _)| Feature::Prefix(code));
            [Feature::Value].into_iter().chain(modifiers).chain(prefixes).chain([Feature::Sort, Feature::Chain, Feature::Include])
        };
        let cell = |parameter, feature| Support { parameter, feature, answer: self.answers(parameter, feature) };
        self.parameters(kind).flat_map(|parameter| features().map(move |feature| cell(parameter, feature))).collect()
    }

    /// The parameters that a type can be searched by.
    pub fn searchable(&self, kind: ResourceType) -> impl Iterator<Item = &Arc<Parameter>> {
        self.of(kind).map_or(&[][..], |of| &of.parameters).iter().filter(|parameter| self.answers(parameter, Feature::Value).is_ok())
    }

    /// Whether this server answers a feature of a parameter, or why not.
    pub fn answers(&self, parameter: &Parameter, feature: Feature) -> Result<(), Refusal> {
        match parameter.origin {
            Origin::Refused(refusal) => return Err(refusal),
            Origin::Narrative | Origin::Content if !self.indexes_words => return Err(Refusal::NoWords),
            // It is told nowhere else how names are written.
            Origin::Likeness if self.seals_index => return Err(Refusal::Sealed),
            _ => {}
        }
        if self.is_sealed(parameter) && !is_of_equality(feature) {
            return Err(Refusal::Sealed);
        }
        let yes = match feature {
            Feature::Value => true,
            Feature::Modifier(Modifier::Text) if parameter.kind == ParameterKind::Reference && !self.indexes_words => {
                return parameter.takes(Modifier::Text).and(Err(Refusal::NoWords));
            }
            Feature::Modifier(modifier) => return parameter.takes(modifier),
            Feature::Prefix(_) => parameter.takes_prefixes(),
            Feature::Sort => parameter.sorts(),
            Feature::Chain | Feature::Include => parameter.kind == ParameterKind::Reference,
        };
        if yes { Ok(()) } else { Err(Refusal::Undefined) }
    }
}

/// Whether a feature asks a parameter for no more than which values are equal. A text without a modifier is one: a lenient search compares it whole.
fn is_of_equality(feature: Feature) -> bool {
    match feature {
        Feature::Value => true,
        Feature::Prefix(prefix) => prefix == "eq",
        Feature::Sort => false,
        Feature::Modifier(
            Modifier::Missing | Modifier::Exact | Modifier::Not | Modifier::OfType | Modifier::Identifier | Modifier::Type,
        ) => true,
        Feature::Modifier(_) => false,
        Feature::Chain | Feature::Include => true,
    }
}

impl Parameter {
    fn takes(&self, modifier: Modifier) -> Result<(), Refusal> {
        match (self.origin, modifier) {
            // What asks through other parameters has no values of its own.
            (Origin::Criterion, _) => return Err(Refusal::Undefined),
            (_, Modifier::Missing) => return Ok(()),
            (Origin::Store, Modifier::Not) if self.code == "_id" => return Ok(()),
            (Origin::Expression, _) => {}
            _ => return Err(Refusal::Undefined),
        }
        let row = MODIFIERS.iter().find(|(kind, known, _)| *kind == self.kind && *known == modifier);
        match row.map(|(_, _, rule)| rule) {
            Some(Rule::Always) => Ok(()),
            Some(Rule::Elements(types)) if self.may_have(types) => Ok(()),
            // A canonical leads to a definition, which has versions below it; but no definition is part of another.
            Some(Rule::Hierarchy) if modifier == Modifier::Below && self.has_versions() => Ok(()),
            Some(Rule::Hierarchy) if !self.may_have(&["Reference"]) => Err(Refusal::NoHierarchy),
            Some(Rule::Hierarchy) if self.targets.iter().any(|target| super::hierarchy::parent(*target).is_some()) => Ok(()),
            Some(Rule::Hierarchy) => Err(Refusal::NoHierarchy),
            Some(Rule::Systems) if self.has_systems() => Ok(()),
            Some(Rule::Systems) => Err(Refusal::NoSystem),
            Some(Rule::Elements(_)) | None => Err(Refusal::Undefined),
        }
    }

    /// Whether its values are known to be canonicals.
    pub(crate) fn has_versions(&self) -> bool {
        self.element_types.as_ref().is_some_and(|known| known.iter().all(|name| *name == "canonical"))
    }

    /// Whether its values may be codes of a code system.
    fn has_systems(&self) -> bool {
        self.may_have(&["Coding", "CodeableConcept"]) || !self.implied_systems.is_empty()
    }

    fn takes_prefixes(&self) -> bool {
        let ordered = |kind| matches!(kind, ParameterKind::Date | ParameterKind::Number | ParameterKind::Quantity);
        ordered(self.kind) || self.components.iter().any(|component| ordered(component.kind))
    }

    fn sorts(&self) -> bool {
        let has_order = !matches!(self.kind, ParameterKind::Composite | ParameterKind::Special);
        has_order && matches!(self.origin, Origin::Expression | Origin::Store) || self.code == "_score"
    }

    /// Whether its elements may have one of these types.
    pub(crate) fn may_have(&self, types: &[&str]) -> bool {
        self.element_types.as_ref().is_none_or(|known| known.iter().any(|name| types.contains(name)))
    }
}
