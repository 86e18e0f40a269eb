//! `fullcast cache`: how much the finished clips take, and removing them.

use fullcast::{Result, clip::ClipCache, make::clips_folder};

use super::{
    args::{Cache, CacheCommand},
    print,
    terminal::bytes,
};

pub(super) fn cache(args: &Cache) -> Result<()> {
    let folder = clips_folder();
    let cache = ClipCache::open(&folder)?;
    let (holdings, said) = match args.command.unwrap_or_default() {
        CacheCommand::Size => (cache.holdings()?, "in"),
        CacheCommand::Clean => (cache.clean()?, "removed from"),
    };
    print(&format!(
        "{} clips, {}, {said} {}\n",
        holdings.clips,
        bytes(holdings.bytes),
        folder.display()
    ))
}
