//! Reads the rows of one file, in their order.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use access::Principal;

use super::format::{FRAME_BYTES, FileId, Found, HEADER_BYTES, Place};
use super::row;
use crate::happening::Happening;

/// How much is read at once.
const CHUNK_BYTES: usize = 256 << 10;

/// Reads one file. What is no row is passed over, byte by byte, until there is one again.
pub(crate) struct Reader {
    file: File,
    id: FileId,
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
    /// Opens a file at its first row. `None` when its header is torn or damaged: then nothing in it was ever acknowledged, or can be told.
    pub(crate) fn open(path: &Path) -> io::Result<Option<Self>> {
        let file = File::open(path)?;
        let mut header = [0; HEADER_BYTES as usize];
        match file.read_exact_at(&mut header, 0) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        }
        let reader = |id| Self { file, id, offset: HEADER_BYTES, chunk: Vec::new(), used: 0, known: HashMap::new(), damaged: 0 };
        Ok(FileId::of_header(&header).map(reader))
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
                Found::Row(bytes) => {
                    let (place, length) = (self.place(), bytes.len() + FRAME_BYTES);
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
