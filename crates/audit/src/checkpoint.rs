//! Checkpoints: what the tree was at a moment, signed with Ed25519, in the form of C2SP's tlog-checkpoint
//! (<https://c2sp.org/tlog-checkpoint>) on a signed note (<https://c2sp.org/signed-note>).
//!
//! Its lines are the origin, how many leaves, their root, and then three of Ward's own: the checkpoint's number, the hash of the one before
//! it, and the moment. So a checkpoint that is missing between two others is missed. One more says that the store was restored from a backup, and how many leaves there were
//! before.

mod key;

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use fhir::primitive::{base64, instant_text};
use store::commit::Instant;

use crate::merkle::Hash;

pub use key::{KeyError, Signer, Verifier};

/// The longest text of a checkpoint that is read.
const MOST_BYTES: usize = 64 << 10;

/// What the tree was at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which tree: the name of the server and the tenant's number.
    pub origin: String,
    /// How many leaves it had.
    pub size: u64,
    /// Their root.
    pub root: Hash,
    /// Its number: 1 for the first.
    pub number: u64,
    /// [`hash`] of the checkpoint before it; of zeros for the first.
    pub previous: Hash,
    /// When.
    pub at: Instant,
    /// How many leaves there were before the store was restored from an older backup; `None`: it was not since the checkpoint before.
    pub restored_from: Option<u64>,
}

/// Why something is not a checkpoint of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteError {
    /// It does not have the form of a checkpoint: what is missing.
    Form(&'static str),
    /// No signature of it is by the key.
    Unsigned,
    /// The signature by the key is not of this text.
    WrongSignature,
}

impl fmt::Display for NoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoteError::Form(what) => write!(f, "it has not the form of a checkpoint: {what}"),
            NoteError::Unsigned => f.write_str("it is not signed with the key"),
            NoteError::WrongSignature => f.write_str("its signature is not of this text"),
        }
    }
}

impl std::error::Error for NoteError {}

/// The hash of a signed checkpoint, as the one after it names it: SHA-256 of its text.
pub fn hash(note: &str) -> Hash {
    digest(&SHA256, note.as_bytes()).as_ref().try_into().unwrap_or_else(|_| unreachable!("a SHA-256 has 32 bytes"))
}

impl Checkpoint {
    /// The text that is signed.
    fn text(&self) -> String {
        let restored = self.restored_from.map_or(String::new(), |size| format!("restored-from {size}\n"));
        format!(
            "{}\n{}\n{}\nnumber {}\nprevious {}\nat {}\n{restored}",
            self.origin,
            self.size,
            base64::encode(&self.root, base64::PLAIN),
            self.number,
            base64::encode(&self.previous, base64::PLAIN),
            instant_text(self.at)
        )
    }

    /// The signed checkpoint: the text, an empty line, and the signature's line.
    pub fn sign(&self, signer: &Signer) -> String {
        let text = self.text();
        let line = signer.sign_line(text.as_bytes());
        format!("{text}\n{line}\n")
    }

    /// Reads a signed checkpoint. Signatures by other keys are passed over, as witnesses may add theirs.
    pub fn open(note: &str, verifier: &Verifier) -> Result<Self, NoteError> {
        if note.len() > MOST_BYTES {
            return Err(NoteError::Form("it is too long"));
        }
        let (text, signatures) = note.split_once("\n\n").ok_or(NoteError::Form("no empty line before the signatures"))?;
        let text = format!("{text}\n");
        verifier.verify(text.as_bytes(), signatures)?;
        let mut lines = text.lines();
        let mut line = |what| lines.next().filter(|line| !line.is_empty()).ok_or(NoteError::Form(what));
        let origin = line("no origin")?.to_owned();
        let size = number(line("no size")?).ok_or(NoteError::Form("the size is no number"))?;
        let root = hash_of(line("no root")?).ok_or(NoteError::Form("the root is no hash"))?;
        let own = line("no number")?.strip_prefix("number ").and_then(number).ok_or(NoteError::Form("the number is none"))?;
        let previous = line("no hash of the one before")?.strip_prefix("previous ").and_then(hash_of);
        let previous = previous.ok_or(NoteError::Form("the hash of the one before is none"))?;
        let at = line("no moment")?.strip_prefix("at ").and_then(moment).ok_or(NoteError::Form("the moment is none"))?;
        let restored = line("").ok().map(|line| line.strip_prefix("restored-from ").and_then(number));
        let restored_from = match restored {
            None => None,
            Some(Some(before)) if before > size => Some(before),
            Some(_) => return Err(NoteError::Form("a line too many")),
        };
        if line("").is_ok() {
            return Err(NoteError::Form("a line too many"));
        }
        Ok(Self { origin, size, root, number: own, previous, at, restored_from })
    }
}

/// A number without zeros before it.
fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}

fn hash_of(text: &str) -> Option<Hash> {
    base64::decode(text, base64::PLAIN)?.try_into().ok()
}

fn moment(text: &str) -> Option<Instant> {
    let at = fhir::primitive::Temporal::parse(text)?.first_ms();
    (instant_text(at) == text).then_some(at)
}

/// The signed checkpoints in a text that has one after the other, each followed by an empty line. What has not their form is one of them, too.
pub fn split(text: &str) -> Vec<&str> {
    let (mut notes, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let signatures = rest.find("\n\n").map_or(rest.len(), |at| at + 2);
        let end = rest[signatures..].find("\n\n").map_or(rest.len(), |at| signatures + at + 1);
        notes.push(&rest[..end]);
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    notes
}
