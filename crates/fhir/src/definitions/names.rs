//! The names of all members that FHIR's JSON has, each kept once.

use std::sync::OnceLock;

use super::load;
use super::name_index::NameIndex;

struct Names {
    /// Each with an underscore before it, as the member with a primitive's extensions has.
    underscored: Vec<&'static str>,
    index: NameIndex,
}

fn names() -> &'static Names {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| {
        let underscored: Vec<_> = load::lines(include_str!("../../generated/names.tsv")).collect();
        let index = NameIndex::new(underscored.iter().map(|name| &name[1..]));
        Names { underscored, index }
    })
}

/// The name as FHIR's tables have it, when they do: so that each name is kept once. Also for `_birthDate`.
pub fn known_name(name: &str) -> Option<&'static str> {
    let names = names();
    let (stem, skip) = match name.strip_prefix('_') {
        Some(stem) => (stem, 0),
        None => (name, 1),
    };
    let found = names.index.find(stem, |index| &names.underscored[index][1..])?;
    names.underscored.get(found)?.get(skip..)
}

/// The names of all members, without those that begin with an underscore, sorted.
pub fn known_names() -> impl Iterator<Item = &'static str> {
    names().underscored.iter().map(|name| &name[1..])
}
