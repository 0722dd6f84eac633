//! SQLite's write-ahead log as a file, read beside SQLite: a header, and frames of a page each.
//!
//! The form is public and fixed (<https://sqlite.org/fileformat2.html#walformat>). A frame counts when it has the salts of the header and a checksum that
//! goes on from the frame before it; the last frame of a transaction names the size of the database.
//!
//! Each page in it ends with a checksum of its own, made for its place in the log. SQLite, which makes the checksums of the frames, knows nothing of that: to it
//! these bytes are zero.
//!
//! SQLite keeps no lock on this file, so that it may be opened and closed at will, unlike the database itself.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;
use std::path::Path;

/// The bytes of the file's header.
const HEADER: u64 = 32;

/// The bytes of a frame before its page.
pub(crate) const FRAME_HEAD: usize = 24;

/// What tells a log from any other, also of the same file.
pub(crate) type Salts = [u8; 8];

/// A running checksum.
type Sums = [u32; 2];

/// A log that is there.
pub(crate) struct LogFile {
    file: File,
    /// The bytes of a page.
    pub(crate) page_bytes: usize,
    pub(crate) salts: Salts,
    is_big_endian: bool,
    sums: Sums,
}

impl LogFile {
    /// Opens the log of a database; `None` when there is none, or nothing was written to it since it was emptied.
    pub(crate) fn open(database: &Path) -> io::Result<Option<Self>> {
        let file = match File::open(disk::log::log_of(database)) {
            Ok(file) => file,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e),
        };
        let mut head = [0; HEADER as usize];
        match file.read_exact_at(&mut head, 0) {
            Ok(()) => {}
            Err(e) if e.kind() == ErrorKind::UnexpectedEof => return Ok(None),
            Err(e) => return Err(e),
        }
        let is_big_endian = match word(&head, 0) {
            0x377f_0682 => false,
            0x377f_0683 => true,
            _ => return Ok(None),
        };
        let sums = summed([0, 0], &head[..24], is_big_endian);
        if sums != [word(&head, 24), word(&head, 28)] {
            return Ok(None);
        }
        let mut salts = [0; 8];
        salts.copy_from_slice(&head[16..24]);
        Ok(Some(Self { file, page_bytes: word(&head, 8) as usize, salts, is_big_endian, sums }))
    }

    /// How many frames belong to transactions that were committed.
    pub(crate) fn committed(&self) -> io::Result<u32> {
        let (mut committed, mut index, mut sums) = (0, 0, self.sums);
        let mut frame = vec![0; self.frame_bytes()];
        while self.read(&mut frame, index)? {
            disk::unseal(&mut frame);
            match self.verified(&frame, sums) {
                Some(next) => sums = next,
                None => break,
            }
            index += 1;
            if size_after(&frame) > 0 {
                committed = index;
            }
        }
        Ok(committed)
    }

    /// The frames from `first` up to `end`, as SQLite has written them: without the checksums of their pages. They are no more than up to the end of the transaction with the `most`-th of them.
    ///
    /// # Errors
    /// `InvalidData` when a page is not what was written, or they are not, or not any more, what was committed.
    pub(crate) fn frames(&self, first: u32, end: u32, most: u32) -> io::Result<Vec<u8>> {
        let mut sums = match first.checked_sub(1) {
            None => self.sums,
            Some(before) => {
                let head = self.head(before)?.ok_or_else(|| io::Error::from(ErrorKind::InvalidData))?;
                [word(&head, 16), word(&head, 20)]
            }
        };
        let mut frames = Vec::new();
        let mut frame = vec![0; self.frame_bytes()];
        for index in first..end {
            let wrong = |what| io::Error::new(ErrorKind::InvalidData, format!("frame {index} of the write-ahead log {what}"));
            let is_there = self.read(&mut frame, index)?;
            if !disk::is_sound(&frame[FRAME_HEAD..], self.place(index) + FRAME_HEAD as u64) {
                return Err(wrong("is not what was written"));
            }
            disk::unseal(&mut frame);
            sums = is_there.then(|| self.verified(&frame, sums)).flatten().ok_or_else(|| wrong("was replaced"))?;
            frames.extend_from_slice(&frame);
            if index - first + 1 >= most && size_after(&frame) > 0 {
                break;
            }
        }
        Ok(frames)
    }

    /// The head of a frame; `None` when the file ends before it.
    pub(crate) fn head(&self, index: u32) -> io::Result<Option<[u8; FRAME_HEAD]>> {
        let mut head = [0; FRAME_HEAD];
        match self.file.read_exact_at(&mut head, self.place(index)) {
            Ok(()) => Ok(Some(head)),
            Err(e) if e.kind() == ErrorKind::UnexpectedEof => Ok(None),
            Err(e) => Err(e),
        }
    }

    fn frame_bytes(&self) -> usize {
        FRAME_HEAD + self.page_bytes
    }

    fn place(&self, index: u32) -> u64 {
        HEADER + u64::from(index) * self.frame_bytes() as u64
    }

    fn read(&self, frame: &mut [u8], index: u32) -> io::Result<bool> {
        match self.file.read_exact_at(frame, self.place(index)) {
            Ok(()) => Ok(true),
            Err(e) if e.kind() == ErrorKind::UnexpectedEof => Ok(false),
            Err(e) => Err(e),
        }
    }

    /// The sums after a frame without the checksum of its page; `None` when it does not follow the one that had these.
    fn verified(&self, frame: &[u8], sums: Sums) -> Option<Sums> {
        let sums = summed(summed(sums, &frame[..8], self.is_big_endian), &frame[FRAME_HEAD..], self.is_big_endian);
        (frame[8..16] == self.salts && sums == [word(frame, 16), word(frame, 20)]).then_some(sums)
    }
}

/// The number of a frame's page, from 1 on.
pub(crate) fn page_number(frame: &[u8]) -> u32 {
    word(frame, 0)
}

/// How many pages the database has after the transaction that ends with this frame; 0 when it does not end here.
pub(crate) fn size_after(frame: &[u8]) -> u32 {
    word(frame, 4)
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|word| word.try_into().ok()).map_or(0, u32::from_be_bytes)
}

fn summed([mut first, mut second]: Sums, bytes: &[u8], is_big_endian: bool) -> Sums {
    let value = |word: &[u8]| {
        let word = word.try_into().unwrap_or_default();
        if is_big_endian { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) }
    };
    for pair in bytes.chunks_exact(8) {
        first = first.wrapping_add(value(&pair[..4])).wrapping_add(second);
        second = second.wrapping_add(value(&pair[4..])).wrapping_add(first);
    }
    [first, second]
}
