//! What is no resource is the server's own.

use store::Store;
use store::commit::CommitError;
use store::contract::ReadError;

use super::world::{START, TENANT, World, everything};

#[tokio::test]
async fn nobody_with_a_grant_is_told_what_is_no_resource() {
    let world = World::hospital().await;
    let gate = world.gate(everything());
    assert!(matches!(gate.claims(TENANT, "Practitioner/doc", START).await, Err(ReadError::Forbidden(_))));
    assert!(matches!(gate.balance(TENANT, "money", "Account/1").await, Err(ReadError::Forbidden(_))));
    assert!(matches!(gate.next_number(TENANT, "mrn").await, Err(ReadError::Forbidden(_))));
    assert!(matches!(gate.cursor(TENANT, "feed").await, Err(ReadError::Forbidden(_))));
    assert!(matches!(gate.take_jobs(TENANT, "mail", START, START, 1).await, Err(CommitError::Forbidden(_))));
}

#[tokio::test]
async fn how_much_others_write_is_not_told() {
    let world = World::hospital().await;
    let before = *world.gate(everything()).watch().borrow();
    world.delete("Patient/2").await;
    assert_eq!(*world.gate(everything()).watch().borrow(), before);
}
