//! Errors as outcomes.

use fhir::definitions::ResourceType;
use interaction::Error;
use store::commit::{CommitError, Conflict, Key};
use store::contract::ReadError;

#[test]
fn every_error_is_told_with_a_remedy_and_without_secrets() {
    let key = || Key::new(ResourceType::parse("Patient").expect("a type"), "p1");
    for (error, status, number) in [
        (Error::NotFound(key()), 404, 400),
        (Error::NoSuchVersion { key: key(), version: 3 }, 404, 401),
        (Error::Deleted { key: key(), version: 3 }, 410, 402),
        (Error::BadId, 400, 404),
        (Error::VersionMismatch { key: key(), found: 0 }, 412, 408),
        (Error::LostRace, 409, 409),
        (Error::Contended, 409, 438),
        (CommitError::Full.into(), 507, 418),
        (CommitError::Forbidden("no rule lets a nurse delete a Patient".into()).into(), 403, 1300),
        (CommitError::Busy.into(), 503, 419),
        (ReadError::Closed.into(), 503, 420),
        (ReadError::Engine("secret".into()).into(), 500, 421),
        (CommitError::from(Conflict::Claimed { subject: "secret".into(), holder: "secret".into() }).into(), 422, 423),
        (CommitError::from(Conflict::Exists(key())).into(), 412, 410),
        (CommitError::from(Conflict::Twice(key())).into(), 409, 409),
    ] {
        let told = format!("{error:?}");
        let outcome = error.outcome();
        assert_eq!((outcome.status, outcome.issues.len(), outcome.issues[0].number), (status, 1, number), "{told}");
        assert!(outcome.issues[0].diagnostics.len() > 20 && !outcome.issues[0].diagnostics.contains("secret"), "{told}");
        assert_eq!(outcome.retry_after_s.is_some(), status == 503, "{told}");
    }
}
