use crate::{Element, Frame, OperationId, OrderKey, PageId, Property, Props, Shape, Style};
use glam::Vec2;

/// The value of a property.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Page(PageId),
    Order(OrderKey),
    Frame(Frame),
    Style(Style),
    Size(Dimensions),
    Text(String),
    Locked(bool),
    Removed(bool),
}

/// How large a shape is, in the way of its kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Dimensions {
    Ends([Vec2; 2]),
    Size(Vec2),
    Text { wrap_mm: Option<f32>, size: Vec2 },
}

impl Value {
    pub(crate) fn property(&self) -> Property {
        match self {
            Self::Page(_) => Property::Page,
            Self::Order(_) => Property::Order,
            Self::Frame(_) => Property::Frame,
            Self::Style(_) => Property::Style,
            Self::Size(_) => Property::Size,
            Self::Text(_) => Property::Text,
            Self::Locked(_) => Property::Locked,
            Self::Removed(_) => Property::Removed,
        }
    }

    /// Adds it to what an edit writes; whether an element is removed is not written that way.
    pub(crate) fn add_to(&self, props: &mut Props) {
        match self {
            Self::Page(page) => props.page = Some(*page),
            Self::Order(order) => props.order = Some(order.clone()),
            Self::Frame(frame) => props.frame = Some(*frame),
            Self::Style(style) => props.style = Some(*style),
            Self::Size(Dimensions::Ends(ends)) => props.ends = Some(ends.map(Into::into)),
            Self::Size(Dimensions::Size(size)) => props.size = Some((*size).into()),
            Self::Size(Dimensions::Text { wrap_mm, size }) => {
                props.size = Some((*size).into());
                props.wrap_mm = Some(wrap_mm.unwrap_or(0.0));
            }
            Self::Text(text) => props.text = Some(text.clone()),
            Self::Locked(is_locked) => props.is_locked = Some(*is_locked),
            Self::Removed(_) => {}
        }
    }
}

impl Element {
    /// The value of a property, of elements that have it.
    pub(crate) fn value(&self, property: Property) -> Option<Value> {
        Some(match property {
            Property::Page => Value::Page(self.page),
            Property::Order => Value::Order(self.order.clone()),
            Property::Frame => Value::Frame(self.frame),
            Property::Style => Value::Style(self.style),
            Property::Size => Value::Size(self.dimensions()?),
            Property::Text => match &self.shape {
                Shape::Text { text, .. } | Shape::Sticky { text, .. } => Value::Text(text.clone()),
                _ => return None,
            },
            Property::Locked => Value::Locked(self.is_locked),
            Property::Removed => Value::Removed(self.is_removed),
        })
    }

    /// Writes a property and gives back what it was. One that the element does not have stays unwritten.
    pub(crate) fn swap_value(&mut self, value: Value) -> Value {
        match value {
            Value::Page(page) => Value::Page(std::mem::replace(&mut self.page, page)),
            Value::Order(order) => Value::Order(std::mem::replace(&mut self.order, order)),
            Value::Frame(frame) => Value::Frame(std::mem::replace(&mut self.frame, frame)),
            Value::Style(style) => Value::Style(std::mem::replace(&mut self.style, style)),
            Value::Size(dimensions) => {
                let old = self.dimensions().unwrap_or(dimensions);
                self.resize(dimensions);
                Value::Size(old)
            }
            Value::Text(text) => match &mut self.shape {
                Shape::Text { text: old, .. } | Shape::Sticky { text: old, .. } => {
                    Value::Text(std::mem::replace(old, text))
                }
                _ => Value::Text(text),
            },
            Value::Locked(is_locked) => Value::Locked(std::mem::replace(&mut self.is_locked, is_locked)),
            Value::Removed(is_removed) => Value::Removed(std::mem::replace(&mut self.is_removed, is_removed)),
        }
    }

    fn dimensions(&self) -> Option<Dimensions> {
        match &self.shape {
            Shape::Ink { .. } => None,
            Shape::Line { ends, .. } => Some(Dimensions::Ends(*ends)),
            Shape::Text { wrap_mm, size, .. } => Some(Dimensions::Text { wrap_mm: *wrap_mm, size: *size }),
            Shape::Rectangle { size }
            | Shape::Ellipse { size }
            | Shape::Sticky { size, .. }
            | Shape::Image { size, .. } => Some(Dimensions::Size(*size)),
        }
    }

    fn resize(&mut self, to: Dimensions) {
        match (&mut self.shape, to) {
            (Shape::Line { ends, .. }, Dimensions::Ends(to)) => *ends = to,
            (Shape::Text { wrap_mm, size, .. }, Dimensions::Text { wrap_mm: to_wrap, size: to_size }) => {
                (*wrap_mm, *size) = (to_wrap, to_size);
            }
            (
                Shape::Rectangle { size }
                | Shape::Ellipse { size }
                | Shape::Sticky { size, .. }
                | Shape::Image { size, .. },
                Dimensions::Size(to),
            ) => *size = to,
            _ => {}
        }
    }

    /// What `props` would write here; nothing when this kind of element does not have all of them.
    pub(crate) fn values_of(&self, props: &Props) -> Option<Vec<Value>> {
        let mut values = Vec::new();
        values.extend(props.page.map(Value::Page));
        values.extend(props.order.clone().map(Value::Order));
        values.extend(props.frame.map(Value::Frame));
        values.extend(props.style.map(Value::Style));
        if props.size.is_some() || props.ends.is_some() || props.wrap_mm.is_some() {
            values.push(Value::Size(self.dimensions_of(props)?));
        }
        if let Some(text) = &props.text {
            matches!(self.shape, Shape::Text { .. } | Shape::Sticky { .. }).then_some(())?;
            values.push(Value::Text(text.clone()));
        }
        values.extend(props.is_locked.map(Value::Locked));
        Some(values)
    }

    fn dimensions_of(&self, props: &Props) -> Option<Dimensions> {
        let size = props.size.map(Vec2::from);
        match (self.dimensions()?, size, props.ends, props.wrap_mm) {
            (Dimensions::Ends(_), None, Some(ends), None) => Some(Dimensions::Ends(ends.map(Vec2::from))),
            (Dimensions::Size(_), Some(size), None, None) => Some(Dimensions::Size(size)),
            (Dimensions::Text { wrap_mm, size: old }, size, None, wrap) => {
                let wrap_mm = wrap.map_or(wrap_mm, |wrap| (wrap > 0.0).then_some(wrap));
                Some(Dimensions::Text { wrap_mm, size: size.unwrap_or(old) })
            }
            _ => None,
        }
    }

    /// Remembers who wrote a property; that its maker did goes without saying.
    pub(crate) fn set_writer(&mut self, property: Property, writer: OperationId) {
        let is_maker = writer == self.made_by;
        match self.written_by.binary_search_by_key(&property, |(written, _)| *written) {
            Ok(at) if is_maker => drop(self.written_by.remove(at)),
            Ok(at) => self.written_by[at].1 = writer,
            Err(_) if is_maker => {}
            Err(at) => {
                // Most elements that are written at all are written in one way.
                self.written_by.reserve_exact(1);
                self.written_by.insert(at, (property, writer));
            }
        }
    }
}
