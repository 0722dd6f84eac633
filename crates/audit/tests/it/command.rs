//! What the commands do.

use audit::command::{checkpoint, csv, verify};
use audit::notary::{Folder, log_path, tree_path};
use audit::report::Line;
use audit::verify::Wrong;
use store::commit::Tenant;

use crate::notary::{audit, signer};
use crate::sample::{NOON, TENANT, store};

#[tokio::test]
async fn a_trail_is_signed_and_verified_with_nothing_but_its_files() {
    let (folder, witness, store) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), store());
    let verifier = signer().verifier();
    let report = verify(&*store, folder.path(), TENANT, &verifier, None).await.unwrap();
    assert!(report.is_sound(), "nothing is there, and nothing was signed: {report}");
    for round in 0..3 {
        audit(&store, &[2], round * 2).await;
        let made = checkpoint(&*store, folder.path(), TENANT, signer(), vec![Box::new(Folder(witness.path().into()))], NOON).await.unwrap();
        assert_eq!(made.checkpoint.unwrap().0.size, round as u64 * 2 + 2);
    }
    std::fs::write(witness.path().join("other.1.txt"), "another.example/tenant/1\n").unwrap();
    std::fs::write(witness.path().join("README"), "not a checkpoint").unwrap();
    let report = verify(&*store, folder.path(), TENANT, &verifier, Some(witness.path())).await.unwrap();
    assert!(report.is_sound(), "{report}");
    assert_eq!((report.events, report.proven, report.checkpoints), (6, 6, 3));
    let other = verify(&*store, folder.path(), Tenant(2), &verifier, Some(witness.path())).await.unwrap();
    assert!(other.is_sound() && other.events == 0, "another tenant has its own: {other}");
}

#[tokio::test]
async fn files_that_are_gone_are_missed() {
    let (folder, witness, store) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), store());
    audit(&store, &[2], 0).await;
    checkpoint(&*store, folder.path(), TENANT, signer(), vec![Box::new(Folder(witness.path().into()))], NOON).await.unwrap();
    let wrongs = async || {
        let report = verify(&*store, folder.path(), TENANT, &signer().verifier(), Some(witness.path())).await.unwrap();
        report.findings.iter().map(|finding| finding.wrong).collect::<Vec<_>>()
    };
    std::fs::remove_file(tree_path(folder.path(), TENANT)).unwrap();
    assert_eq!(wrongs().await, [Wrong::DamagedLeaves]);
    std::fs::remove_file(log_path(folder.path(), TENANT)).unwrap();
    assert_eq!(wrongs().await, [Wrong::DisorderedCheckpoints, Wrong::DamagedLeaves]);
}

#[test]
fn a_report_is_a_table_that_does_nothing() {
    let line = |name: &str| Line {
        id: "a1".into(),
        at: "2026-11-22T12:00:00.000Z".into(),
        user: "u".into(),
        name: name.into(),
        address: String::new(),
        action: "read".into(),
        patient: "Patient/p".into(),
        resource: String::new(),
        outcome: "0".into(),
        purpose: "TREAT".into(),
    };
    let text = csv(&[line("Ada"), line("=HYPERLINK(\"x\"),1"), line("O\r\nB")], true);
    let rest = ",,read,Patient/p,,0,TREAT,a1\r\n";
    let expected = [
        "at,user,name,address,action,patient,resource,outcome,purpose,id\r\n",
        "2026-11-22T12:00:00.000Z,u,Ada",
        rest,
        "2026-11-22T12:00:00.000Z,u,\"'=HYPERLINK(\"\"x\"\"),1\"",
        rest,
        "2026-11-22T12:00:00.000Z,u,\"O\r\nB\"",
        rest,
    ];
    assert_eq!(text, expected.concat());
    assert_eq!(csv(&[], false), "");
}
