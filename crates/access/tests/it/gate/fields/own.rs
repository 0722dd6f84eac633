//! References by which a write names nobody but the user.

use std::sync::Arc;

use access::{Fields, Grant, Principal};
use store::Store;
use store::commit::{Commit, CommitError};

use crate::gate::world::{World, commit, everything, key, kind, principal};

const OWN: &str = "Practitioner/1";

/// Everything, but that observations are signed by whoever writes them.
fn signing() -> Grant {
    let mut grant = everything().with_fields(kind("Observation"), Fields { own: vec!["performer".into()], ..Fields::default() });
    grant.principal = Arc::new(Principal { fhir_user: Some(key(OWN)), ..(*principal()).clone() });
    grant
}

fn observation(id: &str, status: &str, performers: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","id":"{id}","status":"{status}","code":{{"text":"c"}},"subject":{{"reference":"Patient/1"}},"performer":[{performers}]}}"#
    )
}

#[tokio::test]
async fn name_the_user_and_nothing_beside() {
    let world = World::hospital().await;
    let gate = world.gate(signing());
    for (performer, is_taken) in [
        (format!(r#"{{"reference":"{OWN}"}}"#), true),
        (format!(r#"{{"reference":"{OWN}","type":"Practitioner"}}"#), true),
        (format!(r#"{{"reference":"{OWN}","display":"Another"}}"#), false),
        (format!(r#"{{"reference":"{OWN}","identifier":{{"value":"1"}}}}"#), false),
        (format!(r#"{{"reference":"{OWN}"}},{{"reference":"Practitioner/other"}}"#), false),
        (format!(r#"{{"reference":"https://elsewhere.example/{OWN}"}}"#), false),
        (r#"{"display":"Another"}"#.to_owned(), false),
        (format!(r#"{{"reference":"{OWN}0"}}"#), false),
    ] {
        let put = vec![world.ready(&observation("signed", "final", &performer))];
        let written = gate.commit(Commit { put, ..commit() }).await;
        let is_refused = matches!(&written, Err(CommitError::Forbidden(why)) if why.contains("performer"));
        assert_eq!((written.is_ok(), is_refused), (is_taken, !is_taken), "{performer}: {written:?}");
    }
}

#[tokio::test]
async fn stay_as_they_were_with_a_change_of_something_else() {
    let world = World::hospital().await;
    let others = r#"{"reference":"Practitioner/other"}"#;
    let before = world.ready(&observation("theirs", "preliminary", others));
    world.gate(everything()).commit(Commit { put: vec![before], ..commit() }).await.expect("it is written");
    let gate = world.gate(signing());
    let same = world.ready(&observation("theirs", "final", others));
    gate.commit(Commit { put: vec![same], ..commit() }).await.expect("who signed it stays");
    let more = world.ready(&observation("theirs", "final", &format!("{others},{others}")));
    assert!(matches!(gate.commit(Commit { put: vec![more], ..commit() }).await, Err(CommitError::Forbidden(_))));
}
