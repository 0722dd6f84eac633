//! The values of each kind of parameter.

use search::Registry;
use store::commit::NO_DATE;
use store::entry::EntryValue;

use super::{date, extract, extract_with, local, quantity, range, text, token, uri, values};

const UCUM: &str = "http://unitsofmeasure.org";
const LOINC: &str = "http://loinc.org";

#[test]
fn a_patient() {
    let patient = extract(
        r#"{"resourceType":"Patient","id":"p","meta":{"tag":[{"system":"S","code":"T"}],"profile":["http://p|2"],"source":"http://src"},
        "identifier":[{"system":"urn:mrn","value":"AB-1"}],"active":true,"gender":"female","birthDate":"1990-05",
        "name":[{"family":"Müller","given":["Änne","Maria"],"text":"Änne  MÜLLER"}],
        "telecom":[{"system":"phone","value":"+49 1"},{"system":"email","value":"A@b.c"}],
        "address":[{"line":["Weg 1"],"city":"Köln","postalCode":"50667","use":"home"}],
        "communication":[{"language":{"text":"Kölsch"}}],
        "generalPractitioner":[{"reference":"Practitioner/1"},{"identifier":{"system":"urn:npi","value":"X9"}}]}"#,
    );
    let of = |code: &str| values(&patient, &format!("Patient.{code}"));
    assert_eq!(of("_tag"), [token("S", "t")]);
    assert_eq!(of("_profile"), [uri("http://p", "2")]);
    assert_eq!(of("_source"), [uri("http://src", "")]);
    assert_eq!(of("identifier"), [token("urn:mrn", "ab-1")]);
    assert_eq!(of("active"), [token("", "true")]);
    assert_eq!(of("gender"), [token("http://hl7.org/fhir/administrative-gender", "female")]);
    assert_eq!(of("birthdate"), [date("1990-05-01", "1990-05-31")]);
    let family = text("muller", "Müller");
    assert_eq!(of("family"), std::slice::from_ref(&family));
    assert_eq!(of("given"), [text("anne", "Änne"), text("maria", "Maria")]);
    assert_eq!(of("name"), [text("anne", "Änne"), text("anne muller", "Änne  MÜLLER"), text("maria", "Maria"), family]);
    assert_eq!(of("phone"), [token("", "+49 1")]);
    assert_eq!(of("email"), [token("", "a@b.c")]);
    assert_eq!(of("telecom"), [token("", "+49 1"), token("", "a@b.c")]);
    assert_eq!(of("address"), [text("50667", "50667"), text("koln", "Köln"), text("weg 1", "Weg 1")]);
    assert_eq!(of("address-use"), [token("http://hl7.org/fhir/address-use", "home")]);
    assert_eq!(of("language"), [token("", "")], "a concept with a text only is there");
    assert_eq!(of("general-practitioner"), [token("urn:npi", "x9"), local("Practitioner/1")]);
    assert_eq!(of("deceased"), [token("", "false")]);
    assert_eq!(patient.date, NO_DATE);
}

#[test]
fn whether_a_patient_is_deceased() {
    let deceased = |member: &str| values(&extract(&format!(r#"{{"resourceType":"Patient"{member}}}"#)), "Patient.deceased");
    assert_eq!(deceased(r#","deceasedBoolean":true"#), [token("", "true")]);
    assert_eq!(deceased(r#","deceasedBoolean":false"#), [token("", "false")]);
    assert_eq!(deceased(r#","deceasedDateTime":"2020""#), [token("", "true")]);
}

#[test]
fn an_observation() {
    let observation = extract(
        r#"{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8480-6"},{"code":"SBP"}]},
        "subject":{"reference":"Patient/1"},"encounter":{"reference":"http://other/Encounter/2"},
        "effectivePeriod":{"start":"2020-01-01T10:00:00+01:00"},
        "valueQuantity":{"value":120.0,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"},
        "component":[{"code":{"coding":[{"code":"a"}]},"valueString":"Ünter"},{"code":{"coding":[{"code":"b"}]},"valueQuantity":{"value":5,"comparator":"<"}}]}"#,
    );
    let of = |code: &str| values(&observation, &format!("Observation.{code}"));
    let loinc = token(LOINC, "8480-6");
    assert_eq!(of("code"), [loinc.clone(), token("", "sbp")]);
    assert_eq!(of("combo-code"), [loinc.clone(), token("", "a"), token("", "b"), token("", "sbp")]);
    assert_eq!(of("subject"), [local("Patient/1")]);
    assert_eq!(of("patient"), [local("Patient/1")]);
    assert_eq!(of("encounter"), [uri("http://other/Encounter/2", "")]);
    assert_eq!(of("date"), [date("2020-01-01T09:00:00Z", "")]);
    let (coded, named) = (quantity("120", "120", UCUM, "mm[Hg]"), quantity("120", "120", "", "mmHg"));
    assert_eq!(of("value-quantity"), [named.clone(), coded.clone()]);
    let below = quantity("x", "5", "", "");
    assert_eq!(of("component-value-quantity"), std::slice::from_ref(&below));
    let combined = |code: &EntryValue, value: &EntryValue| EntryValue::Composite(vec![code.clone(), value.clone()]);
    let sbp = token("", "sbp");
    let own = [combined(&loinc, &named), combined(&loinc, &coded), combined(&sbp, &named), combined(&sbp, &coded)];
    assert_eq!(of("code-value-quantity"), own);
    assert_eq!(of("component-code-value-quantity"), [combined(&token("", "b"), &below)], "a value goes with the code of its own component");
    assert_eq!(of("combo-code-value-quantity").len(), 5);
    assert_eq!(of("value-string"), []);
    let EntryValue::Date(span) = date("2020-01-01T09:00:00Z", "") else { panic!("a date") };
    assert_eq!(observation.date, span.first);
}

#[test]
fn times() {
    let timing = |timing: &str| {
        let request = extract(&format!(r#"{{"resourceType":"ServiceRequest","occurrenceTiming":{timing}}}"#));
        values(&request, "ServiceRequest.occurrence")
    };
    assert_eq!(timing(r#"{"event":["2020-02","2020-01-05"]}"#), [date("2020-01-05", "2020-02")]);
    assert_eq!(timing(r#"{"repeat":{"boundsPeriod":{"start":"2020","end":"2021"}}}"#), [date("2020", "2021")]);
    assert_eq!(timing(r#"{"repeat":{"boundsPeriod":{"end":"2021"}}}"#), [date("", "2021")]);
    assert_eq!(timing(r#"{"repeat":{"frequency":1}}"#), []);
    let condition = extract(
        r#"{"resourceType":"Condition","recordedDate":"2020-03-01","onsetDateTime":"2019","abatementAge":{"value":5,"code":"a","system":"http://unitsofmeasure.org"}}"#,
    );
    assert_eq!(values(&condition, "Condition.onset-date"), [date("2019", "2019")]);
    assert_eq!(values(&condition, "Condition.abatement-date"), []);
    assert_eq!(values(&condition, "Condition.abatement-age"), [quantity("5", "5", UCUM, "a")]);
    assert_eq!(condition.date, fhir::primitive::Temporal::parse("2020-03-01").expect("a date").first_ms());
}

#[test]
fn a_date_in_a_composite() {
    let code_and_date = |value: &str| {
        let observation = extract(&format!(r#"{{"resourceType":"Observation","code":{{"coding":[{{"code":"a"}}]}},{value}}}"#));
        values(&observation, "Observation.code-value-date")
    };
    let pair = |date| EntryValue::Composite(vec![token("", "a"), date]);
    assert_eq!(code_and_date(r#""valueDateTime":"2020-02""#), [pair(date("2020-02", "2020-02"))]);
    assert_eq!(code_and_date(r#""valuePeriod":{"start":"2020"}"#), [pair(date("2020", ""))]);
}

#[test]
fn numbers_and_ranges() {
    let risk = extract(
        r#"{"resourceType":"RiskAssessment","prediction":[{"probabilityDecimal":0.50},{"probabilityRange":{"low":{"value":1},"high":{"value":2}}}]}"#,
    );
    let (half, some) = (EntryValue::Number(range("0.5", "0.5")), EntryValue::Number(range("1", "2")));
    assert_eq!(values(&risk, "RiskAssessment.probability"), [half, some]);
    let sampled = extract(
        r#"{"resourceType":"Observation","valueSampledData":{"origin":{"value":0,"unit":"mV"},"period":1,"lowerLimit":-3,"upperLimit":3,"dimensions":1,"data":"1 2"}}"#,
    );
    assert_eq!(values(&sampled, "Observation.value-quantity"), [quantity("-3", "3", "", "mV")]);
    let money = extract(r#"{"resourceType":"Invoice","totalNet":{"value":48.00,"currency":"EUR"}}"#);
    assert_eq!(values(&money, "Invoice.totalnet"), [quantity("48", "48", "urn:iso:std:iso:4217", "EUR")]);
}

#[test]
fn references_in_all_their_forms() {
    let subject = |registry: &Registry, reference: &str| {
        let text = format!(
            r#"{{"resourceType":"Observation","subject":{{"reference":"{reference}"}},"contained":[{{"resourceType":"Patient","id":"c"}}]}}"#
        );
        let extracted = extract_with(registry, &text);
        (values(&extracted, "Observation.subject"), values(&extracted, "Observation.patient"))
    };
    let plain = Registry::standard();
    assert_eq!(subject(&plain, "Patient/1"), (vec![local("Patient/1")], vec![local("Patient/1")]));
    assert_eq!(subject(&plain, "Group/1"), (vec![local("Group/1")], vec![]));
    let versioned = vec![local("Patient/1"), uri("Patient/1/_history/2", "")];
    assert_eq!(subject(&plain, "Patient/1/_history/2"), (versioned.clone(), versioned));
    assert_eq!(subject(&plain, "http://ward.test/fhir/Patient/1").0, [uri("http://ward.test/fhir/Patient/1", "")]);
    assert_eq!(subject(&Registry::with_bases(["http://ward.test/fhir/"]), "http://ward.test/fhir/Patient/1").0, [local("Patient/1")]);
    assert_eq!(subject(&plain, "urn:uuid:1-2").0, [uri("urn:uuid:1-2", "")]);
    assert_eq!(subject(&plain, "#c").0, [local("Patient/#c")], "an id that no resource of the server has");
    assert_eq!(subject(&plain, "#c").1, [local("Patient/#c")]);
    assert_eq!(subject(&plain, "#").0, [local("Observation/#")], "the resource itself");
    assert_eq!(subject(&plain, "#d").0, [], "nothing there has that id");
}

#[test]
fn canonicals_and_uris() {
    let plan = extract(r#"{"resourceType":"PlanDefinition","url":"http://x/a|b","library":["http://lib|1.0","Library/2"]}"#);
    assert_eq!(values(&plan, "PlanDefinition.url"), [uri("http://x/a|b", "")], "a uri has no version");
    assert_eq!(values(&plan, "PlanDefinition.depends-on"), [local("Library/2"), uri("Library/2", ""), uri("http://lib", "1.0")]);
}

#[test]
fn several_values_of_a_type_are_picked_from_many() {
    let value_set = extract(
        r#"{"resourceType":"ValueSet","useContext":[{"code":{"code":"a"},"valueCodeableConcept":{"coding":[{"code":"x"}]}},
        {"code":{"code":"b"},"valueQuantity":{"value":1,"code":"d"}},{"code":{"code":"c"},"valueCodeableConcept":{"coding":[{"code":"y"}]}}]}"#,
    );
    assert_eq!(values(&value_set, "ValueSet.context"), [token("", "x"), token("", "y")]);
    let pair = |code: &str, value: &str| EntryValue::Composite(vec![token("", code), token("", value)]);
    assert_eq!(values(&value_set, "ValueSet.context-type-value"), [pair("a", "x"), pair("c", "y")]);
    assert_eq!(values(&value_set, "ValueSet.context-quantity"), [quantity("1", "1", "", "d")]);
}

#[test]
fn what_the_resource_says_elsewhere_takes_part_in_a_composite() {
    let sequence = extract(
        r#"{"resourceType":"MolecularSequence","coordinateSystem":0,"referenceSeq":{"chromosome":{"coding":[{"code":"22"}]}},"variant":[{"start":10,"end":20}]}"#,
    );
    let number = |text| EntryValue::Number(range(text, text));
    let expected = EntryValue::Composite(vec![token("", "22"), number("10"), number("20")]);
    assert_eq!(values(&sequence, "MolecularSequence.chromosome-variant-coordinate"), [expected]);
}
