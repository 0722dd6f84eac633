//! Invariants of FHIR's types and of HL7's profiles whose expression in R4 4.0.1 does not say what the invariant means. HL7 has corrected them
//! since: in its list of known errors, in R5, or in the tools that publish the specification.

/// An expression as it is published, by the key of its invariant, and what it should be.
struct Correction {
    key: &'static str,
    published: &'static str,
    expression: &'static str,
}

/// The expression that is evaluated for the one that is published.
pub(crate) fn corrected<'e>(key: &str, published: &'e str) -> &'e str {
    if key.ends_with("-0") && published == NAME_UNANCHORED {
        return NAME;
    }
    let found = CORRECTIONS.iter().find(|correction| correction.key == key && correction.published == published);
    found.map_or(published, |correction| correction.expression)
}

/// The name of a conformance resource: `matches()` looks for the pattern anywhere, and the whole name is meant.
const NAME_UNANCHORED: &str = "name.matches('[A-Z]([A-Za-z0-9_]){0,254}')";
const NAME: &str = "name.matches('^[A-Z]([A-Za-z0-9_]){0,254}$')";

const CORRECTIONS: &[Correction] = &[
    // A reference without a literal is empty, which is not true, and `#` alone is the resource that contains this one, as R5 has it.
    Correction {
        key: "ref-1",
        published: "reference.startsWith('#').not() or (reference.substring(1).trace('url') in %rootResource.contained.id.trace('ids'))",
        expression: "reference.empty() or reference.startsWith('#').not() or reference = '#' or (reference.substring(1) in %rootResource.contained.id)",
    },
    // Quantities whose units cannot be compared have no order, and those in the same unit have one, be it UCUM's or not. R5 asks for comparable ones.
    Correction {
        key: "rng-2",
        published: "low.empty() or high.empty() or (low <= high)",
        expression: "low.value.empty() or high.value.empty() or iif(low.system = %ucum and high.system = %ucum, (low <= high).empty() or low <= high, (low.system ~ high.system and low.code ~ high.code and low.unit ~ high.unit) implies low.value <= high.value)",
    },
    // Without a probability the implication is empty, which is not true.
    Correction {
        key: "ras-2",
        published: "probability is decimal implies (probability as decimal) <= 100",
        expression: "probability.empty() or ((probability is decimal) implies ((probability as decimal) <= 100))",
    },
    // Without a fullUrl the expression is empty, which is not true.
    Correction {
        key: "bdl-8",
        published: "fullUrl.contains('/_history/').not()",
        expression: "fullUrl.empty() or fullUrl.contains('/_history/').not()",
    },
    // The sentence of the invariant says "more than one", and so does R5.
    Correction {
        key: "que-12",
        published: "enableWhen.count() > 2 implies enableBehavior.exists()",
        expression: "enableWhen.count() > 1 implies enableBehavior.exists()",
    },
    // `Boolean` with a capital is the type of System; the answer is one of FHIR.
    Correction {
        key: "que-7",
        published: "operator = 'exists' implies (answer is Boolean)",
        expression: "operator = 'exists' implies (answer is boolean)",
    },
    // A response has one answer to each code that repeats: `when` repeats, and `in` takes one item.
    Correction {
        key: "tim-9",
        published: "offset.empty() or (when.exists() and ((when in ('C' | 'CM' | 'CD' | 'CV')).not()))",
        expression: "offset.empty() or (when.exists() and when.where($this in ('C' | 'CM' | 'CD' | 'CV')).empty())",
    },
    // Of a period or a timing the conversion gives nothing, which is not true, and the sentence speaks of dateTime only.
    Correction {
        key: "vs-1",
        published: "($this as dateTime).toString().length() >= 8",
        expression: "($this is dateTime).not() or $this.hasValue().not() or $this.toString().length() >= 8",
    },
    // A category is a concept with codings, which never equals a string.
    Correction {
        key: "con-3",
        published: "clinicalStatus.exists() or verificationStatus.coding.where(system='http://terminology.hl7.org/CodeSystem/condition-ver-status' and code = 'entered-in-error').exists() or category.select($this='problem-list-item').empty()",
        expression: "clinicalStatus.exists() or verificationStatus.coding.where(system='http://terminology.hl7.org/CodeSystem/condition-ver-status' and code = 'entered-in-error').exists() or category.coding.where(system='http://terminology.hl7.org/CodeSystem/condition-category' and code='problem-list-item').empty()",
    },
    // Paths are matched whole: `matches()` looks for the pattern anywhere, and nothing is found everywhere.
    Correction {
        key: "eld-19",
        published: r#"path.matches('[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\.[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\[x\\])?(\\:[^\\s\\.]+)?)*')"#,
        expression: r#"path.matches('^[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\.[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\[x\\])?(\\:[^\\s\\.]+)?)*$')"#,
    },
    Correction {
        key: "eld-20",
        published: r"path.matches('[A-Za-z][A-Za-z0-9]*(\\.[a-z][A-Za-z0-9]*(\\[x])?)*')",
        expression: r"path.matches('^[A-Za-z][A-Za-z0-9]*(\\.[a-z][A-Za-z0-9]*(\\[x])?)*$')",
    },
];

#[cfg(test)]
mod tests;
