//! Suggestions in messages.

use crate::nearest;

/// `: did you mean "birthDate"?`, or nothing.
pub(super) fn did_you_mean<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    nearest(name, candidates).map(|found| format!(": did you mean \"{found}\"?")).unwrap_or_default()
}
