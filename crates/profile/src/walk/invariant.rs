//! The invariants of profiles: <http://hl7.org/fhir/R4/conformance-rules.html#constraints>.

use fhir::check::Path;
use fhir::{IssueCode, Severity};
use fhirpath::Item;

use super::{Active, Scope, Walk};
use crate::codes;

impl<'w> Walk<'w> {
    /// Evaluates all invariants of a node on its element.
    pub(super) fn invariants(&mut self, by: Active<'w>, item: &Item<'w>, path: &Path, scope: &Scope<'_, 'w>) {
        let Some(rules) = &by.node.rules else { return };
        for constraint in &rules.constraints {
            let severity = if constraint.is_best_practice { self.options.best_practice } else { constraint.severity };
            if self.is_silent && severity < Severity::Error {
                continue;
            }
            match constraint.expression.is_true_within(scope.context, item, &mut self.steps_left) {
                Ok(true) => {}
                Ok(false) => {
                    let text = || format!("the invariant {} does not hold: {}", constraint.key, constraint.human);
                    self.by_rule(severity, codes::INVARIANT, IssueCode::Invariant, path, by, text);
                }
                Err(error) => {
                    // An expression that does not fit the data is a fault of the profile. What stands in the resource is not told.
                    let severity = if self.steps_left == 0 { Severity::Error } else { Severity::Warning };
                    let text = || format!("the invariant {} could not be evaluated: {error}", constraint.key);
                    self.by_rule(severity, codes::INVARIANT_FAILED, IssueCode::Exception, path, by, text);
                }
            }
        }
    }
}
