//! The tree of a tenant's AuditEvents, kept as a file of its leaves.
//!
//! A leaf is the text of an AuditEvent as the store hands it out, version and moment included; of a deletion, which nothing in Ward writes,
//! it is a line that says so. Leaves stand in the order of the change feed, and so the tree can be made again from the store: the file is
//! there to be compared with, and to prove things without reading every event.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use store::commit::{Key, Sequence, Tenant};
use store::contract::{ReadError, Store};
use store::query::{Change, Version};
use xxhash_rust::xxh3::xxh3_64;

use crate::event::audit_event;
use crate::merkle::{self, Frontier, Hash, Leaves};

const MAGIC: &[u8; 8] = b"WARDTREE";
const FORMAT: u32 = 1;
const HEADER_BYTES: u64 = 24;
/// A leaf's hash, and the sequence of its commit.
const ROW_BYTES: usize = 40;
/// So many rows are read at once.
const CHUNK_ROWS: u64 = 4096;
/// So many commits of the feed are read at once.
const CHANGES: u32 = 500;

/// Why the tree does not go on.
#[derive(Debug)]
pub enum TreeError {
    /// The file cannot be read or written, or is none of this tenant's.
    File(io::Error),
    /// The store does not answer.
    Read(ReadError),
    /// The store does not have what the checkpoint of this number signed: it was altered, or restored from an older backup. No checkpoint
    /// is made any more.
    Contradicts(u64),
}

impl std::fmt::Display for TreeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TreeError::File(error) => write!(f, "the file of the audit tree: {error}"),
            TreeError::Read(error) => write!(f, "the audit tree waits for the store: {error}"),
            TreeError::Contradicts(number) => write!(
                f,
                "the audit trail is not what checkpoint {number} signed: it was altered, or an older database was put in its place. No checkpoint is made before somebody has looked (`ward audit verify`); when a backup was put back by hand, `ward audit restored` signs that"
            ),
        }
    }
}

impl std::error::Error for TreeError {}

impl From<io::Error> for TreeError {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

impl From<ReadError> for TreeError {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

/// A leaf as the store has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Its hash.
    pub hash: Hash,
    /// In which commit it was written.
    pub sequence: Sequence,
    /// Of which AuditEvent.
    pub key: Key,
    /// Of which version of it: 1, as none is ever changed.
    pub version: u64,
}

/// The leaves of one commit, in their order. An AuditEvent that was erased since is none.
pub async fn leaves_of(store: &dyn Store, tenant: Tenant, change: &Change) -> Result<Vec<Leaf>, ReadError> {
    let mut leaves = Vec::new();
    for (key, number, _) in change.versions.iter().filter(|(key, _, _)| key.kind == audit_event()) {
        if let Some(version) = store.vread(tenant, key, *number).await? {
            leaves.push(Leaf { hash: hash_of(&version), sequence: change.sequence, key: key.clone(), version: *number });
        }
    }
    Ok(leaves)
}

fn hash_of(version: &Version) -> Hash {
    match version.text() {
        Some(text) => merkle::leaf(text),
        None => {
            let moment = fhir::primitive::instant_text(version.last_updated);
            merkle::leaf(format!("{}/_history/{} was deleted at {moment}", version.key, version.version).as_bytes())
        }
    }
}

/// The tree, as far as it has come.
pub struct Tree {
    tenant: Tenant,
    file: LeafFile,
    frontier: Frontier,
    /// The commit up to which the feed was followed.
    after: Sequence,
}

impl Tree {
    /// Opens the tree of a tenant in its file, which is made when there is none. The first `signed` leaves are known to be whole, and to
    /// end with a commit; of the others the last commit's are made again, as a crash may have torn them off.
    ///
    /// It reads the whole file: some seconds for each ten million AuditEvents.
    pub fn open(path: &Path, tenant: Tenant, signed: u64) -> io::Result<Self> {
        let mut file = LeafFile::open(path, tenant)?;
        let mut frontier = Frontier::default();
        let (size, mut after) = (file.size, 0);
        let last = if size > 0 { file.row(size - 1)?.1 } else { 0 };
        let is_whole = size == signed;
        file.each_row(0, size, &mut |hash, sequence| {
            if sequence < last || is_whole {
                frontier.push(hash);
                after = sequence;
            }
        })?;
        file.cut(frontier.size())?;
        Ok(Self { tenant, file, frontier, after })
    }

    /// How many leaves there are, and their root.
    pub fn state(&self) -> (u64, Hash) {
        (self.frontier.size(), self.frontier.root())
    }

    /// Its leaves, for proofs.
    pub fn leaves(&self) -> &LeafFile {
        &self.file
    }

    /// Whether the store still has the last commit that was followed, as it was: a store that was restored from an older backup has not.
    pub async fn is_of(&self, store: &dyn Store) -> Result<bool, TreeError> {
        let size = self.file.size;
        if size == 0 {
            return Ok(true);
        }
        let last = self.file.row(size - 1)?.1;
        let changes = store.changes(self.tenant, last.saturating_sub(1), 1).await?;
        let Some(change) = changes.first().filter(|change| change.sequence == last) else { return Ok(false) };
        let leaves = leaves_of(store, self.tenant, change).await?;
        let Some(from) = size.checked_sub(leaves.len() as u64) else { return Ok(false) };
        let mut recorded = Vec::with_capacity(leaves.len());
        self.file.each_row(from, size, &mut |hash, sequence| recorded.push((hash, sequence)))?;
        Ok(leaves.iter().map(|leaf| (leaf.hash, leaf.sequence)).eq(recorded))
    }

    /// Begins again with nothing: for a file of another store that nothing was signed of.
    pub(crate) fn restart(&mut self) -> io::Result<()> {
        (self.frontier, self.after) = (Frontier::default(), 0);
        self.file.cut(0)
    }

    /// Goes back to what a store has, when that is a beginning of what was followed, and says whether it is: otherwise everything stays as it was.
    pub(crate) async fn take_back(&mut self, store: &dyn Store) -> Result<bool, TreeError> {
        let (mut frontier, mut after) = (Frontier::default(), 0);
        loop {
            let changes = store.changes(self.tenant, after, CHANGES).await?;
            for change in &changes {
                let leaves = leaves_of(store, self.tenant, change).await?;
                let (from, to) = (frontier.size(), frontier.size() + leaves.len() as u64);
                if to > self.file.size {
                    return Ok(false);
                }
                let mut recorded = Vec::with_capacity(leaves.len());
                self.file.each_row(from, to, &mut |hash, sequence| recorded.push((hash, sequence)))?;
                if !leaves.iter().map(|leaf| (leaf.hash, leaf.sequence)).eq(recorded) {
                    return Ok(false);
                }
                leaves.iter().for_each(|leaf| frontier.push(leaf.hash));
                after = change.sequence;
            }
            if (changes.len() as u64) < u64::from(CHANGES) {
                break;
            }
        }
        self.file.cut(frontier.size())?;
        (self.frontier, self.after) = (frontier, after);
        Ok(true)
    }

    /// Takes in what has come into the store. Returns how many leaves that were.
    ///
    /// After an error it may be called again.
    pub async fn follow(&mut self, store: &dyn Store) -> Result<u64, TreeError> {
        let before = self.frontier.size();
        loop {
            let changes = store.changes(self.tenant, self.after, CHANGES).await?;
            for change in &changes {
                let leaves = leaves_of(store, self.tenant, change).await?;
                self.file.append(&leaves)?;
                leaves.iter().for_each(|leaf| self.frontier.push(leaf.hash));
                self.after = change.sequence;
            }
            if (changes.len() as u64) < u64::from(CHANGES) {
                return Ok(self.frontier.size() - before);
            }
        }
    }

    /// Brings the file to the disk.
    pub fn sync(&self) -> io::Result<()> {
        self.file.file.sync_data()
    }
}

/// The file of a tree's leaves.
pub struct LeafFile {
    file: File,
    pub(crate) size: u64,
}

impl LeafFile {
    /// Opens the file to read it and to go on with it; it is made when there is none.
    fn open(path: &Path, tenant: Tenant) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        if file.metadata()?.len() < HEADER_BYTES {
            file.set_len(0)?;
            file.write_all_at(&header(tenant), 0)?;
            file.sync_all()?;
        }
        Self::of(file, tenant)
    }

    /// Opens the file to look at it.
    ///
    /// Fails when there is none, or it is none of this tenant's.
    pub fn read(path: &Path, tenant: Tenant) -> io::Result<Self> {
        Self::of(File::open(path)?, tenant)
    }

    fn of(file: File, tenant: Tenant) -> io::Result<Self> {
        let mut found = [0; HEADER_BYTES as usize];
        file.read_exact_at(&mut found, 0)?;
        if found != header(tenant) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "it is no file of this tenant's audit tree, or its beginning is damaged",
            ));
        }
        let size = (file.metadata()?.len() - HEADER_BYTES) / ROW_BYTES as u64;
        Ok(Self { file, size })
    }

    fn row(&self, index: u64) -> io::Result<(Hash, Sequence)> {
        let mut row = None;
        self.each_row(index, index + 1, &mut |hash, sequence| row = Some((hash, sequence)))?;
        row.ok_or_else(|| io::Error::other("there are not so many leaves"))
    }

    /// Hands out leaves and the sequences of their commits, in order.
    pub fn each_row(&self, from: u64, to: u64, take: &mut dyn FnMut(Hash, Sequence)) -> io::Result<()> {
        let mut at = from;
        while at < to {
            let count = (to - at).min(CHUNK_ROWS);
            let mut bytes = vec![0; count as usize * ROW_BYTES];
            self.file.read_exact_at(&mut bytes, HEADER_BYTES + at * ROW_BYTES as u64)?;
            for row in bytes.chunks_exact(ROW_BYTES) {
                let (hash, sequence) = row.split_at(32);
                let sequence = sequence.try_into().map_or(0, u64::from_le_bytes);
                take(hash.try_into().unwrap_or_default(), sequence);
            }
            at += count;
        }
        Ok(())
    }

    fn append(&mut self, leaves: &[Leaf]) -> io::Result<()> {
        if leaves.is_empty() {
            return Ok(());
        }
        let mut bytes = Vec::with_capacity(leaves.len() * ROW_BYTES);
        for leaf in leaves {
            bytes.extend_from_slice(&leaf.hash);
            bytes.extend_from_slice(&leaf.sequence.to_le_bytes());
        }
        self.file.write_all_at(&bytes, HEADER_BYTES + self.size * ROW_BYTES as u64)?;
        self.size += leaves.len() as u64;
        Ok(())
    }

    fn cut(&mut self, size: u64) -> io::Result<()> {
        self.file.set_len(HEADER_BYTES + size * ROW_BYTES as u64)?;
        self.size = size;
        Ok(())
    }
}

impl Leaves for LeafFile {
    fn size(&self) -> u64 {
        self.size
    }

    fn each(&self, from: u64, to: u64, take: &mut dyn FnMut(Hash)) -> io::Result<()> {
        self.each_row(from, to, &mut |hash, _| take(hash))
    }
}

fn header(tenant: Tenant) -> [u8; HEADER_BYTES as usize] {
    let mut header = [0; HEADER_BYTES as usize];
    header[..8].copy_from_slice(MAGIC);
    header[8..12].copy_from_slice(&FORMAT.to_le_bytes());
    header[12..16].copy_from_slice(&tenant.0.to_le_bytes());
    let sum = xxh3_64(&header[..16]);
    header[16..].copy_from_slice(&sum.to_le_bytes());
    header
}
