//! The published test files of other FHIR servers. Each file is a case: what must become of it follows from its name and its content, by
//! the rules of [`expectation`].

mod expectation;
mod extraction;
mod verdict;

use std::collections::BTreeMap;

use published::KnownFailures;

#[tokio::test]
async fn microsoft_fhir_server() {
    run("microsoft-fhir-server", include_str!("server_cases/known_failures/microsoft.txt")).await;
}

#[tokio::test]
async fn fhir_candle() {
    run("fhir-candle-r4", include_str!("server_cases/known_failures/candle.txt")).await;
}

async fn run(suite: &str, known: &str) {
    let Some(archive) = published::data(&format!("suites/server-cases/{suite}.zip")) else { return };
    let files: BTreeMap<String, Vec<u8>> = published::unzip(&archive).into_iter().collect();
    assert!(!files.is_empty());
    let mut known = KnownFailures::read(known);
    for (name, bytes) in &files {
        let expected = expectation::of(name, bytes);
        known.report(name, verdict::of(name, bytes, expected, &files).await);
    }
    known.finish(suite);
}
