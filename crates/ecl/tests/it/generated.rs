//! Constraints made from seeds: each says in its canonical form what it said, and finds what the naive evaluator finds.

use ecl::tree::{
    Acceptability, Alternate, At, Attribute, Cardinality, Comparison, ConceptFilter, ConceptReference, Concepts, Constraint,
    DefinitionStatus, DescriptionFilter, DescriptionType, Dialect, FieldTest, Filter, Focus, History, MemberFilter, MemberOf, Number,
    Operand, Operator, Refinement, SearchTerm, Time, Value, VersionFilter,
};
use ecl::{Found, Limits, evaluate, parse};
use published::Random;

use crate::synthetic_making::{ATTRIBUTES, CONCEPTS, METADATA, NUMBERS, SETS, TIMES, id_of, make};
use crate::{naive, synthetic::Synthetic};

const OPERATORS: [Operator; 10] = [
    Operator::DescendantOf,
    Operator::DescendantOrSelfOf,
    Operator::ChildOf,
    Operator::ChildOrSelfOf,
    Operator::AncestorOf,
    Operator::AncestorOrSelfOf,
    Operator::ParentOf,
    Operator::ParentOrSelfOf,
    Operator::Top,
    Operator::Bottom,
];
const COMPARISONS: [Comparison; 6] =
    [Comparison::Equal, Comparison::NotEqual, Comparison::Less, Comparison::LessOrEqual, Comparison::Greater, Comparison::GreaterOrEqual];

/// Makes constraints; `depth` is how much deeper they may become.
struct Maker<'a> {
    random: &'a mut Random,
}

impl Maker<'_> {
    fn list<T>(&mut self, most: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..=self.random.below(most)).map(|_| make(self)).collect()
    }

    fn not(&mut self) -> bool {
        self.random.one_in(4)
    }

    fn constraint(&mut self, depth: usize) -> Constraint {
        let operands = |maker: &mut Self| {
            let mut operands = maker.list(2, |maker| maker.operand(depth));
            operands.push(maker.operand(depth));
            operands
        };
        match self.random.below(7) {
            0 => Constraint::And(operands(self)),
            1 => Constraint::Or(operands(self)),
            2 => Constraint::Minus(Box::new(self.operand(depth)), Box::new(self.operand(depth))),
            3 | 4 if depth > 0 => Constraint::Refined(Box::new(self.operand(depth)), self.refinement(depth - 1, true)),
            5 => Constraint::Dotted(Box::new(self.operand(depth)), self.list(2, |maker| maker.name(0))),
            _ => Constraint::Simple(Box::new(self.operand(depth))),
        }
    }

    fn operand(&mut self, depth: usize) -> Operand {
        let mut operand = plain(self.focus(depth));
        if self.random.one_in(5) {
            operand.focus = Focus::Concept(reference(self.random.pick(&SETS)));
            operand.member_of = Some(match self.random.below(4) {
                0 => MemberOf::Fields(vec![self.random.pick(&["mapValue", "targetComponentId", "referencedComponentId"]).into()]),
                _ => MemberOf::Referenced,
            });
            if depth > 0 && self.random.one_in(2) {
                operand.members = self.list(2, |maker| maker.list(2, |maker| maker.member_filter(depth - 1)));
            }
            if self.random.one_in(3) {
                operand.focus = Focus::Any;
            }
        }
        operand.operator = self.random.one_in(2).then(|| self.random.pick(&OPERATORS));
        if depth > 0 && self.random.one_in(4) {
            operand.filters = self.list(2, |maker| maker.filter(depth - 1));
        }
        if self.random.one_in(8) {
            operand.history = Some(match self.random.below(4) {
                0 => History::Minimum,
                1 => History::Moderate,
                2 => History::Maximum,
                _ => History::Subset(Box::new(Constraint::Simple(Box::new(plain(Focus::Concept(reference(CONCEPTS + 12))))))),
            });
        }
        operand
    }

    fn focus(&mut self, depth: usize) -> Focus {
        match self.random.below(9) {
            0 | 1 => Focus::Any,
            2 => Focus::Alternate(Alternate { scheme: "N".into(), code: self.random.below(60).to_string().into(), term: None }),
            3 | 4 if depth > 0 => Focus::Nested(Box::new(self.constraint(depth - 1))),
            _ => {
                let number = self.random.below(CONCEPTS as usize + METADATA.len()) as u32;
                let term = self.random.one_in(4).then(|| "a term (with signs) AND \"more\"".into());
                let id = if self.random.one_in(20) { 999_999_999 } else { id_of(number) };
                Focus::Concept(ConceptReference { id, term, at: At::default() })
            }
        }
    }

    fn name(&mut self, depth: usize) -> Operand {
        match self.random.below(5) {
            0 => plain(Focus::Any),
            1 if depth > 0 => self.operand(depth - 1),
            _ => plain(Focus::Concept(reference(self.random.pick(&ATTRIBUTES)))),
        }
    }

    fn refinement(&mut self, depth: usize, may_be_group: bool) -> Refinement {
        let parts = |maker: &mut Self| vec![maker.refinement(depth - 1, may_be_group), maker.refinement(depth - 1, may_be_group)];
        match self.random.below(6) {
            0 | 1 if depth > 0 => Refinement::All(parts(self)),
            2 if depth > 0 => Refinement::Any(parts(self)),
            3 | 4 if may_be_group => Refinement::Group(self.cardinality(), Box::new(self.refinement(depth, false))),
            _ => self.attribute(depth),
        }
    }

    fn cardinality(&mut self) -> Cardinality {
        let min = self.random.below(3) as u32;
        match self.random.below(3) {
            0 => Cardinality { min, max: None },
            1 => Cardinality { min, max: Some(min + self.random.below(2) as u32) },
            _ => Cardinality::SOME,
        }
    }

    fn attribute(&mut self, depth: usize) -> Refinement {
        let (cardinality, name) = (self.cardinality(), self.name(depth));
        let reverse = self.random.one_in(5);
        let value = match reverse {
            true => Value::Concepts(self.not(), self.operand(depth)),
            false => self.value(depth),
        };
        Refinement::Attribute(Box::new(Attribute { cardinality, reverse, name, value }))
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.random.below(6) {
            0 => Value::Number(self.random.pick(&COMPARISONS), Number { text: self.random.pick(&NUMBERS).into(), at: At::default() }),
            1 => Value::Text(self.not(), self.list(2, Self::search_term)),
            2 => Value::Boolean(self.not(), self.random.one_in(2)),
            _ => Value::Concepts(self.not(), self.operand(depth)),
        }
    }

    fn search_term(&mut self) -> SearchTerm {
        match self.random.below(2) {
            0 => {
                let words = ["hea", "HEART", "att", "hé", "pana", "J45", "\"", "a", "(side", "x#y", "\\", "beat(left", "heart*asthma"];
                SearchTerm::Match(self.list(2, |maker| maker.random.pick(&words).into()))
            }
            _ => {
                let patterns = ["*", "heart*", "*attack", "heart\\*beat*", "*a*a*", "left (side)", "*\\\"b\\\"*", "20*"];
                SearchTerm::Wild(self.random.pick(&patterns).into())
            }
        }
    }

    fn filter(&mut self, depth: usize) -> Filter {
        match self.random.below(2) {
            0 => Filter::Description(self.list(2, |maker| maker.description_filter(depth))),
            _ => Filter::Concept(self.list(2, |maker| maker.concept_filter(depth))),
        }
    }

    fn description_filter(&mut self, depth: usize) -> DescriptionFilter {
        let types = [DescriptionType::Synonym, DescriptionType::FullySpecifiedName, DescriptionType::Definition];
        let aliases = ["en-us", "en-gb", "sv-se", "xx"];
        let ids = [47, 48];
        match self.random.below(9) {
            0 | 1 => DescriptionFilter::Term(self.not(), self.list(2, Self::search_term)),
            2 => DescriptionFilter::Language(self.not(), self.list(2, |maker| maker.random.pick(&["en", "sv"]).into())),
            3 => DescriptionFilter::Type(self.not(), self.list(2, |maker| maker.random.pick(&types))),
            4 => DescriptionFilter::TypeId(self.not(), self.concepts(depth)),
            5 => DescriptionFilter::Dialect(self.not(), self.dialects(|maker| maker.random.pick(&aliases).into()), self.acceptability()),
            6 => DescriptionFilter::DialectId(self.not(), self.dialects(|maker| reference(maker.random.pick(&ids))), self.acceptability()),
            7 => DescriptionFilter::Id(self.not(), self.list(2, |maker| 5_000_000 + maker.random.below(4000) as u64)),
            _ => DescriptionFilter::Version(self.version_filter(depth)),
        }
    }

    fn dialects<Name>(&mut self, name: impl Fn(&mut Self) -> Name) -> Vec<Dialect<Name>> {
        self.list(2, |maker| Dialect { name: name(maker), acceptability: maker.acceptability(), at: At::default() })
    }

    fn acceptability(&mut self) -> Option<Acceptability> {
        match self.random.below(4) {
            0 => Some(Acceptability::Ids(vec![reference(CONCEPTS + 5)])),
            1 => Some(Acceptability::Named { preferred: true, acceptable: self.random.one_in(2) }),
            _ => None,
        }
    }

    fn concept_filter(&mut self, depth: usize) -> ConceptFilter {
        let statuses = [DefinitionStatus::Primitive, DefinitionStatus::Defined];
        match self.random.below(3) {
            0 => ConceptFilter::Definition(self.not(), self.list(2, |maker| maker.random.pick(&statuses))),
            1 => ConceptFilter::DefinitionId(self.not(), self.concepts(depth)),
            _ => ConceptFilter::Version(self.version_filter(depth)),
        }
    }

    fn member_filter(&mut self, depth: usize) -> MemberFilter {
        let field = |name: &str, test| MemberFilter::Field(name.into(), test);
        match self.random.below(6) {
            0 => field("mapTarget", FieldTest::Value(Value::Text(self.not(), self.list(2, Self::search_term)))),
            1 => field("mapGroup", FieldTest::Value(self.value(depth))),
            2 => field("referencedComponentId", FieldTest::Value(Value::Concepts(self.not(), self.operand(depth)))),
            3 => field("since", FieldTest::Time(self.random.pick(&COMPARISONS[2..]), self.times())),
            4 => field("flag", FieldTest::Value(Value::Boolean(self.not(), true))),
            _ => MemberFilter::Version(self.version_filter(depth)),
        }
    }

    fn version_filter(&mut self, depth: usize) -> VersionFilter {
        match self.random.below(3) {
            0 => VersionFilter::Module(self.not(), self.concepts(depth)),
            1 => VersionFilter::EffectiveTime(self.random.pick(&COMPARISONS), self.times()),
            _ => VersionFilter::Active(self.not(), self.random.pick(&[None, Some(true), Some(false)])),
        }
    }

    fn times(&mut self) -> Vec<Time> {
        self.list(2, |maker| maker.random.pick(&TIMES))
    }

    fn concepts(&mut self, depth: usize) -> Concepts {
        let metadata = |maker: &mut Self| reference(CONCEPTS + maker.random.below(11) as u32);
        match self.random.below(2) {
            0 => Concepts::Listed(vec![metadata(self), metadata(self)]),
            _ if depth == 0 => Concepts::In(Box::new(plain(Focus::Concept(metadata(self))))),
            _ => Concepts::In(Box::new(self.operand(depth - 1))),
        }
    }
}

fn plain(focus: Focus) -> Operand {
    Operand { operator: None, member_of: None, focus, members: Vec::new(), filters: Vec::new(), history: None, at: At::default() }
}

fn reference(number: u32) -> ConceptReference {
    ConceptReference { id: id_of(number), term: None, at: At::default() }
}

fn constraints(seed: u64, count: usize, mut check: impl FnMut(Constraint)) {
    let mut random = Random::new(seed);
    (0..count).for_each(|number| check(Maker { random: &mut random }.constraint(number % 4)));
}

#[test]
fn what_is_written_is_read_as_the_same() {
    constraints(1, 10_000, |constraint| {
        let text = constraint.to_string();
        let read = parse(&text).unwrap_or_else(|error| panic!("{text}\n{error}"));
        assert_eq!(read.to_string(), text);
        assert_eq!(read, constraint, "{text}");
    });
}

fn compared(edition: &Synthetic, constraint: &Constraint) -> usize {
    let text = constraint.to_string();
    let answer = evaluate(constraint, edition, Limits::default()).unwrap_or_else(|error| panic!("{text}\n{error}"));
    let Found::Concepts(found) = answer.found else { return 0 };
    let Ok(wanted) = naive::constraint(edition, constraint) else { panic!("{text}: has no meaning") };
    assert_eq!(found.iter().collect::<Vec<u32>>(), wanted.into_iter().collect::<Vec<u32>>(), "{text}");
    found.len() as usize
}

#[test]
fn what_is_found_is_what_the_definitions_say() {
    let (mut empty, mut total) = (0, 0);
    for seed in 0..8 {
        let edition = make(seed);
        constraints(100 + seed, 250, |constraint| {
            total += 1;
            empty += usize::from(compared(&edition, &constraint) == 0);
        });
    }
    assert!(empty * 3 < total * 2, "{empty} of {total} found nothing: the comparison says little");
}
