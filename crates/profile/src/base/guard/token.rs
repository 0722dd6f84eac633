//! The words of an expression.

/// A word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `name`, also in back quotes.
    Name(&'a str),
    /// `'text'`, as it stands between the quotes.
    Text(&'a str),
    /// `12`.
    Number(&'a str),
    /// `%resource`, `$this`: what is not looked into.
    Variable,
    /// An operator or a bracket.
    Symbol(&'a str),
}

/// The words of `text`; `None` when it has something that is none.
pub(super) fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '\'' => {
                let end = quoted(rest)?;
                (Token::Text(rest.get(1..end)?), end + 1)
            }
            '`' => {
                let end = rest.get(1..)?.find('`')? + 1;
                (Token::Name(rest.get(1..end)?), end + 1)
            }
            '%' | '$' => (Token::Variable, 1 + word(rest.get(1..)?)),
            'A'..='Z' | 'a'..='z' | '_' => (Token::Name(rest.get(..word(rest))?), word(rest)),
            '0'..='9' => (Token::Number(rest.get(..word(rest))?), word(rest)),
            _ => {
                let length = if ["<=", ">=", "!=", "!~"].iter().any(|symbol| rest.starts_with(symbol)) { 2 } else { first.len_utf8() };
                (Token::Symbol(rest.get(..length)?), length)
            }
        };
        tokens.push(token);
        rest = rest.get(length..)?.trim_start();
    }
    Some(tokens)
}

fn word(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte == b'-').count()
}

/// Where the quote that ends a text stands.
fn quoted(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes()
        .enumerate()
        .skip(1)
        .find(|(_, byte)| {
            let ends = *byte == b'\'' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            ends
        })
        .map(|(at, _)| at)
}
