//! What the base does not spell out: the elements of an element's type, of its profile, or of the element that it refers to.

use fhir::Value;

use super::generate::{DEFINITIONS, Generator};
use super::step::text;
use super::tree::Node;
use super::{Error, merge};

impl Generator<'_> {
    /// Gives an element without children those that its type has.
    pub(crate) fn unfold(&mut self, node: &mut Node, base: &Node) -> Result<(), Error> {
        if !node.children.is_empty() {
            return Ok(());
        }
        if let Some(reference) = text(&node.definition, "contentReference") {
            let id = reference.split_once('#').map_or(reference, |(_, id)| id);
            let Some(target) = base.at(id) else { return Err(Error::NoElement(id.into())) };
            self.charge(target.size())?;
            node.children.clone_from(&target.children);
            if let Some(types) = target.definition.get("type") {
                node.definition.set("type", types.clone());
            }
            node.definition.remove("contentReference");
            return Ok(());
        }
        // A profile that is not known leaves what its type has.
        let profile = match merge::only_profile(&node.definition).map(str::to_owned) {
            Some(profile) => self.tree(&profile)?,
            None => None,
        };
        let tree = match (profile, type_address(node)) {
            (None, Some(address)) => self.tree(&address)?,
            (profile, _) => profile,
        };
        if let Some(tree) = tree {
            node.children = tree.children;
        }
        Ok(())
    }
}

/// Where the elements of an element are defined: its one type, or `Element` for a choice.
fn type_address(node: &Node) -> Option<String> {
    let types: Vec<&Value> = node.definition.get("type").into_iter().flat_map(Value::each).collect();
    let code = match types.as_slice() {
        [] => return None,
        [only] => only.text("code")?,
        _ => "Element",
    };
    let is_address = code.contains("://");
    Some(if is_address { code.to_owned() } else { format!("{DEFINITIONS}{code}") })
}
