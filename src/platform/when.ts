function formatter(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: timeZone === 'UTC' ? 'short' : 'shortOffset',
  });
}

function isTimeZone(timeZone: string): boolean {
  try {
    formatter(timeZone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * An instant as a person reads it, with its zone: `Monday, 23 November 2026 at 14:32 GMT+1 (Europe/Berlin)`.
 * `timeZone` is an IANA name; one that the runtime does not know is shown in UTC, never refused.
 */
export function sayWhen(instant: Date, timeZone: string): string {
  const zone = isTimeZone(timeZone) ? timeZone : 'UTC';
  const said = formatter(zone).format(instant);
  return zone === 'UTC' ? said : `${said} (${zone})`;
}
