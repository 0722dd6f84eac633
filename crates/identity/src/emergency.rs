//! Breaking the glass: in an emergency somebody takes access beyond their roles, to one patient's record and for a while. Each use is kept, and reviewed by somebody else.
//!
//! It belongs to a session: whatever acts in that session, an app that was allowed in it among them, has it too, within its scopes. The session's end is its end.

mod by_handle;

use access::BreakGlass;
use serde::{Deserialize, Serialize};
use store::commit::{Instant, Tenant};

use crate::chronicle::{Actor, Deed, Did, Told};
use crate::directory::{Changes, Kept, Record};
use crate::error::IdentityError;
use crate::factor::Proof;
use crate::identity::{Identity, TRIES};
use crate::secret::Secret;
use crate::seen::Basis;
use crate::session::Session;
use crate::sign_in::Begun;
use crate::user::User;

/// How long a reason or a note is: letters.
pub const REASON_LETTERS: std::ops::RangeInclusive<usize> = 10..=500;

/// How long a use is kept after it has ended, in milliseconds: seven years.
const KEPT_MS: i64 = 7 * 366 * 24 * 3_600_000;

/// What somebody asks who breaks the glass.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// In whose data.
    pub tenant: Tenant,
    /// For which patient, by id.
    pub patient: &'a str,
    /// Why: [`REASON_LETTERS`].
    pub reason: &'a str,
}

/// What a session has beyond the roles of its account. Its id is made of the session's handle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emergency {
    /// In whose data.
    pub tenant: u32,
    /// The use that it is, by id.
    pub of: String,
    /// For which patient, by id.
    pub patient: String,
    /// Why.
    pub reason: String,
    /// Until when.
    pub until: Instant,
}

/// A use, for whoever reviews it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// In whose data.
    pub tenant: u32,
    /// The account.
    pub user: String,
    /// The name of whom it belonged to then.
    pub name: String,
    /// For which patient, by id.
    pub patient: String,
    /// Why.
    pub reason: String,
    /// From when on.
    pub from: Instant,
    /// Until when at the latest.
    pub until: Instant,
    /// When it was given back; `None`: it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Instant>,
    /// What came of the review; `None`: nobody has reviewed it yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
}

/// What came of a review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The account that reviewed it.
    pub by: String,
    /// Its name.
    pub name: String,
    /// When.
    pub at: Instant,
    /// Whether it was right.
    pub is_justified: bool,
    /// What there is to say about it.
    pub note: String,
}

impl Record for Emergency {
    const KIND: &'static str = "emergency";

    fn ends(&self) -> Option<Instant> {
        Some(self.until)
    }
}

impl Record for Use {
    const KIND: &'static str = "emergency-use";

    fn ends(&self) -> Option<Instant> {
        Some(self.until.saturating_add(KEPT_MS))
    }

    fn groups(&self) -> Vec<(&'static str, String)> {
        let state = if self.review.is_some() { "reviewed" } else { "open" };
        vec![("tenant", self.tenant.to_string()), (state, self.tenant.to_string())]
    }
}

impl Emergency {
    /// The id of that of a session.
    fn id_of(session: &str) -> String {
        format!("e-{session}")
    }

    /// As rules see it, in a tenant; `None`: it is another's.
    pub fn glass(&self, tenant: Tenant) -> Option<BreakGlass> {
        let is_its = self.tenant == tenant.0;
        is_its.then(|| BreakGlass { reason: self.reason.as_str().into(), patient: self.patient.as_str().into(), until: self.until })
    }

    /// What a session has at a moment; `None`: nothing beyond its roles. The answer rests on `basis`.
    ///
    /// Fails when the directory does.
    pub async fn of_session(basis: &mut Basis<'_>, session: &str, now: Instant) -> Result<Option<Self>, IdentityError> {
        let found = basis.get::<Self>(&Self::id_of(session)).await?;
        Ok(found.map(|kept| kept.record).filter(|emergency| now < emergency.until))
    }
}

impl Identity {
    /// Breaks the glass for [`crate::settings::Settings::emergency_ms`]: the session goes on under a new token, with access to one patient's record beyond the roles. One that
    /// was broken before is mended.
    ///
    /// Whether the roles of the account have anything to give in an emergency is for whoever asks to know.
    ///
    /// Fails with [`IdentityError::Invalid`] for a reason that is too short or too long, with [`IdentityError::NoMembership`], with what [`Identity::step_up`] fails with, and when the directory does.
    pub async fn break_glass(&self, token: &Secret, proof: &Proof, asked: &Asked<'_>) -> Result<Begun, IdentityError> {
        let reason = words("reason", asked.reason)?;
        let begun = self.step_up(token, proof).await?;
        if begun.user.membership(asked.tenant).is_none() || !begun.session.opens(asked.tenant) {
            return Err(IdentityError::NoMembership);
        }
        self.begin_emergency((&begun.user_id, &begun.user), &begun.session, reason, asked).await?;
        Ok(begun)
    }

    /// Begins an emergency in a session whose owner has just shown that it is they, for a reason that is one.
    async fn begin_emergency(
        &self,
        (id, user): (&str, &User),
        session: &Session,
        reason: String,
        asked: &Asked<'_>,
    ) -> Result<Emergency, IdentityError> {
        let now = self.now();
        let until = (now + self.settings().emergency_ms).min(session.until);
        let of = self.id("u-")?;
        let tenant = asked.tenant.0;
        let used = Use {
            tenant,
            user: id.to_owned(),
            name: user.name.clone(),
            patient: asked.patient.to_owned(),
            reason: reason.clone(),
            from: now,
            until,
            ended: None,
            review: None,
        };
        let emergency = Emergency { tenant, of: of.clone(), patient: asked.patient.to_owned(), reason, until };
        let glass = emergency.glass(asked.tenant);
        let deed = self.of_glass(Did::BreakGlass, Actor::in_session(id, user, session, now), (asked.tenant, glass));
        for _ in 0..TRIES {
            let before = self.directory().get::<Emergency>(&Emergency::id_of(&session.handle)).await?;
            let changes = Changes::new("break the glass", Told::Deeds(vec![deed.clone()])).create(&of, &used);
            let changes = match &before {
                Some(kept) => self.mended(changes, &kept.record.of, now).await?.update(kept, &emergency),
                None => changes.create(&Emergency::id_of(&session.handle), &emergency),
            };
            match self.directory().apply(changes).await.map_err(IdentityError::from) {
                Err(IdentityError::Raced) => {}
                done => return done.map(|()| emergency),
            }
        }
        Err(IdentityError::Raced)
    }

    /// What a session has beyond the roles of its account now; `None`: nothing.
    ///
    /// Fails when the directory does.
    pub async fn emergency(&self, session: &Session) -> Result<Option<Emergency>, IdentityError> {
        Emergency::of_session(&mut Basis::new(self.directory()), &session.handle, self.now()).await
    }

    /// Gives back what a session has beyond the roles of its account. Where there is nothing, nothing is done.
    ///
    /// Fails with [`IdentityError::NotSignedIn`], and when the directory does.
    pub async fn mend_glass(&self, token: &Secret) -> Result<(), IdentityError> {
        let (session, user) = self.session(token).await?;
        self.end_emergency(&session.record, &user).await
    }

    /// Ends what a session has beyond the roles of its account, whoever changes it meanwhile.
    pub(crate) async fn end_emergency(&self, session: &Session, user: &Kept<User>) -> Result<(), IdentityError> {
        for _ in 0..TRIES {
            let Some(kept) = self.directory().get::<Emergency>(&Emergency::id_of(&session.handle)).await? else { return Ok(()) };
            let now = self.now();
            let tenant = Tenant(kept.record.tenant);
            let told = match now < kept.record.until {
                true => {
                    let actor = Actor::in_session(&user.id, &user.record, session, now);
                    Told::Deeds(vec![self.of_glass(Did::BreakGlassEnd, actor, (tenant, kept.record.glass(tenant)))])
                }
                false => Told::Nothing("it had ended by itself"),
            };
            let changes = self.mended(Changes::new("mend the glass", told).remove(&kept), &kept.record.of, now).await?;
            match self.directory().apply(changes).await.map_err(IdentityError::from) {
                Err(IdentityError::Raced) => {}
                done => return done,
            }
        }
        Err(IdentityError::Raced)
    }

    /// A deed with the glass, in its tenant.
    fn of_glass(&self, did: Did, actor: Actor<'_>, (tenant, glass): (Tenant, Option<BreakGlass>)) -> Deed {
        Deed { who: vec![actor.principal(tenant, glass).into()], ..self.did(did, actor) }
    }

    /// Adds to changes that a use has ended.
    async fn mended(&self, changes: Changes, of: &str, now: Instant) -> Result<Changes, IdentityError> {
        let kept = self.directory().get::<Use>(of).await?.filter(|kept| now < kept.record.until && kept.record.ended.is_none());
        Ok(match kept {
            Some(kept) => changes.update(&kept, &Use { ended: Some(now), ..kept.record.clone() }),
            None => changes,
        })
    }

    /// The uses in a tenant, the newest first, at most `most`: all, or those that nobody has reviewed.
    ///
    /// Fails when the directory does.
    pub async fn emergency_uses(&self, tenant: Tenant, only_open: bool, most: u32) -> Result<Vec<Kept<Use>>, IdentityError> {
        let group = if only_open { "open" } else { "tenant" };
        Ok(self.directory().list(Some((group, &tenant.0.to_string())), most).await?)
    }

    /// Reviews a use, once.
    ///
    /// Fails with [`IdentityError::Unknown`], with [`IdentityError::WrongState`] when it was reviewed or is the reviewer's own, with [`IdentityError::Invalid`] for a note that is too short or too
    /// long, and when the directory does.
    pub async fn review_emergency(&self, token: &Secret, tenant: Tenant, id: &str, verdict: (bool, &str)) -> Result<Use, IdentityError> {
        let note = words("note", verdict.1)?;
        let (session, reviewer) = self.session(token).await?;
        let kept = self.directory().get::<Use>(id).await?.filter(|kept| kept.record.tenant == tenant.0);
        let kept = kept.ok_or(IdentityError::Unknown("use of emergency access"))?;
        if kept.record.review.is_some() || kept.record.user == *reviewer.id {
            return Err(IdentityError::WrongState("another's, and the use not be reviewed yet"));
        }
        let (by, name) = (reviewer.id.to_string(), reviewer.record.name.clone());
        let review = Review { by, name, at: self.now(), is_justified: verdict.0, note };
        let reviewed = Use { review: Some(review), ..kept.record.clone() };
        let actor = Actor::in_session(&reviewer.id, &reviewer.record, &session.record, self.now());
        let told = Told::Deeds(vec![self.did(Did::Changed("a use of emergency access was reviewed"), actor)]);
        self.directory().apply(Changes::new("review emergency access", told).update(&kept, &reviewed)).await?;
        Ok(reviewed)
    }
}

/// Words that somebody has to find: without blanks around them, of a length that says something and not too much.
fn words(field: &'static str, text: &str) -> Result<String, IdentityError> {
    let text = text.trim();
    match REASON_LETTERS.contains(&text.chars().count()) && !text.chars().any(|sign| sign.is_control() && sign != '\n' && sign != '\r') {
        true => Ok(text.to_owned()),
        false => Err(IdentityError::Invalid { field, rule: "say it in 10 to 500 letters" }),
    }
}
