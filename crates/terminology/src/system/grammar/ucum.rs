//! Units: `http://unitsofmeasure.org` (<https://ucum.org/ucum>).

use std::borrow::Cow;

use crate::system::{About, Concept, Designation, Filter, Operator, PropertyDefinition, System, Unsupported, Usage};

const VERSION: &str = "2.2";
/// A code longer than this is not looked at.
const LONGEST: usize = 500;

/// The system of all units.
pub(super) struct Ucum {
    about: About,
}

impl Ucum {
    pub(super) fn new() -> Self {
        let properties = vec![PropertyDefinition { code: "canonical".into(), uri: None }];
        let about = About::new("http://unitsofmeasure.org");
        Self {
            about: About {
                version: Some(VERSION.into()),
                name: Some("UCUM".into()),
                language: Some("en".into()),
                properties,
                stand_in: Some("http://hl7.org/fhir/ValueSet/ucum-common".into()),
                ..about
            },
        }
    }
}

/// The code as the library reads it. UCUM has no spaces in annotations and no annotation after a parenthesis; HL7's own list of common units has
/// both, so that they are let pass: an annotation has no meaning.
fn readable(code: &str) -> Cow<'_, str> {
    if !code.contains(' ') && !code.contains("){") {
        return Cow::Borrowed(code);
    }
    let mut readable = String::with_capacity(code.len());
    let mut rest = code;
    while let Some((before, after)) = rest.split_once('{') {
        readable.push_str(before);
        let (annotation, after) = after.split_once('}').unwrap_or((after, ""));
        if !before.ends_with(')') {
            readable.push_str(&format!("{{{}}}", annotation.replace(' ', "_")));
        }
        rest = after;
    }
    readable.push_str(rest);
    Cow::Owned(readable)
}

impl System for Ucum {
    fn about(&self) -> &About {
        &self.about
    }

    fn find(&self, code: &str) -> Option<Concept> {
        let is_code = !code.is_empty() && code.len() <= LONGEST && octofhir_ucum::validate(&readable(code)).is_ok();
        is_code.then(|| Concept::Expression(code.into()))
    }

    fn code<'a>(&'a self, concept: &'a Concept) -> Cow<'a, str> {
        super::expression(concept)
    }

    fn display<'a>(&'a self, concept: &'a Concept) -> Option<Cow<'a, str>> {
        Some(super::expression(concept))
    }

    fn designations(&self, concept: &Concept, each: &mut dyn FnMut(Designation<'_>)) {
        let code = super::expression(concept);
        let mut name = |value: &str| {
            each(Designation { language: Some("en"), usage: Usage::Display, value, status: None, extensions: &[], source: None });
        };
        name(&code);
        let readable = readable(&code);
        if let Ok(analysis) = octofhir_ucum::display_name(&readable) {
            name(&analysis);
        }
        let common = octofhir_ucum::get_common_display(&readable);
        if common != *readable && !common.starts_with('(') {
            name(&common);
        }
    }

    fn rows(&self) -> Option<u32> {
        None
    }

    fn passes(&self, concept: &Concept, filter: &Filter) -> Result<Result<(), String>, Unsupported> {
        if &*filter.property != "canonical" || filter.operator != Operator::Equals {
            return Err(Unsupported::Filter);
        }
        let code = super::expression(concept);
        let canonical = octofhir_ucum::get_canonical_units(&readable(&code)).map(|unit| unit.unit).unwrap_or_default();
        Ok(if canonical == *filter.value {
            Ok(())
        } else {
            Err(format!("Code {code} has canonical form {canonical}, not {} as required", filter.value))
        })
    }
}
