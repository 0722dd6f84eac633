//! Quotas: so many in so long.

use std::fmt;
use std::str::FromStr;

/// So many requests in a while, spent at once or one after the other. It is written `600/min`, and `0` where there is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    /// How many; 0: as many as come.
    pub count: u32,
    /// In how many seconds.
    pub window_s: u32,
}

/// A text is no quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadQuota;

/// How often may be asked, by whom and for what. By default as often as anybody likes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// All requests of an address; by IPv6, of a network of 64 bits.
    pub address: Quota,
    /// All requests of a user.
    pub user: Quota,
    /// All requests of a client, whoever uses it.
    pub client: Quota,
    /// Of those, operations, GraphQL queries, batches and transactions, of a user, or of a client that acts for itself.
    pub costly: Quota,
    /// Attempts to sign in, of an address: whatever is sent to the pages below `/auth`.
    pub sign_in: Quota,
    /// Requests to the endpoints of OAuth, of an address.
    pub token: Quota,
}

const UNITS: [(&str, u32); 4] = [("s", 1), ("min", 60), ("h", 3600), ("day", 86_400)];

impl FromStr for Quota {
    type Err = BadQuota;

    fn from_str(text: &str) -> Result<Self, BadQuota> {
        if text == "0" {
            return Ok(Self::default());
        }
        let (count, unit) = text.split_once('/').ok_or(BadQuota)?;
        let is_number = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
        let count = count.parse().ok().filter(|count| is_number && (1..=1_000_000).contains(count)).ok_or(BadQuota)?;
        let (_, window_s) = UNITS.iter().find(|(name, _)| *name == unit).ok_or(BadQuota)?;
        Ok(Self { count, window_s: *window_s })
    }
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match UNITS.iter().find(|(_, window_s)| *window_s == self.window_s) {
            Some((unit, _)) if self.count > 0 => write!(f, "{}/{unit}", self.count),
            _ => f.write_str("0"),
        }
    }
}

impl fmt::Display for BadQuota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it must be a number from 1 to 1000000 for each s, min, h or day, such as 600/min, or 0 for no limit")
    }
}
