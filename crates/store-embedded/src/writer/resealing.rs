//! Bodies that were sealed anew, put in the place of what was read.

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{Writer, write_ahead};
use crate::error::{Result, StoreError};
use crate::truth::erased_keys::CLEAR_DICTIONARIES;
use crate::truth::resealing::{SealedAnew, trained_in_clear};
use crate::truth::{self, sql};

impl Writer {
    /// Puts them there in one transaction, and answers how many. What was erased meanwhile, or whose owner is being erased, stays as it is.
    ///
    /// Fails when nobody knows what is on the disk then; a full disk is told to whoever asked alone.
    pub(super) fn reseal(&mut self, bodies: &[SealedAnew], answer: oneshot::Sender<Result<u64>>) -> Result<()> {
        let put = self.shared.bodies.sync_keys().and_then(|()| put(&self.connection, bodies));
        // What was in clear, or opens with a key that is to go, is overwritten in the log too.
        self.write_ahead.holds_erased |= put.as_ref().is_ok_and(|count| *count > 0);
        self.told(put, answer)
    }

    /// Removes the dictionaries that were trained from bodies in clear, when no body needs them any more. Those in memory stay, for whoever has read such a body before.
    ///
    /// Fails as [`Writer::reseal`].
    pub(super) fn drop_dictionaries(&mut self, answer: oneshot::Sender<Result<()>>) -> Result<()> {
        let dropped = dropped(&self.connection);
        self.write_ahead.holds_erased |= dropped.as_ref().is_ok_and(|count| *count > 0);
        self.told(dropped.map(drop), answer)
    }

    fn told<T>(&self, done: Result<T>, answer: oneshot::Sender<Result<T>>) -> Result<()> {
        let failed = matches!(&done, Err(StoreError::Truth(e)) if !write_ahead::is_passing(e));
        if done.is_err() && !self.connection.is_autocommit() {
            self.connection.prepare_cached("ROLLBACK")?.execute([])?;
        }
        answer.send(done).ok();
        if failed { Err(StoreError::Io(std::io::Error::other("what was sealed anew was not committed"))) } else { Ok(()) }
    }
}

fn dropped(connection: &Connection) -> Result<usize> {
    let Some(old) = trained_in_clear(connection)? else { return Ok(0) };
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let dropped = connection.prepare_cached(sql::DROP_DICTIONARIES)?.execute([old])?;
    if dropped > 0 {
        truth::set_meta(connection, CLEAR_DICTIONARIES, 0)?;
    }
    connection.prepare_cached("COMMIT")?.execute([])?;
    Ok(dropped)
}

fn put(connection: &Connection, bodies: &[SealedAnew]) -> Result<u64> {
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
    let mut count = 0;
    for body in bodies.iter().filter(|body| body.key_for.judge(&body.key).is_ok()) {
        let row = (body.row as i64, &body.before, &body.after, body.dictionary);
        count += connection.prepare_cached(sql::RESEAL_VERSION)?.execute(row)? as u64;
    }
    connection.prepare_cached("COMMIT")?.execute([])?;
    Ok(count)
}
