"""A person at a browser without scripts, and the server that the scripts work with: SCRIPT HOUSE.json."""

import html
import json
import re
import sys
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests

FILE = Path(sys.argv[1])
HOUSE = json.loads(FILE.read_text())
ADDRESS = HOUSE["address"]
FHIR = f"{ADDRESS}/fhir"
# Where browsers are sent back to: an app on this machine may have any port (RFC 8252), and nobody need be there.
BACK = "http://127.0.0.1/back"


def key(name):
    """The private key of a client, as a JSON Web Key."""
    return json.loads(FILE.with_name(f"{name}.private.json").read_text())


def operator(path):
    """What the operator sees, for comparison."""
    return requests.get(f"{FHIR}/{path}", headers={"Authorization": f"Bearer {HOUSE['demo']['token']}"}, timeout=30).json()


class Person:
    """Somebody of the demonstration, by role."""

    def __init__(self, role):
        self.user = next(user for user in HOUSE["demo"]["users"] if user["role"] == role)
        self.browser = requests.Session()

    def visit(self, address, **options):
        """Opens an address, and follows redirects until one leads back to an app: the page, or the address of the app."""
        method = "POST" if "data" in options else "GET"
        answer = self.browser.request(method, address, allow_redirects=False, timeout=30, **options)
        while answer.is_redirect:
            to = urljoin(answer.url, answer.headers["location"])
            if to.startswith(BACK):
                return to
            answer = self.browser.get(to, allow_redirects=False, timeout=30)
        return answer

    def fill(self, page, action, **filled):
        """Sends a form of a page with what is filled in; `None` leaves something out."""
        form = next(form for form in re.findall(r"<form .*?</form>", page.text, re.DOTALL) if f'action="{action}"' in form)
        pairs = []
        for tag in re.findall(r"<input [^>]*>", form):
            attributes = {name: html.unescape(value) for name, value in re.findall(r'(\w+)="([^"]*)"', tag)}
            is_box = attributes.get("type") in ("checkbox", "radio")
            if attributes.get("name") not in filled and (not is_box or " checked" in tag):
                pairs.append((attributes["name"], attributes.get("value", "")))
        pairs += [(name, value) for name, value in filled.items() if value is not None]
        place = urlsplit(page.url)
        return self.visit(urljoin(page.url, action), data=pairs, headers={"Origin": f"{place.scheme}://{place.netloc}"})

    def allow(self, authorize, patient=None, decision="allow"):
        """Signs in for an app, and allows what it asks for: the address that the browser is sent to."""
        page = self.visit(authorize)
        if 'action="/auth/sign-in"' in page.text:
            page = self.fill(page, "/auth/sign-in", login=self.user["login"], password=self.user["password"])
        return self.fill(page, "/auth/authorize", ward_decision=decision, ward_patient=patient)
