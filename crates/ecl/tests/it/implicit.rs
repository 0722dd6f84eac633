//! The addresses of value sets that SNOMED CT implies.

use ecl::{ErrorKind, implicit_value_set};

#[test]
fn addresses_and_their_constraints() {
    let cases = [
        ("http://snomed.info/sct?fhir_vs", "http://snomed.info/sct", "*"),
        ("http://snomed.info/sct?fhir_vs=isa/73211009", "http://snomed.info/sct", "<< 73211009"),
        ("http://snomed.info/sct?fhir_vs=refset", "http://snomed.info/sct", "< 900000000000455006"),
        ("http://snomed.info/sct?fhir_vs=refset/700043003", "http://snomed.info/sct", "^ 700043003"),
        (
            "http://snomed.info/sct/900000000000207008/version/20230131?fhir_vs=ecl/%3C%2019829001%20AND%20%3C301867009",
            "http://snomed.info/sct/900000000000207008/version/20230131",
            "< 19829001 AND < 301867009",
        ),
        ("http://snomed.info/sct?fhir_vs=ecl/<<73211009 {{+HISTORY}}", "http://snomed.info/sct", "<< 73211009 {{ +HISTORY-MAX }}"),
    ];
    for (address, system, constraint) in cases {
        let found = implicit_value_set(address).expect(address).expect(address);
        assert_eq!((&*found.system, found.constraint.to_string().as_str()), (system, constraint), "{address}");
    }
}

#[test]
fn other_addresses_and_mistakes() {
    for address in [
        "http://loinc.org/vs",
        "http://snomed.info/sct",
        "http://snomed.info/scti?fhir_vs",
        "http://snomed.info/sct?fhir_cm",
        "http://snomed.info/sct?fhir_vsx",
    ] {
        assert_eq!(implicit_value_set(address), None, "{address}");
    }
    for asked in ["isa/", "isa/heart", "isa/%2B73211009", "refset/1", "ecl/", "ecl/<", "ecl/%FF", "all"] {
        let found = implicit_value_set(&format!("http://snomed.info/sct?fhir_vs={asked}")).expect(asked);
        assert_eq!(found.expect_err(asked).kind, ErrorKind::Syntax, "{asked}");
    }
}
