//! What searching finds, and in which order.

use concepts::{About, NewDesignation, Search, Table};

use crate::scene::{Scene, codes};

const CONCEPTS: [(&str, &str, &str); 11] = [
    ("B1", "Flu", "Influenza"),
    ("B2", "Influenza due to a virus of birds", ""),
    ("E10", "Type 1 diabetes mellitus", "Juvenile diabetes"),
    ("E11", "Type 2 diabetes mellitus", ""),
    ("E11.9", "Type 2 diabetes mellitus without complications", ""),
    ("K50", "Crohn's disease [regional enteritis]", "Morbus Crohn"),
    ("M35", "Sjögren syndrome", "Sicca syndrome"),
    ("R73", "Diabetic retinopathy", ""),
    ("X1", "Disease", ""),
    ("X2", "Regional pain", ""),
    ("Z", "病気の歴史", ""),
];

fn table(scene: &Scene) -> Table {
    scene.table(About::new("urn:search", "1", ""), |writer| {
        for (code, display, other) in CONCEPTS {
            writer.concept(code)?;
            writer.designation(code, &NewDesignation::display(display))?;
            writer.designation(code, &NewDesignation::other(other, None))?;
        }
        Ok(())
    })
}

fn found<'a>(table: &'a Table, text: &str) -> Vec<&'a str> {
    codes(table, table.search(&Search { text, limit: 100, ..Search::default() }).page)
}

#[test]
fn words_are_found_whole_or_by_their_beginning_whatever_case_marks_and_order() {
    let scene = Scene::new();
    let table = table(&scene);
    assert_eq!(found(&table, "diabetes"), ["E10", "E11", "E11.9"]);
    assert_eq!(found(&table, "MELL diab"), ["E10", "E11", "E11.9"]);
    assert_eq!(found(&table, "sjogren"), ["M35"]);
    assert_eq!(found(&table, "SJÖGREN"), ["M35"]);
    assert_eq!(found(&table, "crohns"), ["K50"]);
    assert_eq!(found(&table, "Crohn’s"), ["K50"]);
    assert_eq!(found(&table, "歴史"), ["Z"]);
    assert_eq!(found(&table, "diabetes crohn"), [""; 0]);
}

#[test]
fn whole_words_come_before_beginnings_displays_before_other_names_short_before_long() {
    let scene = Scene::new();
    let table = table(&scene);
    assert_eq!(found(&table, "disease"), ["X1", "K50"]);
    assert_eq!(found(&table, "diabet"), ["R73", "E10", "E11", "E11.9"]);
    assert_eq!(found(&table, "regional"), ["X2", "K50"]);
    assert_eq!(found(&table, "influenza"), ["B2", "B1"]);
    assert_eq!(found(&table, "syndrome"), ["M35"]);
    assert_eq!(found(&table, "juvenile diabetes"), ["E10"]);
}

#[test]
fn a_misspelt_word_finds_what_is_near_only_when_nothing_else_fits() {
    let scene = Scene::new();
    let table = table(&scene);
    assert_eq!(found(&table, "diabtees"), ["E10", "E11", "E11.9"], "neighbours swapped");
    assert_eq!(found(&table, "retinopaty"), ["R73"], "a letter missing");
    assert_eq!(found(&table, "sicka"), ["M35"], "a letter replaced");
    assert_eq!(found(&table, "sicac"), ["M35"], "neighbours swapped count once");
    assert_eq!(found(&table, "sik"), [""; 0], "short words are not guessed at");
    assert_eq!(found(&table, "xylophone"), [""; 0]);
}

#[test]
fn a_code_finds_itself_first_and_a_beginning_what_begins_so() {
    let scene = Scene::new();
    let table = table(&scene);
    assert_eq!(found(&table, "E11"), ["E11", "E11.9"]);
    assert_eq!(found(&table, "e11.9"), ["E11.9"]);
    assert_eq!(found(&table, "X1"), ["X1"]);
    assert_eq!(found(&table, "---"), [""; 0]);
}

#[test]
fn no_text_finds_everything_in_the_order_of_codes_page_by_page() {
    let scene = Scene::new();
    let table = table(&scene);
    let page = table.search(&Search { text: " ", offset: 4, limit: 3, within: None });
    assert_eq!((page.total, codes(&table, page.page)), (11, vec!["E11.9", "K50", "M35"]));
    let some = table.matching("regional");
    let page = table.search(&Search { text: "", offset: 1, limit: 3, within: Some(&some) });
    assert_eq!((page.total, codes(&table, page.page)), (2, vec!["X2"]));
    assert!(table.search(&Search { text: "diabetes", offset: 9, limit: 3, within: None }).page.is_empty());
}

#[test]
fn a_very_long_search_is_answered() {
    let scene = Scene::new();
    let table = table(&scene);
    let text = "diabetes ".repeat(100_000);
    assert_eq!(found(&table, &text), ["E10", "E11", "E11.9"]);
    assert_eq!(found(&table, &"x".repeat(1_000_000)), [""; 0]);
}
