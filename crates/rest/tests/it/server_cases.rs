//! The published test files of other FHIR servers. Each file is a case: what must become of it follows from its name and its content, by
//! the rules of [`expectation`].

mod archive;
mod expectation;
mod extraction;
mod known_failures;
mod verdict;

use known_failures::KnownFailures;

#[tokio::test]
async fn microsoft_fhir_server() {
    run("microsoft-fhir-server", include_str!("server_cases/known_failures/microsoft.txt")).await;
}

#[tokio::test]
async fn fhir_candle() {
    run("fhir-candle-r4", include_str!("server_cases/known_failures/candle.txt")).await;
}

async fn run(suite: &str, known: &str) {
    let Some(files) = archive::files(suite) else { return };
    assert!(!files.is_empty());
    let mut known = KnownFailures::read(known);
    for (name, bytes) in &files {
        let expected = expectation::of(name, bytes);
        known.report(name, verdict::of(name, bytes, expected, &files).await);
    }
    known.finish(suite);
}
