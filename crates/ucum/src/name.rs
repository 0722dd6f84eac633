//! A unit in words.

use crate::unit::{Operator, Part, Term};

/// The names of its parts in parentheses, with ` * `, ` / ` and ` ^ ` between them.
pub(crate) fn of(term: &Term) -> String {
    let mut words = String::new();
    for (place, (operator, part)) in term.parts.iter().enumerate() {
        words.push_str(match (place, operator) {
            (0, Operator::Times) => "",
            (0, Operator::Over) => "1 / ",
            (_, Operator::Times) => " * ",
            (_, Operator::Over) => " / ",
        });
        words.push_str(&of_part(part));
    }
    words
}

fn of_part(part: &Part) -> String {
    match part {
        Part::Number(digits) => digits.to_string(),
        Part::Annotation(text) => format!("{{{text}}}"),
        Part::Group(term) => format!("({})", of(term)),
        Part::Symbol { prefix, atom, exponent } => {
            let (prefix, atom) = Part::symbol(*prefix, *atom);
            let prefix = prefix.map_or("", |prefix| prefix.name);
            match exponent {
                1 => format!("({prefix}{})", atom.name),
                _ => format!("({prefix}{} ^ {exponent})", atom.name),
            }
        }
    }
}
