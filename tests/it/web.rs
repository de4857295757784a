//! A small web of our own on loopback: one server an outlet, whose answers the test sets, and which
//! remembers what it was asked. A hanging answer waits until the test lets it go, so that tests wait
//! for events, never for time.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

use crate::world::PATIENCE;

/// A server. Stops when dropped; a client that hangs is then cut off.
pub struct Web {
    address: SocketAddr,
    state: Arc<(Mutex<State>, Condvar)>,
}

/// What a path answers.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub content_type: &'static str,
    pub body: Vec<u8>,
    pub etag: Option<String>,
    /// Waited before the answer; for passes that must last.
    pub delay: Duration,
    /// No answer until the test calls `Web::let_go`.
    pub hangs: bool,
    /// The body is cut off in the middle.
    pub is_cut: bool,
}

/// One request that came.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub path: String,
    pub if_none_match: Option<String>,
    /// None as long as there is no answer.
    pub status: Option<u16>,
}

#[derive(Default)]
struct State {
    replies: HashMap<String, Reply>,
    asked: Vec<Asked>,
    /// How often `let_go` was called: a hanging answer waits for the next call.
    let_go: u64,
    is_closed: bool,
}

impl Reply {
    pub fn new(content_type: &'static str, body: impl Into<Vec<u8>>) -> Reply {
        Reply {
            status: 200,
            content_type,
            body: body.into(),
            etag: None,
            delay: Duration::ZERO,
            hangs: false,
            is_cut: false,
        }
    }

    pub fn html(body: impl Into<Vec<u8>>) -> Reply {
        Reply::new("text/html; charset=utf-8", body)
    }

    pub fn status(status: u16) -> Reply {
        Reply {
            status,
            ..Reply::html(format!("<html><body><h1>{status}</h1></body></html>"))
        }
    }

    pub fn hanging(self) -> Reply {
        Reply { hangs: true, ..self }
    }

    pub fn cut(self) -> Reply {
        Reply { is_cut: true, ..self }
    }

    pub fn delayed(self, delay: Duration) -> Reply {
        Reply { delay, ..self }
    }
}

impl Web {
    pub fn start() -> Web {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on loopback");
        let web = Web {
            address: listener.local_addr().expect("the listener's address"),
            state: Arc::default(),
        };
        let state = Arc::clone(&web.state);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if lock(&state.0).is_closed {
                    break;
                }
                let (Ok(stream), state) = (stream, Arc::clone(&state)) else {
                    continue;
                };
                // A client that was killed, or went away: nothing to do about it.
                std::thread::spawn(move || drop(converse(stream, &state)));
            }
        });
        web
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn set(&self, path: &str, reply: Reply) {
        lock(&self.state.0).replies.insert(path.to_owned(), reply);
    }

    pub fn reply(&self, path: &str) -> Option<Reply> {
        lock(&self.state.0).replies.get(path).cloned()
    }

    /// Changes a reply that is set.
    pub fn change(&self, path: &str, change: impl FnOnce(Reply) -> Reply) {
        let reply = self.reply(path).expect("a path that has a reply");
        self.set(path, change(reply));
    }

    /// All hanging answers are given now.
    pub fn let_go(&self) {
        lock(&self.state.0).let_go += 1;
        self.state.1.notify_all();
    }

    /// What was asked of this path, oldest first.
    pub fn asked(&self, path: &str) -> Vec<Asked> {
        let state = lock(&self.state.0);
        state.asked.iter().filter(|asked| asked.path == path).cloned().collect()
    }

    /// Everything that was asked so far.
    pub fn count(&self) -> usize {
        lock(&self.state.0).asked.len()
    }

    /// Returns once the path has been asked `times` times.
    pub fn wait_until_asked(&self, path: &str, times: usize) {
        self.wait_until(path, times, |_| true);
    }

    /// Returns once the path has been answered.
    pub fn wait_until_answered(&self, path: &str) {
        self.wait_until(path, 1, |asked| asked.status.is_some());
    }

    fn wait_until(&self, path: &str, times: usize, counts: impl Fn(&Asked) -> bool) {
        let is_it = |asked: &&Asked| asked.path == path && counts(asked);
        let count = |state: &mut State| state.asked.iter().filter(is_it).count() < times;
        let (state, timeout) = (self.state.1)
            .wait_timeout_while(lock(&self.state.0), PATIENCE, count)
            .expect("no panic while the lock is held");
        assert!(
            !timeout.timed_out(),
            "{path} was never asked {times} times: {:?}",
            state.asked
        );
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        lock(&self.state.0).is_closed = true;
        self.state.1.notify_all();
        // Wakes the listener up, to end.
        drop(TcpStream::connect(self.address));
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("no panic while the lock is held")
}

/// Answers on one connection until the client ends it.
fn converse(stream: TcpStream, shared: &(Mutex<State>, Condvar)) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    while let Some((path, if_none_match)) = read_request(&mut reader)? {
        let (place, reply) = {
            let mut state = lock(&shared.0);
            state.asked.push(Asked {
                path: path.clone(),
                if_none_match: if_none_match.clone(),
                status: None,
            });
            let reply = state.replies.get(&path).cloned();
            (state.asked.len() - 1, reply.unwrap_or_else(|| Reply::status(404)))
        };
        shared.1.notify_all();
        if reply.hangs {
            let state = lock(&shared.0);
            let before = state.let_go;
            let waiting = shared
                .1
                .wait_while(state, |state| state.let_go == before && !state.is_closed);
            drop(waiting.expect("no panic while the lock is held"));
        }
        std::thread::sleep(reply.delay);
        let is_same = reply.etag.is_some() && reply.etag == if_none_match;
        let status = if is_same { 304 } else { reply.status };
        lock(&shared.0).asked[place].status = Some(status);
        shared.1.notify_all();
        write_answer(&stream, status, &reply)?;
        if reply.is_cut {
            break;
        }
    }
    Ok(())
}

/// The path and `If-None-Match`; none at the end of the connection.
fn read_request(reader: &mut impl BufRead) -> io::Result<Option<(String, Option<String>)>> {
    let mut first = String::new();
    if reader.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut if_none_match = None;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            return Ok(Some((path, if_none_match)));
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("if-none-match")
        {
            if_none_match = Some(value.trim().to_owned());
        }
    }
}

fn write_answer(mut stream: &TcpStream, status: u16, reply: &Reply) -> io::Result<()> {
    let body: &[u8] = if status == 304 { b"" } else { &reply.body };
    let mut answer = format!("HTTP/1.1 {status} .\r\nContent-Length: {}\r\n", body.len());
    if status != 304 {
        answer.push_str(&format!("Content-Type: {}\r\n", reply.content_type));
    }
    if let Some(etag) = &reply.etag {
        answer.push_str(&format!("ETag: {etag}\r\n"));
    }
    answer.push_str("\r\n");
    let mut bytes = answer.into_bytes();
    bytes.extend_from_slice(if reply.is_cut { &body[..body.len() / 2] } else { body });
    stream.write_all(&bytes)
}
