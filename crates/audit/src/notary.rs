//! Makes checkpoints: follows the store, signs, writes the checkpoint down, and pushes it to witnesses.
//!
//! Call [`Notary::checkpoint`] once a minute and at shutdown. It does nothing when nothing came in.

mod restored;

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use store::commit::{Instant, Tenant};
use store::contract::{Pending, Store};

use crate::checkpoint::{self, Checkpoint, Signer};
use crate::merkle::{self, Hash, Leaves};
use crate::tree::{Tree, TreeError};

/// Somebody outside who keeps checkpoints: whoever rewrites the trail would have to rewrite theirs, too.
pub trait Witness: Send + Sync {
    /// What it is, for messages: without any secret.
    fn name(&self) -> String;

    /// Takes a signed checkpoint. An error says why it did not.
    fn push<'a>(&'a self, checkpoint: &'a Checkpoint, note: &'a str) -> Pending<'a, Result<(), String>>;
}

/// A folder as a witness: such as one on a share that the server may add to and not change. Each checkpoint is a file of its own,
/// `TREE.NUMBER.txt`.
pub struct Folder(pub PathBuf);

impl Witness for Folder {
    fn name(&self) -> String {
        format!("the folder {}", self.0.display())
    }

    fn push<'a>(&'a self, checkpoint: &'a Checkpoint, note: &'a str) -> Pending<'a, Result<(), String>> {
        let name = format!("{}.{}.txt", checkpoint.origin.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-"), checkpoint.number);
        let write = || -> io::Result<()> {
            let mut file = match OpenOptions::new().write(true).create_new(true).open(self.0.join(&name)) {
                // It was pushed before, and is not to be changed.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
                other => other?,
            };
            file.write_all(note.as_bytes())?;
            file.sync_all()
        };
        Box::pin(std::future::ready(write().map_err(|error| format!("{name}: {error}"))))
    }
}

/// What a call made.
#[derive(Debug, Default)]
pub struct Made {
    /// The checkpoint and its signed text; `None`: nothing had come in.
    pub checkpoint: Option<(Checkpoint, String)>,
    /// Witnesses that did not take the newest checkpoint, each with the reason. They are asked again by the next call.
    pub not_pushed: Vec<String>,
}

/// Makes the checkpoints of one tenant.
pub struct Notary {
    origin: String,
    tree: Tree,
    log: PathBuf,
    signer: Signer,
    witnesses: Vec<Box<dyn Witness>>,
    last: Option<(Checkpoint, String)>,
    /// Witnesses that have not taken the last checkpoint yet.
    owed: Vec<usize>,
    /// Whether the tree is known to begin with what the last checkpoint signed.
    is_checked: bool,
}

impl Notary {
    /// The notary of a tenant, with the files of its tree and checkpoints in `folder`. The origin is the signer's name and the tenant's number.
    ///
    /// Fails when a file cannot be read, or the last checkpoint is not by this signer: then somebody has to look at it (`ward audit
    /// verify`), and a new key needs a new file.
    pub fn open(folder: &Path, tenant: Tenant, signer: Signer, witnesses: Vec<Box<dyn Witness>>) -> io::Result<Self> {
        let verifier = signer.verifier();
        let log = log_path(folder, tenant);
        cut_torn(&log)?;
        let last = match read_log(&log)?.last() {
            None => None,
            Some(note) => match Checkpoint::open(note, &verifier) {
                Ok(checkpoint) => Some((checkpoint, note.clone())),
                Err(error) => {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, format!("the last checkpoint of the audit trail: {error}")));
                }
            },
        };
        let origin = origin(verifier.name(), tenant);
        let signed = last.as_ref().map_or(0, |(last, _)| last.size);
        let tree = Tree::open(&tree_path(folder, tenant), tenant, signed)?;
        let owed = if last.is_some() { (0..witnesses.len()).collect() } else { Vec::new() };
        Ok(Self { origin, tree, log, signer, witnesses, last, owed, is_checked: false })
    }

    /// The tree, as far as it was followed.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The last checkpoint; `None`: there is none yet.
    pub fn last(&self) -> Option<&Checkpoint> {
        self.last.as_ref().map(|(checkpoint, _)| checkpoint)
    }

    /// Follows the store and, when AuditEvents came in, makes a checkpoint: in the file and on the disk when this returns, and pushed to
    /// those witnesses who take it.
    ///
    /// After an error it may be called again.
    pub async fn checkpoint(&mut self, store: &dyn Store, now: Instant) -> Result<Made, TreeError> {
        if !self.is_checked && !self.tree.is_of(store).await? {
            match self.last() {
                Some(last) => return Err(TreeError::Contradicts(last.number)),
                None => self.tree.restart()?,
            }
        }
        self.tree.follow(store).await?;
        self.check()?;
        let (size, root) = self.tree.state();
        let mut made = Made::default();
        if size > 0 && self.last().is_none_or(|last| last.size != size) {
            self.tree.sync()?;
            let (number, previous) =
                self.last.as_ref().map_or((1, Hash::default()), |(last, note)| (last.number + 1, checkpoint::hash(note)));
            let at = self.last().map_or(now, |last| last.at.max(now));
            let checkpoint = Checkpoint { origin: self.origin.clone(), size, root, number, previous, at, restored_from: None };
            made.checkpoint = Some(self.keep(checkpoint)?);
        }
        made.not_pushed = self.push().await;
        Ok(made)
    }

    /// Signs a checkpoint and writes it down; witnesses are owed it from then on.
    fn keep(&mut self, checkpoint: Checkpoint) -> io::Result<(Checkpoint, String)> {
        let note = checkpoint.sign(&self.signer);
        append(&self.log, &note)?;
        self.is_checked = true;
        self.owed = (0..self.witnesses.len()).collect();
        Ok(self.last.insert((checkpoint, note)).clone())
    }

    /// Compares what was followed with the last checkpoint, once: from then on leaves are only added.
    fn check(&mut self) -> Result<(), TreeError> {
        let Some((last, _)) = self.last.as_ref().filter(|_| !self.is_checked) else { return Ok(()) };
        let leaves = self.tree.leaves();
        if leaves.size() < last.size || merkle::root(leaves, 0, last.size)? != last.root {
            return Err(TreeError::Contradicts(last.number));
        }
        self.is_checked = true;
        Ok(())
    }

    async fn push(&mut self) -> Vec<String> {
        let Some((checkpoint, note)) = &self.last else { return Vec::new() };
        let (mut owed, mut problems) = (Vec::new(), Vec::new());
        for index in std::mem::take(&mut self.owed) {
            let witness = &self.witnesses[index];
            if let Err(why) = witness.push(checkpoint, note).await {
                problems.push(format!("{}: {why}", witness.name()));
                owed.push(index);
            }
        }
        self.owed = owed;
        problems
    }
}

/// The origin of a tenant's checkpoints.
pub fn origin(signer: &str, tenant: Tenant) -> String {
    format!("{signer}/tenant/{}", tenant.0)
}

/// Where the leaves of a tenant's tree are.
pub fn tree_path(folder: &Path, tenant: Tenant) -> PathBuf {
    folder.join(format!("audit-tree.{}.leaves", tenant.0))
}

/// Where the checkpoints of a tenant are.
pub fn log_path(folder: &Path, tenant: Tenant) -> PathBuf {
    folder.join(format!("audit-checkpoints.{}.txt", tenant.0))
}

/// The tenants whose checkpoints are in a folder, by number.
///
/// Fails when the folder cannot be read.
pub fn signed_for(folder: &Path) -> io::Result<Vec<Tenant>> {
    let mut tenants = Vec::new();
    for file in std::fs::read_dir(folder)? {
        let name = file?.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix("audit-checkpoints.")?.strip_suffix(".txt")?.parse().ok());
        tenants.extend(number.map(Tenant));
    }
    tenants.sort_unstable();
    Ok(tenants)
}

/// The signed checkpoints of a file, in order, whatever they are; none when there is no file. Bytes that are no text become the replacement
/// character.
pub fn read_log(path: &Path) -> io::Result<Vec<String>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(checkpoint::split(&String::from_utf8_lossy(&bytes)).into_iter().map(str::to_owned).collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Cuts off what a crash left of a checkpoint that was never told of: it has no signature, or no end.
fn cut_torn(path: &Path) -> io::Result<()> {
    let notes = read_log(path)?;
    let Some(last) = notes.last() else { return Ok(()) };
    let file = OpenOptions::new().write(true).open(path)?;
    let length = file.metadata()?.len();
    let whole: usize = notes[..notes.len() - 1].iter().map(|note| note.len() + 1).sum();
    let is_torn = length < (whole + last.len() + 1) as u64 || !last.contains("\n\n\u{2014} ");
    if is_torn {
        file.set_len(whole as u64)?;
        file.sync_all()?;
    }
    Ok(())
}

/// Adds a checkpoint to the file.
fn append(path: &Path, note: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(format!("{note}\n").as_bytes())?;
    file.sync_all()?;
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
