use atrium_board::Dash;
use glam::Vec2;

/// The pieces of a line that is drawn with gaps, each from a point to another along it.
pub(crate) fn pieces(points: &[Vec2], dash: Dash, width_mm: f32) -> Vec<Vec<Vec2>> {
    let whole_mm = points.windows(2).map(|pair| pair[0].distance(pair[1])).sum();
    let Some([drawn, gap]) = dash.lengths_mm(whole_mm, width_mm) else { return vec![points.to_vec()] };
    let mut walk = Walk { pieces: Vec::new(), current: None, left: drawn };
    walk.start(points);
    for pair in points.windows(2) {
        walk.along(pair[0], pair[1], drawn, gap);
    }
    walk.end()
}

struct Walk {
    pieces: Vec<Vec<Vec2>>,
    /// The piece that is being drawn; `None` in a gap.
    current: Option<Vec<Vec2>>,
    /// What is left of it, or of the gap.
    left: f32,
}

impl Walk {
    fn start(&mut self, points: &[Vec2]) {
        self.current = points.first().map(|first| vec![*first]);
    }

    fn along(&mut self, from: Vec2, to: Vec2, drawn: f32, gap: f32) {
        let length = from.distance(to);
        let mut gone = 0.0;
        while length - gone > self.left {
            gone += self.left;
            let at = from.lerp(to, gone / length);
            match self.current.take() {
                Some(mut piece) => {
                    piece.push(at);
                    self.pieces.push(piece);
                    self.left = gap;
                }
                None => {
                    self.current = Some(vec![at]);
                    self.left = drawn;
                }
            }
        }
        self.left -= length - gone;
        if let Some(piece) = &mut self.current {
            piece.push(to);
        }
    }

    fn end(mut self) -> Vec<Vec<Vec2>> {
        self.pieces.extend(self.current.filter(|piece| piece.len() > 1));
        self.pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_go_around_corners_and_are_not_too_many() {
        let corner = [Vec2::ZERO, Vec2::new(5.0, 0.0), Vec2::new(5.0, 95.0)];
        let dashes = pieces(&corner, Dash::Dashed, 2.0);
        assert_eq!(dashes.len(), 9);
        assert_eq!(dashes[0], [Vec2::ZERO, Vec2::new(5.0, 0.0), Vec2::new(5.0, 1.0)]);
        assert_eq!(dashes[1][0], Vec2::new(5.0, 7.0));
        assert_eq!(pieces(&corner, Dash::Dotted, 2.0).len(), 25);
        let long = [Vec2::ZERO, Vec2::new(1.0e5, 0.0)];
        assert!(pieces(&long, Dash::Dotted, 0.05).len() <= 1_001);
        assert_eq!(pieces(&[Vec2::ZERO; 2], Dash::Dashed, 1.0).len(), 1);
        assert_eq!(pieces(&[], Dash::Dashed, 1.0), Vec::<Vec<Vec2>>::new());
    }
}
