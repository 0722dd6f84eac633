//! `docs/conformance/search.md` says what the table says.

use conformance::page;

#[test]
fn is_up_to_date() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../", "docs/conformance/search.md");
    let written = std::fs::read_to_string(file).unwrap_or_default();
    assert!(written == page::page(), "{} is out of date: run `cargo xtask conformance`", page::FILE);
}
