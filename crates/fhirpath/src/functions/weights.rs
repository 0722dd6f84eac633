//! `weight()`: the scores of answers and codes, as Structured Data Capture has it
//! (<https://hl7.org/fhir/uv/sdc/expressions.html#fhirpath-supplements>).

use fhir::Value;

use super::Call;
use crate::error::Result;
use crate::item::{Collection, Item};
use crate::node::Node;
use crate::number;

/// The extensions that hold a score.
const SCORES: [&str; 2] = ["http://hl7.org/fhir/StructureDefinition/ordinalValue", "http://hl7.org/fhir/StructureDefinition/itemWeight"];

/// The score of each item that has one: its own, that of the option it chose in `%questionnaire`, or that of its code in a value set or
/// code system that the resource or the questionnaire contains.
pub(super) fn weight<'a>(call: &Call<'_, 'a>) -> Result<Collection<'a>> {
    let mut weights = Collection::new();
    for item in call.focus {
        call.charge(10)?;
        weights.extend(weight_of(call, item)?);
    }
    Ok(weights)
}

fn weight_of<'a>(call: &Call<'_, 'a>, item: &Item<'a>) -> Result<Option<Item<'a>>> {
    let Some(node) = item.node() else { return Ok(None) };
    if let Some(own) = own_score(node) {
        return Ok(Some(own));
    }
    if node.type_name() == "QuestionnaireResponse.item.answer" {
        let mut values = Collection::new();
        node.each_child(&mut |child| {
            if child.name == "value" {
                values.push(child.node.into());
            }
        });
        return values.first().and_then(Item::node).map_or(Ok(None), |value| answered(call, item, value));
    }
    match call.evaluator.places().above(item) {
        Some((answer, _)) if answer.type_name() == "QuestionnaireResponse.item.answer" => answered(call, &answer, node),
        Some((include, _)) if include.type_name() == "ValueSet.compose.include" => {
            let system = include.value().and_then(|include| include.text("system"));
            let code = node.value().and_then(|concept| concept.text("code"));
            Ok(system.zip(code).and_then(|(system, code)| in_code_systems(&containers(call, item), system, code)))
        }
        _ => {
            let coded = node.value().filter(|_| node.type_name() == "Coding");
            let code = coded.and_then(|coding| Some((coding.text("system")?, coding.text("code")?)));
            Ok(code.and_then(|(system, code)| in_code_systems(&containers(call, item), system, code)))
        }
    }
}

/// The score of a value that was given as an answer.
fn answered<'a>(call: &Call<'_, 'a>, answer: &Item<'a>, value: &Node<'a>) -> Result<Option<Item<'a>>> {
    if let Some(own) = own_score(value) {
        return Ok(Some(own));
    }
    let Some(questionnaire) = call.evaluator.context.variable("questionnaire").and_then(|items| items.first()?.value()) else {
        return call.fail(&format!("{}() of an answer needs the variable %questionnaire", call.function.name));
    };
    let above = call.evaluator.places().ancestors(answer);
    let Some(link) = above.iter().find_map(|item| item.value()?.text("linkId")) else { return Ok(None) };
    let Some(question) = question(questionnaire, link, MAX_DEPTH) else { return Ok(None) };
    let member = |option: &&'a Value| {
        let object = option.as_object()?;
        object.iter().find(|(name, _)| name.starts_with("value")).map(|(_, chosen)| is_chosen(value, chosen))
    };
    if let Some(option) = question.list("answerOption").find(|option| member(option) == Some(true))
        && let Some(score) = score(option)
    {
        return Ok(Some(score));
    }
    let coding = value.value().and_then(|coding| Some((coding.text("system")?, coding.text("code")?)));
    let Some((system, code)) = coding else { return Ok(None) };
    if let Some(id) = question.text("answerValueSet").and_then(|url| url.strip_prefix('#')) {
        let set = questionnaire.list("contained").find(|resource| resource.text("id") == Some(id));
        let includes = set.and_then(|set| set.get("compose")).into_iter().flat_map(|compose| compose.list("include"));
        let mut concepts = includes.filter(|include| include.text("system") == Some(system)).flat_map(|include| include.list("concept"));
        if let Some(score) = concepts.find(|concept| concept.text("code") == Some(code)).and_then(score) {
            return Ok(Some(score));
        }
    }
    let mut resources = containers(call, answer);
    resources.push(questionnaire);
    Ok(in_code_systems(&resources, system, code))
}

/// How deep questions and concepts are looked for in each other.
const MAX_DEPTH: usize = 100;

/// The question of that link.
fn question<'a>(within: &'a Value, link: &str, depth: usize) -> Option<&'a Value> {
    let deeper = depth.checked_sub(1)?;
    within.list("item").find_map(|item| if item.text("linkId") == Some(link) { Some(item) } else { question(item, link, deeper) })
}

/// Whether an option is the value that was chosen: of a coding, system and code count.
fn is_chosen(value: &Node<'_>, option: &Value) -> bool {
    match value.value() {
        Some(chosen @ Value::Object(_)) if chosen.get("code").is_some() => {
            chosen.text("code") == option.text("code") && chosen.text("system") == option.text("system")
        }
        chosen => chosen == Some(option),
    }
}

/// The resources that may contain code systems: those in which the item stands.
fn containers<'a>(call: &Call<'_, 'a>, item: &Item<'a>) -> Vec<&'a Value> {
    let above = call.evaluator.places().ancestors(item);
    above.iter().filter(|item| item.node().is_some_and(Node::is_resource)).filter_map(Item::value).collect()
}

/// The score of a code in the first of the contained code systems that has it.
fn in_code_systems<'a>(resources: &[&'a Value], system: &str, code: &str) -> Option<Item<'a>> {
    let contained = resources.iter().flat_map(|resource| resource.list("contained"));
    let mut systems = contained.filter(|one| one.resource_type() == Some("CodeSystem") && one.text("url") == Some(system));
    systems.find_map(|system| concept(system, code, MAX_DEPTH)).and_then(score)
}

fn concept<'a>(within: &'a Value, code: &str, depth: usize) -> Option<&'a Value> {
    let deeper = depth.checked_sub(1)?;
    within.list("concept").find_map(|one| if one.text("code") == Some(code) { Some(one) } else { concept(one, code, deeper) })
}

fn own_score<'a>(node: &Node<'a>) -> Option<Item<'a>> {
    [node.value(), node.sibling()].into_iter().flatten().find_map(score)
}

/// The score in the extensions of a value.
fn score<'a>(value: &'a Value) -> Option<Item<'a>> {
    let extension = value.list("extension").find(|extension| extension.text("url").is_some_and(|url| SCORES.contains(&url)))?;
    number::decimal(extension.get("valueDecimal")?.as_number()?).map(Item::from)
}
