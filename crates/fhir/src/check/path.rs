//! Where the walk is: a chain on the call stack that becomes text only when something is wrong.

use std::fmt;

/// A step of the way from the resource to an element.
#[derive(Clone, Copy)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    name: &'a str,
    index: Option<usize>,
    depth: usize,
}

impl<'a> Path<'a> {
    /// The way's beginning: the type of the resource.
    pub fn root(name: &'a str) -> Self {
        Self { parent: None, name, index: None, depth: 0 }
    }

    /// The element `name` of this one.
    pub fn child(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), name, index: None, depth: self.depth + 1 }
    }

    /// The item `index` of this element.
    pub fn at(self, index: usize) -> Self {
        Self { index: Some(index), ..self }
    }

    /// The name of the last step.
    pub fn last(&self) -> &'a str {
        self.name
    }

    /// How many steps it is from the resource.
    pub fn depth(&self) -> usize {
        self.depth
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            write!(f, "{parent}.")?;
        }
        let is_identifier = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        match is_identifier(self.name) && self.name.len() <= 64 {
            true => f.write_str(self.name)?,
            // What stands in the place of a name may be anything: it goes out in FHIRPath's quotes, and cut.
            false => {
                let shown: String = self.name.chars().take(64).filter(|letter| !letter.is_control() && *letter != '`').collect();
                write!(f, "`{shown}`")?;
            }
        }
        match self.index {
            Some(index) => write!(f, "[{index}]"),
            None => Ok(()),
        }
    }
}
