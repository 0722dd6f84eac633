//! Opening the index: as it is when it belongs to this truth, made anew when it does not.
//!
//! Its folder has a number, which the truth knows: an index that is made beside the one in use takes its place by a
//! change of that number.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::blind::Blind;
use super::tree::{Batch, Sizes};
use super::{FORMAT, Index, keys};
use crate::error::{Result, StoreError};
use crate::shared;
use crate::truth::{self, log};

/// What an index was made of, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The file of the truth.
    pub(crate) instance: u64,
    /// The extractor, the form of the index, and the types.
    pub(crate) fingerprint: u64,
    /// The last erasure of the truth: an index made before it may still have in its files what was erased.
    pub(crate) erasures: u64,
}

/// How an index is opened or made.
pub(crate) struct Making {
    pub(crate) origin: Origin,
    pub(crate) sizes: Sizes,
    /// With what it is sealed; `None` when it is not.
    pub(crate) blind: Option<Blind>,
}

impl Origin {
    /// That of an index by this extractor, sealed so.
    pub(crate) fn of(connection: &Connection, extractor: u64, blind: Option<&Blind>) -> Result<Self> {
        let instance = truth::meta(connection, "instance")?.unwrap_or_default() as u64;
        let mut parts = [extractor, FORMAT, shared::kinds_hash()].map(u64::to_be_bytes).concat();
        if let Some(blind) = blind {
            parts.extend_from_slice(&blind.check()?.to_be_bytes());
        }
        Ok(Self { instance, fingerprint: xxhash_rust::xxh3::xxh3_64(&parts), erasures: log::last_erasure(connection)? })
    }
}

/// The folder of an index in a data directory.
pub(crate) fn folder(directory: &Path, number: u64) -> PathBuf {
    directory.join(format!("index-{number}"))
}

/// The number of the index in use.
pub(crate) fn number(connection: &Connection) -> Result<u64> {
    Ok(truth::meta(connection, "index")?.unwrap_or_default() as u64)
}

/// Opens the index in use, or an empty one in its place when it is not there, not whole, or of another origin.
pub(crate) fn open(connection: &Connection, directory: &Path, making: Making) -> Result<Index> {
    let path = folder(directory, number(connection)?);
    remove_others(directory, &path)?;
    if path.exists() {
        match opened(&path, &making).and_then(|index| Ok((reason_to_rebuild(connection, &index, making.origin)?, index))) {
            Ok((None, index)) => return Ok(index),
            Ok((Some(reason), _)) => tracing::warn!("the index is made anew: {reason}"),
            Err(e @ StoreError::Lost { .. }) => return Err(e),
            Err(e) => tracing::warn!("the index is made anew: {e}"),
        }
        std::fs::remove_dir_all(&path)?;
    }
    create(&path, &making)
}

/// Makes an empty index.
pub(crate) fn create(path: &Path, making: &Making) -> Result<Index> {
    let (index, origin) = (opened(path, making)?, making.origin);
    let mut batch = Batch::default();
    batch.insert(keys::meta(b"instance"), &origin.instance.to_be_bytes()[..]);
    batch.insert(keys::meta(b"fingerprint"), &origin.fingerprint.to_be_bytes()[..]);
    batch.insert(keys::meta(b"erasures"), &origin.erasures.to_be_bytes()[..]);
    index.tree.write(batch);
    Ok(index)
}

/// Opens what is there. Damage may make the key-value store panic: that too is no more than an index to be made anew.
fn opened(path: &Path, making: &Making) -> Result<Index> {
    let ended = |_| Err(StoreError::Damaged("its files cannot be read".to_owned()));
    catch_unwind(AssertUnwindSafe(|| Index::open(path, making.sizes, making.blind.clone()))).unwrap_or_else(ended)
}

fn reason_to_rebuild(connection: &Connection, index: &Index, origin: Origin) -> Result<Option<&'static str>> {
    if index.number("instance")? != Some(origin.instance) {
        return Ok(Some("it belongs to another database"));
    }
    if index.number("fingerprint")? != Some(origin.fingerprint) {
        return Ok(Some("search parameters, the form of the index, or what it is sealed with, have changed"));
    }
    if index.erasures()? != origin.erasures {
        return Ok(Some("its files may still hold what was erased"));
    }
    let (applied, last) = (index.applied()?, log::last_row(connection)?);
    if applied > last {
        return Err(StoreError::Lost { found: last, known: applied });
    }
    if index.number("mark")? != log::mark(connection, applied)? {
        return Ok(Some("it was made of other versions than the database has"));
    }
    Ok(None)
}

/// Removes indexes that were replaced, or never finished.
fn remove_others(directory: &Path, keep: &Path) -> Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        let is_index = path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("index-"));
        if is_index && path != keep {
            std::fs::remove_dir_all(&path)?;
        }
    }
    Ok(())
}
