//! Multiples of one public point, computed ahead, so that verifying many signatures of one CA costs a fraction of
//! verifying each by itself. Only for public data: how long it takes depends on the numbers.

use p256::elliptic_curve::ff::PrimeField;
use p256::elliptic_curve::group::Group;

/// Windows of a scalar, `width` bits each, in signed digits `-2^(width-1) ..= 2^(width-1)`. Every `columns`-th window
/// has a table of its own, `[p, 2p, … 2^(width-1) p]` times its weight; the windows between share it, at the price of
/// `width` doublings each.
pub(crate) struct Multiples<P> {
    width: usize,
    columns: usize,
    tables: Vec<P>,
}

impl<P: Group> Multiples<P> {
    /// Computes tables that pay for themselves when the point is multiplied this often.
    pub(crate) fn new(point: P, times: usize) -> Self {
        // Measured on P-256: 4-bit windows cost about one plain verification to set up, 8-bit ones about twelve.
        let (width, columns) = if times < 100 { (4, 4) } else { (8, 1) };
        let bits = P::Scalar::NUM_BITS as usize + 1;
        let count = bits.div_ceil(width * columns);
        let entries = 1 << (width - 1);
        let mut tables = Vec::with_capacity(count * entries);
        let mut base = point;
        for table in 0..count {
            let mut multiple = base;
            tables.push(multiple);
            for _ in 1..entries {
                multiple += base;
                tables.push(multiple);
            }
            if table + 1 < count {
                // The last entry is the base times 2^(width-1) already.
                base = (width - 1..width * columns).fold(multiple, |point, _| point.double());
            }
        }
        Self { width, columns, tables }
    }

    /// The point times a scalar.
    pub(crate) fn times(&self, scalar: &P::Scalar) -> P {
        let digits = self.digits(scalar.to_repr().as_ref());
        let entries = 1 << (self.width - 1);
        let mut sum = P::identity();
        for column in (0..self.columns).rev() {
            if column + 1 < self.columns {
                sum = (0..self.width).fold(sum, |point, _| point.double());
            }
            for (table, window) in self.tables.chunks(entries).zip(digits.chunks(self.columns)) {
                match window.get(column).copied().unwrap_or(0) {
                    0 => {}
                    digit if digit < 0 => sum -= table[digit.unsigned_abs() as usize - 1],
                    digit => sum += table[digit as usize - 1],
                }
            }
        }
        sum
    }

    /// Signed digits, least significant first, of a big-endian number.
    fn digits(&self, bytes: &[u8]) -> Vec<i32> {
        let (full, half) = (1 << self.width, 1 << (self.width - 1));
        let per_byte = 8 / self.width;
        let mut carry = 0;
        let mut digits = Vec::with_capacity(bytes.len() * per_byte + 1);
        for byte in bytes.iter().rev() {
            for part in 0..per_byte {
                let digit = (i32::from(*byte) >> (part * self.width) & (full - 1)) + carry;
                carry = i32::from(digit > half);
                digits.push(digit - carry * full);
            }
        }
        digits.push(carry);
        digits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::{ProjectivePoint, Scalar};

    #[test]
    fn both_widths_agree_with_plain_multiplication() {
        let point = ProjectivePoint::GENERATOR * Scalar::from(7u64);
        let mut scalars = vec![Scalar::ZERO, Scalar::ONE, -Scalar::ONE, Scalar::from(0x8080_8080_8080_8080u64)];
        for _ in 0..20 {
            let last = scalars[scalars.len() - 1];
            scalars.push(last * last + Scalar::from(3u64));
        }
        for times in [1, 1000] {
            let multiples = Multiples::new(point, times);
            for scalar in &scalars {
                assert_eq!(multiples.times(scalar), point * scalar);
            }
        }
    }
}
