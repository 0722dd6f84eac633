//! Special units: scales on which twice the value is not twice the amount (<https://ucum.org/ucum#section-Special-Units-on-non-ratio-Scales>).

use crate::number::Number;

/// The function between the value on a scale and the number of its unit: `Cel` adds 273.15 to get kelvins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Celsius,
    Fahrenheit,
    Reaumur,
    /// The negative decimal logarithm.
    Ph,
    /// The natural logarithm.
    Ln,
    /// The decimal logarithm.
    Lg,
    /// Twice the decimal logarithm.
    TwoLg,
    /// The binary logarithm.
    Ld,
    /// A hundred times the tangent.
    Tangent,
    /// The negative logarithm to a base: the dilutions of homeopathy.
    Dilution(u32),
    SquareRoot,
}

impl Function {
    /// By its name in the table.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "cel" => Self::Celsius,
            "degf" => Self::Fahrenheit,
            "degre" => Self::Reaumur,
            "pH" => Self::Ph,
            "ln" => Self::Ln,
            "lg" => Self::Lg,
            "2lg" => Self::TwoLg,
            "ld" => Self::Ld,
            "100tan" => Self::Tangent,
            "hpX" => Self::Dilution(10),
            "hpC" => Self::Dilution(100),
            "hpM" => Self::Dilution(1000),
            "hpQ" => Self::Dilution(50_000),
            "sqrt" => Self::SquareRoot,
            _ => return None,
        })
    }

    /// What has to be added to a value on the scale, when that is all.
    pub(crate) fn shift(self) -> Option<Number> {
        match self {
            Self::Celsius => Number::parse("273.15"),
            Self::Fahrenheit => Number::parse("459.67"),
            Self::Reaumur => Number::parse("218.52"),
            _ => None,
        }
    }

    /// From a value on the scale to the number of the unit. `None` beyond what can be calculated.
    pub(crate) fn ratio(self, value: &Number) -> Option<Number> {
        if let Some(shift) = self.shift() {
            return Some(value.plus(&shift));
        }
        let x = value.to_f64()?;
        Number::from_f64(match self {
            Self::SquareRoot => return Some(value.times(value)),
            Self::Ph => 10_f64.powf(-x),
            Self::Ln => x.exp(),
            Self::Lg => 10_f64.powf(x),
            Self::TwoLg => 10_f64.powf(x / 2.0),
            Self::Ld => x.exp2(),
            Self::Tangent => (x / 100.0).atan(),
            Self::Dilution(base) => f64::from(base).powf(-x),
            Self::Celsius | Self::Fahrenheit | Self::Reaumur => return None,
        })
    }

    /// From a number of the unit to the value on the scale. `None` where there is none, as for the logarithm of nothing.
    pub(crate) fn scale_value(self, number: &Number) -> Option<Number> {
        if let Some(shift) = self.shift() {
            return Some(number.minus(&shift));
        }
        let x = number.to_f64()?;
        Number::from_f64(match self {
            Self::SquareRoot => x.sqrt(),
            Self::Ph => -x.log10(),
            Self::Ln => x.ln(),
            Self::Lg => x.log10(),
            Self::TwoLg => 2.0 * x.log10(),
            Self::Ld => x.log2(),
            Self::Tangent => 100.0 * x.tan(),
            Self::Dilution(base) => -x.ln() / f64::from(base).ln(),
            Self::Celsius | Self::Fahrenheit | Self::Reaumur => return None,
        })
    }
}
