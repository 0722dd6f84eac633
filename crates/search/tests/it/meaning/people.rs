//! People by sound and by likeness.

use super::Hospital;

fn people() -> Hospital {
    let names = [
        ("meier", "Meier", "Anna"),
        ("mayr", "Mayr", "Hans"),
        ("smith", "Smith", "John"),
        ("smythe", "Smythe", "Joan"),
        ("schmidt", "Schmidt", "Jon"),
        ("nguyen", "Nguyễn", "Thị"),
        ("catherine", "Brown", "Catherine"),
    ];
    let line = |(id, family, given): &(&str, &str, &str)| {
        format!(r#"{{"resourceType":"Patient","id":"{id}","name":[{{"family":"{family}","given":["{given}"]}}]}}"#)
    };
    Hospital::of(&names.iter().map(line).collect::<Vec<_>>().join("\n"))
}

#[test]
fn names_are_found_by_their_sound() {
    people().check(&[
        ("Patient?_sounds=maier", "mayr meier"),
        ("Patient?_sounds=Meyer%20ana", "meier"),
        ("Patient?_sounds=smyth", "schmidt smith smythe"),
        ("Patient?_sounds=kathryn", "catherine"),
        ("Patient?_sounds=zzz,hans", "mayr"),
    ]);
}

#[test]
fn names_are_found_by_their_likeness_the_best_first() {
    let hospital = people();
    let order = hospital.in_order("Patient?_like=Jon%20Smth");
    assert_eq!(order.first().map(String::as_str), Some("smith"), "{order:?}");
    assert!(order.len() > 1 && !order.contains(&"meier".to_owned()), "{order:?}");
    let answer = hospital.answer("Patient?_like=Jon%20Smth");
    assert_eq!(answer.scores.len(), answer.matches.len());
    assert!(answer.scores.is_sorted_by(|left, right| left >= right), "{:?}", answer.scores);
    let last: Vec<String> = order.iter().rev().cloned().collect();
    assert_eq!(hospital.in_order("Patient?_like=Jon%20Smth&_sort=-_score").first(), last.first());
    assert_eq!(hospital.found("Patient?_like=nguyen"), "nguyen");
}
