//! The tree of a document.

/// A place in the text of a query, both counted from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is what its name says")]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

/// A document: operations, and the fragments that they use.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "each is what its name says")]
pub struct Document {
    pub operations: Vec<Operation>,
    pub fragments: Vec<Fragment>,
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the keyword of the same name")]
pub enum OperationKind {
    Query,
    Mutation,
    Subscription,
}

/// An operation.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each is what its name says")]
pub struct Operation {
    pub kind: OperationKind,
    pub name: Option<String>,
    pub variables: Vec<VariableDefinition>,
    pub directives: Vec<Directive>,
    pub selections: Vec<Selection>,
    pub at: Position,
}

/// A fragment with a name.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each is what its name says")]
pub struct Fragment {
    pub name: String,
    pub on: String,
    pub directives: Vec<Directive>,
    pub selections: Vec<Selection>,
    pub at: Position,
}

/// `$name: Type = default`.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each is what its name says")]
pub struct VariableDefinition {
    pub name: String,
    pub kind: TypeReference,
    pub default: Option<Input>,
    pub at: Position,
}

/// A type as a variable names it: `[String!]`.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum TypeReference {
    Named(String),
    List(Box<TypeReference>),
    NonNull(Box<TypeReference>),
}

/// Something selected.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each is what its name says")]
pub enum Selection {
    Field(Field),
    Spread(Spread),
    Inline(Inline),
}

/// `alias: name(arguments) @directives { selections }`.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each is what its name says")]
pub struct Field {
    pub alias: Option<String>,
    pub name: String,
    pub arguments: Vec<Argument>,
    pub directives: Vec<Directive>,
    /// Empty where there are no braces.
    pub selections: Vec<Selection>,
    pub at: Position,
}

/// `...name`.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each is what its name says")]
pub struct Spread {
    pub name: String,
    pub directives: Vec<Directive>,
    pub at: Position,
}

/// `... on Type { selections }`.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each is what its name says")]
pub struct Inline {
    pub on: Option<String>,
    pub directives: Vec<Directive>,
    pub selections: Vec<Selection>,
    pub at: Position,
}

/// `@name(arguments)`.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each is what its name says")]
pub struct Directive {
    pub name: String,
    pub arguments: Vec<Argument>,
    pub at: Position,
}

/// `name: value`.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each is what its name says")]
pub struct Argument {
    pub name: String,
    pub value: Input,
    pub at: Position,
}

/// A value as the query writes it.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// `$name`.
    Variable(String),
    /// A number, by its text.
    Number(String),
    /// A string, unescaped.
    String(String),
    /// `true` or `false`.
    Boolean(bool),
    /// `null`.
    Null,
    /// A name: `official`.
    Enum(String),
    /// `[a, b]`.
    List(Vec<Input>),
    /// `{a: b}`.
    Object(Vec<(String, Input)>),
}

impl Field {
    /// The name that it has in the answer.
    pub fn key(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }
}
