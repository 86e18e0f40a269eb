//! The page of licences is complete.

#[test]
fn every_linked_crate_stands_on_the_page_of_licences() {
    let lock: toml::Table = include_str!("../../Cargo.lock").parse().unwrap();
    let page = include_str!("../../LICENSES.md");
    let named: Vec<_> = page.split(|mark: char| " ,;`|\n".contains(mark)).collect();
    let packages = lock["package"].as_array().unwrap();
    let missing: Vec<_> = packages
        .iter()
        .filter_map(|package| package["name"].as_str())
        .filter(|name| !named.contains(name))
        .collect();
    assert!(packages.len() > 100, "the lock file was not understood");
    assert!(
        missing.is_empty(),
        "make the page anew, it lacks {missing:?}"
    );
}

#[test]
fn every_file_of_the_voice_pack_has_its_licence_on_the_page() {
    let page = include_str!("../../LICENSES.md");
    for file in fullcast::voice::Pack::kokoro().files() {
        let folder = file
            .name
            .split_once('/')
            .map_or(&*file.name, |(folder, _)| folder);
        assert!(page.contains(folder), "{folder} is not on the page");
    }
    assert!(page.contains("Software License for The Fraunhofer FDK AAC Codec Library for Android"));
}
