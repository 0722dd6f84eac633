//! What only tests ask for: a protection less, or that something happens early.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;
use rest::outgoing::{Resolve, Resolved, System};
use store_embedded::Options;

/// Flags of `serve` that no help names.
#[derive(Clone, Debug, Default, Args)]
pub struct ForTests {
    /// Answers before commits are on the disk: for the test that must fail then.
    #[arg(long, hide = true)]
    pub without_sync: bool,
    /// Goes on when the database cannot be written or synced: for the test that must fail then.
    #[arg(long, hide = true)]
    pub outlive_errors: bool,
    /// Writes the log of the database back after so many pages.
    #[arg(long, hide = true)]
    pub checkpoint_pages: Option<u32>,
    /// Writes a part of the index to disk once it has so many bytes in memory.
    #[arg(long, hide = true)]
    pub index_part_bytes: Option<u64>,
    /// Leads a name to an address, `keys.example=127.0.0.1`; given more than once for a name, to one after the other, each time that somebody asks, and to the last from then on.
    #[arg(long, hide = true, value_parser = name_and_address)]
    pub leads_to: Vec<(String, IpAddr)>,
}

fn name_and_address(text: &str) -> Result<(String, IpAddr), String> {
    let (name, address) = text.split_once('=').ok_or("write NAME=ADDRESS")?;
    Ok((name.to_owned(), address.parse().map_err(|_| "no address")?))
}

/// Leads some names where a test wants them, as somebody who owns a domain can; others as the system does.
struct Told {
    names: Vec<(String, IpAddr)>,
    /// How often each was asked for.
    asked: Mutex<HashMap<String, usize>>,
}

impl Resolve for Told {
    fn resolve<'a>(&'a self, host: &'a str) -> Resolved<'a> {
        let told: Vec<IpAddr> = self.names.iter().filter(|(name, _)| name == host).map(|(_, address)| *address).collect();
        let Some(last) = told.last().copied() else { return System.resolve(host) };
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let times = asked.entry(host.to_owned()).or_default();
        let address = told.get(*times).copied().unwrap_or(last);
        *times += 1;
        Box::pin(std::future::ready(Ok(vec![address])))
    }
}

impl ForTests {
    /// Where names lead.
    pub fn resolver(&self) -> Box<dyn Resolve> {
        match self.leads_to.is_empty() {
            true => Box::new(System),
            false => Box::new(Told { names: self.leads_to.clone(), asked: Mutex::default() }),
        }
    }

    /// The options of a store, with what was asked for.
    pub fn applied_to(&self, options: Options) -> Options {
        Options {
            sync: !self.without_sync,
            checkpoint_pages: self.checkpoint_pages.unwrap_or(options.checkpoint_pages),
            index_part_bytes: self.index_part_bytes.unwrap_or(options.index_part_bytes),
            on_fatal: if self.outlive_errors { Arc::new(|_| {}) } else { options.on_fatal },
            ..options
        }
    }
}
