//! What is a code, what is none, and what is said of it.

use ucum::Unit;

#[test]
fn units_in_words() {
    let cases = [
        ("m/s", "(meter) / (second)"),
        ("/min", "1 / (minute)"),
        ("mmol/(8.h.kg)", "(millimole) / (8 * (hour) * (kilogram))"),
        ("10*3{cells}/uL", "(the number ten for arbitrary powers ^ 3) / (microliter)"),
        ("{score}", "{score}"),
        ("KiBy", "(kibibyte)"),
        ("dB[SPL]", "(decibel sound pressure)"),
        ("m[H2O]2", "(meter of water column ^ 2)"),
        ("pH", "(picohenry)"),
        ("[pH]", "(pH)"),
        ("Ao", "(Ångström)"),
        ("g/(8.h){per shift}", "(gram) / (8 * (hour))"),
    ];
    for (code, name) in cases {
        assert_eq!(Unit::parse(code).unwrap_or_else(|error| panic!("{code}: {error}")).name(), name, "{code}");
    }
}

#[test]
fn errors_name_place_and_remedy() {
    let cases = [
        ("", r#"in the unit "", at character 1: a code is expected; "1" is the one for no unit"#),
        ("g/12h", r#"in the unit "g/12h", at character 3: a point is missing after the number: "12.""#),
        ("mcg/L", r#"in the unit "mcg/L", at character 1: "mcg" is no unit of UCUM; perhaps "ug" is meant"#),
        ("iU", r#"in the unit "iU", at character 1: "iU" is no unit of UCUM; perhaps "[iU]" is meant"#),
        ("mmHg", r#"in the unit "mmHg", at character 1: "mmHg" is no unit of UCUM; perhaps "mm[Hg]" is meant"#),
        (
            "k[in_i]",
            r#"in the unit "k[in_i]", at character 1: "[in_i]" takes no prefix; put a power of ten before it, as in "10*3.[in_i]""#,
        ),
        ("m/", r#"in the unit "m/", at character 3: a unit, a number or "(" is expected"#),
        ("(m", r#"in the unit "(m", at character 1: this is not closed by ")""#),
        ("m[Hg", r#"in the unit "m[Hg", at character 2: this is not closed by "]""#),
        ("rad2{a", r#"in the unit "rad2{a", at character 5: this is not closed by "}""#),
        ("{a}m", r#"in the unit "{a}m", at character 4: "." or "/" or the end is expected"#),
        ("m s", r#"in the unit "m s", at character 2: UCUM has no ' ': codes are printable ASCII without spaces"#),
        ("m-", r#"in the unit "m-", at character 3: a digit is expected"#),
        ("m1000", r#"in the unit "m1000", at character 2: exponents beyond ±999 and the factors they make are not calculated with"#),
        ("blub", r#"in the unit "blub", at character 1: "blub" is no unit of UCUM; codes are case sensitive"#),
    ];
    for (code, message) in cases {
        assert_eq!(Unit::parse(code).expect_err(code).to_string(), message);
    }
}
