//! Movements of stock and money: they sum to zero, and guarded accounts stay at zero or above.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rusqlite::Connection;
use store::commit::{Commit, Conflict, Posting, Sequence};

use super::group::Refusal;
use crate::truth::guarded::{self, Account};
use crate::truth::sql;

/// The accounts that a commit moves, by ledger and name.
type Accounts<'a> = BTreeMap<(&'a str, &'a str), Moved>;

/// An account, and what the commit moves on it.
struct Moved {
    before: Account,
    guarded: bool,
    by: i128,
}

/// Posts the commit's movements. What counts is what an account holds after all of them.
pub(crate) fn apply(connection: &Connection, commit: &Commit, sequence: Sequence) -> Result<(), Refusal> {
    if commit.post.is_empty() {
        return Ok(());
    }
    check_sums(&commit.post)?;
    let mut accounts = Accounts::new();
    for posting in &commit.post {
        let account = match accounts.entry((&posting.ledger, &posting.account)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(found_or_new(connection, commit, posting)?),
        };
        if account.before.unit != posting.unit {
            return Err(unbalanced(posting).into());
        }
        account.guarded |= posting.guarded;
        account.by += i128::from(posting.amount);
    }
    for posting in &commit.post {
        if let Some(account) = accounts.get(&(&*posting.ledger, &*posting.account)) {
            check_balance(account, posting)?;
        }
    }
    write(connection, commit, sequence, &accounts)
}

fn unbalanced(posting: &Posting) -> Conflict {
    Conflict::Unbalanced { ledger: posting.ledger.clone(), unit: posting.unit.clone() }
}

/// The amounts of each posting's ledger and unit sum to zero.
fn check_sums(postings: &[Posting]) -> Result<(), Conflict> {
    let mut sums: BTreeMap<(&str, &str), i128> = BTreeMap::new();
    for posting in postings {
        *sums.entry((&posting.ledger, &posting.unit)).or_default() += i128::from(posting.amount);
    }
    match postings.iter().find(|posting| sums.get(&(&*posting.ledger, &*posting.unit)).is_some_and(|sum| *sum != 0)) {
        Some(posting) => Err(unbalanced(posting)),
        None => Ok(()),
    }
}

fn found_or_new(connection: &Connection, commit: &Commit, posting: &Posting) -> rusqlite::Result<Moved> {
    let found = guarded::account(connection, commit.tenant, &posting.ledger, &posting.account)?;
    let before = found.unwrap_or_else(|| Account { unit: posting.unit.clone(), balance: 0, guarded: false });
    Ok(Moved { guarded: before.guarded, by: 0, before })
}

fn check_balance(account: &Moved, posting: &Posting) -> Result<(), Conflict> {
    let after = account.after().ok_or_else(|| unbalanced(posting))?;
    if account.guarded && after < 0 {
        let (ledger, name) = (posting.ledger.clone(), posting.account.clone());
        return Err(Conflict::Overdrawn { ledger, account: name, balance: account.before.balance });
    }
    Ok(())
}

impl Moved {
    /// What it holds after the commit; `None` when that does not fit.
    fn after(&self) -> Option<i64> {
        i64::try_from(i128::from(self.before.balance) + self.by).ok()
    }
}

fn write(connection: &Connection, commit: &Commit, sequence: Sequence, accounts: &Accounts<'_>) -> Result<(), Refusal> {
    let mut set = connection.prepare_cached(sql::SET_ACCOUNT)?;
    for ((ledger, name), account) in accounts {
        let balance = account.after().unwrap_or(account.before.balance);
        set.execute((commit.tenant.0, ledger, name, &account.before.unit, balance, account.guarded))?;
    }
    let mut insert = connection.prepare_cached(sql::INSERT_POSTING)?;
    for (ordinal, posting) in commit.post.iter().enumerate() {
        let place = (commit.tenant.0, sequence as i64, ordinal as i64);
        insert.execute((place.0, place.1, place.2, &posting.ledger, &posting.account, &posting.unit, posting.amount))?;
    }
    Ok(())
}
