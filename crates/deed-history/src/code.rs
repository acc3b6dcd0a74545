//! Numbers, ids and texts as bytes, and back: what is kept is made of them.

use crate::Oid;

/// Appends to bytes.
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    pub(crate) fn new(start: &[u8]) -> Self {
        Self(start.to_vec())
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// A number, seven bits a byte, the lowest first.
    pub(crate) fn number(&mut self, number: usize) {
        let mut rest = number as u64;
        while rest >= 0x80 {
            self.0.push(rest.to_le_bytes()[0] | 0x80);
            rest >>= 7;
        }
        self.0.push(rest.to_le_bytes()[0]);
    }

    pub(crate) fn signed(&mut self, number: i64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// Bytes whose length both sides know.
    pub(crate) fn exactly(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn id(&mut self, id: Oid) {
        self.bytes(id.as_bytes());
    }

    pub(crate) fn maybe_id(&mut self, id: Option<Oid>) {
        self.bytes(id.as_ref().map_or(&[], Oid::as_bytes));
    }

    pub(crate) fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Takes from bytes; `None` where they end early or are not what was asked for.
pub(crate) struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    pub(crate) const fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    /// What is left.
    pub(crate) const fn rest(&self) -> &'b [u8] {
        self.0
    }

    pub(crate) fn number(&mut self) -> Option<usize> {
        let mut number = 0u64;
        for shift in (0..63).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return usize::try_from(number).ok();
            }
        }
        None
    }

    pub(crate) fn signed(&mut self) -> Option<i64> {
        Some(i64::from_le_bytes(self.exactly(8)?.try_into().ok()?))
    }

    pub(crate) fn bytes(&mut self) -> Option<&'b [u8]> {
        let len = self.number()?;
        self.exactly(len)
    }

    pub(crate) fn exactly(&mut self, len: usize) -> Option<&'b [u8]> {
        let (bytes, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(bytes)
    }

    pub(crate) fn text(&mut self) -> Option<&'b str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    pub(crate) fn id(&mut self) -> Option<Oid> {
        Oid::from_bytes(self.bytes()?)
    }

    #[expect(clippy::option_option, reason = "the outer one is for bytes that end early")]
    pub(crate) fn maybe_id(&mut self) -> Option<Option<Oid>> {
        match self.bytes()? {
            [] => Some(None),
            bytes => Oid::from_bytes(bytes).map(Some),
        }
    }
}
