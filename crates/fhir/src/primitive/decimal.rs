//! Decimals of any length, compared exactly.

use std::cmp::Ordering;

/// A decimal number by its value: `1.0`, `1.00` and `1e0` are equal. No digit is ever lost.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    negative: bool,
    /// The value is `0.d1d2d3… × 10^exponent`; 0 for zero.
    exponent: i32,
    /// The significant digits, 0 to 9, without zeros at either end; empty for zero.
    digits: Box<[u8]>,
}

/// The largest exponent that is read: what FHIR needs is far below it.
const MAX_EXPONENT: i32 = 10_000;

impl Decimal {
    /// Reads a JSON or FHIR number: `-12.50`, `1e3`; `+1` and `007` are read too. `None` when it is none, or when its
    /// first digit stands more than 10,000 places from the point or its last more than 20,000 places after it.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, power) = match rest.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, power.parse::<i32>().ok()?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(whole, fraction)| (whole, Some(fraction)));
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits(whole) || !fraction.is_none_or(is_digits) {
            return None;
        }
        let fraction = fraction.unwrap_or_default();
        let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).map(|byte| byte - b'0').collect();
        let exponent = power.checked_add(i32::try_from(whole.len()).ok()?)?;
        let is_sensible = |decimal: &Self| decimal.exponent.abs() <= MAX_EXPONENT && decimal.lowest_power() >= -2 * MAX_EXPONENT;
        Self::normalized(negative, exponent, &digits).filter(is_sensible)
    }

    fn normalized(negative: bool, exponent: i32, digits: &[u8]) -> Option<Self> {
        let Some(first) = digits.iter().position(|&digit| digit != 0) else {
            return Some(Self { negative: false, exponent: 0, digits: Box::default() });
        };
        let last = digits.iter().rposition(|&digit| digit != 0)?;
        let exponent = exponent.checked_sub(i32::try_from(first).ok()?)?;
        Some(Self { negative, exponent, digits: digits[first..=last].into() })
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// The same number with the other sign.
    pub fn negated(&self) -> Self {
        Self { negative: !self.negative && !self.digits.is_empty(), ..self.clone() }
    }

    /// This number plus `5 × 10^power`, or minus it when `down`: the bounds of what a written number may stand for.
    pub fn shifted_by_five(&self, power: i32, down: bool) -> Self {
        let five = Self { negative: down, exponent: power + 1, digits: [5].into() };
        self.plus(&five)
    }

    /// The exact sum.
    pub fn plus(&self, other: &Self) -> Self {
        if self.digits.is_empty() {
            return other.clone();
        }
        if other.digits.is_empty() {
            return self.clone();
        }
        let top = self.exponent.max(other.exponent);
        let bottom = self.lowest_power().min(other.lowest_power());
        let width = usize::try_from(top - bottom).unwrap_or(0) + 1;
        let (left, right) = (self.aligned(top, width), other.aligned(top, width));
        let (negative, digits) = if self.negative == other.negative {
            (self.negative, add(&left, &right))
        } else if left >= right {
            (self.negative, subtract(&left, &right))
        } else {
            (other.negative, subtract(&right, &left))
        };
        Self::normalized(negative, top + 1, &digits).unwrap_or_else(|| self.clone())
    }

    /// The exact product.
    pub fn times(&self, other: &Self) -> Self {
        let mut digits = vec![0_u32; self.digits.len() + other.digits.len()];
        for (place, &left) in self.digits.iter().enumerate() {
            for (offset, &right) in other.digits.iter().enumerate() {
                digits[place + offset + 1] += u32::from(left) * u32::from(right);
            }
        }
        for place in (1..digits.len()).rev() {
            digits[place - 1] += digits[place] / 10;
            digits[place] %= 10;
        }
        let digits: Vec<u8> = digits.into_iter().map(|digit| digit as u8).collect();
        // Neither exponent is beyond MAX_EXPONENT, so their sum is far from overflowing.
        Self::normalized(self.negative != other.negative, self.exponent + other.exponent, &digits).unwrap_or_else(|| self.clone())
    }

    /// The number with at most so many significant digits, those after them rounded half away from zero.
    pub fn rounded(&self, digits: usize) -> Self {
        let Some((kept, rest)) = self.digits.split_at_checked(digits).filter(|(_, rest)| !rest.is_empty()) else { return self.clone() };
        let exponent = self.exponent;
        let Some(cut) = Self::normalized(self.negative, exponent, kept) else { return self.clone() };
        if rest[0] < 5 {
            return cut;
        }
        let place = exponent - i32::try_from(digits).unwrap_or(0) + 1;
        cut.plus(&Self { negative: self.negative, exponent: place, digits: [1].into() })
    }

    fn lowest_power(&self) -> i32 {
        self.exponent - i32::try_from(self.digits.len()).unwrap_or(0)
    }

    /// The digits as a number of `width` digits whose first stands one place above `0.1 × 10^top`.
    fn aligned(&self, top: i32, width: usize) -> Vec<u8> {
        let mut aligned = vec![0; width];
        let start = usize::try_from(top - self.exponent).unwrap_or(0) + 1;
        aligned[start..start + self.digits.len()].copy_from_slice(&self.digits);
        aligned
    }

    /// Bytes whose order is the order of the numbers, and which are equal for equal numbers only. No such bytes are the beginning of others.
    pub fn ordered_bytes(&self) -> Vec<u8> {
        if self.digits.is_empty() {
            return vec![1];
        }
        let mut bytes = vec![2];
        let biased = u16::try_from(self.exponent + 2 * MAX_EXPONENT).unwrap_or(u16::MAX);
        bytes.extend_from_slice(&biased.to_be_bytes());
        for pair in self.digits.chunks(2) {
            bytes.push(pair[0] * 10 + pair.get(1).copied().unwrap_or(0) + 1);
        }
        bytes.push(0);
        if self.negative {
            bytes[0] = 0;
            bytes[1..].iter_mut().for_each(|byte| *byte = !*byte);
        }
        bytes
    }

    /// Reads a number from the front of `bytes`, as [`Decimal::ordered_bytes`] wrote it, and says how many bytes it took.
    /// `None` when there is none.
    pub fn from_ordered_bytes(bytes: &[u8]) -> Option<(Self, usize)> {
        let flip = match bytes.first()? {
            0 => 0xff,
            1 => return Some((Self { negative: false, exponent: 0, digits: Box::default() }, 1)),
            2 => 0,
            _ => return None,
        };
        let biased = u16::from_be_bytes([bytes.get(1)? ^ flip, bytes.get(2)? ^ flip]);
        let mut digits = Vec::new();
        for byte in bytes.get(3..)?.iter().map(|byte| byte ^ flip).take_while(|&byte| byte != 0) {
            let pair = byte - 1;
            if pair > 99 {
                return None;
            }
            digits.extend([pair / 10, pair % 10]);
        }
        let taken = 3 + digits.len() / 2 + 1;
        // An odd count of digits was filled up with a zero.
        if digits.last() == Some(&0) {
            digits.pop();
        }
        let is_normal = digits.first().is_some_and(|&digit| digit != 0) && digits.last() != Some(&0);
        let exponent = i32::from(biased) - 2 * MAX_EXPONENT;
        (is_normal && taken <= bytes.len()).then(|| (Self { negative: flip != 0, exponent, digits: digits.into() }, taken))
    }

    fn compare_magnitude(&self, other: &Self) -> Ordering {
        match (self.digits.is_empty(), other.digits.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => self.exponent.cmp(&other.exponent).then_with(|| self.digits.cmp(&other.digits)),
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.compare_magnitude(other),
            (true, true) => other.compare_magnitude(self),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn add(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut sum = vec![0; left.len()];
    let mut carry = 0;
    for index in (0..left.len()).rev() {
        let digit = left[index] + right[index] + carry;
        (sum[index], carry) = (digit % 10, digit / 10);
    }
    sum
}

/// `left - right`, for `left >= right`.
fn subtract(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut difference = vec![0; left.len()];
    let mut borrow = 0;
    for index in (0..left.len()).rev() {
        let take = right[index] + borrow;
        borrow = u8::from(left[index] < take);
        difference[index] = left[index] + 10 * borrow - take;
    }
    difference
}
