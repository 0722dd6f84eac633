//! Roles and policies: those that Ward brings, and the tenant's own.

use access::{Policy, role};
use fhir::{Issue, Object, Value, json, object, outcome};
use identity::IdentityError;
use identity::user::{HOLDS, User, holding};
use oauth::Client;

use crate::asked::{Asked, Reply};
use crate::codes;
use crate::desk::{Desk, TRIES, current};
use crate::refusal::Refusal;
use crate::rights;

/// How many clients are looked at for one that has a role.
const MOST_CLIENTS: u32 = 1000;

pub(crate) async fn list(desk: &Desk, asked: &Asked, _: Vec<&str>) -> Result<Reply, Refusal> {
    let own = desk.rules.own_rules(asked.tenant()).await?;
    let mut roles = Vec::new();
    for name in desk.names(asked).await? {
        let Some(policy) = desk.rules.policy(asked.tenant(), &name).await? else { continue };
        let (is_own, brought) = (own.roles.contains_key(&name), role::get(&name).is_some());
        roles.push(object! { "name": &*policy.name, "description": &*policy.description, "own": is_own, "brought": brought });
    }
    let told = format!("{} roles", roles.len());
    Ok(Reply::ok(object! { "roles": Value::Array(roles) }, told))
}

pub(crate) async fn show(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    let damaged = || Refusal::of(500, fhir::IssueCode::Exception, codes::UNAVAILABLE, "the policy that is kept is no JSON: write it anew");
    if let Some(kept) = desk.identity.own_policy(asked.tenant(), ids[0]).await? {
        let policy = json::parse(kept.record.text.as_bytes()).map_err(|_| damaged())?;
        return Ok(Reply::ok(policy, ids[0]).at(kept.version));
    }
    let text = role::text(ids[0]).ok_or_else(|| Refusal::not_found("role or policy"))?;
    Ok(Reply::ok(json::parse(text.as_bytes()).map_err(|_| damaged())?, ids[0]))
}

pub(crate) async fn check(desk: &Desk, asked: &Asked, _: Vec<&str>) -> Result<Reply, Refusal> {
    let (valid, issues, name) = match understood(desk, asked) {
        Ok((policy, _)) => (true, Vec::new(), policy.name.to_string()),
        Err(refusal) => (false, refusal.issues, "a policy that is none".to_owned()),
    };
    let issues: Vec<Value> = issues.iter().map(outcome::issue_value).collect();
    Ok(Reply::ok(object! { "valid": valid, "issues": issues }, name))
}

pub(crate) async fn put(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    let (policy, text) = understood(desk, asked)?;
    if *policy.name != *ids[0] {
        return Err(Refusal::wrong("name", "it is another than that of the address: they are the same"));
    }
    for _ in 0..TRIES {
        let known = desk.identity.own_policy(asked.tenant(), &policy.name).await?;
        match &known {
            Some(_) if asked.if_absent => return Err(Refusal::not_current()),
            Some(kept) => current(asked, kept.version)?,
            None if asked.if_match.is_some() => return Err(Refusal::not_current()),
            None => {}
        }
        let before = desk.rules.policy(asked.tenant(), &policy.name).await?;
        desk.may_write(asked, &policy, before.as_deref()).await?;
        match desk.identity.put_policy(asked.tenant(), known.as_ref(), &policy, &text).await {
            Err(IdentityError::Raced) => {}
            done => {
                let told = format!("{} with {} rules: {text}", policy.name, policy.rules.len());
                let body = asked.body.clone().unwrap_or_else(|| Object::new().into());
                let reply = match known {
                    Some(_) => Reply::ok(body, told),
                    None => Reply::created(body, format!("/roles/{}", policy.name), told),
                };
                return Ok(reply.at(done?));
            }
        }
    }
    Err(Refusal::raced())
}

pub(crate) async fn remove(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    for _ in 0..TRIES {
        let known = desk.identity.own_policy(asked.tenant(), ids[0]).await?;
        let kept = known.ok_or_else(|| Refusal::not_found("role or policy of the tenant's own"))?;
        current(asked, kept.version)?;
        if let Some(in_force) = desk.rules.policy(asked.tenant(), ids[0]).await? {
            // What comes in its place, one that Ward brings or nothing, must be theirs to hand out, too.
            let after = role::get(ids[0]);
            desk.may_write(asked, after.as_deref().unwrap_or(&in_force), Some(&in_force)).await?;
        }
        if role::get(ids[0]).is_none() {
            unused(desk, asked, ids[0]).await?;
        }
        match desk.identity.remove_policy(&kept).await {
            Err(IdentityError::Raced) => {}
            done => return done.map(|()| Reply::done(ids[0])).map_err(Refusal::from),
        }
    }
    Err(Refusal::raced())
}

/// Fails when an account or a client has the role. (One that gets it at the same time has a role that is not there: it allows nothing, and denied to somebody it denies everything.)
async fn unused(desk: &Desk, asked: &Asked, name: &str) -> Result<(), Refusal> {
    let in_use = |what: &str| {
        let rule = format!("{what} still has it: take it from all who have it first; `GET /users?role=` and `GET /clients` show them");
        Refusal::of(409, fhir::IssueCode::Conflict, codes::IN_USE, rule)
    };
    let group = holding(asked.tenant(), name);
    if !desk.identity.directory().list::<User>(Some((HOLDS, &group)), 1).await?.is_empty() {
        return Err(in_use("an account"));
    }
    let tenant = asked.tenant().0.to_string();
    let clients = desk.identity.directory().list::<Client>(Some(("tenant", &tenant)), MOST_CLIENTS).await?;
    match clients.iter().any(|kept| rights::of_roles(&kept.record.roles).any(|role| role == name)) {
        true => Err(in_use("a client")),
        false => Ok(()),
    }
}

/// The policy that a body is, and its text.
fn understood(desk: &Desk, asked: &Asked) -> Result<(Policy, String), Refusal> {
    let missing = || Refusal::of(400, fhir::IssueCode::Structure, codes::BAD_BODY, "the body is missing: send a policy as JSON");
    let text = json::to_string(asked.body.as_ref().ok_or_else(missing)?);
    let refused = |issues: Vec<Issue>| Refusal { status: 400, issues };
    let policy = Policy::read(text.as_bytes(), &desk.rules.registry()).map_err(refused)?;
    Ok((policy, text))
}
