//! References, in every form that FHIR has.

use fhir::definitions::ResourceType;
use fhir::{Object, Value};

use super::pool::{BASE, TEXTS};
use super::{Generator, IDS};

impl Generator {
    /// A reference to one of these types; to any when there are none.
    pub(super) fn reference(&mut self, targets: &[&'static str]) -> Value {
        let mut object = Object::new();
        let kind = self.target(targets);
        let id = self.random.pick_early(&IDS);
        let form = self.random.below(100);
        let address = match form {
            0..60 => Some(format!("{kind}/{id}")),
            60..68 => Some(format!("{BASE}/{kind}/{id}")),
            68..74 => Some(format!("http://elsewhere.example/fhir/{kind}/{id}")),
            74..80 => Some(format!("{kind}/{id}/_history/{}", 1 + self.random.below(2))),
            80..83 => Some("urn:uuid:c757873d-ec9a-4326-a141-556f43239520".to_owned()),
            83..88 => Some(self.contained_reference(targets).unwrap_or(format!("{kind}/{id}"))),
            _ => None,
        };
        let is_local = form < 60;
        if let Some(address) = address {
            object.set("reference", address);
        }
        if is_local && self.random.chance(15) {
            object.set("type", kind);
        }
        if (88..98).contains(&form) || self.random.chance(30) {
            let identifier = self.identifier();
            object.set("identifier", identifier);
        }
        if object.is_empty() || self.random.chance(20) {
            object.set("display", self.random.pick(&TEXTS).0);
        }
        Value::Object(object)
    }

    fn target(&mut self, targets: &[&'static str]) -> &'static str {
        let named: Vec<&'static str> = targets.iter().copied().filter(|name| ResourceType::parse(name).is_some()).collect();
        let wanted: Vec<&'static str> =
            self.wanted.targets().iter().copied().filter(|name| targets.is_empty() || named.contains(name)).collect();
        if !wanted.is_empty() && self.random.chance(50) {
            return self.random.pick(&wanted);
        }
        if named.is_empty() || named.len() < targets.len() { self.random_type().name() } else { self.random.pick(&named) }
    }

    /// A reference to a contained resource of one of these types.
    fn contained_reference(&mut self, targets: &[&'static str]) -> Option<String> {
        let fits = |kind: &ResourceType| targets.is_empty() || targets.contains(&kind.name());
        let ids: Vec<&str> = self.contained.iter().filter(|(kind, _)| fits(kind)).map(|(_, id)| *id).collect();
        if ids.is_empty() { None } else { Some(format!("#{}", self.random.pick(&ids))) }
    }
}
