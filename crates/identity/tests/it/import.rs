//! Accounts from elsewhere, as SCIM writes them.

use identity::import::{Import, Imported};
use identity::{IdentityError, Secret, Status};
use serde_json::{Value, json};
use store::commit::Tenant;

use crate::house::{House, PASSWORD, TENANT};

const HOW: Import = Import { tenant: TENANT, trust_addresses: true };

fn account() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
        "userName": "Bjensen@example.com",
        "externalId": "701984",
        "name": { "formatted": "Ms. Barbara J Jensen, III", "familyName": "Jensen", "givenName": "Barbara" },
        "displayName": "Babs Jensen",
        "emails": [{ "value": "babs@jensen.org", "type": "home" }, { "value": "bjensen@example.com", "type": "work", "primary": true }],
        "phoneNumbers": [{ "value": "tel:+1-201-555-0123" }],
        "preferredLanguage": "en-US",
        "roles": [{ "value": "physician" }, "nurse"],
        "fhirUser": "Practitioner/12",
        "active": true,
        "nickName": "Babs",
        "title": "Tour Guide",
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut account = account();
    account[name] = value;
    account
}

#[tokio::test]
async fn an_account_comes_over_with_what_is_understood_and_names_the_rest() {
    let house = House::new();
    let hash = bcrypt::hash(PASSWORD, 4).unwrap();
    let Imported { id, created, passed_over } = house.identity.import(&with("password", json!(hash)), HOW).await.unwrap();
    assert_eq!((created, passed_over), (true, vec!["nickName".to_owned(), "title".to_owned()]));
    let user = house.identity.user(&id).await.unwrap().unwrap();
    assert_eq!((&*user.login, &*user.name, user.verified_email()), ("bjensen@example.com", "Babs Jensen", Some("bjensen@example.com")));
    assert_eq!(
        (user.phone.as_deref(), user.locale.as_deref(), user.external_id.as_deref()),
        (Some("+1-201-555-0123"), Some("en-US"), Some("701984"))
    );
    let part = user.membership(TENANT).unwrap();
    let roles: Vec<_> = part.roles.iter().map(|role| &*role.role).collect();
    assert_eq!((roles, part.fhir_user.as_deref()), (vec!["physician", "nurse"], Some("Practitioner/12")));
    house.sign_in("BJensen@example.com", PASSWORD).await;
    let kept = house.identity.directory().get::<identity::credentials::Credentials>(&format!("c-{id}")).await.unwrap().unwrap();
    assert!(kept.record.password.unwrap().starts_with("$argon2id$"), "the hash of bcrypt is replaced at the sign-in");
    house.sign_in("bjensen@example.com", PASSWORD).await;
}

#[tokio::test]
async fn the_same_account_again_is_changed_and_keeps_its_other_tenants() {
    let house = House::new();
    let first = house.identity.import(&with("password", json!(PASSWORD)), HOW).await.unwrap();
    house.identity.import(&account(), Import { tenant: Tenant(2), trust_addresses: false }).await.unwrap();
    let begun = house.sign_in("bjensen@example.com", PASSWORD).await;
    let again = house.identity.import(&with("displayName", json!("Barbara Jensen")), HOW).await.unwrap();
    assert_eq!((again.id, again.created), (first.id.clone(), false));
    let user = house.identity.user(&first.id).await.unwrap().unwrap();
    assert_eq!((&*user.name, user.memberships.len(), user.verified_email().is_some()), ("Barbara Jensen", 2, true));
    assert!(house.identity.session(&begun.token).await.is_ok(), "what stays the same signs nobody out");
    house.identity.import(&with("active", json!(false)), HOW).await.unwrap();
    assert_eq!(house.identity.session(&begun.token).await.err(), Some(IdentityError::NotSignedIn));
    assert_eq!(house.identity.user(&first.id).await.unwrap().unwrap().status, Status::Suspended);
    house.identity.delete_user(&first.id).await.unwrap();
    assert_eq!(house.identity.import(&account(), HOW).await, Err(IdentityError::WrongState("one that is not deleted")));
}

#[tokio::test]
async fn another_password_ends_the_sessions_of_the_one_before() {
    let house = House::new();
    house.identity.import(&with("password", json!(PASSWORD)), HOW).await.unwrap();
    let begun = house.sign_in("bjensen@example.com", PASSWORD).await;
    house.identity.import(&with("password", json!("seven-lanterns-at-dusk")), HOW).await.unwrap();
    assert_eq!(house.identity.session(&begun.token).await.err(), Some(IdentityError::NotSignedIn));
    house.sign_in("bjensen@example.com", "seven-lanterns-at-dusk").await;
}

#[tokio::test]
async fn without_a_password_the_account_waits_for_an_invitation() {
    let house = House::new();
    let id = house.identity.import(&account(), HOW).await.unwrap().id;
    assert_eq!(house.identity.user(&id).await.unwrap().unwrap().status, Status::Invited);
    let token = house.identity.invite_again(&id).await.unwrap();
    assert_eq!(house.letters()[0].to, "bjensen@example.com");
    house.identity.accept_invitation(&token, &Secret::new(PASSWORD)).await.unwrap();
    house.sign_in("bjensen@example.com", PASSWORD).await;
}

#[tokio::test]
async fn what_cannot_be_understood_is_refused_by_name() {
    let house = House::new();
    let wrong = [
        ("schemas", json!(["urn:ietf:params:scim:schemas:core:2.0:Group"])),
        ("userName", json!(7)),
        ("active", json!("yes")),
        ("emails", json!("babs@jensen.org")),
        ("roles", json!([{ "display": "x" }])),
    ];
    for (name, value) in wrong {
        match house.identity.import(&with(name, value), HOW).await {
            Err(IdentityError::Invalid { field, .. }) => assert_eq!(field, name),
            other => panic!("{name}: {other:?}"),
        }
    }
    let weak = house.identity.import(&with("password", json!("password")), HOW).await;
    assert!(matches!(weak, Err(IdentityError::WeakPassword(_))));
    // Something that looks like a hash and is too dear is a password in clear, and none that anybody may have.
    let dear = house.identity.import(&with("password", json!("$2b$31$abcdefghijklmnopqrstuuMQ0pDL2AbhDkPJy3YtQdH4lF4SGKFSi")), HOW).await;
    assert!(matches!(dear, Err(IdentityError::Invalid { field: "password", .. })), "{dear:?}");
    assert!(house.identity.import(&json!([]), HOW).await.is_err());
    assert!(house.identity.users(Default::default()).await.unwrap().is_empty());
}
