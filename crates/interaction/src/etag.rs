//! Entity tags: a version number as `W/"3"` (<http://hl7.org/fhir/R4/http.html#concurrency>).

use crate::Error;

/// The tag of a version: `W/"3"`.
pub fn etag(version: u64) -> String {
    format!("W/\"{version}\"")
}

/// The version that a tag names. A strong tag (`"3"`) and a bare number are read too, as clients in use send them;
/// anything else is [`Error::BadEtag`].
pub fn parse(text: &str) -> Result<u64, Error> {
    let text = text.trim();
    let quoted = text.strip_prefix("W/").unwrap_or(text);
    let digits = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(quoted);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| plain).ok_or(Error::BadEtag)
}

/// Whether a list of tags, as `If-None-Match` has it, names this version or every one (`*`). Tags that are malformed name none.
pub fn lists(tags: &str, version: u64) -> bool {
    tags.split(',').any(|tag| tag.trim() == "*" || parse(tag).is_ok_and(|known| known == version))
}
