//! Names that are the same name for people, and names that are not: how well `_sounds` and `_like` tell them apart.

use super::Hospital;

/// Two spellings of one name.
const SAME: [(&str, &str); 60] = [
    // German
    ("Meier", "Mayer"),
    ("Meyer", "Maier"),
    ("Schmidt", "Schmitt"),
    ("Schmid", "Schmidt"),
    ("Müller", "Mueller"),
    ("Muller", "Müller"),
    ("Hoffmann", "Hofmann"),
    ("Schulze", "Schultze"),
    ("Becker", "Bäcker"),
    ("Weiß", "Weiss"),
    ("Krause", "Krauße"),
    ("Fischer", "Vischer"),
    ("Walter", "Walther"),
    ("Günther", "Guenter"),
    ("Jäger", "Jaeger"),
    ("Köhler", "Koehler"),
    ("Philipp", "Filip"),
    ("Stephan", "Stefan"),
    ("Carsten", "Karsten"),
    ("Jannik", "Yannick"),
    ("Kristian", "Christian"),
    ("Lutz", "Luts"),
    // English
    ("Smith", "Smyth"),
    ("Brown", "Browne"),
    ("Clark", "Clarke"),
    ("Stewart", "Stuart"),
    ("Philips", "Phillips"),
    ("Reid", "Reed"),
    ("Thompson", "Thomson"),
    ("Catherine", "Kathryn"),
    ("Katharine", "Catherine"),
    ("Geoffrey", "Jeffrey"),
    ("Sara", "Sarah"),
    ("Johnson", "Jonson"),
    ("Allan", "Allen"),
    ("Nicholson", "Nicolson"),
    ("Wright", "Right"),
    ("Knight", "Night"),
    // French
    ("Lefebvre", "Lefevre"),
    ("Gauthier", "Gautier"),
    ("Renault", "Renaud"),
    ("Mathieu", "Matthieu"),
    ("Thibault", "Thibaut"),
    ("Girard", "Gérard"),
    ("Benoît", "Benoit"),
    ("Noël", "Noel"),
    // Slavic, and from other scripts
    ("Novak", "Nowak"),
    ("Kowalski", "Kovalsky"),
    ("Ivanov", "Iwanow"),
    ("Petrov", "Petroff"),
    ("Dvořák", "Dvorak"),
    ("Horváth", "Horvat"),
    ("Tschaikowski", "Tchaikovsky"),
    ("Aleksandr", "Alexander"),
    ("Mohammed", "Muhammad"),
    ("Mohamed", "Mohammad"),
    ("Hussein", "Husain"),
    ("Nguyễn", "Nguyen"),
    ("Łukasz", "Lukasz"),
    ("Jørgensen", "Jorgensen"),
];

/// Two names.
const OTHER: [(&str, &str); 40] = [
    ("Meier", "Schulz"),
    ("Schmidt", "Wagner"),
    ("Müller", "Keller"),
    ("Becker", "Berger"),
    ("Fischer", "Richter"),
    ("Weber", "Wagner"),
    ("Hoffmann", "Hartmann"),
    ("Krause", "Kruse Petersen"),
    ("Walter", "Winter"),
    ("Koch", "Kaiser"),
    ("Schneider", "Schreiner"),
    ("Braun", "Baum"),
    ("Lang", "Lenz"),
    ("Vogel", "Engel"),
    ("Roth", "Rose"),
    ("Peter", "Paul"),
    ("Anna", "Eva"),
    ("Hans", "Heinz"),
    ("Smith", "Jones"),
    ("Brown", "Green"),
    ("Taylor", "Turner"),
    ("Walker", "Parker"),
    ("Wilson", "Watson"),
    ("Robinson", "Richardson"),
    ("Martin", "Marshall"),
    ("Edward", "Edmund"),
    ("Mary", "Martha"),
    ("James", "John"),
    ("Dubois", "Dupont"),
    ("Moreau", "Morel"),
    ("Laurent", "Lambert"),
    ("Fournier", "Faure"),
    ("Pierre", "Paul"),
    ("Ivanov", "Popov"),
    ("Novak", "Svoboda"),
    ("Kowalski", "Kaminski"),
    ("Petrov", "Sokolov"),
    ("Nguyen", "Tran"),
    ("Hussein", "Hassan"),
    ("Mohammed", "Mahmoud"),
];

/// Those of the pairs in which the one name is found when the other is looked for, by a parameter.
fn found<'p>(parameter: &str, pairs: &'p [(&str, &str)]) -> Vec<&'p (&'p str, &'p str)> {
    let finds = |(stored, asked): &&(&str, &str)| {
        let hospital = Hospital::of(&format!(r#"{{"resourceType":"Patient","id":"it","name":[{{"family":"{stored}"}}]}}"#));
        let pairs = search::url::query_string(&[(parameter.to_owned(), (*asked).to_owned())]);
        hospital.found(&format!("Patient?{pairs}")) == "it"
    };
    pairs.iter().filter(finds).collect()
}

/// Pairs of names of the tables.
type Pairs = Vec<&'static (&'static str, &'static str)>;

/// What is not found of what should be, and what is found that should not.
fn judged(parameter: &str) -> (Pairs, Pairs) {
    let (same, other) = (found(parameter, &SAME), found(parameter, &OTHER));
    (SAME.iter().filter(|pair| !same.contains(pair)).collect(), other)
}

/// What a parameter misses, and what it mistakes, is known by name: anything else, better or worse, fails the test.
#[test]
fn sounds_tell_names_apart() {
    let (missed, mistaken) = judged("_sounds");
    let silent =
        [("Thompson", "Thomson"), ("Lefebvre", "Lefevre"), ("Renault", "Renaud"), ("Thibault", "Thibaut"), ("Tschaikowski", "Tchaikovsky")];
    assert_eq!(missed, silent.each_ref(), "letters that only some languages leave silent");
    let vowels = [("Hans", "Heinz"), ("Hussein", "Hassan"), ("Mohammed", "Mahmoud")];
    assert_eq!(mistaken, vowels.each_ref(), "names that differ in vowels only");
}

#[test]
fn likeness_tells_names_apart() {
    let (missed, mistaken) = judged("_like");
    let respelled = [("Meier", "Mayer"), ("Meyer", "Maier"), ("Philipp", "Filip"), ("Catherine", "Kathryn"), ("Ivanov", "Iwanow")];
    assert_eq!(missed, respelled.each_ref(), "names that are heard alike and written otherwise: `_sounds` finds them");
    assert_eq!(mistaken, [("Schneider", "Schreiner"), ("Moreau", "Morel")].each_ref(), "names that differ in a letter or two");
}

/// What the one misses, the other finds.
#[test]
fn sounds_and_likeness_complete_each_other() {
    let (unheard, unlike) = (judged("_sounds").0, judged("_like").0);
    assert!(unheard.iter().all(|pair| !unlike.contains(pair)), "{unheard:?} {unlike:?}");
}
