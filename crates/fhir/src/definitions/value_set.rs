//! The value sets of required bindings.

/// The place of a value set in the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueSetId(pub(super) u16);

/// The codes of a value set.
#[derive(Debug)]
pub struct ValueSet {
    /// Its canonical address, without version.
    pub url: &'static str,
    /// The code systems and their codes, sorted; empty when the codes cannot be enumerated (media types, units).
    pub systems: Vec<(&'static str, Vec<&'static str>)>,
}

impl ValueSet {
    /// Whether all its codes are known.
    pub fn is_enumerable(&self) -> bool {
        !self.systems.is_empty()
    }

    /// Whether it has `code`, of `system` when that is given. What cannot be enumerated has every code.
    pub fn contains(&self, system: Option<&str>, code: &str) -> bool {
        let has = |(of, codes): &(&str, Vec<&str>)| system.is_none_or(|system| system == *of) && codes.binary_search(&code).is_ok();
        !self.is_enumerable() || self.systems.iter().any(has)
    }

    /// All codes, system by system.
    pub fn codes(&self) -> impl Iterator<Item = &'static str> {
        self.systems.iter().flat_map(|(_, codes)| codes.iter().copied())
    }

    /// Reads the table. Lines of one value set stand together.
    pub(super) fn read(lines: impl Iterator<Item = &'static str>) -> Option<Vec<Self>> {
        let mut sets: Vec<Self> = Vec::new();
        for line in lines {
            let mut columns = line.split('\t');
            let url = columns.next()?;
            if sets.last().is_none_or(|last| last.url != url) {
                sets.push(Self { url, systems: Vec::new() });
            }
            if let Some(system) = columns.next() {
                sets.last_mut()?.systems.push((system, columns.collect()));
            }
        }
        Some(sets)
    }
}
