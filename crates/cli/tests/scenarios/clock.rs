//! The machine's clock: believed where it can be right, and never in silence where it cannot.

use std::process::Command;

use crate::scene::{Ran, Scene};

/// Runs the command on a machine whose clock stands still at a time, Unix seconds: a library in front of libc's says so.
fn at(scene: &Scene, time: i64, line: &str) -> Ran {
    let name = format!("clock{time}.so");
    if !scene.path(&name).exists() {
        // Without a header, so that the linker that Rust needs anyway is all that it takes.
        scene.write(
            "clock.c",
            &format!(
                "struct time {{ long seconds, nanoseconds; }};\n\
                 int clock_gettime(int clock, struct time *out) {{ out->seconds = {time}L; out->nanoseconds = 0; return 0; }}\n"
            ),
        );
        let made =
            Command::new("cc").args(["-shared", "-fPIC", "-o", &name, "clock.c"]).current_dir(scene.path(".")).status();
        assert!(made.expect("cc runs").success());
    }
    let shell = format!("export LD_PRELOAD={}; exec", scene.path(&name).display());
    scene.run_under(&shell, &line.split_whitespace().collect::<Vec<_>>(), "")
}

#[test]
fn a_clock_that_cannot_be_right_is_refused_until_the_time_is_said() {
    let scene = Scene::new();
    let good = "2026-12-01T00:00:00Z";
    scene.run(&format!("generate --design design.yaml --out lab --now {good}")).ended(0);
    scene.run(&format!("break --design design.yaml --out broken --now {good}")).ended(0);
    let cert = "lab/nodes/cp-1/etc/kubernetes/pki/apiserver-kubelet-client.crt";
    let credential = format!("credential {cert}");
    let dated = [
        ("generate --design design.yaml --out new.zip", "--now"),
        ("break --design design.yaml --out new", "--now"),
        ("verify lab", "--now"),
        ("audit lab --out new.html", "--now"),
        (&*credential, "--now"),
        ("show timeline --design design.yaml", "--now"),
        ("show handshake --design design.yaml", "--now"),
        ("handshake --pki broken --from kubectl --to kube-apiserver", "--at"),
    ];
    let before = scene.names().len();
    for (time, shown, why) in [
        (3, "1970-01-01T00:00:03Z", "lies before this version was made (2026-11-23)"),
        (-86_400, "1969-12-31T00:00:00Z", "lies before this version was made"),
        (4_000_000_000, "2096-10-02T07:06:40Z", "lies more than two years after this version was made"),
    ] {
        for (line, option) in dated {
            let ran = at(&scene, time, line).ended(1);
            let ran = ran.complained(&format!("this machine's clock says {shown}, which {why}"));
            ran.complained("date -s").complained(&format!("{option} TIME"));
        }
        // What shows no time needs none.
        at(&scene, time, "show files --design design.yaml").ended(0);
        at(&scene, time, "plan --design design.yaml").ended(0);
    }
    // The library for each clock and its source; nothing else.
    assert_eq!(scene.names().len(), before + 4, "{:?}", scene.names());
    for (line, option) in dated {
        at(&scene, 3, &format!("{line} {option} {good}")).ended(0);
    }
}

#[test]
fn a_clock_that_can_be_right_is_believed() {
    let scene = Scene::new();
    at(&scene, 1_795_466_340, "generate --design design.yaml --out lab.zip")
        .ended(0)
        .said("issued at 2026-11-23T20:39:00Z");
}

/// An odd time that was said is taken as said, as far as a certificate can say it.
#[test]
fn a_time_that_no_certificate_can_hold_is_bad_input_and_the_range_is_told() {
    let scene = Scene::new();
    for command in ["generate --design design.yaml", "break --design design.yaml --fault expired:apiserver"] {
        for time in
            ["9999-12-31T23:59:59Z", "9990-01-03T00:00:00Z", "0000-01-01T00:00:00Z", "0000-01-01T00:00:00+14:00"]
        {
            let ran = scene.run(&format!("{command} --out new --now {time}")).ended(2);
            let ran =
                ran.complained("error: --now: ").complained("is not a possible issue time; choose one between 000");
            ran.complained("and 9990-01-02T23:59:59Z, because certificates write years with four digits");
        }
        scene.run(&format!("{command} --out old --now 1970-01-02T00:00:00Z")).ended(0);
        std::fs::remove_dir_all(scene.path("old")).expect("removed");
    }
    assert_eq!(scene.names(), ["design.yaml"]);
    scene.run("generate --design design.yaml --out late.zip --now 9990-01-02T23:59:59Z").ended(0);
    scene.run("generate --design design.yaml --out early.zip --now 0000-01-01T00:05:00Z").ended(0);
}
