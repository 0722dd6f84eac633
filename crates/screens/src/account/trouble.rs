//! What did not work, and what to do.

use axum::response::Response;
use federation::FederationError;
use http::{HeaderValue, StatusCode, header};
use identity::error::IdentityError;
use maud::html;
use oauth::refusal::Refusal;

use super::frame::Frame;

/// The status of an error, and what to tell.
pub(super) fn of(error: &IdentityError) -> (StatusCode, String) {
    let status = match error {
        IdentityError::SignInRefused
        | IdentityError::FactorRefused
        | IdentityError::NoMembership
        | IdentityError::RegistrationClosed
        | IdentityError::NotLinked
        | IdentityError::OneTenantOnly => StatusCode::FORBIDDEN,
        IdentityError::Wait { .. } | IdentityError::KeyLimit { .. } => StatusCode::TOO_MANY_REQUESTS,
        IdentityError::LinkSpent => StatusCode::GONE,
        IdentityError::NotSignedIn => StatusCode::UNAUTHORIZED,
        IdentityError::Busy | IdentityError::Raced => StatusCode::SERVICE_UNAVAILABLE,
        IdentityError::Directory(_) | IdentityError::NoRandomness | IdentityError::Unsealable | IdentityError::ListUnread => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let what = match error {
        // What a store says is for its log.
        IdentityError::Directory(_) => "the directory of accounts failed".to_owned(),
        error => error.to_string(),
    };
    (status, sentence(&what, error.remedy(), error.code()))
}

/// The status of an error about a provider outside, and what to tell.
pub(super) fn of_outside(error: &FederationError) -> (StatusCode, String) {
    let status = match error {
        FederationError::Identity(error) => return of(error),
        FederationError::NoProvider => StatusCode::NOT_FOUND,
        FederationError::ProviderFailed(_) => StatusCode::BAD_GATEWAY,
        FederationError::NotUnderWay | FederationError::OtherSession => StatusCode::CONFLICT,
        FederationError::BadProvider { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        FederationError::NotSignedInThere(_) | FederationError::BadAnswer(_) | FederationError::BadSignOut(_) => StatusCode::FORBIDDEN,
    };
    (status, sentence(&error.to_string(), error.remedy(), error.code()))
}

/// What is wrong, what to do, and the number.
fn sentence(what: &str, remedy: &str, code: u16) -> String {
    let mut letters = what.chars();
    let what: String = letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    format!("{what}. {remedy} (WARD-{code:04})")
}

/// A page that tells of an error, where there is no form to show it above.
pub(super) fn page(error: &IdentityError) -> Response {
    let (status, what) = of(error);
    told(status, "This did not work", &what)
}

/// A page that tells why an app cannot be helped.
pub(super) fn refused(refusal: &Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
    told(status, "The app's request cannot be answered", &format!("{} (WARD-{})", refusal.why, refusal.number()))
}

/// A page that tells something.
pub(super) fn told(status: StatusCode, title: &str, what: &str) -> Response {
    let mut response = Frame { status, ..Frame::new(title) }.page(html! { p { (what) } p { a href="/auth/sessions" { "Your account" } } });
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Session realm=\"ward\""));
    }
    response
}
