//! A table of SNOMED CT as constraints see it. The identifiers of descriptions and of rows, their modules and times, and the fields of rows beside
//! the concept are not in a table: they are told as none.

use std::ops::ControlFlow;

use concepts::{ConceptSet, Table, Target};
use ecl::{Concept, ConceptState, Description, Edition, Member, Relationship, RelationshipValue};
use fhir::primitive::Decimal;
use roaring::RoaringBitmap;

/// A release of SNOMED CT in a table.
pub(super) struct Release<'a>(pub(super) &'a Table);

impl Release<'_> {
    /// The value of a property.
    fn value(&self, concept: Concept, property: &str) -> Option<String> {
        self.0.properties(concept.0).find(|value| &*value.property.code == property).map(|value| value.text.to_string())
    }
}

/// The type of a description that says none.
const SYNONYM: u64 = 900_000_000_000_013_009;

impl Edition for Release<'_> {
    fn find(&self, sctid: u64) -> Option<Concept> {
        self.0.find(&sctid.to_string()).map(Concept)
    }

    fn sctid(&self, concept: Concept) -> u64 {
        self.0.code(concept.0).parse().unwrap_or_default()
    }

    fn active(&self) -> RoaringBitmap {
        self.0.all().into_bitmap() - self.inactive()
    }

    fn inactive(&self) -> RoaringBitmap {
        self.0.inactive().into_bitmap()
    }

    fn state(&self, concept: Concept) -> ConceptState {
        let number = |property: &str| self.value(concept, property).and_then(|text| text.parse().ok());
        ConceptState {
            active: !self.0.is_inactive(concept.0),
            defined: self.value(concept, "sufficientlyDefined").as_deref() == Some("true"),
            module: number("moduleId").unwrap_or_default(),
            effective_time: number("effectiveTime").and_then(|time| u32::try_from(time).ok()),
        }
    }

    fn parents(&self, concept: Concept) -> RoaringBitmap {
        self.0.parents(concept.0).collect()
    }

    fn children(&self, concept: Concept) -> RoaringBitmap {
        self.0.children(concept.0).collect()
    }

    fn ancestors(&self, concept: Concept) -> RoaringBitmap {
        self.0.ancestors(concept.0).into_bitmap()
    }

    fn descendants(&self, concept: Concept) -> RoaringBitmap {
        self.0.descendants(concept.0).into_bitmap()
    }

    fn relationships(&self, concept: Concept, see: &mut dyn FnMut(Relationship<'_>) -> ControlFlow<()>) {
        for relation in self.0.relations(concept.0) {
            let number: Decimal;
            let value = match relation.target {
                Target::Concept(target) => RelationshipValue::Concept(Concept(target)),
                Target::Value("true") => RelationshipValue::Boolean(true),
                Target::Value("false") => RelationshipValue::Boolean(false),
                Target::Value(text) => match Decimal::parse(text) {
                    Some(parsed) => {
                        number = parsed;
                        RelationshipValue::Number(&number)
                    }
                    None => RelationshipValue::Text(text),
                },
            };
            if see(Relationship { attribute: Concept(relation.kind), group: relation.group, value }).is_break() {
                return;
            }
        }
    }

    fn sources(&self, destinations: &RoaringBitmap) -> Option<RoaringBitmap> {
        let targets = ConceptSet::from_ascending(destinations.iter());
        let mut found = RoaringBitmap::new();
        for kind in self.0.relation_kinds() {
            found |= self.0.sources(kind, &targets).into_bitmap();
        }
        Some(found)
    }

    fn reference_sets(&self) -> RoaringBitmap {
        self.0.member_sets().collect()
    }

    fn member_concepts(&self, reference_set: Concept) -> Option<RoaringBitmap> {
        Some(self.0.members(reference_set.0).into_bitmap())
    }

    fn members(&self, reference_set: Concept, see: &mut dyn FnMut(Member<'_>) -> ControlFlow<()>) {
        for member in self.0.members(reference_set.0).iter() {
            let referenced = self.sctid(Concept(member));
            if see(Member { active: true, module: 0, effective_time: None, referenced, fields: &[] }).is_break() {
                return;
            }
        }
    }

    fn descriptions(&self, concept: Concept, see: &mut dyn FnMut(Description<'_>) -> ControlFlow<()>) {
        let mut term = String::new();
        for designation in self.0.designations(concept.0) {
            term.clear();
            designation.text.push_to(&mut term);
            let language = if designation.language.is_empty() { &self.0.about().language } else { designation.language };
            let description = Description {
                id: 0,
                active: true,
                module: 0,
                effective_time: None,
                term: &term,
                language: language.split('-').next().unwrap_or_default(),
                kind: designation.usage.code.parse().unwrap_or(SYNONYM),
                dialects: &[],
            };
            if see(description).is_break() {
                return;
            }
        }
    }
}
