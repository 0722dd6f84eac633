//! Where addresses are, by a table.

use audit::suspicion::Locator;
use audit::suspicion::places::Places;

fn located(places: &Places, address: &str) -> Option<(i32, i32)> {
    places.locate(address.parse().expect("an address"))
}

#[test]
fn an_address_is_where_its_network_is() {
    let table = "# the wards\n203.0.113.0/24 52.52 13.40\n\n198.51.100.7 -33.8688 151.2093\n2001:db8::/32 46.94809 7.44744\n";
    let places = Places::parse(table).expect("a table");
    assert_eq!(located(&places, "203.0.113.0"), Some((525_200_000, 134_000_000)));
    assert_eq!(located(&places, "203.0.113.255"), Some((525_200_000, 134_000_000)));
    assert_eq!(located(&places, "::ffff:203.0.113.9"), Some((525_200_000, 134_000_000)), "IPv4 within IPv6");
    assert_eq!(located(&places, "198.51.100.7"), Some((-338_688_000, 1_512_093_000)));
    assert_eq!(located(&places, "2001:db8:ffff::1"), Some((469_480_900, 74_474_400)));
    for elsewhere in ["203.0.112.255", "203.0.114.0", "198.51.100.6", "198.51.100.8", "127.0.0.1", "2001:db9::1", "::"] {
        assert_eq!(located(&places, elsewhere), None, "{elsewhere}");
    }
    assert_eq!(located(&Places::parse("0.0.0.0/0 1 2").expect("all of IPv4"), "8.8.8.8"), Some((10_000_000, 20_000_000)));
    assert!(located(&Places::parse("::/0 1 2").expect("all"), "8.8.8.8").is_some());
}

#[test]
fn what_is_no_table_is_refused_with_its_line() {
    for (wrong, told) in [
        ("203.0.113.0/33 1 2", "line 1"),
        ("203.0.113.0/24 1 2\nnowhere 1 2", "line 2"),
        ("203.0.113.0/24 91 2", "line 1"),
        ("203.0.113.0/24 1 -181", "line 1"),
        ("203.0.113.0/24 1", "line 1"),
        ("203.0.113.0/24 1 2 3", "line 1"),
        ("203.0.113.0/24 1e1 2", "line 1"),
        ("203.0.113.0/24 1 2\n203.0.113.7 1 2", "overlap"),
    ] {
        let refused = Places::parse(wrong).expect_err("it is wrong");
        assert!(refused.contains(told), "{wrong}: {refused}");
    }
}
