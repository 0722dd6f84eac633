//! Looks at what is told in commits, as at what comes from the journal: one memory for both.

use std::sync::{Arc, Mutex, PoisonError};

use crate::happening::Happening;
use crate::journal::Journal;
use crate::materialise::{Observer, Seen};

/// Has somebody look at what happens, whichever way it is told. What they find in a commit is written to the journal, as it is found when the commit is made.
pub struct Lookout {
    observer: Mutex<Box<dyn Observer>>,
    journal: Arc<Journal>,
}

impl Lookout {
    /// With this observer, whose findings about commits go into this journal.
    pub fn new(observer: Box<dyn Observer>, journal: Arc<Journal>) -> Self {
        Self { observer: Mutex::new(observer), journal }
    }

    /// Looks at what a commit told that was applied; `touched` has the patients in whose records each of its entities is. What was done stays done: a finding that the journal does not take is in the log.
    pub async fn saw(&self, happening: &Happening, touched: &[Vec<Box<str>>]) {
        for found in self.look(&Seen { happening, touched, families: &[] }) {
            if let Err(error) = self.journal.record(&found).await {
                tracing::error!("something looks suspicious, and the journal does not take it: {error}");
            }
        }
    }

    fn look(&self, seen: &Seen<'_>) -> Vec<Happening> {
        self.observer.lock().unwrap_or_else(PoisonError::into_inner).observe(seen)
    }
}

impl Observer for Arc<Lookout> {
    fn observe(&mut self, seen: &Seen<'_>) -> Vec<Happening> {
        self.look(seen)
    }
}
