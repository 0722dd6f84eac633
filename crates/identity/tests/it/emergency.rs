//! Breaking the glass: a reason, a second factor, an end; and a review by somebody else.

use std::sync::Arc;

use access::BreakGlass;
use identity::chronicle::Did;
use identity::emergency::Asked;
use identity::factor::Proof;
use identity::sign_in::Begun;
use identity::{Authenticator, IdentityError, Membership, Secret};
use store::commit::Tenant;

use crate::factor::{halfway, totp, with_app};
use crate::house::{HOUR, House, MINUTE, PASSWORD, TENANT};

const REASON: &str = "unconscious, no kin to ask";

fn asked(reason: &str) -> Asked<'_> {
    Asked { tenant: TENANT, patient: "p1", reason }
}

/// Somebody with an authenticator app, signed in; and the secret of the app.
async fn signed_in(house: &House) -> (Begun, Secret) {
    let (secret, _) = with_app(house).await;
    let half = halfway(house).await;
    let begun = house.identity.second_factor(&half, &totp(house, &secret, 0)).await.unwrap();
    house.pass(MINUTE);
    house.deeds();
    (begun, secret)
}

async fn glass(sessions: &Authenticator, token: &Secret) -> Option<BreakGlass> {
    sessions.session(token.expose(), TENANT).await.unwrap().break_glass.clone()
}

#[tokio::test]
async fn it_takes_a_reason_and_a_code_and_ends_by_itself() {
    let house = House::new();
    let (begun, secret) = signed_in(&house).await;
    let sessions = Authenticator::new(house.identity.clone(), 100);
    assert_eq!(glass(&sessions, &begun.token).await, None);
    let short = house.identity.break_glass(&begun.token, &totp(&house, &secret, 0), &asked("  urgent ")).await;
    assert!(matches!(short, Err(IdentityError::Invalid { field: "reason", .. })), "{short:?}");
    let wrong = house.identity.break_glass(&begun.token, &Proof::Totp(Secret::new("000000")), &asked(REASON)).await;
    assert_eq!(wrong.err(), Some(IdentityError::FactorRefused));
    assert_eq!(glass(&sessions, &begun.token).await, None);
    house.deeds();
    let broken = house.identity.break_glass(&begun.token, &totp(&house, &secret, 0), &asked(REASON)).await.unwrap();
    assert_eq!(house.identity.session(&begun.token).await.err(), Some(IdentityError::NotSignedIn), "under a new token");
    let until = house.identity.now() + HOUR;
    let expected = BreakGlass { reason: REASON.into(), patient: "p1".into(), until };
    assert_eq!(glass(&sessions, &broken.token).await, Some(expected.clone()));
    let deeds = house.deeds();
    assert_eq!(deeds.iter().map(|deed| deed.did).collect::<Vec<_>>(), [Did::StepUp, Did::BreakGlass]);
    assert_eq!(deeds[1].who[0].break_glass, Some(expected));
    for _ in 0..5 {
        house.pass(10 * MINUTE);
        assert!(glass(&sessions, &broken.token).await.is_some());
    }
    house.pass(10 * MINUTE);
    assert_eq!(glass(&sessions, &broken.token).await, None, "the hour is over");
}

#[tokio::test]
async fn whoever_has_no_second_factor_breaks_nothing() {
    let house = House::new();
    house.set_up().await;
    let begun = house.sign_in("root", PASSWORD).await;
    let refused = house.identity.break_glass(&begun.token, &Proof::Totp(Secret::new("123456")), &asked(REASON)).await;
    assert_eq!(refused.err(), Some(IdentityError::FactorRefused));
}

#[tokio::test]
async fn it_is_given_back_and_ends_with_the_session() {
    let house = House::new();
    let (begun, secret) = signed_in(&house).await;
    let sessions = Authenticator::new(house.identity.clone(), 100);
    let broken = house.identity.break_glass(&begun.token, &totp(&house, &secret, 0), &asked(REASON)).await.unwrap();
    assert!(glass(&sessions, &broken.token).await.is_some());
    house.identity.mend_glass(&broken.token).await.unwrap();
    assert_eq!(glass(&sessions, &broken.token).await, None, "at once");
    let uses = house.identity.emergency_uses(TENANT, true, 10).await.unwrap();
    assert_eq!(uses.iter().map(|kept| kept.record.ended).collect::<Vec<_>>(), [Some(house.identity.now())]);
    house.pass(MINUTE);
    let again = house.identity.break_glass(&broken.token, &totp(&house, &secret, 0), &asked(REASON)).await.unwrap();
    house.deeds();
    house.identity.sign_out(&again.token).await.unwrap();
    assert_eq!(house.deeds().iter().map(|deed| deed.did).collect::<Vec<_>>(), [Did::SignOut, Did::BreakGlassEnd]);
    assert_eq!(house.identity.emergency(&again.session).await.unwrap(), None);
}

#[tokio::test]
async fn a_second_use_ends_the_first_and_another_house_sees_none() {
    let house = House::new();
    let (begun, secret) = signed_in(&house).await;
    let id = begun.user_id.clone();
    let elsewhere = Membership::with_role(Tenant(2), "physician");
    house.identity.set_membership(&id, elsewhere).await.unwrap();
    let first = house.identity.break_glass(&begun.token, &totp(&house, &secret, 0), &asked(REASON)).await.unwrap();
    house.pass(MINUTE);
    let second = Asked { patient: "p2", ..asked(REASON) };
    let second = house.identity.break_glass(&first.token, &totp(&house, &secret, 0), &second).await.unwrap();
    let sessions = Authenticator::new(house.identity.clone(), 100);
    assert_eq!(glass(&sessions, &second.token).await.unwrap().patient.as_ref(), "p2");
    assert_eq!(sessions.session(second.token.expose(), Tenant(2)).await.unwrap().break_glass, None);
    let uses = house.identity.emergency_uses(TENANT, false, 10).await.unwrap();
    let mut ended: Vec<_> = uses.iter().map(|kept| (kept.record.patient.as_str(), kept.record.ended.is_some())).collect();
    ended.sort_unstable();
    assert_eq!(ended, [("p1", true), ("p2", false)]);
    assert!(house.identity.emergency_uses(Tenant(2), false, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_use_is_reviewed_once_and_by_somebody_else() {
    let house = Arc::new(House::new());
    let (begun, secret) = signed_in(&house).await;
    let broken = house.identity.break_glass(&begun.token, &totp(&house, &secret, 0), &asked(REASON)).await.unwrap();
    let used = house.identity.emergency_uses(TENANT, true, 10).await.unwrap().remove(0);
    let verdict = (true, "the patient was brought in alone");
    let own = house.identity.review_emergency(&broken.token, TENANT, &used.id, verdict).await;
    assert!(matches!(own, Err(IdentityError::WrongState(_))), "{own:?}");
    let other = identity::accounts::Invitation {
        login: "eve".into(),
        name: "Eve Auditor".into(),
        email: None,
        locale: None,
        memberships: vec![Membership::with_role(TENANT, "auditor")],
    };
    let (_, link) = house.identity.invite(other).await.unwrap();
    house.identity.accept_invitation(&link, &Secret::new(PASSWORD)).await.unwrap();
    let eve = house.sign_in("eve", PASSWORD).await;
    let elsewhere = house.identity.review_emergency(&eve.token, Tenant(2), &used.id, verdict).await;
    assert!(matches!(elsewhere, Err(IdentityError::Unknown(_))));
    let reviewed = house.identity.review_emergency(&eve.token, TENANT, &used.id, verdict).await.unwrap();
    assert_eq!(reviewed.review.map(|review| (review.name, review.is_justified)), Some(("Eve Auditor".to_owned(), true)));
    assert!(house.identity.emergency_uses(TENANT, true, 10).await.unwrap().is_empty());
    assert_eq!(house.identity.emergency_uses(TENANT, false, 10).await.unwrap().len(), 1);
    let twice = house.identity.review_emergency(&eve.token, TENANT, &used.id, verdict).await;
    assert!(matches!(twice, Err(IdentityError::WrongState(_))), "{twice:?}");
}
