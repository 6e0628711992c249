//! Logic analyzers on USB, as the system sees them: a device that is there and that libsigrok does not find has a reason.
//! Linux only; elsewhere nothing is known.

use std::fmt;
use std::fs::{OpenOptions, read_to_string};
use std::path::{Path, PathBuf};

/// Vendor, product, driver, and what it is: as libsigrok's 60-libsigrok.rules and its drivers' tables have them.
const KNOWN: [(&str, &str, &str, &str); 22] = [
    ("0925", "3881", "fx2lafw", "Saleae Logic or a clone with 8 channels"),
    ("08a9", "0005", "fx2lafw", "CWAV USBee ZX"),
    ("08a9", "0009", "fx2lafw", "CWAV USBee SX"),
    ("08a9", "0014", "fx2lafw", "CWAV USBee AX or a clone"),
    ("08a9", "0015", "fx2lafw", "CWAV USBee DX or a clone"),
    ("16d0", "0498", "fx2lafw", "Braintechnology USB-LPS"),
    ("04b4", "8613", "fx2lafw", "Cypress FX2 without a boot memory"),
    ("1d50", "608c", "fx2lafw", "fx2lafw with 8 channels"),
    ("1d50", "608d", "fx2lafw", "fx2lafw with 16 channels"),
    ("1d50", "608f", "fx2lafw", "sigrok usb-c-grok"),
    ("21a9", "1001", "saleae-logic16", "Saleae Logic16"),
    ("21a9", "1006", "saleae-logic-pro", "Saleae Logic Pro 16"),
    ("2a0e", "0001", "dreamsourcelab-dslogic", "DreamSourceLab DSLogic"),
    ("2a0e", "0003", "dreamsourcelab-dslogic", "DreamSourceLab DSLogic Pro"),
    ("2a0e", "0020", "dreamsourcelab-dslogic", "DreamSourceLab DSLogic Plus"),
    ("2a0e", "0021", "dreamsourcelab-dslogic", "DreamSourceLab DSLogic Basic"),
    ("0403", "6014", "ftdi-la", "FTDI FT232H"),
    ("77a1", "01a2", "kingst-la2016", "Kingst LA2016"),
    ("a600", "a000", "asix-sigma", "ASIX SIGMA"),
    ("2961", "6688", "sysclk-lwla", "Sysclk LWLA1016"),
    ("2961", "6689", "sysclk-lwla", "Sysclk LWLA1034"),
    ("2961", "66b0", "sysclk-sla5032", "Sysclk SLA5032"),
];

/// Vendors of nothing but analyzers, and how to get a capture of one that no driver knows.
const VENDORS: [(&str, &str, &str); 4] = [
    ("2a0e", "DreamSourceLab", "record with DSView: its .dsl files are read, and its export as .sr"),
    ("21a9", "Saleae", "record with Logic 2: its .sal files are read"),
    ("77a1", "Kingst", "record with its vendor's program, and export CSV or VCD"),
    ("2961", "Sysclk", "record with its vendor's program, and export CSV or VCD"),
];

/// Why a device on USB is not usable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// The user may not open it.
    Permission(PathBuf),
    /// It may be opened, and its driver does not find it: most often, its firmware is missing.
    NotFound,
    /// No driver knows this product of a known vendor; so a capture comes of it.
    Unknown(&'static str),
}

/// A logic analyzer on USB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UsbDevice {
    /// What it is, by its numbers.
    pub name: &'static str,
    /// The driver for it; none that is known.
    pub driver: Option<&'static str>,
    /// Vendor and product.
    pub id: String,
    /// Its bus and address: libsigrok's `conn`.
    pub connection: String,
    /// What stands in the way, if the driver does not find it.
    pub obstacle: Obstacle,
}

impl fmt::Display for UsbDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (USB {}, {}) is connected", self.name, self.id, self.connection)?;
        match &self.obstacle {
            Obstacle::Permission(node) => write!(
                f,
                ", but you may not open {}: its udev rule is missing or not yet in force. libsigrok4 brings the rules \
                 60-libsigrok.rules and 61-libsigrok-uaccess.rules; install it, run 'sudo udevadm control --reload' and \
                 plug the device in again",
                node.display()
            ),
            Obstacle::Unknown(instead) => {
                write!(f, ", a product that no driver is known for: {instead}")
            }
            Obstacle::NotFound => match self.driver.unwrap_or_default() {
                "fx2lafw" => f.write_str(
                    ", but its driver does not find it: it needs its firmware, 'apt install sigrok-firmware-fx2lafw'; then \
                     plug it in again. Another program may have it open, too",
                ),
                driver => write!(
                    f,
                    ", but the driver {driver} does not find it: it may need firmware from its vendor's program \
                     (sigrok.org/wiki has the page of the device), or another program has it open"
                ),
            },
        }
    }
}

/// The known analyzers on USB that are not among those that libsigrok found, by their connections.
pub(super) fn unusable(found: &[String]) -> Vec<UsbDevice> {
    devices(Path::new("/sys/bus/usb/devices"), Path::new("/dev/bus/usb"), &|node| can_open(node))
        .into_iter()
        .filter(|device| !found.contains(&device.connection))
        .collect()
}

/// What may stand in the way of this driver.
pub(super) fn hints(driver: &str) -> Vec<String> {
    unusable(&[]).into_iter().filter(|device| device.driver == Some(driver)).map(|device| device.to_string()).collect()
}

fn can_open(node: &Path) -> bool {
    OpenOptions::new().read(true).write(true).open(node).is_ok()
}

/// The known analyzers in the system's list of USB devices.
fn devices(list: &Path, nodes: &Path, can_open: &dyn Fn(&Path) -> bool) -> Vec<UsbDevice> {
    let mut found = Vec::new();
    let entries = list.read_dir().map(|entries| entries.flatten().collect::<Vec<_>>()).unwrap_or_default();
    for entry in entries {
        let value = |name: &str| attribute(&entry.path().join(name));
        let Some((vendor, product)) = value("idVendor").zip(value("idProduct")) else { continue };
        let number = |name| value(name).and_then(|text| text.parse::<u16>().ok());
        let Some((bus, address)) = number("busnum").zip(number("devnum")) else { continue };
        let node = nodes.join(format!("{bus:03}/{address:03}"));
        let known = KNOWN.iter().find(|(v, p, _, _)| (*v, *p) == (vendor.as_str(), product.as_str()));
        let of_vendor = VENDORS.iter().find(|(v, _, _)| *v == vendor);
        let (name, driver, obstacle) = match (known, of_vendor) {
            (Some((_, _, driver, name)), _) if can_open(&node) => (*name, Some(*driver), Obstacle::NotFound),
            (Some((_, _, driver, name)), _) => (*name, Some(*driver), Obstacle::Permission(node)),
            (None, Some((_, name, instead))) => (*name, None, Obstacle::Unknown(instead)),
            (None, None) => continue,
        };
        found.push(UsbDevice {
            name,
            driver,
            id: format!("{vendor}:{product}"),
            connection: format!("{bus}.{address}"),
            obstacle,
        });
    }
    found.sort_by(|a, b| a.connection.cmp(&b.connection));
    found
}

/// A short text of the system.
fn attribute(path: &Path) -> Option<String> {
    Some(read_to_string(path).ok()?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn analyzers_that_cannot_be_used_say_why() {
        let system = tempfile::tempdir().unwrap();
        for (name, attributes) in [
            ("1-1", [("idVendor", "0925"), ("idProduct", "3881"), ("busnum", "1"), ("devnum", "5")]),
            ("1-2", [("idVendor", "1d50"), ("idProduct", "608c"), ("busnum", "1"), ("devnum", "12")]),
            ("2-1", [("idVendor", "046d"), ("idProduct", "c31c"), ("busnum", "2"), ("devnum", "2")]),
            ("2-2", [("idVendor", "0925"), ("idProduct", "3881"), ("busnum", "what"), ("devnum", "3")]),
            // A DSLogic that came after the drivers.
            ("2-3", [("idVendor", "2a0e"), ("idProduct", "0034"), ("busnum", "2"), ("devnum", "9")]),
        ] {
            let folder = system.path().join(name);
            std::fs::create_dir(&folder).unwrap();
            for (attribute, value) in attributes {
                std::fs::write(folder.join(attribute), format!("{value}\n")).unwrap();
            }
        }
        let can_open = |node: &Path| node.ends_with("001/012");
        let found = devices(system.path(), Path::new("/dev/bus/usb"), &can_open);
        assert_eq!(found.len(), 3, "{found:?}");
        // 1.12 comes before 1.5 as a text.
        assert_eq!((found[0].connection.as_str(), &found[0].obstacle), ("1.12", &Obstacle::NotFound));
        assert!(found[0].to_string().contains("apt install sigrok-firmware-fx2lafw"), "{}", found[0]);
        assert_eq!(found[1].obstacle, Obstacle::Permission("/dev/bus/usb/001/005".into()));
        assert!(found[1].to_string().contains("udev rule"), "{}", found[1]);
        assert_eq!((found[2].name, found[2].driver, found[2].id.as_str()), ("DreamSourceLab", None, "2a0e:0034"));
        assert!(found[2].to_string().contains("record with DSView"), "{}", found[2]);
        assert!(devices(Path::new("/nowhere"), Path::new("/nowhere"), &can_open).is_empty());
    }

    #[test]
    fn the_numbers_are_those_of_libsigrok() {
        // What libsigrok installs. It leaves out drivers that came later.
        const RULES: &str = "/lib/udev/rules.d/60-libsigrok.rules";
        const LATER: [&str; 1] = ["kingst-la2016"];
        let rules = read_to_string(RULES).unwrap();
        for (vendor, product, driver, name) in KNOWN {
            let rule = format!("ATTRS{{idVendor}}==\"{vendor}\", ATTRS{{idProduct}}==\"{product}\"");
            assert!(rules.contains(&rule) || LATER.contains(&driver), "{name}");
        }
    }
}
