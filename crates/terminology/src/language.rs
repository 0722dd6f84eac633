//! Languages: tags of BCP 47 (<https://www.rfc-editor.org/info/bcp47>), and what a client would like to read, as `Accept-Language` says it.

use std::fmt;

/// How much of two tags has to agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Everything.
    Full,
    /// Language, script and region.
    Region,
    /// The language alone.
    Language,
}

/// A language tag, taken apart: `zh-Hant-TW`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    code: Box<str>,
}

/// The parts of a tag that are compared.
struct Parts<'a> {
    language: &'a str,
    script: Option<&'a str>,
    region: Option<&'a str>,
}

impl Tag {
    /// The tag that a text is. Every text is taken for one.
    pub fn new(code: &str) -> Self {
        Self { code: code.into() }
    }

    /// The text of it.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Whether `other` is the same language, down to `depth`.
    pub fn matches(&self, other: &str, depth: Depth) -> bool {
        tags_match(&self.code, other, depth)
    }
}

fn parts(code: &str) -> Parts<'_> {
    let mut rest = code.split('-');
    let language = rest.next().unwrap_or_default();
    let (mut script, mut region) = (None, None);
    for part in rest.take_while(|part| part.len() > 1) {
        match part.len() {
            4 if script.is_none() && region.is_none() && part.bytes().all(|byte| byte.is_ascii_alphabetic()) => script = Some(part),
            2 if region.is_none() => region = Some(part),
            3 if region.is_none() && part.bytes().all(|byte| byte.is_ascii_digit()) => region = Some(part),
            _ => {}
        }
    }
    Parts { language, script, region }
}

/// Whether two tags are the same language, down to `depth`.
pub fn tags_match(left: &str, right: &str, depth: Depth) -> bool {
    let same = |left: Option<&str>, right: Option<&str>| match (left, right) {
        (Some(left), Some(right)) => left.eq_ignore_ascii_case(right),
        (None, None) => true,
        _ => false,
    };
    match depth {
        Depth::Full => left.eq_ignore_ascii_case(right),
        Depth::Region => {
            let (left, right) = (parts(left), parts(right));
            left.language.eq_ignore_ascii_case(right.language) && same(left.script, right.script) && same(left.region, right.region)
        }
        Depth::Language => parts(left).language.eq_ignore_ascii_case(parts(right).language),
    }
}

/// One language that a client would read.
#[derive(Clone, Debug, PartialEq)]
struct Wish {
    tag: Tag,
    /// Thousandths; 0 is a language that it would not read.
    quality: u16,
}

/// The languages that a client would like to read, the best first.
#[derive(Clone, Debug, PartialEq)]
pub struct Languages {
    text: Box<str>,
    wishes: Vec<Wish>,
}

impl Languages {
    /// The languages of an `Accept-Language` header or a `displayLanguage`: `de-CH, de;q=0.8, *;q=0`. `None` when there is none in it, or one
    /// of them cannot be a tag.
    pub fn parse(text: &str) -> Option<Self> {
        let mut wishes = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (code, parameters) = part.split_once(';').unwrap_or((part, ""));
            let quality = parameters.trim().strip_prefix("q=").map_or(Some(1000), quality)?;
            let is_tag = |code: &str| code == "*" || code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            let code = code.trim();
            if code.is_empty() || code.len() > 100 || !is_tag(code) {
                return None;
            }
            wishes.push(Wish { tag: Tag::new(code), quality });
        }
        // The order of writing counts among equals.
        wishes.sort_by_key(|wish| std::cmp::Reverse(wish.quality));
        (!wishes.is_empty()).then(|| Self { text: text.into(), wishes })
    }

    /// The languages that it would read, the best first, `*` among them when it would read any.
    pub fn wanted(&self) -> impl Iterator<Item = &Tag> {
        self.wishes.iter().filter(|wish| wish.quality > 0).map(|wish| &wish.tag)
    }

    /// Whether a text in a language, or in none that is known, may be shown: some wish names it, or nothing says that other languages are
    /// unwelcome.
    pub fn refuses_others(&self) -> bool {
        self.wishes.iter().any(|wish| wish.quality == 0 && wish.tag.code() == "*")
    }

    /// Whether a language is one of them, when only the language itself counts.
    pub fn include(&self, language: &str, depth: Depth) -> bool {
        self.wanted().any(|tag| tag.code() == "*" || tag.matches(language, depth))
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// The quality in thousandths.
fn quality(text: &str) -> Option<u16> {
    let text = text.trim();
    let value: f32 = text.parse().ok()?;
    (0.0..=1.0).contains(&value).then_some((value * 1000.0) as u16)
}

/// The tags with commas between them, as messages name them.
impl fmt::Display for Languages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, wish) in self.wishes.iter().filter(|wish| wish.tag.code() != "*").enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            f.write_str(wish.tag.code())?;
        }
        Ok(())
    }
}
