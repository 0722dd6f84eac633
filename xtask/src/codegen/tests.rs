//! What is committed is what is generated.

use std::fs;

use super::source::Source;
use super::tables;

#[test]
fn committed_tables_are_what_the_definitions_give() {
    let Some(source) = Source::beside() else {
        println!("skipped: shared data not found");
        return;
    };
    let tables = tables(&source).expect("the definitions can be read");
    for table in &tables {
        let committed = fs::read_to_string(table.path()).expect("the table is committed");
        assert!(committed == table.text(), "{} is out of date: run `cargo xtask codegen`", table.name);
    }
    println!("compared: {} tables", tables.len());
}
