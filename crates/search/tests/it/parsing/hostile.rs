//! Queries that nobody means: each is understood or refused, and none takes the process along.

use fhir::definitions::ResourceType;
use published::Random;
use search::{Registry, SearchContext};

use super::CONTEXT;

const PIECES: [&str; 46] = [
    "_has:",
    "_id",
    "_sort",
    "_count",
    "_include",
    "_page",
    "name",
    "subject",
    "patient",
    "code",
    "value-quantity",
    "date",
    "near",
    "url",
    "Patient",
    "Observation",
    ":",
    ".",
    ",",
    "|",
    "$",
    "\\",
    "\\,",
    "-",
    "ge",
    "ap",
    "sa",
    "2020",
    "2020-02-30T25:00",
    "9999-12-31",
    "0001",
    "1e10000",
    "1e-10000",
    "-0",
    "5.40",
    "*",
    "/",
    "://",
    "#",
    "ä",
    "\u{301}",
    "\0",
    " ",
    "https://ward.test/fhir/",
    "_history/",
    "missing",
];

fn text(random: &mut Random) -> String {
    (0..random.below(7)).map(|_| random.pick(&PIECES)).collect()
}

#[test]
fn random_queries_do_not_panic() {
    let registry = Registry::standard();
    let kinds: Vec<ResourceType> = ResourceType::all().collect();
    let (mut understood, mut refused) = (0, 0);
    for seed in 1..4000 {
        let mut random = Random::new(seed);
        let kind = kinds[random.below(kinds.len())];
        let codes: Vec<&str> = registry.parameters(kind).map(|parameter| &*parameter.code).collect();
        let pairs: Vec<(String, String)> = (0..=random.below(2))
            .map(|_| match random.below(3) {
                0 => (text(&mut random), text(&mut random)),
                _ => (codes[random.below(codes.len())].to_owned(), text(&mut random)),
            })
            .collect();
        let now = [0, i64::MIN, i64::MAX][random.below(3)];
        let context = SearchContext { now, lenient: random.below(2) == 0, ..CONTEXT };
        match search::parse(&registry, &context, kind, &pairs) {
            Ok(_) => understood += 1,
            Err(issues) => {
                assert!(!issues.is_empty(), "seed {seed}");
                assert!(
                    issues.iter().all(|issue| (300..400).contains(&issue.number) && !issue.diagnostics.is_empty()),
                    "seed {seed}: {issues:?}"
                );
                refused += 1;
            }
        }
    }
    assert!(understood > 300 && refused > 300, "{understood} understood, {refused} refused: too one-sided to tell anything");
}
