//! `ConceptMap/$translate`: a code in the words of another system (<http://hl7.org/fhir/R4/conceptmap-operation-translate.html>).

use ::terminology::request::TranslateRequest;
use ::terminology::translate;

use super::super::{Call, Operation, Parameter, Reply, Right, Types};
use super::engine::{answer, parameters};
use super::shared::{CODE, CODEABLE_CONCEPT, CODING, DIAGNOSTICS, RESOURCES, SYSTEM, SYSTEM_VERSION, UUID, VERSION};
use crate::{Context, Error};

pub(in crate::operation) const OPERATION: Operation = Operation {
    code: "translate",
    id: "ConceptMap-translate",
    name: "ConceptMapTranslate",
    doc: "Translates a code by a concept map, or by all that there are, in either direction.",
    is_standard: true,
    system: false,
    on_type: true,
    on_instance: true,
    on_version: false,
    types: Types::Only(&["ConceptMap"]),
    affects_state: false,
    takes_criteria: false,
    right: Right::Definitions(&["CodeSystem", "ConceptMap", "ValueSet"]),
    parameters: &[
        Parameter::input("url", "uri", 0, Some(1), "The canonical address of the concept map; all that are there when none is named."),
        Parameter::input("conceptMap", "ConceptMap", 0, Some(1), "The concept map itself."),
        Parameter::input("conceptMapVersion", "string", 0, Some(1), "The version of the concept map."),
        CODE,
        SYSTEM,
        VERSION,
        Parameter::input("source", "uri", 0, Some(1), "The value set that the code is from."),
        CODING,
        CODEABLE_CONCEPT,
        Parameter::input("target", "uri", 0, Some(1), "The value set that a code is wanted from."),
        Parameter::input("targetsystem", "uri", 0, Some(1), "The code system that a code is wanted from."),
        Parameter::input("dependency", "", 0, None, "A value that the translation depends on: `element` and `concept`.").of_parts(),
        Parameter::input("reverse", "boolean", 0, Some(1), "Whether from the target of the map to its source."),
        Parameter::input("sourceCode", "code", 0, Some(1), "`code`, as R5 names it."),
        Parameter::input("sourceSystem", "uri", 0, Some(1), "`system`, as R5 names it."),
        Parameter::input("sourceVersion", "string", 0, Some(1), "`version`, as R5 names it."),
        Parameter::input("sourceScope", "uri", 0, Some(1), "`source`, as R5 names it."),
        Parameter::input("sourceCoding", "Coding", 0, Some(1), "`coding`, as R5 names it."),
        Parameter::input("sourceCodeableConcept", "CodeableConcept", 0, Some(1), "`codeableConcept`, as R5 names it."),
        Parameter::input("targetCode", "code", 0, Some(1), "A code of the target, for what is mapped to it."),
        Parameter::input("targetCoding", "Coding", 0, Some(1), "The same with its system."),
        Parameter::input("targetCodeableConcept", "CodeableConcept", 0, Some(1), "The same, any number of codes."),
        Parameter::input("targetScope", "uri", 0, Some(1), "`target`, as R5 names it."),
        Parameter::input("targetSystem", "uri", 0, Some(1), "`targetsystem`, as R5 names it."),
        SYSTEM_VERSION,
        DIAGNOSTICS,
        UUID,
        RESOURCES,
        Parameter::output("result", "boolean", 1, Some(1), "Whether there is a translation."),
        Parameter::output("message", "string", 0, Some(1), "Why there is none, or what to mind."),
        Parameter::output("match", "", 0, None, "A translation: `equivalence`, `concept`, `product` and `source`.").of_parts(),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// Parameters with the translations; none is an answer.
///
/// [`Error::Terminology`] when there is nothing to translate, or a map or value set that is named is not there.
async fn run(ctx: &Context, call: Call) -> Result<Reply, Error> {
    let parameters = parameters(ctx, &call, "conceptMap").await?;
    answer(ctx, &parameters, |engine, parameters| translate(engine, &TranslateRequest::read(parameters)?)).await
}
