//! What a part of an expression is while it is read: an element, something of one, a truth value, a literal.

use super::{Joint, Outcomes, Part};

/// A part of an expression.
#[derive(Debug)]
pub(super) enum Term {
    /// The object itself: the name of its type.
    This,
    /// An element of the object.
    Element { place: u8, member: &'static str },
    /// Something that is empty when the element is absent.
    Below(u8),
    /// How many there are of these elements together.
    Count(Vec<u8>),
    /// A truth value.
    Truth(Part),
    /// `'text'`, or several with `|` between them.
    Texts(Vec<Box<str>>),
    /// `true`, `false`.
    Bool(bool),
    /// A whole number.
    Number(u32),
    /// Anything.
    Open,
}

impl Term {
    /// The truth value that operators of logic see.
    pub(super) fn truth(self) -> Part {
        match self {
            Term::Truth(part) => part,
            Term::Bool(truth) => Part::Known(Outcomes::of(truth)),
            Term::Element { place, .. } | Term::Below(place) => Part::Of { place, absent: Outcomes::EMPTY },
            _ => Part::Known(Outcomes::ANY),
        }
    }

    /// What the function `name` makes of it. Its arguments are not looked into.
    pub(super) fn call(self, name: &str, has_arguments: bool) -> Term {
        match (self, name) {
            (Term::Element { place, .. }, "exists") if !has_arguments => Term::Truth(Part::Exists(place)),
            (Term::Element { place, .. }, "empty") => Term::Truth(Part::Not(Box::new(Part::Exists(place)))),
            (Term::Element { place, .. }, "count") => Term::Count(vec![place]),
            (Term::Truth(part), "not") => Term::Truth(Part::Not(Box::new(part))),
            (Term::Element { place, .. } | Term::Below(place), name) => match name {
                "exists" => Term::Truth(Part::Of { place, absent: Outcomes::FALSE }),
                "empty" | "all" | "isDistinct" => Term::Truth(Part::Of { place, absent: Outcomes::TRUE }),
                "where" | "select" | "first" | "last" | "tail" | "skip" | "take" | "ofType" | "as" | "intersect" | "children"
                | "descendants" | "trace" | "toInteger" | "contains" | "startsWith" | "endsWith" | "matches" | "substring"
                | "replaceMatches" | "resolve" | "toString" | "lowBoundary" | "highBoundary" | "comparable" | "not" => Term::Below(place),
                _ => Term::Open,
            },
            _ => Term::Open,
        }
    }

    /// Two terms with an operator between them.
    pub(super) fn join(self, operator: &str, right: Term) -> Term {
        let logic = match operator {
            "and" => Some(Joint::And),
            "or" => Some(Joint::Or),
            "xor" => Some(Joint::Xor),
            "implies" => Some(Joint::Implies),
            _ => None,
        };
        if let Some(joint) = logic {
            return Term::Truth(Part::Joined(joint, Box::new([self.truth(), right.truth()])));
        }
        match (self, operator, right) {
            (Term::Element { place, member }, "=" | "in", Term::Texts(texts)) => equals(place, member, texts, false),
            (Term::Element { place, member }, "!=", Term::Texts(texts)) => equals(place, member, texts, true),
            (Term::Element { place, member }, "=", Term::Bool(truth)) => Term::Truth(Part::Is { place, member, truth }),
            (Term::Texts(mut left), "|", Term::Texts(right)) => {
                left.extend(right);
                Term::Texts(left)
            }
            (Term::Count(mut left), "+", Term::Count(right)) => {
                left.extend(right);
                Term::Count(left)
            }
            (Term::Count(places), operator, Term::Number(number)) => count(&places, operator, number),
            (Term::Truth(left), "=" | "!=", Term::Truth(right)) => {
                let joint = if operator == "=" { Joint::Same } else { Joint::Different };
                Term::Truth(Part::Joined(joint, Box::new([left, right])))
            }
            // These give nothing where there is nothing to the left of them.
            (Term::Element { place, .. } | Term::Below(place), "=" | "!=" | "<" | ">" | "<=" | ">=" | "in" | "is" | "as", _) => {
                Term::Below(place)
            }
            _ => Term::Open,
        }
    }
}

fn equals(place: u8, member: &'static str, texts: Vec<Box<str>>, is_negated: bool) -> Term {
    // An escaped letter would have to be read first.
    if texts.iter().any(|text| text.contains('\\')) {
        return Term::Below(place);
    }
    Term::Truth(Part::Equals { place, member, texts: texts.into(), is_negated })
}

/// How a count compares with a number: known when nothing is there, and for `> 0` always.
fn count(places: &[u8], operator: &str, number: u32) -> Term {
    let none = match operator {
        "=" => number == 0,
        ">" => false,
        ">=" => number == 0,
        "<" => number > 0,
        "<=" => true,
        _ => return Term::Open,
    };
    let absent = Outcomes::of(none);
    match (places, operator, number) {
        (_, ">", 0) => places
            .iter()
            .map(|place| Part::Exists(*place))
            .reduce(|left, right| Part::Joined(Joint::Or, Box::new([left, right])))
            .map_or(Term::Open, Term::Truth),
        ([place], ..) => Term::Truth(Part::Of { place: *place, absent }),
        _ => Term::Open,
    }
}
