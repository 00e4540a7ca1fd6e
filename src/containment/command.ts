import type { ActionKind, Command } from '../ports/connector.js';
import { commandFor, needOf } from '../ports/command.js';
import type { Core } from '../ports/core.js';
import type { Step } from '../incidents/steps.js';
import { newPassword, passwordContext } from './password.js';

/** A new password for a step of this action, sealed; `null` for actions that set none. */
export function sealedPasswordFor(core: Core, action: ActionKind, stepId: string): string | null {
  if (needOf(action) !== 'password') return null;
  return core.sealer.seal(newPassword(core.runtime), passwordContext(core.workspaceId, stepId));
}

/** The connector's command; `null` when the sealed password does not open, or was erased. */
export function commandOf(core: Core, step: Step): Command | null {
  const given = { ranges: step.ranges, items: step.items ?? 'all' };
  if (step.sealed_password === null)
    return needOf(step.action) === 'password' ? null : commandFor(step.action, { ...given, password: null });
  const opened = core.sealer.open(step.sealed_password, passwordContext(core.workspaceId, step.id));
  return opened.ok ? commandFor(step.action, { ...given, password: opened.value }) : null;
}
