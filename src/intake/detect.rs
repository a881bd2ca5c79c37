//! What the bytes are, whatever the file is called.

use super::Unusable;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Xlsx,
    Xls,
    Ods,
}

impl Format {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Text => "csv",
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Ods => "ods",
        }
    }

    /// Whether the file's extension promises this format; no extension
    /// promises nothing.
    pub(super) fn fits_extension(self, file_name: &str) -> bool {
        let Some((_, extension)) = file_name.rsplit_once('.') else {
            return true;
        };
        let extension = extension.to_lowercase();
        let promised = match extension.as_str() {
            "csv" | "tsv" | "tab" | "txt" => Self::Text,
            "xlsx" | "xlsm" | "xltx" | "xltm" => Self::Xlsx,
            "xls" | "xlt" => Self::Xls,
            "ods" | "ots" => Self::Ods,
            _ => return true,
        };
        promised == self
    }
}

const OLE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const SAVE_AS: &str =
    "open it in a spreadsheet program and save the supplier sheet as .xlsx or .csv";

/// Formats that people do upload and that hold no rows we can read.
const FOREIGN: [(&[u8], &str, &str); 12] = [
    (
        b"%PDF",
        "a PDF document",
        "ask for the list as a spreadsheet",
    ),
    (
        b"\x89PNG",
        "a PNG picture",
        "ask for the list as a spreadsheet",
    ),
    (
        b"\xff\xd8\xff",
        "a JPEG picture",
        "ask for the list as a spreadsheet",
    ),
    (
        b"GIF8",
        "a GIF picture",
        "ask for the list as a spreadsheet",
    ),
    (b"{\\rtf", "an RTF document", SAVE_AS),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"BZh", "a bzip2 archive", "unpack it first"),
    (
        b"SQLite format 3",
        "a database",
        "export the supplier table as .csv",
    ),
    (b"\x7fELF", "a program", "choose the supplier list"),
    (
        b"PAR1",
        "a Parquet file",
        "export the supplier table as .csv",
    ),
];

pub(super) fn detect(bytes: &[u8]) -> Result<Format, Unusable> {
    let first = bytes
        .iter()
        .position(|byte| !byte.is_ascii_whitespace() && *byte != 0)
        .ok_or(Unusable::Empty)?;
    if bytes.starts_with(b"PK") {
        return zip_format(bytes);
    }
    if bytes.starts_with(OLE) {
        return ole_format(bytes);
    }
    for (magic, what, advice) in FOREIGN {
        if bytes.starts_with(magic) {
            return Err(Unusable::NotASpreadsheet { what, advice });
        }
    }
    // BIFF 2 to 5 without the OLE wrapper: Excel 4 and older.
    if matches!(
        bytes,
        [0x09, 0x00 | 0x02 | 0x04 | 0x08, 0x04..=0x10, 0x00, ..]
    ) {
        return Err(Unusable::NotASpreadsheet {
            what: "a workbook of Excel 4 or older",
            advice: SAVE_AS,
        });
    }
    markup(bytes.get(first..).unwrap_or_default())?;
    Ok(Format::Text)
}

fn zip_format(bytes: &[u8]) -> Result<Format, Unusable> {
    let contains = |needle: &[u8]| find(bytes, needle).is_some();
    if contains(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet") {
        return Ok(Format::Ods);
    }
    if contains(b"xl/workbook.bin") {
        return Err(Unusable::NotASpreadsheet {
            what: "a binary workbook (.xlsb)",
            advice: SAVE_AS,
        });
    }
    if contains(b"xl/") || contains(b"[Content_Types].xml") && !contains(b"word/") {
        return Ok(Format::Xlsx);
    }
    if contains(b"content.xml") && !contains(b"opendocument.text") {
        return Ok(Format::Ods);
    }
    if contains(b"word/") || contains(b"opendocument.text") {
        return Err(Unusable::NotASpreadsheet {
            what: "a text document",
            advice: "copy its table into a spreadsheet",
        });
    }
    Err(Unusable::NotASpreadsheet {
        what: "a zip archive without a workbook in it (or only the beginning of one)",
        advice: "unpack it, or fetch the file again if it should be a workbook",
    })
}

fn ole_format(bytes: &[u8]) -> Result<Format, Unusable> {
    let contains = |name: &str| {
        let utf16: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        find(bytes, &utf16).is_some()
    };
    if contains("EncryptedPackage") {
        return Err(Unusable::Encrypted);
    }
    if contains("WordDocument") && !contains("Workbook") {
        return Err(Unusable::NotASpreadsheet {
            what: "a Word document",
            advice: "copy its table into a spreadsheet",
        });
    }
    Ok(Format::Xls)
}

/// "Excel" exports of web systems are often HTML or XML under a false name.
fn markup(text: &[u8]) -> Result<(), Unusable> {
    let head = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let head: Vec<u8> = head.iter().take(2000).map(u8::to_ascii_lowercase).collect();
    let what = if head.starts_with(b"<!doctype html")
        || head.starts_with(b"<html")
        || head.starts_with(b"<table")
        || head.starts_with(b"<meta")
    {
        "a web page (HTML)"
    } else if head.starts_with(b"<?xml") || head.starts_with(b"<workbook") {
        "an XML document"
    } else if head.starts_with(b"{\"") || head.starts_with(b"[{") || head.starts_with(b"{\n") {
        "a JSON document"
    } else {
        return Ok(());
    };
    Err(Unusable::NotASpreadsheet {
        what,
        advice: SAVE_AS,
    })
}

/// The first place of `needle` in `bytes`.
pub(super) fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    let (first, _) = needle.split_first()?;
    let mut from = 0;
    while let Some(rest) = bytes.get(from..) {
        let at = from + rest.iter().position(|byte| byte == first)?;
        if bytes.get(at..)?.starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}
