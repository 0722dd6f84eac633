//! What somebody may do: rules, scopes and consents compiled into one table, by type and act.

use std::sync::{Arc, OnceLock};

use fhir::definitions::ResourceType;
use store::query::{Filter, Subject, Visible};

use crate::policy::Permission;
use crate::principal::Principal;
use crate::shown::{OfGrant, Shown};

/// What is done with a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// A resource comes into being.
    Create,
    /// A resource whose id is known is read: read, vread, the history of an instance.
    Read,
    /// A resource gets another version.
    Update,
    /// A resource is deleted.
    Delete,
    /// Resources are looked for: searches, histories of types and of the system, exports, and whatever else finds them by something but their id.
    Search,
}

/// All acts, in the order of the columns of a [`Grant`].
pub const ACTS: [Act; 5] = [Act::Create, Act::Read, Act::Update, Act::Delete, Act::Search];

/// Whether an act is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No rule allows it.
    Refused,
    /// With every resource of the type.
    Allowed,
    /// With those that pass.
    Where(Arc<Filter>),
}

/// Elements of a type that are hidden or must not be changed, by their paths without the type, such as `name.given`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// They are left out of every answer, and nothing can be found or ordered by them.
    pub hidden: Vec<Box<str>>,
    /// A write must leave them as they are; a create must not have them.
    pub read_only: Vec<Box<str>>,
}

/// What somebody may do.
#[derive(Debug)]
pub struct Grant {
    /// Who.
    pub principal: Arc<Principal>,
    /// For each type, in the order of their numbers, the verdict on each of [`ACTS`].
    verdicts: Vec<[Verdict; 5]>,
    /// For types of which an update makes what is not there by another rule than a create: the verdict on that.
    upserts: Vec<(ResourceType, Verdict)>,
    /// For each type that has some.
    fields: Vec<(ResourceType, Fields)>,
    /// The operations allowed beyond those that only read and write resources: by name, without `$`; `*` for all.
    operations: Vec<Box<str>>,
    /// What may be administered.
    administration: Vec<Permission>,
    /// The roles and policies that may be handed out; `*` for all.
    assigns: Vec<Box<str>>,
    /// What makes a relation of the user to a patient: each what of a type refers to the patient ([`Filter::Has`]).
    relations: Vec<Filter>,
    /// [`Grant::visible`], once somebody has asked for it.
    visible: OnceLock<Visible>,
    /// What was shown under it; `None`: nothing is remembered.
    shown: Option<OfGrant>,
}

impl Grant {
    /// A grant that refuses everything.
    pub fn nothing(principal: Arc<Principal>) -> Self {
        let verdicts = ResourceType::all().map(|_| ACTS.map(|_| Verdict::Refused)).collect();
        Self {
            principal,
            verdicts,
            upserts: Vec::new(),
            fields: Vec::new(),
            operations: Vec::new(),
            administration: Vec::new(),
            assigns: Vec::new(),
            relations: Vec::new(),
            visible: OnceLock::new(),
            shown: None,
        }
    }

    /// The same, remembering what its rules have let pass.
    pub(crate) fn remembering(mut self, shown: Arc<Shown>) -> Self {
        self.shown = Some(OfGrant::new(shown));
        self
    }

    /// What its rules have let pass lately; `None`: nothing is remembered.
    pub(crate) fn shown(&self) -> Option<&OfGrant> {
        self.shown.as_ref()
    }

    /// The same with another verdict.
    pub fn with(mut self, kind: ResourceType, act: Act, verdict: Verdict) -> Self {
        // What passed by another rule says nothing any more.
        self.shown = None;
        self.verdicts[kind.index()][act as usize] = verdict;
        self.visible = OnceLock::new();
        self
    }

    /// The same with another verdict on updates of what is not there.
    pub(crate) fn with_upsert(mut self, kind: ResourceType, verdict: Verdict) -> Self {
        self.upserts.retain(|(known, _)| *known != kind);
        self.upserts.push((kind, verdict));
        self
    }

    /// The same with hidden and read-only elements.
    pub fn with_fields(mut self, kind: ResourceType, fields: Fields) -> Self {
        self.fields.retain(|(known, _)| *known != kind);
        self.fields.push((kind, fields));
        self
    }

    /// The same with an operation allowed, by its name without `$`; `*`: all.
    pub fn with_operation(mut self, name: &str) -> Self {
        self.operations.push(name.into());
        self
    }

    /// The same with something that may be administered.
    pub fn with_administration(mut self, permission: Permission) -> Self {
        self.administration.push(permission);
        self
    }

    /// The same with a role or policy that may be handed out, by its name; `*`: all.
    pub fn assigning(mut self, name: &str) -> Self {
        self.assigns.push(name.into());
        self
    }

    /// The same with something that makes a relation of the user to a patient, where rules go by relations.
    pub(crate) fn with_relation(mut self, makes: Filter) -> Self {
        self.relations.push(makes);
        self
    }

    /// What makes a relation of the user to a patient. It is judged by what is stored, and not by what they are about to write.
    pub(crate) fn relations(&self) -> &[Filter] {
        &self.relations
    }

    /// Whether an act is allowed with resources of a type.
    pub fn verdict(&self, kind: ResourceType, act: Act) -> &Verdict {
        &self.verdicts[kind.index()][act as usize]
    }

    /// Whether a resource of a type may be made by an update, under an id that whoever asks has chosen: that of [`Act::Create`], but for a client whose scopes have updates and no
    /// creates. An update that creates is an update there (SMART App Launch 2.2, scopes for requesting FHIR resources).
    pub fn upsert(&self, kind: ResourceType) -> &Verdict {
        let other = self.upserts.iter().find(|(known, _)| *known == kind).map(|(_, verdict)| verdict);
        other.unwrap_or_else(|| self.verdict(kind, Act::Create))
    }

    /// The elements of a type that are hidden or must not be changed; `None`: there are none.
    pub fn fields(&self, kind: ResourceType) -> Option<&Fields> {
        self.fields.iter().find(|(known, _)| *known == kind).map(|(_, fields)| fields)
    }

    /// Whether elements of any type are hidden or must not be changed.
    pub fn has_fields(&self) -> bool {
        !self.fields.is_empty()
    }

    /// What may be found by searches, as the store is told it: made once for all who have the grant.
    pub fn visible(&self) -> &Visible {
        let subject = |kind| match self.verdict(kind, Act::Search) {
            Verdict::Refused => None,
            Verdict::Allowed => Some(Subject { kind, filter: Filter::everything() }),
            Verdict::Where(rule) => Some(Subject { kind, filter: Filter::clone(rule) }),
        };
        self.visible.get_or_init(|| ResourceType::all().filter_map(subject).collect::<Vec<_>>().into())
    }

    /// Whether an act is allowed with every resource of every type.
    pub fn allows_all(&self, act: Act) -> bool {
        self.verdicts.iter().all(|verdicts| verdicts[act as usize] == Verdict::Allowed)
    }

    /// Whether an act is refused with all resources of every type.
    pub fn refuses_all(&self, act: Act) -> bool {
        self.verdicts.iter().all(|verdicts| verdicts[act as usize] == Verdict::Refused)
    }

    /// Whether an operation is allowed that does more than to read and write resources.
    pub fn allows_operation(&self, name: &str) -> bool {
        self.operations.iter().any(|known| **known == *name || **known == *"*")
    }

    /// Whether something may be administered.
    pub fn administers(&self, permission: Permission) -> bool {
        self.administration.contains(&permission)
    }

    /// Whether a role or policy of this name may be handed out and taken back. What it allows to administer must be allowed, too.
    pub fn assigns(&self, name: &str) -> bool {
        self.assigns.iter().any(|known| **known == *name || **known == *"*")
    }
}
