//! Random searches whose values are in the data, or nearly.

mod clause;
mod data;
mod linked;
mod results;
mod special;
mod value;

use fhir::definitions::ResourceType;
use search::Registry;

use crate::matrix::{Cell, Form};
use crate::random::Random;
use crate::resources::FREQUENT;

pub use data::Data;

/// A search.
#[derive(Clone, Debug)]
pub struct Question {
    /// The type searched.
    pub kind: ResourceType,
    /// Its parameters, decoded.
    pub params: Vec<(String, String)>,
}

impl Question {
    /// As it stands in an address.
    pub fn url(&self) -> String {
        format!("{}?{}", self.kind.name(), search::url::query_string(&self.params))
    }
}

/// Makes searches about a set of resources.
pub struct Asker<'a> {
    registry: &'a Registry,
    data: &'a Data,
    random: Random,
}

impl<'a> Asker<'a> {
    /// The one that makes the searches number `stream` of those that belong to `seed`.
    pub fn new(registry: &'a Registry, data: &'a Data, seed: u64, stream: u64) -> Self {
        Self { registry, data, random: Random::new(seed, stream) }
    }

    /// A search that uses a parameter so, and nothing else that decides what is found; all of what is found comes on one page.
    ///
    /// `None` when the data has nothing to ask for.
    pub fn about(&mut self, cell: Cell) -> Option<Question> {
        let kind = cell.kind.unwrap_or_else(|| self.any_type());
        let parameter = self.registry.get(kind, cell.code)?;
        let mut question = match cell.form {
            Form::Value | Form::Prefix(_) | Form::Modifier(_) => Question { kind, params: vec![self.clause(kind, parameter, cell.form)?] },
            Form::Chain => Question { kind, params: vec![self.chain(kind, parameter)?] },
            Form::Has => self.reverse_chain(kind, parameter)?,
            Form::Sort => Question { kind, params: vec![("_sort".into(), cell.code.into())] },
            Form::SortDescending => Question { kind, params: vec![("_sort".into(), format!("-{}", cell.code))] },
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
        Question { kind, params }
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
