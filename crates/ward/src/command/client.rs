//! `ward client`.

use fhir::Value;
use http::Method;

use super::counter::{self, held_roles, members};
use super::user::shown;
use super::{Failure, Run};
use crate::cli::{self, Client, ClientAdd};

/// Works on apps and services.
pub fn run(run: Run, at: cli::Counter, asked: Client) -> Result<(), Failure> {
    counter::with(&run, at, async |counter| match asked {
        Client::Add(asked) => {
            let made = counter.ask(Method::POST, "/clients", &[], Some(described(asked)?)).await?;
            shown(run.json, &made, &["id", "secret"]);
            Ok(())
        }
        Client::List => {
            let clients = counter.list("/clients", "clients", &[]).await?;
            if run.json {
                println!("{}", fhir::json::to_string(&Value::Array(clients)));
            } else {
                let text = |client: &Value, name: &str| client.text(name).unwrap_or_default().to_owned();
                clients.iter().for_each(|client| println!("{}  {}  {}", text(client, "id"), text(client, "name"), text(client, "scope")));
            }
            Ok(())
        }
        Client::Secret { id } => {
            let made = counter.ask(Method::POST, &format!("/clients/{id}/secret"), &[], None).await?;
            shown(run.json, &made, &["id", "secret"]);
            Ok(())
        }
        Client::Remove { id } => counter.ask(Method::DELETE, &format!("/clients/{id}"), &[], None).await.map(drop),
    })
}

/// The client that is asked for: one with roles acts for itself, one with addresses to send users back to, or on a device without a browser, asks them.
fn described(asked: ClientAdd) -> Result<Value, Failure> {
    if asked.redirect_uris.is_empty() && !asked.device && asked.roles.is_empty() {
        return Err(Failure::usage(
            "give --redirect-uri or --device for an app that users open, or --role for a service that acts for itself",
        ));
    }
    let (jwks, jwks_uri) = match asked.keys {
        Some(place) if place.starts_with("https://") => (None, Some(place)),
        Some(file) => (Some(std::fs::read_to_string(&file).map_err(|error| Failure::failed(format!("{file}: {error}")))?), None),
        None => (None, None),
    };
    Ok(members([
        ("name", Some(asked.name.into())),
        ("scope", Some(asked.scope.into())),
        ("redirectUris", Some(list(asked.redirect_uris))),
        ("postLogoutRedirectUris", Some(list(asked.post_logout_redirect_uris))),
        ("origins", Some(list(asked.origins))),
        ("launchUri", asked.launch_uri.map(Value::from)),
        ("device", asked.device.then_some(true.into())),
        ("public", asked.public.then_some(true.into())),
        ("jwks", jwks.map(Value::from)),
        ("jwksUri", jwks_uri.map(Value::from)),
        ("roles", Some(held_roles(&asked.roles))),
    ]))
}

fn list(texts: Vec<String>) -> Value {
    Value::Array(texts.into_iter().map(Value::from).collect())
}
