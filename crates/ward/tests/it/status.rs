//! `ward status`: what a server says of itself, and one that is not there.

use crate::process::{Server, run, run_well};

#[test]
fn a_server_tells_how_it_is_and_one_that_is_not_there_fails_the_command() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = Server::start(folder.path(), &[]);
    assert_eq!(server.get("/fhir/metadata").status, 200);
    let listen = format!("listen={}", server.address);
    let answer = run_well(folder.path(), &["--set", &listen, "--json", "status"]);
    assert!(answer.contains(r#""ready":true,"requests":1,"failed":0"#), "{answer}");
    let url = format!("http://{}/fhir", server.address);
    assert!(run_well(folder.path(), &["status", "--url", &url]).contains("is ready: 1 requests answered"));
    assert_eq!(server.stop(), Some(0));
    let output = run(folder.path(), &["status", "--url", &url]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("is not ready: "));
}
