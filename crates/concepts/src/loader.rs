//! Reading the files that code systems are published in.
//!
//! Each loader reads a file, a folder or a zip archive as a stream; a file of it may be packed with gzip. What breaks a rule of the format ends
//! the load with the file, the line and the rule, and nothing is added.

mod bcp_47;
mod cdc_race;
mod csv;
mod cvx;
mod fhir_code_system;
mod icd_10_cm;
mod icd_10_pcs;
mod iso;
mod json;
mod loinc;
mod ndc;
mod order_file;
mod rxnorm;
mod snomed;
mod snomed_gps;

use std::path::Path;

use crate::source::Source;
use crate::{Added, Failure, Tables, Writer};

/// A format that can be loaded.
struct Loader {
    name: &'static str,
    title: &'static str,
    /// What there is to load in a source: a name for each code system; nothing when the source is not in this format.
    jobs: fn(&Source) -> Vec<String>,
    /// Tells the facts of one of them.
    load: fn(&mut Load<'_>) -> Result<(), Failure>,
}

/// The formats, those that are sure of themselves before those that take what is left.
const LOADERS: [Loader; 13] = [
    snomed::LOADER,
    rxnorm::LOADER,
    loinc::LOADER,
    icd_10_cm::LOADER,
    icd_10_pcs::LOADER,
    cvx::LOADER,
    ndc::LOADER,
    bcp_47::LOADER,
    cdc_race::LOADER,
    iso::LOADER,
    snomed_gps::LOADER,
    fhir_code_system::LOADER,
    csv::LOADER,
];

/// What a file or folder was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// The name to ask for it with: `icd-10-cm`.
    pub name: &'static str,
    /// What it is: `ICD-10-CM`.
    pub title: &'static str,
}

/// What the source does not say, or says otherwise than it should.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The name of the format; found out when it is not given.
    pub format: Option<String>,
    /// The canonical address of the code system.
    pub url: Option<String>,
    /// Its version.
    pub version: Option<String>,
}

/// How far a load is.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// The file that is being read.
    pub file: &'a str,
    /// How many lines or elements of the source have been read.
    pub rows: u64,
    /// How much of the file has been read, from 0 to 1.
    pub share: f64,
}

/// After so many lines progress is told.
const ROWS_PER_REPORT: u64 = 10_000;

/// The names of all formats.
pub fn names() -> impl Iterator<Item = &'static str> {
    LOADERS.iter().map(|loader| loader.name)
}

/// Finds out what a file, folder or archive is.
///
/// # Errors
/// [`Failure::Unrecognised`]; that it cannot be read, or is a hostile archive.
pub fn detect(path: &Path) -> Result<Format, Failure> {
    let source = Source::open(path)?;
    recognise(&source, None).map(|(loader, _)| Format { name: loader.name, title: loader.title })
}

/// Adds the tables of all code systems of a source: most have one, a folder of ISO's lists has several. `report` is told about progress.
///
/// # Errors
/// [`Failure::Unrecognised`] for a source or a format that is not known; what is wrong with the source ([`Failure::Malformed`],
/// [`Failure::FileMissing`], [`Failure::Archive`], [`Failure::Limit`]); what [`Tables::add`] says. Code systems before the one that failed have
/// been added.
pub fn load(path: &Path, options: &Options, tables: &Tables, report: &mut dyn FnMut(Progress<'_>)) -> Result<Vec<Added>, Failure> {
    let source = Source::open(path)?;
    let (loader, jobs) = recognise(&source, options.format.as_deref())?;
    let mut added = Vec::new();
    for job in jobs {
        added.push(tables.add(|writer| {
            writer.about_mut().loader = loader.name.into();
            (loader.load)(&mut Load { source: &source, job: &job, writer: &mut *writer, options, report: &mut *report, rows: 0 })?;
            let about = writer.about_mut();
            if let Some(url) = &options.url {
                about.url = url.as_str().into();
            }
            if let Some(version) = &options.version {
                about.version = version.as_str().into();
            }
            Ok(())
        })?);
    }
    Ok(added)
}

/// The loader for a source and what it has to do there. A format that is asked for by name is tried even when the source does not look like it,
/// so that the loader tells what is wrong.
fn recognise(source: &Source, format: Option<&str>) -> Result<(&'static Loader, Vec<String>), Failure> {
    let with_jobs = |loader: &'static Loader| (loader, (loader.jobs)(source));
    let found = match format {
        Some(name) => LOADERS.iter().find(|loader| loader.name == name).map(with_jobs).map(|(loader, jobs)| match jobs.is_empty() {
            true => (loader, one(true)),
            false => (loader, jobs),
        }),
        None => LOADERS.iter().map(with_jobs).find(|(_, jobs)| !jobs.is_empty()),
    };
    found.ok_or_else(|| Failure::Unrecognised { path: source.path.clone() })
}

/// A load under way.
struct Load<'a> {
    source: &'a Source,
    /// Which of the source's code systems.
    job: &'a str,
    writer: &'a mut Writer,
    options: &'a Options,
    report: &'a mut dyn FnMut(Progress<'_>),
    rows: u64,
}

impl Load<'_> {
    /// Counts a line or element of a file, and tells about it now and then.
    fn count(&mut self, file: &str) {
        self.rows += 1;
        if self.rows.is_multiple_of(ROWS_PER_REPORT) {
            (self.report)(Progress { file, rows: self.rows, share: self.source.share_read() });
        }
    }
}

/// The only code system of a source, when it is there.
fn one(is_there: bool) -> Vec<String> {
    if is_there { vec![String::new()] } else { Vec::new() }
}

/// The last number of so many digits in a file's name: the date or year of a release.
fn digits_in(name: &str, count: usize) -> Option<String> {
    let mut runs = name.split(|character: char| !character.is_ascii_digit());
    runs.rfind(|run| run.len() == count).map(str::to_owned)
}
