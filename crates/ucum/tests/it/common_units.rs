//! HL7's list of common units (`http://hl7.org/fhir/ValueSet/ucum-common`): each is a code, has a name and base units.

use published::KnownFailures;
use serde_json::Value;
use ucum::Unit;

#[test]
fn every_common_unit_is_read() {
    let Some(path) = published::data("fhir-r4/definitions/valuesets.json.gz") else { return };
    let bundle: Value = serde_json::from_slice(&published::gunzip(&path)).expect("it is JSON");
    let resources = bundle["entry"].as_array().into_iter().flatten().map(|entry| &entry["resource"]);
    let list = resources.filter(|resource| resource["url"] == "http://hl7.org/fhir/ValueSet/ucum-common");
    let included = list.flat_map(|list| list["compose"]["include"].as_array().into_iter().flatten());
    let codes =
        included.flat_map(|include| include["concept"].as_array().into_iter().flatten()).filter_map(|concept| concept["code"].as_str());
    let mut known = KnownFailures::read("");
    for code in codes {
        let read = Unit::parse(code).and_then(|unit| Ok((unit.name(), unit.canonical()?)));
        known.report(code, read.map(|(name, _)| assert!(!name.is_empty(), "{code}")).map_err(|error| error.to_string()));
    }
    known.finish("ucum-common");
}
