//! Ward's routes on a store, put together here: to ask them without a socket, and to have them without the judge that no setting turns off.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use interaction::Server;
use interaction::validation::{Levels, RequiredProfiles};
use search::{Live, Registry};
use store::commit::Instant;
use store::contract::Clock;
use store_embedded::{Embedded, Options};
use tokio::net::TcpListener;

use crate::Failure;

/// A clock that goes a millisecond each time it is looked at, the same in every run.
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Instant {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// Who judges what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judging {
    /// Nobody: structure alone counts.
    Nobody,
    /// FHIR's own rules.
    Base,
}

impl Judging {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Base => "base",
        }
    }

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Nobody, Self::Base].into_iter().find(|judging| judging.name() == name)
    }
}

/// The routes and the engine below them.
pub struct Ward {
    /// The routes.
    pub router: Router,
    /// The engine.
    pub engine: Arc<Embedded>,
    /// The search parameters.
    pub registry: Arc<Registry>,
}

/// Opens a store in a folder, with the routes above it.
pub fn open(folder: &Path, judging: Judging, settings: interaction::Settings) -> Result<Ward, Failure> {
    // 2026-01-31.
    let clock = Arc::new(Ticking(AtomicI64::new(1_769_817_600_000)));
    let registry = Registry::standard();
    let parameters = Live::from(registry.clone());
    let engine = Arc::new(Embedded::open(Options::new(folder.to_owned(), Arc::new(parameters.clone()), clock.clone()))?);
    let server = Server::new(engine.clone(), parameters, settings, clock);
    let server = match judging {
        Judging::Nobody => server,
        Judging::Base => server.judging(Levels::default(), RequiredProfiles::default()),
    };
    let router = rest::app(rest::App::new(Arc::new(server), rest::Settings::default()));
    Ok(Ward { router, engine, registry })
}

/// Serves a store in a folder until the process ends.
pub async fn serve(folder: &Path, judging: Judging) -> Result<(), Failure> {
    // Resources of Synthea are created one by one: what they refer to is not there.
    let settings = interaction::Settings { references: interaction::References::Allow, ..interaction::Settings::default() };
    let ward = open(folder, judging, settings)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    eprintln!("listening on http://{}/", listener.local_addr()?);
    Ok(axum::serve(listener, ward.router).await?)
}
