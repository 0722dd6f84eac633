//! By which names a consent can mean somebody: themselves, their roles, teams, groups and organizations.

use std::collections::HashSet;

use fhir::definitions::ResourceType;
use fhir::json;
use search::Registry;
use store::commit::{Key, Tenant};
use store::query::Query;
use store::{ReadError, Store};

use crate::Principal;
use crate::criteria::{all, any, written};

/// How many teams, groups or roles of somebody are looked at. With more, the newest count.
const MAX_FOUND: u32 = 1000;

/// The names. Teams, groups and roles are looked for only when `looks_up`: few consents name one.
pub(super) async fn of(store: &dyn Store, registry: &Registry, principal: &Principal, looks_up: bool) -> Result<HashSet<Key>, ReadError> {
    let mut names: HashSet<Key> = principal.fhir_user.iter().cloned().collect();
    for assignment in &principal.roles {
        names.extend(assignment.facility.iter().chain(&assignment.department).cloned());
    }
    let Some(user) = principal.fhir_user.as_ref().filter(|_| looks_up) else { return Ok(names) };
    let looking = Looking { store, registry, tenant: principal.tenant };
    for (key, role) in looking.find("PractitionerRole", "practitioner", &[user.to_string()]).await? {
        names.insert(key);
        names.extend(["organization", "location"].iter().flat_map(|name| role.list(name)).filter_map(|to| local(to.text("reference")?)));
    }
    let members: Vec<String> = names.iter().map(Key::to_string).collect();
    for (kind, parameter) in [("CareTeam", "participant"), ("Group", "member")] {
        let found = looking.find(kind, parameter, &members).await?;
        names.extend(found.into_iter().map(|(key, _)| key));
    }
    Ok(names)
}

struct Looking<'a> {
    store: &'a dyn Store,
    registry: &'a Registry,
    tenant: Tenant,
}

impl Looking<'_> {
    /// The resources of a type that name one of these by a parameter.
    async fn find(&self, kind: &str, parameter: &str, names: &[String]) -> Result<Vec<(Key, fhir::Value)>, ReadError> {
        let Some(kind) = ResourceType::parse(kind) else { return Ok(Vec::new()) };
        let named = any(names.iter().map(|name| written(self.registry, kind, parameter, name)));
        let query = Query { count: MAX_FOUND, ..Query::new(self.tenant, kind, all([named])) };
        let found = self.store.search(&query).await?.matches.into_iter();
        Ok(found.filter_map(|version| Some((version.key.clone(), json::parse(version.text()?).ok()?))).collect())
    }
}

fn local(reference: &str) -> Option<Key> {
    let (kind, id) = reference.split_once('/')?;
    Some(Key::new(ResourceType::parse(kind)?, id))
}
