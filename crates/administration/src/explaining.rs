//! Why somebody may, or may not, do something.

use std::sync::Arc;

use access::{Permission, Principal};
use fhir::definitions::ResourceType;
use fhir::nearest;

use crate::asked::{Asked, Reply};
use crate::desk::Desk;
use crate::refusal::{Refusal, act};
use crate::rights;
use crate::users::known;

pub(crate) async fn explain(desk: &Desk, asked: &Asked, _: Vec<&str>) -> Result<Reply, Refusal> {
    let kind = asked.param("type").ok_or_else(|| Refusal::wrong("type", "it is missing: name a type of resource"))?;
    let kind = ResourceType::parse(kind).ok_or_else(|| {
        let near = nearest(kind, ResourceType::all().map(ResourceType::name));
        let remedy = near.map_or_else(|| "see FHIR R4".to_owned(), |near| format!("did you mean `{near}`?"));
        Refusal::wrong("type", format!("there is no such type: {remedy}"))
    })?;
    let named =
        asked.param("interaction").ok_or_else(|| Refusal::wrong("interaction", "it is missing: such as `read` or `search-type`"))?;
    let act = act(named).ok_or_else(|| {
        Refusal::wrong(
            "interaction",
            "it is one of create, read, vread, history-instance, update, patch, delete, search-type, history-type",
        )
    })?;
    let id = asked.param("id");
    let (who, is_own) = match asked.param("user").filter(|user| !rights::is_own(asked, user)) {
        None => (asked.who().clone(), true),
        Some(user) => (another(desk, asked, user).await?, false),
    };
    let explanation = desk.rules.explain(&who, act, kind, id, desk.identity.now()).await?;
    // Who looks after access is told whether the resource is there; who asks for themselves is told what the answer to their request would tell.
    let explanation = if is_own { explanation.for_the_asker() } else { explanation };
    let about = who.user.as_deref().unwrap_or(&who.name);
    Ok(Reply::ok(explanation.to_value(), format!("{about}: {named} of {}{}", kind.name(), id.map_or(String::new(), |id| format!("/{id}")))))
}

/// Another, as they would ask when they have signed in with one factor.
async fn another(desk: &Desk, asked: &Asked, user: &str) -> Result<Arc<Principal>, Refusal> {
    if !asked.grant.administers(Permission::Explain) {
        return Err(Refusal::not_permitted(Permission::Explain));
    }
    let kept = known(desk, asked, user).await?;
    Ok(Arc::new(kept.record.principal(&kept.id, asked.tenant())))
}
