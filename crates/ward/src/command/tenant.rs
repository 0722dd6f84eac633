//! `ward tenant`.
//!
//! - [`export`]: everything of one, into a folder.
//! - [`erasing`]: everything of one, gone for good.

mod erasing;
mod export;

use fhir::{Value, object};
use identity::Directory;
use identity::tenants::{Alteration, New, Tenancy, Tenants};

use super::{Failure, Run};
use crate::cli::{About, Tenant};
use crate::{clock, tenants, wiring};

/// Works on the tenants of a data directory that no server holds.
pub fn run(run: Run, asked: Tenant) -> Result<(), Failure> {
    match asked {
        Tenant::Export { slug, folder } => export::run(&run, &slug, &folder),
        Tenant::Delete { slug, for_good: true, confirm } => erasing::run(&run, &slug, confirm.as_deref()),
        asked => wiring::with_engine(&run.settings, async |engine| {
            let known = Tenants::new(Directory::new(engine), clock::of_process());
            match asked {
                Tenant::List => list(&known, run.json).await,
                Tenant::Show { slug } => {
                    let table = known.table().await.map_err(|error| tenants::failed(&error.into()))?;
                    let found = table.named(&slug).ok_or_else(|| tenants::failed(&identity::tenants::TenantError::Unknown))?;
                    show(&run, found);
                    Ok(())
                }
                asked => {
                    let done = change(&known, asked).await?;
                    show(&run, &done);
                    Ok(())
                }
            }
        }),
    }
}

async fn change(known: &Tenants, asked: Tenant) -> Result<Tenancy, Failure> {
    let done = match asked {
        Tenant::Add { slug, with } => {
            let name = with.name.clone().unwrap_or_else(|| slug.clone());
            known.add(New { slug, name, with: alteration(with, false)? }).await
        }
        Tenant::Set { slug, with, no_host } => known.set(&slug, &alteration(with, no_host)?).await,
        Tenant::Suspend { slug } => known.suspend(&slug).await,
        Tenant::Reactivate { slug } => known.reactivate(&slug).await,
        Tenant::Delete { slug, .. } => known.end(&slug).await,
        Tenant::List | Tenant::Show { .. } | Tenant::Export { .. } => return Err(Failure::usage("this changes nothing")),
    };
    done.map_err(|error| tenants::failed(&error))
}

/// Fails when this system knows no such time zone.
fn alteration(with: About, no_host: bool) -> Result<Alteration, Failure> {
    let About { name, hosts, accent, locale, time_zone } = with;
    if let Some(zone) = time_zone.as_deref().filter(|zone| !zone.is_empty())
        && jiff::tz::TimeZone::get(zone).is_err()
    {
        return Err(Failure::usage(format!("--time-zone: this system knows no time zone {zone:?}: as Europe/Berlin")));
    }
    let hosts = if no_host { Some(Vec::new()) } else { Some(hosts).filter(|hosts| !hosts.is_empty()) };
    Ok(Alteration { name, hosts, accent, locale, time_zone })
}

async fn list(known: &Tenants, json: bool) -> Result<(), Failure> {
    let table = known.table().await.map_err(|error| tenants::failed(&error.into()))?;
    if json {
        println!("{}", fhir::json::to_string(&Value::Array(table.all().iter().map(|tenancy| described(tenancy)).collect())));
    } else {
        for tenancy in table.all() {
            let hosts = tenancy.hosts.join(", ");
            println!("{}  {}  {}  {}  {hosts}", tenancy.number, tenancy.slug, tenancy.name, tenancy.standing.word());
        }
    }
    Ok(())
}

fn show(run: &Run, tenancy: &Tenancy) {
    if run.json {
        return println!("{}", fhir::json::to_string(&described(tenancy)));
    }
    println!("number: {}", tenancy.number);
    println!("name in addresses: {}", tenancy.slug);
    println!("name: {}", tenancy.name);
    println!("standing: {}", tenancy.standing.word());
    println!("address: {}/fhir", tenants::site(&run.settings, tenancy));
    tenancy.hosts.iter().for_each(|host| println!("host: {host}"));
    let rest = [("accent", &tenancy.branding.accent), ("locale", &tenancy.locale), ("time zone", &tenancy.time_zone)];
    rest.into_iter().for_each(|(name, value)| value.iter().for_each(|value| println!("{name}: {value}")));
}

/// What is known of a tenant, for programs.
fn described(tenancy: &Tenancy) -> Value {
    let mut described = object! {
        "number": u64::from(tenancy.number),
        "slug": tenancy.slug.as_str(),
        "name": tenancy.name.as_str(),
        "standing": tenancy.standing.word(),
        "hosts": Value::Array(tenancy.hosts.iter().map(|host| Value::from(host.as_str())).collect()),
    };
    let rest = [("accent", &tenancy.branding.accent), ("locale", &tenancy.locale), ("timeZone", &tenancy.time_zone)];
    if let Some(members) = described.as_object_mut() {
        rest.into_iter().for_each(|(name, value)| {
            if let Some(value) = value {
                members.set(name, Value::from(value.as_str()));
            }
        });
    }
    described
}
