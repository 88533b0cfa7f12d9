use super::Icon;
use super::pen::Pen;

/// Draws an icon of the boards; others draw themselves.
pub(super) fn paint(icon: Icon, pen: &Pen<'_>) {
    match icon {
        Icon::Pen => pencil(pen),
        Icon::Highlighter => highlighter(pen),
        Icon::Eraser => eraser(pen),
        Icon::Select => select(pen),
        Icon::Move => cross_of_arrows(pen),
        Icon::Laser => laser(pen),
        Icon::Text => letter(pen),
        Icon::Note => note(pen),
        Icon::Line => pen.line(&[(4.5, 19.5), (19.5, 4.5)]),
        Icon::Arrow => arrow(pen),
        Icon::Rectangle => pen.rect((3.5, 5.5), (20.5, 18.5), 1.5),
        Icon::Ellipse => pen.circle((12.0, 12.0), 8.5),
        Icon::Undo => turn(pen, 1.0),
        Icon::Redo => turn(pen, -1.0),
        Icon::Fit => corners(pen),
        Icon::Pages => pages(pen),
        Icon::Picture => picture(pen),
        Icon::Template => template(pen),
        Icon::Save => save(pen),
        Icon::Moon => moon(pen),
        Icon::Freeze => crystal(pen),
        Icon::Trash => bin(pen),
        Icon::Edit => edit(pen),
        Icon::Front => sheets(pen, true),
        Icon::Back => sheets(pen, false),
        Icon::Follow => eye(pen),
        Icon::Lead => loudhailer(pen),
        _ => {}
    }
}

fn pencil(pen: &Pen<'_>) {
    pen.outline(&[(4.0, 20.0), (5.2, 15.2), (16.2, 4.2), (19.8, 7.8), (8.8, 18.8)]);
    pen.line(&[(13.6, 6.8), (17.2, 10.4)]);
}

fn highlighter(pen: &Pen<'_>) {
    pen.outline(&[(8.0, 12.4), (15.8, 4.0), (20.0, 8.2), (11.6, 16.0)]);
    pen.line(&[(8.0, 12.4), (7.2, 16.8), (11.6, 16.0)]);
    pen.wide(3.0).line(&[(4.5, 20.6), (13.0, 20.6)]);
}

fn eraser(pen: &Pen<'_>) {
    pen.outline(&[(3.8, 14.6), (13.2, 5.0), (20.0, 11.8), (12.6, 19.4), (8.6, 19.4)]);
    pen.line(&[(8.4, 9.9), (15.2, 16.7)]);
    pen.line(&[(8.6, 19.4), (20.5, 19.4)]);
}

fn select(pen: &Pen<'_>) {
    pen.outline(&[(5.5, 3.5), (19.0, 13.2), (12.6, 14.2), (9.4, 20.0)]);
}

fn cross_of_arrows(pen: &Pen<'_>) {
    pen.line(&[(12.0, 3.0), (12.0, 21.0)]);
    pen.line(&[(3.0, 12.0), (21.0, 12.0)]);
    pen.line(&[(9.2, 5.8), (12.0, 3.0), (14.8, 5.8)]);
    pen.line(&[(9.2, 18.2), (12.0, 21.0), (14.8, 18.2)]);
    pen.line(&[(5.8, 9.2), (3.0, 12.0), (5.8, 14.8)]);
    pen.line(&[(18.2, 9.2), (21.0, 12.0), (18.2, 14.8)]);
}

fn laser(pen: &Pen<'_>) {
    for (along, radius) in [(0.0, 3.6), (5.6, 2.4), (9.6, 1.6), (12.6, 1.0)] {
        pen.dot((17.0 - along, 7.0 + along), radius);
    }
}

fn letter(pen: &Pen<'_>) {
    pen.line(&[(5.0, 7.5), (5.0, 4.8), (19.0, 4.8), (19.0, 7.5)]);
    pen.line(&[(12.0, 4.8), (12.0, 19.2)]);
    pen.line(&[(9.2, 19.2), (14.8, 19.2)]);
}

fn note(pen: &Pen<'_>) {
    pen.outline(&[(4.0, 4.0), (20.0, 4.0), (20.0, 14.0), (14.0, 20.0), (4.0, 20.0)]);
    pen.line(&[(20.0, 14.0), (14.0, 14.0), (14.0, 20.0)]);
}

fn arrow(pen: &Pen<'_>) {
    pen.line(&[(4.5, 19.5), (19.0, 5.0)]);
    pen.line(&[(10.5, 5.0), (19.0, 5.0), (19.0, 13.5)]);
}

/// An arrow that turns; `way` 1 points back, −1 forward.
fn turn(pen: &Pen<'_>, way: f32) {
    let x = |x: f32| 12.0 + (x - 12.0) * way;
    pen.line(&[(x(8.0), 4.5), (x(3.8), 8.7), (x(8.0), 12.9)]);
    pen.line(&[(x(3.8), 8.7), (x(14.8), 8.7)]);
    let bend: Vec<(f32, f32)> = (0..=12_u8)
        .map(|step| {
            let angle = std::f32::consts::PI * (f32::from(step) / 12.0 - 0.5);
            (x(14.8 + 5.2 * angle.cos()), 13.9 + 5.2 * angle.sin())
        })
        .collect();
    pen.line(&bend);
    pen.line(&[(x(14.8), 19.1), (x(8.6), 19.1)]);
}

fn corners(pen: &Pen<'_>) {
    pen.line(&[(4.0, 9.0), (4.0, 4.0), (9.0, 4.0)]);
    pen.line(&[(15.0, 4.0), (20.0, 4.0), (20.0, 9.0)]);
    pen.line(&[(20.0, 15.0), (20.0, 20.0), (15.0, 20.0)]);
    pen.line(&[(9.0, 20.0), (4.0, 20.0), (4.0, 15.0)]);
}

fn pages(pen: &Pen<'_>) {
    pen.rect((4.0, 7.5), (15.5, 21.0), 1.5);
    pen.line(&[(8.0, 3.5), (19.5, 3.5), (19.5, 17.0)]);
}

fn picture(pen: &Pen<'_>) {
    pen.rect((3.0, 4.5), (21.0, 19.5), 2.0);
    pen.line(&[(5.5, 17.0), (10.0, 11.5), (13.2, 15.2), (15.6, 12.8), (18.8, 16.6)]);
    pen.dot((16.2, 8.8), 1.5);
}

fn template(pen: &Pen<'_>) {
    pen.rect((3.5, 4.5), (20.5, 19.5), 1.5);
    pen.line(&[(9.2, 4.5), (9.2, 19.5)]);
    pen.line(&[(14.8, 4.5), (14.8, 19.5)]);
    pen.line(&[(3.5, 9.0), (20.5, 9.0)]);
}

fn save(pen: &Pen<'_>) {
    pen.line(&[(12.0, 3.5), (12.0, 14.5)]);
    pen.line(&[(7.5, 10.0), (12.0, 14.5), (16.5, 10.0)]);
    pen.line(&[(4.0, 15.5), (4.0, 20.0), (20.0, 20.0), (20.0, 15.5)]);
}

fn moon(pen: &Pen<'_>) {
    let arc = |center: (f32, f32), radius: f32, from: f32, to: f32| {
        (0..=16_u8).map(move |step| {
            let turn = from + (to - from) * f32::from(step) / 16.0;
            let direction = egui::Vec2::angled(turn * std::f32::consts::TAU) * radius;
            (center.0 + direction.x, center.1 + direction.y)
        })
    };
    let outer = arc((11.5, 12.5), 8.2, -0.22, -1.0 + 0.02);
    let inner = arc((15.6, 8.4), 6.6, 0.245, 0.51);
    pen.outline(&outer.chain(inner).collect::<Vec<_>>());
}

fn crystal(pen: &Pen<'_>) {
    for third in 0..3_u8 {
        let along = egui::Vec2::angled((f32::from(third) / 6.0 + 0.25) * std::f32::consts::TAU);
        let at = |distance: f32| (12.0 + along.x * distance, 12.0 + along.y * distance);
        pen.line(&[at(-9.0), at(9.0)]);
        for end in [-1.0_f32, 1.0] {
            let barb = |turn: f32| {
                let side = (egui::emath::Rot2::from_angle(turn) * along) * end;
                let root = at(5.2 * end);
                (root.0 + side.x * 3.2, root.1 + side.y * 3.2)
            };
            pen.line(&[barb(-0.9), at(5.2 * end), barb(0.9)]);
        }
    }
}

fn bin(pen: &Pen<'_>) {
    pen.line(&[(4.0, 6.5), (20.0, 6.5)]);
    pen.line(&[(9.0, 6.5), (9.0, 3.8), (15.0, 3.8), (15.0, 6.5)]);
    pen.line(&[(6.0, 6.5), (7.0, 20.5), (17.0, 20.5), (18.0, 6.5)]);
    pen.line(&[(10.2, 10.5), (10.2, 16.5)]);
    pen.line(&[(13.8, 10.5), (13.8, 16.5)]);
}

fn edit(pen: &Pen<'_>) {
    pen.outline(&[(6.0, 16.0), (6.8, 12.6), (15.4, 4.0), (18.0, 6.6), (9.4, 15.2)]);
    pen.line(&[(4.0, 20.5), (20.0, 20.5)]);
}

/// Two sheets; the filled one is above, or below.
fn sheets(pen: &Pen<'_>, is_above: bool) {
    let upper = ((3.5, 3.5), (14.5, 14.5));
    if is_above {
        pen.filled_rect(upper.0, upper.1, 1.5);
        pen.line(&[(17.5, 9.5), (20.5, 9.5), (20.5, 20.5), (9.5, 20.5), (9.5, 17.5)]);
    } else {
        pen.rect(upper.0, upper.1, 1.5);
        pen.fill(&[(17.0, 9.5), (20.5, 9.5), (20.5, 20.5), (17.0, 20.5)]);
        pen.fill(&[(9.5, 17.0), (20.5, 17.0), (20.5, 20.5), (9.5, 20.5)]);
    }
}

fn eye(pen: &Pen<'_>) {
    let lid = |way: f32| -> Vec<(f32, f32)> {
        (0..=16_u8)
            .map(|step| {
                let along = f32::from(step) / 16.0;
                (2.5 + 19.0 * along, 12.0 + way * 6.4 * (along * std::f32::consts::PI).sin())
            })
            .collect()
    };
    pen.line(&lid(-1.0));
    pen.line(&lid(1.0));
    pen.circle((12.0, 12.0), 2.9);
}

fn loudhailer(pen: &Pen<'_>) {
    pen.outline(&[(3.5, 9.5), (8.0, 9.5), (17.5, 4.5), (17.5, 18.5), (8.0, 13.8), (3.5, 13.8)]);
    pen.line(&[(6.5, 13.8), (8.0, 20.0), (10.8, 20.0), (9.6, 14.6)]);
    pen.arc((17.5, 11.5), 3.4, -0.2, 0.2);
}
