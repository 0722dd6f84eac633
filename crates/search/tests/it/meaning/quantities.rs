//! Quantities in UCUM's units, however they are written.

use super::Hospital;

fn observation(id: &str, quantity: &str) -> String {
    format!(r#"{{"resourceType":"Observation","id":"{id}","code":{{"coding":[{{"code":"c"}}]}},"valueQuantity":{{{quantity}}}}}"#)
}

fn ucum(id: &str, value: &str, code: &str) -> String {
    observation(id, &format!(r#""value":{value},"unit":"as said","system":"http://unitsofmeasure.org","code":"{code}""#))
}

fn hospital() -> Hospital {
    let lines = [
        ucum("five-g", "5", "g"),
        ucum("mg", "4999.7", "mg"),
        ucum("four-g", "4", "g"),
        ucum("minute", "1", "/min"),
        ucum("warm", "37", "Cel"),
        ucum("ph", "7.4", "[pH]"),
        ucum("units", "10", "[iU]/mL"),
        ucum("odd", "3", "no-such-unit"),
        observation("plain", r#""value":5"#),
        observation("spoons", r#""value":5,"unit":"g""#),
        observation("below", r#""value":3,"comparator":"<","system":"http://unitsofmeasure.org","code":"kg""#),
    ];
    Hospital::of(&lines.join("\n"))
}

#[test]
fn units_are_converted() {
    let cases = [
        ("5000|http://unitsofmeasure.org|mg", "five-g mg"),
        ("5000.0|http://unitsofmeasure.org|mg", "five-g"),
        ("0.0050|http://unitsofmeasure.org|kg", "five-g mg"),
        ("ne5000|http://unitsofmeasure.org|mg", "below four-g"),
        ("gt4.5|http://unitsofmeasure.org|g", "below five-g mg"),
        ("lt4.5|http://unitsofmeasure.org|g", "below four-g"),
        ("ge5|http://unitsofmeasure.org|g", "below five-g"),
        ("sa4999.8|http://unitsofmeasure.org|mg", "five-g"),
        ("ge60|http://unitsofmeasure.org|/h", "minute"),
        ("le60|http://unitsofmeasure.org|/h", "minute"),
        ("98.6|http://unitsofmeasure.org|[degF]", "warm"),
        ("310.15|http://unitsofmeasure.org|K", "warm"),
        // On scales that no line leads from, and in units that are none, as written.
        ("7.4|http://unitsofmeasure.org|[pH]", "ph"),
        ("10000|http://unitsofmeasure.org|[iU]/L", "units"),
        ("3|http://unitsofmeasure.org|no-such-unit", "odd"),
        // Without a system only what is written so.
        ("5000||mg", "mg"),
        ("5||g", "five-g spoons"),
        ("5", "five-g plain spoons"),
    ];
    let hospital = hospital();
    for (value, ids) in cases {
        assert_eq!(hospital.found(&format!("Observation?value-quantity={value}")), ids, "{value}");
        if !value.contains("||") {
            assert_eq!(hospital.found(&format!("Observation?code-value-quantity=c${value}")), ids, "composite: {value}");
        }
    }
}

#[test]
fn converted_values_are_no_values_of_their_own() {
    let hospital = hospital();
    assert_eq!(hospital.found("Observation?value-quantity=4.9997"), "");
    assert_eq!(hospital.found("Observation?value-quantity=4.9997||g"), "");
    let order = hospital.in_order("Observation?value-quantity=gt0&_sort=value-quantity&code=c");
    assert_eq!(order.last().map(String::as_str), Some("mg"), "{order:?}");
}
