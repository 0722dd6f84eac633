//! Entity tags: a version number as `W/"3"` (<http://hl7.org/fhir/R4/http.html#concurrency>).

use crate::Error;

/// What a tag stands for that no version of this server has: a number that none reaches.
const FOREIGN: u64 = i64::MAX as u64;

/// The tag of a version: `W/"3"`.
pub fn etag(version: u64) -> String {
    format!("W/\"{version}\"")
}

/// The version that a tag names. A strong tag (`"3"`) and a bare number are read too, as clients in use send them. A tag may have any text
/// between its quotes: one that this server never gives names a version that nothing has. Anything else is [`Error::BadEtag`].
pub fn parse(text: &str) -> Result<u64, Error> {
    let text = text.trim();
    let quoted = text.strip_prefix("W/").unwrap_or(text);
    let content = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let digits = content.unwrap_or(quoted);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match (digits.parse(), content) {
        (Ok(version), _) if plain => Ok(version),
        (_, Some(content)) if !content.is_empty() && content.bytes().all(|byte| byte == b'!' || (b'#'..=b'~').contains(&byte)) => {
            Ok(FOREIGN)
        }
        _ => Err(Error::BadEtag),
    }
}

/// Whether a list of tags, as `If-None-Match` has it, names this version or every one (`*`). Tags that are malformed name none.
pub fn lists(tags: &str, version: u64) -> bool {
    tags.split(',').any(|tag| tag.trim() == "*" || parse(tag).is_ok_and(|known| known == version))
}
