//! One minute of people who come, go, vanish and come back; `make soak` runs ten.

use std::path::Path;
use std::process::Command;

#[test]
fn a_minute_of_churn_loses_nothing() {
    let bench = Path::new(env!("CARGO_BIN_EXE_atrium-bench"));
    let server = bench.with_file_name("atrium-server");
    assert!(server.exists(), "build the server first: cargo build -p atrium-server");
    let seconds = std::env::var("ATRIUM_SOAK_SECONDS").unwrap_or_else(|_| "60".to_owned());
    let soak = Command::new(bench)
        .args(["soak", "--seconds", &seconds, "--server-binary"])
        .arg(server)
        .output()
        .expect("atrium-bench runs");
    println!("{}{}", String::from_utf8_lossy(&soak.stdout), String::from_utf8_lossy(&soak.stderr));
    assert!(soak.status.success(), "the soak kept its limits");
}
