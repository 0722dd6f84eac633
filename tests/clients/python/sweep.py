"""Asks for every kind of answer that a server gives, so that the recorder has them all: sweep.py BASE_URL.

It asserts little itself: whoever reads the recorded answers does.
"""

import json
import sys
import urllib.error
import urllib.request

base = sys.argv[1]
JSON, XML = "application/fhir+json", "application/fhir+xml"


def ask(path, method="GET", body=None, accept=JSON, content_type=JSON):
    """The status and the resource (None for XML) of an answer."""
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(f"{base}/{path}".rstrip("/"), data, {"Accept": accept, "Content-Type": content_type}, method=method)
    try:
        answer = urllib.request.urlopen(request)
    except urllib.error.HTTPError as refusal:
        answer = refusal
    text = answer.read()
    assert answer.status < 500, (method, path, answer.status, text[:500])
    return answer.status, json.loads(text) if text and accept == JSON else None


def types_in_use():
    _, statement = ask("metadata")
    for name in (each["type"] for each in statement["rest"][0]["resource"]):
        _, found = ask(f"{name}?_count=2&_total=accurate")
        if found.get("entry"):
            yield name, found["entry"][0]["resource"]["id"]


in_use = dict(types_in_use())
assert len(in_use) > 20, f"the demonstration has more types than {sorted(in_use)}"
for name, id in in_use.items():
    for accept in (JSON, XML):
        ask(f"{name}/{id}", accept=accept)
        ask(f"{name}/{id}/_history", accept=accept)
        ask(f"{name}?_count=3&_include=*&_total=accurate", accept=accept)
    ask(f"{name}/{id}/_history/1")
    ask(f"{name}/{id}/$meta")
    ask(f"{name}?_count=2&_sort=-_lastUpdated&_revinclude=*")
    ask(f"{name}?_summary=count")
    ask(f"{name}?_count=2&_elements=id")
    ask(f"{name}?nmae=x")
    ask(f"{name}/{id}-not-there")
patient = in_use["Patient"]
for path in (
    "_history?_count=5", "Patient/_history?_count=5", "?_type=Patient,Practitioner&_count=3", f"Patient/{patient}/Observation?_count=3",
    f"Patient/{patient}/$everything?_count=50", f"Observation/$lastn?patient=Patient/{patient}&max=1", "metadata?mode=terminology",
    "OperationDefinition?_count=100", "SearchParameter?_count=100", "Patient?_explain=true&name=a", f"Patient/{patient}?_summary=true",
):
    ask(path)
    ask(path, accept=XML)
bad = {"resourceType": "Patient", "brithDate": "1980"}
ask("Patient", "POST", bad)
ask("Patient", "POST", b"{", accept=XML)
ask("Patient/$validate", "POST", {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": {"resourceType": "Patient"}}]})
ask("", "POST", {"resourceType": "Bundle", "type": "transaction", "entry": [{"resource": bad, "request": {"method": "POST", "url": "Patient"}}]})
ask("", "POST", {"resourceType": "Bundle", "type": "batch", "entry": [
    {"request": {"method": "GET", "url": f"Patient/{patient}"}}, {"request": {"method": "GET", "url": "Patient?_count=1"}},
    {"resource": {"resourceType": "Basic", "code": {"text": "swept"}}, "request": {"method": "POST", "url": "Basic"}},
]})
print(f"sweep: {len(in_use)} types asked for")
