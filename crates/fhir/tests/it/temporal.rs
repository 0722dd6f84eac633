//! Dates and times.

use fhir::primitive::{Precision, Temporal, days_from_civil, instant_text};
use jiff::Timestamp;
use jiff::civil::Date;

use published::Random;

#[track_caller]
fn temporal(text: &str) -> Temporal {
    Temporal::parse(text).unwrap_or_else(|| panic!("{text} is a date"))
}

/// What another calendar says that an instant is, in milliseconds.
#[track_caller]
fn timestamp(text: &str) -> i64 {
    text.parse::<Timestamp>().expect("the oracle reads the instant").as_millisecond()
}

#[test]
fn each_precision() {
    let precisions = [
        ("2024", Precision::Year, "2024-01-01T00:00:00.000Z", "2024-12-31T23:59:59.999Z"),
        ("2024-02", Precision::Month, "2024-02-01T00:00:00.000Z", "2024-02-29T23:59:59.999Z"),
        ("2023-02", Precision::Month, "2023-02-01T00:00:00.000Z", "2023-02-28T23:59:59.999Z"),
        ("2024-12", Precision::Month, "2024-12-01T00:00:00.000Z", "2024-12-31T23:59:59.999Z"),
        ("2024-02-29", Precision::Day, "2024-02-29T00:00:00.000Z", "2024-02-29T23:59:59.999Z"),
        ("2024-02-29T08:15", Precision::Minute, "2024-02-29T08:15:00.000Z", "2024-02-29T08:15:59.999Z"),
        ("2024-02-29T08:15:30Z", Precision::Second, "2024-02-29T08:15:30.000Z", "2024-02-29T08:15:30.999Z"),
        ("2024-02-29T08:15:30.1Z", Precision::Fraction, "2024-02-29T08:15:30.100Z", "2024-02-29T08:15:30.199Z"),
        ("2024-02-29T08:15:30.12+14:00", Precision::Fraction, "2024-02-28T18:15:30.120Z", "2024-02-28T18:15:30.129Z"),
        ("2024-02-29T08:15:30.1239999999-14:00", Precision::Fraction, "2024-02-29T22:15:30.123Z", "2024-02-29T22:15:30.123Z"),
        ("2024-12-31T23:59:60Z", Precision::Second, "2024-12-31T23:59:59.000Z", "2024-12-31T23:59:59.999Z"),
        ("0001", Precision::Year, "0001-01-01T00:00:00.000Z", "0001-12-31T23:59:59.999Z"),
        ("9999", Precision::Year, "9999-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"),
        ("1969-12-31T23:59:59.999-00:30", Precision::Fraction, "1970-01-01T00:29:59.999Z", "1970-01-01T00:29:59.999Z"),
    ];
    for (text, precision, first, last) in precisions {
        let read = temporal(text);
        assert_eq!(
            (read.precision, instant_text(read.first_ms()).as_str(), instant_text(read.last_ms()).as_str()),
            (precision, first, last),
            "{text}"
        );
    }
    assert_eq!(temporal("2024-02-29T08:15").offset_min, None);
    assert_eq!(temporal("2024-02-29T08:15:00-03:30").offset_min, Some(-210));
    assert_eq!((temporal("2024-01-01T00:00:00.120Z").fraction_digits, temporal("2024-01-01T00:00:00.120Z").nanosecond), (3, 120_000_000));
}

#[test]
fn what_is_no_date() {
    let others = [
        "",
        "T",
        "24",
        "202",
        "20244",
        "0000",
        "-2024",
        "+2024",
        "2024-",
        "2024-1",
        "2024-00",
        "2024-13",
        "2024-02-",
        "2024-02-00",
        "2024-02-30",
        "2023-02-29",
        "1900-02-29",
        "2100-02-29",
        "2024-04-31",
        "2024-06-31",
        "2024-02-1",
        "2024-02-01-01",
        "2024/02/01",
        "20240201",
        " 2024",
        "2024 ",
        "2024-02-01 08:15:00Z",
        "2024-02-01T",
        "2024-02-01T08",
        "2024-02-01T8:15",
        "2024-02-01T24:00:00Z",
        "2024-02-01T08:60:00Z",
        "2024-02-01T08:15:61Z",
        "2024-02-01T08:15:00.Z",
        "2024-02-01T08:15:00.1.2Z",
        "2024-02-01T08:15:00,1Z",
        "2024-02-01T08:15:00z",
        "2024-02-01T08:15:00ZZ",
        "2024-02-01T08:15:00+1",
        "2024-02-01T08:15:00+01",
        "2024-02-01T08:15:00+0100",
        "2024-02-01T08:15:00+14:01",
        "2024-02-01T08:15:00+15:00",
        "2024-02-01T08:15:00+01:60",
        "2024-02-01T08:15:00+01:00:00",
        "2024-02-01T08:15:00Z+01:00",
        "2024-02-01T08:15:00 01:00",
        "2024T08:15:00Z",
        "2024-02T08:15:00Z",
        "2024-02-01T08:15:00:00Z",
        "2024-02-01T-8:15:00Z",
        "2024-02-01TZ",
        "２０２４",
        "2024-02-01T08:15:0é",
        "2024-02-01Té",
        "é",
        "2024-02-01T08:15:00+é1:00",
        "2024-02-01T08:15:00.é",
    ];
    for text in others {
        assert_eq!(Temporal::parse(text), None, "{text}");
    }
}

#[test]
fn every_day_of_eight_hundred_years_and_the_bounds() {
    let mut day = Date::new(1599, 12, 31).expect("a day");
    let epoch = Date::new(1970, 1, 1).expect("a day");
    while day.year() < 2402 {
        let expected = i64::from(day.since(epoch).expect("a span of days").get_days());
        assert_eq!(days_from_civil(i32::from(day.year()), day.month() as u8, day.day() as u8), expected, "{day}");
        let text = day.to_string();
        assert_eq!(temporal(&text).first_ms(), expected * 86_400_000, "{day}");
        assert_eq!(instant_text(expected * 86_400_000), format!("{text}T00:00:00.000Z"));
        day = day.tomorrow().expect("the next day");
    }
    assert_eq!(temporal("0001-01-01").first_ms(), timestamp("0001-01-01T00:00:00Z"));
    assert_eq!(temporal("9999-12-29").last_ms(), timestamp("9999-12-29T23:59:59.999Z"));
}

#[test]
fn random_instants_there_and_back() {
    let mut random = Random::new(3);
    let (first, last) = (timestamp("0001-01-03T00:00:00Z"), timestamp("9999-12-29T00:00:00Z"));
    for _ in 0..50_000 {
        let ms = first + (random.number() % (last - first) as u64) as i64;
        let text = instant_text(ms);
        assert_eq!(text.len(), 24);
        assert_eq!(timestamp(&text), ms, "{text}");
        let read = temporal(&text);
        assert_eq!((read.first_ms(), read.last_ms(), read.precision), (ms, ms, Precision::Fraction), "{text}");
        let offset = random.below(14 * 60) as i64;
        let local = instant_text(ms + offset * 60_000).replace('Z', &format!("+{:02}:{:02}", offset / 60, offset % 60));
        assert_eq!((temporal(&local).first_ms(), timestamp(&local)), (ms, ms), "{local}");
        let local = instant_text(ms - offset * 60_000).replace('Z', &format!("-{:02}:{:02}", offset / 60, offset % 60));
        assert_eq!((temporal(&local).first_ms(), timestamp(&local)), (ms, ms), "{local}");
    }
}

#[test]
fn instants_far_out_do_no_harm() {
    assert_eq!(instant_text(-1), "1969-12-31T23:59:59.999Z");
    assert_eq!(instant_text(0), "1970-01-01T00:00:00.000Z");
    for ms in [i64::MIN, i64::MAX, i64::MIN / 2, i64::MAX / 2] {
        assert!(instant_text(ms).ends_with('Z'));
    }
}

#[test]
fn damaged_at_any_byte() {
    let text = "2024-02-29T08:15:30.125+01:00";
    for at in 0..text.len() {
        for byte in 0..0x80 {
            let mut damaged = text.as_bytes().to_vec();
            damaged[at] = byte;
            if let Some(read) = Temporal::parse(std::str::from_utf8(&damaged).expect("ASCII")) {
                assert!(read.first_ms() <= read.last_ms());
            }
        }
        let _ = Temporal::parse(&text[..at]);
        let _ = Temporal::parse(&format!("{}é{}", &text[..at], &text[at..]));
    }
}
