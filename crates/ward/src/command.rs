//! The commands, one file each.

mod alert;
mod api_key;
mod audit;
mod backup;
mod client;
mod config;
mod counter;
mod doctor;
mod erase;
pub mod export;
mod fhirpath;
mod import;
mod index;
mod key;
mod package;
mod provider;
mod resource_file;
mod restore;
mod role;
mod seed;
mod serve;
mod status;
mod tenant;
mod terminology;
mod token;
mod user;
mod validate;

use crate::cli::{Arguments, Command, Global};
use crate::settings::{self, Origin, Settings, Sources};

/// How a command ends when it does not succeed.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What to tell the user, on standard error.
    pub lines: Vec<String>,
}

/// The exit codes that are not 0.
#[derive(Clone, Copy, Debug)]
pub enum Exit {
    /// It failed.
    Failed = 1,
    /// It was asked in a way that makes no sense.
    Usage = 2,
    /// It was refused, for safety.
    Refused = 4,
}

impl Failure {
    /// The command failed.
    pub fn failed(line: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, lines: vec![line.into()] }
    }

    /// The command was refused, for safety.
    pub fn refused(line: impl Into<String>) -> Self {
        Self { exit: Exit::Refused, lines: vec![line.into()] }
    }

    /// The command makes no sense.
    pub fn usage(line: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, lines: vec![line.into()] }
    }
}

/// What a command works with.
pub struct Run {
    /// The settings.
    pub settings: Settings,
    /// Where each of them came from.
    pub origins: Vec<Origin>,
    /// Whether answers are JSON.
    pub json: bool,
    /// The name of the tenant to work in; `None`: the first.
    pub tenant: Option<String>,
}

/// Does what was asked.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let Arguments { global, command } = arguments;
    let listen = match &command {
        Command::Serve(serve) => serve.listen.clone(),
        _ => None,
    };
    if global.tenant.is_some() && !takes_tenant(&command) {
        return Err(Failure::usage(
            "--tenant is for import, export, erase, user, client, role, provider, token, audit, key, hold and status, and this is none of them",
        ));
    }
    let run = prepare(global, listen)?;
    match command {
        Command::Serve(arguments) => serve::run(run, arguments),
        Command::Import(arguments) => import::run(run, arguments),
        Command::Export(arguments) => export::run(run, arguments),
        Command::Seed(arguments) => seed::run(run, arguments),
        Command::Fhirpath(arguments) => fhirpath::run(run.json, &arguments),
        Command::Validate(arguments) => validate::run(&run, &arguments),
        Command::Package(arguments) => package::run(run, arguments),
        Command::Terminology(arguments) => terminology::run(run, arguments),
        Command::Doctor => doctor::run(run),
        Command::Audit(arguments) => audit::run(run, arguments),
        Command::User { at, what } => user::run(run, at, what),
        Command::Client { at, what } => client::run(run, at, what),
        Command::Alert { at, what } => alert::run(run, at, what),
        Command::ApiKey { at, what } => api_key::run(run, at, what),
        Command::Role { at, what } => role::run(run, at, what),
        Command::Key(arguments) => key::run(run, arguments),
        Command::Hold(arguments) => key::hold(run, arguments),
        Command::Tenant(arguments) => tenant::run(run, arguments),
        Command::Provider(arguments) => provider::run(run, arguments),
        Command::Token(arguments) => token::run(run, arguments),
        Command::Status(endpoint) => status::run(run, endpoint),
        Command::Config(arguments) => config::run(run, arguments),
        Command::Index(arguments) => index::run(run, arguments),
        Command::Erase(arguments) => erase::run(run, arguments),
        Command::Backup(arguments) => backup::run(run, arguments),
        Command::Restore(arguments) => restore::run(run, arguments),
    }
}

/// Refuses `--tenant` beside `--url`, which names the endpoint of a tenant itself.
fn refuse_tenant_of_server(run: &Run, endpoint: &crate::cli::Endpoint) -> Result<(), Failure> {
    match run.tenant.is_some() && endpoint.url.is_some() {
        true => Err(Failure::usage("--tenant is for a data directory: name the endpoint of the tenant in --url")),
        false => Ok(()),
    }
}

/// Whether a command works in one tenant or another. The others are about the whole server, or about the first.
fn takes_tenant(command: &Command) -> bool {
    matches!(
        command,
        Command::Import(_)
            | Command::Export(_)
            | Command::User { .. }
            | Command::Client { .. }
            | Command::Alert { .. }
            | Command::ApiKey { .. }
            | Command::Role { .. }
            | Command::Provider(_)
            | Command::Token(_)
            | Command::Audit(_)
            | Command::Key(_)
            | Command::Hold(_)
            | Command::Status(_)
            | Command::Erase(_)
    )
}

fn prepare(global: Global, listen: Option<String>) -> Result<Run, Failure> {
    let mut flags = Vec::new();
    for pair in &global.set {
        let Some((key, value)) = pair.split_once('=') else {
            return Err(Failure::usage(format!("--set takes KEY=VALUE, and {pair:?} has no '='")));
        };
        flags.push((key.to_owned(), value.to_owned()));
    }
    if let Some(data_dir) = global.data_dir {
        flags.push(("data_dir".to_owned(), data_dir.display().to_string()));
    }
    flags.extend(listen.map(|listen| ("listen".to_owned(), listen)));
    let sources = Sources { file: global.config, flags };
    let (settings, origins) = settings::load(&sources, std::env::vars()).map_err(|lines| Failure { exit: Exit::Usage, lines })?;
    Ok(Run { settings, origins, json: global.json, tenant: global.tenant })
}
