//! What hierarchies may not be, and some that are more than trees.

use concepts::{About, Failure};

use crate::scene::{Scene, codes};

fn about() -> About {
    About::new("urn:tree", "1", "")
}

#[test]
fn a_circle_is_refused_with_a_code_on_it() {
    let scene = Scene::new();
    for circle in [&["a", "b", "c"][..], &["a"]] {
        let refused = scene.try_add(about(), |writer| {
            for code in ["a", "b", "c", "root", "below"] {
                writer.concept(code)?;
            }
            writer.parent("below", "a")?;
            writer.parent("a", "root")?;
            for (place, code) in circle.iter().enumerate() {
                writer.parent(code, circle[(place + 1) % circle.len()])?;
            }
            Ok(())
        });
        match refused {
            Err(Failure::Circle { code }) => assert!(circle.contains(&code.as_str()), "{code}"),
            other => panic!("{other:?}"),
        }
    }
    assert!(scene.tables().open_all().expect("the folder").0.is_empty());
}

#[test]
fn a_concept_below_two_is_below_all_that_are_above_them() {
    let scene = Scene::new();
    let table = scene.table(about(), |writer| {
        for (code, parents) in
            [("animal", ""), ("swims", ""), ("bird", "animal"), ("duck", "bird swims"), ("mallard", "duck"), ("hen", "bird")]
        {
            writer.concept(code)?;
            parents.split_whitespace().try_for_each(|parent| writer.parent(code, parent))?;
        }
        Ok(())
    });
    let find = |code: &str| table.find(code).expect("there");
    assert_eq!(codes(&table, table.descendants(find("swims")).iter()), ["duck", "mallard"]);
    assert_eq!(codes(&table, table.ancestors(find("mallard")).iter()), ["animal", "bird", "duck", "swims"]);
    assert_eq!(codes(&table, table.below([find("hen"), find("swims")], true).iter()), ["duck", "hen", "mallard", "swims"]);
    assert_eq!(codes(&table, table.roots().iter()), ["animal", "swims"]);
}

#[test]
fn a_chain_of_a_hundred_thousand_is_walked_without_recursion() {
    let scene = Scene::new();
    let table = scene.table(about(), |writer| {
        for number in 0..100_000 {
            let code = format!("{number:06}");
            writer.concept(&code)?;
            if number > 0 {
                writer.parent(&code, &format!("{:06}", number - 1))?;
            }
        }
        Ok(())
    });
    assert!(table.is_ancestor(0, 99_999) && !table.is_ancestor(99_999, 0));
    assert_eq!(table.descendants(40_000).len(), 59_999);
}
