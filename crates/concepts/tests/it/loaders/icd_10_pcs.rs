//! ICD-10-PCS.

use super::{format, put};
use crate::scene::{Scene, display, values};

#[test]
fn the_published_table_has_all_codes() {
    let Some(folder) = published::data("codes/icd-10-pcs") else { return };
    assert_eq!(format(&folder), "icd-10-pcs");
    let scene = Scene::new();
    let table = scene.load_one(&folder);
    assert_eq!(table.len(), 79_758);
    assert_eq!(display(&table, "00800ZZ"), "Division of Brain, Open Approach");
    assert_eq!(values(&table, "00800ZZ", "ccs"), ["1"]);
    assert_eq!(&*table.about().version, "2019");
    let ccs = table.about().property("ccs").expect("declared");
    assert!(table.having_value(ccs, "1").contains(table.find("00800zz").expect("whatever the case")));
}

#[test]
fn an_order_file_is_read_by_its_columns() {
    let scene = Scene::new();
    let title = "Bypass cerebral ventricle to nasopharynx with autologous tissue substitute, open";
    let text = format!(
        "00001 001     0 {:<60} Central nervous system and cranial nerves, bypass\n00002 0016070 1 {:<60} {title}\n",
        "CNS, bypass", "Bypass"
    );
    put(scene.path(), "icd10pcs_order_2026.txt", &text);
    let table = scene.load_one(scene.path());
    assert_eq!((table.len(), display(&table, "0016070").as_str()), (2, title));
    assert_eq!(values(&table, "001", "billable"), ["false"]);
}
