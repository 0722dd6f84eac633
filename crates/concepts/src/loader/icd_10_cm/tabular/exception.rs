//! Notes by which some codes have fewer seventh characters than their category: "7th characters D and S do not apply to codes in category S06
//! with 6th character 7 - …, or 8 - …".

/// Such a note.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Exception {
    seventh: Vec<u8>,
    category: String,
    sixth: Vec<u8>,
}

impl Exception {
    /// The exception that a note makes; most make none.
    pub(super) fn parse(note: &str) -> Option<Self> {
        let (seventh, rest) = note.split_once(" do not apply to codes in category ")?;
        let (category, sixth) = rest.split_once(" with 6th character ")?;
        let characters = |text: &str| -> Vec<u8> {
            let words = text.split([' ', ',']).filter(|word| word.len() == 1);
            words.map(|word| word.as_bytes()[0]).filter(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()).collect()
        };
        Some(Self { seventh: characters(seventh.strip_prefix("7th character")?), category: category.to_owned(), sixth: characters(sixth) })
    }

    /// Whether there is no such code, which has all its seven characters and the point.
    pub(super) fn is_about(&self, code: &str) -> bool {
        let bytes = code.as_bytes();
        let has = |place: usize, characters: &[u8]| bytes.get(place).is_some_and(|byte| characters.contains(byte));
        code.starts_with(&self.category) && has(6, &self.sixth) && has(7, &self.seventh)
    }
}
