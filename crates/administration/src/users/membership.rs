//! Who an account is in a tenant, and with which rights.

use identity::IdentityError;
use identity::user::{HeldRole, Membership, User};

use super::shown::shown;
use super::{known, named};
use crate::asked::{Asked, Reply};
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
        match desk.identity.change_account(&kept, changed.clone(), "set membership", roster).await {
            Err(IdentityError::Raced) => {}
            done => {
                let told =
                    format!("{}: {}, before: {}", named(&kept.id, &changed), in_words(&changed, asked), in_words(&kept.record, asked));
                return Ok(Reply::ok(shown(&kept.id, &changed, asked.tenant()), told).at(done?));
            }
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
