//! Forms of events: what thousands of reads by one person from one place have alike, their text and what they are found by, is made once; of each
//! event only its id, moment, patient, resource, request and query are put in.
//!
//! A form is learned, and knows neither elements nor search parameters: an event is made the long way with marks in these places, and where the marks turn up again,
//! in the text and among the entries, the values go. An event that has no form, or whose values might be indexed otherwise than the marks, is made the long way.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use access::Principal;
use bytes::Bytes;
use fhir::definitions::ResourceType;
use fhir::primitive::{base64, instant_text};
use search::{Registry, fold};
use store::commit::{Body, Instant, Key, Put};
use store::contract::Extract;
use store::entry::{Entry, EntryValue, Local, Span, Token, Uri};

use super::{Scribe, audit_event, entities};
use crate::happening::{Entity, Happening, Interaction, Outcome, What};

/// How many forms are kept; beyond it all are learned again.
const MOST: usize = 4096;

/// What stands for the values in the event that a form is learned from. Words of letters alone: they are the same in every form in which something is indexed.
const ID: &str = "wardmarkofanevent";
const PATIENT: &str = "wardmarkofapatient";
const RESOURCE: &str = "wardmarkofaresource";
const REQUEST: &str = "wardmarkofarequest";
const QUERY: &str = "wardmarkofaquery";
/// 1971-03-04T05:06:07.089Z.
const AT: Instant = 36_911_167_089;
const VERSION: u64 = 7_040_509;

/// The last moment of the year 9999: later ones are written otherwise.
const LAST_MOMENT: Instant = 253_402_300_799_999;

/// A place in a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Id,
    At,
    Patient,
    /// `Type/id`, or `Type/id/_history/version`.
    Resource,
    Request,
    Query,
    /// Of an entry: the resource without its version.
    ResourceAlone,
}

/// What events of one form have alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Alike {
    /// `None`: an operation, whose name is in no event.
    interaction: Option<Interaction>,
    /// Where they are in memory: the form keeps them there.
    who: Option<usize>,
    address: Option<IpAddr>,
    purpose: Option<Box<str>>,
    has_patient: bool,
    /// The type of the resource, and whether its version is known.
    resource: Option<(ResourceType, bool)>,
    has_request: bool,
}

/// A form, once it was tried to learn it.
struct Form {
    /// The text between the places, and the place behind each.
    pieces: Vec<(Box<str>, Slot)>,
    tail: Box<str>,
    /// How much of the text there is up to its stamp, without the id.
    stamp_at: usize,
    entries: Vec<Entry>,
    /// Entries whose value goes into a place.
    filled: Vec<(Entry, Slot)>,
}

/// The forms that were learned, under one set of search parameters.
#[derive(Default)]
pub struct Forms {
    extractor: u64,
    known: HashMap<Alike, (Option<Arc<Principal>>, Option<Form>)>,
    filled_in: u64,
}

/// The values of an event.
struct Values<'a> {
    id: &'a str,
    happening: &'a Happening,
    patient: Option<&'a str>,
    resource: Option<&'a Entity>,
}

impl Forms {
    /// What the store takes of the events of a happening, at least one, each under the id that `id` gives for its place among them: what [`Scribe::events`] and
    /// [`Scribe::put`] make of it. Always with the same scribe.
    pub fn puts(&mut self, scribe: &Scribe, happening: &Happening, patients: &[Vec<Box<str>>], id: &dyn Fn(usize) -> String) -> Vec<Put> {
        let registry = scribe.registry();
        if self.extractor != registry.identity() || self.known.len() >= MOST {
            self.extractor = registry.identity();
            self.known.clear();
        }
        let mut puts = Vec::new();
        Scribe::each(happening, patients, |patient, resource| {
            let id = id(puts.len());
            let values = Values { id: &id, happening, patient, resource };
            puts.push(
                self.filled(scribe, &registry, &values).unwrap_or_else(|| scribe.put(&id, &scribe.event(happening, patient, resource))),
            );
        });
        puts
    }

    /// An event by its form; `None` when it has none.
    fn filled(&mut self, scribe: &Scribe, registry: &Registry, values: &Values<'_>) -> Option<Put> {
        let alike = values.alike().filter(|_| !registry.has_definitions() && !registry.indexes_words())?;
        if !self.known.contains_key(&alike) {
            let form = learned(scribe, registry, values);
            self.known.insert(alike.clone(), (values.happening.who.clone(), form));
        }
        let (_, form) = self.known.get(&alike)?;
        let put = form.as_ref()?.filled(values, self.extractor);
        self.filled_in += 1;
        Some(put)
    }

    /// How many forms there are.
    pub fn learned(&self) -> usize {
        self.known.values().filter(|(_, form)| form.is_some()).count()
    }

    /// How many events were made by forms so far.
    pub fn filled_in(&self) -> u64 {
        self.filled_in
    }
}

impl Values<'_> {
    /// What it has in common with others; `None` when it is made the long way.
    fn alike(&self) -> Option<Alike> {
        let happening = self.happening;
        let interaction = match happening.what {
            What::Rest(interaction) => Some(interaction),
            What::Operation(_) => None,
            _ => return None,
        };
        let plain = |text: &str| {
            (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
        };
        let is_plain = happening.outcome == Outcome::Done
            && (0..=LAST_MOMENT).contains(&happening.at)
            && self.patient.is_none_or(plain)
            && self.resource.is_none_or(|entity| plain(&entity.key.id))
            && (happening.request.is_empty() || plain(&happening.request));
        is_plain.then(|| Alike {
            interaction,
            who: happening.who.as_ref().map(|who| Arc::as_ptr(who) as usize),
            address: happening.address,
            purpose: happening.purpose.clone(),
            has_patient: self.patient.is_some(),
            resource: self.resource.map(|entity| (entity.key.kind, entity.version > 0)),
            has_request: !happening.request.is_empty(),
        })
    }

    /// Adds what goes into a place of a text.
    fn put(&self, slot: Slot, text: &mut String) {
        match slot {
            Slot::Id => text.push_str(self.id),
            Slot::At => text.push_str(&instant_text(self.happening.at)),
            Slot::Patient => text.push_str(self.patient.unwrap_or_default()),
            Slot::Request => text.push_str(&self.happening.request),
            Slot::Query => text.push_str(&base64::encode(entities::asked(self.happening).as_bytes(), base64::PLAIN)),
            Slot::Resource | Slot::ResourceAlone => {
                let Some(Entity { key, version }) = self.resource else { return };
                text.push_str(&key.id);
                if slot == Slot::Resource && *version > 0 {
                    text.push_str("/_history/");
                    text.push_str(&version.to_string());
                }
            }
        }
    }
}

/// Learns the form of events like this one; `None` when marks turn up where they were not looked for.
fn learned(scribe: &Scribe, registry: &Registry, like: &Values<'_>) -> Option<Form> {
    let marked = Happening {
        at: AT,
        request: if like.happening.request.is_empty() { "".into() } else { REQUEST.into() },
        query: Some(QUERY.into()),
        entities: Vec::new(),
        patients: Vec::new(),
        ..like.happening.clone()
    };
    let resource = like
        .resource
        .map(|entity| Entity { key: Key::new(entity.key.kind, RESOURCE), version: if entity.version > 0 { VERSION } else { 0 } });
    let event = scribe.event(&marked, like.patient.map(|_| PATIENT), resource.as_ref());
    let key = Key::new(audit_event(), ID);
    let body = super::body(&key, &event);
    let extracted = registry.extract(key.kind, &event);
    if extracted.date != AT {
        return None;
    }
    let (pieces, tail) = pieces(std::str::from_utf8(&body.text).ok()?, resource.as_ref())?;
    let (mut entries, mut filled) = (Vec::new(), Vec::new());
    for entry in extracted.entries {
        match slot(&entry.value, resource.as_ref())? {
            Some(slot) => filled.push((entry, slot)),
            None => entries.push(entry),
        }
    }
    Some(Form { pieces, tail, stamp_at: body.stamp_at as usize - ID.len(), entries, filled })
}

/// Texts, each with what comes after it, and the text after the last of them.
type Pieces = (Vec<(Box<str>, Slot)>, Box<str>);

/// Takes a text apart at its marks; `None` when one of them stands in it twice.
fn pieces(text: &str, resource: Option<&Entity>) -> Option<Pieces> {
    let reference = match resource {
        Some(entity) if entity.version > 0 => format!("{RESOURCE}/_history/{VERSION}"),
        _ => RESOURCE.to_owned(),
    };
    let (at, query) = (instant_text(AT), base64::encode(QUERY.as_bytes(), base64::PLAIN));
    let marks = [
        (ID, Slot::Id),
        (&at, Slot::At),
        (PATIENT, Slot::Patient),
        (&reference, Slot::Resource),
        (REQUEST, Slot::Request),
        (&query, Slot::Query),
    ];
    let mut found: Vec<(usize, &str, Slot)> = Vec::new();
    for (mark, slot) in marks {
        let mut places = text.match_indices(mark);
        found.extend(places.next().map(|(place, _)| (place, mark, slot)));
        if places.next().is_some() {
            return None;
        }
    }
    found.sort_unstable_by_key(|(place, ..)| *place);
    let (mut pieces, mut from) = (Vec::with_capacity(found.len()), 0);
    for (place, mark, slot) in found {
        pieces.push((text.get(from..place)?.into(), slot));
        from = place + mark.len();
    }
    Some((pieces, text.get(from..)?.into()))
}

/// Into which place the value of an entry goes; the inner `None` when it is the same for all. `None` when it has a mark in another way.
fn slot(value: &EntryValue, resource: Option<&Entity>) -> Option<Option<Slot>> {
    let target = resource.map(|entity| entity.key.to_string());
    let version = resource.map(|entity| format!("{}/_history/{}", entity.key, entity.version));
    let slot = match value {
        EntryValue::Date(Span { first: AT, last: AT }) => Some(Slot::At),
        EntryValue::Local(Local { target: found }) if Some(&**found) == target.as_deref() => Some(Slot::ResourceAlone),
        EntryValue::Local(Local { target: found }) if found.strip_prefix("Patient/") == Some(PATIENT) => Some(Slot::Patient),
        EntryValue::Uri(Uri { uri, version: none }) if none.is_empty() && Some(&**uri) == version.as_deref() => Some(Slot::Resource),
        EntryValue::Token(Token { code, system }) if system.is_empty() && &**code == REQUEST => Some(Slot::Request),
        _ => None,
    };
    if slot.is_some() {
        return Some(slot);
    }
    let seen = format!("{value:?}");
    let is_marked = [ID, PATIENT, RESOURCE, REQUEST, QUERY, &AT.to_string(), &VERSION.to_string()].iter().any(|mark| seen.contains(mark));
    (!is_marked).then_some(None)
}

impl Form {
    fn filled(&self, values: &Values<'_>, extractor: u64) -> Put {
        let known: usize = self.pieces.iter().map(|(piece, _)| piece.len()).sum();
        let mut text =
            String::with_capacity(known + self.tail.len() + 256 + values.happening.query.as_ref().map_or(0, |query| query.len() * 2));
        for (piece, slot) in &self.pieces {
            text.push_str(piece);
            values.put(*slot, &mut text);
        }
        text.push_str(&self.tail);
        let mut entries = Vec::with_capacity(self.entries.len() + self.filled.len());
        entries.extend(self.entries.iter().cloned());
        entries.extend(self.filled.iter().map(|(entry, slot)| Entry { param: entry.param, value: values.value(&entry.value, *slot) }));
        entries.sort_unstable();
        entries.dedup();
        let stamp_at = (self.stamp_at + values.id.len()) as u32;
        let body = Body { text: Bytes::from(text), stamp_at };
        Put { key: Key::new(audit_event(), values.id), body, entries, date: values.happening.at, extractor }
    }
}

impl Values<'_> {
    /// The value of an entry with a place in it.
    fn value(&self, of: &EntryValue, slot: Slot) -> EntryValue {
        let reference = |kind: &str| {
            let mut text = format!("{kind}/");
            self.put(slot, &mut text);
            text.into_boxed_str()
        };
        let kind = || self.resource.map_or("", |entity| entity.key.kind.name());
        match of {
            EntryValue::Date(_) => EntryValue::Date(Span { first: self.happening.at, last: self.happening.at }),
            EntryValue::Local(_) if slot == Slot::Patient => EntryValue::Local(Local { target: reference("Patient") }),
            EntryValue::Local(_) => EntryValue::Local(Local { target: reference(kind()) }),
            EntryValue::Uri(_) => EntryValue::Uri(Uri { uri: reference(kind()), version: "".into() }),
            EntryValue::Token(_) => EntryValue::Token(Token { code: fold::code(&self.happening.request).into(), system: "".into() }),
            other => other.clone(),
        }
    }
}
