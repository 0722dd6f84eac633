//! What of an invariant can be told by looking at which elements are there, without evaluating it.
//!
//! Most invariants ask whether elements exist, and most elements do not: `dataAbsentReason.empty() or value.empty()` is settled by two bits.
//! A [`Part`] is made of the expression itself and mirrors its operators; whatever it does not understand may come out any way. So a part
//! never says more than the expression: when only "true" is left the expression holds, and in every other case it is evaluated.

mod parse;
mod term;
mod token;

use fhir::definitions::Type;
use fhir::{Object, Value};

/// Which elements of an object are there: a bit for each place in [`Type::elements`].
pub(super) type Present = u64;

/// What may come of a part: a set of true, false and empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcomes(u8);

/// A part of an expression whose value is a truth value, or empty.
#[derive(Debug)]
pub(super) enum Part {
    /// The same whatever is there.
    Known(Outcomes),
    /// `name.exists()`.
    Exists(u8),
    /// Something of an element: known when the element is absent, and open when it is there.
    Of { place: u8, absent: Outcomes },
    /// `name = 'text'`, `name in ('one' | 'two')`, with `!=` when negated.
    Equals { place: u8, member: &'static str, texts: Box<[Box<str>]>, is_negated: bool },
    /// `name = true`.
    Is { place: u8, member: &'static str, truth: bool },
    /// `part.not()`.
    Not(Box<Part>),
    /// Two parts and what joins them.
    Joined(Joint, Box<[Part; 2]>),
}

/// The operators on truth values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    And,
    Or,
    Xor,
    Implies,
    Same,
    Different,
}

impl Outcomes {
    pub(super) const TRUE: Self = Self(1);
    pub(super) const FALSE: Self = Self(2);
    pub(super) const EMPTY: Self = Self(4);
    pub(super) const ANY: Self = Self(7);

    fn of(truth: bool) -> Self {
        if truth { Self::TRUE } else { Self::FALSE }
    }

    fn each(self) -> impl Iterator<Item = Self> {
        [Self::TRUE, Self::FALSE, Self::EMPTY].into_iter().filter(move |single| self.0 & single.0 != 0)
    }

    fn negated(self) -> Self {
        Self((self.0 & 1) << 1 | (self.0 & 2) >> 1 | self.0 & 4)
    }
}

impl Part {
    /// The part that mirrors `expression`, evaluated on an object of the type `kind`.
    pub(super) fn of(expression: &str, kind: &'static Type) -> Self {
        parse::parse(expression, kind).unwrap_or_else(Self::unknown)
    }

    /// The part that says nothing.
    pub(super) fn unknown() -> Self {
        Part::Known(Outcomes::ANY)
    }

    /// Whether the expression holds on `object`, whatever is in the elements that are there.
    pub(super) fn holds(&self, present: Present, object: &Object) -> bool {
        self.outcomes(present, object) == Outcomes::TRUE
    }

    fn outcomes(&self, present: Present, object: &Object) -> Outcomes {
        let is_present = |place: &u8| present & (1 << place) != 0;
        match self {
            Part::Known(outcomes) => *outcomes,
            Part::Exists(place) => Outcomes::of(is_present(place)),
            Part::Of { place, absent } => {
                if is_present(place) {
                    Outcomes::ANY
                } else {
                    *absent
                }
            }
            Part::Equals { place, .. } | Part::Is { place, .. } if !is_present(place) => Outcomes::EMPTY,
            Part::Equals { member, texts, is_negated, .. } => match object.get(member) {
                Some(Value::String(text)) => Outcomes::of(texts.iter().any(|known| known == text) != *is_negated),
                _ => Outcomes::ANY,
            },
            Part::Is { member, truth, .. } => match object.get(member) {
                Some(Value::Bool(found)) => Outcomes::of(found == truth),
                _ => Outcomes::ANY,
            },
            Part::Not(part) => part.outcomes(present, object).negated(),
            Part::Joined(joint, parts) => joint.join(parts[0].outcomes(present, object), || parts[1].outcomes(present, object)),
        }
    }
}

impl Joint {
    fn join(self, left: Outcomes, right: impl FnOnce() -> Outcomes) -> Outcomes {
        match (self, left) {
            (Joint::Or, Outcomes::TRUE) | (Joint::Implies, Outcomes::FALSE) => return Outcomes::TRUE,
            (Joint::And, Outcomes::FALSE) => return Outcomes::FALSE,
            _ => {}
        }
        let right = right();
        let mut joined = 0;
        for one in left.each() {
            for other in right.each() {
                joined |= self.single(one, other).0;
            }
        }
        Outcomes(joined)
    }

    /// The tables of <http://hl7.org/fhirpath/N1/#boolean-logic> and, for equality, that of single values.
    fn single(self, left: Outcomes, right: Outcomes) -> Outcomes {
        use Outcomes as O;
        match self {
            Joint::And if left == O::FALSE || right == O::FALSE => O::FALSE,
            Joint::Or if left == O::TRUE || right == O::TRUE => O::TRUE,
            Joint::Implies if left == O::FALSE || right == O::TRUE => O::TRUE,
            _ if left == O::EMPTY || right == O::EMPTY => O::EMPTY,
            Joint::And => O::TRUE,
            Joint::Or | Joint::Implies => O::FALSE,
            Joint::Xor | Joint::Different => O::of(left != right),
            Joint::Same => O::of(left == right),
        }
    }
}

#[cfg(test)]
mod tests;
