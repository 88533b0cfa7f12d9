//! A few people draw for a few seconds, and a small board is joined late: the figures of docs/BENCHMARKS.md come from
//! `atrium-bench board`.

use serde_json::Value;
use std::path::Path;
use std::process::Command;

#[test]
fn what_a_few_draw_is_acknowledged_and_seen_late() {
    let bench = Path::new(env!("CARGO_BIN_EXE_atrium-bench"));
    let server = bench.with_file_name("atrium-server");
    assert!(server.exists(), "build the server first: cargo build -p atrium-server");
    let arguments = ["board", "--participants", "3", "--elements", "300", "--seconds", "4", "--json"];
    let board = Command::new(bench).args(arguments).arg("--server-binary").arg(server).output().unwrap();
    let said = String::from_utf8_lossy(&board.stderr);
    println!("{}{said}", String::from_utf8_lossy(&board.stdout));
    if said.contains("set TMPDIR") {
        return println!("skipped: temporary files are in memory here");
    }
    assert!(board.status.success(), "it ends well");
    let report: Value = serde_json::from_slice(&board.stdout).unwrap();
    assert_eq!((&report["people"], &report["elements"]), (&3.into(), &300.into()));
    let operations = report["ops_per_s"].as_f64().unwrap();
    assert!((10.0..13.0).contains(&operations), "{operations} operations a second of three people");
    for delays in ["ack_ms", "fsync_ms"] {
        assert!(report[delays]["p99"].as_f64().unwrap() > 0.0, "{delays}");
    }
    // 64 points take at most 3 bytes each, and a stroke is little more than its points.
    let bytes = report["late_join_bytes"].as_f64().unwrap() / 300.0;
    assert!((50.0..400.0).contains(&bytes), "{bytes} bytes a stroke");
}
