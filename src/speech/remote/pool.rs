//! Servers that speak alike, and which of them is free and well.

use std::{
    sync::{Condvar, Mutex, MutexGuard},
    time::{Duration, Instant},
};

/// The shortest and the longest rest of a server after failures in a row.
const REST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(30);
/// How much the newest answer's time counts in the mean.
const NEWEST: f64 = 0.2;

/// The servers of one backend.
pub(super) struct Pool {
    servers: Mutex<Vec<Server>>,
    freed: Condvar,
    limit: usize,
}

/// What is known of one server.
struct Server {
    url: String,
    busy: usize,
    /// Failures since the last good answer.
    failures: u32,
    rests_until: Option<Instant>,
    /// Mean time of an answer, in seconds; 0 before the first.
    latency: f64,
}

/// A place at one server; given back by [`Pool::leave`].
#[derive(Clone, Debug)]
pub(super) struct Seat {
    index: usize,
    pub(super) url: String,
    since: Instant,
}

/// How a server did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Outcome {
    /// It answered, whatever it thought of the request.
    Answered,
    /// It failed; it rests, the longer the more often it failed.
    Failed,
    /// It asked for a rest.
    Rest(Duration),
}

impl Pool {
    /// `limit` lines at once for each of the servers.
    pub(super) fn new(urls: Vec<String>, limit: usize) -> Self {
        let server = |url| Server {
            url,
            busy: 0,
            failures: 0,
            rests_until: None,
            latency: 0.0,
        };
        Self {
            servers: Mutex::new(urls.into_iter().map(server).collect()),
            freed: Condvar::new(),
            limit,
        }
    }

    /// How many lines can be on their way at once.
    pub(super) fn seats(&self) -> usize {
        self.lock().len() * self.limit
    }

    /// Waits for a place at the server that is well, has most room and answers soonest, but not at `avoid` if another
    /// is well; `None` if there is none before `deadline`.
    pub(super) fn enter(&self, avoid: Option<&str>, deadline: Instant) -> Option<Seat> {
        let mut servers = self.lock();
        loop {
            let now = Instant::now();
            if let Some(index) = best(&servers, self.limit, avoid, now) {
                let server = &mut servers[index];
                server.busy += 1;
                return Some(Seat {
                    index,
                    url: server.url.clone(),
                    since: now,
                });
            }
            let awake = servers.iter().filter_map(|server| server.rests_until);
            let awake = awake.filter(|until| *until > now).min().unwrap_or(deadline);
            let wait = awake.min(deadline).saturating_duration_since(now);
            if now >= deadline {
                return None;
            }
            let wait = wait.max(Duration::from_millis(1));
            servers = match self.freed.wait_timeout(servers, wait) {
                Ok((servers, _)) => servers,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }

    /// Gives a place back and tells how the server did.
    pub(super) fn leave(&self, seat: &Seat, outcome: Outcome) {
        let mut servers = self.lock();
        let server = &mut servers[seat.index];
        server.busy -= 1;
        match outcome {
            Outcome::Answered => {
                server.failures = 0;
                server.rests_until = None;
                let took = seat.since.elapsed().as_secs_f64();
                server.latency +=
                    (took - server.latency) * if server.latency > 0.0 { NEWEST } else { 1.0 };
            }
            Outcome::Failed => {
                let rest = rest(server.failures, &server.url);
                server.failures += 1;
                server.rests_until = Some(Instant::now() + rest);
            }
            Outcome::Rest(wanted) => {
                let until = Instant::now() + wanted;
                server.rests_until =
                    Some(server.rests_until.map_or(until, |rests| rests.max(until)));
            }
        }
        drop(servers);
        self.freed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Server>> {
        // A count of places is whole at every step, so a panic elsewhere leaves nothing half done.
        self.servers
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// How long a server rests after its failure number `failures` in a row: twice as long each time, and up to half as
/// long again, so that not all come back at once (Amazon's "exponential backoff and jitter").
pub(super) fn rest(failures: u32, salt: &str) -> Duration {
    let rest = REST.saturating_mul(1 << failures.min(10)).min(LONGEST);
    let hash = blake3::hash(format!("{salt} {failures}").as_bytes());
    rest + rest.mul_f64(f64::from(hash.as_bytes()[0]) / 512.0)
}

fn best(servers: &[Server], limit: usize, avoid: Option<&str>, now: Instant) -> Option<usize> {
    let well = |server: &Server| server.rests_until.is_none_or(|until| until <= now);
    let others_well = servers
        .iter()
        .any(|server| well(server) && Some(server.url.as_str()) != avoid);
    let open = servers.iter().enumerate().filter(|(_, server)| {
        well(server) && server.busy < limit && !(others_well && Some(server.url.as_str()) == avoid)
    });
    // The least load first: how long the lines before would take there.
    open.min_by(|(_, one), (_, other)| {
        one.busy
            .cmp(&other.busy)
            .then(one.latency.total_cmp(&other.latency))
    })
    .map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_millis(20)
    }

    fn pool() -> Pool {
        Pool::new(vec!["a".into(), "b".into()], 2)
    }

    #[test]
    fn lines_are_spread_over_servers_up_to_the_limit_of_each() {
        let pool = pool();
        let mut urls: Vec<String> = (0..4)
            .map(|_| pool.enter(None, soon()).expect("a place").url)
            .collect();
        assert_ne!(urls[0], urls[1]);
        urls.sort();
        assert_eq!(urls, ["a", "a", "b", "b"]);
        assert!(pool.enter(None, soon()).is_none());
    }

    #[test]
    fn a_server_that_failed_rests_and_comes_back() {
        let pool = pool();
        let seat = pool.enter(Some("b"), soon()).expect("a place");
        assert_eq!(seat.url, "a");
        pool.leave(&seat, Outcome::Failed);
        for _ in 0..2 {
            assert_eq!(pool.enter(None, soon()).expect("a place").url, "b");
        }
        assert!(pool.enter(None, soon()).is_none());
        let later = Instant::now() + Duration::from_secs(2);
        assert_eq!(pool.enter(None, later).expect("a place").url, "a");
    }

    #[test]
    fn the_one_who_failed_a_line_is_asked_again_only_if_no_other_is_well() {
        let pool = pool();
        assert_eq!(pool.enter(Some("a"), soon()).expect("a place").url, "b");
        let alone = Pool::new(vec!["a".into()], 1);
        assert_eq!(alone.enter(Some("a"), soon()).expect("a place").url, "a");
    }

    #[test]
    fn rests_grow_and_end() {
        assert!(rest(3, "x") > rest(0, "x"));
        assert!(rest(60, "x") <= LONGEST * 2);
        assert_ne!(rest(3, "x"), rest(3, "y"));
    }
}
