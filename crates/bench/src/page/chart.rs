//! A chart of rates over sizes, both logarithmic, as SVG.

use std::fmt::Write;

use super::line::figure;

/// A curve: its name, and its points as size and rate.
pub struct Curve {
    /// What it is of.
    pub name: String,
    /// Sizes and rates, both above zero.
    pub points: Vec<(f64, f64)>,
}

/// Where the plot begins and how large it is; what is right of it names the curves.
const LEFT: f64 = 70.0;
const TOP: f64 = 20.0;
const WIDTH: f64 = 520.0;
const HEIGHT: f64 = 420.0;

/// Colours that can be told apart, also by those who see fewer; curves beyond them are dashed.
const COLOURS: [&str; 7] = ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#555555"];

/// The curves as a picture. Sizes go to the right, rates up, each decade of either as far as the next.
pub fn draw(curves: &[Curve]) -> String {
    let sizes = decades(curves.iter().flat_map(|curve| &curve.points).map(|point| point.0));
    let rates = decades(curves.iter().flat_map(|curve| &curve.points).map(|point| point.1));
    let x = |size: f64| LEFT + WIDTH * (size.log10() - sizes.0) / (sizes.1 - sizes.0);
    let y = |rate: f64| TOP + HEIGHT * (rates.1 - rate.log10()) / (rates.1 - rates.0);
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 880 490\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"880\" height=\"490\" fill=\"white\"/>\n",
    );
    for power in sizes.0 as i32..=sizes.1 as i32 {
        let (at, bottom) = (x(10_f64.powi(power)), TOP + HEIGHT);
        let _ = writeln!(svg, "<path d=\"M{at:.0} {TOP:.0}V{bottom:.0}\" stroke=\"#ddd\"/>");
        let _ =
            writeln!(svg, "<text x=\"{at:.0}\" y=\"{:.0}\" text-anchor=\"middle\">{}</text>", bottom + 18.0, figure(10_f64.powi(power)));
    }
    for power in rates.0 as i32..=rates.1 as i32 {
        let (at, right) = (y(10_f64.powi(power)), LEFT + WIDTH);
        let _ = writeln!(svg, "<path d=\"M{LEFT:.0} {at:.0}H{right:.0}\" stroke=\"#ddd\"/>");
        let _ = writeln!(
            svg,
            "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{}/s</text>",
            LEFT - 6.0,
            at + 4.0,
            figure(10_f64.powi(power))
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"middle\">resources in the store</text>",
        LEFT + WIDTH / 2.0,
        TOP + HEIGHT + 40.0
    );
    for (place, curve) in curves.iter().enumerate() {
        let colour = COLOURS[place % COLOURS.len()];
        let dashes = if place < COLOURS.len() { "" } else { " stroke-dasharray=\"6 4\"" };
        let points: Vec<String> = curve.points.iter().map(|&(size, rate)| format!("{:.1},{:.1}", x(size), y(rate))).collect();
        let at = TOP + 12.0 + 22.0 * place as f64;
        let (from, to) = (LEFT + WIDTH + 20.0, LEFT + WIDTH + 44.0);
        let _ = writeln!(svg, "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{dashes}/>", points.join(" "));
        let _ = writeln!(svg, "<path d=\"M{from:.0} {at:.0}H{to:.0}\" stroke=\"{colour}\" stroke-width=\"2\"{dashes}/>");
        let _ = writeln!(svg, "<text x=\"{:.0}\" y=\"{:.0}\">{}</text>", to + 6.0, at + 4.0, escaped(&curve.name));
    }
    svg.push_str("</svg>\n");
    svg
}

/// The powers of ten around some values, one decade apart at least.
fn decades(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let low = values.clone().fold(f64::INFINITY, f64::min).max(1.0).log10().floor();
    let high = values.fold(1.0, f64::max).log10().ceil();
    if low.is_finite() { (low, high.max(low + 1.0)) } else { (0.0, 1.0) }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
