//! The text that asks for a value: the value itself, or one that nearly is it.

use fhir::Value;
use fhir::definitions::ResourceType;
use rust_decimal::Decimal;
use search::ParameterKind;
use search::registry::hierarchy;

use super::Asker;
use super::data::Drawn;
use crate::matrix::Form;
use crate::resources::IDS;
use crate::resources::pool::{BASE, CODES, DATES, DECIMALS, SYSTEMS, TEXTS, UNITS, URIS, VERSIONS};

/// The text with the letters escaped that searches give a meaning.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, ',' | '|' | '$' | '\\') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

impl<'a> Asker<'a> {
    /// The text that asks for a value of this kind, used so.
    pub(super) fn text(&mut self, kind: ParameterKind, form: Form, drawn: Drawn<'_>) -> Option<String> {
        let prefix = if let Form::Prefix(prefix) = form { prefix } else { "" };
        match kind {
            ParameterKind::Token => self.token(form, drawn),
            ParameterKind::String => self.words(form, drawn),
            ParameterKind::Date => Some(format!("{prefix}{}", self.date(drawn)?)),
            ParameterKind::Number => {
                let number = drawn.1.as_number().or_else(|| bound(drawn.1)?.get("value")?.as_number())?;
                Some(format!("{prefix}{}", self.number(number, prefix)?))
            }
            ParameterKind::Quantity => Some(format!("{prefix}{}", self.quantity(drawn, prefix)?)),
            ParameterKind::Reference => self.reference(form, drawn),
            ParameterKind::Uri => self.uri(form, drawn.1.as_str()?),
            ParameterKind::Composite | ParameterKind::Special => None,
        }
    }

    /// A value that no resource need have.
    pub(super) fn made_up(&mut self, kind: ParameterKind, form: Form) -> Option<String> {
        let random = &mut self.random;
        let value = match kind {
            ParameterKind::Token if form == Form::Modifier("of-type") => {
                let kind = fhir::object! { "system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR" };
                fhir::object! { "type": fhir::object! { "coding": fhir::array![kind] }, "value": "12345" }
            }
            ParameterKind::Token => Value::from(random.pick(&CODES)),
            ParameterKind::String => Value::from(random.pick(&TEXTS).0),
            ParameterKind::Date => Value::from(random.pick(&DATES).0),
            ParameterKind::Number => Value::Number(random.pick(&DECIMALS).into()),
            ParameterKind::Quantity => fhir::object! { "value": Value::Number(random.pick(&DECIMALS).into()) },
            ParameterKind::Reference if form == Form::Modifier("identifier") => {
                fhir::object! { "identifier": fhir::object! { "value": "12345" } }
            }
            ParameterKind::Reference => fhir::object! { "reference": format!("Location/{}", random.pick(&IDS)) },
            ParameterKind::Uri => Value::from(random.pick(&URIS)),
            ParameterKind::Composite | ParameterKind::Special => return None,
        };
        self.text(kind, form, if kind == ParameterKind::Reference { ("Reference", &value) } else { ("", &value) })
    }

    fn token(&mut self, form: Form, (of, value): Drawn<'_>) -> Option<String> {
        if form == Form::Modifier("of-type") {
            let kind = value.get("type")?.list("coding").next()?;
            let (system, code) = (kind.text("system")?, kind.text("code")?);
            return Some(format!("{}|{}|{}", escaped(system), escaped(code), escaped(value.text("value")?)));
        }
        if form == Form::Modifier("text") {
            let text =
                value.text("text").or_else(|| value.text("display")).or_else(|| value.list("coding").find_map(|each| each.text("display")));
            return self.piece(text.or_else(|| value.get("type")?.text("text"))?, false);
        }
        let (system, code) = match of {
            "Coding" => (value.text("system"), value.text("code")),
            "CodeableConcept" => {
                let coding = value.list("coding").next()?;
                (coding.text("system"), coding.text("code"))
            }
            "Identifier" => (value.text("system"), value.text("value")),
            "ContactPoint" => (None, value.text("value")),
            _ => (None, value.as_str().or_else(|| value.as_bool().map(|truth| if truth { "true" } else { "false" }))),
        };
        if self.is_sure {
            return code.map(escaped);
        }
        let near = self.random.pick(&SYSTEMS);
        let other = self.random.pick(&CODES);
        let system = if self.random.chance(8) { Some(near) } else { system };
        let code = if self.random.chance(8) { Some(other) } else { code };
        let flipped = self.random.chance(15).then(|| code.map(flip)).flatten();
        let code = flipped.as_deref().or(code);
        Some(match (system, code, self.random.below(10)) {
            (Some(system), Some(code), 0..5) => format!("{}|{}", escaped(system), escaped(code)),
            (Some(system), _, 5) | (Some(system), None, _) => format!("{}|", escaped(system)),
            (_, Some(code), 6) => format!("|{}", escaped(code)),
            (_, Some(code), _) => escaped(code),
            (None, None, _) => return None,
        })
    }

    /// The beginning of a text, some of it, or all of it.
    fn words(&mut self, form: Form, (_, value): Drawn<'_>) -> Option<String> {
        let parts = ["text", "family", "given", "prefix", "suffix", "line", "city", "district", "state", "postalCode", "country"];
        let within: Vec<&str> = parts.iter().flat_map(|part| value.list(part)).filter_map(Value::as_str).collect();
        let whole = value.as_str().or_else(|| (!within.is_empty()).then(|| self.random.pick(&within)))?;
        if form == Form::Modifier("exact") {
            let text = if self.random.chance(25) { flip(whole) } else { whole.to_owned() };
            return Some(escaped(&text));
        }
        self.piece(whole, form == Form::Modifier("contains"))
    }

    pub(super) fn piece(&mut self, whole: &str, anywhere: bool) -> Option<String> {
        if self.is_sure {
            return Some(escaped(whole)).filter(|text| text.chars().any(char::is_alphanumeric));
        }
        let folded = TEXTS.iter().find(|(text, _)| *text == whole).map(|(_, folded)| *folded);
        let text = match self.random.below(4) {
            0 => flip(whole),
            1 => folded.unwrap_or(whole).to_owned(),
            _ => whole.to_owned(),
        };
        let letters: Vec<char> = text.chars().collect();
        let first = if anywhere { self.random.below(letters.len()) } else { 0 };
        let last = if self.random.chance(50) { letters.len() } else { first + 1 + self.random.below(letters.len() - first) };
        let piece: String = letters.get(first..last)?.iter().collect();
        let has_letter = piece.chars().any(|letter| letter.is_alphanumeric() && !letter.is_whitespace());
        has_letter.then(|| escaped(&piece))
    }

    fn date(&mut self, (of, value): Drawn<'_>) -> Option<String> {
        let moments: Vec<&str> = match of {
            "Period" => ["start", "end"].iter().filter_map(|side| value.text(side)).collect(),
            "Timing" => value.list("event").filter_map(Value::as_str).chain(bounds(value)).collect(),
            // Some parameters look at texts too, which have no date.
            _ => value.as_str().filter(|text| text.is_ascii()).into_iter().collect(),
        };
        let text = if moments.is_empty() || self.random.chance(15) { self.random.pick(&DATES).0 } else { self.random.pick(&moments) };
        let cuts: Vec<usize> = [4, 7, 10].into_iter().filter(|&cut| cut < text.len()).collect();
        let text = if text.starts_with(|first: char| first.is_ascii_digit()) { text } else { return None };
        let cut = if cuts.is_empty() || self.random.chance(60) { text.len() } else { self.random.pick(&cuts) };
        Some(text[..cut].to_owned())
    }

    /// The number in one of the ways to write it, or another.
    fn number(&mut self, text: &str, prefix: &str) -> Option<String> {
        if self.is_sure {
            return beside(text, prefix);
        }
        let is_plain = !text.contains(['e', 'E']);
        Some(match self.random.below(8) {
            0 => self.random.pick(&DECIMALS).to_owned(),
            1 if is_plain && text.contains('.') => format!("{text}0"),
            1 if is_plain => format!("{text}.0"),
            2 if is_plain => format!("{text}e0"),
            3..5 if is_plain && text.contains('.') && text.len() > 3 => {
                // Fewer digits: a wider range, in which the number still lies.
                text[..text.len() - 1].trim_end_matches('.').to_owned()
            }
            _ => text.to_owned(),
        })
    }

    fn quantity(&mut self, (of, value): Drawn<'_>, prefix: &str) -> Option<String> {
        let from = bound(value).unwrap_or(value);
        let limit = value.get("lowerLimit").or_else(|| value.get("upperLimit")).and_then(Value::as_number);
        let number = from.get("value").and_then(Value::as_number).or(limit)?;
        let unit = value.get("origin").unwrap_or(from);
        let number = self.number(number, prefix)?;
        if self.is_sure {
            return Some(number);
        }
        let other = self.random.pick(&UNITS);
        let (system, code) = match of {
            "Money" => (Some("urn:iso:std:iso:4217"), value.text("currency")),
            _ => (unit.text("system"), unit.text("code").or(unit.text("unit"))),
        };
        let system = if self.random.chance(8) { Some(other.0) } else { system };
        if let (Some("mg" | "g" | "kg"), true) = (code, self.random.chance(25)) {
            return self.in_another_unit(&number, system?, code?);
        }
        Some(match (code, self.random.below(3)) {
            (Some(code), 0) => format!("{number}|{}|{}", escaped(system.unwrap_or_default()), escaped(code)),
            (Some(code), 1) => format!("{number}||{}", escaped(unit.text("unit").unwrap_or(code))),
            _ => number,
        })
    }

    /// The same mass in milligrams, grams or kilograms.
    fn in_another_unit(&mut self, number: &str, system: &str, code: &str) -> Option<String> {
        let units = ["mg", "g", "kg"];
        let (from, to) = (units.iter().position(|unit| *unit == code)?, self.random.below(units.len()));
        let factor = Decimal::from_scientific(&format!("1e{}", 3 * (from as i64 - to as i64))).ok()?;
        let number = Decimal::from_str_exact(number).ok()?.checked_mul(factor)?;
        Some(format!("{number}|{}|{}", escaped(system), units[to]))
    }

    fn reference(&mut self, form: Form, (of, value): Drawn<'_>) -> Option<String> {
        if form == Form::Modifier("identifier") {
            return self.token(form, ("Identifier", value.get("identifier")?));
        }
        if form == Form::Modifier("text") {
            return self.piece(value.text("display")?, false);
        }
        let address = match of {
            "Reference" => value.text("reference")?.to_owned(),
            _ if value.resource_type().is_some() => format!("{}/{}", value.resource_type()?, value.text("id")?),
            _ => value.as_str()?.to_owned(),
        };
        if address.starts_with('#') {
            return None;
        }
        if form == Form::Modifier("below") && of == "canonical" {
            return Some(self.versions(&address));
        }
        if let Form::Modifier("above" | "below") = form {
            let (kind, id) = address.split_once('/')?;
            let is_part = ResourceType::parse(kind).is_some_and(|kind| hierarchy::parent(kind).is_some());
            return (is_part && !id.contains('/')).then_some(address);
        }
        let address = address.replace('\\', "\\\\").replace(',', "\\,").replace('$', "\\$");
        let is_relative = !address.contains(':') && of == "Reference";
        Some(match self.random.below(6) {
            0 if is_relative => format!("{BASE}/{address}"),
            1 if is_relative && !address.contains("_history") => address.rsplit('/').next()?.to_owned(),
            2 => {
                address.strip_prefix(BASE).and_then(|rest| rest.strip_prefix('/')).unwrap_or(&address).split("/_history").next()?.to_owned()
            }
            3 if address.contains('|') => address.split('|').next()?.to_owned(),
            4 if of == "canonical" && !address.contains('|') => format!("{address}|{}", self.random.pick(&VERSIONS)),
            _ => address,
        })
    }

    /// The address of a canonical, with some of its version.
    fn versions(&mut self, address: &str) -> String {
        let (uri, version) = address.split_once('|').unwrap_or((address, ""));
        let ends = version.match_indices('.').map(|(end, _)| end).chain([0, version.len()]);
        let ends: Vec<usize> = ends.collect();
        match &version[..self.random.pick(&ends)] {
            "" => escaped(uri),
            some => format!("{}|{some}", escaped(uri)),
        }
    }

    fn uri(&mut self, form: Form, address: &str) -> Option<String> {
        let plain = address.split('|').next()?;
        Some(match form {
            Form::Modifier("above") => format!("{}{}", escaped(plain), self.random.pick(&["", "/x", "/x/y", "x"])),
            Form::Modifier("below") => {
                let cut = plain.rfind('/').filter(|&at| at > 8 && self.random.chance(70)).map_or(plain, |at| &plain[..at]);
                escaped(cut)
            }
            _ => match address.split_once('|') {
                Some((uri, version)) if self.random.chance(60) => format!("{}|{version}", escaped(uri)),
                _ => escaped(plain),
            },
        })
    }
}

/// A number that compares with this one as the prefix asks: this one, or one that is one more or less.
fn beside(text: &str, prefix: &str) -> Option<String> {
    let step = match prefix {
        "lt" | "eb" | "ne" => Decimal::ONE,
        "gt" | "sa" => Decimal::NEGATIVE_ONE,
        _ => return Some(text.to_owned()),
    };
    let number = if text.contains(['e', 'E']) { Decimal::from_scientific(text) } else { Decimal::from_str_exact(text) };
    Some(number.ok()?.checked_add(step)?.to_string())
}

/// The limits of a timing.
fn bounds(timing: &Value) -> Vec<&str> {
    let period = timing.get("repeat").and_then(|repeat| repeat.get("boundsPeriod"));
    period.into_iter().flat_map(|period| ["start", "end"].iter().filter_map(|side| period.text(side))).collect()
}

/// One end of a range.
fn bound(value: &Value) -> Option<&Value> {
    value.get("low").or_else(|| value.get("high"))
}

/// The text in the other case.
fn flip(text: &str) -> String {
    if text.chars().any(char::is_lowercase) { text.to_uppercase() } else { text.to_lowercase() }
}
