//! The identifiers of SNOMED CT that have a meaning of their own here
//! (<https://docs.snomed.org/snomed-ct-specifications/snomed-ct-release-file-specification/sctid-specification>).

use std::ops::RangeInclusive;

/// How many digits an identifier has.
pub(crate) const DIGITS: RangeInclusive<usize> = 6..=18;

pub(crate) const SYNONYM: u64 = 900_000_000_000_013_009;
pub(crate) const FULLY_SPECIFIED_NAME: u64 = 900_000_000_000_003_001;
pub(crate) const DEFINITION: u64 = 900_000_000_000_550_004;

pub(crate) const PREFERRED: u64 = 900_000_000_000_548_007;
pub(crate) const ACCEPTABLE: u64 = 900_000_000_000_549_004;

pub(crate) const PRIMITIVE: u64 = 900_000_000_000_074_008;
pub(crate) const DEFINED: u64 = 900_000_000_000_073_002;

/// The reference set of which all historical associations are descendants.
pub(crate) const HISTORICAL_ASSOCIATION: u64 = 900_000_000_000_522_004;
/// SAME AS.
pub(crate) const MINIMUM_HISTORY: [u64; 1] = [900_000_000_000_527_005];
/// SAME AS, REPLACED BY, WAS A, PARTIALLY EQUIVALENT TO.
pub(crate) const MODERATE_HISTORY: [u64; 4] = [900_000_000_000_527_005, 900_000_000_000_526_001, 900_000_000_000_528_000, 1_186_924_009];

/// The language reference sets of dialects with an alias.
const DIALECTS: [(&str, u64); 24] = [
    ("da-dk", 554_461_000_005_103),
    ("de", 722_130_004),
    ("en-au", 32_570_271_000_036_106),
    ("en-ca", 19_491_000_087_109),
    ("en-gb", 900_000_000_000_508_004),
    ("en-ie", 21_000_220_103),
    ("en-int-gmdn", 608_771_002),
    ("en-nhs-clinical", 999_001_261_000_000_100),
    ("en-nhs-dmd", 999_000_671_000_001_103),
    ("en-nhs-pharmacy", 999_000_691_000_001_104),
    ("en-nz", 271_000_210_107),
    ("en-uk-drug", 999_000_681_000_001_101),
    ("en-uk-ext", 999_001_251_000_000_103),
    ("en-us", 900_000_000_000_509_007),
    ("es", 448_879_004),
    ("fr", 722_131_000),
    ("fr-be", 21_000_172_104),
    ("fr-ca", 20_581_000_087_109),
    ("ja", 722_129_009),
    ("nb-no", 61_000_202_103),
    ("nl-be", 31_000_172_101),
    ("nl-nl", 31_000_146_106),
    ("sv-se", 46_011_000_052_107),
    ("zh", 722_128_001),
];

/// The language reference set of a dialect's alias.
pub(crate) fn dialect(alias: &str) -> Option<u64> {
    DIALECTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(alias)).map(|(_, id)| *id)
}
