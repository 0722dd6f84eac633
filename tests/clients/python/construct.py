"""Makes objects of the resources in FILE (a line each) with PyPI's fhir.resources again and again: construct.py FILE SECONDS.

That checks their elements, types and cardinalities. Says how many it makes in a second of the processor, and how many it takes.
"""

import importlib.metadata
import json
import sys
import time

from fhir.resources import construct_fhir_element

with open(sys.argv[1], encoding="utf-8") as lines:
    resources = [json.loads(line) for line in lines]
seconds = float(sys.argv[2])
count, taken, elapsed, started = 0, 0, 0.0, time.process_time()
while elapsed < seconds:
    resource = resources[count % len(resources)]
    try:
        construct_fhir_element(resource["resourceType"], resource)
        taken += 1
    except ValueError:
        pass
    count += 1
    if count % 20 == 0:
        elapsed = time.process_time() - started
print(json.dumps({"version": importlib.metadata.version("fhir.resources"), "per_second": count / elapsed, "items": taken / count}))
