//! The pieces of Avro binary encoding (Avro 1.12 specification, "Binary Encoding"), for those who write data by schema and not by type.

use crate::Decimal;

/// Appends an int, a long, a date, a timestamp, an enum's index or a union's branch: zig-zag, 7 bits a byte, the lowest first.
pub fn long(number: i64, out: &mut Vec<u8>) {
    let mut raw = ((number << 1) ^ (number >> 63)).cast_unsigned();
    while raw >= 0x80 {
        #[expect(clippy::cast_possible_truncation, reason = "the lowest 7 bits are what is wanted")]
        out.push(raw as u8 | 0x80);
        raw >>= 7;
    }
    #[expect(clippy::cast_possible_truncation, reason = "below 0x80 here")]
    out.push(raw as u8);
}

/// Appends a length, a count or an index.
///
/// # Panics
/// Never: nothing in memory is longer than 2^63.
pub fn length(count: usize, out: &mut Vec<u8>) {
    long(i64::try_from(count).expect("nothing in memory is longer than 2^63"), out);
}

/// Appends bytes or the UTF-8 of a string: the length and the bytes.
pub fn bytes(content: &[u8], out: &mut Vec<u8>) {
    length(content.len(), out);
    out.extend_from_slice(content);
}

/// Appends a `decimal(38, 9)` in bytes.
pub fn decimal(number: Decimal, out: &mut Vec<u8>) {
    bytes(number.to_avro_bytes().as_ref(), out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_zig_zag_as_in_the_specification() {
        for (number, expected) in
            [(0, &[0x00][..]), (-1, &[0x01]), (1, &[0x02]), (-64, &[0x7f]), (64, &[0x80, 0x01]), (i64::MIN, &[255, 255, 255, 255, 255, 255, 255, 255, 255, 1])]
        {
            let mut out = Vec::new();
            long(number, &mut out);
            assert_eq!(out, expected, "{number}");
        }
    }

    #[test]
    fn texts_and_decimals_carry_their_length() {
        let mut out = Vec::new();
        bytes(b"foo", &mut out);
        decimal(Decimal::ONE, &mut out);
        assert_eq!(out, [0x06, 0x66, 0x6f, 0x6f, 0x08, 0x3b, 0x9a, 0xca, 0x00]);
    }
}
