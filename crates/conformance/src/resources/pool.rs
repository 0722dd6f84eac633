//! The values that resources are made of, and that searches ask for: few, so that they meet.

/// The base address of the server under test.
pub const BASE: &str = "http://ward.test/fhir";

/// Texts, each with what a search sees of it: no case, accents, width and superfluous blanks. Written by hand, so that it proves the folding.
pub const TEXTS: [(&str, &str); 26] = [
    ("Müller", "muller"),
    ("MÜLLER", "muller"),
    ("Mu\u{308}ller", "muller"),
    ("Ｍüｌｌｅｒ", "muller"),
    ("Mueller", "mueller"),
    ("Straße", "strasse"),
    ("STRASSE 1", "strasse 1"),
    ("O'Brien", "o'brien"),
    ("Smith, John", "smith, john"),
    ("a|b$c\\d", "a|b$c\\d"),
    ("  two \t words ", "two words"),
    ("two", "two"),
    ("東京", "東京"),
    ("ﾄｳｷｮｳ", "トウキョウ"),
    ("한글", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}"),
    ("Ångström", "angstrom"),
    ("Østergaard", "østergaard"),
    ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
    ("Σίσυφος", "σισυφοσ"),
    ("İzmir", "izmir"),
    ("ﬁne", "fine"),
    ("👩‍⚕ doctor", "👩‍⚕ doctor"),
    ("100%", "100%"),
    ("x", "x"),
    ("X-Ray & <more> \"quoted\"", "x-ray & <more> \"quoted\""),
    ("zürich-nord", "zurich-nord"),
];

/// Dates and moments, by when they begin: edges of days, months, years, leap years and zones. `true`: an instant may be it too.
pub const DATES: [(&str, bool); 24] = [
    ("0001-01-01", false),
    ("1899-12-31", false),
    ("1900-02-28", false),
    ("1969-12-31T23:59:59.999Z", true),
    ("1970-01-01T00:00:00Z", true),
    ("2000-02-29", false),
    ("2023", false),
    ("2023-12-31T22:30:00-02:00", true),
    ("2024", false),
    ("2024-01-01", false),
    ("2024-01-01T00:30:00+14:00", true),
    ("2024-01-01T00:00:00Z", true),
    ("2024-01-01T01:00:00+01:00", true),
    ("2024-02", false),
    ("2024-02-28T23:59:59Z", true),
    ("2024-02-29", false),
    ("2024-02-29T12:00:00.5Z", true),
    ("2024-02-29T12:00:00.500123456Z", true),
    ("2024-02-29T23:59:59.999+00:00", true),
    ("2024-03-01T00:00:00Z", true),
    ("2024-12-31", false),
    ("2025-06", false),
    ("2026-11-21T08:00:00.000Z", true),
    ("9999-12-31", false),
];

/// Decimals by their size: large, small, precise, and the same number written in several ways.
pub const DECIMALS: [&str; 24] = [
    "-1E+3",
    "-3.250",
    "-0.001",
    "0",
    "0.00",
    "1e-20",
    "0.005",
    "0.99",
    "1",
    "1.0",
    "1.00",
    "5.4",
    "5.40",
    "5.44",
    "5.45",
    "99.5",
    "100",
    "1e2",
    "100.4",
    "100.5",
    "105",
    "1000",
    "123456789.123456789123456789",
    "1e15",
];

/// Units: system, code and text, where there are any.
pub const UNITS: [(&str, &str, &str); 9] = [
    ("http://unitsofmeasure.org", "mg", "mg"),
    ("http://unitsofmeasure.org", "g", "gram"),
    ("http://unitsofmeasure.org", "kg", "kg"),
    ("http://unitsofmeasure.org", "a", "years"),
    ("http://unitsofmeasure.org", "mm[Hg]", ""),
    ("http://example.org/units", "mg", "mg"),
    ("", "", "tablets"),
    ("", "mg", ""),
    ("", "", ""),
];

/// Systems of codes.
pub const SYSTEMS: [&str; 4] =
    ["http://loinc.org", "http://snomed.info/sct", "urn:oid:2.16.840.1.113883.6.1", "http://example.org/codes|x"];

/// Codes that no value set asks for.
pub const CODES: [&str; 9] = ["8867-4", "a", "A", "ab", "b,c", "d|e", "f$g", "h\\i", "two words"];

/// Systems of identifiers.
pub const IDENTIFIER_SYSTEMS: [&str; 3] = ["urn:oid:1.2.36.146.595.217.0.1", "http://hospital.example/mrn", "urn:ietf:rfc:3986"];

/// Values of identifiers and telephone numbers.
pub const IDENTIFIERS: [&str; 7] = ["12345", "12345-A", "abc", "ABC", "1,2|3$4\\5", "Ñandú 7", "+1 (555) 010-9999"];

/// Addresses that lie above and below each other, names without a place, and addresses on the server itself.
pub const URIS: [&str; 11] = [
    "http://example.org/fhir",
    "http://example.org/fhir/ValueSet/a",
    "http://example.org/fhir/ValueSet/a/b",
    "http://example.org/fhir/ValueSet/ab",
    "http://example.org/fhir/ValueSet/a?x=1,2",
    "http://EXAMPLE.org/fhir/ValueSet/a",
    "urn:oid:1.2.3",
    "urn:oid:1.2.3.4",
    "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
    "http://ward.test/fhir/ValueSet/1",
    "ValueSet/2",
];

/// Versions of canonicals.
pub const VERSIONS: [&str; 3] = ["1.0", "2024-01", "1.0.0"];
