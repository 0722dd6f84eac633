"""A clinic's day with PyPI's fhirpy: fhirpy_day.py BASE_URL."""

import asyncio
import sys

from fhirpy import AsyncFHIRClient, SyncFHIRClient
from fhirpy.base.exceptions import MultipleResourcesFound, OperationOutcome, ResourceNotFound

base = sys.argv[1]
client = SyncFHIRClient(base)

patient = client.resource("Patient", name=[{"family": "Pythia", "given": ["Del", "Phi"]}], birthDate="1970-12-31")
patient.save()
assert patient["meta"]["versionId"] == "1"
patient["gender"] = "female"
patient.save()
patient.patch(active=True)
patient.refresh()
assert (patient["active"], patient["gender"]) == (True, "female")
assert patient.is_valid(), "the server finds its own resource valid"

for day, value in ((1, 120), (2, 130), (3, 140)):
    client.resource(
        "Observation",
        status="final",
        code={"coding": [{"system": "http://loinc.org", "code": "8480-6"}]},
        subject=patient.to_reference(),
        effectiveDateTime=f"2024-03-0{day}",
        valueQuantity={"value": value, "unit": "mm[Hg]", "system": "http://unitsofmeasure.org", "code": "mm[Hg]"},
    ).create()

observations = client.resources("Observation").search(patient=patient["id"], code="http://loinc.org|8480-6")
# fhirpy counts with a parameter of one vendor's server, which is passed over only where the client asks for leniency.
lenient = SyncFHIRClient(base, extra_headers={"Prefer": "handling=lenient"})
assert lenient.resources("Observation").search(patient=patient["id"], _total="accurate").count() == 3
assert [each["valueQuantity"]["value"] for each in observations.sort("-date").fetch()] == [140, 130, 120]
assert len(observations.limit(2).fetch()) == 2
assert len(observations.limit(1).fetch_all()) == 3, "all pages"
assert len(observations.search(date__gt="2024-03-01").fetch()) == 2
assert observations.sort("date").first()["valueQuantity"]["value"] == 120
assert observations.first()["subject"].to_resource()["id"] == patient["id"]
raw = client.resources("Observation").search(patient=patient["id"]).include("Observation", "patient").fetch_raw()
assert sum(entry["search"]["mode"] == "include" for entry in raw["entry"]) == 1
with_observations = client.resources("Patient").search(_id=patient["id"]).revinclude("Observation", "patient").fetch_raw()
assert len(with_observations["entry"]) == 4
assert client.resources("Patient").search(name="pythia", birthdate__le="1971").get()["id"] == patient["id"]

try:
    client.resources("Observation").search(patient=patient["id"]).get()
    raise AssertionError("three are not one")
except MultipleResourcesFound:
    pass

# A record that is made or changed, whichever it takes. (`get_or_create` is left out: it creates with criteria in the address, which FHIR does not have.)
first, made = client.resources("Patient").search(identifier="urn:example:mrn|py-1").update(
    client.resource("Patient", identifier=[{"system": "urn:example:mrn", "value": "py-1"}], name=[{"family": "Once"}])
)
assert made
changed, made = client.resources("Patient").search(identifier="urn:example:mrn|py-1").update(
    client.resource("Patient", identifier=[{"system": "urn:example:mrn", "value": "py-1"}], active=False)
)
assert (made, changed["id"], changed["active"]) == (False, first["id"], False)
client.resources("Patient").search(identifier="urn:example:mrn|py-1").patch(active=True)
client.resources("Patient").search(identifier="urn:example:mrn|py-1").delete()
try:
    client.reference("Patient", first["id"]).to_resource()
    raise AssertionError("deleted is not there")
except ResourceNotFound:
    pass

assert patient.execute("$everything", method="get")["resourceType"] == "Bundle"
try:
    client.resources("Patient").search(nmae="x").fetch()
    raise AssertionError("an unknown parameter is refused")
except OperationOutcome as outcome:
    assert "name" in str(outcome)


async def wards_at_once():
    hurried = AsyncFHIRClient(base)
    made = await asyncio.gather(*(hurried.resource("Basic", code={"text": f"note {n}"}).create() for n in range(20)))
    assert len({each["id"] for each in made}) == 20
    await asyncio.gather(*(each.delete() for each in made))


asyncio.run(wards_at_once())
print("fhirpy: the day is done")
