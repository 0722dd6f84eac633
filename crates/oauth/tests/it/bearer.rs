//! From an access token to who presents it: seen tokens, and what ends them at once.

use access::Strength;
use identity::user::Status;
use oauth::Fault;
use oauth::authorize::{Done, SignedIn};
use oauth::bearer::is_access_token;
use store::commit::Tenant;

use crate::house::{Endpoint, House, param, text};

#[tokio::test]
async fn it_says_who_and_what_for() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (access, refresh) = house.tokens(&client).await;
    let principal = house.provider.bearer(Tenant(1), &access).await.unwrap();
    assert_eq!(principal.tenant, Tenant(1));
    assert_eq!(principal.user.as_deref(), Some("ada"));
    assert_eq!(principal.client.as_deref(), Some(&*client));
    assert_eq!(principal.patient.as_deref(), Some("pat-1"));
    assert_eq!(principal.fhir_user.as_ref().unwrap().to_string(), "Practitioner/p-ada");
    assert_eq!(&*principal.roles[0].role, "physician");
    assert_eq!(principal.strength, Strength::One);
    assert_eq!(principal.scopes.as_ref().unwrap().to_string(), "patient/*.rs fhirUser launch/patient offline_access openid");
    assert!(is_access_token(&access) && !is_access_token(&refresh));
    let again = house.provider.bearer(Tenant(1), &access).await.unwrap();
    assert!(std::sync::Arc::ptr_eq(&principal, &again), "it is remembered");
}

#[tokio::test]
async fn what_is_none_is_refused() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (access, refresh) = house.tokens(&client).await;
    let code = house.code(&client, &[]).await;
    for token in ["", " ", "null", &refresh, &code, &access[..access.len() - 1], &format!("{access} "), &access.to_uppercase(), &client] {
        assert_eq!(house.provider.bearer(Tenant(1), token).await.unwrap_err().fault, Fault::InvalidToken, "{token}");
    }
    for _ in 0..2 {
        assert_eq!(house.provider.bearer(Tenant(2), &access).await.unwrap_err().fault, Fault::InvalidToken, "of another tenant");
        assert!(house.works(&access).await);
    }
    assert!(house.provider.bearer(Tenant(0), &access).await.is_err());
}

#[tokio::test]
async fn it_ends_when_its_time_is_over() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (access, _) = house.tokens(&client).await;
    house.clock.move_seconds(899);
    assert!(house.works(&access).await);
    house.clock.move_seconds(1);
    assert!(!house.works(&access).await);
}

#[tokio::test]
async fn a_token_that_was_seen_is_dead_as_soon_as_it_is_revoked() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (access, _) = house.tokens(&client).await;
    assert!(house.works(&access).await);
    assert_eq!(house.post(Endpoint::Revoke, &[("client_id", &client), ("token", &access)]).await.status, 200);
    assert!(!house.works(&access).await);
}

#[tokio::test]
async fn suspension_is_felt_at_once_and_so_are_roles() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (access, _) = house.tokens(&client).await;
    assert!(house.works(&access).await);
    house.change_user("ada", |user| user.memberships[0].roles.clear()).await;
    assert!(house.provider.bearer(Tenant(1), &access).await.unwrap().roles.is_empty());
    house.change_user("ada", |user| user.status = Status::Suspended).await;
    assert!(!house.works(&access).await);
    house.change_user("ada", |user| user.status = Status::Active).await;
    assert!(house.works(&access).await);
    house.change_user("ada", |user| user.memberships[0].tenant = 2).await;
    assert!(!house.works(&access).await);
}

#[tokio::test]
async fn a_client_that_is_switched_off_or_removed_takes_its_tokens_with_it() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (access, refresh) = house.tokens(&client).await;
    assert!(house.works(&access).await);
    let find = || async { house.provider.find_client(Tenant(1), &client).await.unwrap().unwrap() };
    let kept = find().await;
    let off = oauth::Client { active: false, ..kept.record.clone() };
    house.provider.change_client(&kept, &off).await.unwrap();
    assert!(!house.works(&access).await);
    assert_eq!(house.refresh(&client, &refresh).await.status, 401);
    house.provider.remove_client(&find().await).await.unwrap();
    assert!(!house.works(&access).await);
}

#[tokio::test]
async fn what_a_user_takes_back_ends() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (access, refresh) = house.tokens(&client).await;
    let given = house.provider.approvals(&house.site, "ada").await.unwrap();
    assert_eq!(given.len(), 1);
    assert_eq!((&*given[0].client, &*given[0].scope), (&*client, "openid fhirUser launch/patient offline_access patient/*.rs"));
    house.provider.take_back("pat", &given[0].id).await.unwrap();
    assert!(house.works(&access).await, "another's is not taken back");
    house.provider.take_back("ada", &given[0].id).await.unwrap();
    assert!(!house.works(&access).await);
    assert_eq!(house.refresh(&client, &refresh).await.status, 400);
    assert!(house.provider.approvals(&house.site, "ada").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_second_factor_counts_for_half_a_day() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let strong = SignedIn { strength: Strength::Two, ..house.ada.clone() };
    let asked = house.begin(&client, &[]).await.unwrap();
    let Ok(Done::Redirect(address)) = house.grant(&asked, &strong).await else { panic!() };
    let reply = house.redeem(&client, &param(&address, "code").unwrap()).await;
    let principal = house.provider.bearer(Tenant(1), &text(&reply, "access_token")).await.unwrap();
    assert_eq!(principal.strength, Strength::Two);
    house.clock.move_seconds(12 * 3600);
    let next = house.refresh(&client, &text(&reply, "refresh_token")).await;
    let principal = house.provider.bearer(Tenant(1), &text(&next, "access_token")).await.unwrap();
    assert_eq!(principal.strength, Strength::One);
}
