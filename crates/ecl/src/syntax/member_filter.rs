//! Filters of the members of reference sets: `memberFilter` in the grammar.

use super::Cursor;
use crate::error::Error;
use crate::tree::{FieldTest, MemberFilter};

impl Cursor<'_> {
    pub(super) fn member_filter(&mut self) -> Result<MemberFilter, Error> {
        if let Some(filter) = self.version_filter()? {
            return Ok(MemberFilter::Version(filter));
        }
        let name = self.field_name()?;
        self.blanks()?;
        let comparison = self.comparison()?;
        self.blanks()?;
        // A date after `=` is read as a text, which finds it as well; nothing between quotation marks is no text.
        let is_time = self.peek() != Some(b'#') && (Self::is_not(comparison).is_none() || self.rest().starts_with("\"\""));
        let test = if is_time { FieldTest::Time(comparison, self.times()?) } else { FieldTest::Value(self.value(comparison)?) };
        Ok(MemberFilter::Field(name, test))
    }
}
