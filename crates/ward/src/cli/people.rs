//! `ward user`, `ward client`, `ward token`, `ward audit`: who is let in, and what was done.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub struct Token {
    /// What it allows, as SMART writes scopes; `system/*.cruds`, or with --patient `patient/*.cruds`, when it is not given.
    #[arg(long)]
    pub scope: Option<String>,
    /// The patient whose own view it gives, by id.
    #[arg(long, value_name = "ID")]
    pub patient: Option<String>,
    /// It administers accounts, clients, keys and roles, too (`/api/v1`).
    #[arg(long, conflicts_with = "patient")]
    pub administration: bool,
    /// After how many hours it ends.
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=8760))]
    pub hours: u32,
}

/// Where accounts, clients and roles are administered, when it is not the data directory.
#[derive(Debug, Args)]
pub struct Counter {
    /// The FHIR endpoint of a server to ask instead, as `https://ward.example.org/fhir`
    #[arg(long, global = true, value_name = "URL")]
    pub url: Option<String>,
    /// A bearer token for that server
    #[arg(long, global = true, value_name = "TOKEN")]
    pub token: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Role {
    /// Lists the roles and policies in force: those that Ward brings, and own ones.
    List,
    /// Prints a role or policy, as JSON.
    Show { name: String },
    /// Writes a role or policy of one's own from a file, in place of one of the same name. It holds from the next request on.
    Put {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Says what is wrong with a policy in a file, and writes nothing.
    Check {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Removes a role or policy of one's own that nobody has. Where Ward brings one of that name, that is in force again.
    Remove { name: String },
}

#[derive(Debug, Subcommand)]
pub enum User {
    /// Makes an account, and prints the link by which its owner sets a password.
    Add(UserAdd),
    /// Gives an account that is there a part in this tenant, or another part than it had.
    Join {
        login: String,
        /// A role, as physician; in one facility only as physician@Organization/3.
        #[arg(long = "role", value_name = "ROLE[@Organization/ID]")]
        roles: Vec<String>,
        /// Who it is in the records of this tenant, as Practitioner/12.
        #[arg(long, value_name = "TYPE/ID")]
        person: Option<String>,
    },
    /// Takes its part in this tenant from an account.
    Leave { login: String },
    /// Lists the accounts.
    List,
    /// Takes accounts over: a file with an account in each line, in JSON as SCIM has it.
    Import {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Shows an account, as JSON.
    Show { login: String },
    /// Sets the rights of an account, in place of those that it has. They hold from the next request on.
    Rights(UserRights),
    /// Ends all sessions of an account.
    SignOut { login: String },
    /// Keeps the owner of an account out, until it is reactivated.
    Suspend { login: String },
    /// Lets the owner of a suspended account in again.
    Reactivate { login: String },
    /// Prints a link by which the owner of an account sets a new password.
    Reset { login: String },
    /// Removes an account. Its login and name stay for the records.
    Remove { login: String },
}

#[derive(Debug, Args)]
pub struct UserAdd {
    /// The name to sign in by.
    pub login: String,
    /// The name to show; the login when it is not given.
    #[arg(long)]
    pub name: Option<String>,
    /// The e-mail address, to which the link is written too.
    #[arg(long)]
    pub email: Option<String>,
    /// A role, as physician; in one facility only as physician@Organization/3, in one department as physician@Location/4.
    #[arg(long = "role", value_name = "ROLE[@TYPE/ID]")]
    pub roles: Vec<String>,
    /// Who it is in the records, as Practitioner/12.
    #[arg(long, value_name = "TYPE/ID")]
    pub person: Option<String>,
    /// Reads the password from standard input, and prints no link.
    #[arg(long)]
    pub password_stdin: bool,
}

#[derive(Debug, Args)]
pub struct UserRights {
    /// The name to sign in by.
    pub login: String,
    /// A role, as physician; in one facility only as physician@Organization/3, in one department as physician@Location/4.
    #[arg(long = "role", value_name = "ROLE[@TYPE/ID]")]
    pub roles: Vec<String>,
    /// Who it is in the records, as Practitioner/12; what it was when it is not given.
    #[arg(long, value_name = "TYPE/ID")]
    pub person: Option<String>,
    /// A policy that is granted directly.
    #[arg(long = "grant", value_name = "POLICY")]
    pub granted: Vec<String>,
    /// A policy that is denied directly: all that it allows.
    #[arg(long = "deny", value_name = "POLICY")]
    pub denied: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub enum Client {
    /// Makes a client: an app that users open, or with --role a service that acts for itself. Prints its id, and its secret if it has one.
    Add(ClientAdd),
    /// Lists the clients.
    List,
    /// Gives a client another secret, and prints it. The one before holds until the next change.
    Secret { id: String },
    /// Removes a client. Whatever it was given ends at once.
    Remove { id: String },
}

#[derive(Debug, Subcommand)]
pub enum Alert {
    /// Lists what looked suspicious, the newest first.
    List {
        /// Only those that nobody has looked into.
        #[arg(long)]
        open: bool,
    },
    /// Says what came of looking into an alert.
    Acknowledge {
        #[arg(value_name = "ID")]
        id: String,
        /// What came of it, in 3 to 500 letters.
        #[arg(long, value_name = "TEXT")]
        note: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum ApiKey {
    /// Makes a key for a service, and prints it: it is shown this once.
    Add(ApiKeyAdd),
    /// Lists the keys, without their secrets.
    List,
    /// Revokes a key: it is worth nothing from now on.
    Revoke {
        #[arg(value_name = "HANDLE")]
        handle: String,
    },
}

#[derive(Debug, Args)]
pub struct ApiKeyAdd {
    /// What it is for.
    pub name: String,
    /// A role, as service; in one facility only as service@Organization/3, in one department as service@Location/4.
    #[arg(long = "role", value_name = "ROLE[@TYPE/ID]")]
    pub roles: Vec<String>,
    /// Who it is in the records, as Device/7.
    #[arg(long, value_name = "TYPE/ID")]
    pub person: Option<String>,
    /// What it may do at most, as SMART writes scopes.
    #[arg(long, value_name = "SCOPES")]
    pub scope: Option<String>,
    /// How many requests it may make in a minute.
    #[arg(long, value_name = "N")]
    pub each_minute: Option<u32>,
    /// When it ends, as 2027-12-31T23:59:59Z.
    #[arg(long, value_name = "MOMENT")]
    pub until: Option<String>,
}

#[derive(Debug, Args)]
pub struct ClientAdd {
    /// The name to show.
    pub name: String,
    /// What it may ask for, as SMART writes scopes.
    #[arg(long)]
    pub scope: String,
    /// Where users are sent back to.
    #[arg(long = "redirect-uri", value_name = "URI")]
    pub redirect_uris: Vec<String>,
    /// Where users are sent back to when the app has asked that they be signed out here.
    #[arg(long = "post-logout-redirect-uri", value_name = "URI")]
    pub post_logout_redirect_uris: Vec<String>,
    /// An origin of the app whose scripts may read the API, beside those that an app without a secret has by its redirect URIs.
    #[arg(long = "origin", value_name = "ORIGIN")]
    pub origins: Vec<String>,
    /// Where a launch from the record system begins.
    #[arg(long, value_name = "URI")]
    pub launch_uri: Option<String>,
    /// It can keep no secret: it runs in a browser or on a phone.
    #[arg(long, conflicts_with = "keys")]
    pub public: bool,
    /// It proves by a key that it is it: a file with its JSON Web Key Set, or the https address of one.
    #[arg(long, value_name = "FILE|URL")]
    pub keys: Option<String>,
    /// Its users agree on another device: it runs where no browser is.
    #[arg(long)]
    pub device: bool,
    /// A role of a service that acts for itself, as service.
    #[arg(long = "role", value_name = "ROLE[@Organization/ID]")]
    pub roles: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Compares the AuditEvents with the signed checkpoints, and lists what was altered, removed or put in. Ends with 1 when something was.
    Verify {
        /// A folder to which checkpoints were copied (`audit_witness`).
        #[arg(long, value_name = "FOLDER")]
        witness: Option<PathBuf>,
    },
    /// Lists what happened, the newest first, as CSV.
    Report(AuditReport),
    /// Signs what came in since the last checkpoint.
    Checkpoint,
    /// Signs that the database was restored from an older backup, after one was put back by hand; `ward restore` does that itself.
    Restored,
    /// Prints the public key by which checkpoints are verified.
    Key,
}

#[derive(Debug, Args)]
pub struct AuditReport {
    /// Only what this account did, by its id.
    #[arg(long, value_name = "ID")]
    pub user: Option<String>,
    /// Only what touched the record of this patient, by id.
    #[arg(long, value_name = "ID")]
    pub patient: Option<String>,
    /// Only what happened at this moment or later, as 2026-01-31T08:00:00Z.
    #[arg(long, value_name = "MOMENT")]
    pub from: Option<String>,
    /// Only what happened before this moment.
    #[arg(long, value_name = "MOMENT")]
    pub until: Option<String>,
    /// Only this: read, create, search-type, denied, ….
    #[arg(long, value_name = "CODE")]
    pub action: Option<String>,
}
