//! The directives: GraphQL's own, and FHIR's for flattening (<http://hl7.org/fhir/R4/graphql.html#flattening>).

/// A directive.
#[derive(Debug)]
pub(crate) struct Directive {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it does.
    pub(crate) about: &'static str,
    /// Its one argument and the argument's type, which must be there.
    pub(crate) argument: Option<(&'static str, &'static str)>,
    /// Whether fragments may have it, too.
    pub(crate) on_fragments: bool,
}

/// All of them.
pub(crate) const DIRECTIVES: &[Directive] = &[
    Directive { name: "include", about: "Only if the argument is true.", argument: Some(("if", "Boolean")), on_fragments: true },
    Directive { name: "skip", about: "Not if the argument is true.", argument: Some(("if", "Boolean")), on_fragments: true },
    Directive { name: "flatten", about: "The fields of the field stand in its place.", argument: None, on_fragments: false },
    Directive { name: "first", about: "Only the first value.", argument: None, on_fragments: false },
    Directive { name: "singleton", about: "One value and no list, in what is flattened.", argument: None, on_fragments: false },
    Directive {
        name: "slice",
        about: "What is below gets the result of the FHIRPath at the end of its name, or the place in the list for `$index`.",
        argument: Some(("path", "String")),
        on_fragments: false,
    },
];
