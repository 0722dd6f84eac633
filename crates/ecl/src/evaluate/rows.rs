//! Rows of reference sets that meet the filters of members.

use std::ops::ControlFlow;

use roaring::RoaringBitmap;

use super::Evaluation;
use super::value::ValueTest;
use super::version::{VersionTest, compares};
use crate::edition::{Concept, FieldValue, Member};
use crate::error::Error;
use crate::tree::{At, Comparison, FieldTest, MemberFilter, Time, VersionFilter};

/// A filter whose sets have been evaluated.
enum Test<'a> {
    Field(&'a str, ValueTest),
    Time(&'a str, Comparison, &'a [Time]),
    Version(VersionTest<'a>),
}

impl Evaluation<'_> {
    /// Shows the rows of reference sets that meet all filters.
    pub(super) fn filtered_rows(
        &self,
        sets: &RoaringBitmap,
        filters: &[Vec<MemberFilter>],
        at: At,
        see: &mut dyn FnMut(&Member<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let tests: Vec<Test<'_>> = filters.iter().flatten().map(|filter| self.member_test(filter)).collect::<Result<_, _>>()?;
        let asks_for_active = filters.iter().flatten().any(|filter| matches!(filter, MemberFilter::Version(VersionFilter::Active(..))));
        for set in sets {
            let mut outcome = self.budget.take(1, at);
            self.edition.members(Concept(set), &mut |member| {
                let counts = || (member.active || asks_for_active) && tests.iter().all(|test| self.member_meets(test, &member));
                outcome = self.budget.take(1, at).and_then(|()| if counts() { see(&member) } else { Ok(()) });
                if outcome.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            outcome?;
        }
        Ok(())
    }

    fn member_test<'t>(&self, filter: &'t MemberFilter) -> Result<Test<'t>, Error> {
        Ok(match filter {
            MemberFilter::Field(name, FieldTest::Value(value)) => Test::Field(name, self.value_test(value)?),
            MemberFilter::Field(name, FieldTest::Time(comparison, times)) => Test::Time(name, *comparison, times),
            MemberFilter::Version(filter) => Test::Version(self.version_test(filter)?),
        })
    }

    fn member_meets(&self, test: &Test<'_>, member: &Member<'_>) -> bool {
        match test {
            Test::Field(name, test) => field(member, name).is_some_and(|value| self.field_meets(value, test)),
            Test::Time(name, comparison, times) => {
                matches!(field(member, name), Some(FieldValue::Time(time)) if compares(time, *comparison, times))
            }
            Test::Version(test) => self.meets(test, member.active, member.module, member.effective_time),
        }
    }

    fn field_meets(&self, value: FieldValue<'_>, test: &ValueTest) -> bool {
        match value {
            FieldValue::Component(id) => self.edition.find(id).is_some_and(|Concept(concept)| test.concept(concept)),
            FieldValue::Text(text) => test.text(text),
            FieldValue::Number(number) => test.number(number),
            FieldValue::Boolean(boolean) => test.boolean(boolean),
            FieldValue::Time(time) => test.text(&time.map_or_else(String::new, |time| time.to_string())),
        }
    }
}

/// The field of a name, that of the referenced component among them.
pub(super) fn field<'m>(member: &Member<'m>, name: &str) -> Option<FieldValue<'m>> {
    if name.eq_ignore_ascii_case("referencedComponentId") {
        return Some(FieldValue::Component(member.referenced));
    }
    member.fields.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, value)| *value)
}
