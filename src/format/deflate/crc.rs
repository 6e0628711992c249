//! The CRC-32 of bytes and of repeats; a repeat costs the same however long it is.
//!
//! A CRC-32 is a polynomial over GF(2), modulo an irreducible one of degree 32: an element of a field with 2³² of
//! them. Appending *n* bytes to a message multiplies its CRC-32 by x⁸ⁿ and adds theirs. So *k* times a pattern of *q*
//! bytes and CRC-32 *c* is a geometric series, c·(1 + X + … + Xᵏ⁻¹) = c·(Xᵏ − 1)/(X − 1) with X = x⁸ᑫ.
//!
//! An element is a word whose highest bit is the coefficient of x⁰, as in the CRC-32 itself.

/// x⁰.
const ONE: u32 = 1 << 31;
/// x⁸.
const BYTE: u32 = 1 << 23;
/// 1/(x⁸ − 1), for patterns of one byte.
const ONE_BYTE: u32 = inverse(BYTE ^ ONE);
/// x³², which is what the polynomial of CRC-32 makes of it.
const POLYNOMIAL: u32 = 0xedb8_8320;

/// The CRC-32 of what was added so far.
#[derive(Debug, Clone)]
pub(crate) struct Crc32 {
    sum: u32,
    /// The length of the last pattern, in bytes, and 1/(X − 1) for it: a line's patterns are mostly of one length.
    period: (u64, u32),
}

impl Crc32 {
    /// That of no bytes.
    pub(crate) fn new() -> Crc32 {
        Crc32 { sum: 0, period: (1, ONE_BYTE) }
    }

    /// The CRC-32.
    pub(crate) fn sum(&self) -> u32 {
        self.sum
    }

    /// Adds these bytes.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        let mut hasher = crc32fast::Hasher::new_with_initial(self.sum);
        hasher.update(bytes);
        self.sum = hasher.finalize();
    }

    /// Adds `length` bytes, which are this pattern over and over again, from its start. The pattern has at least one
    /// byte, and fewer than 2²⁹.
    pub(crate) fn repeat(&mut self, pattern: &[u8], length: u64) {
        let period = pattern.len() as u64;
        if self.period.0 != period {
            self.period = (period, inverse(power(period) ^ ONE));
        }
        let rest = length % period;
        let whole = power(length - rest);
        let series = times(whole ^ ONE, self.period.1);
        self.sum = times(self.sum, whole) ^ times(crc32fast::hash(pattern), series);
        self.bytes(pattern.get(..rest as usize).unwrap_or_default());
    }
}

/// x to the power of eight times `bytes`.
fn power(bytes: u64) -> u32 {
    let mut power = ONE;
    for (digit, row) in POWERS.iter().enumerate() {
        let rest = bytes >> (4 * digit);
        if rest == 0 {
            break;
        }
        power = times(power, row[rest as usize & 15]);
    }
    power
}

/// 1/a: by Fermat a to the power of 2³² − 2, for a that is not 0.
const fn inverse(a: u32) -> u32 {
    let (mut square, mut product) = (a, ONE);
    let mut digit = 1;
    while digit < u32::BITS {
        square = times(square, square);
        product = times(product, square);
        digit += 1;
    }
    product
}

/// The product in the field.
const fn times(a: u32, b: u32) -> u32 {
    // Of its 63 coefficients the lowest is to be the highest bit.
    let product = carryless(a, b) << 1;
    let [low, second, third, high] = (product as u32).to_le_bytes();
    (product >> 32) as u32
        ^ REDUCTION[3][low as usize]
        ^ REDUCTION[2][second as usize]
        ^ REDUCTION[1][third as usize]
        ^ REDUCTION[0][high as usize]
}

/// The product of two words as polynomials. Every fourth bit of a factor is taken alone: at most eight of them meet in a
/// place of the product, so that the three bits above it hold what is carried.
const fn carryless(a: u32, b: u32) -> u64 {
    const EVERY_FOURTH: u64 = 0x1111_1111_1111_1111;
    let (a, b) = (a as u64, b as u64);
    let mut product = 0;
    let mut place = 0;
    while place < 4 {
        let mut sum = 0;
        let mut part = 0;
        while part < 4 {
            let other = (place + 4 - part) % 4;
            sum ^= (a & (EVERY_FOURTH << part)).wrapping_mul(b & (EVERY_FOURTH << other));
            part += 1;
        }
        product |= sum & (EVERY_FOURTH << place);
        place += 1;
    }
    product
}

/// What a byte amounts to whose highest bit stands for x³², with none to three further bytes behind it.
const REDUCTION: [[u32; 256]; 4] = reduction();

const fn reduction() -> [[u32; 256]; 4] {
    let mut table = [[0; 256]; 4];
    let mut byte = 0;
    while byte < 256 {
        let mut row = 0;
        let mut sum = byte as u32;
        while row < 4 {
            let mut bit = 0;
            while bit < 8 {
                sum = if sum & 1 == 1 { (sum >> 1) ^ POLYNOMIAL } else { sum >> 1 };
                bit += 1;
            }
            table[row][byte] = sum;
            row += 1;
        }
        byte += 1;
    }
    table
}

/// x⁸ⁿ for n = digit·16ʳᵒʷ.
static POWERS: [[u32; 16]; 16] = powers();

const fn powers() -> [[u32; 16]; 16] {
    let mut table = [[ONE; 16]; 16];
    let mut step = BYTE;
    let mut row = 0;
    while row < 16 {
        let mut digit = 1;
        while digit < 16 {
            table[row][digit] = times(table[row][digit - 1], step);
            digit += 1;
        }
        step = times(table[row][15], step);
        row += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn repeated(before: &[u8], pattern: &[u8], length: u64) -> u32 {
        let mut crc = Crc32::new();
        crc.bytes(before);
        crc.repeat(pattern, length);
        crc.sum()
    }

    #[test]
    fn every_element_but_zero_has_its_inverse() {
        for a in [ONE, BYTE, BYTE ^ ONE, 1, POLYNOMIAL, u32::MAX] {
            assert_eq!(times(a, inverse(a)), ONE, "{a:08x}");
        }
    }

    #[test]
    fn x_to_the_32_is_the_polynomial() {
        assert_eq!(power(4), POLYNOMIAL);
        // The polynomial is primitive: x has the order 2^32 - 1, and so has x^8, since 8 is prime to it.
        assert_eq!((power(u64::from(u32::MAX)), power(1 << 32)), (ONE, BYTE));
        assert_ne!(power(u64::from(u32::MAX) / 3), ONE);
    }

    #[test]
    fn a_known_sum_comes_out() {
        // The check value of CRC-32/ISO-HDLC.
        assert_eq!(repeated(b"123456789", b"?", 0), 0xcbf4_3926);
        // 4 GiB of zeros, by `head -c 4294967296 /dev/zero | gzip -c | tail -c8 | head -c4`.
        assert_eq!(repeated(b"", &[0], 1 << 32), 0xd202_ef8d);
    }

    proptest! {
        #[test]
        fn a_repeat_is_its_bytes(
            before in vec(any::<u8>(), 0..20), pattern in vec(any::<u8>(), 1..300), length in 0_usize..5000,
        ) {
            let mut bytes = before.clone();
            bytes.extend(pattern.iter().cycle().take(length));
            prop_assert_eq!(repeated(&before, &pattern, length as u64), crc32fast::hash(&bytes));
        }
    }
}
