//! Scopes as clients send them, in both versions of SMART.

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode, nearest};
use search::url::query_pairs;

use super::{Acts, Context, ResourceScope, Scopes};
use crate::codes;

/// How many bytes a list of scopes has at most.
pub const MAX_TEXT_BYTES: usize = 16 * 1024;
/// How many scopes a list has at most.
pub const MAX_SCOPES: usize = 200;
/// How many search parameters a scope has at most.
pub const MAX_PARAMS: usize = 10;

impl Scopes {
    /// Understands a list of scopes, separated by blanks (RFC 6749, section 3.3): those about resources in either version of SMART, in their order and
    /// each once; any other by its name, sorted. An empty text is an empty list.
    ///
    /// # Errors
    ///
    /// WARD-1301 for each that cannot be read, with what is wrong and how to write it, and for a list beyond [`MAX_TEXT_BYTES`] or [`MAX_SCOPES`]. A client
    /// is never given less than its scopes say because one of them was misunderstood.
    pub fn parse(text: &str) -> Result<Self, Vec<Issue>> {
        if text.len() > MAX_TEXT_BYTES {
            return Err(vec![bad(format!("the list of scopes is longer than {MAX_TEXT_BYTES} bytes: ask for `*` in place of each type"))]);
        }
        let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
        if words.len() > MAX_SCOPES {
            return Err(vec![bad(format!("there are more than {MAX_SCOPES} scopes: ask for `*` in place of each type"))]);
        }
        let (mut scopes, mut issues) = (Scopes::default(), Vec::new());
        for word in words {
            match one(word) {
                Ok(Either::Resource(scope)) if scopes.resources.contains(&scope) => {}
                Ok(Either::Resource(scope)) => scopes.resources.push(scope),
                Ok(Either::Other) => scopes.others.push(word.into()),
                Err(rule) => issues.push(bad(format!("the scope `{}` cannot be read: {rule}", shown(word)))),
            }
        }
        scopes.others.sort_unstable();
        scopes.others.dedup();
        if issues.is_empty() { Ok(scopes) } else { Err(issues) }
    }
}

enum Either {
    Resource(ResourceScope),
    Other,
}

fn one(word: &str) -> Result<Either, String> {
    // RFC 6749, section 3.3: what a scope may be written with.
    if word.bytes().any(|byte| !(0x21..=0x7E).contains(&byte) || matches!(byte, b'"' | b'\\')) {
        return Err("it may have visible ASCII only, without `\"` and `\\`: write any other letter of a value percent-encoded".to_owned());
    }
    let Some((context, rest)) = word.split_once('/') else { return Ok(Either::Other) };
    match Context::parse(context) {
        Some(context) => resource(context, rest).map(Either::Resource),
        None if context == "launch" => Ok(Either::Other),
        None if rest.contains('.') && !context.contains(':') => {
            let meant = nearest(context, ["patient", "user", "system"].into_iter()).map(|near| format!("did you mean `{near}/`? "));
            Err(format!("{}it begins with `patient/`, `user/` or `system/`", meant.unwrap_or_default()))
        }
        None => Ok(Either::Other),
    }
}

fn resource(context: Context, rest: &str) -> Result<ResourceScope, String> {
    let (head, query) = rest.split_once('?').map_or((rest, None), |(head, query)| (head, Some(query)));
    let Some((kind, acts)) = head.split_once('.') else {
        return Err(format!("what may be done is missing: write `{}/{}.rs`", context.name(), shown(head)));
    };
    let kind = match kind {
        "*" => None,
        name => Some(ResourceType::parse(name).ok_or_else(|| unknown_type(name))?),
    };
    let params = match query {
        Some(query) => params(query)?,
        None => Vec::new(),
    };
    Ok(ResourceScope { context, kind, acts: acts_of(acts)?, params })
}

fn unknown_type(name: &str) -> String {
    let near = nearest(name, ResourceType::all().map(ResourceType::name));
    let meant = near.map_or_else(|| "R4 has no such type".to_owned(), |near| format!("did you mean `{near}`?"));
    format!("`{}` is no resource type: {meant}", shown(name))
}

fn acts_of(text: &str) -> Result<Acts, String> {
    match text {
        "read" => return Ok(Acts::READ),
        "write" => return Ok(Acts::WRITE),
        "*" => return Ok(Acts::ALL),
        "" => return Err("after the `.` stands what may be done: letters of `cruds`, such as `rs`".to_owned()),
        _ => {}
    }
    let has = |letter: char| text.contains(letter);
    let acts = Acts { create: has('c'), read: has('r'), update: has('u'), delete: has('d'), search: has('s') };
    let proper: String = acts.letters().iter().filter(|(_, there)| *there).map(|(letter, _)| *letter).collect();
    if text == proper {
        return Ok(acts);
    }
    match text.bytes().all(|byte| b"cruds".contains(&byte)) {
        true => Err(format!("its letters stand in the order of `cruds`, each once: write `{proper}`")),
        false => Err("what may be done is said by letters of `cruds` (create, read, update, delete, search), or by `read`, `write` or `*`"
            .to_owned()),
    }
}

fn params(query: &str) -> Result<Vec<(String, String)>, String> {
    let pairs =
        query_pairs(query).map_err(|_| "its search parameters are not percent-encoded UTF-8: write a percent sign as `%25`".to_owned())?;
    if pairs.is_empty() {
        return Err("after the `?` stand search parameters, such as `category=laboratory`: leave the `?` out without them".to_owned());
    }
    if pairs.len() > MAX_PARAMS {
        return Err(format!("it has more than {MAX_PARAMS} search parameters: ask with several scopes"));
    }
    if pairs.iter().any(|(name, value)| name.is_empty() || value.is_empty()) {
        return Err("each of its search parameters has a name and a value: `category=laboratory`".to_owned());
    }
    Ok(pairs)
}

/// As much of what a client sent as a message repeats: its values may be anything.
fn shown(word: &str) -> String {
    let word = word.split('?').next().unwrap_or(word);
    word.chars().map(|letter| if letter.is_ascii_graphic() { letter } else { '�' }).take(60).collect()
}

fn bad(rule: String) -> Issue {
    Issue::error(codes::BAD_SCOPE, IssueCode::Invalid, "", rule)
}
