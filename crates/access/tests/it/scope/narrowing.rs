//! What two sets of scopes have in common: never more than either.

use access::{Act, ResourceScope, Scopes};

use super::scopes;
use crate::random::Random;

fn narrowed(asked: &str, by: &str) -> String {
    scopes(asked).narrowed(&scopes(by)).to_string()
}

#[test]
fn what_is_asked_is_narrowed_to_what_may_be() {
    assert_eq!(
        narrowed("patient/*.rs openid", "patient/Observation.cruds patient/Condition.r fhirUser"),
        "patient/Observation.rs patient/Condition.r"
    );
    assert_eq!(
        narrowed("patient/Observation.rs", "patient/Observation.rs?category=laboratory"),
        "patient/Observation.rs?category=laboratory"
    );
    assert_eq!(narrowed("patient/Observation.rs?code=1", "patient/Observation.r?category=x"), "patient/Observation.r?code=1&category=x");
    assert_eq!(narrowed("user/*.rs", "patient/*.rs"), "patient/*.rs");
    assert_eq!(narrowed("system/*.rs", "user/*.rs"), "");
    assert_eq!(narrowed("patient/*.r", "patient/*.s"), "");
    assert_eq!(narrowed("openid launch offline_access", "offline_access openid"), "offline_access openid");
    assert_eq!(narrowed("patient/*.rs patient/Observation.r", "patient/*.rs"), "patient/*.rs");
}

#[test]
fn a_set_narrowed_by_itself_is_as_wide_as_before() {
    let all = "patient/*.rs user/Observation.cruds?code=1 system/Patient.r openid";
    assert_eq!(narrowed(all, all), scopes(all).to_string());
}

#[test]
fn a_narrowing_is_bounded() {
    let many = |from: usize| (from..from + 100).map(|each| format!("user/Patient.r?name=n{each}")).collect::<Vec<_>>().join(" ");
    let both = scopes(&many(0)).narrowed(&scopes(&many(1000)));
    assert_eq!(both.resources.len(), 1000);
}

/// Whether a scope lets an act be done with a resource that has these values, under a user or a launched patient.
fn allows(scopes: &Scopes, kind: &str, act: Act, values: &[(String, String)], context: &str) -> bool {
    let fits = |scope: &ResourceScope| {
        let whose = scope.context.name() == context || scope.context.name() == "user" && context == "patient";
        whose
            && scope.kind.is_none_or(|known| known.name() == kind)
            && scope.acts.has(act)
            && scope.params.iter().all(|pair| values.contains(pair))
    };
    scopes.resources.iter().any(fits)
}

#[test]
fn narrowing_never_allows_more_and_loses_nothing_common() {
    let mut random = Random::new(0x5c0_9e5);
    for _ in 0..3000 {
        let (asked, by) = (random.scopes(), random.scopes());
        let both = asked.narrowed(&by);
        let values = random.values();
        for kind in ["Patient", "Observation", "Condition"] {
            for act in access::ACTS {
                for context in ["patient", "user", "system"] {
                    let allowed = |scopes: &Scopes| allows(scopes, kind, act, &values, context);
                    let expected = allowed(&asked) && allowed(&by);
                    assert_eq!(allowed(&both), expected, "{asked} narrowed by {by} is {both}: {act:?} {kind} as {context} with {values:?}");
                }
            }
        }
    }
}
