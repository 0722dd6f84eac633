//! What pages of administration are drawn with.

use fhir::Value;
use maud::{Markup, html};

/// All that was wrong, before all else.
pub(super) fn problems(problems: &[String]) -> Markup {
    html! {
        div.problem role="alert" {
            @if let [one] = problems { p { (one) } } @else { ul { @for problem in problems { li { (problem) } } } }
        }
    }
}

/// A line of text to fill in; `id` is its name too.
pub(super) fn line(id: &str, label: &str, value: &str, hint: &str) -> Markup {
    named_line((id, id), label, value, hint)
}

/// The same where several have one name.
pub(super) fn named_line((id, name): (&str, &str), label: &str, value: &str, hint: &str) -> Markup {
    let hint_id = (!hint.is_empty()).then(|| format!("{id}-hint"));
    html! {
        div.field {
            label for=(id) { (label) }
            @if let Some(hint_id) = &hint_id { p.hint id=(hint_id) { (hint) } }
            input id=(id) name=(name) type="text" value=[(!value.is_empty()).then_some(value)] autocomplete="off" spellcheck="false" autocapitalize="none"
                maxlength="1000" aria-describedby=[hint_id.as_deref()];
        }
    }
}

/// A box to tick.
pub(super) fn tick(id: &str, label: &str) -> Markup {
    html! { div.choice { input id=(id) name=(id) type="checkbox" value="yes"; label for=(id) { (label) } } }
}

/// A choice of one of these, each with its words; empty words are those of the value.
pub(super) fn choice(id: &str, label: &str, chosen: &str, of: &[(&str, &str)]) -> Markup {
    html! {
        div.field {
            label for=(id) { (label) }
            select id=(id) name=(id) { @for (value, words) in of { option value=(value) selected[*value == chosen] { (words) } } }
        }
    }
}

/// A term and what it is, where that is known.
pub(super) fn fact(term: &str, value: &str) -> Markup {
    html! { @if !value.is_empty() { div { dt { (term) } dd { (value) } } } }
}

/// Something that is shown this once.
pub(super) fn shown_once(what: &str, secret: &str) -> Markup {
    html! {
        section aria-labelledby="once" {
            h2 id="once" { (what) }
            p { "It is shown now, and never again." }
            p { code.key { (secret) } }
        }
    }
}

/// A member that is a text; empty when it is not there.
pub(super) fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.text(name).unwrap_or_default()
}

/// A member that is a moment, to the minute.
pub(super) fn moment(value: &Value, name: &str) -> String {
    let shown = text(value, name).get(..16).map(|shown| shown.replace('T', " "));
    shown.map_or_else(String::new, |shown| format!("{shown} UTC"))
}

/// The texts of a list, with commas between them.
pub(super) fn texts(value: &Value, name: &str) -> String {
    value.list(name).filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
}

/// Roles, each with where it holds.
pub(super) fn roles(value: &Value) -> String {
    let shown = |role: &Value| {
        let places = ["facility", "department"].into_iter().map(|place| text(role, place)).filter(|place| !place.is_empty());
        places.fold(text(role, "role").to_owned(), |shown, place| format!("{shown} at {place}"))
    };
    value.list("roles").map(shown).collect::<Vec<_>>().join(", ")
}

/// The way to the next page of a list; nothing when there is none.
pub(super) fn next(page: &Value, path: &str, query: &[(&str, &str)]) -> Markup {
    let cursor = text(page, "next");
    let pairs: Vec<(&str, &str)> = query.iter().copied().filter(|(_, value)| !value.is_empty()).chain([("cursor", cursor)]).collect();
    html! { @if !cursor.is_empty() { p { a href=(oauth::params::append(path, &pairs)) { "The next page" } } } }
}
