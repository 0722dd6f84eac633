//! Double Metaphone (L. Philips, 2000), the rules that names need: two codes of at most four sounds, the second for another way to say the
//! word. `0` is the sound of `th`, `X` that of `sh`.

mod consonant;

/// How many sounds a code has.
const LENGTH: usize = 4;

/// The codes of a word in capitals; the second is the first where there is only one way to say it.
pub(super) fn codes(word: &[char]) -> (String, String) {
    let mut heard = Heard { word, place: skipped(word), first: String::new(), second: String::new() };
    while heard.place < word.len() && (heard.first.len() < LENGTH || heard.second.len() < LENGTH) {
        let start = heard.place;
        heard.sound();
        // Every rule takes at least its own letter.
        heard.place = heard.place.max(start + 1);
    }
    let cut = |code: String| code.chars().take(LENGTH).collect();
    (cut(heard.first), cut(heard.second))
}

/// How many letters at the beginning are silent: `Knut`, `Pneu`, `Wright`.
fn skipped(word: &[char]) -> usize {
    let begins = ["GN", "KN", "PN", "WR", "PS"].iter().any(|pair| word.starts_with(&pair.chars().collect::<Vec<_>>()));
    usize::from(begins)
}

/// What has been heard of a word so far.
struct Heard<'a> {
    word: &'a [char],
    place: usize,
    first: String,
    second: String,
}

impl Heard<'_> {
    /// The letter so many places on; a blank beyond the ends.
    fn at(&self, offset: isize) -> char {
        self.place.checked_add_signed(offset).and_then(|place| self.word.get(place)).copied().unwrap_or(' ')
    }

    /// Whether these letters stand so many places on.
    fn has(&self, offset: isize, letters: &str) -> bool {
        letters.chars().zip(offset..).all(|(letter, offset)| self.at(offset) == letter)
    }

    fn has_any(&self, offset: isize, groups: &[&str]) -> bool {
        groups.iter().any(|letters| self.has(offset, letters))
    }

    /// Whether a letter of these stands there.
    fn is_one_of(&self, offset: isize, letters: &str) -> bool {
        letters.contains(self.at(offset))
    }

    fn is_vowel(&self, offset: isize) -> bool {
        self.is_one_of(offset, "AEIOUY")
    }

    fn is_last(&self, letters: usize) -> bool {
        self.place + letters >= self.word.len()
    }

    /// Hears a sound and goes on by so many letters.
    fn hear(&mut self, sound: &str, letters: usize) {
        self.hear_either(sound, sound, letters);
    }

    fn hear_either(&mut self, first: &str, second: &str, letters: usize) {
        self.first.push_str(first);
        self.second.push_str(second);
        self.place += letters;
    }

    /// Hears a letter, which may be written twice.
    fn hear_doubled(&mut self, sound: &str) {
        let letters = 1 + usize::from(self.at(1) == self.at(0));
        self.hear(sound, letters);
    }

    fn sound(&mut self) {
        let is_first = self.place == 0;
        match self.at(0) {
            'A' | 'E' | 'I' | 'O' | 'U' | 'Y' => self.hear(if is_first { "A" } else { "" }, 1),
            'B' => self.hear_doubled("P"),
            'C' => self.c(),
            'D' => self.d(),
            'F' => self.hear_doubled("F"),
            'G' => self.g(),
            'H' => {
                let is_heard = (is_first || self.is_vowel(-1)) && self.is_vowel(1);
                self.hear(if is_heard { "H" } else { "" }, 1);
            }
            'J' => self.j(),
            'K' => self.hear_doubled("K"),
            'L' => self.hear_doubled("L"),
            'M' => self.hear_doubled("M"),
            'N' => self.hear_doubled("N"),
            'P' if self.at(1) == 'H' => self.hear("F", 2),
            'P' => self.hear("P", if self.is_one_of(1, "PB") { 2 } else { 1 }),
            'Q' => self.hear_doubled("K"),
            'R' => self.r(),
            'S' => self.s(),
            'T' => self.t(),
            'V' => self.hear_doubled("F"),
            'W' => self.w(),
            'X' if is_first => self.hear("S", 1),
            'X' if self.is_last(1) && self.has_any(-2, &["AU", "OU"]) => self.hear("", 1),
            'X' => self.hear("KS", if self.is_one_of(1, "CX") { 2 } else { 1 }),
            'Z' => self.z(),
            _ => self.hear("", 1),
        }
    }
}
