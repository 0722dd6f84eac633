//! Movements between accounts.

use crate::commit::{Commit, Conflict, Posting};
use crate::query::Balance;

use super::sample::{TENANT, act};
use super::world::World;

fn post(account: &str, amount: i64) -> Posting {
    Posting { ledger: "stock".into(), account: account.into(), amount, unit: "{tablet}".into(), guarded: false }
}

fn guarded(account: &str, amount: i64) -> Posting {
    Posting { guarded: true, ..post(account, amount) }
}

fn moving(post: Vec<Posting>) -> Commit {
    Commit { post, ..act() }
}

fn unbalanced(unit: &str) -> Conflict {
    Conflict::Unbalanced { ledger: "stock".into(), unit: unit.into() }
}

async fn held(world: &World, account: &str) -> Option<i64> {
    let balance = world.store().balance(TENANT, "stock", account).await.expect("a balance");
    balance.map(|Balance { amount, unit }| {
        assert_eq!(unit, "{tablet}");
        amount
    })
}

pub(super) async fn balance(mut world: World) {
    assert_eq!(held(&world, "ward").await, None);
    world.commit(moving(vec![post("supplier", -100), post("pharmacy", 60), post("ward", 40)])).await;
    assert_eq!(world.refused(moving(vec![post("ward", -1)])).await, unbalanced("{tablet}"));
    world.commit(moving(vec![post("ward", -5), post("pharmacy", 10), post("ward", -5), post("none", 0)])).await;
    world.restart().await;
    let amounts = (held(&world, "supplier").await, held(&world, "pharmacy").await, held(&world, "ward").await);
    assert_eq!(amounts, (Some(-100), Some(70), Some(30)));
    assert_eq!(held(&world, "none").await, Some(0));
    assert_eq!(world.store().balance(TENANT, "money", "ward").await, Ok(None));
}

pub(super) async fn guarded_accounts_stay_above_zero(mut world: World) {
    world.commit(moving(vec![post("supplier", -10), guarded("ward", 10)])).await;
    world.restart().await;
    let overdrawn = Conflict::Overdrawn { ledger: "stock".into(), account: "ward".into(), balance: 10 };
    assert_eq!(world.refused(moving(vec![post("ward", -11), post("used", 11)])).await, overdrawn, "once guarded, always");
    world.commit(moving(vec![post("ward", -15), post("used", 10), post("ward", 5)])).await;
    assert_eq!(held(&world, "ward").await, Some(0), "only what it holds in the end counts");
    let overdrawn = Conflict::Overdrawn { ledger: "stock".into(), account: "supplier".into(), balance: -10 };
    assert_eq!(world.refused(moving(vec![guarded("supplier", 1), post("used", -1)])).await, overdrawn);
    assert_eq!(held(&world, "supplier").await, Some(-10));
}

pub(super) async fn units_and_bounds(world: World) {
    let vials = |account: &str, amount| Posting { unit: "{vial}".into(), ..post(account, amount) };
    world.commit(moving(vec![post("a", -1), post("b", 1)])).await;
    assert_eq!(world.refused(moving(vec![vials("a", 1), vials("c", -1)])).await, unbalanced("{vial}"));
    assert_eq!(world.refused(moving(vec![vials("c", 1), post("d", -1)])).await, unbalanced("{vial}"), "units do not mix");
    let mixed = vec![post("c", 1), post("d", -1), vials("c", 1), vials("e", -1)];
    assert_eq!(world.refused(moving(mixed)).await, unbalanced("{vial}"), "an account has one unit");
    world.commit(moving(vec![post("big", i64::MAX), post("debt", -i64::MAX)])).await;
    assert_eq!(world.refused(moving(vec![post("big", 1), post("debt", -1)])).await, unbalanced("{tablet}"));
    assert_eq!(held(&world, "big").await, Some(i64::MAX));
}
