"""PyPI's authlib, with requests and with httpx: authlib_app.py HOUSE.json."""

import time
import unittest

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from person import ADDRESS, BACK, FHIR, HOUSE, Person, key, operator

TOKEN, AUTHORIZE = f"{ADDRESS}/auth/token", f"{ADDRESS}/auth/authorize"
WORKBENCH = HOUSE["clients"]["workbench"]
VERIFIER = "a-verifier-of-more-than-forty-three-characters-0"
PATIENTS = operator("Patient?_summary=count")["total"]


def session(kind=OAuth2Session, scope="openid fhirUser offline_access user/Patient.rs", **settings):
    known = {"token_endpoint": TOKEN, "scope": scope, "redirect_uri": BACK, "code_challenge_method": "S256"}
    return kind(WORKBENCH["id"], WORKBENCH["secret"], **known | settings)


def signed_in(app, **asked):
    """The same, when a physician has allowed what it asks for."""
    address, _ = app.create_authorization_url(AUTHORIZE, code_verifier=VERIFIER, aud=FHIR, nonce="n-1", **asked)
    app.fetch_token(TOKEN, authorization_response=Person("physician").allow(address), code_verifier=VERIFIER)
    return app


def five_minutes(alg):
    """The library's assertions hold for an hour unless they are told otherwise; SMART allows five minutes."""
    return PrivateKeyJWT(TOKEN, claims={"exp": int(time.time()) + 290}, headers={"kid": key(alg)["kid"]}, alg=alg)


def total(app):
    answer = app.get(f"{FHIR}/Patient?_summary=count")
    return answer.json()["total"] if answer.status_code == 200 else answer.status_code


class Authlib(unittest.TestCase):
    def test_code_with_pkce(self):
        for kind in (OAuth2Session, OAuth2Client):
            app = signed_in(session(kind))
            self.assertEqual(total(app), PATIENTS)
            self.assertEqual(app.get(f"{FHIR}/Observation?_count=1").status_code, 403)

    def test_id_token_is_signed_by_a_published_key(self):
        app = signed_in(session())
        keys = KeySet.import_key_set(requests.get(f"{ADDRESS}/auth/jwks", timeout=30).json())
        claims = jwt.decode(app.token["id_token"], keys, algorithms=["RS256", "ES384"]).claims
        self.assertEqual((claims["iss"], claims["aud"], claims["nonce"]), (ADDRESS, WORKBENCH["id"], "n-1"))
        self.assertEqual(app.get(f"{ADDRESS}/auth/userinfo").json()["sub"], claims["sub"])

    def test_wrong_verifier_gets_nothing(self):
        app = session()
        address, _ = app.create_authorization_url(AUTHORIZE, code_verifier=VERIFIER, aud=FHIR)
        answer = Person("physician").allow(address)
        with self.assertRaisesRegex(OAuthError, "invalid_grant"):
            app.fetch_token(TOKEN, authorization_response=answer, code_verifier=VERIFIER[::-1])

    def test_refresh_and_reuse(self):
        for kind in (OAuth2Session, OAuth2Client):
            app = signed_in(session(kind))
            once = app.token["refresh_token"]
            app.refresh_token(TOKEN, refresh_token=once)
            self.assertEqual(total(app), PATIENTS)
            self.assertNotEqual(app.token["refresh_token"], once)
            with self.assertRaisesRegex(OAuthError, "invalid_grant"):
                session(kind).refresh_token(TOKEN, refresh_token=once)
            self.assertEqual(total(app), 401)

    def test_ended_token_is_refreshed_by_itself(self):
        app = signed_in(session())
        before = app.token["access_token"]
        app.token["expires_at"] = 1
        self.assertEqual(total(app), PATIENTS)
        self.assertNotEqual(app.token["access_token"], before)

    def test_introspection_and_revocation(self):
        app = signed_in(session())
        token = app.token["access_token"]
        self.assertTrue(app.introspect_token(f"{ADDRESS}/auth/introspect", token=token).json()["active"])
        self.assertEqual(app.revoke_token(f"{ADDRESS}/auth/revoke", token=token).status_code, 200)
        self.assertEqual(app.introspect_token(f"{ADDRESS}/auth/introspect", token=token).json(), {"active": False})
        self.assertEqual(requests.get(f"{FHIR}/Patient", headers={"Authorization": f"Bearer {token}"}, timeout=30).status_code, 401)

    def test_client_credentials(self):
        for kind in (OAuth2Session, OAuth2Client):
            for method in ("client_secret_basic", "client_secret_post"):
                app = session(kind, "system/Patient.rs", token_endpoint_auth_method=method)
                app.fetch_token(TOKEN, grant_type="client_credentials")
                self.assertEqual(total(app), PATIENTS)
        with self.assertRaisesRegex(OAuthError, "invalid_scope"):
            session(scope="user/Patient.rs").fetch_token(TOKEN, grant_type="client_credentials")
        with self.assertRaisesRegex(OAuthError, "invalid_client"):
            OAuth2Session(WORKBENCH["id"], "guessed", scope="system/Patient.rs").fetch_token(TOKEN, grant_type="client_credentials")

    def test_private_key_jwt(self):
        for alg, kind in (("ES384", ECKey), ("RS384", RSAKey)):
            app = OAuth2Session(HOUSE["clients"][alg]["id"], kind.import_key(key(alg)), token_endpoint_auth_method="private_key_jwt")
            app.register_client_auth_method(five_minutes(alg))
            app.fetch_token(TOKEN, grant_type="client_credentials", scope="system/Patient.rs")
            self.assertEqual(total(app), PATIENTS)
            other = OAuth2Session(WORKBENCH["id"], kind.import_key(key(alg)), token_endpoint_auth_method="private_key_jwt")
            other.register_client_auth_method(five_minutes(alg))
            with self.assertRaisesRegex(OAuthError, "invalid_client"):
                other.fetch_token(TOKEN, grant_type="client_credentials", scope="system/Patient.rs")


unittest.main(argv=["authlib"])
