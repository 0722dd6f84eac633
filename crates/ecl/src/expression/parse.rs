//! The compositional grammar, one function for each rule.

use super::{Attribute, AttributeValue, Composed, Expression, Named, Status};
use crate::error::Error;
use crate::syntax::Cursor;

/// Attributes that stand in no group, and the groups.
type Refinement = (Vec<Attribute>, Vec<Vec<Attribute>>);

pub(super) fn whole(cursor: &mut Cursor<'_>) -> Result<Expression, Error> {
    cursor.blanks()?;
    let status = if cursor.takes("===", "\"===\"") {
        Status::EquivalentTo
    } else if cursor.takes("<<<", "\"<<<\"") {
        Status::SubtypeOf
    } else {
        Status::default()
    };
    cursor.blanks()?;
    let composed = composed(cursor)?;
    cursor.blanks()?;
    if cursor.is_at_end() { Ok(Expression { status, composed }) } else { Err(cursor.unexpected("the end")) }
}

fn composed(cursor: &mut Cursor<'_>) -> Result<Composed, Error> {
    let mut focus = vec![named(cursor)?];
    cursor.blanks()?;
    while cursor.takes("+", "\"+\"") {
        cursor.blanks()?;
        focus.push(named(cursor)?);
        cursor.blanks()?;
    }
    let (mut attributes, mut groups) = Refinement::default();
    if cursor.takes(":", "\":\"") {
        cursor.blanks()?;
        (attributes, groups) = refinement(cursor)?;
    }
    Ok(Composed { focus, attributes, groups })
}

fn named(cursor: &mut Cursor<'_>) -> Result<Named, Error> {
    let reference = cursor.concept_reference()?;
    Ok(Named { id: reference.id, term: reference.term })
}

/// Attributes with commas between them, then groups, before which commas may be left out.
fn refinement(cursor: &mut Cursor<'_>) -> Result<Refinement, Error> {
    let (mut attributes, mut groups) = Refinement::default();
    loop {
        if cursor.takes("{", "\"{\"") {
            groups.push(group(cursor)?);
        } else if groups.is_empty() {
            attributes.push(attribute(cursor)?);
        } else {
            return Err(cursor.unexpected("a group"));
        }
        cursor.blanks()?;
        let has_comma = cursor.takes(",", "\",\"");
        cursor.blanks()?;
        if !has_comma && cursor.peek() != Some(b'{') {
            return Ok((attributes, groups));
        }
    }
}

fn group(cursor: &mut Cursor<'_>) -> Result<Vec<Attribute>, Error> {
    let mut attributes = Vec::new();
    loop {
        cursor.blanks()?;
        attributes.push(attribute(cursor)?);
        cursor.blanks()?;
        if !cursor.takes(",", "\",\"") {
            cursor.wants("}", "\"}\"")?;
            return Ok(attributes);
        }
    }
}

fn attribute(cursor: &mut Cursor<'_>) -> Result<Attribute, Error> {
    let name = named(cursor)?;
    cursor.blanks()?;
    cursor.wants("=", "\"=\"")?;
    cursor.blanks()?;
    Ok(Attribute { name, value: value(cursor)? })
}

fn value(cursor: &mut Cursor<'_>) -> Result<AttributeValue, Error> {
    if cursor.takes("#", "\"#\" and a number") {
        return Ok(AttributeValue::Number(cursor.number()?.text));
    }
    if cursor.peek() == Some(b'"') {
        return Ok(AttributeValue::Text(cursor.text_value()?));
    }
    if let Some(boolean) = cursor.one_of(&[("true", true), ("false", false)]) {
        return Ok(AttributeValue::Boolean(boolean));
    }
    if cursor.peek() != Some(b'(') {
        cursor.miss("\"(\"");
        return Ok(AttributeValue::Concept(named(cursor)?));
    }
    cursor.deeper(|cursor| {
        cursor.at += 1;
        cursor.blanks()?;
        let composed = composed(cursor)?;
        cursor.blanks()?;
        cursor.wants(")", "\")\"")?;
        Ok(AttributeValue::Composed(Box::new(composed)))
    })
}
