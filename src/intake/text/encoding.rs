//! Bytes to characters: byte-order marks first, then what the bytes allow.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GBK, UTF_8, UTF_16BE, UTF_16LE};

/// Decoded text and how it was read.
#[derive(Debug)]
pub(in crate::intake) struct Decoded {
    pub(in crate::intake) text: String,
    pub(in crate::intake) encoding: &'static str,
    /// Bytes had no character in the encoding; U+FFFD stands in their place.
    pub(in crate::intake) damaged: bool,
    /// The encoding was guessed from how characters are distributed.
    pub(in crate::intake) guessed: bool,
}

pub(in crate::intake) fn decode(bytes: &[u8]) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return finish(encoding, bytes.get(mark..).unwrap_or_default(), false);
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return finish(encoding, bytes, true);
    }
    if std::str::from_utf8(bytes).is_ok() || mostly_utf8(bytes) {
        return finish(UTF_8, bytes, false);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    finish(detector.guess(None, Utf8Detection::Deny), bytes, true)
}

fn finish(encoding: &'static Encoding, bytes: &[u8], guessed: bool) -> Decoded {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    Decoded {
        text: text.into_owned(),
        // encoding_rs reads GBK with its superset, GB18030.
        encoding: if encoding == GBK {
            "GBK"
        } else {
            encoding.name()
        },
        damaged,
        guessed,
    }
}

/// Delimiters and line breaks are ASCII: in UTF-16 every one has a zero byte
/// beside it, always on the same side.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..bytes.len().min(4096))?;
    if sample.len() < 4 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let zeros = |offset: usize| {
        sample
            .iter()
            .skip(offset)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd, units) = (zeros(0), zeros(1), sample.len() / 2);
    let breaks = |pattern: [u8; 2]| sample.chunks_exact(2).any(|unit| unit == pattern);
    if odd * 10 > units && even * 50 < units && (odd * 2 > units || breaks([b'\n', 0])) {
        Some(UTF_16LE)
    } else if even * 10 > units && odd * 50 < units && (even * 2 > units || breaks([0, b'\n'])) {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// A few spoiled bytes do not make a UTF-8 file a Windows-1252 one: that
/// reading would spoil every other accent too. In other encodings well-formed
/// sequences are the rare accident (about one in ten in GBK).
fn mostly_utf8(bytes: &[u8]) -> bool {
    let mut good = 0_usize;
    let mut bad = 0_usize;
    for chunk in bytes.utf8_chunks() {
        good += chunk
            .valid()
            .chars()
            .filter(|letter| !letter.is_ascii())
            .count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= bad.saturating_mul(2) && good > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_encodings_apart() {
        let chinese = "供应商名称,国家\n新疆某某纺织有限公司,中国\n浙江某某针织服装有限公司,中国\n";
        let japanese = "会社名,国\n株式会社サンプル繊維,日本\nアパレル工業株式会社,日本\n";
        let spanish = "Proveedor,País\nConfecciones Peña S.A.,España\nAlgodón Año Nuevo,México\n";
        let cases: [(&str, Vec<u8>, &str); 8] = [
            ("UTF-8", spanish.as_bytes().to_vec(), spanish),
            (
                "UTF-8",
                [b"\xef\xbb\xbf", spanish.as_bytes()].concat(),
                spanish,
            ),
            (
                "UTF-16LE",
                [&[0xff, 0xfe][..], &utf16(chinese, u16::to_le_bytes)].concat(),
                chinese,
            ),
            (
                "UTF-16BE",
                [&[0xfe, 0xff][..], &utf16(spanish, u16::to_be_bytes)].concat(),
                spanish,
            ),
            ("UTF-16LE", utf16(spanish, u16::to_le_bytes), spanish),
            (
                "GBK",
                encoding_rs::GB18030.encode(chinese).0.into_owned(),
                chinese,
            ),
            (
                "Shift_JIS",
                encoding_rs::SHIFT_JIS.encode(japanese).0.into_owned(),
                japanese,
            ),
            (
                "windows-1252",
                encoding_rs::WINDOWS_1252.encode(spanish).0.into_owned(),
                spanish,
            ),
        ];
        for (encoding, bytes, text) in cases {
            let decoded = decode(&bytes);
            assert_eq!((decoded.encoding, decoded.text.as_str()), (encoding, text));
            assert!(!decoded.damaged, "{encoding}");
        }
    }

    #[test]
    fn one_spoiled_byte_leaves_the_other_accents() {
        let mut bytes = "Peña, Muñoz, Año, Cañón, España, Iñigo\n"
            .as_bytes()
            .to_vec();
        bytes.push(0xff);
        let decoded = decode(&bytes);
        assert_eq!(decoded.encoding, "UTF-8");
        assert!(decoded.damaged && decoded.text.contains("Peña"));
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }
}
