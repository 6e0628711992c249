//! Right cameras over the whole range of each profile's parameters: corners and points between, with samples of 1 MHz.

use std::collections::BTreeSet;

use strobecheck::scenario::{Scenario, simulate};
use strobecheck::spec::{PROFILES, SpecRequest, SpecSource};
use strobecheck::verdict::Verdict;

use crate::profiles::outcome;
use crate::support::judging::judged_by;

/// A right camera by its documents.
struct Device {
    /// The profiles that it passes.
    profiles: &'static [&'static str],
    /// Its lines; FRAME stands for the frame time.
    wiring: &'static str,
    /// Frames per second, from and to.
    rates: [i128; 2],
    /// What is set in nanoseconds, from and to, at a frame rate: the exposure, or what the profile calls `width` or `duration`.
    times: fn(i128) -> [i128; 2],
    /// The timing of its scenario at a frame rate, with what is set.
    timing: fn(i128, i128) -> String,
}

const SECOND: i128 = 1_000_000_000;
/// A row of an OV9282.
const ROW: i128 = 9_100;

/// The longest exposure of an OV9282: the frame less 25 rows, and one for what a frame time has beyond whole rows.
fn longest(fps: i128) -> i128 {
    SECOND / fps - 26 * ROW
}

/// Free-running or on FSIN: a frame is a whole number of rows, and so is an exposure.
fn ov9282(fps: i128, exposure: i128, more: &str) -> String {
    let rows = SECOND / fps / ROW;
    let exposure = (exposure / ROW).clamp(1, rows - 25) * ROW;
    format!("frame.time = \"{} ns\"\nexposure.time = \"{exposure} ns\"\n{more}", rows * ROW)
}

/// It exposes a latency behind each trigger.
fn triggered(fps: i128, strobe: i128, [latency, width]: [&str; 2]) -> String {
    format!(
        "alignment = \"start\"\noffset = \"20 ms\"\nframe.time = \"1/{fps} s\"\nfsin.width = \"{width}\"\n\
         exposure = {{ time = \"{strobe} ns\", latency = \"{latency}\" }}\n"
    )
}

/// Free-running at exactly its frame rate.
fn steady(fps: i128, exposure: i128, alignment: &str) -> String {
    format!("alignment = \"{alignment}\"\nframe.time = \"1/{fps} s\"\nexposure.time = \"{exposure} ns\"\n")
}

const ON_FSIN: &str = "alignment = \"end\"\nexposure.end = \"3 us\"\nfsin.width = \"100 us\"\n";

const DEVICES: &[Device] = &[
    Device {
        profiles: &["ov9282-freerun-30", "ov9782-freerun-30"],
        wiring: "strobe = \"STROBE\"",
        rates: [30, 30],
        times: |fps| [ROW, longest(fps)],
        timing: |fps, time| ov9282(fps, time, ""),
    },
    Device {
        profiles: &["ov9282-freerun-60", "ov9782-freerun-60"],
        wiring: "strobe = \"STROBE\"",
        rates: [60, 60],
        times: |fps| [ROW, longest(fps)],
        timing: |fps, time| ov9282(fps, time, ""),
    },
    Device {
        profiles: &["ov9282-freerun-90", "ov9782-freerun-90"],
        wiring: "strobe = \"STROBE\"",
        rates: [90, 90],
        times: |fps| [ROW, longest(fps)],
        timing: |fps, time| ov9282(fps, time, ""),
    },
    Device {
        profiles: &["ov9282-freerun-120", "ov9782-freerun-120"],
        wiring: "strobe = \"STROBE\"",
        rates: [120, 120],
        times: |fps| [ROW, longest(fps)],
        timing: |fps, time| ov9282(fps, time, ""),
    },
    Device {
        profiles: &["ov9282-fsin-out", "ov9782-fsin-out", "seed-oakdpoe-30"],
        wiring: "strobe = \"STROBE\"\nfsin = \"FSIN\"",
        rates: [30, 120],
        times: |fps| [ROW, longest(fps)],
        timing: |fps, time| ov9282(fps, time, ON_FSIN),
    },
    Device {
        profiles: &["ov9282-fsin-in", "ov9782-fsin-in"],
        wiring: "strobe = \"STROBE\"\nfsin = \"FSIN\"",
        rates: [10, 120],
        times: |fps| [ROW, longest(fps)],
        timing: |fps, time| ov9282(fps, time, ON_FSIN),
    },
    Device {
        profiles: &["oak-m8-5v"],
        wiring: "strobe = \"STROBE\"\nfsin = \"FSYNC\"",
        rates: [10, 120],
        times: |fps| [ROW, longest(fps)],
        timing: |fps, time| ov9282(fps, time, ON_FSIN),
    },
    // Behind opto-couplers: STROBE up to 30 us longer, and 40 us late.
    Device {
        profiles: &["oakd-s2-poe-m8-iso"],
        wiring: "strobe = \"!STROBE_ISO\"\nfsin = \"!FSYNC_ISO\"",
        rates: [10, 120],
        times: |fps| [ROW, longest(fps)],
        timing: |fps, time| {
            let strobe = time / ROW * ROW + 20_000;
            steady(fps, strobe, "end") + "exposure.end = \"40 us\"\nfsin.width = \"200 us\"\n"
        },
    },
    Device {
        profiles: &["ov9282-snapshot", "ov9782-snapshot"],
        wiring: "strobe = \"STROBE\"\nfsin = \"FSIN\"",
        // A clock of 100 ppm leaves 10 us of 100 ms open.
        rates: [10, 50],
        times: |fps| [ROW, SECOND / fps - 9_000_000],
        timing: |fps, time| triggered(fps, time / ROW * ROW, ["777 us", "100 us"]),
    },
    // STROBE shows no less than 0.5 % and no more than 99.5 % of the frame time.
    Device {
        profiles: &["rvc4-m8-strobe"],
        wiring: "strobe = \"!STROBE_5V\"",
        rates: [10, 120],
        times: |fps| [1_000, SECOND / fps],
        timing: |fps, time| steady(fps, time.clamp(SECOND / fps / 200, SECOND / fps * 199 / 200), "end"),
    },
    // FLASH is the exposure in whole rows, and 16 or 8 us.
    Device {
        profiles: &["ar0234-trigger-2l"],
        wiring: "strobe = \"FLASH\"\nfsin = \"TRIGGER\"",
        rates: [10, 30],
        times: |fps| [13_600, SECOND / fps - 18_266_700],
        timing: |fps, time| triggered(fps, time / 13_600 * 13_600 + 16_000, ["30 us", "2 ms"]),
    },
    Device {
        profiles: &["ar0234-trigger-4l"],
        wiring: "strobe = \"FLASH\"\nfsin = \"TRIGGER\"",
        rates: [20, 60],
        times: |fps| [6_800, SECOND / fps - 9_933_400],
        timing: |fps, time| triggered(fps, time / 6_800 * 6_800 + 8_000, ["30 us", "2 ms"]),
    },
    Device {
        profiles: &["ar0234-syncsink"],
        wiring: "strobe = \"FLASH\"\nfsin = \"TRIGGER\"",
        rates: [10, 60],
        times: |fps| [13_600, SECOND / fps - 54_400],
        timing: |fps, time| {
            let flash = time / 13_600 * 13_600 + 16_000;
            triggered(fps, flash.min(SECOND / fps - 30_000), ["30 us", "100 us"])
        },
    },
    Device {
        profiles: &["area-camera-triggered"],
        wiring: "strobe = \"STROBE\"\nfsin = \"TRIGGER\"",
        rates: [20, 100],
        times: |fps| [20_000, SECOND / fps - 8_000_000],
        timing: |fps, time| triggered(fps, time, ["30 us", "200 us"]),
    },
    // XTRIG is low for as long as it exposes less 14.26 us; an exposure is a whole number of rows of 14.81 us more than that.
    Device {
        profiles: &["imx296-xtrig"],
        wiring: "strobe = \"STROBE\"\nfsin = \"!XTRIG\"",
        rates: [10, 40],
        times: |fps| [29_070, SECOND / fps - 9_000_000],
        timing: |fps, time| triggered(fps, time, ["20 us", &format!("{} ns", time - 14_260)]),
    },
    Device {
        profiles: &["imx378-1080p30", "imx378-4k30", "imx378-12mp30"],
        wiring: "strobe = \"STROBE\"",
        rates: [30, 30],
        times: |fps| [15_300, SECOND / fps - 100_000],
        timing: |fps, time| steady(fps, time, "end"),
    },
    // Lit from the start of the exposure on, for 30 % of the frame time at most.
    Device {
        profiles: &["oakd-pro-ir-30"],
        wiring: "strobe = \"STROBE\"\nflash = \"IR\"",
        rates: [10, 90],
        times: |fps| [100_000, longest(fps)],
        timing: |fps, time| {
            let lit = (time / ROW * ROW).min(SECOND * 3 / 10 / fps);
            ov9282(fps, time, &format!("flash = {{ lead = \"-10 us\", on-time = \"{lit} ns\" }}\n"))
        },
    },
    Device {
        profiles: &["rvc2-multi-cam"],
        wiring: "strobe = \"STROBE_L\"\n[camera.right]\nstrobe = \"STROBE_R\"\ntiming.skew = \"12 us\"",
        rates: [10, 120],
        times: |fps| [ROW, longest(fps)],
        timing: |fps, time| ov9282(fps, time, ""),
    },
    // The colour camera is 30 ppm off, and put right by two rows of 15.3 us.
    Device {
        profiles: &["softsync-rgb-mono"],
        wiring: "strobe = \"STROBE_MONO\"\n[camera.rgb]\nstrobe = \"STROBE_RGB\"\ntiming.frame.time = \"FRAME\"\n\
                 timing.frame.drift = \"+30 ppm\"\ntiming.exposure.time = \"10 ms\"\n\
                 timing.soft_sync = { line = \"15.3 us\", lines = 2 }",
        rates: [30, 30],
        times: |fps| [ROW, longest(fps)],
        timing: |fps, time| steady(fps, time / ROW * ROW, "end"),
    },
    Device {
        profiles: &["ptp-rvc4"],
        wiring: "strobe = \"!STROBE_A\"\n[camera.b]\nstrobe = \"!STROBE_B\"\ntiming.skew = \"300 us\"",
        rates: [10, 120],
        times: |fps| [50_000, SECOND / fps - 400_000],
        timing: |fps, time| steady(fps, time, "end"),
    },
    Device {
        profiles: &["rvc4-m8-fsync"],
        wiring: "strobe = \"STROBE_A\"\nfsin = \"FSYNC_5V\"\n[camera.other]\nstrobe = \"STROBE_B\"\ntiming.skew = \"-700 us\"",
        rates: [10, 60],
        times: |fps| [50_000, longest(fps) - 800_000],
        timing: |fps, time| steady(fps, time, "end") + "exposure.end = \"30 us\"\nfsin.width = \"100 us\"\n",
    },
    Device {
        profiles: &["rpi-xvs"],
        wiring: "fsin = \"!XVS\"",
        rates: [5, 120],
        times: |_| [20_000, 2_000_000],
        timing: |fps, width| steady(fps, 1_000_000, "end") + &format!("fsin.width = \"{width} ns\"\n"),
    },
    // The client is 30 ppm off, and put right by two rows of 15.3 us.
    Device {
        profiles: &["rpi-soft-sync"],
        wiring: "strobe = \"!XVS_SERVER\"\n[camera.client]\nstrobe = \"!XVS_CLIENT\"\ntiming.alignment = \"start\"\n\
                 timing.frame.time = \"FRAME\"\ntiming.frame.drift = \"+30 ppm\"\ntiming.exposure.time = \"20 us\"\n\
                 timing.soft_sync = { line = \"15.3 us\", lines = 2 }",
        rates: [25, 120],
        times: |_| [20_000, 2_000_000],
        timing: |fps, width| steady(fps, width, "start"),
    },
    Device {
        profiles: &["d4xx-master-out"],
        wiring: "fsin = \"SYNC\"",
        rates: [6, 90],
        times: |_| [50_000, 100_000],
        timing: |fps, width| steady(fps, 1_000_000, "end") + &format!("fsin.width = \"{width} ns\"\n"),
    },
    // Nine pulses of 125 us.
    Device {
        profiles: &["k4a"],
        wiring: "strobe = \"IR_A\"\nfsin = \"SYNC\"\n[camera.b]\nstrobe = \"IR_B\"\ntiming.skew = \"SET\"",
        rates: [5, 30],
        times: |_| [165_000, 1_285_000],
        timing: |fps, _| triggered(fps, 125_000, ["100 us", "8 us"]) + "burst = 9\nburst_spacing = \"1.45 ms\"\n",
    },
    // What is set in whole rows of 14.81 us.
    Device {
        profiles: &["imx296-tout"],
        wiring: "strobe = [\"TOUT1\", \"TOUT2\"]",
        rates: [10, 60],
        times: |fps| [14_810, SECOND / fps],
        timing: |fps, time| {
            let (frame, time) = (SECOND / fps, time / 14_810 * 14_810);
            format!("alignment = \"start\"\nframe.time = \"{frame} ns\"\nexposure.time = \"{time} ns\"\n")
        },
    },
    // Rows of 9.1 us of what is asked for, each a step of 9.494 us.
    Device {
        profiles: &["ov9281-flash-linux"],
        wiring: "strobe = \"STROBE\"",
        rates: [20, 120],
        times: |fps| [ROW, longest(fps) * 9 / 10],
        timing: |fps, time| steady(fps, time / ROW * 9_494, "start"),
    },
    // The command for the camera takes 8 ms longer than that for the flash, which is lit for 20 ms more than the exposure.
    Device {
        profiles: &["sw-trigger-network-flash"],
        wiring: "strobe = \"STROBE\"\nflash = \"FLASH\"",
        rates: [5, 10],
        times: |_| [ROW, 11_000_000],
        timing: |fps, time| {
            let time = time / ROW * ROW;
            let flash = format!("flash = {{ lead = \"8 ms\", on-time = \"{} ns\" }}\n", time + 20_000_000);
            steady(fps, time, "start") + "offset = \"30 ms\"\n" + &flash
        },
    },
];

#[test]
fn no_profile_is_left_out() {
    let devices: Vec<&str> = DEVICES.iter().flat_map(|device| device.profiles).copied().collect();
    let once: BTreeSet<&str> = devices.iter().copied().collect();
    let built_in: BTreeSet<&str> = PROFILES.iter().map(|profile| profile.name).collect();
    assert_eq!((once, devices.len()), (built_in, PROFILES.len()));
}

#[test]
fn right_cameras_pass_over_the_whole_range_of_the_parameters() {
    // Corners and more: STROBECHECK_RIGS=50 takes as many random points.
    let points = std::env::var("STROBECHECK_RIGS").ok().and_then(|count| count.parse().ok()).unwrap_or(2_u64);
    let mut wrong = Vec::new();
    for (device, profile) in DEVICES.iter().flat_map(|device| device.profiles.iter().map(move |name| (device, *name))) {
        let corners = [[0, 0], [0, 1000], [1000, 0], [1000, 1000]];
        // A fixed sequence of thousandths.
        let drawn = (1..=points).map(|n| [(n * 618) % 1000, (n * 414) % 1000].map(i128::from));
        for [rate, time] in corners.into_iter().chain(drawn) {
            let fps = device.rates[0] + (device.rates[1] - device.rates[0]) * rate / 1000;
            let fps = if profile == "seed-oakdpoe-30" { 30 } else { fps };
            let [shortest, longest] = (device.times)(fps);
            let time = shortest + (longest - shortest) * time / 1000;
            if let Err(why) = passes(device, profile, fps, time) {
                wrong.push(format!("{profile} at {fps} per second and {time} ns: {why}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn passes(device: &Device, profile: &str, fps: i128, time: i128) -> Result<(), String> {
    let parameters = PROFILES.iter().find(|built_in| built_in.name == profile).unwrap().parameters().unwrap();
    let set = ["exposure", "width", "duration"].map(|name| (name, format!("{time} ns")));
    // Which edge of one and the same exposure follows FSIN, no capture tells.
    let alignment = if (device.timing)(fps, time).contains("\"start\"") { "start" } else { "end" };
    let params = set.into_iter().chain([("fps", fps.to_string()), ("alignment", alignment.to_owned())]);
    let params = params.filter(|(name, _)| parameters.iter().any(|parameter| parameter.name == *name));
    let request = SpecRequest {
        source: Some(SpecSource::Profile(profile.to_owned())),
        params: params.map(|(name, value)| format!("{name}={value}").parse().unwrap()).collect(),
        ..SpecRequest::default()
    };
    let spec = request.build(&|_, _| Err(std::io::ErrorKind::NotFound.into())).map_err(|error| error.to_string())?;
    // As many frames as the profile asks for behind those that it leaves out, and some more.
    let frames = i128::from(spec.rig.skip_frames) + i128::from(spec.rig.expected_frames.unwrap_or(20)) + 10;
    let duration = (frames * SECOND * 2 / fps).max(2 * SECOND);
    let wiring = device.wiring.replace("FRAME", &format!("{} ns", SECOND / fps)).replace("SET", &format!("{time} ns"));
    let scenario = format!(
        "duration = \"{duration} ns\"\nseed = 3\nanalyzer = {{ samplerate = \"1 MHz\", clock_error = \"+20 ppm\" }}\n\
         [wiring]\n{wiring}\n[timing]\n{}",
        (device.timing)(fps, time)
    );
    let scenario = Scenario::parse(profile, &scenario).unwrap_or_else(|error| panic!("{error}\n{scenario}"));
    let judgement = judged_by(&simulate(&scenario).unwrap().capture, &spec);
    if judgement.verdict == Verdict::Pass { Ok(()) } else { Err(outcome(&judgement)) }
}
