//! The list of erasures as a file of text: a line for each, which ends with a hash over it and all lines before it.
//!
//! `KEY TENANT SUBJECT AT HASH`: hexadecimal, decimal, hexadecimal (`-` for a tenant), milliseconds since 1970, 32 hexadecimal digits.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest;
use parking_lot::Mutex;

use crate::error::{Result, VaultError};
use crate::file::{failed, sync_folder};
use crate::record::Subject;
use crate::records::{Erasure, Erasures};
use crate::sealed::KeyId;

/// The name of the file in a data directory.
pub const ERASURES_FILE: &str = "erasures";

/// The list of erasures in a file.
pub struct ErasureFile {
    path: PathBuf,
    writing: Mutex<()>,
}

impl ErasureFile {
    /// The list in this file, which is made with its first line.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), writing: Mutex::new(()) }
    }

    /// The list in a data directory.
    pub fn in_directory(directory: &Path) -> Self {
        Self::new(directory.join(ERASURES_FILE))
    }

    fn read(&self) -> Result<(Vec<Erasure>, String, u64)> {
        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(e) => return Err(failed(&self.path, &e)),
        };
        let (mut list, mut chain, mut whole) = (Vec::new(), String::new(), 0);
        for (at, line) in text.split_inclusive('\n').enumerate() {
            // A line without its end was being written when the process died: its erasure was not acknowledged.
            let Some(line) = line.strip_suffix('\n') else { break };
            let altered =
                || VaultError::Records(format!("{} was altered at line {}: put back the newest list", self.path.display(), at + 1));
            let (said, hash) = line.rsplit_once(' ').ok_or_else(altered)?;
            chain = linked(&chain, said);
            if hash != chain {
                return Err(altered());
            }
            list.push(parse(said).ok_or_else(altered)?);
            whole += line.len() as u64 + 1;
        }
        Ok((list, chain, whole))
    }
}

impl Erasures for ErasureFile {
    fn load(&self) -> Result<Vec<Erasure>> {
        let _alone = self.writing.lock();
        Ok(self.read()?.0)
    }

    fn append(&self, erasure: &Erasure) -> Result<()> {
        let _alone = self.writing.lock();
        let (_, chain, whole) = self.read()?;
        let said = text(erasure);
        let line = format!("{said} {}\n", linked(&chain, &said));
        let write = || -> std::io::Result<()> {
            let mut file: File = OpenOptions::new().create(true).append(true).open(&self.path)?;
            file.set_len(whole)?;
            file.write_all(line.as_bytes())?;
            file.sync_all()?;
            sync_folder(&self.path)
        };
        write().map_err(|e| failed(&self.path, &e))
    }
}

fn linked(chain: &str, said: &str) -> String {
    let hash = digest::digest(&digest::SHA256, format!("{chain}\n{said}").as_bytes());
    hex(hash.as_ref().split_at(16).0)
}

fn text(erasure: &Erasure) -> String {
    let subject = erasure.subject.map_or_else(|| "-".to_owned(), |subject| hex(&subject));
    format!("{:016x} {} {subject} {}", erasure.key.0, erasure.tenant, erasure.at_ms)
}

fn parse(said: &str) -> Option<Erasure> {
    let mut parts = said.split(' ');
    let mut next = || parts.next();
    let key = KeyId(u64::from_str_radix(next()?, 16).ok()?);
    let tenant = next()?.parse().ok()?;
    let subject = match next()? {
        "-" => None,
        digits => Some(subject_of(digits)?),
    };
    let at_ms = next()?.parse().ok()?;
    Some(Erasure { key, tenant, subject, at_ms }).filter(|_| parts.next().is_none())
}

fn subject_of(digits: &str) -> Option<Subject> {
    Some(u128::from_str_radix(digits, 16).ok().filter(|_| digits.len() == 32)?.to_be_bytes())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
