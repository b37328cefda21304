//! The encoding of a sample that does not say it.

/// Umlauts and sharp s: the bytes of code page 850, and of windows-1252.
const OF_CP850: &[u8] = b"\x84\x94\x81\x8e\x99\x9a\xe1";
const OF_WINDOWS: &[u8] = b"\xe4\xf6\xfc\xc4\xd6\xdc\xdf";

/// Of what is not UTF-8 the likelier of the two that German sources write.
pub(super) fn encoding_of(sample: &[u8]) -> Option<&'static str> {
    if std::str::from_utf8(sample).is_ok() {
        return None;
    }
    let of = |bytes: &[u8]| sample.iter().filter(|byte| bytes.contains(byte)).count();
    Some(if of(OF_CP850) > of(OF_WINDOWS) { "cp850" } else { "windows-1252" })
}
