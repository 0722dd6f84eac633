//! Limits: how much of everything.

use interaction::{MAX_CODE_SETS, MAX_CODES};
use maud::{Markup, html};
use search::parse::{MAX_CHAIN, MAX_PARAMETERS, MAX_VALUE_BYTES, MAX_VALUES};

use crate::layout::table;
use crate::site::Site;

/// The table of limits, as this server is set.
pub(super) fn limits(site: &Site) -> Markup {
    let settings = &site.server.settings;
    let rows: [(&str, String); 12] = [
        ("A resource", bytes(site.limits.resource_bytes)),
        ("A batch or transaction", format!("{}, {} entries", bytes(site.limits.bundle_bytes), number(settings.max_bundle_entries))),
        ("An address, and the form of a search", bytes(site.limits.url_bytes)),
        ("A page, when nothing is said", format!("{} resources", settings.default_count)),
        ("A page, at most", format!("{} resources", number(settings.max_count as usize))),
        ("Parameters of a search", number(MAX_PARAMETERS)),
        ("Values of a parameter, separated by commas", number(MAX_VALUES)),
        ("A value", bytes(MAX_VALUE_BYTES)),
        ("Value sets and codes that a search names, with `:in`, `:not-in`, `:below` and `:above`", number(MAX_CODE_SETS)),
        ("Codes that these stand for, together", number(MAX_CODES)),
        ("Links of a chain", number(MAX_CHAIN)),
        ("Ids chosen by clients", if settings.update_create { "allowed".to_owned() } else { "refused".to_owned() }),
    ];
    html! {
        p { "What needs more is refused with an error that says so. Bodies may be compressed with gzip; the limits hold for what comes out." }
        (table("Limits", &["What", "At most"], html! { @for (what, most) in rows { tr { td { (what) } td { (most) } } } }))
    }
}

fn bytes(count: usize) -> String {
    match count {
        count if count >= 1 << 20 && count.is_multiple_of(1 << 20) => format!("{} MiB", count >> 20),
        count => format!("{} bytes", number(count)),
    }
}

/// A number with commas between the thousands.
fn number(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
