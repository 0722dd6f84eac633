//! Relationships: is-a is the hierarchy, the others are attributes in groups.

use super::super::Load;
use super::{components, files};
use crate::source::Entry;
use crate::{Failure, NewTarget, Writer};

const IS_A: &str = "116680003";
/// How editors stated a concept, as opposed to what was inferred from that.
const STATED: &str = "900000000000010007";

/// Reads them.
pub(super) fn read(load: &mut Load<'_>) -> Result<(), Failure> {
    let source = load.source;
    let concrete = files(source, "sct2_relationshipconcretevalues_");
    let plain: Vec<&Entry> = files(source, "sct2_relationship_");
    let columns = ["sourceId", "relationshipGroup", "typeId", "characteristicTypeId", "destinationId"];
    components::newest(load, &plain, &columns)?.each(|component| tell(load.writer, component, NewTarget::Code))?;
    let columns = ["sourceId", "relationshipGroup", "typeId", "characteristicTypeId", "value"];
    components::newest(load, &concrete, &columns)?.each(|component| tell(load.writer, component, NewTarget::Value))
}

fn tell<'a>(writer: &mut Writer, component: &components::Component<'a>, target: impl Fn(&'a str) -> NewTarget<'a>) -> Result<(), Failure> {
    let [source, group, kind, characteristic, end] = component.fields() else { return Ok(()) };
    if !component.is_active || *characteristic == STATED {
        return Ok(());
    }
    if *kind == IS_A {
        return writer.parent(source, end);
    }
    let rule = || Failure::malformed("relationships", 0, format!("the group of relationship {} is a number", component.id));
    writer.relation(source, group.parse().map_err(|_| rule())?, kind, target(end))
}
