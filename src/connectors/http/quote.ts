import { oneLine } from '../../platform/untrusted.js';

const LONGEST_QUOTE = 200;
const SHORTEST_SECRET = 4;

/**
 * The values under `keys` anywhere in a request body. Vendors echo input in their error texts, so these are cut out of
 * every quoted text. Values under four characters are left: cutting them would garble every text.
 */
export function secretValues(body: unknown, keys: ReadonlySet<string>): readonly string[] {
  const found = new Set<string>();
  const queue: unknown[] = [body];
  for (let visited = 0; queue.length > 0 && visited < 10_000; visited += 1) {
    const value = queue.shift();
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'string' && keys.has(key) && inner.length >= SHORTEST_SECRET) found.add(inner);
      else queue.push(inner);
    }
  }
  return [...found].sort((left, right) => right.length - left.length);
}

/** A vendor's text made safe to show: one line, at most 200 characters, without the given secrets. */
export function quote(text: string, secrets: readonly string[]): string {
  const clean = secrets.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text);
  const line = oneLine(clean).trim();
  return line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line;
}
