//! The little-endian fields of the archive's headers.

/// What is left of a header; each field taken shortens it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Fields<'a> {
        Fields(bytes)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (field, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*field)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    /// The next `count` bytes.
    pub(super) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (field, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(field)
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.0
    }
}

/// A size or place that is stated in 32 bits, or, where those are all set, in the ZIP64 extra field: there the wide
/// ones stand one after the other.
pub(super) fn widened(stated: u32, wide: &mut Option<Fields<'_>>) -> Option<u64> {
    if stated == u32::MAX { wide.as_mut().map_or(Some(u64::from(stated)), Fields::u64) } else { Some(stated.into()) }
}

/// The ZIP64 field among a header's extra fields.
pub(super) fn zip64(extra: &[u8]) -> Option<Fields<'_>> {
    const ZIP64: u16 = 1;
    let mut fields = Fields::new(extra);
    loop {
        let (id, size) = (fields.u16()?, fields.u16()?);
        let body = fields.bytes(usize::from(size))?;
        if id == ZIP64 {
            return Some(Fields::new(body));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_fields_stand_only_for_saturated_ones() {
        let extra = [9, 9, 1, 0, 7, 1, 0, 16, 0, 5, 0, 0, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
        let mut wide = zip64(&extra);
        assert_eq!(widened(3, &mut wide), Some(3));
        assert_eq!(widened(u32::MAX, &mut wide), Some((1 << 32) + 5));
        assert_eq!(widened(u32::MAX, &mut wide), Some(6));
        assert_eq!(widened(u32::MAX, &mut wide), None);
        assert_eq!(widened(u32::MAX, &mut None), Some(u64::from(u32::MAX)));
        assert!(zip64(&extra[..9]).is_none());
    }
}
