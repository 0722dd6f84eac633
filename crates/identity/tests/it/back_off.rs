//! How long one waits after attempts that failed, and that nobody is locked out for ever.

use identity::attempts::LONGEST_WAIT_MS;
use identity::sign_in::{SignIn, SignedIn};
use identity::{IdentityError, Origin, Secret};
use tokio::task::JoinSet;

use crate::house::{HOUR, House, MINUTE, PASSWORD, address, asked, cheap};

/// How long one has to wait; 0 when the attempt was judged, and was wrong.
async fn wait(house: &House, login: &str) -> i64 {
    match house.try_sign_in(login, "wrong").await {
        Err(IdentityError::SignInRefused) => 0,
        Err(IdentityError::Wait { until }) => until - house.identity.now(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn waits_grow_to_a_quarter_of_an_hour_alike_whether_the_account_is_there() {
    let house = House::new();
    let id = house.set_up().await;
    for login in ["root", "nobody", "no such login!"] {
        let mut waits = Vec::new();
        for _ in 0..18 {
            assert_eq!(wait(&house, login).await, 0);
            let next = wait(&house, login).await;
            waits.push(next);
            house.pass(next);
            if next == 0 {
                // The attempt that told so counted, too.
                waits.push(0);
            }
        }
        let seconds: Vec<_> = waits.iter().map(|ms| ms / 1000).collect();
        assert_eq!(seconds[..10], [0, 0, 0, 0, 2, 4, 8, 16, 32, 64], "{login}");
        assert_eq!(*waits.last().unwrap(), LONGEST_WAIT_MS, "{login}");
        assert_eq!(house.identity.locked_until(&id).await.unwrap(), None, "waited for");
        house.pass(HOUR);
    }
}

#[tokio::test]
async fn a_wait_holds_for_the_right_password_over_a_restart_and_until_somebody_unlocks() {
    let house = House::new();
    let id = house.set_up().await;
    for _ in 0..5 {
        assert_eq!(wait(&house, "root").await, 0);
    }
    let until = house.identity.now() + 2000;
    assert_eq!(house.try_sign_in("root", PASSWORD).await.err(), Some(IdentityError::Wait { until }));
    let restarted = house.restarted(cheap());
    assert_eq!(restarted.sign_in(asked("root", PASSWORD)).await.err(), Some(IdentityError::Wait { until }));
    assert_eq!(house.identity.locked_until(&id).await.unwrap(), Some(until));
    house.identity.unlock(&id).await.unwrap();
    assert_eq!(house.identity.locked_until(&id).await.unwrap(), None);
    house.sign_in("root", PASSWORD).await;
}

#[tokio::test]
async fn a_right_password_begins_anew_and_a_day_forgets() {
    let house = House::new();
    house.set_up().await;
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(wait(&house, "root").await, 0);
        }
        house.sign_in("root", PASSWORD).await;
    }
    for _ in 0..5 {
        assert_eq!(wait(&house, "root").await, 0);
    }
    house.pass(24 * HOUR);
    for _ in 0..5 {
        assert_eq!(wait(&house, "root").await, 0);
    }
    assert_eq!(wait(&house, "root").await, 2000);
}

#[tokio::test]
async fn a_stranger_does_not_keep_the_owner_away() {
    let house = House::new();
    let id = house.set_up().await;
    let device = house.sign_in("root", PASSWORD).await.device;
    let stranger = || SignIn { origin: Origin::new(address(66), "curl"), ..asked("root", "wrong") };
    while !matches!(house.identity.sign_in(stranger()).await, Err(IdentityError::Wait { .. })) {}
    assert!(matches!(house.try_sign_in("root", PASSWORD).await, Err(IdentityError::Wait { .. })), "from a new device one waits, too");
    let known = SignIn { device: device.clone(), ..asked("root", PASSWORD) };
    assert!(matches!(house.identity.sign_in(known).await, Ok(SignedIn::Done(begun)) if begun.device.is_none()), "a known one does not");
    let link = house.identity.make_reset_link(&id).await.unwrap();
    house.identity.reset_password(&link, &Secret::new("seven-lanterns-at-dusk")).await.unwrap();
    house.sign_in("root", "seven-lanterns-at-dusk").await;
    // What the device was given is worth nothing for guessing, either: it has tries of its own, and no more.
    let device = house.sign_in("root", "seven-lanterns-at-dusk").await.device;
    let guess = || SignIn { device: device.clone(), ..asked("root", "wrong") };
    for _ in 0..5 {
        assert_eq!(house.identity.sign_in(guess()).await.err(), Some(IdentityError::SignInRefused));
    }
    assert!(matches!(house.identity.sign_in(guess()).await, Err(IdentityError::Wait { .. })));
}

#[tokio::test]
async fn an_address_that_tries_many_accounts_waits() {
    let house = House::new();
    for number in 0..50 {
        assert_eq!(wait(&house, &format!("guess-{number}")).await, 0, "{number}");
    }
    assert_eq!(wait(&house, "guess-50").await, 2000);
    let from = |text: &str| SignIn { origin: Origin::new(text.parse().unwrap(), "curl"), ..asked("guess-51", "wrong") };
    assert!(
        matches!(house.identity.sign_in(from("::ffff:192.0.2.7")).await, Err(IdentityError::Wait { .. })),
        "the same, written otherwise"
    );
    assert_eq!(house.identity.sign_in(from("192.0.2.8")).await.err(), Some(IdentityError::SignInRefused));
    for number in 0..49 {
        let address = format!("2001:db8:1:2:{number:x}::{number:x}");
        let asked = SignIn { origin: Origin::new(address.parse().unwrap(), "curl"), ..asked("x", "wrong") };
        while matches!(house.identity.sign_in(asked.clone()).await, Err(IdentityError::Wait { .. })) {
            house.pass(MINUTE);
        }
    }
    assert_eq!(house.identity.sign_in(from("2001:db8:1:2::1")).await.err(), Some(IdentityError::SignInRefused));
    assert!(matches!(house.identity.sign_in(from("2001:db8:1:2::2")).await, Err(IdentityError::Wait { .. })), "of IPv6 the network counts");
}

#[tokio::test]
async fn a_right_password_gives_an_address_its_attempt_back() {
    let house = House::new();
    house.set_up().await;
    for _ in 0..60 {
        house.sign_in("root", PASSWORD).await;
    }
    assert_eq!(wait(&house, "nobody").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_at_once_get_no_more_tries_than_one_after_another() {
    let house = House::new();
    house.set_up().await;
    let mut tasks = JoinSet::new();
    for _ in 0..50 {
        let identity = house.identity.clone();
        tasks.spawn(async move { identity.sign_in(asked("root", "wrong")).await.err() });
    }
    let answers = tasks.join_all().await;
    let judged = answers.iter().filter(|answer| **answer == Some(IdentityError::SignInRefused)).count();
    let waits = answers.iter().filter(|answer| matches!(answer, Some(IdentityError::Wait { .. }))).count();
    assert_eq!((judged, waits), (5, 45));
}

#[tokio::test]
async fn an_account_that_there_is_not_costs_a_hash_as_well() {
    let house = House::with(identity::Settings { hashing_waiting: 0, ..cheap() });
    for login in ["nobody", "no such login!"] {
        assert_eq!(house.try_sign_in(login, "wrong").await.err(), Some(IdentityError::Busy), "it asks for a place among those that hash");
    }
}

#[tokio::test]
async fn a_clock_that_was_an_hour_ahead_makes_nobody_wait_for_it() {
    let house = House::new();
    house.set_up().await;
    house.pass(HOUR);
    while wait(&house, "root").await == 0 {}
    house.pass(-HOUR);
    assert_eq!(wait(&house, "root").await, 0);
    assert_eq!(wait(&house, "root").await, 4000, "what failed before counts");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_right_sign_ins_at_once_do_not_stand_in_each_others_way() {
    let house = House::with(identity::Settings { most_sessions: 200, ..cheap() });
    house.set_up().await;
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        let identity = house.identity.clone();
        tasks.spawn(async move { identity.sign_in(asked("root", PASSWORD)).await.err() });
    }
    let answers = tasks.join_all().await;
    assert!(answers.iter().all(Option::is_none), "{answers:?}");
}

#[tokio::test]
async fn who_goes_away_while_waiting_gives_the_turn_to_the_next() {
    let house = House::new();
    house.set_up().await;
    for _ in 0..3 {
        let identity = house.identity.clone();
        let waiting = tokio::spawn(async move { identity.sign_in(asked("root", PASSWORD)).await.map(drop) });
        tokio::task::yield_now().await;
        waiting.abort();
    }
    house.sign_in("root", PASSWORD).await;
}
