//! How a server elsewhere is reached: by HTTP/1.1, with TLS where its address begins with `https://`.
//!
//! The certificate of a server is checked always, against the authorities that the system trusts and those in a file of the setting `ca_file`.

#[cfg(test)]
mod tests;

use std::error::Error;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{CertificateError, ClientConfig, RootCertStore};

/// Opens connections.
pub type Connector = HttpsConnector<HttpConnector>;

/// How long a connection may take to be there, before TLS begins.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// The connector for an address: with TLS only, or without it.
///
/// Fails when the file of authorities cannot be used, or when TLS is wanted and nobody is trusted.
pub fn connector(is_tls: bool, ca_file: &str) -> Result<Connector, String> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
    let roots = if is_tls { trusted(ca_file)? } else { RootCertStore::empty() };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| format!("TLS cannot be set up: {error}"))?.with_root_certificates(roots).with_no_client_auth();
    let builder = HttpsConnectorBuilder::new().with_tls_config(config);
    let builder = if is_tls { builder.https_only() } else { builder.https_or_http() };
    Ok(builder.enable_http1().wrap_connector(tcp))
}

/// The authorities of the system, and those of a file: none on a system that trusts nobody.
///
/// Fails when the file cannot be used.
pub fn authorities(ca_file: &str) -> Result<RootCertStore, String> {
    found(ca_file).map(|(roots, _)| roots)
}

/// The same, of which there has to be one.
fn trusted(ca_file: &str) -> Result<RootCertStore, String> {
    let (roots, why) = found(ca_file)?;
    if roots.is_empty() {
        return Err(format!(
            "this system trusts no authority{why}, so that no server can be known by its certificate: install the package ca-certificates, or name a \
             file of certificates with the setting ca_file"
        ));
    }
    Ok(roots)
}

/// The authorities, and what went wrong when the system was asked for its own.
fn found(ca_file: &str) -> Result<(RootCertStore, String), String> {
    let mut roots = RootCertStore::empty();
    if !ca_file.is_empty() {
        let wrong =
            |why: String| format!("ca_file: {ca_file}: {why}: give certificates as PEM, between BEGIN CERTIFICATE and END CERTIFICATE");
        let read = CertificateDer::pem_file_iter(Path::new(ca_file)).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        for certificate in read.map_err(|error| wrong(error.to_string()))? {
            roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
        }
        if roots.is_empty() {
            return Err(wrong("it has no certificate".to_owned()));
        }
    }
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    let why = found.errors.first().map(|error| format!(" ({error})")).unwrap_or_default();
    Ok((roots, why))
}

/// What is wrong with a server's certificate or its TLS, and what to do; `None` when the error is not about that.
pub fn fault(error: &(dyn Error + 'static)) -> Option<String> {
    Some(match tls_error(error)? {
        rustls::Error::InvalidCertificate(fault) => certificate_fault(fault),
        rustls::Error::InvalidMessage(_) => {
            "it does not speak TLS there: check the port, or write http:// if it is on this machine".to_owned()
        }
        other => format!("no TLS could be agreed on ({other}): it has to speak TLS 1.2 or 1.3"),
    })
}

fn certificate_fault(fault: &CertificateError) -> String {
    match fault {
        // Two authorities may have the same name: then the signature tells them apart.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "its certificate is signed by nobody who is trusted here: name a file with its authority's certificate by the setting ca_file"
                .to_owned()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            format!("its certificate is no longer valid ({fault}): it has to be renewed there; check the clock of this machine too")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            format!("its certificate is not valid yet ({fault}): check the clock of this machine")
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            format!("its certificate is for another name ({fault}): use a name that the certificate has")
        }
        fault => format!("its certificate is refused ({fault}): it has to be replaced there"),
    }
}

/// The error of TLS below an error. An error of input and output does not give what it holds as its source: it is asked for it.
fn tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<rustls::Error>() {
            return Some(found);
        }
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(held) => Some(held),
            None => error.source(),
        };
    }
    None
}
