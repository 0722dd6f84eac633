//! The schema's steps. `user_version` is the number of the last one applied.

use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::{Batch, Connection};

use crate::error::{Result, StoreError};

/// The steps, in order: the first makes version 1. A step is never changed once it was released; a new one follows it.
const STEPS: [&str; 3] = [
    include_str!("../../sql/migrations/0001-truth.sql"),
    include_str!("../../sql/migrations/0002-erasures.sql"),
    include_str!("../../sql/migrations/0003-sealed.sql"),
];

/// The first schema whose files have pages with checksums.
pub(crate) const SEALED: u32 = 3;

/// The newest schema that this program knows.
pub(crate) const NEWEST: u32 = STEPS.len() as u32;

/// Brings the schema up to [`NEWEST`], each step in a transaction of its own; a newer one is refused. A step that is interrupted leaves nothing, and is done again
/// at the next start. `on_statement` is called after each statement.
pub(crate) fn migrate(connection: &mut Connection, on_statement: &dyn Fn()) -> Result<()> {
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > NEWEST {
        return Err(StoreError::Newer { found, known: NEWEST });
    }
    for (index, step) in STEPS.iter().enumerate().skip(found as usize) {
        let transaction = connection.transaction()?;
        let mut statements = Batch::new(&transaction, step);
        while let Some(mut statement) = statements.next()? {
            statement.execute([])?;
            on_statement();
        }
        transaction.pragma_update(None, "user_version", index as u32 + 1)?;
        on_statement();
        transaction.commit()?;
        on_statement();
    }
    Ok(())
}
