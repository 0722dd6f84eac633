//! `/developer/errors`: what each error means.

use maud::{Markup, html};

use crate::layout::{Layout, prose, section, table};

/// The list that is generated from the numbers of all crates.
const LIST: &str = include_str!("../../../../docs/errors.md");

/// The rooms in which errors arise, by the first number of each.
const ROOMS: [(&str, &str, u16); 13] = [
    ("formats", "Formats and structure", 100),
    ("search", "Search", 300),
    ("interactions", "Interactions", 400),
    ("http", "HTTP", 500),
    ("store", "The store", 600),
    ("command-line", "The command line", 700),
    ("fhirpath", "FHIRPath", 800),
    ("patch", "Patch and GraphQL", 900),
    ("access", "Access", 1300),
    ("accounts", "Accounts", 1350),
    ("apps", "Apps", 1400),
    ("audit", "The audit trail", 1450),
    ("keys", "Keys", 1480),
];

/// The page.
pub(crate) fn errors() -> Markup {
    let groups: Vec<_> =
        ROOMS.iter().enumerate().map(|(index, room)| (room, meanings(room.2, ROOMS.get(index + 1).map(|next| next.2)))).collect();
    let groups: Vec<_> = groups.into_iter().filter(|(_, meanings)| !meanings.is_empty()).collect();
    let sections: Vec<(&str, &str)> = groups.iter().map(|((id, name, _), _)| (*id, *name)).collect();
    let content = html! {
        div.lead {
            h1 { "Errors" }
            p { "Each issue of an OperationOutcome has one of these codes in " code { "details.coding" } ", with the system " code { "urn:ward:error" } ". A code keeps its meaning for ever: programs may rely on it, and on no text." }
        }
        @for ((id, name, _), meanings) in &groups {
            (section(id, name, table(name, &["Code", "Meaning"], html! {
                @for (code, meaning) in meanings { tr id=(code) { td { code { (code) } } td { (prose(meaning)) } } }
            })))
        }
    };
    Layout { title: "Errors", sections: &sections }.page(content)
}

/// The codes from one number on, up to another, with what they mean.
fn meanings(from: u16, to: Option<u16>) -> Vec<(&'static str, &'static str)> {
    let lines = LIST.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "));
    let in_room = |(code, _): &(&str, &str)| {
        let number = code.strip_prefix("WARD-").and_then(|digits| digits.parse::<u16>().ok());
        number.is_some_and(|number| number >= from && to.is_none_or(|to| number < to))
    };
    lines.filter(in_room).collect()
}
