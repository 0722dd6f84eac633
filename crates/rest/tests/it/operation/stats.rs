//! `Observation/$stats`.

use fhir::Value;

use crate::server::{Reply, TestServer};

async fn observe(server: &TestServer, id: &str, rest: &str) {
    let observation = format!(r#"{{"resourceType":"Observation","id":"{id}","subject":{{"reference":"Patient/p1"}},{rest}}}"#);
    let reply = server.put(&format!("/fhir/Observation/{id}"), &observation).await;
    assert_eq!(reply.status, 201, "{}", reply.text());
}

fn glucose(day: u32, value: &str) -> String {
    format!(
        r#""status":"final","code":{{"coding":[{{"system":"http://loinc.org","code":"2339-0"}}]}},"effectiveDateTime":"2026-11-{day:02}","valueQuantity":{{"value":{value},"unit":"mg/dl","system":"http://unitsofmeasure.org","code":"mg/dL"}}"#
    )
}

async fn ward() -> TestServer {
    let server = TestServer::new();
    server.put("/fhir/Patient/p1", r#"{"resourceType":"Patient","id":"p1"}"#).await;
    for (day, value) in [(1, "1.10"), (2, "2"), (3, "3.0"), (4, "4"), (20, "5.5")] {
        observe(&server, &format!("g{day}"), &glucose(day, value)).await;
    }
    // These do not count: entered in error, a bound, another unit system, no value.
    observe(&server, "wrong", &glucose(5, "100").replace("final", "entered-in-error")).await;
    observe(&server, "bound", &glucose(5, "100").replace(r#""value":"#, r#""comparator":">","value":"#)).await;
    observe(&server, "local", &glucose(5, "100").replace("http://unitsofmeasure.org", "http://mine")).await;
    observe(&server, "molar", &glucose(6, "7").replace("mg/dl", "mmol/l").replace("mg/dL", "mmol/L")).await;
    server
}

/// Of each statistics Observation the statistics as text, and the unit of the first with one.
fn statistics(reply: &Reply) -> Vec<(Vec<String>, String)> {
    assert_eq!(reply.status, 200, "{}", reply.text());
    let body = reply.json();
    assert_eq!(fhir::check::check(&body), [], "{}", reply.text());
    let found = body.list("parameter").filter(|parameter| parameter.text("name") == Some("statistics"));
    let text = |component: &Value| {
        let code = component.get("code").and_then(|code| code.list("coding").next()?.text("code").map(str::to_owned)).expect("a code");
        let value = component.get("valueQuantity").and_then(|quantity| quantity.get("value")?.as_number().map(str::to_owned));
        format!("{code}={}", value.unwrap_or_default())
    };
    let unit = |observation: &Value| {
        let mut units = observation.list("component").filter_map(|part| part.get("valueQuantity")?.text("code").map(str::to_owned));
        units.next().unwrap_or_default()
    };
    found
        .map(|parameter| parameter.get("resource").expect("an Observation"))
        .map(|observation| (observation.list("component").map(text).collect(), unit(observation)))
        .collect()
}

const OF: &str = "/fhir/Observation/$stats?subject=Patient/p1&code=2339-0&system=http://loinc.org";

#[tokio::test]
async fn counts_and_averages_exactly_for_each_unit() {
    let server = ward().await;
    let reply = server.get(&format!("{OF}&statistic=average,max,min,count&statistic=total-count&statistic=sum&statistic=median")).await;
    let (first, second) = (statistics(&reply)[1].clone(), statistics(&reply)[0].clone());
    let (mg, mmol) = if first.1 == "mg/dL" { (first, second) } else { (second, first) };
    assert_eq!(
        mg,
        (
            vec![
                "average=3.12".into(),
                "maximum=5.5".into(),
                "minimum=1.10".into(),
                "count=5".into(),
                "total-count=8".into(),
                "sum=15.60".into(),
                "median=3.0".into()
            ],
            "mg/dL".into()
        )
    );
    assert_eq!(mmol.0[..4], ["average=7", "maximum=7", "minimum=7", "count=1"]);
    let observation = reply.json().list("parameter").next().expect("one").get("resource").expect("an Observation").clone();
    assert_eq!(
        (observation.text("status"), observation.get("subject").and_then(|subject| subject.text("reference"))),
        (Some("final"), Some("Patient/p1"))
    );
}

#[tokio::test]
async fn spreads_and_percentiles() {
    let server = ward().await;
    let names = "variance,std-dev,20-percent,80-percent,4-lower,4-upper,4-dev,5-1,5-2,5-3,5-4";
    let found = statistics(&server.get(&format!("{OF}&statistic={names}")).await);
    let mg = found.iter().find(|(_, unit)| unit == "mg/dL").expect("mg/dL");
    assert_eq!(
        mg.0,
        [
            "variance=2.947",
            "std-dev=1.71668284782",
            "20-percent=1.82",
            "80-percent=4.3",
            "4-lower=2",
            "4-upper=4",
            "4-dev=1",
            "5-1=1.82",
            "5-2=2.6",
            "5-3=3.4",
            "5-4=4.3"
        ]
    );
    let single = found.iter().find(|(_, unit)| unit == "mmol/L").expect("mmol/L");
    assert_eq!(single.0[..2], ["variance=", "std-dev="]);
}

#[tokio::test]
async fn minds_the_time_and_brings_the_sources() {
    let server = ward().await;
    // 2026-11-21T08:00 is now: two days back there is one.
    let reply = server.get(&format!("{OF}&statistic=count&duration=48&include=true")).await;
    assert_eq!(statistics(&reply)[0].0, ["count=1"]);
    let body = reply.json();
    let statistics_observation = body.list("parameter").next().and_then(|parameter| parameter.get("resource")).expect("statistics").clone();
    let period = statistics_observation.get("effectivePeriod").expect("a period");
    assert_eq!((period.text("start"), period.text("end")), (Some("2026-11-19T08:00:00.000Z"), Some("2026-11-21T08:00:00.000Z")));
    let sources: Vec<_> = body
        .list("parameter")
        .filter(|parameter| parameter.text("name") == Some("source"))
        .map(|parameter| parameter.get("resource").and_then(|source| source.text("id")).expect("an id").to_owned())
        .collect();
    assert_eq!(sources, ["g20"]);
    let asked = r#"{"resourceType":"Parameters","parameter":[{"name":"subject","valueUri":"http://ward.test/fhir/Patient/p1"},
        {"name":"coding","valueCoding":{"system":"http://loinc.org","code":"2339-0"}},{"name":"statistic","valueCode":"count"},
        {"name":"period","valuePeriod":{"start":"2026-11-02","end":"2026-11-04"}},{"name":"include","valueBoolean":true},{"name":"limit","valuePositiveInt":2}]}"#;
    let reply = server.post("/fhir/Observation/$stats", asked).await;
    assert_eq!(statistics(&reply)[0].0, ["count=3"]);
    assert_eq!(reply.json().list("parameter").filter(|parameter| parameter.text("name") == Some("source")).count(), 2);
}

#[tokio::test]
async fn a_panel_is_the_values_of_its_parts_and_members() {
    let server = ward().await;
    let part = |code: &str, value: u32| {
        format!(
            r#"{{"code":{{"coding":[{{"system":"http://loinc.org","code":"{code}"}}]}},"valueQuantity":{{"value":{value},"system":"http://unitsofmeasure.org","code":"mm[Hg]"}}}}"#
        )
    };
    let code = |code: &str| format!(r#""status":"final","code":{{"coding":[{{"system":"http://loinc.org","code":"{code}"}}]}}"#);
    observe(&server, "bp1", &format!(r#"{},"component":[{},{}]"#, code("85354-9"), part("8480-6", 120), part("8462-4", 80))).await;
    observe(
        &server,
        "pulse",
        &format!(r#"{},"valueQuantity":{{"value":60,"system":"http://unitsofmeasure.org","code":"/min"}}"#, code("8867-4")),
    )
    .await;
    observe(
        &server,
        "bp2",
        &format!(r#"{},"component":[{}],"hasMember":[{{"reference":"Observation/pulse"}}]"#, code("85354-9"), part("8480-6", 130)),
    )
    .await;
    let reply =
        server.get("/fhir/Observation/$stats?subject=Patient/p1&code=85354-9&system=http://loinc.org&statistic=average,count").await;
    let found = statistics(&reply);
    assert!(found.contains(&(vec!["average=125".into(), "count=2".into()], "mm[Hg]".into())), "{found:?}");
    assert!(found.contains(&(vec!["average=80".into(), "count=1".into()], "mm[Hg]".into())), "{found:?}");
    assert!(found.contains(&(vec!["average=60".into(), "count=1".into()], "/min".into())), "{found:?}");
    let part = server.get("/fhir/Observation/$stats?subject=Patient/p1&code=8480-6&system=http://loinc.org&statistic=max").await;
    assert_eq!(statistics(&part), [(vec!["maximum=130".to_owned()], "mm[Hg]".to_owned())]);
}

#[tokio::test]
async fn refuses_by_name_and_has_an_answer_to_nothing() {
    let server = ward().await;
    let none = server.get("/fhir/Observation/$stats?subject=Patient/p1&code=none&statistic=count,average").await;
    assert_eq!(statistics(&none), [(vec!["count=0".to_owned(), "average=".to_owned()], String::new())]);
    let (_, rule) = server.get(&format!("{OF}&statistic=regression")).await.refused(400, "not-supported", "WARD-0444");
    assert!(rule.contains("std-dev"), "{rule}");
    server.get("/fhir/Observation/$stats?subject=Patient/p1&statistic=count").await.refused(400, "required", "WARD-0443");
    server.get("/fhir/Observation/$stats?subject=http://other/Patient/1&code=x&statistic=count").await.refused(400, "value", "WARD-0444");
    server.get(&format!("{OF}&statistic=count&duration=-1")).await.refused(400, "value", "WARD-0444");
    server.get(&format!("{OF}&statistic=count&duration=1e400")).await.refused(400, "value", "WARD-0444");
    server.get(&format!("{OF}&statistic=count&coding=x")).await.refused(400, "invalid", "WARD-0444");
    server.get(OF).await.refused(400, "required", "WARD-0443");
}
