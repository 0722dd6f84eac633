//! Accounts from elsewhere, as SCIM writes them.

use fhir::{Value, json, object};
use identity::import::Import;
use identity::user::User;

use super::only_here;
use crate::asked::{Asked, Reply};
use crate::codes;
use crate::desk::Desk;
use crate::refusal::Refusal;

pub(crate) async fn import(desk: &Desk, asked: &Asked, _: Vec<&str>) -> Result<Reply, Refusal> {
    let bad = |what: &str| Refusal::of(400, fhir::IssueCode::Structure, codes::BAD_BODY, what);
    let body = asked.body.as_ref().ok_or_else(|| bad("the body is missing: send an account as SCIM writes it"))?;
    // Identity reads what others write by the means of serde; the text is the same.
    let account: serde_json::Value = serde_json::from_str(&json::to_string(body)).map_err(|_| bad("the body is no JSON object"))?;
    let login = account.get("userName").and_then(serde_json::Value::as_str).unwrap_or_default().trim().to_ascii_lowercase();
    let named: Vec<&str> = account.get("roles").and_then(serde_json::Value::as_array).into_iter().flatten().filter_map(role).collect();
    desk.may_hand_out(asked, named.iter().copied()).await?;
    // By the login alone: an address may belong to another account.
    if let Some(known) = desk.identity.directory().find::<User>("login", &login).await? {
        // One that has no part here yet would get one, and its owner's password might be replaced: that is for its own tenant.
        only_here(asked, &known.record)?;
        desk.may_change(asked, &known.id, &known.record).await?;
        let mut without = known.record.clone();
        without.memberships.clear();
        if desk.keeping_one(asked, &known.id, &known.record, &without).await?.is_some() {
            return Err(Refusal::beyond(
                "an account that can administer everything is not changed by an import: set its rights, or suspend it",
            ));
        }
    }
    let done = desk.identity.import(&account, Import { tenant: asked.tenant(), trust_addresses: false }).await?;
    let passed_over: Vec<Value> = done.passed_over.iter().map(|name| Value::from(name.as_str())).collect();
    let told = format!("{} ({login}), roles: {}", done.id, named.join(", "));
    Ok(Reply::ok(object! { "id": done.id, "created": done.created, "passedOver": passed_over }, told))
}

fn role(role: &serde_json::Value) -> Option<&str> {
    role.as_str().or_else(|| role.get("value")?.as_str())
}
