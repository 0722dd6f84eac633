//! The table of settings: one line each, from which the struct, its loading and its documentation follow.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use interaction::validation::{Levels, RequiredProfiles};

use super::emergency::EmergencyMinutes;
use super::letters::{MailFrom, SmtpUrl};
use super::origins::Origins;
use super::retention::RetentionYears;
use super::work_hours::WorkHours;

/// One setting: what `ward config show` and the documentation say of it, and how it is set.
pub struct Setting {
    /// Its key in `ward.toml` and after `--set`. In the environment: `WARD_` and the key in capitals.
    pub key: &'static str,
    /// What it is for.
    pub doc: &'static str,
    /// The value when nothing says otherwise.
    pub default: &'static str,
    pub(super) set: fn(&mut Settings, &str) -> Result<(), String>,
    pub(super) show: fn(&Settings) -> String,
}

macro_rules! settings {
    ($($(#[doc = $doc:literal])+ $key:ident: $type:ty = $default:literal;)+) => {
        /// The settings, ready for use.
        #[derive(Clone, Debug)]
        pub struct Settings { $($(#[doc = $doc])+ pub $key: $type,)+ }

        /// All settings, in the order in which they are shown.
        pub const TABLE: &[Setting] = &[$(Setting {
            key: stringify!($key),
            doc: concat!($($doc),+),
            default: $default,
            set: |settings, text| { settings.$key = parse::<$type>(text)?; Ok(()) },
            show: |settings| settings.$key.to_string(),
        }),+];

        impl Settings {
            /// The settings when nothing says otherwise.
            pub(super) fn defaults() -> Result<Self, String> {
                Ok(Self { $($key: parse::<$type>($default)?,)+ })
            }
        }
    };
}

settings! {
    /// Where the database is kept.
    data_dir: String = "./ward-data";
    /// The database: `sqlite:PATH`; empty for `sqlite:ward.sqlite3` in the data directory.
    database_url: String = "";
    /// The address and port to listen on. One that is not a loopback address needs TLS (`tls_cert`), or a proxy that speaks it (`behind_proxy`).
    listen: SocketAddr = "127.0.0.1:8080";
    /// Whether whoever asks has to be known (`required`), or anybody on this machine may do everything (`open`): then only a loopback address is taken.
    access: Access = "required";
    /// The time zone of the hospital, by which rules know the hours of the day: `Europe/Berlin`.
    time_zone: String = "UTC";
    /// A file with passwords that were found out, which nobody may choose: lines of `SHA-1:COUNT` in the order of the SHA-1s, as Have I Been Pwned publishes them, or words. None
    /// when empty, beside the common words that Ward knows.
    breached_passwords: String = "";
    /// Whether people may make accounts by themselves (`open`), or are invited (`closed`).
    registration: Registration = "closed";
    /// For how many minutes breaking the glass gives access beyond one's roles: 5 to 720. It ends with its session, too.
    break_glass_minutes: EmergencyMinutes = "60";
    /// The server that letters to people with accounts are handed to: `smtps://user:password@mail.example.org:465`, or `smtp+starttls://…:587`. Without one they wait in the folder
    /// `outbox` of the data directory for whoever sends them on.
    smtp_url: SmtpUrl = "";
    /// A file with the password for that server, in place of one in the address.
    smtp_password_file: String = "";
    /// The address that letters are from; empty for `ward@` and the host of the pages.
    mail_from: MailFrom = "";
    /// Whether apps may register themselves (`open`, RFC 7591), or an administrator does it (`closed`). One that registers itself acts for users alone, and each user is asked.
    client_registration: Registration = "closed";
    /// Whether a service that acts for itself may prove with a secret that it is it (`allow`), or has to sign with a key, as SMART's backend services do (`refuse`). Apps that act for users may
    /// have secrets anyway.
    service_secrets: ServiceSecrets = "allow";
    /// When what was read is answered: when it is told in the audit trail (`written`), when that is on the disk (`synced`), or without telling (`off`). What
    /// is written is told always. It counts where access is required.
    audit_reads: AuditReads = "written";
    /// How many patients' records somebody touches within an hour without an alert.
    alert_charts: usize = "100";
    /// How many patients somebody is shown in lists within an hour without an alert.
    alert_listed: usize = "500";
    /// How many patients' records a person changes within an hour without an alert.
    alert_written: usize = "200";
    /// How many resources somebody deletes within an hour without an alert.
    alert_deletions: usize = "50";
    /// How often somebody changes accounts, roles and policies, within `alert_rights_minutes`, without an alert.
    alert_rights: usize = "20";
    /// Within how many minutes.
    alert_rights_minutes: u32 = "10";
    /// At which hours of the day people administer accounts, roles, clients and keys, such as `6-20`, or `20-6` for the night: at another hour it makes an alert.
    alert_work_hours: WorkHours = "0-24";
    /// After how many acts it is known at which hours somebody works: then another hour makes an alert.
    alert_known_after: u32 = "500";
    /// How often signing in may fail for an account or an address, within `alert_failures_minutes`, without an alert.
    alert_failures: usize = "10";
    /// Within how many minutes.
    alert_failures_minutes: u32 = "10";
    /// How fast people travel, in kilometres an hour: who is faster makes an alert. It needs `places_file`.
    alert_travel_km_h: u64 = "1000";
    /// A file that says where addresses are, for `alert_travel_km_h`: a network, a latitude and a longitude in each line, such as `203.0.113.0/24 52.52 13.40`. Nobody knows
    /// where an address is when it is empty.
    places_file: String = "";
    /// A folder, best on another machine's disk, that signed checkpoints of the audit trail are copied to; none when empty.
    audit_witness: String = "";
    /// The file with the key that wraps all other keys; empty for `kek` in the data directory, which is made at the first start.
    kek_file: String = "";
    /// The environment variable that has that key instead of a file, with `;` between its lines; none when empty.
    kek_env: String = "";
    /// Whether the bodies of resources are sealed in the database and its backups, and the journal of reads: `off`, with one key for all (`tenant`), or with a key for each patient (`patient`), which
    /// an erasure destroys. What was written before stays as it is; once it was on, it stays on.
    seal_bodies: SealBodies = "off";
    /// Whether what tells who somebody is (names, identifiers, addresses, numbers of telephones, dates of birth) is in the index as keyed hashes alone (`identifying`), or as it
    /// is (`off`). Equality can be searched then, and no beginning, part, range or order of it. It needs `seal_bodies`, and goes with no `index_words`; a change makes the index
    /// anew when the server starts.
    seal_index: SealIndex = "off";
    /// A folder, best on another machine's disk and not beside the backup, that the keys and the list of erasures are copied to as they change; none when empty.
    keys_to: String = "";
    /// For how many years records are kept before they may be removed for good: `7`; for some types differently: `7 AuditEvent=10`; `0` for no time.
    retention: RetentionYears = "7";
    /// Hosts with private addresses that clients may name as the place of their keys, or where providers are with whom people sign in, with spaces between several; all others have to be public.
    private_hosts: String = "";
    /// A file with the server's certificate, and those that it was signed by, as PEM; none when empty, and then there is no TLS. It is read again when it
    /// changes.
    tls_cert: String = "";
    /// The file with the private key of that certificate, as PEM without a password.
    tls_key: String = "";
    /// Whether a proxy stands before the server that speaks TLS, and sets `X-Forwarded-Proto`, `X-Forwarded-Host` and `X-Forwarded-For`: they are believed
    /// then, from whoever can reach the server.
    behind_proxy: bool = "false";
    /// The other sites whose scripts may read answers, with spaces between several, each exactly as a browser names it: `https://app.example.org`.
    cors_origins: Origins = "";
    /// How often may be asked from an address, or a network of 64 bits by IPv6: `6000/min`; `0` for no limit, as with all that follow.
    rate_address: rest::Quota = "0";
    /// How often a user may ask.
    rate_user: rest::Quota = "0";
    /// How often a client may ask, whoever uses it.
    rate_client: rest::Quota = "0";
    /// How often a user, or a client that acts for itself, may ask for operations, GraphQL queries, batches and transactions.
    rate_costly: rest::Quota = "0";
    /// How often something may be sent to the pages of signing in, from an address.
    rate_sign_in: rest::Quota = "60/min";
    /// How often the endpoints of OAuth may be asked, from an address.
    rate_token: rest::Quota = "600/min";
    /// Whether the words of resources are indexed, for `_text`, `_content` and `:text` of references. They double the index; a change makes it
    /// anew when the server starts.
    index_words: bool = "false";
    /// The address under which clients reach `/fhir`, for links and `Location`; empty for the one they used.
    base_url: String = "";
    /// How much is logged: error, warn, info, debug or trace, or filters such as `info,store_embedded=debug`.
    log: String = "info";
    /// How it is logged: `text` or `json`.
    log_format: LogFormat = "text";
    /// How many bytes a resource may have, after decompression.
    max_resource_bytes: usize = "16777216";
    /// How many bytes a batch, a transaction or a document of an import may have, after decompression.
    max_bundle_bytes: usize = "67108864";
    /// How many entries a batch or transaction may have.
    max_bundle_entries: usize = "10000";
    /// How many bytes of resources the entries of a batch or transaction answer together; entries beyond are not begun.
    bundle_answer_bytes: usize = "67108864";
    /// How long a batch, or the reading of a transaction, begins further entries, in milliseconds.
    bundle_timeout_ms: u64 = "60000";
    /// How many connections may be open. Beyond, the one that has asked nothing for the longest gives way, or new ones are told to come back.
    max_connections: usize = "10000";
    /// How many requests of one connection are worked on at once, by HTTP/2.
    max_streams: u32 = "64";
    /// How long the head of a request may take to arrive, in milliseconds.
    head_timeout_ms: u64 = "10000";
    /// How long the body of a request may take to arrive, in milliseconds.
    body_timeout_ms: u64 = "120000";
    /// How long a client may neither send of a body nor take of an answer, in milliseconds.
    stall_timeout_ms: u64 = "15000";
    /// How many bytes a second it sends or takes at least, once that time is over.
    min_bytes_per_s: u32 = "1024";
    /// How long a connection may ask nothing, in milliseconds.
    idle_timeout_ms: u64 = "120000";
    /// How many searches and histories are worked on at once.
    max_searches: usize = "128";
    /// How many of them run while they are short, within 25 milliseconds; 0: two for each processor.
    short_searches: usize = "0";
    /// How many of them run that take longer; 0: one for two processors.
    long_searches: usize = "0";
    /// How many writes of single resources are worked on at once.
    max_writes: usize = "256";
    /// How many operations and GraphQL queries are worked on at once.
    max_operations: usize = "16";
    /// How many batches and transactions are worked on at once.
    max_bundles: usize = "16";
    /// How many requests of each of these classes wait for their turn. More are told to come back, with 503 and `Retry-After`.
    max_queued: usize = "2000";
    /// How long they wait for their turn, or for memory, before they are told so, in milliseconds.
    queue_timeout_ms: u64 = "5000";
    /// How much memory bodies above 64 KiB take together while they are received and worked on, in megabytes; smaller ones have half as much
    /// beside it. Understanding a body takes several times its size.
    body_memory_mb: usize = "64";
    /// How much memory answers above 16 KiB take together until they are sent, in megabytes.
    answer_memory_mb: usize = "64";
    /// How much memory the heads of requests above 8 KiB take together, in megabytes.
    head_memory_mb: usize = "16";
    /// How many answers are compressed at once; beyond, they are sent as they are.
    max_compressed: usize = "64";
    /// How many matches a page of a search has when the request does not say.
    default_count: u32 = "20";
    /// How many matches a page of a search may have.
    max_count: u32 = "1000";
    /// How deep the selections of a GraphQL query may nest.
    graphql_depth: usize = "24";
    /// How many fields a GraphQL query may resolve, over all resources.
    graphql_fields: usize = "500000";
    /// How many resources a GraphQL query may read or find.
    graphql_resources: usize = "5000";
    /// How many searches a GraphQL query may make.
    graphql_searches: usize = "500";
    /// How many bytes the answer to a GraphQL query may have; the whole schema, which stock tools ask for, has 14 MB.
    graphql_answer_bytes: usize = "33554432";
    /// How long a search may take, in milliseconds.
    search_timeout_ms: u64 = "10000";
    /// Whether a reference to a resource that does not exist is refused (`check`) or stored (`allow`).
    references: References = "check";
    /// Whether resources must follow the profiles that they claim (`meta.profile`) and those that `required_profiles` asks of them: `enforce` refuses
    /// those that do not, `warn` stores them and says what is wrong, `off` does not look. For some types differently: `warn Patient=enforce`.
    /// FHIR's own rules hold always.
    validation: Levels = "off";
    /// The profiles that resources of a type have to follow, whether they claim it or not: `Patient=http://example.org/StructureDefinition/x|1.0`,
    /// with spaces between several.
    required_profiles: RequiredProfiles = "";
    /// The registry that `ward package add NAME@VERSION` gets packages from, and those that they need: `https://packages.example.org`, as npm's clients have it.
    /// None when empty, and then nothing is asked of any network: packages come from files.
    package_registry: String = "";
    /// A file with certificates (PEM) of authorities that are trusted beside the system's, when a registry or another server is asked over https.
    ca_file: String = "";
    /// Whether a conditional delete may delete one resource (`single`) or all that match (`multiple`).
    conditional_delete: ConditionalDelete = "single";
    /// How many resources a conditional delete may delete when it may delete several; if more match, none is deleted.
    max_conditional_deletes: u32 = "1000";
    /// Whether an update may create a resource under an id of the client's choice.
    update_create: bool = "true";
    /// Whether clients may remove resources for good, by `$expunge` and `Patient/[id]/$purge` (`on`), or nobody but whoever may read the data
    /// directory, by `ward erase` (`off`).
    erase: Erase = "off";
    /// How much memory is kept for resources that were read, in megabytes.
    cache_mb: u64 = "32";
    /// How much memory is kept for blocks of the index that were read, in megabytes.
    index_cache_mb: u64 = "64";
    /// How much of the index is collected in memory before it is written to disk, in megabytes. Up to twice as much is in memory while much is
    /// written, and takes two or three times its size there.
    index_part_mb: u64 = "12";
    /// How many megabytes of what searches have found are kept, and given again as long as nothing has changed it; 0 for none.
    answers_mb: u64 = "16";
    /// The folder for a backup that follows the server, best on another machine's disk; none when empty. It has to be there: Ward does not make it, so
    /// that a share that is not mounted is noticed.
    backup_to: String = "";
    /// How often what was written is copied there, in milliseconds: as much may be lost with this machine.
    backup_every_ms: u64 = "1000";
    /// How often the whole database is copied there, in hours. The more often, the faster a restore.
    backup_base_hours: u64 = "24";
    /// For how long every moment can be restored, in hours. What was erased is gone from the backup after that, too.
    backup_keep_hours: u64 = "168";
    /// How large the log of what is not copied yet may grow while the folder cannot be reached, in megabytes; beyond that the backup has a gap.
    backup_log_mb: u64 = "1024";
    /// Whether a database is opened only by a clock that is at most a day behind its newest commit, and at most a year ahead of it (`check`), or by any
    /// clock (`trust`).
    clock: ClockCheck = "check";
    /// How long requests under way may take to finish at shutdown, in milliseconds.
    drain_timeout_ms: u64 = "10000";
}

/// Whether whoever asks has to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// They have to.
    Required,
    /// They need not.
    Open,
}

/// When what was read is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditReads {
    /// When the operating system has what is told of it.
    Written,
    /// When the disk has.
    Synced,
    /// At once: nothing is told.
    Off,
}

impl AuditReads {
    /// As the journal knows it.
    pub fn mode(self) -> audit::Mode {
        match self {
            AuditReads::Written => audit::Mode::Written,
            AuditReads::Synced => audit::Mode::Synced,
            AuditReads::Off => audit::Mode::Off,
        }
    }
}

/// Whether people make accounts, or apps become known, by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registration {
    /// Somebody else does it: people are invited.
    Closed,
    /// They may.
    Open,
}

/// Whether services prove with secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceSecrets {
    /// They may.
    Allow,
    /// They sign with keys.
    Refuse,
}

/// Whether the clock is compared with the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockCheck {
    /// It is, and refused when it is far off.
    Check,
    /// It is not.
    Trust,
}

/// What becomes of references to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum References {
    /// They are refused.
    Check,
    /// They are stored.
    Allow,
}

/// How many resources a conditional delete may delete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConditionalDelete {
    /// One.
    Single,
    /// All that match.
    Multiple,
}

/// Whether clients may remove resources for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erase {
    /// They may not.
    Off,
    /// They may.
    On,
}

/// With which keys the bodies of resources are sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealBodies {
    /// They are not.
    Off,
    /// With that of the tenant.
    Tenant,
    /// With that of the patient whom they belong to; what belongs to nobody, or to several, with the tenant's.
    Patient,
}

/// What the index has as keyed hashes alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealIndex {
    /// Nothing.
    Off,
    /// What tells who somebody is.
    Identifying,
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

fn parse<T: FromStr<Err: fmt::Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

macro_rules! choice {
    ($type:ident { $($variant:ident = $word:literal),+ }) => {
        impl FromStr for $type {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok($type::$variant),)+
                    _ => Err(format!("it must be one of: {}", [$($word),+].join(", "))),
                }
            }
        }
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $($type::$variant => $word,)+ })
            }
        }
    };
}

choice!(AuditReads { Written = "written", Synced = "synced", Off = "off" });
choice!(Registration { Closed = "closed", Open = "open" });
choice!(ServiceSecrets { Allow = "allow", Refuse = "refuse" });
choice!(Access { Required = "required", Open = "open" });
choice!(ClockCheck { Check = "check", Trust = "trust" });
choice!(References { Check = "check", Allow = "allow" });
choice!(ConditionalDelete { Single = "single", Multiple = "multiple" });
choice!(Erase { Off = "off", On = "on" });
choice!(SealBodies { Off = "off", Tenant = "tenant", Patient = "patient" });
choice!(SealIndex { Off = "off", Identifying = "identifying" });
choice!(LogFormat { Text = "text", Json = "json" });
