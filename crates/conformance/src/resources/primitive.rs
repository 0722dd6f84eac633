//! Values of primitive types.

use fhir::Value;
use fhir::definitions::{Element, PrimitiveType, definitions};

use super::pool::{BASE, CODES, DATES, DECIMALS, TEXTS, URIS, VERSIONS};
use super::{Generator, IDS};

impl Generator {
    /// A value of a primitive type, of the element's value set when that binds it.
    pub(super) fn primitive(&mut self, kind: PrimitiveType, element: &Element, targets: &[&'static str]) -> Value {
        if let Some((_, code)) = self.bound_code(element) {
            return Value::from(code);
        }
        match kind {
            PrimitiveType::Boolean => Value::from(self.random.chance(50)),
            PrimitiveType::Decimal => self.number(&DECIMALS),
            PrimitiveType::Integer => self.number(&["-2147483648", "-1", "0", "1", "5", "100", "2147483647"]),
            PrimitiveType::UnsignedInt => self.number(&["0", "1", "5", "100", "2147483647"]),
            PrimitiveType::PositiveInt => self.number(&["1", "2", "5", "100", "2147483647"]),
            PrimitiveType::Canonical => Value::from(self.canonical(targets)),
            _ => Value::from(self.text(kind)),
        }
    }

    fn number(&mut self, texts: &[&str]) -> Value {
        Value::Number((self.random.pick(texts)).into())
    }

    /// A value of a type that JSON writes as a string.
    fn text(&mut self, kind: PrimitiveType) -> String {
        let random = &mut self.random;
        match kind {
            PrimitiveType::String | PrimitiveType::Markdown => random.pick(&TEXTS).0.to_owned(),
            PrimitiveType::Code => random.pick(&CODES).to_string(),
            PrimitiveType::Id => random.pick(&IDS).to_string(),
            PrimitiveType::Date => self.date(|text| text.len() <= 10),
            PrimitiveType::DateTime => self.date(|_| true),
            PrimitiveType::Instant => self.date(|text| text.contains('T')),
            PrimitiveType::Time => random.pick(&["00:00:00", "08:30:00", "23:59:59.999"]).to_string(),
            PrimitiveType::Oid => random.pick(&["urn:oid:1.2.3", "urn:oid:1.2.3.4"]).to_string(),
            PrimitiveType::Uuid => "urn:uuid:c757873d-ec9a-4326-a141-556f43239520".to_owned(),
            PrimitiveType::Base64Binary => random.pick(&["SGFsbG8=", "AAAA"]).to_string(),
            PrimitiveType::Xhtml => self.div(),
            _ => random.pick(&URIS).to_string(),
        }
    }

    /// One of the dates that `fits`.
    fn date(&mut self, fits: impl Fn(&str) -> bool) -> String {
        let dates: Vec<&str> = DATES.iter().map(|(text, _)| *text).filter(|text| fits(text)).collect();
        self.random.pick(&dates).to_string()
    }

    /// A canonical, now and then of a resource of this server.
    fn canonical(&mut self, targets: &[&'static str]) -> String {
        let uri = match self.random.chance(40) {
            true => {
                let target = if targets.is_empty() { self.random_type().name() } else { self.random.pick(targets) };
                format!("{BASE}/{target}/{}", self.random.pick_early(&IDS))
            }
            false => self.random.pick(&URIS).to_owned(),
        };
        match self.random.chance(35) {
            true => format!("{uri}|{}", self.random.pick(&VERSIONS)),
            false => uri,
        }
    }

    /// A narrative's XHTML.
    pub(super) fn div(&mut self) -> String {
        let text = self.random.pick(&TEXTS).0.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        format!("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>{text}</p><a href=\"http://example.org/\">{text}</a></div>")
    }

    /// A system and a code of the value set that binds the element, when its codes are known: the first ones more often.
    pub(super) fn bound_code(&mut self, element: &Element) -> Option<(&'static str, &'static str)> {
        let set = definitions().required_codes(element.binding.as_ref()?)?;
        let wanted = self.wanted.codes(element.name);
        if !wanted.is_empty() && self.random.chance(60) {
            let wanted = self.random.pick(wanted);
            let of = set.systems.iter().find(|(_, codes)| codes.contains(&wanted));
            if let Some((system, _)) = of {
                return Some((system, wanted));
            }
        }
        let at = self.random.below(set.systems.len());
        let (system, codes) = &set.systems[at];
        let few = if self.random.chance(80) { &codes[..codes.len().min(5)] } else { codes.as_slice() };
        Some((system, self.random.pick_early(few)))
    }
}
