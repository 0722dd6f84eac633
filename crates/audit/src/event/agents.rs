//! Who took part: the client, the server, and the user.

use access::Principal;
use fhir::{Object, Value, array, object};

use super::Site;
use super::coding::{self, Code, concept, concept_of};
use crate::happening::{Happening, Interaction, What};

/// How much of what identifies a session is ever written.
const MOST_OF_A_SESSION: usize = 32;

/// The parts that client, server and user have in an event.
struct Parts {
    client: Code,
    server: Code,
    user: Code,
}

fn parts(what: &What) -> Parts {
    let (from_server, from_client) = ((coding::DESTINATION, coding::SOURCE), (coding::SOURCE, coding::DESTINATION));
    let ((client, server), user) = match what {
        What::Rest(Interaction::Read | Interaction::Vread | Interaction::HistoryInstance) => (from_server, coding::RECIPIENT),
        What::Rest(Interaction::Create | Interaction::Update | Interaction::Patch) => (from_client, coding::AUTHOR),
        What::Rest(Interaction::Delete) => ((coding::APPLICATION, coding::CUSTODIAN), coding::AUTHOR),
        What::Export | What::Disclosure(_) => (from_server, coding::RECIPIENT),
        What::Consent => ((coding::APPLICATION, coding::AUTHORIZER), coding::RECIPIENT),
        What::SignIn(_) | What::StepUp | What::SignOut(_) => ((coding::APPLICATION, coding::AUTHORIZER), coding::RECIPIENT),
        _ => (from_client, coding::RECIPIENT),
    };
    Parts { client, server, user }
}

/// The agents of an event.
pub(super) fn agents(happening: &Happening, site: &Site) -> Vec<Value> {
    let who = happening.who.as_deref();
    let parts = parts(&happening.what);
    let mut agents = vec![client(happening, who, parts.client), server(site, parts.server)];
    let Some(who) = who.filter(|who| who.user.is_some()) else { return agents };
    let by_token = who.client.is_some();
    // The pattern of a deletion lets its user have no policy: there the token is an agent of its own.
    let is_delete = happening.what == What::Rest(Interaction::Delete);
    if by_token && !is_delete {
        agents.push(user(happening, who, &[parts.user, coding::OAUTH_USER], true));
    } else {
        agents.push(user(happening, who, &[parts.user], false));
        if by_token {
            agents.push(user(happening, who, &[coding::OAUTH_USER], true));
        }
    }
    agents
}

fn client(happening: &Happening, who: Option<&Principal>, part: Code) -> Value {
    let client = who.and_then(|who| who.client.as_deref());
    let named = match (&happening.what, client, who) {
        (What::Disclosure(to), _, _) => object! { "display": &**to },
        (_, Some(id), _) => object! { "identifier": object! { "system": coding::CLIENT_SYSTEM, "value": id } },
        (_, None, Some(_)) => object! { "display": "Ward" },
        (_, None, None) => object! { "display": "unknown" },
    };
    let mut types = vec![part];
    if client.is_some() && part != coding::APPLICATION {
        types.push(coding::APPLICATION);
    }
    let network = match happening.address {
        Some(address) => object! { "address": address.to_string(), "type": "2" },
        None => object! { "address": "localhost", "type": "1" },
    };
    let acts_for_itself = who.is_none_or(|who| who.user.is_none());
    object! { "type": concept(&types), "who": named, "requestor": acts_for_itself, "network": network }
}

fn server(site: &Site, part: Code) -> Value {
    let network = object! { "address": &*site.base_url, "type": "5" };
    object! { "type": concept(&[part]), "who": observer(site), "requestor": false, "network": network }
}

/// The server: who took part in every event and tells of it.
pub(super) fn observer(site: &Site) -> Value {
    let identifier = object! { "system": "urn:ietf:rfc:3986", "value": &*site.base_url };
    object! { "identifier": identifier, "display": &*site.name }
}

fn user(happening: &Happening, who: &Principal, types: &[Code], has_token: bool) -> Value {
    let mut named = Object::new();
    if let Some(key) = &who.fhir_user {
        named.push("reference", key.to_string());
    }
    named.push("identifier", object! { "system": coding::USER_SYSTEM, "value": who.user.as_deref().unwrap_or_default() });
    if !who.name.is_empty() {
        named.push("display", &*who.name);
    }
    let mut agent = Object::from_iter([("type", concept(types))]);
    let mut roles: Vec<&str> = who.roles.iter().map(|assigned| &*assigned.role).collect();
    roles.sort_unstable();
    roles.dedup();
    if !roles.is_empty() {
        agent.push("role", roles.into_iter().map(|role| concept_of(coding::ROLE_SYSTEM, role)).collect::<Vec<_>>());
    }
    agent.push("who", Value::Object(named));
    if !who.name.is_empty() {
        agent.push("name", &*who.name);
    }
    agent.push("requestor", true);
    if has_token {
        agent.push("policy", array![format!("urn:ietf:params:oauth:jti:{}", end_of(&who.session))]);
    }
    if let Some(purpose) = happening.purpose() {
        agent.push("purposeOfUse", array![concept_of(coding::PURPOSE_SYSTEM, purpose)]);
    }
    Value::Object(agent)
}

/// The last characters of a session's id: never more of it, should it be a secret one day.
fn end_of(session: &str) -> &str {
    let from = session.char_indices().rev().nth(MOST_OF_A_SESSION - 1).map_or(0, |(place, _)| place);
    &session[from..]
}
