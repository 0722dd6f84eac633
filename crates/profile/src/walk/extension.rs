//! Extensions against their definitions: <http://hl7.org/fhir/R4/extensibility.html>.

use fhir::check::Path;
use fhir::definitions::definitions;
use fhir::{IssueCode, Severity};

use super::element::Entry;
use super::resource::shown;
use super::{Active, Actives, Walk};
use crate::codes;
use crate::plan::Plan;

impl<'w> Walk<'w> {
    /// Adds the definition of an extension to what applies to it. Those inside of others are defined there when their url is no address.
    pub(super) fn extension(&mut self, entry: Entry<'w>, path: &Path, all: &mut Actives<'w>) {
        let Some(url) = entry.value.and_then(|value| value.text("url")) else { return };
        let is_modifier = entry.element.name == "modifierExtension";
        if !url.contains(':') {
            return self.relative(entry, path, all);
        }
        match self.registry.find(url, self.library) {
            Some(Ok(plan)) => self.defined(plan, is_modifier, path, all),
            Some(Err(error)) => {
                let text = || format!("the definition of the extension {} cannot be used: {error}", shown(url));
                self.report(Severity::Warning, codes::PROFILE_UNUSABLE, IssueCode::Processing, path, text);
            }
            None if is_modifier => {
                let text = || {
                    format!(
                        "the modifier extension {} is not known, so the element cannot be understood: add the package that defines it",
                        shown(url)
                    )
                };
                self.report(Severity::Error, codes::MODIFIER_UNKNOWN, IssueCode::Extension, path, text);
            }
            None => {
                let text = || format!("the definition of the extension {} is not known: add the package that has it", shown(url));
                self.report(self.options.unknown_extension, codes::EXTENSION_UNKNOWN, IssueCode::Extension, path, text);
            }
        }
    }

    /// An extension whose url is no address: the extension that it stands in must define it.
    fn relative(&mut self, entry: Entry<'w>, path: &Path, all: &Actives<'w>) {
        let is_nested = definitions().get(entry.holder).name == "Extension";
        let is_slice = |by: &Active| by.node.id.rsplit('.').next().is_some_and(|name| name.contains(':'));
        let text = match (is_nested, all.first()) {
            (false, _) => "the url of an extension is an absolute address",
            (true, Some(_)) if !all.iter().any(is_slice) => "the extension that this one stands in does not define one with this url",
            _ => return,
        };
        self.report(Severity::Error, codes::EXTENSION_UNKNOWN, IssueCode::Extension, path, || text.to_owned());
    }

    fn defined(&mut self, plan: &'w Plan, is_modifier: bool, path: &Path, all: &mut Actives<'w>) {
        let Some(root) = Active::root(plan) else { return };
        if plan.is_modifier != is_modifier {
            let text = || match plan.is_modifier {
                true => "the extension changes the meaning of the element: it stands in modifierExtension".to_owned(),
                false => "the extension is no modifier: it stands in extension".to_owned(),
            };
            self.error(codes::EXTENSION_PLACE, IssueCode::Extension, path, root, text);
        }
        let is_extension = plan.type_id.is_some_and(|id| definitions().get(id).name == "Extension");
        if !is_extension {
            let text = || "the address is that of a profile on another type than Extension".to_owned();
            self.error(codes::EXTENSION_UNKNOWN, IssueCode::Extension, path, root, text);
        } else if !all.iter().any(|other| other.is(root)) {
            all.push(root);
        }
    }
}
