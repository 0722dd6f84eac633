use super::*;

#[test]
fn a_tail_tells_what_it_was_made_of_and_is_in_natural_order() {
    let dates = [i64::MAX, 253_402_300_799_999, 1, 0, -1, -62_135_596_800_000, NO_DATE + 1, NO_DATE];
    let mut before = None;
    for date in dates {
        for resource in [LAST_RESOURCE, 1 << 32, 1, 0] {
            let tail = tail(date, resource);
            assert_eq!(tail_parts(tail), (date, resource));
            assert!(before < Some(tail), "{date} {resource}");
            before = Some(tail);
            let mut key = super::tail(date, 0);
            set_resource(&mut key, resource);
            assert_eq!(key, tail);
        }
    }
}
