//! Requests to other servers, whose addresses somebody else has written: the keys of a client, say.
//!
//! Whoever can make a server ask an address of their choice can reach what stands beside it: so every such request goes through [`Outgoing`]. A
//! name is resolved once; when any address that it leads to is none of the public internet, nothing is asked; and the connection goes to the address
//! that was looked at, whatever the name leads to by then. Only `https` is spoken, redirects are not followed, and everything is bounded.

mod public;
mod resolve;

use std::collections::HashSet;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use oauth::client::fetch::MOST_BYTES;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use store::contract::Pending;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

pub use public::is_public;
pub use resolve::{Resolve, Resolved, System};

/// How long a request may take, from the name to the last byte.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How many addresses of a name are tried.
const MOST_ADDRESSES: usize = 4;

/// Asks other servers.
pub struct Outgoing {
    /// Names that may lead to private addresses.
    private_hosts: HashSet<Box<str>>,
    resolver: Box<dyn Resolve>,
    connector: TlsConnector,
}

/// What is asked of another server.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// Where.
    pub address: &'a str,
    /// What stands in `Authorization`.
    pub authorization: Option<&'a str>,
    /// The form that is posted; `None`: it is a GET.
    pub form: Option<&'a str>,
}

/// A document of another server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Got {
    /// It, as it came.
    pub body: Vec<u8>,
    /// For how many seconds its server says that it may be kept; 0: not at all.
    pub max_age_s: Option<u32>,
}

/// Why another server was not asked, or what was wrong with its answer. It never tells what an address inside answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutgoingError {
    /// It is no address that begins with `https://`, or it names a user.
    BadAddress,
    /// The name leads nowhere.
    UnknownHost,
    /// It leads to an address that is none of the public internet, and the setting `private_hosts` does not name it.
    PrivateAddress,
    /// Nobody answers, or TLS cannot be spoken, or not in time.
    Unreachable,
    /// The answer is another than 200. A redirect is not followed.
    NotThere,
    /// The answer is too long.
    TooLong,
}

impl fmt::Display for OutgoingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OutgoingError::BadAddress => "the address must begin with https:// and name a host, and no user",
            OutgoingError::UnknownHost => "the name of the host leads nowhere",
            OutgoingError::PrivateAddress => {
                "the host is none of the public internet: when it is meant, the setting private_hosts has to name it"
            }
            OutgoingError::Unreachable => "the host does not answer in time, or its certificate is not trusted",
            OutgoingError::NotThere => "the host answers that it is not there, or elsewhere",
            OutgoingError::TooLong => "what the host answers is too long",
        })
    }
}

impl std::error::Error for OutgoingError {}

impl Outgoing {
    /// Asks servers whose certificates these authorities have signed. `private_hosts` are names or addresses, as they stand in an address, that may be
    /// private; they are asked without TLS, too, when the address begins with `http://`.
    ///
    /// Fails when TLS cannot be set up.
    pub fn new(roots: RootCertStore, private_hosts: &[String], resolver: Box<dyn Resolve>) -> Result<Self, rustls::Error> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        let config = config.with_root_certificates(roots).with_no_client_auth();
        let private_hosts = private_hosts.iter().map(|host| host.to_ascii_lowercase().into()).collect();
        Ok(Self { private_hosts, resolver, connector: TlsConnector::from(Arc::new(config)) })
    }

    /// The document at an address, of at most so many bytes.
    pub async fn get(&self, address: &str, most_bytes: usize) -> Result<Got, OutgoingError> {
        self.ask(Asked { address, authorization: None, form: None }, most_bytes).await
    }

    /// What an address answers to this, of at most so many bytes.
    pub async fn ask(&self, asked: Asked<'_>, most_bytes: usize) -> Result<Got, OutgoingError> {
        let answer = tokio::time::timeout(TIMEOUT, self.ask_now(&asked, most_bytes)).await;
        answer.unwrap_or(Err(OutgoingError::Unreachable))
    }

    async fn ask_now(&self, asked: &Asked<'_>, most_bytes: usize) -> Result<Got, OutgoingError> {
        let target = self.target(asked.address)?;
        let addresses = self.addresses(&target).await?;
        let response = self.sent(asked, &target, &addresses).await?;
        if response.status() != StatusCode::OK {
            return Err(OutgoingError::NotThere);
        }
        let max_age_s = response.headers().get(CACHE_CONTROL).and_then(|value| max_age(value.to_str().ok()?));
        let body = Limited::new(response.into_body(), most_bytes).collect().await.map_err(|_| OutgoingError::TooLong)?;
        Ok(Got { body: body.to_bytes().to_vec(), max_age_s })
    }

    fn target(&self, address: &str) -> Result<Target, OutgoingError> {
        let uri: Uri = address.parse().map_err(|_| OutgoingError::BadAddress)?;
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@')).ok_or(OutgoingError::BadAddress)?;
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let may_be_private = self.private_hosts.contains(host.as_str());
        let is_tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if may_be_private => false,
            _ => return Err(OutgoingError::BadAddress),
        };
        let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        if host.is_empty() || port == 0 {
            return Err(OutgoingError::BadAddress);
        }
        Ok(Target { host, port, is_tls, may_be_private, uri })
    }

    /// The addresses that may be asked: all that the host leads to, or none.
    async fn addresses(&self, target: &Target) -> Result<Vec<SocketAddr>, OutgoingError> {
        let found = match target.host.parse::<IpAddr>() {
            Ok(literal) => vec![literal],
            Err(_) => self.resolver.resolve(&target.host).await.map_err(|_| OutgoingError::UnknownHost)?,
        };
        if found.is_empty() {
            return Err(OutgoingError::UnknownHost);
        }
        if !target.may_be_private && !found.iter().all(|address| is_public(*address)) {
            return Err(OutgoingError::PrivateAddress);
        }
        Ok(found.into_iter().take(MOST_ADDRESSES).map(|address| SocketAddr::new(address, target.port)).collect())
    }

    async fn sent(&self, asked: &Asked<'_>, target: &Target, addresses: &[SocketAddr]) -> Result<Response<Incoming>, OutgoingError> {
        let unreachable = |_| OutgoingError::Unreachable;
        let mut stream = Err(OutgoingError::Unreachable);
        for address in addresses {
            stream = TcpStream::connect(address).await.map_err(unreachable);
            if stream.is_ok() {
                break;
            }
        }
        let stream = stream?;
        if !target.is_tls {
            return send(asked, target, TokioIo::new(stream)).await;
        }
        let name = ServerName::try_from(target.host.clone()).map_err(|_| OutgoingError::BadAddress)?;
        let stream = self.connector.connect(name, stream).await.map_err(unreachable)?;
        send(asked, target, TokioIo::new(stream)).await
    }
}

/// What is asked.
struct Target {
    host: String,
    port: u16,
    is_tls: bool,
    may_be_private: bool,
    uri: Uri,
}

async fn send<S>(asked: &Asked<'_>, target: &Target, stream: S) -> Result<Response<Incoming>, OutgoingError>
where
    S: hyper::rt::Read + hyper::rt::Write + Send + Unpin + 'static,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await.map_err(|_| OutgoingError::Unreachable)?;
    tokio::spawn(connection);
    let path = target.uri.path_and_query().map_or("/", |path| path.as_str());
    let host = target.uri.authority().map_or("", |authority| authority.as_str());
    let mut request = Request::get(path).header(HOST, host).header(ACCEPT, "application/json").header(USER_AGENT, "Ward");
    if let Some(authorization) = asked.authorization {
        let mut value = HeaderValue::from_str(authorization).map_err(|_| OutgoingError::BadAddress)?;
        value.set_sensitive(true);
        request = request.header(AUTHORIZATION, value);
    }
    if asked.form.is_some() {
        request = request.method(Method::POST).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    let body = Full::new(Bytes::from(asked.form.unwrap_or_default().to_owned()));
    let request = request.body(body).map_err(|_| OutgoingError::BadAddress)?;
    sender.send_request(request).await.map_err(|_| OutgoingError::Unreachable)
}

/// What `Cache-Control` says about keeping (RFC 9111).
fn max_age(text: &str) -> Option<u32> {
    let mut directives = text.split(',').map(str::trim);
    if directives.clone().any(|directive| directive.eq_ignore_ascii_case("no-store") || directive.eq_ignore_ascii_case("no-cache")) {
        return Some(0);
    }
    let digits = directives.find_map(|directive| directive.to_ascii_lowercase().strip_prefix("max-age=").map(str::to_owned))?;
    digits.trim_matches('"').parse().ok()
}

impl oauth::client::fetch::Fetch for Outgoing {
    fn fetch<'a>(&'a self, uri: &'a str) -> Pending<'a, Result<(Vec<u8>, Option<u32>), String>> {
        Box::pin(async move {
            let got = self.get(uri, MOST_BYTES).await.map_err(|error| error.to_string())?;
            Ok((got.body, got.max_age_s))
        })
    }
}
