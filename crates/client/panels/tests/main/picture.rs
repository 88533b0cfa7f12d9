//! Pictures of panels, made on the CPU, for people to look at: `ATRIUM_PICTURES=FOLDER cargo test -p atrium-panels pictures`.

use crate::app::App;
use crate::test_board::TestBoard;
use atrium_easel::{Hindrance, Saving, Tool};
use atrium_panels::{BoardMenu, Language, Question, Tab, ThemeChoice, Toasts};
use atrium_protocol::{ParticipantId, RefusalCode};
use egui::epaint::{ClippedPrimitive, ImageDelta, Primitive, Vertex};
use egui::{ImageData, Rect, TextureId, pos2};
use egui_kittest::Harness;
use std::collections::HashMap;
use std::path::Path;

type Picture = image::RgbaImage;

/// Colours are as egui has them: premultiplied, sRGB.
struct Texture {
    size: [usize; 2],
    pixels: Vec<[f32; 4]>,
}

fn textures(deltas: &[(TextureId, ImageDelta)], textures: &mut HashMap<TextureId, Texture>) {
    for (id, delta) in deltas {
        let ImageData::Color(image) = &delta.image;
        let pixels = image.pixels.iter().map(|color| color.to_array().map(|part| f32::from(part) / 255.0));
        match (delta.pos, textures.get_mut(id)) {
            (Some([left, top]), Some(texture)) => {
                for (place, pixel) in pixels.enumerate() {
                    let (x, y) = (left + place % image.width(), top + place / image.width());
                    texture.pixels[y * texture.size[0] + x] = pixel;
                }
            }
            _ => drop(textures.insert(*id, Texture { size: image.size, pixels: pixels.collect() })),
        }
    }
}

impl Texture {
    /// Between the four nearest pixels.
    fn at(&self, u: f32, v: f32) -> [f32; 4] {
        let [width, height] = self.size;
        let (x, y) = (u * width as f32 - 0.5, v * height as f32 - 0.5);
        let pixel = |x: f32, y: f32| {
            let x = (x.max(0.0) as usize).min(width - 1);
            let y = (y.max(0.0) as usize).min(height - 1);
            self.pixels[y * width + x]
        };
        let (left, top) = (x.floor(), y.floor());
        let (right, bottom) = (x - left, y - top);
        let mix = |one: [f32; 4], other: [f32; 4], part: f32| {
            std::array::from_fn(|index| one[index] + (other[index] - one[index]) * part)
        };
        mix(
            mix(pixel(left, top), pixel(left + 1.0, top), right),
            mix(pixel(left, top + 1.0), pixel(left + 1.0, top + 1.0), right),
            bottom,
        )
    }
}

fn draw(picture: &mut Picture, clipped: &ClippedPrimitive, all: &HashMap<TextureId, Texture>, scale: f32) {
    let Primitive::Mesh(mesh) = &clipped.primitive else { return };
    let Some(texture) = all.get(&mesh.texture_id) else { return };
    let size = Rect::from_min_max(pos2(0.0, 0.0), pos2(picture.width() as f32, picture.height() as f32));
    let clip = (clipped.clip_rect * scale).intersect(size);
    for corners in mesh.indices.chunks_exact(3) {
        let corner = |place: usize| mesh.vertices[corners[place] as usize];
        triangle(picture, [corner(0), corner(1), corner(2)], texture, clip, scale);
    }
}

fn triangle(picture: &mut Picture, corners: [Vertex; 3], texture: &Texture, clip: Rect, scale: f32) {
    let at = corners.map(|corner| corner.pos * scale);
    let cross = |a: egui::Pos2, b: egui::Pos2, c: egui::Pos2| (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    let area = cross(at[0], at[1], at[2]);
    let bounds = Rect::from_points(&at).intersect(clip);
    if area == 0.0 || !bounds.is_positive() {
        return;
    }
    for y in bounds.top().floor() as u32..bounds.bottom().ceil() as u32 {
        for x in bounds.left().floor() as u32..bounds.right().ceil() as u32 {
            let point = pos2(x as f32 + 0.5, y as f32 + 0.5);
            let weight = [(1, 2), (2, 0), (0, 1)].map(|(one, other)| cross(at[one], at[other], point) / area);
            // An edge belongs to one of the two triangles that share it.
            let is_in = weight.iter().all(|weight| *weight >= 0.0) && clip.contains(point);
            if is_in && x < picture.width() && y < picture.height() {
                blend(picture.get_pixel_mut(x, y), &corners, weight, texture);
            }
        }
    }
}

fn blend(pixel: &mut image::Rgba<u8>, corners: &[Vertex; 3], weight: [f32; 3], texture: &Texture) {
    let mix = |of: &dyn Fn(&Vertex) -> f32| -> f32 { corners.iter().zip(weight).map(|(at, part)| of(at) * part).sum() };
    let texel = texture.at(mix(&|at| at.uv.x), mix(&|at| at.uv.y));
    let color: [f32; 4] = std::array::from_fn(|part| mix(&|at| f32::from(at.color[part]) / 255.0) * texel[part]);
    for part in 0..4 {
        let below = f32::from(pixel.0[part]) / 255.0;
        pixel.0[part] = ((color[part] + below * (1.0 - color[3])).clamp(0.0, 1.0) * 255.0).round() as u8;
    }
}

/// What stands behind the panels: a room's wall, or a board with a few lines.
fn ground(app: &App, width: u32, height: u32) -> Picture {
    let color = match &app.board {
        Some(board) if board.is_open && board.is_dark => [0x23, 0x26, 0x2a, 255],
        Some(board) if board.is_open => [0xfb, 0xfa, 0xf7, 255],
        _ => [0x8d, 0x86, 0x7b, 255],
    };
    Picture::from_pixel(width, height, image::Rgba(color))
}

/// Shows an app and writes what one would see.
fn take(folder: &Path, name: &str, app: App, window: (f32, f32), scale_percent: u16) {
    let mut shown: Harness<'_, App> = app.shown(window, scale_percent);
    let mut all = HashMap::new();
    // Everything of the atlas once more: the harness has thrown away what came before.
    let scale = shown.ctx.pixels_per_point();
    let image = shown.ctx.fonts(|fonts| fonts.image());
    let whole = ImageDelta::full(ImageData::from(image), egui::TextureOptions::LINEAR);
    textures(&[(TextureId::default(), whole)], &mut all);
    shown.run_steps(1);
    let (width, height) = (window.0 as u32, window.1 as u32);
    let mut picture = ground(shown.state(), width, height);
    let shapes = shown.output().shapes.clone();
    for clipped in shown.ctx.tessellate(shapes, scale) {
        draw(&mut picture, &clipped, &all, scale);
    }
    picture.save(folder.join(format!("{name}.png"))).unwrap();
}

fn with(board: TestBoard, change: impl FnOnce(&mut App)) -> App {
    let mut app = App::in_full_room();
    app.state.toasts = Toasts::default();
    app.board = Some(board);
    change(&mut app);
    app
}

#[test]
fn pictures() {
    let Some(folder) = std::env::var_os("ATRIUM_PICTURES") else { return };
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder).unwrap();
    let usual = (1280.0, 720.0);
    let style = |app: &mut App| app.state.board.shows_style = true;
    take(folder, "01-pen", with(TestBoard::full(), style), usual, 100);
    let shapes = TestBoard { tool: Tool::Rectangle, is_dark: true, ..TestBoard::full() };
    take(
        folder,
        "02-shapes-dark",
        with(shapes, |app| {
            style(app);
            app.state.board.menu = Some(BoardMenu::Shapes);
        }),
        usual,
        100,
    );
    let menu = |menu| move |app: &mut App| app.state.board.menu = Some(menu);
    take(folder, "03-pages", with(TestBoard::full(), menu(BoardMenu::Pages)), usual, 100);
    take(folder, "04-more", with(TestBoard::full(), menu(BoardMenu::More)), usual, 100);
    let led = |mut board: TestBoard| {
        board.people[0].is_leading = true;
        board
    };
    take(folder, "05-people", with(led(TestBoard::full()), menu(BoardMenu::People)), usual, 100);
    let following = TestBoard { following: Some(ParticipantId(3)), ..TestBoard::selected(3) };
    take(folder, "06-selection", with(following, style), usual, 100);
    let frozen = TestBoard { hindrance: Some(Hindrance::Frozen), is_frozen: true, ..TestBoard::full() };
    take(folder, "07-frozen", with(frozen, |_| ()), usual, 100);
    let looking = TestBoard { hindrance: Some(Hindrance::NotGranted), ..TestBoard::full() };
    take(folder, "08-looking", with(looking, |app| app.state.tab = Some(Tab::Chat)), usual, 100);
    let kept = Saving::Kept { operations: 12, code: RefusalCode::StorageFailed };
    let kept = TestBoard { saving: kept, ..TestBoard::full() };
    take(folder, "09-not-saved", with(kept, |app| app.lost_secs = Some(8)), usual, 100);
    take(folder, "10-typing", with(TestBoard::typing("Hello 你好\nsecond line"), style), usual, 100);
    let light = |app: &mut App| {
        style(app);
        app.settings.theme = ThemeChoice::Light;
    };
    let note = TestBoard { tool: Tool::Sticky, ..TestBoard::full() };
    take(folder, "11-note-light", with(note, light), usual, 100);
    take(folder, "12-small", with(TestBoard::selected(2), style), (800.0, 600.0), 100);
    take(folder, "13-large", with(TestBoard::selected(2), |_| ()), usual, 200);
    take(folder, "14-tiny", with(TestBoard::selected(2), |_| ()), (800.0, 600.0), 200);
    take(folder, "15-tiny-tools", with(TestBoard::full(), menu(BoardMenu::Tools)), (800.0, 600.0), 200);
    take(folder, "16-medium", with(TestBoard::full(), style), usual, 150);
    let chinese = |app: &mut App| {
        style(app);
        app.settings.language = Some(Language::SimplifiedChinese);
        app.state.board.menu = Some(BoardMenu::More);
    };
    take(folder, "17-chinese", with(TestBoard { tool: Tool::Rectangle, ..TestBoard::full() }, chinese), usual, 100);
    let strip = || TestBoard { is_open: false, ..TestBoard::full() };
    take(folder, "18-strip", with(strip(), |_| ()), usual, 100);
    take(folder, "19-strip-tiny", with(strip(), |_| ()), (800.0, 600.0), 200);
    let ask =
        |app: &mut App| app.state.question = Some(Question::RemoveBy(app.board.as_ref().unwrap().authors[0].person));
    take(folder, "20-question", with(TestBoard::full(), ask), usual, 100);
    take(folder, "21-help", with(TestBoard::full(), |app| app.state.shows_help = true), usual, 100);
    take(folder, "22-remove-by", with(TestBoard::full(), menu(BoardMenu::RemoveBy)), usual, 80);
}
