//! `ward provider`.

use federation::openid::redirect_uri;
use federation::provider::{Newcomers, OpenId, Proof, Protocol};
use federation::{FederationError, OutsideProvider};
use fhir::{Value, object};
use identity::user::HeldRole;
use oauth::{IdTokenAlg, Site};

use super::user::{secret_from_stdin, shown};
use super::{Failure, Run};
use crate::cli::{Provider, ProviderAdd};
use crate::wiring;

/// Works on the providers of a data directory that no server holds.
pub fn run(run: Run, asked: Provider) -> Result<(), Failure> {
    let site = wiring::site(&run.settings);
    wiring::with_door(&run.settings, async |door| {
        let federation = &door.federation;
        match asked {
            Provider::Add(asked) => {
                let slug = asked.slug.clone();
                let secret = if asked.secret_stdin { Some(secret_from_stdin("secret")?) } else { None };
                federation.add(described(asked), secret.as_ref()).await.map_err(failed)?;
                let address = redirect_uri(&Site::new(wiring::TENANT, &site, &format!("{site}/fhir")), &slug);
                shown(run.json, &object! { "slug": slug, "redirect_uri": address }, &["slug", "redirect_uri"]);
            }
            Provider::List => {
                let providers = federation.list(wiring::TENANT).await.map_err(failed)?;
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
                let found = door.identity.find_user(&login).await.map_err(|error| failed(error.into()))?;
                let none = || Failure::failed(format!("no account has the login {login}: `ward user list` shows them"));
                federation.link(wiring::TENANT, &slug, &found.ok_or_else(none)?.id, &subject).await.map_err(failed)?;
            }
            Provider::Remove { slug } => federation.remove(wiring::TENANT, &slug).await.map_err(failed)?,
        }
        Ok(())
    })
}

/// The provider that is asked for.
fn described(asked: ProviderAdd) -> OutsideProvider {
    let proof = match asked.key.as_deref() {
        Some("RS256") => Proof::Key(IdTokenAlg::Rs256),
        Some(_) => Proof::Key(IdTokenAlg::Es384),
        None => Proof::Public,
    };
    let roles = asked.newcomer_roles.iter().map(|role| held_role(role)).collect();
    OutsideProvider {
        tenant: wiring::TENANT.0,
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

/// `physician`, or `physician@Organization/3`.
fn held_role(text: &str) -> HeldRole {
    let (role, facility) = text.split_once('@').map_or((text, None), |(role, facility)| (role, Some(facility.to_owned())));
    HeldRole { role: role.to_owned(), facility, department: None }
}

fn failed(error: FederationError) -> Failure {
    match error {
        FederationError::Identity(error) => Failure::failed(format!("{error}: {}", error.remedy())),
        error => Failure::failed(format!("{error}: {}", error.remedy())),
    }
}
