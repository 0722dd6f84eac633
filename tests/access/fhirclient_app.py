"""PyPI's fhirclient (SMART's own) as an app: fhirclient_app.py HOUSE.json."""

import unittest

from fhirclient import client, server
from fhirclient.models import condition, observation, patient
from person import ADDRESS, BACK, FHIR, HOUSE, Person, operator

WORKBENCH = HOUSE["clients"]["workbench"]
SOMEONE, ANOTHER = "p000002", "p000003"


def app(scope, **settings):
    """The library, when it has read what the server says of itself."""
    known = {"app_id": WORKBENCH["id"], "app_secret": WORKBENCH["secret"], "api_base": FHIR, "redirect_uri": BACK, "scope": scope}
    smart = client.FHIRClient(settings=known | settings)
    assert not smart.prepare(), "the CapabilityStatement says that a token is needed"
    return smart


def launched(scope, role="physician", chosen=SOMEONE, **settings):
    """The library, when somebody has signed in and allowed what it asks for."""
    smart = app(scope, **settings)
    smart.handle_callback(Person(role).allow(smart.authorize_url, patient=chosen))
    return smart


class FhirClient(unittest.TestCase):
    def test_finds_where_tokens_are_given(self):
        smart = app("openid")
        self.assertTrue(smart.authorize_url.startswith(f"{ADDRESS}/auth/authorize?"))
        self.assertFalse(smart.ready)

    def test_launches_by_itself_and_sees_one_patient(self):
        smart = launched("openid fhirUser patient/*.rs")
        self.assertTrue(smart.ready)
        self.assertEqual(smart.patient_id, SOMEONE)
        self.assertEqual(smart.patient.id, SOMEONE)
        found = observation.Observation.where({"_summary": "count"}).perform(smart.server)
        self.assertEqual(found.total, operator(f"Observation?patient={SOMEONE}&_summary=count")["total"])
        self.assertGreater(found.total, 0)
        with self.assertRaises(server.FHIRNotFoundException):
            patient.Patient.read(ANOTHER, smart.server)

    def test_is_refused_what_its_scopes_do_not_have(self):
        smart = launched("patient/Patient.r")
        self.assertEqual(smart.patient.id, SOMEONE)
        with self.assertRaises(server.FHIRPermissionDeniedException):
            condition.Condition.where({}).perform(smart.server)

    def test_refreshes_its_tokens(self):
        smart = launched("openid offline_access patient/Patient.r")
        first, once = smart.server.auth.access_token, smart.server.auth.refresh_token
        self.assertTrue(smart.reauthorize())
        self.assertNotEqual(smart.server.auth.access_token, first)
        self.assertNotEqual(smart.server.auth.refresh_token, once)
        self.assertEqual(patient.Patient.read(SOMEONE, smart.server).id, SOMEONE)
        smart.server.auth.refresh_token = once
        with self.assertRaises(Exception) as refused:
            smart.reauthorize()
        self.assertIn("400", str(getattr(refused.exception, "response", refused.exception)))
        with self.assertRaises(server.FHIRUnauthorizedException):
            patient.Patient.read(SOMEONE, smart.server)

    def test_goes_on_from_what_it_has_kept(self):
        state = launched("patient/Patient.r").state
        again = client.FHIRClient(state=state)
        self.assertEqual(patient.Patient.read(SOMEONE, again.server).id, SOMEONE)

    def test_believes_whoever_refuses(self):
        smart = app("patient/Patient.r")
        answer = Person("physician").allow(smart.authorize_url, decision="refuse")
        with self.assertRaisesRegex(Exception, "(?i)denied|refused"):
            smart.handle_callback(answer)

    def test_takes_no_answer_that_is_anothers(self):
        smart, other = app("patient/Patient.r"), app("patient/Patient.r")
        answer = Person("physician").allow(other.authorize_url, patient=SOMEONE)
        with self.assertRaisesRegex(Exception, "Invalid state"):
            smart.handle_callback(answer)

    def test_shows_patients_themselves(self):
        own = next(user["fhirUser"] for user in HOUSE["demo"]["users"] if user["role"] == "patient").split("/")[1]
        smart = launched("patient/*.rs", role="patient", chosen=None)
        self.assertEqual(smart.patient.id, own)
        total = patient.Patient.where({"_summary": "count"}).perform(smart.server).total
        self.assertEqual(total, 1)

    def test_acts_for_itself(self):
        smart = app("system/Patient.rs", patient_id="none")
        smart.authorize()
        total = patient.Patient.where({"_summary": "count"}).perform(smart.server).total
        self.assertEqual(total, operator("Patient?_summary=count")["total"])


unittest.main(argv=["fhirclient"])
