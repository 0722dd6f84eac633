//! `ward role`.

use std::path::Path;

use fhir::{Value, json};
use http::Method;

use super::counter::{self, Counter};
use super::{Failure, Run};
use crate::cli::{self, Role};

/// How many bytes a policy has at most.
const MOST_BYTES: u64 = access::policy::MAX_TEXT_BYTES as u64;

/// Works on roles and policies.
pub fn run(run: Run, at: cli::Counter, asked: Role) -> Result<(), Failure> {
    counter::with(&run, at, async |counter| match asked {
        Role::List => list(&counter, run.json).await,
        Role::Show { name } => {
            let policy = counter.ask(Method::GET, &format!("/roles/{name}"), &[], None).await?;
            println!("{}", if run.json { json::to_string(&policy) } else { json::pretty(&policy) });
            Ok(())
        }
        Role::Put { file } => {
            let policy = read(&file)?;
            let name = policy.text("name").unwrap_or_default().to_owned();
            // A name that is none would be another path: the check says what is wrong with it.
            if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
                return check(&counter, policy).await;
            }
            counter.ask(Method::PUT, &format!("/roles/{name}"), &[], Some(policy)).await.map(drop)
        }
        Role::Check { file } => check(&counter, read(&file)?).await,
        Role::Remove { name } => counter.ask(Method::DELETE, &format!("/roles/{name}"), &[], None).await.map(drop),
    })
}

async fn list(counter: &Counter, json: bool) -> Result<(), Failure> {
    let answer = counter.ask(Method::GET, "/roles", &[], None).await?;
    if json {
        println!("{}", json::to_string(&Value::Array(answer.list("roles").cloned().collect())));
        return Ok(());
    }
    for role in answer.list("roles") {
        let own = role.get("own").and_then(Value::as_bool) == Some(true);
        println!(
            "{}  {}{}",
            role.text("name").unwrap_or_default(),
            role.text("description").unwrap_or_default(),
            if own { "  (own)" } else { "" }
        );
    }
    Ok(())
}

async fn check(counter: &Counter, policy: Value) -> Result<(), Failure> {
    let verdict = counter.ask(Method::POST, "/policies/check", &[], Some(policy)).await?;
    let lines: Vec<String> = verdict.list("issues").map(issue).collect();
    if lines.is_empty() { Ok(()) } else { Err(Failure { exit: super::Exit::Failed, lines }) }
}

fn issue(issue: &Value) -> String {
    let place = issue.list("expression").next().and_then(Value::as_str).map(|place| format!("{place}: ")).unwrap_or_default();
    format!("{place}{}", issue.text("diagnostics").unwrap_or_default())
}

fn read(file: &Path) -> Result<Value, Failure> {
    let failed = |what: &dyn std::fmt::Display| Failure::failed(format!("{}: {what}", file.display()));
    let bytes = std::fs::metadata(file).map_err(|error| failed(&error))?.len();
    if bytes > MOST_BYTES {
        return Err(failed(&format!("a policy has at most {MOST_BYTES} bytes")));
    }
    json::parse(&std::fs::read(file).map_err(|error| failed(&error))?).map_err(|error| failed(&error))
}
