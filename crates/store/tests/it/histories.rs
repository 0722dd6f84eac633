//! The judge of histories: histories made by hand, and small random ones against the plainest judge there is.

use store::suite::histories::{Act, Call, Order, Seen, State, Write, check};

/// Writes `a=1.10`: version 1 of `a`, with the value 10; `a=2` deletes it by version 2.
fn write(text: &str) -> Write {
    let (key, rest) = text.split_once('=').expect("a write");
    let (version, value) = rest.split_once('.').map_or((rest, None), |(version, value)| (version, value.parse().ok()));
    Write { key: key.to_owned(), version: version.parse().expect("a version"), value }
}

fn order(commits: &[&[&str]]) -> Order {
    Order::new(commits.iter().map(|writes| writes.iter().map(|text| write(text)).collect()).collect())
}

fn wrote(from: u64, to: u64, writes: &[&str]) -> Call {
    let writes = writes.iter().map(|text| write(text)).collect();
    Call { client: 0, invoked: from, returned: to, act: Act::Wrote { expected: Vec::new(), writes } }
}

fn wrote_if(from: u64, to: u64, expected: (&str, Seen), writes: &[&str]) -> Call {
    let mut call = wrote(from, to, writes);
    if let Act::Wrote { expected: list, .. } = &mut call.act {
        list.push((expected.0.to_owned(), expected.1));
    }
    call
}

fn saw(from: u64, to: u64, seen: &[(&str, Seen)]) -> Call {
    let seen = seen.iter().map(|(key, seen)| ((*key).to_owned(), *seen)).collect();
    Call { client: 1, invoked: from, returned: to, act: Act::Saw(seen) }
}

fn saw_last(from: u64, to: u64, versions: &[(&str, u64)]) -> Call {
    let versions = versions.iter().map(|(key, version)| ((*key).to_owned(), *version)).collect();
    Call { client: 1, invoked: from, returned: to, act: Act::SawLast(versions) }
}

#[track_caller]
fn refused(commits: &[&[&str]], calls: &[Call]) -> String {
    check(&order(commits), calls).expect_err("this history cannot be").to_string()
}

#[track_caller]
fn passes(commits: &[&[&str]], calls: &[Call]) {
    check(&order(commits), calls).unwrap_or_else(|violation| panic!("{violation}"));
}

/// Two versions of `a`, one after the other.
const TWO: &[&[&str]] = &[&["a=1.10"], &["a=2.20"]];

#[test]
fn a_read_during_a_write_may_see_it_or_not() {
    for version in [Seen::Version(1), Seen::Version(2)] {
        passes(TWO, &[wrote(0, 1, &["a=1.10"]), wrote(2, 5, &["a=2.20"]), saw(3, 4, &[("a", version)])]);
    }
}

#[test]
fn an_acknowledged_write_is_seen_by_everybody() {
    let calls = [wrote(0, 1, &["a=1.10"]), wrote(2, 3, &["a=2.20"]), saw(4, 5, &[("a", Seen::Version(1))])];
    assert!(refused(TWO, &calls).contains("nobody can see this"));
    let calls = [wrote(0, 1, &["a=1.10"]), wrote(2, 3, &["a=2.20"]), saw(4, 5, &[("a", Seen::Lacks(20))])];
    refused(TWO, &calls);
}

#[test]
fn what_one_has_seen_nobody_unsees() {
    let write = wrote(2, 9, &["a=2.20"]);
    let calls = [wrote(0, 1, &["a=1.10"]), write, saw(3, 4, &[("a", Seen::Version(2))]), saw(5, 6, &[("a", Seen::Version(1))])];
    refused(TWO, &calls);
}

#[test]
fn nothing_is_seen_before_it_is_written() {
    let calls = [wrote(0, 1, &["a=1.10"]), saw(2, 3, &[("a", Seen::Version(2))]), wrote(4, 5, &["a=2.20"])];
    refused(TWO, &calls);
}

#[test]
fn writes_come_in_the_order_of_time() {
    refused(TWO, &[wrote(2, 3, &["a=1.10"]), wrote(0, 1, &["a=2.20"])]);
}

#[test]
fn a_lost_write_and_one_of_nobody_are_refused() {
    assert!(refused(&[&["a=1.10"]], &[wrote(0, 1, &["a=1.10"]), wrote(2, 3, &["a=2.20"])]).contains("not in the order"));
    assert!(refused(TWO, &[wrote(0, 1, &["a=1.10"])]).contains("nobody wrote"));
    assert!(refused(TWO, &[wrote(0, 1, &["a=1.10"]), wrote(2, 3, &["a=2.30"])]).contains("not in the order"));
    assert!(refused(&[&["a=1.10"], &["a=3.20"]], &[]).contains("has version 3 after 1"));
}

#[test]
fn two_do_not_win_with_one_version() {
    let update = |from, to, writes: &[&str]| wrote_if(from, to, ("a", Seen::Newest(1)), writes);
    let three: &[&[&str]] = &[&["a=1.10"], &["a=2.20"], &["a=3.30"]];
    let calls = [wrote(0, 1, &["a=1.10"]), update(2, 5, &["a=2.20"]), update(3, 6, &["a=3.30"])];
    assert!(refused(three, &calls).contains("it is not so"));
    let calls = [wrote(0, 1, &["a=1.10"]), update(2, 5, &["a=2.20"]), saw(3, 6, &[("a", Seen::Newest(2))])];
    passes(TWO, &calls);
}

#[test]
fn a_commit_is_seen_whole() {
    let both: &[&[&str]] = &[&["a=1.1", "b=1.2"], &["a=2.3", "b=2.4"]];
    let writes = [wrote(0, 1, &["a=1.1", "b=1.2"]), wrote(2, 9, &["a=2.3", "b=2.4"])];
    let half = saw(3, 4, &[("a", Seen::Version(1)), ("b", Seen::Version(2))]);
    refused(both, &[writes[0].clone(), writes[1].clone(), half]);
    let whole = saw(3, 4, &[("a", Seen::Version(2)), ("b", Seen::Version(2))]);
    passes(both, &[writes[0].clone(), writes[1].clone(), whole]);
    // In the order as two commits: what was acknowledged was one.
    refused(&[&["a=1.1"], &["b=1.2"]], &[wrote(0, 1, &["a=1.1", "b=1.2"])]);
}

#[test]
fn two_readers_agree_on_the_order_of_two_writes() {
    let two: &[&[&str]] = &[&["a=1.1"], &["b=1.2"]];
    let writes = [wrote(0, 9, &["a=1.1"]), wrote(1, 9, &["b=1.2"])];
    let seen = |from, to, a, b| saw(from, to, &[("a", Seen::Newest(a)), ("b", Seen::Newest(b))]);
    refused(two, &[writes[0].clone(), writes[1].clone(), seen(2, 3, 1, 0), seen(4, 5, 0, 1)]);
    passes(two, &[writes[0].clone(), writes[1].clone(), seen(2, 3, 1, 0), seen(4, 5, 1, 1)]);
}

#[test]
fn a_history_tells_the_order_of_the_answers() {
    let two: &[&[&str]] = &[&["a=1.1"], &["b=1.2"]];
    let writes = [wrote(0, 1, &["a=1.1"]), wrote(2, 3, &["b=1.2"])];
    let with = |last: Call| [writes[0].clone(), writes[1].clone(), last];
    passes(two, &with(saw_last(4, 5, &[("b", 1), ("a", 1)])));
    refused(two, &with(saw_last(4, 5, &[("a", 1), ("b", 1)])));
    refused(two, &with(saw_last(4, 5, &[("a", 1)])));
}

#[test]
fn a_deletion_is_a_version() {
    let deleted: &[&[&str]] = &[&["a=1.1"], &["a=2"], &["a=3.2"]];
    let writes = [wrote(0, 1, &["a=1.1"]), wrote(2, 3, &["a=2"]), wrote(4, 9, &["a=3.2"])];
    let with = |seen| [writes[0].clone(), writes[1].clone(), writes[2].clone(), saw(5, 6, &[("a", seen)])];
    for possible in [Seen::Gone, Seen::Newest(2), Seen::There, Seen::Version(3), Seen::Holds(2), Seen::Lacks(2), Seen::OtherThan(3)] {
        passes(deleted, &with(possible));
    }
    for impossible in [Seen::Version(2), Seen::Version(1), Seen::Newest(1), Seen::Holds(1)] {
        refused(deleted, &with(impossible));
    }
}

/// Small random histories: the judge says what trying all orders says.
#[test]
fn says_what_trying_every_order_says() {
    let mut random = 20_261_121_u64;
    let mut verdicts = [0, 0];
    for round in 0..20_000 {
        let (commits, calls) = small(&mut random);
        let order = Order::new(commits.clone());
        let possible = some_order(&commits, &calls);
        let judged = check(&order, &calls);
        assert_eq!(judged.is_ok(), possible, "round {round}: {judged:?}\n{commits:?}\n{calls:#?}");
        verdicts[usize::from(possible)] += 1;
    }
    assert!(verdicts.iter().all(|count| *count > 1000), "both verdicts are common: {verdicts:?}");
}

fn below(random: &mut u64, bound: u64) -> u64 {
    *random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*random >> 33) % bound
}

/// A few commits on two resources, each by a call, and a few reads, all at random times.
fn small(random: &mut u64) -> (Vec<Vec<Write>>, Vec<Call>) {
    let (mut versions, mut commits, mut calls) = ([0, 0], Vec::new(), Vec::new());
    let mut moments: Vec<u64> = (0..14).collect();
    let mut span = |random: &mut u64, about: u64| {
        let at = (about * 2 + below(random, 4)).min(moments.len() as u64 - 2) as usize;
        let first = moments.remove(at);
        let last = moments.remove(at + below(random, 3).min((moments.len() - at) as u64 - 1) as usize);
        (first, last)
    };
    for number in 0..2 + below(random, 2) {
        let mut writes = Vec::new();
        for one in 0..2 {
            if below(random, 3) > 0 || (one == 1 && writes.is_empty()) {
                versions[one] += 1;
                let value = (below(random, 4) > 0).then_some(number * 2 + one as u64);
                writes.push(Write { key: ["a", "b"][one].to_owned(), version: versions[one], value });
            }
        }
        let (invoked, returned) = span(random, number);
        let first = (writes[0].key.clone(), Seen::Newest(writes[0].version - below(random, 10).min(1)));
        let expected = if below(random, 4) == 0 { vec![first] } else { Vec::new() };
        calls.push(Call { client: 0, invoked, returned, act: Act::Wrote { expected, writes: writes.clone() } });
        commits.push(writes);
    }
    for number in 0..1 + below(random, 3) {
        let (invoked, returned) = span(random, number);
        let one = |key: &str, random: &mut u64| {
            let number = below(random, 4);
            let kinds =
                [Seen::Version(number), Seen::Newest(number), Seen::Gone, Seen::There, Seen::OtherThan(number), Seen::Lacks(number)];
            (key.to_owned(), kinds[below(random, 6) as usize])
        };
        let seen = vec![one("a", random), one("b", random)];
        calls.push(Call { client: 1, invoked, returned, act: Act::Saw(seen) });
    }
    (commits, calls)
}

/// Whether some order of the calls, with the commits in theirs, keeps time and explains what was seen.
fn some_order(commits: &[Vec<Write>], calls: &[Call]) -> bool {
    fn go(commits: &[Vec<Write>], left: &[&Call], done: usize, states: [State; 2]) -> bool {
        if left.is_empty() {
            return done == commits.len();
        }
        let shows = |seen: &[(String, Seen)]| seen.iter().all(|(key, seen)| states[usize::from(key == "b")].shows(*seen));
        (0..left.len()).any(|index| {
            let call = left[index];
            if left.iter().any(|other| other.returned < call.invoked) {
                return false;
            }
            let rest: Vec<&Call> = left.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, call)| *call).collect();
            match &call.act {
                Act::Saw(seen) => shows(seen) && go(commits, &rest, done, states),
                Act::Wrote { expected, writes } if commits.get(done) == Some(writes) && shows(expected) => {
                    let mut after = states;
                    for write in writes {
                        after[usize::from(write.key == "b")] = State { version: write.version, value: write.value };
                    }
                    go(commits, &rest, done + 1, after)
                }
                _ => false,
            }
        })
    }
    go(commits, &calls.iter().collect::<Vec<_>>(), 0, [State::default(); 2])
}
