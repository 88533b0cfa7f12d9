use super::*;
use atrium_board::Style;
use atrium_board::ink::{Points, pack};

fn boxed(position: Vec2, rotation: f32, size: Vec2) -> Figure {
    let frame = Frame { position, rotation, scale: Vec2::ONE };
    Figure { frame, style: Style::default(), shape: Shape::Rectangle { size } }
}

/// Every kind of figure, turned.
fn figures(rotation: f32) -> Vec<Figure> {
    let points = [Vec2::ZERO, Vec2::new(40.0, 10.0), Vec2::new(60.0, 30.0)].map(atrium_board::ink::Point::at);
    let points = Points::from_packed(&pack(&points, 6)).unwrap();
    let size = Vec2::new(60.0, 30.0);
    let shapes = [
        Shape::Ink { is_highlighter: false, points, is_finished: true },
        Shape::Line { ends: [Vec2::ZERO, size], is_arrow: true },
        Shape::Rectangle { size },
        Shape::Ellipse { size },
        Shape::Sticky { text: String::new(), size },
    ];
    let frame = Frame { position: Vec2::new(7.0, 9.0), rotation, scale: Vec2::ONE };
    shapes.map(|shape| Figure { frame, style: Style::default(), shape }).to_vec()
}

/// Corners without their order: a mirrored rectangle begins elsewhere.
fn sorted(corners: [Vec2; 4]) -> Vec<[i64; 2]> {
    let mut corners: Vec<_> =
        corners.iter().map(|it| [(it.x * 20.0).round() as i64, (it.y * 20.0).round() as i64]).collect();
    corners.sort_unstable();
    corners
}

#[test]
fn what_is_applied_is_what_the_affine_shows() {
    for quarter in 0..4 {
        let rotation = quarter as f32 * FRAC_PI_2;
        let warps = [
            Warp::Move(Vec2::new(3.0, -8.0)),
            Warp::Turn { center: Vec2::new(20.0, 5.0), angle: 0.7 },
            Warp::Scale { anchor: Vec2::new(-10.0, 4.0), rotation: 0.0, factor: Vec2::new(2.0, 0.5) },
            Warp::Scale { anchor: Vec2::new(-10.0, 4.0), rotation: 0.0, factor: Vec2::new(-1.5, 3.0) },
            Warp::Scale { anchor: Vec2::new(1.0, 4.0), rotation: 0.0, factor: Vec2::new(-1.0, -2.0) },
        ];
        for warp in warps {
            for figure in figures(rotation) {
                let shown = figure.corners().map(|corner| warp.to_affine().transform_point2(corner));
                assert_eq!(sorted(warp.apply(&figure).corners()), sorted(shown), "{warp:?} of {figure:?}");
            }
        }
    }
}

#[test]
fn text_is_scaled_alike_and_never_mirrored() {
    let mut figure = boxed(Vec2::ZERO, 0.0, Vec2::new(100.0, 20.0));
    figure.shape = Shape::Text { text: "a".into(), wrap_mm: None, size: Vec2::new(100.0, 20.0) };
    let warp = Warp::Scale { anchor: Vec2::ZERO, rotation: 0.0, factor: Vec2::new(-2.0, 2.0) };
    let after = warp.apply(&figure);
    assert_eq!(after.frame.scale, Vec2::splat(2.0));
    assert_eq!(after.frame.position, Vec2::new(-200.0, 0.0), "it lies where its mirror would");
    let wrapped = with_wrap(&figure, Handle::Left, Vec2::new(40.0, 3.0));
    assert!(matches!(wrapped.shape, Shape::Text { wrap_mm: Some(wrap_mm), .. } if wrap_mm == 60.0));
    assert_eq!(wrapped.frame.position, Vec2::new(40.0, 0.0));
}

#[test]
fn a_turned_box_is_resized_along_its_own_sides() {
    let figure = boxed(Vec2::new(50.0, 0.0), 0.5, Vec2::new(80.0, 40.0));
    let frame = SelectionBox::of(&figure);
    let corner = frame.corners()[2];
    let to = corner + Vec2::from_angle(0.5) * 20.0;
    let warp = Warp::scale(&frame, Handle::LowerRight, (corner, to), Hold::default());
    let Shape::Rectangle { size } = warp.apply(&figure).shape else { panic!() };
    assert!(size.distance(Vec2::new(100.0, 40.0)) < 0.01, "{size}");
    assert!(warp.apply(&figure).corners()[0].distance(figure.corners()[0]) < 0.01, "the other corner stays");
}

#[test]
fn beyond_limits_nothing_changes() {
    let figure = boxed(Vec2::ZERO, 0.0, Vec2::ONE);
    assert_eq!(Warp::Move(Vec2::splat(1.0e9)).apply(&figure), figure);
    for factor in [0.0, 1.0e-9, 1.0e9, -1.0e9] {
        let warp = Warp::Scale { anchor: Vec2::ZERO, rotation: 0.0, factor: without_zero(Vec2::splat(factor)) };
        figures(0.3).iter().for_each(|figure| {
            let after = warp.apply(figure);
            assert!(after.frame.is_possible() && after.own_box().size().is_finite());
        });
    }
}
