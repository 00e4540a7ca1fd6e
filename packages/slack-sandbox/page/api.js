// @ts-check
/** The control API, as the page uses it. */

/** @typedef {import('./shapes.js').Json} Json */

const UNREACHABLE = 'The simulator does not answer. Start it again; this page reconnects by itself.';

/**
 * @param {string} path
 * @returns {Promise<any>} the parsed answer; throws an Error with a sentence otherwise
 */
export async function get(path) {
  return read(await fetch(path, { headers: { accept: 'application/json' } }).catch(unreachable));
}

/**
 * @param {string} path
 * @param {Json} body
 * @returns {Promise<any>}
 */
export async function post(path, body) {
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return read(await fetch(path, request).catch(unreachable));
}

/**
 * Does something as a person.
 * @param {string} as user id
 * @param {string} what the `do` of the control API
 * @param {Json} [details]
 */
export function act(as, what, details = {}) {
  return post('/control/act', { ...details, as, do: what });
}

/** @param {Response} response */
async function read(response) {
  const answer = await response.json().catch(() => null);
  if (answer === null) throw new Error(`The simulator answered ${response.status} without JSON.`);
  if (!response.ok || answer.ok === false) {
    throw new Error(answer.message ?? answer.error ?? `The simulator answered ${response.status}.`);
  }
  return answer;
}

/** @returns {never} */
function unreachable() {
  throw new Error(UNREACHABLE);
}
