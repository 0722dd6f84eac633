//! The filters and supplements of the naive evaluator.

use ecl::Edition;
use ecl::tree::{
    Acceptability, Comparison, ConceptFilter, Concepts, DefinitionStatus, DescriptionFilter, DescriptionType, FieldTest, History,
    MemberFilter, SearchTerm, Time, Value, VersionFilter,
};

use crate::naive::{NoMeaning, Set, apply, compares, constraint, operand};
use crate::synthetic::{MadeDescription, MadeField, MadeRow, Synthetic};

fn concepts(edition: &Synthetic, concepts: &Concepts) -> Result<Set, NoMeaning> {
    match concepts {
        Concepts::In(asked) => operand(edition, asked),
        Concepts::Listed(list) => Ok(list.iter().filter_map(|each| edition.find(each.id)).map(|concept| concept.0).collect()),
    }
}

fn is_in(edition: &Synthetic, id: u64, set: &Set) -> bool {
    set.iter().any(|concept| edition.made(*concept).id == id)
}

fn version(edition: &Synthetic, filter: &VersionFilter, active: bool, module: u64, time: Time) -> Result<bool, NoMeaning> {
    Ok(match filter {
        VersionFilter::Module(not, asked) => is_in(edition, module, &concepts(edition, asked)?) != *not,
        VersionFilter::EffectiveTime(comparison, times) => time_meets(time, *comparison, times),
        VersionFilter::Active(not, None) => !not,
        VersionFilter::Active(not, Some(asked)) => (active == *asked) != *not,
    })
}

fn time_meets(time: Time, comparison: Comparison, times: &[Time]) -> bool {
    let meets = |other: &Time| match comparison {
        Comparison::Equal | Comparison::NotEqual => compares(&time, comparison, other),
        _ => time.is_some() && other.is_some() && compares(&time, comparison, other),
    };
    match comparison {
        Comparison::NotEqual => times.iter().all(meets),
        _ => times.iter().any(meets),
    }
}

pub fn meets_state(edition: &Synthetic, concept: u32, filters: &[ConceptFilter]) -> Result<bool, NoMeaning> {
    let state = edition.made(concept).state;
    for filter in filters {
        let meets = match filter {
            ConceptFilter::Definition(not, statuses) => {
                statuses.iter().any(|one| (*one == DefinitionStatus::Defined) == state.defined) != *not
            }
            ConceptFilter::DefinitionId(not, asked) => {
                let id = if state.defined { 900000000000073002 } else { 900000000000074008 };
                is_in(edition, id, &concepts(edition, asked)?) != *not
            }
            ConceptFilter::Version(filter) => version(edition, filter, state.active, state.module, state.effective_time)?,
        };
        if !meets {
            return Ok(false);
        }
    }
    Ok(true)
}

pub fn has_description(edition: &Synthetic, concept: u32, filters: &[DescriptionFilter]) -> Result<bool, NoMeaning> {
    let asks = filters.iter().any(|filter| matches!(filter, DescriptionFilter::Version(VersionFilter::Active(..))));
    for description in edition.made(concept).descriptions.iter().filter(|description| description.active || asks) {
        let meets: Vec<bool> = filters.iter().map(|filter| description_meets(edition, description, filter)).collect::<Result<_, _>>()?;
        if !meets.contains(&false) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn description_meets(edition: &Synthetic, of: &MadeDescription, filter: &DescriptionFilter) -> Result<bool, NoMeaning> {
    let in_dialect = |set: u64, accepted: Option<&Acceptability>| {
        of.dialects.iter().any(|(own, how)| {
            *own == set
                && match accepted {
                    None => true,
                    Some(Acceptability::Ids(ids)) => ids.iter().any(|id| id.id == *how),
                    Some(Acceptability::Named { preferred, acceptable }) => {
                        (*how == 900000000000548007 && *preferred) || (*how == 900000000000549004 && *acceptable)
                    }
                }
        })
    };
    Ok(match filter {
        DescriptionFilter::Term(not, terms) => text_meets(&of.term, terms) != *not,
        DescriptionFilter::Language(not, codes) => codes.iter().any(|code| **code == *of.language) != *not,
        DescriptionFilter::Type(not, types) => types.iter().any(|kind| is_kind(of.kind, *kind)) != *not,
        DescriptionFilter::TypeId(not, asked) => is_in(edition, of.kind, &concepts(edition, asked)?) != *not,
        DescriptionFilter::Id(not, ids) => ids.contains(&of.id) != *not,
        DescriptionFilter::Dialect(not, dialects, all) => {
            let meets =
                |alias: &str, own: Option<&Acceptability>| edition.dialect(alias).is_some_and(|set| in_dialect(set, own.or(all.as_ref())));
            dialects.iter().any(|dialect| meets(&dialect.name, dialect.acceptability.as_ref())) != *not
        }
        DescriptionFilter::DialectId(not, dialects, all) => {
            dialects.iter().any(|dialect| in_dialect(dialect.name.id, dialect.acceptability.as_ref().or(all.as_ref()))) != *not
        }
        DescriptionFilter::DialectIn(not, asked, all) => {
            operand(edition, asked)?.iter().any(|set| in_dialect(edition.made(*set).id, all.as_ref())) != *not
        }
        DescriptionFilter::Version(filter) => version(edition, filter, of.active, of.module, of.time)?,
    })
}

fn is_kind(id: u64, kind: DescriptionType) -> bool {
    match kind {
        DescriptionType::Synonym => id == 900000000000013009,
        DescriptionType::FullySpecifiedName => id == 900000000000003001,
        DescriptionType::Definition => id == 900000000000550004,
    }
}

fn plain(text: &str) -> String {
    text.to_lowercase().replace('é', "e")
}

pub fn text_meets(text: &str, terms: &[SearchTerm]) -> bool {
    let text = plain(text);
    let words: Vec<&str> = text.split([' ', '(', ')', '*', '"', '.']).collect();
    terms.iter().any(|term| match term {
        SearchTerm::Match(asked) => asked.iter().all(|asked| {
            let asked = plain(asked);
            let parts: Vec<&str> = asked.split([' ', '(', ')', '*', '"', '.']).filter(|part| !part.is_empty()).collect();
            match parts.is_empty() {
                true => text.contains(&asked),
                false => parts.iter().all(|part| words.iter().any(|word| word.starts_with(part))),
            }
        }),
        SearchTerm::Wild(pattern) => is_like(&plain(pattern).chars().collect::<Vec<_>>(), &text.chars().collect::<Vec<_>>()),
    })
}

fn is_like(pattern: &[char], text: &[char]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        (['*', rest @ ..], _) => is_like(rest, text) || (!text.is_empty() && is_like(pattern, &text[1..])),
        (['\\', sign, rest @ ..], [first, others @ ..]) => sign == first && is_like(rest, others),
        ([sign, rest @ ..], [first, others @ ..]) => sign == first && is_like(rest, others),
        _ => false,
    }
}

pub fn rows<'e>(edition: &'e Synthetic, sets: &Set, filters: &[Vec<MemberFilter>]) -> Result<Vec<&'e MadeRow>, NoMeaning> {
    let filters: Vec<&MemberFilter> = filters.iter().flatten().collect();
    let asks = filters.iter().any(|filter| matches!(filter, MemberFilter::Version(VersionFilter::Active(..))));
    let mut found = Vec::new();
    for row in sets.iter().flat_map(|set| &edition.made(*set).rows).filter(|row| row.active || asks) {
        let meets: Vec<bool> = filters.iter().map(|filter| row_meets(edition, row, filter)).collect::<Result<_, _>>()?;
        found.extend((!meets.contains(&false)).then_some(row));
    }
    Ok(found)
}

fn row_meets(edition: &Synthetic, row: &MadeRow, filter: &MemberFilter) -> Result<bool, NoMeaning> {
    let (name, test) = match filter {
        MemberFilter::Version(filter) => return version(edition, filter, row.active, row.module, row.time),
        MemberFilter::Field(name, test) => (name, test),
    };
    let referenced = MadeField::Component(row.referenced);
    let field = match &**name {
        "referencedComponentId" => Some(&referenced),
        name => row.fields.iter().find(|(known, _)| *known == name).map(|(_, field)| field),
    };
    Ok(match (field, test) {
        (Some(MadeField::Time(time)), FieldTest::Time(comparison, times)) => time_meets(*time, *comparison, times),
        (Some(MadeField::Component(id)), FieldTest::Value(Value::Concepts(not, asked))) => {
            edition.find(*id).is_some() && is_in(edition, *id, &operand(edition, asked)?) != *not
        }
        (Some(MadeField::Text(text)), FieldTest::Value(Value::Text(not, terms))) => text_meets(text, terms) != *not,
        (Some(MadeField::Time(time)), FieldTest::Value(Value::Text(not, terms))) => {
            text_meets(&time.map_or_else(String::new, |time| time.to_string()), terms) != *not
        }
        (Some(MadeField::Number(number)), FieldTest::Value(Value::Number(comparison, asked))) => {
            compares(number, *comparison, &fhir::primitive::Decimal::parse(&asked.text).expect("it is a number"))
        }
        (Some(MadeField::Boolean(boolean)), FieldTest::Value(Value::Boolean(not, asked))) => (boolean == asked) != *not,
        _ => false,
    })
}

pub fn supplement(edition: &Synthetic, set: Set, history: &History) -> Result<Set, NoMeaning> {
    let named = |ids: &[u64]| ids.iter().filter_map(|id| edition.find(*id)).map(|concept| concept.0).collect::<Set>();
    let associations = match history {
        History::Minimum => named(&[900000000000527005]),
        History::Moderate => named(&[900000000000527005, 900000000000526001, 900000000000528000, 1186924009]),
        History::Maximum => apply(edition, ecl::tree::Operator::DescendantOf, &named(&[900000000000522004])),
        History::Subset(asked) => constraint(edition, asked)?,
    };
    let mut found = set.clone();
    for row in associations.iter().flat_map(|one| &edition.made(*one).rows).filter(|row| row.active) {
        let target = row.fields.iter().find(|(name, _)| *name == "targetComponentId");
        if let (Some((_, MadeField::Component(target))), Some(source)) = (target, edition.find(row.referenced))
            && is_in(edition, *target, &set)
            && !edition.made(source.0).state.active
        {
            found.insert(source.0);
        }
    }
    Ok(found)
}
