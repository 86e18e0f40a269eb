//! A folder named with `--from` gives files and packages.

use std::{fs, path::Path};

use tempfile::TempDir;

use super::{
    scene::{MODEL_IN_WHEELS, Scene, VOICE_IN_TARBALL, noise, tarball, url, wheel},
    server::{Manner, Server},
};

#[test]
fn a_folder_gives_files_whatever_their_names_and_depth() {
    let folder = TempDir::new().unwrap();
    let (one, two, three) = (noise(21, 2_000), noise(22, 3_000), noise(23, 2_000));
    fs::create_dir_all(folder.path().join("some/voices")).unwrap();
    fs::write(folder.path().join("renamed"), &one).unwrap();
    fs::write(folder.path().join("some/voices/two.bin"), &two).unwrap();
    fs::write(folder.path().join("one"), &three).unwrap();
    let nowhere = url("https://fullcast.invalid/x");
    let scene = Scene::new()
        .file("one", &one, &[&nowhere])
        .file("voices/two.bin", &two, &[&nowhere])
        .from(folder.path());
    let installed = scene.install();
    assert_eq!(installed.read("one").unwrap(), one);
    assert_eq!(installed.read("voices/two.bin").unwrap(), two);
    assert_eq!(scene.heard.heard("source_failed", "source").len(), 0);
}

#[test]
fn a_folder_gives_files_out_of_downloaded_packages() {
    let folder = TempDir::new().unwrap();
    let (model, voice) = (noise(24, 70_000), noise(25, 3_000));
    let (head, tail) = model.split_at(30_000);
    wheel(
        &folder.path().join("big_model_1-0.1.0-py3-none-any.whl"),
        &[("big_model_1/part.bin", head)],
    );
    wheel(
        &folder.path().join("big_model_2-0.1.0-py3-none-any.whl"),
        &[("big_model_2/part.bin", tail)],
    );
    tarball(
        &folder.path().join("choir-js-1.2.1.tgz"),
        &[("package/voices/ada.bin", &voice)],
    );
    let scene = Scene::new()
        .file("model.onnx", &model, &[MODEL_IN_WHEELS])
        .file("voices/ada.bin", &voice, &[VOICE_IN_TARBALL])
        .from(folder.path());
    let installed = scene.install();
    assert_eq!(installed.read("model.onnx").unwrap(), model);
    assert_eq!(installed.read("voices/ada.bin").unwrap(), voice);
}

#[test]
fn a_wrong_or_broken_thing_in_the_folder_is_named_and_the_next_source_serves() {
    let folder = TempDir::new().unwrap();
    let server = Server::new();
    let (one, voice) = (noise(26, 2_000), noise(27, 3_000));
    fs::write(folder.path().join("one"), &one[..1_000]).unwrap();
    fs::write(folder.path().join("choir-js-1.2.1.tgz"), "no archive").unwrap();
    let scene = Scene::new()
        .file(
            "one",
            &one,
            &[&url(&server.serve("/one", &one, Manner::Well))],
        )
        .file(
            "ada.bin",
            &voice,
            &[
                VOICE_IN_TARBALL,
                &url(&server.serve("/v", &voice, Manner::Well)),
            ],
        )
        .from(folder.path());
    scene.install();
    let reasons = scene.heard.heard("source_failed", "reason");
    assert_eq!(reasons[0], "it has 1000 bytes instead of 2000");
    assert!(reasons[1].contains("choir-js-1.2.1.tgz"), "{reasons:?}");
}

#[test]
fn a_folder_that_is_not_there_is_an_error_before_anything_is_asked() {
    let server = Server::new();
    let bytes = noise(28, 1_000);
    let scene = Scene::new()
        .file(
            "one",
            &bytes,
            &[&url(&server.serve("/one", &bytes, Manner::Well))],
        )
        .from(Path::new("/no/such/folder"));
    let (message, hint) = scene.failure();
    assert!(message.contains("/no/such/folder"), "{message}");
    assert!(hint.contains("--from"), "{hint}");
    assert!(server.asked().is_empty());
}
