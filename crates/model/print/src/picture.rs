//! Pictures, inside the file.

use crate::svg::Writer;
use crate::xml::push_attribute;
use atrium_protocol::ContentHash;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use glam::Vec2;

/// A picture; a grey field where it is not there.
pub(crate) fn push(writer: &mut Writer<'_>, hash: ContentHash, size: Vec2) {
    if !is_in_file(writer, hash) {
        writer.out.push_str("<rect data-missing=\"");
        writer.out.push_str(&hash.to_string());
        writer.out.push('"');
        writer.rectangle(Vec2::ZERO, size.abs());
        push_attribute(&mut writer.out, "fill", "#9a9894");
        push_attribute(&mut writer.out, "fill-opacity", ".35");
        writer.out.push_str("/>");
        return;
    }
    let size = size.abs();
    writer.out.push_str("<use");
    push_attribute(&mut writer.out, "href", &format!("#{}", name(hash)));
    push_attribute(&mut writer.out, "transform", &format!("scale({} {})", size.x, size.y));
    writer.out.push_str("/>");
}

/// Puts the bytes into the file where a picture is used for the first time.
fn is_in_file(writer: &mut Writer<'_>, hash: ContentHash) -> bool {
    if let Some(is_in_file) = writer.images.get(&hash) {
        return *is_in_file;
    }
    let bytes = (writer.image)(hash).and_then(|bytes| Some((kind(&bytes)?, bytes)));
    if let Some((kind, bytes)) = &bytes {
        let out = &mut writer.out;
        out.push_str("<defs><image width=\"1\" height=\"1\" preserveAspectRatio=\"none\"");
        push_attribute(out, "id", &name(hash));
        out.push_str(" href=\"data:");
        out.push_str(kind);
        out.push_str(";base64,");
        STANDARD.encode_string(bytes, out);
        out.push_str("\"/></defs>");
    }
    writer.images.insert(hash, bytes.is_some());
    bytes.is_some()
}

fn name(hash: ContentHash) -> String {
    format!("image-{hash}")
}

/// What its first bytes say.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else {
        None
    }
}
