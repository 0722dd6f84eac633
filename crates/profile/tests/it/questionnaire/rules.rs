//! Each rule of questionnaires and of responses, broken once.

use fhir::library::Shelf;
use fhir::{Severity, Value};
use profile::codes;
use profile::questionnaire::{Surroundings, check, check_response};

fn parse(text: &str) -> Value {
    fhir::json::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The errors of a completed response with these items to a questionnaire with those.
fn answered(questions: &str, items: &str) -> Vec<(u16, String)> {
    told("completed", questions, items)
        .into_iter()
        .filter(|(_, severity, _)| *severity == Severity::Error)
        .map(|(number, _, place)| (number, place))
        .collect()
}

fn told(status: &str, questions: &str, items: &str) -> Vec<(u16, Severity, String)> {
    let questionnaire =
        parse(&format!(r#"{{"resourceType":"Questionnaire","url":"http://a/q","version":"1.0","status":"active","item":[{questions}]}}"#));
    let library = Shelf::new([questionnaire]);
    let response = parse(&format!(
        r#"{{"resourceType":"QuestionnaireResponse","questionnaire":"http://a/q|1.0","status":"{status}","item":[{items}]}}"#
    ));
    let mut issues = Vec::new();
    check_response(&response, &Surroundings { library: &library, terminology: None }, &mut issues);
    issues.into_iter().map(|issue| (issue.number, issue.severity, issue.expression)).collect()
}

fn at(number: u16, place: &str) -> Vec<(u16, String)> {
    vec![(number, place.to_owned())]
}

const ITEM: &str = "QuestionnaireResponse.item[0]";
const ANSWER: &str = "QuestionnaireResponse.item[0].answer[0].value";

#[test]
fn items_stand_where_the_questionnaire_has_them() {
    let questions = r#"{"linkId":"1","type":"string"},{"linkId":"2","type":"group","item":[{"linkId":"2.1","type":"string"}]}"#;
    let one = r#"{"linkId":"1","answer":[{"valueString":"a"}]}"#;
    let two = r#"{"linkId":"2","item":[{"linkId":"2.1","answer":[{"valueString":"a"}]}]}"#;
    assert_eq!(answered(questions, &format!("{one},{two}")), []);
    assert_eq!(answered(questions, &format!("{two},{one}")), at(codes::RESPONSE_STRUCTURE, "QuestionnaireResponse.item[1]"));
    assert_eq!(answered(questions, r#"{"linkId":"3"}"#), at(codes::RESPONSE_STRUCTURE, ITEM));
    assert_eq!(answered(questions, r#"{"linkId":"2.1"}"#), at(codes::RESPONSE_STRUCTURE, ITEM));
    assert_eq!(answered(questions, r#"{"linkId":"2","answer":[{"valueString":"a"}]}"#), at(codes::RESPONSE_STRUCTURE, ITEM));
    assert_eq!(answered(questions, &format!("{one},{one}")), at(codes::RESPONSE_REPEATS, "QuestionnaireResponse.item[1]"));
}

#[test]
fn items_below_a_question_stand_in_its_answers() {
    let questions = r#"{"linkId":"1","type":"string","item":[{"linkId":"1.1","type":"integer","required":true}]}"#;
    let nested = r#"{"linkId":"1","answer":[{"valueString":"a","item":[{"linkId":"1.1","answer":[{"valueInteger":1}]}]}]}"#;
    assert_eq!(answered(questions, nested), []);
    assert_eq!(
        answered(questions, r#"{"linkId":"1","answer":[{"valueString":"a"}]}"#),
        at(codes::RESPONSE_REQUIRED, &format!("{ITEM}.answer[0]"))
    );
    assert_eq!(answered(questions, r#"{"linkId":"1","item":[{"linkId":"1.1"}]}"#), at(codes::RESPONSE_STRUCTURE, &format!("{ITEM}.item")));
}

#[test]
fn required_items_are_answered_when_the_response_is_finished() {
    let questions = r#"{"linkId":"1","type":"string","required":true},{"linkId":"2","type":"string"}"#;
    assert_eq!(
        answered(questions, r#"{"linkId":"2","answer":[{"valueString":"a"}]}"#),
        at(codes::RESPONSE_REQUIRED, "QuestionnaireResponse")
    );
    assert_eq!(answered(questions, r#"{"linkId":"1"}"#), at(codes::RESPONSE_REQUIRED, ITEM));
    let unfinished = told("in-progress", questions, r#"{"linkId":"1"}"#);
    assert_eq!(unfinished, [(codes::RESPONSE_REQUIRED, Severity::Warning, ITEM.into())]);
}

#[test]
fn questions_take_as_many_answers_as_they_say() {
    let two = r#"{"linkId":"1","answer":[{"valueString":"a"},{"valueString":"b"}]}"#;
    assert_eq!(answered(r#"{"linkId":"1","type":"string"}"#, two), at(codes::RESPONSE_REPEATS, &format!("{ITEM}.answer[1]")));
    assert_eq!(answered(r#"{"linkId":"1","type":"string","repeats":true}"#, two), []);
    let limited = |name: &str, limit: u8| {
        let extension = format!(r#"{{"url":"http://hl7.org/fhir/StructureDefinition/questionnaire-{name}","valueInteger":{limit}}}"#);
        answered(&format!(r#"{{"linkId":"1","type":"string","repeats":true,"extension":[{extension}]}}"#), two)
    };
    assert_eq!(limited("maxOccurs", 2), []);
    assert_eq!(limited("maxOccurs", 1), at(codes::RESPONSE_REPEATS, ITEM));
    assert_eq!(limited("minOccurs", 3), at(codes::RESPONSE_REPEATS, ITEM));
}

#[test]
fn answers_are_of_the_type_of_their_question() {
    let values = [
        ("boolean", r#""valueBoolean":true"#),
        ("decimal", r#""valueDecimal":1.5"#),
        ("integer", r#""valueInteger":1"#),
        ("date", r#""valueDate":"2020""#),
        ("dateTime", r#""valueDateTime":"2020""#),
        ("time", r#""valueTime":"10:00:00""#),
        ("string", r#""valueString":"a""#),
        ("text", r#""valueString":"a""#),
        ("url", r#""valueUri":"http://a""#),
        ("choice", r#""valueCoding":{"code":"a"}"#),
        ("open-choice", r#""valueString":"a""#),
        ("attachment", r#""valueAttachment":{"title":"a"}"#),
        ("reference", r#""valueReference":{"reference":"Patient/1"}"#),
        ("quantity", r#""valueQuantity":{"value":1}"#),
    ];
    for (kind, value) in values {
        let question = format!(r#"{{"linkId":"1","type":"{kind}"}}"#);
        assert_eq!(answered(&question, &format!(r#"{{"linkId":"1","answer":[{{{value}}}]}}"#)), [], "{kind}");
        let other = if kind == "boolean" { r#""valueInteger":1"# } else { r#""valueBoolean":true"# };
        assert_eq!(answered(&question, &format!(r#"{{"linkId":"1","answer":[{{{other}}}]}}"#)), at(codes::RESPONSE_TYPE, ANSWER), "{kind}");
    }
}

#[test]
fn answers_are_among_the_options() {
    let options = r#""answerOption":[{"valueCoding":{"system":"http://s","code":"a"}},{"valueCoding":{"system":"http://s","code":"b"}}]"#;
    let choice = |kind: &str, value: &str| {
        answered(&format!(r#"{{"linkId":"1","type":"{kind}",{options}}}"#), &format!(r#"{{"linkId":"1","answer":[{{{value}}}]}}"#))
    };
    assert_eq!(choice("choice", r#""valueCoding":{"system":"http://s","code":"a","display":"any"}"#), []);
    assert_eq!(choice("choice", r#""valueCoding":{"system":"http://s","code":"c"}"#), at(codes::RESPONSE_OPTION, ANSWER));
    assert_eq!(choice("choice", r#""valueString":"a""#), at(codes::RESPONSE_OPTION, ANSWER));
    assert_eq!(choice("open-choice", r#""valueString":"anything""#), []);
    let integers = r#"{"linkId":"1","type":"integer","answerOption":[{"valueInteger":1},{"valueInteger":2}]}"#;
    assert_eq!(answered(integers, r#"{"linkId":"1","answer":[{"valueInteger":2}]}"#), []);
    assert_eq!(answered(integers, r#"{"linkId":"1","answer":[{"valueInteger":3}]}"#), at(codes::RESPONSE_OPTION, ANSWER));
    let exclusive = r#"{"linkId":"1","type":"string","repeats":true,"answerOption":[{"valueString":"a"},
        {"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive","valueBoolean":true}],"valueString":"none"}]}"#;
    let both = r#"{"linkId":"1","answer":[{"valueString":"a"},{"valueString":"none"}]}"#;
    assert_eq!(answered(exclusive, both), at(codes::RESPONSE_OPTION, &format!("{ITEM}.answer[1]")));
    assert_eq!(answered(exclusive, r#"{"linkId":"1","answer":[{"valueString":"none"}]}"#), []);
}

#[test]
fn value_sets_in_the_questionnaire_are_looked_into() {
    let questionnaire = parse(
        r##"{"resourceType":"Questionnaire","url":"http://a/q","item":[{"linkId":"1","type":"choice","answerValueSet":"#v"}],"contained":[
            {"resourceType":"ValueSet","id":"v","compose":{"include":[{"system":"http://s","concept":[{"code":"a"}]}]}}]}"##,
    );
    let library = Shelf::new([questionnaire]);
    let with = |code: &str| {
        let response = parse(&format!(
            r#"{{"resourceType":"QuestionnaireResponse","questionnaire":"http://a/q","item":[{{"linkId":"1","answer":[{{"valueCoding":{{"system":"http://s","code":"{code}"}}}}]}}]}}"#
        ));
        let mut issues = Vec::new();
        check_response(&response, &Surroundings { library: &library, terminology: None }, &mut issues);
        issues.into_iter().map(|issue| (issue.number, issue.expression)).collect::<Vec<_>>()
    };
    assert_eq!(with("a"), []);
    assert_eq!(with("b"), at(codes::RESPONSE_OPTION, ANSWER));
}

/// The errors of an answer to a question that depends on another one.
fn conditional(condition: &str, first: &str, second: &str) -> Vec<(u16, String)> {
    let questions = format!(
        r#"{{"linkId":"1","type":"integer","repeats":true}},{{"linkId":"2","type":"string","required":true,"enableWhen":[{condition}]}}"#
    );
    let items: Vec<String> = [("1", first), ("2", second)]
        .iter()
        .filter(|(_, answer)| !answer.is_empty())
        .map(|(id, answer)| format!(r#"{{"linkId":"{id}","answer":[{answer}]}}"#))
        .collect();
    answered(&questions, &items.join(","))
}

#[test]
fn conditions_enable_and_disable() {
    let answer = r#"{"valueString":"a"}"#;
    for (operator, value, holds, fails) in [
        ("=", r#""answerInteger":3"#, "3", "4"),
        ("!=", r#""answerInteger":3"#, "4", "3"),
        (">", r#""answerInteger":3"#, "4", "3"),
        (">=", r#""answerInteger":3"#, "3", "2"),
        ("<", r#""answerInteger":3"#, "2", "3"),
        ("<=", r#""answerInteger":3"#, "3", "4"),
    ] {
        let condition = format!(r#"{{"question":"1","operator":"{operator}",{value}}}"#);
        let first = |number: &str| format!(r#"{{"valueInteger":{number}}}"#);
        assert_eq!(conditional(&condition, &first(holds), answer), [], "{operator} {holds}");
        assert_eq!(conditional(&condition, &first(holds), ""), at(codes::RESPONSE_REQUIRED, "QuestionnaireResponse"), "{operator} {holds}");
        assert_eq!(
            conditional(&condition, &first(fails), answer),
            at(codes::RESPONSE_DISABLED, "QuestionnaireResponse.item[1]"),
            "{operator} {fails}"
        );
        assert_eq!(conditional(&condition, &first(fails), ""), [], "{operator} {fails}");
    }
    let exists = r#"{"question":"1","operator":"exists","answerBoolean":true}"#;
    assert_eq!(conditional(exists, r#"{"valueInteger":1}"#, answer), []);
    assert_eq!(conditional(exists, "", answer), at(codes::RESPONSE_DISABLED, ITEM));
    assert_eq!(conditional(&exists.replace("true", "false"), "", answer), []);
}

#[test]
fn several_conditions_are_all_needed_or_any() {
    let condition = |number: u8| format!(r#"{{"question":"1","operator":"=","answerInteger":{number}}}"#);
    let with = |behaviour: &str, first: &str| {
        let questions = format!(
            r#"{{"linkId":"1","type":"integer","repeats":true}},{{"linkId":"2","type":"string","enableBehavior":"{behaviour}","enableWhen":[{},{}]}}"#,
            condition(1),
            condition(2)
        );
        answered(&questions, &format!(r#"{{"linkId":"1","answer":[{first}]}},{{"linkId":"2","answer":[{{"valueString":"a"}}]}}"#))
    };
    let (one, both) = (r#"{"valueInteger":1}"#, r#"{"valueInteger":1},{"valueInteger":2}"#);
    assert_eq!(with("any", one), []);
    assert_eq!(with("all", both), []);
    assert_eq!(with("all", one), at(codes::RESPONSE_DISABLED, "QuestionnaireResponse.item[1]"));
}

#[test]
fn answers_keep_the_limits_of_their_question() {
    let limited = |kind: &str, own: &str, name: &str, limit: &str, value: &str| {
        let extension = format!(r#"[{{"url":"http://hl7.org/fhir/StructureDefinition/{name}",{limit}}}]"#);
        answered(
            &format!(r#"{{"linkId":"1","type":"{kind}"{own},"extension":{extension}}}"#),
            &format!(r#"{{"linkId":"1","answer":[{{{value}}}]}}"#),
        )
    };
    let cases = [
        ("integer", "", "minValue", r#""valueInteger":3"#, r#""valueInteger":3"#, r#""valueInteger":2"#),
        ("integer", "", "maxValue", r#""valueInteger":3"#, r#""valueInteger":3"#, r#""valueInteger":4"#),
        ("decimal", "", "maxValue", r#""valueDecimal":3.5"#, r#""valueDecimal":3.50"#, r#""valueDecimal":3.51"#),
        ("date", "", "minValue", r#""valueDate":"2020-02""#, r#""valueDate":"2020-02-01""#, r#""valueDate":"2020-01-31""#),
        ("time", "", "maxValue", r#""valueTime":"12:00:00""#, r#""valueTime":"12:00:00""#, r#""valueTime":"12:00:01""#),
        ("decimal", "", "maxDecimalPlaces", r#""valueInteger":1"#, r#""valueDecimal":1.5"#, r#""valueDecimal":1.55"#),
        ("string", "", "minLength", r#""valueInteger":2"#, r#""valueString":"ab""#, r#""valueString":"a""#),
        ("string", r#","maxLength":2"#, "any", r#""valueInteger":2"#, r#""valueString":"ab""#, r#""valueString":"abc""#),
        ("string", "", "regex", r#""valueString":"[0-9]{3}""#, r#""valueString":"123""#, r#""valueString":"1234""#),
        (
            "attachment",
            "",
            "mimeType",
            r#""valueCode":"image/png""#,
            r#""valueAttachment":{"contentType":"image/png"}"#,
            r#""valueAttachment":{"contentType":"image/gif"}"#,
        ),
        (
            "attachment",
            "",
            "maxSize",
            r#""valueDecimal":0.5"#,
            r#""valueAttachment":{"size":500000}"#,
            r#""valueAttachment":{"size":600000}"#,
        ),
    ];
    for (kind, own, name, limit, good, bad) in cases {
        assert_eq!(limited(kind, own, name, limit, good), [], "{name} {good}");
        assert_eq!(limited(kind, own, name, limit, bad), at(codes::RESPONSE_LIMIT, ANSWER), "{name} {bad}");
    }
}

#[test]
fn quantities_are_compared_in_their_units() {
    let quantity =
        |value: &str, code: &str| format!(r#""valueQuantity":{{"value":{value},"system":"http://unitsofmeasure.org","code":"{code}"}}"#);
    let limit =
        format!(r#"{{"url":"http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-maxQuantity",{}}}"#, quantity("5", "km"));
    let with = |answer: &str| {
        answered(
            &format!(r#"{{"linkId":"1","type":"quantity","extension":[{limit}]}}"#),
            &format!(r#"{{"linkId":"1","answer":[{{{answer}}}]}}"#),
        )
    };
    assert_eq!(with(&quantity("4000", "m")), []);
    assert_eq!(with(&quantity("6000", "m")), at(codes::RESPONSE_LIMIT, ANSWER));
    assert_eq!(with(&quantity("1", "kg")), at(codes::RESPONSE_LIMIT, ANSWER));
    let units = r#"{"url":"http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption","valueCoding":{"system":"http://unitsofmeasure.org","code":"km"}}"#;
    let with = |answer: &str| {
        answered(
            &format!(r#"{{"linkId":"1","type":"quantity","extension":[{units}]}}"#),
            &format!(r#"{{"linkId":"1","answer":[{{{answer}}}]}}"#),
        )
    };
    assert_eq!(with(&quantity("4", "km")), []);
    assert_eq!(with(&quantity("4", "m")), at(codes::RESPONSE_OPTION, ANSWER));
}

#[test]
fn invariants_of_the_questionnaire_are_evaluated() {
    let with = |expression: &str, severity: &str| {
        let questions = format!(
            r#"{{"linkId":"1","type":"string","repeats":true,"extension":[{{"url":"http://hl7.org/fhir/StructureDefinition/questionnaire-constraint","extension":[
                {{"url":"key","valueId":"k"}},{{"url":"severity","valueCode":"{severity}"}},{{"url":"expression","valueString":"{expression}"}},{{"url":"human","valueString":"two"}}]}}]}}"#
        );
        told("completed", &questions, r#"{"linkId":"1","answer":[{"valueString":"a"},{"valueString":"b"}]}"#)
    };
    assert_eq!(with("answer.count() = 2", "error"), []);
    let broken = |severity| vec![(codes::RESPONSE_CONSTRAINT, severity, ITEM.to_owned())];
    assert_eq!(with("answer.count() = 3", "error"), broken(Severity::Error));
    assert_eq!(with("answer.count() = 3", "warning"), broken(Severity::Warning));
    assert_eq!(with("answer.count( = 3", "error"), broken(Severity::Warning));
}

#[test]
fn a_questionnaire_is_found_or_missed() {
    let library = Shelf::new([parse(r#"{"resourceType":"ValueSet","url":"http://a/v"}"#)]);
    let with = |questionnaire: &str| {
        let response = parse(&format!(r#"{{"resourceType":"QuestionnaireResponse",{questionnaire}"item":[{{"linkId":"x"}}]}}"#));
        let mut issues = Vec::new();
        check_response(&response, &Surroundings { library: &library, terminology: None }, &mut issues);
        issues.into_iter().map(|issue| (issue.number, issue.severity)).collect::<Vec<_>>()
    };
    assert_eq!(with(""), [(codes::QUESTIONNAIRE_UNKNOWN, Severity::Warning)]);
    assert_eq!(with(r#""questionnaire":"http://a/q","#), [(codes::QUESTIONNAIRE_UNKNOWN, Severity::Warning)]);
    assert_eq!(with(r#""questionnaire":"http://a/v","#), [(codes::QUESTIONNAIRE_UNKNOWN, Severity::Error)]);
    let contained =
        r##""questionnaire":"#q","contained":[{"resourceType":"Questionnaire","id":"q","item":[{"linkId":"y","type":"string"}]}],"##;
    assert_eq!(with(contained), [(codes::RESPONSE_STRUCTURE, Severity::Error)]);
}

#[test]
fn conditions_of_a_questionnaire_make_sense() {
    let with = |items: &str| {
        let mut issues = Vec::new();
        let questionnaire = parse(&format!(r#"{{"resourceType":"Questionnaire","item":[{items}]}}"#));
        check(&questionnaire, &questionnaire, "Questionnaire", &mut issues);
        issues.into_iter().map(|issue| (issue.number, issue.severity, issue.expression)).collect::<Vec<_>>()
    };
    let depends = |id: &str, on: &str, condition: &str| {
        format!(r#"{{"linkId":"{id}","type":"string","enableWhen":[{{"question":"{on}",{condition}}}]}}"#)
    };
    let question = r#"{"linkId":"1","type":"integer"}"#;
    let equals = r#""operator":"=","answerInteger":1"#;
    assert_eq!(with(&format!("{question},{}", depends("2", "1", equals))), []);
    let place = |index: usize, what: &str| format!("Questionnaire.item[{index}].enableWhen[0]{what}");
    let number = codes::QUESTIONNAIRE_CONDITION;
    assert_eq!(with(&depends("2", "9", equals)), [(number, Severity::Error, place(0, ".question"))]);
    assert_eq!(with(&depends("2", "2", r#""operator":"exists","answerBoolean":true"#)), [(number, Severity::Error, place(0, ".question"))]);
    assert_eq!(with(&format!("{},{question}", depends("2", "1", equals))), [(number, Severity::Warning, place(0, ".question"))]);
    assert_eq!(
        with(&format!("{question},{}", depends("2", "1", r#""operator":"=","answerString":"1""#))),
        [(number, Severity::Warning, place(1, ""))]
    );
    let options = with(
        r##"{"linkId":"1","type":"integer","answerOption":[{"valueString":"a"}]},{"linkId":"2","type":"choice","answerValueSet":"#none"}"##,
    );
    assert_eq!(options.len(), 2, "{options:?}");
}
