//! `ward tenant export NAME FOLDER`: `TYPE.ndjson` for each type, `tenant.json`, `members.ndjson`, `clients.ndjson`. No proof of who somebody is goes along: neither
//! passwords nor secrets, nor what they could be guessed from.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use fhir::definitions::ResourceType;
use fhir::{Value, array, object};
use identity::directory::{Kept, Record};
use identity::tenants::Tenancy;
use identity::user::{Status, User};
use oauth::Client;
use store::query::Filter;

use super::described;
use crate::command::export::store::each;
use crate::command::{Failure, Run};
use crate::custody::telling::Telling;
use crate::door::Door;
use crate::{tenants, wiring};

/// How many accounts or clients are read at a time.
const PAGE: u32 = 500;

/// Writes it, counts, and tells of it in the tenant's audit trail.
pub(super) fn run(run: &Run, slug: &str, folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder.parent().unwrap_or(Path::new(""))).map_err(|error| cannot(folder, &error))?;
    std::fs::create_dir(folder).map_err(|error| cannot(folder, &error))?;
    wiring::with_server_and_door(&run.settings, async |server, door| {
        let tenancy = tenants::named(&door.tenants, Some(slug)).await?;
        write(folder, "tenant.json", [Ok(described(&tenancy))])?;
        let resources = resources(&door, &tenancy, folder).await?;
        let member = |kept: &Kept<User>| (kept.record.status != Status::Deleted).then(|| member(&tenancy, kept));
        let members = records(&door, &tenancy, (folder, "members.ndjson"), member).await?;
        let client =
            |kept: &Kept<Client>| Some(object! { "id": &*kept.id, "name": kept.record.name.as_str(), "scope": kept.record.scope.as_str() });
        let clients = records(&door, &tenancy, (folder, "clients.ndjson"), client).await?;
        let told = Telling::new(&run.settings, server).exported(tenancy.tenant(), None).await;
        told.map_err(|error| Failure::failed(format!("the export could not be told in the audit trail: {error:?}")))?;
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
fn member(tenancy: &Tenancy, Kept { id, record: user, .. }: &Kept<User>) -> Value {
    let part = user.membership(tenancy.tenant());
    let roles = part.into_iter().flat_map(|part| &part.roles).map(|held| Value::from(held.role.as_str()));
    let mut member = object! { "id": &**id, "login": user.login.as_str(), "name": user.name.as_str() };
    if let Some(members) = member.as_object_mut() {
        members.set("roles", Value::Array(roles.collect()));
        if let Some(person) = part.and_then(|part| part.fhir_user.as_deref()) {
            members.set("fhirUser", Value::from(person));
        }
        if let Some(address) = user.verified_email() {
            members.set("emails", array![address]);
        }
    }
    member
}

/// A file with a line for each record of a kind that the tenant has, as `line` writes it; how many there were.
async fn records<R: Record>(
    door: &Door,
    tenancy: &Tenancy,
    (folder, name): (&Path, &str),
    line: impl Fn(&Kept<R>) -> Option<Value>,
) -> Result<u64, Failure> {
    let (tenant, mut after, mut lines) = (tenancy.tenant().0.to_string(), None, Vec::new());
    loop {
        let page = door.identity.directory().page::<R>(Some(("tenant", &tenant)), PAGE, after).await;
        let (kept, next) = page.map_err(|error| Failure::failed(error.to_string()))?;
        lines.extend(kept.iter().filter_map(&line).map(Ok));
        match next {
            Some(_) => after = next,
            None => return write(folder, name, lines),
        }
    }
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
