//! What two sets of scopes have in common.

use super::{Context, ResourceScope, Scopes};

/// How many scopes about resources a narrowing gives at most. What would come after them is not allowed.
const MAX_NARROWED: usize = 1000;

impl Scopes {
    /// What both allow: of a client's scopes those that it is registered for, of these those that the user grants. The order is that of `self`.
    ///
    /// Nothing is in the answer that is not in both. A scope of the user's context narrows to the patient's, which is part of it; `system` has nothing
    /// in common with either. Search parameters of both hold together.
    pub fn narrowed(&self, by: &Scopes) -> Scopes {
        let mut resources: Vec<ResourceScope> = Vec::new();
        let pairs = self.resources.iter().flat_map(|asked| by.resources.iter().filter_map(|other| asked.common(other)));
        for common in pairs {
            if resources.len() == MAX_NARROWED {
                break;
            }
            if !resources.iter().any(|known| known.covers(&common)) {
                resources.retain(|known| !common.covers(known));
                resources.push(common);
            }
        }
        let others = self.others.iter().filter(|name| by.has(name)).cloned().collect();
        Scopes { resources, others }
    }
}

impl ResourceScope {
    /// What both allow; `None`: nothing.
    pub fn common(&self, other: &ResourceScope) -> Option<ResourceScope> {
        let context = match (self.context, other.context) {
            (one, two) if one == two => one,
            (Context::Patient, Context::User) | (Context::User, Context::Patient) => Context::Patient,
            _ => return None,
        };
        let kind = match (self.kind, other.kind) {
            (Some(one), Some(two)) if one != two => return None,
            (one, two) => one.or(two),
        };
        let acts = self.acts.and(other.acts);
        let mut params = self.params.clone();
        params.extend(other.params.iter().filter(|pair| !self.params.contains(pair)).cloned());
        (!acts.is_empty()).then_some(ResourceScope { context, kind, acts, params })
    }

    /// Whether this allows everything that the other does.
    pub fn covers(&self, other: &ResourceScope) -> bool {
        let context = self.context == other.context || (self.context, other.context) == (Context::User, Context::Patient);
        let kind = self.kind.is_none() || self.kind == other.kind;
        context && kind && self.acts.and(other.acts) == other.acts && self.params.iter().all(|pair| other.params.contains(pair))
    }
}
