//! `ward serve [--demo]`.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use access::Following;
use interaction::Server;
use rest::metrics::Gauge;
use rest::tls::Tls;
use search::Live;
use store::contract::Clock;
use store_embedded::{BackupState, Embedded, Held, Options};
use tokio::net::{TcpListener, TcpSocket};

use super::{Failure, Run, counter};
use crate::cli::{ForTests, Serve};
use crate::code_systems::{self, Followed};
use crate::custody::attendant::Attendant;
use crate::custody::order::House;
use crate::custody::{Keeper, control};
use crate::door::{Door, letters};
use crate::opening::Opening;
use crate::pages;
use crate::settings::{Access, LogFormat, SealIndex, Settings};
use crate::trail::Trail;
use crate::{clock, demo, memory, open_files, tenants, wiring};

/// How long it waits before it tries again to open a database that there was no room for.
const RETRY: Duration = Duration::from_secs(1);

/// Serves until it is told to stop by SIGINT or SIGTERM, then finishes what is under way.
pub fn run(run: Run, arguments: Serve) -> Result<(), Failure> {
    let mut settings = run.settings;
    // The demonstration is for trying things, and small.
    settings.index_words |= arguments.demo && settings.seal_index == SealIndex::Off;
    settings.behind_proxy |= arguments.behind_proxy;
    if let Some(problem) = settings.listening_problem() {
        return Err(Failure::refused(problem));
    }
    let tls = tls(&settings)?;
    start_logging(&settings)?;
    let runtime = wiring::runtime()?;
    let opening = Opening::new();
    let parameters = wiring::parameters(&settings);
    let rules = wiring::rules(&settings, opening.clone(), parameters.clone())?;
    let store = Arc::new(Following::new(opening.clone(), rules.clone()));
    let forgetting = opening.clone();
    let keeper = Keeper::new(&settings, move || forgetting.forget_texts())?;
    let server = wiring::serving(&settings, store, parameters.clone(), keeper)?;
    runtime.spawn(memory::give_back());
    let code_systems = Followed::open(code_systems::of(&settings)?, &server);
    let held = hold(&settings)?;
    runtime.block_on(async {
        let entrance = Entrance::open(&settings, &server, (rules, &arguments.for_tests))?;
        tokio::spawn(code_systems.follow(server.clone()));
        let open = async {
            let engine = open(&settings, &parameters, (&arguments.for_tests, held), &opening).await?;
            tokio::spawn(warm_up(server.clone()));
            let house = House::open(&settings, server.clone(), engine.clone())?;
            tokio::spawn(control::listen(Arc::new(house), wiring::data_dir(&settings)?));
            Ok(engine)
        };
        let (engine, served): (Arc<Embedded>, _) = if arguments.demo && !demo::is_there(&settings)? {
            let engine = open.await?;
            let filled = demo::fill(&settings, &server, entrance.door.as_deref(), (&entrance.site, arguments.patients)).await;
            let served = match filled {
                Ok(()) => serve(&settings, (tls, entrance), server.clone(), &opening).await,
                Err(failure) => Err(failure),
            };
            (engine, served)
        } else {
            // What needs no data is answered while the database is opened.
            let mut served = std::pin::pin!(serve(&settings, (tls, entrance), server.clone(), &opening));
            tokio::select! {
                served = &mut served => return served,
                engine = open => (engine?, served.await),
            }
        };
        engine.close().await;
        served
    })
}

/// Reads the conformance resources that are stored, so that nobody waits for it who writes what is judged by them.
async fn warm_up(server: Arc<Server>) {
    if let Err(error) = server.library(wiring::TENANT).await {
        tracing::warn!("the conformance resources were not read, whoever needs them tries again: {error:?}");
    }
}

/// Takes the data directory before anybody is told that it is served: no command that is started then opens it first. `None`: there is no room on the disk to do so.
fn hold(settings: &Settings) -> Result<Option<Arc<Held>>, Failure> {
    let path = wiring::data_dir(settings)?;
    match store_embedded::hold(&path) {
        Ok(held) => Ok(Some(Arc::new(held))),
        Err(error) if error.is_full() => Ok(None),
        Err(error) => Err(wiring::cannot_open(&path, &error)),
    }
}

/// Opens the engine, and tries again every second while there is no room on the disk to do so.
async fn open(
    settings: &Settings,
    parameters: &Live,
    (for_tests, held): (&ForTests, Option<Arc<Held>>),
    opening: &Opening,
) -> Result<Arc<Embedded>, Failure> {
    let path = wiring::data_dir(settings)?;
    loop {
        let held = held.clone();
        let (path, with) = (path.clone(), (settings.clone(), parameters.clone(), for_tests.clone()));
        let opened = tokio::task::spawn_blocking(move || {
            let engine = wiring::open_engine(&path, (&with.0, wiring::continuous(&with.0)), &with.1, |options| {
                with.2.applied_to(Options { held, ..options })
            });
            engine.map_err(|error| (error.is_full(), wiring::cannot_open(&path, &error)))
        });
        match opened.await {
            Ok(Ok(engine)) => {
                opening.open(engine.clone());
                return Ok(engine);
            }
            Ok(Err((true, failure))) => {
                if opening.tell_of_lacking_room() {
                    failure.lines.iter().for_each(|line| eprintln!("ward: {line}; it is tried again until there is room on the disk"));
                }
                tokio::time::sleep(RETRY).await;
            }
            Ok(Err((false, failure))) => return Err(failure),
            Err(error) => return Err(Failure::failed(format!("the database cannot be opened: {error}"))),
        }
    }
}

/// Where a server listens, and who is let in.
struct Entrance {
    listener: TcpListener,
    /// The address under which people reach the pages, without a slash at its end.
    site: String,
    /// Who is let in; `None`: anybody.
    door: Option<Arc<Door>>,
}

impl Entrance {
    /// Listens where the settings say.
    fn open(settings: &Settings, server: &Server, (rules, for_tests): (Arc<access::Access>, &ForTests)) -> Result<Self, Failure> {
        let cannot = |error: std::io::Error| Failure::failed(format!("cannot listen on {}: {error}", settings.listen));
        let listener = listen(settings.listen).map_err(cannot)?;
        // Of port 0 the system has made another.
        let listening = listener.local_addr().map_err(cannot)?;
        let site = wiring::site(&Settings { listen: listening, ..settings.clone() });
        let door = match settings.access {
            Access::Required => {
                counter::tell_address(settings, listening)?;
                Some(Door::asking(settings, server.store.clone(), rules, (&site, for_tests.resolver()))?)
            }
            Access::Open => None,
        };
        Ok(Self { listener, site, door })
    }

    fn told(&self, base_url: Option<&str>) {
        eprintln!("Ward serves FHIR R4 at {}", base_url.map_or_else(|| format!("{}/fhir", self.site), str::to_owned));
        match self.door {
            Some(_) => eprintln!("Whoever asks has to be known: `ward token` gives whoever may read the data directory a token."),
            None => eprintln!("The setting access is open: every program of this machine may do everything."),
        }
    }
}

async fn serve(
    settings: &Settings,
    (tls, entrance): (Option<Tls>, Entrance),
    server: Arc<Server>,
    opening: &Arc<Opening>,
) -> Result<(), Failure> {
    let base_url = match settings.base_url.as_str() {
        "" => None,
        given => Some(given.trim_end_matches('/').to_owned()),
    };
    let stop = asked_to_stop();
    entrance.told(base_url.as_deref());
    let mut allowed = wiring::http(settings, base_url.clone());
    allowed.max_connections = open_files::connections(settings.max_connections, open_files::raise());
    if allowed.max_connections < settings.max_connections {
        eprintln!("ward: too few open files are allowed for max_connections: {} connections are served", allowed.max_connections);
    }
    let Entrance { listener, site, door } = entrance;
    let store = server.store.clone();
    let (app, trail) = match &door {
        Some(door) => {
            let base = base_url.clone().unwrap_or_else(|| format!("{site}/fhir"));
            let trail = Trail::open(settings, &server, &base)?;
            door.tell_in(trail.journal.clone(), trail.lookout.clone());
            let found = trail.found.clone();
            let told = rest::Trail { scribe: trail.scribe.clone(), journal: trail.journal.clone(), lookout: Some(trail.lookout.clone()) };
            let app = rest::App::audited(server, allowed, door.clone(), told);
            app.metrics.add(move || found.gauges());
            let journal = trail.journal.clone();
            app.metrics.add(move || Trail::gauges(&journal));
            (app, Some(trail.keep(store, door.tenants.clone())?))
        }
        None => (rest::App::new(server, allowed), None),
    };
    let known = door.as_ref().map_or_else(|| tenants::of(app.server.store.clone()), |door| door.tenants.clone());
    app.serve_tenants(known);
    let backup = opening.clone();
    let (attendant, sealing) = (Arc::new(Attendant::default()), opening.clone());
    tokio::spawn(attendant.clone().attend(settings.clone(), wiring::data_dir(settings)?));
    app.metrics.add(move || backup_gauges(&backup).into_iter().chain(attendant.gauges(sealing.seals())).collect());
    if let Some(door) = &door {
        letters::take_along(settings, door)?;
        let outbox = door.letters.clone();
        app.metrics.add(move || letters::gauges(&outbox));
        tokio::spawn(door.clone().follow());
        tokio::spawn(door.clone().sweep());
        tokio::spawn(first_start(door.clone(), site));
        tokio::spawn(door.clone().follow_all_rules());
    }
    let routes = pages::routes(&app, door);
    let drained = match tls {
        Some(tls) => rest::serve_tls(tls, listener, routes, app, stop).await,
        None => rest::serve(listener, routes, app, stop).await,
    };
    if let Some(trail) = trail {
        trail.end().await;
    }
    let drained = drained.map_err(|error| Failure::failed(format!("the server cannot go on listening: {error}")))?;
    if !drained {
        eprintln!("ward: some requests took longer than drain_timeout_ms and were cut off");
    }
    Ok(())
}

/// Tells by which link the first administrator makes an account, when there is no account yet.
async fn first_start(door: Arc<Door>, site: String) {
    match door.identity.first_start().await {
        Ok(Some((token, _))) => {
            eprintln!("There is no account yet. Make the first, for one day and once, at {site}/auth/set-up?token={}", token.expose());
        }
        Ok(None) => {}
        Err(error) => tracing::error!("whether there is an account is not known: {error}"),
    }
}

/// What the server is known by, when the settings name it.
fn tls(settings: &Settings) -> Result<Option<Tls>, Failure> {
    if settings.tls_cert.is_empty() {
        return Ok(None);
    }
    let opened = Tls::open(Path::new(&settings.tls_cert), Path::new(&settings.tls_key));
    opened.map(Some).map_err(|error| Failure::failed(format!("tls_cert, tls_key: {error}")))
}

/// What an operator's alarms look at: see the setting `backup_to`.
fn backup_gauges(opening: &Opening) -> Vec<Gauge> {
    let Some(BackupState { whole_at, is_well, segments, gaps, .. }) = opening.backup_state() else { return Vec::new() };
    let age_ms = clock::of_process().now().saturating_sub(whole_at).max(0);
    let gauge = |name, help, value| Gauge { name, help, value };
    vec![
        gauge("ward_backup_age_seconds", "Time since all that was acknowledged was in the backup.", age_ms as f64 / 1000.0),
        gauge("ward_backup_ok", "1 when the last attempt to write to the backup went well, else 0.", f64::from(u8::from(is_well))),
        gauge("ward_backup_segments", "Segments written since the process began.", segments as f64),
        gauge("ward_backup_gaps", "How often the backup began anew because its place could not be reached.", gaps as f64),
    ]
}

/// How many connections wait to be accepted, as far as the system allows it (`net.core.somaxconn`).
const BACKLOG: u32 = 4096;

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // What an earlier process has left behind of its connections keeps none from listening again.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// When somebody asks it to stop. From now on the signals for that are heard, and not first when it is awaited: whoever is told that it serves may stop it at once.
fn asked_to_stop() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (interrupt, terminate) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    async {
        let (Ok(mut interrupt), Ok(mut terminate)) = (interrupt, terminate) else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}

fn start_logging(settings: &Settings) -> Result<(), Failure> {
    let filter = tracing_subscriber::EnvFilter::try_new(&settings.log)
        .map_err(|error| Failure::usage(format!("the setting log is not a filter: {error}")))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match settings.log_format {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().init(),
    }
    Ok(())
}
