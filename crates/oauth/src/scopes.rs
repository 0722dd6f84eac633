//! Scopes as the protocol has them: a text, separated by blanks. What they mean is [`access::scope`]'s.

mod part;

pub use part::{Part, chosen, parts};

use access::{Context, Scopes};

use crate::client::{Client, GrantType};
use crate::launch::asked_type;
use crate::refusal::{Fault, Refusal};

/// The scopes that are given beside those for resources. Others, such as `launch/imagingstudy`, are given when what they ask for is open in the record
/// system: nobody is asked for it.
pub const NAMED: [&str; 8] =
    ["openid", "profile", "fhirUser", "launch", "launch/patient", "launch/encounter", "offline_access", "online_access"];

/// What a client asks for, held against what it may have.
pub(crate) struct Narrowed {
    /// What it may have, as it was written where nothing had to be narrowed. Never empty.
    pub(crate) granted: Vec<String>,
    /// What it asked for and may not have.
    pub(crate) left_out: Vec<String>,
}

/// Understands a list of scopes.
///
/// Fails with `invalid_scope`, and what is wrong with the first that cannot be read.
pub(crate) fn parse(text: &str) -> Result<Scopes, Refusal> {
    Scopes::parse(text).map_err(|issues| {
        let first = issues.first().map_or_else(String::new, |issue| issue.diagnostics.clone());
        Refusal::new(Fault::InvalidScope, first)
    })
}

/// What a client that acts for a user may have of what it asks for.
///
/// Fails with `invalid_scope` when one cannot be read, and when nothing is left.
pub(crate) fn narrowed(text: &str, client: &Client) -> Result<Narrowed, Refusal> {
    let may_refresh = client.grants.contains(&GrantType::RefreshToken);
    let fits = |scope: &Scopes| match scope.resources.first() {
        Some(resource) => resource.context != Context::System,
        None => scope.others.iter().all(|name| is_given(name) && (may_refresh || !name.ends_with("line_access"))),
    };
    narrow(text, client, fits)
}

/// Whether a scope is given that is not for resources: a named one, or one for context of a launch beside patient and encounter.
fn is_given(name: &str) -> bool {
    NAMED.contains(&name) || asked_type(name).is_some()
}

/// What a client that acts for itself may have of what it asks for: scopes of the system alone.
///
/// Fails as [`narrowed`] does.
pub(crate) fn narrowed_for_system(text: &str, client: &Client) -> Result<Narrowed, Refusal> {
    narrow(text, client, |scope| scope.resources.first().is_some_and(|resource| resource.context == Context::System))
}

fn narrow(text: &str, client: &Client, fits: impl Fn(&Scopes) -> bool) -> Result<Narrowed, Refusal> {
    parse(text)?;
    let registered = client.scopes()?;
    let mut narrowed = Narrowed { granted: Vec::new(), left_out: Vec::new() };
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let asked = parse(word)?;
        let is_registered_role = || asked_type(word).is_some_and(|kind| registered.has(&format!("launch/{kind}")));
        let common = match fits(&asked) {
            true if is_registered_role() => asked.clone(),
            true => asked.narrowed(&registered),
            false => Scopes::default(),
        };
        if common.is_empty() {
            narrowed.left_out.push(word.to_owned());
            continue;
        }
        let texts = if common == asked { vec![word.to_owned()] } else { words(&common) };
        let new: Vec<String> = texts.into_iter().filter(|text| !narrowed.granted.contains(text)).collect();
        narrowed.granted.extend(new);
    }
    match narrowed.granted.is_empty() {
        true => Err(Refusal::new(Fault::InvalidScope, "None of these scopes may be given to this client in this way.")),
        false => Ok(narrowed),
    }
}

/// Whether some scopes allow nothing that others do not.
///
/// Fails with `invalid_scope` when one cannot be read.
pub(crate) fn are_within(inner: &[String], outer: &[String]) -> Result<bool, Refusal> {
    let (inner, outer) = (parse(&inner.join(" "))?, parse(&outer.join(" "))?);
    let covered = inner.resources.iter().all(|one| outer.resources.iter().any(|other| other.covers(one)));
    Ok(covered && inner.others.iter().all(|name| outer.has(name)))
}

/// Whether a name is among scopes that are separated by blanks.
pub(crate) fn has(scope: &str, name: &str) -> bool {
    scope.split(' ').any(|word| word == name)
}

/// A scope in a sentence, for whoever is asked.
pub fn sentence(scope: &str) -> String {
    let parsed = Scopes::parse(scope).unwrap_or_default();
    let named = parsed.others.first().and_then(|name| access::scope::in_words(name)).map(str::to_owned);
    let named = named.or_else(|| asked_type(scope).map(|kind| format!("Know which {kind} is open.")));
    parsed.resources.first().map(|resource| resource.in_words()).or(named).unwrap_or_else(|| scope.to_owned())
}

/// Each scope as SMART's version 2 writes it.
fn words(scopes: &Scopes) -> Vec<String> {
    scopes.to_string().split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
