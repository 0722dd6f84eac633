//! The tree of an expression: what is evaluated.

use std::sync::OnceLock;
use std::sync::atomic::AtomicU32;

use fhir::definitions::TypeId;
use regex::Regex;

use crate::factory::Maker;
use crate::functions::Function;
use crate::item::Item;
use crate::types::{self, TypeSpecifier};

/// A part of an expression.
#[derive(Debug)]
pub(crate) struct Expr {
    /// Where it starts in the text, in bytes.
    pub(crate) at: u32,
    /// The levels of the tree below it, itself included: what bounds the recursion of evaluation.
    pub(crate) height: u16,
    pub(crate) kind: ExprKind,
}

#[derive(Debug)]
pub(crate) enum ExprKind {
    /// `{}`.
    Empty,
    /// `'text'`, `1.5`, `@2024`, `4 'mg'`.
    Literal(Item<'static>),
    /// `$this`.
    This,
    /// `$index`.
    Index,
    /// `$total`.
    Total,
    /// `%name`.
    External(Box<str>),
    /// `a.b.c(…)[0]`: each part evaluated on what the one before it gave.
    Chain(Box<[Expr]>),
    /// `name`, where it begins a chain also the name of a type.
    Member { name: Member, begins: bool },
    /// `where(use = 'official')`.
    Call { function: &'static Function, arguments: Box<[Expr]>, pattern: Pattern },
    /// `%factory.Coding('system', 'code')`.
    Make { maker: Maker, arguments: Box<[Expr]> },
    /// `Coding { system: 'a', code: 'b' }`: the type that is made, and its elements.
    Instance { id: TypeId, elements: Box<[(Box<str>, Expr)]> },
    /// `defineVariable('name', …)`.
    DefineVariable { name: Box<Expr>, value: Option<Box<Expr>> },
    /// `[0]`.
    At(Box<Expr>),
    /// `-a` or `+a`.
    Polarity { negative: bool, operand: Box<Expr> },
    /// `a + b`.
    Binary { operator: Operator, left: Box<Expr>, right: Box<Expr> },
    /// `a is Patient`.
    Is { operand: Box<Expr>, specifier: TypeSpecifier },
    /// `a as Patient`.
    As { operand: Box<Expr>, specifier: TypeSpecifier },
    /// `family desc` in `sort(family desc)`.
    Descending(Box<Expr>),
    /// The type in `ofType(Patient)`.
    Type(TypeSpecifier),
}

/// The regular expression that a call compiled first: most calls have one for ever.
pub(crate) type Pattern = OnceLock<Box<(String, Regex)>>;

/// The name of an element, with what was found for it last time: a type and the place of the element in it.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: Box<str>,
    /// The type of that name.
    pub(crate) named_type: Option<TypeId>,
    /// Whether it begins with a capital, as the names of types do that expressions begin with.
    pub(crate) is_capital: bool,
    pub(crate) found: AtomicU32,
}

impl Member {
    /// Nothing was found yet.
    pub(crate) const NOTHING: u32 = u32::MAX;

    pub(crate) fn new(name: &str) -> Self {
        let is_capital = name.starts_with(|first: char| first.is_ascii_uppercase());
        Self { name: name.into(), named_type: types::named(name), is_capital, found: AtomicU32::new(Self::NOTHING) }
    }
}

/// The operators with two operands, by what they bind like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Multiply,
    Divide,
    IntegerDivide,
    Modulo,
    Add,
    Subtract,
    Concatenate,
    Union,
    LessOrEqual,
    Less,
    Greater,
    GreaterOrEqual,
    Equal,
    Equivalent,
    NotEqual,
    NotEquivalent,
    In,
    Contains,
    And,
    Or,
    Xor,
    Implies,
}

impl Operator {
    /// Whether it gives a truth or nothing, and is asked for just that most of the time.
    pub(crate) fn gives_truth(self) -> bool {
        use Operator::{And, Equal, Greater, GreaterOrEqual, Implies, Less, LessOrEqual, NotEqual, Or, Xor};
        matches!(self, And | Or | Xor | Implies | Equal | NotEqual | Less | LessOrEqual | Greater | GreaterOrEqual)
    }
}
