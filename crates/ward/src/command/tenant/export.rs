//! `ward tenant export NAME FOLDER`: `TYPE.ndjson` for each type, `tenant.json`, `members.ndjson`, `clients.ndjson`. No proof of who somebody is goes along: neither
//! passwords nor secrets, nor what they could be guessed from.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use fhir::definitions::ResourceType;
use fhir::{Value, array, object};
use identity::accounts::{Found, Which};
use identity::tenants::Tenancy;
use store::query::Filter;

use super::described;
use crate::command::export::store::each;
use crate::command::{Failure, Run};
use crate::door::Door;
use crate::{tenants, wiring};

/// How many clients are written.
const MOST_CLIENTS: u32 = 10_000;

/// Writes it, and counts.
pub(super) fn run(run: &Run, slug: &str, folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder.parent().unwrap_or(Path::new(""))).map_err(|error| cannot(folder, &error))?;
    std::fs::create_dir(folder).map_err(|error| cannot(folder, &error))?;
    wiring::with_door(&run.settings, async |door| {
        let tenancy = tenants::named(&door.tenants, Some(slug)).await?;
        write(folder, "tenant.json", [Ok(described(&tenancy))])?;
        let resources = resources(&door, &tenancy, folder).await?;
        let found = door.identity.users(Which { tenant: Some(tenancy.tenant()), ..Which::default() }).await;
        let found = found.map_err(|error| Failure::failed(error.to_string()))?;
        let members = write(folder, "members.ndjson", found.iter().map(|found| Ok(member(&tenancy, found))))?;
        let known =
            door.provider.list_clients(tenancy.tenant(), MOST_CLIENTS).await.map_err(|refusal| Failure::failed(refusal.to_string()))?;
        let client = |kept: &identity::directory::Kept<oauth::Client>| {
            object! { "id": &*kept.id, "name": kept.record.name.as_str(), "scope": kept.record.scope.as_str() }
        };
        let clients = write(folder, "clients.ndjson", known.iter().map(|kept| Ok(client(kept))))?;
        eprintln!("{resources} resources, {members} members and {clients} clients written");
        Ok(())
    })
}

async fn resources(door: &Door, tenancy: &Tenancy, folder: &Path) -> Result<u64, Failure> {
    let mut written = 0;
    for kind in ResourceType::all() {
        let path = folder.join(format!("{}.ndjson", kind.name()));
        let mut file: Option<BufWriter<File>> = None;
        let mut take = |text: &[u8]| {
            written += 1;
            let file = match &mut file {
                Some(file) => file,
                none => none.insert(BufWriter::new(File::create_new(&path).map_err(|error| cannot(&path, &error))?)),
            };
            file.write_all(text).and_then(|()| file.write_all(b"\n")).map_err(|error| cannot(&path, &error))
        };
        each(&**door.identity.directory().store(), tenancy.tenant(), (kind, Filter::everything()), &mut take).await?;
        file.map_or(Ok(()), |mut file| file.flush()).map_err(|error| cannot(&path, &error))?;
    }
    Ok(written)
}

/// What an account is in the tenant. What it is elsewhere is not this tenant's.
fn member(tenancy: &Tenancy, found: &Found) -> Value {
    let part = found.user.membership(tenancy.tenant());
    let roles = part.into_iter().flat_map(|part| &part.roles).map(|held| Value::from(held.role.as_str()));
    let mut member = object! { "id": found.id.as_str(), "login": found.user.login.as_str(), "name": found.user.name.as_str() };
    if let Some(members) = member.as_object_mut() {
        members.set("roles", Value::Array(roles.collect()));
        if let Some(person) = part.and_then(|part| part.fhir_user.as_deref()) {
            members.set("fhirUser", Value::from(person));
        }
        if let Some(address) = found.user.verified_email() {
            members.set("emails", array![address]);
        }
    }
    member
}

/// A file with a line for each value; how many there were.
fn write(folder: &Path, name: &str, values: impl IntoIterator<Item = Result<Value, Failure>>) -> Result<u64, Failure> {
    let path = folder.join(name);
    let mut file = BufWriter::new(File::create_new(&path).map_err(|error| cannot(&path, &error))?);
    let mut count = 0;
    for value in values {
        writeln!(file, "{}", fhir::json::to_string(&value?)).map_err(|error| cannot(&path, &error))?;
        count += 1;
    }
    file.flush().map_err(|error| cannot(&path, &error))?;
    Ok(count)
}

fn cannot(path: &Path, error: &std::io::Error) -> Failure {
    Failure::failed(format!("{} cannot be written: {error}", path.display()))
}
