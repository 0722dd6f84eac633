"""Reads every FHIR answer in FOLDER with PyPI's fhir.resources (models of R4): parse_recorded.py FOLDER.

The library takes the id of an element for that of a resource, and refuses signs that R4 allows there: those of ElementDefinitions
(`Extension.value[x]`), which HL7's own definitions have too, are left out before.
"""

import json
import pathlib
import sys

from fhir.resources import construct_fhir_element



def without_element_ids(resource):
    """The same, without the ids of the ElementDefinitions in StructureDefinitions."""
    for entry in resource.get("entry", []):
        without_element_ids(entry.get("resource", {}))
    if resource.get("resourceType") == "StructureDefinition":
        for view in ("snapshot", "differential"):
            for element in resource.get(view, {}).get("element", []):
                element.pop("id", None)
    return resource


folder = pathlib.Path(sys.argv[1])
read, failures = 0, []
for head_file in sorted(folder.glob("*.json")):
    head = json.loads(head_file.read_text())
    if not head["type"].startswith("application/fhir+json"):
        continue
    resource = without_element_ids(json.loads(head_file.with_suffix(".body").read_text()))
    try:
        construct_fhir_element(resource["resourceType"], resource)
        read += 1
    except Exception as error:
        failures.append(f"{head['request']} ({head['status']}): {str(error)[:600]}")
for failure in failures:
    print(failure)
print(f"fhir.resources: {read} answers read, {len(failures)} not")
sys.exit(1 if failures or not read else 0)
