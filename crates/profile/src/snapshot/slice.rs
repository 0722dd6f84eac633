//! Slices: <http://hl7.org/fhir/R4/profiling.html#slicing>.

use fhir::{array, object};

use super::Error;
use super::choice::{narrow, type_of};
use super::generate::Generator;
use super::tree::Node;

impl Generator<'_> {
    /// The slice of that name, made when the base has it not. It begins with what the base says of the element that is sliced.
    pub(super) fn slice<'n>(&mut self, sliced: &'n mut Node, name: &str) -> Result<&'n mut Node, Error> {
        if let Some(index) = sliced.slices.iter().position(|slice| slice.slice.as_deref() == Some(name)) {
            let slice = &mut sliced.slices[index];
            if slice.before.is_none() {
                self.charge(slice.size())?;
                slice.before = Some(Box::new(slice.clone()));
            }
            return Ok(slice);
        }
        let outer = name.rsplit_once('/').and_then(|(outer, _)| sliced.slices.iter().find(|slice| slice.slice.as_deref() == Some(outer)));
        let template = outer.unwrap_or(sliced);
        let template = template.before.as_deref().unwrap_or(template);
        let mut slice = Node { slice: Some(name.into()), slices: Vec::new(), before: None, ..template.clone() };
        self.charge(slice.size())?;
        slice.before = Some(Box::new(slice.clone()));
        slice.definition.remove("slicing");
        slice.definition.set("sliceName", name);
        slice.definition.set("min", 0_u64);
        if let Some(code) = type_of(sliced, name).map(str::to_owned) {
            narrow(&mut slice.definition, &code);
        }
        add_slicing(sliced);
        let place = place_after(sliced, name);
        sliced.slices.insert(place, slice);
        Ok(&mut sliced.slices[place])
    }
}

/// Slices of a slice follow it, others come at the end.
fn place_after(sliced: &Node, name: &str) -> usize {
    let Some((outer, _)) = name.rsplit_once('/') else { return sliced.slices.len() };
    let belongs = |slice: &Node| {
        slice.slice.as_deref().is_some_and(|other| other == outer || other.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/')))
    };
    sliced.slices.iter().rposition(belongs).map_or(sliced.slices.len(), |last| last + 1)
}

/// Extensions are sliced by their url and choices by their type, also where the differential does not say so.
fn add_slicing(sliced: &mut Node) {
    if sliced.definition.get("slicing").is_some() {
        return;
    }
    let (kind, path) = match &*sliced.name {
        "extension" | "modifierExtension" => ("value", "url"),
        name if name.ends_with("[x]") => ("type", "$this"),
        _ => return,
    };
    let discriminator = object! { "type": kind, "path": path };
    sliced.definition.set("slicing", object! { "discriminator": array![discriminator], "ordered": false, "rules": "open" });
}
