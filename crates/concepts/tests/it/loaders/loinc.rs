//! LOINC.

use concepts::{Coding, Search};

use super::{format, put};
use crate::scene::{Scene, codes, display, values};

#[test]
fn the_published_subset_has_terms_parts_lists_and_answers() {
    let Some(folder) = published::data("codes/loinc-subset") else { return };
    assert_eq!(format(&folder), "loinc");
    let table = Scene::new().load_one(&folder);
    let of = |is_it: &dyn Fn(&str) -> bool| (0..table.len()).filter(|concept| is_it(table.code(*concept))).count();
    assert_eq!(of(&|code| code.as_bytes()[0].is_ascii_digit()), 322);
    assert_eq!(of(&|code| code.starts_with("LP")), 147);
    assert!(of(&|code| code.starts_with("LA")) > 0 && of(&|code| code.starts_with("LL")) > 0);
    assert_eq!(display(&table, "100007-4"), "Demonstrates knowledge of pain management");
    let scale = values(&table, "100007-4", "SCALE_TYP");
    assert_eq!(scale.iter().map(|value| Coding::from_text(value).display.to_string()).collect::<Vec<_>>(), ["Ord"]);
    assert_eq!(display(&table, &Coding::from_text(&scale[0]).code), "Ord");
    let list = table.about().property("LIST").expect("declared");
    let answers = table.having_value(list, "LL360-9");
    assert!(codes(&table, answers.iter()).contains(&"LA6576-8"));
    assert!(values(&table, "LA6576-8", "answers-for").contains(&"100865-5".to_owned()));
    assert_eq!(values(&table, "100865-5", "answer-list"), ["LL360-9"]);
    let found = table.search(&Search { text: "pain management", limit: 5, ..Search::default() });
    assert!(codes(&table, found.page).contains(&"100007-4"));
    assert!(table.about().copyright.contains("http://loinc.org/license"));
}

const TABLE: &str = "LOINC_NUM,COMPONENT,PROPERTY,TIME_ASPCT,SYSTEM,SCALE_TYP,METHOD_TYP,CLASS,STATUS,LONG_COMMON_NAME,RELATEDNAMES2\n\
    1-8,Glucose,MCnc,Pt,Bld,Qn,,CHEM,ACTIVE,\"Glucose, \"\"fasting\"\"\n[Mass/volume]\",Sugar; Gluc\n\
    2-6,Glucose,MCnc,Pt,Ser,Qn,,CHEM,DEPRECATED,Glucose in Serum,\n";

#[test]
fn hierarchy_and_translations_are_read_where_they_are() {
    let scene = Scene::new();
    let folder = scene.path().join("Loinc_2.78");
    put(&folder, "LoincTable/Loinc.csv", TABLE);
    let hierarchy = "PATH_TO_ROOT,SEQUENCE,IMMEDIATE_PARENT,CODE,CODE_TEXT\n,1,,LP1-1,Laboratory\nLP1-1,1,LP1-1,LP2-2,Glucose\nLP1-1.LP2-2,1,LP2-2,1-8,x\n";
    put(&folder, "AccessoryFiles/ComponentHierarchyBySystem/ComponentHierarchyBySystem.csv", hierarchy);
    let translation = "LOINC_NUM,COMPONENT,PROPERTY,TIME_ASPCT,SYSTEM,SCALE_TYP,METHOD_TYP,LONG_COMMON_NAME\n1-8,Glucose,,,Sang,,,\n2-6,Glucose,,,,,,Glucose sérique\n";
    put(&folder, "AccessoryFiles/LinguisticVariants/frFR18LinguisticVariant.csv", translation);
    let table = scene.load_one(&folder);
    let find = |code: &str| table.find(code).unwrap_or_else(|| panic!("{code} is there"));
    assert_eq!(&*table.about().version, "2.78");
    assert_eq!(display(&table, "1-8"), "Glucose, \"fasting\"\n[Mass/volume]");
    assert!(table.is_ancestor(find("LP1-1"), find("1-8")));
    assert!(table.is_inactive(find("2-6")));
    for (language, expected) in
        [("fr-FR", "Glucose sérique"), ("fr", "Glucose sérique"), ("fr-CH", "Glucose sérique"), ("en", "Glucose in Serum")]
    {
        assert_eq!(table.display(find("2-6"), Some(language)).expect(language), expected);
    }
    assert!(table.display(find("2-6"), Some("de")).is_none());
    assert_eq!(table.display(find("1-8"), Some("fr-FR")).expect("the axes"), "Glucose:Sang");
    assert!(codes(&table, table.matching("sugar").iter()).contains(&"1-8"));
}
