//! A member of an archive, and what can be wrong with it.

/// How a member's bytes are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    /// As they are.
    Stored,
    /// DEFLATE.
    Deflate,
    /// bzip2.
    Bzip2,
}

impl Packing {
    /// The packing that the archive calls by this number.
    pub(super) fn from_method(method: u16) -> Result<Packing, Fault> {
        match method {
            0 => Ok(Packing::Stored),
            8 => Ok(Packing::Deflate),
            12 => Ok(Packing::Bzip2),
            _ => Err(Fault::Method(method)),
        }
    }

    /// The most bytes that this many packed bytes can hold.
    fn most(self, packed: u64) -> u64 {
        // DEFLATE spends at least two bits on 258 bytes; bzip2's blocks of 45 MB of one byte take about 40 bytes.
        match self {
            Packing::Stored => packed,
            Packing::Deflate => packed.saturating_mul(1032).saturating_add(1032),
            Packing::Bzip2 => packed.saturating_mul(1 << 21),
        }
    }
}

/// Where a member's packed bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Payload {
    /// The first of them, in bytes from the start of the archive.
    pub(crate) data: u64,
    /// How they are packed.
    pub(crate) packing: Packing,
}

/// How often the archive states a member's sizes and CRC-32.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stated {
    /// In one place, or in two that disagree.
    Once,
    /// In two places that agree.
    Twice,
}

/// A member as the archive states it; its bytes are not proven before they are unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    /// Its name; bytes that are no UTF-8 are replaced.
    pub(crate) name: String,
    /// Where its local header is, in bytes from the start of the archive.
    pub(crate) header: u64,
    /// Its size in the archive, in bytes, as stated.
    pub(crate) packed: u64,
    /// Its size unpacked, in bytes, as stated.
    pub(crate) size: u64,
    /// The CRC-32 of its bytes, as stated.
    pub(crate) crc: u32,
    /// How often they are stated.
    pub(crate) stated: Stated,
    /// Where its bytes are, or why they cannot be had.
    pub(crate) place: Result<Payload, Fault>,
}

impl Member {
    /// The stated size in bytes, unless it is a lie: more than its packed bytes, of an archive of `archive_size` bytes,
    /// can hold.
    pub(crate) fn plausible_size(&self, archive_size: u64) -> Option<u64> {
        let packing = self.place.as_ref().map_or(Packing::Deflate, |place| place.packing);
        (self.size <= packing.most(self.packed.min(archive_size))).then_some(self.size)
    }
}

/// Why a member's bytes cannot be had or trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    #[error("there is no header of it at byte {0}, where the archive's directory puts it")]
    NoHeader(u64),
    #[error("its own header calls it otherwise than the archive's directory")]
    Misnamed,
    #[error("its own header and the archive's directory disagree about its {0}")]
    Disagree(&'static str),
    #[error("it is encrypted; save the capture without a password")]
    Encrypted,
    #[error("it is packed by method {0}, which is not known; pack it stored, by deflate or by bzip2")]
    Method(u16),
    #[error("it is cut off: it would reach beyond the end of the file")]
    BeyondEnd,
    #[error("its bytes overlap those of '{0}'")]
    Overlaps(String),
    #[error("it stands in the archive more than once")]
    Twice,
    #[error("it is not in the archive")]
    Missing,
    #[error("bad CRC-32: its bytes give {found:08x}, {stated:08x} is stated")]
    Crc { stated: u32, found: u32 },
    #[error("its {0} stream is corrupt")]
    Corrupt(&'static str),
    #[error("its size is not the {0} bytes that are stated")]
    Size(u64),
    #[error("its packed bytes go on after their end")]
    Trailing,
    #[error("its {size} bytes are more than the {most} that it may have")]
    TooLarge { size: u64, most: u64 },
    #[error("cannot be read: {0}")]
    Io(String),
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Fault {
        Fault::Io(error.to_string())
    }
}

/// Marks every member whose bytes begin inside an earlier one: no byte is unpacked twice.
pub(super) fn refuse_overlaps(members: &mut [Member]) {
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by_key(|&index| members[index].header);
    let mut before: Option<(u64, usize)> = None;
    for index in order {
        let member = &members[index];
        let Ok(place) = member.place else { continue };
        let end = place.data.saturating_add(member.packed);
        match before {
            Some((taken, other)) if member.header < taken => {
                // The same member listed twice is told apart later, by its name.
                if members[other].header != member.header {
                    members[index].place = Err(Fault::Overlaps(members[other].name.clone()));
                }
            }
            Some(_) | None => before = Some((end, index)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, header: u64, packed: u64) -> Member {
        let place = Ok(Payload { data: header + 30, packing: Packing::Stored });
        Member { name: name.to_owned(), header, packed, size: packed, crc: 0, stated: Stated::Twice, place }
    }

    #[test]
    fn members_that_share_bytes_are_refused() {
        let mut members = [member("c", 100, 5), member("a", 0, 50), member("b", 79, 5), member("d", 135, 0)];
        refuse_overlaps(&mut members);
        let faults: Vec<bool> = members.iter().map(|member| member.place.is_err()).collect();
        assert_eq!(faults, [false, false, true, false]);
        assert_eq!(members[2].place, Err(Fault::Overlaps("a".to_owned())));
    }

    #[test]
    fn a_size_that_the_packed_bytes_cannot_hold_is_a_lie() {
        let mut member = Member { size: 4 << 20, ..member("logic-1-1", 0, 4200) };
        member.place = Ok(Payload { data: 30, packing: Packing::Deflate });
        assert_eq!(member.plausible_size(1 << 20), Some(4 << 20));
        assert_eq!(member.plausible_size(1000), None);
        member.place = Ok(Payload { data: 30, packing: Packing::Stored });
        assert_eq!(member.plausible_size(1 << 20), None);
    }
}
