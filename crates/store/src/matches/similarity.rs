//! How alike two texts are.

/// How many letters of a word are compared; a longer word that differs only behind them counts as the same.
const MOST_LETTERS: usize = 64;

/// How many words of what is asked for are compared.
const MOST_WORDS: usize = 32;

/// How many letters at the beginning make two words more alike, and how much each.
const PREFIX: (usize, u64) = (4, 100);

/// How alike the folded `text` is to the folded text `asked`: from 0, nothing in common, to 1000, every word that is asked for is there.
///
/// Words are what stands between anything but letters and digits. Each word asked for counts as much as the word of the text that is most
/// like it (Jaro-Winkler similarity, in thousandths), and the mean is the answer: neither the order of the words nor further words of the text
/// matter. Without a word in `asked` it is 0.
pub fn similarity(asked: &str, text: &str) -> u16 {
    let asked: Vec<Vec<char>> = words(asked).take(MOST_WORDS).map(letters).collect();
    let mut best = vec![0_u64; asked.len()];
    for word in words(text) {
        let word = letters(word);
        for (asked, best) in asked.iter().zip(&mut best) {
            if *best < 1000 {
                *best = (*best).max(alike(asked, &word));
            }
        }
        if best.iter().all(|best| *best == 1000) {
            break;
        }
    }
    best.iter().sum::<u64>().checked_div(best.len() as u64).unwrap_or(0) as u16
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn letters(word: &str) -> Vec<char> {
    word.chars().take(MOST_LETTERS).collect()
}

/// The Jaro-Winkler similarity of two words in thousandths; in whole numbers, so that it is the same everywhere.
fn alike(one: &[char], other: &[char]) -> u64 {
    if one == other {
        return 1000;
    }
    let reach = (one.len().max(other.len()) / 2).saturating_sub(1);
    let mut taken = [false; MOST_LETTERS];
    let mut of_one = Vec::with_capacity(one.len());
    for (place, letter) in one.iter().enumerate() {
        let near = place.saturating_sub(reach)..other.len().min(place + reach + 1);
        let found = near.into_iter().find(|at| taken.get(*at) == Some(&false) && other.get(*at) == Some(letter));
        if let Some(taken) = found.and_then(|at| taken.get_mut(at)) {
            *taken = true;
            of_one.push(letter);
        }
    }
    if of_one.is_empty() {
        return 0;
    }
    let of_other = other.iter().zip(taken).filter(|(_, taken)| *taken).map(|(letter, _)| letter);
    let moved = of_one.iter().zip(of_other).filter(|(one, other)| **one != *other).count() as u64;
    let (common, one_length, other_length) = (of_one.len() as u64, one.len() as u64, other.len() as u64);
    let jaro = 1000 * common / one_length + 1000 * common / other_length + 1000 * (2 * common - moved) / (2 * common);
    let jaro = jaro / 3;
    let begins = one.iter().zip(other).take(PREFIX.0).take_while(|(one, other)| one == other).count() as u64;
    (jaro + begins * PREFIX.1 * (1000 - jaro) / 1000).min(999)
}
