//! A Consent resource, understood.

use fhir::Value;
use fhir::definitions::ResourceType;
use fhir::primitive::Temporal;
use store::commit::Key;

use super::{Actor, Data, Directive, Period, Provision, Seeing};

/// How many provisions of a Consent count, nested ones among them. One with more is taken to deny everything.
const MAX_PROVISIONS: usize = 100;

/// What a Consent says; `None` when it says nothing that counts: it is not active, not about privacy, about nobody of this server, or has neither a provision nor
/// a policy that is known.
pub(crate) fn read(resource: &Value) -> Option<Directive> {
    let is_privacy = resource.get("scope").is_some_and(|scope| codes(scope).any(|(_, code)| code == "patient-privacy"));
    if resource.text("status") != Some("active") || !is_privacy {
        return None;
    }
    let patient = local(resource.get("patient")?.text("reference")?).filter(|key| key.kind.name() == "Patient")?;
    let policy = resource.get("policyRule").and_then(|rule| codes(rule).find_map(|(_, code)| by_policy(code)));
    let (mut base, mut exceptions) = match resource.get("provision") {
        Some(provision) => provisions(provision, policy),
        None => (Provision { permits: Some(policy?), ..everything() }, Vec::new()),
    };
    if is_modified(resource) || resource.get("implicitRules").is_some() {
        [&mut base].into_iter().chain(&mut exceptions).for_each(permit_nothing);
    }
    Some(Directive { id: resource.text("id")?.into(), patient: patient.id, base, exceptions })
}

/// What a policy says to begin with (<http://terminology.hl7.org/CodeSystem/v3-ActCode>).
fn by_policy(code: &str) -> Option<bool> {
    match code {
        "OPTIN" | "OPTINR" => Some(true),
        "OPTOUT" | "OPTOUTE" => Some(false),
        _ => None,
    }
}

fn provisions(root: &Value, policy: Option<bool>) -> (Provision, Vec<Provision>) {
    let nested: Vec<&Value> = root.list("provision").collect();
    let is_deeper = nested.iter().any(|provision| provision.get("provision").is_some());
    if is_deeper || nested.len() >= MAX_PROVISIONS {
        return (Provision { permits: Some(false), ..everything() }, Vec::new());
    }
    let base = provision(root, permits(root, nested.is_empty(), policy));
    let exceptions = nested.into_iter().map(|nested| provision(nested, permits(nested, true, None)));
    (base, exceptions.collect())
}

/// Whether something says that it does not mean what its elements say, in a way that is not known
/// (<http://hl7.org/fhir/R4/extensibility.html#modifierExtension>).
fn is_modified(value: &Value) -> bool {
    value.get("modifierExtension").is_some()
}

fn permit_nothing(provision: &mut Provision) {
    provision.permits = provision.permits.filter(|permits| !permits);
}

/// Whether a provision permits. One that does not say denies, unless it only holds others.
fn permits(provision: &Value, is_leaf: bool, policy: Option<bool>) -> Option<bool> {
    match provision.text("type") {
        Some("permit") => Some(true),
        Some(_) => Some(false),
        None => policy.or(is_leaf.then_some(false)),
    }
}

impl Directive {
    /// How much it says: its provisions, and what is listed in them.
    pub(super) fn size(&self) -> usize {
        let of = |provision: &Provision| 1 + provision.actors.len() + provision.purposes.len() + provision.data.size();
        [&self.base].into_iter().chain(&self.exceptions).map(of).sum()
    }

    /// The consent of the same patient that denies everything.
    pub(super) fn denying_everything(self) -> Self {
        Self { base: Provision { permits: Some(false), ..everything() }, exceptions: Vec::new(), ..self }
    }
}

fn everything() -> Provision {
    Provision {
        permits: None,
        period: Period::ALWAYS,
        actors: Vec::new(),
        purposes: Vec::new(),
        acts: Seeing { sees: true, writes: true },
        data: Data::default(),
    }
}

fn provision(value: &Value, permits: Option<bool>) -> Provision {
    let mut provision = Provision {
        permits,
        period: value.get("period").map_or(Period::ALWAYS, period),
        actors: value.list("actor").map(actor).collect(),
        purposes: value.list("purpose").map(|purpose| purpose.text("code").unwrap_or_default().into()).collect(),
        acts: acts(value, permits == Some(true)),
        data: Data::read(value),
    };
    if is_modified(value) {
        permit_nothing(&mut provision);
    }
    provision
}

/// A Period; an end that cannot be read is open.
pub(super) fn period(value: &Value) -> Period {
    let at = |name: &str| value.text(name).and_then(Temporal::parse);
    Period {
        first: at("start").map_or(Period::ALWAYS.first, |start| start.first_ms()),
        last: at("end").map_or(Period::ALWAYS.last, |end| end.last_ms()),
    }
}

fn actor(value: &Value) -> Actor {
    let key = value.get("reference").and_then(|reference| local(reference.text("reference")?));
    key.map_or(Actor::Unknown, Actor::Known)
}

/// <http://hl7.org/fhir/R4/valueset-consent-action.html>: an action that is not known stands for every act, and for none in a provision that permits.
fn acts(value: &Value, permits: bool) -> Seeing {
    let mut acts = Seeing { sees: false, writes: false };
    let mut is_said = false;
    for action in value.list("action") {
        is_said = true;
        let mut codes = codes(action).map(|(_, code)| code).peekable();
        let is_told = codes.peek().is_some();
        for code in codes.chain((!is_told).then_some("")) {
            match code {
                "access" | "use" | "disclose" => acts.sees = true,
                "collect" | "correct" => acts.writes = true,
                _ if permits => {}
                _ => acts = Seeing { sees: true, writes: true },
            }
        }
    }
    if is_said { acts } else { Seeing { sees: true, writes: true } }
}

/// The codes of a CodeableConcept, with their systems.
pub(super) fn codes(concept: &Value) -> impl Iterator<Item = (&str, &str)> {
    concept.list("coding").filter_map(|coding| Some((coding.text("system").unwrap_or_default(), coding.text("code")?)))
}

/// The resource that a relative reference names, whichever version.
pub(crate) fn local(reference: &str) -> Option<Key> {
    let mut parts = reference.split('/');
    let (kind, id) = (parts.next()?, parts.next()?);
    let is_rest_known = matches!((parts.next(), parts.next(), parts.next()), (None, _, _) | (Some("_history"), Some(_), None));
    is_rest_known.then_some(())?;
    Some(Key::new(ResourceType::parse(kind)?, id))
}
