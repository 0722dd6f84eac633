//! A field: its values, and how they are written.

use fhir::definitions::TypeId;
use fhir::{IssueCode, Value};

use super::collect::Group;
use super::directive::{Flat, Shaping};
use super::node::Node;
use super::out::{Out, Shape};
use super::round::{Round, Stop};
use crate::codes;
use crate::error::{Error, Segment};
use crate::request::Dialect;
use crate::schema::{Member, Part};

/// The values of a field, in order.
pub(super) type Values<'a> = Vec<Node<'a>>;

impl<'a> Round<'a> {
    pub(super) fn field(&mut self, node: &Node<'a>, group: &Group<'a>, out: &mut Out, flat: &Flat) -> Result<(), Stop> {
        // The schema is bounded by the size of the answer: a stock tool asks for all of it.
        if !matches!(group.member, Member::Meta(_)) {
            self.count_fields(1)?;
        }
        match self.values(node, group)? {
            Ok(values) => self.write(values, group, out, flat),
            Err(error) => {
                self.report(*error);
                let empty = (self.plan.dialect == Dialect::GraphQl).then_some(Value::Null);
                self.write_empty(empty, group, out, flat)
            }
        }
    }

    /// The values of a field; none while what they come from is still to be loaded.
    fn values(&mut self, node: &Node<'a>, group: &Group<'a>) -> Result<Result<Values<'a>, Box<Error>>, Stop> {
        let one = |node: Node<'a>| Ok(vec![node]);
        let text = |text: &str| one(Node::Made(text.into()));
        Ok(match (group.member, node) {
            (Member::Typename, node) => text(&node.type_name()),
            (Member::ResourceType, Node::Element(element)) => text(element.value.resource_type().unwrap_or_default()),
            (Member::Element(..) | Member::Choice(_) | Member::Extensions(..), Node::Element(element)) => {
                return self.elements(element, group);
            }
            (Member::Target, Node::Element(element)) => self.target(element, group).map_err(Box::new),
            (Member::Read(kind), _) => self.read(kind, group).map_err(Box::new),
            (Member::List(kind), node) => return self.list(kind, node, group),
            (Member::Connection(kind), node) => return self.connection(kind, node, group),
            (Member::Part(part), Node::Connection(kind, page, matches)) => {
                let number = |number: Option<u64>| number.map(|number| Node::Made(number.into())).into_iter().collect();
                let cursor = |cursor: &Option<String>| cursor.as_deref().map(|text| Node::Made(text.into())).into_iter().collect();
                Ok(match part {
                    Part::Count => number(page.total),
                    Part::Offset => number(page.offset),
                    Part::PageSize => number(Some(u64::from(page.size))),
                    Part::Edges => matches.iter().map(|found| Node::Edge(*kind, found)).collect(),
                    Part::First => cursor(&page.first),
                    Part::Previous => cursor(&page.previous),
                    Part::Next => cursor(&page.next),
                    Part::Last => cursor(&page.last),
                    Part::Mode | Part::Score | Part::Resource => Vec::new(),
                })
            }
            (Member::Part(part), Node::Edge(_, found)) => Ok(match part {
                Part::Mode => found.mode.map(|mode| Node::Made(mode.into())).into_iter().collect(),
                Part::Score => found.score.as_deref().map(|score| Node::Made(Value::Number(score.into()))).into_iter().collect(),
                Part::Resource => super::node::Element::resource(&found.resource).map(Node::Element).into_iter().collect(),
                _ => Vec::new(),
            }),
            (Member::Meta(field), node) => self.meta(field, node, group.field).map_err(Box::new),
            _ => Ok(Vec::new()),
        })
    }

    fn write(&mut self, values: Values<'a>, group: &Group<'a>, out: &mut Out, flat: &Flat) -> Result<(), Stop> {
        let shaping = Shaping::of(&group.field.directives);
        let is_list = group.member.is_list();
        let taken = if shaping.first { 1 } else { usize::MAX };
        let key = group.field.key();
        let below = Flat { active: true, list: (is_list && !shaping.first) || flat.list, suffix: flat.suffix.clone() };
        let shape = match (shaping.singleton, (is_list && !shaping.first) || flat.list) {
            (true, _) => Shape::Singleton,
            (_, true) => Shape::List,
            _ => Shape::Single,
        };
        if let [] | [Node::Made(Value::Null)] = values.as_slice() {
            let empty = self.empty(group.member, values.is_empty());
            return self.write_empty(empty, group, out, flat);
        }
        for (index, value) in values.into_iter().take(taken).enumerate() {
            if is_list {
                self.path.push(Segment::Index(index));
            }
            let suffix = match shaping.slice {
                None => flat.suffix.clone(),
                Some(path) => format!("{}.{}", flat.suffix, self.slice_name(path, &value, index)),
            };
            if shaping.flatten {
                let inner = Flat { suffix, ..below.clone() };
                self.fill(&value, &group.selections, out, &inner)?;
            } else {
                self.put(value, group, &format!("{key}{suffix}"), shape, flat.active, out)?;
            }
            if is_list {
                self.path.pop();
            }
        }
        Ok(())
    }

    /// What stands where there are no values; `None` for nothing at all.
    fn empty(&self, member: Member, is_list: bool) -> Option<Value> {
        match member {
            // What was looked for and not found is an empty list.
            Member::List(_) | Member::Part(Part::Edges) => Some(Value::Array(Vec::new())),
            Member::Meta(_) if is_list && member.is_list() => Some(Value::Array(Vec::new())),
            Member::Meta(_) => Some(Value::Null),
            _ => (self.plan.dialect == Dialect::GraphQl).then_some(Value::Null),
        }
    }

    fn write_empty(&mut self, empty: Option<Value>, group: &Group<'a>, out: &mut Out, flat: &Flat) -> Result<(), Stop> {
        let shaping = Shaping::of(&group.field.directives);
        let (Some(empty), false, None) = (empty, shaping.flatten, shaping.slice) else { return Ok(()) };
        let name = format!("{}{}", group.field.key(), flat.suffix);
        self.count_bytes(name.len() + 8)?;
        out.slot(&name, Shape::Single).empty.get_or_insert(empty);
        Ok(())
    }

    /// Writes one value under a name.
    fn put(&mut self, node: Node<'a>, group: &Group<'a>, name: &str, shape: Shape, flattened: bool, out: &mut Out) -> Result<(), Stop> {
        let type_id = node.type_id();
        let value = match node {
            Node::Plain(value, _) => value.clone(),
            Node::Made(value) => value,
            _ if group.selections.iter().all(|part| part.is_empty()) => {
                let message = format!("`{}` has fields of its own here: select some", group.field.name);
                self.report(self.wrong(codes::BAD_SELECTION, group, message));
                return Ok(());
            }
            node => self.object(&node, &group.selections)?,
        };
        // What is null stands in a list only to keep places that flattening gives up.
        if flattened && value == Value::Null {
            return Ok(());
        }
        self.count_bytes(name.len() + 4 + plain_bytes(&value))?;
        if let Err((number, message)) = admit(out, name, shape, type_id, flattened) {
            self.report(self.wrong(number, group, message));
            return Ok(());
        }
        out.slot(name, shape).values.push(value);
        Ok(())
    }

    pub(super) fn wrong(&self, number: u16, group: &Group<'a>, message: impl Into<String>) -> Error {
        Error::new(number, IssueCode::Processing, group.field.at, message)
    }
}

/// Whether one more value may stand under a name.
fn admit(out: &mut Out, name: &str, shape: Shape, type_id: Option<TypeId>, flattened: bool) -> Result<(), (u16, String)> {
    let slot = out.slot(name, shape);
    if shape == Shape::Singleton && !slot.values.is_empty() {
        return Err((
            codes::NOT_A_SINGLETON,
            "there are several values: leave `@singleton` out, or take the first with `@first`".to_owned(),
        ));
    }
    if flattened && !slot.values.is_empty() && slot.type_id != type_id {
        let rule = "values of different types would be collected under this name: give one of them another";
        return Err((codes::MIXED_TYPES, rule.to_owned()));
    }
    // A list in one place makes it one in all, and a place without a value does not say.
    if slot.values.is_empty() || shape == Shape::List {
        slot.shape = shape;
    }
    slot.type_id = type_id;
    Ok(())
}

/// About how many bytes a plain value takes; objects have been counted before.
fn plain_bytes(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 2,
        Value::Number(text) => text.len(),
        Value::Array(items) => items.iter().map(|item| plain_bytes(item) + 1).sum(),
        _ => 5,
    }
}
