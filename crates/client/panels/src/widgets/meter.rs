use crate::theme::{GRID, Palette};
use egui::{CornerRadius, Painter, Rect, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo, WidgetType, pos2, vec2};

/// The quietest level of a meter, in dB under full scale.
const RANGE_DB: f32 = 72.0;
/// Quieter than this nobody speaks, −dBov: what the engine's voice activity asks for at least.
const SPEECH_DBOV: u8 = 56;
const HEIGHT: f32 = 14.0;

/// What a microphone's meter shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// RFC 6464: 0 is loudest, 127 silence.
    pub(crate) level_dbov: u8,
    /// Somebody speaks.
    pub(crate) is_voice: bool,
    /// It is overdriven.
    pub(crate) is_clipped: bool,
}

/// How much of a meter a level fills, 0 to 1.
pub(crate) fn share(level_dbov: u8) -> f32 {
    (1.0 - f32::from(level_dbov) / RANGE_DB).clamp(0.0, 1.0)
}

/// A bar that is as long as a sound is loud, with a mark where speech begins.
pub(crate) fn meter(ui: &mut Ui, name: &str, reading: Option<Reading>) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT + GRID), Sense::hover());
    let filled = reading.map_or(0.0, |reading| share(reading.level_dbov));
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(WidgetType::ProgressIndicator, true, name);
        info.value = Some(f64::from(filled * 100.0).round());
        info
    });
    paint(ui, Rect::from_center_size(rect.center(), vec2(rect.width() - 2.0, HEIGHT)), filled, reading);
    response
}

fn paint(ui: &Ui, rect: Rect, filled: f32, reading: Option<Reading>) {
    let (palette, painter) = (Palette::of(ui), ui.painter());
    let radius = CornerRadius::same((HEIGHT / 2.0) as u8);
    let is_clipped = reading.is_some_and(|reading| reading.is_clipped);
    painter.rect_filled(rect, radius, palette.field);
    // What is cut off is as loud as can be, whatever its level was on average.
    let filled = if is_clipped { 1.0 } else { filled };
    let color = match reading {
        Some(reading) if reading.is_clipped => palette.danger,
        Some(reading) if reading.is_voice => palette.text_good,
        _ => palette.line,
    };
    if filled > 0.0 {
        // Cut from the whole bar, so that its beginning is round at any length.
        let mut part = rect;
        part.set_width(rect.width() * filled);
        painter.with_clip_rect(part.intersect(painter.clip_rect())).rect_filled(rect, radius, color);
    }
    let edge = if is_clipped { Stroke::new(2.5, palette.text_danger) } else { Stroke::new(1.0, palette.line) };
    painter.rect_stroke(rect, radius, edge, StrokeKind::Inside);
    let x = rect.left() + rect.width() * share(SPEECH_DBOV);
    let ends = [pos2(x, rect.top() - 3.0), pos2(x, rect.bottom() + 3.0)];
    painter.line_segment(ends, Stroke::new(4.0, palette.surface));
    painter.line_segment(ends, Stroke::new(2.0, palette.text));
}

/// Three bars that rise and fall with a voice, at the right of `icon`.
pub(crate) fn bars(painter: &Painter, icon: Rect, level_dbov: u8, color: egui::Color32) {
    let least = share(SPEECH_DBOV);
    let loudness = ((share(level_dbov) - least) / (1.0 - least)).clamp(0.0, 1.0).sqrt();
    for (x, weight) in [(5.0, 0.6), (9.5, 1.0), (14.0, 0.75)] {
        let size = vec2(3.0, 3.0 + 15.0 * loudness * weight);
        let bar = Rect::from_center_size(pos2(icon.right() + x, icon.center().y), size);
        painter.rect_filled(bar, CornerRadius::same(1), color);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_has_a_place_on_the_meter() {
        assert_eq!((share(127), share(0)), (0.0, 1.0));
        for level in 1..=u8::MAX {
            assert!((0.0..=1.0).contains(&share(level)) && share(level) <= share(level - 1), "{level}");
        }
        assert!(share(SPEECH_DBOV) > 0.1 && share(SPEECH_DBOV) < 0.5, "quiet and loud are both told apart");
    }
}
