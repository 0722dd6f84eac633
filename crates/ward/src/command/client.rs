//! `ward client`.

use fhir::{Value, object};
use oauth::{Client as Known, GrantType, IdTokenAlg, Proof, Refusal};
use store::commit::Tenant;

use super::user::{held_role, shown};
use super::{Failure, Run};
use crate::cli::{Client, ClientAdd};
use crate::{tenants, wiring};

/// How many clients are listed.
const MOST_LISTED: u32 = 1000;

/// Works on the clients of a data directory that no server holds.
pub fn run(run: Run, asked: Client) -> Result<(), Failure> {
    wiring::with_door(&run.settings, async |door| {
        let tenant = tenants::named(&door.tenants, run.tenant.as_deref()).await?.tenant();
        match asked {
            Client::Add(asked) => {
                let made = door.provider.register_client(described(asked, tenant)?).await.map_err(failed)?;
                let mut what = vec![("id", made.id)];
                what.extend(made.secret.map(|secret| ("secret", secret.expose().to_owned())));
                shown(run.json, &what);
            }
            Client::List => {
                let clients = door.provider.list_clients(tenant, MOST_LISTED).await.map_err(failed)?;
                let rows = clients.iter().map(|kept| (&*kept.id, &kept.record));
                if run.json {
                    let all = rows.map(|(id, client)| object! { "id": id, "name": client.name.as_str(), "scope": client.scope.as_str() });
                    println!("{}", fhir::json::to_string(&Value::Array(all.collect())));
                } else {
                    rows.for_each(|(id, client)| println!("{id}  {}  {}", client.name, client.scope));
                }
            }
            Client::Remove { id } => {
                let kept = door.provider.find_client(tenant, &id).await.map_err(failed)?;
                let kept = kept.ok_or_else(|| Failure::failed(format!("there is no client {id}: `ward client list` shows them")))?;
                door.provider.remove_client(&kept).await.map_err(failed)?;
            }
        }
        Ok(())
    })
}

/// The client that is asked for: one with roles acts for itself, one with addresses to send users back to asks them.
fn described(asked: ClientAdd, tenant: Tenant) -> Result<Known, Failure> {
    let proof = match (asked.public, asked.keys) {
        (true, _) => Proof::Public,
        (false, None) => Proof::Secret { hashes: Vec::new() },
        (false, Some(place)) if place.starts_with("https://") => Proof::Keys { jwks: None, jwks_uri: Some(place) },
        (false, Some(file)) => {
            let text = std::fs::read_to_string(&file).map_err(|error| Failure::failed(format!("{file}: {error}")))?;
            Proof::Keys { jwks: Some(text), jwks_uri: None }
        }
    };
    let mut grants = Vec::new();
    if !asked.redirect_uris.is_empty() {
        grants.extend([GrantType::AuthorizationCode, GrantType::RefreshToken]);
    }
    if !asked.roles.is_empty() {
        grants.push(GrantType::ClientCredentials);
    }
    if grants.is_empty() {
        return Err(Failure::usage("give --redirect-uri for an app that users open, or --role for a service that acts for itself"));
    }
    Ok(Known {
        tenant: tenant.0,
        name: asked.name,
        proof,
        redirect_uris: asked.redirect_uris,
        launch_uri: asked.launch_uri,
        scope: asked.scope,
        grants,
        logo_uri: None,
        roles: asked.roles.iter().map(|role| held_role(role)).collect(),
        preapproved: false,
        self_registered: false,
        id_token_alg: IdTokenAlg::default(),
        active: true,
        created: 0,
    })
}

fn failed(refusal: Refusal) -> Failure {
    Failure::failed(refusal.to_string())
}
