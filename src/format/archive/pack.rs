//! Writes archives, member after member, through any writer; the same members give the same bytes.

use std::io::{self, Write};

use flate2::{Compress, Compression, FlushCompress, Status};

const VERSION: u16 = 20;
const VERSION_ZIP64: u16 = 45;
/// Unix, so that unpacking gives the members the usual rights.
const MADE_ON: u16 = 3 << 8;
const RIGHTS: u32 = 0o100_644 << 16;
/// The first of January 1980, the earliest date that an archive can state.
const DATE: u16 = 0x21;

/// A member, packed and summed up.
#[derive(Debug, Clone)]
pub(crate) struct PackedMember {
    method: u16,
    crc: u32,
    size: u32,
    bytes: Vec<u8>,
}

/// Why bytes cannot be packed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PackError {
    #[error("a member of {0} bytes is too large for the archive")]
    TooLarge(usize),
    #[error("deflate does not end")]
    Deflate,
}

impl PackedMember {
    /// Bytes as they are.
    pub(crate) fn store(bytes: &[u8]) -> Result<PackedMember, PackError> {
        let size = u32::try_from(bytes.len()).map_err(|_| PackError::TooLarge(bytes.len()))?;
        Ok(PackedMember { method: 0, crc: crc32fast::hash(bytes), size, bytes: bytes.to_vec() })
    }

    /// Bytes packed by DEFLATE.
    pub(crate) fn deflate(bytes: &[u8]) -> Result<PackedMember, PackError> {
        let stored = u32::try_from(bytes.len()).map_err(|_| PackError::TooLarge(bytes.len()))?;
        let mut deflate = Compress::new(Compression::default(), false);
        let mut packed = Vec::with_capacity(bytes.len() / 64 + 64);
        loop {
            packed.reserve(packed.len().max(64));
            let rest = bytes.get(deflate.total_in() as usize..).unwrap_or_default();
            let status = deflate.compress_vec(rest, &mut packed, FlushCompress::Finish);
            if status.map_err(|_: flate2::CompressError| PackError::Deflate)? == Status::StreamEnd {
                break;
            }
        }
        Ok(PackedMember { method: 8, crc: crc32fast::hash(bytes), size: stored, bytes: packed })
    }
}

/// Writes an archive.
#[derive(Debug)]
pub(crate) struct Packer<W: Write> {
    out: W,
    written: u64,
    members: u64,
    directory: Vec<u8>,
}

impl<W: Write> Packer<W> {
    pub(crate) fn new(out: W) -> Packer<W> {
        Packer { out, written: 0, members: 0, directory: Vec::new() }
    }

    /// Appends a member.
    pub(crate) fn add(&mut self, name: &str, member: &PackedMember) -> io::Result<()> {
        let too_long = || io::Error::new(io::ErrorKind::InvalidInput, "the name of a member is too long");
        let name_length = u16::try_from(name.len()).map_err(|_| too_long())?;
        let packed = u32::try_from(member.bytes.len()).map_err(|_| too_long())?;
        let at = self.written;
        // What the local header and the directory have in common: flags to the name's length.
        let mut common = Vec::with_capacity(22);
        common.extend(0_u16.to_le_bytes());
        common.extend(member.method.to_le_bytes());
        common.extend(0_u16.to_le_bytes());
        common.extend(DATE.to_le_bytes());
        for field in [member.crc, packed, member.size] {
            common.extend(field.to_le_bytes());
        }
        common.extend(name_length.to_le_bytes());

        let mut header = b"PK\x03\x04".to_vec();
        header.extend(VERSION.to_le_bytes());
        header.extend(&common);
        header.extend(0_u16.to_le_bytes());
        header.extend(name.as_bytes());
        self.write(&header)?;
        self.write(&member.bytes)?;
        self.list(name, &common, at);
        self.members += 1;
        Ok(())
    }

    fn list(&mut self, name: &str, common: &[u8], at: u64) {
        let narrow = u32::try_from(at).ok().filter(|offset| *offset < u32::MAX);
        let (offset, wide) = narrow.map_or((u32::MAX, Some(at)), |offset| (offset, None));
        let version = if wide.is_some() { VERSION_ZIP64 } else { VERSION };
        let directory = &mut self.directory;
        directory.extend(b"PK\x01\x02");
        directory.extend((MADE_ON | version).to_le_bytes());
        directory.extend(version.to_le_bytes());
        directory.extend(common);
        let extra: u16 = if wide.is_some() { 12 } else { 0 };
        directory.extend(extra.to_le_bytes());
        directory.extend([0; 6]); // the comment's length, the disk, the kind of contents
        directory.extend(RIGHTS.to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
        if let Some(at) = wide {
            directory.extend([1, 0, 8, 0]);
            directory.extend(at.to_le_bytes());
        }
    }

    /// Writes the directory and the comment of the archive, and returns the writer, flushed.
    pub(crate) fn finish(mut self, comment: &str) -> io::Result<W> {
        let too_long = || io::Error::new(io::ErrorKind::InvalidInput, "the comment of the archive is too long");
        let comment_length = u16::try_from(comment.len()).map_err(|_| too_long())?;
        let offset = self.written;
        let directory = std::mem::take(&mut self.directory);
        self.write(&directory)?;
        let size = directory.len() as u64;
        let members = self.members;
        let narrow = (u16::try_from(members).ok().filter(|&n| n < u16::MAX))
            .zip(u32::try_from(size).ok().filter(|&n| n < u32::MAX))
            .zip(u32::try_from(offset).ok().filter(|&n| n < u32::MAX));
        if narrow.is_none() {
            self.finish_zip64(members, size, offset)?;
        }
        let ((members, size), offset) = narrow.unwrap_or(((u16::MAX, u32::MAX), u32::MAX));
        let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
        end.extend(members.to_le_bytes());
        end.extend(members.to_le_bytes());
        end.extend(size.to_le_bytes());
        end.extend(offset.to_le_bytes());
        end.extend(comment_length.to_le_bytes());
        end.extend(comment.as_bytes());
        self.write(&end)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn finish_zip64(&mut self, members: u64, size: u64, offset: u64) -> io::Result<()> {
        let at = self.written;
        let mut end = b"PK\x06\x06".to_vec();
        end.extend(44_u64.to_le_bytes()); // the record's length from here
        end.extend((MADE_ON | VERSION_ZIP64).to_le_bytes());
        end.extend(VERSION_ZIP64.to_le_bytes());
        end.extend([0; 8]); // the disks
        for field in [members, members, size, offset] {
            end.extend(field.to_le_bytes());
        }
        end.extend(b"PK\x06\x07\0\0\0\0");
        end.extend(at.to_le_bytes());
        end.extend(1_u32.to_le_bytes());
        self.write(&end)
    }

    /// Hands on what is written.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.written += bytes.len() as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Source;
    use crate::format::archive::{Archive, Listing, contents};

    #[test]
    fn more_members_than_sixteen_bits_count() {
        let mut packer = Packer::new(Vec::new());
        let member = PackedMember::deflate(b"abc").unwrap();
        (0..70_000).for_each(|number| packer.add(&number.to_string(), &member).unwrap());
        let file = packer.finish("a comment").unwrap();
        let archive = Archive::open(&file, 70_000, 1).unwrap();
        assert_eq!((archive.members.len(), archive.listing), (70_000, Listing::Directory));
        assert_eq!(contents(&file, &archive.members[69_999], 9).unwrap(), b"abc");
        let by_others = zip::ZipArchive::new(io::Cursor::new(file)).unwrap();
        assert_eq!((by_others.len(), by_others.comment()), (70_000, b"a comment".as_slice()));
    }

    /// Bytes behind a hole that reads as zeros.
    struct Behind {
        hole: u64,
        bytes: Vec<u8>,
    }

    impl Source for Behind {
        fn len(&self) -> u64 {
            self.hole + self.bytes.len() as u64
        }

        fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
            match offset.checked_sub(self.hole) {
                Some(offset) => self.bytes.read_at(buffer, offset),
                None => {
                    buffer.fill(0);
                    Ok(buffer.len().min((self.hole - offset) as usize))
                }
            }
        }
    }

    #[test]
    fn places_beyond_thirty_two_bits() {
        let hole = 5 << 30;
        let mut packer = Packer::new(Vec::new());
        packer.written = hole;
        for (name, bytes) in [("a", b"first".as_slice()), ("b", b"second")] {
            packer.add(name, &PackedMember::store(bytes).unwrap()).unwrap();
        }
        let source = Behind { hole, bytes: packer.finish("").unwrap() };
        let archive = Archive::open(&source, 2, 1).unwrap();
        let found: Vec<Vec<u8>> = archive.members.iter().map(|member| contents(&source, member, 9).unwrap()).collect();
        assert_eq!(found, [b"first".to_vec(), b"second".to_vec()]);
    }
}
