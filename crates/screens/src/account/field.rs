//! Fields of forms: each with its label, what helps to fill it in, and what was wrong with it.

use maud::{Markup, html};

/// A field with a line of text.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    /// Its name and id.
    pub(super) name: &'a str,
    /// What it is for.
    pub(super) label: &'a str,
    /// Its kind: `text`, `password`, `email`.
    pub(super) kind: &'a str,
    /// What a browser may fill in (<https://html.spec.whatwg.org/#autofill-field>).
    pub(super) autocomplete: &'a str,
    /// What it has already. Never a password.
    pub(super) value: &'a str,
    /// What helps to fill it in; empty: nothing.
    pub(super) hint: &'a str,
}

impl Field<'_> {
    /// The field, which has to be filled in.
    pub(super) fn markup(&self) -> Markup {
        self.drawn(true)
    }

    /// The field, which may be left empty.
    pub(super) fn optional(&self) -> Markup {
        self.drawn(false)
    }

    fn drawn(&self, is_required: bool) -> Markup {
        let Self { name, label, kind, autocomplete, value, hint } = *self;
        let hint_id = (!hint.is_empty()).then(|| format!("{name}-hint"));
        // What was wrong with what was sent comes first: see the frame of the page.
        let described = hint_id.as_ref().map_or("problem".to_owned(), |id| format!("problem {id}"));
        let is_code = autocomplete == "one-time-code";
        html! {
            div.field {
                label for=(name) { (label) }
                @if let Some(id) = &hint_id { p.hint id=(id) { (hint) } }
                input id=(name) name=(name) type=(kind) autocomplete=(autocomplete) aria-describedby=(described)
                    value=[(!value.is_empty()).then_some(value)] inputmode=[is_code.then_some("text")] spellcheck="false" autocapitalize="none"
                    maxlength="1000" required[is_required];
            }
        }
    }
}

/// A password that is new, twice, so that it is not mistyped.
pub(super) fn new_password() -> Markup {
    let field = |name, label, hint| Field { name, label, kind: "password", autocomplete: "new-password", value: "", hint }.markup();
    html! {
        (field("password", "New password", "Long is better than complicated: four words that have nothing to do with each other are good."))
        (field("again", "The same again", ""))
    }
}
