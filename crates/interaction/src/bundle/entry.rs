//! The entries of a batch or transaction, read from the Bundle.

use ::search::url::query_pairs;
use fhir::primitive::Temporal;
use fhir::{Issue, IssueCode, Object, Value, object};
use store::commit::Instant;

use crate::bundle::{Address, condition, parse_address};
use crate::{Error, Mode, as_of, codes, etag};

/// What an entry asks for.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Its place in the Bundle, from 0.
    pub(crate) index: usize,
    pub(crate) full_url: Option<Box<str>>,
    pub(crate) method: Method,
    pub(crate) address: Address,
    /// The parameters after the `?`, where the address names one resource.
    pub(crate) params: Vec<(String, String)>,
    /// The moment whose state it reads; `None`: now.
    pub(crate) as_of: Option<Instant>,
    /// There for POST, PUT and PATCH, and only there.
    pub(crate) resource: Option<Value>,
    pub(crate) if_none_exist: Option<String>,
    pub(crate) if_match: Option<u64>,
    /// `*` or entity tags.
    pub(crate) if_none_match: Option<String>,
    pub(crate) if_modified_since: Option<Instant>,
    /// Whether what is read stays out of the answer: HEAD.
    pub(crate) is_head: bool,
    /// Whether an operation is asked for by GET.
    pub(crate) is_get: bool,
}

/// The method of an entry, in the order in which a transaction does them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Method {
    Delete,
    Post,
    Put,
    Patch,
    Get,
    /// GET or POST of an operation.
    Operation,
}

impl Entry {
    /// Reads the entry at `index`, taking the resource out of it and leaving one in its place that has nothing to check.
    pub(crate) fn read(index: usize, entry: &mut Value, base_url: &str, now: Instant) -> Result<Self, Vec<Issue>> {
        let at = |element: &str| format!("Bundle.entry[{index}]{element}");
        let as_of = take_as_of(entry, now).map_err(|error| placed(error, &at))?;
        let resource = entry.as_object_mut().and_then(|entry| entry.get_mut("resource"));
        let resource = resource.map(|resource| std::mem::replace(resource, object! { "resourceType": "Parameters" }));
        let Some(request) = entry.get("request").and_then(Value::as_object) else {
            let remedy = "each entry of a batch or transaction needs a request with method and url";
            return Err(vec![Issue::error(codes::ENTRY_WITHOUT_REQUEST, IssueCode::Required, at(".request"), remedy)]);
        };
        let method = method(request, &at)?;
        let is_head = request.get("method").and_then(Value::as_str) == Some("HEAD");
        // A search by POST reads, and has its parameters in its url here: the place of a form is taken by the resource.
        let is_search = |url: &str| url.split('?').next().is_some_and(|path| path.ends_with("_search"));
        let searches = method == Method::Post && request.get("url").and_then(Value::as_str).is_some_and(is_search);
        let method = if searches { Method::Get } else { method };
        let is_get = method == Method::Get;
        let is_operation =
            |url: &str| url.split('?').next().is_some_and(|path| path.rsplit('/').next().is_some_and(|last| last.starts_with('$')));
        let operates = matches!(method, Method::Get | Method::Post) && request.get("url").and_then(Value::as_str).is_some_and(is_operation);
        let method = if operates { Method::Operation } else { method };
        let (address, if_match) = (address(request, method, base_url, &at), if_match(request, &at));
        condition::check(request, method, &at)?;
        let resource_fits = resource_fits(method, resource.is_some(), &at);
        let params = params(request, method, address.as_ref().ok(), &at);
        let (address, params, if_match) = match (address, params, if_match, resource_fits) {
            (Ok(address), Ok(params), Ok(if_match), Ok(())) => (address, params, if_match),
            (address, params, if_match, fits) => {
                let single = address.err().into_iter().chain(if_match.err()).chain(fits.err());
                return Err(single.chain(params.err().unwrap_or_default()).collect());
            }
        };
        let is_read = method == Method::Get && !matches!(address, Address::Version(..) | Address::History(..) | Address::Capabilities);
        if as_of.is_some() && !is_read && method != Method::Operation {
            return Err(placed(as_of::misplaced(), &at));
        }
        let text = |name: &str| request.get(name).and_then(Value::as_str).map(str::to_owned);
        Ok(Self {
            index,
            full_url: entry.text("fullUrl").map(Into::into),
            method,
            address,
            params,
            as_of,
            resource,
            if_none_exist: text("ifNoneExist"),
            if_match,
            if_none_match: text("ifNoneMatch"),
            // What is no instant is found when the envelope is checked.
            if_modified_since: text("ifModifiedSince").and_then(|text| Some(Temporal::parse(&text)?.first_ms())),
            is_head,
            is_get,
        })
    }

    /// Whether it writes only what does not exist: `ifNoneMatch` is `*`.
    pub(crate) fn if_absent(&self) -> bool {
        self.if_none_match.as_deref() == Some("*")
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

/// Takes `_asOf` out of the url of the entry's request.
fn take_as_of(entry: &mut Value, now: Instant) -> Result<Option<Instant>, Error> {
    let request = entry.as_object_mut().and_then(|entry| entry.get_mut("request")).and_then(Value::as_object_mut);
    let Some(url) = request.and_then(|request| request.get_mut("url")) else { return Ok(None) };
    let taken = url.as_str().map(|text| as_of::take_from_url(text, now)).transpose()?.flatten();
    Ok(taken.map(|(rest, moment)| {
        *url = rest.into();
        moment
    }))
}

/// The issues of an error about the url.
fn placed(error: Error, at: &dyn Fn(&str) -> String) -> Vec<Issue> {
    error.outcome().issues.into_iter().map(|issue| Issue { expression: at(".request.url"), ..issue }).collect()
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
        | (Method::Operation, Address::Operation { .. })
        | (Method::Post, Address::Type(_, None))
        | (Method::Put | Method::Patch | Method::Delete, Address::Instance(_) | Address::Type(_, Some(_))) => Ok(address),
        (Method::Post, Address::Type(_, Some(_))) => refuse(
            IssueCode::Value,
            "POST creates a resource: its url is a type, such as Patient; for a conditional create use ifNoneExist",
        ),
        (Method::Post, _) => refuse(IssueCode::Value, "POST creates a resource: its url is a type, such as Patient"),
        _ => refuse(
            IssueCode::Value,
            "PUT, PATCH and DELETE need the url of a resource, such as Patient/12, or criteria: Patient?identifier=12",
        ),
    }
}

/// The parameters of an address that names one resource: none is passed over.
fn params(
    request: &Object,
    method: Method,
    address: Option<&Address>,
    at: &dyn Fn(&str) -> String,
) -> Result<Vec<(String, String)>, Vec<Issue>> {
    let query = request.get("url").and_then(Value::as_str).and_then(|url| Some(url.split_once('?')?.1)).unwrap_or_default();
    if !matches!(address, Some(Address::Instance(_) | Address::Version(..) | Address::Capabilities)) {
        return Ok(Vec::new());
    }
    let pairs = query_pairs(query)?;
    let known = |(name, value): &(String, String)| match name.as_str() {
        "_format" | "_pretty" => true,
        "mode" => address == Some(&Address::Capabilities) && Mode::parse(value).is_some(),
        "_summary" | "_elements" => method == Method::Get && address != Some(&Address::Capabilities),
        _ => false,
    };
    if pairs.iter().all(known) {
        return Ok(pairs);
    }
    let remedy = "a parameter has no meaning here: the address of one resource has _format and _pretty, with GET also _summary and \
        _elements, and metadata has mode=full, normative or terminology";
    Err(vec![Issue::error(codes::ENTRY_URL, IssueCode::NotSupported, at(".request.url"), remedy)])
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
        // What an operation needs in its body, its definition says.
        (false, true) if method != Method::Operation => "GET and DELETE have no resource: take it out",
        _ => return Ok(()),
    };
    Err(Issue::error(codes::ENTRY_RESOURCE, IssueCode::Invalid, at(".resource"), remedy))
}
