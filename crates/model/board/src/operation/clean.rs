//! What an operation must be like to mean anything on any board.

use super::{Edit, NewElement, Operation, OperationError, Props};
use crate::geometry::is_on_page;
use crate::ink::unpack;
use crate::limits::{EDIT_IDS, EDITS, PAGE_NAME_BYTES, SIZE_MM, TEXT_BYTES};
use atrium_protocol::BoundedText;
use glam::Vec2;

impl Operation {
    /// Texts without what must not be shown; everything else must be possible as it is.
    pub(crate) fn cleaned(mut self) -> Result<Self, OperationError> {
        require(self.edits.len() <= EDITS, "too many edits")?;
        self.edits.iter_mut().try_for_each(clean_edit)?;
        Ok(self)
    }
}

fn clean_edit(edit: &mut Edit) -> Result<(), OperationError> {
    match edit {
        Edit::Add { frame, style, shape, .. } => {
            require(frame.is_possible(), "where an element lies")?;
            require(style.is_possible(), "how an element looks")?;
            clean_shape(shape)
        }
        Edit::Ink { points, .. } => check_ink(points),
        Edit::Set { props, .. } => clean_props(props),
        Edit::Remove { ids, .. } => require(ids.len() <= EDIT_IDS, "too many elements"),
        Edit::Page { name, .. } => {
            let clean = cleaned_text::<PAGE_NAME_BYTES>(name)?;
            *name = clean.replace(['\n', '\t'], " ");
            Ok(())
        }
        Edit::Show { view } => require(view.is_possible(), "what the board shows"),
        Edit::RemovePage { .. } | Edit::RemoveBy { .. } | Edit::Freeze { .. } | Edit::Paper { .. } | Edit::Unknown => {
            Ok(())
        }
    }
}

fn clean_shape(shape: &mut NewElement) -> Result<(), OperationError> {
    match shape {
        NewElement::Ink { points, .. } => check_ink(points),
        NewElement::Line { ends, .. } => check_ends(ends),
        NewElement::Rectangle { size } | NewElement::Ellipse { size } | NewElement::Image { size, .. } => {
            check_size(*size)
        }
        NewElement::Text { text, wrap_mm, size } => {
            *text = cleaned_text::<TEXT_BYTES>(text)?;
            check_wrap(*wrap_mm)?;
            // 0 means the same where properties are written.
            *wrap_mm = wrap_mm.filter(|wrap| *wrap > 0.0);
            check_size(*size)
        }
        NewElement::Sticky { text, size } => {
            *text = cleaned_text::<TEXT_BYTES>(text)?;
            check_size(*size)
        }
    }
}

fn clean_props(props: &mut Props) -> Result<(), OperationError> {
    require(props.frame.is_none_or(|frame| frame.is_possible()), "where an element lies")?;
    require(props.style.is_none_or(|style| style.is_possible()), "how an element looks")?;
    props.size.map_or(Ok(()), |size| check_size(size.into()))?;
    props.ends.as_ref().map_or(Ok(()), check_ends)?;
    check_wrap(props.wrap_mm)?;
    if let Some(text) = &mut props.text {
        *text = cleaned_text::<TEXT_BYTES>(text)?;
    }
    Ok(())
}

fn check_ink(points: &[u8]) -> Result<(), OperationError> {
    match unpack(points) {
        Ok(_) => Ok(()),
        Err(_) => Err(OperationError::Impossible("the points of a stroke")),
    }
}

fn check_ends(ends: &[[f32; 2]; 2]) -> Result<(), OperationError> {
    require(are_possible_ends(ends), "the ends of a line")
}

pub(crate) fn are_possible_ends(ends: &[[f32; 2]; 2]) -> bool {
    ends.iter().all(|end| is_on_page(Vec2::from(*end)))
}

pub(crate) fn is_possible_size(size: Vec2) -> bool {
    size.is_finite() && size.min_element() >= 0.0 && size.max_element() <= SIZE_MM
}

pub(crate) fn is_possible_wrap(wrap_mm: Option<f32>) -> bool {
    wrap_mm.is_none_or(|wrap| (0.0..=SIZE_MM).contains(&wrap))
}

fn check_size(size: Vec2) -> Result<(), OperationError> {
    require(is_possible_size(size), "the size of an element")
}

fn check_wrap(wrap_mm: Option<f32>) -> Result<(), OperationError> {
    require(is_possible_wrap(wrap_mm), "where text is wrapped")
}

fn cleaned_text<const MAX: usize>(text: &mut String) -> Result<String, OperationError> {
    match BoundedText::<MAX>::new(std::mem::take(text)) {
        Ok(clean) => Ok(clean.into()),
        Err(_) => Err(OperationError::Impossible("too long a text")),
    }
}

fn require(is_possible: bool, what: &'static str) -> Result<(), OperationError> {
    if is_possible { Ok(()) } else { Err(OperationError::Impossible(what)) }
}
