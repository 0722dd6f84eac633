//! `ward terminology load`.

use std::path::Path;
use std::time::Instant;

use concepts::loader::{self, Options};
use concepts::{Added, Change, Tables};
use fhir::{Value, object};

use super::{canonical, failure};
use crate::cli::Load;
use crate::command::Failure;
use crate::progress::Progress;

/// The format of a table with columns, which says nothing of its code system.
const TABLE_WITH_COLUMNS: &str = "csv";

/// Loads the sources one after the other. One that cannot be loaded ends the command; those before it are loaded, of itself nothing is but whole code
/// systems.
pub fn run(tables: &Tables, arguments: &Load, json: bool) -> Result<(), Failure> {
    let jobs = jobs(arguments)?;
    let mut done = Vec::new();
    let mut result = Ok(());
    for (path, options) in jobs {
        let started = Instant::now();
        match one(tables, path, &options) {
            Ok(added) => {
                let seconds = started.elapsed().as_secs_f64();
                added.iter().for_each(|added| tell(added, seconds));
                done.extend(added.iter().map(|added| as_json(added, path)));
            }
            Err(failure) => {
                result = Err(failure);
                break;
            }
        }
    }
    if json {
        println!("{}", fhir::json::to_string(&Value::Array(done)));
    }
    result
}

/// What is to be done, once nothing of it is wrong at first sight.
fn jobs(arguments: &Load) -> Result<Vec<(&Path, Options)>, Failure> {
    let Load { paths, formats, system, system_version } = arguments;
    if formats.len() > 1 && formats.len() != paths.len() {
        return Err(Failure::usage(format!(
            "--as is given {} times for {} paths: give it once for all, or once for each",
            formats.len(),
            paths.len()
        )));
    }
    if paths.len() > 1 && (system.is_some() || system_version.is_some()) {
        return Err(Failure::usage("--system and --system-version say what one source is: load the others by commands of their own"));
    }
    if let Some(format) = formats.iter().find(|format| !loader::names().any(|name| name == **format)) {
        let known = || format!("it is one of {}", loader::names().collect::<Vec<_>>().join(", "));
        let hint = fhir::nearest(format, loader::names()).map_or_else(known, |near| format!("did you mean {near}?"));
        return Err(Failure::usage(format!("{format} is no format: {hint}")));
    }
    let mut jobs = Vec::with_capacity(paths.len());
    for (place, path) in paths.iter().enumerate() {
        if !path.exists() {
            return Err(Failure::usage(format!("{} is neither a file nor a folder", path.display())));
        }
        let format = formats.get(place).or_else(|| formats.first()).cloned();
        let found = match &format {
            Some(format) => format.as_str(),
            None => loader::detect(path).map_err(|broken| failure(&broken))?.name,
        };
        if found == TABLE_WITH_COLUMNS && system.is_none() {
            let what = path.display();
            return Err(Failure::usage(format!("{what} does not say which code system it is: give its address with --system URL")));
        }
        jobs.push((path.as_path(), Options { format, url: system.clone(), version: system_version.clone() }));
    }
    Ok(jobs)
}

fn one(tables: &Tables, path: &Path, options: &Options) -> Result<Vec<Added>, Failure> {
    let mut file = FileProgress::default();
    let loaded = loader::load(path, options, tables, &mut |progress| file.show(&progress));
    file.clear();
    loaded.map_err(|broken| {
        let mut failure = failure(&broken);
        failure.lines.iter_mut().for_each(|line| *line = format!("{} was not loaded: {line}", path.display()));
        failure
    })
}

/// The progress of a source, whose files are read one after the other.
#[derive(Default)]
struct FileProgress {
    /// The file that is being read, how many rows were read before it, and the line that shows it.
    current: Option<(String, u64, Progress)>,
}

impl FileProgress {
    fn show(&mut self, told: &loader::Progress<'_>) {
        if self.current.as_ref().is_none_or(|(file, ..)| file != told.file) {
            self.current = Some((told.file.to_owned(), told.rows, Progress::start("rows of a file")));
        }
        if let Some((_, before, progress)) = &mut self.current {
            progress.show_share(told.rows - *before, told.share);
        }
    }

    fn clear(&self) {
        if let Some((_, _, progress)) = &self.current {
            progress.clear();
        }
    }
}

/// A word for what has changed.
fn word(change: Change) -> &'static str {
    match change {
        Change::New => "new",
        Change::Replaced => "replaced",
        Change::Unchanged => "unchanged",
    }
}

fn tell(added: &Added, seconds: f64) {
    let Added { about, summary, change, .. } = added;
    let what = match change {
        Change::New => "loaded",
        Change::Replaced => "loaded in place of what was there",
        Change::Unchanged => "there already, and unchanged",
    };
    let rate = summary.concepts as f64 / seconds.max(0.001);
    let name = canonical(&about.url, &about.version);
    eprintln!("{name}: {} concepts, {what}, in {seconds:.1} s ({rate:.0}/s)", summary.concepts);
    if summary.left_out > 0 {
        eprintln!("ward: {name}: {} facts are about codes that its files do not have, and left out", summary.left_out);
    }
}

fn as_json(added: &Added, path: &Path) -> Value {
    let Added { about, summary, change, .. } = added;
    object! {
        "path": path.display().to_string(),
        "system": &*about.url,
        "version": &*about.version,
        "title": &*about.title,
        "format": &*about.loader,
        "change": word(*change),
        "concepts": summary.concepts,
        "left_out": summary.left_out,
    }
}
