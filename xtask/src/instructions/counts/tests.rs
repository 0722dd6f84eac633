use super::Counts;

fn counts(lines: &str) -> Counts {
    Counts::read(lines).expect("lines of counts")
}

#[test]
fn what_is_written_is_read() {
    let some = counts("read 1200\ncreate 34000\n");
    assert_eq!(counts(&some.text()), some);
    assert!(Counts::read("read\n").is_err());
}

#[test]
fn three_of_a_hundred_more_are_borne_and_no_more() {
    let baseline = counts("read 1000\n");
    assert_eq!(baseline.problems(&counts("read 1030\n")), Vec::<String>::new());
    assert_eq!(baseline.problems(&counts("read 100\n")), Vec::<String>::new());
    assert_eq!(baseline.problems(&counts("read 1031\n")), ["read takes 1031 instructions, and took 1000: +3.1 %"]);
}

#[test]
fn what_is_only_in_one_is_a_problem() {
    let problems = counts("read 1000\ngone 5\n").problems(&counts("read 1000\nnew 7\n"));
    assert_eq!(problems, ["new has no count to compare with", "gone was not counted"]);
}
