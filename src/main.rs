//! The `strobecheck` command.

fn main() -> std::process::ExitCode {
    strobecheck::cli::run()
}
