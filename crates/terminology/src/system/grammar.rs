//! Code systems that are a grammar: what follows it is a code, and nobody can list them all.

mod languages;
mod media_types;
mod ucum;
mod uris;

use std::sync::{Arc, OnceLock};

use crate::system::System;

/// The systems that the engine brings itself, by address.
pub(crate) fn grammars() -> &'static [Arc<dyn System>] {
    static GRAMMARS: OnceLock<Vec<Arc<dyn System>>> = OnceLock::new();
    GRAMMARS.get_or_init(|| {
        vec![
            Arc::new(ucum::Ucum::new()),
            Arc::new(languages::Languages::new()),
            Arc::new(media_types::MediaTypes::new()),
            Arc::new(uris::Uris::new()),
        ]
    })
}

/// The code of a concept of a grammar.
fn expression(concept: &crate::system::Concept) -> std::borrow::Cow<'_, str> {
    match concept {
        crate::system::Concept::Expression(code) => std::borrow::Cow::Borrowed(code),
        crate::system::Concept::Row(_) => std::borrow::Cow::Borrowed(""),
    }
}
