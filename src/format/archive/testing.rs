//! Archives for tests, byte by byte, with chosen flaws.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// A member as its headers state it, whether true or not.
#[derive(Debug, Clone)]
pub(crate) struct RawMember {
    pub(crate) name: String,
    /// The name in its own header.
    pub(crate) local_name: String,
    pub(crate) flags: u16,
    pub(crate) method: u16,
    pub(crate) crc: u32,
    pub(crate) packed: Vec<u8>,
    pub(crate) packed_size: u64,
    pub(crate) size: u64,
    /// Sizes and CRC-32 stand behind the bytes; its own header states none.
    pub(crate) deferred: bool,
    /// What the directory adds to the place of its header.
    pub(crate) shift: u64,
    /// It is listed only, with its header at this place.
    pub(crate) listed_at: Option<u64>,
}

impl RawMember {
    fn new(name: &str, bytes: &[u8], method: u16, packed: Vec<u8>) -> RawMember {
        RawMember {
            name: name.to_owned(),
            local_name: name.to_owned(),
            flags: 0,
            method,
            crc: crc32fast::hash(bytes),
            packed_size: packed.len() as u64,
            packed,
            size: bytes.len() as u64,
            deferred: false,
            shift: 0,
            listed_at: None,
        }
    }

    pub(crate) fn stored(name: &str, bytes: &[u8]) -> RawMember {
        RawMember::new(name, bytes, 0, bytes.to_vec())
    }

    pub(crate) fn deflated(name: &str, bytes: &[u8]) -> RawMember {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        RawMember::new(name, bytes, 8, encoder.finish().unwrap())
    }

    pub(crate) fn bzip2(name: &str, bytes: &[u8]) -> RawMember {
        let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
        encoder.write_all(bytes).unwrap();
        RawMember::new(name, bytes, 12, encoder.finish().unwrap())
    }

    /// The same member with something wrong about it.
    pub(crate) fn but(mut self, change: impl FnOnce(&mut RawMember)) -> RawMember {
        change(&mut self);
        self
    }
}

/// An archive of such members.
#[derive(Debug, Clone, Default)]
pub(crate) struct RawArchive {
    pub(crate) members: Vec<RawMember>,
    /// Every size and place stands in ZIP64 fields.
    pub(crate) zip64: bool,
    /// What the end record adds to the number of members.
    pub(crate) miscount: u16,
}

impl RawArchive {
    pub(crate) fn with(mut self, member: RawMember) -> RawArchive {
        self.members.push(member);
        self
    }

    /// The bytes of the archive.
    pub(crate) fn build(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut directory = Vec::new();
        for member in &self.members {
            let at = member.listed_at.unwrap_or(out.len() as u64 + member.shift);
            if member.listed_at.is_none() {
                self.local(&mut out, member);
            }
            self.record(&mut directory, member, at);
        }
        self.end(&mut out, &directory);
        out
    }

    /// The bytes up to the directory, as a cut file has them.
    pub(crate) fn without_directory(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.members.iter().for_each(|member| self.local(&mut out, member));
        out
    }

    fn narrow(&self, wide: u64) -> [u8; 4] {
        if self.zip64 { [0xff; 4] } else { (wide as u32).to_le_bytes() }
    }

    fn local(&self, out: &mut Vec<u8>, member: &RawMember) {
        let flags = member.flags | if member.deferred { 8 } else { 0 };
        out.extend(b"PK\x03\x04\x14\0");
        out.extend(flags.to_le_bytes());
        out.extend(member.method.to_le_bytes());
        out.extend([0; 4]);
        let wide = self.zip64 && !member.deferred;
        if member.deferred {
            out.extend([0; 12]);
        } else {
            out.extend(member.crc.to_le_bytes());
            out.extend(self.narrow(member.packed_size));
            out.extend(self.narrow(member.size));
        }
        out.extend((member.local_name.len() as u16).to_le_bytes());
        out.extend(if wide { [20, 0] } else { [0, 0] });
        out.extend(member.local_name.as_bytes());
        if wide {
            out.extend([1, 0, 16, 0]);
            out.extend(member.size.to_le_bytes());
            out.extend(member.packed_size.to_le_bytes());
        }
        out.extend(&member.packed);
        if member.deferred {
            out.extend(b"PK\x07\x08");
            out.extend(member.crc.to_le_bytes());
            out.extend((member.packed_size as u32).to_le_bytes());
            out.extend((member.size as u32).to_le_bytes());
        }
    }

    fn record(&self, out: &mut Vec<u8>, member: &RawMember, at: u64) {
        let flags = member.flags | if member.deferred { 8 } else { 0 };
        out.extend(b"PK\x01\x02\x14\0\x14\0");
        out.extend(flags.to_le_bytes());
        out.extend(member.method.to_le_bytes());
        out.extend([0; 4]);
        out.extend(member.crc.to_le_bytes());
        out.extend(self.narrow(member.packed_size));
        out.extend(self.narrow(member.size));
        out.extend((member.name.len() as u16).to_le_bytes());
        out.extend(if self.zip64 { [28, 0] } else { [0, 0] });
        out.extend([0; 10]);
        out.extend(self.narrow(at));
        out.extend(member.name.as_bytes());
        if self.zip64 {
            out.extend([1, 0, 24, 0]);
            for wide in [member.size, member.packed_size, at] {
                out.extend(wide.to_le_bytes());
            }
        }
    }

    fn end(&self, out: &mut Vec<u8>, directory: &[u8]) {
        let at = out.len() as u64;
        out.extend(directory);
        let members = self.members.len() as u64 + u64::from(self.miscount);
        if self.zip64 {
            let end = out.len() as u64;
            out.extend(b"PK\x06\x06\x2c\0\0\0\0\0\0\0\x2d\0\x2d\0\0\0\0\0\0\0\0\0");
            for wide in [members, members, directory.len() as u64, at] {
                out.extend(wide.to_le_bytes());
            }
            out.extend(b"PK\x06\x07\0\0\0\0");
            out.extend(end.to_le_bytes());
            out.extend([1, 0, 0, 0]);
        }
        out.extend(b"PK\x05\x06\0\0\0\0");
        let count = if self.zip64 { u16::MAX } else { members as u16 };
        out.extend(count.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend(self.narrow(directory.len() as u64));
        out.extend(self.narrow(at));
        out.extend([0; 2]);
    }
}
