//! Sources that were damaged: whatever a loader makes of them, it ends with a table or with a failure, and never with a panic.

use std::fs;
use std::path::{Path, PathBuf};

use concepts::loader::{Options, load};
use concepts::{Failure, Table};

use super::{put, snomed_edition};
use crate::random::Random;
use crate::scene::Scene;

/// Small sources of each kind.
fn sources(folder: &Path) {
    snomed_edition::write(&folder.join("snomed-ct"), "Snapshot");
    put(
        folder,
        "icd-10-cm/icd10cm-tabular-2026.xml",
        "<a><chapter><name>1</name><desc>x &amp; y</desc><section id=\"A00-A09\"><desc>b</desc><diag><name>A00</name><desc>c</desc>\
        <sevenChrDef><extension char=\"A\">first</extension></sevenChrDef><diag><name>A00.0</name><desc>d</desc><inclusionTerm><note>e</note></inclusionTerm></diag></diag></section></chapter></a>",
    );
    put(
        folder,
        "icd-10-pcs/icd10pcs_order_2026.txt",
        &format!("00001 001     0 {:<60} Central nervous system\n00002 0016070 1 {:<60} Bypass\n", "CNS", "Bypass"),
    );
    put(folder, "cvx/cvx.txt", "998 |none |no vaccine | |Inactive |True |2010/09/30\n03 |MMR |measles | |Active |False |2010/05/28\n");
    put(folder, "iso/iso_4217.json", "{\"4217\": [{\"alpha_3\": \"CHF\", \"name\": \"Swiss Franc\", \"numeric\": \"756\"}]}");
    put(folder, "bcp-47/registry.json", "[{\"Type\": \"language\", \"Subtag\": \"de\", \"Description\": [\"German\"]}]");
    let code_system = "{\"resourceType\": \"CodeSystem\", \"url\": \"urn:x\", \"content\": \"complete\", \"concept\": [{\"code\": \"a\", \"display\": \"\\u00e4\", \
        \"concept\": [{\"code\": \"b\", \"property\": [{\"code\": \"p\", \"valueCoding\": {\"code\": \"c\"}}]}]}]}";
    put(folder, "fhir-code-system/cs.json", code_system);
    put(folder, "csv/x.csv", "code,display,parent\na,\"A, \"\"b\"\"\",\nb,B,a\n");
    put(
        folder,
        "ndc/product.txt",
        "PRODUCTID\tPRODUCTNDC\tPROPRIETARYNAME\tNONPROPRIETARYNAME\tSTARTMARKETINGDATE\n1_x\t1-1\tA\tb\t20240101\n",
    );
    put(folder, "ndc/package.txt", "PRODUCTID\tPRODUCTNDC\tNDCPACKAGECODE\tPACKAGEDESCRIPTION\n1_x\t1-1\t1-1-1\tbox\n");
    put(
        folder,
        "cdc-race-ethnicity/race_and_ethnicity_v1.csv",
        "Concept Code,Hierarchical Property,Concept Name,Preferred Concept Name\n1,R1,a,b\n2,R1.01,c,d\n",
    );
    put(folder, "rxnorm/RXNCONSO.RRF", "161|ENG||||||2||||RXNORM|IN|161|acetaminophen||N|4096|\n");
    put(folder, "rxnorm/RXNREL.RRF", "161||CUI|RO|161||CUI|has_ingredient|1||RXNORM|RXNORM|||||\n");
    put(
        folder,
        "loinc/Loinc.csv",
        "LOINC_NUM,COMPONENT,PROPERTY,TIME_ASPCT,SYSTEM,SCALE_TYP,METHOD_TYP,CLASS,STATUS,LONG_COMMON_NAME\n1-8,G,M,Pt,Bld,Qn,,CHEM,ACTIVE,Glucose\n",
    );
    put(
        folder,
        "snomed-gps/gps.json",
        "{\"resourceType\": \"ValueSet\", \"id\": \"snomed-intl-gps\", \"compose\": {\"include\": [{\"system\": \"urn:s\", \"version\": \"1\", \"concept\": [{\"code\": \"1\", \"display\": \"x\"}]}]}}",
    );
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() { found.extend(files(&entry.path())) } else { found.push(entry.path()) }
    }
    found.sort();
    found
}

fn damaged(whole: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..1 + random.below(3) {
        let (place, other) = (random.below(bytes.len()), random.below(bytes.len()));
        match random.below(5) {
            0 => bytes[place] ^= 1 << random.below(8),
            1 => bytes[place] = *random.pick(b"\0\t|,\"\n\r{}[]<>&;.-0X\xff"),
            2 => bytes.truncate(place.max(1)),
            3 => drop(bytes.drain(place.min(other)..place.max(other).min(bytes.len() - 1).max(place.min(other)))),
            _ => {
                let piece = bytes[place.min(other)..place.max(other)].to_vec();
                bytes.splice(place..place, piece);
            }
        }
    }
    bytes
}

#[test]
fn no_damage_makes_a_loader_panic() {
    let scene = Scene::new();
    let folder = scene.path().join("sources");
    sources(&folder);
    let (mut loaded, mut refused) = (0, 0);
    for source in fs::read_dir(&folder).expect("the sources").flatten().map(|entry| entry.path()) {
        let name = source.file_name().expect("a name").to_string_lossy().into_owned();
        let options = Options { format: Some(name.clone()), url: Some("urn:damaged".into()), version: Some("1".into()) };
        load(&source, &options, &scene.tables(), &mut |_| {}).unwrap_or_else(|failure| panic!("{name}: {failure}"));
        let files = files(&source);
        for seed in 0..80 {
            let mut random = Random::new(seed);
            let file = random.pick(&files);
            let whole = fs::read(file).expect("the file");
            fs::write(file, damaged(&whole, &mut random)).expect("written");
            match load(&source, &options, &scene.tables(), &mut |_| {}) {
                Ok(added) => {
                    loaded += 1;
                    added.iter().for_each(|added| drop(Table::open(&added.path).expect("what was written opens")));
                }
                Err(Failure::InputOutput { path, error }) => panic!("{name}, seed {seed}: {}: {error}", path.display()),
                Err(_) => refused += 1,
            }
            fs::write(file, whole).expect("written");
        }
    }
    println!("{loaded} loaded, {refused} refused");
    assert!(loaded > 100 && refused > 100, "damage is neither always nor never noticed: {loaded} loaded, {refused} refused");
}
