//! Narratives in several languages: which sections a profile asks for, by the extension `narrative-language-control`
//! (<http://hl7.org/fhir/R4/languages.html#narrative>).

use fhir::IssueCode;
use fhir::check::Path;

use super::element::Entry;
use super::{Active, Scope, Walk};
use crate::codes;
use crate::plan::Rules;

impl<'w> Walk<'w> {
    /// That a narrative has the sections in languages that a profile asks for: `_no` for none, `_yes` for some, `_resource` for one in the language of
    /// the resource, or a language.
    pub(super) fn narrative_languages(&mut self, by: Active<'w>, rules: &Rules, entry: Entry<'w>, path: &Path, scope: &Scope<'_, 'w>) {
        let Some(div) = entry.value.and_then(|value| value.text("div")).filter(|_| !rules.languages.is_empty()) else { return };
        let found = sections(div);
        for asked in &rules.languages {
            let language = match &**asked {
                "_resource" => scope.container.text("language"),
                "_no" | "_yes" => None,
                language => Some(language),
            };
            let text = match (&**asked, language) {
                ("_no", _) if !found.is_empty() => "the narrative must not be divided into sections with languages",
                ("_yes", _) if found.is_empty() => {
                    "the narrative must be divided into sections with languages: <div lang=\"…\" xml:lang=\"…\">"
                }
                ("_resource", Some(language)) if !found.contains(&language) => {
                    "the narrative must have a section in the language of the resource"
                }
                ("_resource" | "_no" | "_yes", _) => continue,
                (_, Some(language)) if !found.contains(&language) => {
                    "the narrative must have a section in each language that the profile asks for"
                }
                _ => continue,
            };
            self.error(codes::NARRATIVE_LANGUAGE, IssueCode::BusinessRule, path, by, || text.to_owned());
        }
    }
}

/// The languages of the elements right below the outermost one. What is no XHTML has been told with the structure.
fn sections(div: &str) -> Vec<&str> {
    let (mut found, mut depth) = (Vec::new(), 0_usize);
    for tag in div.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
        match tag.as_bytes().first() {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(b'!' | b'?') | None => {}
            Some(_) => {
                if depth == 1 {
                    found.extend(language(tag));
                }
                depth += usize::from(!tag.ends_with('/'));
            }
        }
    }
    found
}

/// The value of the attribute `lang` or `xml:lang` of a tag.
fn language(tag: &str) -> Option<&str> {
    let (_, rest) = tag.split_once("lang=")?;
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    rest[1..].split(quote).next()
}
