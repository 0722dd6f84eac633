//! The pages of administration ask the desk that `/api/v1` asks.

use std::pin::Pin;
use std::sync::Arc;

use access::{Permission, Principal, Strength};
use administration::{Asked, Refusal};
use fhir::Value;
use http::request::Parts;
use identity::Secret;
use identity::tenants::FIRST;
use rest::App;
use screens::{Answering, Counter, Done, Refused, Wanted};

use super::signed_in;
use crate::door::Door;

/// The desk of this server.
pub(super) struct AtTheDesk {
    pub(super) app: Arc<App>,
    pub(super) door: Arc<Door>,
}

impl Counter for AtTheDesk {
    fn ask<'a>(&'a self, head: &'a Parts, session: &'a Secret, wanted: Wanted) -> Answering<'a> {
        Box::pin(async move {
            let gone = || Refused { status: 401, problems: vec!["You are not signed in any more: sign in again.".to_owned()] };
            let caller = signed_in(&self.door, session, self.app.tenant(head)).await.ok_or_else(gone)?;
            let Wanted { method, path, query, body, version } = wanted;
            let asked = Asked {
                grant: caller.grant,
                method: method.to_owned(),
                path,
                query,
                body,
                if_match: version,
                if_absent: false,
                site: self.app.issuer(head),
            };
            let reply = rest::administer(&self.app, &self.door.desk, head, asked).await.map_err(shown)?;
            Ok(Done { body: reply.body.unwrap_or(Value::Null), version: reply.version })
        })
    }

    fn permissions<'a>(&'a self, head: &'a Parts, session: &'a Secret) -> Pin<Box<dyn Future<Output = Vec<&'static str>> + Send + 'a>> {
        Box::pin(async move {
            let Some(caller) = signed_in(&self.door, session, self.app.tenant(head)).await else { return Vec::new() };
            let strong = Principal { strength: Strength::Two, ..(**caller.principal()).clone() };
            let held = self.door.permissions(Arc::new(strong)).await;
            // The tenants of the server are administered in the first alone.
            let is_here = |permission: &Permission| {
                self.app.tenant(head) == FIRST || !matches!(permission, Permission::TenantsRead | Permission::TenantsWrite)
            };
            held.into_iter().filter(is_here).map(Permission::code).collect()
        })
    }
}

/// A refusal, for people.
fn shown(refusal: Refusal) -> Refused {
    Refused { status: refusal.status, problems: refusal.issues.iter().map(ToString::to_string).collect() }
}
