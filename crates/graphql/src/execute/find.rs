//! Other resources: what references lead to, and what searches find.

use std::rc::Rc;

use fhir::definitions::{ResourceType, definitions};
use fhir::{IssueCode, Value};

use super::argument::{texts, unfit};
use super::collect::Group;
use super::field::Values;
use super::node::{Element, Node};
use super::round::{Round, Stop};
use crate::codes;
use crate::error::Error;
use crate::schema::nearest_type;
use crate::source::{Found, Page, Search};
use crate::syntax::Selection;
use crate::validate::is_cursor;

impl<'a> Round<'a> {
    /// `Patient(id: …)`: nothing when there is none, or none any more.
    pub(super) fn read(&mut self, kind: ResourceType, group: &Group<'a>) -> Result<Values<'a>, Error> {
        let Some(id) = self.plan.text(group.field, "id")? else { return Ok(Vec::new()) };
        let reference = format!("{}/{id}", kind.name());
        let found = self.resolved(&reference).flatten().and_then(Element::resource);
        Ok(found.map(Node::Element).into_iter().collect())
    }

    /// `resource` of a Reference.
    pub(super) fn target(&mut self, element: &Element<'a>, group: &Group<'a>) -> Result<Values<'a>, Error> {
        let is_optional = self.plan.truth(group.field, "optional")?.unwrap_or(false);
        let kind = self.plan.text(group.field, "type")?;
        let kind = kind.map(|name| self.resource_type(&name, group)).transpose()?;
        let reference = element.value.text("reference").unwrap_or_default();
        let found = match reference.strip_prefix('#') {
            Some("") => Some(Some(element.root)),
            Some(id) => Some(element.root.list("contained").find(|contained| contained.text("id") == Some(id))),
            None if reference.is_empty() => Some(None),
            None => self.resolved(reference),
        };
        // While it is on its way there is nothing to say.
        let Some(found) = found else { return Ok(Vec::new()) };
        match found.and_then(|value| if reference.starts_with('#') { element.inner(value, true) } else { Element::resource(value) }) {
            Some(target) if kind.is_none_or(|kind| definitions().resource(kind).id == target.type_id) => Ok(vec![Node::Element(target)]),
            Some(_) => Ok(Vec::new()),
            None if is_optional => Ok(Vec::new()),
            None => {
                let message = "the reference leads to no resource that can be read here: write resource(optional: true) to pass over it";
                Err(Error::new(codes::UNRESOLVED_REFERENCE, IssueCode::NotFound, group.field.at, message))
            }
        }
    }

    fn resource_type(&self, name: &str, group: &Group<'a>) -> Result<ResourceType, Error> {
        ResourceType::parse(name).ok_or_else(|| {
            // The text may come from a variable: only what looks like a name is repeated.
            let shown =
                if name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_alphanumeric()) { name } else { "the argument `type`" };
            let message = format!("{shown} is no resource type{}", nearest_type(name));
            Error::new(codes::BAD_TYPE, IssueCode::Value, group.field.at, message)
        })
    }

    /// What a reference leads to; `None` while it is not loaded.
    fn resolved(&mut self, reference: &str) -> Option<Option<&'a Value>> {
        let found = self.loaded.reference(reference);
        if found.is_none() {
            self.needs.references.insert(reference.to_owned());
        }
        found
    }

    /// `PatientList(…)`.
    pub(super) fn list(&mut self, kind: ResourceType, node: &Node<'a>, group: &Group<'a>) -> Result<Result<Values<'a>, Box<Error>>, Stop> {
        let most = self.plan.limits.matches;
        let window = || -> Result<_, Error> { Ok((self.plan.number(group.field, "_offset")?, self.plan.number(group.field, "_count")?)) };
        let (offset, count) = match window() {
            Ok((offset, count)) => (offset.unwrap_or(0), count),
            Err(error) => return Ok(Err(Box::new(error))),
        };
        let wanted = offset.saturating_add(count.unwrap_or(most));
        if wanted > most && count.is_some() {
            let message = format!("a list ends at {most} matches: go on with {}Connection and its cursors", kind.name());
            return Ok(Err(Box::new(self.wrong(codes::TOO_MANY_MATCHES, group, message))));
        }
        let search = match self.search(kind, node, group) {
            Ok(Some(search)) => Search { count: u32::try_from(wanted.min(most)).ok(), ..search },
            Ok(None) => return Ok(Ok(Vec::new())),
            Err(error) => return Ok(Err(Box::new(error))),
        };
        let page = match self.found(search, group) {
            Ok(Some(page)) => page,
            Ok(None) => return Ok(Ok(Vec::new())),
            Err(error) => return Ok(Err(error)),
        };
        if count.is_none() && page.next.is_some() {
            let message = format!(
                "more than {most} resources match: narrow the search, say how many with _count, or page with {}Connection",
                kind.name()
            );
            return Ok(Err(Box::new(self.wrong(codes::TOO_MANY_MATCHES, group, message))));
        }
        let nodes = page.matches.iter().skip(offset).filter_map(|found| Element::resource(&found.resource)).map(Node::Element).collect();
        match self.plan.text(group.field, "fhirpath") {
            Ok(None) => Ok(Ok(nodes)),
            Ok(Some(path)) => self.passing(nodes, &path, group),
            Err(error) => Ok(Err(Box::new(error))),
        }
    }

    /// `PatientConnection(…)`.
    pub(super) fn connection(
        &mut self,
        kind: ResourceType,
        node: &Node<'a>,
        group: &Group<'a>,
    ) -> Result<Result<Values<'a>, Box<Error>>, Stop> {
        let most = self.plan.limits.matches;
        let prepared = self.search(kind, node, group).and_then(|search| Ok((search, self.plan.number(group.field, "_count")?)));
        let search = match prepared {
            Ok((Some(search), count)) => {
                let total = group.selections.iter().any(|part| self.selects(part, "count", 0));
                Search { count: count.and_then(|count| u32::try_from(count.min(most)).ok()), total, ..search }
            }
            Ok((None, _)) => return Ok(Ok(Vec::new())),
            Err(error) => return Ok(Err(Box::new(error))),
        };
        let page = match self.found(search, group) {
            Ok(Some(page)) => page,
            Ok(None) => return Ok(Ok(Vec::new())),
            Err(error) => return Ok(Err(error)),
        };
        let mut matches: Vec<&'a Found> = page.matches.iter().collect();
        let path = match self.plan.text(group.field, "fhirpath") {
            Ok(path) => path,
            Err(error) => return Ok(Err(Box::new(error))),
        };
        if let Some(path) = path {
            let mut passing = Vec::new();
            for found in matches {
                let nodes = Element::resource(&found.resource).map(Node::Element).into_iter().collect();
                match self.passing(nodes, &path, group)? {
                    Ok(nodes) => passing.extend((!nodes.is_empty()).then_some(found)),
                    Err(error) => return Ok(Err(error)),
                }
            }
            matches = passing;
        }
        Ok(Ok(vec![Node::Connection(kind, page, Rc::from(matches))]))
    }

    /// The search that a field stands for; `None` in a resource that nothing can refer to.
    fn search(&self, kind: ResourceType, node: &Node<'a>, group: &Group<'a>) -> Result<Option<Search>, Error> {
        let mut search = Search { kind, parameters: Vec::new(), count: None, total: false, cursor: None };
        if let Node::Element(element) = node {
            let (Some(name), Some(id)) = (element.value.resource_type(), element.value.text("id")) else { return Ok(None) };
            if !std::ptr::eq(element.value, element.root) {
                return Ok(None);
            }
            let Some(parameter) = self.plan.text(group.field, "_reference")? else { return Ok(None) };
            search.parameters.push((parameter_name(&parameter), format!("{name}/{id}")));
        }
        for argument in &group.field.arguments {
            let name = argument.name.as_str();
            if matches!(name, "fhirpath" | "_reference" | "_count" | "_offset") {
                continue;
            }
            let Some((_, value)) = self.plan.argument(group.field, name) else { continue };
            let Some(values) = texts(&value) else { return Err(unfit(argument, "a plain value, or a list of them")) };
            if is_cursor(name) {
                search.cursor = values.into_iter().next();
            } else {
                search.parameters.push((parameter_name(name), alternatives(name, &values)));
            }
        }
        Ok(Some(search))
    }

    /// What a search found; `None` while it is not made.
    fn found(&mut self, search: Search, group: &Group<'a>) -> Result<Option<&'a Page>, Box<Error>> {
        match self.loaded.search(&search) {
            Some(Ok(page)) => Ok(Some(page)),
            Some(Err(issue)) => Err(Box::new(Error { issue: issue.clone(), at: Some(group.field.at), path: Vec::new() })),
            None => {
                self.needs.searches.insert(search);
                Ok(None)
            }
        }
    }

    /// Whether a field is among the selections, or in a fragment of theirs.
    fn selects(&self, selections: &[Selection], name: &str, depth: usize) -> bool {
        depth < self.plan.limits.deepest()
            && selections.iter().any(|selection| match selection {
                Selection::Field(field) => field.name == name,
                Selection::Inline(inline) => self.selects(&inline.selections, name, depth + 1),
                Selection::Spread(spread) => self
                    .plan
                    .fragments
                    .get(spread.name.as_str())
                    .is_some_and(|fragment| self.selects(&fragment.selections, name, depth + 1)),
            })
    }
}

/// FHIR's name of a search parameter: GraphQL has no hyphens.
fn parameter_name(name: &str) -> String {
    match name.strip_prefix('_') {
        Some(rest) => format!("_{}", rest.replace('_', "-")),
        None => name.replace('_', "-"),
    }
}

/// Values of which one must match. A comma in one of them is part of it; what sorts and filters is taken as it is.
fn alternatives(name: &str, values: &[String]) -> String {
    if matches!(name, "_sort" | "_filter") {
        return values.join(",");
    }
    let escaped = values.iter().map(|value| value.replace("\\,", ",").replace(',', "\\,"));
    escaped.collect::<Vec<_>>().join(",")
}
