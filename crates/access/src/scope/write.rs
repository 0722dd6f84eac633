//! Scopes as they are written into answers.

use std::fmt;

use search::url::query_string;

use super::{Acts, ResourceScope, Scopes};

impl fmt::Display for Acts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.letters().into_iter().filter(|(_, there)| *there).try_for_each(|(letter, _)| write!(f, "{letter}"))
    }
}

impl fmt::Display for ResourceScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}.{}", self.context.name(), self.kind.map_or("*", |kind| kind.name()), self.acts)?;
        if !self.params.is_empty() {
            write!(f, "?{}", query_string(&self.params))?;
        }
        Ok(())
    }
}

/// As version 2 of SMART writes them, separated by blanks: resources first, in their order.
impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let resources = self.resources.iter().map(ResourceScope::to_string);
        let all: Vec<String> = resources.chain(self.others.iter().map(|name| name.to_string())).collect();
        f.write_str(&all.join(" "))
    }
}

impl ResourceScope {
    /// As version 1 of SMART writes it: `patient/Observation.read`; `None` when that version has no words for it.
    pub fn version_1(&self) -> Option<String> {
        let word = [(Acts::READ, "read"), (Acts::WRITE, "write"), (Acts::ALL, "*")].into_iter().find(|(acts, _)| *acts == self.acts)?.1;
        self.params.is_empty().then(|| format!("{}/{}.{word}", self.context.name(), self.kind.map_or("*", |kind| kind.name())))
    }
}
