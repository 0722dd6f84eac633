//! From a name to its addresses.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;

/// The addresses of a name, when they are known.
pub type Resolved<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;

/// Knows the addresses of names.
pub trait Resolve: Send + Sync {
    /// All addresses that a name leads to. Fails when it leads nowhere.
    fn resolve<'a>(&'a self, host: &'a str) -> Resolved<'a>;
}

/// Asks the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

impl Resolve for System {
    fn resolve<'a>(&'a self, host: &'a str) -> Resolved<'a> {
        Box::pin(async move { Ok(tokio::net::lookup_host((host, 0)).await?.map(|address| address.ip()).collect()) })
    }
}
