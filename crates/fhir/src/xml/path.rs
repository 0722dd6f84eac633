//! Where the reader or the writer is.

use std::fmt::Write;

/// The steps from the resource to an element.
#[derive(Default)]
pub(super) struct Path {
    steps: Vec<(&'static str, Option<usize>)>,
}

impl Path {
    pub(super) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    pub(super) fn push(&mut self, name: &'static str, index: Option<usize>) {
        self.steps.push((name, index));
    }

    /// Makes the last step that of the repeat `index`.
    pub(super) fn set_index(&mut self, index: usize) {
        if let Some((_, last)) = self.steps.last_mut() {
            *last = Some(index);
        }
    }

    pub(super) fn pop(&mut self) {
        self.steps.pop();
    }

    /// As FHIRPath: `Patient.name[0].given[1]`.
    pub(super) fn expression(&self) -> String {
        let mut text = String::new();
        for (name, index) in &self.steps {
            if !text.is_empty() {
                text.push('.');
            }
            text.push_str(name);
            if let Some(index) = index {
                let _ = write!(text, "[{index}]");
            }
        }
        text
    }
}
