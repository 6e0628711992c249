//! The specs that are built in, by name.

mod numbers;

pub use numbers::Number;

/// A built-in spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// What `--profile` and `extends` call it.
    pub name: &'static str,
    /// The spec, as a file would hold it, with its sources beside the numbers.
    pub text: &'static str,
}

impl Profile {
    /// What it is for: the first line of its text.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.text.lines().next().unwrap_or_default().trim_start_matches("# ")
    }
}

/// The profiles, in the order in which they are listed.
pub static PROFILES: &[Profile] = &[
    Profile { name: "ov9282-freerun-30", text: include_str!("ov9282-freerun-30.toml") },
    Profile { name: "ov9282-freerun-60", text: include_str!("ov9282-freerun-60.toml") },
    Profile { name: "ov9282-freerun-90", text: include_str!("ov9282-freerun-90.toml") },
    Profile { name: "ov9282-freerun-120", text: include_str!("ov9282-freerun-120.toml") },
    Profile { name: "ov9282-fsin-out", text: include_str!("ov9282-fsin-out.toml") },
    Profile { name: "ov9282-fsin-in", text: include_str!("ov9282-fsin-in.toml") },
    Profile { name: "ov9282-snapshot", text: include_str!("ov9282-snapshot.toml") },
    Profile { name: "ov9782-freerun-30", text: include_str!("ov9782-freerun-30.toml") },
    Profile { name: "ov9782-freerun-60", text: include_str!("ov9782-freerun-60.toml") },
    Profile { name: "ov9782-freerun-90", text: include_str!("ov9782-freerun-90.toml") },
    Profile { name: "ov9782-freerun-120", text: include_str!("ov9782-freerun-120.toml") },
    Profile { name: "ov9782-fsin-out", text: include_str!("ov9782-fsin-out.toml") },
    Profile { name: "ov9782-fsin-in", text: include_str!("ov9782-fsin-in.toml") },
    Profile { name: "ov9782-snapshot", text: include_str!("ov9782-snapshot.toml") },
    Profile { name: "ar0234-trigger-2l", text: include_str!("ar0234-trigger-2l.toml") },
    Profile { name: "ar0234-trigger-4l", text: include_str!("ar0234-trigger-4l.toml") },
    Profile { name: "ar0234-syncsink", text: include_str!("ar0234-syncsink.toml") },
    Profile { name: "imx378-1080p30", text: include_str!("imx378-1080p30.toml") },
    Profile { name: "imx378-4k30", text: include_str!("imx378-4k30.toml") },
    Profile { name: "imx378-12mp30", text: include_str!("imx378-12mp30.toml") },
    Profile { name: "imx296-xtrig", text: include_str!("imx296-xtrig.toml") },
    Profile { name: "oakd-pro-ir-30", text: include_str!("oakd-pro-ir-30.toml") },
    Profile { name: "oakd-s2-poe-m8-iso", text: include_str!("oakd-s2-poe-m8-iso.toml") },
    Profile { name: "oak-m8-5v", text: include_str!("oak-m8-5v.toml") },
    Profile { name: "rvc4-m8-strobe", text: include_str!("rvc4-m8-strobe.toml") },
    Profile { name: "rvc2-multi-cam", text: include_str!("rvc2-multi-cam.toml") },
    Profile { name: "softsync-rgb-mono", text: include_str!("softsync-rgb-mono.toml") },
    Profile { name: "ptp-rvc4", text: include_str!("ptp-rvc4.toml") },
    Profile { name: "seed-oakdpoe-30", text: include_str!("seed-oakdpoe-30.toml") },
    Profile { name: "sw-trigger-network-flash", text: include_str!("sw-trigger-network-flash.toml") },
    Profile { name: "area-camera-triggered", text: include_str!("area-camera-triggered.toml") },
    Profile { name: "d4xx-master-out", text: include_str!("d4xx-master-out.toml") },
    Profile { name: "rpi-xvs", text: include_str!("rpi-xvs.toml") },
    Profile { name: "rpi-soft-sync", text: include_str!("rpi-soft-sync.toml") },
    Profile { name: "rvc4-m8-fsync", text: include_str!("rvc4-m8-fsync.toml") },
    Profile { name: "k4a", text: include_str!("k4a.toml") },
    Profile { name: "imx296-tout", text: include_str!("imx296-tout.toml") },
    Profile { name: "ov9281-flash-linux", text: include_str!("ov9281-flash-linux.toml") },
];

/// The profile of this name.
#[must_use]
pub fn profile(name: &str) -> Option<&'static Profile> {
    PROFILES.iter().find(|profile| profile.name == name)
}
