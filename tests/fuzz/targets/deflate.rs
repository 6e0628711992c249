//! Any bytes as a DEFLATE stream of samples: another decoder says what they hold.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};
use strobecheck_fuzz::{deflated, metadata, read, states};

const MOST: usize = 1 << 20;

fuzz_target!(|data: &[u8]| {
    let Some((first, stream)) = data.split_first() else { return };
    let unit = usize::from(first % 8) + 1;
    let metadata = metadata(unit, "1 MHz");
    let mut bytes = vec![0; MOST];
    let flags = inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let (status, taken, given) = decompress(&mut DecompressorOxide::new(), stream, &mut bytes, 0, flags);
    if status == TINFLStatus::HasMoreOutput {
        return;
    }
    bytes.truncate(given);
    let sound = status == TINFLStatus::Done && taken == stream.len();
    let reading = read(deflated(metadata.as_bytes(), stream, given as u64, crc32fast::hash(&bytes))).unwrap();
    let whole = given.is_multiple_of(unit);
    assert_eq!(reading.extent.problems.is_empty(), sound && whole, "{:?}", reading.extent.problems);
    if sound {
        assert_eq!(reading.changes, states(unit, 3, &bytes));
        assert_eq!(reading.extent.length.get() as usize, given / unit);
        // One bit of the sum less is no proof.
        let wrong = deflated(metadata.as_bytes(), stream, given as u64, crc32fast::hash(&bytes) ^ 1);
        assert!(!read(wrong).unwrap().extent.problems.is_empty());
    }
});
