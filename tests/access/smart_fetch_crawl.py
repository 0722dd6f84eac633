"""PyPI's smart-fetch, a backend service with a key, crawls what it may see: smart_fetch_crawl.py HOUSE.json.

It prefers bulk export, and crawls where there is none, as here.
"""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from person import FHIR, HOUSE, key, operator

PROGRAM = Path(sys.executable).with_name("smart-fetch")
IDS = ["p000002", "p000003", "p000004"]


def crawl(folder, alg, types, client=None):
    """Runs the program as its users do: what it says, and how it ends."""
    keys = Path(folder) / "keys.jwks"
    keys.write_text(json.dumps({"keys": [key(alg)]}))
    client = client or HOUSE["clients"][alg]["id"]
    signs = ["--smart-client-id", client, "--smart-key", keys, "--fhir-url", FHIR]
    what = ["--id-list", ",".join(IDS), "--type", types, "--no-compression", "--no-default-filters"]
    command = [PROGRAM, "export", "--export-mode", "crawl", "--hydration-tasks", "none", *signs, *what, Path(folder) / "out"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def lines(folder, kind):
    """The ids of a type in the files that were written."""
    files = {file.resolve() for file in Path(folder).glob(f"out/**/{kind}*.ndjson")}
    return sorted(json.loads(line)["id"] for file in files for line in file.read_text().splitlines())


class SmartFetch(unittest.TestCase):
    def test_exports_what_belongs_to_some_patients(self):
        for alg in ("ES384", "RS384"):
            with tempfile.TemporaryDirectory() as folder:
                done = crawl(folder, alg, "Patient,Condition,Encounter")
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertEqual(lines(folder, "Patient"), IDS)
                for kind in ("Condition", "Encounter"):
                    there = operator(f"{kind}?patient={','.join(IDS)}&_count=1000&_elements=id")["entry"]
                    self.assertEqual(lines(folder, kind), sorted(entry["resource"]["id"] for entry in there))

    def test_gets_nothing_with_a_key_that_is_anothers(self):
        with tempfile.TemporaryDirectory() as folder:
            refused = crawl(folder, "ES384", "Patient", client=HOUSE["clients"]["RS384"]["id"])
            self.assertNotEqual(refused.returncode, 0)
            self.assertIn("Could not authenticate", refused.stdout + refused.stderr)
            self.assertEqual(lines(folder, "Patient"), [])


unittest.main(argv=["smart-fetch"])
