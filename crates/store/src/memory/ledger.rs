//! Accounts and the movements between them.

use std::collections::BTreeMap;

use crate::commit::{Conflict, Posting};
use crate::query::Balance;

/// What an account holds, by ledger and account.
pub(super) type Accounts = BTreeMap<(String, String), Account>;

#[derive(Clone)]
pub(super) struct Account {
    balance: Balance,
    is_guarded: bool,
}

/// The accounts after the postings.
pub(super) fn judge(accounts: &Accounts, postings: &[Posting]) -> Result<Accounts, Conflict> {
    for posting in postings {
        let same = postings.iter().filter(|other| other.ledger == posting.ledger && other.unit == posting.unit);
        if same.map(|other| i128::from(other.amount)).sum::<i128>() != 0 {
            return Err(unbalanced(posting));
        }
    }
    let mut after = accounts.clone();
    for posting in postings {
        let key = (posting.ledger.clone(), posting.account.clone());
        let fresh = || Account { balance: Balance { amount: 0, unit: posting.unit.clone() }, is_guarded: false };
        let account = after.entry(key).or_insert_with(fresh);
        if account.balance.unit != posting.unit {
            return Err(unbalanced(posting));
        }
        account.is_guarded |= posting.guarded;
    }
    for posting in postings {
        let key = (posting.ledger.clone(), posting.account.clone());
        let before = accounts.get(&key).map_or(0, |account| account.balance.amount);
        let moved = postings.iter().filter(|other| other.ledger == posting.ledger && other.account == posting.account);
        let amount = i128::from(before) + moved.map(|other| i128::from(other.amount)).sum::<i128>();
        let amount = i64::try_from(amount).map_err(|_| unbalanced(posting))?;
        if let Some(account) = after.get_mut(&key) {
            account.balance.amount = amount;
            if account.is_guarded && amount < 0 {
                return Err(Conflict::Overdrawn { ledger: posting.ledger.clone(), account: posting.account.clone(), balance: before });
            }
        }
    }
    Ok(after)
}

fn unbalanced(posting: &Posting) -> Conflict {
    Conflict::Unbalanced { ledger: posting.ledger.clone(), unit: posting.unit.clone() }
}

/// What an account holds.
pub(super) fn balance(accounts: &Accounts, ledger: &str, account: &str) -> Option<Balance> {
    accounts.get(&(ledger.to_owned(), account.to_owned())).map(|account| account.balance.clone())
}
