//! Puts the rooms together: the engine under the contract, the interactions on top.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use identity::policies::Policies;
use interaction::{Context, Server};
use search::{Live, Registry};
use store::Store;
use store::commit::Tenant;
use store::contract::Clock;
use store_embedded::{ClockBounds, Continuous, Embedded, OnProgress, Options, StoreError};
use vault::VaultError;

use crate::command::Failure;
use crate::custody::Keeper;
use crate::door::{Door, keys};
use crate::progress::Progress;
use crate::settings::{Access, ClockCheck, ConditionalDelete, Erase, References, SealIndex, Settings};
use crate::{clock, code_systems, secret_file};

/// The tenant that every server has, at the addresses that name none.
pub const TENANT: Tenant = Tenant(1);

/// How far the clock may be from the newest commit: a server that was off for longer than the second is rare enough to be asked.
const CLOCK_BOUNDS: ClockBounds = ClockBounds { behind: Duration::from_hours(24), ahead: Duration::from_hours(366 * 24) };

/// The day of the clock, in UTC: year, month, day.
pub fn today() -> (i32, u8, u8) {
    let text = fhir::primitive::instant_text(clock::of_process().now());
    fhir::primitive::Temporal::parse(&text).map_or((1970, 1, 1), |now| (now.year, now.month, now.day))
}

/// The folder of the database, from the settings.
pub fn data_dir(settings: &Settings) -> Result<PathBuf, Failure> {
    let url = settings.database_url.as_str();
    if url.is_empty() {
        return Ok(PathBuf::from(&settings.data_dir));
    }
    match url.strip_prefix("sqlite:").map(Path::new) {
        Some(file) if file.file_name().is_some_and(|name| name == store_embedded::FILE_NAME) => {
            Ok(file.parent().unwrap_or(Path::new("")).to_owned())
        }
        Some(_) => Err(Failure::usage(format!("database_url must name a file called {}: it holds the truth", store_embedded::FILE_NAME))),
        None => Err(Failure::usage("database_url must begin with sqlite: as this release has the embedded engine only")),
    }
}

/// The address under which people reach the pages, without a slash at its end, as far as the settings tell.
pub fn site(settings: &Settings) -> String {
    let scheme = if settings.tls_cert.is_empty() { "http" } else { "https" };
    match settings.base_url.trim_end_matches('/') {
        "" => format!("{scheme}://{}", settings.listen),
        given => given.strip_suffix("/fhir").unwrap_or(given).to_owned(),
    }
}

/// Who may see what, on a store that no gate stands before.
///
/// Fails when the setting `time_zone` names none.
pub fn rules(settings: &Settings, store: Arc<dyn Store>, parameters: Live) -> Result<Arc<access::Access>, Failure> {
    let zone = jiff::tz::TimeZone::get(&settings.time_zone);
    let zone =
        zone.map_err(|_| Failure::usage(format!("time_zone: this system knows no time zone {:?}: as Europe/Berlin", settings.time_zone)))?;
    let own = Policies::new(identity::Directory::new(store.clone()), parameters.clone());
    Ok(Arc::new(access::Access::new(store, parameters, zone).with_source(Arc::new(own))))
}

/// Does `work` with the door of the data directory, which no server holds.
pub fn with_door<T>(settings: &Settings, work: impl AsyncFnOnce(Arc<Door>) -> Result<T, Failure>) -> Result<T, Failure> {
    with_server_and_door(settings, async |_, door| work(door).await)
}

/// The same, with the server as well.
pub fn with_server_and_door<T>(
    settings: &Settings,
    work: impl AsyncFnOnce(Arc<Server>, Arc<Door>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    with_server(settings, async |server| {
        let rules = rules(settings, server.store.clone(), server.parameters.clone())?;
        let store = Arc::new(access::Following::new(server.store.clone(), rules.clone()));
        let door = Door::open(settings, store, rules, &site(settings))?;
        work(server, door).await
    })
}

/// How much of the index a command that has the store alone collects in memory before it is written to disk, in bytes: an import that writes
/// larger parts merges less of them.
const PART_BYTES_ALONE: u64 = 64 << 20;

/// How much of the index on disk it keeps in memory, in bytes: an import looks each id up, in filters that take 2 MiB a file.
const CACHE_BYTES_ALONE: u64 = 256 << 20;

/// The search parameters, for the engine and for the server on it. References under a server's own address are made relative before they are indexed: whose
/// address that is differs by tenant, and the index is one.
pub fn parameters(settings: &Settings) -> Live {
    Registry::standard().with_words(settings.index_words).with_sealed_index(settings.seal_index != SealIndex::Off).into()
}

/// Opens the engine of the data directory `path`, with a backup that follows it if there is to be one; `adjust` has the last word on how.
pub fn open_engine(
    path: &Path,
    (settings, continuous): (&Settings, Option<Continuous>),
    parameters: &Live,
    adjust: impl FnOnce(Options) -> Options,
) -> Result<Arc<Embedded>, StoreError> {
    let defaults = Options::new(path, Arc::new(parameters.clone()), clock::of_process());
    let options = Options {
        continuous,
        body_seal: keys::body_seal(settings, path).map_err(StoreError::Keys)?,
        index_seal: keys::index_seal(settings, path).map_err(StoreError::Keys)?,
        cache_bytes: settings.cache_mb << 20,
        index_cache_bytes: settings.index_cache_mb << 20,
        index_part_bytes: settings.index_part_mb.max(1) << 20,
        answers_bytes: settings.answers_mb << 20,
        search_time: Duration::from_millis(settings.search_timeout_ms),
        on_progress: show_rebuild(),
        searches: unless_zero(settings.short_searches, defaults.searches),
        long_searches: unless_zero(settings.long_searches, defaults.long_searches),
        clock_bounds: (settings.clock == ClockCheck::Check).then_some(CLOCK_BOUNDS),
        ..defaults
    };
    let engine = Embedded::open(adjust(options)).map(Arc::new)?;
    clock::of_process().no_earlier_than(engine.opened_after());
    Ok(engine)
}

/// How a command ends when the engine of the data directory `path` could not be opened.
pub fn cannot_open(path: &Path, error: &StoreError) -> Failure {
    refusal(&format!("the database in {} cannot be opened", path.display()), error)
}

fn unless_zero(given: usize, otherwise: usize) -> usize {
    if given == 0 { otherwise } else { given }
}

/// The backup that follows a server, from the settings; `None` when they ask for none.
pub fn continuous(settings: &Settings) -> Option<Continuous> {
    let hours = |count: u64| Duration::from_secs(count.saturating_mul(3600));
    (!settings.backup_to.is_empty()).then(|| Continuous {
        every: Duration::from_millis(settings.backup_every_ms),
        base_every: hours(settings.backup_base_hours),
        keep: hours(settings.backup_keep_hours),
        most_log_bytes: settings.backup_log_mb.saturating_mul(1 << 20),
        ..Continuous::new(&settings.backup_to)
    })
}

/// Shows how far the index is, when it has to be made anew as the store opens.
fn show_rebuild() -> OnProgress {
    let progress = Mutex::new(Progress::start("versions indexed"));
    Arc::new(move |made| {
        if let Ok(mut progress) = progress.lock() {
            progress.show(made.done, made.total);
        }
    })
}

/// What page tokens of the data directory are sealed with, so that the links of a page hold beyond a restart.
pub fn page_key(folder: &Path) -> Result<[u8; interaction::PAGE_KEY_BYTES], Failure> {
    secret_file::of(&folder.join("page.key"), || {
        let mut key = [0; interaction::PAGE_KEY_BYTES];
        SystemRandom::new().fill(&mut key).map(|()| key).map_err(|_| Failure::failed("the system gives no random bytes"))
    })
}

/// Does `work` with a server on the engine of the data directory, and closes the engine.
pub fn with_server<T>(settings: &Settings, work: impl AsyncFnOnce(Arc<Server>) -> Result<T, Failure>) -> Result<T, Failure> {
    with_both(settings, async |server, _| work(server).await)
}

/// The same with the engine beside it.
pub fn with_both<T>(settings: &Settings, work: impl AsyncFnOnce(Arc<Server>, Arc<Embedded>) -> Result<T, Failure>) -> Result<T, Failure> {
    let live = parameters(settings);
    with_engine_by(settings, &live, async |engine| {
        let forgetting = engine.clone();
        let keeper = Keeper::new(settings, move || forgetting.forget_texts())?;
        let server = Arc::new(parts(settings, engine.clone(), live.clone()).with_custodian(keeper));
        code_systems::open_for_command(settings, &server)?;
        work(server, engine).await
    })
}

/// Does `work` with the engine of the data directory, and closes it.
pub fn with_engine<T>(settings: &Settings, work: impl AsyncFnOnce(Arc<Embedded>) -> Result<T, Failure>) -> Result<T, Failure> {
    with_engine_by(settings, &parameters(settings), work)
}

fn with_engine_by<T>(
    settings: &Settings,
    parameters: &Live,
    work: impl AsyncFnOnce(Arc<Embedded>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let runtime = runtime()?;
    let path = data_dir(settings)?;
    let opened = open_engine(&path, (settings, None), parameters, |options| Options {
        index_part_bytes: PART_BYTES_ALONE,
        index_cache_bytes: CACHE_BYTES_ALONE.max(options.index_cache_bytes),
        ..options
    });
    let engine = opened.map_err(|error| cannot_open(&path, &error))?;
    let result = runtime.block_on(work(engine.clone()));
    runtime.block_on(engine.close());
    result
}

/// How a command ends when the store says no: what was refused for safety is told apart from what failed.
pub fn refusal(what: &str, error: &StoreError) -> Failure {
    let line = format!("{what}: {error}");
    match error {
        StoreError::Clock { .. } => {
            Failure::refused(format!("{line}. Set the clock; or, when it is right, start once with --set clock=trust"))
        }
        StoreError::Keys(VaultError::UnknownKey) => Failure::refused(format!(
            "{line}. The setting seal_bodies has to be what it was, tenant or patient; `ward restore --keys FOLDER` brings keys from a copy"
        )),
        StoreError::InUse(_) | StoreError::Newer { .. } | StoreError::Exists(_) | StoreError::NoSuchMoment { .. } => Failure::refused(line),
        _ => Failure::failed(line),
    }
}

/// The parts that requests share, on a store, for a server whose pages have links; `keeper` keeps its records.
pub fn serving(settings: &Settings, store: Arc<dyn Store>, parameters: Live, keeper: Arc<Keeper>) -> Result<Arc<Server>, Failure> {
    let server = parts(settings, store, parameters).with_custodian(keeper);
    Ok(Arc::new(match page_key(&data_dir(settings)?) {
        Ok(key) => server.with_page_key(&key),
        // A disk that is full or broken keeps nobody from what can be read.
        Err(failure) => {
            failure.lines.iter().for_each(|line| eprintln!("ward: {line}: links of pages hold until the server stops"));
            server
        }
    }))
}

fn parts(settings: &Settings, store: Arc<dyn Store>, parameters: Live) -> Server {
    let allowed = interaction::Settings {
        default_count: settings.default_count,
        max_count: settings.max_count,
        max_bundle_entries: settings.max_bundle_entries,
        bundle_answer_bytes: settings.bundle_answer_bytes,
        bundle_time: Duration::from_millis(settings.bundle_timeout_ms),
        references: match settings.references {
            References::Check => interaction::References::Check,
            References::Allow => interaction::References::Allow,
        },
        conditional_delete: match settings.conditional_delete {
            ConditionalDelete::Single => interaction::ConditionalDelete::Single,
            ConditionalDelete::Multiple => interaction::ConditionalDelete::Multiple,
        },
        max_conditional_deletes: settings.max_conditional_deletes,
        update_create: settings.update_create,
        erase: settings.erase == Erase::On,
        graphql: interaction::GraphQlLimits {
            depth: settings.graphql_depth,
            fields: settings.graphql_fields,
            resources: settings.graphql_resources,
            searches: settings.graphql_searches,
            answer_bytes: settings.graphql_answer_bytes,
            ..interaction::GraphQlLimits::default()
        },
        ..interaction::Settings::default()
    };
    let server = Server::new(store, parameters, allowed, clock::of_process());
    server.judging(settings.validation.clone(), settings.required_profiles.clone())
}

/// What HTTP is allowed.
pub fn http(settings: &Settings, base_url: Option<String>) -> rest::Settings {
    let is_open = settings.access == Access::Open;
    rest::Settings {
        base_url,
        tenant: TENANT,
        max_resource_bytes: settings.max_resource_bytes,
        max_bundle_bytes: settings.max_bundle_bytes,
        head_timeout: Duration::from_millis(settings.head_timeout_ms),
        body_timeout: Duration::from_millis(settings.body_timeout_ms),
        stall_timeout: Duration::from_millis(settings.stall_timeout_ms),
        min_bytes_per_s: settings.min_bytes_per_s,
        idle_timeout: Duration::from_millis(settings.idle_timeout_ms),
        drain_timeout: Duration::from_millis(settings.drain_timeout_ms),
        max_connections: settings.max_connections,
        max_streams: settings.max_streams,
        max_searches: settings.max_searches,
        max_writes: settings.max_writes,
        max_operations: settings.max_operations,
        max_bundles: settings.max_bundles,
        max_queued: settings.max_queued,
        queue_timeout: Duration::from_millis(settings.queue_timeout_ms),
        body_memory_bytes: settings.body_memory_mb << 20,
        answer_memory_bytes: settings.answer_memory_mb << 20,
        head_memory_bytes: settings.head_memory_mb << 20,
        max_compressed: settings.max_compressed,
        behind_proxy: settings.behind_proxy,
        is_local: is_open,
        is_tls: !settings.tls_cert.is_empty(),
        cors_origins: settings.cors_origins.0.clone(),
        rates: rest::Rates {
            address: settings.rate_address,
            user: settings.rate_user,
            client: settings.rate_client,
            costly: settings.rate_costly,
            // Nobody signs in to a server that is open.
            sign_in: if is_open { rest::Quota::default() } else { settings.rate_sign_in },
            token: if is_open { rest::Quota::default() } else { settings.rate_token },
        },
        ..rest::Settings::default()
    }
}

/// Who acts when a command writes.
pub fn context(server: Arc<Server>, actor: &str, base_url: &str) -> Context {
    Context::new(server, TENANT, actor, base_url)
}

/// A runtime with a thread for each processor.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(format!("the runtime cannot start: {error}")))
}
