//! Words that everybody tries first, beyond those that `zxcvbn` brings: a list that an operator names, in memory when it is short and on the disk when it is one of
//! those that are published.

use std::collections::HashSet;
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

use crate::password::published::Published;
use crate::secret::hex;

/// The longest list that is taken into memory, in lines and in bytes.
const MOST_LINES: usize = 20_000_000;
const MOST_BYTES: u64 = 256 << 20;

/// A list of words that are no passwords.
#[derive(Debug, Default)]
pub struct Breached {
    /// The first 64 bits of the SHA-1 of each.
    known: HashSet<u64>,
    published: Option<Published>,
}

impl Breached {
    /// The list in a file: lines of `SHA-1:COUNT` in the order of the SHA-1s, of any length, which stay on the disk; or any other list as [`Breached::read`] takes it.
    ///
    /// Fails when the file cannot be read, when the lines of a published list are in another order, and when another list is longer than 256 MiB or has too many lines.
    pub fn open(path: &Path) -> Result<Self> {
        if let Some(published) = Published::open(path)? {
            return Ok(Self { known: HashSet::new(), published: Some(published) });
        }
        let mut text = String::new();
        let read = std::fs::File::open(path)?.take(MOST_BYTES + 1).read_to_string(&mut text)?;
        let too_long =
            || Error::new(ErrorKind::InvalidData, "a list of words is at most 256 MiB long: take a list of SHA-1s that is ordered by them");
        if read as u64 > MOST_BYTES { Err(too_long()) } else { Self::read(&text).map_err(|_| too_long()) }
    }

    /// The list in a text, one on a line: a word, or 16 to 40 hexadecimal digits of its SHA-1 with whatever follows a `:` (as lists of breached passwords are published). Empty lines
    /// and lines that begin with `#` are passed over.
    ///
    /// Fails with the number of the first line that is too many.
    pub fn read(text: &str) -> std::result::Result<Self, usize> {
        let mut known = HashSet::new();
        for (number, line) in text.lines().enumerate() {
            if number >= MOST_LINES {
                return Err(number + 1);
            }
            let line = line.trim_end();
            if !line.is_empty() && !line.starts_with('#') {
                known.insert(prefix(line).unwrap_or_else(|| first_bits(&sha1(line))));
            }
        }
        Ok(Self { known, published: None })
    }

    /// Whether a password is in the list, as it stands or in small letters. A list on the disk takes some sixty small reads for it.
    ///
    /// Fails when a list on the disk cannot be read.
    pub fn has(&self, password: &str) -> Result<bool> {
        for spelling in [password, &password.to_lowercase()] {
            let sha1 = sha1(spelling);
            let is_published = self.published.as_ref().map_or(Ok(false), |list| list.has(&sha1))?;
            if is_published || self.known.contains(&first_bits(&sha1)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn prefix(line: &str) -> Option<u64> {
    let digits = line.split(':').next()?;
    let is_digest = (16..=40).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_digest.then(|| first_bits(digits))
}

/// The number that the first 16 hexadecimal digits are.
fn first_bits(digits: &str) -> u64 {
    u64::from_str_radix(&digits[..16], 16).unwrap_or_default()
}

/// Lists of breached passwords are published as SHA-1; it protects nothing here.
fn sha1(word: &str) -> String {
    hex(digest(&SHA1_FOR_LEGACY_USE_ONLY, word.as_bytes()).as_ref())
}
