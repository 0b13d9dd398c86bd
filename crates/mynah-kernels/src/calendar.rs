//! The English names that log lines and vendors' time formats have for days and months.

/// The days of the week, Monday first.
///
/// ```
/// assert_eq!(mynah_kernels::calendar::DAYS[6], "Sunday");
/// ```
pub const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The months.
///
/// ```
/// assert_eq!(mynah_kernels::calendar::MONTHS[11], "December");
/// ```
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
