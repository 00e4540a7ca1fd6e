import type { ActionKind } from '../../src/ports/connector.js';
import type { Truth } from './reader/truth.js';
import type { SystemName } from './systems/system.js';

/** A line of "still works, or may" about something that the directory itself shows. */
interface Told {
  readonly system: SystemName;
  readonly line: RegExp;
  /** How much of it there is. */
  readonly of: (truth: Truth) => number;
}

const sessions = ({ sessions: some }: Truth): number => some.length;
const tokens =
  (name: string) =>
  (truth: Truth): number =>
    truth.tokens[name] ?? 0;
const factors =
  (kind: RegExp) =>
  ({ factors: some }: Truth): number =>
    [...some.values()].filter(({ said }) => kind.test(said)).length;

export const TOLD: readonly Told[] = [
  { system: 'okta', line: /^Open Okta sessions and refresh tokens/, of: sessions },
  { system: 'okta', line: /^Open Okta sessions and refresh tokens/, of: tokens('refresh token') },
  { system: 'okta', line: /^API tokens/, of: tokens('API token') },
  { system: 'okta', line: /^Recovery by SMS or call/, of: factors(/^(sms|call)$/) },
  { system: 'okta', line: /^Roles that come with membership/, of: ({ groupRoles }) => groupRoles.length },
  { system: 'okta', line: /^Sessions that (are open|were opened)/, of: sessions },
  { system: 'entra_id', line: /^Applications that the person consented to/, of: ({ grants }) => grants.size },
  { system: 'entra_id', line: /^Roles through groups/, of: ({ groupRoles }) => groupRoles.length },
  { system: 'entra_id', line: /^Sessions in Exchange and SharePoint/, of: sessions },
  { system: 'google_workspace', line: /^Grants to apps/, of: tokens('grant') },
  { system: 'google_workspace', line: /^Grants to apps and app passwords/, of: tokens('app password') },
  { system: 'keycloak', line: /^Sessions and offline tokens from before/, of: sessions },
  { system: 'slack', line: /^Apps that the person added/, of: tokens('app') },
];

/** A way in that an action leaves open although people take the account for shut, and the words that name it. */
interface Way {
  readonly system: SystemName;
  readonly after: readonly ActionKind[];
  readonly what: string;
  readonly of: (truth: Truth) => number;
  readonly words: RegExp;
}

export const WAYS: readonly Way[] = [
  { system: 'okta', after: ['reset_password'], what: 'sessions', of: sessions, words: /session/i },
  {
    system: 'okta',
    after: ['reset_password', 'revoke_sessions'],
    what: 'refresh tokens',
    of: tokens('refresh token'),
    words: /refresh token/i,
  },
  {
    system: 'okta',
    after: ['reset_password', 'revoke_sessions'],
    what: 'API tokens',
    of: tokens('API token'),
    words: /API token/i,
  },
  { system: 'okta', after: ['quarantine'], what: 'sessions', of: sessions, words: /session/i },
  {
    system: 'entra_id',
    after: ['reset_password'],
    what: 'consents',
    of: ({ grants }) => grants.size,
    words: /consent/i,
  },
  { system: 'entra_id', after: ['quarantine'], what: 'sessions', of: sessions, words: /session/i },
  {
    system: 'google_workspace',
    after: ['reset_password', 'revoke_sessions'],
    what: 'grants',
    of: tokens('grant'),
    words: /grants to apps/i,
  },
  {
    system: 'google_workspace',
    after: ['reset_password', 'revoke_sessions'],
    what: 'app passwords',
    of: tokens('app password'),
    words: /app passwords/i,
  },
  { system: 'keycloak', after: ['reset_password'], what: 'sessions', of: sessions, words: /session/i },
  {
    system: 'slack',
    after: ['revoke_sessions', 'disable_account'],
    what: 'apps',
    of: tokens('app'),
    words: /apps that/i,
  },
];

export interface Comparison {
  readonly said: string;
  /** `null`: it is as said. */
  readonly wrong: string | null;
}

interface Lines {
  readonly system: SystemName;
  readonly action: ActionKind;
  readonly lines: readonly string[];
  readonly before: Truth;
  readonly now: Truth;
}

/** A line is wrong when the account had what it names and the action has ended it; what was never there says nothing. */
function compareLines({ system, lines, before, now }: Lines): readonly Comparison[] {
  return lines.flatMap((said) =>
    TOLD.filter((one) => one.system === system && one.line.test(said) && one.of(before) > 0).map(({ of }) => ({
      said,
      wrong: of(now) > 0 ? null : 'it ended with the action',
    })),
  );
}

/** What still lets somebody in has to be named. */
function compareWays({ system, action, lines, now }: Lines): readonly Comparison[] {
  return WAYS.filter((one) => one.system === system && one.after.includes(action) && one.of(now) > 0).map(
    ({ what, words }) => ({
      said: `what still works after this`,
      wrong: lines.some((line) => words.test(line)) ? null : `${what} still work, and no line names them`,
    }),
  );
}

export const compareResidual = (on: Lines): readonly Comparison[] => [...compareLines(on), ...compareWays(on)];
