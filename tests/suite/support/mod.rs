//! What several tests share.

pub(crate) mod oracle;
pub(crate) mod random_scenario;
