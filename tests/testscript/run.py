"""Runs HL7's and others' TestScripts against a server: run.py BASE_URL ARCHIVE EXAMPLES KNOWN

ARCHIVE is a zip of scripts with their fixtures, EXAMPLES another of FHIR's own examples, KNOWN the list of scripts that do not pass, each with the reason.
A script that fails and is not listed, and one that is listed and passes, fail the run.
"""

import json
import pathlib
import random
import re
import string
import sys
import tempfile
import zipfile

from lxml import etree

import assertions
import operations
import tree


# A patient for scripts that ask whoever runs them for one, and what they ask about it.
TESTER = {
    "resourceType": "Patient",
    "id": "tester",
    "identifier": [{"system": "urn:oid:1.2.36.146.595.217.0.1", "value": "tester-1"}],
    "name": [{"family": "Testerfield", "given": ["Ida"]}],
    "gender": "female",
    "birthDate": "1974-12-25",
}
INPUTS = {
    "patientResourceId": "tester", "patientVersionId": "1", "patientIdentifier": "tester-1", "patientFamily": "Testerfield", "patientGiven": "Ida",
    "PatientSearchFamilyName": "Testerfield", "PatientSearchGivenName": "Ida",
}


class Run:
    """One script on its way: what it has asked, what came back, and its fixtures by name."""

    def __init__(self, name, script, folder, library, base):
        self.name, self.script, self.folder, self.library, self.base = name, script, folder, library, base
        self.fixtures, self.bodies = {}, {}
        self.profiles = {each["id"]: reference(each) for each in operations.listed(script.get("profile"))}
        self.answer = self.request = None

    def load(self, fixture):
        path = self.library.find(reference(fixture["resource"]), self.folder)
        content = PLACEHOLDER.sub(self.placeholder, path.read_text("utf-8-sig"))
        self.bodies[fixture["id"]] = (content, path.suffix[1:])
        self.fixtures[fixture["id"]] = operations.Answer(0, {}, tree.read(content.encode(), path.suffix == ".xml"))

    def body(self, id):
        """The text of a fixture with its variables filled in, and its media type."""
        content, kind = self.bodies.get(id, (None, None))
        if content is None:
            content, kind = etree.tostring(tree.to_xml(self.fixtures[id].resource), encoding="unicode"), "xml"
        return self.text(content).encode(), operations.TYPES[kind]

    def placeholder(self, match):
        """Made-up text: the same for the same placeholder in all fixtures of a script, another in any other script."""
        source = random.Random(f"{self.name}{match[0]}")
        return "".join(source.choice(ALPHABETS[match[1]]) for _ in range(int(match[2])))

    def text(self, text):
        """A text with its variables filled in."""
        return re.sub(r"\$\{([\w.-]+)\}", lambda match: self.variable(match[1]), text) if isinstance(text, str) else text

    def variable(self, name):
        if name in ("HOST", "BASEURL"):
            return self.base
        found = next((each for each in operations.listed(self.script.get("variable")) if each["name"] == name), None)
        if found is None:
            return f"${{{name}}}"
        if "sourceId" not in found or found["sourceId"] not in self.fixtures:
            return found.get("defaultValue", INPUTS.get(name, ""))
        source = self.fixtures[found["sourceId"]]
        if "headerField" in found:
            return source.headers.get(found["headerField"], "")
        values = tree.by_expression(source.resource, found["expression"]) if "expression" in found else tree.by_path(source.resource, found["path"])
        return str(values[0]) if values else found.get("defaultValue", "")

    def whole(self):
        """Runs the script to its end; the first assertion that does not hold is raised, those that only warn are passed over."""
        self.library.put_examples(self.base, ["Organization/1", "Patient/example"])
        tester = operations.Request("PUT", f"{self.base}/Patient/tester", {"Content-Type": operations.TYPES["json"]})
        operations.send(tester, json.dumps(TESTER).encode())
        for fixture in operations.listed(self.script.get("fixture")):
            self.load(fixture)
        self.autocreate()
        sections = [self.script.get("setup"), *operations.listed(self.script.get("test"))]
        for section in filter(None, sections):
            self.actions(section)
        self.actions(self.script.get("teardown") or {})

    def last(self):
        """The last request, and what a refusal said."""
        if self.answer is None:
            return ""
        issues = operations.listed(self.answer.resource.get("issue"))
        said = "; ".join(str(issue.get("diagnostics")) for issue in issues)
        return f" [{self.request.method} {self.request.url}: {self.answer.status} {said}]"

    def autocreate(self):
        for fixture in operations.listed(self.script.get("fixture")):
            if fixture.get("autocreate") in (True, "true"):
                kind = self.fixtures[fixture["id"]].resource["resourceType"]
                operations.perform({"type": {"code": "create"}, "resource": kind, "sourceId": fixture["id"]}, self)

    def actions(self, section):
        for action in operations.listed(section.get("action")):
            if "operation" in action:
                operations.perform(action["operation"], self)
            if "assert" in action:
                try:
                    assertions.check(action["assert"], self)
                except assertions.Failed as failure:
                    if action["assert"].get("warningOnly") not in (True, "true"):
                        raise assertions.Failed(f"{action['assert'].get('description', '')} {failure}") from failure


class Library:
    """Where fixtures are: beside their script, in a folder above it, or among FHIR's examples."""

    def __init__(self, root, examples):
        self.root, self.examples = root, examples

    def find(self, name, folder):
        while True:
            for path in (folder / name, folder / "testscript" / name, folder.parent / "TestScripts" / name):
                if path.is_file():
                    return path
            if folder == self.root:
                break
            folder = folder.parent
        # `Patient/example`, and `fixtures/Patient/example.json` where nobody put it.
        named = "/".join(name.removesuffix(".json").split("/")[-2:])
        candidates = [self.examples / f"{named.replace('/', '-')}.json", *sorted(self.root.rglob(f"*/{named}.json"))]
        found = next((each for each in candidates if each.is_file()), None)
        if found is None:
            raise FileNotFoundError(name)
        return found

    def put_examples(self, base, names):
        """Stores what scripts expect to be there before they begin."""
        for name in names:
            content = self.find(name, self.root).read_bytes()
            request = operations.Request("PUT", f"{base}/{name}", {"Content-Type": "application/fhir+json"})
            if operations.send(request, content).status not in (200, 201):
                raise ValueError(f"{name} is not stored")


# Kinds of made-up text that fixtures ask for, with their length: letters, digits, both.
PLACEHOLDER = re.compile(r"\$\{(CD|C|D)(\d+)\}")
ALPHABETS = {"C": string.ascii_lowercase, "D": string.digits, "CD": string.ascii_lowercase + string.digits}


def reference(holder):
    """What a Reference or a canonical says."""
    return holder if isinstance(holder, str) else holder.get("reference") if "reference" in holder else reference(holder["resource"])


def scripts(folder):
    # What loads resources for the others comes first.
    for path in sorted(folder.rglob("*"), key=lambda path: ("_LoadResources" not in path.parts, path)):
        if path.suffix not in (".xml", ".json") or not path.is_file():
            continue
        content = path.read_bytes()
        if b"TestScript" not in content[:4000]:
            continue
        try:
            script = tree.read(content, path.suffix == ".xml")
        except ValueError:
            continue
        if isinstance(script, dict) and script.get("resourceType") == "TestScript":
            yield path, script


def known_failures(path):
    lines = (line for line in pathlib.Path(path).read_text().splitlines() if line and not line.startswith("#"))
    return dict(line.split(" ", 1) for line in lines)


def main(base, archive, examples, known):
    known, seen, surprises, passed = known_failures(known), set(), [], 0
    with tempfile.TemporaryDirectory() as folder:
        for each in (archive, examples):
            zipfile.ZipFile(each).extractall(pathlib.Path(folder) / pathlib.Path(each).stem)
        library = Library(pathlib.Path(folder), next(pathlib.Path(folder).rglob("Organization-1.json")).parent)
        for path, script in scripts(pathlib.Path(folder)):
            name = str(path.relative_to(folder))
            seen.add(name)
            run = Run(name, script, path.parent, library, base)
            try:
                run.whole()
                passed += 1
                if name in known:
                    surprises.append(f"{name}: passes, but is listed: {known[name]}")
            except Exception as failure:  # whatever goes wrong, the script has not passed
                if name not in known:
                    surprises.append(f"{name}: {type(failure).__name__}: {failure}{run.last()}")
    surprises += [f"{name}: is listed, but there is no such script" for name in known if name not in seen]
    print("\n".join(surprises))
    print(f"TestScripts: {passed} of {len(seen)} pass, {len(known)} are known not to")
    return 1 if surprises or not passed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
