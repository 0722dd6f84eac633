//! What the schema says of itself, and whether it is true.

use std::collections::BTreeMap;

use fhir::Value;
use graphql::{Dialect, Limits, Request, Root};

use crate::folder::{Folder, assert_data, assert_error, ward};

/// What stock tools ask for.
const WHOLE: &str = "query IntrospectionQuery { __schema { description queryType { name } mutationType { name } subscriptionType { name } types { ...FullType } directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
fragment FullType on __Type { kind name description specifiedByURL fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason } inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef } enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }";

fn whole(folder: &Folder, root: &Root) -> Value {
    let answer = folder.answer(&Request::new(WHOLE), root, Dialect::Fhir, &Limits::default());
    let errors: Vec<_> = answer.errors.iter().map(|error| error.issue.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    answer.data.expect("data").get("__schema").expect("a schema").clone()
}

fn types(schema: &Value) -> BTreeMap<&str, &Value> {
    let types: Vec<_> = schema.list("types").map(|of| (of.text("name").expect("a name"), of)).collect();
    let by_name: BTreeMap<_, _> = types.iter().copied().collect();
    assert_eq!(types.len(), by_name.len(), "a name stands for two types");
    by_name
}

/// The name at the end of a reference to a type.
fn innermost(kind: &Value) -> &str {
    match kind.get("ofType") {
        Some(inner @ Value::Object(_)) => innermost(inner),
        _ => kind.text("name").expect("a name"),
    }
}

#[test]
fn is_whole_and_well_formed() {
    let folder = ward();
    for root in [Root::System, Root::Resource(folder.get("Patient/p1").expect("a patient").clone())] {
        let schema = whole(&folder, &root);
        let types = types(&schema);
        let is_name =
            |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && !name.as_bytes()[0].is_ascii_digit();
        for (name, of) in &types {
            assert!(is_name(name), "{name}");
            let mut fields: Vec<&str> = Vec::new();
            for field in of.list("fields") {
                let field_name = field.text("name").expect("a name");
                fields.push(field_name);
                let mut uses = vec![field.get("type").expect("a type")];
                for input in field.list("args") {
                    assert!(is_name(input.text("name").expect("a name")), "{name}.{field_name}");
                    uses.push(input.get("type").expect("a type"));
                }
                assert!(is_name(field_name), "{name}.{field_name}");
                for used in uses.into_iter().map(innermost) {
                    assert!(types.contains_key(used), "{name}.{field_name}: {used} is no type of the schema");
                }
            }
            let count = fields.len();
            fields.sort_unstable();
            fields.dedup();
            assert_eq!(count, fields.len(), "{name} has a field twice");
        }
    }
}

#[test]
fn is_true_of_every_resource_type() {
    let folder = Folder::default();
    let schema = whole(&folder, &Root::System);
    let types = types(&schema);
    let mut asked = 0;
    for (name, of) in types.iter().filter(|(name, _)| fhir::definitions::ResourceType::parse(name).is_some()) {
        // Each field is one that the type has, and is plain or not as the schema says.
        let fields: Vec<String> = of.list("fields").map(|field| selection(field, &types)).collect();
        asked += fields.len();
        let query = format!("{{ {name}(id: none) {{ {} }} }}", fields.join(" "));
        assert_data(&folder.ask(&query), "{}");
    }
    println!("{asked} fields asked for");
    assert!(asked > 5_000);
}

fn selection(field: &Value, types: &BTreeMap<&str, &Value>) -> String {
    let name = field.text("name").expect("a name");
    let mut needed = String::new();
    if field.list("args").any(|input| input.text("name") == Some("_reference")) {
        needed = "(_reference: subject)".to_owned();
    }
    let of = types[innermost(field.get("type").expect("a type"))];
    match of.text("kind") {
        Some("OBJECT" | "INTERFACE") => format!("{name}{needed} {{ __typename }}"),
        _ => name.to_owned(),
    }
}

#[test]
fn tells_of_single_types() {
    let folder = ward();
    let query = r#"{ __type(name: "Reference") { kind name fields { name type { kind name ofType { name } } args { name type { name } } } possibleTypes { name } } }"#;
    let answer = folder.ask(query);
    let data = answer.data.expect("data");
    let of = data.get("__type").expect("a type");
    assert_eq!((of.text("kind"), of.get("possibleTypes")), (Some("OBJECT"), Some(&Value::Null)));
    let resource = of.list("fields").find(|field| field.text("name") == Some("resource")).expect("a field");
    let arguments: Vec<_> = resource.list("args").filter_map(|input| input.text("name")).collect();
    assert_eq!(arguments, ["optional", "type"]);
    assert_data(&folder.ask(r#"{ __type(name: "Nothing") { name } }"#), r#"{"__type":null}"#);
    assert_data(&folder.ask(r#"{ __schema { mutationType { name } } }"#), r#"{"__schema":{"mutationType":null}}"#);
    assert_error(&folder.ask("{ __schema { nothing } }"), 924, "__Schema");
}

#[test]
fn names_types_in_answers() {
    let query = "{ __typename PatientList(_id: p1) { __typename contact { __typename name { __typename } } } PatientConnection(_id: p1) { __typename edges { __typename } } }";
    let expected = r#"{"__typename":"Query","PatientList":[{"__typename":"Patient","contact":[{"__typename":"PatientContact","name":{"__typename":"HumanName"}}]}],"PatientConnection":{"__typename":"PatientConnection","edges":[{"__typename":"PatientEdge"}]}}"#;
    assert_data(&ward().ask(query), expected);
}

#[test]
fn ends_where_a_query_goes_round_in_it() {
    let round = "fields { type { ofType { fields { type { ofType { fields { name } } } } fields { type { fields { type { fields { name } } } } } } } }";
    let request = Request::new(format!("{{ __schema {{ types {{ {round} }} }} }}"));
    let answer = ward().answer(&request, &Root::System, Dialect::Fhir, &Limits { answer_bytes: 1 << 20, ..Limits::default() });
    assert_error(&answer, 939, "bytes");
}
