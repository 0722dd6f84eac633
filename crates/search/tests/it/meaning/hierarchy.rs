//! References to what is part of something, and `_list`.

use super::Hospital;

fn places() -> Hospital {
    let mut lines = vec![r#"{"resourceType":"Location","id":"campus"}"#.to_owned()];
    for (id, parent) in [("house", "campus"), ("ward", "house"), ("room", "ward"), ("shed", "campus")] {
        lines.push(format!(r#"{{"resourceType":"Location","id":"{id}","partOf":{{"reference":"Location/{parent}"}}}}"#));
    }
    for place in ["campus", "house", "room", "shed"] {
        lines.push(format!(
            r#"{{"resourceType":"Procedure","id":"at-{place}","subject":{{"reference":"Patient/p"}},"location":{{"reference":"Location/{place}"}}}}"#
        ));
    }
    lines.push(
        r#"{"resourceType":"List","id":"mine","entry":[{"item":{"reference":"Location/room"}},{"item":{"reference":"Procedure/at-shed"}}]}"#
            .to_owned(),
    );
    Hospital::of(&lines.join("\n"))
}

#[test]
fn hierarchies_may_be_deep() {
    let place = |level: u32| format!(r#"{{"resourceType":"Location","id":"l{level}","partOf":{{"reference":"Location/l{}"}}}}"#, level - 1);
    let at = r#"{"resourceType":"Procedure","id":"at","subject":{"reference":"Patient/p"},"location":{"reference":"Location/l60"}}"#;
    let lines: Vec<String> = (1..=60).map(place).chain([at.to_owned()]).collect();
    Hospital::of(&lines.join("\n")).check(&[("Procedure?location:below=l1", "at"), ("Location?partof:above=l59&_id=l2", "l2")]);
}

#[test]
fn below_and_above_go_through_what_is_part_of_something() {
    places().check(&[
        ("Procedure?location=Location/house", "at-house"),
        ("Procedure?location:below=Location/house", "at-house at-room"),
        ("Procedure?location:below=campus", "at-campus at-house at-room at-shed"),
        ("Procedure?location:above=Location/room", "at-campus at-house at-room"),
        ("Procedure?location:above=Location/campus", "at-campus"),
        ("Location?partof:below=house", "room ward"),
        ("Procedure?location:below=room,shed", "at-room at-shed"),
    ]);
}

#[test]
fn lists_choose_their_items() {
    places().check(&[
        ("Location?_list=mine", "room"),
        ("Location?_list=List/mine,other", "room"),
        ("Location?_list=other", ""),
        ("?_list=mine", "Location/room Procedure/at-shed"),
    ]);
}
