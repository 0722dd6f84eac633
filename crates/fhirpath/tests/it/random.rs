//! Random expressions: whatever they say, there is a result or an error, and no panic.

use fhir::primitive::Temporal;
use fhir::{Value, array, object};
use fhirpath::{Arena, Context, Expression, Item, Limits};

const OPERANDS: [&str; 43] = [
    "1",
    "0",
    "-1",
    "2147483647",
    "5L",
    "1.5",
    "0.000000001",
    "79228162514264337593543950335.0",
    "'a'",
    "''",
    "'ä\\u0041'",
    "'2024-02-29'",
    "true",
    "{}",
    "@2024",
    "@2024-02-29",
    "@9999-12-31",
    "@0001-01-01",
    "@2024-02-29T10",
    "@2024-02-29T10:00:00.123+14:00",
    "@T23:59:59.999",
    "1 'mg'",
    "1 'Cel'",
    "2 'nonsense'",
    "1 year",
    "1.5 months",
    "$this",
    "$index",
    "$total",
    "%resource",
    "%context",
    "name",
    "name.given",
    "birthDate",
    "deceased",
    "identifier",
    "descendants()",
    "extension('x')",
    "%factory.Coding('a', 'b')",
    "(1 | 'a' | @2024)",
    "Coding { code: 'a' }",
    "Observation { value: 1 'mg', effective: $this }",
    "HumanName { given: name.given, id: $this }",
];

const OPERATORS: [&str; 22] = [
    "+", "-", "*", "/", "div", "mod", "&", "|", "=", "!=", "~", "!~", "<", ">=", "in", "contains", "and", "or", "xor", "implies", "is",
    "as",
];

const CALLS: [&str; 76] = [
    "where(X)",
    "select(X)",
    "exists(X)",
    "all(X)",
    "repeat(X)",
    "first()",
    "last()",
    "tail()",
    "skip(X)",
    "take(X)",
    "single()",
    "distinct()",
    "count()",
    "union(X)",
    "combine(X)",
    "intersect(X)",
    "exclude(X)",
    "subsetOf(X)",
    "iif(X, X, X)",
    "toString()",
    "toInteger()",
    "toDecimal()",
    "toDate()",
    "toDateTime()",
    "toTime()",
    "toQuantity()",
    "toQuantity(X)",
    "toBoolean()",
    "indexOf(X)",
    "substring(X, X)",
    "replace(X, X)",
    "matches(X)",
    "replaceMatches(X, X)",
    "length()",
    "toChars()",
    "split(X)",
    "join(X)",
    "encode(X)",
    "decode('base64')",
    "decode('hex')",
    "escape('html')",
    "unescape('json')",
    "abs()",
    "ceiling()",
    "exp()",
    "ln()",
    "log(X)",
    "power(X)",
    "round(X)",
    "sqrt()",
    "truncate()",
    "sum()",
    "min()",
    "avg()",
    "aggregate(X, X)",
    "sort(X)",
    "sort(-X)",
    "lowBoundary(X)",
    "highBoundary(X)",
    "precision()",
    "comparable(X)",
    "type()",
    "ofType(Quantity)",
    "is(string)",
    "children()",
    "defineVariable('v', X).select(%v)",
    "resolve()",
    "coalesce(X, X)",
    "hasValue()",
    "not()",
    "pathname()",
    "weight()",
    "htmlChecks()",
    "lastIndexOf(X)",
    "unescape('html')",
    "getValue()",
];

/// Numbers from a seed: the same on every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below
    }

    fn expression(&mut self, depth: usize) -> String {
        if depth == 0 {
            return OPERANDS[self.next(OPERANDS.len())].to_owned();
        }
        let inner = self.expression(depth - 1);
        match self.next(4) {
            0 => {
                let operator = OPERATORS[self.next(OPERATORS.len())];
                let right = if matches!(operator, "is" | "as") { "Quantity".to_owned() } else { self.expression(depth - 1) };
                format!("({inner} {operator} {right})")
            }
            1 => format!("{inner}[{}]", self.next(3)),
            _ => {
                let mut call = CALLS[self.next(CALLS.len())].to_owned();
                while call.contains('X') {
                    call = call.replacen('X', &self.expression(depth.saturating_sub(2)), 1);
                }
                format!("{inner}.{call}")
            }
        }
    }
}

fn patient() -> Value {
    object! {
        "resourceType": "Patient",
        "identifier": array![object! { "value": "1", "period": object! { "start": "2020" } }],
        "name": array![object! { "given": array!["Peter", "James"], "_given": array![Value::Null, object! { "id": "g" }] }],
        "birthDate": "1974-12-25",
        "deceasedDateTime": "2024-02-29T23:59:59.999+14:00",
        "managingOrganization": object! { "reference": "Organization/1" },
    }
}

#[test]
fn random_expressions_end_without_a_panic() {
    let patient = patient();
    let item = Item::resource(&patient);
    let (mut evaluated, mut with_result) = (0, 0);
    for seed in 0..6_000 {
        let mut numbers = Numbers(seed);
        let depth = 1 + numbers.next(4);
        let text = numbers.expression(depth);
        let Ok(expression) = Expression::parse(&text) else { continue };
        let _ = (expression.check("Patient"), expression.outline());
        let arena = Arena::new();
        let now = Temporal::parse("2026-11-22T01:02:03Z").expect("it is a moment");
        let limits = Limits { steps: 50_000, ..Limits::default() };
        let context = Context::new(&patient).with_now(now).with_arena(&arena).with_limits(limits);
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| expression.evaluate(&context, &item).is_ok()));
        match result {
            Ok(has_result) => with_result += usize::from(has_result),
            Err(_) => panic!("seed {seed}: {text}"),
        }
        evaluated += 1;
    }
    println!("{evaluated} random expressions evaluated, {with_result} with a result");
    assert!(evaluated > 5_000 && with_result > 1_000, "{evaluated} evaluated, {with_result} with a result");
}
