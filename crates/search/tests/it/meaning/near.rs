//! Locations near a place.

use super::Hospital;

#[test]
fn distances_are_on_earth() {
    let place = |id: &str, latitude: &str, longitude: &str| {
        format!(r#"{{"resourceType":"Location","id":"{id}","position":{{"latitude":{latitude},"longitude":{longitude}}}}}"#)
    };
    let lines = [
        place("vienna", "48.2082", "16.3738"),
        place("bratislava", "48.1486", "17.1077"),
        place("graz", "47.0707", "15.4395"),
        place("fiji", "-17.8", "179.99"),
        place("nowhere", "100", "0"),
        r#"{"resourceType":"Location","id":"unknown"}"#.to_owned(),
    ];
    Hospital::of(&lines.join("\n")).check(&[
        ("Location?near=48.2|16.37", "vienna"),
        ("Location?near=48.2|16.37|60|km", "bratislava vienna"),
        ("Location?near=48.2|16.37|60", "bratislava vienna"),
        ("Location?near=48.2|16.37|60000|m", "bratislava vienna"),
        ("Location?near=48.2|16.37|30|[mi_us]", "vienna"),
        ("Location?near=48.2|16.37|40|[mi_us]", "bratislava vienna"),
        ("Location?near=48.2|16.37|1000000|km", "bratislava fiji graz vienna"),
        ("Location?near=-17.8|-179.99|10|km", "fiji"),
        ("Location?near=48.2082|16.3738|0|m", "vienna"),
        ("Location?near=48.2|16.37|1|km,47.07|15.44|1|km", "graz vienna"),
        ("Location?near:missing=true", "nowhere unknown"),
    ]);
}
