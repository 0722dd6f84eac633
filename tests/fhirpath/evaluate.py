"""FHIRPath as PyPI's fhirpathpy has it, with its model of R4.

    python evaluate.py                         answers questions
    python evaluate.py EXPRESSION FILE SECONDS tells how often it evaluates in a second of the processor

Questions and answers are those of evaluate.mjs.
"""

import contextlib
import importlib.metadata
import io
import json
import sys
import time

import fhirpathpy
from fhirpathpy.models import models

R4 = models["r4"]


def written(value):
    """What is no JSON, as text: dates, times and quantities; decimals as numbers."""
    name = type(value).__name__
    return float(value) if name == "Decimal" else str(value)


def answer(resources, question):
    resource = resources[question["resource"]]
    try:
        # What trace() prints is no answer.
        with contextlib.redirect_stdout(io.StringIO()):
            items = fhirpathpy.evaluate(resource, question["expression"], {}, R4)
            return json.dumps({"items": items}, default=written)
    except Exception as error:
        return json.dumps({"error": f"{type(error).__name__}: {error}"[:200]})


def rate(expression, file, seconds):
    with open(file, encoding="utf-8") as text:
        resource = json.load(text)
    evaluate = fhirpathpy.compile(expression, R4)
    count, items, elapsed, started = 0, 0, 0, time.process_time()
    while elapsed < seconds:
        for _ in range(20):
            items += len(evaluate(resource))
        count += 20
        elapsed = time.process_time() - started
    return {"version": importlib.metadata.version("fhirpathpy"), "per_second": count / elapsed, "items": items / count}


if len(sys.argv) > 1:
    print(json.dumps(rate(sys.argv[1], sys.argv[2], float(sys.argv[3]))))
else:
    listed = json.loads(sys.stdin.readline())
    for line in sys.stdin:
        print(answer(listed, json.loads(line)))
