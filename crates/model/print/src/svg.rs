//! A page of a board as SVG.

use crate::color::{Paper, hex};
use crate::xml::{push_attribute, push_number, push_number_attribute, push_text};
use crate::{figure, ink, note, picture, text};
use atrium_board::ink::outline;
use atrium_board::{Bounds, Document, Element, PageId, Shape};
use atrium_lettering::Lettering;
use atrium_protocol::ContentHash;
use glam::Vec2;
use std::collections::HashMap;

/// What of a page is written, and how.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// This part of the page; `None`: all that is on it.
    pub area: Option<Bounds>,
    /// Paper around what is on the page, where no area is given.
    pub margin_mm: f32,
}

impl Default for Options {
    fn default() -> Self {
        Self { area: None, margin_mm: 40.0 }
    }
}

/// A page as SVG, and what of it could not be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Svg {
    /// The file.
    pub text: String,
    /// Characters that no font has, each once; boxes stand for them.
    pub missing: Vec<char>,
    /// Pictures that were not there or are of no kind that a file can hold; grey fields stand for them.
    pub missing_images: Vec<ContentHash>,
}

/// Shown of a page on which nothing is.
const EMPTY: Vec2 = Vec2::new(1_600.0, 1_000.0);
/// Smallest width and height that are written.
const LEAST_MM: f32 = 1.0;
/// Characters that are told as missing, at most.
const MISSING: usize = 256;

/// Writes `page` of `document`. `image` gives the bytes of a picture, PNG or JPEG.
pub fn svg(
    document: &Document,
    page: PageId,
    lettering: &mut Lettering,
    image: &mut dyn FnMut(ContentHash) -> Option<Vec<u8>>,
    options: &Options,
) -> Svg {
    let area = area(document, page, options);
    let paper = Paper { is_dark: document.is_dark() };
    let shown: Vec<_> = document.elements_on(page).filter(|element| element.bounds().overlaps(&area)).collect();
    let shadows = note::Shadows::for_notes(shown.iter().filter(|element| is_note(element)).count());
    let mut writer =
        Writer { out: String::new(), lettering, image, paper, shadows, images: HashMap::new(), missing: Vec::new() };
    writer.begin(document, page, area);
    for element in shown {
        writer.element(element);
    }
    writer.out.push_str("</svg>\n");
    writer.finish()
}

fn is_note(element: &Element) -> bool {
    matches!(element.shape, Shape::Sticky { .. })
}

fn area(document: &Document, page: PageId, options: &Options) -> Bounds {
    let asked = options.area.filter(|area| area.min.is_finite() && area.max.is_finite() && !area.is_empty());
    let area = asked.unwrap_or_else(|| {
        let margin = if options.margin_mm.is_finite() { options.margin_mm.max(0.0) } else { 0.0 };
        let bounds = document.bounds(page);
        if bounds.is_empty() { Bounds { min: -EMPTY / 2.0, max: EMPTY / 2.0 } } else { bounds.grown(margin) }
    });
    let short = (Vec2::splat(LEAST_MM) - area.size()).max(Vec2::ZERO) / 2.0;
    Bounds { min: area.min - short, max: area.max + short }
}

/// What is written while a page is.
pub(crate) struct Writer<'a> {
    pub(crate) out: String,
    pub(crate) lettering: &'a mut Lettering,
    pub(crate) image: &'a mut dyn FnMut(ContentHash) -> Option<Vec<u8>>,
    pub(crate) paper: Paper,
    pub(crate) shadows: note::Shadows,
    /// Pictures that were asked for: whether they are in the file.
    pub(crate) images: HashMap<ContentHash, bool>,
    pub(crate) missing: Vec<char>,
}

impl Writer<'_> {
    fn begin(&mut self, document: &Document, page: PageId, area: Bounds) {
        let size = area.size();
        self.out.push_str("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"");
        push_number(&mut self.out, size.x, 2);
        self.out.push_str("mm\" height=\"");
        push_number(&mut self.out, size.y, 2);
        self.out.push_str("mm\" viewBox=\"");
        for number in [area.min.x, area.min.y, size.x] {
            push_number(&mut self.out, number, 2);
            self.out.push(' ');
        }
        push_number(&mut self.out, size.y, 2);
        self.out.push_str("\">\n<title>");
        let name = document.page(page).map(|page| page.name.as_str()).unwrap_or_default();
        push_text(&mut self.out, name);
        self.out.push_str("</title>\n<rect data-kind=\"paper\"");
        self.rectangle(area.min, size);
        push_attribute(&mut self.out, "fill", &hex(self.paper.color()));
        self.out.push_str("/>\n");
    }

    fn element(&mut self, element: &Element) {
        self.out.push_str("<g data-kind=\"");
        self.out.push_str(kind(&element.shape));
        self.out.push('"');
        push_attribute(&mut self.out, "data-id", &element.id.0.to_string());
        push_attribute(&mut self.out, "data-author", &element.author().to_string());
        self.frame(element);
        if let Shape::Ink { is_highlighter: true, .. } = element.shape {
            ink::push_highlighter(&mut self.out, self.paper);
        }
        self.out.push('>');
        self.shape(element);
        self.out.push_str("</g>\n");
    }

    fn frame(&mut self, element: &Element) {
        let place = element.frame.to_affine();
        self.out.push_str(" transform=\"");
        if place.matrix2 == glam::Mat2::IDENTITY {
            self.out.push_str("translate(");
        } else {
            self.out.push_str("matrix(");
            for number in place.matrix2.to_cols_array() {
                push_number(&mut self.out, number, 6);
                self.out.push(' ');
            }
        }
        push_number(&mut self.out, place.translation.x, 3);
        self.out.push(' ');
        push_number(&mut self.out, place.translation.y, 3);
        self.out.push_str(")\"");
    }

    fn shape(&mut self, element: &Element) {
        let style = &element.style;
        match &element.shape {
            Shape::Ink { is_highlighter, points, .. } => {
                let points: Vec<_> = points.iter().collect();
                let corners = outline(&points, style.width_mm, *is_highlighter);
                let scale = element.frame.scale.abs().max_element();
                let paper = self.paper;
                let look = if *is_highlighter { Paper::highlighter } else { Paper::ink };
                ink::push(&mut self.out, &corners, look(paper, style.color), style.width_mm, scale);
            }
            Shape::Line { ends, is_arrow } => figure::push_line(&mut self.out, *ends, *is_arrow, style, self.paper),
            Shape::Rectangle { size } => figure::push_rectangle(&mut self.out, *size, style, self.paper),
            Shape::Ellipse { size } => figure::push_ellipse(&mut self.out, *size, style, self.paper),
            Shape::Text { text, wrap_mm, .. } => text::push(self, text, *wrap_mm, style),
            Shape::Sticky { text, size } => note::push(self, text, *size, element),
            Shape::Image { hash, size } => picture::push(self, *hash, *size),
        }
    }

    /// ` x= y= width= height=`.
    pub(crate) fn rectangle(&mut self, min: Vec2, size: Vec2) {
        let numbers = [("x", min.x), ("y", min.y), ("width", size.x), ("height", size.y)];
        for (name, number) in numbers {
            push_number_attribute(&mut self.out, name, number);
        }
    }

    /// Remembers what no font has.
    pub(crate) fn missed(&mut self, missing: &[char]) {
        for character in missing {
            if self.missing.len() < MISSING && !self.missing.contains(character) {
                self.missing.push(*character);
            }
        }
    }

    fn finish(self) -> Svg {
        let mut missing_images: Vec<_> =
            self.images.into_iter().filter(|(_, is_there)| !is_there).map(|(hash, _)| hash).collect();
        missing_images.sort_unstable_by_key(|hash| hash.0);
        Svg { text: self.out, missing: self.missing, missing_images }
    }
}

fn kind(shape: &Shape) -> &'static str {
    match shape {
        Shape::Ink { is_highlighter: false, .. } => "ink",
        Shape::Ink { is_highlighter: true, .. } => "highlighter",
        Shape::Line { is_arrow: false, .. } => "line",
        Shape::Line { is_arrow: true, .. } => "arrow",
        Shape::Rectangle { .. } => "rectangle",
        Shape::Ellipse { .. } => "ellipse",
        Shape::Text { .. } => "text",
        Shape::Sticky { .. } => "sticky",
        Shape::Image { .. } => "image",
    }
}
