//! Decimals of any length.

use std::cmp::Ordering;

use fhir::primitive::Decimal;

use published::Random;

#[track_caller]
fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).unwrap_or_else(|| panic!("{text} is a number"))
}

/// A number that a machine integer can hold when it is multiplied by 10^6: the oracle is `i128`.
fn random_number(random: &mut Random) -> (String, i128) {
    let micros = match random.below(4) {
        0 => random.below(20) as i128 - 10,
        1 => i128::from(random.number() as i64),
        2 => (random.below(2000) as i128 - 1000) * 10_i128.pow(random.below(12) as u32),
        _ => (random.below(2_000_000) as i128 - 1_000_000) * 500,
    };
    let sign = if micros < 0 { "-" } else { "" };
    let (whole, fraction) = (micros.abs() / 1_000_000, micros.abs() % 1_000_000);
    let text = match random.below(4) {
        0 => format!("{sign}{whole}.{fraction:06}"),
        1 => format!("{sign}{whole}.{fraction:06}000"),
        2 => format!("{}e-6", micros),
        _ => format!("{}E-0006", micros),
    };
    (text, micros)
}

#[test]
fn numbers_are_read_and_others_are_not() {
    for text in ["0", "-0", "00", "007", "1", "-1", "+1", "1.0", "0.000", "1e3", "1E+3", "1e-3", "-1.5e03", "0e9", "1e9999", "0e99999"] {
        decimal(text);
    }
    let others = [
        "",
        "-",
        "+",
        ".",
        ".5",
        "5.",
        "1.e1",
        "e1",
        "1e",
        "1e+",
        "1e1.0",
        "1e 1",
        " 1",
        "1 ",
        "--1",
        "-+1",
        "1,0",
        "1.0.0",
        "0x1",
        "١",
        "NaN",
        "1e10000",
        "1e-10002",
        "1e99999999999",
        "-1e2147483647",
        "1e-2147483648",
    ];
    for text in others {
        assert_eq!(Decimal::parse(text), None, "{text}");
    }
    decimal(&"9".repeat(10_000));
    assert_eq!(Decimal::parse(&"9".repeat(10_001)), None);
    decimal(&format!("0.{}", "9".repeat(20_000)));
    assert_eq!(Decimal::parse(&format!("0.{}", "9".repeat(20_001))), None);
}

#[test]
fn equal_numbers_are_equal_however_they_are_written() {
    for group in
        [&["1", "1.0", "1.00", "1e0", "10e-1", "0.1e1", "01"][..], &["0", "-0", "0.00", "0e5", "-0e-5"], &["-1200", "-1.2e3", "-1200.0"]]
    {
        for text in group {
            assert_eq!(decimal(text), decimal(group[0]), "{text}");
            assert_eq!(decimal(text).ordered_bytes(), decimal(group[0]).ordered_bytes(), "{text}");
        }
    }
    assert_ne!(decimal("0.1"), decimal("0.10000000000000000001"), "no digit is lost");
}

#[test]
fn order_and_ordered_bytes_are_those_of_the_values() {
    let mut random = Random::new(1);
    for round in 0..20_000 {
        let ((left_text, left), (right_text, right)) = (random_number(&mut random), random_number(&mut random));
        let (a, b) = (decimal(&left_text), decimal(&right_text));
        assert_eq!(a.cmp(&b), left.cmp(&right), "round {round}: {left_text} {right_text}");
        assert_eq!(a == b, left == right, "round {round}: {left_text} {right_text}");
        assert_eq!(a.ordered_bytes().cmp(&b.ordered_bytes()), left.cmp(&right), "round {round}: {left_text} {right_text}");
        assert_eq!(a.is_negative(), left < 0, "{left_text}");
    }
}

#[test]
fn ordered_bytes_of_long_and_extreme_numbers() {
    let ascending = [
        "-9e9999",
        "-1e9999",
        "-1e100",
        "-12.1",
        "-12.01",
        "-12.001",
        "-12",
        "-11.99",
        "-2",
        "-1.5",
        "-1.45",
        "-1",
        "-0.1",
        "-0.09",
        "-1e-9999",
        "0",
        "1e-9999",
        "1.1e-9999",
        "0.09",
        "0.090000000000000000000000000001",
        "0.0901",
        "0.1",
        "0.99",
        "1",
        "1.05",
        "1.5",
        "2",
        "9",
        "10",
        "10.01",
        "11",
        "99",
        "100",
        "101",
        "1e100",
        "1e9999",
        "9e9999",
    ];
    for (index, left) in ascending.iter().enumerate() {
        for (other, right) in ascending.iter().enumerate() {
            let (left_bytes, right_bytes) = (decimal(left).ordered_bytes(), decimal(right).ordered_bytes());
            assert_eq!(left_bytes.cmp(&right_bytes), index.cmp(&other), "{left} {right}");
            assert_eq!(decimal(left).cmp(&decimal(right)), index.cmp(&other), "{left} {right}");
            assert!(index == other || !right_bytes.starts_with(&left_bytes), "{left} begins {right}");
        }
    }
}

#[test]
fn sums_are_exact() {
    let mut random = Random::new(2);
    for round in 0..20_000 {
        let ((left_text, left), (right_text, right)) = (random_number(&mut random), random_number(&mut random));
        let expected = decimal(&format!("{}e-6", left + right));
        assert_eq!(decimal(&left_text).plus(&decimal(&right_text)), expected, "round {round}: {left_text} + {right_text}");
        let difference = decimal(&format!("{}e-6", left - right));
        assert_eq!(decimal(&left_text).plus(&decimal(&right_text).negated()), difference, "round {round}: {left_text} - {right_text}");
    }
    assert_eq!(decimal("1e50").plus(&decimal("1e-50")), decimal(&format!("1{}.{}1", "0".repeat(50), "0".repeat(49))));
    assert_eq!(decimal("9.99").plus(&decimal("0.01")), decimal("10"));
    assert_eq!(decimal("1").plus(&decimal("-1")).ordered_bytes(), decimal("0").ordered_bytes());
}

#[test]
fn sums_at_the_limits_still_have_their_order() {
    let largest = decimal("9e9999").plus(&decimal("9e9999"));
    assert!(largest.ordered_bytes() > decimal("9e9999").ordered_bytes());
    let long = decimal(&format!("1.{}1", "0".repeat(19_998)));
    let smallest = long.plus(&decimal("-1"));
    assert_eq!(smallest.cmp(&decimal("0")), Ordering::Greater);
    assert!(smallest.ordered_bytes() > decimal("0").ordered_bytes());
    assert!(smallest.ordered_bytes() < decimal("1e-9999").ordered_bytes());
}

#[test]
fn the_bounds_of_what_a_written_number_stands_for() {
    assert_eq!(decimal("100").shifted_by_five(-1, true), decimal("99.5"));
    assert_eq!(decimal("100").shifted_by_five(-1, false), decimal("100.5"));
    assert_eq!(decimal("5.40").shifted_by_five(-3, false), decimal("5.405"));
    assert_eq!(decimal("-1").shifted_by_five(-1, true), decimal("-1.5"));
    assert_eq!(decimal("0").shifted_by_five(-1, true), decimal("-0.5"));
    assert_eq!(decimal("0.5").shifted_by_five(-1, true), decimal("0"));
}

#[test]
fn the_other_sign() {
    assert_eq!(decimal("1.5").negated(), decimal("-1.5"));
    assert_eq!(decimal("0").negated(), decimal("0"));
    assert!(!decimal("0").negated().is_negative());
}

#[test]
fn products_are_exact_and_rounding_is_half_away_from_zero() {
    for (left, right, product) in [
        ("0", "5", "0"),
        ("-3", "0.5", "-1.5"),
        ("99999999999999999999", "99999999999999999999", "9999999999999999999800000000000000000001"),
        ("4999.7", "0.001", "4.9997"),
        ("1e-20", "-2.5e30", "-2.5e10"),
    ] {
        assert_eq!(decimal(left).times(&decimal(right)), decimal(product), "{left} × {right}");
        assert_eq!(decimal(right).times(&decimal(left)), decimal(product), "{right} × {left}");
    }
    for (value, digits, rounded) in [
        ("1234.5", 4, "1235"),
        ("-1234.5", 4, "-1235"),
        ("1234.4", 4, "1234"),
        ("99.96", 3, "100"),
        ("0", 2, "0"),
        ("0.00125", 2, "0.0013"),
        ("12", 5, "12"),
    ] {
        assert_eq!(decimal(value).rounded(digits), decimal(rounded), "{value} to {digits} digits");
    }
}
