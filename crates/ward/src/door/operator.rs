//! Tokens of the operator: whoever may read the data directory may have one, whether a server holds it or not.
//!
//! Such a token says itself what it allows, and is proved by a key that lies in the data directory. It needs no record, so that `ward token` works beside a
//! server; so it cannot be revoked alone either: it ends by its time, or all of them when the key is removed. One that was seen is known again by its SHA-256, as those of
//! sessions and apps are, so that it is not proved and read with each request.

use std::path::Path;
use std::sync::Arc;

use access::{Assignment, Principal, Scopes, Strength};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use identity::seen::{Basis, Fingerprint, Seen};
use identity::{Directory, base64url};
use serde::{Deserialize, Serialize};
use store::commit::{Instant, Key, Tenant};

use crate::command::Failure;
use crate::secret_file;

/// The file with the key, in the data directory. Only its owner may read it.
const FILE_NAME: &str = "operator.key";

/// What such a token begins with.
const PREFIX: &str = "ward-operator.";

/// How many bytes a token has at most.
const MOST_BYTES: usize = 4096;

/// How many tokens are remembered.
const REMEMBERED: usize = 1_000;

/// The key of a data directory, and what it has proved lately.
pub struct OperatorKey {
    key: hmac::Key,
    seen: Seen<Principal>,
}

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// In whose data.
    pub tenant: u32,
    /// The same by its name in addresses, where that was all that was known when the token was made: then it counts, and not the number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_name: Option<String>,
    /// The scopes, as SMART writes them.
    pub scope: String,
    /// The patient whose own view it is, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<String>,
    /// Whether it administers accounts, clients and roles, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub administers: bool,
    /// Until when: milliseconds since 1970.
    pub until: Instant,
}

impl OperatorKey {
    /// The key of a data directory; it is made when there is none.
    ///
    /// Fails when the file cannot be read or written, or holds no key.
    pub fn of(folder: &Path) -> Result<Self, Failure> {
        let key = secret_file::of(&folder.join(FILE_NAME), || {
            let mut key = [0; 32];
            SystemRandom::new().fill(&mut key).map(|()| key).map_err(|_| Failure::failed("the system gives no random bytes"))
        })?;
        Ok(Self { key: hmac::Key::new(hmac::HMAC_SHA256, &key), seen: Seen::new(REMEMBERED) })
    }

    /// A token that says this.
    pub fn sign(&self, said: &Said) -> Result<String, Failure> {
        let text = serde_json::to_string(said).map_err(|error| Failure::failed(format!("no token can be written: {error}")))?;
        let body = base64url::encode(text.as_bytes());
        let proof = base64url::encode(hmac::sign(&self.key, body.as_bytes()).as_ref());
        Ok(format!("{PREFIX}{body}.{proof}"))
    }

    /// Remembers who asks by a token, which holds from `now` until a moment. It rests on no record: no change in the directory ends it.
    pub fn keep(&self, directory: &Directory, token: &str, principal: Arc<Principal>, (now, until): (Instant, Instant)) {
        self.seen.keep(Fingerprint::of(token), principal, now, until, Basis::new(directory));
    }

    /// Who asks by a token, when that is remembered.
    pub fn seen(&self, token: &str, now: Instant) -> Option<Arc<Principal>> {
        self.seen.get(&Fingerprint::of(token), now)
    }

    /// What a token says; `None` when it is none of this key.
    pub fn said(&self, token: &str) -> Option<Said> {
        let (body, proof) = token.strip_prefix(PREFIX).filter(|rest| rest.len() <= MOST_BYTES)?.split_once('.')?;
        hmac::verify(&self.key, body.as_bytes(), &base64url::decode(proof)?).ok()?;
        serde_json::from_slice(&base64url::decode(body)?).ok()
    }
}

impl Said {
    /// Who asks by it in a tenant: the operator, or a patient as that patient would see it. `None` when its scopes cannot be understood.
    pub fn principal(&self, tenant: Tenant) -> Option<Principal> {
        let role = if self.patient.is_some() { "patient" } else { "service" };
        let administers = self.administers && self.patient.is_none();
        let roles = [role].into_iter().chain(administers.then_some("system-administrator"));
        Some(Principal {
            tenant,
            user: None,
            fhir_user: self.patient.as_deref().map(|id| Key::new(patient_type(), id)),
            name: "operator".into(),
            client: Some("ward-token".into()),
            roles: roles.map(|role| Assignment { role: role.into(), facility: None, department: None }).collect(),
            scopes: Some(Scopes::parse(&self.scope).ok()?),
            patient: self.patient.as_deref().map(Into::into),
            encounter: None,
            purpose: None,
            direct: Vec::new(),
            break_glass: None,
            // Whoever may read the data directory needs no second factor to write it: the commands that work on it ask for none either.
            strength: if administers { Strength::Two } else { Strength::One },
            session: "operator".into(),
        })
    }
}

fn patient_type() -> fhir::definitions::ResourceType {
    fhir::definitions::ResourceType::parse("Patient").unwrap_or_else(|| unreachable!("R4 has the type Patient"))
}
