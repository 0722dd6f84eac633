//! `ward terminology load`, `list` and `remove`.

mod load;
mod remove;

use concepts::{Content, Failure as Broken, Table, Tables};
use fhir::{Value, object};

use super::{Failure, Run};
use crate::cli::Terminology;
use crate::code_systems;

/// Does what was asked in the data directory, also while a server holds it.
pub fn run(run: Run, arguments: Terminology) -> Result<(), Failure> {
    let tables = code_systems::of(&run.settings)?;
    match arguments {
        Terminology::Load(arguments) => load::run(&tables, &arguments, run.json),
        Terminology::List => list(&tables, run.json),
        Terminology::Remove { systems } => remove::run(&tables, &systems, run.json),
    }
}

/// How a command ends that tables keep from doing its work.
fn failure(broken: &Broken) -> Failure {
    match broken {
        Broken::Busy { .. } => Failure::refused(broken.issue().to_string()),
        _ => Failure::failed(broken.issue().to_string()),
    }
}

/// `SYSTEM|VERSION`, or the system alone.
fn canonical(url: &str, version: &str) -> String {
    if version.is_empty() { url.to_owned() } else { format!("{url}|{version}") }
}

/// Lists the code systems, one a line. Fails when there is a table that cannot be opened, after the others.
fn list(tables: &Tables, json: bool) -> Result<(), Failure> {
    let (opened, broken) = tables.open_all().map_err(|broken| failure(&broken))?;
    if json {
        println!("{}", fhir::json::to_string(&Value::Array(opened.iter().map(as_json).collect())));
    } else {
        for table in &opened {
            let about = table.about();
            let part = if about.content == Content::Fragment { " (a part)" } else { "" };
            println!("{}  {} concepts{part}  {}", canonical(&about.url, &about.version), table.len(), about.title);
        }
    }
    if broken.is_empty() {
        return Ok(());
    }
    Err(Failure { lines: broken.iter().map(|broken| broken.issue().to_string()).collect(), ..Failure::failed("") })
}

fn as_json(table: &Table) -> Value {
    let about = table.about();
    object! {
        "system": &*about.url,
        "version": &*about.version,
        "title": &*about.title,
        "format": &*about.loader,
        "concepts": u64::from(table.len()),
        "complete": about.content == Content::Complete,
        "bytes": table.file_bytes(),
        "copyright": &*about.copyright,
    }
}
