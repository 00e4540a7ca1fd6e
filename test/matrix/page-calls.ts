import { challengeOf } from '../../src/approvals/page-requests.js';
import { REGISTRATION } from '../../src/approvals/passkey-registration.js';
import { SoftwareAuthenticator } from '../software-authenticator.js';
import { isReport, type Link } from './links.js';
import type { PageCall } from './page-server.js';
import { ACTORS } from './roles.js';
import type { World } from './world.js';

/** What somebody does with a link. */
export interface Try {
  readonly world: World;
  /** As in the matrix: what it is for. */
  readonly name: string;
  readonly link: Link;
  readonly user: string;
}

/** How the link is when it is called. */
type Condition = 'open' | 'unknown' | 'expired' | 'used';

interface Way {
  readonly condition?: Condition;
  /** Whoever it was made for has lost every role since. */
  readonly lost?: true;
  /** How often, one after the other. */
  readonly times?: number;
  readonly call: (tried: Try) => Omit<PageCall, 'path'>;
}

/** For anything that no page gave. */
const ELSEWHERE = 'https://elsewhere.example';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

const look = (method: 'GET' | 'HEAD') => (): Omit<PageCall, 'path'> => ({ method, headers: {}, body: '' });

/** What differs from the form that the page itself would send. */
interface Off {
  readonly headers?: Readonly<Record<string, string>>;
  /** For which link the nonce was given; left out: this one. */
  readonly nonceOf?: string | null;
  /** By somebody else's key. */
  readonly foreign?: true;
  readonly binding?: string;
  readonly verified?: boolean;
  readonly body?: string;
}

function answerOf({ world, name, link, user }: Try, { foreign, binding = link.binding, verified }: Off): object {
  if (name.startsWith('enrol')) return {};
  const asked = verified === undefined ? {} : { verified };
  if (name === 'register') {
    const challenge = challengeOf(link.hash, binding === link.binding ? REGISTRATION : binding);
    return new SoftwareAuthenticator(link.hash.slice(0, 20)).register({ challenge, ...asked });
  }
  const others = user === ACTORS.colleague.id ? ACTORS.auditor.id : ACTORS.colleague.id;
  const key = world.keys.get(foreign ? others : user);
  if (!key) throw new Error(`${user} has no key`);
  return key.sign({ challenge: challengeOf(link.hash, binding), ...asked });
}

const send =
  (off: Off = {}) =>
  (tried: Try): Omit<PageCall, 'path'> => {
    const { world, name, link } = tried;
    const { nonceOf = link.subject } = off;
    const nonce = nonceOf === null ? 'nobody gave this' : world.pages.nonces.issue(nonceOf);
    const fields = isReport(name)
      ? { answer: name.replace('report ', ''), nonce }
      : { response: JSON.stringify(answerOf(tried, off)), nonce };
    const body = off.body ?? new URLSearchParams(fields).toString();
    return { method: 'POST', headers: { ...FORM, ...off.headers }, body };
  };

const ANOTHER = 'a'.repeat(64);

/** By name. `whole`: with every state; whatever is refused without a look at the incident is tried in one. */
export const WAYS: Readonly<Record<string, Way & { readonly whole?: true }>> = {
  // A page is read as often as somebody likes: what is refused there stands in the record once.
  GET: { call: look('GET'), times: 2, whole: true },
  HEAD: { call: look('HEAD') },
  POST: { call: send(), whole: true },
  'POST after the role was lost': { call: send(), lost: true },
  'GET after the role was lost': { call: look('GET'), lost: true },
  'POST with a wrong nonce': { call: send({ nonceOf: null }) },
  'POST with the nonce of another link': { call: send({ nonceOf: ANOTHER }) },
  'POST from another site': { call: send({ headers: { 'sec-fetch-site': 'cross-site' } }) },
  'POST from another origin': { call: send({ headers: { origin: ELSEWHERE } }) },
  'POST without a body': { call: send({ body: '' }) },
  'POST signed by another key': { call: send({ foreign: true }) },
  'POST signed for another plan': { call: send({ binding: ANOTHER }) },
  'POST signed by nobody who was asked': { call: send({ verified: false }) },
  'GET of an unknown link': { condition: 'unknown', call: look('GET') },
  'POST of an unknown link': { condition: 'unknown', call: send() },
  'GET of an expired link': { condition: 'expired', call: look('GET'), times: 2 },
  'POST of an expired link': { condition: 'expired', call: send() },
  'GET of a used link': { condition: 'used', call: look('GET'), times: 2 },
  'POST of a used link': { condition: 'used', call: send() },
};
export const WAY_NAMES = Object.keys(WAYS);
