//! Archives, and what hostile ones are told.

use std::io::Write;

use package::{Limits, Package, Wanted, codes};

use crate::pack::{MANIFEST, gzip, tar, tgz};

const RESOURCE: &[u8] = br#"{"resourceType":"ValueSet","id":"a","url":"http://example.org/a","status":"active"}"#;

fn read(bytes: &[u8]) -> Result<Package, fhir::Issue> {
    Package::read(bytes, Wanted::default(), Limits::default())
}

fn refused(bytes: &[u8]) -> u16 {
    read(bytes).expect_err("it is refused").number
}

fn ids(package: &Package) -> Vec<&str> {
    package.content.resources.iter().map(|resource| resource.id.as_str()).collect()
}

#[test]
fn only_the_resources_of_the_package_itself_are_taken() {
    let example = br#"{"resourceType":"ValueSet","id":"b","status":"active"}"#;
    let patient = br#"{"resourceType":"Patient","id":"p"}"#;
    let archive = tgz(&[
        ("package/", b'5', b""),
        ("./package/package.json", b'0', MANIFEST),
        ("package/.index.json", b'0', br#"{"files":[{"filename":"../../etc/passwd"}]}"#),
        ("package/ValueSet-a.json", b'0', RESOURCE),
        ("package/Patient-p.json", b'0', patient),
        ("package/example/ValueSet-b.json", b'0', example),
        ("package/openapi/x.json", b'0', b"{}"),
        ("package/xml/ValueSet-a.sch", b'0', b"<a/>"),
    ]);
    let package = read(&archive).expect("a package");
    assert_eq!((ids(&package), package.content.passed_over), (vec!["a"], 1));
    let all = Package::read(&archive, Wanted { examples: true }, Limits::default()).expect("a package");
    assert_eq!(ids(&all), ["p", "a", "b"]);
}

#[test]
fn a_zip_and_a_folder_are_as_good_as_a_tgz() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let inside = folder.path().join("package");
    std::fs::create_dir_all(inside.join("example")).expect("made");
    std::fs::write(inside.join("package.json"), MANIFEST).expect("written");
    std::fs::write(inside.join("ValueSet-a.json"), RESOURCE).expect("written");
    let limits = Limits::default();
    for given in [folder.path(), &inside] {
        assert_eq!(ids(&Package::read_folder(given, Wanted::default(), limits).expect("a package")), ["a"]);
    }
    for prefix in ["package/", ""] {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, content) in [("package.json", MANIFEST), ("ValueSet-a.json", RESOURCE)] {
            zip.start_file(format!("{prefix}{name}"), zip::write::SimpleFileOptions::default()).expect("begun");
            zip.write_all(content).expect("written");
        }
        assert_eq!(ids(&read(&zip.finish().expect("finished").into_inner()).expect("a package")), ["a"]);
    }
    std::os::unix::fs::symlink("/etc/passwd", inside.join("ValueSet-z.json")).expect("linked");
    let refused = Package::read_folder(folder.path(), Wanted::default(), limits).expect_err("a link");
    assert_eq!(refused.number, codes::NOT_A_FILE);
}

#[test]
fn long_names_of_pax_and_gnu_are_read() {
    let record = |path: &str| format!("{} path={path}\n", path.len() + 9);
    let long = format!("package/ValueSet-{}.json", "a".repeat(60));
    assert_eq!(record(&long).len(), long.len() + 9, "the length of a record counts itself");
    let pax = tgz(&[("package/package.json", b'0', MANIFEST), ("x", b'x', record(&long).as_bytes()), ("package/short", b'0', RESOURCE)]);
    assert_eq!(read(&pax).expect("a package").content.resources[0].file, long);
    let gnu = tgz(&[("package/package.json", b'0', MANIFEST), ("x", b'L', format!("{long}\0").as_bytes()), ("package/s", b'0', RESOURCE)]);
    assert_eq!(read(&gnu).expect("a package").content.resources[0].file, long);
}

#[test]
fn paths_that_lead_out_are_refused() {
    for path in ["../evil.json", "package/../../evil.json", "/etc/cron.d/evil", "C:/evil", "package\\..\\evil.json", "package/a\nb.json"] {
        assert_eq!(refused(&tgz(&[("package/package.json", b'0', MANIFEST), (path, b'0', RESOURCE)])), codes::BAD_PATH, "{path:?}");
    }
    let twice = tgz(&[("package/package.json", b'0', MANIFEST), ("package/./package.json", b'0', MANIFEST)]);
    assert_eq!(refused(&twice), codes::BAD_PATH);
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in ["package/package.json", "../../evil.json"] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("begun");
        zip.write_all(MANIFEST).expect("written");
    }
    assert_eq!(refused(&zip.finish().expect("finished").into_inner()), codes::BAD_PATH);
}

#[test]
fn links_devices_and_pipes_are_refused() {
    for kind in [b'1', b'2', b'3', b'4', b'6', b'V'] {
        let archive = tgz(&[("package/package.json", b'0', MANIFEST), ("package/a.json", kind, b"")]);
        assert_eq!(refused(&archive), codes::NOT_A_FILE, "{}", char::from(kind));
    }
}

#[test]
fn bombs_end_early() {
    // Zeros are packed a thousandfold: a hundred megabytes in a hundred kilobytes.
    let zeros = vec![0; 32 << 20];
    let bomb = tgz(&[
        ("package/package.json", b'0', MANIFEST),
        ("package/a.json", b'0', &zeros),
        ("package/b.json", b'0', &zeros),
        ("package/c.json", b'0', &zeros),
    ]);
    assert!(bomb.len() < 1 << 20, "{} bytes are no bomb", bomb.len());
    assert_eq!(refused(&bomb), codes::TOO_LARGE);
    // A size that nothing follows is not believed.
    let mut lies = tar(&[("package/package.json", b'0', MANIFEST), ("package/a.json", b'0', b"")]);
    let header = lies.len() - 1024 - 512;
    lies[header + 124..header + 135].copy_from_slice(b"00377777777");
    lies[header + 148..header + 156].fill(b' ');
    let sum: u32 = lies[header..header + 512].iter().map(|byte| u32::from(*byte)).sum();
    lies[header + 148..header + 156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    assert_eq!(refused(&gzip(&lies)), codes::UNREADABLE);
    let limits = Limits { entries: 10, ..Limits::default() };
    let names: Vec<String> = (0..20).map(|index| format!("package/{index}.json")).collect();
    let members: Vec<_> = names.iter().map(|name| (name.as_str(), b'0', RESOURCE)).collect();
    assert_eq!(Package::read(&tgz(&members), Wanted::default(), limits).expect_err("too many").number, codes::TOO_LARGE);
    let limits = Limits { entry_bytes: 10, ..Limits::default() };
    assert_eq!(Package::read(&tgz(&members), Wanted::default(), limits).expect_err("too large").number, codes::TOO_LARGE);
    let limits = Limits { total_bytes: 2000, ..Limits::default() };
    assert_eq!(Package::read(&tgz(&members), Wanted::default(), limits).expect_err("too large").number, codes::TOO_LARGE);
}

#[test]
fn what_is_damaged_is_refused_wherever_it_breaks() {
    let whole = tgz(&[("package/package.json", b'0', MANIFEST), ("package/ValueSet-a.json", b'0', RESOURCE)]);
    assert!(read(&whole).is_ok());
    for length in 0..whole.len() {
        assert!(read(&whole[..length]).is_err(), "{length} of {} bytes", whole.len());
    }
    let plain = tar(&[("package/package.json", b'0', MANIFEST)]);
    let mut damaged = plain.clone();
    damaged[20] ^= 1;
    assert_eq!(refused(&gzip(&damaged)), codes::UNREADABLE);
    assert_eq!(refused(&gzip(&plain[..700])), codes::UNREADABLE);
    assert_eq!(refused(b"<html>Not found</html>"), codes::UNREADABLE);
    assert_eq!(refused(&tgz(&[("package/a.json", b'0', RESOURCE)])), codes::BAD_MANIFEST);
}

#[test]
fn a_resource_that_is_none_is_left_out_alone() {
    let archive = tgz(&[
        ("package/package.json", b'0', MANIFEST),
        ("package/a.json", b'0', b"{"),
        ("package/b.json", b'0', br#"{"resourceType":"Requirements","id":"b"}"#),
        ("package/c.json", b'0', br#"{"resourceType":"ValueSet"}"#),
        ("package/d.json", b'0', RESOURCE),
    ]);
    let package = read(&archive).expect("a package");
    let left_out: Vec<_> = package.content.left_out.iter().map(|(file, issue)| (file.as_str(), issue.number)).collect();
    assert_eq!(
        left_out,
        ["a", "b", "c"]
            .map(|name| format!("package/{name}.json"))
            .iter()
            .map(|file| (file.as_str(), codes::BAD_RESOURCE))
            .collect::<Vec<_>>()
    );
    assert_eq!(ids(&package), ["a"]);
}
