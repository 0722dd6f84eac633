//! A synthetic edition in Release Format 2: numbers that look like SNOMED's, texts that are made up, and the few well-known identifiers that the
//! format itself needs.

use std::fmt::Write;
use std::path::Path;

use super::put;

pub const ROOT: &str = "138875005";
pub const IS_A: &str = "116680003";
pub const FINDING_SITE: &str = "363698007";
pub const STRENGTH: &str = "1142135004";
pub const SET: &str = "700043003";
const CORE: &str = "900000000000207008";
const US: &str = "900000000000509007";
const GB: &str = "900000000000508004";
const NAME: &str = "900000000000003001";
const SYNONYM: &str = "900000000000013009";
const PREFERRED: &str = "900000000000548007";
const ACCEPTABLE: &str = "900000000000549004";
const INFERRED: &str = "900000000000011006";
const STATED: &str = "900000000000010007";
const PRIMITIVE: &str = "900000000000074008";
const DEFINED: &str = "900000000000073002";

/// A concept of the edition.
pub struct Made {
    pub id: &'static str,
    pub term: &'static str,
    pub parents: &'static [&'static str],
    pub is_active: bool,
}

const fn made(id: &'static str, term: &'static str, parents: &'static [&'static str]) -> Made {
    Made { id, term, parents, is_active: true }
}

/// The concepts.
pub const CONCEPTS: [Made; 10] = [
    made(ROOT, "All of it", &[]),
    made("404684003", "Finding", &[ROOT]),
    made("123037004", "Body part", &[ROOT]),
    made(IS_A, "Is a", &[ROOT]),
    made(FINDING_SITE, "Finding site", &[ROOT]),
    made(STRENGTH, "Strength", &[ROOT]),
    made(SET, "Made-up set", &[ROOT]),
    made("900001001", "Pain of the elbow", &["404684003"]),
    made("900002006", "Pain of the left elbow", &["900001001", "404684003"]),
    Made { id: "900003001", term: "Elbow ache", parents: &[], is_active: false },
];

/// Writes the edition's files. A full release also has what has been before: each component once more, older and otherwise.
pub fn write(folder: &Path, release: &str) {
    let is_full = release == "Full";
    let file = |kind: &str, text: &str| put(folder, &format!("{release}/Terminology/{kind}{release}_INT_20260101.txt"), text);
    let (mut concepts, mut descriptions, mut languages) = (String::new(), String::new(), String::new());
    for (place, concept) in CONCEPTS.iter().enumerate() {
        let status = if concept.id == "900002006" { DEFINED } else { PRIMITIVE };
        if is_full {
            writeln!(concepts, "{}\t20250101\t{}\t{CORE}\t{PRIMITIVE}", concept.id, u8::from(!concept.is_active)).expect("text");
            writeln!(descriptions, "{place}1011\t20250101\t1\t{CORE}\t{}\ten\t{SYNONYM}\tan older term\tx", concept.id).expect("text");
        }
        writeln!(concepts, "{}\t20260101\t{}\t{CORE}\t{status}", concept.id, u8::from(concept.is_active)).expect("text");
        for (number, kind, term) in [("1011", SYNONYM, concept.term.to_owned()), ("2012", NAME, format!("{} (made up)", concept.term))] {
            writeln!(descriptions, "{place}{number}\t20260101\t1\t{CORE}\t{}\ten\t{kind}\t{term}\tx", concept.id).expect("text");
            for set in [US, GB] {
                writeln!(languages, "{place}{number}{set}\t20260101\t1\t{CORE}\t{set}\t{place}{number}\t{PREFERRED}").expect("text");
            }
        }
    }
    // A synonym that is British only, and a description that is gone.
    writeln!(descriptions, "93013\t20260101\t1\t{CORE}\t900001001\ten\t{SYNONYM}\tSore elbow\tx").expect("text");
    writeln!(descriptions, "94014\t20260101\t0\t{CORE}\t900001001\ten\t{SYNONYM}\tGone\tx").expect("text");
    writeln!(languages, "93013{GB}\t20260101\t1\t{CORE}\t{GB}\t93013\t{ACCEPTABLE}").expect("text");
    file("sct2_Concept_", &format!("id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\n{concepts}"));
    let header = "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId\n";
    put(folder, &format!("{release}/Terminology/sct2_Description_{release}-en_INT_20260101.txt"), &format!("{header}{descriptions}"));
    let header = "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\tacceptabilityId\n";
    put(folder, &format!("{release}/Refset/Language/der2_cRefset_Language{release}-en_INT_20260101.txt"), &format!("{header}{languages}"));
    let header = "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\n";
    let members = format!(
        "m1\t20260101\t1\t{CORE}\t{SET}\t900001001\nm2\t20260101\t0\t{CORE}\t{SET}\t900002006\nm3\t20260101\t1\t{CORE}\t{SET}\t93013\n"
    );
    put(folder, &format!("{release}/Refset/Content/der2_Refset_Simple{release}_INT_20260101.txt"), &format!("{header}{members}"));
    relationships(folder, release);
}

fn relationships(folder: &Path, release: &str) {
    let mut rows = String::new();
    let mut row = |source: &str, target: &str, group: u32, kind: &str, characteristic: &str, active: u8| {
        let id = rows.len();
        writeln!(rows, "{id}\t20260101\t{active}\t{CORE}\t{source}\t{target}\t{group}\t{kind}\t{characteristic}\tx").expect("text");
    };
    for concept in CONCEPTS {
        concept.parents.iter().for_each(|parent| row(concept.id, parent, 0, IS_A, INFERRED, 1));
    }
    row("900001001", "123037004", 1, FINDING_SITE, INFERRED, 1);
    row("900002006", "123037004", 1, FINDING_SITE, INFERRED, 1);
    row("900002006", "404684003", 2, FINDING_SITE, STATED, 1);
    row("900002006", "404684003", 2, FINDING_SITE, INFERRED, 0);
    let columns = "sourceId\tdestinationId\trelationshipGroup\ttypeId\tcharacteristicTypeId\tmodifierId";
    let place = format!("{release}/Terminology/sct2_Relationship_{release}_INT_20260101.txt");
    put(folder, &place, &format!("id\teffectiveTime\tactive\tmoduleId\t{columns}\n{rows}"));
    let columns = columns.replace("destinationId", "value");
    let rows = format!("c1\t20260101\t1\t{CORE}\t900002006\t#250\t2\t{STRENGTH}\t{INFERRED}\tx\n");
    let place = format!("{release}/Terminology/sct2_RelationshipConcreteValues_{release}_INT_20260101.txt");
    put(folder, &place, &format!("id\teffectiveTime\tactive\tmoduleId\t{columns}\n{rows}"));
}
