//! `ward package add`, `list` and `remove`.

use fhir::{Severity, Value, object};
use package::Wanted;
use package::plan::Plan;

use super::{Failure, Run};
use crate::cli::{Endpoint, Package, PackageAdd};
use crate::packages::found::{Finder, Found};
use crate::packages::install::{Installed, install, remove};
use crate::packages::target::{Elsewhere, Target};
use crate::wiring;

/// Does what was asked, in the data directory or on a server.
pub fn run(run: Run, arguments: Package) -> Result<(), Failure> {
    match arguments {
        Package::Add(arguments) => {
            let finder = Finder::new(&run.settings.package_registry, &run.settings.ca_file, Wanted { examples: arguments.examples })?;
            on_target(&run, &arguments.endpoint, async |target| add(&target, &finder, &arguments, run.json).await)
        }
        Package::List { endpoint } => on_target(&run, &endpoint, async |target| list(&target, run.json).await),
        Package::Remove { packages, endpoint } => on_target(&run, &endpoint, async |target| remove_all(&target, &packages, run.json).await),
    }
}

fn on_target(run: &Run, endpoint: &Endpoint, work: impl AsyncFnOnce(Target) -> Result<(), Failure>) -> Result<(), Failure> {
    match &endpoint.url {
        Some(url) => {
            let server = Elsewhere { url: url.clone(), token: endpoint.bearer(), ca_file: run.settings.ca_file.clone() };
            wiring::runtime()?.block_on(work(Target::Server(server)))
        }
        None => wiring::with_server(&run.settings, async |server| work(Target::Store(server)).await),
    }
}

/// Adds packages, what they need first. What of them is refused is reported, and does not keep the rest out.
async fn add(target: &Target, finder: &Finder, arguments: &PackageAdd, json: bool) -> Result<(), Failure> {
    let there: Vec<_> = target.records().await?.into_iter().map(|record| record.package).collect();
    let Found { packages, plan } = finder.find(&arguments.packages, &there).await?;
    warn(&plan)?;
    let mut done = Vec::with_capacity(packages.len());
    for package in plan.order.iter().filter_map(|place| packages.get(*place)) {
        let installed = install(target, package).await?;
        if !json {
            tell(&installed);
        }
        done.push(installed);
    }
    if json {
        println!("{}", fhir::json::to_string(&Value::Array(done.iter().map(as_json).collect())));
    }
    Ok(())
}

/// Tells what is missing; a conflict of what was given ends the command before anything is written.
pub(super) fn warn(plan: &Plan) -> Result<(), Failure> {
    plan.missing.iter().for_each(|missing| eprintln!("ward: {}", missing.issue()));
    let (refused, told): (Vec<_>, Vec<_>) = plan.conflicts.iter().partition(|issue| issue.number == package::codes::CONFLICT);
    told.into_iter().for_each(|issue| eprintln!("ward: {}", issue.clone().with_severity(Severity::Warning)));
    match refused.first() {
        Some(issue) => Err(Failure::refused(issue.to_string())),
        None => Ok(()),
    }
}

fn tell(installed: &Installed) {
    let Installed { package, written, unchanged, left_out, seconds } = installed;
    for (file, reasons) in left_out {
        eprintln!("ward: {package}!{file} is left out: {}", reasons.join("; "));
    }
    let rate = (written + unchanged) as f64 / seconds.max(0.001);
    eprintln!("{package}: {written} written, {unchanged} unchanged, {} left out, in {seconds:.1} s ({rate:.0}/s)", left_out.len());
}

fn as_json(installed: &Installed) -> Value {
    let left_out = |(file, reasons): &(String, Vec<String>)| {
        object! { "file": file.as_str(), "reasons": reasons.iter().map(|reason| Value::from(reason.as_str())).collect::<Vec<_>>() }
    };
    object! {
        "package": installed.package.as_str(),
        "written": installed.written,
        "unchanged": installed.unchanged,
        "left_out": installed.left_out.iter().map(left_out).collect::<Vec<_>>(),
    }
}

/// Lists the packages, one a line.
async fn list(target: &Target, json: bool) -> Result<(), Failure> {
    let records = target.records().await?;
    if json {
        let all = records.iter().map(|record| {
            let needs: Vec<Value> = record.needs.iter().map(|needed| Value::from(needed.as_str())).collect();
            object! {
                "name": record.package.name.as_str(),
                "version": record.package.version.as_str(),
                "title": record.title.as_deref().unwrap_or_default(),
                "url": record.url.as_deref().unwrap_or_default(),
                "needs": needs,
            }
        });
        println!("{}", fhir::json::to_string(&Value::Array(all.collect())));
        return Ok(());
    }
    for record in &records {
        println!("{}@{}  {}", record.package.name, record.package.version, record.title.as_deref().unwrap_or_default());
    }
    Ok(())
}

/// Removes packages: `NAME@VERSION`, or all versions of `NAME`.
async fn remove_all(target: &Target, named: &[String], json: bool) -> Result<(), Failure> {
    let records = target.records().await?;
    let all: Vec<String> = records.iter().map(|record| format!("{}@{}", record.package.name, record.package.version)).collect();
    let mut asked: Vec<String> = Vec::new();
    for name in named {
        // One of which not all came in has no record, and is known by its name and version alone.
        let found: Vec<String> = match name.contains('@') {
            true => vec![name.clone()],
            false => all.iter().filter(|there| there.split('@').next() == Some(name)).cloned().collect(),
        };
        if found.is_empty() {
            return Err(Failure::failed(format!("{name} is not there: ward package list tells what is")));
        }
        asked.extend(found);
    }
    for record in records.iter() {
        let own = format!("{}@{}", record.package.name, record.package.version);
        if let Some(needed) = record.needs.iter().find(|needed| asked.contains(needed) && !asked.contains(&own)) {
            eprintln!("ward: {own} needs {needed}: what builds on it can no longer be judged");
        }
    }
    let mut done = Vec::with_capacity(asked.len());
    for package in asked {
        let deleted = remove(target, &package).await?;
        if deleted == 0 && !all.contains(&package) {
            return Err(Failure::failed(format!("{package} is not there: ward package list tells what is")));
        }
        eprintln!("{package}: {deleted} resources deleted");
        done.push(object! { "package": package.as_str(), "deleted": deleted });
    }
    if json {
        println!("{}", fhir::json::to_string(&Value::Array(done)));
    }
    Ok(())
}
