//! The first start: one link, one administrator, no password that comes with the program.

use identity::accounts::SetUp;
use identity::password::Weakness;
use identity::{IdentityError, Secret, Status};

use crate::house::{HOUR, House, PASSWORD, root};

#[tokio::test]
async fn the_link_makes_the_first_administrator_and_is_worth_nothing_after() {
    let house = House::new();
    let (token, until) = house.identity.first_start().await.unwrap().unwrap();
    assert_eq!(until, house.identity.now() + 24 * HOUR);
    let weak = SetUp { password: Secret::new("short"), ..root() };
    assert_eq!(house.identity.set_up(&token, weak).await, Err(IdentityError::WeakPassword(Weakness::Short(12))));
    let id = house.identity.set_up(&token, root()).await.unwrap();
    let user = house.identity.user(&id).await.unwrap().unwrap();
    assert_eq!((user.login.as_str(), user.status, &*user.memberships[0].roles[0].role), ("root", Status::Active, "system-administrator"));
    assert_eq!(house.identity.set_up(&token, root()).await, Err(IdentityError::LinkSpent));
    assert!(house.identity.first_start().await.unwrap().is_none());
    house.sign_in("Root", PASSWORD).await;
}

#[tokio::test]
async fn a_second_start_ends_the_link_of_the_first_and_time_ends_both() {
    let house = House::new();
    let (first, _) = house.identity.first_start().await.unwrap().unwrap();
    let (second, _) = house.identity.first_start().await.unwrap().unwrap();
    assert_eq!(house.identity.set_up(&first, root()).await, Err(IdentityError::LinkSpent));
    house.pass(24 * HOUR);
    assert_eq!(house.identity.set_up(&second, root()).await, Err(IdentityError::LinkSpent));
    assert_eq!(house.identity.set_up(&Secret::new("guess"), root()).await, Err(IdentityError::LinkSpent));
}

#[tokio::test]
async fn without_the_link_nobody_signs_in() {
    let house = House::new();
    for (login, password) in [("root", "root"), ("admin", "admin"), ("root", ""), ("", "")] {
        assert_eq!(house.try_sign_in(login, password).await.err(), Some(IdentityError::SignInRefused));
    }
}
