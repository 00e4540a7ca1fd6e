import { z } from 'zod';
import { ACTION_KINDS, type ActionKind, type CallContext, type ConnectorFailure } from '../../ports/connector.js';
import type { Actions } from '../kit/action.js';
import { fine, misconfigured, reads, switchedBack, toldOf, untold } from '../kit/examine.js';
import type { Examination, Probe, Told } from '../kit/examine.js';
import { usesOf } from '../kit/groups.js';
import { rangeGroups, type Reader, type Reading } from './state.js';
import { userPath } from './user.js';

/** Nobody has this id, so a server that permits changes answers a change to it with "not found". */
const NOBODY = 'notme-examination-of-nobody';
const GRANT =
  "In the application's console give the SCIM token the right to provision users and groups, or make a new token with it.";

const AGAIN = 'Try again when it answers; check the base URL and the network.';
const FIXES: Readonly<Partial<Record<ConnectorFailure['kind'], string>>> = {
  permission: GRANT,
  licence: 'Ask the vendor which plan includes SCIM.',
  transient: AGAIN,
  throttled: AGAIN,
  auth: 'Make a new token in the application and set it, and check the base URL.',
};
const fix = ({ kind }: ConnectorFailure): string | null => FIXES[kind] ?? null;

/** Any list will do: some servers write `totalResults` as a text, or leave it out. */
const anyList = z.object({ totalResults: z.unknown().optional(), Resources: z.array(z.unknown()).nullish() });

/** Failures of a change to nobody that say something about a change to somebody. */
const TELLING: ReadonlySet<ConnectorFailure['kind']> = new Set([
  'permission',
  'auth',
  'licence',
  'transient',
  'throttled',
  'unknown_outcome',
]);

/** Whether changes are permitted, judged by the answer to a change to an account that does not exist. */
async function mayWrite({ api }: Reader, call: CallContext): Promise<Told> {
  const operations = [{ op: 'replace', path: 'active', value: false }] as const;
  const probe = await api.patch({ path: userPath(NOBODY), operations, call });
  if (!probe.ok && TELLING.has(probe.error.kind)) return toldOf(probe.error, fix(probe.error));
  // "Not found" proves nothing: many servers look the account up before they check the right.
  return untold(
    'The server does not tell whether the token may change users until one is changed.',
    'Rehearse it with a test account: notme doctor --rehearse.',
  );
}

/** What the server's own page says that it cannot do. */
async function providerProbes({ provider }: Reader, calls: readonly ActionKind[], call: CallContext): Promise<Probe[]> {
  const told = await provider(call);
  const lacking = (feature: 'patch' | 'changePassword', probe: Omit<Probe, 'name'>): readonly Probe[] =>
    told.ok && told.value[feature] === false ? [{ name: null, ...probe }] : [];
  return [
    ...lacking('patch', {
      subjects: calls,
      ask: () =>
        misconfigured(
          'The server says that it takes no PATCH (ServiceProviderConfig).',
          'Ask the vendor to switch PATCH on; until then do it in the console.',
        ),
    }),
    ...lacking('changePassword', {
      subjects: ['reset_password'],
      ask: () =>
        misconfigured(
          'The server says that it takes no passwords (ServiceProviderConfig changePassword).',
          'Set set_password to false for it, so that the reset becomes a manual step.',
        ),
    }),
  ];
}

function groupProbes({ groups, settings }: Reader, call: CallContext): readonly Probe[] {
  const uses = usesOf({
    require_two_step: [settings.two_step_group_id],
    quarantine: [settings.quarantine_group_id],
    limit_login_ips: rangeGroups(settings).map(({ group }) => group),
    remove_admin_roles: settings.admin_groups.map(({ group_id }) => group_id),
  });
  const correct = { fix: () => 'Correct the id of the prepared group: GET /Groups lists them.' };
  return [...uses].map(([id, subjects]) =>
    reads(correct, { name: `group ${id}`, subjects, ok: 'The prepared group is there.' }, () => groups.read(id, call)),
  );
}

export function examinationOf(reader: Reader, actions: Actions<Reading>): Examination<Reading> {
  const calls = ACTION_KINDS.filter((kind) => ['native', 'group'].includes(actions[kind].can.route));
  return {
    credentials: 'users',
    fix,
    granting: { where: "the application's console, where the SCIM token is made", separator: '\n' },
    enter: (call) => reader.api.read('/Users?startIndex=1&count=1', anyList, call),
    async probes(call) {
      return [
        {
          name: null,
          subjects: ['find'],
          // The sign-in has read a list of them.
          ask: () => fine('People can be listed.'),
        },
        {
          name: null,
          subjects: ['evidence'],
          ask: () => fine('Contacts, groups and roles can be read; SCIM shows no sign-ins.'),
        },
        ...groupProbes(reader, call),
        ...(await providerProbes(reader, calls, call)),
        { name: null, subjects: calls, ask: () => mayWrite(reader, call) },
      ];
    },
    blocked: (kind, { state: { authority } }) => switchedBack(kind, authority, 'provisioning'),
  };
}
