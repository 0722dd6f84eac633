//! Types whose resources are part of others of their type (<http://hl7.org/fhir/R4/search.html#recursive>).

use std::sync::LazyLock;

use fhir::definitions::{ResourceType, definitions};

/// The names that such a parameter may have.
const CODES: [&str; 3] = ["partof", "part-of", "parent"];

/// Type and parameter, sorted by type.
static PARENTS: LazyLock<Vec<(ResourceType, &'static str)>> = LazyLock::new(|| {
    let mut parents: Vec<_> = definitions()
        .search_parameters()
        .iter()
        .filter(|parameter| CODES.contains(&parameter.code))
        .flat_map(|parameter| {
            parameter.bases.iter().filter(|base| parameter.targets.contains(base)).map(move |base| (*base, parameter.code))
        })
        .filter_map(|(base, code)| Some((ResourceType::parse(base)?, code)))
        .collect();
    parents.sort_unstable();
    parents
});

/// The code of the parameter by which a resource of this type names the one that it is part of; `None` where there is no such hierarchy.
pub fn parent(kind: ResourceType) -> Option<&'static str> {
    PARENTS.binary_search_by_key(&kind, |&(of, _)| of).ok().map(|index| PARENTS[index].1)
}
