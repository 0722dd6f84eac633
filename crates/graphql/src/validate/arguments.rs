//! Arguments by their names. Their values are looked at when they are used, as variables may stand in them.

use std::collections::BTreeSet;

use fhir::definitions::{Type, definitions};

use super::{Checker, did_you_mean};
use crate::codes;
use crate::schema::{Member, Scope};
use crate::syntax::{Argument, Field, Input, Position};

/// What FHIR takes out of the parameters of a search (<http://hl7.org/fhir/R4/graphql.html#searching>), and those that shape a Bundle.
const NOT_IN_SEARCHES: [&str; 13] = [
    "_include",
    "_revinclude",
    "_contained",
    "_containedType",
    "_elements",
    "_summary",
    "_total",
    "_format",
    "_pretty",
    "_page",
    "_graphql",
    "_type",
    "_explain",
];

/// The filters that every element with elements has.
pub(crate) const FILTERS: [&str; 3] = ["fhirpath", "_count", "_offset"];

/// The names of the elements by which a list of this type is filtered: those with a primitive value.
pub(crate) fn filter_elements(of: &'static Type) -> impl Iterator<Item = &'static str> {
    let kinds = of.elements.iter().flat_map(|element| &element.types);
    kinds.filter(|kind| definitions().get(kind.id).primitive.is_some()).map(|kind| kind.member)
}

impl<'d> Checker<'d> {
    pub(super) fn arguments(&mut self, field: &'d Field, scope: &Scope, members: &[Member]) {
        self.inputs(&field.arguments);
        let mut seen = BTreeSet::new();
        for argument in &field.arguments {
            if !seen.insert(&argument.name) {
                self.wrong(codes::BAD_ARGUMENT, argument.at, format!("the argument `{}` stands here twice: give a list", argument.name));
            } else if !members.iter().any(|member| knows(*member, scope, &argument.name)) {
                let near = members.first().map(|member| suggestion(*member, &argument.name)).unwrap_or_default();
                let message = format!("`{}` has no argument `{}` here{near}", field.name, argument.name);
                self.wrong(codes::BAD_ARGUMENT, argument.at, message);
            }
        }
        if let Some(missing) =
            members.first().and_then(|member| required(*member, scope)).filter(|name| !seen.contains(&(*name).to_owned()))
        {
            let message = format!("`{}` needs the argument `{missing}` here", field.name);
            self.wrong(codes::BAD_ARGUMENT, field.at, message);
        }
        if let (Some(cursor), true) = (field.arguments.iter().find(|argument| is_cursor(&argument.name)), field.arguments.len() > 1) {
            let message = "a cursor brings its search with it: leave the other arguments out";
            self.wrong(codes::BAD_ARGUMENT, cursor.at, message);
        }
    }

    /// Notes the variables that are used.
    pub(super) fn inputs(&mut self, arguments: &'d [Argument]) {
        for argument in arguments {
            self.input(&argument.value, argument.at);
        }
    }

    fn input(&mut self, input: &'d Input, at: Position) {
        match input {
            Input::Variable(name) => {
                self.used_variables.entry(name).or_insert(at);
            }
            Input::List(items) => items.iter().for_each(|item| self.input(item, at)),
            Input::Object(members) => members.iter().for_each(|(_, value)| self.input(value, at)),
            _ => {}
        }
    }
}

/// FHIR writes it both ways.
pub(crate) fn is_cursor(name: &str) -> bool {
    matches!(name, "cursor" | "_cursor")
}

fn knows(member: Member, scope: &Scope, name: &str) -> bool {
    let at_root = matches!(scope, Scope::Query(_));
    match member {
        Member::Typename | Member::ResourceType | Member::Part(_) | Member::Extensions(..) | Member::Choice(_) => false,
        Member::Element(_, kind) => {
            let of = definitions().get(kind.id);
            of.primitive.is_none() && (FILTERS.contains(&name) || filter_elements(of).any(|element| element == name))
        }
        Member::Target => matches!(name, "optional" | "type"),
        Member::Read(_) => name == "id",
        Member::List(_) | Member::Connection(_) => match name {
            "_reference" => !at_root,
            "_offset" => matches!(member, Member::List(_)),
            "_cursor" | "cursor" => at_root && matches!(member, Member::Connection(_)),
            _ => !NOT_IN_SEARCHES.contains(&name) && (at_root || name != "_id"),
        },
        Member::Meta(field) => field.arguments.contains(&name),
    }
}

fn required(member: Member, scope: &Scope) -> Option<&'static str> {
    match member {
        Member::Read(_) => Some("id"),
        Member::List(_) | Member::Connection(_) if !matches!(scope, Scope::Query(_)) => Some("_reference"),
        Member::Meta(field) if field.name == "__type" => Some("name"),
        _ => None,
    }
}

fn suggestion(member: Member, name: &str) -> String {
    match member {
        Member::Element(_, kind) if definitions().get(kind.id).primitive.is_some() => ": a field with a plain value takes none".to_owned(),
        Member::Element(_, kind) => did_you_mean(name, FILTERS.into_iter().chain(filter_elements(definitions().get(kind.id)))),
        Member::Target => did_you_mean(name, ["optional", "type"].into_iter()),
        Member::List(_) | Member::Connection(_) if is_cursor(name) => {
            ": a cursor is followed by a Connection at the root of a query of its own".to_owned()
        }
        Member::List(_) | Member::Connection(_) if name == "_reference" => {
            ": it stands in a resource, and names how others refer to it".to_owned()
        }
        _ => String::new(),
    }
}
