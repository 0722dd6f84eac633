//! What a request did, told to the audit trail before it is answered: writes in their own commit, everything else in the journal.

use std::sync::Arc;

use access::{Principal, Touched};
use audit::{Audited, Happening, Journal, JournalError, Lookout, Outcome, Scribe, What};
use http::StatusCode;
use http::request::Parts;
use interaction::table::Interaction;
use store::Store;

use crate::app::App;
use crate::caller::Caller;
use crate::failure::Failure;
use crate::request_id;

/// Where it is told.
#[derive(Clone)]
pub struct Trail {
    /// Writes events.
    pub scribe: Arc<Scribe>,
    /// Takes what is read.
    pub journal: Arc<Journal>,
    /// Looks at what is told in commits; `None`: nobody does.
    pub lookout: Option<Arc<Lookout>>,
}

/// A request as it is told of. It travels with the request's head.
#[derive(Clone)]
pub(crate) struct Telling {
    request: Arc<Happening>,
    touched: Arc<Touched>,
    /// Whether its commits tell what it did.
    writes: bool,
}

impl Telling {
    /// What is told of a request; `None` when nothing is, because it shows what everybody may see.
    pub(crate) fn begin(app: &App, interaction: Interaction, head: &Parts, request_id: &str) -> Option<Self> {
        let trail = app.trail.as_ref()?;
        // Where reads are not told of, there is nothing to gather for what can do nothing else.
        if is_read_only(interaction) && !trail.journal.is_on() {
            return None;
        }
        let caller = head.extensions.get::<Caller>()?;
        let what = what(interaction, head.uri.path())?;
        let asks = !matches!(interaction, Interaction::Read | Interaction::Vread);
        let query = asks.then(|| head.uri.path_and_query().map_or_else(String::new, ToString::to_string).into());
        let request = Happening {
            request: request_id.into(),
            who: Some(caller.principal().clone()),
            address: app.address(head),
            query,
            ..Happening::new(app.server.clock.now(), app.tenant(head), what)
        };
        let writes = matches!(
            interaction,
            Interaction::Create
                | Interaction::Update
                | Interaction::ConditionalUpdate
                | Interaction::Patch
                | Interaction::ConditionalPatch
                | Interaction::Delete
                | Interaction::ConditionalDelete
        );
        Some(Self { request: Arc::new(request), touched: Arc::default(), writes })
    }

    /// The store, as the request commits to it.
    pub(crate) fn store(&self, trail: &Trail, store: Arc<dyn Store>) -> Arc<dyn Store> {
        Arc::new(Audited::new(store, trail.scribe.clone(), self.request.clone()).watched(trail.lookout.clone()))
    }

    /// What the request is given out is noted here.
    pub(crate) fn touched(&self) -> Arc<Touched> {
        self.touched.clone()
    }

    /// Tells how the request ended. It may be answered when this has returned, and must not be when it fails.
    pub(crate) async fn end(self, trail: &Trail, status: StatusCode) -> Result<(), Failure> {
        let outcome = outcome(status);
        let (touched, is_cut) = self.touched.take();
        // What was refused for its form has shown nothing, and what was written is told in its commit.
        let is_told = match &outcome {
            Outcome::Denied(_) => true,
            Outcome::Done => !self.writes,
            Outcome::Mistaken(_) | Outcome::Failed(_) => !self.writes && !touched.is_empty(),
        };
        if !is_told {
            return Ok(());
        }
        let happening = Happening { outcome, ..Arc::unwrap_or_clone(self.request) }.touching((touched, is_cut));
        trail.journal.record(&happening).await.map_err(untold)
    }
}

/// Tells of what is no interaction, such as a sign-in. The answer may go out when this has returned, and must not when it fails.
pub(crate) async fn tell(app: &App, head: &Parts, what: What, who: Option<Arc<Principal>>, outcome: Outcome) -> Result<(), Failure> {
    let Some(trail) = &app.trail else { return Ok(()) };
    let request = request_id::of(&head.headers);
    let happening = Happening {
        request: request.to_str().unwrap_or_default().into(),
        who,
        address: app.address(head),
        outcome,
        ..Happening::new(app.server.clock.now(), app.tenant(head), what)
    };
    trail.journal.record(&happening).await.map_err(untold)
}

/// Why what was done is not answered: it could not be told.
pub(crate) fn untold(error: JournalError) -> Failure {
    match error {
        JournalError::Full => Failure::Interaction(interaction::Error::Full),
        JournalError::Busy => Failure::Overloaded { of: "rows of the audit trail" },
        JournalError::Failed(_) => Failure::Internal(error.to_string()),
    }
}

/// Whether an interaction commits nothing.
fn is_read_only(interaction: Interaction) -> bool {
    use Interaction as I;
    matches!(
        interaction,
        I::Read
            | I::Vread
            | I::HistoryInstance
            | I::HistoryType
            | I::HistorySystem
            | I::SearchType
            | I::SearchTypePost
            | I::SearchSystem
            | I::SearchSystemPost
            | I::SearchCompartment
            | I::SearchCompartmentPost
    )
}

/// What a request does, in the words of the trail; `None` for what everybody may see.
fn what(interaction: Interaction, path: &str) -> Option<What> {
    use audit::Interaction as Told;
    Some(What::Rest(match interaction {
        Interaction::Capabilities => return None,
        Interaction::Process => Told::Batch,
        Interaction::HistorySystem => Told::HistorySystem,
        Interaction::HistoryType => Told::HistoryType,
        Interaction::HistoryInstance => Told::HistoryInstance,
        Interaction::SearchSystem | Interaction::SearchSystemPost => Told::SearchSystem,
        Interaction::SearchType | Interaction::SearchTypePost | Interaction::SearchCompartment | Interaction::SearchCompartmentPost => {
            Told::SearchType
        }
        Interaction::Create => Told::Create,
        Interaction::Update | Interaction::ConditionalUpdate => Told::Update,
        Interaction::Patch | Interaction::ConditionalPatch => Told::Patch,
        Interaction::Delete | Interaction::ConditionalDelete => Told::Delete,
        Interaction::Read => Told::Read,
        Interaction::Vread => Told::Vread,
        Interaction::GraphQl | Interaction::GraphQlPost => return Some(What::Operation("graphql".into())),
        Interaction::Operation => {
            let name = path.rsplit_once('$').map_or("", |(_, name)| name);
            return Some(What::Operation(name.into()));
        }
    }))
}

/// What came of a request. The words are those of the status: they have no patient's data.
pub(crate) fn outcome(status: StatusCode) -> Outcome {
    let words = || status.canonical_reason().unwrap_or_default().into();
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Outcome::Denied(words()),
        status if status.is_client_error() => Outcome::Mistaken(words()),
        status if status.is_server_error() => Outcome::Failed(words()),
        _ => Outcome::Done,
    }
}
