//! Who the client is: by a secret, by a signed assertion, or, for public ones, by its id alone (RFC 6749, section 2.3).

use aws_lc_rs::constant_time::verify_slices_are_equal;
use fhir::primitive::base64;
use identity::directory::Kept;
use identity::secret::Secret;

use crate::client::{Client, Proof};
use crate::params::{Params, decode};
use crate::provider::Provider;
use crate::refusal::{Fault, Refusal};
use crate::site::Site;

/// A request to an endpoint of clients: its form, and the header `Authorization` when there is one.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The parameters of the form.
    pub params: &'a Params,
    /// The header, as it came.
    pub authorization: Option<&'a str>,
}

impl Request<'_> {
    /// Whether the client does not even say who it is.
    pub(crate) fn is_anonymous(&self) -> bool {
        self.authorization.is_none()
            && ["client_id", "client_secret", "client_assertion"].iter().all(|name| self.params.get(name).is_none())
    }
}

/// What a client presents.
enum Presented<'a> {
    Nothing(&'a str),
    Secret(String, Secret),
    Assertion(Option<&'a str>, &'a str),
}

/// How clients can prove that they are it, as the documents of discovery name it.
pub const METHODS: [&str; 4] = ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"];

/// What `client_assertion_type` is.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

impl Provider {
    /// The client that asks, when it has proved that it is it, in the way that it is registered for.
    ///
    /// Fails with `invalid_client`, of which nobody learns whether there is such a client, and with `invalid_request` when it tries two ways at once.
    pub(crate) async fn client(&self, site: &Site, request: Request<'_>) -> Result<Kept<Client>, Refusal> {
        match presented(request)? {
            Presented::Nothing(id) => {
                let kept = self.known_client(site, id).await?.filter(|kept| kept.record.proof == Proof::Public);
                kept.ok_or_else(unknown)
            }
            Presented::Secret(id, secret) => {
                let kept = self.known_client(site, &id).await?;
                let hash = secret.fingerprint();
                let is_one = |known: &String| verify_slices_are_equal(known.as_bytes(), hash.as_bytes()).is_ok();
                kept.filter(|kept| matches!(&kept.record.proof, Proof::Secret { hashes } if hashes.iter().any(is_one))).ok_or_else(unknown)
            }
            Presented::Assertion(id, assertion) => self.asserted(site, id, assertion).await,
        }
    }

    /// A client of this tenant that may be used; `None` when there is none.
    pub(crate) async fn known_client(&self, site: &Site, id: &str) -> Result<Option<Kept<Client>>, Refusal> {
        let kept = self.directory.get::<Client>(id).await?;
        Ok(kept.filter(|kept| kept.record.active && kept.record.tenant == site.tenant.0))
    }
}

/// What is told of all that is wrong with a client.
pub(crate) fn unknown() -> Refusal {
    Refusal::new(Fault::InvalidClient, "The client is not known here, or did not prove that it is it in the way that it is registered for.")
}

fn presented<'a>(request: Request<'a>) -> Result<Presented<'a>, Refusal> {
    let params = request.params;
    let (id, secret, assertion) = (params.get("client_id"), params.get("client_secret"), params.get("client_assertion"));
    let ways = [request.authorization.is_some(), secret.is_some(), assertion.is_some()];
    if ways.into_iter().filter(|&is_there| is_there).count() > 1 {
        return Err(Refusal::new(
            Fault::InvalidRequest,
            "A client proves in one way that it is it: header, secret or assertion (RFC 6749, 2.3).",
        ));
    }
    if let Some(header) = request.authorization {
        let (name, secret) = basic(header).ok_or_else(unknown)?;
        if id.is_some_and(|id| id != name) {
            return Err(Refusal::new(Fault::InvalidRequest, "The header and 'client_id' name different clients."));
        }
        return Ok(Presented::Secret(name, secret));
    }
    if let Some(assertion) = assertion {
        if params.get("client_assertion_type") != Some(ASSERTION_TYPE) {
            return Err(Refusal::new(Fault::InvalidRequest, format!("The 'client_assertion_type' must be {ASSERTION_TYPE}.")));
        }
        return Ok(Presented::Assertion(id, assertion));
    }
    let id = id.ok_or_else(unknown)?;
    Ok(secret.map_or(Presented::Nothing(id), |secret| Presented::Secret(id.to_owned(), Secret::new(secret))))
}

/// Name and secret of `Basic …`, each encoded as in a form (RFC 6749, section 2.3.1).
fn basic(header: &str) -> Option<(String, Secret)> {
    let (scheme, rest) = header.split_once(' ')?;
    let bytes = base64::decode(rest.trim(), base64::PLAIN).filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(bytes).ok()?;
    let (name, secret) = text.split_once(':')?;
    Some((decode(name)?, Secret::new(decode(secret)?))).filter(|(name, secret)| !name.is_empty() && !secret.expose().is_empty())
}
