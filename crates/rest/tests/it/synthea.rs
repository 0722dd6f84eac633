//! Patients that Synthea made, through the front door: transactions and batches as its files have them.

use std::path::{Path, PathBuf};

use crate::server::TestServer;

/// How many patients' files of each folder, to spare time: `ward import` takes the whole of them.
const FILES: usize = 2;

/// The Bundles of a folder: those that others refer to first, and then some patients.
fn bundles(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut names: Vec<_> = std::fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path()).collect();
    names.sort();
    let (first, patients): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| name.to_string_lossy().contains("Information"));
    let read = |path: PathBuf| (path.display().to_string(), published::gunzip(&path));
    first.into_iter().chain(patients.into_iter().take(FILES)).map(read).collect()
}

#[tokio::test]
async fn transactions_go_in_whole() {
    let Some(folder) = published::data("synthea") else {
        println!("skipped: shared data not found");
        return;
    };
    let mut written = 0;
    for name in ["r4-transactions", "r4-conditional-refs", "r4-uscore-2021"] {
        let server = TestServer::new();
        for (path, bytes) in bundles(&folder.join(name)) {
            let reply = server.send("POST", "/fhir", &[("content-type", "application/fhir+json")], bytes).await;
            assert_eq!(reply.status, 200, "{path}: {:.2000}", reply.text());
            for (index, (status, code)) in reply.responses().into_iter().enumerate() {
                assert!(status.starts_with("20"), "{path}: entry {index}: {status} {code}");
                written += 1;
            }
        }
        let bundle = server.get("/fhir/Observation?_count=1&_include=Observation:subject&_include=Observation:encounter").await;
        assert_eq!(bundle.entries().len(), 3, "{name}: an observation has its patient and encounter");
    }
    println!("{written} entries of Synthea's transactions ran");
    assert!(written > 2000);
}

/// These refer to practitioners by criteria, which an empty server cannot resolve: it must say so of the same elements.
#[tokio::test]
async fn xml_and_json_are_judged_alike() {
    let Some(folder) = published::data("synthea") else {
        println!("skipped: shared data not found");
        return;
    };
    let server = TestServer::new();
    let mut replies = Vec::new();
    for (path, bytes) in bundles(&folder.join("r4-json-xml-pairs")) {
        let content_type = if path.contains(".xml") { "application/fhir+xml" } else { "application/fhir+json" };
        let reply = server.send("POST", "/fhir", &[("content-type", content_type)], bytes).await;
        reply.refused(412, "not-found", "WARD-0415");
        replies.push(reply.text());
    }
    assert_eq!(replies.len(), 2);
    assert_eq!(replies[0], replies[1]);
    println!("1 Bundle in XML and JSON ran");
}
