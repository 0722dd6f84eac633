//! What a password must be, and how strong it is. Length counts, and that nobody guesses it; there are no rules about kinds of characters
//! (NIST SP 800-63B, 5.1.1.2).

use std::fmt;
use std::sync::Arc;

use zxcvbn::Score;
use zxcvbn::matching::patterns::{DictionaryPattern, MatchPattern};

use crate::error::IdentityError;
use crate::password::breached::Breached;
use crate::secret::Secret;

/// How much of a password is looked at, in characters: what it costs grows with the square.
const LOOKED_AT: usize = 100;

/// What a password must be.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The fewest characters. Default: 12.
    pub shortest: usize,
    /// The most characters. Default: 256.
    pub longest: usize,
    /// The lowest score of [`Strength`]. Default: 3.
    pub score: u8,
    /// Words beyond those that everybody knows.
    pub breached: Arc<Breached>,
}

impl Default for Policy {
    fn default() -> Self {
        Self { shortest: 12, longest: 256, score: 3, breached: Arc::default() }
    }
}

/// How strong a password is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strength {
    /// 0 (guessed at once) to 4 (very hard to guess).
    pub score: u8,
    /// How many guesses it takes, at most 2^64 - 1.
    pub guesses: u64,
    /// What is wrong with it, in a sentence; empty when nothing is.
    pub warning: String,
    /// What would make it better, in sentences.
    pub advice: Vec<String>,
    /// Why it is refused; `None`: it is not.
    pub refused: Option<Weakness>,
}

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// It has fewer characters than this.
    Short(usize),
    /// It has more characters than this.
    Long(usize),
    /// It is made of the name or the address of the account.
    Own,
    /// Everybody tries it.
    Known,
    /// Whether everybody tries it could not be found out: the list cannot be read.
    Unchecked,
    /// Its score is this, and must be that.
    Guessable {
        /// What it is.
        score: u8,
        /// What it must be.
        least: u8,
    },
}

impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short(least) => write!(f, "must have at least {least} characters"),
            Self::Long(most) => write!(f, "must have at most {most} characters"),
            Self::Own => f.write_str("must not be made of the name or address of the account"),
            Self::Known => f.write_str("is one that everybody tries first"),
            Self::Unchecked => f.write_str("cannot be compared with the list of those that everybody tries"),
            Self::Guessable { score, least } => write!(f, "is too easy to guess: {score} of 4, and at least {least} is asked for"),
        }
    }
}

impl Policy {
    /// How strong a password is, for an account that is known by these `words` (login, name, address).
    pub fn measure(&self, password: &Secret, words: &[&str]) -> Strength {
        let text = password.expose();
        let length = text.chars().count();
        let looked_at: String = text.chars().take(LOOKED_AT).collect();
        let own: Vec<String> = words.iter().flat_map(|word| parts(word)).collect();
        let inputs: Vec<&str> = own.iter().map(String::as_str).collect();
        let entropy = zxcvbn::zxcvbn(&looked_at, &inputs);
        let score = match entropy.score() {
            Score::Zero => 0,
            Score::One => 1,
            Score::Two => 2,
            Score::Three => 3,
            _ => 4,
        };
        let refused = if length < self.shortest {
            Some(Weakness::Short(self.shortest))
        } else if length > self.longest {
            Some(Weakness::Long(self.longest))
        } else if is_own(text, &own) {
            Some(Weakness::Own)
        } else {
            match self.breached.has(text) {
                Ok(true) => Some(Weakness::Known),
                Ok(false) if everybody_tries(&entropy, looked_at.len()) => Some(Weakness::Known),
                Ok(false) => (score < self.score).then_some(Weakness::Guessable { score, least: self.score }),
                Err(error) => {
                    tracing::error!("the list of breached passwords cannot be read: {error}");
                    Some(Weakness::Unchecked)
                }
            }
        };
        let feedback = entropy.feedback();
        let warning = feedback.and_then(|feedback| feedback.warning()).map(|warning| warning.to_string()).unwrap_or_default();
        let advice = feedback.map(|feedback| feedback.suggestions().iter().map(ToString::to_string).collect()).unwrap_or_default();
        Strength { score, guesses: entropy.guesses(), warning, advice, refused }
    }

    /// That a password may be taken.
    ///
    /// Fails with [`IdentityError::WeakPassword`], and with [`IdentityError::ListUnread`] when it could not be compared with the list of breached ones.
    pub fn judge(&self, password: &Secret, words: &[&str]) -> Result<(), IdentityError> {
        match self.measure(password, words).refused {
            None => Ok(()),
            Some(Weakness::Unchecked) => Err(IdentityError::ListUnread),
            Some(weakness) => Err(IdentityError::WeakPassword(weakness)),
        }
    }
}

/// A word, and the parts of it between signs that are no letters and digits, in small letters.
fn parts(word: &str) -> Vec<String> {
    let word = word.to_lowercase();
    let inner = word.split(|sign: char| !sign.is_alphanumeric()).filter(|part| part.chars().count() >= 3 && *part != word);
    let mut all: Vec<String> = inner.map(str::to_owned).collect();
    all.push(word);
    all
}

/// Whether a password is, signs and digits around it left aside, nothing but what the account is known by.
fn is_own(password: &str, own: &[String]) -> bool {
    let mut rest = password.to_lowercase();
    let mut longest_first: Vec<&String> = own.iter().filter(|word| !word.is_empty()).collect();
    longest_first.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let whole = rest.len();
    longest_first.iter().for_each(|word| rest = rest.replace(word.as_str(), ""));
    rest.len() < whole && rest.chars().filter(|sign| sign.is_alphabetic()).count() < 4 && rest.chars().count() < 8
}

/// Whether the whole of it is one word of the lists that `zxcvbn` brings, written whichever way.
fn everybody_tries(entropy: &zxcvbn::Entropy, length: usize) -> bool {
    let [only] = entropy.sequence() else { return false };
    let whole = only.token.len() == length;
    whole && matches!(&only.pattern, MatchPattern::Dictionary(DictionaryPattern { .. }))
}
