//! Words: `:text`, `:of-type`, `_text`, `_content`.

use store::Store;
use store::commit::Tenant;
use store::query::{Filter, Query};

use super::{Hospital, kind, now};

const RESOURCES: &str = r#"
{"resourceType":"Condition","id":"lung","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><b>Bone</b> metastases &amp; cough</div>"},"code":{"text":"Chronic obstructive bronchitis","coding":[{"system":"urn:s","code":"J44","display":"COPD, unspecified"}]},"subject":{"reference":"Patient/p","display":"Peter Chalmers"}}
{"resourceType":"Condition","id":"liver","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Liver&#160;metastases</div>"},"code":{"coding":[{"display":"Headache (migräne)"}]},"subject":{"reference":"Patient/q"}}
{"resourceType":"Patient","id":"p","identifier":[{"type":{"text":"Record number","coding":[{"system":"urn:types","code":"MR"}]},"system":"urn:mrn","value":"A-1"},{"type":{"coding":[{"system":"urn:types","code":"SS"}]},"value":"77"}]}
{"resourceType":"Patient","id":"q","identifier":[{"type":{"coding":[{"system":"urn:types","code":"MR"}]},"value":"77"}],"managingOrganization":{"display":"Red X-ray Cross"}}
"#;

#[test]
fn words_beside_codes_are_found() {
    Hospital::of(RESOURCES).check(&[
        ("Condition?code:text=headache", "liver"),
        ("Condition?code:text=MIGRANE", "liver"),
        ("Condition?code:text=head", "liver"),
        ("Condition?code:text=ache", ""),
        ("Condition?code:text=obstructive%20bronch", "lung"),
        ("Condition?code:text=chronic%20bronchitis", ""),
        ("Condition?code:text=copd,headache", "liver lung"),
        ("Condition?code:text=J44", ""),
        ("Condition?subject:text=chalm", "lung"),
        ("Patient?organization:text=x-ray", "q"),
        ("Patient?identifier:text=record", "p"),
        ("Patient?_has:Condition:subject:code:text=headache", "q"),
    ]);
}

#[test]
fn long_texts_are_found_to_their_end() {
    let narrative = |id: &str, count: usize| {
        let words: String = (0..count).map(|number| format!("w{number} ")).collect();
        format!(r#"{{"resourceType":"Basic","id":"{id}","text":{{"status":"generated","div":"<div>{words}</div>"}}}}"#)
    };
    let hospital = Hospital::of(&[narrative("long", 5_000), narrative("longest", 21_000)].join("\n"));
    hospital.check(&[
        ("Basic?_text=w4999", "long longest"),
        ("Basic?_content=w4999", "long longest"),
        ("Basic?_text=%22w4998%20w4999%22", "long longest"),
        ("Basic?_text=w19999", "longest"),
        ("Basic?_text=w20000", ""),
    ]);
    for code in ["_text", "_content"] {
        let cut = Filter::Present(search::extract::cut_words(kind("Basic"), code));
        let found = now(hospital.store.search(&Query::new(Tenant(1), kind("Basic"), cut))).expect("an answer");
        assert_eq!(
            found.matches.iter().map(|version| &*version.key.id).collect::<Vec<_>>(),
            ["longest"],
            "{code} says where words are left out"
        );
    }
}

#[test]
fn identifiers_have_types() {
    Hospital::of(RESOURCES).check(&[
        ("Patient?identifier:of-type=urn:types|MR|a-1", "p"),
        ("Patient?identifier:of-type=urn:types|MR|77", "q"),
        ("Patient?identifier:of-type=urn:types|SS|77", "p"),
        ("Patient?identifier:of-type=urn:other|SS|77", ""),
        ("Patient?identifier:of-type=urn:types|MR|77,urn:types|SS|77", "p q"),
    ]);
}

#[test]
fn words_of_narratives_and_resources_are_found() {
    Hospital::of(RESOURCES).check(&[
        ("Condition?_text=metastases", "liver lung"),
        ("Condition?_text=(bone%20OR%20liver)%20and%20metastases", "liver lung"),
        ("Condition?_text=bone%20metastases", "lung"),
        ("Condition?_text=metast*", "liver lung"),
        ("Condition?_text=metast", ""),
        ("Condition?_text=metastases%20not%20bone", "liver"),
        ("Condition?_text=%22liver%20metastases%22", "liver"),
        ("Condition?_text=%22metastases%20liver%22", ""),
        ("Condition?_text=bronchitis", ""),
        ("Condition?_text=xmlns", ""),
        ("Condition?_content=bronchitis", "lung"),
        ("Condition?_content=metastases", "liver lung"),
        ("Condition?_content=j44", "lung"),
        ("Condition?_content=Patient", ""),
        ("Condition?_content=bronchitits~", "lung"),
        ("Condition?_content=kidney~", ""),
        ("?_type=Condition,Patient&_content=record,headache", "Condition/liver Patient/p"),
    ]);
}

#[test]
fn nothing_is_lost_in_long_texts() {
    let words: Vec<String> = (0..300).map(|number| format!("word{number}")).collect();
    let text = words.join(" ");
    let hospital = Hospital::of(&format!(r#"{{"resourceType":"Basic","id":"b","code":{{"text":"{text}"}}}}"#));
    for start in 0..293 {
        let phrase = words[start..start + 8].join("%20");
        assert_eq!(hospital.found(&format!("Basic?_content=%22{phrase}%22")), "b", "{phrase}");
    }
    assert_eq!(hospital.found("Basic?_content=%22word5%20word7%22"), "");
    assert_eq!(hospital.found("Basic?_content=word299"), "b");
}
