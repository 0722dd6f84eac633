//! One round: the whole answer, as far as what is loaded allows.

use std::collections::HashMap;

use fhir::{IssueCode, Value};
use fhirpath::Expression;

use super::Plan;
use super::directive::Flat;
use super::loaded::{Loaded, Needs};
use super::node::{Element, Node};
use super::out::Out;
use crate::codes;
use crate::error::{Error, Segment};
use crate::request::Root;
use crate::syntax::Selection;

/// A round over what is loaded.
pub(super) struct Round<'a> {
    pub(super) plan: &'a Plan<'a>,
    pub(super) loaded: &'a Loaded,
    /// What it missed.
    pub(super) needs: Needs,
    /// What went wrong with single fields.
    pub(super) errors: Vec<Error>,
    pub(super) path: Vec<Segment>,
    pub(super) expressions: HashMap<String, Expression>,
    fields: usize,
    bytes: usize,
}

/// Why a query is given up: a limit is passed.
pub(super) type Stop = Box<Error>;

/// How many errors of single fields are told at most.
const MAX_ERRORS: usize = 50;

impl<'a> Round<'a> {
    pub(super) fn new(plan: &'a Plan<'a>, loaded: &'a Loaded) -> Self {
        let (errors, path) = (Vec::new(), Vec::new());
        Self { plan, loaded, needs: Needs::default(), errors, path, expressions: HashMap::new(), fields: 0, bytes: 0 }
    }

    /// The data that the selections make on the root.
    pub(super) fn run(&mut self, selections: &'a [Selection]) -> Result<Value, Stop> {
        let root = match self.plan.root {
            Root::System => Node::Query(None),
            Root::Type(kind) => Node::Query(Some(*kind)),
            Root::Resource(resource) => match Element::resource(resource) {
                Some(element) => Node::Element(element),
                None => return Ok(Value::Null),
            },
        };
        self.object(&root, &[selections])
    }

    /// The object that selections make on a value.
    pub(super) fn object(&mut self, node: &Node<'a>, selections: &[&'a [Selection]]) -> Result<Value, Stop> {
        let mut out = Out::default();
        self.fill(node, selections, &mut out, &Flat::default())?;
        self.count_bytes(2)?;
        Ok(out.finish())
    }

    /// Puts the fields that selections make on a value into an object.
    pub(super) fn fill(&mut self, node: &Node<'a>, selections: &[&'a [Selection]], out: &mut Out, flat: &Flat) -> Result<(), Stop> {
        for group in self.collect(node, selections) {
            self.path.push(Segment::Name(group.field.key().to_owned()));
            self.field(node, &group, out, flat)?;
            self.path.pop();
        }
        Ok(())
    }

    /// Notes an error of the field that is being answered.
    pub(super) fn report(&mut self, mut error: Error) {
        if self.errors.len() < MAX_ERRORS {
            error.path = self.path.clone();
            self.errors.push(error);
        }
    }

    /// Counts fields that are resolved.
    pub(super) fn count_fields(&mut self, more: usize) -> Result<(), Stop> {
        self.fields = self.fields.saturating_add(more);
        let most = self.plan.limits.fields;
        if self.fields <= most {
            return Ok(());
        }
        Err(stop(codes::TOO_MANY_FIELDS, format!("the query resolves more than {most} fields: ask for fewer resources or fields")))
    }

    /// Counts bytes of the answer.
    pub(super) fn count_bytes(&mut self, more: usize) -> Result<(), Stop> {
        self.bytes = self.bytes.saturating_add(more);
        let most = self.plan.limits.answer_bytes;
        if self.bytes <= most {
            return Ok(());
        }
        Err(stop(codes::ANSWER_TOO_LARGE, format!("the answer has more than {most} bytes: ask for fewer resources or fields")))
    }
}

fn stop(number: u16, rule: String) -> Stop {
    Box::new(Error::from(fhir::Issue::error(number, IssueCode::TooCostly, "", rule)))
}
