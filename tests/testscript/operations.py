"""What a TestScript does: its operations as requests (http://hl7.org/fhir/R4/valueset-testscript-operation-codes.html)."""

import dataclasses
import urllib.error
import urllib.request

import tree

TYPES = {"json": "application/fhir+json", "xml": "application/fhir+xml"}
METHODS = {
    "read": "GET", "vread": "GET", "history": "GET", "search": "GET", "capabilities": "GET", "create": "POST", "update": "PUT",
    "updateCreate": "PUT", "delete": "DELETE", "deleteCondSingle": "DELETE", "deleteCondMultiple": "DELETE", "batch": "POST",
    "transaction": "POST", "validate": "POST",
}


@dataclasses.dataclass
class Request:
    """A request as it was sent."""

    method: str
    url: str
    headers: dict


@dataclasses.dataclass
class Answer:
    """An answer, or a fixture, which has a resource only."""

    status: int
    headers: dict
    resource: dict


def perform(operation, run):
    """Sends the operation's request, and keeps what comes back under the names that it gives."""
    kind = operation["type"]["code"] if isinstance(operation.get("type"), dict) else operation.get("type", "read")
    method = (operation.get("method") or METHODS[kind]).upper()
    accept = operation.get("accept", "json")
    headers = {"Accept": "*/*" if accept == "none" else TYPES.get(accept, accept)}
    body = None
    if "sourceId" in operation and method in ("POST", "PUT"):
        body, headers["Content-Type"] = run.body(operation["sourceId"])
    for header in listed(operation.get("requestHeader")):
        headers[header["field"]] = run.text(header["value"])
    run.request = Request(method, address(operation, kind, run), headers)
    run.answer = send(run.request, body)
    if "responseId" in operation:
        run.fixtures[operation["responseId"]] = run.answer
    if "requestId" in operation:
        sent = tree.read(body, headers["Content-Type"] == TYPES["xml"]) if body else {}
        run.fixtures[operation["requestId"]] = Answer(0, headers, sent)


def address(operation, kind, run):
    """Where an operation goes: `url` whole, otherwise by resource, target and parameters."""
    if "url" in operation:
        url = run.text(operation["url"])
        return url if url.startswith("http") else f"{run.base}/{url.lstrip('/')}"
    parts = [run.base]
    if "resource" in operation:
        parts.append(operation["resource"])
    if "targetId" in operation:
        target = run.fixtures[operation["targetId"]].resource
        parts += [target["resourceType"]] * ("resource" not in operation) + [target["id"]]
    if "sourceId" in operation and "resource" not in operation and "targetId" not in operation and kind not in ("batch", "transaction"):
        source = run.fixtures[operation["sourceId"]].resource
        parts += [source["resourceType"]] + [source.get("id", "")] * (kind in ("update", "updateCreate") and "params" not in operation)
    params = run.text(operation.get("params", ""))
    if kind == "capabilities" and not params:
        params = "/metadata"
    if kind == "history" and "_history" not in params:
        params = f"/_history{params}"
    return "/".join(parts) + (params if params[:1] in ("/", "?", "") else f"/{params}")


def send(request, body):
    wire = urllib.request.Request(request.url.replace(" ", "%20"), body, request.headers, method=request.method)
    try:
        answer = urllib.request.urlopen(wire, timeout=30)
    except urllib.error.HTTPError as refusal:
        answer = refusal
    content = answer.read()
    is_xml = "xml" in answer.headers.get("Content-Type", "")
    return Answer(answer.status, answer.headers, tree.read(content, is_xml) if content else {})


def listed(value):
    """A list, whether there is one, a single value or none."""
    return value if isinstance(value, list) else [] if value is None else [value]
