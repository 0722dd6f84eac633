//! Accounts: what is known of a person. Nothing in it is a secret; what proves that somebody is they is in [`crate::credentials`].

use access::{Assignment, Direct, Principal, Strength};
use fhir::definitions::ResourceType;
use serde::{Deserialize, Serialize};
use store::commit::{Instant, Key, Tenant};

use crate::directory::Record;
use crate::error::IdentityError;

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The name to sign in by: small letters, digits and `. _ - + @`. It belongs to this account for ever, also when that is deleted.
    pub login: String,
    /// The name to show.
    pub name: String,
    /// The e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// The telephone number, as it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The language, as BCP 47 has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Whether it may be used.
    pub status: Status,
    /// In which tenants, as whom, and with what.
    #[serde(default)]
    pub memberships: Vec<Membership>,
    /// What it is called elsewhere (SCIM's `externalId`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// When it was made.
    pub created: Instant,
    /// When it was changed last, sign-ins left aside.
    pub updated: Instant,
    /// When somebody last signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_sign_in: Option<Instant>,
    /// Sessions of another generation than this are over: it grows when all of them are ended.
    #[serde(default)]
    pub generation: u32,
}

/// An e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Email {
    /// The address, in small letters.
    pub address: String,
    /// Whether a letter to it was answered. Only then one can sign in by it, and only then it belongs to this account.
    pub verified: bool,
}

/// Whether an account may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The invitation was not accepted yet.
    Invited,
    /// It may be used.
    Active,
    /// Nobody can sign in until it is active again.
    Suspended,
    /// It is kept for the records only.
    Deleted,
}

/// A part in a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// In which.
    pub tenant: u32,
    /// Who that is in the records: `Practitioner/12`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fhir_user: Option<String>,
    /// The roles.
    #[serde(default)]
    pub roles: Vec<HeldRole>,
    /// Policies granted directly, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub granted: Vec<String>,
    /// Policies denied directly, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub denied: Vec<String>,
}

/// A role, and where it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRole {
    /// Its code: `physician`.
    pub role: String,
    /// In this facility only: `Organization/3`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facility: Option<String>,
    /// In this department only: `Organization/3` or `Location/4`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
}

impl Record for User {
    const KIND: &'static str = "user";

    fn names(&self) -> Vec<(&'static str, String)> {
        let email = self.email.iter().filter(|email| email.verified && self.status != Status::Deleted);
        let mut names = vec![("login", self.login.clone())];
        names.extend(email.map(|email| ("email", email.address.clone())));
        names
    }

    fn groups(&self) -> Vec<(&'static str, String)> {
        let mut groups: Vec<_> = self.memberships.iter().map(|part| ("tenant", part.tenant.to_string())).collect();
        groups.extend(self.memberships.iter().flat_map(Membership::holds).map(|held| (HOLDS, held)));
        groups.extend(self.external_id.iter().map(|id| ("external", id.clone())));
        groups
    }
}

/// The group of the accounts that have a role or policy: see [`holding`].
pub const HOLDS: &str = "holds";

/// The name, within [`HOLDS`], of the accounts that have a role or policy in a tenant: as a role, granted or denied directly.
pub fn holding(tenant: Tenant, policy: &str) -> String {
    format!("{}|{policy}", tenant.0)
}

impl User {
    /// An account of which nothing is known but these.
    pub(crate) fn new(login: String, name: String, status: Status, now: Instant) -> Self {
        Self {
            login,
            name,
            email: None,
            phone: None,
            locale: None,
            status,
            memberships: Vec::new(),
            external_id: None,
            created: now,
            updated: now,
            last_sign_in: None,
            generation: 0,
        }
    }

    /// Who asks, when the owner of this account does, in a tenant: `id` is the account's. One without a part in it has no roles. It is of [`Strength::One`], under no client and no session.
    pub fn principal(&self, id: &str, tenant: Tenant) -> Principal {
        let part = self.membership(tenant);
        Principal {
            tenant,
            user: Some(id.into()),
            fhir_user: part.and_then(Membership::fhir_user),
            name: self.name.as_str().into(),
            client: None,
            roles: part.map(Membership::assignments).unwrap_or_default(),
            scopes: None,
            patient: None,
            encounter: None,
            purpose: None,
            direct: part.map(Membership::direct).unwrap_or_default(),
            break_glass: None,
            strength: Strength::One,
            session: "".into(),
        }
    }

    /// Suspends it: all its sessions end, and nobody signs in until it is active again.
    ///
    /// Fails with [`IdentityError::WrongState`] when it is not active.
    pub fn suspend(&mut self) -> Result<(), IdentityError> {
        if self.status != Status::Active {
            return Err(IdentityError::WrongState("active"));
        }
        self.status = Status::Suspended;
        self.generation += 1;
        Ok(())
    }

    /// Makes it active again.
    ///
    /// Fails with [`IdentityError::WrongState`] when it is not suspended.
    pub fn reactivate(&mut self) -> Result<(), IdentityError> {
        if self.status != Status::Suspended {
            return Err(IdentityError::WrongState("suspended"));
        }
        self.status = Status::Active;
        Ok(())
    }

    /// Ends it: login and name stay for the records.
    pub fn end(&mut self) {
        self.status = Status::Deleted;
        self.memberships.clear();
        (self.email, self.phone) = (None, None);
        self.generation += 1;
    }

    /// Its part in a tenant.
    pub fn membership(&self, tenant: Tenant) -> Option<&Membership> {
        self.memberships.iter().find(|part| part.tenant == tenant.0)
    }

    /// The e-mail address that is known to be theirs.
    pub fn verified_email(&self) -> Option<&str> {
        self.email.as_ref().filter(|email| email.verified).map(|email| &*email.address)
    }
}

impl Membership {
    /// A part in a tenant with one role that holds everywhere in it.
    pub fn with_role(tenant: Tenant, role: &str) -> Self {
        let role = HeldRole { role: role.to_owned(), facility: None, department: None };
        Self { tenant: tenant.0, fhir_user: None, roles: vec![role], granted: Vec::new(), denied: Vec::new() }
    }

    /// Who that is in the records.
    pub fn fhir_user(&self) -> Option<Key> {
        self.fhir_user.as_deref().and_then(key)
    }

    /// The roles, as rules want them. A role whose place cannot be understood is left out: it would hold everywhere.
    pub fn assignments(&self) -> Vec<Assignment> {
        let place = |text: &Option<String>| text.as_deref().map_or(Some(None), |text| key(text).map(Some));
        let assignment = |held: &HeldRole| {
            Some(Assignment { role: held.role.as_str().into(), facility: place(&held.facility)?, department: place(&held.department)? })
        };
        self.roles.iter().filter_map(assignment).collect()
    }

    /// The policies that are granted or denied directly, as rules want them.
    pub fn direct(&self) -> Vec<Direct> {
        let of =
            |names: &[String], is_granted| names.iter().map(|name| Direct { policy: name.as_str().into(), is_granted }).collect::<Vec<_>>();
        [of(&self.granted, true), of(&self.denied, false)].concat()
    }

    /// The roles and policies that are named in it, for [`HOLDS`]: each once.
    fn holds(&self) -> Vec<String> {
        let named = self.roles.iter().map(|held| &held.role).chain(&self.granted).chain(&self.denied);
        let mut holds: Vec<String> = named.map(|name| holding(Tenant(self.tenant), name)).collect();
        holds.sort_unstable();
        holds.dedup();
        holds
    }

    /// That it can be understood.
    ///
    /// Fails with [`IdentityError::Invalid`] for a tenant 0, and for references that are none or of a type that does not fit.
    pub fn check(&self) -> Result<(), IdentityError> {
        let fits = |text: &Option<String>, kinds: &[&str]| {
            text.as_deref().is_none_or(|text| key(text).is_some_and(|key| kinds.contains(&key.kind.name())))
        };
        let rule = if self.tenant == 0 {
            "tenants of people begin at 1"
        } else if !fits(&self.fhir_user, &["Practitioner", "Patient", "RelatedPerson", "Person"]) {
            "fhirUser is a reference to a Practitioner, Patient, RelatedPerson or Person, such as Practitioner/12"
        } else if !self.roles.iter().all(|role| fits(&role.facility, &["Organization"])) {
            "a facility is a reference such as Organization/3"
        } else if !self.roles.iter().all(|role| fits(&role.department, &["Organization", "Location"])) {
            "a department is a reference such as Location/4"
        } else {
            return Ok(());
        };
        Err(IdentityError::Invalid { field: "membership", rule })
    }
}

/// The key in `Practitioner/12`.
fn key(reference: &str) -> Option<Key> {
    let (kind, id) = reference.split_once('/')?;
    let is_id = (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    is_id.then(|| ResourceType::parse(kind).map(|kind| Key::new(kind, id))).flatten()
}
