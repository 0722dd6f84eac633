//! `ward terminology remove`.

use concepts::Tables;
use fhir::{Value, object};

use super::{canonical, failure};
use crate::command::Failure;

/// The address and the version of a code system.
type System = (Box<str>, Box<str>);

/// Takes away what is named. When something of it is not there, nothing is taken away.
pub fn run(tables: &Tables, named: &[String], json: bool) -> Result<(), Failure> {
    let mut chosen: Vec<System> = Vec::new();
    for name in named {
        let found = found(tables, name)?;
        if found.is_empty() {
            return Err(Failure::failed(format!("{name} is not there: ward terminology list tells what is")));
        }
        chosen.extend(found.into_iter().filter(|system| !chosen.contains(system)).collect::<Vec<_>>());
    }
    let mut done = Vec::with_capacity(chosen.len());
    for (url, version) in chosen {
        let removed = tables.remove(&url, &version).map_err(|broken| failure(&broken))?;
        if removed {
            eprintln!("{} is removed", canonical(&url, &version));
            done.push(object! { "system": &*url, "version": &*version });
        }
    }
    if json {
        println!("{}", fhir::json::to_string(&Value::Array(done)));
    }
    Ok(())
}

/// The address and version of what a name means. With a version it is found although it may be damaged: its file's name says which it is.
fn found(tables: &Tables, name: &str) -> Result<Vec<System>, Failure> {
    if let Some((url, version)) = name.split_once('|') {
        let is_there = tables.path(url, version).exists();
        return Ok(is_there.then(|| (url.into(), version.into())).into_iter().collect());
    }
    let (opened, _) = tables.open_all().map_err(|broken| failure(&broken))?;
    let abouts = opened.iter().map(concepts::Table::about).filter(|about| *about.url == *name);
    Ok(abouts.map(|about| (about.url.clone(), about.version.clone())).collect())
}
