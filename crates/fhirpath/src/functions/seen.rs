//! Which items were met: a set by FHIRPath's equality.

use std::collections::HashSet;

use crate::error::Result;
use crate::evaluate::{Evaluator, items_equal};
use crate::item::{Item, System};
use crate::text::Text;

/// Strings are found by hash, as they equal nothing but strings; all else is compared one by one, since equality of dates and
/// quantities is no equivalence relation.
#[derive(Default)]
pub(super) struct Seen<'a> {
    texts: HashSet<Text<'a>>,
    others: Vec<Item<'a>>,
}

impl<'a> Seen<'a> {
    pub(super) fn of(items: &[Item<'a>]) -> Self {
        let mut seen = Self::default();
        items.iter().for_each(|item| seen.insert(item));
        seen
    }

    pub(super) fn insert(&mut self, item: &Item<'a>) {
        match text(item) {
            Some(text) => {
                self.texts.insert(text);
            }
            None => self.others.push(item.clone()),
        }
    }

    /// Whether an equal item is in it. Counts the comparisons against the limit.
    pub(super) fn contains(&self, evaluator: &Evaluator<'_, 'a>, at: u32, item: &Item<'a>) -> Result<bool> {
        if let Some(text) = text(item) {
            evaluator.charge(at, 1)?;
            return Ok(self.texts.contains(&*text));
        }
        // Comparing two complex values or dates is many times the work of a step.
        evaluator.charge(at, 1 + self.others.len().saturating_mul(4))?;
        Ok(self.others.iter().any(|other| items_equal(item, other) == Some(true)))
    }
}

/// The string that an item is; `None` for dates and times, whose texts can differ where they are equal.
fn text<'a>(item: &Item<'a>) -> Option<Text<'a>> {
    match item {
        Item::System(System::String(text)) => Some(text.clone()),
        Item::System(_) => None,
        Item::Node(node) => node.plain_text().map(Text::Borrowed),
    }
}
