//! What an app may do, in the form: a box for each scope, and below it boxes for its parts, of which some may be allowed in place of the whole.

use maud::{Markup, html};
use oauth::authorize::Asked;
use oauth::{Earlier, scopes};

use crate::account::form::Sent;

/// The field of a scope.
pub(super) const SCOPE: &str = "ward_scope";
/// The field of a part: the scope that it is of, a blank, and the part.
pub(super) const PART: &str = "ward_part";

/// What is ticked.
#[derive(Clone, Debug, Default)]
pub(in crate::account) struct Ticked {
    scopes: Vec<String>,
    parts: Vec<(String, String)>,
}

impl Ticked {
    /// As a form says.
    pub(super) fn of(sent: &Sent) -> Self {
        let parts = sent.all(PART).filter_map(|text| text.split_once(' ')).map(|(scope, part)| (scope.to_owned(), part.to_owned()));
        Self { scopes: sent.all(SCOPE).map(str::to_owned).collect(), parts: parts.collect() }
    }

    /// As the user chose when the app last asked; everything that it has not asked for before.
    pub(super) fn earlier(asked: &Asked, earlier: &Earlier) -> Self {
        let scopes: Vec<String> = asked.scopes.iter().filter(|scope| earlier.granted(scope)).cloned().collect();
        let parts_of = |scope: &String| {
            let chosen = scopes::parts(scope).into_iter().filter(|part| earlier.chose(scope, part));
            chosen.map(|part| (scope.clone(), part.scope)).collect::<Vec<_>>()
        };
        let parts = scopes.iter().flat_map(parts_of).collect();
        Self { scopes, parts }
    }

    /// What is granted by this.
    pub(super) fn granted(&self, asked: &Asked) -> Vec<String> {
        scopes::chosen(&asked.scopes, &self.scopes, &self.parts)
    }

    /// The fields that say the same, for a form that goes on.
    pub(super) fn fields(&self) -> Markup {
        html! {
            @for scope in &self.scopes { input type="hidden" name=(SCOPE) value=(scope); }
            @for (scope, part) in &self.parts { input type="hidden" name=(PART) value={ (scope) " " (part) }; }
        }
    }

    pub(super) fn are_none(&self) -> bool {
        self.scopes.is_empty()
    }

    fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|known| known == scope)
    }

    fn has_part(&self, scope: &str, part: &str) -> bool {
        self.parts.iter().any(|(of, known)| of == scope && known == part)
    }
}

/// The boxes, in three groups: what the app needs to work at all, what it may do with records, and for how long.
pub(super) fn boxes(asked: &Asked, ticked: &Ticked, earlier: &Earlier) -> Markup {
    let of = |group: Group| asked.scopes.iter().enumerate().filter(move |(_, scope)| Group::of(scope) == group).collect::<Vec<_>>();
    html! {
        @if earlier.is_there() { p.hint { "This is what you chose when the app last asked. What it asks for now for the first time is marked as new." } }
        @for group in [Group::Start, Group::Records, Group::Time] {
            @let scopes = of(group);
            @if !scopes.is_empty() {
                fieldset {
                    legend { (group.legend()) }
                    @for (index, scope) in scopes { (choice(index, scope, ticked, earlier)) }
                }
            }
        }
    }
}

fn choice(index: usize, scope: &str, ticked: &Ticked, earlier: &Earlier) -> Markup {
    let is_new = earlier.is_there() && earlier.is_new(scope);
    html! {
        div.choice {
            input type="checkbox" id={ "scope-" (index) } name=(SCOPE) value=(scope) checked[ticked.has(scope)];
            label for={ "scope-" (index) } {
                @if is_new { strong { "New: " } }
                (scopes::sentence(scope)) " " code { (scope) }
                @if let Some(without) = without(scope) { " " span.hint { (without) } }
            }
        }
        (parts(index, scope, ticked))
    }
}

/// The parts of a scope. None is ticked where the whole is meant.
fn parts(index: usize, scope: &str, ticked: &Ticked) -> Markup {
    let parts = scopes::parts(scope);
    let is_open = parts.iter().any(|part| ticked.has_part(scope, &part.scope));
    html! {
        @if !parts.is_empty() {
            details open[is_open] {
                summary { "Allow only some of it" }
                fieldset {
                    legend { "Only these; none ticked: all of it" }
                    @for (number, part) in parts.iter().enumerate() {
                        @let id = format!("part-{index}-{number}");
                        div.choice {
                            input type="checkbox" id=(id) name=(PART) value={ (scope) " " (part.scope) } checked[ticked.has_part(scope, &part.scope)];
                            label for=(id) { @if part.is_category { "Of these only " } (part.words) " " code { (part.scope) } }
                        }
                    }
                }
            }
        }
    }
}

/// What a scope is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Start,
    Records,
    Time,
}

impl Group {
    fn of(scope: &str) -> Self {
        match scope {
            "offline_access" | "online_access" => Self::Time,
            resource if ["patient/", "user/", "system/"].iter().any(|context| resource.starts_with(context)) => Self::Records,
            _ => Self::Start,
        }
    }

    fn legend(self) -> &'static str {
        match self {
            Self::Start => "To work at all, it wants to",
            Self::Records => "In the records, it may",
            Self::Time => "For how long",
        }
    }
}

/// What becomes of an app without a scope that most cannot do without.
fn without(scope: &str) -> Option<&'static str> {
    Some(match scope {
        "openid" => "Most apps cannot sign you in without it.",
        "fhirUser" | "profile" => "Without it the app cannot greet you, or tell staff from patients.",
        "launch" => "Without it the app does not learn what you had open, and most stop there.",
        "launch/patient" => "Without it the app does not learn whose record it is about, and most stop there.",
        "offline_access" => "Without it the app asks you again each time.",
        "online_access" => "Without it the app stops after some minutes, and asks you again.",
        _ => return None,
    })
}
