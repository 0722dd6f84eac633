//! Directives where they stand.

use super::{Checker, did_you_mean};
use crate::codes;
use crate::introspect::DIRECTIVES;
use crate::syntax::Directive;

/// What has a directive.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Place {
    Operation,
    Field,
    Fragment,
}

impl<'d> Checker<'d> {
    pub(super) fn directives(&mut self, directives: &'d [Directive], place: Place) {
        for (index, directive) in directives.iter().enumerate() {
            if let Err(rule) = allowed(directive, place) {
                self.wrong(codes::BAD_DIRECTIVE, directive.at, rule);
            } else if directives.iter().take(index).any(|before| before.name == directive.name) {
                self.wrong(codes::BAD_DIRECTIVE, directive.at, format!("`@{}` stands here twice", directive.name));
            }
            self.inputs(&directive.arguments);
        }
        let has = |name: &str| directives.iter().find(|directive| directive.name == name);
        if let (Some(slice), Some(_)) = (has("slice"), has("first")) {
            self.wrong(codes::BAD_DIRECTIVE, slice.at, "`@slice` and `@first` exclude each other: one value cannot be sliced");
        }
    }
}

fn allowed(directive: &Directive, place: Place) -> Result<(), String> {
    let name = &directive.name;
    let Some(known) = DIRECTIVES.iter().find(|known| known.name == *name) else {
        return Err(format!("there is no directive `@{name}`{}", did_you_mean(name, DIRECTIVES.iter().map(|known| known.name))));
    };
    match place {
        Place::Operation => return Err(format!("`@{name}` has no meaning for a whole operation: it stands behind a field")),
        Place::Fragment if !known.on_fragments => return Err(format!("`@{name}` has no meaning for a fragment: it stands behind a field")),
        _ => {}
    }
    match (known.argument, directive.arguments.as_slice()) {
        (None, []) => Ok(()),
        (None, _) => Err(format!("`@{name}` has no arguments")),
        (Some((argument, _)), [only]) if only.name == argument => Ok(()),
        (Some((argument, kind)), _) => Err(format!("`@{name}` has one argument: @{name}({argument}: …), a {kind}")),
    }
}
