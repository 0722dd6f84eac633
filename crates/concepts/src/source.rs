//! What a code system is read from: a file, a folder, or a zip archive; each of its files may be packed with gzip.
//!
//! Nothing is unpacked to disk: files are read as streams. A name in an archive that would lead out of it is refused all the same, because such
//! an archive is hostile. How much comes out of a packed file is bounded.

mod archive;
mod counted;
mod guard;
mod line_counter;
mod lines;
mod rows;

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use crate::Failure;
use crate::limits::{MAX_FILES, MAX_FOLDER_DEPTH};

use counted::{Counted, Position};
use guard::Guard;
pub(crate) use line_counter::LineCounter;
pub(crate) use lines::Lines;
pub(crate) use rows::{Dialect, Rows};

/// A file, folder or archive.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    files: Vec<Entry>,
    reading: Position,
}

/// A file of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its name with the folders inside of the source, without `.gz`.
    pub(crate) name: String,
    is_gzip: bool,
    place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    File(PathBuf),
    Archive(usize),
}

impl Entry {
    fn new(name: &str, place: Place) -> Self {
        let plain = name.strip_suffix(".gz");
        Self { name: plain.unwrap_or(name).to_owned(), is_gzip: plain.is_some(), place }
    }

    /// Its name without folders, in small letters.
    pub(crate) fn base(&self) -> String {
        self.name.rsplit('/').next().unwrap_or_default().to_ascii_lowercase()
    }
}

impl Source {
    /// Looks what there is; reads no file but the list of an archive.
    ///
    /// # Errors
    /// That it cannot be read, has too many files ([`Failure::Limit`]), or is a hostile or damaged archive ([`Failure::Archive`]).
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let metadata = fs::metadata(path).map_err(Failure::at(path))?;
        let mut files = Vec::new();
        if metadata.is_dir() {
            walk(path, "", 0, &mut files)?;
        } else if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip")) {
            files = archive::list(path)?;
        } else {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            files.push(Entry::new(&name, Place::File(path.to_owned())));
        }
        files.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(Self { path: path.to_owned(), files, reading: Position::default() })
    }

    /// All files, by name.
    pub(crate) fn files(&self) -> &[Entry] {
        &self.files
    }

    /// The first file whose name without folders, in small letters, is one that `is_it` takes.
    pub(crate) fn find(&self, is_it: impl Fn(&str) -> bool) -> Option<&Entry> {
        self.files.iter().find(|file| is_it(&file.base()))
    }

    /// The file of this name, in small letters and without folders.
    ///
    /// # Errors
    /// [`Failure::FileMissing`].
    pub(crate) fn need(&self, name: &'static str) -> Result<&Entry, Failure> {
        self.find(|other| other == name.to_ascii_lowercase()).ok_or_else(|| Failure::FileMissing { path: self.path.clone(), file: name })
    }

    /// Reads a file with `take`.
    ///
    /// # Errors
    /// What `take` says; that the file cannot be opened.
    pub(crate) fn read<T>(&self, entry: &Entry, take: impl FnOnce(&mut dyn BufRead) -> Result<T, Failure>) -> Result<T, Failure> {
        match &entry.place {
            Place::File(path) => {
                let file = File::open(path).map_err(Failure::at(path))?;
                let packed = file.metadata().map_err(Failure::at(path))?.len();
                unpack(Counted::new(file, packed, &self.reading), packed, entry.is_gzip, take)
            }
            Place::Archive(index) => archive::read(&self.path, *index, |file, packed, unpacked| {
                unpack(Counted::new(file, unpacked, &self.reading), packed, entry.is_gzip, take)
            }),
        }
    }

    /// How much of the file that is being read has been, from 0 to 1.
    pub(crate) fn share_read(&self) -> f64 {
        self.reading.share()
    }

    /// The first bytes of a file, at most so many; nothing when it cannot be read.
    pub(crate) fn head(&self, entry: &Entry, most: u64) -> String {
        let mut bytes = Vec::new();
        let read = self.read(entry, |file| file.take(most).read_to_end(&mut bytes).map_err(Failure::at(&self.path)));
        read.map_or_else(|_| String::new(), |_| String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn unpack<T>(file: impl Read, packed: u64, is_gzip: bool, take: impl FnOnce(&mut dyn BufRead) -> Result<T, Failure>) -> Result<T, Failure> {
    const BUFFER: usize = 256 << 10;
    if is_gzip {
        take(&mut BufReader::with_capacity(BUFFER, Guard::new(MultiGzDecoder::new(BufReader::with_capacity(BUFFER, file)), packed)))
    } else {
        take(&mut BufReader::with_capacity(BUFFER, Guard::new(file, packed)))
    }
}

/// What a read that failed is told as: what is wrong with the bytes is the file's fault, anything else the system's.
pub(crate) fn unreadable(name: &str, error: io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => {
            Failure::Archive { path: name.into(), rule: format!("cannot be unpacked: {error}") }
        }
        _ => Failure::at(Path::new(name))(error),
    }
}

fn walk(folder: &Path, prefix: &str, depth: usize, files: &mut Vec<Entry>) -> Result<(), Failure> {
    if depth > MAX_FOLDER_DEPTH {
        return Err(Failure::Limit { what: "folders below folders", most: MAX_FOLDER_DEPTH as u64 });
    }
    for entry in fs::read_dir(folder).map_err(Failure::at(folder))? {
        let entry = entry.map_err(Failure::at(folder))?;
        let kind = entry.file_type().map_err(Failure::at(folder))?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if kind.is_dir() {
            walk(&entry.path(), &format!("{name}/"), depth + 1, files)?;
        } else if kind.is_file() {
            files.push(Entry::new(&name, Place::File(entry.path())));
        }
        if files.len() > MAX_FILES {
            return Err(Failure::Limit { what: "files of a source", most: MAX_FILES as u64 });
        }
    }
    Ok(())
}
