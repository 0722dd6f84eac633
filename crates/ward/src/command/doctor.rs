//! `ward doctor`.

mod sealing;

use std::io::Write;
use std::net::TcpListener;
use std::path::Path;

use fhir::{Value, object};

use super::{Failure, Run};
use crate::settings::Settings;
use crate::{code_systems, open_files, wiring};

/// What a check found.
struct Finding {
    about: &'static str,
    /// What is as it should be, or what is not and what to do.
    result: Result<String, String>,
}

/// Looks at everything that could keep Ward from working here, and fails when something does.
pub fn run(run: Run) -> Result<(), Failure> {
    let settings = &run.settings;
    let folder = wiring::data_dir(settings)?;
    let findings = [
        Finding { about: "settings", result: Ok(format!("{} read", crate::settings::TABLE.len())) },
        Finding { about: "listen", result: listen(settings) },
        Finding { about: "data_dir", result: writable(&folder) },
        Finding { about: "database", result: database(settings, &folder) },
        Finding { about: "keys", result: sealing::keys(settings, &folder) },
        Finding { about: "code systems", result: code_systems(settings) },
        Finding { about: "backup_to", result: backup(settings) },
        Finding { about: "clock", result: clock() },
        Finding { about: "open files", result: open_files(settings) },
    ];
    let broken = findings.iter().filter(|finding| finding.result.is_err()).count();
    if run.json {
        println!("{}", fhir::json::to_string(&Value::Array(findings.iter().map(as_json).collect())));
    } else {
        for finding in &findings {
            match &finding.result {
                Ok(what) => println!("ok     {}: {what}", finding.about),
                Err(what) => println!("BROKEN {}: {what}", finding.about),
            }
        }
    }
    if broken == 0 { Ok(()) } else { Err(Failure::failed(format!("{broken} of {} things need mending", findings.len()))) }
}

fn as_json(finding: &Finding) -> Value {
    let (ok, what) = match &finding.result {
        Ok(what) => (true, what),
        Err(what) => (false, what),
    };
    object! { "about": finding.about, "ok": ok, "finding": what.as_str() }
}

fn listen(settings: &Settings) -> Result<String, String> {
    if let Some(problem) = settings.listening_problem() {
        return Err(problem);
    }
    match TcpListener::bind(settings.listen) {
        Ok(_) => Ok(format!("{} is free", settings.listen)),
        Err(error) => Err(format!("{}: {error}: stop what listens there, or set listen to another port", settings.listen)),
    }
}

fn writable(folder: &Path) -> Result<String, String> {
    let probe = folder.join(".doctor");
    let write = || {
        std::fs::create_dir_all(folder)?;
        let mut file = std::fs::File::create(&probe)?;
        file.write_all(b"probe")?;
        file.sync_all()?;
        std::fs::remove_file(&probe)
    };
    write().map(|()| format!("{} can be written and synced", folder.display())).map_err(|error: std::io::Error| {
        format!("{}: {error}: give the user of this process write access, make room, or set data_dir", folder.display())
    })
}

fn database(settings: &Settings, folder: &Path) -> Result<String, String> {
    if !folder.join(store_embedded::FILE_NAME).exists() {
        return Ok("none yet: it is made at the first start".to_owned());
    }
    let checked = wiring::with_engine(settings, async |engine| {
        engine.check_index(|_| {}).await.map_err(|error| Failure::failed(format!("{error}: restore the latest backup into a new data_dir")))
    });
    let report = checked.map_err(|failure| failure.lines.join("; "))?;
    if report.is_clean() {
        return Ok(format!("{} versions can be read, and the index agrees", report.versions));
    }
    Err(format!("the index differs from the database in {} places: run `ward index rebuild`", report.differences))
}

fn code_systems(settings: &Settings) -> Result<String, String> {
    let tables = code_systems::of(settings).map_err(|failure| failure.lines.join("; "))?;
    let (opened, broken) = tables.open_all().map_err(|broken| broken.to_string())?;
    if broken.is_empty() {
        return Ok(match opened.len() {
            0 => "none are loaded: ward terminology load takes SNOMED CT, LOINC and others".to_owned(),
            count => format!("{count} are loaded and can be read"),
        });
    }
    Err(broken.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
}

fn backup(settings: &Settings) -> Result<String, String> {
    let place = Path::new(&settings.backup_to);
    if settings.backup_to.is_empty() {
        return Ok("no backup follows the server: set backup_to to a folder on another disk".to_owned());
    }
    match std::fs::read_dir(place) {
        Ok(_) => writable(place),
        Err(error) => Err(format!("{}: {error}: mount it, or make the folder", place.display())),
    }
}

fn clock() -> Result<String, String> {
    use store::contract::Clock;
    /// 2026-01-01: no machine that runs this was built before.
    const EARLIEST: i64 = 1_767_225_600_000;
    let now = crate::clock::of_process().now();
    let text = fhir::primitive::instant_text(now);
    if now < EARLIEST { Err(format!("it is {text} here: set the clock")) } else { Ok(text) }
}

fn open_files(settings: &Settings) -> Result<String, String> {
    let allowed = open_files::raise();
    let shown = allowed.map_or("any number".to_owned(), |allowed| allowed.to_string());
    let (wanted, possible) = (settings.max_connections, open_files::connections(settings.max_connections, allowed));
    if possible < wanted {
        return Ok(format!("{shown} allowed, so that {possible} connections are served and not {wanted}: raise the limit with ulimit -Hn"));
    }
    Ok(format!("{shown} allowed"))
}
