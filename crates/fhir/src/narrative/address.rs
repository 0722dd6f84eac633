//! Addresses and styles in a narrative: those that run code or load something from outside are refused.

/// The schemes that a link may have; an address without scheme is relative to the document.
const LINK_SCHEMES: [&str; 9] = ["http", "https", "mailto", "tel", "sms", "ftp", "urn", "cid", "mid"];
/// The schemes that an image may have besides `data:image/…`.
const IMAGE_SCHEMES: [&str; 4] = ["http", "https", "cid", "urn"];

/// What is wrong with the address of a link.
pub(super) fn link_fault(address: &str) -> Option<&'static str> {
    match scheme(&plain(address)) {
        Some(scheme) if !LINK_SCHEMES.contains(&scheme) => {
            Some("the address must be relative, http:, https:, mailto:, tel:, sms:, ftp:, urn:, cid: or mid:")
        }
        _ => None,
    }
}

/// What is wrong with the address of an image.
pub(super) fn image_fault(address: &str) -> Option<&'static str> {
    let address = plain(address);
    match scheme(&address) {
        Some("data") if address.starts_with("data:image/") => None,
        Some(scheme) if !IMAGE_SCHEMES.contains(&scheme) => {
            Some("the address of an image must be relative, http:, https:, cid:, urn: or data:image/")
        }
        _ => None,
    }
}

/// What is wrong with a style.
pub(super) fn style_fault(style: &str) -> Option<&'static str> {
    // Escapes and comments can hide a word from this look, and a browser puts it together again.
    let style = plain(style);
    let hides = style.contains('\\') || style.contains("/*");
    let loads = style.match_indices("url(").any(|(at, _)| {
        let address = style[at + 4..].trim_start_matches(['"', '\'']);
        // Relative to the document, as the images of HL7's own narratives are.
        let is_relative = scheme(address).is_none() && !address.starts_with("//");
        !is_relative && !address.starts_with("data:image/")
    });
    let runs = ["expression(", "javascript:", "vbscript:", "@import", "behavior:", "-moz-binding", "image-set("];
    if hides || loads || runs.iter().any(|word| style.contains(word)) {
        return Some("a style must not load or run anything, and has no escapes or comments");
    }
    None
}

/// What a browser makes of an address before it looks at it: without white space and control characters, small letters.
fn plain(text: &str) -> String {
    text.chars().filter(|character| *character > ' ' && !character.is_control()).collect::<String>().to_ascii_lowercase()
}

/// What stands before the first colon, when that is neither in a path nor in a query or a fragment.
fn scheme(address: &str) -> Option<&str> {
    let (scheme, _) = address.split_once(':')?;
    (!scheme.contains(['/', '?', '#'])).then_some(scheme)
}
