//! Looking for accounts: by id, by name, in lists.

use store::commit::Tenant;

use crate::error::IdentityError;
use crate::identity::Identity;
use crate::user::{Status, User};

/// The most accounts of one list.
pub const MOST_LISTED: usize = 1000;

/// How many accounts are read at once, and how often: more are not looked at.
const PAGE: u32 = 500;
const PAGES: usize = 200;

/// An account that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its id.
    pub id: String,
    /// What is known of it.
    pub user: User,
}

/// Which accounts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Which<'a> {
    /// Those with a part in this tenant; `None`: all.
    pub tenant: Option<Tenant>,
    /// Those whose login, name or address has this in it, small or capital; `None`: all.
    pub text: Option<&'a str>,
    /// Those of this status; `None`: all but the deleted.
    pub status: Option<Status>,
}

impl Identity {
    /// The account of an id; `None` when there is none.
    ///
    /// Fails when the directory does.
    pub async fn user(&self, id: &str) -> Result<Option<User>, IdentityError> {
        Ok(self.directory().get::<User>(id).await?.map(|kept| kept.record))
    }

    /// The account of a login, or of an address that is verified; `None` when there is none.
    ///
    /// Fails when the directory does.
    pub async fn find_user(&self, login: &str) -> Result<Option<Found>, IdentityError> {
        Ok(self.find_by_login(login).await?.map(|kept| Found { id: kept.id.into(), user: kept.record }))
    }

    /// Accounts that fit, the newest first: at most 1000, of the newest 100,000 of the tenant.
    ///
    /// Fails when the directory does.
    pub async fn users(&self, which: Which<'_>) -> Result<Vec<Found>, IdentityError> {
        let tenant = which.tenant.map(|tenant| tenant.0.to_string());
        let text = which.text.map(str::to_lowercase);
        let (mut found, mut after) = (Vec::new(), None);
        for _ in 0..PAGES {
            let (page, next) = self.directory().page::<User>(tenant.as_deref().map(|tenant| ("tenant", tenant)), PAGE, after).await?;
            let fitting = page.into_iter().filter(|kept| fits(&kept.record, which.status, text.as_deref()));
            found.extend(fitting.map(|kept| Found { id: kept.id.into(), user: kept.record }));
            after = next;
            if after.is_none() || found.len() >= MOST_LISTED {
                break;
            }
        }
        found.truncate(MOST_LISTED);
        Ok(found)
    }
}

fn fits(user: &User, status: Option<Status>, text: Option<&str>) -> bool {
    let of_status = status.map_or(user.status != Status::Deleted, |status| user.status == status);
    let has = |text: &str| {
        let email = user.email.as_ref().is_some_and(|email| email.address.contains(text));
        email || user.login.contains(text) || user.name.to_lowercase().contains(text)
    };
    of_status && text.is_none_or(has)
}
