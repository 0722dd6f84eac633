//! Random searches whose values are in the data, or nearly.

mod clause;
mod code_set;
mod data;
mod linked;
mod results;
mod special;
mod value;

use fhir::definitions::{ResourceType, definitions};
use search::{ParameterKind, Registry};
use store::commit::Key;

use crate::matrix::{Cell, Form};
use crate::random::Random;
use crate::resources::{FREQUENT, IDS};

pub use data::Data;

/// A search.
#[derive(Clone, Debug)]
pub struct Question {
    /// Where.
    pub scope: Scope,
    /// The type searched; of a search of the system one of them.
    pub kind: ResourceType,
    /// Its parameters, decoded.
    pub params: Vec<(String, String)>,
}

/// Where a search looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// At all resources of the type.
    Type,
    /// At those of all types that `_type` names.
    System,
    /// At those of the type that belong to this one; of all types when it is true.
    Compartment(Key, bool),
}

impl Question {
    /// A search of all resources of a type.
    pub fn of(kind: ResourceType, params: Vec<(String, String)>) -> Self {
        Self { scope: Scope::Type, kind, params }
    }

    /// As it stands in an address.
    pub fn url(&self) -> String {
        let path = match &self.scope {
            Scope::Type => self.kind.name().to_owned(),
            Scope::System => String::new(),
            Scope::Compartment(owner, true) => format!("{owner}/*"),
            Scope::Compartment(owner, false) => format!("{owner}/{}", self.kind.name()),
        };
        format!("{path}?{}", search::url::query_string(&self.params))
    }
}

/// Makes searches about a set of resources.
pub struct Asker<'a> {
    registry: &'a Registry,
    data: &'a Data,
    random: Random,
    /// Whether a value is asked for as some resource has it, so that a search finds something.
    is_sure: bool,
}

impl<'a> Asker<'a> {
    /// The one that makes the searches number `stream` of those that belong to `seed`.
    pub fn new(registry: &'a Registry, data: &'a Data, seed: u64, stream: u64) -> Self {
        Self { registry, data, random: Random::new(seed, stream), is_sure: false }
    }

    /// The same, which asks for values as resources have them.
    pub fn sure(self) -> Self {
        Self { is_sure: true, ..self }
    }

    /// A search that uses a parameter so, and nothing else that decides what is found; all of what is found comes on one page.
    ///
    /// `None` when the data has nothing to ask for.
    pub fn about(&mut self, cell: Cell) -> Option<Question> {
        let kind = cell.kind.unwrap_or_else(|| self.any_type());
        let parameter = self.registry.get(kind, cell.code)?;
        if cell.code == "_has" && cell.form == Form::Value {
            let links: Vec<_> =
                self.registry.parameters(kind).filter(|link| link.kind == ParameterKind::Reference && !link.targets.is_empty()).collect();
            let link = *links.get(self.random.below(links.len()))?;
            return self.reverse_chain(kind, link);
        }
        let mut question = match cell.form {
            Form::Value | Form::Prefix(_) | Form::Modifier(_) => Question::of(kind, vec![self.clause(kind, parameter, cell.form)?]),
            Form::Chain => Question::of(kind, vec![self.chain(kind, parameter)?]),
            Form::Has => self.reverse_chain(kind, parameter)?,
            Form::Sort => Question::of(kind, vec![("_sort".into(), cell.code.into())]),
            Form::SortDescending => Question::of(kind, vec![("_sort".into(), format!("-{}", cell.code))]),
            Form::Include => self.bringing(kind, parameter, true)?,
            Form::Revinclude => self.bringing(kind, parameter, false)?,
        };
        question.params.push(("_total".into(), "accurate".into()));
        question.params.push(("_count".into(), "1000".into()));
        Some(question)
    }

    /// Any search: some criteria, an order, pages, resources brought along.
    pub fn anything(&mut self) -> Question {
        let kind = self.any_type();
        let mut params = Vec::new();
        for _ in 0..self.random.below(4) {
            params.extend(self.criterion(kind));
        }
        self.results(kind, &mut params);
        let scope = self.scope(kind, &mut params);
        Question { scope, kind, params }
    }

    /// Where any search looks: mostly at a type.
    fn scope(&mut self, kind: ResourceType, params: &mut Vec<(String, String)>) -> Scope {
        match self.random.below(10) {
            0 => {
                let other = self.any_type();
                let both = self.random.chance(60) && params.iter().all(|(name, value)| self.is_of(other, name, value));
                params.push(("_type".into(), if both { format!("{},{}", kind.name(), other.name()) } else { kind.name().into() }));
                Scope::System
            }
            1 => {
                let owners: Vec<ResourceType> =
                    definitions().compartments().iter().filter(|row| row.resource_type == kind).map(|row| row.compartment).collect();
                match owners.is_empty() {
                    true => Scope::Type,
                    false => Scope::Compartment(Key::new(self.random.pick(&owners), self.random.pick_early(&IDS)), self.random.chance(20)),
                }
            }
            _ => Scope::Type,
        }
    }

    /// Whether another type has the parameters that a criterion or an order names.
    fn is_of(&self, kind: ResourceType, name: &str, value: &str) -> bool {
        let knows = |code: &str| self.registry.get(kind, code.split([':', '.']).next().unwrap_or(code)).is_some();
        match name {
            "_sort" => value.split(',').all(|code| knows(code.trim_start_matches('-'))),
            "_count" | "_total" | "_summary" | "_contained" | "_containedType" => true,
            _ => {
                !name.starts_with("_include")
                    && !name.starts_with("_revinclude")
                    && !name.starts_with("_has")
                    && name != "_elements"
                    && knows(name)
            }
        }
    }

    /// A type: those to which others refer more often.
    fn any_type(&mut self) -> ResourceType {
        if self.random.chance(25)
            && let Some(kind) = ResourceType::parse(self.random.pick(&FREQUENT))
        {
            return kind;
        }
        let kinds: Vec<ResourceType> = ResourceType::all().collect();
        self.random.pick(&kinds)
    }
}
