//! Selectors: the part of XPath that RFC 5261 has, with paths in conditions, as in `f:telecom[f:use/@value='home']`.

use std::sync::Arc;

/// How many steps and conditions a selector may have.
const MAX_PARTS: usize = 64;

/// A selector that was read.
#[derive(Clone, Debug)]
pub(super) struct Selector {
    pub(super) steps: Vec<SelectorStep>,
    pub(super) last: Last,
}

/// One step towards elements or other nodes.
#[derive(Clone, Debug)]
pub(super) struct SelectorStep {
    pub(super) test: NodeTest,
    pub(super) conditions: Vec<Condition>,
}

/// Which nodes a step looks at.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum NodeTest {
    Any,
    Name(Name),
    Text,
    Comment,
    /// With this target; `None` for any.
    Instruction(Option<Box<str>>),
}

/// What is selected in the end.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Last {
    /// The node that the steps lead to.
    Node,
    /// An attribute of it.
    Attribute(Name),
    /// The namespace that it declares for a prefix.
    Namespace(Box<str>),
}

/// A name with its namespace, empty without.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Name {
    pub(super) namespace: Arc<str>,
    pub(super) local: Box<str>,
}

/// What must hold for a node to be selected.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    /// Its place among those selected so far, from 1.
    Position(usize),
    /// It is the last of them.
    Last,
    /// What the path leads to is there, and is this text.
    Path { steps: Vec<NodeTest>, attribute: Option<Name>, equals: Option<Box<str>> },
}

/// The namespaces of prefixes, and of names without one.
pub(super) struct Prefixes<'a> {
    /// Declarations in force, the innermost last.
    pub(super) declared: Vec<&'a (Box<str>, Box<str>)>,
}

impl Prefixes<'_> {
    /// The namespace of a prefix.
    pub(super) fn namespace(&self, prefix: &str) -> Option<Arc<str>> {
        let declared = self.declared.iter().rev().find(|(known, _)| **known == *prefix).map(|(_, namespace)| &**namespace);
        let usual = match prefix {
            "" => Some(""),
            "f" => Some(fhir::xml::FHIR_NAMESPACE),
            "h" => Some(fhir::xml::XHTML_NAMESPACE),
            "xml" => Some("http://www.w3.org/XML/1998/namespace"),
            _ => None,
        };
        declared.or(usual).map(Into::into)
    }
}

/// Reads a selector. The error says what is wrong with it.
pub(super) fn parse(text: &str, prefixes: &Prefixes<'_>) -> Result<Selector, String> {
    let mut parser = Parser { rest: text.trim(), prefixes, parts: 0 };
    parser.eat("/");
    let mut steps = Vec::new();
    loop {
        if parser.eat("@") {
            let name = parser.name(false)?;
            return parser.finish(steps, Last::Attribute(name));
        }
        if parser.eat("namespace::") {
            let prefix = parser.word()?.into();
            return parser.finish(steps, Last::Namespace(prefix));
        }
        let test = parser.node_test()?;
        let mut conditions = Vec::new();
        while parser.eat("[") {
            parser.conditions(&mut conditions)?;
        }
        let is_leaf = !matches!(test, NodeTest::Any | NodeTest::Name(_));
        steps.push(SelectorStep { test, conditions });
        if is_leaf || !parser.eat("/") {
            return parser.finish(steps, Last::Node);
        }
    }
}

struct Parser<'t, 'p> {
    rest: &'t str,
    prefixes: &'p Prefixes<'p>,
    parts: usize,
}

impl<'t> Parser<'t, '_> {
    fn finish(&self, steps: Vec<SelectorStep>, last: Last) -> Result<Selector, String> {
        match (self.rest.trim().is_empty(), steps.is_empty()) {
            (true, false) => Ok(Selector { steps, last }),
            (true, true) => Err("it must begin with an element, as in f:Patient/f:name[1]/@id".to_owned()),
            (false, _) => Err(self.wrong()),
        }
    }

    fn wrong(&self) -> String {
        "a selector has steps such as f:name, *, text(), comment() or @value between slashes, with conditions such as [1] or [@value='x']"
            .to_owned()
    }

    fn eat(&mut self, token: &str) -> bool {
        match self.rest.trim_start().strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        if self.eat(token) { Ok(()) } else { Err(self.wrong()) }
    }

    /// A name without a colon.
    fn word(&mut self) -> Result<&'t str, String> {
        let text = self.rest.trim_start();
        let length = text.find(|character: char| !(character.is_alphanumeric() || "_-.".contains(character))).unwrap_or(text.len());
        let (word, rest) = text.split_at(length);
        if !word.starts_with(|first: char| first.is_alphabetic() || first == '_') {
            return Err(self.wrong());
        }
        self.rest = rest;
        Ok(word)
    }

    /// A name with or without a prefix; without one an element is in the default namespace, and an attribute in none.
    fn name(&mut self, is_element: bool) -> Result<Name, String> {
        let first = self.word()?;
        let (prefix, local) = if self.rest.starts_with(':') && !self.rest.starts_with("::") {
            self.rest = &self.rest[1..];
            (first, self.word()?)
        } else {
            ("", first)
        };
        if prefix.is_empty() && !is_element {
            return Ok(Name { namespace: "".into(), local: local.into() });
        }
        let unknown =
            || format!("the prefix {prefix} is not declared: use f for FHIR's namespace, h for XHTML's, or declare it in the patch");
        Ok(Name { namespace: self.prefixes.namespace(prefix).ok_or_else(unknown)?, local: local.into() })
    }

    fn node_test(&mut self) -> Result<NodeTest, String> {
        self.parts += 1;
        if self.parts > MAX_PARTS {
            return Err(format!("a selector may have {MAX_PARTS} steps and conditions"));
        }
        if self.eat("*") {
            return Ok(NodeTest::Any);
        }
        for (word, test) in [("text()", NodeTest::Text), ("comment()", NodeTest::Comment)] {
            if self.eat(word) {
                return Ok(test);
            }
        }
        if self.eat("processing-instruction(") {
            let target = self.literal();
            self.expect(")")?;
            return Ok(NodeTest::Instruction(target));
        }
        Ok(NodeTest::Name(self.name(true)?))
    }

    /// A text in quotes.
    fn literal(&mut self) -> Option<Box<str>> {
        let text = self.rest.trim_start();
        let quote = text.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
        let (literal, rest) = text[1..].split_once(quote)?;
        self.rest = rest;
        Some(literal.into())
    }

    /// The conditions within one pair of brackets, joined by `and`, and the bracket that closes them.
    fn conditions(&mut self, conditions: &mut Vec<Condition>) -> Result<(), String> {
        loop {
            let condition = self.condition()?;
            conditions.push(condition);
            if self.eat("]") {
                return Ok(());
            }
            self.expect("and ")?;
        }
    }

    fn condition(&mut self) -> Result<Condition, String> {
        self.parts += 1;
        let is_digit = |text: &str| text.trim_start().starts_with(|first: char| first.is_ascii_digit());
        if is_digit(self.rest) {
            return self.position();
        }
        if self.eat("position()") {
            self.expect("=")?;
            return if is_digit(self.rest) { self.position() } else { Err(self.wrong()) };
        }
        if self.eat("last()") {
            return Ok(Condition::Last);
        }
        let mut steps = Vec::new();
        let mut attribute = None;
        if !self.eat(".") {
            loop {
                if self.eat("@") {
                    attribute = Some(self.name(false)?);
                    break;
                }
                steps.push(self.node_test()?);
                if !self.eat("/") {
                    break;
                }
            }
        }
        let equals = match self.eat("=") {
            true => Some(self.literal().ok_or_else(|| self.wrong())?),
            false => None,
        };
        Ok(Condition::Path { steps, attribute, equals })
    }

    fn position(&mut self) -> Result<Condition, String> {
        let text = self.rest.trim_start();
        let length = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
        let (digits, rest) = text.split_at(length);
        self.rest = rest;
        match digits.parse() {
            Ok(position) if position > 0 => Ok(Condition::Position(position)),
            _ => Err("positions are counted from 1".to_owned()),
        }
    }
}
