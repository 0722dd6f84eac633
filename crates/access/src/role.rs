//! The roles that Ward brings. Each is a policy, in `roles/*.json`; a role of a hospital's own is one under another name.

pub mod matrix;
pub mod page;

use std::sync::{Arc, LazyLock};

use search::Registry;

use crate::policy::Policy;

/// Their names with their policies.
const FILES: [(&str, &str); 11] = [
    ("system-administrator", include_str!("../roles/system-administrator.json")),
    ("administrator", include_str!("../roles/administrator.json")),
    ("physician", include_str!("../roles/physician.json")),
    ("nurse", include_str!("../roles/nurse.json")),
    ("pharmacist", include_str!("../roles/pharmacist.json")),
    ("laboratory-technician", include_str!("../roles/laboratory-technician.json")),
    ("receptionist", include_str!("../roles/receptionist.json")),
    ("biller", include_str!("../roles/biller.json")),
    ("patient", include_str!("../roles/patient.json")),
    ("auditor", include_str!("../roles/auditor.json")),
    ("service", include_str!("../roles/service.json")),
];

static ROLES: LazyLock<Vec<Arc<Policy>>> = LazyLock::new(|| {
    let read = |(name, text): &(&str, &str)| {
        let policy = Policy::read(text.as_bytes(), &Registry::standard());
        // A role that cannot be read is none: whoever has it may do nothing. A test reads them all.
        policy.inspect_err(|issues| tracing::error!("the role {name} cannot be read: {issues:?}")).ok().map(Arc::new)
    };
    FILES.iter().filter_map(read).collect()
});

/// All of them, in the order of the documentation.
pub fn all() -> &'static [Arc<Policy>] {
    &ROLES
}

/// The names of all of them.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}

/// The text of the policy of a role, as it is in the repository; `None` when Ward brings no such role.
pub fn text(name: &str) -> Option<&'static str> {
    FILES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The role of this name; `None` when Ward brings none.
pub fn get(name: &str) -> Option<Arc<Policy>> {
    ROLES.iter().find(|policy| *policy.name == *name).cloned()
}
