//! Downloads go on where they broke, and what does not answer is given up.

use std::{
    fs,
    net::TcpListener,
    time::{Duration, Instant},
};

use fullcast::voice;

use super::{
    scene::{Listener, Scene, noise, url},
    server::{Manner, Server},
};

#[test]
fn a_pack_is_downloaded_and_read_back() {
    let server = Server::new();
    let (model, voice) = (noise(1, 700_000), noise(2, 5_000));
    let scene = Scene::new()
        .file(
            "model.onnx",
            &model,
            &[&url(&server.serve("/m", &model, Manner::Well))],
        )
        .file(
            "voices/ada.bin",
            &voice,
            &[&url(&server.serve("/v", &voice, Manner::Well))],
        );
    assert!(
        voice::open(&scene.pack(), scene.home.path())
            .unwrap()
            .is_none()
    );

    let installed = scene.install();
    assert_eq!(installed.read("model.onnx").unwrap(), model);
    assert_eq!(installed.read("voices/ada.bin").unwrap(), voice);
    assert_eq!(scene.heard.heard("install_started", "bytes"), ["705000"]);
    assert_eq!(
        scene.heard.heard("download", "done").last().unwrap(),
        "5000"
    );
    assert_eq!(scene.heard.heard("installed", "pack"), ["choir"]);

    let again = Scene {
        heard: Listener::default(),
        ..scene
    };
    again.install();
    assert_eq!(
        again.heard.0.lock().unwrap().len(),
        0,
        "a complete pack is left alone"
    );
    assert_eq!(server.asked(), ["/m", "/v"]);
    let opened = voice::open(&again.pack(), again.home.path())
        .unwrap()
        .unwrap();
    assert_eq!(opened.read("voices/ada.bin").unwrap(), voice);
}

#[test]
fn a_download_that_breaks_goes_on_where_it_stopped() {
    let server = Server::new();
    let bytes = noise(3, 300_000);
    let source = url(&server.serve("/m", &bytes, Manner::Cut(100_000)));
    let scene = Scene::new().file("m", &bytes, &[&source]);
    assert_eq!(scene.install().read("m").unwrap(), bytes);
    assert_eq!(server.asked(), ["/m", "/m from 100000"]);
}

#[test]
fn what_a_killed_installation_downloaded_is_not_downloaded_again() {
    let server = Server::new();
    let bytes = noise(4, 300_000);
    let source = url(&server.serve("/m", &bytes, Manner::Well));
    let scene = Scene::new().file("m", &bytes, &[&source]);
    scene.leave_part("m", &bytes[..200_000]);
    fs::write(scene.incoming().join("voices!a.draft"), "half a file").unwrap();
    assert_eq!(scene.install().read("m").unwrap(), bytes);
    assert_eq!(server.asked(), ["/m from 200000"]);
}

#[test]
fn a_server_without_ranges_begins_anew() {
    let server = Server::new();
    let bytes = noise(5, 300_000);
    let source = url(&server.serve("/m", &bytes, Manner::WithoutRanges));
    let scene = Scene::new().file("m", &bytes, &[&source]);
    scene.leave_part("m", &noise(6, 200_000));
    assert_eq!(scene.install().read("m").unwrap(), bytes);
    assert_eq!(server.asked(), ["/m from 200000"]);
}

#[test]
fn a_continued_download_that_turns_out_wrong_is_made_again_from_the_start() {
    let server = Server::new();
    let bytes = noise(7, 300_000);
    let source = url(&server.serve("/m", &bytes, Manner::Well));
    let scene = Scene::new().file("m", &bytes, &[&source]);
    scene.leave_part("m", &noise(8, 200_000));
    assert_eq!(scene.install().read("m").unwrap(), bytes);
    assert_eq!(server.asked(), ["/m from 200000", "/m"]);
}

#[test]
fn a_part_as_long_as_the_file_is_checked_and_not_believed() {
    let server = Server::new();
    let bytes = noise(9, 50_000);
    let source = url(&server.serve("/m", &bytes, Manner::Well));
    for length in [50_000, 60_000] {
        let scene = Scene::new().file("m", &bytes, &[&source]);
        scene.leave_part("m", &noise(10, length));
        assert_eq!(scene.install().read("m").unwrap(), bytes);
    }
    assert_eq!(server.asked(), ["/m", "/m"]);
}

#[test]
fn a_source_with_wrong_bytes_is_passed_over() {
    let server = Server::new();
    let bytes = noise(11, 50_000);
    let sources = [
        url(&server.serve("/other", &noise(12, 50_000), Manner::Well)),
        url(&server.serve("/short", &bytes[..40_000], Manner::Well)),
        url(&server.serve("/long", &noise(13, 60_000), Manner::Well)),
    ];
    let other = Server::new();
    let good = url(&other.serve("/m", &bytes, Manner::Well));
    let [a, b, c] = &sources;
    let scene = Scene::new().file("m", &bytes, &[a, b, c, &good]);
    assert_eq!(scene.install().read("m").unwrap(), bytes);
    let reasons = scene.heard.heard("source_failed", "reason");
    assert!(reasons[0].contains("SHA-256"), "{reasons:?}");
    assert!(
        reasons[1].contains("40000 bytes instead of 50000"),
        "{reasons:?}"
    );
    assert!(
        reasons[2].contains("60000 bytes instead of 50000"),
        "{reasons:?}"
    );
}

#[test]
fn a_page_that_is_not_there_is_told_with_what_is_tried_next() {
    let (server, other) = (Server::new(), Server::new());
    let bytes = noise(14, 1_000);
    let gone = url(&server.serve("/gone", &bytes, Manner::Missing));
    let good = url(&other.serve("/m", &bytes, Manner::Well));
    let scene = Scene::new().file("m", &bytes, &[&gone, &good]);
    scene.install();
    assert_eq!(
        scene.heard.heard("source_failed", "reason"),
        ["the server answered `404 Not Found`"]
    );
    assert_eq!(
        scene.heard.heard("source_failed", "next"),
        [format!("127.0.0.1:{}", other.port)]
    );
}

#[test]
fn a_host_that_falls_silent_is_given_up_for_all_files() {
    let (server, other) = (Server::new(), Server::new());
    let mut scene = Scene::new();
    scene.means.stall = Duration::from_secs(1);
    for name in ["a", "b", "c"] {
        let bytes = noise(15, 100_000);
        let deaf = url(&server.serve(&format!("/{name}"), &bytes, Manner::Stall(10_000)));
        let good = url(&other.serve(&format!("/{name}"), &bytes, Manner::Well));
        scene = scene.file(name, &bytes, &[&deaf, &good]);
    }
    let begun = Instant::now();
    scene.install();
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "took {:?}",
        begun.elapsed()
    );
    assert_eq!(server.asked(), ["/a"]);
    // The other server goes on from what the first one sent.
    assert_eq!(other.asked(), ["/a from 10000", "/b", "/c"]);
    assert_eq!(
        scene.heard.heard("source_failed", "reason"),
        ["nothing came for 1 s"]
    );
}

#[test]
fn a_host_that_refuses_is_asked_and_told_of_once() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let server = Server::new();
    let mut scene = Scene::new();
    for name in ["a", "b"] {
        let bytes = noise(16, 1_000);
        let dead = url(&format!("http://{closed}/{name}"));
        let good = url(&server.serve(&format!("/{name}"), &bytes, Manner::Well));
        scene = scene.file(name, &bytes, &[&dead, &good]);
    }
    scene.install();
    let reasons = scene.heard.heard("source_failed", "reason");
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    assert!(reasons[0].contains("refused"), "{reasons:?}");
}
