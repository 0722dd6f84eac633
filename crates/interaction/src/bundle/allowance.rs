//! How much the entries of one batch or transaction may answer together, and how long a batch goes on.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use bytes::Bytes;

use crate::bundle::Answer;
use crate::{Context, Error};

/// What the entries of one Bundle have left.
pub(crate) struct Allowance<'a> {
    ctx: &'a Context,
    started: Instant,
    bytes: AtomicUsize,
}

impl<'a> Allowance<'a> {
    /// All that the settings give.
    pub(crate) fn new(ctx: &'a Context) -> Self {
        Self { ctx, started: Instant::now(), bytes: AtomicUsize::new(0) }
    }

    /// [`Error::TooCostly`] when an entry is not to be begun: the ones before it have answered as much as one Bundle may, or taken as long.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let settings = self.ctx.settings();
        if self.bytes.load(Ordering::Relaxed) > settings.bundle_answer_bytes {
            let most = settings.bundle_answer_bytes;
            return Err(Error::TooCostly(format!(
                "the entries before have answered more than {most} bytes: send this one in another Bundle"
            )));
        }
        if self.started.elapsed() >= settings.bundle_time {
            let most = settings.bundle_time.as_secs_f64();
            return Err(Error::TooCostly(format!("the entries before have taken longer than {most} s: send this one in another Bundle")));
        }
        Ok(())
    }

    /// The answer of an entry, taken note of. A resource that was written and is more than may be answered is left out: it was asked for by a
    /// preference only, and the answer says where it is.
    pub(crate) fn take(&self, mut answer: Answer) -> Answer {
        let size = answer.resource.as_ref().map_or(0, Bytes::len);
        let before = self.bytes.fetch_add(size, Ordering::Relaxed);
        if answer.location.is_some() && before.saturating_add(size) > self.ctx.settings().bundle_answer_bytes {
            self.bytes.fetch_sub(size, Ordering::Relaxed);
            answer.resource = None;
        }
        answer
    }
}
