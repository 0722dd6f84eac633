//! From the tables' text to [`Definitions`].

use super::name_index::NameIndex;
use super::{
    Binding, BindingStrength, Compartment, Definitions, Element, ElementType, PrimitiveType, ResourceType, SearchParameter, Type, TypeId,
    TypeKind, ValueSet, ValueSetId,
};

const TYPES: &str = include_str!("../../generated/types.tsv");

/// The lines of a table below its header.
pub(super) fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().skip(1)
}

/// Reads all tables. They are part of the program, so a fault in them is one of the program, which its tests show.
pub(super) fn load() -> Definitions {
    read().expect("the tables in crates/fhir/generated are as `cargo xtask codegen` writes them")
}

fn read() -> Option<Definitions> {
    let value_sets = ValueSet::read(lines(include_str!("../../generated/value-sets.tsv")))?;
    let mut types = TypeReader::new(&value_sets).read()?;
    let mut resource_types: Vec<TypeId> =
        types.iter().filter(|kind| kind.kind == TypeKind::Resource && !kind.is_abstract).map(|kind| kind.id).collect();
    resource_types.sort_by_key(|id| types[usize::from(id.0)].name);
    for (index, id) in resource_types.iter().enumerate() {
        types[usize::from(id.0)].resource_type = Some(ResourceType::at(index)?);
    }
    let types_by_name = NameIndex::new(types.iter().map(|kind| kind.name));
    let resource_type = |name: &str| types[types_by_name.find(name, |index| types[index].name)?].resource_type;
    let compartments = lines(include_str!("../../generated/compartments.tsv"))
        .map(|line| {
            let mut columns = line.split('\t');
            let (compartment, member) = (resource_type(columns.next()?)?, resource_type(columns.next()?)?);
            Some(Compartment { compartment, resource_type: member, parameters: columns.next()?.split(' ').collect() })
        })
        .collect::<Option<_>>()?;
    let search_parameters =
        lines(include_str!("../../generated/search-parameters.tsv")).map(SearchParameter::read).collect::<Option<_>>()?;
    Some(Definitions { types, types_by_name, resource_types, search_parameters, compartments, value_sets })
}

struct TypeReader<'a> {
    /// The names of all types, by [`TypeId`].
    names: Vec<&'static str>,
    index: NameIndex,
    value_sets: &'a [ValueSet],
    types: Vec<Type>,
}

impl<'a> TypeReader<'a> {
    fn new(value_sets: &'a [ValueSet]) -> Self {
        let names: Vec<_> = lines(TYPES).filter(|line| !line.starts_with('\t')).filter_map(|line| line.split('\t').next()).collect();
        let index = NameIndex::new(names.iter().copied());
        Self { types: Vec::with_capacity(names.len()), names, index, value_sets }
    }

    fn id(&self, name: &str) -> Option<TypeId> {
        u16::try_from(self.index.find(name, |at| self.names[at])?).ok().map(TypeId)
    }

    /// Reads the table of types: a line for each type, and below it, indented, a line for each element that its base has
    /// not, or has otherwise.
    fn read(mut self) -> Option<Vec<Type>> {
        for line in lines(TYPES) {
            match line.strip_prefix('\t') {
                None => {
                    let next = self.type_line(line)?;
                    self.types.push(next);
                }
                Some(line) => {
                    let element = self.element_line(line)?;
                    let elements = &mut self.types.last_mut()?.elements;
                    match elements.iter_mut().find(|inherited| inherited.name == element.name) {
                        Some(inherited) => *inherited = element,
                        None => elements.push(element),
                    }
                }
            }
        }
        self.types.iter_mut().for_each(index_members);
        Some(self.types)
    }

    fn type_line(&self, line: &'static str) -> Option<Type> {
        let mut columns = line.split('\t');
        let name = columns.next()?;
        let kind = match columns.next()? {
            "resource" => TypeKind::Resource,
            "complex" => TypeKind::Complex,
            "primitive" => TypeKind::Primitive,
            "backbone" => TypeKind::Backbone,
            _ => return None,
        };
        let base = match columns.next().unwrap_or_default() {
            "" => None,
            base => Some(self.id(base)?),
        };
        let elements = match base {
            Some(base) => self.types.get(usize::from(base.0))?.elements.clone(),
            None => Vec::new(),
        };
        Some(Type {
            id: self.id(name)?,
            name,
            kind,
            resource_type: None,
            primitive: (kind == TypeKind::Primitive).then(|| PrimitiveType::parse(name)).flatten(),
            base,
            is_abstract: columns.next() == Some("abstract"),
            elements,
            members: Vec::new(),
            members_by_name: NameIndex::default(),
            required: Vec::new(),
        })
    }

    fn element_line(&self, line: &'static str) -> Option<Element> {
        let mut columns = line.split('\t');
        let name = columns.next()?;
        let (min, max) = columns.next()?.split_once("..")?;
        let types = columns.next().unwrap_or_default();
        let flags = columns.next().unwrap_or_default();
        let strength = columns.next().unwrap_or_default();
        Some(Element {
            name,
            min: min.parse().ok()?,
            max: if max == "*" { None } else { Some(max.parse().ok()?) },
            types: types.split_terminator(' ').map(|column| self.element_type(name, column)).collect::<Option<_>>()?,
            is_choice: flags.contains('C'),
            is_summary: flags.contains('S'),
            is_modifier: flags.contains('M'),
            is_xml_attribute: flags.contains('A'),
            binding: if strength.is_empty() { None } else { Some(self.binding(strength, columns.next().unwrap_or_default())?) },
        })
    }

    /// `string`, `valueString:string` for a choice, `Reference(Patient|Group)`.
    fn element_type(&self, element: &'static str, column: &'static str) -> Option<ElementType> {
        let (member, kind) = column.split_once(':').unwrap_or((element, column));
        let (name, targets) = kind.split_once('(').unwrap_or((kind, ""));
        let targets = targets.trim_end_matches(')').split_terminator('|').collect();
        Some(ElementType { id: self.id(name)?, member, targets })
    }

    fn binding(&self, strength: &str, value_set: &'static str) -> Option<Binding> {
        let strength = BindingStrength::parse(strength)?;
        let required = match strength {
            BindingStrength::Required => {
                let found = self.value_sets.binary_search_by_key(&value_set, |set| set.url).ok()?;
                Some(ValueSetId(u16::try_from(found).ok()?))
            }
            _ => None,
        };
        Some(Binding { strength, value_set, required })
    }
}

fn index_members(kind: &mut Type) {
    let required = kind.elements.iter().zip(0_u16..).filter(|(element, _)| element.min > 0 && !element.types.is_empty());
    kind.required = required.map(|(_, place)| place).collect();
    let pairs = kind.elements.iter().zip(0_u16..);
    kind.members = pairs.flat_map(|(element, index)| (0_u16..).take(element.types.len()).map(move |kind| (index, kind))).collect();
    let names: Vec<&str> = kind.member_names().collect();
    kind.members_by_name = NameIndex::new(names.into_iter());
}
