"""Reads every FHIR answer in FOLDER with PyPI's fhir.resources (models of R4): parse_recorded.py FOLDER."""

import json
import pathlib
import sys

from fhir.resources import construct_fhir_element

folder = pathlib.Path(sys.argv[1])
read, failures = 0, []
for head_file in sorted(folder.glob("*.json")):
    head = json.loads(head_file.read_text())
    if not head["type"].startswith("application/fhir+json"):
        continue
    resource = json.loads(head_file.with_suffix(".body").read_text())
    try:
        construct_fhir_element(resource["resourceType"], resource)
        read += 1
    except Exception as error:
        failures.append(f"{head['request']} ({head['status']}): {str(error)[:600]}")
for failure in failures:
    print(failure)
print(f"fhir.resources: {read} answers read, {len(failures)} not")
sys.exit(1 if failures or not read else 0)
