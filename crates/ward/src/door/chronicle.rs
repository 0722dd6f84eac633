//! What is done with accounts, told to the audit trail of a server.

use std::sync::{Arc, OnceLock};

use audit::{Happening, Journal, Lookout, Outcome, Scribe, What};
use identity::chronicle::{Chronicle, Deed, Did, NotTold, Noted, Telling};
use store::commit::Commit;

use crate::wiring;

/// The audit trail: what changes a record is told in the same commit, all else in the journal, once that is open. Commands that work on a data directory have no journal: what is tried there
/// and fails is the operator's, who has the directory.
pub struct ToldInTrail {
    scribe: Arc<Scribe>,
    journal: OnceLock<Arc<Journal>>,
    lookout: OnceLock<Arc<Lookout>>,
}

impl ToldInTrail {
    /// Events are written by this scribe.
    pub fn new(scribe: Arc<Scribe>) -> Self {
        Self { scribe, journal: OnceLock::new(), lookout: OnceLock::new() }
    }

    /// Writes the events.
    pub fn scribe(&self) -> &Arc<Scribe> {
        &self.scribe
    }

    /// What changes nothing is told in this journal from now on, and what is told in commits is looked at.
    pub fn tell_in(&self, journal: Arc<Journal>, lookout: Arc<Lookout>) {
        let _ = self.journal.set(journal);
        let _ = self.lookout.set(lookout);
    }
}

impl Chronicle for ToldInTrail {
    fn tell(&self, deed: Deed) -> Telling<'_> {
        Box::pin(async move {
            let Some(journal) = self.journal.get() else { return Ok(()) };
            for happening in happenings(&deed) {
                journal.record(&happening).await.map_err(|error| {
                    tracing::error!("what was tried with an account is not told of: {error}");
                    NotTold
                })?;
            }
            Ok(())
        })
    }

    fn write(&self, deeds: &[Deed], commit: &mut Commit) {
        for happening in deeds.iter().flat_map(happenings) {
            commit.trails.push((happening.tenant, self.scribe.puts(&happening, &[])));
        }
    }

    fn applied(&self, deeds: Vec<Deed>) -> Noted<'_> {
        Box::pin(async move {
            let Some(lookout) = self.lookout.get() else { return };
            for happening in deeds.iter().flat_map(happenings) {
                lookout.saw(&happening, &[]).await;
            }
        })
    }
}

/// A deed in each tenant that its account has a part in; that of nobody who is known in the first one.
fn happenings(deed: &Deed) -> Vec<Happening> {
    let what = match deed.did {
        Did::SignIn => What::SignIn(deed.by.clone()),
        Did::SignOut => What::SignOut(deed.by.clone()),
        Did::StepUp => What::StepUp,
        Did::BreakGlass => What::BreakGlass,
        Did::BreakGlassEnd => What::BreakGlassEnd,
        Did::Changed(what) => What::Configuration(match &deed.about {
            Some(about) => format!("{what}: {about}").into(),
            None => what.into(),
        }),
    };
    let outcome = deed.refused.clone().map_or(Outcome::Done, Outcome::Denied);
    let happening = |tenant| Happening {
        request: deed.request.clone(),
        address: deed.address,
        outcome: outcome.clone(),
        ..Happening::new(deed.at, tenant, what.clone())
    };
    if deed.who.is_empty() {
        return vec![happening(wiring::TENANT)];
    }
    let told = |who: &Arc<access::Principal>| {
        let patients = who.break_glass.iter().map(|glass| glass.patient.clone()).collect();
        Happening { patients, who: Some(who.clone()), ..happening(who.tenant) }
    };
    deed.who.iter().map(told).collect()
}
