//! What a client hands to an operation: read from the address and the body, and checked against the definition.

mod value;

pub(super) use value::member_of;

use fhir::{Issue, IssueCode, Object, Value, object};

use super::{Operation, Parameter};
use crate::codes;

/// The checked parameters of a call.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    given: Vec<(&'static Parameter, Value)>,
    /// Search parameters, for an operation that takes them.
    pub(crate) criteria: Vec<(String, String)>,
    /// Whether the body was the resource itself, without Parameters around it.
    pub(crate) is_bare: bool,
}

/// More parameters are refused.
const MAX_GIVEN: usize = 1000;

impl Arguments {
    /// Reads the parameters in the address and in the body; together they must be what the operation asks for. Every problem is
    /// reported at once, and named.
    pub(super) fn read(operation: &'static Operation, query: Vec<(String, String)>, body: Option<Value>) -> Result<Self, Vec<Issue>> {
        let mut reader = Reader { operation, arguments: Self::default(), issues: Vec::new() };
        for (name, text) in &query {
            reader.read_query(name, text);
        }
        match body {
            Some(body) if body.resource_type() == Some("Parameters") => reader.read_parameters(body),
            Some(body) => reader.read_bare(body),
            None => {}
        }
        reader.check_counts();
        if reader.issues.is_empty() { Ok(reader.arguments) } else { Err(reader.issues) }
    }

    /// The values of a parameter, in the order in which they were given: texts, numbers, objects; whole parameters where it has parts.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Value> {
        self.given.iter().filter(move |(parameter, _)| parameter.name == name).map(|(_, value)| value)
    }

    /// The only value of a parameter.
    pub(crate) fn one(&self, name: &str) -> Option<&Value> {
        self.given.iter().find(|(parameter, _)| parameter.name == name).map(|(_, value)| value)
    }

    /// The same, taken out.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        let index = self.given.iter().position(|(parameter, _)| parameter.name == name)?;
        Some(self.given.remove(index).1)
    }

    /// All of them as items of `Parameters.parameter`, in the order in which they were given.
    pub(crate) fn parameters(&self) -> Vec<Value> {
        let item = |(parameter, value): &(&'static Parameter, Value)| match parameter.kind {
            None => value.clone(),
            Some(_) if parameter.is_resource() => object! { "name": parameter.name, "resource": value.clone() },
            Some(kind) => {
                let members = [("name".to_owned(), Value::from(parameter.name)), (value::member_of(kind), value.clone())];
                Value::Object(Object::from_iter(members))
            }
        };
        self.given.iter().map(item).collect()
    }

    /// The text of a parameter.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.one(name)?.as_str()
    }

    /// The truth of a parameter; `None` when it was not given.
    pub(crate) fn truth(&self, name: &str) -> Option<bool> {
        self.one(name)?.as_bool()
    }

    /// A whole number. One that is too large for 32 bits is the largest.
    pub(crate) fn number(&self, name: &str) -> Option<u32> {
        let text = self.one(name)?.as_number()?;
        Some(text.parse().unwrap_or(u32::MAX))
    }
}

/// What is known while the parameters are gone through.
struct Reader {
    operation: &'static Operation,
    arguments: Arguments,
    issues: Vec<Issue>,
}

impl Reader {
    fn read_query(&mut self, name: &str, text: &str) {
        let Some(parameter) = self.parameter(name) else {
            return if self.operation.takes_criteria {
                self.arguments.criteria.push((name.to_owned(), text.to_owned()));
            } else {
                self.report_unknown(name, "");
            };
        };
        match value::from_text(parameter, text) {
            Ok(value) => self.arguments.given.push((parameter, value)),
            Err(issue) => self.issues.push(issue),
        }
    }

    fn read_parameters(&mut self, mut body: Value) {
        let list = body.as_object_mut().and_then(|body| body.remove("parameter"));
        self.issues.extend(fhir::check::check(&body));
        let list = match list {
            Some(Value::Array(list)) => list,
            None => return,
            Some(_) => {
                let rule = "the parameters of a Parameters resource are an array";
                return self.issues.push(Issue::error(codes::OPERATION_BODY, IssueCode::Structure, "Parameters.parameter", rule));
            }
        };
        if list.len() > MAX_GIVEN {
            let rule = format!("an operation takes {MAX_GIVEN} parameters at most");
            return self.issues.push(Issue::error(codes::OPERATION_BODY, IssueCode::TooCostly, "Parameters.parameter", rule));
        }
        for (index, given) in list.into_iter().enumerate() {
            let place = format!("Parameters.parameter[{index}]");
            let Some(name) = given.text("name").map(str::to_owned) else {
                let rule = "each parameter has a name";
                self.issues.push(Issue::error(codes::OPERATION_BODY, IssueCode::Required, place, rule));
                continue;
            };
            match self.parameter(&name) {
                Some(parameter) => match value::from_parameter(parameter, given, &place) {
                    Ok(value) => self.arguments.given.push((parameter, value)),
                    Err(issue) => self.issues.push(issue),
                },
                None if self.operation.takes_criteria => match value::criterion(&given) {
                    Some(text) => self.arguments.criteria.push((name, text)),
                    None => self.report_unknown(&name, &place),
                },
                None => self.report_unknown(&name, &place),
            }
        }
    }

    fn read_bare(&mut self, body: Value) {
        let Some(parameter) = self.operation.bare().filter(|_| body.resource_type().is_some()) else {
            let rule = format!("the body of ${} is a Parameters resource with its parameters", self.operation.code);
            return self.issues.push(Issue::error(codes::OPERATION_BODY, IssueCode::Invalid, "resourceType", rule));
        };
        let wrapped = object! { "name": parameter.name, "resource": body };
        match value::from_parameter(parameter, wrapped, "") {
            Ok(value) => {
                self.arguments.is_bare = true;
                self.arguments.given.push((parameter, value));
            }
            Err(issue) => self.issues.push(issue),
        }
    }

    fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.operation.inputs().find(|parameter| parameter.name == name)
    }

    fn report_unknown(&mut self, name: &str, place: &str) {
        let operation = self.operation;
        let names: Vec<&str> = operation.inputs().map(|parameter| parameter.name).collect();
        let remedy = match fhir::nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if names.is_empty() => "it takes none".to_owned(),
            None => format!("it takes {}", names.join(", ")),
        };
        let rule = format!("${} has no parameter `{}`: {remedy}", operation.code, shortened(name));
        self.issues.push(Issue::error(codes::UNKNOWN_OPERATION_PARAMETER, IssueCode::NotSupported, place, rule));
    }

    fn check_counts(&mut self) {
        for parameter in self.operation.inputs() {
            let count = self.arguments.all(parameter.name).count();
            if let Some(max) = parameter.max.filter(|&max| count > max as usize) {
                let rule = format!("`{}` may be given {max} times here, and was given {count} times", parameter.name);
                self.issues.push(Issue::error(codes::OPERATION_PARAMETER_REPEATED, IssueCode::Invalid, "", rule));
            }
            // A value that was refused has been reported already.
            if count < parameter.min as usize && self.issues.is_empty() {
                let kind = parameter.kind.unwrap_or("parameter with parts");
                let rule = format!("${} needs `{}`, a {kind}", self.operation.code, parameter.name);
                self.issues.push(Issue::error(codes::OPERATION_PARAMETER_MISSING, IssueCode::Required, "", rule));
            }
        }
    }
}

/// A name for a message: its first 100 characters, without control characters.
fn shortened(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_control()).take(100).collect()
}
