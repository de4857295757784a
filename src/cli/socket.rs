//! The Unix socket of `watch`: one question a connection, a line of JSON each way. A query that
//! finds the socket asks there, and needs no turn at the base's lock.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixListener;

use super::correct::Decisions;
use crate::pipeline::ask::{self, Question, Reply};
use crate::pipeline::base::{self, Access, BaseError, LazyReader};

/// Longest question that is read.
const MOST_QUESTION_BYTES: u64 = 64 * 1024;
/// Longest answer that is read.
const MOST_ANSWER_BYTES: u64 = 256 * 1024 * 1024;
/// Pause after a connection that could not be taken.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);
/// How long a client may take over its question.
const QUESTION_TIME: Duration = Duration::from_secs(5);

/// What goes back over the socket.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Line {
    Reply(Reply),
    Error(String),
}

/// The socket's usual place.
pub fn path(store: &Path) -> PathBuf {
    store.join("vigie.sock")
}

/// Asks a running `watch`; `None` when nobody listens there or the answer cannot be read: then the
/// base itself is to be asked.
pub fn ask(socket: &Path, question: &Question, wait: Duration) -> Option<Reply> {
    let mut stream = UnixStream::connect(socket).ok()?;
    stream.set_read_timeout(Some(wait.max(Duration::from_secs(1)))).ok()?;
    let mut line = serde_json::to_vec(question).ok()?;
    line.push(b'\n');
    stream.write_all(&line).ok()?;
    let mut answer = String::new();
    BufReader::new(stream.take(MOST_ANSWER_BYTES))
        .read_line(&mut answer)
        .ok()?;
    match serde_json::from_str(&answer) {
        Ok(Line::Reply(reply)) => Some(reply),
        Ok(Line::Error(error)) => {
            tracing::warn!(error, "the running watch could not answer; asking the base");
            None
        }
        Err(_) => None,
    }
}

/// A socket that listens; its file is removed when dropped.
pub struct Listening {
    listener: UnixListener,
    _removed: RemoveOnDrop,
}

/// Makes the socket. A file that a killed watch left behind is replaced; any other file stays. Errs
/// with `AddrInUse` when another process answers there.
pub fn listen(socket: &Path) -> std::io::Result<Listening> {
    match std::fs::symlink_metadata(socket) {
        Ok(found) if !found.file_type().is_socket() => {
            return Err(std::io::Error::other(
                "there is a file of that name, and it is no socket",
            ));
        }
        Ok(_) if UnixStream::connect(socket).is_ok() => return Err(ErrorKind::AddrInUse.into()),
        Ok(_) => std::fs::remove_file(socket)?,
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    Ok(Listening {
        listener: UnixListener::bind(socket)?,
        _removed: RemoveOnDrop(socket.to_owned()),
    })
}

/// Answers questions until the future is dropped.
pub async fn serve(listening: Listening, access: Access, decisions: Arc<Decisions>) -> std::io::Result<()> {
    loop {
        let stream = match listening.listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Out of descriptors, say: passes go on, and so do later questions.
                tracing::warn!(%error, "a question on the socket could not be taken");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let (access, decisions) = (access.clone(), Arc::clone(&decisions));
        tokio::spawn(async move {
            if let Err(error) = answer_one(stream, access, decisions).await {
                tracing::debug!(%error, "a question on the socket was not answered");
            }
        });
    }
}

async fn answer_one(stream: tokio::net::UnixStream, access: Access, decisions: Arc<Decisions>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut question = String::new();
    let mut lines = tokio::io::BufReader::new(read.take(MOST_QUESTION_BYTES));
    tokio::time::timeout(QUESTION_TIME, lines.read_line(&mut question)).await??;
    let line = match serde_json::from_str::<Question>(&question) {
        Err(error) => Line::Error(format!("not a question: {error}")),
        Ok(question) => {
            let answered =
                tokio::task::spawn_blocking(move || from_base(&access, &decisions.latest(), &question)).await;
            match answered {
                Ok(Ok(reply)) => Line::Reply(reply),
                Ok(Err(error)) => Line::Error(error.to_string()),
                Err(error) => Line::Error(error.to_string()),
            }
        }
    };
    let mut text = serde_json::to_vec(&line)?;
    text.push(b'\n');
    write.write_all(&text).await?;
    write.shutdown().await
}

/// Answers from the base, opened for the moment.
pub fn from_base(access: &Access, reader: &LazyReader, question: &Question) -> Result<Reply, BaseError> {
    let store = base::open(access, reader, Timestamp::now())?;
    Ok(ask::reply(store.as_ref(), reader.get()?, question)?)
}

struct RemoveOnDrop(PathBuf);

impl Drop for RemoveOnDrop {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
