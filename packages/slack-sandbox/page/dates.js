// @ts-check
/** Dates and times as a person sees them: in that person's own time zone. */

const DAY_MS = 86_400_000;

/** @param {string} zone */
function safeZone(zone) {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone;
  } catch {
    return undefined; // an unknown zone: the browser's own
  }
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * @param {Date} date
 * @param {string} zone
 * @param {Intl.DateTimeFormatOptions} options
 */
function format(date, zone, options) {
  const key = `${zone} ${JSON.stringify(options)}`;
  let found = formats.get(key);
  if (found === undefined) {
    found = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: safeZone(zone) });
    formats.set(key, found);
  }
  return found.format(date);
}

/** @param {string} ts seconds.micros */
export function dateOfTs(ts) {
  return new Date(Number.parseFloat(ts) * 1000);
}

/** @param {Date} date @param {string} zone */
export function clock(date, zone) {
  return format(date, zone, { hour: '2-digit', minute: '2-digit' });
}

/** @param {Date} date @param {string} zone */
export function clockWithSeconds(date, zone) {
  return format(date, zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** @param {Date} date @param {string} zone */
export function full(date, zone) {
  return format(date, zone, { dateStyle: 'full', timeStyle: 'long' });
}

/** @param {Date} date @param {string} zone a key that is equal for moments of one day */
export function dayKey(date, zone) {
  return format(date, zone, { year: 'numeric', month: '2-digit', day: '2-digit' });
}

/** @param {Date} date @param {string} zone */
export function dayName(date, zone) {
  const near = relativeDay(date, zone);
  if (near !== '') return near.charAt(0).toUpperCase() + near.slice(1);
  return format(date, zone, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
}

/** @param {Date} date @param {string} zone @returns {string} today, yesterday, tomorrow or '' */
function relativeDay(date, zone) {
  const now = Date.now();
  const key = dayKey(date, zone);
  if (key === dayKey(new Date(now), zone)) return 'today';
  if (key === dayKey(new Date(now - DAY_MS), zone)) return 'yesterday';
  if (key === dayKey(new Date(now + DAY_MS), zone)) return 'tomorrow';
  return '';
}

/** @param {Date} date */
function ago(date) {
  const seconds = Math.round((date.getTime() - Date.now()) / 1000);
  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (Math.abs(seconds) < 60) return relative.format(seconds, 'second');
  if (Math.abs(seconds) < 3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (Math.abs(seconds) < 86_400) return relative.format(Math.round(seconds / 3600), 'hour');
  return relative.format(Math.round(seconds / 86_400), 'day');
}

/** @type {Record<string, (date: Date, zone: string) => string>} the tokens of `<!date^…>` (Slack: formatting text) */
const TOKENS = {
  date_num: (date, zone) => dayKey(date, zone).split('/').reverse().join('-'),
  date: (date, zone) => format(date, zone, { day: 'numeric', month: 'long', year: 'numeric' }),
  date_slash: (date, zone) => dayKey(date, zone),
  date_short: (date, zone) => format(date, zone, { day: 'numeric', month: 'short', year: 'numeric' }),
  date_long: (date, zone) => format(date, zone, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
  date_pretty: (date, zone) =>
    relativeDay(date, zone) || format(date, zone, { day: 'numeric', month: 'long', year: 'numeric' }),
  date_short_pretty: (date, zone) =>
    relativeDay(date, zone) || format(date, zone, { day: 'numeric', month: 'short', year: 'numeric' }),
  date_long_pretty: (date, zone) =>
    relativeDay(date, zone) || format(date, zone, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
  time: clock,
  time_secs: clockWithSeconds,
  ago,
};

/**
 * @param {number} seconds since 1970
 * @param {string} pattern such as `{date_short_pretty} at {time}`
 * @param {string} zone
 * @param {string} fallback when the moment cannot be read
 */
export function slackDate(seconds, pattern, zone, fallback) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return fallback;
  return pattern.replace(/\{(\w+)\}/g, (whole, name) =>
    Object.hasOwn(TOKENS, name) ? (TOKENS[name]?.(date, zone) ?? whole) : whole,
  );
}
