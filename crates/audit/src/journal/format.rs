//! The bytes of a file: a header of 32, then rows, each with its length and its checksum before it. Of a file whose rows are sealed the first is their key ([`Seal`]).
//!
//! The checksum is seeded with the journal, the file and the place in it: bytes that stand where they were not written are no rows.

use std::io;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::seal::{Seal, TAG_BYTES};

const MAGIC: &[u8; 8] = b"WARDREAD";
/// Of a file whose rows are in clear, and of one whose rows are sealed.
const FORMATS: [u32; 2] = [1, 2];

/// How long the header is.
pub(super) const HEADER_BYTES: u64 = 32;
/// How long what stands before each row is: 4 bytes for its length, 8 for its checksum.
pub(super) const FRAME_BYTES: usize = 12;
/// The longest row. Longer ones are split when they are written.
pub(super) const MOST_ROW_BYTES: usize = 4 << 20;

/// Which file of which journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileId {
    /// What tells this journal from every other.
    pub(crate) journal: u64,
    /// The file's number: 1 for the first.
    pub(crate) number: u32,
}

/// A place in a journal: its file, and the byte in it. Places are ordered as they were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The number of the file.
    pub file: u32,
    /// The byte in it.
    pub offset: u64,
}

impl Place {
    /// The place as one number, which keeps the order: 24 bits for the file, 40 for the byte.
    pub fn number(self) -> u64 {
        u64::from(self.file) << 40 | self.offset
    }

    /// What [`Place::number`] gave.
    pub fn of(number: u64) -> Self {
        Self { file: (number >> 40) as u32, offset: number & ((1 << 40) - 1) }
    }
}

impl FileId {
    /// What the file begins with: the header, and the key of its rows, if they are sealed.
    pub(super) fn head(self, seal: Option<&Seal>) -> Vec<u8> {
        let mut head = self.header(seal.is_some()).to_vec();
        if let Some(seal) = seal {
            let start = Self::begin(&mut head);
            head.extend_from_slice(&seal.sealed);
            self.finish(&mut head, start, HEADER_BYTES);
        }
        head
    }

    fn header(self, is_sealed: bool) -> [u8; HEADER_BYTES as usize] {
        let mut header = [0; HEADER_BYTES as usize];
        header[..8].copy_from_slice(MAGIC);
        header[8..12].copy_from_slice(&FORMATS[usize::from(is_sealed)].to_le_bytes());
        header[12..16].copy_from_slice(&self.number.to_le_bytes());
        header[16..24].copy_from_slice(&self.journal.to_le_bytes());
        let sum = xxh3_64(&header[..24]);
        header[24..].copy_from_slice(&sum.to_le_bytes());
        header
    }

    /// The file that this is the header of, and whether its rows are sealed; `None` when it is none of these formats.
    pub(super) fn of_header(header: &[u8]) -> Option<(Self, bool)> {
        let number = u32::from_le_bytes(header.get(12..16)?.try_into().ok()?);
        let journal = u64::from_le_bytes(header.get(16..24)?.try_into().ok()?);
        let id = Self { journal, number };
        let is_sealed = [false, true].into_iter().find(|is_sealed| id.header(*is_sealed) == header[..HEADER_BYTES as usize])?;
        Some((id, is_sealed))
    }

    /// Where the file is.
    pub(super) fn path(self, folder: &Path) -> PathBuf {
        path(folder, self.number)
    }

    fn checksum(self, offset: u64, row: &[u8]) -> u64 {
        let place = Place { file: self.number, offset }.number();
        xxh3_64_with_seed(row, self.journal ^ place)
    }

    /// Makes room for a frame at the end of `out`.
    pub(super) fn begin(out: &mut Vec<u8>) -> usize {
        let start = out.len();
        out.resize(start + FRAME_BYTES, 0);
        start
    }

    /// Fills in the frame of the row that began at `start` and ends with `out`; the row's place in the file is `offset`.
    pub(super) fn finish(self, out: &mut [u8], start: usize, offset: u64) {
        let (length, sum) = (out.len() - start - FRAME_BYTES, self.checksum(offset, &out[start + FRAME_BYTES..]));
        out[start..start + 4].copy_from_slice(&(length as u32).to_le_bytes());
        out[start + 4..start + FRAME_BYTES].copy_from_slice(&sum.to_le_bytes());
    }

    /// The row at the beginning of `bytes`, which stand at `offset`.
    pub(super) fn row(self, bytes: &[u8], offset: u64) -> Found<'_> {
        let Some(frame) = bytes.get(..FRAME_BYTES) else { return Found::Short(FRAME_BYTES) };
        let length = u32::from_le_bytes([frame[0], frame[1], frame[2], frame[3]]) as usize;
        if length == 0 || length > MOST_ROW_BYTES + TAG_BYTES {
            return Found::Nothing;
        }
        let Some(row) = bytes.get(FRAME_BYTES..FRAME_BYTES + length) else { return Found::Short(FRAME_BYTES + length) };
        let sum = self.checksum(offset, row).to_le_bytes();
        if frame[4..] == sum { Found::Row(row) } else { Found::Nothing }
    }
}

/// What stands at a place.
pub(super) enum Found<'a> {
    /// A row.
    Row(&'a [u8]),
    /// Perhaps a row: so many bytes are needed to tell.
    Short(usize),
    /// No row.
    Nothing,
}

/// Where the rows of a file begin.
pub(super) fn start(seal: Option<&Seal>) -> u64 {
    HEADER_BYTES + seal.map_or(0, |seal| (FRAME_BYTES + seal.sealed.len()) as u64)
}

/// Where the file of a number is.
pub(super) fn path(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("audit-reads.{number}.log"))
}

/// The numbers of the files in a folder, in order.
pub(super) fn numbers(folder: &Path) -> io::Result<Vec<u32>> {
    let mut numbers = Vec::new();
    for file in std::fs::read_dir(folder)? {
        let name = file?.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix("audit-reads.")?.strip_suffix(".log"));
        numbers.extend(number.and_then(|number| number.parse::<u32>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}
