//! The walk over a resource: each object once, with its type.

use fhir::definitions::{Element, ElementType, Type, TypeId, definitions};
use fhir::{Issue, IssueCode, Object, Severity, Value};
use fhirpath::{Context, ErrorKind, Item, Limits};

use super::guard::Present;
use super::place::Place;
use super::plan::{Constraint, Descent, Plans, Special, is_extension};
use super::remedy::remedy;
use super::{Options, address, attachment, canonical, extension, search_parameter, security};
use crate::codes;

/// How deep elements may be nested: `fhir::check` reports what is deeper.
const MAX_DEPTH: usize = 128;

/// How many issues are reported at most.
const MAX_ISSUES: usize = 100;

/// How many ids of elements are compared in one resource: so the comparison stays short.
const MAX_IDS: usize = 1000;

/// The steps that one invariant may take on one element: those of large definitions need some millions.
const STEPS: u64 = 5_000_000;

/// The walk: what it knows and what it has found.
pub(super) struct Walk<'w, 'a> {
    pub(super) plans: &'static Plans,
    pub(super) options: &'w Options<'a>,
    pub(super) issues: &'w mut Vec<Issue>,
    /// How many issues there may be in `issues`.
    pub(super) room: usize,
    /// The ids of the elements of the resource in which the walk is.
    ids: Vec<&'a str>,
}

/// The resource in which the walk is, and the one that contains it.
#[derive(Clone, Copy)]
pub(super) struct Within<'a> {
    pub(super) resource: &'a Value,
    pub(super) root: &'a Value,
}

impl<'w, 'a> Walk<'w, 'a> {
    pub(super) fn new(plans: &'static Plans, options: &'w Options<'a>, issues: &'w mut Vec<Issue>) -> Self {
        let room = issues.len() + MAX_ISSUES;
        Self { plans, options, issues, room, ids: Vec::new() }
    }

    /// The resource that the walk begins with. One of no known type has nothing to be judged.
    pub(super) fn outermost(&mut self, resource: &'a Value) {
        let Some(kind) = kind_of(resource) else { return };
        let place = Place::root(kind, resource);
        self.object(&place, Within { resource, root: resource });
    }

    /// A resource in `contained`, in a Bundle or in Parameters.
    fn nested(&mut self, parent: &Place<'_, 'a>, name: &'a str, index: Option<usize>, resource: &'a Value, within: Within<'a>) {
        let Some(kind) = kind_of(resource) else { return };
        let root = if name == "contained" { within.root } else { resource };
        let around = std::mem::take(&mut self.ids);
        self.object(&parent.child(name, index, kind, resource), Within { resource, root });
        self.ids = around;
    }

    /// An object, or what stands beside a primitive.
    fn object(&mut self, place: &Place<'_, 'a>, within: Within<'a>) {
        let Value::Object(object) = place.value else { return };
        if place.depth > MAX_DEPTH || self.is_full() {
            return;
        }
        let mut present: Present = 0;
        for (name, value) in object.iter() {
            let stem = name.strip_prefix('_').unwrap_or(name);
            let Some((at, element, of)) = place.kind.member_place(stem) else { continue };
            if is_there(value) {
                present |= 1 << at;
            }
            self.member(place, element, of, value, stem.len() < name.len(), within);
        }
        self.constraints(place, object, present, within);
        if let Some(special) = self.plans.of(place.kind.id).special {
            self.special(special, place, object, within);
        }
        // The id is the first element of every type.
        if place.depth > 0
            && present & 1 != 0
            && let Some(id) = object.get("id").and_then(Value::as_str)
        {
            self.element_id(place, id);
        }
    }

    /// Rules of one type.
    fn special(&mut self, special: Special, place: &Place<'_, 'a>, object: &'a Object, within: Within<'a>) {
        match special {
            Special::Attachment => attachment::size(self, place, object),
            Special::Bundle => crate::bundle::check(place.value, &place.to_string(), self.issues),
            Special::CapabilityStatement => search_parameter::of_statement(self, place),
            Special::MeasureReport => {
                let library = self.options.library;
                crate::measure::check_report(place.value, library, &place.to_string(), self.issues);
            }
            Special::Questionnaire => crate::questionnaire::check(place.value, within.root, &place.to_string(), self.issues),
            Special::SearchParameter => search_parameter::check(self, place),
        }
    }

    /// That no other element of the resource has this id (<http://hl7.org/fhir/R4/element.html>).
    fn element_id(&mut self, place: &Place<'_, 'a>, id: &'a str) {
        if place.kind.resource_type.is_some() || place.kind.id == self.plans.element_definition {
            return;
        }
        if self.ids.contains(&id) {
            let text = "another element of the resource has the same id: give each its own";
            self.report(codes::ELEMENT_ID_TWICE, IssueCode::Value, Severity::Error, place, text);
        } else if self.ids.len() < MAX_IDS {
            self.ids.push(id);
        }
    }

    fn member(
        &mut self,
        place: &Place<'_, 'a>,
        element: &'static Element,
        of: &'static ElementType,
        value: &'a Value,
        is_sibling: bool,
        within: Within<'a>,
    ) {
        let descent = self.plans.of(of.id).descent;
        match descent {
            Descent::Primitive | Descent::Address if !is_sibling => {
                if descent == Descent::Address {
                    address::check(self, place, element, value);
                    canonical::check(self, place, element, of, value);
                }
                return self.primitive(place, element, of, value, within);
            }
            Descent::Quiet if !self.options.security && !needs_look(value, 0) => return,
            _ => {}
        }
        if is_extension(element.name) {
            extension::uses(self, place, element.name, value, within);
        }
        let is_array = matches!(value, Value::Array(_));
        let kind = definitions().get(of.id);
        for (index, item) in value.each().enumerate() {
            let index = is_array.then_some(index);
            match descent {
                Descent::Resource => self.nested(place, element.name, index, item, within),
                _ => {
                    let child = place.child(element.name, index, kind, item);
                    if !is_sibling {
                        self.of_element(place.kind.id, element.name, &child, within);
                    }
                    self.object(&child, within);
                }
            }
        }
    }

    /// The value of a primitive: rules of single elements, and what is asked of texts.
    fn primitive(
        &mut self,
        place: &Place<'_, 'a>,
        element: &'static Element,
        of: &'static ElementType,
        value: &'a Value,
        within: Within<'a>,
    ) {
        if self.options.security {
            security::text(self, place, element, of, value);
        }
        if self.plans.of(place.kind.id).of_elements.is_empty() {
            return;
        }
        let child = place.child(element.name, None, definitions().get(of.id), value);
        self.of_element(place.kind.id, element.name, &child, within);
    }

    /// The invariants that a type has on this element of it.
    fn of_element(&mut self, parent: TypeId, name: &str, child: &Place<'_, 'a>, within: Within<'a>) {
        for (at, constraint) in &self.plans.of(parent).of_elements {
            if definitions().get(parent).elements[*at].name == name {
                self.evaluate(constraint, child, within);
            }
        }
    }

    fn constraints(&mut self, place: &Place<'_, 'a>, object: &'a Object, present: Present, within: Within<'a>) {
        for constraint in &self.plans.of(place.kind.id).constraints {
            if constraint.severity == Severity::Information && !self.options.best_practice {
                continue;
            }
            if constraint.guard.holds(present, object) {
                continue;
            }
            match constraint.native.and_then(|native| native.holds(object, place.kind)) {
                Some(true) => {}
                Some(false) => self.broken(constraint, place),
                None => self.evaluate(constraint, place, within),
            }
        }
    }

    fn evaluate(&mut self, constraint: &'static Constraint, place: &Place<'_, 'a>, within: Within<'a>) {
        let Some(expression) = constraint.parsed() else { return };
        let limits = Limits { steps: STEPS, ..Limits::default() };
        let context = Context::default()
            .with_resource(Item::resource(within.resource))
            .with_root_resource(Item::resource(within.root))
            .with_limits(limits)
            .with_casts_of_collections();
        match expression.is_true(&context, &Item::element(place.value, place.kind.id)) {
            Ok(true) => {}
            Ok(false) => self.broken(constraint, place),
            Err(error) if error.kind == ErrorKind::Limit => {
                let text = format!(
                    "the invariant {} takes too long on this element and was not judged: make the resource smaller",
                    constraint.key
                );
                self.report(codes::BASE_INVARIANT_NOT_JUDGED, IssueCode::TooCostly, Severity::Warning, place, text);
            }
            Err(error) => {
                let text = format!("the invariant {} cannot be judged here: {error}", constraint.key);
                self.report(codes::BASE_INVARIANT_NOT_JUDGED, IssueCode::Invariant, Severity::Warning, place, text);
            }
        }
    }

    fn broken(&mut self, constraint: &'static Constraint, place: &Place<'_, 'a>) {
        let remedy = remedy(constraint.path, constraint.key).map(|remedy| format!(": {remedy}")).unwrap_or_default();
        let text = format!("the invariant {} does not hold{remedy} ({})", constraint.key, constraint.expression);
        self.report(codes::BASE_INVARIANT, IssueCode::Invariant, constraint.severity, place, text);
    }

    pub(super) fn report(&mut self, number: u16, code: IssueCode, severity: Severity, place: &Place<'_, 'a>, text: impl Into<String>) {
        if !self.is_full() {
            self.issues.push(Issue::error(number, code, place.to_string(), text).with_severity(severity));
        }
    }

    fn is_full(&self) -> bool {
        self.issues.len() >= self.room
    }
}

fn kind_of(resource: &Value) -> Option<&'static Type> {
    let kind = definitions().type_by_name(resource.resource_type()?)?;
    kind.resource_type.map(|_| kind)
}

/// Whether an element with this value, or this member beside its value, is there: an array of nulls is nothing.
fn is_there(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => items.iter().any(|item| !matches!(item, Value::Null)),
        _ => true,
    }
}

/// Whether there may be extensions or ids of elements in a value. It looks at names only.
fn needs_look(value: &Value, depth: usize) -> bool {
    match value {
        Value::Object(object) => object
            .iter()
            .any(|(name, value)| name.starts_with('_') || &**name == "id" || is_extension(name) || needs_look(value, depth + 1)),
        Value::Array(items) => items.iter().any(|item| needs_look(item, depth + 1)),
        _ => depth > MAX_DEPTH,
    }
}
