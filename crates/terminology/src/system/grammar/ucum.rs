//! Units: `http://unitsofmeasure.org` (<https://ucum.org/ucum>).

use std::borrow::Cow;

use ucum::Unit;

use crate::system::{About, Concept, Designation, Filter, Operator, PropertyDefinition, System, Unsupported, Usage};

const VERSION: &str = "2.2";

/// The system of all units.
pub(super) struct Ucum {
    about: About,
}

impl Ucum {
    pub(super) fn new() -> Self {
        let properties = vec![PropertyDefinition { code: "canonical".into(), uri: None }];
        let about = About::new(ucum::SYSTEM);
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

impl System for Ucum {
    fn about(&self) -> &About {
        &self.about
    }

    fn find(&self, code: &str) -> Option<Concept> {
        Unit::parse(code).is_ok().then(|| Concept::Expression(code.into()))
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
        if let Ok(unit) = Unit::parse(&code) {
            name(&unit.name());
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
        let canonical = ucum::canonical(&code).map(|canonical| canonical.dimension.to_string()).unwrap_or_default();
        Ok(if *canonical == *filter.value {
            Ok(())
        } else {
            Err(format!("Code {code} has canonical form {canonical}, not {} as required", filter.value))
        })
    }
}
