//! Fields, and the fragments between them.

use fhir::definitions::definitions;

use super::directives::Place;
use super::{Checker, did_you_mean};
use crate::codes;
use crate::introspect;
use crate::schema::{Member, Scope};
use crate::syntax::{Field, Inline, Selection, Spread};

impl<'d> Checker<'d> {
    pub(super) fn selections(&mut self, selections: &'d [Selection], scope: &Scope) {
        for selection in selections {
            match selection {
                Selection::Field(field) => self.field(field, scope),
                Selection::Spread(spread) => self.spread(spread, scope),
                Selection::Inline(inline) => self.inline(inline, scope),
            }
        }
    }

    fn field(&mut self, field: &'d Field, scope: &Scope) {
        self.directives(&field.directives, Place::Field);
        let mut members = scope.members(&field.name);
        if members.is_empty() {
            // Where the root is a resource it has the schema, too. Elsewhere it does no harm.
            members.extend(introspect::root(&field.name).map(Member::Meta));
        }
        if members.is_empty() {
            let names = scope.names();
            let near = did_you_mean(&field.name, names.iter().map(String::as_str));
            let message = format!("{} has no field `{}`{near}", scope.describe(), field.name);
            return self.wrong(codes::UNKNOWN_FIELD, field.at, message);
        }
        self.arguments(field, scope, &members);
        let below = merged(members.iter().map(|member| scope.below(*member)));
        let mixed = members.iter().any(|member| may_be_scalar(scope, *member));
        if below.is_none()
            && let Some(misplaced) = field.directives.iter().find(|directive| directive.name == "flatten")
        {
            self.wrong(codes::BAD_DIRECTIVE, misplaced.at, format!("`{}` has no fields that could stand in its place", field.name));
        }
        match below {
            Some(below) if !field.selections.is_empty() => self.selections(&field.selections, &below),
            Some(below) if !mixed => {
                let message =
                    format!("`{}` has fields of its own: select some, as in {} {{ {} }}", field.name, field.name, example(&below));
                self.wrong(codes::BAD_SELECTION, field.at, message);
            }
            None if !field.selections.is_empty() => {
                let message = format!("`{}` has no fields: leave the braces out", field.name);
                self.wrong(codes::BAD_SELECTION, field.at, message);
            }
            _ => {}
        }
    }

    fn spread(&mut self, spread: &'d Spread, scope: &Scope) {
        self.directives(&spread.directives, Place::Fragment);
        let Some((name, fragment)) = self.fragments.get_key_value(spread.name.as_str()) else {
            let near = did_you_mean(&spread.name, self.fragments.keys().copied());
            return self.wrong(codes::BAD_FRAGMENT, spread.at, format!("there is no fragment `{}`{near}", spread.name));
        };
        let (name, on) = (*name, fragment.on.as_str());
        self.used_fragments.insert(name);
        if Scope::named(on).is_some_and(|condition| !condition.meets(scope)) {
            let message = format!("the fragment `{name}` is on {on}, which {} never is", scope.describe());
            self.wrong(codes::BAD_TYPE, spread.at, message);
        }
    }

    fn inline(&mut self, inline: &'d Inline, scope: &Scope) {
        self.directives(&inline.directives, Place::Fragment);
        match inline.on.as_deref().map(|on| (on, scope.narrowed(on))) {
            None => self.selections(&inline.selections, scope),
            Some((_, Some(Some(narrowed)))) => self.selections(&inline.selections, &narrowed),
            Some((on, Some(None))) => {
                self.wrong(codes::BAD_TYPE, inline.at, format!("the fragment is on {on}, which {} never is", scope.describe()));
            }
            Some((on, None)) => self.unknown_type(on, inline.at),
        }
    }
}

/// One scope for all that a field can be.
fn merged(scopes: impl Iterator<Item = Option<Scope>>) -> Option<Scope> {
    scopes.flatten().reduce(|whole, next| match (whole, next) {
        (Scope::Types(mut types), Scope::Types(more)) => {
            types.extend(more);
            types.sort_unstable();
            types.dedup();
            Scope::Types(types)
        }
        (whole, _) => whole,
    })
}

fn may_be_scalar(scope: &Scope, member: Member) -> bool {
    match member {
        Member::Choice(element) => element.types.iter().any(|kind| definitions().get(kind.id).primitive.is_some()),
        _ => scope.below(member).is_none(),
    }
}

/// A field that it has, for a message.
fn example(scope: &Scope) -> &'static str {
    match scope {
        Scope::Types(types) => {
            let mut elements = types.iter().flat_map(|id| &definitions().get(*id).elements);
            let plain = elements.find(|element| {
                element.name != "id" && matches!(element.types.as_slice(), [kind] if definitions().get(kind.id).primitive.is_some())
            });
            plain.map_or("id", |element| element.name)
        }
        Scope::Query(_) => "__typename",
        Scope::Connection(_) => "count",
        Scope::Edge(_) => "mode",
        Scope::Meta(_) => "name",
    }
}
