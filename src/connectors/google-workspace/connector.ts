import { err, ok } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import type { HttpLogEntry } from '../http/client.js';
import type { ActionKind, Capability, Command, Connector, ConnectorFailure } from '../port.js';
import { actions, CONSOLE, type Actions } from './actions.js';
import { createGoogleApi } from './api.js';
import { consoleSteps } from './console-steps.js';
import { createEventSource, type UnreadableRows } from './events.js';
import { evidence } from './evidence.js';
import { examine } from './examine.js';
import { find, SYSTEM } from './find.js';
import { cannotTell, type Tools } from './handler.js';
import { health } from './health.js';
import type { GoogleWorkspaceSettings } from './settings.js';
import { readState } from './state.js';
import { explainRefusal } from './user.js';

/** What the connector tells its log about; neither holds a body, a token or a row's contents. */
export interface GoogleWorkspaceLog {
  readonly request?: (entry: HttpLogEntry) => void;
  readonly unreadableRows?: (report: UnreadableRows) => void;
}

function capabilitiesOf(all: Actions): Readonly<Record<ActionKind, Capability>> {
  const of = (kind: ActionKind): Capability => all[kind]?.capability ?? CONSOLE;
  return {
    reset_password: of('reset_password'),
    revoke_sessions: of('revoke_sessions'),
    disable_account: of('disable_account'),
    enable_account: of('enable_account'),
    remove_factors: of('remove_factors'),
    invalidate_backup_codes: of('invalidate_backup_codes'),
    clear_recovery_contacts: of('clear_recovery_contacts'),
    require_two_step: of('require_two_step'),
    delete_app_passwords: of('delete_app_passwords'),
    revoke_grants: of('revoke_grants'),
    disable_mail_rules: of('disable_mail_rules'),
    block_mail_protocols: of('block_mail_protocols'),
    block_devices: of('block_devices'),
    remove_admin_roles: of('remove_admin_roles'),
    quarantine: of('quarantine'),
    limit_login_ips: of('limit_login_ips'),
    block_address: of('block_address'),
    confirm_compromised: of('confirm_compromised'),
  };
}

const byHand = (kind: ActionKind): ConnectorFailure => ({
  kind: 'unsupported',
  message: `Google Workspace cannot do ${kind} by API with these settings; do the console steps, or prepare a group and name it in the settings.`,
});

const noUndo = (kind: ActionKind): ConnectorFailure => ({
  kind: 'unsupported',
  message: `What ${kind} did in Google Workspace cannot be undone.`,
});

/**
 * Google Workspace behind the connector's port: Admin SDK Directory and Reports, and Gmail settings. An account's id is
 * Google's number for it, which outlives a new address. Throws when a setting cannot be used.
 */
export function createGoogleWorkspaceConnector(
  settings: GoogleWorkspaceSettings,
  runtime: Runtime,
  log: GoogleWorkspaceLog = {},
): Connector {
  const api = createGoogleApi(settings, runtime, log.request);
  const tools: Tools = { api, settings, runtime };
  const all = actions(tools);
  const guard = { superAdmin: settings.super_admin };
  const known = settings.login_range_groups.map(({ ranges }) => ranges);
  return {
    system: SYSTEM,
    title: 'Google Workspace',
    capabilities: capabilitiesOf(all),
    knownRangeSets: known,
    limits: { concurrency: 8, perMinute: 1200 },
    find: (person, call) => find(api, settings.customer_id, person, call),
    readState: (account, call) => readState(tools, account, call),
    async perform(command, account, call) {
      const handler = all[command.kind];
      if (handler === null) return err(byHand(command.kind));
      if (account.login.toLowerCase() === settings.admin_email.toLowerCase()) {
        const message =
          'Notme works in the name of this very administrator, so it does not change the account; contain it in the Admin console and give Notme another administrator.';
        return err({ kind: 'protected_account', message });
      }
      const done = await handler.perform({ command, account, call });
      return done.ok ? done : err(await explainRefusal(api, done.error, account, { ...guard, call }));
    },
    async readBack(command, account, since, call) {
      const handler = all[command.kind];
      const [state, verdict] = await Promise.all([
        readState(tools, account, call),
        handler === null
          ? ok(cannotTell(`Google Workspace does not show by API whether ${command.kind} was done.`))
          : handler.judge({ command, account, call }, since),
      ]);
      if (!state.ok) return state;
      if (!verdict.ok) return verdict;
      return ok({ ...verdict.value, state: state.value, survives: handler?.survives ?? [] });
    },
    async capture(command, account, call) {
      return (await all[command.kind]?.capture?.({ command, account, call })) ?? ok({});
    },
    async restore(command, account, before, call) {
      const done = await all[command.kind]?.restore?.({ command, account, call }, before);
      if (done === undefined) return err(noUndo(command.kind));
      return done.ok ? done : err(await explainRefusal(api, done.error, account, { ...guard, call }));
    },
    evidence: (account, call) => evidence(tools, account, call),
    examine: (account, call) => examine(tools, all, account, call),
    consoleSteps: (command: Command, account) => consoleSteps(settings, command, account),
    health: (call) => health(tools, all, call),
    events: createEventSource(tools, (report) => log.unreadableRows?.(report)),
    close: () => Promise.resolve(),
  };
}
