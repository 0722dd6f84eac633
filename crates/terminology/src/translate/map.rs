//! What a ConceptMap says (<http://hl7.org/fhir/R4/conceptmap.html>); the names of R5 are understood too.

use std::sync::Arc;

use fhir::Value;
use fhir::canonical::Canonical;

use crate::request::{Coding, TranslateRequest};

/// One translation.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Translation {
    /// How well it fits, seen from the code that was asked for: the codes of R4.
    pub(super) equivalence: String,
    /// The code; without one when the map says that there is none.
    pub(super) coding: Coding,
    /// Other values that it stands for only together with.
    pub(super) products: Vec<(String, Coding)>,
    /// The address of the map.
    pub(super) map: Option<String>,
}

/// A ConceptMap.
pub(super) struct Map {
    resource: Arc<Value>,
}

/// A system of one side of a group.
fn side<'v>(group: &'v Value, name: &str, version: &str) -> (Option<&'v str>, Option<&'v str>) {
    let canonical = group.text(name).map(Canonical::parse);
    (canonical.map(|canonical| canonical.url), group.text(version).or(canonical.and_then(|canonical| canonical.version)))
}

impl Map {
    pub(super) fn new(resource: Arc<Value>) -> Self {
        Self { resource }
    }

    /// Whether it leads from the system of a code that is asked for to where a code is wanted from.
    pub(super) fn leads(&self, request: &TranslateRequest) -> bool {
        let scope = |names: [&str; 4]| names.iter().find_map(|name| self.resource.text(name)).map(Canonical::parse);
        let fits = |wanted: &Option<String>, names| match (wanted.as_deref().map(Canonical::parse), scope(names)) {
            (Some(wanted), Some(scope)) => wanted.url == scope.url,
            _ => true,
        };
        let is_from = |group: &Value| {
            let (from, to) = self.ends(group, request.is_reverse);
            let is_asked = request.codings.iter().any(|coding| coding.system.is_none() || coding.system.as_deref() == from.0);
            is_asked && (request.target_system.is_none() || request.target_system.as_deref() == to.0)
        };
        fits(&request.source, ["sourceUri", "sourceCanonical", "sourceScopeUri", "sourceScopeCanonical"])
            && fits(&request.target, ["targetUri", "targetCanonical", "targetScopeUri", "targetScopeCanonical"])
            && self.resource.list("group").any(is_from)
    }

    /// Where a group leads from and to: the addresses and versions of the systems.
    #[expect(clippy::type_complexity, reason = "two ends, each an address and a version")]
    fn ends<'v>(&self, group: &'v Value, is_reverse: bool) -> ((Option<&'v str>, Option<&'v str>), (Option<&'v str>, Option<&'v str>)) {
        let (source, target) = (side(group, "source", "sourceVersion"), side(group, "target", "targetVersion"));
        if is_reverse { (target, source) } else { (source, target) }
    }

    /// The translations of a coding; `next` is the map to ask when this one says so.
    pub(super) fn translate(&self, coding: &Coding, request: &TranslateRequest, next: &mut Option<String>) -> Vec<Translation> {
        let url = self.resource.text("url").map(|url| crate::canonical(url, self.resource.text("version")));
        let mut found = Vec::new();
        for group in self.resource.list("group") {
            let (from, to) = self.ends(group, request.is_reverse);
            let is_asked = coding.system.is_none() || from.0.is_none() || coding.system.as_deref() == from.0;
            let is_version = |stated: &str| coding.version.as_deref().is_none_or(|version| crate::version::matches(stated, version));
            let is_wanted = request.target_system.is_none() || request.target_system.as_deref() == to.0;
            if !is_asked || !is_wanted || !from.1.is_none_or(is_version) {
                continue;
            }
            let group = Group { group, to, url: url.as_deref(), request };
            let before = found.len();
            let is_mapped = if request.is_reverse { group.backward(coding, &mut found) } else { group.forward(coding, &mut found) };
            if !is_mapped && found.len() == before && !request.is_reverse {
                group.unmapped(coding, &mut found, next);
            }
        }
        found
    }
}

/// A group, and where it leads.
struct Group<'g> {
    group: &'g Value,
    to: (Option<&'g str>, Option<&'g str>),
    url: Option<&'g str>,
    request: &'g TranslateRequest,
}

impl Group<'_> {
    fn coding(&self, code: Option<&str>, display: Option<&str>) -> Coding {
        let text = |text: Option<&str>| text.map(str::to_owned);
        Coding {
            system: text(self.to.0).filter(|_| code.is_some()),
            version: text(self.to.1).filter(|_| code.is_some()),
            code: text(code),
            display: text(display),
        }
    }

    fn translation(&self, equivalence: &str, coding: Coding) -> Translation {
        Translation { equivalence: equivalence.to_owned(), coding, products: Vec::new(), map: self.url.map(str::to_owned) }
    }

    /// From source to target; whether the code is mapped at all.
    fn forward(&self, coding: &Coding, found: &mut Vec<Translation>) -> bool {
        let mut is_mapped = false;
        for element in self.group.list("element").filter(|element| element.text("code") == coding.code.as_deref()) {
            is_mapped = true;
            if element.get("noMap").and_then(Value::as_bool) == Some(true) {
                found.push(self.translation("unmatched", Coding::default()));
            }
            for target in element.list("target").filter(|target| self.depends_on_what_is_so(target)) {
                let to = self.coding(target.text("code"), target.text("display"));
                found.push(Translation { products: products(target), ..self.translation(equivalence(target), to) });
            }
        }
        is_mapped
    }

    /// From target to source.
    fn backward(&self, coding: &Coding, found: &mut Vec<Translation>) -> bool {
        let before = found.len();
        for element in self.group.list("element") {
            let is_it = |target: &&Value| target.text("code") == coding.code.as_deref() && self.depends_on_what_is_so(target);
            for target in element.list("target").filter(is_it) {
                let to = self.coding(element.text("code"), element.text("display"));
                found.push(self.translation(reversed(equivalence(target)), to));
            }
        }
        found.len() > before
    }

    /// Whether all that a mapping depends on is told by the request.
    fn depends_on_what_is_so(&self, target: &Value) -> bool {
        target.list("dependsOn").all(|dependency| {
            let element = dependency.text("property").or(dependency.text("attribute"));
            let value = dependency
                .text("value")
                .or(dependency.text("valueCode"))
                .or(dependency.text("valueString"))
                .or_else(|| dependency.get("valueCoding")?.text("code"));
            let system = dependency.text("system").or_else(|| dependency.get("valueCoding")?.text("system"));
            self.request.dependencies.iter().any(|(told, coding)| {
                Some(&**told) == element
                    && coding.code.as_deref() == value
                    && (system.is_none() || coding.system.is_none() || coding.system.as_deref() == system)
            })
        })
    }

    /// What a code becomes that is not mapped.
    fn unmapped(&self, coding: &Coding, found: &mut Vec<Translation>, next: &mut Option<String>) {
        let Some(unmapped) = self.group.get("unmapped") else { return };
        match unmapped.text("mode") {
            Some("provided" | "use-source-code") => {
                found.push(self.translation("equal", self.coding(coding.code.as_deref(), coding.display.as_deref())));
            }
            Some("fixed") => found.push(self.translation("relatedto", self.coding(unmapped.text("code"), unmapped.text("display")))),
            Some("other-map") => *next = unmapped.text("url").or(unmapped.text("otherMap")).map(str::to_owned),
            _ => {}
        }
    }
}

/// How a target fits, in the codes of R4.
fn equivalence(target: &Value) -> &str {
    if let Some(equivalence) = target.text("equivalence") {
        return equivalence;
    }
    match target.text("relationship") {
        Some("equivalent") => "equivalent",
        Some("source-is-narrower-than-target") => "wider",
        Some("source-is-broader-than-target") => "narrower",
        Some("not-related-to") => "disjoint",
        _ => "relatedto",
    }
}

/// The same seen from the other side.
fn reversed(equivalence: &str) -> &str {
    match equivalence {
        "wider" => "narrower",
        "narrower" => "wider",
        "subsumes" => "specializes",
        "specializes" => "subsumes",
        same => same,
    }
}

fn products(target: &Value) -> Vec<(String, Coding)> {
    let product = |product: &Value| {
        let element = product.text("property").or(product.text("attribute"))?.to_owned();
        let text = |name: &str| product.text(name).map(str::to_owned);
        let coding = Coding { system: text("system"), version: None, code: text("value").or(text("valueCode")), display: text("display") };
        Some((element, product.get("valueCoding").map_or(coding, Coding::read)))
    };
    target.list("product").filter_map(product).collect()
}
