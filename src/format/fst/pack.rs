//! Packed bytes: zlib, gzip, and the blocks of LZ4. What a block states of its size is a bound, and never reserved.

use std::io::Read;

/// More bytes than this are in no block of a trace.
const MOST: usize = 256 << 20;

/// Unpacks zlib; as in the format, bytes whose size does not change are not packed.
pub(super) fn zlib_or_plain(packed: &[u8], size: usize) -> Option<Vec<u8>> {
    if packed.len() == size { Some(packed.to_vec()) } else { zlib(packed, size) }
}

/// Unpacks zlib.
pub(super) fn zlib(packed: &[u8], size: usize) -> Option<Vec<u8>> {
    exactly(flate2::read::ZlibDecoder::new(packed), size)
}

/// Unpacks gzip.
pub(super) fn gzip(packed: &[u8], size: usize) -> Option<Vec<u8>> {
    exactly(flate2::read::GzDecoder::new(packed), size)
}

fn exactly(unpacker: impl Read, size: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(size.min(MOST)).ok()?;
    unpacker.take(limit).read_to_end(&mut bytes).ok()?;
    (bytes.len() == size).then_some(bytes)
}

/// Unpacks a block of LZ4: literals, and repeats of what was unpacked already.
pub(super) fn lz4(packed: &[u8], size: usize) -> Option<Vec<u8>> {
    const LEAST_MATCH: usize = 4;
    let mut rest = packed.iter().copied();
    let mut bytes: Vec<u8> = Vec::new();
    let more = |rest: &mut dyn Iterator<Item = u8>, nibble: u8| -> Option<usize> {
        let mut length = usize::from(nibble);
        if nibble == 15 {
            loop {
                let byte = rest.next()?;
                length = length.checked_add(usize::from(byte))?;
                if byte != 255 {
                    break;
                }
            }
        }
        Some(length)
    };
    while let Some(token) = rest.next() {
        let literals = more(&mut rest, token >> 4)?;
        if literals > size - bytes.len() || size > MOST {
            return None;
        }
        let before = bytes.len();
        bytes.extend(rest.by_ref().take(literals));
        if bytes.len() - before < literals {
            return None;
        }
        let Some(low) = rest.next() else { break };
        let offset = usize::from(u16::from_le_bytes([low, rest.next()?]));
        let length = more(&mut rest, token & 15)? + LEAST_MATCH;
        let from = bytes.len().checked_sub(offset).filter(|_| offset > 0)?;
        if length > size - bytes.len() {
            return None;
        }
        for place in from..from + length {
            bytes.push(*bytes.get(place)?);
        }
    }
    (bytes.len() == size).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_and_repeats_by_hand() {
        // "abc", then 9 bytes from 3 back: "abcabcabc"; then the literal "d".
        let packed = [0x35, b'a', b'b', b'c', 3, 0, 0x10, b'd'];
        assert_eq!(lz4(&packed, 13).as_deref(), Some(b"abcabcabcabcd".as_slice()));
        for size in [0, 3, 12, 14, usize::MAX] {
            assert_eq!(lz4(&packed, size), None, "{size}");
        }
        // A repeat from before the beginning, from nowhere, and an end within a length.
        assert_eq!(lz4(&[0x10, b'a', 2, 0, 0x10, b'd'], 6), None);
        assert_eq!(lz4(&[0x10, b'a', 0, 0, 0x10, b'd'], 6), None);
        assert_eq!(lz4(&[0xf0, 255], 300), None);
        assert_eq!(lz4(&[0xf0], 300), None);
    }

    #[test]
    fn no_more_is_unpacked_than_is_stated() {
        let mut packed = flate2::read::ZlibEncoder::new([7_u8; 1000].as_slice(), flate2::Compression::fast());
        let mut bytes = Vec::new();
        packed.read_to_end(&mut bytes).unwrap();
        assert_eq!(zlib(&bytes, 1000), Some(vec![7; 1000]));
        assert_eq!((zlib(&bytes, 999).map(|bytes| bytes.len()), zlib(&bytes, 1001)), (Some(999), None));
        assert_eq!(zlib(b"no zlib", 5), None);
        assert_eq!(zlib_or_plain(b"plain", 5).as_deref(), Some(b"plain".as_slice()));
        assert_eq!(gzip(&bytes, 1000), None);
    }
}
