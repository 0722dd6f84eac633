//! Backups: a copy of the truth with a manifest that tells whether it is still what it was. The index is made anew from it.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use xxhash_rust::xxh3::Xxh3;

use crate::error::{Result, StoreError};
use crate::options::Progress;
use crate::truth::{self, log, migrations, pool, sealing};

/// How many pages are copied between two reports of progress.
const PAGES: i32 = 4096;

/// The name of the manifest in a backup's folder.
const MANIFEST: &str = "manifest.txt";

/// The first line of a manifest.
const FIRST_LINE: &str = "ward backup 1";

/// Copies the database of the data directory `directory` into the new folder `to`, with a manifest. Another process may have it open
/// and write.
///
/// The copy is made within one read transaction: it is the database as it was when that began, whatever is written
/// meanwhile, and the write-ahead log grows until it is done.
///
/// # Errors
/// [`StoreError::Exists`] when the folder is there; whatever reading and writing says.
pub fn backup(directory: &Path, to: &Path, on_progress: &mut dyn FnMut(Progress)) -> Result<()> {
    if to.exists() {
        return Err(StoreError::Exists(to.to_owned()));
    }
    std::fs::create_dir_all(to)?;
    let copy = truth::path_in(to);
    let source = pool::open_reader(&truth::path_in(directory))?;
    source.execute_batch("BEGIN")?;
    let versions = log::last_row(&source)?;
    copy_pages(&source, &copy, on_progress)?;
    source.execute_batch("COMMIT")?;
    let (bytes, hash) = hash(&copy)?;
    let manifest = format!("{FIRST_LINE}\nversions {versions}\nbytes {bytes}\nxxh3 {hash:032x}\n");
    std::fs::write(to.join(MANIFEST), manifest)?;
    File::open(to.join(MANIFEST))?.sync_all()?;
    Ok(File::open(to)?.sync_all()?)
}

fn copy_pages(source: &Connection, copy: &Path, on_progress: &mut dyn FnMut(Progress)) -> Result<()> {
    let mut target = disk::open(copy, OpenFlags::default())?;
    {
        let backup = Backup::new(source, &mut target)?;
        while backup.step(PAGES)? != StepResult::Done {
            let pages = backup.progress();
            let (total, left) = (u64::from(pages.pagecount.unsigned_abs()), u64::from(pages.remaining.unsigned_abs()));
            on_progress(Progress { done: total.saturating_sub(left), total });
        }
    }
    // Without a log of its own, the one file is all there is.
    target.pragma_update(None, "journal_mode", "DELETE")?;
    target.close().map_err(|(_, e)| e)?;
    Ok(File::open(copy)?.sync_all()?)
}

/// The size and the hash of a file.
fn hash(path: &Path) -> Result<(u64, u128)> {
    let mut file = File::open(path)?;
    let mut hasher = Xxh3::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok((bytes, hasher.digest128()));
        }
        bytes += count as u64;
        hasher.update(buffer.get(..count).unwrap_or_default());
    }
}

/// Puts the backup in the folder `from` into the data directory `directory`, which has no database yet. The index is made
/// when the store is opened.
///
/// # Errors
/// [`StoreError::BadBackup`] when the backup is not what it was when it was made, [`StoreError::Exists`] when the directory has
/// a database, [`StoreError::Newer`] when a newer program made the backup; whatever reading and writing says. The
/// directory is then without a database, as before.
pub fn restore(from: &Path, directory: &Path) -> Result<()> {
    std::fs::create_dir_all(directory)?;
    let _lock = crate::engine::lock(directory)?;
    let target = truth::path_in(directory);
    if target.exists() {
        return Err(StoreError::Exists(target));
    }
    verify_manifest(from)?;
    let draft = directory.join("ward.sqlite3.restoring");
    std::fs::copy(truth::path_in(from), &draft)?;
    let finished = verify_database(&draft).and_then(|()| finish(&draft, &target, directory));
    if finished.is_err() {
        std::fs::remove_file(&draft).ok();
    }
    finished
}

fn verify_manifest(from: &Path) -> Result<()> {
    let bad = |what: &str| StoreError::BadBackup(what.to_owned());
    let manifest = std::fs::read_to_string(from.join(MANIFEST)).map_err(|_| bad("it has no manifest"))?;
    let mut lines = manifest.lines();
    if lines.next() != Some(FIRST_LINE) {
        return Err(bad("its manifest is of another kind"));
    }
    let field = |name: &str| manifest.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    let (bytes, hash) = hash(&truth::path_in(from)).map_err(|_| bad("its database is missing"))?;
    if field("bytes") != Some(&bytes.to_string()) {
        return Err(bad("its database has another size than its manifest says"));
    }
    if field("xxh3") != Some(&format!("{hash:032x}")) {
        return Err(bad("its database has other content than its manifest says"));
    }
    Ok(())
}

fn verify_database(draft: &Path) -> Result<()> {
    sealing::prepare(draft)?;
    let connection = disk::open(draft, OpenFlags::default())?;
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > migrations::NEWEST {
        return Err(StoreError::Newer { found, known: migrations::NEWEST });
    }
    let verdict: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(StoreError::BadBackup("SQLite finds its database damaged".to_owned()));
    }
    // From here on it is another database than the one it is a copy of: no index of that one is taken for its own.
    truth::set_meta(&connection, "instance", truth::new_instance())?;
    connection.close().map_err(|(_, e)| e)?;
    Ok(())
}

fn finish(draft: &PathBuf, target: &Path, directory: &Path) -> Result<()> {
    File::open(draft)?.sync_all()?;
    std::fs::rename(draft, target)?;
    Ok(File::open(directory)?.sync_all()?)
}
