//! Words that everybody tries first, beyond those that `zxcvbn` brings: read from a text that an operator names.

use std::collections::HashSet;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

use crate::secret::hex;

/// The longest list that is taken, in lines.
const MOST_LINES: usize = 20_000_000;

/// A list of words that are no passwords.
#[derive(Clone, Debug, Default)]
pub struct Breached {
    /// The first 64 bits of the SHA-1 of each.
    known: HashSet<u64>,
}

impl Breached {
    /// The list in a text, one on a line: a word, or 16 to 40 hexadecimal digits of its SHA-1 with whatever follows a `:` (as lists of breached passwords are published). Empty lines
    /// and lines that begin with `#` are passed over.
    ///
    /// Fails with the number of the first line that is too many.
    pub fn read(text: &str) -> Result<Self, usize> {
        let mut known = HashSet::new();
        for (number, line) in text.lines().enumerate() {
            if number >= MOST_LINES {
                return Err(number + 1);
            }
            let line = line.trim_end();
            if !line.is_empty() && !line.starts_with('#') {
                known.insert(prefix(line).unwrap_or_else(|| sha1(line)));
            }
        }
        Ok(Self { known })
    }

    /// Whether a password is in the list, as it stands or in small letters.
    pub fn has(&self, password: &str) -> bool {
        !self.known.is_empty() && (self.known.contains(&sha1(password)) || self.known.contains(&sha1(&password.to_lowercase())))
    }
}

fn prefix(line: &str) -> Option<u64> {
    let digits = line.split(':').next()?;
    let is_digest = (16..=40).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_digest.then(|| u64::from_str_radix(&digits[..16], 16).ok()).flatten()
}

/// Lists of breached passwords are published as SHA-1; it protects nothing here.
fn sha1(word: &str) -> u64 {
    prefix(&hex(digest(&SHA1_FOR_LEGACY_USE_ONLY, word.as_bytes()).as_ref())).unwrap_or_default()
}
