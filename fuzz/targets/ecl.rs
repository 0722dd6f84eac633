//! SNOMED CT's constraints and expressions: each is understood or refused, says in its canonical form what it said, and is evaluated within its limits.
#![no_main]

use std::ops::ControlFlow;

use ecl::expression::Expression;
use ecl::{Concept, ConceptState, Description, Edition, FieldValue, Limits, Member, Relationship, RelationshipValue};
use libfuzzer_sys::fuzz_target;
use roaring::RoaringBitmap;

/// Eight concepts from 100001 on, each above the next and its attribute; the last is a reference set with all of them.
struct Chain;

const CONCEPTS: u32 = 8;
const FIRST: u64 = 100_001;

impl Edition for Chain {
    fn find(&self, sctid: u64) -> Option<Concept> {
        u32::try_from(sctid.checked_sub(FIRST)?).ok().filter(|number| *number < CONCEPTS).map(Concept)
    }

    fn sctid(&self, concept: Concept) -> u64 {
        FIRST + u64::from(concept.0)
    }

    fn active(&self) -> RoaringBitmap {
        (0..CONCEPTS - 1).collect()
    }

    fn inactive(&self) -> RoaringBitmap {
        (CONCEPTS - 1..CONCEPTS).collect()
    }

    fn state(&self, concept: Concept) -> ConceptState {
        ConceptState {
            active: concept.0 + 1 < CONCEPTS,
            defined: concept.0.is_multiple_of(2),
            module: FIRST,
            effective_time: Some(20_200_131),
        }
    }

    fn parents(&self, concept: Concept) -> RoaringBitmap {
        concept.0.checked_sub(1).into_iter().collect()
    }

    fn children(&self, concept: Concept) -> RoaringBitmap {
        (concept.0 + 1..CONCEPTS).take(1).collect()
    }

    fn ancestors(&self, concept: Concept) -> RoaringBitmap {
        (0..concept.0).collect()
    }

    fn descendants(&self, concept: Concept) -> RoaringBitmap {
        (concept.0 + 1..CONCEPTS).collect()
    }

    fn relationships(&self, concept: Concept, see: &mut dyn FnMut(Relationship<'_>) -> ControlFlow<()>) {
        let value = RelationshipValue::Concept(Concept((concept.0 + 1) % CONCEPTS));
        let _ = see(Relationship { attribute: concept, group: concept.0 % 2, value });
    }

    fn reference_sets(&self) -> RoaringBitmap {
        self.inactive()
    }

    fn members(&self, _: Concept, see: &mut dyn FnMut(Member<'_>) -> ControlFlow<()>) {
        let fields = [("targetComponentId", FieldValue::Component(FIRST)), ("mapTarget", FieldValue::Text("J45.9"))];
        for number in 0..CONCEPTS {
            let member =
                Member { active: true, module: FIRST, effective_time: None, referenced: FIRST + u64::from(number), fields: &fields };
            if see(member).is_break() {
                return;
            }
        }
    }

    fn descriptions(&self, concept: Concept, see: &mut dyn FnMut(Description<'_>) -> ControlFlow<()>) {
        let _ = see(Description {
            id: 1_000_011,
            active: true,
            module: FIRST,
            effective_time: None,
            term: "Heart attäck (disorder)",
            language: "en",
            kind: FIRST,
            dialects: &[(FIRST, FIRST + u64::from(concept.0))],
        });
    }
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(expression) = Expression::parse(text) {
        assert_eq!(Expression::parse(&expression.to_string()).as_ref(), Ok(&expression));
        let normal = expression.normalized();
        assert_eq!(Expression::parse(&normal.to_string()).map(|read| read.normalized()), Ok(normal));
    }
    let _ = ecl::implicit_value_set(text);
    let constraint = match ecl::parse(text) {
        Ok(constraint) => constraint,
        Err(error) => {
            assert!(text.is_char_boundary(error.at) && (1250..1280).contains(&error.number()) && !error.to_string().is_empty());
            return;
        }
    };
    let canonical = constraint.to_string();
    // The canonical form of a constraint at the limit may be beyond it.
    match ecl::parse(&canonical) {
        Ok(again) => assert_eq!(again, constraint, "{canonical}"),
        Err(error) => assert_eq!(error.kind, ecl::ErrorKind::Limit, "{canonical}: {error}"),
    }
    let answer = ecl::evaluate(&constraint, &Chain, Limits { steps: 20_000 });
    assert_eq!(answer, ecl::evaluate(&constraint, &Chain, Limits { steps: 20_000 }));
});
