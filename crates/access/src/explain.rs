//! Why: which rule, scope or consent allows or refuses something, in data and in words.

mod words;

use std::sync::Arc;

use fhir::definitions::ResourceType;
use fhir::{Object, Value, json};
use store::commit::{Instant, Key};
use store::query::{Filter, Query};
use store::{ReadError, Store};

use crate::compile::{OfKind, Plan, Source, is_kept, writes};
use crate::criteria::{all, is_everything, is_nothing};
use crate::policy::Effect;
use crate::{Access, Act, Principal};

/// What came out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What is asked about.
    pub act: Act,
    /// With resources of which type.
    pub kind: ResourceType,
    /// With which of them; `None`: with any.
    pub resource: Option<Key>,
    /// What came out.
    pub outcome: Outcome,
    /// Everything that had a say, and what would have one if it held.
    pub reasons: Vec<Reason>,
}

/// What came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is allowed.
    Allowed,
    /// It is allowed with some resources of the type.
    Sometimes,
    /// It is refused.
    Refused,
}

/// Something that had a say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Where it comes from.
    pub origin: Origin,
    /// What it is called: the rule of a role, the text of a scope, the id of a Consent.
    pub name: Box<str>,
    /// What it says.
    pub says: Says,
    /// Whether it is about the resource that was asked about; `None` without one.
    pub concerns: Option<bool>,
    /// All of that in a sentence.
    pub words: String,
}

/// Where something comes from that has a say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A rule of a role, by its name.
    Role(Box<str>),
    /// A rule of a policy of the user alone, by its name.
    User(Box<str>),
    /// A scope of the client.
    Scope,
    /// Consents of patients.
    Consent,
}

/// What something says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// It allows.
    Allows,
    /// It allows some.
    AllowsSome,
    /// It denies.
    Denies,
    /// It would have a say, and does not hold now.
    DoesNotHold,
    /// There is nothing that allows: no rule, no scope.
    Lacks,
}

impl Access {
    /// Why somebody may, or may not, do something with resources of a type, or with one of them, now.
    ///
    /// It tells whether the resource is there, and which consent hides it: hand it to those who look after access, and to the one who asks as
    /// [`Explanation::for_the_asker`].
    ///
    /// # Errors
    /// When the consents, or the resource, cannot be read.
    pub async fn explain(
        &self,
        principal: &Arc<Principal>,
        act: Act,
        kind: ResourceType,
        resource: Option<&str>,
        now: Instant,
    ) -> Result<Explanation, ReadError> {
        let plan = self.plan(principal, now).await?;
        let of = plan.of_kind(&self.registry(), kind);
        let key = resource.map(|id| Key::new(kind, id));
        let look = Look { store: self.store(), plan: &plan, of: &of, act, key: key.as_ref() };
        let verdict = plan.verdict(&of, act);
        let outcome = match look.concerns(&verdict).await? {
            Some(true) => Outcome::Allowed,
            Some(false) => Outcome::Refused,
            None if is_nothing(&verdict) => Outcome::Refused,
            None if is_everything(&verdict) => Outcome::Allowed,
            None => Outcome::Sometimes,
        };
        let mut reasons = look.rules().await?;
        reasons.extend(look.scopes().await?);
        reasons.extend(look.consents().await?);
        Ok(Explanation { act, kind, resource: key, outcome, reasons })
    }
}

/// A look at what has a say.
struct Look<'a> {
    store: &'a dyn Store,
    plan: &'a Plan,
    of: &'a OfKind,
    act: Act,
    key: Option<&'a Key>,
}

impl Look<'_> {
    /// Whether the resource asked about passes; `None` when none was.
    async fn concerns(&self, filter: &Filter) -> Result<Option<bool>, ReadError> {
        let Some(key) = self.key else { return Ok(None) };
        let filter = all([Filter::Id(vec![key.id.clone()]), filter.clone()]);
        let query = Query { count: 1, ..Query::new(self.plan.principal.tenant, key.kind, filter) };
        Ok(Some(!self.store.search(&query).await?.matches.is_empty()))
    }

    async fn rules(&self) -> Result<Vec<Reason>, ReadError> {
        let mut reasons = Vec::new();
        let kind = self.of.kind;
        let about = |rule: &crate::Rule| rule.kinds.binary_search(&kind).is_ok() && rule.acts.has(self.act);
        for (index, applied) in self.plan.applied.iter().enumerate().filter(|(_, applied)| about(applied.rule())) {
            let filter = self.of.rules.iter().find(|(known, _)| *known == index).map(|(_, filter)| filter);
            let rule = applied.rule();
            let (says, concerns) = match (applied.skipped, filter) {
                (Some(_), _) => (Says::DoesNotHold, None),
                (None, None) => (Says::DoesNotHold, self.key.map(|_| false)),
                (None, Some(filter)) => {
                    let says = match rule.effect {
                        Effect::Deny => Says::Denies,
                        Effect::Allow if is_everything(filter) => Says::Allows,
                        Effect::Allow => Says::AllowsSome,
                    };
                    (says, self.concerns(filter).await?)
                }
            };
            let origin = match &applied.source {
                Source::Role(assignment) => Origin::Role(assignment.role.clone()),
                Source::User => Origin::User(applied.policy().into()),
            };
            let words = words::of_rule(applied, says, concerns);
            reasons.push(Reason { origin, name: rule.name.clone(), says, concerns, words });
        }
        for role in &self.plan.unknown_roles {
            let words = format!("there is no role `{role}`: whoever was given it may do nothing by it");
            reasons.push(Reason { origin: Origin::Role(role.clone()), name: role.clone(), says: Says::DoesNotHold, concerns: None, words });
        }
        if is_kept(kind, self.act) {
            let words = "what the audit trail says is added to, changed and deleted by the server alone, whatever a rule says".to_owned();
            reasons.push(Reason { origin: Origin::Role("".into()), name: "".into(), says: Says::Denies, concerns: None, words });
        }
        if self.plan.acting(self.of, self.act, Effect::Allow).next().is_none() {
            let words = words::no_rule(self.act, kind, &self.plan.principal);
            reasons.push(Reason { origin: Origin::Role("".into()), name: "".into(), says: Says::Lacks, concerns: None, words });
        }
        Ok(reasons)
    }

    async fn scopes(&self) -> Result<Vec<Reason>, ReadError> {
        let (Some(scopes), Some(filters)) = (&self.plan.scopes, &self.of.scopes) else { return Ok(Vec::new()) };
        let mut reasons = Vec::new();
        for (index, filter) in filters {
            let scoped = &scopes[*index];
            if !scoped.scope.acts.has(self.act) {
                continue;
            }
            let says = match filter {
                filter if is_nothing(filter) => Says::DoesNotHold,
                filter if is_everything(filter) => Says::Allows,
                _ => Says::AllowsSome,
            };
            let concerns = self.concerns(filter).await?;
            let words = words::of_scope(scoped, says, concerns);
            reasons.push(Reason { origin: Origin::Scope, name: scoped.scope.to_string().into(), says, concerns, words });
        }
        if reasons.is_empty() {
            let words = words::no_scope(self.act, self.of.kind);
            reasons.push(Reason { origin: Origin::Scope, name: "".into(), says: Says::Lacks, concerns: None, words });
        }
        Ok(reasons)
    }

    async fn consents(&self) -> Result<Vec<Reason>, ReadError> {
        let agreed = &self.of.agreed[usize::from(writes(self.act))];
        if is_everything(agreed) {
            return Ok(Vec::new());
        }
        let concerns = self.concerns(agreed).await?.map(|passes| !passes);
        let words = words::of_consents(&self.plan.agreement, self.of.kind, concerns);
        let says = if is_nothing(agreed) { Says::Lacks } else { Says::Denies };
        let names = if concerns == Some(true) { self.denying().await? } else { Vec::new() };
        let reason = |name: Box<str>| Reason { origin: Origin::Consent, name, says, concerns, words: words.clone() };
        Ok(if names.is_empty() { vec![reason("".into())] } else { names.into_iter().map(reason).collect() })
    }

    /// The ids of the consents that deny something of the patient whom the resource is about.
    async fn denying(&self) -> Result<Vec<Box<str>>, ReadError> {
        let Some(key) = self.key else { return Ok(Vec::new()) };
        let version = self.store.read(self.plan.principal.tenant, key).await?;
        let resource = version.as_ref().and_then(|version| json::parse(version.text()?).ok());
        let named = |name: &str| Some(resource.as_ref()?.get(name)?.text("reference")?.strip_prefix("Patient/")?.to_owned());
        let itself = (key.kind.name() == "Patient").then(|| key.id.to_string());
        let patients = [itself, named("patient"), named("subject")].into_iter().flatten();
        let denying =
            |patient: String| self.plan.agreement.denying(&patient, writes(self.act)).into_iter().map(Box::from).collect::<Vec<Box<str>>>();
        Ok(patients.flat_map(denying).collect())
    }
}

impl Explanation {
    /// The same for the one who asks: of a resource that is refused nothing is told that would not be told of one that was never there.
    pub fn for_the_asker(mut self) -> Self {
        if self.resource.is_some() && self.outcome == Outcome::Refused {
            self.reasons.retain(|reason| reason.origin != Origin::Consent);
            for reason in &mut self.reasons {
                reason.concerns = None;
                reason.words = words::in_general(&reason.words);
            }
        }
        self
    }

    /// As JSON, for `GET /api/v1/access/explain`.
    pub fn to_value(&self) -> Value {
        let mut value = Object::new();
        value.push("act", words::act(self.act));
        value.push("type", self.kind.name());
        if let Some(key) = &self.resource {
            value.push("id", &*key.id);
        }
        let outcome = match self.outcome {
            Outcome::Allowed => "allowed",
            Outcome::Sometimes => "sometimes",
            Outcome::Refused => "refused",
        };
        value.push("outcome", outcome);
        value.push("reasons", self.reasons.iter().map(Reason::to_value).collect::<Vec<_>>());
        value.into()
    }
}

impl Reason {
    fn to_value(&self) -> Value {
        let mut value = Object::new();
        let (origin, of) = match &self.origin {
            Origin::Role(name) => ("role", &**name),
            Origin::User(name) => ("user", &**name),
            Origin::Scope => ("scope", ""),
            Origin::Consent => ("consent", ""),
        };
        let says = match self.says {
            Says::Allows => "allows",
            Says::AllowsSome => "allows-some",
            Says::Denies => "denies",
            Says::DoesNotHold => "does-not-hold",
            Says::Lacks => "lacks",
        };
        value.push("origin", origin);
        for (name, text) in [("policy", of), ("name", &*self.name)] {
            if !text.is_empty() {
                value.push(name, text);
            }
        }
        value.push("says", says);
        if let Some(concerns) = self.concerns {
            value.push("concerns", concerns);
        }
        value.push("words", self.words.as_str());
        value.into()
    }
}
