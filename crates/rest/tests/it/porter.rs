//! A doorkeeper for tests, who knows some tokens by heart.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use access::{Grant, Principal, Strength};
use rest::caller::{Admission, Caller, Credential, Doorkeeper, Refusal, Visit};
use store::commit::Tenant;

/// Lets in `alice` and `bob` by tokens and cookies that are their names, and `robot`, a service.
#[derive(Default)]
pub(crate) struct Porter {
    /// How often it was asked.
    pub(crate) asked: AtomicUsize,
}

/// Somebody.
pub(crate) fn principal(name: &str, tenant: Tenant) -> Principal {
    let is_service = name == "robot";
    Principal {
        tenant,
        user: (!is_service).then(|| name.into()),
        fhir_user: None,
        name: name.into(),
        client: Some("app".into()),
        roles: Vec::new(),
        scopes: None,
        patient: None,
        encounter: None,
        purpose: None,
        direct: Vec::new(),
        break_glass: None,
        strength: Strength::One,
        session: "session".into(),
    }
}

impl Doorkeeper for Porter {
    fn admit<'a>(&'a self, visit: Visit<'a>) -> Admission<'a> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let (Credential::Bearer(token) | Credential::Session(token)) = visit.credential;
        let admitted = match token {
            "alice" | "bob" | "robot" => Ok((token, visit.tenant)),
            "elsewhere" => Ok(("eve", Tenant(visit.tenant.0 + 1))),
            "weak" => Err(Refusal::Insufficient),
            "often" => Err(Refusal::TooOften(7)),
            "busy" => Err(Refusal::Unavailable),
            _ => Err(Refusal::Invalid),
        };
        Box::pin(async move {
            tokio::task::yield_now().await;
            admitted.map(|(name, tenant)| Caller { grant: Arc::new(Grant::nothing(Arc::new(principal(name, tenant)))) })
        })
    }
}

/// The same, who knows whom they let in without asking anybody; and `eve`, who is known and of another tenant.
#[derive(Default)]
pub(crate) struct Quick {
    pub(crate) porter: Porter,
}

impl Doorkeeper for Quick {
    fn admit<'a>(&'a self, visit: Visit<'a>) -> Admission<'a> {
        self.porter.admit(visit)
    }

    fn known(&self, visit: Visit<'_>) -> Option<Caller> {
        let (Credential::Bearer(token) | Credential::Session(token)) = visit.credential;
        let tenant = match token {
            "alice" | "bob" | "robot" => visit.tenant,
            "elsewhere" => Tenant(visit.tenant.0 + 1),
            _ => return None,
        };
        Some(Caller { grant: Arc::new(Grant::nothing(Arc::new(principal(token, tenant)))) })
    }
}
