//! Elements become triangles, on a thread of their own: letters are shaped there, and ten thousand strokes take longer
//! than a frame.

use super::paint::{Coat, Item, ItemId, Rank, SheetId, VERTEX_BYTES};
use atrium_board::{Bounds, Element, ElementId, Frame, Shape, Style};
use atrium_easel::mesh::{Painter, Paper, Picture, Triangles};
use atrium_easel::{Figure, Lifted, TextEdit};
use atrium_lettering::Lettering;
use atrium_protocol::ParticipantId;
use bevy::prelude::*;
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};

/// Jobs that may wait for the thread.
const WAITING: usize = 8;
/// How far a curve may be from where it should be: not seen from a hand away.
const TOLERANCE_MM: f32 = 0.06;

/// What the thread is asked for.
pub(super) struct Job {
    pub(super) sheet: SheetId,
    /// What it belongs to: the answer says it again.
    pub(super) generation: u64,
    pub(super) paper: Paper,
    pub(super) work: Work,
}

/// The kinds of work.
pub(super) enum Work {
    /// Elements of the sheet.
    Elements(Vec<Element>),
    /// What is lifted, before it is moved.
    Lifted(Lifted),
    /// Text that is being typed: its note, without the words.
    Typed(TextEdit),
    /// Somebody's name.
    Name { who: ParticipantId, text: String },
}

/// What the thread gives.
pub(super) struct Done {
    pub(super) sheet: SheetId,
    pub(super) generation: u64,
    pub(super) items: Made,
}

/// The kinds of results.
pub(super) enum Made {
    /// Elements that are drawn; others have nothing to be seen.
    Elements { asked: Vec<ElementId>, items: Vec<Item> },
    /// What is lifted, with its version.
    Lifted { version: u64, items: Vec<Item> },
    /// The note under text that is being typed.
    Typed(Option<Item>),
    /// A name whose letters are one unit high, and how large it is.
    Name { who: ParticipantId, letters: Triangles, size: Vec2 },
}

/// The thread.
#[derive(Resource)]
pub(super) struct Mesher {
    jobs: Sender<Job>,
    done: Receiver<Done>,
}

impl Mesher {
    pub(super) fn start() -> std::io::Result<Self> {
        let (jobs, wanted) = bounded::<Job>(WAITING);
        let (made, done) = bounded(WAITING);
        std::thread::Builder::new().name("boards".into()).spawn(move || {
            let mut hands = Hands::default();
            for job in wanted {
                if made.send(hands.make(job)).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { jobs, done })
    }

    /// Whether it takes another job now.
    pub(super) fn is_free(&self) -> bool {
        !self.jobs.is_full()
    }

    /// Asks for something; gives it back when too much waits.
    pub(super) fn ask(&self, job: Job) -> Option<Job> {
        match self.jobs.try_send(job) {
            Err(TrySendError::Full(job)) => Some(job),
            _ => None,
        }
    }

    /// What is done.
    pub(super) fn next(&self) -> Option<Done> {
        self.done.try_recv().ok()
    }
}

#[derive(Default)]
struct Hands {
    painter: Painter,
    /// Made when it is first needed: it looks for the system's fonts.
    lettering: Option<Lettering>,
    triangles: Triangles,
}

impl Hands {
    fn make(&mut self, Job { sheet, generation, paper, work }: Job) -> Done {
        let items = match work {
            Work::Elements(elements) => Made::Elements {
                asked: elements.iter().map(|element| element.id).collect(),
                items: elements.iter().filter_map(|element| self.element(element, paper)).collect(),
            },
            Work::Lifted(lifted) => Made::Lifted { version: lifted.version, items: self.lifted(&lifted, paper) },
            Work::Typed(edit) => Made::Typed(self.typed(&edit, paper)),
            Work::Name { who, text } => self.name(who, text, paper),
        };
        Done { sheet, generation, items }
    }

    fn element(&mut self, element: &Element, paper: Paper) -> Option<Item> {
        let rank = Rank::Element(element.order.clone(), element.id);
        self.triangles.clear();
        let letters = letters(&mut self.lettering, &element.shape);
        let picture = self.painter.element(element, (paper, TOLERANCE_MM), letters, &mut self.triangles);
        drawn(ItemId::Element(element.id), rank, (&element.shape, picture), &self.triangles)
    }

    fn lifted(&mut self, lifted: &Lifted, paper: Paper) -> Vec<Item> {
        let mut make = |(index, (_, figure)): (usize, &(ElementId, Figure))| {
            self.triangles.clear();
            let letters = letters(&mut self.lettering, &figure.shape);
            let picture = self.painter.figure(figure, (paper, TOLERANCE_MM), letters, &mut self.triangles);
            let rank = Rank::Above(index as u32);
            drawn(ItemId::Lifted(index), rank, (&figure.shape, picture), &self.triangles)
        };
        lifted.figures.iter().enumerate().filter_map(&mut make).collect()
    }

    fn name(&mut self, who: ParticipantId, text: String, paper: Paper) -> Made {
        const LARGE: f32 = 100.0;
        let lettering = self.lettering.get_or_insert_with(lettering);
        let size = lettering.lay_out(&text, LARGE, None).size;
        let style = Style { letter_mm: LARGE, ..Style::default() };
        let frame = Frame { scale: Vec2::splat(1.0 / LARGE), ..Frame::default() };
        let figure = Figure { frame, style, shape: Shape::Text { text, wrap_mm: None, size } };
        let mut letters = Triangles::default();
        self.painter.figure(&figure, (paper, 1.0 / LARGE), Some(lettering), &mut letters);
        Made::Name { who, letters, size: size / LARGE }
    }

    fn typed(&mut self, edit: &TextEdit, paper: Paper) -> Option<Item> {
        if !edit.is_sticky {
            return None;
        }
        self.triangles.clear();
        let blank = TextEdit { text: String::new(), ..edit.clone() };
        self.painter.figure(&blank.figure(), (paper, TOLERANCE_MM), None, &mut self.triangles);
        item(ItemId::Typed, (Rank::Above(u32::MAX), Coat::Ink), &self.triangles)
    }
}

/// The letters for what has some.
fn letters<'a>(known: &'a mut Option<Lettering>, shape: &Shape) -> Option<&'a mut Lettering> {
    matches!(shape, Shape::Text { .. } | Shape::Sticky { .. }).then(|| known.get_or_insert_with(lettering))
}

/// Letters of the system's fonts, and of the panels' where there are none.
pub(super) fn lettering() -> Lettering {
    let mut fonts = cosmic_text::fontdb::Database::new();
    fonts.load_system_fonts();
    for font in egui::FontDefinitions::default().font_data.into_values() {
        fonts.load_font_data(font.font.to_vec());
    }
    Lettering::new(fonts)
}

/// What is drawn of a shape: its triangles, or a picture.
fn drawn(id: ItemId, rank: Rank, shown: (&Shape, Option<Picture>), triangles: &Triangles) -> Option<Item> {
    let (shape, picture) = shown;
    if let Some(Picture { hash, corners }) = picture {
        let marks = [[0, 0], [255, 0], [255, 255], [0, 255]];
        let vertices = corners.iter().zip(marks).flat_map(|(corner, [u, v])| vertex(*corner, [u, v, 0, 255])).collect();
        let bounds = Bounds::of(corners.map(Vec2::from));
        return Some(Item { id, rank, bounds, vertices, indices: vec![0, 1, 2, 0, 2, 3], coat: Coat::Picture(hash) });
    }
    let coat = Coat::of_stroke(matches!(shape, Shape::Ink { is_highlighter: true, .. }));
    item(id, (rank, coat), triangles)
}

/// Triangles as the graphics card takes them; `None` where there is nothing to see.
pub(super) fn item(id: ItemId, (rank, coat): (Rank, Coat), triangles: &Triangles) -> Option<Item> {
    if triangles.is_empty() {
        return None;
    }
    let bounds = Bounds::of(triangles.positions.iter().map(|position| Vec2::from(*position)));
    let vertices = vertices(triangles, |position| position);
    Some(Item { id, rank, bounds, vertices, indices: triangles.indices.clone(), coat })
}

/// Vertices of triangles, each put where `place` says.
pub(super) fn vertices(triangles: &Triangles, place: impl Fn([f32; 2]) -> [f32; 2]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(triangles.positions.len() * VERTEX_BYTES);
    let mut last = ([f32::NAN; 4], [0; 4]);
    for (position, color) in triangles.positions.iter().zip(&triangles.colors) {
        // Nearly all of a thing has one colour.
        if last.0 != *color {
            last = (*color, LinearRgba::from_f32_array(*color).to_u8_srgb());
        }
        bytes.extend_from_slice(&vertex(place(*position), last.1));
    }
    bytes
}

fn vertex([x, y]: [f32; 2], [red, green, blue, alpha]: [u8; 4]) -> [u8; VERTEX_BYTES] {
    let ([a, b, c, d], [e, f, g, h]) = (x.to_le_bytes(), y.to_le_bytes());
    [a, b, c, d, e, f, g, h, red, green, blue, alpha]
}

trait SrgbBytes {
    fn to_u8_srgb(self) -> [u8; 4];
}

impl SrgbBytes for LinearRgba {
    fn to_u8_srgb(self) -> [u8; 4] {
        Srgba::from(self).to_u8_array()
    }
}
