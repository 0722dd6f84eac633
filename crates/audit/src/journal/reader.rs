//! Reads the rows of one file, in their order.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use access::Principal;

use super::format::{self, FRAME_BYTES, FileId, Found, HEADER_BYTES, Place};
use super::row;
use super::seal::{Keys, Seal};
use crate::happening::Happening;

/// How much is read at once.
const CHUNK_BYTES: usize = 256 << 10;

/// Reads one file. What is no row is passed over, byte by byte, until there is one again.
pub(crate) struct Reader {
    file: File,
    id: FileId,
    /// With what its rows are sealed.
    seal: Option<Seal>,
    /// Where the next row is.
    offset: u64,
    /// What was read of the file, from `offset` on: its first `used` bytes are done with.
    chunk: Vec<u8>,
    used: usize,
    known: HashMap<u64, Arc<Principal>>,
    /// How many bytes were no rows, so far.
    pub(crate) damaged: u64,
}

impl Reader {
    /// Opens a file at its first row. `None` when its head is torn or damaged: then nothing in it was ever acknowledged, or can be told.
    ///
    /// Fails when it cannot be read, or its rows are sealed and `keys` do not open them.
    pub(crate) fn open(path: &Path, keys: Option<&dyn Keys>) -> io::Result<Option<Self>> {
        let file = File::open(path)?;
        let mut header = [0; HEADER_BYTES as usize];
        match file.read_exact_at(&mut header, 0) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        }
        let Some((id, is_sealed)) = FileId::of_header(&header) else { return Ok(None) };
        let mut reader = Self { file, id, seal: None, offset: HEADER_BYTES, chunk: Vec::new(), used: 0, known: HashMap::new(), damaged: 0 };
        if is_sealed {
            let Some(seal) = reader.seal(keys)? else { return Ok(None) };
            reader.used = (format::start(Some(&seal)) - HEADER_BYTES) as usize;
            reader.offset = format::start(Some(&seal));
            reader.seal = Some(seal);
        }
        Ok(Some(reader))
    }

    /// The key of the rows, which stands where they begin; `None` when it does not.
    fn seal(&mut self, keys: Option<&dyn Keys>) -> io::Result<Option<Seal>> {
        // No byte more is read: what comes after it may still be written.
        while let Found::Short(needed) = self.id.row(&self.chunk, self.offset) {
            if !self.fill(needed, self.offset + needed as u64)? {
                return Ok(None);
            }
        }
        let Found::Row(sealed) = self.id.row(&self.chunk, self.offset) else { return Ok(None) };
        let opened = keys.ok_or_else(|| io::Error::other("no keys were given")).and_then(|keys| Seal::of(keys, sealed));
        let number = self.id.number;
        opened
            .map(Some)
            .map_err(|error| io::Error::other(format!("the rows of audit-reads.{number}.log are sealed, and do not open: {error}")))
    }

    /// Which file it is.
    pub(crate) fn id(&self) -> FileId {
        self.id
    }

    /// Where it goes on.
    pub(crate) fn place(&self) -> Place {
        Place { file: self.id.number, offset: self.offset }
    }

    /// The next happening that begins before `until`, and its place; `None` when there is none.
    pub(crate) fn next(&mut self, until: u64) -> io::Result<Option<(Place, Happening)>> {
        while self.offset < until {
            match self.id.row(&self.chunk[self.used..], self.offset) {
                Found::Short(needed) => {
                    if !self.fill(needed, until)? {
                        // Too short for what its length says.
                        match self.chunk.len() - self.used {
                            0 => return Ok(None),
                            _ => self.pass_over(),
                        }
                    }
                }
                Found::Nothing => self.pass_over(),
                Found::Row(stored) => {
                    let (place, length) = (self.place(), stored.len() + FRAME_BYTES);
                    let opened = match &self.seal {
                        None => Some(Cow::Borrowed(stored)),
                        Some(seal) => seal.open(self.id, self.offset, stored).map(Cow::Owned),
                    };
                    let Some(bytes) = opened.filter(|bytes| !bytes.is_empty()) else {
                        self.pass_over();
                        continue;
                    };
                    let happening = match bytes[0] {
                        row::PRINCIPAL => {
                            if let Some((number, who)) = row::take_principal(&bytes[1..]) {
                                self.known.insert(number, Arc::new(who));
                            }
                            None
                        }
                        row::HAPPENING => row::take_happening(&bytes[1..], |number| self.known.get(&number).cloned()),
                        _ => None,
                    };
                    self.used += length;
                    self.offset += length as u64;
                    if let Some(happening) = happening {
                        return Ok(Some((place, happening)));
                    }
                }
            }
        }
        Ok(None)
    }

    /// Sees to it that `needed` bytes from `offset` on are there; whether they are. None is read from `until` on.
    fn fill(&mut self, needed: usize, until: u64) -> io::Result<bool> {
        self.chunk.drain(..self.used);
        self.used = 0;
        let had = self.chunk.len();
        let wanted = (needed.max(CHUNK_BYTES) as u64).min(until - self.offset) as usize;
        if wanted <= had {
            return Ok(had >= needed);
        }
        self.chunk.resize(wanted, 0);
        let mut end = had;
        while end < wanted {
            match self.file.read_at(&mut self.chunk[end..], self.offset + end as u64)? {
                0 => break,
                count => end += count,
            }
        }
        self.chunk.truncate(end);
        Ok(end >= needed)
    }

    fn pass_over(&mut self) {
        self.used += 1;
        self.offset += 1;
        self.damaged += 1;
    }
}
