//! The write-ahead log that a crash has left: does it lack something in its middle?
//!
//! Each frame of the log has a checksum that goes on from that of the frame before it, so that SQLite, when it recovers a log, knows where
//! whole frames end. It takes that for the end of the log, which is right for what was written last and not synced, and wrong for a bit
//! that was flipped in what was synced long ago: everything after it is gone then, in silence.
//!
//! The two can be told apart. Between two syncs one transaction is written, at most, and its last frame says that it is the last. A frame that
//! goes on from such a last one was begun after a sync; if it stands behind a frame that is not whole, the log was damaged.
//!
//! The last transaction itself has no successor to speak for it. Where only the process has died, the index of the log does, which SQLite keeps in
//! shared memory: it counts frames once they are synced. Both hold only if a log is synced ([`sync()`]) before it is recovered: what a dead process
//! did not sync is counted by the recovery too, and the next transaction goes on from it.

mod index;
mod sync;

use std::fmt;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use crate::page;
use crate::shape::{FRAME_BYTES, FRAME_HEADER_BYTES, LOG_HEADER_BYTES, holds_sound_page};

/// How a log begins; the last bit says in which order its checksums read bytes.
const MAGIC: u32 = 0x377f_0682;

pub use sync::sync;

/// What is missing in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The first frame that is not whole, from 1; 0: the log's header is not.
    pub frame: u64,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.frame {
            0 => f.write_str("the header of the write-ahead log is not what was written"),
            frame => write!(f, "frame {frame} of the write-ahead log is not what was written, and there are others behind it"),
        }
    }
}

/// The checksum of a log up to some place.
type Sum = (u32, u32);

/// The path of a database's log.
pub fn log_of(database: &Path) -> PathBuf {
    beside(database, "-wal")
}

/// The path of a file that has a database's name, and something behind it.
fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    database.with_file_name(name)
}

/// Looks for a gap in the log of a database that no connection has open. There is none in a log that is not there. When the last transaction is what
/// was damaged, and the index of the log was lost too, as by a power loss, it looks like one that was not synced, and no gap is seen.
///
/// # Errors
/// When the file is there and cannot be read.
pub fn verify(database: &Path) -> std::io::Result<Option<Gap>> {
    let mut file = match File::open(log_of(database)) {
        Ok(file) => BufReader::with_capacity(64 * FRAME_BYTES, file),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e),
    };
    let mut header = [0; LOG_HEADER_BYTES];
    if !filled(&mut file, &mut header)? {
        return Ok(None);
    }
    match Log::begun(&header) {
        Some(log) => log.gap(&mut file, index::synced_frames(database, log.salt)),
        None => Ok(holds_a_page(&mut file)?.then_some(Gap { frame: 0 })),
    }
}

/// Reads until the buffer is full; false when the file ends before.
fn filled(file: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<bool> {
    match file.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => Ok(false),
        Err(e) => Err(e),
    }
}

/// Whether there is a sealed page in what follows the header: the header is synced before the first one is written.
fn holds_a_page(file: &mut impl Read) -> std::io::Result<bool> {
    let mut frame = [0; FRAME_BYTES];
    let mut place = LOG_HEADER_BYTES as u64;
    while filled(file, &mut frame)? {
        if holds_sound_page(&frame, place) {
            return Ok(true);
        }
        place += FRAME_BYTES as u64;
    }
    Ok(false)
}

/// What the header of a log says.
struct Log {
    is_big_endian: bool,
    salt: [u8; 8],
    sum: Sum,
}

/// What a frame says of itself.
struct Frame {
    salt: [u8; 8],
    ends_transaction: bool,
    /// The checksum that it has.
    stored: Sum,
}

fn number(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_be_bytes)
}

fn salt(bytes: &[u8], at: usize) -> [u8; 8] {
    bytes.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).unwrap_or_default()
}

impl Log {
    /// The log that a header begins; `None` when the header is not whole.
    fn begun(header: &[u8; LOG_HEADER_BYTES]) -> Option<Self> {
        let magic = number(header, 0);
        let mut log = Self { is_big_endian: magic & 1 == 1, salt: salt(header, 16), sum: (0, 0) };
        log.sum = log.add((0, 0), header.split_at(24).0);
        let is_whole =
            magic & !1 == MAGIC && number(header, 8) as usize == page::PAGE_BYTES && log.sum == (number(header, 24), number(header, 28));
        is_whole.then_some(log)
    }

    /// The checksum, gone on over these bytes.
    fn add(&self, sum: Sum, bytes: &[u8]) -> Sum {
        let (pairs, _) = bytes.as_chunks::<8>();
        pairs.iter().fold(sum, |(first, second), &[a, b, c, d, e, f, g, h]| {
            let word = if self.is_big_endian { u32::from_be_bytes } else { u32::from_le_bytes };
            let first = first.wrapping_add(word([a, b, c, d])).wrapping_add(second);
            (first, second.wrapping_add(word([e, f, g, h])).wrapping_add(first))
        })
    }

    /// The checksum of a frame after another one. SQLite has made it of a page without a checksum of its own.
    fn after(&self, sum: Sum, frame: &mut [u8; FRAME_BYTES]) -> Sum {
        page::unseal(frame);
        let (header, page) = frame.split_at(FRAME_HEADER_BYTES);
        self.add(self.add(sum, header.split_at(8).0), page)
    }

    /// The gap before frames that were synced: those that [`index`] counts, and those that another transaction goes on from.
    fn gap(&self, file: &mut impl Read, synced: u64) -> std::io::Result<Option<Gap>> {
        let mut bytes = [0; FRAME_BYTES];
        let mut whole = 0;
        let mut sum = self.sum;
        let mut broken = None;
        while broken.is_none() && filled(file, &mut bytes)? {
            let frame = Frame::of(&bytes);
            let is_sound = holds_sound_page(&bytes, (LOG_HEADER_BYTES as u64) + whole * FRAME_BYTES as u64);
            let computed = self.after(sum, &mut bytes);
            if frame.salt == self.salt && is_sound && computed == frame.stored {
                (sum, whole) = (computed, whole + 1);
            } else {
                broken = Some((frame, computed));
            }
        }
        let gap = Gap { frame: whole + 1 };
        if whole < synced {
            return Ok(Some(gap));
        }
        let Some((first, computed)) = broken else { return Ok(None) };
        // What the next frame goes on from, if a transaction ends with the one before it.
        let mut ends = if first.ends_transaction { vec![computed, first.stored] } else { Vec::new() };
        while filled(file, &mut bytes)? {
            let frame = Frame::of(&bytes);
            if frame.salt == self.salt && ends.iter().any(|end| self.after(*end, &mut bytes) == frame.stored) {
                return Ok(Some(gap));
            }
            ends = if frame.ends_transaction { vec![frame.stored] } else { Vec::new() };
        }
        Ok(None)
    }
}

impl Frame {
    fn of(bytes: &[u8; FRAME_BYTES]) -> Self {
        Self { salt: salt(bytes, 8), ends_transaction: number(bytes, 4) != 0, stored: (number(bytes, 16), number(bytes, 20)) }
    }
}
