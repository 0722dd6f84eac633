//! `CapabilityStatement/$implements`: whether a server can do what a client needs
//! (<http://hl7.org/fhir/R4/capabilitystatement-operation-implements.html>). The comparison is the one that its definition lists; profiles are not compared.

use fhir::outcome::operation_outcome;
use fhir::{Issue, IssueCode, Value};

use super::subset::{named, statement};
use super::{Call, Operation, Parameter, Reply, Right, Types};
use crate::{Context, Error, all_well, codes};

pub(super) const OPERATION: Operation = Operation {
    code: "implements",
    id: "CapabilityStatement-implements",
    name: "CapabilityStatementImplements",
    doc: "Says whether a server can do what the CapabilityStatement of a client asks for.",
    is_standard: true,
    system: false,
    on_type: true,
    on_instance: true,
    on_version: false,
    types: Types::Only(&["CapabilityStatement"]),
    affects_state: false,
    takes_criteria: false,
    right: Right::Definitions(&["CapabilityStatement"]),
    parameters: &[
        Parameter::input(
            "server",
            "canonical",
            0,
            Some(1),
            "The canonical address of the server's statement; this server's own when none is named.",
        ),
        Parameter::input("client", "canonical", 0, Some(1), "The canonical address of the client's statement."),
        Parameter::input("resource", "CapabilityStatement", 0, Some(1), "The client's statement itself."),
        Parameter::output("return", "OperationOutcome", 1, Some(1), "That all is there."),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// Flags that the server must have where the client has them.
const FLAGS: [&str; 3] = ["updateCreate", "conditionalCreate", "conditionalUpdate"];

/// An OperationOutcome without errors when the server can do it all. On a resource, that is the server's statement.
///
/// [`Error::BadRequest`] when no client is named, [`Error::Missing`] when a statement is not there, [`Error::Unprocessable`] with an issue for each thing that
/// the client needs and the server has not, and the errors of a read.
async fn run(ctx: &Context, mut call: Call) -> Result<Reply, Error> {
    let client = match (call.arguments.take("resource"), call.arguments.text("client")) {
        (Some(client), _) => client,
        (None, Some(address)) => named(ctx, address).await?,
        (None, None) => {
            let rule = "send the client's CapabilityStatement as `resource`, or name it with `client`";
            return Err(Error::BadRequest(vec![Issue::error(codes::NO_DEFINITION, IssueCode::Required, "", rule)]));
        }
    };
    let server = statement(ctx, &call.place, call.arguments.text("server")).await?;
    let mut missing = Missing::default();
    missing.compare(&client, &server);
    match missing.0.is_empty() {
        true => Ok(Reply::resource(&operation_outcome(&[all_well()]))),
        false => Err(Error::Unprocessable(missing.0)),
    }
}

/// What the server has not, each with the place of what the client asks for.
#[derive(Default)]
struct Missing(Vec<Issue>);

impl Missing {
    fn compare(&mut self, client: &Value, server: &Value) {
        let Some(there) = server.list("rest").find(|rest| rest.text("mode") != Some("client")) else {
            return self.add("CapabilityStatement.rest".to_owned(), "a REST interface".to_owned());
        };
        for (index, wanted) in client.list("rest").enumerate() {
            let place = format!("CapabilityStatement.rest[{index}]");
            self.lists(wanted, there, &place);
            for (index, resource) in wanted.list("resource").enumerate() {
                let (place, kind) = (format!("{place}.resource[{index}]"), resource.text("type").unwrap_or_default());
                match there.list("resource").find(|other| other.text("type") == Some(kind)) {
                    None => self.add(place, format!("the type {kind}")),
                    Some(found) => {
                        self.flags(resource, found, &place);
                        self.lists(resource, found, &place);
                    }
                }
            }
        }
    }

    fn flags(&mut self, wanted: &Value, found: &Value, place: &str) {
        for name in FLAGS {
            let is_set = |resource: &Value| resource.get(name).and_then(Value::as_bool) == Some(true);
            if is_set(wanted) && !is_set(found) {
                self.add(format!("{place}.{name}"), name.to_owned());
            }
        }
        let is_enough = |name: &str, wanted: &str, found: &str| match (name, wanted, found) {
            ("conditionalRead", "not-supported", _) | ("conditionalDelete", "not-supported", _) | (_, _, "full-support") => true,
            ("conditionalDelete", "single", "multiple") => true,
            (_, wanted, found) => wanted == found,
        };
        for name in ["conditionalRead", "conditionalDelete"] {
            let Some(text) = wanted.text(name) else { continue };
            if !is_enough(name, text, found.text(name).unwrap_or("not-supported")) {
                self.add(format!("{place}.{name}"), format!("{name} {text}"));
            }
        }
        for name in ["searchInclude", "searchRevInclude"] {
            for (index, include) in wanted.list(name).enumerate().filter_map(|(index, include)| Some((index, include.as_str()?))) {
                if !found.list(name).any(|other| matches!(other.as_str(), Some(other) if other == include || other == "*")) {
                    self.add(format!("{place}.{name}[{index}]"), format!("{name} of {include}"));
                }
            }
        }
    }

    /// Interactions by code, search parameters by name and definition, operations by definition.
    fn lists(&mut self, wanted: &Value, found: &Value, place: &str) {
        let same = |name: &str, left: &Value, right: &Value| left.text(name).is_none() || left.text(name) == right.text(name);
        let kinds: [(&str, &str, &[&str]); 3] =
            [("interaction", "code", &["code"]), ("searchParam", "name", &["name", "definition"]), ("operation", "name", &["definition"])];
        for (list, title, compared) in kinds {
            for (index, item) in wanted.list(list).enumerate() {
                if !found.list(list).any(|other| compared.iter().all(|name| same(name, item, other))) {
                    self.add(format!("{place}.{list}[{index}]"), format!("the {list} {}", item.text(title).unwrap_or_default()));
                }
            }
        }
    }

    fn add(&mut self, place: String, what: String) {
        // One answer has no more than that.
        if self.0.len() < 100 {
            let rule = format!("the server has not what the client needs: {what}");
            self.0.push(Issue::error(codes::NOT_IMPLEMENTED, IssueCode::NotSupported, place, rule));
        }
    }
}
