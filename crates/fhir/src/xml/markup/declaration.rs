//! The XML declaration (<https://www.w3.org/TR/xml/#sec-prolog-dtd>).

use super::{Markup, attributes, is_space};
use crate::xml::Fault;

impl Markup<'_> {
    /// `<?xml version="1.0" encoding="UTF-8"?>`, when it is there.
    pub(super) fn declaration(&mut self) -> Result<(), Fault> {
        let Some(rest) = self.text.strip_prefix("<?xml").filter(|rest| rest.starts_with(is_space)) else { return Ok(()) };
        let Some(length) = memchr::memmem::find(rest.as_bytes(), b"?>") else {
            return Err(Fault::malformed("the XML declaration does not end with '?>'", 0));
        };
        let mut declared = Vec::new();
        attributes::read(self.text, 5..5 + length, 3, |name, value, _| {
            declared.push((name, value));
            Ok(())
        })?;
        let names = declared.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let is_known =
            matches!(names[..], ["version"] | ["version", "encoding"] | ["version", "standalone"] | ["version", "encoding", "standalone"]);
        if !is_known {
            return Err(Fault::malformed("the XML declaration must be <?xml version=\"1.0\" encoding=\"UTF-8\"?>", 0));
        }
        for (name, value) in declared {
            match name {
                "version" if value != "1.0" => return Err(Fault::malformed("the XML must be of version 1.0", 0)),
                "encoding" if !["utf-8", "utf8", "us-ascii"].iter().any(|known| value.eq_ignore_ascii_case(known)) => {
                    return Err(Fault::encoding(0));
                }
                "standalone" if !matches!(value, "yes" | "no") => {
                    return Err(Fault::malformed("'standalone' in the XML declaration must be yes or no", 0));
                }
                _ => {}
            }
        }
        self.at = 5 + length + 2;
        Ok(())
    }
}
