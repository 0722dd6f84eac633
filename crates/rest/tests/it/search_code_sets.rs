//! Searches by what codes mean: `:in` and `:not-in` a value set, `:below` and `:above` a code.

use crate::server::TestServer;

const ANIMALS: &str = "http://example.org/animals";

const SYSTEM: &str = r#"{"resourceType":"CodeSystem","id":"animals","url":"http://example.org/animals","status":"active","content":"complete",
    "concept":[{"code":"animal","concept":[{"code":"mammal","concept":[{"code":"dog"},{"code":"Bat"}]},{"code":"bird","concept":[{"code":"owl"}]}]}]}"#;

/// A ValueSet of this name with these rules.
fn value_set(name: &str, compose: &str) -> String {
    format!(
        r#"{{"resourceType":"ValueSet","id":"{name}","url":"http://example.org/vs/{name}","version":"1","status":"active","compose":{{{compose}}}}}"#
    )
}

fn is_a(code: &str) -> String {
    format!(r#""include":[{{"system":"{ANIMALS}","filter":[{{"property":"concept","op":"is-a","value":"{code}"}}]}}]"#)
}

/// So many codes that no resource has, and some that resources have.
fn many() -> String {
    let codes: Vec<String> = (0..300).map(|number| format!(r#"{{"code":"x{number}"}}"#)).collect();
    format!(r#""include":[{{"system":"urn:stones","concept":[{},{{"code":"flint"}},{{"code":"agate"}}]}}]"#, codes.join(","))
}

/// Conditions, named by their codes, of two patients.
async fn ward() -> TestServer {
    let server = TestServer::new();
    let put = async |kind: &str, id: &str, resource: &str| {
        let reply = server.put(&format!("/fhir/{kind}/{id}"), resource).await;
        assert_eq!(reply.status, 201, "{}", reply.text());
    };
    put("CodeSystem", "animals", SYSTEM).await;
    for (name, compose) in [("mammals", is_a("mammal")), ("birds", is_a("bird")), ("many", many())] {
        put("ValueSet", name, &value_set(name, &compose)).await;
    }
    for id in ["p1", "p2"] {
        put("Patient", id, &format!(r#"{{"resourceType":"Patient","id":"{id}","gender":"female"}}"#)).await;
    }
    let coding = |system: &str, code: &str| format!(r#"{{"system":"{system}","code":"{code}"}}"#);
    let coded = |codings: &[String]| format!(r#""code":{{"coding":[{}]}},"#, codings.join(","));
    let conditions = [
        ("dog", "p1", coded(&[coding(ANIMALS, "dog")])),
        ("bat", "p1", coded(&[coding(ANIMALS, "Bat")])),
        ("owl", "p2", coded(&[coding("urn:stones", "owl"), coding(ANIMALS, "owl")])),
        ("flint", "p2", coded(&[coding("urn:stones", "flint")])),
        ("other-dog", "p2", coded(&[coding("urn:other", "dog")])),
        ("bare-dog", "p2", r#""code":{"coding":[{"code":"dog"}],"text":"a dog"},"#.to_owned()),
        ("text", "p2", r#""code":{"text":"dog"},"#.to_owned()),
        ("none", "p2", String::new()),
    ];
    for (id, patient, code) in conditions {
        let condition = format!(r#"{{"resourceType":"Condition","id":"{id}",{code}"subject":{{"reference":"Patient/{patient}"}}}}"#);
        put("Condition", id, &condition).await;
    }
    server
}

impl TestServer {
    /// The ids that a search finds, in order of their own.
    async fn sorted(&self, query: &str) -> String {
        let reply = self.get(&format!("/fhir/{query}")).await;
        assert_eq!(reply.status, 200, "{query}: {}", reply.text());
        let mut ids: Vec<String> =
            reply.entries().iter().map(|entry| entry.split('/').next_back().unwrap_or_default().to_owned()).collect();
        ids.sort();
        ids.join(" ")
    }
}

#[tokio::test]
async fn finds_by_value_set_and_by_hierarchy() {
    let server = ward().await;
    for (query, found) in [
        ("Condition?code:in=http://example.org/vs/mammals", "bat dog"),
        ("Condition?code:in=http://example.org/vs/mammals|1", "bat dog"),
        ("Condition?code:in=ValueSet/mammals", "bat dog"),
        ("Condition?code:in=ValueSet/mammals|1", "bat dog"),
        ("Condition?code:in=http://ward.test/fhir/ValueSet/mammals", "bat dog"),
        ("Condition?code:in=ValueSet/mammals,http://example.org/vs/birds", "bat dog owl"),
        ("Condition?code:in=ValueSet/mammals&code=dog", "dog"),
        ("Condition?code:in=ValueSet/mammals&code:in=ValueSet/birds", ""),
        // A list of a system that is not known says itself what is in it, and may be long.
        ("Condition?code:in=ValueSet/many", "flint"),
        // As with `:not`: what has no code is in no value set, nor is a code without a system.
        ("Condition?code:not-in=ValueSet/mammals", "bare-dog flint none other-dog owl text"),
        ("Condition?code:not-in=ValueSet/mammals,ValueSet/many", "bare-dog none other-dog owl text"),
        ("Condition?code:not-in=ValueSet/mammals&code:missing=false", "bare-dog flint other-dog owl text"),
        // The hierarchy of the code system; the code itself is below and above itself.
        ("Condition?code:below=http://example.org/animals|mammal", "bat dog"),
        ("Condition?code:below=http://example.org/animals|animal", "bat dog owl"),
        ("Condition?code:below=http://example.org/animals|dog,http://example.org/animals|bird", "dog owl"),
        ("Condition?code:above=http://example.org/animals|dog", "dog"),
        ("Condition?code:above=http://example.org/animals|animal", ""),
        // Codes of elements that name no system, because FHIR says which it is.
        ("Patient?gender:in=http://hl7.org/fhir/ValueSet/administrative-gender", "p1 p2"),
        ("Patient?gender:not-in=http://hl7.org/fhir/ValueSet/administrative-gender", ""),
        ("Patient?gender:below=http://hl7.org/fhir/administrative-gender|male", ""),
        // Everywhere that a criterion stands.
        ("Patient?_has:Condition:patient:code:in=ValueSet/birds", "p2"),
        ("Condition?patient:Patient._has:Condition:subject:code:below=http://example.org/animals|dog", "bat dog"),
        ("Condition?patient.gender:in=http://hl7.org/fhir/ValueSet/administrative-gender&code=owl", "owl"),
        ("Patient/p1/Condition?code:in=ValueSet/mammals", "bat dog"),
        ("Patient/p2/*?_type=Condition&code:in=ValueSet/many", "flint"),
        ("?_type=Condition&code:in=ValueSet/many", "flint"),
        ("Condition?_filter=code%20in%20%22ValueSet/mammals%22", "bat dog"),
        ("Condition?_filter=code%20ni%20%22ValueSet/mammals%22%20and%20code%20pr%20true", "bare-dog flint other-dog owl text"),
        ("Condition?_filter=code%20sb%20%22http://example.org/animals|mammal%22", "bat dog"),
        ("Condition?_filter=code%20ss%20%22http://example.org/animals|owl%22", "owl"),
        ("Condition?code:in=ValueSet/birds&_include=Condition:subject", "owl p2"),
    ] {
        assert_eq!(server.sorted(query).await, found, "{query}");
    }
    let filter = r#"{ ConditionList(_filter: "code in \"http://example.org/vs/birds\"") { id } }"#;
    let reply = server.send("POST", "/fhir/$graphql", &[("content-type", "application/graphql")], filter.to_owned()).await;
    assert_eq!(reply.text(), r#"{"data":{"ConditionList":[{"id":"owl"}]}}"#);
}

#[tokio::test]
async fn says_what_cannot_be_told() {
    let server = ward().await;
    for (name, compose) in [
        ("units", r#""include":[{"system":"http://unitsofmeasure.org"}]"#),
        ("plants", r#""include":[{"system":"http://example.org/plants"}]"#),
        ("circle", r#""include":[{"valueSet":["http://example.org/vs/circle"]}]"#),
        ("broken", r#""include":[{"valueSet":["http://example.org/vs/nowhere"]}]"#),
    ] {
        assert_eq!(server.put(&format!("/fhir/ValueSet/{name}"), &value_set(name, compose)).await.status, 201);
    }
    for (query, code, number, says) in [
        ("Condition?code:in=http://example.org/vs/nowhere", "not-found", "WARD-0351", "`http://example.org/vs/nowhere`"),
        ("Condition?code:in=http://example.org/vs/mammals|7", "not-found", "WARD-0351", "`http://example.org/vs/mammals|7`"),
        ("Condition?code:in=ValueSet/nowhere", "not-found", "WARD-0351", "no ValueSet of this server has this id"),
        ("Condition?code:in=ValueSet/mammals|7", "not-found", "WARD-0351", "`ValueSet/mammals|7`"),
        ("Condition?code:in=ValueSet/broken", "not-found", "WARD-0351", "`http://example.org/vs/nowhere`"),
        ("Condition?code:not-in=ValueSet/plants", "not-found", "WARD-0352", "`http://example.org/plants`"),
        ("Condition?code:below=http://example.org/plants|rose", "not-found", "WARD-0352", "store a CodeSystem"),
        ("Condition?code:above=http://example.org/animals|unicorn", "not-found", "WARD-0353", "its code system does not have"),
        ("Condition?code:in=ValueSet/units", "too-costly", "WARD-0354", "500000"),
        ("Condition?code:in=ValueSet/circle", "processing", "WARD-0355", "circle"),
        ("Condition?code:in=CodeSystem/animals", "value", "WARD-0333", "`ValueSet/id`"),
        ("Condition?code:in=mammals", "value", "WARD-0333", "names a value set by its address"),
        ("Condition?code:below=dog", "value", "WARD-0309", "`system|code`"),
        ("Condition?code:above=http://example.org/animals|", "value", "WARD-0309", "`system|code`"),
        ("Patient?identifier:in=ValueSet/mammals", "not-supported", "WARD-0303", "of no code system"),
        ("Patient?active:below=a|b", "not-supported", "WARD-0303", "of no code system"),
        ("Patient?name:in=ValueSet/mammals", "not-supported", "WARD-0302", "takes"),
        ("Patient?_has:Condition:patient:code:in=ValueSet/nowhere", "not-found", "WARD-0351", "`ValueSet/nowhere`"),
        ("Condition?_filter=code%20in%20%22urn:nowhere%22", "not-found", "WARD-0351", "`urn:nowhere`"),
    ] {
        let (_, diagnostics) = server.get(&format!("/fhir/{query}")).await.refused(400, code, number);
        assert!(diagnostics.contains(says), "{query}: {diagnostics}");
    }
    // No value is told, but for addresses.
    let reply = server.get("/fhir/Condition?code:above=http://example.org/animals|unicorn").await;
    assert!(!reply.text().contains("unicorn"));
    // All that is wrong is told at once.
    let reply = server.get("/fhir/Condition?code:in=urn:nowhere&category:in=urn:nothing&onset-date=x").await;
    assert_eq!(reply.json().list("issue").count(), 3, "{}", reply.text());
    let sets: Vec<String> = (0..101).map(|number| format!("urn:vs:{number}")).collect();
    let (_, diagnostics) = server.get(&format!("/fhir/Condition?code:in={}", sets.join(","))).await.refused(400, "too-costly", "WARD-0422");
    assert!(diagnostics.contains("more than 100"), "{diagnostics}");
}

#[tokio::test]
async fn follows_value_sets_and_code_systems() {
    let server = ward().await;
    let query = "Condition?code:in=http://example.org/vs/mammals";
    assert_eq!(server.sorted(query).await, "bat dog");
    assert_eq!(server.sorted("Condition?code:in=ValueSet/mammals").await, "bat dog");
    server.put("/fhir/ValueSet/mammals", &value_set("mammals", &is_a("bird"))).await;
    assert_eq!(server.sorted(query).await, "owl");
    assert_eq!(server.sorted("Condition?code:in=ValueSet/mammals").await, "owl");
    server.put("/fhir/ValueSet/mammals", &value_set("mammals", &is_a("mammal"))).await;
    assert_eq!(server.sorted(query).await, "bat dog");
    let below = "Condition?code:below=http://example.org/animals|bird";
    assert_eq!(server.sorted(below).await, "owl");
    let flying = SYSTEM.replace(r#",{"code":"Bat"}"#, "").replace(r#"[{"code":"owl"}"#, r#"[{"code":"owl"},{"code":"Bat"}"#);
    server.put("/fhir/CodeSystem/animals", &flying).await;
    assert_eq!(server.sorted(below).await, "bat owl");
    assert_eq!(server.sorted(query).await, "dog");
    server.delete("/fhir/ValueSet/mammals").await;
    server.get(&format!("/fhir/{query}")).await.refused(400, "not-found", "WARD-0351");
    // One that has no address is followed too.
    let nameless = |compose: &str| format!(r#"{{"resourceType":"ValueSet","id":"nameless","status":"active","compose":{{{compose}}}}}"#);
    for (compose, found) in [(is_a("mammal"), "dog"), (is_a("bird"), "bat owl")] {
        server.put("/fhir/ValueSet/nameless", &nameless(&compose)).await;
        assert_eq!(server.sorted("Condition?code:in=ValueSet/nameless").await, found);
    }
}

#[tokio::test]
async fn pages_go_on_when_a_value_set_changes() {
    let server = ward().await;
    let first = server.get("/fhir/Condition?code:in=ValueSet/mammals,ValueSet/many&_count=1&_sort=_id").await;
    assert_eq!(first.entries(), ["Condition/bat"]);
    let next = first.link("next").expect("more");
    server.put("/fhir/ValueSet/mammals", &value_set("mammals", &is_a("animal"))).await;
    // The next page begins behind the place, and has what is in now.
    let mut found = Vec::new();
    let mut link = Some(next);
    while let Some(url) = link {
        let page = server.get(url.strip_prefix("http://ward.test").expect("its own address")).await;
        assert_eq!(page.status, 200, "{}", page.text());
        found.extend(page.entries());
        link = page.link("next");
    }
    assert_eq!(found, ["Condition/dog", "Condition/flint", "Condition/owl"]);
}

#[tokio::test]
async fn conditions_may_name_value_sets() {
    let server = ward().await;
    let condition = |code: &str| {
        format!(
            r#"{{"resourceType":"Condition","code":{{"coding":[{{"system":"{ANIMALS}","code":"{code}"}}]}},"subject":{{"reference":"Patient/p1"}}}}"#
        )
    };
    let create = async |criteria: &str| {
        let headers = [("content-type", "application/fhir+json"), ("if-none-exist", criteria)];
        server.send("POST", "/fhir/Condition", &headers, condition("owl")).await
    };
    assert_eq!(create("code:in=ValueSet/birds").await.status, 200);
    assert_eq!(create("code:in=ValueSet/birds&patient=p1").await.status, 201);
    create("code:in=ValueSet/nowhere").await.refused(400, "not-found", "WARD-0351");
    let updated = server.put("/fhir/Condition?code:below=http://example.org/animals|bird&patient=p1", &condition("owl")).await;
    assert_eq!(updated.status, 200, "{}", updated.text());
    assert_eq!(server.delete("/fhir/Condition?code:in=ValueSet/birds&patient=p1").await.status, 204);
    let bundle = r#"{"resourceType":"Bundle","type":"transaction","entry":[
        {"resource":{"resourceType":"Procedure","status":"completed","subject":{"reference":"Patient?_has:Condition:patient:code:in=ValueSet/birds"}},"request":{"method":"POST","url":"Procedure"}},
        {"request":{"method":"GET","url":"Condition?code:in=ValueSet/birds"}}]}"#;
    let reply = server.post("/fhir", bundle).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(server.sorted("Procedure?subject=Patient/p2").await.split(' ').count(), 1);
    assert!(reply.text().contains(r#""id":"owl""#));
    let refused = bundle.replace("code:in=ValueSet/birds\"}}]}", "code:in=ValueSet/nowhere\"}}]}");
    assert_ne!(refused, bundle);
    server.post("/fhir", &refused).await.refused(400, "not-found", "WARD-0351");
    assert_eq!(server.sorted("Procedure").await.split(' ').count(), 1, "nothing of it was done");
}

#[tokio::test]
async fn the_capability_statement_lists_the_modifiers() {
    let server = TestServer::new();
    let statement = server.get("/fhir/metadata").await.json();
    let text = statement.list("rest").find_map(|rest| rest.text("documentation")).expect("a text").to_owned();
    for modifiers in ["`:above` `:below` `:in` `:not-in`", "reference: `:missing` `:text` `:identifier` `:[type]` `:above` `:below`"] {
        assert!(text.contains(modifiers), "{text}");
    }
}
