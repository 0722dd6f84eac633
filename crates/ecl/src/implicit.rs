//! The addresses of value sets that SNOMED CT implies (<http://hl7.org/fhir/R4/snomedct.html#implicit>).

use crate::error::{Error, ErrorKind};
use crate::sctid;
use crate::tree::{At, ConceptReference, Constraint, Focus, MemberOf, Operand, Operator};

/// A value set that its address defines.
#[derive(Clone, Debug, PartialEq)]
pub struct ImplicitValueSet {
    /// The edition or version that the address begins with: `http://snomed.info/sct/900000000000207008`; without one, `http://snomed.info/sct`.
    pub system: Box<str>,
    /// What its concepts meet.
    pub constraint: Constraint,
}

/// What every such address begins with.
const SYSTEM: &str = "http://snomed.info/sct";

/// The value set of an address: `?fhir_vs` has all concepts, `?fhir_vs=isa/ID` a concept and its subtypes, `?fhir_vs=refset` the concepts of all reference
/// sets, `?fhir_vs=refset/ID` the members of one, `?fhir_vs=ecl/CONSTRAINT` what meets a constraint, which is percent-encoded. `None` when the address is not of
/// that kind.
///
/// # Errors
/// When what it asks for is not understood: no identifier, or no constraint. The place is counted in the decoded constraint or identifier.
pub fn implicit_value_set(address: &str) -> Option<Result<ImplicitValueSet, Error>> {
    let (system, query) = address.split_once('?')?;
    let rest = system.strip_prefix(SYSTEM)?;
    if !(rest.is_empty() || rest.starts_with('/')) {
        return None;
    }
    let asked = query.strip_prefix("fhir_vs")?;
    let asked = match asked.strip_prefix('=') {
        Some(asked) => asked,
        None if asked.is_empty() => "",
        None => return None,
    };
    Some(constraint(asked).map(|constraint| ImplicitValueSet { system: system.into(), constraint }))
}

fn constraint(asked: &str) -> Result<Constraint, Error> {
    let (kind, text) = asked.split_once('/').unwrap_or((asked, ""));
    let text = decoded(text)?;
    let operand = match (kind, text.as_str()) {
        ("", "") => operand(Focus::Any),
        ("isa", id) => Operand { operator: Some(Operator::DescendantOrSelfOf), ..operand(concept(id)?) },
        // The reference sets themselves, as concepts.
        ("refset", "") => Operand { operator: Some(Operator::DescendantOf), ..operand(concept(REFERENCE_SETS)?) },
        ("refset", id) => Operand { member_of: Some(MemberOf::Referenced), ..operand(concept(id)?) },
        ("ecl", text) => return crate::parse(text),
        _ => {
            let message = "an implicit value set is asked for by fhir_vs, or fhir_vs= and isa/ID, refset, refset/ID or ecl/CONSTRAINT";
            return Err(Error::new(ErrorKind::Syntax, 0, message));
        }
    };
    Ok(Constraint::Simple(Box::new(operand)))
}

/// The concept of which all reference sets are descendants.
const REFERENCE_SETS: &str = "900000000000455006";

fn operand(focus: Focus) -> Operand {
    Operand { operator: None, member_of: None, focus, members: Vec::new(), filters: Vec::new(), history: None, at: At::default() }
}

fn concept(text: &str) -> Result<Focus, Error> {
    let id = text.parse().ok().filter(|_| sctid::DIGITS.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()));
    let message = "identifiers of SNOMED CT have 6 to 18 digits";
    let id = id.ok_or_else(|| Error::new(ErrorKind::Syntax, 0, message))?;
    Ok(Focus::Concept(ConceptReference { id, term: None, at: At::default() }))
}

/// The text behind a percent-encoding. What is not encoded stands for itself, a plus too: constraints have them.
fn decoded(text: &str) -> Result<String, Error> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|digits| byte == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        let encoded = hex.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(encoded.unwrap_or(byte));
        rest = if encoded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).map_err(|_| Error::new(ErrorKind::Syntax, 0, "what is percent-encoded is not UTF-8"))
}
