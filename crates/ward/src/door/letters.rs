//! Letters to the people who have accounts: kept in a folder, and taken to the server of the setting `smtp_url`.

use std::path::Path;
use std::sync::Arc;

use identity::Secret;
use mail::letter::Sender;
use mail::{Folder, Pauses, Postman};
use rest::metrics::Gauge;
use rustls::ClientConfig;

use super::Door;
use crate::command::Failure;
use crate::settings::Settings;
use crate::{clock, remote};

/// The longest password, in bytes.
const LONGEST_PASSWORD: usize = 1024;

/// The folder for letters of a data directory.
pub fn folder(settings: &Settings, data: &Path, site: &str) -> Arc<Folder> {
    let host = site.split("://").nth(1).unwrap_or_default().split(['/', ':']).next().unwrap_or_default();
    let from = match settings.mail_from.0.as_str() {
        "" => format!("ward@{}", if host.is_empty() { "localhost" } else { host }),
        given => given.to_owned(),
    };
    Arc::new(Folder::new(data.join("outbox"), Sender { site: site.to_owned(), from }, clock::of_process()))
}

/// Takes letters to the server that the settings name, as long as this process serves.
///
/// Fails when the file with the password cannot be used, and when TLS cannot be set up.
pub fn take_along(settings: &Settings, door: &Door) -> Result<(), Failure> {
    let Some(mut relay) = settings.smtp_url.0.clone() else { return Ok(()) };
    if !settings.smtp_password_file.is_empty() {
        relay.password = Some(password(Path::new(&settings.smtp_password_file))?);
    }
    let roots = remote::authorities(&settings.ca_file).map_err(Failure::usage)?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let tls = tls.map_err(|error| Failure::failed(format!("TLS cannot be set up: {error}")))?;
    let tls = Arc::new(tls.with_root_certificates(roots).with_no_client_auth());
    tokio::spawn(Postman::new(door.letters.clone(), relay, tls, Pauses::default()).deliver());
    Ok(())
}

/// What the figures of a server say of its letters: nothing when their folder cannot be read.
pub fn gauges(folder: &Folder) -> Vec<Gauge> {
    let waiting = folder.waiting().map(|letters| letters.len() as f64);
    let gauge = |value| Gauge { name: "ward_letters_waiting", help: "Letters that the server for mail has not taken yet.", value };
    waiting.map(gauge).into_iter().collect()
}

/// The password in a file, without the end of its line.
fn password(path: &Path) -> Result<Secret, Failure> {
    let failed = |why: String| Failure::failed(format!("smtp_password_file: {}: {why}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    let password = text.trim_end_matches(['\r', '\n']);
    match (1..=LONGEST_PASSWORD).contains(&password.len()) && !password.chars().any(char::is_control) {
        true => Ok(Secret::new(password)),
        false => Err(failed("it has to hold one line with the password".to_owned())),
    }
}
