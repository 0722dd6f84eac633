//! Userinfo.

use crate::house::{House, error, text};

#[tokio::test]
async fn it_tells_of_the_user_what_the_scopes_ask_for() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (access, refresh) = house.tokens(&client).await;
    let reply = house.provider.userinfo(&house.site, &access).await;
    assert_eq!((reply.status, &*text(&reply, "sub")), (200, "ada"));
    assert_eq!(text(&reply, "fhirUser"), "https://ward.example/fhir/Practitioner/p-ada");
    assert_eq!(text(&reply, "name"), "");
    for token in [&*refresh, "ward_at_0", ""] {
        let reply = house.provider.userinfo(&house.site, token).await;
        assert_eq!((reply.status, &*error(&reply)), (401, "invalid_token"));
        assert!(reply.challenge.unwrap().starts_with("Bearer "));
    }
    let code = house.code(&client, &[("scope", "launch/patient patient/*.rs")]).await;
    let access = text(&house.redeem(&client, &code).await, "access_token");
    let reply = house.provider.userinfo(&house.site, &access).await;
    assert_eq!((reply.status, &*error(&reply)), (403, "insufficient_scope"));
}
