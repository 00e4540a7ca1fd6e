import { expect, it } from '@jest/globals';
import { filesIn, read } from './source.js';

/** Why a schema is not named in `test/types/<system>.ts`. */
const PART = 'a part of a schema that is held, or of one below';
const ENVELOPE = 'the envelope around what is held: pages, errors, a list whose rows are held';
const NO_ANSWER = 'no answer of the vendor: what Notme saved, a cursor, a key or a token';
const UNTYPED = 'the vendor publishes no types for it';
const NOT_INSTALLED = 'the client whose types these are is none of those that are installed';
const ONE_KEY = 'reads one key of a resource, beside the schema that is held';

const EXCEPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'entra-id': { claims: NO_ANSWER, page: ENVELOPE, recipient: PART, savedRules: NO_ANSWER },
  'google-workspace': {
    alert: NOT_INSTALLED,
    keyFile: NO_ANSWER,
    known: PART,
    page: ENVELOPE,
    parameter: PART,
    saved: NO_ANSWER,
    savedFilter: NO_ANSWER,
    savedRules: NO_ANSWER,
    writable: PART,
  },
  keycloak: { claims: NO_ANSWER, saved: NO_ANSWER, validation: PART },
  mimecast: { detail: ENVELOPE, envelope: ENVELOPE, failureEntry: ENVELOPE },
  okta: {
    conditions: PART,
    debugData: UNTYPED,
    gateway: PART,
    jwk: NO_ANSWER,
    network: PART,
    party: PART,
    people: PART,
    place: PART,
    published: ONE_KEY,
    sides: PART,
  },
  scim: { anyList: ENVELOPE, element: PART, feature: PART, told: ONE_KEY, valued: PART },
  'slack-workspace': {
    entry: UNTYPED,
    errorBody: ENVELOPE,
    group: UNTYPED,
    holder: ENVELOPE,
    metadata: ENVELOPE,
    page: ENVELOPE,
    paging: ENVELOPE,
    patched: UNTYPED,
    person: UNTYPED,
    resources: UNTYPED,
    saved: NO_ANSWER,
    scimUser: UNTYPED,
    webBody: ENVELOPE,
  },
};

/** Top-level schemas of objects: `[export] const name = z.object(…)`, `z.looseObject(…)`, `z\n  .object(…)`. */
const SCHEMA = /^(?:export )?const (\w+) = z\s*\.(?:loose|strict)?[oO]bject\(/gm;

const schemasOf = (system: string): readonly string[] => {
  const files = filesIn([`src/connectors/${system}`], '.ts').filter(({ path }) => !path.endsWith('/settings.ts'));
  return [...new Set(files.flatMap(({ text }) => [...text.matchAll(SCHEMA)].map(([, name = '']) => name)))];
};

it.each(Object.keys(EXCEPTIONS))('every schema of %s is held to the vendor, or says why not', (system) => {
  const held = new Set(read(`test/types/${system}.ts`).match(/\w+/g));
  const unheld = schemasOf(system).filter((name) => !held.has(name));
  expect(unheld.toSorted()).toEqual(Object.keys(EXCEPTIONS[system] ?? {}));
});
