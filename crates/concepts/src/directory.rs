//! The folder of concept tables.
//!
//! A file is written under a name that no table has, synced, and then renamed: whoever lists the folder sees a table whole or not at all,
//! whenever the process is killed. What a killed process has left is removed when the next table is added.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::table::layout::HEADER_BYTES;
use crate::{About, Failure, Summary, Table, Writer};

const TABLE: &str = "concepts";
const UNFINISHED: &str = "unfinished";
const LOCK: &str = "lock";

/// A folder of concept tables.
#[derive(Clone, Debug)]
pub struct Tables {
    folder: PathBuf,
}

/// What adding a table did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// There was no table of this code system and version.
    New,
    /// There was another one, in whose place it stands now. Who has the other one open keeps it.
    Replaced,
    /// There was the same, byte for byte.
    Unchanged,
}

/// A table that was added.
#[derive(Clone, Debug)]
pub struct Added {
    /// Where its file is.
    pub path: PathBuf,
    /// The code system.
    pub about: About,
    /// How much of what it has.
    pub summary: Summary,
    /// What that changed.
    pub change: Change,
}

impl Tables {
    /// The tables of this folder, which need not be there yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Opens every table, in the order of their files' names. What cannot be opened is left out, and told beside.
    ///
    /// # Errors
    /// That the folder cannot be read; one that is not there is empty.
    pub fn open_all(&self) -> Result<(Vec<Table>, Vec<Failure>), Failure> {
        let (mut tables, mut failures) = (Vec::new(), Vec::new());
        for path in self.files(TABLE)? {
            match Table::open(&path) {
                Ok(table) => tables.push(table),
                Err(failure) => failures.push(failure),
            }
        }
        Ok((tables, failures))
    }

    /// A number that is another one whenever other tables are there. It reads what the system says of the files, and none of them.
    ///
    /// # Errors
    /// That the folder cannot be read; one that is not there is empty.
    pub fn fingerprint(&self) -> Result<u64, Failure> {
        let mut hasher = Xxh3::new();
        for path in self.files(TABLE)? {
            // One that was removed meanwhile is as good as one that was not there.
            let Ok(metadata) = fs::metadata(&path) else { continue };
            hasher.update(path.as_os_str().as_encoded_bytes());
            // A file that was renamed to this name is another one, however alike they are.
            for number in [metadata.ino(), metadata.len(), metadata.mtime() as u64, metadata.mtime_nsec() as u64] {
                hasher.update(&number.to_le_bytes());
            }
        }
        Ok(hasher.digest())
    }

    /// Adds a table of the facts that `fill` tells. Adding the same again changes nothing; another version stands beside; the same version with
    /// other content takes the place of what was there. When `fill` fails, nothing has changed.
    ///
    /// # Errors
    /// What `fill` and [`Writer::finish`] say; [`Failure::Busy`] while another process adds or removes; [`Failure::Malformed`] when the code
    /// system has no address.
    pub fn add(&self, fill: impl FnOnce(&mut Writer) -> Result<(), Failure>) -> Result<Added, Failure> {
        let _lock = self.lock()?;
        for path in self.files(UNFINISHED)? {
            fs::remove_file(&path).map_err(Failure::at(&path))?;
        }
        let mut writer = Writer::new(About::new("", "", ""), &self.folder);
        fill(&mut writer)?;
        let about = writer.about_mut().clone();
        if about.url.is_empty() {
            return Err(Failure::malformed("the code system", 0, "its canonical address is not known: give it one"));
        }
        let path = self.path(&about.url, &about.version);
        let unfinished = path.with_extension(UNFINISHED);
        let summary = File::create(&unfinished).map_err(Failure::at(&unfinished)).and_then(|file| writer.finish(file));
        let summary = summary.inspect_err(|_| drop(fs::remove_file(&unfinished)))?;
        let change = self.put_in_place(&unfinished, &path)?;
        Ok(Added { path, about, summary, change })
    }

    /// Removes the table of a code system and version; whether there was one. Who has it open keeps it.
    ///
    /// # Errors
    /// That the file cannot be removed; [`Failure::Busy`] as for [`Tables::add`].
    pub fn remove(&self, url: &str, version: &str) -> Result<bool, Failure> {
        let _lock = self.lock()?;
        let path = self.path(url, version);
        match fs::remove_file(&path) {
            Ok(()) => self.sync().map(|()| true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(Failure::at(&path)(error)),
        }
    }

    /// Where the table of a code system and version is, or would be: a name that people can read, made unique by a hash.
    pub fn path(&self, url: &str, version: &str) -> PathBuf {
        let hash = xxh3_64(format!("{url}|{version}").as_bytes());
        let address = url.split_once("://").map_or(url, |(_, rest)| rest);
        // A version may be an address itself: what tells it from others is its end.
        let version = version.rsplit('/').next().unwrap_or_default();
        self.folder.join(format!("{}-{}-{hash:016x}.{TABLE}", readable(address), readable(version)))
    }

    fn put_in_place(&self, unfinished: &Path, path: &Path) -> Result<Change, Failure> {
        let change = match header(path) {
            Ok(there) if there == header(unfinished).map_err(Failure::at(unfinished))? => Change::Unchanged,
            Ok(_) => Change::Replaced,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Change::New,
            // Too short to be a table: it is replaced.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Change::Replaced,
            Err(error) => return Err(Failure::at(path)(error)),
        };
        // The header has the checksums of all that follows; but what follows may have been damaged since.
        if change == Change::Unchanged && Table::open(path).is_ok() {
            fs::remove_file(unfinished).map_err(Failure::at(unfinished))?;
            return Ok(change);
        }
        fs::rename(unfinished, path).map_err(Failure::at(path))?;
        self.sync()?;
        Ok(if change == Change::New { change } else { Change::Replaced })
    }

    /// The files with an extension, sorted.
    fn files(&self, extension: &str) -> Result<Vec<PathBuf>, Failure> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other.map_err(Failure::at(&self.folder))?,
        };
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(Failure::at(&self.folder))?.path();
            if path.extension().is_some_and(|other| other == extension) {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }

    /// Keeps other processes from writing there until it is dropped.
    fn lock(&self) -> Result<File, Failure> {
        fs::create_dir_all(&self.folder).map_err(Failure::at(&self.folder))?;
        let path = self.folder.join(LOCK);
        let lock = File::options().create(true).truncate(false).write(true).open(&path).map_err(Failure::at(&path))?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(TryLockError::WouldBlock) => Err(Failure::Busy { path: self.folder.clone() }),
            Err(TryLockError::Error(error)) => Err(Failure::at(&path)(error)),
        }
    }

    /// Makes renames and removals last.
    fn sync(&self) -> Result<(), Failure> {
        File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(Failure::at(&self.folder))
    }
}

fn header(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; HEADER_BYTES];
    File::open(path)?.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Letters and digits, everything else as one hyphen, and not too much of it.
fn readable(text: &str) -> String {
    let mut name = String::new();
    for character in text.chars() {
        if character.is_ascii_alphanumeric() || character == '.' {
            name.push(character.to_ascii_lowercase());
        } else if !name.ends_with('-') {
            name.push('-');
        }
        if name.len() >= 60 {
            break;
        }
    }
    name.trim_matches(['-', '.']).to_owned()
}
