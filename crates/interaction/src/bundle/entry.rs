//! The entries of a batch or transaction, read from the Bundle.

use fhir::{Issue, IssueCode, Object, Value, object};

use crate::bundle::{Address, parse_address};
use crate::{codes, etag};

/// What an entry asks for.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Its place in the Bundle, from 0.
    pub(crate) index: usize,
    pub(crate) full_url: Option<Box<str>>,
    pub(crate) method: Method,
    pub(crate) address: Address,
    /// There for POST, PUT and PATCH, and only there.
    pub(crate) resource: Option<Value>,
    pub(crate) if_none_exist: Option<String>,
    pub(crate) if_match: Option<u64>,
    /// `*` or an entity tag.
    pub(crate) if_none_match: Option<String>,
}

/// The method of an entry, in the order in which a transaction does them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Method {
    Delete,
    Post,
    Put,
    Patch,
    Get,
}

impl Entry {
    /// Reads the entry at `index`, taking the resource out of it and leaving one in its place that has nothing to check.
    pub(crate) fn read(index: usize, entry: &mut Value, base_url: &str) -> Result<Self, Vec<Issue>> {
        let at = |element: &str| format!("Bundle.entry[{index}]{element}");
        let resource = entry.as_object_mut().and_then(|entry| entry.get_mut("resource"));
        let resource = resource.map(|resource| std::mem::replace(resource, object! { "resourceType": "Parameters" }));
        let Some(request) = entry.get("request").and_then(Value::as_object) else {
            let remedy = "each entry of a batch or transaction needs a request with method and url";
            return Err(vec![Issue::error(codes::ENTRY_WITHOUT_REQUEST, IssueCode::Required, at(".request"), remedy)]);
        };
        let method = method(request, &at)?;
        let (address, if_match) = (address(request, method, base_url, &at), if_match(request, &at));
        let resource_fits = resource_fits(method, resource.is_some(), &at);
        let (address, if_match) = match (address, if_match, resource_fits) {
            (Ok(address), Ok(if_match), Ok(())) => (address, if_match),
            (address, if_match, fits) => {
                return Err(address.err().into_iter().chain(if_match.err()).chain(fits.err()).collect());
            }
        };
        let text = |name: &str| request.get(name).and_then(Value::as_str).map(str::to_owned);
        Ok(Self {
            index,
            full_url: entry.text("fullUrl").map(Into::into),
            method,
            address,
            resource,
            if_none_exist: text("ifNoneExist"),
            if_match,
            if_none_match: text("ifNoneMatch"),
        })
    }

    /// The FHIRPath of an element of the entry: `Bundle.entry[3].request.url`.
    pub(crate) fn at(&self, element: &str) -> String {
        format!("Bundle.entry[{}]{element}", self.index)
    }

    /// Moves issues about the entry's resource to their place in the Bundle: `Patient.name` becomes `Bundle.entry[3].resource.name`.
    pub(crate) fn place(&self, issues: Vec<Issue>) -> Vec<Issue> {
        let kind = self.resource.as_ref().and_then(Value::resource_type).unwrap_or_default().to_owned();
        let moved = |mut issue: Issue| {
            let rest = issue.expression.strip_prefix(&kind).unwrap_or("");
            issue.expression = self.at(".resource") + rest;
            issue
        };
        issues.into_iter().map(moved).collect()
    }
}

fn method(request: &Object, at: &dyn Fn(&str) -> String) -> Result<Method, Vec<Issue>> {
    let refuse = |code, remedy: &str| Err(vec![Issue::error(codes::ENTRY_METHOD, code, at(".request.method"), remedy)]);
    match request.get("method").and_then(Value::as_str) {
        Some("GET" | "HEAD") => Ok(Method::Get),
        Some("POST") => Ok(Method::Post),
        Some("PUT") => Ok(Method::Put),
        Some("DELETE") => Ok(Method::Delete),
        Some("PATCH") => Ok(Method::Patch),
        _ => refuse(IssueCode::Value, "a method is GET, HEAD, POST, PUT, PATCH or DELETE"),
    }
}

fn address(request: &Object, method: Method, base_url: &str, at: &dyn Fn(&str) -> String) -> Result<Address, Issue> {
    let refuse = |code, remedy: &str| Err(Issue::error(codes::ENTRY_URL, code, at(".request.url"), remedy));
    let Some(url) = request.get("url").and_then(Value::as_str) else {
        return refuse(IssueCode::Required, "a request needs a url, such as Patient or Patient/12");
    };
    let Some(address) = parse_address(url, base_url) else {
        return refuse(
            IssueCode::Value,
            "the url is none that this server knows: use one such as Patient, Patient/12 or Patient?name=x, relative to the endpoint",
        );
    };
    match (method, &address) {
        (Method::Get, _)
        | (Method::Post, Address::Type(_, None))
        | (Method::Put | Method::Delete | Method::Patch, Address::Instance(_))
        | (Method::Patch, Address::Type(_, Some(_))) => Ok(address),
        (Method::Post, Address::Type(_, Some(_))) => refuse(
            IssueCode::NotSupported,
            "a search by POST is not supported in a Bundle: use GET; for a conditional create use ifNoneExist",
        ),
        (Method::Put | Method::Delete, Address::Type(_, Some(_))) => {
            refuse(IssueCode::NotSupported, "conditional update and delete are not supported yet: name the resource, as Patient/12")
        }
        (Method::Post, _) => refuse(IssueCode::Value, "POST creates a resource: its url is a type, such as Patient"),
        _ => refuse(IssueCode::Value, "PUT, PATCH and DELETE need the url of a resource, such as Patient/12"),
    }
}

fn if_match(request: &Object, at: &dyn Fn(&str) -> String) -> Result<Option<u64>, Issue> {
    let Some(text) = request.get("ifMatch").and_then(Value::as_str) else { return Ok(None) };
    let remedy = "a version is named as W/\"3\"";
    etag::parse(text).map(Some).map_err(|_| Issue::error(codes::BAD_ETAG, IssueCode::Value, at(".request.ifMatch"), remedy))
}

fn resource_fits(method: Method, there: bool, at: &dyn Fn(&str) -> String) -> Result<(), Issue> {
    let writes = matches!(method, Method::Post | Method::Put | Method::Patch);
    let remedy = match (writes, there) {
        (true, false) if method == Method::Patch => {
            "PATCH needs the patch: a Parameters resource, or a Binary with a JSON Patch or an XML Patch"
        }
        (true, false) => "POST and PUT need the resource to write",
        (false, true) => "GET and DELETE have no resource: take it out",
        _ => return Ok(()),
    };
    Err(Issue::error(codes::ENTRY_RESOURCE, IssueCode::Invalid, at(".resource"), remedy))
}
