"""An app's day with PyPI's fhirclient (SMART's own, models of R4): fhirclient_day.py BASE_URL."""

import sys

from fhirclient import client
from fhirclient.models import bundle, encounter, humanname, observation, patient, quantity
from fhirclient.models.codeableconcept import CodeableConcept
from fhirclient.models.coding import Coding
from fhirclient.models.fhirdate import FHIRDate
from fhirclient.models.fhirreference import FHIRReference

smart = client.FHIRClient(settings={"app_id": "ward_test", "api_base": sys.argv[1]})
assert smart.prepare(), "the CapabilityStatement is read, and no authorization asked for"
server = smart.server

who = patient.Patient()
who.name = [humanname.HumanName({"family": "Smart", "given": ["Ida"]})]
who.birthDate = FHIRDate("1985-08-01")
created = who.create(server)
assert created["meta"]["versionId"] == "1"
who = patient.Patient.read(created["id"], server)
assert who.name[0].family == "Smart"
who.gender = "female"
assert who.update(server)["meta"]["versionId"] == "2"

seen = observation.Observation()
seen.status = "final"
seen.code = CodeableConcept({"coding": [{"system": "http://loinc.org", "code": "8302-2"}]})
seen.subject = FHIRReference({"reference": f"Patient/{who.id}"})
seen.valueQuantity = quantity.Quantity({"value": 1.68, "unit": "m", "system": "http://unitsofmeasure.org", "code": "m"})
seen.create(server)

found = observation.Observation.where({"patient": who.id, "code": "8302-2"}).perform_resources(server)
assert [each.valueQuantity.value for each in found] == [1.68]
page = patient.Patient.where({"_count": "5"}).perform(server)
assert isinstance(page, bundle.Bundle) and len(page.entry) == 5
assert sum(1 for _ in patient.Patient.where({"_count": "5", "birthdate": "ge1900"}).perform_resources_iter(server)) > 50
with_patient = observation.Observation.where({"_id": found[0].id}).include("subject").perform(server)
assert {entry.resource.resource_type for entry in with_patient.entry} == {"Observation", "Patient"}
assert isinstance(found[0].subject.resolved(patient.Patient), patient.Patient)

chart = bundle.Bundle(server.request_json(f"Patient/{who.id}/$everything"))
assert len(chart.entry) >= 2
found[0].delete(server)
try:
    observation.Observation.read(found[0].id, server)
    raise AssertionError("deleted is not there")
except Exception as error:
    assert "410" in str(getattr(getattr(error, "response", None), "status_code", error)), error
assert encounter.Encounter.where({"patient": who.id}).perform_resources(server) == []
assert Coding({"code": "x"}).as_json() == {"code": "x"}
print("fhirclient (PyPI): the day is done")
