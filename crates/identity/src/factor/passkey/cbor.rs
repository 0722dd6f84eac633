//! As much of CBOR (RFC 8949) as authenticators write: definite lengths, integers, bytes, texts, arrays, maps, true, false and null (CTAP 2.1, section 8).

/// How deep a value may be: CTAP allows 4.
const DEEPEST: u32 = 6;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cbor<'a> {
    /// An integer.
    Int(i64),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A text.
    Text(&'a str),
    /// An array.
    Array(Vec<Cbor<'a>>),
    /// A map, in its order; no key stands twice.
    Map(Vec<(Cbor<'a>, Cbor<'a>)>),
    /// True or false.
    Bool(bool),
    /// Null.
    Null,
}

/// The value at the begin of `bytes`, and what stands after it. `None` when it is cut short, too deep, or has what authenticators do not write.
pub fn read(bytes: &[u8]) -> Option<(Cbor<'_>, &[u8])> {
    let mut reader = Reader { rest: bytes };
    let value = reader.value(DEEPEST)?;
    Some((value, reader.rest))
}

/// The value that `bytes` are, whole.
pub fn whole(bytes: &[u8]) -> Option<Cbor<'_>> {
    read(bytes).and_then(|(value, rest)| rest.is_empty().then_some(value))
}

impl<'a> Cbor<'a> {
    /// The value of a key that is an integer.
    pub fn at(&self, key: i64) -> Option<&Cbor<'a>> {
        self.entry(&Cbor::Int(key))
    }

    /// The value of a key that is a text.
    pub fn named(&self, key: &str) -> Option<&Cbor<'a>> {
        self.entry(&Cbor::Text(key))
    }

    /// The bytes, if it is some.
    pub fn bytes(&self) -> Option<&'a [u8]> {
        if let Cbor::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    /// The integer, if it is one.
    pub fn int(&self) -> Option<i64> {
        if let Cbor::Int(int) = self { Some(*int) } else { None }
    }

    fn entry(&self, key: &Cbor<'_>) -> Option<&Cbor<'a>> {
        let Cbor::Map(entries) = self else { return None };
        entries.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: u32) -> Option<Cbor<'a>> {
        let head = *self.take(1)?.first()?;
        let (major, short) = (head >> 5, head & 31);
        if major == 7 {
            return match short {
                20 => Some(Cbor::Bool(false)),
                21 => Some(Cbor::Bool(true)),
                22 => Some(Cbor::Null),
                _ => None,
            };
        }
        let number = self.number(short)?;
        let depth = depth.checked_sub(1)?;
        match major {
            0 => i64::try_from(number).ok().map(Cbor::Int),
            1 => i64::try_from(number).ok().map(|number| Cbor::Int(-1 - number)),
            2 => self.take(usize::try_from(number).ok()?).map(Cbor::Bytes),
            3 => std::str::from_utf8(self.take(usize::try_from(number).ok()?)?).ok().map(Cbor::Text),
            4 => self.many(number, |reader| reader.value(depth)).map(Cbor::Array),
            5 => {
                let entries = self.many(number, |reader| Some((reader.value(depth)?, reader.value(depth)?)))?;
                let twice = entries.iter().enumerate().any(|(place, (key, _))| entries[..place].iter().any(|(other, _)| other == key));
                (!twice).then_some(Cbor::Map(entries))
            }
            _ => None,
        }
    }

    /// As many as are said to follow. Each takes a byte at least, so that no room is made for more than there are.
    fn many<T>(&mut self, number: u64, one: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        if number > self.rest.len().min(64) as u64 {
            return None;
        }
        (0..number).map(|_| one(self)).collect()
    }

    fn number(&mut self, short: u8) -> Option<u64> {
        let length = match short {
            0..=23 => return Some(u64::from(short)),
            24..=27 => 1 << (short - 24),
            _ => return None,
        };
        Some(self.take(length)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }
}
