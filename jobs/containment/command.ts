import type { Command } from '../../src/connectors/port.js';
import type { Core } from '../../src/core.js';
import type { Step } from '../../src/incidents/steps.js';
import { catalogue } from './catalogue.js';
import { passwordContext } from './password.js';

/** What the connector is told; `null` when the sealed password does not open. */
export function commandOf(core: Core, step: Step): Command | null {
  const action = catalogue[step.action];
  const given = { ranges: step.ranges, items: step.items ?? 'all' };
  if (step.sealed_password === null) return action.command({ ...given, password: null });
  const opened = core.sealer.open(step.sealed_password, passwordContext(core.workspaceId, step.id));
  return opened.ok ? action.command({ ...given, password: opened.value }) : null;
}
