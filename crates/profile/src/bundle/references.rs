//! The references in a resource, with the way to each.

use fhir::Value;
use fhir::definitions::{Type, TypeKind, definitions};

/// A step from a resource to an element: its name and its place in an array.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step<'a> {
    name: &'a str,
    index: Option<usize>,
}

impl Step<'_> {
    /// The steps as FHIRPath writes them after a resource: `.author[0]`.
    pub(super) fn text(steps: &[Step<'_>]) -> String {
        let mut text = String::new();
        for step in steps {
            text.push('.');
            text.push_str(step.name);
            if let Some(index) = step.index {
                text.push_str(&format!("[{index}]"));
            }
        }
        text
    }

    /// The names of the steps, with dots between them: `section.entry`.
    pub(super) fn names(steps: &[Step<'_>]) -> String {
        steps.iter().map(|step| step.name).collect::<Vec<_>>().join(".")
    }
}

/// Calls `found` with the text of each reference in a resource, those in contained ones too, and the way to it.
pub(super) fn each<'a>(resource: &'a Value, found: &mut dyn FnMut(&'a str, &[Step<'a>])) {
    let kind = resource.resource_type().and_then(|name| definitions().type_by_name(name));
    if let Some(kind) = kind {
        walk(resource, kind, &mut Vec::new(), found);
    }
}

fn walk<'a>(value: &'a Value, kind: &'static Type, steps: &mut Vec<Step<'a>>, found: &mut dyn FnMut(&'a str, &[Step<'a>])) {
    let Some(object) = value.as_object() else { return };
    if kind.name == "Reference"
        && let Some(reference) = value.text("reference")
    {
        found(reference, steps);
    }
    for (name, value) in object.iter() {
        let Some((element, of)) = kind.member(name.strip_prefix('_').unwrap_or(name)) else { continue };
        let is_array = matches!(value, Value::Array(_));
        for (index, item) in value.each().enumerate().filter(|(_, item)| item.as_object().is_some()) {
            let declared = definitions().get(of.id);
            let is_resource = declared.kind == TypeKind::Resource;
            let actual = if is_resource { item.resource_type().and_then(|name| definitions().type_by_name(name)) } else { Some(declared) };
            let Some(actual) = actual else { continue };
            steps.push(Step { name: element.name, index: is_array.then_some(index) });
            walk(item, actual, steps, found);
            steps.pop();
        }
    }
}
