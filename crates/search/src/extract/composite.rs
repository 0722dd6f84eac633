//! Composites: the combinations of their components' values.

use fhirpath::{Context, Item};
use store::entry::EntryValue;

use super::{Compiled, Extractor};

/// The most combinations that one element gives; the others are left out.
const MAX_COMBINATIONS: usize = 1000;

/// Appends the combinations of one element that the composite's own expression yields: one value of each component.
pub(super) fn push<'a>(of: Extractor<'_>, context: &Context<'a>, compiled: &Compiled, element: &Item<'a>, out: &mut Vec<EntryValue>) {
    let mut combinations: Vec<Vec<EntryValue>> = vec![Vec::new()];
    for (component, expression) in compiled.parameter.components.iter().zip(&compiled.components) {
        let mut values = Vec::new();
        let extractor = Extractor { shape: component.shape(), ..of };
        for item in &expression.evaluate(context, element).unwrap_or_default() {
            extractor.push(item, &mut values);
        }
        if values.is_empty() {
            return;
        }
        let longer =
            combinations.iter().flat_map(|known| values.iter().map(move |value| [known.as_slice(), std::slice::from_ref(value)].concat()));
        combinations = longer.take(MAX_COMBINATIONS).collect();
    }
    out.extend(combinations.into_iter().map(EntryValue::Composite));
}
