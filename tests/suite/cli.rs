//! The command as a user calls it: each case is a file in `tests/cli`.

#[test]
fn commands_do_what_their_cases_say() {
    trycmd::TestCases::new().case("tests/cli/*.trycmd").case("README.md").case("src/guide/*.md");
}
