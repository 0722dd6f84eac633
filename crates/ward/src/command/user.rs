//! `ward user`.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use fhir::{Value, json, object};
use http::Method;
use identity::Secret;

use super::counter::{self, Counter, held_roles, members};
use super::{Failure, Run};
use crate::cli::{self, User, UserAdd, UserRights};

/// How many bytes a password may have that is read from standard input.
const MOST_PASSWORD_BYTES: u64 = 4096;

/// Works on accounts.
pub fn run(run: Run, at: cli::Counter, asked: User) -> Result<(), Failure> {
    counter::with(&run, at, async |counter| match asked {
        User::Add(asked) => add(&counter, asked, run.json).await,
        User::Join { login, roles, person } => {
            let part = members([("login", Some(login.into())), ("fhirUser", person.map(Value::from)), ("roles", Some(held_roles(&roles)))]);
            counter.ask(Method::POST, "/users/join", &[], Some(part)).await.map(drop)
        }
        User::Leave { login } => to(&counter, &login, Method::DELETE, "/membership").await.map(drop),
        User::List => list(&counter, run.json).await,
        User::Show { login } => {
            let account = counter.account(&login).await?;
            println!("{}", if run.json { json::to_string(&account) } else { json::pretty(&account) });
            Ok(())
        }
        User::Import { file } => import(&counter, &file, run.json).await,
        User::Rights(asked) => rights(&counter, asked).await,
        User::SignOut { login } => to(&counter, &login, Method::DELETE, "/sessions").await.map(drop),
        User::Suspend { login } => to(&counter, &login, Method::POST, "/suspend").await.map(drop),
        User::Reactivate { login } => to(&counter, &login, Method::POST, "/reactivate").await.map(drop),
        User::Remove { login } => to(&counter, &login, Method::DELETE, "").await.map(drop),
        User::Reset { login } => {
            let made = to(&counter, &login, Method::POST, "/reset-link").await?;
            shown(run.json, &made, &["link"]);
            Ok(())
        }
    })
}

/// Asks for something of the account with a login.
async fn to(counter: &Counter, login: &str, method: Method, below: &str) -> Result<Value, Failure> {
    let account = counter.account(login).await?;
    counter.ask(method, &format!("/users/{}{below}", account.text("id").unwrap_or_default()), &[], None).await
}

async fn add(counter: &Counter, asked: UserAdd, json: bool) -> Result<(), Failure> {
    let password = if asked.password_stdin { Some(secret_from_stdin("password")?) } else { None };
    let account = members([
        ("login", Some(asked.login.into())),
        ("name", asked.name.map(Value::from)),
        ("email", asked.email.map(Value::from)),
        ("fhirUser", asked.person.map(Value::from)),
        ("roles", Some(held_roles(&asked.roles))),
        ("password", password.map(|password| password.expose().into())),
    ]);
    let made = counter.ask(Method::POST, "/users", &[], Some(account)).await?;
    shown(json, &made, &["id", "link"]);
    Ok(())
}

async fn rights(counter: &Counter, asked: UserRights) -> Result<(), Failure> {
    let account = counter.account(&asked.login).await?;
    let person = account.get("membership").and_then(|part| part.text("fhirUser")).map(str::to_owned);
    let texts = |texts: Vec<String>| Value::Array(texts.into_iter().map(Value::from).collect());
    let part = members([
        ("fhirUser", asked.person.or(person).map(Value::from)),
        ("roles", Some(held_roles(&asked.roles))),
        ("granted", Some(texts(asked.granted))),
        ("denied", Some(texts(asked.denied))),
    ]);
    let path = format!("/users/{}/membership", account.text("id").unwrap_or_default());
    counter.ask(Method::PUT, &path, &[], Some(part)).await.map(drop)
}

async fn list(counter: &Counter, json: bool) -> Result<(), Failure> {
    let accounts = counter.list("/users", "users", &[]).await?;
    if json {
        println!("{}", json::to_string(&Value::Array(accounts)));
        return Ok(());
    }
    for account in &accounts {
        let text = |name: &str| account.text(name).unwrap_or_default();
        let roles = account.get("membership").into_iter().flat_map(|part| part.list("roles")).filter_map(|held| held.text("role"));
        println!("{}  {}  {}  {}", text("login"), text("name"), text("status"), roles.collect::<Vec<_>>().join(", "));
    }
    Ok(())
}

async fn import(counter: &Counter, file: &Path, json: bool) -> Result<(), Failure> {
    let opened = std::fs::File::open(file).map_err(|error| Failure::failed(format!("{}: {error}", file.display())))?;
    let (mut taken, mut refused) = (0_u64, 0_u64);
    for (number, line) in (1_u64..).zip(BufReader::new(opened).lines()) {
        let line = line.map_err(|error| Failure::failed(format!("{}: {error}", file.display())))?;
        if line.trim().is_empty() {
            continue;
        }
        let done = match json::parse(line.as_bytes()) {
            Ok(account) => counter.ask(Method::POST, "/users/import", &[], Some(account)).await.map(drop),
            Err(_) => Err(Failure::failed("it is no JSON")),
        };
        match done {
            Ok(()) => taken += 1,
            Err(why) => {
                why.lines.iter().for_each(|why| eprintln!("line {number}: {why}"));
                refused += 1;
            }
        }
    }
    match json {
        true => println!("{}", json::to_string(&object! { "taken": taken, "refused": refused })),
        false => println!("{taken} accounts taken over, {refused} refused"),
    }
    if refused == 0 { Ok(()) } else { Err(Failure::failed(format!("{refused} accounts were refused"))) }
}

/// What comes on standard input: a secret of a kind, without the end of its line.
pub fn secret_from_stdin(kind: &str) -> Result<Secret, Failure> {
    let mut text = String::new();
    let read = std::io::stdin().take(MOST_PASSWORD_BYTES).read_to_string(&mut text);
    read.map_err(|error| Failure::failed(format!("no {kind} can be read from standard input: {error}")))?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
}

/// Prints these members of what was made, those that are there.
pub fn shown(json: bool, made: &Value, names: &[&'static str]) {
    let told = names.iter().filter_map(|name| Some((*name, made.text(name)?)));
    if json {
        println!("{}", json::to_string(&told.map(|(name, text)| (name, Value::from(text))).collect::<fhir::Object>().into()));
    } else {
        told.for_each(|(name, text)| println!("{name}: {text}"));
    }
}
