//! The guarded tables as readers see them: numbers, accounts, claims.

use rusqlite::{Connection, OptionalExtension};
use store::commit::{Claim, Instant, Tenant};
use store::query::Balance;

use crate::error::Result;
use crate::truth::sql;

/// An account.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) unit: String,
    pub(crate) balance: i64,
    pub(crate) guarded: bool,
}

impl From<Account> for Balance {
    fn from(account: Account) -> Self {
        Balance { amount: account.balance, unit: account.unit }
    }
}

/// The number that a sequence gives next; 1 when none was drawn.
pub(crate) fn next_number(connection: &Connection, tenant: Tenant, sequence: &str) -> rusqlite::Result<u64> {
    let next: Option<i64> = connection.prepare_cached(sql::NEXT_NUMBER)?.query_row((tenant.0, sequence), |row| row.get(0)).optional()?;
    Ok(next.unwrap_or(1) as u64)
}

/// An account; `None` when nothing was ever posted to it.
pub(crate) fn account(connection: &Connection, tenant: Tenant, ledger: &str, account: &str) -> rusqlite::Result<Option<Account>> {
    let mut statement = connection.prepare_cached(sql::ACCOUNT)?;
    let found = statement
        .query_row((tenant.0, ledger, account), |row| Ok(Account { unit: row.get(0)?, balance: row.get(1)?, guarded: row.get(2)? }))
        .optional()?;
    Ok(found)
}

/// The claims of a subject that are in force at `now`, ordered by start and holder.
pub(crate) fn claims(connection: &Connection, tenant: Tenant, subject: &str, now: Instant) -> Result<Vec<Claim>> {
    let mut statement = connection.prepare_cached(sql::CLAIMS_OF_SUBJECT)?;
    let rows = statement.query_map((tenant.0, subject, now), |row| {
        Ok(Claim {
            subject: subject.to_owned(),
            holder: row.get(0)?,
            from: row.get(1)?,
            until: row.get(2)?,
            capacity: row.get(3)?,
            units: row.get(4)?,
            lease_until: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
