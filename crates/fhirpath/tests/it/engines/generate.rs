//! Expressions that say something: each step fits what the steps before it gave on the resource.

use fhir::Value;
use fhir::primitive::Temporal;
use fhirpath::{Arena, Context, Expression, Item, Limits};

/// What follows on any collection.
const ON_ANY: &[&str] = &[
    "count()",
    "exists()",
    "empty()",
    "first()",
    "last()",
    "tail()",
    "skip(1)",
    "take(2)",
    "distinct()",
    "isDistinct()",
    "[0]",
    "[1]",
    "single()",
    "children().count()",
    "descendants().count()",
    "type().name",
    "hasValue()",
    "not()",
    "trace('t')",
    "select($this)",
    "where($this.exists())",
    "where($index = 0)",
    "all($this.exists())",
    "exists($this is string)",
    "is(Quantity)",
    "is(string)",
    "ofType(string)",
    "ofType(dateTime)",
    "ofType(Coding)",
    "as(code)",
    "repeat(children()).count()",
    "combine($this).count()",
    "union($this).count()",
    "intersect($this).count()",
    "exclude($this).count()",
    "subsetOf($this)",
    "supersetOf({})",
    "iif($this.exists(), 'some', 'none')",
    "aggregate($total + 1, 0)",
    "defineVariable('v').select(%v).count()",
    "select($index)",
    "extension('http://example.org/none')",
    "toString()",
    "convertsToString()",
    "coalesce({}, $this)",
    "getValue()",
    "join(',')",
];

/// What follows on one string.
const ON_STRING: &[&str] = &[
    "length()",
    "upper()",
    "lower()",
    "substring(1)",
    "substring(0, 3)",
    "substring(-1)",
    "substring(2, 0)",
    "startsWith('a')",
    "endsWith('e')",
    "contains('i')",
    "contains('')",
    "indexOf('e')",
    "lastIndexOf('e')",
    "indexOf('')",
    "replace('e', 'E')",
    "replace('', '-')",
    "matches('^[A-Z]')",
    "matches('e')",
    "matchesFull('[a-z]+')",
    "replaceMatches('[aeiou]', '*')",
    "toChars().count()",
    "split(' ')",
    "split('e').count()",
    "trim()",
    "encode('base64')",
    "encode('hex')",
    "encode('urlbase64')",
    "escape('html')",
    "escape('json')",
    "unescape('html')",
    "toInteger()",
    "toDecimal()",
    "toBoolean()",
    "toDate()",
    "toDateTime()",
    "toTime()",
    "toQuantity()",
    "convertsToInteger()",
    "convertsToDecimal()",
    "convertsToBoolean()",
    "convertsToDate()",
    "convertsToDateTime()",
    "convertsToTime()",
    "convertsToQuantity()",
    "toChars().first()",
];

/// What follows on one number.
const ON_NUMBER: &[&str] = &[
    "abs()",
    "ceiling()",
    "floor()",
    "truncate()",
    "round()",
    "round(1)",
    "sqrt()",
    "power(2)",
    "power(0.5)",
    "ln()",
    "log(2)",
    "exp()",
    "toInteger()",
    "toDecimal()",
    "toString()",
    "toBoolean()",
    "toQuantity()",
    "convertsToInteger()",
    "convertsToBoolean()",
    "lowBoundary()",
    "highBoundary()",
    "lowBoundary(1)",
    "highBoundary(2)",
];

/// What follows on one date, date with time, or time.
const ON_TEMPORAL: &[&str] = &[
    "toString()",
    "toDate()",
    "toDateTime()",
    "toTime()",
    "convertsToDate()",
    "convertsToDateTime()",
    "yearOf()",
    "monthOf()",
    "dayOf()",
    "hourOf()",
    "minuteOf()",
    "dateOf()",
    "timeOf()",
    "lowBoundary()",
    "highBoundary()",
    "toString().length()",
];

/// What follows on one quantity.
const ON_QUANTITY: &[&str] = &["value", "unit", "toQuantity()", "toString()", "abs()", "round(1)", "convertsToQuantity()"];

/// Operands, of each kind that operators want.
const STRINGS: &[&str] = &["'a'", "'Peter'", "''", "'2'", "'final'", "'ä ö'", "{}"];
const NUMBERS: &[&str] = &["0", "1", "2", "7", "-3", "0.5", "2.50", "1000000", "{}"];
const MOMENTS: &[&str] =
    &["@2015", "@2015-02", "@2015-02-04", "@2015-02-04T14:34", "@2015-02-04T14:34:28Z", "@2015-02-04T14:34:28+02:00", "@2012-01-01T", "{}"];
const TIMES: &[&str] = &["@T12:00", "@T14:30:14.559", "@T10"];
const QUANTITIES: &[&str] =
    &["1 'mg'", "4 'g'", "2.5 'cm'", "1 'm'", "72 'kg'", "3 days", "1 week", "1 'wk'", "2 months", "1 year", "5 'a'"];
const DURATIONS: &[&str] = &["1 day", "2 weeks", "1 month", "3 years", "36 hours", "90 minutes", "10 seconds", "1 's'", "1 'd'"];
const BOOLEANS: &[&str] = &["true", "false", "{}"];
const COLLECTIONS: &[&str] = &["(1 | 2 | 3)", "('a' | 'b' | 'a')", "(true | false)", "(1 | 1.0 | 2)", "(3 | 1 | 2)", "{}"];
const COMPARISONS: &[&str] = &["=", "!=", "~", "!~", "<", "<=", ">", ">="];

/// Numbers from a seed: the same on every run.
pub(super) struct Numbers(pub(super) u64);

impl Numbers {
    pub(super) fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below.max(1)
    }

    fn of<'l>(&mut self, list: &[&'l str]) -> &'l str {
        list[self.next(list.len())]
    }

    /// An expression for a resource.
    pub(super) fn expression(&mut self, resource: &Value) -> String {
        let mut text = if self.next(4) == 0 { self.literal() } else { self.way(resource) };
        for _ in 0..self.next(4) {
            let kind = kind(&text, resource);
            text = self.step(text, kind, resource);
            if matches!(kind, Kind::Error) {
                break;
            }
        }
        text
    }

    fn literal(&mut self) -> String {
        let lists: [&[&str]; 7] = [STRINGS, NUMBERS, MOMENTS, TIMES, QUANTITIES, BOOLEANS, COLLECTIONS];
        let list = lists[self.next(lists.len())];
        let literal = self.of(list);
        if literal.starts_with(['-', '@']) || literal.ends_with('\'') { format!("({literal})") } else { literal.to_owned() }
    }

    /// A way from the root of the resource, along members that are there.
    fn way(&mut self, resource: &Value) -> String {
        let mut text = resource.resource_type().unwrap_or("$this").to_owned();
        let mut here = resource;
        for _ in 0..1 + self.next(3) {
            let Some(object) = here.as_object().filter(|object| !object.is_empty()) else { break };
            let Some((name, value)) = object.iter().nth(self.next(object.len())) else { break };
            if name.starts_with('_')
                || &**name == "resourceType"
                || name.contains(|letter: char| letter.is_ascii_uppercase()) && choice(name)
            {
                continue;
            }
            text = format!("{text}.{}", delimited(name));
            let values: Vec<&Value> = value.each().collect();
            here = values.get(self.next(values.len())).copied().unwrap_or(value);
        }
        text
    }

    fn step(&mut self, text: String, kind: Kind, resource: &Value) -> String {
        let (own, operands): (&[&str], &[&str]) = match kind {
            Kind::Text => (ON_STRING, STRINGS),
            Kind::Number => (ON_NUMBER, NUMBERS),
            Kind::Moment => (ON_TEMPORAL, MOMENTS),
            Kind::Time => (ON_TEMPORAL, TIMES),
            Kind::Quantity => (ON_QUANTITY, QUANTITIES),
            Kind::Boolean => (&["toString()", "toInteger()", "toDecimal()", "not()", "toBoolean()", "convertsToInteger()"], BOOLEANS),
            Kind::Other | Kind::Error => (ON_ANY, COLLECTIONS),
        };
        match self.next(5) {
            0 => format!("{text}{}", dotted(self.of(ON_ANY))),
            1 | 2 => format!("{text}{}", dotted(self.of(own))),
            3 => {
                let operator = match (kind, self.next(2)) {
                    (Kind::Number | Kind::Quantity, 0) => self.of(&["+", "-", "*", "/", "div", "mod"]),
                    (Kind::Text, 0) => self.of(&["+", "&", "in", "contains"]),
                    (Kind::Boolean, _) => self.of(&["and", "or", "xor", "implies", "=", "!="]),
                    (Kind::Moment | Kind::Time, 0) => return format!("({text} {} {})", self.of(&["+", "-"]), self.of(DURATIONS)),
                    (Kind::Other, _) => self.of(&["|", "=", "~", "!=", "in", "contains"]),
                    _ => self.of(COMPARISONS),
                };
                format!("({text} {operator} {})", self.of(operands))
            }
            _ => {
                let other = if self.next(2) == 0 { self.way(resource) } else { self.literal() };
                format!("({text} {} {other})", self.of(&["|", "=", "~", "!=", "in", "contains", "and", "or", "&", "<", "+"]))
            }
        }
    }
}

/// Whether a member's name may be that of a choice, with the type at its end.
fn choice(name: &str) -> bool {
    ["value", "effective", "onset", "deceased", "multipleBirth", "medication", "occurrence", "performed", "abatement", "timing", "product"]
        .iter()
        .any(|stem| name.starts_with(stem) && name.len() > stem.len())
}

/// A name as an expression has it.
fn delimited(name: &str) -> String {
    match name {
        "div" | "mod" | "and" | "or" | "xor" | "implies" | "is" | "as" | "in" | "contains" | "text" if name != "text" => {
            format!("`{name}`")
        }
        _ => name.to_owned(),
    }
}

fn dotted(call: &str) -> String {
    if call.starts_with('[') { call.to_owned() } else { format!(".{call}") }
}

/// What an expression gives, as far as the next step asks.
#[derive(Clone, Copy)]
enum Kind {
    Boolean,
    Text,
    Number,
    Moment,
    Time,
    Quantity,
    Other,
    Error,
}

fn kind(text: &str, resource: &Value) -> Kind {
    let Ok(expression) = Expression::parse(text) else { return Kind::Error };
    let arena = Arena::new();
    let now = Temporal::parse("2026-11-22T01:02:03Z").expect("it is a moment");
    let context = Context::new(resource).with_arena(&arena).with_now(now).with_limits(Limits { steps: 1_000_000, ..Limits::default() });
    let Ok(items) = expression.evaluate(&context, &Item::resource(resource)) else { return Kind::Error };
    let [item] = items.as_slice() else { return Kind::Other };
    match item.type_name() {
        "Boolean" | "boolean" => Kind::Boolean,
        "String" | "string" | "code" | "id" | "uri" | "url" | "canonical" | "markdown" => Kind::Text,
        "Integer" | "integer" | "positiveInt" | "unsignedInt" | "Decimal" | "decimal" => Kind::Number,
        "Date" | "date" | "DateTime" | "dateTime" | "instant" => Kind::Moment,
        "Time" | "time" => Kind::Time,
        "Quantity" => Kind::Quantity,
        _ => Kind::Other,
    }
}
