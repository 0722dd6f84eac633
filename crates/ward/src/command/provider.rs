//! `ward provider`.

use std::path::Path;

use federation::by_saml::sign_out::sign_out_at;
use federation::by_saml::{answer_to, entity_id};
use federation::openid::redirect_uri;
use federation::provider::{Encryption, Newcomers, OpenId, Proof, Protocol, Saml};
use federation::{FederationError, OutsideProvider};
use fhir::{Object, Value, object};
use identity::directory::Kept;
use oauth::{IdTokenAlg, Site};
use saml::metadata::of_provider;
use store::commit::Tenant;

use super::counter::held_role;
use super::user::{secret_from_stdin, shown};
use super::{Failure, Run};
use crate::cli::{Provider, ProviderAdd, ProviderAddSaml, ProviderPeople};
use crate::{tenants, wiring};

/// Works on the providers of a data directory that no server holds.
pub fn run(run: Run, asked: Provider) -> Result<(), Failure> {
    wiring::with_door(&run.settings, async |door| {
        let tenancy = &*tenants::named(&door.tenants, run.tenant.as_deref()).await?;
        let (tenant, site) = (tenancy.tenant(), tenants::site(&run.settings, tenancy));
        let site = Site::new(tenant, &site, &format!("{site}/fhir"));
        let federation = &door.federation;
        match asked {
            Provider::Add(asked) => {
                let slug = asked.slug.clone();
                let secret = if asked.secret_stdin { Some(secret_from_stdin("secret")?) } else { None };
                federation.add(described(asked, tenant), secret.as_ref()).await.map_err(failed)?;
                let address = redirect_uri(&site, &slug);
                shown(run.json, &object! { "slug": slug, "redirect_uri": address }, &["slug", "redirect_uri"]);
            }
            Provider::AddSaml(asked) => {
                let slug = asked.slug.clone();
                federation.add(described_saml(asked, tenant)?, None).await.map_err(failed)?;
                let (called, address, sign_out) = (entity_id(&site, &slug), answer_to(&site, &slug), sign_out_at(&site, &slug));
                let made = object! { "slug": slug, "entity_id": called, "acs": address, "slo": sign_out };
                shown(run.json, &made, &["slug", "entity_id", "acs", "slo"]);
            }
            Provider::Renew { slug, metadata } => federation.renew(tenant, &slug, said(&metadata)?).await.map_err(failed)?,
            Provider::Encryption { slug, encryption } => {
                federation.encrypt(tenant, &slug, encryption_of(&encryption)).await.map_err(failed)?;
            }
            Provider::Rotate { slug, days } => federation.rotate(tenant, &slug, days).await.map_err(failed)?,
            Provider::List => list(&federation.list(tenant).await.map_err(failed)?, run.json),
            Provider::Link { slug, login, subject } => {
                let found = door.identity.find_user(&login).await.map_err(|error| failed(error.into()))?;
                let none = || Failure::failed(format!("no account has the login {login}: `ward user list` shows them"));
                federation.link(tenant, &slug, &found.ok_or_else(none)?.id, &subject).await.map_err(failed)?;
            }
            Provider::Remove { slug } => federation.remove(tenant, &slug).await.map_err(failed)?,
        }
        Ok(())
    })
}

fn list(providers: &[Kept<OutsideProvider>], json: bool) {
    let rows = providers.iter().map(|kept| &kept.record);
    if json {
        let all = rows.map(|provider| {
            let called = provider.protocol.called();
            let mut listed = Object::new();
            listed.push("slug", provider.slug.as_str());
            listed.push("name", provider.name.as_str());
            listed.push("called", called);
            if let Protocol::Saml(saml) = &provider.protocol {
                listed.push("encryption", saml.encryption.word());
            }
            Value::Object(listed)
        });
        println!("{}", fhir::json::to_string(&Value::Array(all.collect())));
    } else {
        rows.for_each(|provider| println!("{}  {}  {}", provider.slug, provider.name, provider.protocol.called()));
    }
}

/// The OpenID provider that is asked for.
fn described(asked: ProviderAdd, tenant: Tenant) -> OutsideProvider {
    let proof = match asked.key.as_deref() {
        Some("RS256") => Proof::Key(IdTokenAlg::Rs256),
        Some(_) => Proof::Key(IdTokenAlg::Es384),
        None => Proof::Public,
    };
    let openid = OpenId { issuer: asked.issuer, client_id: asked.client_id, proof, scopes: asked.scope };
    of(tenant, (asked.slug, asked.name), Protocol::OpenId(openid), asked.login_claim, asked.people)
}

/// The SAML provider that is asked for.
fn described_saml(asked: ProviderAddSaml, tenant: Tenant) -> Result<OutsideProvider, Failure> {
    let saml = Saml { encryption: encryption_of(&asked.encryption), ..said(&asked.metadata)? };
    Ok(of(tenant, (asked.slug, asked.name), Protocol::Saml(saml), asked.login_attribute, asked.people))
}

/// What a SAML provider says of itself in a file.
fn said(file: &Path) -> Result<Saml, Failure> {
    let place = file.display();
    let text = std::fs::read(file).map_err(|error| Failure::failed(format!("{place}: {error}")))?;
    let said = of_provider(&text).map_err(|refused| Failure::failed(format!("{place}: {refused}")))?;
    let (entity_id, sign_in, certificates, sign_out) = (said.entity_id, said.sign_in, said.certificates, said.sign_out);
    Ok(Saml { entity_id, sign_in, certificates, sign_out, encryption: Encryption::default() })
}

/// By its word in commands.
fn encryption_of(word: &str) -> Encryption {
    if word == Encryption::Required.word() { Encryption::Required } else { Encryption::Wanted }
}

fn of(tenant: Tenant, (slug, name): (String, String), protocol: Protocol, login_claim: String, people: ProviderPeople) -> OutsideProvider {
    let roles = people.newcomer_roles.iter().map(|role| held_role(role)).collect();
    OutsideProvider {
        tenant: tenant.0,
        slug,
        name,
        protocol,
        second_factor: people.second_factor,
        login_claim,
        newcomers: people.newcomers.then_some(Newcomers { roles }),
        active: true,
        created: 0,
    }
}

fn failed(error: FederationError) -> Failure {
    Failure::failed(format!("{error}: {}", error.remedy()))
}
