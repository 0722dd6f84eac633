//! RxNorm.

use super::{format, put};
use crate::scene::{Scene, codes, display, values};

const CONCEPTS: &str = "161|ENG||||||2||||RXNORM|IN|161|acetaminophen||N|4096|\n\
    161|ENG||||||3||||MTHSPL|SU|X|ACETAMINOPHEN||N||\n\
    313782|ENG||||||4||||RXNORM|SY|313782|APAP 325 MG Oral Tablet||N|4096|\n\
    313782|ENG||||||5||||RXNORM|SCD|313782|acetaminophen 325 MG Oral Tablet||N|4096|\n\
    370600|ENG||||||6||||RXNORM|SCDF|370600|acetaminophen Oral Tablet||O|4096|\n";
const RELATIONSHIPS: &str = "161||CUI|RO|313782||CUI|has_ingredient|1||RXNORM|RXNORM|||||\n\
    370600||CUI|RN|313782||CUI|isa|2||RXNORM|RXNORM|||||\n\
    313782||CUI|RB|370600||CUI|inverse_isa|3||RXNORM|RXNORM|||||\n";
const ATTRIBUTES: &str = "313782|||5|AUI|313782|||NDC|RXNORM|00045049660|N|4096|\n";

#[test]
fn concepts_relationships_and_attributes_become_one_table() {
    let scene = Scene::new();
    let folder = scene.path().join("RxNorm_full_prescribe_09022025");
    put(&folder, "rrf/RXNCONSO.RRF", CONCEPTS);
    put(&folder, "rrf/RXNREL.RRF", RELATIONSHIPS);
    put(&folder, "rrf/RXNSAT.RRF", ATTRIBUTES);
    assert_eq!(format(&folder), "rxnorm");
    let table = scene.load_one(&folder);
    assert_eq!(&*table.about().version, "09022025");
    assert_eq!(codes(&table, 0..table.len()), ["161", "313782", "370600"]);
    assert_eq!(display(&table, "313782"), "acetaminophen 325 MG Oral Tablet");
    assert_eq!(values(&table, "313782", "TTY"), ["SCD"]);
    assert_eq!(values(&table, "313782", "has_ingredient"), ["161"]);
    assert_eq!(values(&table, "313782", "NDC"), ["00045049660"]);
    assert!(table.is_ancestor(2, 1) && table.is_inactive(2));
    assert_eq!(codes(&table, table.matching("apap").iter()), ["313782"]);
    let ingredient = table.about().property("has_ingredient").expect("declared");
    assert_eq!(codes(&table, table.having_value(ingredient, "161").iter()), ["313782"]);
}
