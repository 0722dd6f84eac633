//! From one unit to another.

use ucum::{Amount, Canonical, Unit};

fn convert(value: &str, from: &str, to: &str) -> Result<String, String> {
    let amount = Amount::parse(value, from).map_err(|error| error.to_string())?;
    let to = Unit::parse(to).map_err(|error| error.to_string())?;
    Ok(amount.convert(&to).map_err(|error| error.to_string())?.to_string())
}

#[test]
fn special_units_and_others() {
    let cases = [
        ("37", "Cel", "[degF]", "98.6"),
        ("98.6", "[degF]", "Cel", "37"),
        ("98.60", "[degF]", "K", "310.2"),
        ("80", "[degRe]", "Cel", "100"),
        ("7", "[pH]", "mol/L", "0.0000001"),
        ("0.00000010", "mol/L", "[pH]", "7"),
        ("20", "dB", "B", "2"),
        ("20", "dB", "1", "100"),
        ("40", "dB[V]", "V", "100"),
        ("100", "V", "dB[V]", "40"),
        ("60", "dB[uV]", "dB[mV]", "0"),
        ("100.0", "%[slope]", "deg", "45"),
        ("1", "Np", "Np", "1"),
        ("10", "bit_s", "1", "1024"),
        ("3", "[m/s2/Hz^(1/2)]", "m2/s4/Hz", "9"),
        ("6", "[hp'_X]", "[hp'_C]", "3"),
        ("1", "[iU]", "k[IU]", "0.001"),
        ("1", "mmol/L", "mol/m3", "1"),
        ("1", "wk", "min", "10080"),
        ("1", "d", "mo", "0.0328542094455852156057495"),
        ("5.5", "mm[Hg]", "kPa", "0.73"),
        ("1000", "mCel", "Cel", "1"),
        ("2", "1", "{cells}", "2"),
        ("1e-30", "km", "m", "0.000000000000000000000000001"),
    ];
    for (value, from, to, wanted) in cases {
        assert_eq!(convert(value, from, to).as_deref(), Ok(wanted), "{value} {from} in {to}");
    }
}

#[test]
fn what_cannot_be_converted() {
    let cases = [
        ("1", "m", "s", r#"in the unit "m", at character 1: it measures m and not s, so there is no conversion"#),
        ("1", "[iU]", "1", r#"in the unit "[iU]", at character 1: it measures [iU] and not 1, so there is no conversion"#),
        ("1", "[iU]", "[CFU]", r#"in the unit "[iU]", at character 1: it measures [iU] and not [CFU], so there is no conversion"#),
        ("-1", "mol/L", "[pH]", r#"in the unit "mol/L", at character 1: the value has no place on the scale"#),
        (
            "1",
            "Cel/min",
            "K/min",
            r#"in the unit "Cel/min", at character 1: "Cel" is no proportional scale and cannot be multiplied with other units"#,
        ),
        (
            "1",
            "Cel2",
            "K2",
            r#"in the unit "Cel2", at character 1: "Cel" is no proportional scale and cannot be multiplied with other units"#,
        ),
        ("one", "m", "m", r#"in the unit "m", at character 1: a decimal number before it is expected"#),
    ];
    for (value, from, to, message) in cases {
        assert_eq!(convert(value, from, to).unwrap_err(), message);
    }
}

#[test]
fn base_units_are_in_the_order_of_their_codes() {
    let cases = [("N", "g.m.s-2", "1000"), ("/min", "s-1", "0.0166666666666666666666667"), ("%", "1", "0.01")];
    for (code, base, factor) in cases {
        let unit = Unit::parse(code).expect("a unit");
        let canonical: Canonical = unit.canonical().expect("it has base units");
        assert_eq!(
            (canonical.dimension.to_string(), canonical.factor().expect("no scale").to_string()),
            (base.into(), factor.into()),
            "{code}"
        );
    }
}

#[test]
fn what_is_known_is_the_same_again() {
    for code in ["N", "mm[Hg]", "Cel/min", "no-such-unit"] {
        let calculated = Unit::parse(code).and_then(|unit| unit.canonical());
        for _ in 0..2 {
            assert_eq!(ucum::canonical(code).map(|known| Canonical::clone(&known)), calculated, "{code}");
        }
    }
}

#[test]
fn a_line_leads_between_temperatures() {
    let canonical = |code: &str| Unit::parse(code).and_then(|unit| unit.canonical()).expect("a unit");
    let line = canonical("[degF]").line_to(&canonical("Cel")).expect("a line");
    assert_eq!((line.factor.rounded(6), line.offset.rounded(6)), ("0.555556".into(), "-17.7778".into()));
    assert_eq!(canonical("[pH]").line(), None);
}
