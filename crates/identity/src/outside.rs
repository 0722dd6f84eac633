//! Accounts that are opened by a provider outside: which person there is whose account here.
//!
//! A person is known by what the provider calls them for ever (`sub`), never by an e-mail address: addresses change hands, and not every provider looks whose they
//! are. A link is made by whoever is signed in to the account, or by an administrator.

use serde::{Deserialize, Serialize};
use store::commit::{Instant, Tenant};

use crate::chronicle::Told;
use crate::directory::{Changes, DirectoryError, Kept, Record};
use crate::error::IdentityError;
use crate::identity::Identity;
use crate::secret::Secret;
use crate::session::{Origin, Session};
use crate::sign_in::{BEGINS, Halfway, Opening, SignedIn};
use crate::spelling;
use crate::user::{Email, Membership, Status, User};

/// The most links of an account.
pub const MOST_LINKED: u32 = 20;

/// How many sessions of a person at a provider are looked at: an account has fewer.
const MOST_FOUND: u32 = 200;

/// The longest name of a person at a provider, in bytes (OpenID Connect Core, section 2: 255 letters).
const LONGEST_SUBJECT: usize = 1024;

/// A person at a provider, and the account that is theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// The account, by its id.
    pub user: String,
    /// The provider, by the id of its record.
    pub provider: String,
    /// The SHA-256 of what the provider calls the person.
    pub subject: String,
    /// What the person is called there, for lists.
    pub shown: String,
    /// When it was linked.
    pub created: Instant,
    /// When somebody last signed in by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used: Option<Instant>,
}

impl Record for Linked {
    const KIND: &'static str = "linked";

    fn names(&self) -> Vec<(&'static str, String)> {
        vec![("person", person(&self.provider, &self.subject))]
    }

    fn groups(&self) -> Vec<(&'static str, String)> {
        vec![("of-user", self.user.clone()), ("provider", self.provider.clone())]
    }
}

/// By which provider outside somebody came who is signed in, and what it knows of that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CameBy {
    /// The provider, by the id of its record.
    pub provider: String,
    /// Its name at that time, for the audit trail.
    pub name: String,
    /// The SHA-256 of what it calls the person.
    pub subject: String,
    /// The SHA-256 of what it calls the sessions there; none: it does not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<String>,
    /// What it is to be told when they sign out, sealed by whoever tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parting: Option<String>,
}

impl CameBy {
    /// By which records are found that have it.
    pub(crate) fn group(&self) -> (&'static str, String) {
        ("came-by", person(&self.provider, &self.subject))
    }

    /// Whether it came of one of these sessions there, by their SHA-256 (none: of any), or may have: the provider did not say of which.
    fn is_of(&self, sessions: &[String]) -> bool {
        sessions.is_empty() || self.sessions.is_empty() || self.sessions.iter().any(|known| sessions.contains(known))
    }
}

/// A person whom a provider vouches for.
#[derive(Clone, Debug)]
pub struct Vouched<'a> {
    /// The tenant of the provider: the session opens no other.
    pub tenant: Tenant,
    /// The provider, by the id of its record.
    pub provider: &'a str,
    /// The name of the provider, for the audit trail.
    pub provider_name: &'a str,
    /// What it calls the sessions that the person has there; none: it does not say.
    pub sessions: &'a [String],
    /// What the provider is to be told when they sign out, sealed.
    pub parting: Option<String>,
    /// What it calls the person, for ever the same and never another's.
    pub subject: &'a str,
    /// What to call them in lists.
    pub shown: &'a str,
    /// Whether the provider has asked for a second factor, and is believed in that.
    pub second_factor: bool,
    /// From where they sign in.
    pub origin: Origin,
}

/// A person who has no account yet, and gets one.
#[derive(Clone, Debug)]
pub struct Newcomer<'a> {
    /// The login that the account is to have.
    pub login: &'a str,
    /// The name to show.
    pub name: &'a str,
    /// The address; it is not known to be theirs.
    pub email: Option<&'a str>,
    /// What the account may do in the tenant.
    pub part: Membership,
}

/// What is told of a link.
const LINKED: &str = "an account was linked to somebody outside";

impl Identity {
    /// Signs in whom a provider vouches for. When the account has a second factor and the provider is not believed to have asked for one, it is asked for
    /// ([`SignedIn::Halfway`]).
    ///
    /// Fails with [`IdentityError::NotLinked`] when nobody's account is linked, with [`IdentityError::SignInRefused`] when the account is not active, with
    /// [`IdentityError::NoMembership`] when it has no part in the provider's tenant, and when the directory does.
    pub async fn sign_in_outside(&self, vouched: &Vouched<'_>) -> Result<SignedIn, IdentityError> {
        let found = self.linked_person(vouched.provider, vouched.subject).await?;
        let linked = found.ok_or(IdentityError::NotLinked)?;
        let user = self.known(&linked.record.user).await?;
        if user.record.status != Status::Active {
            return Err(IdentityError::SignInRefused);
        }
        if user.record.membership(vouched.tenant).is_none() {
            return Err(IdentityError::NoMembership);
        }
        let used = Linked { last_used: Some(self.now()), shown: shown(vouched.shown), ..linked.record.clone() };
        match self
            .directory()
            .apply(Changes::new("outside account is used", Told::Nothing("the sign-in that follows is told")).update(&linked, &used))
            .await
        {
            // Somebody signs in by it at the same moment: what that says of it is as good.
            Ok(()) | Err(DirectoryError::Raced) => {}
            Err(error) => return Err(error.into()),
        }
        self.open_outside(&user, vouched).await
    }

    /// Makes an account for whom a provider vouches for, linked to them, and signs them in. It has no password.
    ///
    /// Fails with [`IdentityError::Taken`] when the login is another's (also when it is their verified address), with [`IdentityError::AlreadyLinked`], with
    /// [`IdentityError::Invalid`], and when the directory does.
    pub async fn newcomer(&self, vouched: &Vouched<'_>, newcomer: &Newcomer<'_>) -> Result<SignedIn, IdentityError> {
        let (login, name, now) = (spelling::login(newcomer.login, true)?, spelling::name(newcomer.name)?, self.now());
        if self.find_by_login(&login).await?.is_some() {
            return Err(IdentityError::Taken("login".to_owned()));
        }
        newcomer.part.check()?;
        let email = newcomer.email.and_then(|address| spelling::email(address).ok()).map(|address| Email { address, verified: false });
        let user = User { email, memberships: vec![newcomer.part.clone()], ..User::new(login, name, Status::Active, now) };
        let (id, linked) = (self.id("u-")?, self.id("l-")?);
        let link = link(&id, vouched, now)?;
        let changes = Changes::new("newcomer", self.by_owner(&id, &user, "an account was made for somebody from outside"))
            .create(&id, &user)
            .create(&linked, &link);
        self.directory().apply(changes).await.map_err(not_twice)?;
        let kept = self.known(&id).await?;
        self.open_outside(&kept, vouched).await
    }

    /// Links a person at a provider to the account of a session.
    ///
    /// Fails with [`IdentityError::NotSignedIn`], with [`IdentityError::FactorRefused`] when the account has a second factor and the session is not of
    /// [`access::Strength::Two`], with [`IdentityError::OneTenantOnly`] when the session opens fewer tenants than the account has parts in, with [`IdentityError::AlreadyLinked`], with [`IdentityError::WrongState`] when there are
    /// [`MOST_LINKED`] already, and when the directory does.
    pub async fn link_outside(&self, token: &Secret, vouched: &Vouched<'_>) -> Result<(), IdentityError> {
        let (_, user, _) = self.enrolling(token).await?;
        let told = self.by_owner(&user.id, &user.record, LINKED);
        self.link_to(&user.id, vouched, told).await
    }

    /// Links a person at a provider to an account, for an administrator.
    ///
    /// Fails with [`IdentityError::Unknown`] for an account that there is not, with [`IdentityError::AlreadyLinked`], with [`IdentityError::WrongState`] when there are
    /// [`MOST_LINKED`] already, and when the directory does.
    pub async fn link_person(&self, user: &str, vouched: &Vouched<'_>) -> Result<(), IdentityError> {
        let told = self.on_behalf(user, &self.known(user).await?.record, LINKED);
        self.link_to(user, vouched, told).await
    }

    async fn link_to(&self, user: &str, vouched: &Vouched<'_>, told: Told) -> Result<(), IdentityError> {
        if self.linked(user).await?.len() >= MOST_LINKED as usize {
            return Err(IdentityError::WrongState("one with fewer links"));
        }
        let link = link(user, vouched, self.now())?;
        let changes = Changes::new("link", told).create(&self.id("l-")?, &link);
        self.directory().apply(changes).await.map_err(not_twice)
    }

    /// What is linked to an account, the newest first: at most [`MOST_LINKED`]; none for an account that there is not.
    ///
    /// Fails when the directory does.
    pub async fn linked(&self, user: &str) -> Result<Vec<Kept<Linked>>, IdentityError> {
        Ok(self.directory().list(Some(("of-user", user)), MOST_LINKED).await?)
    }

    /// Takes a link from an account. Sessions that were begun by it go on.
    ///
    /// Fails with [`IdentityError::Unknown`] when the account has none of this id, with [`IdentityError::WrongState`] when nothing else would open the account, with
    /// [`IdentityError::Raced`], and when the directory does.
    pub async fn unlink(&self, user: &str, id: &str) -> Result<(), IdentityError> {
        let linked = self.linked(user).await?;
        let link = linked.iter().find(|kept| &*kept.id == id).ok_or(IdentityError::Unknown("link"))?;
        let proofs = self.credentials(user).await?;
        let opens = proofs.is_some_and(|kept| kept.record.password.is_some() || !kept.record.passkeys.is_empty());
        if !opens && linked.len() == 1 {
            return Err(IdentityError::WrongState("one that something else opens, such as a password"));
        }
        let told = self.by_owner(user, &self.known(user).await?.record, "what opens an account from outside was taken off it");
        Ok(self.directory().apply(Changes::new("unlink", told).remove(link)).await?)
    }

    /// Takes all links to a provider away: nobody signs in by it any more.
    ///
    /// Fails when the directory does.
    pub async fn unlink_all(&self, provider: &str) -> Result<(), IdentityError> {
        loop {
            let found = self.directory().list::<Linked>(Some(("provider", provider)), 200).await?;
            if found.is_empty() {
                return Ok(());
            }
            self.directory()
                .apply(found.iter().fold(Changes::new("unlink", Told::Nothing("the provider is gone, and that is told")), Changes::remove))
                .await?;
        }
    }

    /// Ends the sessions that have come of these of a person at a provider, by their SHA-256 (none: of all of the person's), and what has come of them halfway; and says how many sessions
    /// there were. Whoever came before providers were noted at sessions is not found by this.
    ///
    /// Fails when the directory does: then some may go on, and it is to be asked again.
    pub async fn end_outside(&self, provider: &str, subject: &str, sessions: &[String]) -> Result<usize, IdentityError> {
        let of = person(provider, &Secret::new(subject).fingerprint());
        let halfway = self.directory().list::<Halfway>(Some(("came-by", &of)), MOST_FOUND).await?;
        for half in halfway.iter().filter(|half| half.record.came_by.as_ref().is_some_and(|by| by.is_of(sessions))) {
            match self.directory().apply(Changes::new("signed out outside", Told::Nothing("nobody was let in")).remove(half)).await {
                // It was used: then there is a session.
                Ok(()) | Err(DirectoryError::Raced) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let mut ended = 0;
        for kept in self.directory().list::<Session>(Some(("came-by", &of)), MOST_FOUND).await? {
            if kept.record.came_by.as_ref().is_some_and(|by| by.is_of(sessions)) {
                ended += usize::from(self.end(&kept.id).await?.is_some());
            }
        }
        Ok(ended)
    }

    async fn linked_person(&self, provider: &str, subject: &str) -> Result<Option<Kept<Linked>>, IdentityError> {
        let subject = Secret::new(subject).fingerprint();
        Ok(self.directory().find("person", &person(provider, &subject)).await?)
    }

    async fn open_outside(&self, user: &Kept<User>, vouched: &Vouched<'_>) -> Result<SignedIn, IdentityError> {
        let known = self.credentials(&user.id).await?.map(|kept| kept.record).unwrap_or_default();
        let strong_until = vouched.second_factor.then(|| self.now() + self.settings().strong_ms);
        let only_in = Some(vouched.tenant.0);
        let came_by = Some(CameBy {
            provider: vouched.provider.to_owned(),
            name: shown(vouched.provider_name),
            subject: Secret::new(vouched.subject).fingerprint(),
            sessions: vouched.sessions.iter().map(|index| Secret::new(index.as_str()).fingerprint()).collect(),
            parting: vouched.parting.clone(),
        });
        if known.has_factor() && strong_until.is_none() {
            let opening = Opening { origin: vouched.origin.clone(), strong_until, known_device: false, only_in, came_by };
            return self.halfway(user, &known, opening).await;
        }
        // What tells a device from others keeps strangers from locking people out by guessing: nobody guesses here.
        let opening = Opening { origin: vouched.origin.clone(), strong_until, known_device: true, only_in, came_by };
        let begun = self.begin(&user.id, user.record.generation, opening, Changes::new("sign-in outside", BEGINS)).await?;
        Ok(SignedIn::Done(Box::new(begun)))
    }
}

fn link(user: &str, vouched: &Vouched<'_>, now: Instant) -> Result<Linked, IdentityError> {
    if vouched.subject.is_empty() || vouched.subject.len() > LONGEST_SUBJECT {
        return Err(IdentityError::Invalid { field: "subject", rule: "1 to 1024 bytes" });
    }
    let (user, provider, subject) = (user.to_owned(), vouched.provider.to_owned(), Secret::new(vouched.subject).fingerprint());
    Ok(Linked { user, provider, subject, shown: shown(vouched.shown), created: now, last_used: None })
}

/// The name of a person among all providers.
fn person(provider: &str, subject: &str) -> String {
    format!("{provider}|{subject}")
}

/// What may stand in a list.
fn shown(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_control()).take(200).collect()
}

/// A person has one account.
fn not_twice(error: DirectoryError) -> IdentityError {
    match error {
        DirectoryError::Taken(name) if name == "person" => IdentityError::AlreadyLinked,
        error => error.into(),
    }
}
