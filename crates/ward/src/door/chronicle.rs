//! What is done with accounts, told to the audit trail of a server.

use std::sync::{Arc, OnceLock};

use audit::{Happening, Journal, Outcome, What};
use identity::chronicle::{Chronicle, Deed, Did, NotTold, Telling};

use crate::wiring;

/// The audit trail, once it is open. Commands that work on a data directory have none: what they do with accounts is the operator's, who has the directory.
#[derive(Default)]
pub struct ToldInJournal(OnceLock<Arc<Journal>>);

impl ToldInJournal {
    /// What is done from now on is told there.
    pub fn tell_in(&self, journal: Arc<Journal>) {
        let _ = self.0.set(journal);
    }
}

impl Chronicle for ToldInJournal {
    fn tell(&self, deed: Deed) -> Telling<'_> {
        Box::pin(async move {
            let Some(journal) = self.0.get() else { return Ok(()) };
            for happening in happenings(deed) {
                journal.record(&happening).await.map_err(|error| {
                    tracing::error!("what was done with an account is not told of: {error}");
                    NotTold
                })?;
            }
            Ok(())
        })
    }
}

/// A deed in each tenant that its account has a part in; that of nobody who is known in the first one.
fn happenings(deed: Deed) -> Vec<Happening> {
    let what = match deed.did {
        Did::SignIn => What::SignIn(deed.by),
        Did::SignOut => What::SignOut(deed.by),
        Did::StepUp => What::StepUp,
        Did::BreakGlass => What::BreakGlass,
        Did::BreakGlassEnd => What::BreakGlassEnd,
        Did::Changed(what) => What::Configuration(what.into()),
    };
    let outcome = deed.refused.map_or(Outcome::Done, Outcome::Denied);
    let happening = |tenant| Happening { address: deed.address, outcome: outcome.clone(), ..Happening::new(deed.at, tenant, what.clone()) };
    if deed.who.is_empty() {
        return vec![happening(wiring::TENANT)];
    }
    let told = |who: Arc<access::Principal>| {
        let patients = who.break_glass.iter().map(|glass| glass.patient.clone()).collect();
        Happening { patients, who: Some(who.clone()), ..happening(who.tenant) }
    };
    deed.who.into_iter().map(told).collect()
}
