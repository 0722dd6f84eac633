//! Packages made by the tests.

use std::io::Write;

use package::{Limits, Package, Wanted};

/// A member of a tar archive: its path, its kind (`0` is a file) and its content.
pub type Member<'a> = (&'a str, u8, &'a [u8]);

/// The manifest of the packages that are made here.
pub const MANIFEST: &[u8] = br#"{"name":"test.guide","version":"1.0.0","fhirVersions":["4.0.1"],"canonical":"http://example.org/guide"}"#;

/// A `.tgz` of these members.
pub fn tgz(members: &[Member<'_>]) -> Vec<u8> {
    gzip(&tar(members))
}

/// A `.tgz` of a package with the manifest and these files in `package/`.
pub fn package(manifest: &[u8], files: &[(&str, &str)]) -> Vec<u8> {
    let paths: Vec<String> = files.iter().map(|(name, _)| format!("package/{name}")).collect();
    let mut members: Vec<Member<'_>> = vec![("package/package.json", b'0', manifest)];
    members.extend(paths.iter().zip(files).map(|(path, (_, content))| (path.as_str(), b'0', content.as_bytes())));
    tgz(&members)
}

/// The package with these files, read.
pub fn read(files: &[(&str, &str)]) -> Package {
    Package::read(&package(MANIFEST, files), Wanted::default(), Limits::default()).expect("it is a package")
}

/// Packs bytes.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).expect("memory takes it");
    packed.finish().expect("memory takes it")
}

/// A tar archive of these members.
pub fn tar(members: &[Member<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    for (path, kind, content) in members {
        let mut header = [0_u8; 512];
        header[..path.len()].copy_from_slice(path.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        header[156] = *kind;
        header[257..263].copy_from_slice(b"ustar\0");
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        out.extend_from_slice(&header);
        out.extend_from_slice(content);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}
