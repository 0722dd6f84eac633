//! Why a request was refused before or beside an interaction, and what the client is told.

use fhir::{Issue, IssueCode};
use http::HeaderName;
use http::header::WWW_AUTHENTICATE;
use interaction::{Error, Outcome};

use crate::codes;

/// Why a request failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// An interaction refused it.
    Interaction(Error),
    /// The body is not JSON: what is wrong, and where.
    MalformedJson(String),
    /// The body is not a resource in XML.
    MalformedXml(Vec<Issue>),
    /// There is no body.
    EmptyBody,
    /// The body is in a format that the server does not read.
    UnsupportedMediaType { wanted: &'static str },
    /// The body is in a format that no patch has.
    UnsupportedPatch,
    /// The body is no patch of its format.
    MalformedPatch(Vec<Issue>),
    /// The client wants a format that the server does not write.
    NotAcceptable,
    /// The body is too large.
    BodyTooLarge { max_bytes: usize },
    /// The body is compressed in a way that the server does not read.
    UnsupportedEncoding,
    /// The body does not decompress.
    BrokenEncoding,
    /// The body ended early.
    BodyCutOff,
    /// The body took too long.
    BodyTooSlow,
    /// More is under way than the server takes: of what.
    Overloaded { of: &'static str },
    /// Nothing is at this path.
    UnknownPath,
    /// The path has other methods.
    MethodNotAllowed,
    /// The address is too long.
    UrlTooLong { max_bytes: usize },
    /// The address is longer than HTTP reads.
    AddressTooLong,
    /// The head has more or longer headers than HTTP reads.
    HeadTooLarge,
    /// The head is not HTTP.
    MalformedHead,
    /// The interaction has no such parameter.
    UnknownParameter(&'static str),
    /// The query string is malformed.
    BadQuery(Vec<Issue>),
    /// The content of a Binary cannot be sent as it is.
    BrokenContent,
    /// A header is malformed: which, and what would be right.
    BadHeader(&'static str),
    /// A header has no meaning with this interaction: its name, and those of the headers that have one.
    HeaderWithoutMeaning { name: &'static str, known: Vec<&'static str> },
    /// Nobody is known to ask, and somebody has to be.
    NoCredential,
    /// What was brought to prove who asks is unknown, has ended or was revoked.
    InvalidCredential,
    /// There are several of it, or it is none of RFC 6750.
    MalformedCredential,
    /// It is good, and not for this.
    InsufficientCredential,
    /// It was asked too often: for what, and after how many seconds it may be asked again.
    Throttled { of: &'static str, retry_after_s: u32 },
    /// Another site made a browser send it.
    ForeignOrigin,
    /// It names no host, or several, or what can be none.
    BadHost,
    /// It names a host that is none of those of a server that asks nobody who they are.
    ForeignHost,
    /// It came in plain HTTP, where TLS is spoken.
    TlsWanted,
    /// Administration refused it.
    Administration(Box<administration::Refusal>),
    /// Its address leads to a tenant that is suspended.
    TenantSuspended,
    /// Its address leads to a tenant that is being deleted.
    TenantEnding,
    /// The server failed, by a fault of its own.
    Internal(String),
}

/// The formats of a patch, as the header Accept-Patch lists them (RFC 5789).
pub(crate) const ACCEPT_PATCH: (HeaderName, &str) = (
    HeaderName::from_static("accept-patch"),
    "application/json-patch+json, application/xml-patch+xml, application/merge-patch+json, application/fhir+json, application/fhir+xml",
);

const FORMATS: &str = "the answer can be application/fhir+json or application/fhir+xml, of FHIR 4.0: name one of them in Accept or _format";

fn patch_formats() -> String {
    format!("the Content-Type of a patch must be one of these, in UTF-8: {}", ACCEPT_PATCH.1)
}

fn without_meaning(name: &str, known: &[&str]) -> String {
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    format!("{name} has no meaning here, and is not passed over: leave it out; of such headers this takes {known}")
}

const SIGN_IN: &str =
    "nobody is known to ask: send a token as `Authorization: Bearer TOKEN`; /fhir/.well-known/smart-configuration says where to get one";
const SIGN_IN_AGAIN: &str = "the token or session is unknown, has ended or was revoked: get another, or sign in again";
const ONE_TOKEN: &str = "there must be one header Authorization, of the form `Bearer TOKEN`";
const NOT_FOR_THIS: &str = "the token or session is good, and not for this: ask for one of more scopes, or of this tenant";
const ONE_HOST: &str = "a request names its host once, in the header Host, and the same in its address if it stands there, too";
const OWN_HOSTS: &str = "this server asks nobody who they are, and answers by the names of this machine alone: write 127.0.0.1 or localhost, set base_url to the address \
                         by which it is to be reached, or set access to required";
const OWN_PAGES: &str = "this changes something, and was not sent from a page of this server: open the page here, and send its form again";

const SUSPENDED: &str = "this tenant is suspended: nothing of it is answered until whoever runs the server reactivates it";
const ENDING: &str = "this tenant is being deleted: nothing of it is answered any more";

/// After how many seconds a client that was turned away may come back.
const RETRY_AFTER_S: u32 = 1;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Interaction(error)
    }
}

impl Failure {
    /// What the client is told.
    pub(crate) fn outcome(self) -> Outcome {
        let (status, code, number, diagnostics): (_, _, _, String) = match self {
            Failure::Interaction(error) => return error.outcome(),
            Failure::Administration(refusal) => {
                let retry_after_s = (refusal.status == 503).then_some(RETRY_AFTER_S);
                return Outcome { status: refusal.status, issues: refusal.issues, retry_after_s };
            }
            Failure::MalformedXml(issues) | Failure::BadQuery(issues) | Failure::MalformedPatch(issues) => {
                return Outcome { status: 400, issues, retry_after_s: None };
            }
            Failure::MalformedJson(what) => {
                (400, IssueCode::Structure, codes::MALFORMED_JSON, format!("the body is not well-formed JSON: {what}"))
            }
            Failure::EmptyBody => (400, IssueCode::Required, codes::EMPTY_BODY, "the body is empty: send the resource in it".into()),
            Failure::UnsupportedMediaType { wanted } => (
                415,
                IssueCode::NotSupported,
                codes::UNSUPPORTED_MEDIA_TYPE,
                format!("the Content-Type must be {wanted}, in UTF-8 and of FHIR 4.0"),
            ),
            Failure::UnsupportedPatch => (415, IssueCode::NotSupported, codes::UNSUPPORTED_MEDIA_TYPE, patch_formats()),
            Failure::NotAcceptable => (406, IssueCode::NotSupported, codes::NOT_ACCEPTABLE, FORMATS.into()),
            Failure::BodyTooLarge { max_bytes } => (
                413,
                IssueCode::TooLong,
                codes::BODY_TOO_LARGE,
                format!("the body may have {max_bytes} bytes here, decompressed: split it"),
            ),
            Failure::UnsupportedEncoding => {
                (415, IssueCode::NotSupported, codes::UNSUPPORTED_ENCODING, "the Content-Encoding must be gzip or identity".into())
            }
            Failure::BrokenEncoding => {
                (400, IssueCode::Structure, codes::BROKEN_ENCODING, "the body is not the gzip that its Content-Encoding promises".into())
            }
            Failure::BodyCutOff => {
                (400, IssueCode::Incomplete, codes::BODY_CUT_OFF, "the body ended before it was complete: send it again".into())
            }
            Failure::BodyTooSlow => {
                (408, IssueCode::Timeout, codes::BODY_TOO_SLOW, "the body did not arrive in time: send it again".into())
            }
            Failure::Overloaded { of } => {
                let remedy = format!("more {of} are under way than the server takes: try again in a moment");
                let issue = Issue::error(codes::OVERLOADED, IssueCode::Throttled, "", remedy);
                return Outcome { status: 503, issues: vec![issue], retry_after_s: Some(RETRY_AFTER_S) };
            }
            Failure::Throttled { of, retry_after_s } => {
                let remedy =
                    format!("there were more {of} than are allowed: try again in {retry_after_s} s, and see the header RateLimit-Policy");
                let issue = Issue::error(codes::THROTTLED, IssueCode::Throttled, "", remedy);
                return Outcome { status: 429, issues: vec![issue], retry_after_s: Some(retry_after_s) };
            }
            Failure::NoCredential => (401, IssueCode::Login, codes::NO_CREDENTIAL, SIGN_IN.into()),
            Failure::InvalidCredential => (401, IssueCode::Login, codes::INVALID_CREDENTIAL, SIGN_IN_AGAIN.into()),
            Failure::MalformedCredential => (400, IssueCode::Login, codes::MALFORMED_CREDENTIAL, ONE_TOKEN.into()),
            Failure::InsufficientCredential => (403, IssueCode::Forbidden, codes::INSUFFICIENT_CREDENTIAL, NOT_FOR_THIS.into()),
            Failure::BadHost => (400, IssueCode::Structure, codes::BAD_HOST, ONE_HOST.into()),
            Failure::ForeignHost => (421, IssueCode::Security, codes::FOREIGN_HOST, OWN_HOSTS.into()),
            Failure::TlsWanted => {
                (400, IssueCode::Security, codes::TLS_WANTED, "this port speaks TLS: write the address with https://".into())
            }
            Failure::TenantSuspended => (503, IssueCode::Transient, codes::TENANT_SUSPENDED, SUSPENDED.into()),
            Failure::TenantEnding => (403, IssueCode::Forbidden, codes::TENANT_ENDING, ENDING.into()),
            Failure::ForeignOrigin => (403, IssueCode::Security, codes::FOREIGN_ORIGIN, OWN_PAGES.into()),
            Failure::UnknownPath => (
                404,
                IssueCode::NotFound,
                codes::UNKNOWN_PATH,
                "there is nothing at this path: FHIR is below /fhir, and /fhir/metadata says what it can do".into(),
            ),
            Failure::MethodNotAllowed => {
                (405, IssueCode::NotSupported, codes::METHOD_NOT_ALLOWED, "this path has other methods: the Allow header lists them".into())
            }
            Failure::UrlTooLong { max_bytes } => (
                414,
                IssueCode::TooLong,
                codes::URL_TOO_LONG,
                format!("the address may have {max_bytes} bytes: search with POST to _search instead"),
            ),
            Failure::AddressTooLong => {
                (414, IssueCode::TooLong, codes::URL_TOO_LONG, "the address is too long: search with POST to _search instead".into())
            }
            Failure::HeadTooLarge => (
                431,
                IssueCode::TooLong,
                codes::HEAD_TOO_LARGE,
                "the headers are more than 100, or too long together with the address: send fewer, or shorter ones".into(),
            ),
            Failure::MalformedHead => {
                (400, IssueCode::Structure, codes::MALFORMED_HEAD, "the head of the request is not HTTP/1.1 as RFC 9112 has it".into())
            }
            Failure::UnknownParameter(remedy) => (400, IssueCode::NotSupported, codes::UNKNOWN_PARAMETER, remedy.into()),
            Failure::BrokenContent => (
                422,
                IssueCode::Value,
                codes::BROKEN_CONTENT,
                "this Binary has no content that is base64: read the resource itself, with Accept: application/fhir+json".into(),
            ),
            Failure::BadHeader(remedy) => (400, IssueCode::Value, codes::BAD_HEADER, remedy.into()),
            Failure::HeaderWithoutMeaning { name, known } => {
                (400, IssueCode::NotSupported, codes::HEADER_WITHOUT_MEANING, without_meaning(name, &known))
            }
            Failure::Internal(_) => {
                (500, IssueCode::Exception, codes::INTERNAL, "the server failed: its log says why, under this request's id".into())
            }
        };
        Outcome { status, issues: vec![Issue::error(number, code, "", diagnostics)], retry_after_s: None }
    }

    /// A header that tells the client more.
    pub(crate) fn header(&self) -> Option<(HeaderName, &'static str)> {
        match self {
            Failure::UnsupportedPatch => Some(ACCEPT_PATCH),
            Failure::NoCredential => Some((WWW_AUTHENTICATE, r#"Bearer realm="ward""#)),
            Failure::InvalidCredential => Some((WWW_AUTHENTICATE, r#"Bearer realm="ward", error="invalid_token""#)),
            Failure::MalformedCredential => Some((WWW_AUTHENTICATE, r#"Bearer realm="ward", error="invalid_request""#)),
            Failure::InsufficientCredential => Some((WWW_AUTHENTICATE, r#"Bearer realm="ward", error="insufficient_scope""#)),
            _ => None,
        }
    }

    /// What the log should say and the client is not told.
    pub(crate) fn detail(&self) -> Option<&str> {
        match self {
            Failure::Interaction(error) => error.detail(),
            Failure::Internal(detail) => Some(detail),
            _ => None,
        }
    }
}
