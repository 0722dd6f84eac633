//! Where accounts, clients and roles are administered: on the data directory, or by the server that holds it. Both are asked the same, and both
//! ask `administration`.

use std::sync::Arc;

use access::Grant;
use administration::{Asked, Teller};
use audit::{Happening, Outcome, Scribe, What};
use fhir::Value;
use http::Method;
use identity::user::HeldRole;
use store::commit::Commit;
use store::contract::Clock;

use super::{Failure, Run};
use crate::cli;
use crate::door::Door;
use crate::door::operator::{OperatorKey, Said};
use crate::remote::Remote;
use crate::settings::Settings;
use crate::{clock, tenants, wiring};

/// How long the token holds by which a command asks a server, in milliseconds: five minutes, so that an import ends.
const TOKEN_MS: i64 = 5 * 60_000;

/// The file with the address of the server that holds the data directory.
const ADDRESS_FILE: &str = "server.url";

/// Somewhere to administer.
pub struct Counter(Way);

enum Way {
    Here { door: Arc<Door>, grant: Arc<Grant>, site: String },
    There(Box<Remote>),
}

/// Does `work` where the accounts are: with `--url` on that server; else on the data directory, or on the server that holds it.
pub fn with<T>(run: &Run, at: cli::Counter, work: impl AsyncFnOnce(Counter) -> Result<T, Failure>) -> Result<T, Failure> {
    let folder = wiring::data_dir(&run.settings)?;
    let (url, token) = match (at.url, at.token) {
        (Some(_), _) if run.tenant.is_some() => {
            return Err(Failure::usage("--tenant is for a data directory: name the endpoint of the tenant in --url"));
        }
        (Some(url), Some(token)) => (url, token),
        (Some(_), None) => {
            return Err(Failure::usage(
                "--url needs --token: `ward token --administration` gives one to whoever may read that server's data directory",
            ));
        }
        (None, Some(_)) => return Err(Failure::usage("--token is for the server that --url names")),
        (None, None) if store_embedded::is_held(&folder) => (address(run)?, OperatorKey::of(&folder)?.sign(&operator(run))?),
        (None, None) => {
            return wiring::with_door(&run.settings, async |door| {
                let grant = door.grant_of(&operator(run)).await?;
                let tenancy = tenants::named(&door.tenants, run.tenant.as_deref()).await?;
                let site = tenants::site(&run.settings, &tenancy);
                work(Counter(Way::Here { door, grant, site })).await
            });
        }
    };
    let server = Remote::new(&url, Some(&token), &run.settings.ca_file)?;
    wiring::runtime()?.block_on(work(Counter(Way::There(Box::new(server)))))
}

/// Leaves word in the data directory where its server listens, for the commands that ask it.
///
/// Fails when the file cannot be written.
pub fn tell_address(settings: &Settings, listening: std::net::SocketAddr) -> Result<(), Failure> {
    let scheme = if settings.tls_cert.is_empty() { "http" } else { "https" };
    let mut listening = listening;
    if listening.ip().is_unspecified() {
        listening.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    let folder = wiring::data_dir(settings)?;
    let failed = |error: std::io::Error| Failure::failed(format!("{}: {error}", folder.join(ADDRESS_FILE).display()));
    store_embedded::folder::make(&folder).map_err(failed)?;
    std::fs::write(folder.join(ADDRESS_FILE), format!("{scheme}://{listening}\n")).map_err(failed)
}

/// Where the tenant is on the server that holds the data directory.
fn address(run: &Run) -> Result<String, Failure> {
    let told = std::fs::read_to_string(wiring::data_dir(&run.settings)?.join(ADDRESS_FILE));
    let site = told.map_or_else(|_| format!("http://{}", run.settings.listen), |text| text.trim().to_owned());
    Ok(site + &tenants::prefix(run.tenant.as_deref()) + "/fhir")
}

/// Whoever may read the data directory, as somebody who administers a tenant.
fn operator(run: &Run) -> Said {
    let until = clock::of_process().now() + TOKEN_MS;
    let (tenant, scope) = (wiring::TENANT.0, "system/*.cruds".to_owned());
    Said { tenant, tenant_name: run.tenant.clone(), scope, patient: None, administers: true, until }
}

impl Counter {
    /// Asks for something below `/api/v1`; `null` comes back where there is no answer but that it is done.
    ///
    /// Fails with all that was wrong, when it is refused.
    pub async fn ask(&self, method: Method, path: &str, query: &[(&str, &str)], body: Option<Value>) -> Result<Value, Failure> {
        let query: Vec<(String, String)> = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        match &self.0 {
            Way::There(server) => {
                let query = search::url::query_string(&query);
                let answered = server.administer(&method, path, &query, body.as_ref()).await.map_err(Failure::failed)?;
                answered.map_err(|refusal| failed(refusal.lines()))
            }
            Way::Here { door, grant, site } => {
                let path = path.split('/').skip(1).map(str::to_owned).collect();
                let (grant, site) = (grant.clone(), site.clone());
                let asked = Asked { grant, method: method.as_str().to_owned(), path, query, body, if_match: None, if_absent: false, site };
                here(door, &asked).await
            }
        }
    }

    /// All entries of a list, page by page.
    pub async fn list(&self, path: &str, name: &str, query: &[(&str, &str)]) -> Result<Vec<Value>, Failure> {
        let (mut entries, mut cursor) = (Vec::new(), String::new());
        loop {
            let mut query = query.to_vec();
            query.push(("count", "500"));
            query.extend((!cursor.is_empty()).then_some(("cursor", cursor.as_str())));
            let page = self.ask(Method::GET, path, &query, None).await?;
            entries.extend(page.list(name).cloned());
            match page.text("next") {
                Some(next) => cursor = next.to_owned(),
                None => return Ok(entries),
            }
        }
    }

    /// The account with this login.
    pub async fn account(&self, login: &str) -> Result<Value, Failure> {
        let found = self.ask(Method::GET, "/users", &[("login", login)], None).await?;
        let none = || Failure::failed(format!("no account has the login {login}: `ward user list` shows them"));
        found.list("users").next().cloned().ok_or_else(none)
    }
}

/// Asks the desk of this process, and tells the audit trail what it did, or refused.
async fn here(door: &Door, asked: &Asked) -> Result<Value, Failure> {
    let happening =
        Happening { who: Some(asked.who().clone()), ..Happening::new(door.identity.now(), asked.tenant(), What::Recording(true)) };
    let scribe = door.scribe().clone();
    let answered = door.desk.answer(asked, Some(Arc::new(InCommit { scribe: scribe.clone(), happening: happening.clone() }))).await;
    if let Some(what) = answered.told {
        let outcome = match &answered.reply {
            Ok(_) => Outcome::Done,
            Err(refusal) if refusal.status == 403 => Outcome::Denied("Forbidden".into()),
            Err(_) => Outcome::Mistaken("Bad Request".into()),
        };
        let happening = Happening { what, outcome, ..happening };
        let mut commit = Commit::new(asked.tenant(), "operator", "administration");
        commit.audit = scribe.puts(&happening, &[]);
        let told = door.identity.directory().store().commit(commit).await;
        told.map_err(|_| Failure::failed("the store did not take the row of the audit trail: run `ward doctor`"))?;
    }
    let reply = answered.reply.map_err(|refusal| failed(refusal.issues.iter().map(ToString::to_string).collect()))?;
    Ok(reply.body.unwrap_or(Value::Null))
}

/// Has what an operator does told in the commits that do it.
struct InCommit {
    scribe: Arc<Scribe>,
    /// Who asks, and when.
    happening: Happening,
}

impl Teller for InCommit {
    fn write(&self, what: &What, commit: &mut Commit) {
        let happening = Happening { what: what.clone(), ..self.happening.clone() };
        commit.trails.push((happening.tenant, self.scribe.puts(&happening, &[])));
    }
}

/// The command failed, with these lines.
fn failed(lines: Vec<String>) -> Failure {
    Failure { exit: super::Exit::Failed, lines }
}

/// `physician`, `physician@Organization/3`, or `physician@Organization/3@Location/4`: a role, its facility, its department.
pub fn held_role(text: &str) -> HeldRole {
    let mut parts = text.split('@').map(str::to_owned);
    let mut held = HeldRole { role: parts.next().unwrap_or_default(), facility: None, department: None };
    for place in parts {
        let is_facility = place.starts_with("Organization/") && held.facility.is_none();
        *(if is_facility { &mut held.facility } else { &mut held.department }) = Some(place);
    }
    held
}

/// The roles of flags, as the interface for administration has them.
pub fn held_roles(flags: &[String]) -> Value {
    let shown = |held: HeldRole| {
        members([
            ("role", Some(held.role.into())),
            ("facility", held.facility.map(Value::from)),
            ("department", held.department.map(Value::from)),
        ])
    };
    Value::Array(flags.iter().map(|role| shown(held_role(role))).collect())
}

/// An object of those members that are there.
pub fn members<const N: usize>(of: [(&'static str, Option<Value>); N]) -> Value {
    of.into_iter().filter_map(|(name, value)| Some((name, value?))).collect::<fhir::Object>().into()
}
