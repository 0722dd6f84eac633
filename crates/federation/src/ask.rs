//! The way to other servers, which is handed in.

use identity::Secret;
use oauth::client::fetch::{Fetch, NoFetch};
use store::contract::Pending;

/// How many bytes an answer may have.
pub const MOST_BYTES: usize = oauth::client::fetch::MOST_BYTES;

/// What is asked of a provider.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Where.
    pub address: &'a str,
    /// What stands in `Authorization`.
    pub authorization: Option<&'a Secret>,
    /// The form that is posted; `None`: it is a GET.
    pub form: Option<&'a Secret>,
}

/// Asks other servers. Whoever implements it refuses addresses of inner networks, follows no redirects, gives up in time, and reads no more than [`MOST_BYTES`].
pub trait Ask: Fetch {
    /// The answer of status 200.
    ///
    /// Fails with what went wrong, in words without any content; also when the status is another.
    fn ask<'a>(&'a self, question: Question<'a>) -> Pending<'a, Result<Vec<u8>, String>>;
}

impl Ask for NoFetch {
    fn ask<'a>(&'a self, _question: Question<'a>) -> Pending<'a, Result<Vec<u8>, String>> {
        Box::pin(async { Err("this server asks no other".to_owned()) })
    }
}
