//! Who an account is in a tenant, and with which rights.

use fhir::{IssueCode, object};
use identity::user::{HeldRole, Membership, User};
use identity::{IdentityError, Status};

use super::shown::shown;
use super::{known, named};
use crate::asked::{Asked, Reply};
use crate::codes;
use crate::desk::{Desk, TRIES, current};
use crate::form::Form;
use crate::refusal::Refusal;
use crate::rights;

/// The members of a part in a tenant.
pub(super) const MEMBERS: [&str; 4] = ["fhirUser", "roles", "granted", "denied"];
const ROLE: [&str; 3] = ["role", "facility", "department"];

pub(crate) async fn set_membership(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    let mut form = Form::of(asked.body.as_ref(), &MEMBERS)?;
    let part = membership(&mut form, asked);
    form.finish()?;
    part.check()?;
    for _ in 0..TRIES {
        let kept = known(desk, asked, ids[0]).await?;
        current(asked, kept.version)?;
        desk.may_change(asked, &kept.id, &kept.record).await?;
        desk.may_hand_out(asked, rights::named(&part)).await?;
        let mut changed = kept.record.clone();
        changed.memberships.retain(|known| known.tenant != part.tenant);
        changed.memberships.push(part.clone());
        let roster = desk.keeping_one(asked, &kept.id, &kept.record, &changed).await?;
        let told = format!("{}: {}, before: {}", named(&kept.id, &changed), in_words(&changed, asked), in_words(&kept.record, asked));
        let act = ("the rights of an account were set", told.clone());
        match desk.identity.change_account(&kept, changed.clone(), act, roster).await {
            Err(IdentityError::Raced) => {}
            done => {
                return Ok(Reply::ok(shown(&kept.id, &changed, asked.tenant()), told).at(done?));
            }
        }
    }
    Err(Refusal::raced())
}

/// Gives an account that is there, in another tenant or in none, a part in this one. Nothing is told of it but its id.
pub(crate) async fn join(desk: &Desk, asked: &Asked, _: Vec<&str>) -> Result<Reply, Refusal> {
    let mut form = Form::of(asked.body.as_ref(), &[&["login"][..], &MEMBERS].concat())?;
    let login = form.required("login");
    let part = membership(&mut form, asked);
    form.finish()?;
    part.check()?;
    desk.may_hand_out(asked, rights::named(&part)).await?;
    for _ in 0..TRIES {
        let found = desk.identity.directory().find::<User>("login", &login.to_lowercase()).await?;
        let kept = found.filter(|kept| kept.record.status != Status::Deleted).ok_or_else(|| Refusal::not_found("account"))?;
        if rights::is_own(asked, &kept.id) {
            return Err(Refusal::own_rights());
        }
        if kept.record.membership(asked.tenant()).is_some() {
            return Err(Refusal::of(
                409,
                IssueCode::Conflict,
                codes::NOT_CURRENT,
                "the account has a part in this tenant already: set its rights instead",
            ));
        }
        let mut changed = kept.record.clone();
        changed.memberships.push(part.clone());
        let told = format!("{}: {}", named(&kept.id, &changed), in_words(&changed, asked));
        let act = ("an account was given a part in a tenant", told.clone());
        match desk.identity.change_account(&kept, changed.clone(), act, None).await {
            Err(IdentityError::Raced) => {}
            done => {
                done?;
                return Ok(Reply::ok(object! { "id": &*kept.id }, told));
            }
        }
    }
    Err(Refusal::raced())
}

/// Takes an account out of the tenant. It stays an account, also when it has a part in no other.
pub(crate) async fn leave(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    for _ in 0..TRIES {
        let kept = known(desk, asked, ids[0]).await?;
        current(asked, kept.version)?;
        desk.may_change(asked, &kept.id, &kept.record).await?;
        let mut changed = kept.record.clone();
        changed.memberships.retain(|part| part.tenant != asked.tenant().0);
        let roster = desk.keeping_one(asked, &kept.id, &kept.record, &changed).await?;
        let act = ("an account was taken out of a tenant", named(&kept.id, &kept.record));
        match desk.identity.change_account(&kept, changed, act, roster).await {
            Err(IdentityError::Raced) => {}
            done => return done.map(|_| Reply::done(named(&kept.id, &kept.record))).map_err(Refusal::from),
        }
    }
    Err(Refusal::raced())
}

/// The part in the tenant that a form describes.
pub(super) fn membership(form: &mut Form<'_>, asked: &Asked) -> Membership {
    Membership {
        tenant: asked.tenant().0,
        fhir_user: form.text("fhirUser"),
        roles: roles(form),
        granted: form.texts("granted"),
        denied: form.texts("denied"),
    }
}

/// The roles that a form has.
pub(crate) fn roles(form: &mut Form<'_>) -> Vec<HeldRole> {
    form.objects("roles", &ROLE, |role| HeldRole {
        role: role.required("role"),
        facility: role.text("facility"),
        department: role.text("department"),
    })
}

/// The rights of an account in the tenant, for the audit trail.
fn in_words(user: &User, asked: &Asked) -> String {
    let Some(part) = user.membership(asked.tenant()) else { return "no part".to_owned() };
    let role = |held: &HeldRole| {
        let places = held.facility.iter().chain(&held.department).map(|place| format!("@{place}"));
        format!("{}{}", held.role, places.collect::<String>())
    };
    let person = part.fhir_user.iter().cloned();
    let granted = part.granted.iter().map(|name| format!("+{name}"));
    let denied = part.denied.iter().map(|name| format!("-{name}"));
    let words: Vec<String> = person.chain(part.roles.iter().map(role)).chain(granted).chain(denied).collect();
    if words.is_empty() { "nothing".to_owned() } else { words.join(" ") }
}
