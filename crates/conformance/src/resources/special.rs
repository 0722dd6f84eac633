//! Types with rules of their own.

use fhir::definitions::{Element, ElementType, Type, definitions};
use fhir::{Object, Value, object};

use super::Generator;
use super::pool::{CODES, DATES, DECIMALS, IDENTIFIER_SYSTEMS, IDENTIFIERS, SYSTEMS, TEXTS, UNITS};

impl Generator {
    /// A value of a type that is not made by going through its elements; `None` for others.
    pub(super) fn special(&mut self, element: &Element, kind: &'static ElementType, of: &'static Type, depth: usize) -> Option<Value> {
        Some(match of.name {
            "Reference" => self.reference(&kind.targets),
            "Extension" => self.extension(depth),
            "Narrative" => object! { "status": self.random.pick(&["generated", "additional"]), "div": self.div() },
            "Period" => self.period(),
            "Range" => self.range(),
            "Coding" => self.coding(element, true),
            "CodeableConcept" => self.concept(element),
            "Identifier" => self.identifier(),
            "ContactPoint" => self.contact(),
            name if definitions().type_by_name("Quantity").is_some_and(|base| definitions().is_a(of.id, base.id)) => {
                // A SimpleQuantity has no comparator; the tables do not tell it from a Quantity.
                let compares = name == "Quantity" && element.name == "value";
                self.quantity(compares)
            }
            _ => return None,
        })
    }

    fn extension(&mut self, depth: usize) -> Value {
        let mut object = Object::new();
        object.set("url", self.random.pick(&["http://example.org/ext/a", "http://example.org/ext/b"]));
        if depth < 4 && self.random.chance(15) {
            let inner = self.extension(depth + 3);
            object.set("extension", fhir::array![inner]);
            return Value::Object(object);
        }
        if let Some(element) = definitions().type_by_name("Extension").and_then(|of| of.element("value")) {
            let simple: Vec<_> = element.types.iter().filter(|kind| definitions().get(kind.id).primitive.is_some()).collect();
            let kind = if depth > 2 || self.random.chance(60) {
                self.random.pick(&simple)
            } else {
                &element.types[self.random.below(element.types.len())]
            };
            let value = self.value(element, kind, depth + 3);
            object.set(kind.member, value);
        }
        Value::Object(object)
    }

    /// A period, open at either end now and then. Now and then its end lies before its start, as zones and mistakes make it.
    fn period(&mut self) -> Value {
        let first = self.random.below(DATES.len());
        let last = (first + self.random.below(5)).min(DATES.len() - 1);
        let (start, end) = (DATES[first].0, DATES[last].0);
        match self.random.below(12) {
            0..2 => object! { "start": start },
            2..4 => object! { "end": end },
            4 => object! { "start": end, "end": start },
            _ => object! { "start": start, "end": end },
        }
    }

    fn range(&mut self) -> Value {
        let (first, unit) = (self.random.below(DECIMALS.len()), self.random.below(UNITS.len()));
        let last = (first + self.random.below(4)).min(DECIMALS.len() - 1);
        let (low, high) = (quantity(DECIMALS[first], unit), quantity(DECIMALS[last], unit));
        match self.random.below(12) {
            0..2 => object! { "low": low },
            2..4 => object! { "high": high },
            4 => object! { "low": high, "high": low },
            _ => object! { "low": low, "high": high },
        }
    }

    fn quantity(&mut self, compares: bool) -> Value {
        let number = self.random.pick(&DECIMALS);
        let mut quantity = quantity(number, self.random.below(UNITS.len()));
        if compares
            && self.random.chance(20)
            && let Some(object) = quantity.as_object_mut()
        {
            object.set("comparator", self.random.pick(&["<", "<=", ">=", ">"]));
        }
        quantity
    }

    /// A coding: of the element's value set when that binds it; otherwise now and then without system, or without code.
    fn coding(&mut self, element: &Element, may_be_partial: bool) -> Value {
        let mut object = Object::new();
        let free = (self.random.pick(&SYSTEMS), self.random.pick(&CODES));
        let bound = self.bound_code(element);
        let (system, code) = bound.unwrap_or(free);
        let partial = if may_be_partial && bound.is_none() { self.random.below(10) } else { 9 };
        if partial != 0 {
            object.set("system", system);
        }
        if partial != 1 {
            object.set("code", code);
        }
        if self.random.chance(50) {
            object.set("display", self.random.pick(&TEXTS).0);
        }
        if self.random.chance(10) {
            object.set("version", "2.1");
        }
        Value::Object(object)
    }

    fn concept(&mut self, element: &Element) -> Value {
        let mut object = Object::new();
        let is_bound = element.binding.as_ref().is_some_and(|binding| definitions().required_codes(binding).is_some());
        if is_bound || self.random.chance(90) {
            let count = 1 + self.random.below(2);
            let codings: Vec<Value> = (0..count).map(|_| self.coding(element, true)).collect();
            object.set("coding", codings);
        }
        if object.is_empty() || self.random.chance(40) {
            object.set("text", self.random.pick(&TEXTS).0);
        }
        Value::Object(object)
    }

    pub(super) fn identifier(&mut self) -> Value {
        let mut object = Object::new();
        if self.random.chance(40) {
            let kind = object! {
                "text": self.random.pick(&TEXTS).0,
                "coding": fhir::array![object! { "system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": self.random.pick(&["MR", "SS"]) }]
            };
            object.set("type", kind);
        }
        let partial = self.random.below(10);
        if partial != 0 {
            object.set("system", self.random.pick(&IDENTIFIER_SYSTEMS));
        }
        if partial != 1 {
            object.set("value", self.random.pick(&IDENTIFIERS));
        }
        if self.random.chance(20) {
            let period = self.period();
            object.set("period", period);
        }
        Value::Object(object)
    }

    fn contact(&mut self) -> Value {
        let system = self.random.pick(&["phone", "email", "fax", "url"]);
        let mut object = Object::new();
        object.set("system", system);
        object.set("value", self.random.pick(&IDENTIFIERS));
        if self.random.chance(40) {
            object.set("use", self.random.pick(&["home", "work", "mobile"]));
        }
        Value::Object(object)
    }
}

fn quantity(number: &str, unit: usize) -> Value {
    let (system, code, text) = UNITS[unit];
    let mut object = Object::new();
    object.set("value", Value::Number(number.into()));
    let parts = [("unit", text), ("system", system), ("code", code)];
    parts.into_iter().filter(|(_, part)| !part.is_empty()).for_each(|(name, part)| object.set(name, part));
    Value::Object(object)
}
