//! What is asked.

use fhir::definitions::{ResourceType, definitions};
use fhir::{Issue, IssueCode, Object, Value, json};

use crate::codes;
use crate::schema::Scope;

/// A query with what belongs to it.
#[derive(Clone, Debug)]
pub struct Request {
    /// The text of the document.
    pub query: String,
    /// Which of its operations is meant, when it has several.
    pub operation: Option<String>,
    /// The values of the variables.
    pub variables: Object,
}

/// What a query begins at.
#[derive(Clone, Debug)]
pub enum Root {
    /// All resources: `[base]/$graphql`.
    System,
    /// The resources of a type: `[base]/Patient/$graphql`.
    Type(ResourceType),
    /// One resource: `[base]/Patient/1/$graphql`.
    Resource(Value),
}

/// Whose rules an answer follows where FHIR's and GraphQL's differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// FHIR's: what a resource does not have is left out, and with an error there is no data.
    #[default]
    Fhir,
    /// GraphQL's: what a resource does not have is `null`, and data comes beside errors.
    GraphQl,
}

impl Request {
    /// A query without variables.
    pub fn new(query: impl Into<String>) -> Self {
        Self { query: query.into(), operation: None, variables: Object::new() }
    }

    /// A request as JSON has it: `{"query": …, "operationName": …, "variables": {…}}`.
    ///
    /// # Errors
    /// WARD-0940 when it is no such JSON.
    pub fn from_json(text: &[u8]) -> Result<Self, Issue> {
        let body = json::parse(text).map_err(|error| malformed(&format!("the body is not well-formed JSON: {error}")))?;
        let query = body.text("query").ok_or_else(|| malformed("the body needs a member `query` with the text of the query"))?;
        let mut request = Self::new(query);
        request.operation = match body.get("operationName") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(name.to_string()),
            Some(_) => return Err(malformed("`operationName` is the name of an operation, or null")),
        };
        request.variables = variables(body.get("variables"))?;
        Ok(request)
    }

    /// The same from the parameters of an address: `query`, `operationName`, and `variables` as JSON. Empty ones are as good as none.
    ///
    /// # Errors
    /// WARD-0940 when there is no query, or the variables are no JSON object.
    pub fn from_parameters(query: Option<&str>, operation: Option<&str>, variables_text: Option<&str>) -> Result<Self, Issue> {
        let query = query.ok_or_else(|| malformed("the parameter `query` is missing: it has the text of the query"))?;
        let mut request = Self::new(query);
        request.operation = operation.filter(|name| !name.is_empty()).map(str::to_owned);
        if let Some(text) = variables_text.filter(|text| !text.is_empty()) {
            let parsed =
                json::parse(text.as_bytes()).map_err(|error| malformed(&format!("`variables` is not well-formed JSON: {error}")))?;
            request.variables = variables(Some(&parsed))?;
        }
        Ok(request)
    }
}

fn variables(value: Option<&Value>) -> Result<Object, Issue> {
    match value {
        None | Some(Value::Null) => Ok(Object::new()),
        Some(Value::Object(members)) => Ok(members.clone()),
        Some(_) => Err(malformed("`variables` is a JSON object, with a member for each variable")),
    }
}

fn malformed(rule: &str) -> Issue {
    Issue::error(codes::BAD_REQUEST, IssueCode::Structure, "", rule)
}

impl Root {
    /// What the outermost selection is made on.
    pub(crate) fn scope(&self) -> Scope {
        match self {
            Root::System => Scope::Query(None),
            Root::Type(kind) => Scope::Query(Some(*kind)),
            Root::Resource(resource) => {
                let of = resource.resource_type().and_then(|name| definitions().type_by_name(name));
                Scope::Types(of.map(|of| of.id).into_iter().collect())
            }
        }
    }
}
