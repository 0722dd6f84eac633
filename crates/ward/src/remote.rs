//! A FHIR server elsewhere, or a registry of packages, as a client sees it: HTTP/1.1, with TLS or without.

mod address;
mod administration;
mod connector;
mod refusal;

use std::time::Duration;

use bytes::Bytes;
use fhir::Value;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

use self::address::Address;
pub use self::connector::authorities;
use self::connector::{Connector, connector, fault};
pub use self::refusal::Refusal;
use crate::command::Failure;

/// How long a request may take from its beginning to the last byte of its answer.
const TIMEOUT: Duration = Duration::from_secs(300);

/// How often a request is sent again to a server that is too busy.
const MAX_RETRIES: u32 = 10;

/// How long the longest pause is between two of them, whatever the server asks for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

const FHIR_JSON: HeaderValue = HeaderValue::from_static("application/fhir+json");

/// A server.
pub struct Remote {
    client: Client<Connector, Full<Bytes>>,
    address: Address,
    authorization: Option<HeaderValue>,
}

/// A resource, or why the request was refused.
pub type Answer = Result<Value, Refusal>;

impl Remote {
    /// The server whose FHIR endpoint is `url`, to be asked with a bearer token when there is one. Over https its certificate is signed by an authority
    /// that the system trusts, or one in `ca_file`. Nothing is sent yet.
    ///
    /// Fails when the address is none, or the file cannot be used.
    pub fn new(url: &str, token: Option<&str>, ca_file: &str) -> Result<Self, Failure> {
        let authorization = match token.map(|token| HeaderValue::try_from(format!("Bearer {token}"))) {
            None => None,
            Some(Ok(mut value)) => {
                value.set_sensitive(true);
                Some(value)
            }
            Some(Err(_)) => return Err(Failure::usage("--token has characters that no token has: give it as it was issued")),
        };
        Ok(Self { authorization, ..Self::at("--url", url, ca_file)? })
    }

    /// The registry of packages at `url`, the setting `package_registry`. Nothing is sent yet.
    ///
    /// Fails as [`Remote::new`] does.
    pub fn registry(url: &str, ca_file: &str) -> Result<Self, Failure> {
        Self::at("package_registry", url, ca_file)
    }

    fn at(given_by: &str, url: &str, ca_file: &str) -> Result<Self, Failure> {
        let address = Address::parse(given_by, url).map_err(Failure::usage)?;
        let connector = connector(address.is_tls(), ca_file).map_err(Failure::usage)?;
        Ok(Self { client: Client::builder(TokioExecutor::new()).build(connector), address, authorization: None })
    }

    /// The address of the FHIR endpoint, without a slash at its end.
    pub fn base_url(&self) -> &str {
        self.address.base_url()
    }

    /// Gets what is at a path below the endpoint, its query included, or behind a link that the server gave.
    ///
    /// Fails when the server cannot be reached, does not let the caller in, or breaks down.
    pub async fn get(&self, path: &str) -> Result<Answer, String> {
        let request = || Request::get(self.address.below(path)).body(Full::default());
        self.answer(request).await
    }

    /// Posts a Bundle to the endpoint. Fails as [`Remote::get`] does.
    pub async fn post(&self, bundle: Vec<u8>) -> Result<Answer, String> {
        let bundle = Bytes::from(bundle);
        let request = || {
            let request = Request::post(self.address.below(""));
            request.header(header::CONTENT_TYPE, FHIR_JSON).header("prefer", "return=minimal").body(Full::new(bundle.clone()))
        };
        self.answer(request).await
    }

    /// The bytes that are at a path below the endpoint, or behind a link that the server gave, at most `most` of them; `None` when there is nothing.
    ///
    /// Fails when the server cannot be reached, answers with another status than 200 or 404, or sends more.
    pub async fn download(&self, path: &str, most: usize) -> Result<Option<Bytes>, String> {
        let url = self.address.below(path);
        let exchange = async {
            let request = Request::get(&url).header(header::ACCEPT, "*/*").body(Full::default());
            let request = request.map_err(|error| format!("{url} cannot be asked for: {error}"))?;
            let response = self.client.request(request).await.map_err(|error| self.unreachable(&error))?;
            match response.status() {
                StatusCode::OK => {}
                StatusCode::NOT_FOUND => return Ok(None),
                status if status.is_redirection() => return Err(redirected(&url, &response)),
                status => return Err(format!("{url} answered {status}: is it a registry of packages?")),
            }
            let body = Limited::new(response.into_body(), most).collect().await;
            let body = body.map_err(|error| format!("the answer of {url} broke off, or has more than {most} bytes: {error}"))?;
            Ok(Some(body.to_bytes()))
        };
        let late = |_| format!("{url} did not answer within {} s", TIMEOUT.as_secs());
        tokio::time::timeout(TIMEOUT, exchange).await.map_err(late)?
    }

    async fn answer(&self, request: impl Fn() -> http::Result<Request<Full<Bytes>>>) -> Result<Answer, String> {
        let mut retries = 0;
        loop {
            let request = request().map_err(|error| format!("{} cannot be asked that: {error}", self.base_url()))?;
            let (method, response) = (request.method().clone(), self.send(request).await?);
            let status = response.status();
            if !matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) || retries == MAX_RETRIES {
                return self.judge(&method, &response);
            }
            tokio::time::sleep(pause(&response, retries)).await;
            retries += 1;
        }
    }

    async fn send(&self, mut request: Request<Full<Bytes>>) -> Result<Response<Bytes>, String> {
        let headers = request.headers_mut();
        headers.insert(header::ACCEPT, FHIR_JSON);
        headers.extend(self.authorization.clone().map(|value| (header::AUTHORIZATION, value)));
        let exchange = async {
            let (head, body) = self.client.request(request).await.map_err(|error| self.unreachable(&error))?.into_parts();
            let body = body.collect().await.map_err(|error| format!("the answer of {} broke off: {error}", self.base_url()))?;
            Ok(Response::from_parts(head, body.to_bytes()))
        };
        let late = |_| format!("{} did not answer within {} s", self.base_url(), TIMEOUT.as_secs());
        tokio::time::timeout(TIMEOUT, exchange).await.map_err(late)?
    }

    fn unreachable(&self, error: &hyper_util::client::legacy::Error) -> String {
        if let Some(fault) = fault(error) {
            return format!("{} cannot be trusted: {fault}", self.base_url());
        }
        let mut cause: &dyn std::error::Error = error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        let url = self.base_url();
        if error.is_connect() {
            return format!("{url} cannot be reached: {cause}: check the address, and that the server is running");
        }
        format!("the connection to {url} broke: {cause}")
    }

    /// A refusal of this one request is an answer; one of everything that could follow is a failure.
    fn judge(&self, method: &Method, response: &Response<Bytes>) -> Result<Answer, String> {
        let (status, body, url) = (response.status(), response.body(), self.base_url());
        if status.is_success() {
            let parsed = fhir::json::parse(body);
            return parsed.map(Ok).map_err(|error| format!("the answer of {url} is not JSON ({error}): is it a FHIR endpoint?"));
        }
        let refusal = Refusal::read(status, body);
        match status {
            StatusCode::UNAUTHORIZED => Err(format!("{url} wants to know who asks ({status}): give a valid token with --token")),
            StatusCode::FORBIDDEN if method == Method::POST => Err(format!("{url} does not allow this ({status}): {refusal}")),
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED if method == Method::POST => {
                Err(format!("{url} takes no transactions ({status}): {refusal}"))
            }
            _ if status.is_client_error() => Ok(Err(refusal)),
            _ => Err(format!("{url} failed ({status}): {refusal}")),
        }
    }
}

/// A redirection is not followed: what is asked goes to the server that was named, and to no other.
fn redirected<Body>(url: &str, response: &Response<Body>) -> String {
    let to = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or("nowhere");
    format!("{url} sends elsewhere, to {to}: if that is the registry, name its address with the setting package_registry")
}

/// How long to wait before the next try: what the server says, or else twice as long each time.
fn pause(response: &Response<Bytes>, retries: u32) -> Duration {
    let asked = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    asked.map_or(Duration::from_millis(100 << retries.min(10)), Duration::from_secs).min(LONGEST_PAUSE)
}
