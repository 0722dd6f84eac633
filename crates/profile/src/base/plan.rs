//! The invariants of each type, compiled once from [`fhir::definitions::invariants`].

use std::sync::OnceLock;

use fhir::Severity;
use fhir::definitions::{Invariant, PrimitiveType, Type, TypeId, TypeKind, definitions, invariants};
use fhirpath::Expression;

use super::corrections::corrected;
use super::guard::Part;
use super::native::Native;

/// What `fhir::check` judges already, by its own means: content of elements (ele-1) and extensions (ext-1), contained resources (dom-2, dom-4,
/// dom-5), references to them (ref-1) and the XHTML of narratives (txt-1, txt-2). Tests hold it to the expressions.
const STRUCTURAL: [&str; 8] = ["ele-1", "ext-1", "dom-2", "dom-4", "dom-5", "ref-1", "txt-1", "txt-2"];

/// An invariant.
#[derive(Debug)]
pub struct Constraint {
    /// The path of the element in the definition that has it: `Period`, `ElementDefinition.max`.
    pub path: &'static str,
    /// Its key: `per-1`.
    pub key: &'static str,
    /// How bad it is when it does not hold; `Information` for a best practice.
    pub severity: Severity,
    /// The expression, corrected where the published one does not say what is meant.
    pub expression: &'static str,
    pub(super) guard: Part,
    pub(super) native: Option<Native>,
    parsed: OnceLock<Option<Expression>>,
}

impl Constraint {
    /// The parsed expression. Every one of the table can be parsed; a test says so.
    pub(super) fn parsed(&self) -> Option<&Expression> {
        self.parsed.get_or_init(|| Expression::parse(self.expression).ok()).as_ref()
    }
}

/// What is to be done with an element of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Descent {
    /// A primitive: only what stands beside it.
    Primitive,
    /// A primitive that holds an address.
    Address,
    /// No invariant applies to it nor to anything in it: it matters only when there are extensions.
    Quiet,
    /// It is looked into.
    Full,
    /// A resource, whose type is in it.
    Resource,
}

/// The invariants of a type and of its elements.
#[derive(Debug)]
pub(super) struct Plan {
    /// On the type itself, those of its bases included.
    pub(super) constraints: Vec<&'static Constraint>,
    /// On single elements: the place of the element.
    pub(super) of_elements: Vec<(usize, &'static Constraint)>,
    pub(super) descent: Descent,
    /// What else is to be looked at, which no invariant says.
    pub(super) special: Option<Special>,
}

/// Types with rules that FHIR states in words only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Special {
    Attachment,
    Bundle,
    CapabilityStatement,
    MeasureReport,
    Questionnaire,
    SearchParameter,
}

impl Special {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "Attachment" => Self::Attachment,
            "Bundle" => Self::Bundle,
            "CapabilityStatement" => Self::CapabilityStatement,
            "MeasureReport" => Self::MeasureReport,
            "Questionnaire" => Self::Questionnaire,
            "SearchParameter" => Self::SearchParameter,
            _ => return None,
        })
    }
}

/// The plans of all types, by [`TypeId`].
pub(super) struct Plans {
    plans: Vec<Plan>,
    pub(super) extension: TypeId,
    /// In definitions of elements the same id stands twice: in the snapshot, and in the differential.
    pub(super) element_definition: TypeId,
}

impl Plans {
    pub(super) fn of(&self, id: TypeId) -> &Plan {
        &self.plans[usize::from(id.0)]
    }
}

/// All of FHIR's own invariants, in the order of the definitions, those that `fhir::check` judges included.
pub fn constraints() -> &'static [Constraint] {
    static CONSTRAINTS: OnceLock<Vec<Constraint>> = OnceLock::new();
    CONSTRAINTS.get_or_init(|| invariants().iter().map(constraint).collect())
}

fn constraint(invariant: &Invariant) -> Constraint {
    let Invariant { path, key, severity, expression: published } = *invariant;
    let expression = corrected(key, published);
    let guard = match definitions().type_by_name(path) {
        Some(kind) => Part::of(expression, kind),
        None => Part::unknown(),
    };
    Constraint { path, key, severity, expression, guard, native: Native::of(key), parsed: OnceLock::new() }
}

/// The plans, compiled on the first call.
pub(super) fn plans() -> &'static Plans {
    static PLANS: OnceLock<Plans> = OnceLock::new();
    PLANS.get_or_init(|| {
        let own = definitions().types().iter().map(own).collect::<Vec<_>>();
        let elements: Vec<&'static Constraint> = constraints().iter().filter(|constraint| is_of_element(constraint)).collect();
        let mut plans: Vec<Plan> = definitions().types().iter().map(|kind| inherited(kind, &own, &elements)).collect();
        settle(&mut plans);
        let id = |name| definitions().type_by_name(name).map_or(TypeId(u16::MAX), |kind| kind.id);
        Plans { plans, extension: id("Extension"), element_definition: id("ElementDefinition") }
    })
}

/// The constraints that a type adds to those of its base.
fn own(kind: &'static Type) -> Vec<&'static Constraint> {
    constraints().iter().filter(|constraint| constraint.path == kind.name && !STRUCTURAL.contains(&constraint.key)).collect()
}

fn inherited(kind: &'static Type, own: &[Vec<&'static Constraint>], elements: &[&'static Constraint]) -> Plan {
    let ancestors = std::iter::successors(Some(kind), |kind| kind.base.map(|base| definitions().get(base)));
    let constraints = ancestors.flat_map(|ancestor| own[usize::from(ancestor.id.0)].iter().copied()).collect();
    let of_element = |constraint: &Constraint| {
        let name = constraint.path.strip_prefix(kind.name)?.strip_prefix('.')?;
        let name = name.strip_suffix("[x]").unwrap_or(name);
        kind.elements.iter().position(|element| element.name == name)
    };
    let of_elements = elements.iter().filter_map(|constraint| Some((of_element(constraint)?, *constraint))).collect();
    let descent = match kind.kind {
        TypeKind::Primitive => match kind.primitive {
            Some(PrimitiveType::Uri | PrimitiveType::Url | PrimitiveType::Canonical) => Descent::Address,
            _ => Descent::Primitive,
        },
        TypeKind::Resource if kind.is_abstract => Descent::Resource,
        _ => Descent::Quiet,
    };
    Plan { constraints, of_elements, descent, special: Special::of(kind.name) }
}

/// Whether a constraint stands on an element whose type others have too: `Organization.telecom`.
fn is_of_element(constraint: &Constraint) -> bool {
    !STRUCTURAL.contains(&constraint.key) && definitions().type_by_name(constraint.path).is_none()
}

/// Finds which types are not quiet: those with invariants, and those with elements of such types.
fn settle(plans: &mut [Plan]) {
    loop {
        let mut is_settled = true;
        for kind in definitions().types() {
            let plan = &plans[usize::from(kind.id.0)];
            let loud = |id: TypeId| matches!(plans[usize::from(id.0)].descent, Descent::Full | Descent::Resource);
            let is_loud = !plan.constraints.is_empty()
                || !plan.of_elements.is_empty()
                || kind.elements.iter().any(|element| !is_extension(element.name) && element.types.iter().any(|of| loud(of.id)));
            if plan.descent == Descent::Quiet && is_loud {
                plans[usize::from(kind.id.0)].descent = Descent::Full;
                is_settled = false;
            }
        }
        if is_settled {
            return;
        }
    }
}

/// Whether it is the name of the elements that hold extensions.
pub(super) fn is_extension(name: &str) -> bool {
    matches!(name, "extension" | "modifierExtension")
}
