use egui::{Color32, ColorImage, Context, Id, Sense, TextureHandle, TextureOptions, Ui, vec2};
use qrcode::{EcLevel, QrCode};

/// White modules that a reader needs round a code.
const QUIET: usize = 4;

/// Shows a text as a QR code of at most `side` points; nothing when the text is too long for one.
pub(crate) fn show(ui: &mut Ui, text: &str, side: f32, spoken: &str) {
    let Some(texture) = texture(ui.ctx(), text) else { return };
    let modules = texture.size_vec2().x;
    // Whole pixels for each module, or edges blur.
    let pixels_per_point = ui.ctx().pixels_per_point();
    let module_pixels = (side * pixels_per_point / modules).floor().max(1.0);
    let side = modules * module_pixels / pixels_per_point;
    let (rect, response) = ui.allocate_exact_size(vec2(side, side), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Image, true, spoken));
    let all = egui::Rect::from_min_max(egui::pos2(0.0, 0.0), egui::pos2(1.0, 1.0));
    ui.painter().image(texture.id(), rect, all, Color32::WHITE);
}

/// The code's texture, drawn once for each text.
fn texture(ctx: &Context, text: &str) -> Option<TextureHandle> {
    let place = Id::new("qr");
    let kept: Option<(String, TextureHandle)> = ctx.data(|data| data.get_temp(place));
    if let Some((of, texture)) = kept
        && of == text
    {
        return Some(texture);
    }
    let texture = ctx.load_texture("qr", image(text)?, TextureOptions::NEAREST);
    ctx.data_mut(|data| data.insert_temp(place, (text.to_owned(), texture.clone())));
    Some(texture)
}

fn image(text: &str) -> Option<ColorImage> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let (modules, side) = (code.width(), code.width() + 2 * QUIET);
    let mut image = ColorImage::filled([side, side], Color32::WHITE);
    for (index, color) in code.into_colors().into_iter().enumerate() {
        let (x, y) = (index % modules + QUIET, index / modules + QUIET);
        image.pixels[y * side + x] = color.select(Color32::BLACK, Color32::WHITE);
    }
    Some(image)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_a_quiet_zone_and_three_corner_marks() {
        let image = image("https://192.168.1.20:7443/r/boardroom#t=token&fp=print").unwrap();
        let side = image.size[0];
        let is_dark = |x: usize, y: usize| image.pixels[y * side + x] == Color32::BLACK;
        assert!((0..side).all(|at| !is_dark(at, 0) && !is_dark(at, QUIET - 1) && !is_dark(0, at)));
        // The seven dark modules along the edges of each corner mark, and the light fourth corner's absence of one.
        let far = side - QUIET - 7;
        for (x, y) in [(QUIET, QUIET), (far, QUIET), (QUIET, far)] {
            assert!((0..7).all(|step| is_dark(x + step, y) && is_dark(x, y + step)), "mark at {x},{y}");
        }
        assert!(!(0..7).all(|step| is_dark(far + step, far) && is_dark(far, far + step)));
    }

    #[test]
    fn too_much_text_is_no_code() {
        assert!(image(&"x".repeat(5_000)).is_none());
    }
}
