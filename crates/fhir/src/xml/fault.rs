//! Why a text is not the XML that is asked for.

use crate::codes;
use crate::outcome::{Issue, IssueCode};
use crate::position::line_and_column;

/// A fault after which reading cannot go on.
#[derive(Debug)]
pub(crate) struct Fault {
    number: u16,
    code: IssueCode,
    message: String,
    /// Where, in bytes from the start.
    offset: usize,
}

impl Fault {
    /// The text is not well-formed.
    pub(crate) fn malformed(message: &str, offset: usize) -> Self {
        Self { number: codes::XML_MALFORMED, code: IssueCode::Structure, message: message.to_owned(), offset }
    }

    /// The text is more than what is read.
    pub(crate) fn limit(message: String, offset: usize) -> Self {
        Self { number: codes::XML_LIMIT, code: IssueCode::TooCostly, message, offset }
    }

    /// The text says that it is in another encoding.
    pub(crate) fn encoding(offset: usize) -> Self {
        let message = "the XML declaration must say encoding UTF-8, or nothing: convert the document".to_owned();
        Self { number: codes::XML_ENCODING, code: IssueCode::Structure, message, offset }
    }

    /// There are more problems than are reported.
    pub(crate) fn more(offset: usize) -> Self {
        let message = "there are more issues: mend those reported and try again".to_owned();
        Self { number: codes::MORE_ISSUES, code: IssueCode::Incomplete, message, offset }
    }

    /// `<!DOCTYPE`.
    pub(crate) fn document_type(offset: usize) -> Self {
        Self::forbidden("a document type (DOCTYPE) is not allowed: leave it out", offset)
    }

    /// `<?php`.
    pub(crate) fn processing_instruction(offset: usize) -> Self {
        Self::forbidden("a processing instruction (<?…?>) is not allowed: leave it out", offset)
    }

    /// `&nbsp;`, and others that XML does not have by itself.
    pub(crate) fn entity(name: &str, offset: usize) -> Self {
        let remedy = if name == "nbsp" { "&#160;" } else { "the character itself, or its number as in &#160;" };
        Self::forbidden(&format!("XML has no entities but &lt; &gt; &amp; &apos; and &quot;: write {remedy}"), offset)
    }

    fn forbidden(message: &str, offset: usize) -> Self {
        Self { number: codes::XML_FORBIDDEN_MARKUP, code: IssueCode::Structure, message: message.to_owned(), offset }
    }

    /// What is wrong, and on which line of `text`.
    pub(crate) fn message(&self, text: &[u8]) -> String {
        let (line, column) = line_and_column(text, self.offset);
        format!("{} (line {line}, column {column})", self.message)
    }

    /// The fault as an issue about the element at `expression`.
    pub(crate) fn into_issue(self, text: &[u8], expression: String) -> Issue {
        Issue::error(self.number, self.code, expression, self.message(text))
    }
}
