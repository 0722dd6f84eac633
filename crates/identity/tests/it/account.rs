//! What happens to an account that is there: profile, parts in tenants, suspension, end; and how it is found.

use identity::accounts::{Invitation, Profile, Which};
use identity::api_key::{KeysOf, NewApiKey};
use identity::{IdentityError, Membership, Secret, Status};
use store::commit::Tenant;

use crate::house::{House, PASSWORD, TENANT};

async fn with(house: &House, login: &str, tenant: Tenant) -> String {
    let memberships = vec![Membership::with_role(tenant, "nurse")];
    let asked = Invitation { login: login.into(), name: format!("The {login}"), email: None, locale: None, memberships };
    let (id, token) = house.identity.invite(asked).await.unwrap();
    house.identity.accept_invitation(&token, &Secret::new(PASSWORD)).await.unwrap();
    id
}

#[tokio::test]
async fn a_profile_changes_where_something_is_said() {
    let house = House::new();
    let id = house.set_up().await;
    let user = house
        .identity
        .change_profile(&id, Profile { phone: Some("+41 44 123 45 67"), locale: Some("de-CH"), ..Profile::default() })
        .await
        .unwrap();
    assert_eq!((&*user.name, user.phone.as_deref(), user.locale.as_deref()), ("Ada Lovelace", Some("+41 44 123 45 67"), Some("de-CH")));
    let user = house.identity.change_profile(&id, Profile { name: Some(" Ada King "), phone: Some(""), locale: None }).await.unwrap();
    assert_eq!((&*user.name, user.phone.as_deref(), user.locale.as_deref()), ("Ada King", None, Some("de-CH")));
    let wrong = house.identity.change_profile(&id, Profile { phone: Some("call me"), ..Profile::default() }).await;
    assert!(matches!(wrong, Err(IdentityError::Invalid { field: "phone", .. })));
    assert_eq!(house.identity.change_profile("u-0", Profile::default()).await, Err(IdentityError::Unknown("account")));
}

#[tokio::test]
async fn accounts_are_found_by_tenant_words_and_status() {
    let house = House::new();
    house.set_up().await;
    let (grace, _) = (with(&house, "grace", TENANT).await, with(&house, "mary", Tenant(2)).await);
    let logins = async |which: Which<'_>| -> Vec<String> {
        house.identity.users(which).await.unwrap().into_iter().map(|found| found.user.login).collect()
    };
    assert_eq!(logins(Which::default()).await, ["mary", "grace", "root"]);
    assert_eq!(logins(Which { tenant: Some(TENANT), ..Which::default() }).await, ["grace", "root"]);
    assert_eq!(logins(Which { text: Some("ADA"), ..Which::default() }).await, ["root"]);
    house.identity.delete_user(&grace).await.unwrap();
    assert_eq!(logins(Which { tenant: Some(TENANT), ..Which::default() }).await, ["root"]);
    assert_eq!(logins(Which { status: Some(Status::Deleted), ..Which::default() }).await, ["grace"]);
    assert_eq!(house.identity.find_user("GRACE").await.unwrap().unwrap().id, grace);
}

#[tokio::test]
async fn who_is_suspended_is_out_until_they_are_active_again() {
    let house = House::new();
    let id = with(&house, "grace", TENANT).await;
    let begun = house.sign_in("grace", PASSWORD).await;
    house.identity.suspend(&id).await.unwrap();
    assert_eq!(house.identity.suspend(&id).await, Err(IdentityError::WrongState("active")));
    assert_eq!(house.identity.session(&begun.token).await.err(), Some(IdentityError::NotSignedIn));
    assert_eq!(house.try_sign_in("grace", PASSWORD).await.err(), Some(IdentityError::SignInRefused));
    house.identity.reactivate(&id).await.unwrap();
    assert_eq!(house.identity.session(&begun.token).await.err(), Some(IdentityError::NotSignedIn), "sessions do not come back");
    house.sign_in("grace", PASSWORD).await;
}

#[tokio::test]
async fn who_is_deleted_leaves_a_name_and_nothing_that_opens() {
    let house = House::new();
    let id = with(&house, "grace", TENANT).await;
    house.identity.ask_for_verification(&id, "grace@example.org").await.unwrap();
    house.identity.verify_email(&house.posted_token()).await.unwrap();
    let begun = house.sign_in("grace", PASSWORD).await;
    let key =
        NewApiKey { name: "k".into(), user: Some(id.clone()), tenant: TENANT, part: None, scopes: None, each_minute: None, until: None };
    house.identity.make_api_key(key).await.unwrap();
    house.identity.delete_user(&id).await.unwrap();
    let user = house.identity.user(&id).await.unwrap().unwrap();
    assert_eq!((user.status, &*user.name, user.email, user.memberships.len()), (Status::Deleted, "The grace", None, 0));
    assert_eq!(house.identity.session(&begun.token).await.err(), Some(IdentityError::NotSignedIn));
    assert_eq!(house.try_sign_in("grace", PASSWORD).await.err(), Some(IdentityError::SignInRefused));
    assert!(house.identity.api_keys(KeysOf::User(&id)).await.unwrap().is_empty());
    let again = Invitation { login: "grace".into(), name: "Another".into(), email: None, locale: None, memberships: Vec::new() };
    assert_eq!(house.identity.invite(again).await.err(), Some(IdentityError::Taken("login".into())), "a login is never somebody else's");
    let other = with(&house, "mary", TENANT).await;
    house.identity.ask_for_verification(&other, "grace@example.org").await.unwrap();
    assert_eq!(house.identity.verify_email(&house.posted_token()).await, Ok(other), "an address may be");
}

#[test]
fn a_role_whose_place_cannot_be_understood_holds_nowhere() {
    let mut part = Membership::with_role(TENANT, "nurse");
    part.roles[0].facility = Some("Organization/3".into());
    assert_eq!(part.assignments()[0].facility.as_ref().unwrap().to_string(), "Organization/3");
    part.roles[0].facility = Some("somewhere".into());
    assert!(part.assignments().is_empty());
}

#[tokio::test]
async fn accounts_are_looked_for_beyond_the_first_page() {
    let house = House::new();
    house.set_up().await;
    for number in 0..520 {
        let login = format!("nurse-{number:04}");
        let asked =
            Invitation { name: login.clone(), login, email: None, locale: None, memberships: vec![Membership::with_role(TENANT, "nurse")] };
        house.identity.invite(asked).await.unwrap();
    }
    let found = house.identity.users(Which { text: Some("ada"), tenant: Some(TENANT), ..Which::default() }).await.unwrap();
    assert_eq!(found.len(), 1, "the oldest of all");
    assert_eq!(house.identity.users(Which { text: Some("-000"), ..Which::default() }).await.unwrap().len(), 10);
}
