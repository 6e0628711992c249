//! Finding the library and taking all of its functions.

use std::ffi::OsString;

use libloading::Library;

use crate::error::OpenError;
use crate::glib::Glib;
use crate::sigrok::Sigrok as Functions;

/// The environment variable that names the library instead.
const OVERRIDE: &str = "SIGROK_LIBRARY";

/// The interface that the bindings are made for: current − age of the library's version.
const INTERFACE: i32 = 4;

#[cfg(target_os = "macos")]
const NAMES: [&str; 3] =
    ["libsigrok.4.dylib", "/opt/homebrew/lib/libsigrok.4.dylib", "/usr/local/lib/libsigrok.4.dylib"];
#[cfg(windows)]
const NAMES: [&str; 1] = ["libsigrok-4.dll"];
#[cfg(not(any(target_os = "macos", windows)))]
const NAMES: [&str; 1] = ["libsigrok.so.4"];

#[cfg(target_os = "macos")]
const INSTALL: &str = "'brew install libsigrok'";
#[cfg(windows)]
const INSTALL: &str =
    "libsigrok-4.dll and glib's libglib-2.0-0.dll, from an MSYS2 build of sigrok, in a folder of PATH";
#[cfg(not(any(target_os = "macos", windows)))]
const INSTALL: &str = "'apt install libsigrok4' (Debian 12), 'apt install libsigrok4t64' (Debian 13, Ubuntu 24.04), \
                       'dnf install libsigrok' (Fedora), 'pacman -S libsigrok' (Arch)";

/// Where glib's functions are: on Windows each library answers for its own functions only.
#[cfg(windows)]
const GLIB: Option<&str> = Some("libglib-2.0-0.dll");
#[cfg(not(windows))]
const GLIB: Option<&str> = None;

/// The functions of libsigrok and of the glib that it uses.
pub(crate) struct Api {
    pub(crate) sigrok: Functions,
    pub(crate) glib: Glib,
}

impl Api {
    /// Opens the library that `SIGROK_LIBRARY` names, else the one that the system finds.
    pub(crate) fn load() -> Result<Api, OpenError> {
        let named = std::env::var_os(OVERRIDE).filter(|path| !path.is_empty());
        let names: Vec<OsString> = named.clone().map_or_else(|| NAMES.map(OsString::from).to_vec(), |path| vec![path]);
        let mut reason = String::new();
        for name in &names {
            match open(name) {
                Ok(library) => return Api::of(library, name),
                Err(error) => reason = error.to_string(),
            }
        }
        Err(match named {
            Some(path) => OpenError::Named { path: path.to_string_lossy().into_owned(), reason, install: INSTALL },
            None => OpenError::Missing { looked_for: NAMES.map(str::to_owned).to_vec(), install: INSTALL },
        })
    }

    fn of(library: Library, name: &OsString) -> Result<Api, OpenError> {
        let incomplete = |error: libloading::Error| OpenError::Incomplete {
            library: name.to_string_lossy().into_owned(),
            reason: error.to_string(),
            install: INSTALL,
        };
        let glib_name = GLIB.map_or_else(|| name.clone(), OsString::from);
        // SAFETY: the types are those of the headers of libsigrok 0.5.2. That the library has this interface is checked
        // below, with two functions that every libsigrok has had in this form, before any other is called.
        let sigrok = unsafe { Functions::from_library(library) }.map_err(incomplete)?;
        let glib = open(&glib_name).map_err(incomplete)?;
        // SAFETY: glib keeps its interface; these functions have been the same for all of glib 2.
        let glib = unsafe { Glib::from_library(glib) }.map_err(incomplete)?;
        // SAFETY: they take nothing and return a number.
        let found = unsafe { sigrok.sr_lib_version_current_get() - sigrok.sr_lib_version_age_get() };
        if found != INTERFACE {
            let library = name.to_string_lossy().into_owned();
            return Err(OpenError::Interface { library, found, wanted: INTERFACE });
        }
        Ok(Api { sigrok, glib })
    }
}

fn open(name: &OsString) -> Result<Library, libloading::Error> {
    // SAFETY: libsigrok and the libraries that it needs may be opened at any time: what they do when they are opened is to
    // fill tables. A file that the user names in their place is theirs to answer for, as with any program they start.
    unsafe { Library::new(name) }
}
