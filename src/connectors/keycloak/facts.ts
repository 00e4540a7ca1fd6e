import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, Command, ConnectorFailure, Facts } from '../port.js';
import { DONE, setQuarantine, setRequiredAction, unsupported, type Outcome } from './commands.js';
import { readGroups } from './holdings.js';
import type { DirectRoles } from './roles.js';
import { readAccount, type Reader, type Reading } from './state.js';
import { putUser, readUser } from './user.js';

const names = (rows: readonly { readonly name: string }[]): readonly string[] =>
  rows.map(({ name }) => name).toSorted();

/** What the command would change, as it is now; `{}` for what cannot be undone. */
export async function capture(
  { api, roles, settings }: Reader,
  command: Command,
  account: AccountRef,
  call: CallContext,
): Promise<Result<Facts, ConnectorFailure>> {
  const id = account.accountId;
  switch (command.kind) {
    case 'disable_account':
    case 'enable_account': {
      const user = await readUser(api, id, call);
      return user.ok ? ok({ enabled: user.value.enabled }) : user;
    }
    case 'require_two_step': {
      const user = await readUser(api, id, call);
      if (!user.ok) return user;
      return ok({ required_action: user.value.requiredActions?.includes(settings.two_step_action) === true });
    }
    case 'remove_admin_roles': {
      const direct = await roles.direct(id, call);
      if (!direct.ok) return direct;
      return ok({ client_roles: names(direct.value.client), realm_roles: names(direct.value.realm) });
    }
    case 'quarantine': {
      if (settings.quarantine_group === null) return ok({});
      const groups = await readGroups(api, id, call);
      if (!groups.ok) return groups;
      return ok({ in_quarantine_group: groups.value.some(({ path }) => path === settings.quarantine_group) });
    }
    default:
      return ok({});
  }
}

const saved = {
  enabled: z.object({ enabled: z.boolean() }),
  action: z.object({ required_action: z.boolean() }),
  roles: z.object({ client_roles: z.array(z.string()), realm_roles: z.array(z.string()) }),
  group: z.object({ in_quarantine_group: z.boolean() }),
};

const unreadable = (): Outcome =>
  err({
    kind: 'invalid_input',
    message: 'The saved facts are not those of this action; undo it by hand in the admin console.',
    field: 'before',
  });

function parsed<T>(schema: z.ZodType<T>, before: Facts): T | null {
  const result = schema.safeParse(before);
  return result.success ? result.data : null;
}

async function restoreRoles({ roles }: Reader, { user }: Reading, before: Facts, call: CallContext): Promise<Outcome> {
  const facts = parsed(saved.roles, before);
  if (facts === null) return unreadable();
  const [direct, available] = await Promise.all([roles.direct(user.id, call), roles.available(user.id, call)]);
  if (!direct.ok) return direct;
  if (!available.ok) return available;
  const missing = (wanted: readonly string[], side: keyof DirectRoles) => {
    const held = names(direct.value[side]);
    return wanted.filter((name) => !held.includes(name));
  };
  const wanted = { client: missing(facts.client_roles, 'client'), realm: missing(facts.realm_roles, 'realm') };
  if (wanted.client.length + wanted.realm.length === 0) return ok(DONE);
  const pick = (side: keyof DirectRoles) => available.value[side].filter(({ name }) => wanted[side].includes(name));
  const rows: DirectRoles = { client: pick('client'), realm: pick('realm') };
  const known = new Set([...names(rows.client), ...names(rows.realm)]);
  const beyond = [...wanted.client, ...wanted.realm].filter((name) => !known.has(name));
  if (beyond.length > 0) {
    const message = `Keycloak does not let the service account give the roles ${beyond.join(', ')} back; an administrator who holds them does it under Users | Role mapping.`;
    return err({ kind: 'permission', message, missing: `realm-management: ${beyond.join(', ')}` });
  }
  const given = await roles.change(user.id, rows, 'POST', call);
  return given.ok ? ok({ alreadyDone: false, requestId: null }) : given;
}

/** Puts back what `capture` told before the command; what already is as it was stays. */
export async function restore(
  reader: Reader,
  command: Command,
  account: AccountRef,
  { before, call }: { readonly before: Facts; readonly call: CallContext },
): Promise<Outcome> {
  const reading = await readAccount(reader, account, call);
  if (!reading.ok) return reading;
  switch (command.kind) {
    case 'disable_account':
    case 'enable_account': {
      const facts = parsed(saved.enabled, before);
      if (facts === null) return unreadable();
      const { user } = reading.value;
      return user.enabled === facts.enabled ? ok(DONE) : putUser(reader.api, user, { enabled: facts.enabled }, call);
    }
    case 'require_two_step': {
      const facts = parsed(saved.action, before);
      return facts === null ? unreadable() : setRequiredAction(reader, reading.value, facts.required_action, call);
    }
    case 'remove_admin_roles':
      return restoreRoles(reader, reading.value, before, call);
    case 'quarantine': {
      const facts = parsed(saved.group, before);
      return facts === null ? unreadable() : setQuarantine(reader, reading.value, facts.in_quarantine_group, call);
    }
    default:
      return unsupported('Keycloak cannot take this action back; what it ended must be set up again by the person.');
  }
}
