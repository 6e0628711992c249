//! The specs that are built in, by name.

mod numbers;

pub use numbers::Number;

/// A built-in spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// What `--profile` and `extends` call it.
    pub name: &'static str,
    /// What it is for, in a line.
    pub summary: &'static str,
    /// The spec, as a file would hold it, with its sources beside the numbers.
    pub text: &'static str,
}

/// The profiles, in the order in which they are listed.
pub static PROFILES: &[Profile] = &[
    Profile {
        name: "ov9282-freerun-30",
        summary: "OV9282 running free at 30 frames per second; STROBE alone is enough",
        text: include_str!("ov9282-freerun-30.toml"),
    },
    Profile {
        name: "ov9282-freerun-60",
        summary: "OV9282 running free at 60 frames per second; STROBE alone is enough",
        text: include_str!("ov9282-freerun-60.toml"),
    },
    Profile {
        name: "ov9282-freerun-90",
        summary: "OV9282 running free at 90 frames per second; STROBE alone is enough",
        text: include_str!("ov9282-freerun-90.toml"),
    },
    Profile {
        name: "ov9282-freerun-120",
        summary: "OV9282 running free at 120 frames per second; STROBE alone is enough",
        text: include_str!("ov9282-freerun-120.toml"),
    },
    Profile {
        name: "ov9282-fsin-out",
        summary: "OV9282 that gives its frame boundaries out on FSIN; STROBE and FSIN",
        text: include_str!("ov9282-fsin-out.toml"),
    },
    Profile {
        name: "ov9282-fsin-in",
        summary: "OV9282 that follows a generator on FSIN; STROBE and FSIN",
        text: include_str!("ov9282-fsin-in.toml"),
    },
    Profile {
        name: "ov9282-snapshot",
        summary: "OV9282 triggered frame by frame on FSIN; STROBE and FSIN",
        text: include_str!("ov9282-snapshot.toml"),
    },
    Profile {
        name: "ov9782-freerun-30",
        summary: "OV9782 running free at 30 frames per second; STROBE alone is enough",
        text: include_str!("ov9782-freerun-30.toml"),
    },
    Profile {
        name: "ov9782-freerun-60",
        summary: "OV9782 running free at 60 frames per second; STROBE alone is enough",
        text: include_str!("ov9782-freerun-60.toml"),
    },
    Profile {
        name: "ov9782-freerun-90",
        summary: "OV9782 running free at 90 frames per second; STROBE alone is enough",
        text: include_str!("ov9782-freerun-90.toml"),
    },
    Profile {
        name: "ov9782-freerun-120",
        summary: "OV9782 running free at 120 frames per second; STROBE alone is enough",
        text: include_str!("ov9782-freerun-120.toml"),
    },
    Profile {
        name: "ov9782-fsin-out",
        summary: "OV9782 that gives its frame boundaries out on FSIN; STROBE and FSIN",
        text: include_str!("ov9782-fsin-out.toml"),
    },
    Profile {
        name: "ov9782-fsin-in",
        summary: "OV9782 that follows a generator on FSIN; STROBE and FSIN",
        text: include_str!("ov9782-fsin-in.toml"),
    },
    Profile {
        name: "ov9782-snapshot",
        summary: "OV9782 triggered frame by frame on FSIN; STROBE and FSIN",
        text: include_str!("ov9782-snapshot.toml"),
    },
    Profile {
        name: "ar0234-trigger-2l",
        summary: "AR0234 over two lanes, triggered by pulses; FLASH and TRIGGER",
        text: include_str!("ar0234-trigger-2l.toml"),
    },
    Profile {
        name: "ar0234-trigger-4l",
        summary: "AR0234 over four lanes, triggered by pulses; FLASH and TRIGGER",
        text: include_str!("ar0234-trigger-4l.toml"),
    },
    Profile {
        name: "ar0234-syncsink",
        summary: "AR0234 that streams and follows a trigger; FLASH and TRIGGER",
        text: include_str!("ar0234-syncsink.toml"),
    },
    Profile {
        name: "imx378-1080p30",
        summary: "IMX378, a rolling shutter, at 1080p and 30 frames per second; STROBE of row 0",
        text: include_str!("imx378-1080p30.toml"),
    },
    Profile {
        name: "imx378-4k30",
        summary: "IMX378, a rolling shutter, at 4K and 30 frames per second; STROBE of row 0",
        text: include_str!("imx378-4k30.toml"),
    },
    Profile {
        name: "imx378-12mp30",
        summary: "IMX378, a rolling shutter, at 12 megapixels and 30 frames per second; STROBE of row 0",
        text: include_str!("imx378-12mp30.toml"),
    },
    Profile {
        name: "imx296-xtrig",
        summary: "IMX296 exposed for as long as XTRIG is low; STROBE and XTRIG",
        text: include_str!("imx296-xtrig.toml"),
    },
    Profile {
        name: "oakd-pro-ir-30",
        summary: "OAK-D Pro with its infrared emitters on; STROBE and IR",
        text: include_str!("oakd-pro-ir-30.toml"),
    },
    Profile {
        name: "oakd-s2-poe-m8-iso",
        summary: "OAK-D S2 PoE at its isolated M8 connector, behind opto-couplers; STROBE_ISO and FSYNC_ISO",
        text: include_str!("oakd-s2-poe-m8-iso.toml"),
    },
    Profile {
        name: "oak-m8-5v",
        summary: "OAK-D SR-PoE at its M8 connector of 5 V; STROBE and FSYNC",
        text: include_str!("oak-m8-5v.toml"),
    },
    Profile {
        name: "rvc4-m8-strobe",
        summary: "OAK4 with STROBE on its M8 connector, low while exposing; STROBE_5V",
        text: include_str!("rvc4-m8-strobe.toml"),
    },
    Profile {
        name: "rvc2-multi-cam",
        summary: "left and right camera of an OAK, and their skew; STROBE_L and STROBE_R",
        text: include_str!("rvc2-multi-cam.toml"),
    },
    Profile {
        name: "softsync-rgb-mono",
        summary: "a colour camera that follows a mono camera by soft sync; STROBE_MONO and STROBE_RGB",
        text: include_str!("softsync-rgb-mono.toml"),
    },
    Profile {
        name: "ptp-rvc4",
        summary: "two OAK4 cameras kept together by PTP; STROBE_A and STROBE_B",
        text: include_str!("ptp-rvc4.toml"),
    },
    Profile {
        name: "seed-oakdpoe-30",
        summary: "OAK-D-PoE at 30 frames per second with exposures of 20, 10 and 30 ms in turn; STROBE and FSIN",
        text: include_str!("seed-oakdpoe-30.toml"),
    },
    Profile {
        name: "sw-trigger-network-flash",
        summary: "camera and flash triggered by software over a network; STROBE and FLASH",
        text: include_str!("sw-trigger-network-flash.toml"),
    },
    Profile {
        name: "area-camera-triggered",
        summary: "an area camera that exposes for each trigger, by its data sheet; STROBE and TRIGGER",
        text: include_str!("area-camera-triggered.toml"),
    },
    Profile {
        name: "d4xx-master-out",
        summary: "RealSense D4xx as master, its sync pulse alone; SYNC",
        text: include_str!("d4xx-master-out.toml"),
    },
    Profile {
        name: "rpi-xvs",
        summary: "XVS of a Raspberry Pi camera that gives vertical sync to others; XVS",
        text: include_str!("rpi-xvs.toml"),
    },
    Profile {
        name: "rpi-soft-sync",
        summary: "two Raspberry Pi cameras kept together by libcamera's software sync; XVS_SERVER and XVS_CLIENT",
        text: include_str!("rpi-soft-sync.toml"),
    },
    Profile {
        name: "rvc4-m8-fsync",
        summary: "two OAK4 that follow one FSYNC of their M8 connectors; STROBE_A, STROBE_B and FSYNC_5V",
        text: include_str!("rvc4-m8-fsync.toml"),
    },
    Profile {
        name: "k4a",
        summary: "two Azure Kinect or Femto cameras whose pictures must start apart; IR_A, IR_B and SYNC",
        text: include_str!("k4a.toml"),
    },
    Profile {
        name: "imx296-tout",
        summary: "IMX296 that gives STROBE out on two pins in turn; TOUT1 and TOUT2",
        text: include_str!("imx296-tout.toml"),
    },
    Profile {
        name: "ov9281-flash-linux",
        summary: "OV9281 under Linux, whose STROBE is as long as V4L2's flash duration; STROBE",
        text: include_str!("ov9281-flash-linux.toml"),
    },
];

/// The profile of this name.
#[must_use]
pub fn profile(name: &str) -> Option<&'static Profile> {
    PROFILES.iter().find(|profile| profile.name == name)
}
