//! Providers made, listed and removed.

use federation::provider::Protocol;
use federation::{FederationError, OutsideProvider, Purpose};
use identity::IdentityError;
use store::commit::Tenant;

use crate::house::{House, TENANT, begun, usual, welcoming};

#[tokio::test]
async fn a_provider_is_of_one_tenant() {
    let house = House::with(usual("city", "https://city.example")).await;
    house
        .federation
        .add(OutsideProvider { tenant: 2, name: "Other".into(), ..usual("city", "https://city.example") }, None)
        .await
        .expect("made");
    let again = house.federation.add(usual("city", "https://city.example"), None).await;
    assert_eq!(again, Err(IdentityError::Taken("slug".to_owned()).into()));
    assert_eq!(house.federation.offered(TENANT).await.expect("offered"), [("city".to_owned(), "City Hospital".to_owned())]);
    assert_eq!(house.federation.offered(Tenant(2)).await.expect("offered"), [("city".to_owned(), "Other".to_owned())]);
    assert_eq!(house.federation.remove(Tenant(3), "city").await, Err(FederationError::NoProvider));
}

#[tokio::test]
async fn one_that_is_removed_opens_nothing_also_when_another_has_its_name() {
    let house = House::with(welcoming("city", "https://city.example")).await;
    let eve = begun(house.go("city", "eve").await);
    let under_way = house.depart_to_sign_in("city").await;
    house.federation.remove(TENANT, "city").await.expect("removed");
    let sent = house.depart("city", Purpose::SignIn { next: "/".into() }).await.map(drop);
    assert_eq!(sent, Err(FederationError::NoProvider));
    assert!(house.identity.linked(&eve.user_id).await.expect("links").is_empty());
    house.federation.add(usual("city", "https://city.example"), None).await.expect("made");
    house.outside.signs_in("eve", &under_way.nonce);
    let late = house.arrive("city", &under_way, None, &[("state", &under_way.state), ("code", "c"), ("iss", "https://city.example")]).await;
    assert_eq!(late.map(drop), Err(FederationError::NotUnderWay));
    assert_eq!(house.go("city", "eve").await.map(drop), Err(IdentityError::NotLinked.into()));
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_the_field_is_named() {
    let house = House::new();
    let with = |change: &dyn Fn(&mut OutsideProvider)| {
        let mut provider = usual("city", "https://city.example");
        change(&mut provider);
        provider.check().err()
    };
    assert_eq!(with(&|_| {}), None);
    let issuer = |issuer: &'static str| {
        with(&move |provider| {
            let Protocol::OpenId(openid) = &mut provider.protocol else { panic!("OpenID") };
            openid.issuer = issuer.to_owned();
        })
    };
    for wrong in ["", "city.example", "ftp://city.example", "https://a@city.example", "https://city.example?a=b", "https://city.example/ x"]
    {
        assert!(matches!(issuer(wrong), Some(FederationError::BadProvider { field: "issuer", .. })), "{wrong}");
    }
    for wrong in ["", "City", "a/b", "a b", "..", &"a".repeat(33)] {
        let refused = with(&|provider| provider.slug = wrong.to_owned());
        assert!(matches!(refused, Some(FederationError::BadProvider { field: "slug", .. })), "{wrong}");
    }
    assert!(with(&|provider| provider.name = String::new()).is_some());
    assert!(with(&|provider| provider.tenant = 0).is_some());
    let no_openid = with(&|provider| {
        let Protocol::OpenId(openid) = &mut provider.protocol else { panic!("OpenID") };
        openid.scopes = "profile".to_owned();
    });
    assert!(matches!(no_openid, Some(FederationError::BadProvider { field: "scopes", .. })));
    assert!(house.federation.add(OutsideProvider { slug: "A".into(), ..usual("a", "https://a.example") }, None).await.is_err());
}
