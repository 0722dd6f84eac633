//! The fields that a selection makes on a certain value: fragments followed, those left out that are skipped, those of one name together
//! (<https://spec.graphql.org/October2021/#CollectFields()>).

use fhir::IssueCode;

use super::node::Node;
use super::round::Round;
use crate::codes;
use crate::error::Error;
use crate::schema::Member;
use crate::syntax::{Argument, Directive, Field, Selection};

/// Fields of one name that are answered together.
pub(super) struct Group<'a> {
    /// What they are.
    pub(super) member: Member,
    /// The first of them; all have its arguments and directives.
    pub(super) field: &'a Field,
    /// What they select, together.
    pub(super) selections: Vec<&'a [Selection]>,
}

impl<'a> Round<'a> {
    pub(super) fn collect(&mut self, node: &Node<'a>, selections: &[&'a [Selection]]) -> Vec<Group<'a>> {
        let mut collection = Collection { groups: Vec::new(), followed: Vec::new() };
        for part in selections {
            self.gather(node, part, &mut collection);
        }
        collection.groups
    }

    fn gather(&mut self, node: &Node<'a>, selections: &'a [Selection], collection: &mut Collection<'a>) {
        for selection in selections {
            match selection {
                Selection::Field(field) if self.is_wanted(&field.directives) => {
                    // A resource may be of a type that has not all the fields asked for where it stands.
                    if let Some(member) = node.member(&field.name) {
                        let added = collection.add(field, member);
                        added.unwrap_or_else(|error| self.report(*error));
                    }
                }
                Selection::Inline(inline) if self.is_wanted(&inline.directives) && inline.on.as_deref().is_none_or(|on| node.is(on)) => {
                    self.gather(node, &inline.selections, collection);
                }
                Selection::Spread(spread) if self.is_wanted(&spread.directives) => {
                    let name = spread.name.as_str();
                    let Some(fragment) = self.plan.fragments.get(name).copied() else { continue };
                    if !collection.followed.contains(&name) && node.is(&fragment.on) {
                        collection.followed.push(name);
                        self.gather(node, &fragment.selections, collection);
                    }
                }
                _ => {}
            }
        }
    }

    /// What `@skip` and `@include` say.
    fn is_wanted(&mut self, directives: &'a [Directive]) -> bool {
        for directive in directives.iter().filter(|directive| matches!(directive.name.as_str(), "skip" | "include")) {
            let value = directive.arguments.first().and_then(|argument| super::plain(&argument.value, &self.plan.variables));
            let Some(truth) = value.and_then(|value| value.as_bool()) else {
                let message = format!("`@{}` needs true or false, or a variable that is", directive.name);
                self.report(Error::new(codes::BAD_DIRECTIVE, IssueCode::Value, directive.at, message));
                return false;
            };
            if truth == (directive.name == "skip") {
                return false;
            }
        }
        true
    }
}

struct Collection<'a> {
    groups: Vec<Group<'a>>,
    /// The fragments that were followed: a second time they would add nothing.
    followed: Vec<&'a str>,
}

impl<'a> Collection<'a> {
    fn add(&mut self, field: &'a Field, member: Member) -> Result<(), Box<Error>> {
        let key = field.key();
        let mut apart = false;
        for group in self.groups.iter_mut().filter(|group| group.field.key() == key) {
            let known = group.field;
            if known.name == field.name
                && same(&known.arguments, &field.arguments)
                && shaping(&known.directives).eq(shaping(&field.directives))
            {
                group.selections.push(&field.selections);
                return Ok(());
            }
            apart |= !may_share(known, field, member);
        }
        if apart {
            let message =
                format!("two fields would be written as `{key}` and differ: give one of them another name, as in other: {}", field.name);
            return Err(Box::new(Error::new(codes::CONFLICTING_FIELDS, IssueCode::Invalid, field.at, message)));
        }
        self.groups.push(Group { member, field, selections: vec![&field.selections] });
        Ok(())
    }
}

/// Whether fields that differ may have one name: what a reference leads to, asked for by type, and what is flattened away.
fn may_share(known: &Field, field: &Field, member: Member) -> bool {
    let flattens = |field: &Field| field.directives.iter().any(|directive| matches!(directive.name.as_str(), "flatten" | "slice"));
    (matches!(member, Member::Target) && known.name == field.name) || (flattens(known) && flattens(field))
}

fn same(left: &[Argument], right: &[Argument]) -> bool {
    let has = |argument: &Argument| right.iter().any(|other| other.name == argument.name && other.value == argument.value);
    left.len() == right.len() && left.iter().all(has)
}

/// The directives that change how values are written.
fn shaping(directives: &[Directive]) -> impl Iterator<Item = (&str, Option<&crate::syntax::Input>)> {
    let shapes = directives.iter().filter(|directive| !matches!(directive.name.as_str(), "skip" | "include"));
    shapes.map(|directive| (directive.name.as_str(), directive.arguments.first().map(|argument| &argument.value)))
}
