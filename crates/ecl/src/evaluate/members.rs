//! `^`: the members of reference sets, and the fields of their rows.

use fhir::primitive::Decimal;
use roaring::RoaringBitmap;

use super::rows::field;
use super::{Evaluation, Field, Row};
use crate::edition::{Concept, FieldValue, Member};
use crate::error::Error;
use crate::tree::{Focus, MemberOf, Operand};

/// So many rows are answered.
const MAX_ROWS: usize = 100_000;

impl Evaluation<'_> {
    /// The concepts that the members of reference sets are, or that stand in the one field that is asked for.
    pub(super) fn members_of(&self, operand: &Operand) -> Result<RoaringBitmap, Error> {
        let name = match &operand.member_of {
            Some(MemberOf::Fields(fields)) => match fields.as_slice() {
                [only] => &**only,
                _ => return Err(Error::meaning(operand.at.0, "within a constraint one field can be asked for, whose values are concepts")),
            },
            Some(MemberOf::AllFields) => {
                return Err(Error::meaning(operand.at.0, "all fields can be asked for only where the constraint is nothing else"));
            }
            _ => "referencedComponentId",
        };
        let mut found = RoaringBitmap::new();
        let mut sets = self.sets(operand)?;
        if operand.members.is_empty() && operand.member_of == Some(MemberOf::Referenced) {
            for set in sets.clone() {
                if let Some(members) = self.edition.member_concepts(Concept(set)) {
                    self.budget.merge(&members, operand.at)?;
                    found |= members;
                    sets.remove(set);
                }
            }
        }
        self.filtered_rows(&sets, &operand.members, operand.at, &mut |member| {
            match field(member, name) {
                None => {}
                // Not all components are concepts.
                Some(FieldValue::Component(id)) => found.extend(self.edition.find(id).map(|Concept(concept)| concept)),
                Some(_) => return Err(Error::meaning(operand.at.0, format!("the values of \"{name}\" are no concepts"))),
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// The rows of reference sets, with the fields that are asked for.
    pub(super) fn rows(&self, operand: &Operand) -> Result<Vec<Row>, Error> {
        let mut rows = Vec::new();
        self.filtered_rows(&self.sets(operand)?, &operand.members, operand.at, &mut |member| {
            if rows.len() == MAX_ROWS {
                return Err(Error::limit(operand.at.0, format!("there are more than {MAX_ROWS} rows: filter them")));
            }
            rows.push(match &operand.member_of {
                Some(MemberOf::Fields(names)) => {
                    names.iter().filter_map(|name| Some((name.clone(), owned(field(member, name)?)))).collect()
                }
                _ => whole(member),
            });
            Ok(())
        })?;
        Ok(rows)
    }

    /// The reference sets that an operand names.
    fn sets(&self, operand: &Operand) -> Result<RoaringBitmap, Error> {
        match operand.focus {
            Focus::Any => Ok(self.edition.reference_sets()),
            _ => self.focus(operand),
        }
    }
}

fn whole(member: &Member<'_>) -> Row {
    let own = [
        ("active", FieldValue::Boolean(member.active)),
        ("moduleId", FieldValue::Component(member.module)),
        ("effectiveTime", FieldValue::Time(member.effective_time)),
        ("referencedComponentId", FieldValue::Component(member.referenced)),
    ];
    own.iter().chain(member.fields).map(|(name, value)| ((*name).into(), owned(*value))).collect()
}

fn owned(value: FieldValue<'_>) -> Field {
    match value {
        FieldValue::Component(id) => Field::Component(id),
        FieldValue::Text(text) => Field::Text(text.into()),
        FieldValue::Number(number) => Field::Number(Decimal::clone(number)),
        FieldValue::Boolean(boolean) => Field::Boolean(boolean),
        FieldValue::Time(time) => Field::Time(time),
    }
}
