//! The small world of a test: outlets on loopback, a `feeds.toml`, a store in a folder that is thrown
//! away, and the real binary, with verbs for what a user does. Every wait is bounded.

use std::cell::RefCell;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::outlet::Outlet;

/// The longest wait for anything: far beyond what a loaded machine needs.
pub const PATIENCE: Duration = Duration::from_secs(240);

/// How often a file or a process is looked at again.
const POLL: Duration = Duration::from_millis(5);

pub struct World {
    folder: TempDir,
    /// The `[defaults]` of `feeds.toml`.
    defaults: RefCell<String>,
    /// The feeds: id and address.
    feeds: RefCell<Vec<(String, String)>>,
    /// Outlets live as long as their world.
    outlets: RefCell<Vec<Rc<Outlet>>>,
}

/// A command that ended.
#[derive(Debug)]
pub struct Done {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// A command under way; killed when dropped.
pub struct Running {
    child: Child,
    stdout: PathBuf,
    stderr: PathBuf,
}

impl World {
    /// An empty world.
    pub fn new() -> World {
        World {
            folder: tempfile::tempdir().expect("a temporary folder"),
            defaults: RefCell::new("timeout = \"60s\"\nconcurrency = 8\nper_host_delay = \"0s\"\n".to_owned()),
            feeds: RefCell::default(),
            outlets: RefCell::default(),
        }
    }

    /// Replaces the `[defaults]` of `feeds.toml`.
    pub fn defaults(&self, toml: &str) {
        toml.clone_into(&mut self.defaults.borrow_mut());
        self.write_feeds();
    }

    /// One more outlet with a feed, in `feeds.toml` behind the others.
    pub fn outlet(&self, id: &str) -> Rc<Outlet> {
        let outlet = Rc::new(Outlet::start(id));
        self.outlets.borrow_mut().push(Rc::clone(&outlet));
        self.feed(id, &outlet.web.url("/feed"));
        outlet
    }

    /// One more feed in `feeds.toml`, at any address.
    pub fn feed(&self, id: &str, url: &str) {
        self.feeds.borrow_mut().push((id.to_owned(), url.to_owned()));
        self.write_feeds();
    }

    fn write_feeds(&self) {
        let mut toml = format!("[defaults]\n{}\n", self.defaults.borrow());
        for (id, url) in self.feeds.borrow().iter() {
            toml.push_str(&format!(
                "[[feed]]\nid = \"{id}\"\nurl = \"{url}\"\noutlet = \"{id}\"\ntopic = \"presse\"\n\n"
            ));
        }
        self.write("feeds.toml", toml);
    }

    /// A path in the world's folder, where commands run.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file in the folder")).expect("the folder can be made");
        fs::write(&path, text).expect("the file can be written");
        path
    }

    /// Runs a command in the world's folder. The store is `vigie-data`, the feeds are `feeds.toml`.
    pub fn vigie(&self, args: &[&str]) -> Done {
        self.vigie_with(args, "")
    }

    /// The same with something on stdin.
    pub fn vigie_with(&self, args: &[&str], stdin: impl Into<Vec<u8>>) -> Done {
        let mut command = assert_cmd::Command::from_std(self.command(args));
        let output = command.write_stdin(stdin).timeout(PATIENCE).output();
        let output = output.expect("the command runs and ends in time");
        Done {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        }
    }

    /// The command, not yet run.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("VIGIE_") {
                command.env_remove(name);
            }
        }
        command
            .args(args)
            .current_dir(self.folder.path())
            .env("VIGIE_ALLOW_PRIVATE", "1")
            .env_remove("NO_COLOR");
        command
    }

    /// Starts a command and leaves it to itself.
    pub fn start(&self, args: &[&str]) -> Running {
        let (stdout, stdout_path) = tempfile::NamedTempFile::new_in(self.folder.path())
            .and_then(|file| Ok(file.keep()?))
            .expect("a file for stdout");
        let (stderr, stderr_path) = tempfile::NamedTempFile::new_in(self.folder.path())
            .and_then(|file| Ok(file.keep()?))
            .expect("a file for stderr");
        let (stdout, stderr): (File, File) = (stdout, stderr);
        let child = self
            .command(args)
            .stdin(Stdio::null())
            .stdout(stdout)
            .stderr(stderr)
            .spawn()
            .expect("the program starts");
        Running {
            child,
            stdout: stdout_path,
            stderr: stderr_path,
        }
    }

    /// One pass over all feeds, due or not.
    pub fn collect(&self) -> Done {
        self.vigie(&["collect", "--force"])
    }

    /// The report of one pass over all feeds, due or not, and its exit code.
    pub fn report(&self) -> (Value, Option<i32>) {
        let done = self.vigie(&["collect", "--force", "--report", "json"]);
        (done.json(), done.code)
    }

    /// Every incident, as JSON, with what stands behind the answer.
    pub fn everything(&self) -> Value {
        self.everything_in("vigie-data")
    }

    /// The same for another store.
    pub fn everything_in(&self, store: &str) -> Value {
        let args = [
            "query",
            "--store",
            store,
            "--country",
            "all",
            "--recalled",
            "--format",
            "json",
        ];
        self.vigie(&args).ok().json()
    }

    /// The articles kept, by the coverage of an answer.
    pub fn articles(&self) -> u64 {
        self.everything()["coverage"]["articles"].as_u64().expect("a number")
    }

    /// The one file of the archive: the tests stay in one month, unless they run at its very end.
    pub fn archive_file(&self) -> PathBuf {
        let mut files: Vec<PathBuf> = fs::read_dir(self.path("vigie-data/archive"))
            .expect("an archive")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.to_string_lossy().ends_with(".ndjson.zst"))
            .collect();
        files.sort();
        files.pop().expect("a month's file")
    }
}

impl Done {
    /// Asserts exit code 0.
    #[track_caller]
    pub fn ok(self) -> Done {
        self.code(0)
    }

    /// Asserts the exit code.
    #[track_caller]
    pub fn code(self, code: i32) -> Done {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// Asserts that stderr has these words.
    #[track_caller]
    pub fn says(self, words: &str) -> Done {
        assert!(self.stderr.contains(words), "no `{words}` in\n{self}");
        self
    }

    /// Asserts that stdout has these words.
    #[track_caller]
    pub fn prints(self, words: &str) -> Done {
        assert!(self.stdout.contains(words), "no `{words}` in\n{self}");
        self
    }

    /// stdout as one JSON document.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in\n{self}"))
    }

    /// stdout as one JSON document a line.
    #[track_caller]
    pub fn lines(&self) -> Vec<Value> {
        let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in\n{self}"));
        self.stdout.lines().map(parse).collect()
    }

    /// The line of the report that begins with this feed's id.
    #[track_caller]
    pub fn feed_line(&self, id: &str) -> &str {
        let of_feed = |line: &&str| line.split_whitespace().next() == Some(id);
        self.stderr
            .lines()
            .find(of_feed)
            .unwrap_or_else(|| panic!("no line of {id} in\n{self}"))
    }
}

impl std::fmt::Display for Done {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "exit code {:?}\n--- stdout\n{}\n--- stderr\n{}\n---",
            self.code, self.stdout, self.stderr
        )
    }
}

impl Running {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("it can be waited for").is_none()
    }

    /// SIGKILL, wherever it is. Returns whether it was still running.
    pub fn kill(&mut self) -> bool {
        let was_running = self.is_running();
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it can be waited for");
        was_running
    }

    /// SIGTERM, as systemd does it.
    pub fn terminate(&self) {
        let kill = Command::new("kill").arg("-TERM").arg(self.pid().to_string()).status();
        assert!(kill.expect("`kill` runs").success());
    }

    /// Waits for its end.
    #[track_caller]
    pub fn wait(mut self) -> Done {
        let mut status: Option<ExitStatus> = None;
        until("the command ends", || {
            status = self.child.try_wait().expect("it can be waited for");
            status.is_some()
        });
        let read = |path: &Path| String::from_utf8(fs::read(path).expect("its output")).expect("UTF-8");
        Done {
            code: status.and_then(|status| status.code()),
            stdout: read(&self.stdout),
            stderr: read(&self.stderr),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail when it has ended before, which is as well.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Returns once it is so.
#[track_caller]
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        std::thread::sleep(POLL);
    }
}
