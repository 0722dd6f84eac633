//! Short lists: CVX, ISO, BCP 47, CDC's race and ethnicity, NDC.

use concepts::loader::Options;

use super::{format, put};
use crate::scene::{Scene, codes, display, values};

#[test]
fn cvx_as_a_table() {
    let Some(folder) = published::data("codes/cvx") else { return };
    assert_eq!(format(&folder), "cvx");
    let table = Scene::new().load_one(&folder);
    assert_eq!((table.len(), display(&table, "08").as_str()), (281, "Hep B, adolescent or pediatric"));
}

#[test]
fn cvx_as_cdc_writes_it() {
    let scene = Scene::new();
    let rows = "998 |no vaccine administered |no vaccine administered | |Inactive |True |2010/09/30\n03 |MMR |measles, mumps and rubella virus vaccine | |Active |False |2010/05/28\n";
    put(scene.path(), "cvx.txt", rows);
    let table = scene.load_one(&scene.path().join("cvx.txt"));
    assert_eq!(codes(&table, 0..2), ["03", "998"]);
    assert!(table.is_inactive(1) && !table.is_inactive(0));
    assert_eq!(values(&table, "998", "nonvaccine"), ["true"]);
    assert_eq!(table.designations(0).nth(1).expect("the full name").text, "measles, mumps and rubella virus vaccine");
}

#[test]
fn iso_has_a_table_for_each_list() {
    let Some(folder) = published::data("codes/iso-codes") else { return };
    assert_eq!(format(&folder), "iso");
    let scene = Scene::new();
    let tables = scene.load(&folder, &Options::default());
    let counts: Vec<(&str, u32)> = tables.iter().map(|table| (&*table.about().url, table.len())).collect();
    println!("{counts:?}");
    let table = |url: &str| tables.iter().find(|table| &*table.about().url == url).unwrap_or_else(|| panic!("{url}"));
    let countries = table("urn:iso:std:iso:3166");
    assert_eq!(countries.len(), 249 * 3);
    for code in ["CH", "CHE", "756"] {
        assert_eq!(display(countries, code), "Switzerland");
    }
    assert_eq!(display(table("urn:iso:std:iso:3166:-2"), "AD-06"), "Sant Julià de Lòria");
    assert_eq!(display(table("urn:iso:std:iso:4217"), "CHF"), "Swiss Franc");
    assert_eq!(values(table("urn:iso:std:iso:639:-2"), "deu", "alpha_2"), ["de"]);
    assert_eq!(display(table("urn:iso:std:iso:15924"), "Latn"), "Latin");
    assert_eq!(display(table("urn:iso:std:iso:3166:-3"), "ANHH"), "Netherlands Antilles");
}

#[test]
fn bcp_47_has_every_subtag_and_tag() {
    let Some(folder) = published::data("codes/bcp-47") else { return };
    assert_eq!(format(&folder), "bcp-47");
    let table = Scene::new().load_one(&folder);
    // Of 9,281 entries, some languages are extended languages too, with the same subtag.
    let registry: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("registry.json")).expect("the file")).expect("JSON");
    let entries = registry.as_array().expect("an array");
    assert_eq!(entries.len(), 9281);
    let code =
        |entry: &serde_json::Value| entry.get("Tag").or(entry.get("Subtag")).and_then(|code| code.as_str()).expect("a code").to_owned();
    let distinct: std::collections::BTreeSet<String> = entries.iter().map(code).collect();
    assert_eq!(table.len() as usize, distinct.len());
    assert_eq!((display(&table, "de").as_str(), display(&table, "DE").as_str()), ("German", "Germany"));
    assert_eq!(values(&table, "de", "suppress-script"), ["Latn"]);
    assert!(table.is_inactive(table.find("art-lojban").expect("there")));
    assert_eq!(&*table.about().version, "2025-08-25");
}

#[test]
fn race_and_ethnicity_has_its_hierarchy() {
    let Some(folder) = published::data("codes/cdc-race-ethnicity") else { return };
    assert_eq!(format(&folder), "cdc-race-ethnicity");
    let table = Scene::new().load_one(&folder);
    let find = |code: &str| table.find(code).unwrap_or_else(|| panic!("{code} is there"));
    assert_eq!((display(&table, "2135-2").as_str(), &*table.about().version), ("Hispanic or Latino", "1.3"));
    assert!(table.is_ancestor(find("2133-7"), find("2138-6")) && table.is_ancestor(find("2135-2"), find("2138-6")));
    assert_eq!(codes(&table, table.roots().iter()), ["1000-9", "2133-7"]);
}

#[test]
fn ndc_has_packages_below_their_products() {
    let Some(folder) = published::data("codes/ndc-sample") else { return };
    assert_eq!(format(&folder), "ndc");
    let table = Scene::new().load_one(&folder);
    let package = table.find("0002-0152-01").expect("there");
    assert_eq!(codes(&table, table.parents(package)), ["0002-0152"]);
    assert_eq!(display(&table, "0002-0152"), "Zepbound");
    assert!(display(&table, "0002-0152-01").starts_with("Zepbound: 1 VIAL, SINGLE-DOSE"));
    assert_eq!(values(&table, "0002-0152", "startmarketingdate"), ["2023-11-08"]);
    assert_eq!(values(&table, "0002-0152", "substancename"), ["TIRZEPATIDE"]);
}
