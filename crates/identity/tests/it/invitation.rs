//! Invitations and registrations: whoever answers the letter has the account, once.

use identity::accounts::{Invitation, Registration};
use identity::outbox::About;
use identity::{IdentityError, Membership, Secret, Settings, Status};

use crate::house::{HOUR, House, PASSWORD, TENANT, cheap};

fn invitation() -> Invitation {
    Invitation {
        login: "grace".into(),
        name: "Grace Hopper".into(),
        email: Some("Grace@Example.org".into()),
        locale: Some("en".into()),
        memberships: vec![Membership::with_role(TENANT, "physician")],
    }
}

#[tokio::test]
async fn an_invitation_is_accepted_once_and_verifies_the_address() {
    let house = House::new();
    let (id, _) = house.identity.invite(invitation()).await.unwrap();
    let letters = house.letters();
    assert_eq!((letters[0].to.as_str(), letters[0].about, letters.len()), ("grace@example.org", About::Invitation, 1));
    let token = letters[0].token.clone().unwrap();
    assert_eq!(house.identity.invited(&token).await.unwrap().name, "Grace Hopper");
    assert_eq!(house.try_sign_in("grace", "").await.err(), Some(IdentityError::SignInRefused), "not before it is accepted");
    assert_eq!(house.identity.accept_invitation(&token, &Secret::new(PASSWORD)).await, Ok(id.clone()));
    assert_eq!(house.identity.accept_invitation(&token, &Secret::new(PASSWORD)).await, Err(IdentityError::LinkSpent));
    let user = house.sign_in("grace@example.org", PASSWORD).await.user;
    assert_eq!((user.status, user.verified_email()), (Status::Active, Some("grace@example.org")));
    assert_eq!(house.identity.invite_again(&id).await, Err(IdentityError::WrongState("one that waits for its owner")));
}

#[tokio::test]
async fn another_letter_ends_the_first_and_a_week_ends_it() {
    let house = House::new();
    let (id, first) = house.identity.invite(invitation()).await.unwrap();
    let second = house.identity.invite_again(&id).await.unwrap();
    let password = Secret::new(PASSWORD);
    assert_eq!(house.identity.accept_invitation(&first, &password).await, Err(IdentityError::LinkSpent));
    house.pass(7 * 24 * HOUR);
    assert_eq!(house.identity.accept_invitation(&second, &password).await, Err(IdentityError::LinkSpent));
    let third = house.identity.invite_again(&id).await.unwrap();
    assert_eq!(house.identity.reset_password(&third, &password).await, Err(IdentityError::LinkSpent), "a link does one thing");
    assert!(house.identity.accept_invitation(&third, &password).await.is_ok());
}

#[tokio::test]
async fn a_login_belongs_to_one_and_values_are_checked() {
    let house = House::new();
    house.identity.invite(invitation()).await.unwrap();
    let again = Invitation { login: " GRACE ".into(), ..invitation() };
    assert_eq!(house.identity.invite(again).await.err(), Some(IdentityError::Taken("login".into())));
    let field = async |asked: Invitation| match house.identity.invite(asked).await {
        Err(IdentityError::Invalid { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    assert_eq!(field(Invitation { login: "gräce".into(), ..invitation() }).await, "login");
    assert_eq!(field(Invitation { name: "a\nb".into(), ..invitation() }).await, "name");
    assert_eq!(field(Invitation { email: Some("a@b@c.org".into()), ..invitation() }).await, "email");
    assert_eq!(field(Invitation { locale: Some("en_US".into()), ..invitation() }).await, "locale");
    let of = |fhir_user: &str| Membership { fhir_user: Some(fhir_user.into()), ..Membership::with_role(TENANT, "nurse") };
    for wrong in ["Practitioner", "Observation/1", "Patient/../1", "Patient/"] {
        assert_eq!(field(Invitation { login: "x".into(), memberships: vec![of(wrong)], ..invitation() }).await, "membership", "{wrong}");
    }
}

fn registration() -> Registration {
    let (login, name, email) = ("mary".into(), "Mary Seacole".into(), "mary@example.org".into());
    Registration { login, name, email, locale: None, password: Secret::new(PASSWORD) }
}

#[tokio::test]
async fn who_registers_is_active_when_the_letter_is_answered() {
    let closed = House::new();
    assert_eq!(closed.identity.register(registration()).await, Err(IdentityError::RegistrationClosed));
    let house = House::with(Settings { registration: true, ..cheap() });
    let address = Registration { login: "mary@example.org".into(), ..registration() };
    assert!(matches!(house.identity.register(address).await, Err(IdentityError::Invalid { field: "login", .. })));
    let id = house.identity.register(registration()).await.unwrap();
    assert_eq!(house.try_sign_in("mary", PASSWORD).await.err(), Some(IdentityError::SignInRefused));
    let token = house.posted_token();
    assert_eq!(house.identity.verify_email(&token).await, Ok(id));
    assert_eq!(house.identity.verify_email(&token).await, Err(IdentityError::LinkSpent));
    let user = house.sign_in("mary", PASSWORD).await.user;
    assert!(user.memberships.is_empty(), "no part in any tenant");
}

#[tokio::test]
async fn an_address_is_theirs_only_when_it_is_verified_and_then_of_nobody_else() {
    let house = House::with(Settings { registration: true, ..cheap() });
    let id = house.set_up().await;
    house.identity.ask_for_verification(&id, "ada@example.org").await.unwrap();
    let token = house.posted_token();
    let reset = house.identity.reset_password(&token, &Secret::new("seven-lanterns-at-dusk")).await;
    assert_eq!(reset, Err(IdentityError::LinkSpent), "a link that verifies an address resets no password");
    assert_eq!(house.try_sign_in("ada@example.org", PASSWORD).await.err(), Some(IdentityError::SignInRefused));
    assert_eq!(house.identity.verify_email(&token).await, Ok(id.clone()));
    house.sign_in("ada@example.org", PASSWORD).await;
    house.identity.register(Registration { email: "ada@example.org".into(), ..registration() }).await.unwrap();
    assert_eq!(house.identity.verify_email(&house.posted_token()).await, Err(IdentityError::Taken("email".into())));
    house.identity.ask_for_verification(&id, "new@example.org").await.unwrap();
    house.pass(24 * HOUR);
    assert_eq!(house.identity.verify_email(&house.posted_token()).await, Err(IdentityError::LinkSpent), "a day is over");
    house.identity.ask_for_verification(&id, "new@example.org").await.unwrap();
    house.identity.verify_email(&house.posted_token()).await.unwrap();
    let told: Vec<_> = house.letters().into_iter().map(|letter| (letter.to, letter.about)).collect();
    assert_eq!(told, [("ada@example.org".to_owned(), About::AddressChanged)]);
    assert_eq!(house.try_sign_in("ada@example.org", PASSWORD).await.err(), Some(IdentityError::SignInRefused));
}
