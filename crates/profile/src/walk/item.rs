//! One item of an element: everything that is asked of it, and then what is inside.

use fhir::check::Path;
use fhir::definitions::{Type, TypeKind, definitions};
use fhir::{IssueCode, Severity, Value};
use fhirpath::Item;

use super::element::Entry;
use super::resource::type_of;
use super::{Active, Actives, Scope, Walk};
use crate::codes;
use crate::plan::{Link, TypeRule};

impl<'w> Walk<'w> {
    pub(super) fn item(&mut self, entry: Entry<'w>, active: &[Active<'w>], path: &Path, scope: &Scope<'_, 'w>) {
        if !self.goes_on(path) {
            return;
        }
        let kind = definitions().get(entry.type_id);
        let kind = if kind.kind == TypeKind::Resource { entry.value.and_then(type_of).unwrap_or(kind) } else { kind };
        let mut all: Actives = active.into();
        for by in active {
            self.types(*by, entry, kind, path, scope, &mut all);
        }
        if kind.kind == TypeKind::Resource {
            if let Some(resource) = entry.value {
                // What stands at the element that holds the resource sees the resource around it.
                for by in all.iter().filter(|by| !by.is_root()) {
                    self.invariants(*by, &Item::resource(resource), path, scope);
                }
                let is_contained = entry.element.name == "contained";
                self.resource(resource, &all, path, is_contained.then_some(scope.container));
            }
            return;
        }
        if kind.name == "Extension" {
            self.extension(entry, path, &mut all);
        } else if kind.name == "Reference" {
            self.bundled_target(entry, path);
        }
        for by in &all {
            self.rules(*by, entry, kind, path, scope);
        }
        self.base_binding(entry, kind, &all, path);
        let inside = if kind.kind == TypeKind::Primitive { entry.sibling } else { entry.value };
        if let Some(object) = inside.and_then(Value::as_object) {
            self.members(object, kind, &all, path, scope);
        }
    }

    /// That the item has a type that is allowed, and what is asked of that type.
    fn types(&mut self, by: Active<'w>, entry: Entry<'w>, kind: &'static Type, path: &Path, scope: &Scope<'_, 'w>, all: &mut Actives<'w>) {
        let types = &by.node.types;
        let resources = &types.resources;
        let is_allowed = types.allows(entry.place) && (resources.is_empty() || resources.iter().any(|id| definitions().is_a(kind.id, *id)));
        if !is_allowed {
            let name = |id: &fhir::definitions::TypeId| definitions().get(*id).name;
            let text = || {
                let places = types.allowed.iter().flatten().filter_map(|place| entry.element.types.get(usize::from(*place)));
                let names: Vec<&str> =
                    if resources.is_empty() { places.map(|kind| name(&kind.id)).collect() } else { resources.iter().map(name).collect() };
                format!("the type {} is not allowed here: it must be {}", kind.name, names.join(" or "))
            };
            return self.error(codes::TYPE_NOT_ALLOWED, IssueCode::Structure, path, by, text);
        }
        let is_for_resource = |rule: &TypeRule| rule.resource.is_none_or(|id| definitions().is_a(kind.id, id));
        for (_, rule) in types.rules.iter().filter(|(place, rule)| *place == entry.place && is_for_resource(rule)) {
            self.profiles(by, rule, entry, kind, path, scope, all);
            self.reference(by, rule, entry, path, scope);
        }
    }

    /// One of the profiles of the type must fit.
    #[expect(clippy::too_many_arguments, reason = "the surroundings of a walk")]
    fn profiles(
        &mut self,
        by: Active<'w>,
        rule: &'w TypeRule,
        entry: Entry<'w>,
        kind: &'static Type,
        path: &Path,
        scope: &Scope<'_, 'w>,
        all: &mut Actives<'w>,
    ) {
        let mut known: Actives = Actives::new();
        for link in &rule.profiles {
            let Some(plan) = self.plan_at(link, path) else { return };
            let is_for_type = plan.type_id.is_some_and(|id| definitions().is_a(kind.id, id));
            known.extend(match &link.element {
                Some(id) => plan.nodes.iter().find(|node| node.id == *id).map(|node| Active { plan, node }),
                None => Active::root(plan).filter(|_| is_for_type),
            });
        }
        match (rule.profiles.len(), known.as_slice()) {
            (0, _) => {}
            (1, [only]) => {
                if !all.iter().any(|other| other.is(*only)) {
                    all.push(*only);
                }
            }
            (_, several) => {
                if !several.iter().any(|root| self.fits(*root, entry, path, scope)) {
                    let text = || {
                        let names: Vec<&str> = rule.profiles.iter().map(|link| &*link.url).take(12).collect();
                        format!("the element must fit one of the profiles {}", names.join(", "))
                    };
                    self.error(codes::NO_PROFILE_FITS, IssueCode::Structure, path, by, text);
                }
            }
        }
    }

    /// The plan of a profile that another names; when there is none, it says so.
    pub(super) fn plan_at(&mut self, link: &Link, path: &Path) -> Option<&'w crate::plan::Plan> {
        match self.registry.plan(link, self.library) {
            Some(Ok(plan)) => Some(plan),
            Some(Err(error)) => {
                let text = || format!("the profile {} cannot be used: {error}", link.url);
                self.report(Severity::Warning, codes::PROFILE_UNUSABLE, IssueCode::Processing, path, text);
                None
            }
            None => {
                let text = || format!("the profile {} is not known: add the package that has it", link.url);
                self.report(Severity::Warning, codes::PROFILE_UNKNOWN, IssueCode::NotFound, path, text);
                None
            }
        }
    }

    /// Whether an item fits a node, without a report.
    pub(super) fn fits(&mut self, node: Active<'w>, entry: Entry<'w>, path: &Path, scope: &Scope<'_, 'w>) -> bool {
        self.is_sound(|walk| walk.item(entry, &[node], path, scope))
    }

    /// Values, bindings and invariants.
    fn rules(&mut self, by: Active<'w>, entry: Entry<'w>, kind: &'static Type, path: &Path, scope: &Scope<'_, 'w>) {
        let Some(rules) = &by.node.rules else { return };
        self.exact(by, rules, entry, path);
        self.range(by, rules, entry, kind, path);
        self.narrative_languages(by, rules, entry, path, scope);
        if let Some(bound) = &rules.binding {
            self.bound(by, bound, entry, kind, path);
        }
        if !rules.constraints.is_empty() {
            let item = Item::primitive(entry.value, entry.sibling, entry.type_id);
            self.invariants(by, &item, path, scope);
        }
    }
}
