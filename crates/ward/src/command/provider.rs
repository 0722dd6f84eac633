//! `ward provider`.

use federation::openid::redirect_uri;
use federation::provider::{Newcomers, OpenId, Proof, Protocol};
use federation::{FederationError, OutsideProvider};
use fhir::{Value, object};
use oauth::{IdTokenAlg, Site};
use store::commit::Tenant;

use super::user::{failed as of_account, held_role, id_of, secret_from_stdin, shown};
use super::{Failure, Run};
use crate::cli::{Provider, ProviderAdd};
use crate::{tenants, wiring};

/// Works on the providers of a data directory that no server holds.
pub fn run(run: Run, asked: Provider) -> Result<(), Failure> {
    wiring::with_door(&run.settings, async |door| {
        let tenancy = tenants::named(&door.tenants, run.tenant.as_deref()).await?;
        let (tenant, site) = (tenancy.tenant(), tenants::site(&run.settings, &tenancy));
        let federation = &door.federation;
        match asked {
            Provider::Add(asked) => {
                let slug = asked.slug.clone();
                let secret = if asked.secret_stdin { Some(secret_from_stdin("secret")?) } else { None };
                federation.add(described(asked, tenant), secret.as_ref()).await.map_err(failed)?;
                let address = redirect_uri(&Site::new(tenant, &site, &format!("{site}/fhir")), &slug);
                shown(run.json, &[("slug", slug), ("redirect_uri", address)]);
            }
            Provider::List => {
                let providers = federation.list(tenant).await.map_err(failed)?;
                let rows = providers.iter().map(|kept| &kept.record);
                if run.json {
                    let all = rows.map(|provider| {
                        let Protocol::OpenId(openid) = &provider.protocol;
                        object! { "slug": provider.slug.as_str(), "name": provider.name.as_str(), "issuer": openid.issuer.as_str() }
                    });
                    println!("{}", fhir::json::to_string(&Value::Array(all.collect())));
                } else {
                    rows.for_each(|provider| {
                        let Protocol::OpenId(openid) = &provider.protocol;
                        println!("{}  {}  {}", provider.slug, provider.name, openid.issuer);
                    });
                }
            }
            Provider::Link { slug, login, subject } => {
                let user = id_of(&door.identity, &login).await?;
                federation.link(tenant, &slug, &user, &subject).await.map_err(failed)?;
            }
            Provider::Remove { slug } => federation.remove(tenant, &slug).await.map_err(failed)?,
        }
        Ok(())
    })
}

/// The provider that is asked for.
fn described(asked: ProviderAdd, tenant: Tenant) -> OutsideProvider {
    let proof = match asked.key.as_deref() {
        Some("RS256") => Proof::Key(IdTokenAlg::Rs256),
        Some(_) => Proof::Key(IdTokenAlg::Es384),
        None => Proof::Public,
    };
    let roles = asked.newcomer_roles.iter().map(|role| held_role(role)).collect();
    OutsideProvider {
        tenant: tenant.0,
        slug: asked.slug,
        name: asked.name,
        protocol: Protocol::OpenId(OpenId { issuer: asked.issuer, client_id: asked.client_id, proof, scopes: asked.scope }),
        second_factor: asked.second_factor,
        login_claim: asked.login_claim,
        newcomers: asked.newcomers.then_some(Newcomers { roles }),
        active: true,
        created: 0,
    }
}

fn failed(error: FederationError) -> Failure {
    match error {
        FederationError::Identity(error) => of_account(error),
        error => Failure::failed(format!("{error}: {}", error.remedy())),
    }
}
