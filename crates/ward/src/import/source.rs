//! Files, folders and archives, as a stream of documents and lines.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;

/// A piece of a file that holds one resource or one Bundle.
#[derive(Debug)]
pub struct Piece {
    /// The file, and the member of an archive after `!`.
    pub file: Arc<str>,
    /// The line, from 1, in a file of lines; 1 in a file that is one document.
    pub line: u64,
    /// Its text.
    pub text: Vec<u8>,
    /// Whether it is XML.
    pub is_xml: bool,
}

/// What is read, and what could not be.
#[derive(Debug)]
pub enum Found {
    /// A piece.
    Piece(Piece),
    /// A file, or the rest of one, that cannot be read: its name, the line, and why.
    Broken(Arc<str>, u64, String),
    /// A file that is of no kind that is imported.
    Passed(Arc<str>),
}

/// The files of an import, in order, with their sizes.
#[derive(Debug)]
pub struct Plan {
    files: Vec<(PathBuf, u64)>,
    /// How many bytes they have together, as they are on disk.
    pub bytes: u64,
}

impl Plan {
    /// Finds the files of `paths`: a folder stands for everything in it, sorted by name.
    pub fn of(paths: &[PathBuf]) -> Result<Self, String> {
        let mut files = Vec::new();
        for path in paths {
            collect(path, &mut files).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        let bytes = files.iter().map(|(_, size)| size).sum();
        Ok(Self { files, bytes })
    }

    /// Reads all files in order and hands out what is in them; `done` counts the bytes read. Ends early when `take` answers `false`.
    pub fn read(&self, longest: usize, done: &Arc<AtomicU64>, take: &mut dyn FnMut(Found) -> bool) {
        for (path, size) in &self.files {
            let before = done.load(Ordering::Relaxed);
            let mut reader = FileReader { longest, take: &mut *take };
            if !reader.file(path, done) {
                return;
            }
            done.store(before + size, Ordering::Relaxed);
        }
    }
}

fn collect(path: &Path, files: &mut Vec<(PathBuf, u64)>) -> io::Result<()> {
    let metadata = path.metadata()?;
    if !metadata.is_dir() {
        files.push((path.to_owned(), metadata.len()));
        return Ok(());
    }
    let mut inside = path.read_dir()?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    inside.sort();
    inside.iter().try_for_each(|path| collect(path, files))
}

struct FileReader<'a> {
    longest: usize,
    take: &'a mut dyn FnMut(Found) -> bool,
}

impl FileReader<'_> {
    fn file(&mut self, path: &Path, done: &Arc<AtomicU64>) -> bool {
        let name: Arc<str> = path.display().to_string().into();
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) => return (self.take)(Found::Broken(name, 0, error.to_string())),
        };
        if ending(&name) == "zip" {
            return self.archive(&name, file);
        }
        self.stream(&name, &mut Counted { inner: file, done: done.clone() })
    }

    fn archive(&mut self, name: &Arc<str>, file: File) -> bool {
        let mut archive = match zip::ZipArchive::new(BufReader::new(file)) {
            Ok(archive) => archive,
            Err(error) => return (self.take)(Found::Broken(name.clone(), 0, error.to_string())),
        };
        let mut members: Vec<(String, usize)> =
            (0..archive.len()).filter_map(|index| Some((archive.name_for_index(index)?.ok()?.into_owned(), index))).collect();
        members.sort();
        members.into_iter().all(|(member, index)| {
            let inner: Arc<str> = format!("{name}!{member}").into();
            match archive.by_index(index) {
                Ok(entry) if entry.is_dir() => true,
                Ok(mut entry) => self.stream(&inner, &mut entry),
                Err(error) => (self.take)(Found::Broken(inner, 0, error.to_string())),
            }
        })
    }

    fn stream(&mut self, name: &Arc<str>, input: &mut dyn Read) -> bool {
        match name.strip_suffix(".gz") {
            Some(inner) => {
                let inner = inner.to_owned();
                self.plain(name, &inner, &mut MultiGzDecoder::new(BufReader::with_capacity(1 << 16, input)))
            }
            None => self.plain(name, &name.clone(), input),
        }
    }

    fn plain(&mut self, name: &Arc<str>, inner: &str, input: &mut dyn Read) -> bool {
        match ending(inner) {
            "ndjson" | "jsonl" => self.lines(name, input),
            "json" => self.document(name, input, false),
            "xml" => self.document(name, input, true),
            _ => (self.take)(Found::Passed(name.clone())),
        }
    }

    fn document(&mut self, file: &Arc<str>, input: &mut dyn Read, is_xml: bool) -> bool {
        let mut text = Vec::new();
        let found = match input.take(self.longest as u64 + 1).read_to_end(&mut text) {
            Err(error) => Found::Broken(file.clone(), 1, error.to_string()),
            Ok(_) if text.len() > self.longest => Found::Broken(file.clone(), 1, too_long(self.longest)),
            Ok(_) => Found::Piece(Piece { file: file.clone(), line: 1, text, is_xml }),
        };
        (self.take)(found)
    }

    fn lines(&mut self, file: &Arc<str>, input: &mut dyn Read) -> bool {
        let mut input = BufReader::with_capacity(1 << 16, input);
        for line in 1.. {
            let mut text = Vec::new();
            let found = match (&mut input).take(self.longest as u64 + 1).read_until(b'\n', &mut text) {
                Ok(0) => return true,
                Ok(_) if text.len() > self.longest => {
                    if let Err(error) = skip_line(&mut input) {
                        return (self.take)(Found::Broken(file.clone(), line, error.to_string()));
                    }
                    Found::Broken(file.clone(), line, too_long(self.longest))
                }
                Ok(_) if text.trim_ascii().is_empty() => continue,
                Ok(_) => Found::Piece(Piece { file: file.clone(), line, text, is_xml: false }),
                Err(error) => return (self.take)(Found::Broken(file.clone(), line, error.to_string())),
            };
            if !(self.take)(found) {
                return false;
            }
        }
        true
    }
}

fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        match buffer.iter().position(|&byte| byte == b'\n') {
            Some(end) => {
                input.consume(end + 1);
                return Ok(());
            }
            None => {
                let length = buffer.len();
                input.consume(length);
            }
        }
    }
}

fn too_long(longest: usize) -> String {
    format!("longer than {longest} bytes: raise max_bundle_bytes, or split it")
}

fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

struct Counted<R> {
    inner: R,
    done: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.done.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
