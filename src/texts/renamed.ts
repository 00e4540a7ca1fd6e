import { en } from './en.js';

const ANOMALIES = Object.keys(en).filter((key) => key.startsWith('anomaly.'));

/** Former names of texts: they stand in phrases that were stored then, and in settings that nobody has touched since. */
const NEW_NAMES: ReadonlyMap<string, string> = new Map([
  ...ANOMALIES.map((key) => [key.replace('anomaly.', 'oddity.'), key] as const),
  ...['left', 'progress.rest', 'modal.close.open', 'closed_open'].map(
    (of) => [`${of}.by_hand`, `${of}.manual`] as const,
  ),
  ['outcome.harmless', 'outcome.benign'],
  ['outcome.it_was_it', 'outcome.authorized_change'],
  ['status.closed.harmless', 'status.closed.benign'],
  ['status.closed.it_was_it', 'status.closed.authorized_change'],
]);

/** The name that a text has now. */
export const currentKey = (key: string): string => NEW_NAMES.get(key) ?? key;
