//! Packages from a registry.

mod tls;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use sha1::{Digest, Sha1};

use crate::process::{run, run_well};

/// A `.tgz` with a manifest and nothing else.
fn tgz(name: &str, version: &str, needs: &str) -> Vec<u8> {
    let manifest = format!(r#"{{"name":"{name}","version":"{version}","fhirVersions":["4.0.1"],"dependencies":{{{needs}}}}}"#);
    let mut header = [0_u8; 512];
    header[..20].copy_from_slice(b"package/package.json");
    header[124..135].copy_from_slice(format!("{:011o}", manifest.len()).as_bytes());
    header[156] = b'0';
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut file = GzEncoder::new(Vec::new(), Compression::fast());
    let padding = vec![0; 512 - manifest.len() + 1024];
    for part in [&header[..], manifest.as_bytes(), &padding] {
        file.write_all(part).expect("memory takes it");
    }
    file.finish().expect("memory takes it")
}

/// What a registry has: `guide` 1.0.0 and 1.0.1, which need `terms` 2.x, and `terms` 2.1.0, whose hash may be wrong. `None` for a path below which
/// there is nothing.
fn content(path: &str, is_honest: bool) -> Option<Vec<u8>> {
    let guide = |version: &str| tgz("guide", version, r#""terms":"2.x","nowhere":"1.0.0""#);
    let terms = || tgz("terms", "2.1.0", "");
    let version = |name: &str, version: &str, file: &[u8]| {
        let hash: String = Sha1::digest(file).iter().map(|byte| format!("{byte:02x}")).collect();
        // It is known to itself by another name: what is asked is asked of the one that was named.
        format!(r#""{version}":{{"dist":{{"tarball":"http://registry.test/files/{name}-{version}.tgz","shasum":"{hash}"}}}}"#)
    };
    let listing = |versions: &[String]| format!(r#"{{"versions":{{{}}}}}"#, versions.join(",")).into_bytes();
    Some(match path {
        "/guide" => listing(&["1.0.0", "1.0.1"].map(|one| version("guide", one, &guide(one)))),
        "/terms" if is_honest => listing(&[version("terms", "2.1.0", &terms())]),
        "/terms" => listing(&[version("terms", "2.1.0", b"another file")]),
        "/files/guide-1.0.0.tgz" => guide("1.0.0"),
        "/files/guide-1.0.1.tgz" => guide("1.0.1"),
        "/files/terms-2.1.0.tgz" => terms(),
        _ => return None,
    })
}

/// Answers one request of a connection. A caller who has heard enough may be gone.
fn answer(stream: &mut (impl Read + Write), is_honest: bool) {
    let mut request = vec![0; 8192];
    let Ok(length) = stream.read(&mut request) else { return };
    let request = String::from_utf8_lossy(&request[..length]).into_owned();
    let path = request.split(' ').nth(1).unwrap_or_default();
    let (status, body) = match content(path, is_honest) {
        Some(body) => ("200 OK", body),
        None if path == "/moved" => ("302 Found\r\nLocation: https://elsewhere.test/moved", Vec::new()),
        None => ("404 Not Found", Vec::new()),
    };
    let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body)).and_then(|()| stream.flush());
}

/// A registry without TLS: its address.
fn registry(is_honest: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || listener.incoming().for_each(|stream| answer(&mut stream.expect("a connection"), is_honest)));
    format!("package_registry=http://{address}")
}

fn list(folder: &Path) -> String {
    run_well(folder, &["package", "list"])
}

#[test]
fn what_a_package_needs_comes_along() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = run(folder.path(), &["--set", &registry(true), "package", "add", "guide@1.0.x"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    assert!(told.contains("guide@1.0.1 needs nowhere@1.0.0, which is not there"), "{told}");
    assert!(told.find("terms@2.1.0: 1 written") < told.find("guide@1.0.1: 1 written"), "{told}");
    assert_eq!(list(folder.path()), "guide@1.0.1  guide\nterms@2.1.0  terms\n");
}

#[test]
fn what_has_another_hash_is_not_used() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = run(folder.path(), &["--set", &registry(false), "package", "add", "guide@1.0.0"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("WARD-1291"), "{told}");
    assert_eq!(list(folder.path()), "");
}

#[test]
fn nobody_is_sent_elsewhere() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = run(folder.path(), &["--set", &registry(true), "package", "add", "moved@1.0.0"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("https://elsewhere.test/moved") && told.contains("package_registry"), "{told}");
}
