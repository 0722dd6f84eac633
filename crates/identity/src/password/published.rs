//! A list of breached passwords as it is published (<https://haveibeenpwned.com/Passwords>): lines of `SHA-1:COUNT`, ordered by the SHA-1. It has tens of
//! gigabytes, so that it stays on the disk: a look reads about thirty small blocks of it.

use std::cmp::Ordering;
use std::fs::File;
use std::io::{Error, ErrorKind, Result};
use std::os::unix::fs::FileExt;
use std::path::Path;

/// The digits of a SHA-1.
const DIGITS: usize = 40;

/// The longest line, with its end: the digits, a colon, a count.
const LONGEST_LINE: usize = 64;

/// So many bytes are read line by line.
const BLOCK: usize = 4096;

/// At so many places it is looked whether the lines are in order.
const SAMPLES: u64 = 256;

/// The list, on the disk.
#[derive(Debug)]
pub struct Published {
    file: File,
    bytes: u64,
}

impl Published {
    /// The list in a file; `None` when its first line is none of such a list.
    ///
    /// Fails when the file cannot be read, and when its lines are not in the order of the SHA-1s.
    pub fn open(path: &Path) -> Result<Option<Self>> {
        let file = File::open(path)?;
        let list = Self { bytes: file.metadata()?.len(), file };
        if digest(list.block::<LONGEST_LINE>(0)?.bytes()).is_none() {
            return Ok(None);
        }
        let mut before = String::new();
        for sample in 0..SAMPLES {
            let (_, line) =
                list.line_after(u64::try_from(u128::from(list.bytes) * u128::from(sample) / u128::from(SAMPLES)).unwrap_or(0))?;
            let Some(line) = line else { break };
            if line < before {
                return Err(Error::new(
                    ErrorKind::InvalidData,
                    "its lines are not in the order of their SHA-1s: take the list that is ordered by hash",
                ));
            }
            before = line;
        }
        Ok(Some(list))
    }

    /// Whether it has a SHA-1, which is written in 40 hexadecimal digits.
    ///
    /// Fails when the file cannot be read, and when a line is none of such a list.
    pub fn has(&self, sha1: &str) -> Result<bool> {
        let wanted = sha1.to_ascii_uppercase();
        // What is wanted stands in a line that begins in `low..high`, and `low` is the begin of one.
        let (mut low, mut high) = (0, self.bytes);
        while high - low > BLOCK as u64 {
            let (begin, line) = self.line_after(low + (high - low) / 2)?;
            match line.filter(|_| begin < high).map(|line| line.cmp(&wanted)) {
                Some(Ordering::Equal) => return Ok(true),
                Some(Ordering::Less) => low = begin,
                Some(Ordering::Greater) => high = begin,
                None => high = low + (high - low) / 2 + 1,
            }
        }
        let block = self.block::<{ BLOCK + LONGEST_LINE }>(low)?;
        Ok(block.bytes().split(|byte| *byte == b'\n').filter_map(digest).any(|line| line == wanted))
    }

    /// Where the first line begins that does so after `place`, or at 0, and its SHA-1; `None` when no line follows.
    fn line_after(&self, place: u64) -> Result<(u64, Option<String>)> {
        let block = self.block::<{ 2 * LONGEST_LINE }>(place)?;
        let skipped = match place {
            0 => 0,
            _ => match block.bytes().iter().position(|byte| *byte == b'\n') {
                Some(end) => end + 1,
                None if place + (block.length as u64) >= self.bytes => return Ok((self.bytes, None)),
                None => return Err(wrong_line()),
            },
        };
        let begin = place + skipped as u64;
        match &block.bytes()[skipped..] {
            [] => Ok((begin, None)),
            rest => Ok((begin, Some(digest(rest).ok_or_else(wrong_line)?))),
        }
    }

    fn block<const N: usize>(&self, place: u64) -> Result<Block<N>> {
        let mut block = Block { bytes: [0; N], length: 0 };
        while block.length < N {
            match self.file.read_at(&mut block.bytes[block.length..], place + block.length as u64) {
                Ok(0) => break,
                Ok(read) => block.length += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(block)
    }
}

/// Bytes of the file: fewer than asked for at its end.
struct Block<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Block<N> {
    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// The SHA-1 at the begin of a line, in capitals; `None` when there is none, or when more follows than a count.
fn digest(line: &[u8]) -> Option<String> {
    let (digits, rest) = line.split_at_checked(DIGITS)?;
    let ends = matches!(rest.first(), None | Some(b':' | b'\r' | b'\n'));
    let digits = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    ends.then(|| digits.to_ascii_uppercase())
}

fn wrong_line() -> Error {
    Error::new(ErrorKind::InvalidData, "a line is not 40 hexadecimal digits of a SHA-1 with a count behind a colon")
}
