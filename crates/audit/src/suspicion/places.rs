//! Where addresses are, from a table: `NETWORK LATITUDE LONGITUDE` in each line, such as `203.0.113.0/24 52.52 13.40`.

use std::net::IpAddr;

use super::Locator;

/// The most lines of a table.
pub const MOST_PLACES: usize = 2_000_000;

/// A network: its first address, its last, and where it is. Addresses are those of IPv6, in which IPv4 has a place (RFC 4291, 2.5.5.2).
type Network = (u128, u128, (i32, i32));

/// A table of networks, none within another.
#[derive(Debug, Default)]
pub struct Places(Vec<Network>);

impl Places {
    /// The table in a text. Empty lines, and those that begin with `#`, say nothing.
    ///
    /// Fails with the number of the line that is wrong, and the rule; two networks must not overlap, and there are [`MOST_PLACES`] at most.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut networks = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if networks.len() == MOST_PLACES {
                return Err(format!("there are more than {MOST_PLACES} networks"));
            }
            networks.push(network(line).ok_or_else(|| {
                format!("line {}: it must have a network, a latitude and a longitude: 203.0.113.0/24 52.52 13.40", index + 1)
            })?);
        }
        networks.sort_unstable();
        match networks.windows(2).all(|pair| pair[0].1 < pair[1].0) {
            true => Ok(Self(networks)),
            false => Err("two networks overlap: name each address once".to_owned()),
        }
    }
}

impl Locator for Places {
    fn locate(&self, address: IpAddr) -> Option<(i32, i32)> {
        let wanted = number(address);
        let before = self.0.partition_point(|(first, ..)| *first <= wanted);
        let (_, last, point) = self.0.get(before.checked_sub(1)?)?;
        (wanted <= *last).then_some(*point)
    }
}

fn network(line: &str) -> Option<Network> {
    let mut words = line.split_whitespace();
    let (network, latitude, longitude) = (words.next()?, words.next()?, words.next()?);
    if words.next().is_some() {
        return None;
    }
    let (address, length) = network.split_once('/').map_or((network, None), |(address, length)| (address, Some(length)));
    let address: IpAddr = address.parse().ok()?;
    let bits: u32 = if address.is_ipv4() { 32 } else { 128 };
    let length = length.map_or(Some(bits), |length| length.parse().ok().filter(|length| *length <= bits))?;
    let hosts = bits - length;
    let mask = if hosts == 128 { u128::MAX } else { (1_u128 << hosts) - 1 };
    let first = number(address) & !mask;
    Some((first, first | mask, (degrees(latitude, 90)?, degrees(longitude, 180)?)))
}

/// Degrees with a decimal point, in ten-millionths; what is finer is left out.
fn degrees(text: &str, most: i64) -> Option<i32> {
    let (is_negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |digits: &str| digits.len() <= 15 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(part) {
        return None;
    }
    let part: String = part.chars().chain("0000000".chars()).take(7).collect();
    let value = whole.parse::<i64>().ok()? * 10_000_000 + part.parse::<i64>().ok()?;
    let value = Some(value).filter(|value| *value <= most * 10_000_000)?;
    i32::try_from(if is_negative { -value } else { value }).ok()
}

fn number(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(address) => u128::from(address.to_ipv6_mapped()),
        IpAddr::V6(address) => u128::from(address),
    }
}
