use super::line::{Line, figure, spread};
use super::{Page, Report, chart};

const PARTS: [(&str, &str); 2] = [("reads", "Reads"), ("growth", "Growth")];

fn report(work: &str, text: &str) -> Report {
    Report { lines: vec![Line::ratio(work, "/s", &[(90.0, 100.0), (50.0, 100.0), (70.0, 100.0)], "the other", 0.6)], text: text.to_owned() }
}

#[test]
fn a_part_that_is_measured_alone_leaves_the_others() {
    let mut page = Page::read("", PARTS.to_vec());
    page.set("reads", "once", &report("read", "Of reads."));
    page.set("growth", "once", &report("grow", "Of growth."));
    let mut page = Page::read(&page.render(), PARTS.to_vec());
    page.set("growth", "again", &report("grow more", "Of more growth."));
    let text = page.render();
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("--only")).collect();
    assert_eq!(
        lines,
        [
            "| read | 70 [50–90] /s | the other: 100 [100–100] | 0.70 | ≥ 0.60 | met | `--only reads` |",
            "| grow more | 70 [50–90] /s | the other: 100 [100–100] | 0.70 | ≥ 0.60 | met | `--only growth` |",
        ]
    );
    assert!(text.contains("## Reads\n\nOf reads.\n\nMeasured once.\n\n## Growth\n\nOf more growth.\n\nMeasured again.\n"), "{text}");
    assert!(!text.contains("Of growth."), "{text}");
}

#[test]
fn what_is_missed_says_so() {
    assert!(Line::ratio("read", "/s", &[(59.0, 100.0)], "the other", 0.6).render("|").contains("**missed**"));
    assert!(Line::at_most("start", "ms", &[1.0, 201.0, 300.0], Some(200.0)).render("|").contains("**missed**"));
    assert!(Line::at_most("start", "ms", &[1.0, 199.0, 300.0], Some(200.0)).render("|").contains("| met |"));
    let both = Line::times("search", &[2000.0], (100.0, 101.0), 20.0).render("|");
    assert!(both.contains("| met; **missed** |"), "{both}");
}

#[test]
fn figures_have_commas_and_three_digits() {
    let written: Vec<String> = [0.0, 0.123, 1.5, 12.34, 100.0, 1234.0, 1_234_567.0].map(figure).to_vec();
    assert_eq!(written, ["0", "0.12", "1.50", "12.3", "100", "1,234", "1,234,567"]);
    assert_eq!(spread(&[3.0, 1.0, 2.0]), "2 [1–3]");
}

#[test]
fn a_chart_places_sizes_and_rates_on_decades() {
    let curve = chart::Curve { name: "a < b".to_owned(), points: vec![(1e4, 1e3), (1e6, 1e5)] };
    let svg = chart::draw(&[curve]);
    // From the lower left corner of the plot to its upper right.
    assert!(svg.contains("points=\"70.0,440.0 590.0,20.0\""), "{svg}");
    assert!(svg.contains(">a &lt; b</text>") && svg.contains(">1,000,000</text>") && svg.contains(">100,000/s</text>"), "{svg}");
}
