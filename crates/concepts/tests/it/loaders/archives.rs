//! Packed sources, honest and hostile.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use concepts::Failure;
use concepts::loader::{Options, detect, load};
use flate2::Compression;
use flate2::write::GzEncoder;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::format;
use crate::scene::{Scene, display};

fn zip(path: &Path, files: &[(&str, &[u8])]) {
    let mut archive = ZipWriter::new(File::create(path).expect("the file"));
    for (name, bytes) in files {
        archive
            .start_file(*name, SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated).compression_level(Some(9)))
            .expect("an entry");
        archive.write_all(bytes).expect("written");
    }
    archive.finish().expect("written");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).expect("packed");
    packed.finish().expect("packed")
}

const CVX: &[u8] = b"code\tdisplay\n03\tMMR\n";

fn options() -> Options {
    Options { url: Some("urn:x".into()), ..Options::default() }
}

#[test]
fn a_file_in_an_archive_in_a_folder_or_packed_is_the_same_table() {
    let scene = Scene::new();
    let tables = scene.tables();
    let archive = scene.path().join("release.zip");
    zip(&archive, &[("release/notes.txt", b"x"), ("release/cvx.tsv", CVX), ("__MACOSX/release/._cvx.tsv", b"\0")]);
    let packed = scene.path().join("cvx.tsv.gz");
    std::fs::write(&packed, gzip(CVX)).expect("written");
    let both = scene.path().join("packed.zip");
    zip(&both, &[("cvx.tsv.gz", &gzip(CVX))]);
    for (place, path) in [&archive, &packed, &both].into_iter().enumerate() {
        assert_eq!(format(path), "cvx");
        let added = load(path, &Options::default(), &tables, &mut |_| {}).expect("loaded");
        assert_eq!(added[0].change == concepts::Change::Unchanged, place > 0);
    }
    assert_eq!(display(&tables.open_all().expect("the folder").0[0], "03"), "MMR");
}

#[test]
fn a_name_that_leads_out_of_the_archive_is_refused() {
    let scene = Scene::new();
    for name in ["../cvx.tsv", "a/../../cvx.tsv", "/etc/cvx.tsv", "..\\cvx.tsv", "c:cvx.tsv"] {
        let archive = scene.path().join("hostile.zip");
        zip(&archive, &[(name, CVX)]);
        match detect(&archive) {
            Err(Failure::Archive { rule, .. }) => assert!(rule.contains("outside of itself"), "{rule}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn a_bomb_is_refused_before_it_is_unpacked() {
    let scene = Scene::new();
    let mut rows = b"code\tdisplay\n".to_vec();
    rows.extend(b"aaaa\tbbbb\n".repeat(2 << 20));
    let packed = scene.path().join("bomb.tsv.gz");
    std::fs::write(&packed, gzip(&rows)).expect("written");
    let archive = scene.path().join("bomb.zip");
    zip(&archive, &[("bomb.tsv", &rows)]);
    for path in [packed, archive] {
        let refused = load(&path, &options(), &scene.tables(), &mut |_| {}).expect_err("a bomb").to_string();
        assert!(refused.contains("more than 200 times its size"), "{refused}");
    }
}

#[test]
fn a_damaged_archive_is_told_as_one() {
    let scene = Scene::new();
    let archive = scene.path().join("damaged.zip");
    zip(&archive, &[("codes.tsv", b"code\tdisplay\nabcdefgh\tijklmnop\n")]);
    let whole = std::fs::read(&archive).expect("the file");
    for place in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x55;
        std::fs::write(&archive, bytes).expect("written");
        // Whatever happens, it ends: with the table or with a failure, never with a panic.
        let _ = load(&archive, &options(), &scene.tables(), &mut |_| {}).map_err(|failure| failure.to_string());
    }
    let packed = scene.path().join("cut.tsv.gz");
    let bytes = gzip(b"code\tdisplay\nabcdefgh\tijklmnop\n");
    std::fs::write(&packed, &bytes[..bytes.len() - 6]).expect("written");
    let refused = load(&packed, &Options { format: Some("csv".into()), ..options() }, &scene.tables(), &mut |_| {});
    assert!(matches!(refused, Err(Failure::Archive { .. })), "{refused:?}");
}
