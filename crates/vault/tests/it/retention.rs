//! How long records are kept.

use vault::{Retention, VaultError};

const DAY_MS: i64 = 86_400_000;

#[test]
fn seven_years_are_seven_calendar_years() {
    let kept = Retention::default();
    // 2020-02-29T00:00:00Z: there is no 29 February in 2027, and the last day counts.
    let leap = 1_582_934_400_000;
    assert_eq!(kept.until_ms("Patient", leap), 1_803_859_200_000, "2027-03-01");
    // 2021-06-15T12:00:00Z to 2028-06-15T12:00:00Z, over two leap days.
    assert_eq!(kept.until_ms("Patient", 1_623_758_400_000), 1_623_758_400_000 + (7 * 365 + 2) * DAY_MS);
    assert_eq!(kept.until_ms("Patient", i64::MAX), i64::MAX);
}

#[test]
fn the_youngest_resource_decides_and_the_law_goes_first() {
    let mut kept = Retention { years: 1, ..Retention::default() };
    kept.by_kind.insert("AuditEvent".into(), 10);
    let day = |number: i64| number * DAY_MS;
    let resources = [("Patient", day(0)), ("Observation", day(100))];
    assert_eq!(kept.may_erase(resources, day(464), false), Err(VaultError::Retained { until_ms: day(465) }));
    assert_eq!(kept.may_erase(resources, day(465), false), Ok(()));
    assert_eq!(kept.may_erase(resources, day(1), true), Ok(()));
    assert!(kept.may_erase([("AuditEvent", day(0))], day(3000), false).is_err());
    assert_eq!(kept.may_erase([], day(0), false), Ok(()));
}
