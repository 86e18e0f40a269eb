//! `fullcast cache`: how much the finished clips take, and removing them.

use fullcast::{Result, make};

use super::{
    args::{Cache, CacheCommand},
    print,
    terminal::{bytes, count},
};

pub(super) fn cache(args: &Cache) -> Result<()> {
    let cache = make::clips()?;
    let (holdings, said) = match args.command.unwrap_or_default() {
        CacheCommand::Size => (cache.holdings()?, "in"),
        CacheCommand::Clean => (cache.clean()?, "removed from"),
    };
    print(&format!(
        "{}, {}, {said} {}\n",
        count(holdings.clips, "clip"),
        bytes(holdings.bytes),
        cache.folder().display()
    ))
}
