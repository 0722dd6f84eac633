"""Resources as Python sees them, from JSON or XML, and values in them by FHIRPath, XPath or a JSON path.

Nothing of the server's own is used: FHIRPath is fhirpathpy's, XPath lxml's.
"""

import json
import re

from fhirpathpy import evaluate
from lxml import etree

FHIR = "http://hl7.org/fhir"
# The value of a primitive that has extensions beside it.
VALUE = "@value"
XHTML = "{http://www.w3.org/1999/xhtml}"
# In XML everything is text: these are the numbers and booleans that the scripts compare as such.
TYPED = {"total": int, "count": int, "rank": int, "active": lambda text: text == "true", "warningOnly": lambda text: text == "true"}


def read(content, is_xml):
    """The resource in a text."""
    return from_xml(etree.fromstring(content)) if is_xml else json.loads(content)


def from_xml(element):
    """A resource element as JSON has it, but for lists of one, which stay single: FHIRPath does not tell them apart."""
    return {"resourceType": etree.QName(element).localname, **children(element)}


def children(element):
    """The members of an element."""
    found = {VALUE if name == "value" else name: text for name, text in element.attrib.items()}
    for child in element.iterchildren("*"):
        name = etree.QName(child).localname
        value = value_of(child, name)
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    return found


def value_of(element, name):
    if element.tag.startswith(XHTML):
        return etree.tostring(element, encoding="unicode")
    if name in ("resource", "contained") and len(element) == 1 and etree.QName(element[0]).localname[0].isupper():
        return from_xml(element[0])
    if "value" in element.attrib and len(element) == 0:
        return TYPED.get(name, str)(element.get("value"))
    return children(element)


def to_xml(resource):
    """The resource as XML, good enough for XPath: members of one name in their order."""
    root = etree.Element(f"{{{FHIR}}}{resource['resourceType']}", nsmap={None: FHIR})
    append(root, resource)
    return root


def append(element, members):
    for name, value in members.items():
        if name in ("resourceType", "div", VALUE) or name.startswith("_"):
            continue
        for each in value if isinstance(value, list) else [value]:
            if name == "url" and etree.QName(element).localname == "extension":
                element.set("url", each)
                continue
            child = etree.SubElement(element, f"{{{FHIR}}}{name}")
            if isinstance(each, dict) and "resourceType" in each:
                child.append(to_xml(each))
            elif isinstance(each, dict):
                if VALUE in each:
                    child.set("value", each[VALUE])
                append(child, each)
            else:
                child.set("value", str(each).lower() if isinstance(each, bool) else str(each))


def by_expression(resource, expression):
    """What a FHIRPath expression yields."""
    return evaluate(resource, expression, {})


def by_path(resource, path):
    """The values at a path: a JSON path where it is written with dots, otherwise an XPath."""
    return by_json_path(resource, path) if re.match(r"^\$?\.?[_a-z]\w*(\[|\.|$)", path) and "/" not in path.split("[?")[0] else by_xpath(resource, path)


def by_json_path(resource, path):
    found = [resource]
    for name, index, url in re.findall(r"\.?(\w+)(?:\[(\d+)\]|\[\?\(@\.url == '([^']*)'\)\])?", path.lstrip("$")):
        values = [each.get(name) for each in found if isinstance(each, dict) and each.get(name) is not None]
        found = [item for value in values for item in (value if isinstance(value, list) else [value])]
        if index:
            found = found[int(index) : int(index) + 1]
        if url:
            found = [each for each in found if each.get("url") == url]
    return found


def by_xpath(resource, path):
    # Scripts leave the namespace out, and the attribute that holds a value.
    steps = re.sub(r"('[^']*')|(^|/)(?!fhir:|@|\.|text\()([A-Za-z]+)", lambda step: step[1] or f"{step[2]}fhir:{step[3]}", path)
    if not steps.startswith("/"):
        # Of a search, what stands in its entries is meant.
        steps = "//" + steps
    found = to_xml(resource).getroottree().xpath(steps, namespaces={"fhir": FHIR})
    if not isinstance(found, list):
        return [found]
    return [each.get("value") if hasattr(each, "get") else str(each) for each in found]
