//! Random code systems, compared question by question with a simple model of them in memory.

use std::collections::{BTreeMap, BTreeSet};

use concepts::{About, Coding, NewDesignation, NewTarget, Property, Rank, Search, Table, Target, ValueType, Writer};

use crate::random::Random;
use crate::scene::Scene;

const WORDS: [&str; 14] =
    ["Diabetes", "mellitus", "of", "the", "Crohn's", "Übelkeit", "næse", "type", "2", "eye,", "left", "", "unspecified", "疾病"];

/// A designation: language, use, rank, text.
type Name = (String, Option<String>, Rank, String);

#[derive(Default)]
struct Concept {
    names: Vec<Name>,
    parents: BTreeSet<String>,
    values: BTreeSet<(usize, String)>,
    relations: BTreeSet<(u32, String, bool, String)>,
    sets: BTreeSet<String>,
    is_inactive: bool,
    is_abstract: bool,
}

struct Model(BTreeMap<String, Concept>);

fn text(random: &mut Random) -> String {
    let mut words: Vec<&str> = (0..1 + random.below(5)).map(|_| *random.pick(&WORDS)).collect();
    if words.iter().all(|word| word.is_empty()) {
        words.push("x");
    }
    words.join(" ")
}

fn model(random: &mut Random, count: usize) -> Model {
    let codes: Vec<String> =
        (0..count).map(|_| format!("{}{}", random.pick(&["A", "b", "ZZ", "é", "1"]), random.below(count * 3))).collect();
    let mut model = BTreeMap::new();
    for (place, code) in codes.iter().enumerate() {
        let mut concept = Concept { is_inactive: random.chance(20), is_abstract: random.chance(20), ..Concept::default() };
        for _ in 0..random.below(5) {
            let usage = random.chance(50).then(|| format!("use{}", random.below(3)));
            let rank = *random.pick(&[Rank::Display, Rank::Preferred, Rank::Other]);
            concept.names.push(((*random.pick(&["", "en", "de", "de-CH"])).into(), usage, rank, text(random)));
        }
        // Parents come from before, so that there is no circle; a code that was drawn twice keeps those of its first time.
        let is_again = codes[..place].contains(code);
        for _ in 0..if place == 0 || is_again { 0 } else { random.below(4) } {
            concept.parents.insert(codes[random.below(place)].clone());
        }
        for _ in 0..random.below(4) {
            concept.values.insert((random.below(3), text(random)));
        }
        for _ in 0..random.below(3) {
            let is_value = random.chance(30);
            let target = if is_value { format!("#{}", random.below(9)) } else { random.pick(&codes).clone() };
            concept.relations.insert((random.below(3) as u32, random.pick(&codes).clone(), is_value, target));
        }
        if random.chance(30) {
            concept.sets.insert(random.pick(&codes).clone());
        }
        model.entry(code.clone()).or_insert(concept);
    }
    Model(model)
}

/// Tells the model to a writer, in an order that has nothing to do with that of codes.
fn write(model: &Model, writer: &mut Writer, random: &mut Random) {
    for number in 0..3 {
        let property = Property { code: format!("p{number}").into(), uri: "".into(), kind: ValueType::String };
        assert_eq!(writer.declare(property).expect("a property"), number);
    }
    let mut codes: Vec<&String> = model.0.keys().collect();
    for place in (1..codes.len()).rev() {
        codes.swap(place, random.below(place + 1));
    }
    for code in codes {
        let concept = &model.0[code];
        writer.concept(code).expect("written");
        for (language, usage, rank, text) in &concept.names {
            let usage = usage.as_ref().map(|usage| Coding::new("urn:use", usage, ""));
            let name = NewDesignation { language, usage: usage.as_ref(), rank: *rank, text };
            writer.designation(code, &name).expect("written");
        }
        concept.parents.iter().for_each(|parent| writer.parent(code, parent).expect("written"));
        concept.values.iter().for_each(|(property, value)| writer.value(code, *property, value).expect("written"));
        for (group, kind, is_value, target) in &concept.relations {
            let target = if *is_value { NewTarget::Value(target) } else { NewTarget::Code(target) };
            writer.relation(code, *group, kind, target).expect("written");
        }
        concept.sets.iter().for_each(|set| writer.member(code, set).expect("written"));
        if concept.is_inactive {
            writer.inactive(code).expect("written");
        }
        if concept.is_abstract {
            writer.not_selectable(code).expect("written");
        }
    }
    // What is about no concept is left out.
    writer.parent("nobody", "A1").expect("written");
    writer.value("nobody", 0, "x").expect("written");
}

impl Model {
    fn ancestors(&self, code: &str) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        let mut waiting = vec![code];
        while let Some(next) = waiting.pop() {
            for parent in &self.0[next].parents {
                if found.insert(parent.as_str()) {
                    waiting.push(parent);
                }
            }
        }
        found
    }

    /// The designations as the table orders them: by rank, those told earlier first, none twice.
    fn names(&self, code: &str) -> Vec<&Name> {
        let mut names: Vec<&Name> = self.0[code].names.iter().collect();
        names.sort_by_key(|name| name.2);
        let mut seen = BTreeSet::new();
        names.retain(|name| seen.insert((&name.0, &name.1, &name.3)));
        names
    }
}

fn compare_concepts(model: &Model, table: &Table) {
    assert_eq!(table.len() as usize, model.0.len());
    for (place, (code, concept)) in model.0.iter().enumerate() {
        let found = table.find(code).unwrap_or_else(|| panic!("{code} is there"));
        assert_eq!((found as usize, table.code(found)), (place, code.as_str()));
        assert_eq!((table.is_inactive(found), table.is_abstract(found)), (concept.is_inactive, concept.is_abstract), "{code}");
        let names: Vec<(String, String, bool, String)> = table
            .designations(found)
            .map(|name| (name.language.into(), name.usage.code.to_string(), name.preferred, name.text.to_string()))
            .collect();
        let expected: Vec<(String, String, bool, String)> = model
            .names(code)
            .into_iter()
            .map(|(language, usage, rank, text)| (language.clone(), usage.clone().unwrap_or_default(), *rank != Rank::Other, text.clone()))
            .collect();
        assert_eq!(names, expected, "{code}");
        assert!(table.designations(found).zip(&expected).all(|(name, expected)| name.text == expected.3.as_str()), "{code}");
        let values: BTreeSet<(usize, String)> = table
            .properties(found)
            .map(|value| (table.about().property(&value.property.code).expect("declared"), value.text.to_string()))
            .collect();
        assert_eq!(values, concept.values, "{code}");
        let relations: BTreeSet<(u32, String, bool, String)> = table
            .relations(found)
            .map(|relation| match relation.target {
                Target::Concept(target) => (relation.group, table.code(relation.kind).into(), false, table.code(target).into()),
                Target::Value(value) => (relation.group, table.code(relation.kind).into(), true, value.into()),
            })
            .collect();
        assert_eq!(relations, concept.relations, "{code}");
        let sets: BTreeSet<String> =
            table.member_sets().filter(|set| table.members(*set).contains(found)).map(|set| table.code(set).to_owned()).collect();
        assert_eq!(sets, concept.sets, "{code}");
    }
    for missing in ["", "A", "zz1", "nobody", "ZZ"] {
        assert_eq!(table.find(missing).is_some(), model.0.contains_key(missing), "{missing}");
    }
}

fn compare_hierarchy(model: &Model, table: &Table) {
    for code in model.0.keys() {
        let concept = table.find(code).expect("there");
        let above = model.ancestors(code);
        assert_eq!(table.ancestors(concept).iter().map(|other| table.code(other)).collect::<BTreeSet<_>>(), above, "above {code}");
        let parents: Vec<&str> = table.parents(concept).map(|parent| table.code(parent)).collect();
        assert_eq!(parents, model.0[code].parents.iter().map(String::as_str).collect::<Vec<_>>(), "parents of {code}");
        let descendants = table.descendants(concept);
        for other in model.0.keys() {
            let below = table.find(other).expect("there");
            let is_above = model.ancestors(other).contains(code.as_str());
            assert_eq!(table.is_ancestor(concept, below), is_above, "{code} above {other}");
            assert_eq!(descendants.contains(below), is_above, "{code} above {other}");
            assert_eq!(
                table.children(concept).any(|child| child == below),
                model.0[other].parents.contains(code),
                "{other} child of {code}"
            );
        }
    }
}

fn compare_filters(model: &Model, table: &Table, random: &mut Random) {
    for property in 0..3 {
        for _ in 0..10 {
            let wanted = text(random);
            let codes = |having: &dyn Fn(&str) -> bool| -> Vec<&str> {
                let has = |concept: &Concept| concept.values.iter().any(|(other, value)| *other == property && having(value));
                model.0.iter().filter(|(_, concept)| has(concept)).map(|(code, _)| code.as_str()).collect()
            };
            let found = table.having_value(property, &wanted);
            assert_eq!(found.iter().map(|concept| table.code(concept)).collect::<Vec<_>>(), codes(&|value| value == wanted), "{wanted}");
            let found = table.having(property, |value| value.to_string().contains("eye"));
            assert_eq!(found.iter().map(|concept| table.code(concept)).collect::<Vec<_>>(), codes(&|value| value.contains("eye")));
        }
    }
    for kind in model.0.keys() {
        let concept = table.find(kind).expect("there");
        let expected = model.0.values().flat_map(|concept| &concept.relations).filter(|relation| relation.1 == *kind).count();
        assert_eq!(table.relations_of_kind(concept).count(), expected, "{kind}");
        let points = |concept: &&Concept| concept.relations.iter().any(|relation| relation.1 == *kind && !relation.2);
        assert_eq!(table.sources(concept, &table.all()).len(), model.0.values().filter(points).count(), "{kind}");
    }
}

/// What the words of [`WORDS`] are when they are compared.
fn plain(word: &str) -> String {
    word.to_lowercase().replace(['\'', ','], "").replace('ü', "u").replace('æ', "ae")
}

fn compare_search(model: &Model, table: &Table, random: &mut Random) {
    for _ in 0..60 {
        let words: Vec<&str> =
            (0..1 + random.below(3)).map(|_| *random.pick(&WORDS)).filter(|word| !word.is_empty() && *word != "疾病").collect();
        // Sometimes only the beginning of a word.
        let query: Vec<String> = words.iter().map(|word| word.chars().take(2 + random.below(9)).collect()).collect();
        if query.is_empty() {
            continue;
        }
        let has = |concept: &Concept, wanted: &str| {
            let texts = concept.names.iter().flat_map(|name| name.3.split(' '));
            texts.map(plain).any(|word| word.starts_with(&plain(wanted)))
        };
        let expected: BTreeSet<&str> =
            model.0.iter().filter(|(_, concept)| query.iter().all(|wanted| has(concept, wanted))).map(|(code, _)| code.as_str()).collect();
        let query = query.join(" ");
        let everything = table.search(&Search { text: &query, limit: usize::MAX, ..Search::default() });
        assert_eq!(everything.page.iter().map(|concept| table.code(*concept)).collect::<BTreeSet<_>>(), expected, "{query}");
        assert_eq!((everything.total, everything.page.len()), (expected.len(), expected.len()), "{query}");
        assert_eq!(table.matching(&query).len(), expected.len());
        let (offset, limit) = (random.below(5), random.below(5));
        let page = table.search(&Search { text: &query, offset, limit, ..Search::default() });
        assert_eq!(page.page, everything.page.iter().copied().skip(offset).take(limit).collect::<Vec<_>>(), "{query}");
        let active = &table.all() - &table.inactive();
        let within = table.search(&Search { text: &query, within: Some(&active), limit: usize::MAX, offset: 0 });
        assert_eq!(within.page, everything.page.iter().copied().filter(|concept| active.contains(*concept)).collect::<Vec<_>>(), "{query}");
    }
}

#[test]
fn random_code_systems_answer_as_the_model_does() {
    for seed in 0..40 {
        let mut random = Random::new(seed);
        let count = [1, 3, 40, 130][seed as usize % 4];
        let model = model(&mut random, count);
        let scene = Scene::new();
        let table = scene.table(About::new("urn:random", "1", ""), |writer| {
            write(&model, writer, &mut random);
            Ok(())
        });
        println!("seed {seed}: {} concepts", table.len());
        compare_concepts(&model, &table);
        compare_hierarchy(&model, &table);
        compare_filters(&model, &table, &mut random);
        compare_search(&model, &table, &mut random);
    }
}

#[test]
fn the_same_facts_in_another_order_give_the_same_bytes_but_for_the_order_of_names() {
    let scene = Scene::new();
    let file = |seed| {
        let model = model(&mut Random::new(7), 100);
        let table = scene.table(About::new("urn:random", &format!("v{}", seed / 100), ""), |writer| {
            write(&model, writer, &mut Random::new(seed));
            Ok(())
        });
        std::fs::read(table.path()).expect("the file")
    };
    // The languages and uses are numbered as they come: the same order, the same bytes.
    assert_eq!(file(1), file(1));
    assert_eq!(file(1).len(), file(2).len());
}

#[test]
fn a_code_system_without_concepts_is_a_table() {
    let scene = Scene::new();
    let table = scene.table(About::new("urn:empty", "", "nothing"), |_| Ok(()));
    assert!(table.is_empty() && table.all().is_empty() && table.roots().is_empty());
    assert_eq!(table.find("x"), None);
    assert_eq!(table.search(&Search { text: "x", limit: 5, ..Search::default() }).total, 0);
    assert_eq!(&*table.about().title, "nothing");
}

#[test]
fn small_and_capital_letters_are_the_same_only_where_the_code_system_says_so() {
    let scene = Scene::new();
    for case_sensitive in [true, false] {
        let about = About { case_sensitive, ..About::new("urn:case", if case_sensitive { "s" } else { "i" }, "") };
        let table = scene.table(about, |writer| writer.concept("A00.x"));
        assert_eq!(table.find("A00.x"), Some(0));
        assert_eq!(table.find("a00.X").is_some(), !case_sensitive);
    }
}

#[test]
fn the_same_name_twice_is_one_and_the_better_rank_counts() {
    let scene = Scene::new();
    let table = scene.table(About::new("urn:names", "1", ""), |writer| {
        writer.concept("a")?;
        writer.designation("a", &NewDesignation::other("Name", None))?;
        writer.designation("a", &NewDesignation::other("Other", None))?;
        writer.designation("a", &NewDesignation::display("Name"))
    });
    let names: Vec<(String, bool)> = table.designations(0).map(|name| (name.text.to_string(), name.preferred)).collect();
    assert_eq!(names, [("Name".to_owned(), true), ("Other".to_owned(), false)]);
}
