//! Exact fractions.

use std::cmp::Ordering;
use std::fmt;

use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// An exact fraction of whole numbers of any size, in lowest terms.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Number {
    numerator: BigInt,
    denominator: BigUint,
}

/// No longer number is read, in bytes.
const MAX_TEXT_BYTES: usize = 512;
/// No larger power of ten is read.
const MAX_POWER: u32 = 1000;
/// Numbers with more digits before the point, or zeros after it, are printed with a power of ten.
const MAX_PLAIN_DIGITS: i64 = 40;

impl Number {
    /// Nothing.
    pub fn zero() -> Self {
        Self { numerator: BigInt::zero(), denominator: BigUint::one() }
    }

    /// One.
    pub fn one() -> Self {
        Self { numerator: BigInt::one(), denominator: BigUint::one() }
    }

    /// Reads a decimal: `-12.50`, `1e-3`. `None` when it is none, is longer than 512 bytes, or has a power of ten beyond ±1000.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_TEXT_BYTES {
            return None;
        }
        let (mantissa, power) = match text.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, power.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (is_negative, digits) = match mantissa.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits(whole) || !is_digits(fraction) || power.unsigned_abs() > MAX_POWER {
            return None;
        }
        let magnitude = BigUint::parse_bytes(format!("{whole}{fraction}").as_bytes(), 10)?;
        let power = power - i32::try_from(fraction.len()).ok()?;
        let ten = BigUint::from(10_u8).pow(power.unsigned_abs());
        let sign = if is_negative { Sign::Minus } else { Sign::Plus };
        Some(match power < 0 {
            true => Self::fraction(BigInt::from_biguint(sign, magnitude), ten),
            false => Self::fraction(BigInt::from_biguint(sign, magnitude * ten), BigUint::one()),
        })
    }

    /// The number nearest to a binary floating point number's 15 significant digits; `None` for infinities and what is no number.
    pub(crate) fn from_f64(value: f64) -> Option<Self> {
        value.is_finite().then(|| Self::parse(&format!("{value:.14e}")))?
    }

    pub(crate) fn to_f64(&self) -> Option<f64> {
        self.rounded(20).parse().ok()
    }

    fn fraction(numerator: BigInt, denominator: BigUint) -> Self {
        let divisor = numerator.magnitude().gcd(&denominator);
        if divisor.is_one() {
            return Self { numerator, denominator };
        }
        Self { numerator: numerator / BigInt::from(divisor.clone()), denominator: denominator / divisor }
    }

    /// Whether it is nothing.
    pub fn is_zero(&self) -> bool {
        self.numerator.is_zero()
    }

    fn is_one(&self) -> bool {
        self.numerator.is_one() && self.denominator.is_one()
    }

    /// How many bits its larger part takes.
    pub(crate) fn bits(&self) -> u64 {
        self.numerator.bits().max(self.denominator.bits())
    }

    /// The sum.
    pub fn plus(&self, other: &Self) -> Self {
        let left = &self.numerator * BigInt::from(other.denominator.clone());
        let right = &other.numerator * BigInt::from(self.denominator.clone());
        Self::fraction(left + right, &self.denominator * &other.denominator)
    }

    /// The difference.
    pub fn minus(&self, other: &Self) -> Self {
        self.plus(&Self { numerator: -other.numerator.clone(), denominator: other.denominator.clone() })
    }

    /// The product.
    pub fn times(&self, other: &Self) -> Self {
        // What most factors are, and least work.
        if other.is_one() {
            return self.clone();
        }
        if self.is_one() {
            return other.clone();
        }
        Self::fraction(&self.numerator * &other.numerator, &self.denominator * &other.denominator)
    }

    /// The quotient; `None` for a division by zero.
    pub fn over(&self, other: &Self) -> Option<Self> {
        Some(self.times(&other.inverse()?))
    }

    fn inverse(&self) -> Option<Self> {
        let numerator = BigInt::from_biguint(self.numerator.sign(), self.denominator.clone());
        (!self.is_zero()).then(|| Self { numerator, denominator: self.numerator.magnitude().clone() })
    }

    /// The power with a whole exponent; `None` for a negative one of zero.
    pub(crate) fn power(&self, exponent: i32) -> Option<Self> {
        let base = if exponent < 0 { self.inverse()? } else { self.clone() };
        let exponent = exponent.unsigned_abs();
        Some(Self { numerator: base.numerator.pow(exponent), denominator: base.denominator.pow(exponent) })
    }

    /// As a decimal of at most so many significant digits, rounded half away from zero, without zeros after the last digit of a fraction. Numbers with
    /// more than 40 digits before the point or zeros after it get a power of ten: `6300`, `0.0063`, `1.5e50`.
    pub fn rounded(&self, digits: usize) -> String {
        if self.is_zero() {
            return "0".to_owned();
        }
        let (mut written, mut exponent) = self.significant(digits.max(1));
        let zeros = written.len() - written.trim_end_matches('0').len();
        written.truncate(written.len() - zeros);
        exponent += 1;
        let sign = if self.numerator.is_negative() { "-" } else { "" };
        // The value is `0.written × 10^exponent`.
        let length = written.len() as i64;
        match exponent {
            ..=0 if -exponent <= MAX_PLAIN_DIGITS => format!("{sign}0.{}{written}", "0".repeat((-exponent) as usize)),
            1.. if exponent >= length && exponent <= MAX_PLAIN_DIGITS => {
                format!("{sign}{written}{}", "0".repeat((exponent - length) as usize))
            }
            1.. if exponent < length => format!("{sign}{}.{}", &written[..exponent as usize], &written[exponent as usize..]),
            _ => match written.split_at(1) {
                (first, "") => format!("{sign}{first}e{}", exponent - 1),
                (first, rest) => format!("{sign}{first}.{rest}e{}", exponent - 1),
            },
        }
    }

    /// Its first digits, rounded, and the power of ten of the first of them.
    fn significant(&self, digits: usize) -> (String, i64) {
        let ten = BigUint::from(10_u8);
        // Bits tell the power of ten to one place: the loop below settles which.
        let estimate = (self.numerator.bits() as f64 - self.denominator.bits() as f64) * std::f64::consts::LOG10_2;
        let mut exponent = estimate.floor() as i64;
        loop {
            let shift = digits as i64 - 1 - exponent;
            let scale = ten.pow(shift.unsigned_abs().to_u32().unwrap_or(u32::MAX));
            let (numerator, denominator) = match shift >= 0 {
                true => (self.numerator.magnitude() * scale, self.denominator.clone()),
                false => (self.numerator.magnitude().clone(), &self.denominator * scale),
            };
            let rounded: BigUint = (numerator * 2_u8 + &denominator) / (denominator * 2_u8);
            let written = rounded.to_string();
            match written.len().cmp(&digits) {
                Ordering::Equal => return (written, exponent),
                Ordering::Less => exponent -= 1,
                // Rounded up to the next power of ten, or estimated one too low.
                Ordering::Greater => exponent += 1,
            }
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.minus(other).numerator.cmp(&BigInt::zero())
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// As a decimal of at most 24 significant digits.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rounded(24))
    }
}
