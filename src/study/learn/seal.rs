//! By what a learned spec is known, and whether somebody has changed it since: its last line has the digest of all above it.

use sha2::{Digest, Sha256};

/// What every learned spec begins with.
pub(super) const LEARNED_BEGINNING: &str = concat!("# Learned by ", env!("CARGO_PKG_NAME"));

/// What the last line says before the digest.
const SEAL: &str = "# As it was written, sha256 ";

/// What a file is to those who write learned specs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LearnedFile {
    /// A learned spec, as it was written.
    AsWritten,
    /// A learned spec that was changed since, or does not tell.
    Changed,
    /// None.
    Other,
}

impl LearnedFile {
    /// What the file with these bytes is.
    #[must_use]
    pub fn of(bytes: &[u8]) -> LearnedFile {
        if !bytes.starts_with(LEARNED_BEGINNING.as_bytes()) {
            return LearnedFile::Other;
        }
        let last = bytes.trim_ascii_end().iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let (rest, seal) = bytes.split_at(last);
        if seal == line(rest).as_bytes() { LearnedFile::AsWritten } else { LearnedFile::Changed }
    }
}

/// A spec with the line at its end that tells whether it was changed.
pub(super) fn sealed(spec: String) -> String {
    let seal = line(spec.as_bytes());
    spec + &seal
}

fn line(rest: &[u8]) -> String {
    const SHOWN: usize = 8;
    let digest: String = Sha256::digest(rest).iter().take(SHOWN).map(|byte| format!("{byte:02x}")).collect();
    format!("{SEAL}{digest}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_change_is_told() {
        let file =
            sealed(format!("{LEARNED_BEGINNING} 0.2.0 from 1 capture:\n\n[limits]\nexposure.time = \"8 ms ± 4 us\"\n"));
        assert_eq!(LearnedFile::of(file.as_bytes()), LearnedFile::AsWritten);
        for at in LEARNED_BEGINNING.len()..file.len() {
            let mut changed = file.clone().into_bytes();
            changed[at] ^= 1;
            assert_eq!(LearnedFile::of(&changed), LearnedFile::Changed, "byte {at}");
        }
        for cut in LEARNED_BEGINNING.len()..file.len() {
            assert_eq!(LearnedFile::of(&file.as_bytes()[..cut]), LearnedFile::Changed, "cut at {cut}");
        }
        let longer = file + "flash.lead = \"77 us ± 15 us\"\n";
        assert_eq!(LearnedFile::of(longer.as_bytes()), LearnedFile::Changed);
        assert_eq!(LearnedFile::of(b"[wiring]\n"), LearnedFile::Other);
    }
}
