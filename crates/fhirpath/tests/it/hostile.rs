//! Expressions that mean harm end with an error, soon.

use std::time::{Duration, Instant};

use fhir::{Object, Value, object};
use fhirpath::{Arena, Context, ErrorKind, Expression, Item, Limits};

/// What becomes of an expression on a small patient, within five seconds, in a build without optimization and beside other tests.
fn outcome(text: &str) -> Result<usize, ErrorKind> {
    let started = Instant::now();
    let patient = object! { "resourceType": "Patient", "active": true };
    let result = Expression::parse(text).and_then(|expression| {
        let limits = Limits { steps: 1_000_000, ..Limits::default() };
        let arena = Arena::new();
        let context = Context::new(&patient).with_limits(limits).with_arena(&arena);
        expression.evaluate(&context, &Item::resource(&patient)).map(|items| items.len())
    });
    assert!(started.elapsed() < Duration::from_secs(5), "{}… took {:?}", &text[..text.len().min(60)], started.elapsed());
    result.map_err(|error| error.kind)
}

#[test]
fn deep_nesting_is_refused() {
    for (open, middle, close) in
        [("(", "1", ")"), ("-", "1", ""), ("1 + (", "1", ")"), ("iif(true, ", "1", ")"), ("a[", "0", "]"), ("{}.where(", "true", ")")]
    {
        let text = format!("{}{middle}{}", open.repeat(10_000), close.repeat(10_000));
        assert_eq!(outcome(&text), Err(ErrorKind::Limit), "{open}");
    }
    for part in [" + 1", " | 1", " and true", " is Integer", ".defineVariable('a')"] {
        let text = format!("1{}", part.repeat(10_000));
        assert_eq!(outcome(&text), Err(ErrorKind::Limit), "{part}");
    }
}

#[test]
fn long_chains_are_no_nesting() {
    assert_eq!(outcome(&format!("name{}", ".given".repeat(10_000))), Ok(0));
    assert_eq!(outcome(&format!("Patient{}", "[0]".repeat(10_000))), Ok(1));
}

#[test]
fn nesting_up_to_the_limit_fits_the_stack() {
    let text = format!("{}true{}", "iif(true, (".repeat(45), "))".repeat(45));
    assert_eq!(outcome(&text), Ok(1));
    let text = format!("{}true{}", "Patient.select(".repeat(45), ")".repeat(45));
    assert_eq!(outcome(&text), Ok(1));
}

#[test]
fn regular_expressions_take_linear_time() {
    let text = "a".repeat(50_000);
    assert_eq!(outcome(&format!("'{text}!'.matches('^(a+)+$')")), Ok(1));
    assert_eq!(outcome(&format!("'{text}'.matches('(a|a)*b')")), Ok(1));
    assert_eq!(outcome("'a'.matches('a{1000}{1000}{1000}')"), Err(ErrorKind::Limit));
    assert_eq!(outcome("'a'.matches('(')"), Err(ErrorKind::Execution));
    assert_eq!(outcome(&format!("'a'.matches('{}a{}')", "(".repeat(10_000), ")".repeat(10_000))), Err(ErrorKind::Execution));
}

#[test]
fn what_grows_without_end_is_stopped() {
    let endless = [
        "(1).repeat($this + 1)",
        "(1).repeatAll($this)",
        "'ab'.repeat($this & $this)",
        "(1).repeatAll(1 | 2)",
        "'a'.repeatAll($this.toChars())",
        "'x'.select($this.replace('', 'xxxxxxxxxxxxxxxx').replace('', 'xxxxxxxxxxxxxxxx').replace('', 'xxxxxxxxxxxxxxxx').replace('', 'xxxxxxxxxxxxxxxx').replace('', 'xxxxxxxxxxxxxxxx').replace('', 'xxxxxxxxxxxxxxxx'))",
    ];
    for text in endless {
        assert_eq!(outcome(text), Err(ErrorKind::Limit), "{text}");
    }
    let many = format!("'{}'.replaceMatches('.*', '{}')", "a".repeat(100_000), "$0".repeat(10_000));
    assert_eq!(outcome(&many), Err(ErrorKind::Limit));
    let patterns = "descendants().count() + (1|2|3|4|5|6|7|8|9).select((1|2|3|4|5|6|7|8|9).where('a'.matches('b{' & ($this * 9).toString() & '}'))).count()";
    assert_eq!(outcome(patterns), Err(ErrorKind::Limit));
    let digits = "(0|1|2|3|4|5|6|7|8|9)";
    let product =
        format!("{digits}.select({digits}).select({digits}).select({digits}).select({digits}).select({digits}).select({digits}).count()");
    assert_eq!(outcome(&product), Err(ErrorKind::Limit));
    let made = format!("{digits}.select({digits}).select({digits}).select({digits}).select(Coding {{ code: $this.toString() }}).count()");
    assert_eq!(outcome(&made), Err(ErrorKind::Limit), "{made}");
    let doubling = format!("{digits}.select({digits}).select({digits}).aggregate($total & $total & $this.toString(), 'x')");
    assert_eq!(outcome(&doubling), Err(ErrorKind::Limit));
}

#[test]
fn a_large_resource_is_bounded_too() {
    let given = Value::Array((0..20_000).map(|index| Value::from(index.to_string())).collect());
    let patient = object! { "resourceType": "Patient", "name": fhir::array![Object::from_iter([("given", given)])] };
    let context = Context::new(&patient);
    for text in ["name.given.distinct().count()", "name.given.intersect(name.given)", "name.given.sort().first()", "descendants().count()"]
    {
        let started = Instant::now();
        let result = Expression::parse(text).expect("it parses").evaluate(&context, &Item::resource(&patient));
        assert!(result.map_or_else(|error| error.kind == ErrorKind::Limit, |items| !items.is_empty()), "{text}");
        assert!(started.elapsed() < Duration::from_secs(8), "{text} took {:?}", started.elapsed());
    }
}

#[test]
fn extreme_numbers_and_times_give_nothing_or_an_error() {
    for text in [
        "2147483647 + 1",
        "-2147483648 - 1",
        "(-2147483648).abs()",
        "9223372036854775807L * 2",
        "79228162514264337593543950335.0 * 10.0",
        "1000.exp()",
        "10.power(1000)",
        "0.ln()",
        "(-1).sqrt()",
        "1.log(0)",
        "@9999-12-31 + 1 day",
        "@0001-01-01 - 1 day",
        "@2024-01-01 + 9223372036854775807 years",
        "@2024-01-01 + 79228162514264337593543950335.0 days",
        "@T10:00 + 9223372036854775807 hours",
        "1 'km' * 79228162514264337593543950335.0 'km'",
        "1.5.round(2000000000)",
        "1.5.lowBoundary(-5)",
    ] {
        assert!(outcome(text).is_ok_and(|items| items <= 1) || outcome(text).is_err(), "{text}");
    }
}

#[test]
fn broken_text_is_a_syntax_error_with_its_place() {
    for (text, place) in
        [("1 +", 3), ("a.", 2), ("a b", 2), ("'abc", 0), ("@2024-13", 0), ("#", 0), ("a[1", 3), ("f(", 2), ("", 0), ("'\\uD800'", 1)]
    {
        let error = Expression::parse(text).expect_err(text);
        assert_eq!((error.kind, error.position), (ErrorKind::Syntax, place), "{text}: {error}");
    }
    let error = Expression::parse("name.frst()").expect_err("there is no such function");
    assert_eq!((error.kind, error.position, error.number()), (ErrorKind::Semantic, 5, 801));
    assert!(error.message.contains("first"), "{error}");
    let error = Expression::parse("name.given |\n  'ä' + frst()").expect_err("there is no such function");
    assert_eq!((error.position, error.line, error.column), (22, 2, 9), "{error}");
    assert!(error.to_string().ends_with("(line 2, column 9 of the expression)"), "{error}");
}
