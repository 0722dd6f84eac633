//! The record of one patient: the patient, what is in the compartment (<http://hl7.org/fhir/R4/compartmentdefinition-patient.html>), and the attachments that it names.

use std::cell::RefCell;
use std::collections::BTreeSet;

use ::store::Store;
use ::store::commit::{Key, Tenant};
use ::store::query::Filter;
use fhir::Value;
use fhir::definitions::ResourceType;
use search::{Registry, compartment};

use super::{Take, store};
use crate::command::Failure;

/// The type of what attachments are kept in.
const BINARY: &str = "Binary";

/// How many Binaries are looked for at once.
const SOME: usize = 100;

/// The record of a patient. Its Binaries are known once everything else was handed out.
pub struct Record {
    tenant: Tenant,
    patient: Key,
    filters: Vec<(ResourceType, Filter)>,
    binaries: RefCell<BTreeSet<Box<str>>>,
}

impl Record {
    /// The record of the patient with this id.
    ///
    /// Fails when there is none, or the store cannot be read.
    pub async fn of(engine: &dyn Store, registry: &Registry, (tenant, id): (Tenant, &str)) -> Result<Self, Failure> {
        let kind = ResourceType::parse("Patient").ok_or_else(|| Failure::failed("R4 has the type Patient"))?;
        let patient = Key::new(kind, id);
        let found = engine.read(tenant, &patient).await.map_err(|error| Failure::failed(error.to_string()))?;
        if found.is_none() {
            return Err(Failure::failed(format!("{patient} does not exist: check the id")));
        }
        let members = compartment::members(kind).filter(|member| *member != kind);
        let filters = members.filter_map(|member| Some((member, compartment::filter(registry, &patient, member)?))).collect();
        Ok(Self { tenant, patient, filters, binaries: RefCell::default() })
    }

    /// Hands out what belongs to it of a type.
    pub async fn each(&self, engine: &dyn Store, kind: ResourceType, take: Take<'_>) -> Result<(), Failure> {
        if kind.name() == BINARY {
            let ids: Vec<Box<str>> = self.binaries.take().into_iter().collect();
            for some in ids.chunks(SOME) {
                store::each(engine, self.tenant, (kind, Filter::Id(some.to_vec())), take).await?;
            }
            return Ok(());
        }
        let own = (kind == self.patient.kind).then(|| Filter::Id(vec![self.patient.id.clone()]));
        let Some(filter) = own.or_else(|| self.filters.iter().find(|(of, _)| *of == kind).map(|(_, filter)| filter.clone())) else {
            return Ok(());
        };
        store::each(engine, self.tenant, (kind, filter), &mut |text| {
            if let Ok(resource) = fhir::json::parse(text) {
                named(&resource, &mut self.binaries.borrow_mut());
            }
            take(text)
        })
        .await
    }
}

/// The types, Binary as the last: what it is asked for is known then.
pub fn in_order(mut kinds: Vec<ResourceType>) -> Vec<ResourceType> {
    kinds.sort_by_key(|kind| kind.name() == BINARY);
    kinds
}

/// Notes the Binaries that a resource names, wherever: by addresses that end with their type and id.
fn named(value: &Value, out: &mut BTreeSet<Box<str>>) {
    match value {
        Value::Object(object) => object.iter().for_each(|(_, value)| named(value, out)),
        Value::Array(items) => items.iter().for_each(|item| named(item, out)),
        Value::String(text) => {
            let mut parts = text.rsplit('/');
            if let (Some(id), Some(BINARY)) = (parts.next(), parts.next())
                && interaction::is_id(id)
            {
                out.insert(id.into());
            }
        }
        _ => {}
    }
}
