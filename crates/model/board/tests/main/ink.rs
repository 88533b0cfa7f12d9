//! What ink costs on the wire and in time, and what it looks like.

use crate::hand::{Stroke, with_mouse, writing};
use atrium_board::ink::{Point, Points, Ribbon, Smoother, Smoothing, outline, pack, ribbon, unpack, widths};
use atrium_board::{Bounds, Edit, ElementId, Frame, NewElement, Operation, OrderKey, PageId, Style};
use glam::Vec2;
use std::time::Instant;

/// Packs a stroke as it goes out: in pieces of a quarter of a second.
fn packed_live(stroke: &Stroke, points: &[Point]) -> usize {
    let piece = (points.len() as f64 / (stroke.points.len() as f64 / stroke.hz / 0.25)).ceil().max(1.0) as usize;
    points.chunks(piece).map(|piece| pack(piece, 4).len()).sum()
}

fn smoothed(stroke: &Stroke, settings: Smoothing) -> Vec<Point> {
    let mut smoother = Smoother::new(settings);
    for (at, point) in stroke.points.iter().enumerate() {
        smoother.push(*point, stroke.secs(at));
    }
    smoother.finish()
}

#[test]
fn a_sampled_point_takes_3_bytes_at_most() {
    for hz in [60.0, 120.0, 240.0] {
        let (mut raw, mut thin, mut kept, mut sampled, mut mouse) = (0, 0, 0, 0, 0);
        for seed in 0..40 {
            let stroke = writing(seed, hz, 1.5, 60.0);
            sampled += stroke.points.len();
            raw += packed_live(&stroke, &stroke.points);
            let calm = smoothed(&stroke, Smoothing { simulates_pressure: false, ..Smoothing::default() });
            kept += calm.len();
            thin += packed_live(&stroke, &calm);
            let stroke = with_mouse(stroke, 1.0);
            mouse += packed_live(&stroke, &smoothed(&stroke, Smoothing::default()));
        }
        let each = |bytes: usize| bytes as f64 / sampled as f64;
        println!(
            "{hz} Hz: a sampled point takes {:.2} bytes as it is, {:.2} smoothed and thinned to {:.0} % of the points \
             ({:.2} a point kept); with a mouse {:.2}",
            each(raw),
            each(thin),
            100.0 * kept as f64 / sampled as f64,
            thin as f64 / kept as f64,
            each(mouse)
        );
        assert!(each(raw) <= 3.0 || hz < 100.0, "{hz} Hz: {}", each(raw));
        assert!(each(thin) <= 3.0 && each(mouse) <= 3.0);
    }
}

/// All bytes of the operations that bring a stroke while it is drawn, one every quarter of a second.
fn operations_live(stroke: &Stroke) -> usize {
    let mut smoother = Smoother::new(Smoothing { simulates_pressure: false, ..Smoothing::default() });
    let every = (stroke.hz / 4.0) as usize;
    let (mut bytes, id) = (0, ElementId(0x1234_5678_9abc_def0));
    for (piece, raw) in stroke.points.chunks(every).enumerate() {
        raw.iter().enumerate().for_each(|(at, point)| smoother.push(*point, stroke.secs(piece * every + at)));
        let is_last = (piece + 1) * every >= stroke.points.len();
        let points = pack(&if is_last { smoother.finish() } else { smoother.take_settled() }, 4);
        let edit = if piece == 0 {
            let shape = NewElement::Ink { is_highlighter: false, points, is_finished: false };
            let (page, order) = (PageId::FIRST, OrderKey::between(None, None));
            Edit::Add { id, page, order, frame: Frame::default(), style: Style::default(), shape }
        } else {
            Edit::Ink { id, points, is_last }
        };
        bytes += Operation::one(edit).encode().unwrap().as_bytes().len();
    }
    bytes
}

#[test]
fn with_the_operations_around_it_ink_is_small_too() {
    for (hz, most) in [(120.0, 3.5), (240.0, 2.0)] {
        let strokes: Vec<Stroke> = (0..20).map(|seed| writing(seed, hz, 1.5, 60.0)).collect();
        let sampled: usize = strokes.iter().map(|stroke| stroke.points.len()).sum();
        let each = strokes.iter().map(operations_live).sum::<usize>() as f64 / sampled as f64;
        println!("{hz} Hz: {each:.2} bytes a sampled point, operations every quarter of a second included");
        assert!(each < most, "{hz} Hz: {each}");
    }
}

#[test]
fn packed_points_are_as_near_as_the_precision_says() {
    for precision in 0..=8 {
        let stroke = writing(7, 120.0, 3.0, 80.0);
        let again = unpack(&pack(&stroke.points, precision)).unwrap();
        assert_eq!(again.len(), stroke.points.len());
        for (a, b) in again.iter().zip(&stroke.points) {
            let step = 1.0 / f32::from(1_u16 << precision);
            assert!((a.position - b.position).abs().max_element() <= step / 2.0 + 1e-4, "{precision}");
            assert!((a.pressure - b.pressure).abs() <= 0.5 / 64.0 + 1e-6);
        }
        let twice = unpack(&pack(&again, precision)).unwrap();
        assert_eq!(twice, again, "what was packed before is exact");
    }
}

#[test]
fn a_stroke_in_pieces_is_the_same_as_their_points() {
    let stroke = writing(1, 120.0, 4.0, 60.0);
    let mut points = Points::default();
    let mut marks = vec![points.clone()];
    for piece in stroke.points.chunks(31) {
        points.push_packed(&pack(piece, 4)).unwrap();
        marks.push(points.clone());
    }
    assert_eq!(points.len(), stroke.points.len());
    assert_eq!(points.iter().count(), stroke.points.len());
    assert_eq!(points.bounds(), Bounds::of(points.iter().map(|point| point.position)));
    assert_eq!(Points::from_packed(points.packed()).unwrap(), points);
    for before in marks.iter().rev() {
        points.truncate_to(before.mark());
        assert_eq!(points, *before);
    }
}

#[test]
fn a_straight_line_keeps_its_ends_and_little_else() {
    let line: Vec<Point> = (0..400).map(|at| Point::at(Vec2::new(at as f32 * 0.5, at as f32 * 0.25))).collect();
    let stroke = Stroke { points: line, hz: 240.0 };
    let settings = Smoothing { simulates_pressure: false, ..Smoothing::default() };
    let calm = smoothed(&stroke, settings);
    assert!(calm.len() <= 12, "{} points", calm.len());
    assert_eq!(calm[0].position, stroke.points[0].position);
    assert!(calm[calm.len() - 1].position.distance(stroke.points[399].position) < 0.1);
}

#[test]
fn settled_points_and_the_tail_are_the_stroke_at_any_time() {
    let stroke = writing(5, 120.0, 2.0, 60.0);
    let mut smoother = Smoother::new(Smoothing::default());
    let mut settled = Vec::new();
    for (at, raw) in stroke.points.iter().enumerate() {
        smoother.push(*raw, stroke.secs(at));
        settled.extend(smoother.take_settled());
        let shown: Vec<Point> = settled.iter().copied().chain(smoother.tail()).collect();
        let end = shown[shown.len() - 1].position;
        assert!(end.distance(raw.position) < 0.1, "the line ends where the pen is");
        assert!(smoother.tail().len() <= 2);
    }
    settled.extend(smoother.finish());
    let whole = smoothed(&stroke, Smoothing::default());
    assert_eq!(settled, whole, "taking points out makes no difference");
}

#[test]
fn a_smoothed_line_stays_near_the_hand() {
    for hz in [60.0, 120.0, 240.0] {
        let (mut worst, mut sum, mut count): (f32, f32, usize) = (0.0, 0.0, 0);
        for seed in 0..20 {
            let stroke = writing(seed, hz, 1.5, 60.0);
            let calm = smoothed(&stroke, Smoothing::default());
            for raw in &stroke.points {
                let beside = distance_to_line(raw.position, &calm);
                worst = worst.max(beside);
                sum += beside;
                count += 1;
            }
        }
        println!("{hz} Hz: {:.2} mm beside the hand on average, {worst:.2} at most", sum / count as f32);
        assert!(worst < 4.0 && sum / (count as f32) < 1.0, "{hz} Hz: {worst} mm");
    }
}

#[test]
fn points_that_come_at_the_same_time_are_no_jump() {
    let mut smoother = Smoother::new(Smoothing::default());
    for at in 0..64 {
        // Eight points a frame, all with the frame's time.
        smoother.push(Point::at(Vec2::new(at as f32, 0.0)), f64::from(at / 8) / 60.0);
    }
    smoother.push(Point::at(Vec2::NAN), 2.0);
    let line = smoother.finish();
    assert!(line.windows(2).all(|pair| pair[1].position.x > pair[0].position.x));
    assert!(line.iter().all(|point| (0.0..=1.0).contains(&point.pressure)));
    assert_eq!(line[line.len() - 1].position, Vec2::new(63.0, 0.0));
}

fn distance_to_line(from: Vec2, line: &[Point]) -> f32 {
    let pieces = line.windows(2).map(|piece| {
        let (a, b) = (piece[0].position, piece[1].position);
        let along = ((from - a).dot(b - a) / (b - a).length_squared().max(1e-9)).clamp(0.0, 1.0);
        from.distance(a.lerp(b, along))
    });
    pieces.fold(line.first().map_or(f32::INFINITY, |first| from.distance(first.position)), f32::min)
}

/// How often a closed polygon goes around a place.
fn winding(polygon: &[Vec2], at: Vec2) -> i32 {
    let mut winding = 0;
    for (index, a) in polygon.iter().enumerate() {
        let b = polygon[(index + 1) % polygon.len()];
        let is_left = (b - *a).perp_dot(at - *a);
        if a.y <= at.y && b.y > at.y && is_left > 0.0 {
            winding += 1;
        } else if a.y > at.y && b.y <= at.y && is_left < 0.0 {
            winding -= 1;
        }
    }
    winding
}

fn is_in_triangles(ribbon: &Ribbon, at: Vec2) -> bool {
    ribbon.indices.chunks(3).any(|corners| {
        let [a, b, c] = [0, 1, 2].map(|corner| ribbon.positions[corners[corner] as usize]);
        let sides = [(b - a).perp_dot(at - a), (c - b).perp_dot(at - b), (a - c).perp_dot(at - c)];
        sides.iter().all(|side| *side >= 0.0) || sides.iter().all(|side| *side <= 0.0)
    })
}

/// Lines that are hard to draw: sharp turns, returns, points on one another, a knot that is tighter than the pen.
fn hard_lines() -> Vec<Vec<Vec2>> {
    let v = Vec2::new;
    vec![
        vec![v(0.0, 0.0), v(50.0, 0.0), v(2.0, 1.0), v(60.0, 3.0)],
        vec![v(0.0, 0.0), v(50.0, 0.0), v(0.0, 0.0)],
        vec![v(0.0, 0.0), v(20.0, 0.0), v(20.0, 20.0), v(0.0, 20.0), v(0.0, 0.0)],
        vec![v(0.0, 0.0), v(0.0, 0.0), v(0.01, 0.0), v(30.0, 30.0), v(30.0, 30.0)],
        (0..60).map(|at| Vec2::from_angle(at as f32 * 0.5) * (1.0 + at as f32 * 0.02)).collect(),
        (0..40).map(|at| v(at as f32 * 0.3, if at % 2 == 0 { 0.0 } else { 3.0 })).collect(),
    ]
}

#[test]
fn outlines_and_ribbons_cover_the_line_and_no_more() {
    // So many points that the curve through them is nowhere far from straight pieces.
    let written = (0..12).map(|seed| writing(seed, 480.0, 1.2, 40.0).points);
    let hard = hard_lines().into_iter().map(|line| line.into_iter().map(Point::at).collect());
    for (case, points) in hard.chain(written).enumerate() {
        let points: Vec<Point> = points;
        let (width, mut triangles) = (5.0, Ribbon::default());
        let widest = widths(&points, width, false).into_iter().fold(0.0, f32::max) / 2.0;
        let narrowest = widths(&points, width, false).into_iter().fold(f32::INFINITY, f32::min) / 2.0;
        let around = outline(&points, width, false);
        ribbon(&points, width, false, &mut triangles);
        assert!(around.iter().chain(&triangles.positions).all(|at| at.is_finite()));
        for corner in around.iter().chain(&triangles.positions) {
            let beside = distance_to_line(*corner, &points);
            assert!(beside < widest * 1.15 + 0.6, "case {case}: a spike of {beside} mm");
        }
        let area = Bounds::of(points.iter().map(|point| point.position)).grown(2.0 * width);
        for step in 0..2_500 {
            let at = area.min + area.size() * Vec2::new((step % 50) as f32 + 0.37, (step / 50) as f32 + 0.41) / 50.0;
            let beside = distance_to_line(at, &points);
            let (is_around, is_covered) = (winding(&around, at) != 0, is_in_triangles(&triangles, at));
            // Between these the curve and the corners of the circles decide.
            if beside < narrowest - 0.7 {
                assert!(is_around && is_covered, "case {case}: hollow at {at}, {beside} mm from the middle");
            } else if beside > widest * 1.1 + 0.7 {
                assert!(!is_around && !is_covered, "case {case}: ink at {at}, {beside} mm from the middle");
            }
        }
    }
}

#[test]
fn a_point_is_a_dot() {
    let dot = [Point::at(Vec2::new(3.0, 4.0))];
    let around = outline(&dot, 6.0, false);
    assert!(around.len() >= 8 && around.iter().all(|at| (at.distance(dot[0].position) - 3.0).abs() < 0.01));
    let area: f32 = (0..around.len()).map(|at| around[at].perp_dot(around[(at + 1) % around.len()])).sum::<f32>() / 2.0;
    assert!((area.abs() - std::f32::consts::PI * 9.0).abs() < 2.0, "{area}");
    let mut triangles = Ribbon::default();
    ribbon(&dot, 6.0, false, &mut triangles);
    assert!(is_in_triangles(&triangles, Vec2::new(3.0, 6.5)));
    assert!(outline(&[], 6.0, false).is_empty());
}

#[test]
fn a_highlighter_has_one_width() {
    let stroke = writing(2, 120.0, 1.0, 60.0);
    assert!(widths(&stroke.points, 20.0, true).iter().all(|width| *width == 20.0));
    let pen = widths(&stroke.points, 4.0, false);
    assert!(pen.iter().all(|width| (2.0..=6.0).contains(width)));
    assert!(pen.iter().any(|width| (width - pen[0]).abs() > 0.3));
}

#[test]
fn a_ribbon_takes_no_time() {
    let points = writing(3, 120.0, 1_024.0 / 120.0, 60.0).points;
    assert_eq!(points.len(), 1_024);
    let mut triangles = Ribbon::default();
    let mut best = f64::INFINITY;
    for _ in 0..50 {
        triangles.clear();
        let start = Instant::now();
        ribbon(std::hint::black_box(&points), 4.0, false, &mut triangles);
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("a ribbon of 1,024 points: {:.1} µs, {} triangles", best * 1e6, triangles.indices.len() / 3);
    assert!(best < 2e-3, "{best} s");
}
