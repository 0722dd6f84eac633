//! The entries of a resource as a sealed index keeps them.

use store::entry::{Entry, EntryValue, Param, Text, Token, Uri};
use store::secrecy::Secrecy;

use super::{Form, Hashing};

impl Hashing {
    /// The entries with hashes in the place of what tells who somebody is: sorted, each once.
    pub(super) fn entries(&self, entries: &[Entry]) -> Vec<Entry> {
        let mut sealed: Vec<Entry> = entries.iter().map(|entry| self.entry(entry)).collect();
        sealed.sort_unstable();
        sealed.dedup();
        sealed
    }

    fn entry(&self, entry: &Entry) -> Entry {
        let value = match &entry.value {
            EntryValue::Contained { kind, id, entries } => {
                EntryValue::Contained { kind: *kind, id: id.clone(), entries: self.entries(entries) }
            }
            value => self.value(entry.param, self.secrecy(entry.param), value),
        };
        Entry { param: entry.param, value }
    }

    fn value(&self, param: Param, secrecy: Secrecy, value: &EntryValue) -> EntryValue {
        match (secrecy, value) {
            (Secrecy::Clear, value) => value.clone(),
            (Secrecy::Tokens | Secrecy::Whole, EntryValue::Token(token)) => EntryValue::Token(Token {
                code: self.text(param, Form::Code, &token.code),
                system: self.text(param, Form::System, &token.system),
            }),
            (_, EntryValue::Composite(parts)) => EntryValue::Composite(parts.iter().map(|part| self.value(param, secrecy, part)).collect()),
            (Secrecy::Whole, EntryValue::String(text)) => EntryValue::String(Text {
                folded: self.text(param, Form::Folded, &text.folded),
                exact: self.text(param, Form::Exact, &text.exact),
            }),
            (Secrecy::Whole, EntryValue::Date(span)) => EntryValue::Token(Token { code: self.date(param, *span), system: Box::default() }),
            (Secrecy::Whole, EntryValue::Uri(uri)) => {
                EntryValue::Uri(Uri { uri: self.text(param, Form::Uri, &uri.uri), version: self.text(param, Form::Version, &uri.version) })
            }
            // Ids, numbers and places are in clear, whatever they are of.
            (_, value) => value.clone(),
        }
    }
}
