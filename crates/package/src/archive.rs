//! The files of a package: of a `.tgz`, of a `.zip` of it, or of a folder.
//!
//! Nothing is written anywhere. What cannot be a package ends at the first entry that shows it: paths that lead out of it, links, devices, more
//! or larger entries than [`Limits`] allow.

mod folder;
mod path;
mod tar;
mod zip;

use std::collections::HashSet;
use std::io::Read;

use fhir::{Issue, IssueCode};

pub(crate) use self::folder::read_folder;
use self::path::Place;
use crate::{Wanted, codes};

/// How large a package may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many entries it has at most: 50,000.
    pub entries: usize,
    /// How many bytes an entry has at most: 64 MiB.
    pub entry_bytes: u64,
    /// How many bytes all entries have at most, unpacked: 512 MiB.
    pub total_bytes: u64,
    /// How many times its packed size they have at most, once they have more than 16 MiB: 100. JSON is packed to a twentieth.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { entries: 50_000, entry_bytes: 64 << 20, total_bytes: 512 << 20, ratio: 100 }
    }
}

/// Up to how many bytes nobody asks how well they were packed.
const UNSUSPICIOUS_BYTES: u64 = 16 << 20;

/// The files of a package that may be of use.
#[derive(Debug, Default)]
pub(crate) struct Files {
    /// The text of `package/package.json`.
    pub(crate) manifest: Vec<u8>,
    /// The names and texts of what may be resources, sorted by name.
    pub(crate) resources: Vec<(String, Vec<u8>)>,
}

/// Reads the bytes of a `.tgz` or `.zip`.
pub(crate) fn read(bytes: &[u8], wanted: Wanted, limits: Limits) -> Result<Files, Issue> {
    let most = (bytes.len() as u64).saturating_mul(limits.ratio).max(UNSUSPICIOUS_BYTES).min(limits.total_bytes);
    let gathered = Gathered::new(wanted, limits, most);
    match bytes {
        [0x1F, 0x8B, ..] => tar::read(flate2::read::MultiGzDecoder::new(bytes), gathered),
        [b'P', b'K', ..] => zip::read(bytes, gathered),
        _ => Err(unreadable("it is neither a .tgz nor a .zip: give the file as the registry hands it out, or a folder")),
    }
}

/// What is wrong with an archive that cannot be read.
fn unreadable(why: impl Into<String>) -> Issue {
    Issue::error(codes::UNREADABLE, IssueCode::Structure, "", why)
}

/// What was found so far, and what may still come.
struct Gathered {
    wanted: Wanted,
    limits: Limits,
    most_bytes: u64,
    bytes: u64,
    entries: usize,
    seen: HashSet<String>,
    manifest: Option<Vec<u8>>,
    resources: Vec<(String, Vec<u8>)>,
}

impl Gathered {
    fn new(wanted: Wanted, limits: Limits, most_bytes: u64) -> Self {
        Self { wanted, limits, most_bytes, bytes: 0, entries: 0, seen: HashSet::new(), manifest: None, resources: Vec::new() }
    }

    /// Counts one more entry, whatever it is.
    fn count(&mut self) -> Result<(), Issue> {
        self.entries += 1;
        let most = self.limits.entries;
        if self.entries > most { Err(too_large(format!("it has more than {most} entries"))) } else { Ok(()) }
    }

    /// Takes the file of this path in, which says that it has `size` bytes. It is read to its end, as long as it is within bounds.
    fn file(&mut self, path: &str, size: u64, content: &mut dyn Read) -> Result<(), Issue> {
        let path = path::checked(path)?;
        if size > self.limits.entry_bytes {
            return Err(too_large(format!("{path} has more than {} bytes", self.limits.entry_bytes)));
        }
        if !self.seen.insert(path.clone()) {
            return Err(Issue::error(codes::BAD_PATH, IssueCode::Duplicate, "", format!("{path} is in it twice: which one counts?")));
        }
        let place = path::place(&path, self.wanted);
        let mut text = Vec::new();
        let mut most = size;
        let mut buffer = [0; 16 * 1024];
        while most > 0 {
            let part = &mut buffer[..most.min(16 * 1024) as usize];
            let count = content.read(part).map_err(|error| unreadable(format!("{path} breaks off: {error}")))?;
            if count == 0 {
                return Err(unreadable(format!("{path} breaks off: the archive is not whole")));
            }
            most -= count as u64;
            self.add_bytes(count as u64)?;
            if place != Place::Elsewhere {
                text.extend_from_slice(&part[..count]);
            }
        }
        match place {
            Place::Manifest => self.manifest = Some(text),
            Place::Resource => self.resources.push((path, text)),
            Place::Elsewhere => {}
        }
        Ok(())
    }

    /// Counts unpacked bytes.
    fn add_bytes(&mut self, count: u64) -> Result<(), Issue> {
        self.bytes += count;
        if self.bytes <= self.most_bytes {
            return Ok(());
        }
        Err(too_large(match self.most_bytes == self.limits.total_bytes {
            true => format!("it has more than {} bytes, unpacked", self.limits.total_bytes),
            false => format!("it has more than {} times its size, unpacked, as no text has", self.limits.ratio),
        }))
    }

    fn finish(mut self) -> Result<Files, Issue> {
        let Some(manifest) = self.manifest else {
            let remedy = "it has no package/package.json: it is no FHIR package";
            return Err(Issue::error(codes::BAD_MANIFEST, IssueCode::Required, "", remedy));
        };
        self.resources.sort();
        Ok(Files { manifest, resources: self.resources })
    }
}

fn too_large(what: String) -> Issue {
    Issue::error(codes::TOO_LARGE, IssueCode::TooLong, "", format!("{what}: it is not taken for a package"))
}

/// What is wrong with an entry that is neither a file nor a folder.
fn no_file(path: &str, what: &str) -> Issue {
    let rule = format!("{path:.200} is {what}: a package has files and folders only");
    Issue::error(codes::NOT_A_FILE, IssueCode::Security, "", rule)
}
