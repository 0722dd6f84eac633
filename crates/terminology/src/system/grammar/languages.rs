//! Languages: `urn:ietf:bcp:47` (<https://www.rfc-editor.org/info/bcp47>), as the registry of subtags has them.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::system::{About, Concept, Designation, Filter, Operator, PropertyDefinition, System, Unsupported, Usage};

/// Kind, subtag and name, one subtag a line.
const REGISTRY: &str = include_str!("subtags.tsv");
/// A tag longer than this is not looked at.
const LONGEST: usize = 100;

/// The kinds of subtags, in the order in which they stand in a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    Language,
    Extension,
    Script,
    Region,
    Variant,
}

/// The system of all language tags.
pub(super) struct Languages {
    about: About,
    names: HashMap<(Kind, &'static str), &'static str>,
}

impl Languages {
    pub(super) fn new() -> Self {
        let property = |code: &str| PropertyDefinition { code: code.into(), uri: None };
        let about = About {
            name: Some("Languages".into()),
            language: Some("en".into()),
            properties: ["language", "ext-lang", "script", "region", "variant"].map(property).into(),
            stand_in: Some("http://terminology.hl7.org/ValueSet/Languages".into()),
            ..About::new("urn:ietf:bcp:47")
        };
        Self { about, names: REGISTRY.lines().filter_map(registered).collect() }
    }

    /// The subtags of a tag with their kinds; `None` when it is no tag in the form that the registry recommends.
    fn subtags<'a>(&self, tag: &'a str) -> Option<Vec<(Kind, &'a str)>> {
        let mut found: Vec<(Kind, &str)> = Vec::new();
        let mut rest = tag.split('-');
        for part in rest.by_ref() {
            if part.len() == 1 {
                // What follows is an extension or private: it may be anything.
                return (!found.is_empty() && rest.all(is_private) && !tag.ends_with('-')).then_some(found);
            }
            let last = found.last().map(|(kind, _)| *kind);
            let kinds: &[Kind] = match last {
                None => &[Kind::Language],
                Some(Kind::Language) => &[Kind::Extension, Kind::Script, Kind::Region, Kind::Variant],
                Some(Kind::Extension) => &[Kind::Script, Kind::Region, Kind::Variant],
                Some(Kind::Script) => &[Kind::Region, Kind::Variant],
                Some(Kind::Region | Kind::Variant) => &[Kind::Variant],
            };
            let kind = kinds.iter().find(|kind| self.names.contains_key(&(**kind, part)))?;
            found.push((*kind, part));
        }
        (!found.is_empty()).then_some(found)
    }

    /// The names of the subtags after the first, each with what stands before it.
    fn name(&self, tag: &str, label: impl Fn(Kind) -> &'static str) -> Option<String> {
        let subtags = self.subtags(tag)?;
        let mut names = subtags.iter().filter_map(|key| Some((key.0, self.names.get(key)?)));
        let mut text = (*names.next()?.1).to_owned();
        let rest: Vec<String> = names.map(|(kind, name)| format!("{}{name}", label(kind))).collect();
        if !rest.is_empty() {
            text.push_str(&format!(" ({})", rest.join(", ")));
        }
        Some(text)
    }
}

fn registered(line: &'static str) -> Option<((Kind, &'static str), &'static str)> {
    let mut fields = line.split('\t');
    let kind = match fields.next()? {
        "l" => Kind::Language,
        "e" => Kind::Extension,
        "s" => Kind::Script,
        "r" => Kind::Region,
        "v" => Kind::Variant,
        _ => return None,
    };
    Some(((kind, fields.next()?), fields.next()?))
}

fn is_private(part: &str) -> bool {
    (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn plain(_: Kind) -> &'static str {
    ""
}

fn labelled(kind: Kind) -> &'static str {
    match kind {
        Kind::Language => "Language=",
        Kind::Extension => "ExtLang=",
        Kind::Script => "Script=",
        Kind::Region => "Region=",
        Kind::Variant => "Variant=",
    }
}

impl System for Languages {
    fn about(&self) -> &About {
        &self.about
    }

    fn find(&self, code: &str) -> Option<Concept> {
        (code.len() <= LONGEST && self.subtags(code).is_some()).then(|| Concept::Expression(code.into()))
    }

    fn code<'a>(&'a self, concept: &'a Concept) -> Cow<'a, str> {
        super::expression(concept)
    }

    fn display<'a>(&'a self, concept: &'a Concept) -> Option<Cow<'a, str>> {
        self.name(&super::expression(concept), plain).map(Cow::Owned)
    }

    fn designations(&self, concept: &Concept, each: &mut dyn FnMut(Designation<'_>)) {
        let tag = super::expression(concept);
        let mut last = None;
        for name in [self.name(&tag, plain), self.name(&tag, labelled)].into_iter().flatten() {
            if last.as_ref() != Some(&name) {
                each(Designation {
                    language: Some("en"),
                    usage: Usage::Display,
                    value: &name,
                    status: None,
                    extensions: &[],
                    source: None,
                });
            }
            last = Some(name);
        }
    }

    fn rows(&self) -> Option<u32> {
        None
    }

    fn passes(&self, concept: &Concept, filter: &Filter) -> Result<Result<(), String>, Unsupported> {
        let kind = match &*filter.property {
            "language" => Kind::Language,
            "ext-lang" => Kind::Extension,
            "script" => Kind::Script,
            "region" => Kind::Region,
            "variant" => Kind::Variant,
            _ => return Err(Unsupported::Filter),
        };
        let tag = super::expression(concept);
        let subtag = self.subtags(&tag).and_then(|subtags| subtags.into_iter().find(|(other, _)| *other == kind));
        let passes = match filter.operator {
            Operator::Exists => subtag.is_some() == (&*filter.value == "true"),
            Operator::Equals => subtag.is_some_and(|(_, subtag)| subtag == &*filter.value),
            _ => return Err(Unsupported::Filter),
        };
        Ok(if passes { Ok(()) } else { Err(format!("The language code {tag} does not have the {} that is asked for", filter.property)) })
    }
}
