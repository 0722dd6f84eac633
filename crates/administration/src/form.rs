//! What comes in a body, read strictly: a member that means nothing is a mistake, and so is one of another kind.

use fhir::{Issue, IssueCode, Object, Value, nearest};

use crate::codes;
use crate::refusal::Refusal;

/// The most entries of a list.
const MOST_ENTRIES: usize = 200;
/// The longest text of a name in a message.
const MOST_SHOWN: usize = 40;

/// An object that is being read.
pub(crate) struct Form<'v> {
    object: &'v Object,
    place: String,
    issues: Vec<Issue>,
}

impl<'v> Form<'v> {
    /// The members of a body, which may have those of `known`.
    ///
    /// Fails when it is missing or no object.
    pub(crate) fn of(body: Option<&'v Value>, known: &[&str]) -> Result<Self, Refusal> {
        let bad = |what: &str| Refusal::of(400, IssueCode::Structure, codes::BAD_BODY, what);
        let body = body.ok_or_else(|| bad("the body is missing: send a JSON object, as /api/openapi.json describes it"))?;
        let object = body.as_object().ok_or_else(|| bad("the body is no JSON object: see /api/openapi.json"))?;
        Ok(Self::at(object, String::new(), known))
    }

    fn at(object: &'v Object, place: String, known: &[&str]) -> Self {
        let mut form = Self { object, place, issues: Vec::new() };
        for (name, _) in object.iter().filter(|(name, _)| !known.contains(&&***name)) {
            let remedy = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known are {}", known.join(", ")),
            };
            let shown: String = name.chars().take(MOST_SHOWN).collect();
            let what = format!("there is no member `{shown}`: {remedy}");
            form.issues.push(Issue::error(codes::UNKNOWN_NAME, IssueCode::Structure, form.place.clone(), what));
        }
        form
    }

    fn place_of(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) }
    }

    fn wrong(&mut self, name: &str, rule: impl Into<String>) {
        let place = self.place_of(name);
        self.issues.push(Issue::error(codes::BAD_VALUE, IssueCode::Value, place, rule.into()));
    }

    /// Whether a member is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.object.get(name).is_some()
    }

    /// A text; `None` when it is absent.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let value = self.object.get(name)?;
        match value.as_str() {
            Some(text) if !text.trim().is_empty() => Some(text.to_owned()),
            Some(_) => {
                self.wrong(name, "it is empty: write something, or leave the member out");
                None
            }
            None => {
                self.wrong(name, format!("it is {}, and should be a text", value.kind()));
                None
            }
        }
    }

    /// A text that must be there.
    pub(crate) fn required(&mut self, name: &str) -> String {
        if !self.has(name) {
            self.wrong(name, "it is missing");
        }
        self.text(name).unwrap_or_default()
    }

    /// `true` or `false`; `false` when it is absent.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        match self.object.get(name) {
            None => false,
            Some(value) => value.as_bool().unwrap_or_else(|| {
                self.wrong(name, format!("it is {}, and should be true or false", value.kind()));
                false
            }),
        }
    }

    /// A whole number that is not negative; `None` when it is absent.
    pub(crate) fn number(&mut self, name: &str) -> Option<u32> {
        let value = self.object.get(name)?;
        let number = value.as_number().and_then(|text| text.parse().ok());
        if number.is_none() {
            self.wrong(name, "it should be a whole number from 0 to 4294967295");
        }
        number
    }

    /// The entries of a list; none when it is absent.
    fn entries(&mut self, name: &str) -> &'v [Value] {
        let Some(value) = self.object.get(name) else { return &[] };
        match value.as_array() {
            Some(entries) if entries.len() <= MOST_ENTRIES => entries,
            Some(_) => {
                self.wrong(name, format!("it has more than {MOST_ENTRIES} entries"));
                &[]
            }
            None => {
                self.wrong(name, format!("it is {}, and should be an array", value.kind()));
                &[]
            }
        }
    }

    /// The texts of a list; none when it is absent.
    pub(crate) fn texts(&mut self, name: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for (index, entry) in self.entries(name).iter().enumerate() {
            match entry.as_str() {
                Some(text) => texts.push(text.to_owned()),
                None => self.wrong(&format!("{name}[{index}]"), format!("it is {}, and should be a text", entry.kind())),
            }
        }
        texts
    }

    /// What `read` makes of each object of a list, which may have the members of `known`.
    pub(crate) fn objects<T>(&mut self, name: &str, known: &[&str], mut read: impl FnMut(&mut Form<'v>) -> T) -> Vec<T> {
        let mut made = Vec::new();
        for (index, entry) in self.entries(name).iter().enumerate() {
            let place = format!("{name}[{index}]");
            match entry.as_object() {
                Some(object) => {
                    let mut inner = Form::at(object, self.place_of(&place), known);
                    made.push(read(&mut inner));
                    self.issues.append(&mut inner.issues);
                }
                None => self.wrong(&place, format!("it is {}, and should be an object", entry.kind())),
            }
        }
        made
    }

    /// Fails with all that was wrong.
    pub(crate) fn finish(self) -> Result<(), Refusal> {
        if self.issues.is_empty() { Ok(()) } else { Err(Refusal { status: 400, issues: self.issues }) }
    }
}
