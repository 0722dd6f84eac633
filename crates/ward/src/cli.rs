//! The command line: what can be asked, and how.

mod for_tests;
mod keys;
mod people;
mod provider;
mod tenants;
mod terminology;

pub use for_tests::ForTests;
pub use keys::{Hold, HoldOf, Key};
pub use people::{Alert, ApiKey, ApiKeyAdd, Audit, AuditReport, Client, ClientAdd, Counter, Role, Token, User, UserAdd, UserRights};
pub use provider::{Provider, ProviderAdd, ProviderAddSaml, ProviderPeople};
pub use tenants::{About, Tenant};
pub use terminology::{Load, Terminology};

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// A hospital's information system in one program.
#[derive(Debug, Parser)]
#[command(name = "ward", version, max_term_width = 110)]
pub struct Arguments {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Clone, Debug, Args)]
pub struct Global {
    /// The settings file; `ward.toml` in this directory when there is one.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where the database is kept.
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// A setting, over what the file and the environment say; `ward config show` lists them.
    #[arg(long, global = true, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Answers as JSON on standard output, for programs.
    #[arg(long, global = true)]
    pub json: bool,
    /// The tenant to work in, by its name in addresses; the first when it is not given. For import, export, user, client, role, provider, token, audit, key, hold and status.
    #[arg(long, global = true, value_name = "NAME")]
    pub tenant: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serves FHIR over HTTP.
    Serve(Serve),
    /// Takes resources in: NDJSON, Bundles, single resources, .gz and .zip of them, and folders.
    ///
    /// They go into the data directory, which no server may hold meanwhile, or with --url to a server.
    Import(Import),
    /// Writes all current resources as NDJSON, a file for each type.
    ///
    /// They come from the data directory, which no server may hold meanwhile, or with --url from a server.
    Export(Export),
    /// Fills the database with a synthetic hospital: the same patients for the same numbers, each time.
    Seed(Seed),
    /// Prints what a FHIRPath expression gives on a resource.
    Fhirpath(Fhirpath),
    /// Checks whether resources follow FHIR's rules and those of profiles.
    ///
    /// Prints every problem with its place; with --json an array with an OperationOutcome for each resource. Ends with 0 when no rule is broken, and
    /// with 1 when one is.
    Validate(Validate),
    /// FHIR packages: profiles, value sets and the other conformance resources of implementation guides.
    ///
    /// They are stored as resources in the data directory, which no server may hold meanwhile, or with --url on a server, where they count at once.
    #[command(subcommand)]
    Package(Package),
    /// Big code systems: SNOMED CT, LOINC, RxNorm, ICD-10-CM and others, from the files of their publishers.
    ///
    /// They are kept in the data directory, beside the database; a server that holds it takes them up within a second or two.
    #[command(subcommand)]
    Terminology(Terminology),
    /// Looks for what could keep Ward from working here, and says what to do.
    Doctor,
    /// The accounts of people.
    ///
    /// They are in the data directory, or on the server that holds it; with --url on another.
    User {
        #[command(flatten)]
        at: Counter,
        #[command(subcommand)]
        what: User,
    },
    /// Apps and services that ask for data: in the data directory, or on the server that holds it; with --url on another.
    Client {
        #[command(flatten)]
        at: Counter,
        #[command(subcommand)]
        what: Client,
    },
    /// What looked suspicious: in the data directory, or on the server that holds it; with --url on another.
    Alert {
        #[command(flatten)]
        at: Counter,
        #[command(subcommand)]
        what: Alert,
    },
    /// API keys of services: in the data directory, or on the server that holds it; with --url on another.
    ApiKey {
        #[command(flatten)]
        at: Counter,
        #[command(subcommand)]
        what: ApiKey,
    },
    /// Roles and policies: what people and services may see and do.
    ///
    /// They are in the data directory, or on the server that holds it; with --url on another.
    Role {
        #[command(flatten)]
        at: Counter,
        #[command(subcommand)]
        what: Role,
    },
    /// Works with the providers outside with whom people sign in. No server may hold the data directory.
    #[command(subcommand)]
    Provider(Provider),
    /// The audit trail, in a data directory that no server holds.
    #[command(subcommand)]
    Audit(Audit),
    /// The keys of the data directory, also while a server holds it.
    #[command(subcommand)]
    Key(Key),
    /// Legal holds, also while a server holds the data directory.
    #[command(subcommand)]
    Hold(Hold),
    /// Tenants: houses that share the server and nothing else, in a data directory that no server holds.
    #[command(subcommand)]
    Tenant(Tenant),
    /// Prints a bearer token for whoever may read the data directory, also while a server holds it.
    Token(Token),
    /// Asks a server how it is: the one that the settings name, or with --url another. Ends with 1 when it is not ready.
    Status(Endpoint),
    /// The settings.
    #[command(subcommand)]
    Config(Config),
    /// The search index, which is derived from the database.
    #[command(subcommand)]
    Index(Index),
    /// Removes resources with all their versions for good, from a data directory that no server holds.
    ///
    /// With --patient the patient's key is destroyed, so that backups made before do not bring the record back.
    Erase(Erase),
    /// Writes a copy of the database, also while a server holds it.
    ///
    /// A backup that follows the server is a setting of it: `backup_to`. Code systems of `ward terminology load` are in neither: keep their files.
    Backup(Backup),
    /// Makes a data directory from a backup: a copy, or what a server has written to `backup_to`.
    Restore(Restore),
}

#[derive(Debug, Args)]
pub struct Serve {
    /// Starts with a synthetic hospital in a fresh database, and with `index_words` on.
    #[arg(long)]
    pub demo: bool,
    /// How many patients the synthetic hospital has.
    #[arg(long, default_value_t = 100, requires = "demo", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub patients: u32,
    /// The address and port to listen on.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// A proxy that speaks TLS stands before the server; the setting `behind_proxy`.
    #[arg(long)]
    pub behind_proxy: bool,
    #[command(flatten)]
    pub for_tests: ForTests,
}

#[derive(Debug, Args)]
pub struct Import {
    /// Files and folders, taken in the order of their names.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Where refused lines and entries are set aside.
    #[arg(long, value_name = "FILE", default_value = "rejects.ndjson")]
    pub rejects: PathBuf,
    /// How many threads read, check and prepare; as many as there are processors when 0.
    #[arg(long, default_value_t = 0)]
    pub threads: usize,
    #[command(flatten)]
    pub endpoint: Endpoint,
}

#[derive(Debug, Args)]
pub struct Export {
    /// The folder for the files; standard output when it is not given.
    #[arg(value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
    /// Only these types.
    #[arg(long = "type", value_name = "TYPE")]
    pub types: Vec<String>,
    /// Only the record of this patient, by id: the patient, what is in the compartment, and the attachments that it names. From the data directory only; a server
    /// answers `Patient/[id]/$everything`.
    #[arg(long, value_name = "ID", conflicts_with = "url")]
    pub patient: Option<String>,
    /// Without what tells whose they are, by HIPAA's Safe Harbor: ids are pseudonyms of this export alone, dates are years, texts and names are gone.
    #[arg(long)]
    pub deidentified: bool,
    #[command(flatten)]
    pub endpoint: Endpoint,
}

/// A server that is to be used instead of the data directory.
#[derive(Debug, Args)]
pub struct Endpoint {
    /// The FHIR endpoint of a server to use instead of the data directory, as `http://127.0.0.1:8080/fhir` or `https://ward.example.org/fhir`
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// A bearer token for that server. Other users of this machine see the arguments of a command: the variable WARD_TOKEN is for whoever has some.
    #[arg(long, value_name = "TOKEN", requires = "url")]
    pub token: Option<String>,
}

impl Endpoint {
    /// The token that was given, as an argument or in the environment.
    pub fn bearer(&self) -> Option<String> {
        self.token.clone().or_else(|| std::env::var("WARD_TOKEN").ok().filter(|token| !token.is_empty()))
    }
}

#[derive(Debug, Args)]
pub struct Seed {
    /// How many patients.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub patients: u32,
    /// The number from which everything about them follows.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The day on which the hospital is seen, as 2026-01-31; today when it is not given.
    #[arg(long, value_name = "DAY")]
    pub today: Option<String>,
}

#[derive(Debug, Args)]
pub struct Fhirpath {
    /// The expression, as `name.given.first()`.
    #[arg(value_name = "EXPRESSION")]
    pub expression: String,
    /// The resource, in JSON or XML; `-` reads it from standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct Validate {
    /// Files with a resource each, in JSON or XML, or with one a line (.ndjson); `-` reads standard input.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Profiles that they must follow, besides those that they claim; or a logical model, of which they are instances.
    #[arg(long, value_name = "URL")]
    pub profile: Vec<String>,
    /// Packages whose profiles count, besides HL7's own: files (.tgz, .zip), folders, or names with versions, as hl7.fhir.us.core@6.1.0, which the
    /// setting `package_registry` is asked for, as for those that they need.
    #[arg(long, value_name = "FILE|FOLDER|NAME@VERSION")]
    pub package: Vec<String>,
    /// Also by the packages and whatever else of the kind is stored in the data directory, which no server may hold meanwhile.
    #[arg(long)]
    pub stored: bool,
}

#[derive(Debug, Subcommand)]
pub enum Package {
    /// Stores the conformance resources of packages, what they need first. What is there already is left as it is.
    Add(PackageAdd),
    /// Lists the packages that are there.
    List {
        #[command(flatten)]
        endpoint: Endpoint,
    },
    /// Deletes what packages have brought, unless another package brings it too.
    Remove {
        /// The packages, as NAME@VERSION, or NAME for all versions of it.
        #[arg(required = true, value_name = "NAME[@VERSION]")]
        packages: Vec<String>,
        #[command(flatten)]
        endpoint: Endpoint,
    },
}

#[derive(Debug, Args)]
pub struct PackageAdd {
    /// Files (.tgz, .zip), folders, or names with versions, as hl7.fhir.us.core@6.1.0, which the setting `package_registry` is asked for.
    #[arg(required = true, value_name = "FILE|FOLDER|NAME@VERSION")]
    pub packages: Vec<String>,
    /// Also stores the examples that the packages have.
    #[arg(long)]
    pub examples: bool,
    #[command(flatten)]
    pub endpoint: Endpoint,
}

#[derive(Debug, Subcommand)]
pub enum Config {
    /// Prints every setting and its value.
    Show {
        /// Also prints where each value came from.
        #[arg(long)]
        origin: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum Index {
    /// Compares the index with the database, and lists what differs.
    Check,
    /// Makes the index anew from the database.
    Rebuild,
}

#[derive(Debug, Args)]
pub struct Erase {
    /// The resources, as Observation/12.
    #[arg(required = true, value_name = "TYPE/ID")]
    pub resources: Vec<String>,
    /// Removes the whole record of each patient: what belongs to it and to no other patient.
    #[arg(long)]
    pub patient: bool,
    /// Removes only the versions before the current one.
    #[arg(long, conflicts_with = "patient")]
    pub past: bool,
    /// Also when resources that stay refer to them.
    #[arg(long)]
    pub force: bool,
    /// Also before the time is over for which records are kept (`retention`), because a law demands it.
    #[arg(long)]
    pub by_law: bool,
    /// Does it: without this word nothing is removed.
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct Backup {
    /// The folder to write. It must not exist yet.
    pub folder: PathBuf,
    /// Writes nothing, but lists from when to when the backup that is in the folder can restore every moment.
    #[arg(long)]
    pub list: bool,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// The folder of the backup.
    pub folder: PathBuf,
    /// The folder with a copy of the keys, from `keys_to` or `ward key copy`, when the data directory has none.
    #[arg(long, value_name = "FOLDER")]
    pub keys: Option<PathBuf>,
    /// Up to when: a moment with its zone, as 2026-01-31T08:00:00Z, or the number of a commit. All there is when it is not given.
    #[arg(long, value_name = "MOMENT")]
    pub at: Option<String>,
}

/// The command line of this process. Ends the process with help, or with exit code 2 when it cannot be understood.
pub fn parse() -> Arguments {
    Arguments::parse()
}
