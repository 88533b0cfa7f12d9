//! Small pictures against references. `ATRIUM_UPDATE_PICTURES=1` writes new references, to be looked at before they
//! are committed.

use crate::world::{Server, Visitor};
use atrium::arguments::Size;
use atrium_protocol::Role;
use image::RgbImage;
use std::path::PathBuf;
use std::time::Duration;

const SIZE: Size = Size { width: 320, height: 180 };
/// Drivers differ in rounding and in edges; a missing lamp or a black texture is far more than this.
const MEAN_DIFFERENCE: f64 = 5.0;
const PATCH_DIFFERENCE: f64 = 40.0;
/// Pixels along a patch that is compared as a whole.
const PATCH: u32 = 20;

#[test]
fn the_boardroom_looks_as_it_should() {
    looks_as_it_should("boardroom", "--at 5.0,1.65,2.6,65,-8");
}

#[test]
fn the_studio_looks_as_it_should() {
    looks_as_it_should("studio", "--seat 0");
}

#[test]
fn the_auditorium_looks_as_it_should() {
    looks_as_it_should("auditorium", "--seat 100");
}

fn looks_as_it_should(room: &str, view: &str) {
    let server = Server::start();
    let mut visitor =
        Visitor::with_size(&server.folder().join("visitor"), &format!("{view} --no-panels --quality low"), SIZE);
    visitor.join("Vera", &server.link(room, Role::Guest));
    visitor.until_inside();
    visitor.live(Duration::from_secs(4));
    compare(&visitor.picture(), room);
}

pub(crate) fn compare(picture: &RgbImage, name: &str) {
    let path =
        PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("references").join(format!("{name}.png"));
    if std::env::var_os("ATRIUM_UPDATE_PICTURES").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        return picture.save(&path).unwrap();
    }
    let seen = std::env::temp_dir().join(format!("atrium-{name}.png"));
    picture.save(&seen).unwrap();
    let reference = image::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).to_rgb8();
    assert_eq!(picture.dimensions(), reference.dimensions());
    let difference = |left: u32, top: u32, width: u32, height: u32| {
        let pixels = (top..top + height).flat_map(|y| (left..left + width).map(move |x| (x, y)));
        let sum: f64 = pixels
            .flat_map(|(x, y)| (0..3).map(move |channel| (x, y, channel)))
            .map(|(x, y, channel)| {
                f64::from(picture.get_pixel(x, y)[channel].abs_diff(reference.get_pixel(x, y)[channel]))
            })
            .sum();
        sum / f64::from(width * height * 3)
    };
    let (width, height) = picture.dimensions();
    let mean = difference(0, 0, width, height);
    assert!(mean < MEAN_DIFFERENCE, "{mean} on average from {}; look at {}", path.display(), seen.display());
    for top in (0..height).step_by(PATCH as usize) {
        for left in (0..width).step_by(PATCH as usize) {
            let patch = difference(left, top, PATCH, PATCH);
            assert!(patch < PATCH_DIFFERENCE, "{patch} in the patch at {left},{top}; look at {}", seen.display());
        }
    }
}
