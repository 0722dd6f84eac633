//! `ward user`.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use fhir::{Value, object};
use identity::accounts::{Invitation, Which};
use identity::import::Import;
use identity::tenants::Tenancy;
use identity::user::{HeldRole, Membership};
use identity::{Identity, IdentityError, Secret};
use store::commit::Tenant;

use super::{Failure, Run};
use crate::cli::{User, UserAdd};
use crate::{tenants, wiring};

/// How many bytes a password may have that is read from standard input.
const MOST_PASSWORD_BYTES: u64 = 4096;

/// Works on the accounts of a data directory that no server holds.
pub fn run(run: Run, asked: User) -> Result<(), Failure> {
    wiring::with_door(&run.settings, async |door| {
        let accounts = &door.identity;
        let tenancy = &*tenants::named(&door.tenants, run.tenant.as_deref()).await?;
        let site = tenants::site(&run.settings, tenancy);
        match asked {
            User::Add(asked) => add(accounts, (tenancy, &site), asked, run.json).await,
            User::Join { login, roles, person } => {
                let roles = roles.iter().map(|role| held_role(role)).collect();
                let part = Membership { tenant: tenancy.number, fhir_user: person, roles, granted: Vec::new(), denied: Vec::new() };
                told(accounts.set_membership(&id_of(accounts, &login).await?, part).await.map(drop))
            }
            User::Leave { login } => told(accounts.remove_membership(&id_of(accounts, &login).await?, tenancy.tenant()).await.map(drop)),
            User::List => list(accounts, tenancy.tenant(), run.json).await,
            User::Import { file } => import(accounts, tenancy.tenant(), &file, run.json).await,
            User::Suspend { login } => told(accounts.suspend(&id_of(accounts, &login).await?).await.map(drop)),
            User::Reactivate { login } => told(accounts.reactivate(&id_of(accounts, &login).await?).await.map(drop)),
            User::Remove { login } => told(accounts.delete_user(&id_of(accounts, &login).await?).await),
            User::Reset { login } => {
                let token = accounts.make_reset_link(&id_of(accounts, &login).await?).await.map_err(failed)?;
                shown(run.json, &[("link", format!("{site}/auth/reset?token={}", token.expose()))]);
                Ok(())
            }
        }
    })
}

async fn add(accounts: &Identity, (tenancy, site): (&Tenancy, &str), asked: UserAdd, json: bool) -> Result<(), Failure> {
    let roles = asked.roles.iter().map(|role| held_role(role)).collect();
    let part = Membership { tenant: tenancy.number, fhir_user: asked.person, roles, granted: Vec::new(), denied: Vec::new() };
    let password = if asked.password_stdin { Some(secret_from_stdin("password")?) } else { None };
    let name = asked.name.unwrap_or_else(|| asked.login.clone());
    let invitation = Invitation { login: asked.login, name, email: asked.email, locale: tenancy.locale.clone(), memberships: vec![part] };
    let (id, token) = accounts.invite(invitation).await.map_err(failed)?;
    match password {
        Some(password) => {
            accounts.accept_invitation(&token, &password).await.map_err(failed)?;
            shown(json, &[("id", id)]);
        }
        None => shown(json, &[("id", id), ("link", format!("{site}/auth/invitation?token={}", token.expose()))]),
    }
    Ok(())
}

async fn list(accounts: &Identity, tenant: Tenant, json: bool) -> Result<(), Failure> {
    let found = accounts.users(Which { tenant: Some(tenant), ..Which::default() }).await.map_err(failed)?;
    if json {
        let accounts = found.iter().map(|found| {
            object! { "id": found.id.as_str(), "login": found.user.login.as_str(), "name": found.user.name.as_str(), "status": status(found.user.status) }
        });
        println!("{}", fhir::json::to_string(&Value::Array(accounts.collect())));
    } else {
        for found in &found {
            let roles = found
                .user
                .membership(tenant)
                .map_or_else(String::new, |part| part.roles.iter().map(|held| held.role.as_str()).collect::<Vec<_>>().join(", "));
            println!("{}  {}  {}  {roles}", found.user.login, found.user.name, status(found.user.status));
        }
    }
    Ok(())
}

async fn import(accounts: &Identity, tenant: Tenant, file: &Path, json: bool) -> Result<(), Failure> {
    let opened = std::fs::File::open(file).map_err(|error| Failure::failed(format!("{}: {error}", file.display())))?;
    let (mut taken, mut refused) = (0_u64, 0_u64);
    for (number, line) in (1_u64..).zip(BufReader::new(opened).lines()) {
        let line = line.map_err(|error| Failure::failed(format!("{}: {error}", file.display())))?;
        if line.trim().is_empty() {
            continue;
        }
        let account = serde_json::from_str(&line).map_err(|_| "it is no JSON".to_owned());
        let done = match account {
            Ok(account) => {
                accounts.import(&account, Import { tenant, trust_addresses: false }).await.map(drop).map_err(|error| error.to_string())
            }
            Err(why) => Err(why),
        };
        match done {
            Ok(()) => taken += 1,
            Err(why) => {
                eprintln!("line {number}: {why}");
                refused += 1;
            }
        }
    }
    match json {
        true => println!("{}", fhir::json::to_string(&object! { "taken": taken, "refused": refused })),
        false => println!("{taken} accounts taken over, {refused} refused"),
    }
    if refused == 0 { Ok(()) } else { Err(Failure::failed(format!("{refused} accounts were refused"))) }
}

/// The id of the account with this login.
pub async fn id_of(accounts: &Identity, login: &str) -> Result<String, Failure> {
    let found = accounts.find_user(login).await.map_err(failed)?;
    found.map(|found| found.id).ok_or_else(|| Failure::failed(format!("no account has the login {login}: `ward user list` shows them")))
}

/// `physician`, or `physician@Organization/3`.
pub fn held_role(text: &str) -> HeldRole {
    let (role, facility) = text.split_once('@').map_or((text, None), |(role, facility)| (role, Some(facility.to_owned())));
    HeldRole { role: role.to_owned(), facility, department: None }
}

/// A secret of this kind, from standard input.
pub fn secret_from_stdin(kind: &str) -> Result<Secret, Failure> {
    let mut text = String::new();
    let read = std::io::stdin().take(MOST_PASSWORD_BYTES).read_to_string(&mut text);
    read.map_err(|error| Failure::failed(format!("no {kind} can be read from standard input: {error}")))?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
}

/// Prints what was made.
pub fn shown(json: bool, what: &[(&'static str, String)]) {
    if json {
        let members = what.iter().map(|(name, value)| format!("{}:{}", quoted(name), quoted(value)));
        println!("{{{}}}", members.collect::<Vec<_>>().join(","));
    } else {
        what.iter().for_each(|(name, value)| println!("{name}: {value}"));
    }
}

fn quoted(text: &str) -> String {
    fhir::json::to_string(&Value::from(text))
}

fn status(status: identity::Status) -> &'static str {
    match status {
        identity::Status::Invited => "invited",
        identity::Status::Active => "active",
        identity::Status::Suspended => "suspended",
        identity::Status::Deleted => "deleted",
    }
}

fn told(done: Result<(), IdentityError>) -> Result<(), Failure> {
    done.map_err(failed)
}

/// How a command ends when accounts say no.
pub fn failed(error: IdentityError) -> Failure {
    Failure::failed(format!("{error}: {}", error.remedy()))
}
