//! Whether a grant refuses something altogether: then it is told so, by 403. What is about single resources is not decided here, but by the gate before the
//! store ([`access::gate`]), for which what is hidden is not there.

use ::access::{Act, Verdict, refusal};
use fhir::definitions::ResourceType;

use crate::bundle::{Address, Entry, Method};
use crate::operation::{Operation, Place, Right};
use crate::table::{Interaction, Needs};
use crate::{Context, Error, builtin};
use store::query::Scope;

impl Context {
    /// Whether the grant lets an interaction be done with some resource of the type; with one of any type, where it is about all.
    ///
    /// [`Error::Forbidden`] names the act and the type. A context without a grant may do everything.
    pub fn permit(&self, interaction: Interaction, kind: Option<ResourceType>) -> Result<(), Error> {
        let (Some(_), Needs::Acts(lists)) = (self.grant(), interaction.needs()) else { return Ok(()) };
        lists.iter().try_for_each(|acts| self.permit_one(acts, kind))
    }

    /// Whether the grant lets an operation be invoked on a place: [`Operation::right`] says what that needs.
    ///
    /// [`Error::Forbidden`] names the operation, or the act and the type.
    pub fn permit_operation(&self, operation: &Operation, place: &Place) -> Result<(), Error> {
        let Some(grant) = self.grant() else { return Ok(()) };
        let is_named = grant.allows_operation(operation.code);
        let may_read_all = |name: &&str| ResourceType::parse(name).is_some_and(|kind| *grant.verdict(kind, Act::Read) == Verdict::Allowed);
        match operation.right {
            Right::Named if !is_named => return Err(forbidden(refusal::no_operation(operation.code))),
            Right::Definitions(kinds) if !is_named && !kinds.iter().all(may_read_all) => {
                return Err(forbidden(refusal::no_operation(operation.code)));
            }
            _ => {}
        }
        let (act, kind) = match place {
            Place::Instance(key) | Place::Version(key, _) => (Act::Read, Some(key.kind)),
            // It works with what it is handed, or with definitions.
            _ if !matches!(operation.right, Right::Resources) => return Ok(()),
            Place::Type(kind) => (Act::Search, Some(*kind)),
            Place::System => (Act::Search, None),
        };
        self.permit_one(&[act], kind)?;
        match place {
            Place::Instance(_) if operation.affects_state && operation.right == Right::Resources => self.permit_one(&[Act::Update], kind),
            _ => Ok(()),
        }
    }

    /// The same for an entry of a Bundle, before anything of the Bundle is done.
    pub(crate) fn permit_entry(&self, entry: &Entry) -> Result<(), Error> {
        if self.grant().is_none() {
            return Ok(());
        }
        if let Address::Operation { place, code, .. } = &entry.address {
            return self.permit_operation(crate::operation::find(code, place)?, place);
        }
        let (interaction, kind) = asked(entry);
        self.permit(interaction, kind)
    }

    fn permit_one(&self, acts: &[Act], kind: Option<ResourceType>) -> Result<(), Error> {
        let (Some(grant), Some(first)) = (self.grant(), acts.first()) else { return Ok(()) };
        let is_refused = |act: &Act| match kind {
            Some(kind) => *grant.verdict(kind, *act) == Verdict::Refused && !is_open(*act, kind),
            None => grant.refuses_all(*act),
        };
        if !acts.iter().all(is_refused) {
            return Ok(());
        }
        Err(forbidden(kind.map_or_else(|| refusal::no_rule_at_all(*first), |kind| refusal::no_rule(*first, kind))))
    }
}

/// What the server itself brings of a type is read and found by everybody.
fn is_open(act: Act, kind: ResourceType) -> bool {
    matches!(act, Act::Read | Act::Search) && builtin::brings(kind)
}

fn forbidden(why: Box<str>) -> Error {
    Error::Forbidden { why: why.into() }
}

/// Which interaction an entry asks for, and with which type. That of no operation: these are asked by their definition.
fn asked(entry: &Entry) -> (Interaction, Option<ResourceType>) {
    use Interaction::*;
    match (&entry.address, entry.method) {
        (Address::Capabilities, _) => (Capabilities, None),
        (Address::System(_), _) => (SearchSystem, None),
        (Address::Compartment(_, kind, _), _) => (SearchCompartment, *kind),
        (Address::History(Scope::System, _), _) => (HistorySystem, None),
        (Address::History(Scope::Type(kind), _), _) => (HistoryType, Some(*kind)),
        (Address::History(Scope::Instance(key), _), _) => (HistoryInstance, Some(key.kind)),
        (Address::Version(key, _), _) => (Vread, Some(key.kind)),
        (Address::Type(kind, _), Method::Post) => (Create, Some(*kind)),
        (Address::Type(kind, _), Method::Put) => (ConditionalUpdate, Some(*kind)),
        (Address::Type(kind, _), Method::Patch) => (ConditionalPatch, Some(*kind)),
        (Address::Type(kind, _), Method::Delete) => (ConditionalDelete, Some(*kind)),
        (Address::Type(kind, _), _) => (SearchType, Some(*kind)),
        (Address::Instance(key), Method::Put) => (Update, Some(key.kind)),
        (Address::Instance(key), Method::Patch) => (Patch, Some(key.kind)),
        (Address::Instance(key), Method::Delete) => (Delete, Some(key.kind)),
        (Address::Instance(key), _) => (Read, Some(key.kind)),
        (Address::Operation { place, .. }, _) => (Operation, place.kind()),
    }
}
