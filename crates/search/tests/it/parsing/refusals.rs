//! What is refused, and with what words.

use super::{numbers, parse};

#[test]
fn everything_wrong_is_told_at_once() {
    assert_eq!(numbers("Patient?nam=x&birthdate=gestern&_count=-1&gender="), [300, 313, 304, 322]);
}

#[test]
fn each_fault_has_its_number() {
    for (query, number) in [
        ("Patient?fmaily=x", 300),
        ("Patient?_text=x", 301),
        ("Patient?_content=x", 301),
        ("Patient?_filter=x", 337),
        ("Patient?_query=x", 301),
        ("Location?near=1", 336),
        ("Location?near=1|200", 336),
        ("Location?near=1|2|x", 336),
        ("Location?near=1|2|3|parsec", 336),
        ("Patient?_contained=maybe", 341),
        ("Patient?_list=$current-problems", 335),
        ("Patient?_list=a/b", 310),
        ("Patient?_type=Patient", 300),
        ("Patient?_sort=_score", 323),
        ("Patient?_sounds=123", 316),
        ("Patient?_like=-", 316),
        ("Patient?name:text=x", 302),
        ("Patient?name:not=x", 302),
        ("Patient?birthdate:exact=2020", 302),
        ("Patient?_count:exact=1", 302),
        ("Condition?code:above=x", 309),
        ("Condition?code:in=http://x", 303),
        ("Condition?code:not-in=http://x", 303),
        ("Condition?code:below=1", 309),
        ("Condition?code:below=urn:x|1", 303),
        ("Patient?gender:of-type=a|b|c", 302),
        ("Patient?active:text=x", 302),
        ("Patient?identifier:of-type=a|c", 309),
        ("Condition?subject:below=1", 303),
        ("Procedure?location:below=urn:x", 310),
        ("Patient?_id:in=x", 302),
        ("Patient?name=", 304),
        ("Patient?name=a,,b", 304),
        ("Patient?name", 304),
        (r"Patient?name=a\b", 305),
        (r"Patient?name=a\n", 305),
        (r"Patient?name=a\", 305),
        ("Patient?birthdate=2020-13", 306),
        ("Patient?birthdate=2020-02-30", 306),
        ("Patient?birthdate=ge", 306),
        ("Patient?birthdate=2020-01-01T10", 306),
        ("Patient?birthdate=2020-01-01 10:00", 306),
        ("Patient?_lastUpdated=0000", 306),
        ("Patient?birthdate=after2020", 313),
        ("Patient?birthdate=yesterday", 313),
        ("RiskAssessment?probability=half", 313),
        ("RiskAssessment?probability=1.2.3", 307),
        ("RiskAssessment?probability=gt", 307),
        ("RiskAssessment?probability=%2B1", 307),
        ("RiskAssessment?probability=1e99999", 307),
        ("RiskAssessment?probability=ap0e-2147483648", 307),
        ("RiskAssessment?probability=0e2147483647", 307),
        ("Observation?value-quantity=5|mg", 308),
        ("Observation?value-quantity=5||", 308),
        ("Observation?value-quantity=|a|mg", 307),
        ("Patient?identifier=a|b|c", 309),
        ("Patient?identifier=|", 309),
        ("Patient?_id=a|b", 309),
        ("Observation?subject=Patient/", 310),
        ("Observation?subject=Nobody/1", 310),
        ("Observation?subject=a b", 310),
        ("Observation?subject=#p", 310),
        ("Observation?subject:Patient=Group/1", 310),
        ("Patient?name:missing=maybe", 311),
        ("Observation?code-value-quantity=a", 312),
        ("Observation?code-value-quantity=a$1$2", 312),
        ("Observation?code-value-quantity=a$", 312),
        ("Observation?code-value-quantity=a$b", 313),
        ("Observation?subject:Practitioner=1", 314),
        ("Patient?name=%20", 316),
        ("Patient?_count=x", 322),
        ("Patient?_count=-1", 322),
        ("Patient?_count=%2B1", 322),
        ("Patient?_count=1.5", 322),
        ("Patient?_count=99999999999999999999", 322),
        ("Patient?_count=", 322),
        ("Patient?_count=1&_count=2", 332),
        ("Observation?_sort=code-value-quantity", 323),
        ("Patient?_sort=", 323),
        ("Patient?_sort=name:asc", 323),
        ("Patient?_sort=nme", 300),
        ("Location?_sort=near", 323),
        ("Patient?_total=all", 324),
        ("Patient?_include=organization", 325),
        ("Patient?_include=Patient", 325),
        ("Patient?_include=Patient:name", 325),
        ("Patient?_include=Patint:organization", 325),
        ("Patient?_include=Observation:subject", 325),
        ("Patient?_include=Patient:organization:Group:x", 325),
        ("Patient?_include=Patient:organization:Group", 325),
        ("Patient?_include:all=Patient:organization", 325),
        ("Patient?_include=Patient:organisation", 300),
        ("Patient?_revinclude=Patint:*", 325),
        ("Patient?_revinclude=Observation:device", 325),
        ("Patient?_revinclude=Observation:subject:Group", 325),
        ("Patient?_summary=short", 326),
        ("Patient?_page=x", 327),
        ("ValueSet?url=a|", 333),
        ("ValueSet?url:below=a|1", 333),
        ("Patient?_elements=a,,b", 334),
        ("Patient?_elements=name,brithDate", 334),
        ("Patient?_pretty=yes", 334),
    ] {
        assert_eq!(numbers(query), [number], "{query}");
    }
}

#[test]
fn messages_teach_and_tell_nothing_private() {
    let told = |query| parse(query).expect_err(query).iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    assert!(told("Patient?fmaily=x").contains("did you mean `family`?"), "{}", told("Patient?fmaily=x"));
    assert!(told("Patient?Birthdate=x").contains("`birthdate`"));
    assert!(told("Patient?count=1").contains("`_count`"));
    assert!(told("Patient?_include=Patint:organization").contains("did you mean Patient?"));
    for query in [
        r"Patient?name=Secret\x",
        "Patient?birthdate=Secret",
        "Patient?identifier=Secret|Secret|Secret",
        "Observation?subject=Secret/Secret",
    ] {
        assert!(!told(query).contains("Secret"), "{}", told(query));
    }
}

#[test]
fn sizes_are_bounded() {
    assert_eq!(numbers(&format!("Patient?name={}", "x".repeat(100_001))), [317]);
    assert_eq!(numbers(&format!("Patient?name={}", "x,".repeat(5000) + "x")), [318]);
    assert_eq!(numbers(&format!("Patient?{}", "name=x&".repeat(201))), [319]);
    let thousand = parse(&format!("Patient?_id={}", "x,".repeat(1999) + "x")).expect("2000 ids");
    assert!(matches!(&thousand.query.subjects[0].filter, store::query::Filter::Id(ids) if ids.len() == 2000));
    assert_eq!(numbers(&format!("Provenance?target={}", "x,".repeat(1999) + "x")), [321]);
    assert_eq!(numbers(&format!("Patient?{}=x", "x".repeat(10_000))), [300]);
}
