//! Products, quotients and comparisons.

use std::cmp::Ordering;

use ucum::Amount;

fn amount(value: &str, code: &str) -> Amount {
    Amount::parse(value, code).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn products_and_quotients_are_in_base_units() {
    let said =
        |amount: Result<Amount, ucum::Error>| amount.map(|amount| format!("{amount} {}", amount.unit)).map_err(|error| error.to_string());
    assert_eq!(said(amount("1.5", "g").times(&amount("2", "m"))), Ok("3 g.m".into()));
    assert_eq!(said(amount("1.50", "kg").over(&amount("3", "L"))), Ok("500000 g.m-3".into()));
    assert_eq!(said(amount("1", "m").over(&amount("3", "cm"))), Ok("33.3333333333333333333333 1".into()));
    assert!(said(amount("1", "m").over(&amount("0", "m"))).unwrap_err().ends_with("nothing can be divided by zero"));
    assert!(said(amount("1", "Cel").times(&amount("2", "m"))).unwrap_err().contains("no proportional scale"));
}

#[test]
fn amounts_are_compared_exactly() {
    let cases = [
        ("1", "kg", "1000", "g", Ordering::Equal),
        ("1.0", "[in_i]", "2.54", "cm", Ordering::Equal),
        ("1", "[ft_us]", "1", "[ft_i]", Ordering::Greater),
        ("0", "Cel", "32", "[degF]", Ordering::Equal),
        ("37.0000000000000000000001", "Cel", "98.6", "[degF]", Ordering::Greater),
        ("-1", "m", "1", "mm", Ordering::Less),
    ];
    for (left, one, right, other, wanted) in cases {
        assert_eq!(amount(left, one).compare(&amount(right, other)), Ok(wanted), "{left} {one}, {right} {other}");
    }
    assert!(amount("1", "m").compare(&amount("1", "s")).is_err());
}

/// There and back is the same again, for every pair of units of a kind that no logarithm is between.
#[test]
fn conversions_have_an_inverse() {
    let kinds: [&[&str]; 6] = [
        &["m", "km", "[in_i]", "[ft_us]", "[ly]", "Ao", "pc", "[smoot]"],
        &["K", "Cel", "[degF]", "[degRe]", "[degR]", "mK"],
        &["g", "mg", "[lb_av]", "[gr]", "u", "t"],
        &["s", "min", "a", "mo", "ms", "a_g"],
        &["Pa", "mm[Hg]", "[psi]", "atm", "m[H2O]", "att"],
        &["mol/L", "mmol/dL", "/m3", "10*3/uL", "kat.s/L"],
    ];
    for kind in kinds {
        for (from, to) in kind.iter().flat_map(|from| kind.iter().map(move |to| (*from, *to))) {
            let start = amount("12.345", from);
            let there = start.convert(&amount("1", to).unit).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(there.convert(&start.unit).map(|back| back.value), Ok(start.value), "{from} to {to}");
        }
    }
}
