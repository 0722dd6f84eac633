//! `prompt`, `max_age` and clients that are approved beforehand: when somebody is asked, and when not.

use oauth::authorize::{SignedIn, Step};

use crate::house::{House, START, told};

#[tokio::test]
async fn nothing_is_shown_when_nothing_may_be() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let asked = house.begin(&client, &[("prompt", "none")]).await.unwrap();
    assert_eq!(told(asked.step(&house.site, None, START, START).unwrap_err()), "login_required");
    assert_eq!(told(asked.step(&house.site, Some(&house.ada), START, START).unwrap_err()), "consent_required");
    assert_eq!(told(house.grant(&asked, &house.ada).await.unwrap_err()), "consent_required");
}

#[tokio::test]
async fn for_who_is_approved_beforehand_only_the_patient_is_asked_for() {
    let house = House::new().await;
    let (client, _) = house.client(|client| client.preapproved = true).await;
    let asked = house.begin(&client, &[("prompt", "none")]).await.unwrap();
    assert_eq!(told(asked.step(&house.site, Some(&house.ada), START, START).unwrap_err()), "interaction_required");
    assert_eq!(asked.step(&house.site, Some(&house.pat), START, START), Ok(Step::Grant));
    let asked = house.begin(&client, &[("prompt", "consent")]).await.unwrap();
    assert_eq!(asked.step(&house.site, Some(&house.pat), START, START), Ok(Step::Ask { patient: false }));
}

#[tokio::test]
async fn an_old_sign_in_is_not_enough_where_a_new_one_is_asked_for() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let aged = house.begin(&client, &[("max_age", "60")]).await.unwrap();
    let step = |asked: &oauth::authorize::Asked, who: &SignedIn, began, now| asked.step(&house.site, Some(who), began, now);
    assert_eq!(step(&aged, &house.ada, START, START + 60_000), Ok(Step::Ask { patient: true }));
    assert_eq!(step(&aged, &house.ada, START, START + 60_001), Ok(Step::SignIn));
    for prompt in ["login", "select_account"] {
        let again = house.begin(&client, &[("prompt", prompt)]).await.unwrap();
        assert_eq!(step(&again, &house.ada, START + 1, START + 1), Ok(Step::SignIn));
        let after = SignedIn { at: START + 2, ..house.ada.clone() };
        assert_eq!(step(&again, &after, START + 1, START + 3), Ok(Step::Ask { patient: true }));
    }
    house.clock.move_seconds(120);
    assert_eq!(told(house.grant(&aged, &house.ada).await.unwrap_err()), "login_required");
}
