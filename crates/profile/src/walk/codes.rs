//! Bindings: <http://hl7.org/fhir/R4/terminologies.html#strength>.

use fhir::check::Path;
use fhir::definitions::{BindingStrength, Type, TypeKind, definitions};
use fhir::{IssueCode, Severity, Value};

use super::element::Entry;
use super::{Active, Walk};
use crate::binding::{Coded, Membership};
use crate::codes;
use crate::plan::Bound;

impl<'w> Walk<'w> {
    /// A code that a profile binds.
    pub(super) fn bound(&mut self, by: Active<'w>, bound: &Bound, entry: Entry<'w>, kind: &'static Type, path: &Path) {
        let rule = || format!(" (element {} of the profile {})", by.node.id, by.plan.url);
        self.judge(&bound.value_set, bound.strength, entry, kind, path, rule);
    }

    /// A code that FHIR itself binds, where no profile has a binding of its own. The enumerable ones have been looked at with the structure.
    pub(super) fn base_binding(&mut self, entry: Entry<'w>, kind: &'static Type, active: &[Active<'w>], path: &Path) {
        let Some(binding) = &entry.element.binding else { return };
        let is_weak = matches!(binding.strength, BindingStrength::Example | BindingStrength::Preferred);
        if self.is_silent || is_weak || definitions().required_codes(binding).is_some() {
            return;
        }
        let has_own = |by: &Active| by.node.rules.as_ref().is_some_and(|rules| rules.binding.is_some());
        if !active.iter().any(has_own) {
            self.judge(binding.value_set, binding.strength, entry, kind, path, String::new);
        }
    }

    fn judge(
        &mut self,
        value_set: &str,
        strength: BindingStrength,
        entry: Entry<'w>,
        kind: &'static Type,
        path: &Path,
        rule: impl Fn() -> String,
    ) {
        let (severity, word) = match strength {
            BindingStrength::Required => (Severity::Error, "must"),
            BindingStrength::Extensible => (Severity::Warning, "should, where it has one that fits,"),
            BindingStrength::Preferred => (Severity::Information, "should rather"),
            BindingStrength::Example => return,
        };
        if self.is_silent && severity < Severity::Error {
            return;
        }
        let Some(value) = entry.value else { return };
        let coded = match (kind.kind, kind.name, value) {
            (TypeKind::Primitive, _, Value::String(text)) => Coded::Code(text),
            (_, "CodeableConcept", _) => Coded::Concept(value),
            (_, "Coding" | "Quantity" | "Age" | "Duration" | "Distance" | "Count", _) => Coded::Coding(value),
            _ => return,
        };
        let has_code = match coded {
            Coded::Code(_) => true,
            Coded::Coding(coding) => coding.get("code").is_some(),
            Coded::Concept(concept) => concept.list("coding").any(|coding| coding.get("code").is_some()),
        };
        if !has_code {
            let is_excused = value.get("extension").is_some() || matches!(coded, Coded::Coding(_)) && strength != BindingStrength::Required;
            let is_text = value.get("text").is_some() && strength != BindingStrength::Required;
            if !is_excused && !is_text {
                let text = || format!("there is no code, and one from the value set {value_set} {word} be there{}", rule());
                self.report(severity, codes::CODE_MISSING, IssueCode::CodeInvalid, path, text);
            }
            return;
        }
        match self.binding.judge(value_set, strength, coded) {
            Membership::In => {}
            Membership::NotIn => {
                let text = || format!("the code is not in the value set {value_set}: it {word} be from it{}", rule());
                self.report(severity, codes::NOT_IN_VALUE_SET, IssueCode::CodeInvalid, path, text);
            }
            Membership::CannotTell(why) => {
                let text = || format!("whether the code is in the value set {value_set} cannot be told: {why}{}", rule());
                self.report(Severity::Information, codes::VALUE_SET_UNKNOWN, IssueCode::NotSupported, path, text);
            }
        }
    }
}
