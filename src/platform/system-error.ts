/** The `code` of a Node.js system error, e.g. `ENOENT`; `unreadable` for anything else. */
export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unreadable';
}
