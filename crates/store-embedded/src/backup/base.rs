//! A base: the database file, copied while it may be written back to.
//!
//! The copy begins when the write-ahead log does, and what is written back to the file meanwhile comes from that log or later ones, whose frames are all
//! in the segments from the base's first on. So the copy may hold a page as it was before, after, or half written: replaying the segments up to the one
//! that was the newest when the copy ended sets every such page right. Before that one, nothing can be restored from this base.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use store::commit::Instant;
use xxhash_rust::xxh3::Xxh3;
use zstd::stream::write::Encoder;

use super::sealed::{self, Draft, Seal, bad};
use super::segment::Reached;
use crate::error::Result;

const KIND: &str = "ward base 1";

/// The level of compression.
const LEVEL: i32 = 1;

/// How many bytes are copied at a time.
const PIECE: usize = 4 << 20;

/// What a base says of itself.
#[derive(Clone, Debug)]
pub(crate) struct Base {
    /// The number of the first segment to be replayed on it.
    pub(crate) first: u64,
    /// The seal of the segment before that one; that of the chain when there is none.
    pub(crate) after: Seal,
    /// The number of the last segment that has to be replayed on it.
    pub(crate) whole: u64,
    /// How far the commits are then.
    pub(crate) reached: Reached,
    /// When it was finished, by the machine's clock.
    pub(crate) made: Instant,
    /// The size of the compressed file.
    bytes: u64,
    content: u128,
}

/// The paths of a base and its description in a stretch.
fn paths(stretch: &Path) -> (PathBuf, PathBuf) {
    (stretch.join("base"), stretch.join("base.txt"))
}

/// A base that is being copied. It is removed when it is not finished.
pub(crate) struct Copying {
    stretch: PathBuf,
    first: u64,
    after: Seal,
    encoder: Option<Encoder<'static, Hashing<File>>>,
    buffer: Vec<u8>,
    read: u64,
}

impl Copying {
    /// Begins a base in a stretch.
    pub(crate) fn begin(stretch: PathBuf, first: u64, after: Seal) -> Result<Self> {
        let file = File::create(stretch.join("base.tmp"))?;
        let encoder = Encoder::new(Hashing::new(file), LEVEL)?;
        Ok(Self { stretch, first, after, encoder: Some(encoder), buffer: vec![0; PIECE], read: 0 })
    }

    /// Copies a piece. Says whether there is more.
    pub(crate) fn piece(&mut self, database: &File) -> Result<bool> {
        let count = database.read_at(&mut self.buffer, self.read)?;
        if let Some(encoder) = &mut self.encoder {
            encoder.write_all(&self.buffer[..count])?;
        }
        self.read += count as u64;
        Ok(count > 0)
    }

    /// Ends it: it is there from now on.
    pub(crate) fn finish(mut self, whole: u64, reached: Reached, made: Instant) -> Result<()> {
        let Some(encoder) = self.encoder.take() else { return Ok(()) };
        let Hashing { inner, hasher, bytes } = encoder.finish()?;
        inner.sync_all()?;
        let (base, description) = paths(&self.stretch);
        sealed::give_name(&self.stretch.join("base.tmp"), &base)?;
        let draft = Draft::new(KIND)
            .line("first", self.first)
            .line("after", format!("{:032x}", self.after))
            .line("whole", whole)
            .line("made", made)
            .line("bytes", bytes)
            .line("content", format!("{:032x}", hasher.digest128()));
        let (text, _) = reached.draft(draft).sealed();
        Ok(sealed::write_whole(&description, &[text.as_bytes()])?)
    }
}

impl Drop for Copying {
    fn drop(&mut self) {
        if self.encoder.is_some() {
            std::fs::remove_file(self.stretch.join("base.tmp")).ok();
        }
    }
}

impl Base {
    /// The base of a stretch; `None` when it has none, or not yet.
    pub(crate) fn of(stretch: &Path, is_trusted: bool) -> Result<Option<Self>> {
        let (_, path) = paths(stretch);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            // Without its description, a base is one that was not finished: an older one serves as well.
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(bad(&path, &format!("it cannot be read: {e}"))),
        };
        let fields = sealed::open_whole(&path, KIND, &bytes, is_trusted)?;
        Ok(Some(Self {
            first: fields.number("first")?,
            after: fields.hash("after")?,
            whole: fields.number("whole")?,
            reached: Reached::of(&fields, &path)?,
            made: fields.number("made")?,
            bytes: fields.number("bytes")?,
            content: fields.hash("content")?,
        }))
    }

    /// Writes the database as it was copied.
    pub(crate) fn unpack(&self, stretch: &Path, to: &mut File, is_trusted: bool) -> Result<()> {
        let (path, _) = paths(stretch);
        let file = File::open(&path).map_err(|e| bad(&path, &format!("it cannot be read: {e}")))?;
        let size = file.metadata()?.len();
        let mut source = Hashing::new(file);
        let unpacked = zstd::stream::copy_decode(&mut source, &mut *to);
        // What the decoder did not want belongs to the hash too.
        io::copy(&mut source, &mut io::sink())?;
        let is_whole = size == self.bytes && source.hasher.digest128() == self.content;
        if !is_trusted && !is_whole {
            return Err(bad(&path, "it is not what was written"));
        }
        unpacked.map_err(|e| bad(&path, &format!("it cannot be decompressed: {e}")))
    }
}

/// Hashes what goes through.
struct Hashing<T> {
    inner: T,
    hasher: Xxh3,
    bytes: u64,
}

impl<T> Hashing<T> {
    fn new(inner: T) -> Self {
        Self { inner, hasher: Xxh3::new(), bytes: 0 }
    }

    fn seen(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
    }
}

impl<T: Write> Write for Hashing<T> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(buffer)?;
        self.seen(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<T: Read> Read for Hashing<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.seen(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}
