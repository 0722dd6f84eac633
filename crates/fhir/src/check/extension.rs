//! Extensions: <http://hl7.org/fhir/R4/extensibility.html>.

use super::Checker;
use super::path::Path;
use crate::codes;
use crate::outcome::IssueCode;
use crate::value::Object;

impl Checker {
    /// The rule ext-1: a value or nested extensions, not both. The table asks for the url.
    pub(super) fn extension(&mut self, object: &Object, path: &Path) {
        let has_value = object.iter().any(|(name, _)| name.strip_prefix('_').unwrap_or(name).starts_with("value"));
        let has_extension = object.get("extension").is_some();
        if has_value != has_extension {
            return;
        }
        let text = match has_value {
            true => "an extension has either a value or nested extensions: move the one into the other, or leave it out",
            false => "an extension needs a value, such as valueString, or nested extensions",
        };
        self.report(codes::EXTENSION_VALUE, IssueCode::Extension, path, text);
    }
}
