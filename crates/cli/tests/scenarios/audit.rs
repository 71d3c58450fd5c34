//! `audit`: the page is of its export, complete, and without a secret.

use std::fs;

use crate::scene::Scene;

/// An export, as a zip and as a folder.
fn generated() -> Scene {
    let scene = Scene::new();
    scene.run("generate --design design.yaml --out lab.zip --now 2026-11-23T20:39:00Z").ended(0);
    scene.run("generate --reproduce lab.zip --out lab").ended(0);
    scene
}

/// The page as it is read: without what only tells where a line may break.
fn read(scene: &Scene, name: &str) -> String {
    String::from_utf8(scene.read(name)).expect("text").replace("<wbr>", "")
}

#[test]
fn the_page_agrees_with_record_inventory_and_checks() {
    let scene = generated();
    scene.run("audit lab.zip --out audit.html").ended(0);
    assert_eq!(scene.mode("audit.html"), 0o644);
    let page = read(&scene, "audit.html");
    let record = read(&scene, "lab/ceremony.txt");
    let prints: Vec<&str> = record.lines().map(str::trim).filter(|line| line.matches(':').count() == 31).collect();
    assert_eq!(prints.len(), 15, "{record}");
    prints.iter().for_each(|print| assert!(page.contains(&format!("<code>{print}</code>")), "{print}"));
    let design = record.lines().find_map(|line| line.strip_prefix("Design        ")?.strip_suffix(" (design.yaml)"));
    assert!(page.contains(design.expect("the design's sum")), "{design:?}");

    let inventory: serde_json::Value = serde_json::from_slice(&scene.read("lab/inventory.json")).expect("JSON");
    let all = ["certificates", "keyPairs"].map(|name| inventory[name].as_array().expect("a list").clone()).concat();
    let mut places = 0;
    for path in all.iter().flat_map(|one| one["privateKeyIn"].as_array().expect("a list")) {
        let cell = format!("<td><code>{}</code>", path.as_str().expect("a path"));
        assert_eq!(page.matches(&cell).count(), 1, "{cell}");
        places += 1;
    }
    assert!(page.contains(&format!("<caption>16 private keys in {places} places</caption>")));

    let checks = scene.run("show cis --design design.yaml --format json").ended(0).out;
    let checks: serde_json::Value = serde_json::from_str(&checks).expect("JSON");
    let checks = checks["checks"].as_array().expect("a list");
    let of = |state: &str| checks.iter().filter(|one| one["state"] == state).collect::<Vec<_>>();
    let failing = of("fail");
    assert!(!failing.is_empty() && page.contains(&format!("Deviations from the CIS checks: {}</h2>", failing.len())));
    for one in failing {
        let id = one["id"].as_str().expect("an id");
        let from = page.find(&format!("id=\"cis-{id}\"")).unwrap_or_else(|| panic!("{id} is no deviation"));
        let part = &page[from..from + page[from..].find("</section>").expect("its end")];
        let evidence = one["evidence"].as_array().expect("a list").iter().map(|line| line.as_str().expect("a line"));
        evidence.for_each(|line| assert!(part.contains(&format!("<li><code>{line}</code></li>")), "{id}: {part}"));
        assert!(part.contains("role=\"textbox\""), "{id} has room for a reason");
    }
    for one in of("pass") {
        assert!(!page.contains(&format!("id=\"cis-{}\"", one["id"].as_str().expect("an id"))));
    }
    assert_eq!(page.matches("does not</span>").count(), of("look").len());
    assert_eq!(
        page.matches("<td class=\"write\"></td><td class=\"write\"></td><td class=\"write\">").count(),
        2,
        "signatures"
    );
}

#[test]
fn no_secret_is_in_it_and_nothing_runs() {
    let scene = generated();
    let page = scene.run("audit lab").ended(0).out;
    let inventory: serde_json::Value = serde_json::from_slice(&scene.read("lab/inventory.json")).expect("JSON");
    let all = ["certificates", "keyPairs"].map(|name| inventory[name].as_array().expect("a list").clone()).concat();
    let mut searched = 0;
    for path in all.iter().flat_map(|one| one["privateKeyIn"].as_array().expect("a list")) {
        let text = fs::read_to_string(scene.path("lab").join(path.as_str().expect("a path"))).expect("a key file");
        let lines = text.lines().filter(|line| !line.starts_with("-----"));
        // In a kubeconfig what is secret stands in one field, as base64 of the PEM.
        let secret = match text.contains("client-key-data") {
            true => lines.filter_map(|line| line.trim().strip_prefix("client-key-data: ")).collect::<String>(),
            false => lines.collect::<String>(),
        };
        for at in (0..secret.len().saturating_sub(24)).step_by(8) {
            assert!(!page.contains(&secret[at..at + 24]), "{path}");
            searched += 1;
        }
    }
    assert!(searched > 200, "{searched}");
    for bad in ["PRIVATE", "BEGIN ", "<script", "javascript:", " onload=", "http:", "https:", "<img", "<link", "url("] {
        assert!(!page.contains(bad), "{bad}");
    }
    assert!(page.contains("default-src 'none'; style-src 'sha256-"));
}

#[test]
fn it_is_the_same_from_zip_and_folder_and_after_everything_expired() {
    let scene = generated();
    let out = scene.run("audit lab.zip").ended(0).out;
    assert_eq!(scene.run("audit lab").ended(0).out, out);
    scene.run("generate --design design.yaml --out old.zip --now 2001-01-01T00:00:00Z").ended(0);
    let old =
        scene.run("audit old.zip").ended(0).complained("warning: apiserver@cp-1: expired at 2002-01-01T00:00:00Z");
    assert!(old.out.contains("2002-01-01T00:00:00Z: apiserver@cp-1 and"), "{}", old.out);
}

#[test]
fn nothing_unsound_is_audited_and_nothing_overwritten() {
    let scene = generated();
    scene.write("audit.html", "mine");
    scene.run("audit lab.zip --out audit.html").ended(1).complained("exists already");
    assert_eq!(scene.read("audit.html"), b"mine");
    scene.write("lab/README.md", "trust me");
    let ran = scene.run("audit lab --out other.html");
    assert_eq!(ran.out, "");
    ran.ended(3).complained("README.md: error: is not what follows from the design and the keys");
    scene.run("audit design.yaml").ended(2).complained("design.yaml: error: ");
    assert_eq!(scene.names(), ["audit.html", "design.yaml", "lab", "lab.zip"]);
}
