//! Policies: one is understood or refused with what is wrong, and its rules keep what they say to what there is.
#![no_main]

use std::sync::{Arc, LazyLock};

use access::policy::{MAX_RULES, Policy};
use libfuzzer_sys::fuzz_target;
use search::Registry;

static REGISTRY: LazyLock<Arc<Registry>> = LazyLock::new(Registry::standard);

fuzz_target!(|data: &[u8]| {
    match Policy::read(data, &REGISTRY) {
        Err(issues) => {
            assert!(!issues.is_empty() && issues.iter().all(|issue| !issue.diagnostics.is_empty()), "a refusal does not teach: {issues:?}");
        }
        Ok(policy) => {
            assert_eq!(Policy::read(data, &REGISTRY).as_ref(), Ok(&policy), "read twice, it is another");
            assert!(!policy.name.is_empty() && policy.rules.len() <= MAX_RULES);
            for rule in &policy.rules {
                assert!(!rule.name.is_empty() && rule.kinds.is_sorted(), "{rule:?}");
            }
        }
    }
});
