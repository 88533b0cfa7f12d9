//! Rotations as "smallest three": the three smaller components of a unit quaternion, none of which
//! exceeds 1/√2, and the index of the largest, which follows from them and is made positive
//! (q and −q are the same rotation).

use glam::Quat;
use std::f32::consts::{FRAC_1_SQRT_2, SQRT_2};

/// Bits of the index of the largest component (0 x, 1 y, 2 z, 3 w).
const INDEX_BITS: u32 = 2;

/// Bits of a rotation whose components have `component_bits` each.
pub(super) const fn rotation_bits(component_bits: u32) -> u32 {
    INDEX_BITS + 3 * component_bits
}

/// Steps from zero to 1/√2. Zero is a step itself, so that "upright" stays exactly upright.
fn steps(component_bits: u32) -> f32 {
    ((1_u32 << (component_bits - 1)) - 1) as f32
}

/// Index first, then the three components in the order x, y, z, w without the largest. A rotation
/// that is not finite or has no length becomes the identity.
pub(super) fn pack_rotation(rotation: Quat, component_bits: u32) -> u32 {
    let components = unit_components(rotation);
    let mut largest = 3;
    for index in 0..4 {
        if components[index].abs() > components[largest].abs() {
            largest = index;
        }
    }
    let sign = if components[largest] < 0.0 { -1.0 } else { 1.0 };
    let steps = steps(component_bits);
    let mut packed = largest as u32;
    let mut shift = INDEX_BITS;
    for (index, component) in components.into_iter().enumerate() {
        if index != largest {
            let scaled = (sign * component * SQRT_2 * steps).round().clamp(-steps, steps);
            packed |= ((scaled + steps) as u32) << shift;
            shift += component_bits;
        }
    }
    packed
}

/// A unit quaternion for any bits.
pub(super) fn unpack_rotation(packed: u32, component_bits: u32) -> Quat {
    let largest = (packed & 3) as usize;
    let steps = steps(component_bits);
    let mut components = [0.0_f32; 4];
    let mut shift = INDEX_BITS;
    let mut squares = 0.0;
    for (index, component) in components.iter_mut().enumerate() {
        if index != largest {
            let raw = (packed >> shift) & ((1 << component_bits) - 1);
            *component = (raw as f32 - steps) / steps * FRAC_1_SQRT_2;
            squares += *component * *component;
            shift += component_bits;
        }
    }
    // Senders other than ours may claim three components that are longer than 1 together.
    components[largest] = (1.0 - squares).max(0.0).sqrt();
    Quat::from_array(components).normalize()
}

/// In 64 bits, where no finite quaternion's length overflows.
fn unit_components(rotation: Quat) -> [f32; 4] {
    let wide = rotation.as_dquat();
    let length = wide.length();
    if length.is_finite() && length > 0.0 { (wide / length).as_quat().to_array() } else { Quat::IDENTITY.to_array() }
}
