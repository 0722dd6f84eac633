//! What a row says: who somebody is, or what happened. Of a principal the rows have what AuditEvents need: neither scopes nor direct policies.

use std::sync::Arc;

use access::{Assignment, BreakGlass, Principal, Strength};
use fhir::definitions::ResourceType;
use store::commit::{Key, Tenant};
use store::encoding::varint;

use super::codec::{put_address, put_option, put_text, take, take_address, take_byte, take_count, take_option, take_text};
use crate::happening::{Administered, Done, Entity, Happening, INTERACTIONS, Outcome, What};

/// A row that says who a number stands for in the rows after it.
pub(super) const PRINCIPAL: u8 = 1;
/// A row that says what happened.
pub(super) const HAPPENING: u8 = 2;

/// What was done was [`What::Administration`].
const ADMINISTRATION: u8 = 76;

/// Appends the row of a principal.
pub(super) fn put_principal(out: &mut Vec<u8>, number: u64, who: &Principal) {
    out.push(PRINCIPAL);
    varint::put(out, number);
    varint::put(out, u64::from(who.tenant.0));
    put_option(out, who.user.as_deref());
    put_key(out, who.fhir_user.as_ref());
    put_text(out, &who.name);
    put_option(out, who.client.as_deref());
    varint::put(out, who.roles.len() as u64);
    for role in &who.roles {
        put_text(out, &role.role);
        put_key(out, role.facility.as_ref());
        put_key(out, role.department.as_ref());
    }
    put_option(out, who.patient.as_deref());
    put_option(out, who.encounter.as_deref());
    put_option(out, who.purpose.as_deref());
    match &who.break_glass {
        Some(emergency) => {
            out.push(1);
            put_text(out, &emergency.reason);
            put_text(out, &emergency.patient);
            out.extend_from_slice(&emergency.until.to_le_bytes());
        }
        None => out.push(0),
    }
    out.push(u8::from(who.strength == Strength::Two));
    put_text(out, &who.session);
}

/// What [`put_principal`] wrote, but for its first byte: the number, and who it is.
pub(super) fn take_principal(mut bytes: &[u8]) -> Option<(u64, Principal)> {
    let bytes = &mut bytes;
    let number = varint::take(bytes)?;
    let tenant = Tenant(u32::try_from(varint::take(bytes)?).ok()?);
    let (user, fhir_user, name, client) = (take_option(bytes)?, take_key(bytes)?, take_text(bytes)?, take_option(bytes)?);
    let role = |bytes: &mut &[u8]| Some(Assignment { role: take_text(bytes)?, facility: take_key(bytes)?, department: take_key(bytes)? });
    let roles = (0..take_count(bytes)?).map(|_| role(bytes)).collect::<Option<_>>()?;
    let (patient, encounter, purpose) = (take_option(bytes)?, take_option(bytes)?, take_option(bytes)?);
    let break_glass = match take_byte(bytes)? {
        0 => None,
        _ => Some(BreakGlass { reason: take_text(bytes)?, patient: take_text(bytes)?, until: take_moment(bytes)? }),
    };
    let strength = if take_byte(bytes)? == 0 { Strength::One } else { Strength::Two };
    let session = take_text(bytes)?;
    let who = Principal {
        tenant,
        user,
        fhir_user,
        name,
        client,
        roles,
        direct: Vec::new(),
        scopes: None,
        patient,
        encounter,
        purpose,
        break_glass,
        strength,
        session,
    };
    Some((number, who))
}

/// Appends the row of a happening whose actor has this number (0: nobody), with these of its entities.
pub(super) fn put_happening(out: &mut Vec<u8>, happening: &Happening, who: u64, entities: &[Entity]) {
    out.push(HAPPENING);
    varint::put(out, who);
    out.extend_from_slice(&happening.at.to_le_bytes());
    varint::put(out, u64::from(happening.tenant.0));
    put_text(out, &happening.request);
    put_address(out, happening.address);
    put_what(out, &happening.what);
    put_option(out, happening.query.as_deref());
    let (outcome, reason) = match &happening.outcome {
        Outcome::Done => (0, None),
        Outcome::Denied(why) => (1, Some(why)),
        Outcome::Mistaken(why) => (2, Some(why)),
        Outcome::Failed(why) => (3, Some(why)),
    };
    out.push(outcome);
    put_option(out, reason.map(|why| &**why));
    put_option(out, happening.purpose.as_deref());
    varint::put(out, happening.patients.len() as u64);
    for patient in &happening.patients {
        put_text(out, patient);
    }
    varint::put(out, entities.len() as u64);
    for entity in entities {
        put_key(out, Some(&entity.key));
        varint::put(out, entity.version);
    }
}

/// What [`put_happening`] wrote, but for its first byte. `known` tells who a number stands for.
pub(super) fn take_happening(mut bytes: &[u8], known: impl Fn(u64) -> Option<Arc<Principal>>) -> Option<Happening> {
    let bytes = &mut bytes;
    let who = known(varint::take(bytes)?);
    let at = take_moment(bytes)?;
    let tenant = Tenant(u32::try_from(varint::take(bytes)?).ok()?);
    let (request, address, what, query) = (take_text(bytes)?, take_address(bytes)?, take_what(bytes)?, take_option(bytes)?);
    let (outcome, reason) = (take_byte(bytes)?, take_option(bytes)?.unwrap_or_default());
    let outcome = match outcome {
        0 => Outcome::Done,
        1 => Outcome::Denied(reason),
        2 => Outcome::Mistaken(reason),
        _ => Outcome::Failed(reason),
    };
    let purpose = take_option(bytes)?;
    let patients = (0..take_count(bytes)?).map(|_| take_text(bytes)).collect::<Option<_>>()?;
    let entity = |bytes: &mut &[u8]| Some(Entity { key: take_key(bytes)??, version: varint::take(bytes)? });
    let entities = (0..take_count(bytes)?).map(|_| entity(bytes)).collect::<Option<_>>()?;
    Some(Happening { at, tenant, request, who, address, what, query, entities, patients, outcome, purpose })
}

fn put_what(out: &mut Vec<u8>, what: &What) {
    let (tag, texts): (u8, [Option<&str>; 2]) = match what {
        What::Rest(interaction) => (*interaction as u8, [None, None]),
        What::Operation(name) => (64, [Some(name), None]),
        What::SignIn(None) => (65, [None, None]),
        What::SignOut(None) => (66, [None, None]),
        What::Export => (67, [None, None]),
        What::BreakGlass => (68, [None, None]),
        What::BreakGlassEnd => (69, [None, None]),
        What::Configuration(what) => (70, [Some(what), None]),
        What::Consent => (71, [None, None]),
        What::Disclosure(to) => (72, [Some(to), None]),
        What::Alert(code, reason) => (73, [Some(code), Some(reason)]),
        What::Recording(true) => (74, [None, None]),
        What::Recording(false) => (75, [None, None]),
        What::Administration(administered, done, what) => {
            out.extend_from_slice(&[ADMINISTRATION, *administered as u8, *done as u8]);
            return put_text(out, what);
        }
        What::StepUp => (77, [None, None]),
        What::SignIn(Some(by)) => (78, [Some(by), None]),
        What::SignOut(Some(by)) => (79, [Some(by), None]),
    };
    out.push(tag);
    for text in texts.into_iter().flatten() {
        put_text(out, text);
    }
}

fn take_what(bytes: &mut &[u8]) -> Option<What> {
    Some(match take_byte(bytes)? {
        64 => What::Operation(take_text(bytes)?),
        65 => What::SignIn(None),
        66 => What::SignOut(None),
        67 => What::Export,
        68 => What::BreakGlass,
        69 => What::BreakGlassEnd,
        70 => What::Configuration(take_text(bytes)?),
        71 => What::Consent,
        72 => What::Disclosure(take_text(bytes)?),
        73 => What::Alert(take_text(bytes)?, take_text(bytes)?),
        74 => What::Recording(true),
        75 => What::Recording(false),
        ADMINISTRATION => {
            let administered = *Administered::ALL.get(usize::from(take_byte(bytes)?))?;
            What::Administration(administered, *Done::ALL.get(usize::from(take_byte(bytes)?))?, take_text(bytes)?)
        }
        77 => What::StepUp,
        78 => What::SignIn(Some(take_text(bytes)?)),
        79 => What::SignOut(Some(take_text(bytes)?)),
        tag => What::Rest(*INTERACTIONS.get(usize::from(tag))?),
    })
}

/// A key: the number of its type and 1, then its id; 0 when it is missing.
fn put_key(out: &mut Vec<u8>, key: Option<&Key>) {
    match key {
        Some(key) => {
            varint::put(out, key.kind.index() as u64 + 1);
            put_text(out, &key.id);
        }
        None => out.push(0),
    }
}

fn take_key(bytes: &mut &[u8]) -> Option<Option<Key>> {
    let Some(index) = usize::try_from(varint::take(bytes)?).ok()?.checked_sub(1) else { return Some(None) };
    let kind = ResourceType::all().nth(index)?;
    Some(Some(Key { kind, id: take_text(bytes)? }))
}

fn take_moment(bytes: &mut &[u8]) -> Option<i64> {
    take(bytes, 8)?.try_into().ok().map(i64::from_le_bytes)
}
