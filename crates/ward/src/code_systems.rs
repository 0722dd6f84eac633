//! The code systems that are loaded: concept tables in the folder `concepts` of the data directory.
//!
//! Whoever loads and whoever serves need not know of each other: a table is put into the folder whole, and a server looks every second whether
//! the folder has others than it has open.

use std::sync::Arc;
use std::time::{Duration, Instant};

use concepts::{Failure as Broken, Tables};
use interaction::Server;

use crate::command::Failure;
use crate::settings::Settings;
use crate::wiring;

/// The folder below the data directory.
pub const FOLDER: &str = "concepts";

/// How often a server looks whether there are others.
const EVERY: Duration = Duration::from_secs(1);

/// The tables of the data directory.
pub fn of(settings: &Settings) -> Result<Tables, Failure> {
    Ok(Tables::new(wiring::data_dir(settings)?.join(FOLDER)))
}

/// What was opened.
pub struct Opened {
    /// How many tables.
    pub tables: usize,
    /// How many concepts they have.
    pub concepts: u64,
    /// How long it took.
    pub took: Duration,
    /// Why some are left out.
    pub broken: Vec<Broken>,
}

/// Opens all tables for a server. What cannot be opened is left out: the codes of such a system are unknown to the server, and nothing else is.
pub fn open(tables: &Tables, server: &Server) -> Opened {
    let started = Instant::now();
    let (opened, broken) = match tables.open_all() {
        Ok(found) => found,
        Err(broken) => (Vec::new(), vec![broken]),
    };
    let (count, concepts) = (opened.len(), opened.iter().map(|table| u64::from(table.len())).sum());
    server.use_tables(opened);
    Opened { tables: count, concepts, took: started.elapsed(), broken }
}

/// Opens all tables for a command, and tells on standard error what cannot be opened.
pub fn open_for_command(settings: &Settings, server: &Server) -> Result<(), Failure> {
    let opened = open(&of(settings)?, server);
    opened.broken.iter().for_each(|broken| eprintln!("ward: {}; it goes on without it", broken.issue()));
    Ok(())
}

/// The tables of a server that runs.
pub struct Followed {
    tables: Tables,
    /// Those that are open.
    fingerprint: Option<u64>,
}

impl Followed {
    /// Opens all tables, and logs what was opened.
    pub fn open(tables: Tables, server: &Server) -> Self {
        // It is taken before they are opened: what is put there meanwhile is seen the next time.
        let fingerprint = tables.fingerprint().ok();
        let opened = open(&tables, server);
        log(&opened);
        Self { tables, fingerprint }
    }

    /// Looks now and then whether there are others, and opens them.
    pub async fn follow(mut self, server: Arc<Server>) {
        loop {
            tokio::time::sleep(EVERY).await;
            let server = server.clone();
            let looked = tokio::task::spawn_blocking(move || {
                match self.tables.fingerprint() {
                    Ok(now) if Some(now) != self.fingerprint => Self::open(self.tables, &server),
                    // A folder that cannot be read for a moment is no reason to forget what is open.
                    _ => self,
                }
            });
            match looked.await {
                Ok(after) => self = after,
                Err(error) => return tracing::error!("code systems that are loaded from now on are seen at the next start: {error}"),
            }
        }
    }
}

fn log(opened: &Opened) {
    let Opened { tables, concepts, took, broken } = opened;
    for broken in broken {
        tracing::error!("a loaded code system cannot be used, and its codes are unknown to this server: {}", broken.issue());
    }
    if *tables > 0 {
        tracing::info!("{tables} code systems in tables, {concepts} concepts, opened in {:.1} ms", took.as_secs_f64() * 1000.0);
    }
}
