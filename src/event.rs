//! Everything the library says while it works: the bar, the JSON lines and the closing summary listen here.
