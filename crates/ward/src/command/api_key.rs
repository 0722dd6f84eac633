//! `ward api-key`.

use fhir::Value;
use http::Method;

use super::counter::{self, held_roles, members};
use super::user::shown;
use super::{Failure, Run};
use crate::cli::{self, ApiKey, ApiKeyAdd};

/// Works on the API keys of services.
pub fn run(run: Run, at: cli::Counter, asked: ApiKey) -> Result<(), Failure> {
    counter::with(&run, at, async |counter| match asked {
        ApiKey::Add(asked) => {
            let made = counter.ask(Method::POST, "/keys", &[], Some(described(asked))).await?;
            shown(run.json, &made, &["handle", "secret"]);
            Ok(())
        }
        ApiKey::List => {
            let found = counter.ask(Method::GET, "/keys", &[], None).await?;
            if run.json {
                println!("{}", fhir::json::to_string(&Value::Array(found.list("keys").cloned().collect())));
            } else {
                found.list("keys").for_each(|key| println!("{}", line(key)));
            }
            Ok(())
        }
        ApiKey::Revoke { handle } => counter.ask(Method::DELETE, &format!("/keys/{handle}"), &[], None).await.map(drop),
    })
}

fn described(asked: ApiKeyAdd) -> Value {
    members([
        ("name", Some(asked.name.into())),
        ("roles", Some(held_roles(&asked.roles))),
        ("fhirUser", asked.person.map(Value::from)),
        ("scopes", asked.scope.map(Value::from)),
        ("eachMinute", asked.each_minute.map(|count| u64::from(count).into())),
        ("until", asked.until.map(Value::from)),
    ])
}

/// A key in a list.
fn line(key: &Value) -> String {
    let text = |name: &str| key.text(name).unwrap_or_default();
    let roles: Vec<&str> = key.list("roles").filter_map(|role| role.text("role")).collect();
    let until = key.text("until").map_or_else(String::new, |until| format!("  until {until}"));
    format!("{}  {}  {}…  {}{until}", text("handle"), text("name"), text("prefix"), roles.join(", "))
}
