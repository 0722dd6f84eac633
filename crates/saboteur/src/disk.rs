//! A disk below a process: what of a trace is surely on it, what perhaps, and how it may be left when the power fails.
//!
//! What was written to a file is sure once a sync of that file has ended that began after it. A name is sure once a sync of its folder has.
//! Everything else may be there or not: `content` says how for a file, `folder` for names.

mod content;
mod folder;

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::Path;

use crate::random::Random;
use crate::record::Record;
use content::{Change, Content};
use folder::{Folder, Node};

/// How a disk is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Everything that was asked of it is there, as after the end of a process.
    Nothing,
    /// What was not synced is not there.
    Everything,
    /// Some of what was not synced is there: for each file and folder by itself.
    Some,
}

/// The number of the folder that everything is in.
const ROOT: usize = 0;

/// A disk, and what was asked of it.
pub struct Disk<'a> {
    files: Vec<Content<'a>>,
    folders: Vec<Folder>,
    /// The files by their inodes. A number is given again once its file is gone: then it means the new one.
    inodes: HashMap<u64, usize>,
    /// The syncs under way: what of, and when they began.
    syncs: HashMap<u64, (Node, u64)>,
    /// How many records were applied.
    now: u64,
}

impl Default for Disk<'_> {
    /// A disk with an empty folder.
    fn default() -> Self {
        Self { files: Vec::new(), folders: vec![Folder::default()], inodes: HashMap::new(), syncs: HashMap::new(), now: 0 }
    }
}

impl<'a> Disk<'a> {
    /// Asks of the disk what a process did.
    ///
    /// # Errors
    /// When the record tells of something that is not there: something else that the process did was not seen.
    pub fn apply(&mut self, record: &'a Record) -> Result<(), String> {
        self.now += 1;
        let now = self.now;
        self.try_apply(record).ok_or_else(|| format!("record {now}: something before it was not seen: {}", told(record)))
    }

    fn try_apply(&mut self, record: &'a Record) -> Option<()> {
        match record {
            Record::Opened { inode, path, created, emptied } => self.open(*inode, path, *created, *emptied)?,
            Record::Written { inode, at, bytes } => self.change(*inode, Change::Write { at: *at, bytes })?,
            Record::Resized { inode, length } => self.change(*inode, Change::Resize(*length))?,
            Record::SyncBegun { number, inode } => {
                let file = Node::File(*self.inodes.get(inode)?);
                self.syncs.insert(*number, (file, self.now));
            }
            Record::FolderSyncBegun { number, path } => {
                let folder = Node::Folder(self.folder(path)?);
                self.syncs.insert(*number, (folder, self.now));
            }
            Record::SyncDone { number } => match self.syncs.remove(number)? {
                (Node::File(file), began) => self.files.get_mut(file)?.sync(began),
                (Node::Folder(folder), began) => self.folders.get_mut(folder)?.sync(began),
            },
            Record::FolderMade { path } => {
                self.folders.push(Folder::default());
                self.name(path, Some(Node::Folder(self.folders.len() - 1)))?;
            }
            Record::Renamed { from, to } => self.rename(from, to)?,
            Record::Linked { from, to } => {
                let node = self.node(from)?;
                self.name(to, Some(node))?;
            }
            Record::Removed { path } => self.name(path, None)?,
            Record::Read { .. } | Record::Failed { .. } | Record::Marked { .. } => {}
        }
        Some(())
    }

    fn open(&mut self, inode: u64, path: &str, created: bool, emptied: bool) -> Option<()> {
        if created {
            self.files.push(Content::default());
            let file = self.files.len() - 1;
            self.inodes.insert(inode, file);
            return self.name(path, Some(Node::File(file)));
        }
        match self.node(path)? {
            Node::File(file) if self.inodes.get(&inode) == Some(&file) => {}
            _ => return None,
        }
        if emptied { self.change(inode, Change::Resize(0)) } else { Some(()) }
    }

    fn change(&mut self, inode: u64, change: Change<'a>) -> Option<()> {
        self.files.get_mut(*self.inodes.get(&inode)?)?.change(self.now, change);
        Some(())
    }

    fn rename(&mut self, from: &str, to: &str) -> Option<()> {
        let node = self.node(from)?;
        let ((old, old_name), (new, new_name)) = (self.place(from)?, self.place(to)?);
        if old == new {
            self.folders.get_mut(old)?.change(self.now, [(old_name, None), (new_name, Some(node))]);
        } else {
            self.folders.get_mut(new)?.change(self.now, [(new_name, Some(node))]);
            self.folders.get_mut(old)?.change(self.now, [(old_name, None)]);
        }
        Some(())
    }

    fn name(&mut self, path: &str, node: Option<Node>) -> Option<()> {
        let (folder, name) = self.place(path)?;
        self.folders.get_mut(folder)?.change(self.now, [(name, node)]);
        Some(())
    }

    /// The folder that a path lies in, and its last name.
    fn place(&self, path: &str) -> Option<(usize, String)> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        Some((self.folder(folder)?, name.to_owned()))
    }

    fn folder(&self, path: &str) -> Option<usize> {
        match self.node(path)? {
            Node::Folder(folder) => Some(folder),
            Node::File(_) => None,
        }
    }

    fn node(&self, path: &str) -> Option<Node> {
        path.split('/').filter(|name| !name.is_empty()).try_fold(Node::Folder(ROOT), |at, name| match at {
            Node::Folder(folder) => self.folders.get(folder)?.current().get(name).copied(),
            Node::File(_) => None,
        })
    }

    /// What the files contain when the power fails now, by their paths; a folder ends with a slash, and contains nothing.
    pub fn after(&self, loss: Loss, random: &mut Random) -> BTreeMap<String, Vec<u8>> {
        let mut left = BTreeMap::new();
        self.left(ROOT, "", loss, random, &mut left);
        left
    }

    fn left(&self, folder: usize, path: &str, loss: Loss, random: &mut Random, left: &mut BTreeMap<String, Vec<u8>>) {
        for (name, node) in self.folders[folder].after(loss, random) {
            match node {
                Node::File(file) => drop(left.insert(format!("{path}{name}"), self.files[file].after(loss, random))),
                Node::Folder(folder) => {
                    let path = format!("{path}{name}/");
                    self.left(folder, &path, loss, random, left);
                    left.insert(path, Vec::new());
                }
            }
        }
    }
}

/// Makes the files that [`Disk::after`] tells of, below the folder `place`.
///
/// # Errors
/// When they cannot be written.
pub fn write(files: &BTreeMap<String, Vec<u8>>, place: &Path) -> io::Result<()> {
    for (path, content) in files {
        let at = place.join(path);
        if path.ends_with('/') {
            fs::create_dir_all(at)?;
        } else {
            at.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(at, content)?;
        }
    }
    Ok(())
}

/// A record without its bytes.
fn told(record: &Record) -> String {
    match record {
        Record::Written { inode, at, bytes } => format!("{} bytes written to {inode} at {at}", bytes.len()),
        other => format!("{other:?}"),
    }
}
