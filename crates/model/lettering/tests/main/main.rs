//! Text laid out with the fonts of this machine. Without a font for Chinese, what needs one is told as missing.

use atrium_lettering::{Align, BASELINE_EM, LINE_EM, LaidOut, Lettering, OutlineCommand};
use fontdb::Database;
use glam::Vec2;

fn lettering() -> Lettering {
    let mut fonts = Database::new();
    fonts.load_system_fonts();
    Lettering::new(fonts)
}

fn has(lettering: &Lettering, family: &str) -> bool {
    lettering.fonts().faces().any(|face| face.families.iter().any(|(name, _)| name == family))
}

fn lines(laid_out: &LaidOut) -> Vec<&str> {
    laid_out.lines.iter().map(|line| line.text.as_str()).collect()
}

/// The upper left and lower right corner of all ink.
fn ink(lettering: &mut Lettering, laid_out: &LaidOut) -> (Vec2, Vec2) {
    let (mut min, mut max) = (Vec2::INFINITY, Vec2::NEG_INFINITY);
    lettering.outlines(laid_out, &mut |outline| {
        for command in outline.placed() {
            let (OutlineCommand::Move(to)
            | OutlineCommand::Line(to)
            | OutlineCommand::Quad(_, to)
            | OutlineCommand::Cubic(_, _, to)) = command
            else {
                continue;
            };
            (min, max) = (min.min(to), max.max(to));
        }
    });
    (min, max)
}

#[test]
fn lines_end_where_the_text_says_so() {
    let mut lettering = lettering();
    assert_eq!(lines(&lettering.lay_out("a\n\nb\r\nc\u{2028}d\n", 10.0, None)), ["a", "", "b", "c", "d", ""]);
    let empty = lettering.lay_out("", 10.0, None);
    assert_eq!((lines(&empty), empty.size), (vec![""], Vec2::new(0.0, 10.0 * LINE_EM)));
    let two = lettering.lay_out("Hello\nworld", 10.0, None);
    assert_eq!(two.size.y, 20.0 * LINE_EM);
    assert_eq!(two.lines[1].baseline_mm, 10.0 * (LINE_EM + BASELINE_EM));
    let twice = lettering.lay_out("Hello\nworld", 20.0, None);
    assert!((twice.size - 2.0 * two.size).length() < 0.01);
}

#[test]
fn long_lines_are_wrapped_at_words_and_long_words_are_cut() {
    let mut lettering = lettering();
    let text = "The quick brown fox jumps over the lazy dog";
    let wrapped = lettering.lay_out(text, 10.0, Some(80.0));
    assert!(wrapped.lines.len() >= 3 && wrapped.size.x == 80.0, "{wrapped:?}");
    assert!(wrapped.lines.iter().all(|line| line.width_mm <= 80.0));
    assert_eq!(lines(&wrapped).join(" "), text);
    let long = "x".repeat(100);
    let cut = lettering.lay_out(&long, 10.0, Some(80.0));
    assert!(cut.lines.len() > 4 && cut.lines.iter().all(|line| line.width_mm <= 80.0));
    assert_eq!(lines(&cut).concat(), long);
}

#[test]
fn chinese_is_wrapped_between_characters_but_not_before_a_full_stop() {
    let mut lettering = lettering();
    if !has(&lettering, "Noto Sans CJK SC") {
        return;
    }
    let text = "会议室里的白板不会丢失任何一笔。";
    let wrapped = lettering.lay_out(text, 10.0, Some(50.0));
    assert!(wrapped.missing.is_empty());
    assert_eq!(lines(&wrapped).concat(), text);
    assert!(lines(&wrapped).iter().all(|line| !line.starts_with('。') && line.chars().count() <= 5), "{wrapped:?}");
    assert!(wrapped.lines.iter().all(|line| &*line.runs[0].family == "Noto Sans CJK SC"));
    let (min, max) = ink(&mut lettering, &wrapped);
    assert!(min.cmpge(Vec2::splat(-0.5)).all() && max.x <= 50.5 && max.y <= wrapped.size.y, "{min} {max}");
}

#[test]
fn each_language_has_its_font_and_shared_punctuation_goes_with_chinese() {
    let mut lettering = lettering();
    if !has(&lettering, "Noto Sans CJK SC") {
        return;
    }
    let mixed = lettering.lay_out("Plan “计划” A", 10.0, None);
    let runs: Vec<_> = mixed.lines[0].runs.iter().map(|run| run.text.as_str()).collect();
    assert_eq!(runs, ["Plan ", "“计划” ", "A"], "{mixed:?}");
    assert_eq!(&*mixed.lines[0].runs[1].family, "Noto Sans CJK SC");
    let widths: f32 = mixed.lines[0].runs.iter().map(|run| run.width_mm).sum();
    assert!((widths - mixed.lines[0].width_mm).abs() < 0.1);
}

#[test]
fn what_no_font_has_is_told_and_drawn_as_a_box() {
    let mut lettering = lettering();
    let laid_out = lettering.lay_out("a\u{f5a1b}b\u{f5a1b}\u{10fffe}", 10.0, None);
    assert_eq!(laid_out.missing, ['\u{f5a1b}', '\u{10fffe}']);
    assert_eq!(lines(&laid_out), ["a\u{f5a1b}b\u{f5a1b}\u{10fffe}"]);
    let mut drawn = 0;
    lettering.outlines(&laid_out, &mut |outline| drawn += usize::from(!outline.commands.is_empty()));
    assert_eq!(drawn, 5);
    let usual = lettering.lay_out("naïve café, 5 €\u{200d}\u{fe0f} e\u{301}", 10.0, None);
    assert!(usual.missing.is_empty(), "{:?}", usual.missing);
}

#[test]
fn punctuation_beside_chinese_is_not_missing_where_only_chinese_is() {
    let mut fonts = Database::new();
    fonts.load_system_fonts();
    let is_chinese = |name: &str| ["CJK", "Han", "Hei", "Fallback", "PingFang"].iter().any(|it| name.contains(it));
    let chinese: Vec<_> = fonts
        .faces()
        .filter(|face| face.families.iter().any(|(name, _)| is_chinese(name)))
        .map(|face| face.id)
        .collect();
    chinese.into_iter().for_each(|id| fonts.remove_face(id));
    let mut lettering = Lettering::new(fonts);
    if !lettering.lay_out("“”—…", 10.0, None).missing.is_empty()
        || lettering.lay_out("你好", 10.0, None).missing.len() < 2
    {
        return;
    }
    assert_eq!(lettering.lay_out("“你好”—…", 10.0, None).missing, ['你', '好']);
}

#[test]
fn a_mark_that_no_font_has_is_told_wherever_it_stands() {
    let mut lettering = lettering();
    for mark in ['\u{301}', '\u{20e3}', '\u{1f3fd}', '\u{5b8}', '\u{64b}', '\u{1ac9}', '\u{1df9}'] {
        let alone = lettering.lay_out(&mark.to_string(), 10.0, None).missing.clone();
        for before in ["a", "1", "e\u{301}"] {
            let missing = lettering.lay_out(&format!("{before}{mark}b"), 10.0, None).missing.clone();
            assert_eq!(missing, alone, "{mark:?} after {before}");
        }
    }
}

#[test]
fn lines_stand_where_they_are_told_to() {
    let mut lettering = lettering();
    for (align, share) in [(Align::Start, 0.0), (Align::Middle, 0.5), (Align::End, 1.0)] {
        let laid_out = lettering.lay_out_aligned("I\nwider", 10.0, Some(100.0), align);
        for line in &laid_out.lines {
            assert!((line.x_mm - share * (100.0 - line.width_mm)).abs() < 0.01);
            assert_eq!(line.runs[0].x_mm, line.x_mm);
        }
        let (min, max) = ink(&mut lettering, &laid_out);
        let room = 100.0 - laid_out.lines[1].width_mm;
        assert!((min.x - share * room).abs() < 1.5 && max.x < share * room + laid_out.lines[1].width_mm + 1.0);
    }
    let arabic = lettering.lay_out("مرحبا", 10.0, Some(100.0));
    if arabic.missing.is_empty() {
        assert!(arabic.lines[0].is_rtl && arabic.lines[0].x_mm > 50.0);
    }
}

#[test]
fn capitals_and_chinese_stand_in_the_middle_of_their_line() {
    let mut lettering = lettering();
    for text in ["HIE", "会国"] {
        let laid_out = lettering.lay_out(text, 100.0, None);
        if !laid_out.missing.is_empty() {
            continue;
        }
        let (min, max) = ink(&mut lettering, &laid_out);
        let off = (min.y + max.y - laid_out.size.y) / 2.0;
        assert!(off.abs() < 4.0, "{text}: {off} of 100 too low");
    }
}

#[test]
fn a_note_shrinks_its_letters_until_they_fit() {
    let mut lettering = lettering();
    let size = Vec2::new(200.0, 200.0);
    let short = lettering.lay_out_note("Ship it", 40.0, size);
    assert_eq!((short.letter_mm, short.size, short.lines.len()), (40.0, size, 1));
    let (min, max) = ink(&mut lettering, &short);
    assert!(((min + max) / 2.0 - size / 2.0).length() < 10.0, "{min} {max}");
    let word = lettering.lay_out_note("Internationalisation", 40.0, size);
    assert!(word.letter_mm < 40.0 && word.lines.len() == 1, "{word:?}");
    let long = lettering.lay_out_note(&"many words on a note ".repeat(40), 40.0, size);
    let (min, max) = ink(&mut lettering, &long);
    assert!(min.cmpge(Vec2::splat(10.0)).all() && max.cmple(Vec2::splat(190.0)).all(), "{min} {max}");
    let url = lettering.lay_out_note(&format!("https://{}", "x".repeat(200)), 40.0, size);
    assert!(url.lines.len() > 2 && url.lines.iter().all(|line| line.width_mm <= 200.0));
}

#[test]
fn without_fonts_all_is_missing_and_nothing_breaks() {
    let mut lettering = Lettering::new(Database::new());
    let laid_out = lettering.lay_out("Hi 会\nyo", 10.0, Some(50.0));
    assert_eq!(laid_out.missing, ['H', 'i', '会', 'y', 'o']);
    assert_eq!(lines(&laid_out), ["Hi 会", "yo"]);
    lettering.outlines(&laid_out, &mut |_| panic!("an outline of no font"));
    assert_eq!(lettering.lay_out_note("", 10.0, Vec2::new(f32::NAN, 1.0)).size, Vec2::ZERO);
}

#[test]
fn impossible_numbers_and_strange_text_break_nothing() {
    let mut lettering = lettering();
    let strange = [
        "\u{0}\u{7}\u{1b}[31m",
        "\u{202e}abc\u{2066}\u{2069}",
        "\u{301}\u{301}\u{301}",
        "👩‍👩‍👧‍👦🏽",
        "\u{1c}\u{1d}\u{1e}\u{85}x\u{2029}y",
        "a\u{300}\u{316}\u{317}\u{318}\u{319}",
        "نص עברית mixed 123 ١٢٣",
        "|> != -> => ::",
        "\t\ttabs",
        "क्षि ക്ഷ கூ ក្ក",
        "\u{fdfd}\u{1f1e8}\u{1f1f3}\u{e0067}",
    ];
    for text in strange {
        for letter_mm in [0.0, -1.0, f32::NAN, 1e-9, 40.0, 1e30] {
            for wrap_mm in [None, Some(0.0), Some(f32::NAN), Some(1e-6), Some(30.0), Some(1e30)] {
                let laid_out = lettering.lay_out(text, letter_mm, wrap_mm);
                assert!(laid_out.size.is_finite() && !laid_out.lines.is_empty(), "{text} {letter_mm} {wrap_mm:?}");
            }
        }
        for size in [Vec2::ZERO, Vec2::splat(1e-3), Vec2::new(-50.0, 200.0), Vec2::splat(1e5)] {
            let laid_out = lettering.lay_out_note(text, 40.0, size);
            lettering.outlines(&laid_out, &mut |outline| assert!(outline.origin.is_finite()));
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 256, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_text_is_laid_out(text in "[\\PC\\p{M}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{200d}\n\t 会abcאب]{0,60}", wrap in 1.0f32..200.0) {
        thread_local! {
            static LETTERING: std::cell::RefCell<Lettering> = std::cell::RefCell::new(lettering());
        }
        LETTERING.with_borrow_mut(|lettering| {
            let laid_out = lettering.lay_out(&text, 10.0, Some(wrap));
            assert!(laid_out.size.is_finite());
            let written: String = laid_out.lines.iter().flat_map(|line| line.text.chars()).filter(|c| !c.is_whitespace()).collect();
            let wanted: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            let sorted = |text: &str| { let mut all: Vec<_> = text.chars().collect(); all.sort_unstable(); all };
            assert_eq!(sorted(&written), sorted(&wanted), "nothing is lost");
            lettering.outlines(&laid_out, &mut |outline| assert!(outline.origin.is_finite()));
        });
    }
}

#[test]
fn it_can_work_on_a_thread_of_its_own() {
    fn is_send<T: Send + 'static>(_: &T) {}
    is_send(&lettering());
}
