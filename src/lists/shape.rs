//! What a file is, by its first bytes: before any parser sees it.

use super::{form::Form, source::Source, unreadable::UnreadableList};

/// Looked at from the beginning.
const HEAD: usize = 4_096;

/// Whether what came may be the list in that form. A web page where a file was
/// asked for is an error page, whatever its status said.
pub fn check_shape(
    form: Form,
    content_type: Option<&str>,
    bytes: &[u8],
) -> Result<(), UnreadableList> {
    let unlike = |found: &str| {
        Err(UnreadableList::new(
            "byte 0",
            format!("{found} came where {form} was asked for"),
            "open the address in a browser and see what the publisher says",
        ))
    };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return unlike("an empty file");
    }
    let wants_page = matches!(form, Form::UflpaHtml | Form::DolHtml);
    if !wants_page && is_page(bytes) {
        return unlike("a web page");
    }
    if let Some(said) = content_type
        && !form.admits(said)
    {
        let said: String = said.chars().take(80).collect();
        return unlike(&format!("the content type \"{said}\""));
    }
    let first = first_byte(bytes);
    match form {
        Form::DolXml | Form::DolFindingsXml | Form::SdnXml if first != Some(b'<') => {
            unlike("something that is no XML")
        }
        Form::SamZip if !bytes.starts_with(b"PK") => unlike("something that is no ZIP archive"),
        Form::DolJson | Form::FtmJsonl | Form::CustomJsonl | Form::Reference
            if !matches!(first, Some(b'{' | b'[')) =>
        {
            unlike("something that is no JSON")
        }
        _ => Ok(()),
    }
}

/// The form of a file that a person brings, by its first bytes.
pub fn form_of(source: Source, bytes: &[u8]) -> Form {
    let first = first_byte(bytes);
    let usual = source.forms().first().copied().unwrap_or(Form::Reference);
    let one_of = |wanted: &[(bool, Form)]| {
        wanted
            .iter()
            .find(|(is, form)| *is && source.forms().contains(form))
            .map_or(usual, |(_, form)| *form)
    };
    match first {
        Some(b'<') => one_of(&[
            (is_page(bytes), Form::DolHtml),
            (is_page(bytes), Form::UflpaHtml),
            (true, Form::DolXml),
            (true, Form::DolFindingsXml),
            (true, Form::SdnXml),
        ]),
        Some(b'{' | b'[') => one_of(&[
            (is_reference(bytes), Form::Reference),
            (is_follow_the_money(bytes), Form::FtmJsonl),
            (true, Form::CustomJsonl),
            (true, Form::DolJson),
        ]),
        _ if bytes.starts_with(b"PK") => one_of(&[(true, Form::SamZip)]),
        _ => one_of(&[
            (true, Form::CbpCsv),
            (true, Form::SdnCsv),
            (true, Form::CslCsv),
            (true, Form::SamCsv),
            (true, Form::BrazilCsv),
            (true, Form::CustomCsv),
        ]),
    }
}

fn head(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.get(..HEAD).unwrap_or(bytes)
}

fn first_byte(bytes: &[u8]) -> Option<u8> {
    head(bytes).trim_ascii_start().first().copied()
}

fn is_page(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head(bytes)).to_ascii_lowercase();
    let text = text.trim_start();
    text.starts_with('<') && (text.contains("<html") || text.contains("<!doctype html"))
}

/// Our own format begins with its head.
fn is_reference(bytes: &[u8]) -> bool {
    head(bytes).trim_ascii_start().starts_with(b"{\"head\":")
}

/// An entity has a schema and properties.
fn is_follow_the_money(bytes: &[u8]) -> bool {
    let line = bytes
        .split(|byte| *byte == b'\n')
        .find(|line| !line.trim_ascii().is_empty());
    // serde_json refuses what is nested deeper than 128.
    line.and_then(|line| serde_json::from_slice::<serde_json::Value>(line).ok())
        .is_some_and(|first| first.get("schema").is_some() && first.get("properties").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_page_is_told_from_the_list() {
        let page = b"\xef\xbb\xbf\n<!DOCTYPE html><html><title>Maintenance</title></html>";
        for form in [Form::CbpCsv, Form::SdnXml, Form::SamZip, Form::DolJson] {
            let refused = check_shape(form, None, page).unwrap_err();
            assert!(refused.reason.starts_with("a web page came"), "{refused}");
        }
        assert_eq!(
            check_shape(Form::UflpaHtml, Some("text/html"), page),
            Ok(())
        );
        for (form, content_type, bytes) in [
            (Form::CbpCsv, Some("text/html; charset=utf-8"), &b"a,b"[..]),
            (Form::SdnXml, Some("application/xml"), b"{}"),
            (Form::SamZip, None, b"Classification,Name"),
            (Form::CslCsv, None, b" \r\n"),
            (Form::UflpaHtml, Some("application/pdf"), b"%PDF"),
        ] {
            assert!(check_shape(form, content_type, bytes).is_err(), "{form}");
        }
        for (form, content_type, bytes) in [
            (Form::CbpCsv, Some("application/octet-stream"), &b"a,b"[..]),
            (Form::SdnXml, Some("text/xml"), b"<?xml?><sdnList/>"),
            (Form::SamZip, Some("application/zip"), b"PK\x03\x04"),
        ] {
            assert_eq!(check_shape(form, content_type, bytes), Ok(()), "{form}");
        }
    }

    #[test]
    fn a_file_that_is_brought_tells_its_form() {
        let custom: Source = "custom:ours".parse().unwrap();
        for (source, bytes, form) in [
            (Source::Uflpa, "<table>", Form::UflpaHtml),
            (Source::Uflpa, "{\"head\":{}}", Form::Reference),
            (Source::Cbp, "Effective Date,", Form::CbpCsv),
            (Source::DolGoods, "<?xml?><Goods>", Form::DolXml),
            (Source::DolGoods, "<!doctype html><html>", Form::DolHtml),
            (Source::DolGoods, "[{}]", Form::DolJson),
            (Source::OfacSdn, "<sdnList>", Form::SdnXml),
            (Source::OfacSdn, "306,\"X\"", Form::SdnCsv),
            (Source::SamExclusions, "PK\u{3}", Form::SamZip),
            (Source::SamExclusions, "Classification", Form::SamCsv),
            (Source::Tip, "{\"head\":{}}", Form::Reference),
            (custom, "name,citation", Form::CustomCsv),
            (custom, "{\"name\":\"A\"}", Form::CustomJsonl),
            (
                custom,
                "{\"id\":\"a\",\"schema\":\"Company\",\"properties\":{}}\n",
                Form::FtmJsonl,
            ),
        ] {
            assert_eq!(form_of(source, bytes.as_bytes()), form, "{source} {bytes}");
        }
    }
}
