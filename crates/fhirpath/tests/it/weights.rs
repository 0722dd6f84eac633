//! `weight()`: the scores of answers.

use fhir::{Value, array, object};
use fhirpath::{Context, Expression, Item};

fn scored(score: &str) -> Value {
    array![object! { "url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": Value::Number(score.into()) }]
}

fn questionnaire() -> Value {
    let option =
        |code: &'static str, score: &str| object! { "extension": scored(score), "valueCoding": object! { "system": "s", "code": code } };
    let concepts = array![object! { "extension": scored("7"), "code": "v" }];
    let include = object! { "system": "s", "concept": concepts };
    object! {
        "resourceType": "Questionnaire",
        "contained": array![object! { "resourceType": "ValueSet", "id": "set", "compose": object! { "include": array![include] } }],
        "item": array![object! { "linkId": "group", "item": array![
            object! { "linkId": "options", "answerOption": array![option("a", "1"), option("b", "2.5")] },
            object! { "linkId": "set", "answerValueSet": "#set" },
        ] }],
    }
}

fn response() -> Value {
    let answer = |coding: Value| array![object! { "valueCoding": coding }];
    let code = |code: &'static str| object! { "system": "s", "code": code };
    let own = object! { "extension": scored("4"), "code": "x" };
    object! {
        "resourceType": "QuestionnaireResponse",
        "item": array![object! { "linkId": "group", "item": array![
            object! { "linkId": "options", "answer": answer(code("b")) },
            object! { "linkId": "set", "answer": answer(code("v")) },
            object! { "linkId": "own", "answer": answer(own) },
        ] }],
    }
}

fn result(text: &str, with_questionnaire: bool) -> Result<String, String> {
    let (questionnaire, response) = (questionnaire(), response());
    let mut context = Context::new(&response);
    if with_questionnaire {
        context = context.with_variable("questionnaire", [Item::resource(&questionnaire)]);
    }
    let items = Expression::parse(text).and_then(|expression| expression.evaluate(&context, &Item::resource(&response)));
    let items = items.map_err(|error| error.to_string())?;
    Ok(items.iter().map(|item| item.as_string().unwrap_or_default().into_owned()).collect::<Vec<_>>().join(","))
}

#[test]
fn answers_have_the_scores_of_their_options() {
    assert_eq!(result("item.item.answer.weight()", true).as_deref(), Ok("2.5,7,4"));
    assert_eq!(result("item.item.answer.value.ordinal().sum()", true).as_deref(), Ok("13.5"));
    assert_eq!(result("%questionnaire.item.item.answerOption.weight()", true).as_deref(), Ok("1,2.5"));
    assert_eq!(result("item.linkId.weight()", true).as_deref(), Ok(""));
}

#[test]
fn an_answer_without_a_score_of_its_own_needs_the_questionnaire() {
    assert_eq!(result("item.item.where(linkId = 'own').answer.weight()", false).as_deref(), Ok("4"));
    assert!(result("item.item.answer.weight()", false).is_err_and(|error| error.contains("%questionnaire")));
}
