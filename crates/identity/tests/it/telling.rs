//! A change of records and its telling are one: whichever commit fails, or is applied and not heard of any more, each change has its event, and no event is without its change.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use identity::accounts::{Invitation, Profile};

use identity::api_key::NewApiKey;
use identity::chronicle::{Asking, Errand, Noted, asked_in, on_errand};
use identity::emergency::Asked;
use identity::outside::Vouched;
use identity::tenants::{Alteration, New, Tenants};
use identity::{IdentityError, Membership};
use store::commit::{Commit, CommitError, Committed, Tenant};
use store::contract::Pending;
use store::{Layer, Store};

use crate::factor::totp;
use crate::house::{House, MINUTE, PASSWORD, TENANT, origin};

/// Reasons of commits that tell of nothing, beside what [`WHY`] lists: upkeep of the directory.
const UNTOLD: [&str; 18] = [
    "API key is used",
    "ask for reset",
    "ask for verification",
    "attempt",
    "attempt was right",
    "challenge",
    "delete proofs",
    "first start",
    "forget",
    "hash again",
    "note sign-in",
    "offer authenticator",
    "outside account is used",
    "password was right",
    "remove",
    "session is used",
    "sweep",
    "trim",
];

/// Why something is not told, each as the source has it: whoever adds one has to say here that it harms nobody.
const WHY: [&str; 22] = [
    "a password alone is no sign-in",
    "it had ended by itself",
    "it is a question, and its answer is told",
    "it is the same password",
    "it is told with the session",
    "its user has not decided yet",
    "nobody has allowed anything yet",
    "nobody was let in",
    "the end of each session is told",
    "the provider is gone, and that is told",
    "the session tells of it",
    "the sign-in that follows is told",
    "there is nobody yet, and the account that is made is told",
    "what comes of it is told",
    "what comes of the letter is told",
    "what is allowed is told",
    "what is given for it is told",
    "what is offered proves nothing yet",
    "what is tried is told, and not that it is counted",
    "what it belongs to is told",
    "what it is used for is told",
    "whom it lets in is told",
];

/// How the commit fails on which the count comes to an end.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    /// Before it is applied.
    Before,
    /// When it was applied, and before anybody hears of that.
    After,
}

/// A store that fails once.
struct Breaking {
    store: Arc<dyn Store>,
    left: AtomicUsize,
    fault: Fault,
}

impl Layer for Breaking {
    fn behind(&self) -> &dyn Store {
        &*self.store
    }

    fn commit(&self, commit: Commit) -> Pending<'_, Result<Committed, CommitError>> {
        let left = self.left.fetch_sub(1, Ordering::SeqCst);
        Box::pin(async move {
            match (left, self.fault) {
                (1, Fault::Before) => Err(CommitError::Closed),
                (1, Fault::After) => self.store.commit(commit).await.and(Err(CommitError::Closed)),
                // The process is dead.
                (left, _) if left == 0 || left > usize::MAX / 2 => Err(CommitError::Closed),
                _ => self.store.commit(commit).await,
            }
        })
    }
}

/// All that is done with accounts, until something fails.
async fn life(house: &House) -> Result<(), IdentityError> {
    let identity = &house.identity;
    let (secret, _) = with_app_or_fail(house).await?;
    let half = match house.try_sign_in("root", PASSWORD).await? {
        identity::sign_in::SignedIn::Halfway { token, .. } => token,
        identity::sign_in::SignedIn::Done(_) => return Err(IdentityError::NotSignedIn),
    };
    let begun = identity.second_factor(&half, &totp(house, &secret, 0)).await?;
    house.pass(MINUTE);
    let asked = Asked { tenant: TENANT, patient: "p1", reason: "unconscious in the emergency room" };
    let begun = identity.break_glass(&begun.token, &totp(house, &secret, 0), &asked).await?;
    identity.mend_glass(&begun.token).await?;
    house.pass(MINUTE);
    let begun = identity.step_up(&begun.token, &totp(house, &secret, 0)).await?;
    identity.renew_recovery_codes(&begun.token).await?;
    let root = begun.user_id.clone();
    identity.change_profile(&root, Profile { name: Some("Ada King"), ..Profile::default() }).await?;
    let (owner, service) = (Some(root.clone()), Some(Membership::with_role(TENANT, "service")));
    let key = NewApiKey { name: "Mine".into(), user: owner, tenant: TENANT, part: None, scopes: None, each_minute: None, until: None };
    let (_, mine) = identity.make_api_key(key.clone()).await?;
    identity.make_api_key(NewApiKey { user: None, part: service, ..key }).await?;
    identity.revoke_api_key(&mine.handle).await?;
    let person = Vouched {
        tenant: TENANT,
        provider: "op-1",
        provider_name: "City",
        sessions: &[],
        parting: None,
        subject: "ada",
        shown: "ada",
        second_factor: true,
        origin: origin(),
    };
    identity.link_person(&root, &person).await?;
    identity.sign_in_outside(&person).await?;
    let linked = identity.linked(&root).await?;
    identity.unlink(&root, &linked[0].id).await?;
    let asked = Invitation {
        login: "bob".into(),
        name: "Bob Nurse".into(),
        email: Some("bob@hospital.example".into()),
        locale: None,
        memberships: vec![Membership::with_role(TENANT, "nurse")],
    };
    let (bob, _) = identity.invite(asked).await?;
    let again = identity.invite_again(&bob).await?;
    identity.accept_invitation(&again, &identity::Secret::new("orange-lantern-thistle-9")).await?;
    identity.set_membership(&bob, Membership::with_role(TENANT, "physician")).await?;
    let reset = identity.make_reset_link(&bob).await?;
    identity.reset_password(&reset, &identity::Secret::new("meadow-copper-violin-3")).await?;
    identity.suspend(&bob).await?;
    identity.reactivate(&bob).await?;
    identity.remove_factors(&root).await?;
    identity.end_all_sessions(&bob).await?;
    identity.delete_user(&bob).await?;
    let tenants = Tenants::new(identity.directory().clone(), house.clock.clone());
    let failed = |_| IdentityError::Busy;
    tenants.add(New { slug: "north".into(), name: "North".into(), ..New::default() }).await.map_err(failed)?;
    tenants.set("north", &Alteration { name: Some("North".into()), ..Alteration::default() }).await.map_err(failed)?;
    tenants.suspend("north").await.map_err(failed)?;
    Ok(())
}

/// An account with an authenticator app, in a store that may fail.
async fn with_app_or_fail(house: &House) -> Result<(identity::Secret, Vec<identity::Secret>), IdentityError> {
    let (token, _) = house.identity.first_start().await?.ok_or(IdentityError::LinkSpent)?;
    house.identity.set_up(&token, crate::house::root()).await?;
    let begun = match house.try_sign_in("root", PASSWORD).await? {
        identity::sign_in::SignedIn::Done(begun) => begun,
        identity::sign_in::SignedIn::Halfway { .. } => return Err(IdentityError::NotSignedIn),
    };
    let offer = house.identity.offer_totp(&begun.token).await?;
    let identity::factor::Proof::Totp(shown) = totp(house, &offer.secret, 0) else { return Err(IdentityError::FactorRefused) };
    let (_, codes) = house.identity.confirm_totp(&begun.token, &shown).await?;
    house.pass(MINUTE);
    Ok((offer.secret, codes))
}

/// The reasons of the commits of a tenant, in their order.
async fn reasons(house: &House, tenant: Tenant) -> Vec<String> {
    let changes = house.store.changes(tenant, 0, 10_000).await.unwrap();
    changes.into_iter().map(|change| change.reason).collect()
}

/// Fails unless the trail tells of each change, in their order, and of nothing else. What was told comes back.
async fn one_with_the_trail(house: &House, place: &str) -> Vec<String> {
    let changed: Vec<String> = reasons(house, Tenant(0)).await.into_iter().filter(|reason| !UNTOLD.contains(&reason.as_str())).collect();
    assert_eq!(changed, reasons(house, TENANT).await, "{place}");
    changed
}

#[tokio::test]
async fn whichever_commit_fails_each_change_has_its_event_and_no_event_is_without_its_change() {
    let house = House::new();
    life(&house).await.unwrap();
    let told = one_with_the_trail(&house, "nothing fails").await;
    assert!(told.len() >= 30, "{told:?}");
    let commits = reasons(&house, Tenant(0)).await.len();
    for fault in [Fault::Before, Fault::After] {
        for number in 1..=commits {
            let house = House::over(|store| Arc::new(Breaking { store, left: AtomicUsize::new(number), fault }));
            assert!(life(&house).await.is_err(), "commit {number} fails");
            let done = one_with_the_trail(&house, &format!("commit {number}")).await;
            assert_eq!(done[..], told[..done.len()], "commit {number}");
        }
    }
}

#[tokio::test]
async fn an_errand_is_told_in_each_commit_and_a_request_with_its_address() {
    struct Told(AtomicUsize, AtomicUsize);
    impl Errand for Told {
        fn write(&self, changed: &str, _: &mut Commit) {
            assert!(changed.contains("(root)"), "{changed}");
            self.0.fetch_add(1, Ordering::SeqCst);
        }

        fn applied(&self) -> Noted<'_> {
            self.1.fetch_add(1, Ordering::SeqCst);
            Box::pin(std::future::ready(()))
        }
    }
    let house = House::new();
    let id = house.set_up().await;
    house.deeds();
    let errand = Arc::new(Told(AtomicUsize::new(0), AtomicUsize::new(0)));
    on_errand(errand.clone(), house.identity.suspend(&id)).await.unwrap();
    assert_eq!((errand.0.load(Ordering::SeqCst), errand.1.load(Ordering::SeqCst)), (1, 1));
    assert!(house.deeds().is_empty(), "whose errand it is tells of it");
    let again = on_errand(errand.clone(), house.identity.suspend(&id)).await;
    assert!(again.is_err());
    assert_eq!(errand.0.load(Ordering::SeqCst), 1, "nothing was changed");
    house.identity.reactivate(&id).await.unwrap();
    let own = house.deeds().remove(0);
    assert_eq!((own.who[0].user.as_deref(), own.about.as_deref()), (None, Some(format!("{id} (root)").as_str())), "the server's own doing");
    let asking = Arc::new(Asking::new(Some(crate::house::address(9)), "req-1"));
    asked_in(asking.clone(), house.identity.end_all_sessions(&id)).await.unwrap();
    let deed = house.deeds().remove(0);
    assert_eq!((deed.address, &*deed.request, asking.has_told()), (Some(crate::house::address(9)), "req-1", true));
}

/// The files of the rooms that keep records.
fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn nothing_is_kept_untold_but_what_is_listed_here() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    for room in ["identity", "oauth", "federation", "administration"] {
        sources(&crates.join(room).join("src"), &mut found);
    }
    let mut why = BTreeSet::new();
    for (path, text) in &found {
        for part in text.split("Told::Nothing(\"").skip(1) {
            why.insert(part.split('"').next().unwrap().to_owned());
        }
        let commits = path.ends_with("identity/src/directory.rs") || path.ends_with("directory/sweeping.rs");
        assert!(commits || !text.contains(".commit("), "{path} commits past the directory, which tells of what is changed");
    }
    assert_eq!(why.iter().map(String::as_str).collect::<Vec<_>>(), WHY);
}
