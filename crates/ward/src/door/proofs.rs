//! How far the audit trail is proven: the last checkpoint in the data directory.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use administration::Proofs;
use audit::checkpoint::{self, Checkpoint};
use audit::notary::log_path;
use store::commit::Tenant;

use crate::trail;

/// How many bytes of the end of a file are read: some checkpoints have room in them.
const END_BYTES: u64 = 8 << 10;

/// What was signed in a data directory.
pub(super) struct Signed(pub(super) PathBuf);

impl Proofs for Signed {
    fn last(&self, tenant: Tenant) -> Option<Checkpoint> {
        let verifier = trail::signer(&self.0).ok()?.verifier();
        let end = end_of(&log_path(&self.0, tenant)).ok()?;
        // What begins before the part that was read is no whole checkpoint, and neither is one that is being written.
        checkpoint::split(&end).into_iter().rev().find_map(|note| Checkpoint::open(note, &verifier).ok())
    }
}

fn end_of(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(END_BYTES)))?;
    let mut bytes = Vec::new();
    file.take(END_BYTES).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    // Checkpoints stand one after the other, each with an empty line behind its text and one behind its signature: begin behind a signature.
    Ok(match text.find("\n\u{2014} ") {
        Some(at) if length > END_BYTES => text[at..].find("\n\n").map_or(String::new(), |end| text[at + end + 2..].to_owned()),
        _ => text,
    })
}
