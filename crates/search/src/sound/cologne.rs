//! Cologne phonetics (H. J. Postel, 1969): consonants that sound alike in German get one digit.

/// The code of a word in capitals.
pub(super) fn code(word: &[char]) -> String {
    let mut digits = String::new();
    for (place, &letter) in word.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|place| word.get(place)).copied();
        let after = word.get(place + 1).copied();
        for digit in sound(letter, before, after, place == 0).chars() {
            // What is written twice is heard once.
            if !digits.ends_with(digit) {
                digits.push(digit);
            }
        }
    }
    // A vowel is heard at the beginning only.
    let rest = digits.get(1..).unwrap_or_default().replace('0', "");
    digits.truncate(1);
    digits + &rest
}

fn sound(letter: char, before: Option<char>, after: Option<char>, is_first: bool) -> &'static str {
    let follows = |letters: &str| before.is_some_and(|before| letters.contains(before));
    let precedes = |letters: &str| after.is_some_and(|after| letters.contains(after));
    match letter {
        'A' | 'E' | 'I' | 'J' | 'O' | 'U' | 'Y' => "0",
        'B' => "1",
        'P' if precedes("H") => "3",
        'P' => "1",
        'D' | 'T' if precedes("CSZ") => "8",
        'D' | 'T' => "2",
        'F' | 'V' | 'W' => "3",
        'G' | 'K' | 'Q' => "4",
        'C' if is_first && precedes("AHKLOQRUX") => "4",
        'C' if !is_first && precedes("AHKOQUX") && !follows("SZ") => "4",
        'C' | 'S' | 'Z' => "8",
        'X' if follows("CKQ") => "8",
        'X' => "48",
        'L' => "5",
        'M' | 'N' => "6",
        'R' => "7",
        _ => "",
    }
}
