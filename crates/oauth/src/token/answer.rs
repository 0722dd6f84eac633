//! What is answered when tokens are given (RFC 6749, section 5.1; SMART App Launch 2.2, launch context).

use fhir::{Value, object};
use identity::directory::Kept;
use identity::user::User;

use crate::approval::{Approval, Made};
use crate::client::Client;
use crate::id_token::About;
use crate::launch::{Item, LAUNCH_ENCOUNTER, Opened};
use crate::provider::Provider;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::scopes;
use crate::site::Site;

impl Provider {
    #[expect(clippy::too_many_arguments, reason = "each is a part of the answer")]
    pub(super) async fn answer(
        &self,
        site: &Site,
        client: &Kept<Client>,
        approval: &Approval,
        user: &User,
        scope: &str,
        made: &Made,
        nonce: Option<&str>,
    ) -> Result<Reply, Refusal> {
        let mut body = object! {
            "access_token": made.access.expose(),
            "token_type": "Bearer",
            "expires_in": made.seconds,
            "scope": scope,
        };
        let Value::Object(members) = &mut body else { unreachable!("it is an object") };
        if let Some(refresh) = &made.refresh {
            members.push("refresh_token", refresh.expose());
        }
        for (name, value) in context(site, &approval.opened, scope) {
            members.push(name, value);
        }
        if scopes::has(scope, "openid") {
            let about = About { site, client: &client.id, approval, user, scope, access: &made.access, nonce };
            members.push("id_token", self.id_token(client.record.id_token_alg, &about).await?);
        }
        Ok(Reply::json(200, body))
    }
}

/// The launch context, as token and introspection answer it: what was open, as far as a scope has to do with it.
pub(crate) fn context(site: &Site, opened: &Opened, scope: &str) -> Vec<(&'static str, Value)> {
    let is_launch = scopes::has(scope, "launch");
    let wants_patient = is_launch || scope.split(' ').any(|word| word == "launch/patient" || word.starts_with("patient/"));
    let mut members: Vec<(&'static str, Value)> = Vec::new();
    if let Some(patient) = opened.patient.as_deref().filter(|_| wants_patient) {
        members.push(("patient", patient.into()));
        members.push(("need_patient_banner", opened.needs_banner.into()));
        members.push(("smart_style_url", site.endpoint("smart-style.json").into()));
    }
    if is_launch || scopes::has(scope, LAUNCH_ENCOUNTER) {
        members.extend(opened.encounter.as_deref().map(|encounter| ("encounter", encounter.into())));
    }
    if is_launch {
        members.extend(opened.intent.as_deref().map(|intent| ("intent", intent.into())));
        if !opened.others.is_empty() {
            let others: Vec<Value> = opened.others.iter().map(Item::json).collect();
            members.push(("fhirContext", others.into()));
        }
        // Which organization launched, for apps that know many: opaque, and the same for ever.
        members.push(("tenant", site.tenant.0.to_string().into()));
    }
    members
}
