//! The grammar of ECL 2.2, brief and long
//! (<https://docs.snomed.org/snomed-ct-specifications/snomed-ct-expression-constraint-language/syntax-specification>).
//!
//! One function for each rule, on the text itself: what is a token depends on where it stands. Beyond the grammar, blanks are read between the two signs
//! of `< <` and `> >`, as they are often printed.

mod attribute;
mod comparison;
mod concept_filter;
mod cursor;
mod description_filter;
mod dialect;
mod expression;
mod filter;
mod member_filter;
mod operand;
mod reference;
mod refinement;
mod search_term;

use crate::error::Error;
use crate::limits::MAX_BYTES;
use crate::tree::Constraint;
pub(crate) use cursor::Cursor;

/// Reads a constraint.
///
/// # Errors
/// With the place, what was expected there and a remedy, when the text does not follow the grammar; when it is longer than [`MAX_BYTES`] or its brackets are
/// deeper than [`crate::MAX_DEPTH`].
pub fn parse(text: &str) -> Result<Constraint, Error> {
    if text.len() > MAX_BYTES {
        return Err(Error::limit(0, format!("the constraint is longer than {MAX_BYTES} bytes")));
    }
    let mut cursor = Cursor::new(text);
    cursor.blanks()?;
    let constraint = cursor.constraint()?;
    cursor.blanks()?;
    match cursor.is_at_end() {
        true => Ok(constraint),
        false => Err(cursor.unexpected("the end")),
    }
}
