//! What several tests share.

pub(crate) mod judging;
pub(crate) mod oracle;
pub(crate) mod random_rig;
pub(crate) mod random_scenario;
