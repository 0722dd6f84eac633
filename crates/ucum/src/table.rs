//! UCUM's prefixes and units (`generated/`), read once.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use crate::canonical::Canonical;
use crate::number::Number;
use crate::scale::Function;

/// `k`, `m`, `Ki`.
pub(crate) struct Prefix {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) value: Number,
}

/// A unit that is not made of others by the grammar: `m`, `mol`, `[in_i]`.
pub(crate) struct Atom {
    pub(crate) index: u16,
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    /// Whether it takes prefixes.
    pub(crate) is_metric: bool,
    pub(crate) kind: Kind,
    /// Calculated when first asked for.
    pub(crate) canonical: OnceLock<Canonical>,
}

/// What an atom is defined by.
pub(crate) enum Kind {
    /// Nothing: it is a base unit, or an arbitrary one.
    Base,
    /// So many of another unit.
    Multiple(Number, &'static str),
    /// A scale over so many of another unit.
    Special(Function, Number, &'static str),
}

struct Table {
    prefixes: Vec<Prefix>,
    atoms: Vec<Atom>,
    by_code: HashMap<&'static str, u16>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let prefixes = rows(include_str!("../generated/prefixes.tsv")).filter_map(prefix).collect();
    let atoms: Vec<Atom> = rows(include_str!("../generated/units.tsv")).zip(0..).filter_map(read_atom).collect();
    let by_code = atoms.iter().map(|atom| (atom.code, atom.index)).collect();
    Table { prefixes, atoms, by_code }
});

fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

fn prefix(row: Vec<&'static str>) -> Option<Prefix> {
    let &[code, name, value] = row.as_slice() else { return None };
    Some(Prefix { code, name, value: Number::parse(value)? })
}

fn read_atom((row, index): (Vec<&'static str>, u16)) -> Option<Atom> {
    let &[code, name, flags, function, value, unit] = row.as_slice() else { return None };
    let kind = match (flags.contains('b'), function) {
        (true, _) => Kind::Base,
        // `[IU]` is arbitrary too, but so many of another.
        _ if flags.contains('a') && unit == "1" => Kind::Base,
        (_, "") => Kind::Multiple(Number::parse(value)?, unit),
        (_, function) => Kind::Special(Function::named(function)?, Number::parse(value)?, unit),
    };
    Some(Atom { index, code, name, is_metric: flags.contains('m'), kind, canonical: OnceLock::new() })
}

/// The atom with the number that [`Atom::index`] says.
pub(crate) fn atom(index: u16) -> &'static Atom {
    &TABLE.atoms[usize::from(index)]
}

/// The atom of a code.
pub(crate) fn find(code: &str) -> Option<&'static Atom> {
    TABLE.by_code.get(code).map(|&index| atom(index))
}

/// All atoms.
pub(crate) fn atoms() -> &'static [Atom] {
    &TABLE.atoms
}

/// All prefixes.
pub(crate) fn prefixes() -> &'static [Prefix] {
    &TABLE.prefixes
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_row_is_understood() {
        let rows = super::rows(include_str!("../generated/units.tsv")).count();
        assert_eq!(super::atoms().len(), rows);
        assert_eq!(super::prefixes().len(), super::rows(include_str!("../generated/prefixes.tsv")).count());
        let unfit = super::atoms().iter().filter(|atom| crate::Canonical::of_atom(atom).is_err()).map(|atom| atom.code);
        assert_eq!(unfit.collect::<Vec<_>>(), Vec::<&str>::new());
    }
}
