//! A few seconds from mouth to ear, on whatever machine: the figures of docs/BENCHMARKS.md come from `atrium-bench ear`.

use serde_json::Value;
use std::path::Path;
use std::process::Command;

#[test]
fn a_word_gets_from_mouth_to_ear() {
    let bench = Path::new(env!("CARGO_BIN_EXE_atrium-bench"));
    let server = bench.with_file_name("atrium-server");
    assert!(server.exists(), "build the server first: cargo build -p atrium-server");
    let ear =
        Command::new(bench).args(["ear", "--seconds", "5", "--json", "--server-binary"]).arg(server).output().unwrap();
    println!("{}{}", String::from_utf8_lossy(&ear.stdout), String::from_utf8_lossy(&ear.stderr));
    assert!(ear.status.success(), "it ends well");
    let report: Value = serde_json::from_slice(&ear.stdout).unwrap();
    let heard_ms = report["mouth_to_ear_ms"]["p50"].as_f64().unwrap();
    assert!((40.0..120.0).contains(&heard_ms), "{heard_ms} ms");
    // Sound says how late it is, and packets say it: both must agree but for what filters turn.
    let stages_ms = report["sum_of_stages_ms"].as_f64().unwrap();
    assert!((heard_ms - stages_ms).abs() < 15.0, "{heard_ms} ms heard, {stages_ms} ms by stages");
    assert!(report["concealed"].as_f64().unwrap() < 0.1);
}
