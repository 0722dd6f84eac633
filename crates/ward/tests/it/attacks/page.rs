//! The page of attacks says what the suite does.

use std::fmt::Write;
use std::path::Path;

const HEAD: &str = "# Attacks\n\nEach class of attack is tried over HTTP against the real program, in a file of `crates/ward/tests/it/attacks`, and nothing of it may be accepted\n(`cargo nextest run -p ward -E 'test(/^attacks/)'`). This table is made of these files; a test compares it.\n\n| class | file | tests |\n|---|---|---|\n";

/// Files that hold no attack.
const OTHERS: [&str; 4] = ["browser", "elsewhere", "house", "page"];

#[test]
fn the_page_of_attacks_is_what_the_suite_does() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("tests/it/attacks");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("the folder")
        .filter_map(|entry| entry.expect("an entry").file_name().to_str()?.strip_suffix(".rs").map(str::to_owned))
        .filter(|name| !OTHERS.contains(&name.as_str()))
        .collect();
    names.sort();
    let mut page = HEAD.to_owned();
    for name in names {
        let text = std::fs::read_to_string(folder.join(format!("{name}.rs"))).expect("a file");
        let class = text.lines().next().and_then(|line| line.strip_prefix("//! ")).expect("it says what it is");
        let tests: Vec<String> =
            text.split("#[test]\nfn ").skip(1).filter_map(|rest| Some(format!("`{}`", rest.split_once('(')?.0))).collect();
        assert!(!tests.is_empty(), "{name} tries nothing");
        writeln!(page, "| {} | `{name}` | {} |", class.trim_end_matches('.'), tests.join(", ")).expect("written");
    }
    let known = std::fs::read_to_string(root.join("../../docs/security/attacks.md")).unwrap_or_default();
    assert!(known == page, "docs/security/attacks.md is out of date: it must be\n{page}");
}
