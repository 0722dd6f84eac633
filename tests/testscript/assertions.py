"""What a TestScript asserts of an answer (http://hl7.org/fhir/R4/testscript.html#asserts)."""

import re

import tree

STATUS = {
    "okay": 200, "created": 201, "noContent": 204, "notModified": 304, "bad": 400, "forbidden": 403, "notFound": 404,
    "methodNotAllowed": 405, "conflict": 409, "gone": 410, "preconditionFailed": 412, "unprocessable": 422,
}
TYPES = {"json": "application/fhir+json", "xml": "application/fhir+xml"}


class Failed(Exception):
    """An assertion that does not hold: what was expected, and what was there."""


def check(assertion, run):
    """Checks one assertion of a script; Failed says what does not hold."""
    source = run.fixtures.get(assertion["sourceId"]) if "sourceId" in assertion else run.answer
    if assertion.get("direction") == "request":
        return check_request(assertion, run)
    checks = {
        "response": lambda code: expect(str(run.answer.status), "in", "200,201" if code == "okay" else str(STATUS[code])),
        "responseCode": lambda codes: expect(str(run.answer.status), assertion.get("operator", "equals"), codes),
        "contentType": lambda kind: expect(run.answer.headers.get("Content-Type", ""), "contains", TYPES.get(kind, kind)),
        "headerField": lambda name: expect(run.answer.headers.get(name), assertion.get("operator", "equals"), run.text(assertion.get("value"))),
        "resource": lambda kind: expect(source.resource.get("resourceType"), "equals", kind),
        "validateProfileId": lambda id: expect(source.resource.get("resourceType"), "equals", run.profiles[id].split("/")[-1]),
        "minimumId": lambda id: check_least(source.resource, run.fixtures[id].resource),
        "navigationLinks": lambda _: check_links(source.resource),
    }
    done = [name for name in checks if name in assertion]
    for name in done:
        checks[name](assertion[name])
    if "expression" in assertion or "path" in assertion or "compareToSourceId" in assertion:
        check_values(assertion, source.resource, run)
    elif not done:
        raise Failed(f"an assertion of a kind that the runner does not know: {sorted(assertion)}")


def check_request(assertion, run):
    for name, value in (("requestURL", run.request.url), ("requestMethod", run.request.method.lower())):
        if name in assertion:
            expect(value, assertion.get("operator", "equals"), run.text(assertion[name]))
    if "headerField" in assertion:
        expect(run.request.headers.get(assertion["headerField"]), assertion.get("operator", "equals"), run.text(assertion.get("value")))


def check_values(assertion, resource, run):
    asked = {key.removeprefix("compareToSource").lower(): value for key, value in assertion.items() if key.startswith("compareToSource")}
    # Without an expression of its own, the same is looked for in both.
    found = values(assertion if {"expression", "path"} & set(assertion) else asked, resource, run)
    if "compareToSourceId" in assertion:
        other = run.fixtures[assertion["compareToSourceId"]].resource
        expected = [str(each) for each in values(asked, other, run)]
        return expect(",".join(map(str, found)), assertion.get("operator", "equals"), ",".join(expected))
    if "value" not in assertion and assertion.get("operator") not in ("empty", "notEmpty"):
        return None if found in ([True], ["true"]) else fail(found, "is", "true")
    if found and assertion.get("operator", "equals") == "equals":
        # One of several values, as a name of several given ones.
        return None if run.text(assertion["value"]) in map(plain, found) else fail(found, "equals", run.text(assertion["value"]))
    return expect(plain(found[0]) if found else None, assertion.get("operator", "equals"), run.text(assertion.get("value")))


def values(asked, resource, run):
    if "expression" in asked:
        return tree.by_expression(resource, run.text(asked["expression"]))
    return tree.by_path(resource, run.text(asked["path"]))


def plain(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


def check_least(resource, least):
    """Whether all of a fixture is in a resource, or in one of a Bundle's."""
    kind = least["resourceType"]
    if kind == "Bundle" or resource.get("resourceType") != "Bundle":
        return contains(resource, least, kind)
    entries = resource.get("entry", [])
    found = [each.get("resource") for each in (entries if isinstance(entries, list) else [entries])]
    if not any(is_in(least, each, kind) for each in found):
        fail("no entry", "has all of", kind)


def check_links(bundle):
    links = bundle.get("link", [])
    relations = {link["relation"] for link in (links if isinstance(links, list) else [links])}
    if "self" not in relations:
        fail(sorted(relations), "contains", "self")


def expect(found, operator, expected):
    """Compares texts by one of FHIR's operators."""
    holds = {
        "equals": lambda: found == expected,
        "notEquals": lambda: found != expected,
        "in": lambda: found in expected.split(","),
        "notIn": lambda: found not in expected.split(","),
        "greaterThan": lambda: found is not None and number(found) > number(expected),
        "lessThan": lambda: found is not None and number(found) < number(expected),
        "empty": lambda: not found,
        "notEmpty": lambda: bool(found),
        "contains": lambda: bool(found) and expected in found,
        "notContains": lambda: expected not in (found or ""),
    }
    if not holds[operator]():
        fail(found, operator, expected)


def number(text):
    return float(re.sub(r"[^\d.+-]", "", text) or "nan")


def contains(found, least, place):
    """Whether all of `least` is in `found`; members that a server writes itself do not count."""
    if isinstance(least, dict):
        for name, value in least.items():
            if (name, place.count(".")) in (("id", 0), ("meta", 0), ("text", 0)):
                continue
            if not isinstance(found, dict) or name not in found:
                fail("nothing", "has", f"{place}.{name}")
            contains(found[name], value, f"{place}.{name}")
    elif isinstance(least, list) or isinstance(found, list):
        each, pool = (value if isinstance(value, list) else [value] for value in (least, found))
        for item in each:
            if not any(is_in(item, other, f"{place}.") for other in pool):
                fail(pool, "has", place)
    elif plain(found) != plain(least):
        fail(found, "equals", f"{place}: {least}")


def is_in(least, found, place):
    try:
        contains(found, least, place)
        return True
    except Failed:
        return False


def fail(found, operator, expected):
    raise Failed(f"{str(found)[:200]} {operator} {str(expected)[:200]}: no")
